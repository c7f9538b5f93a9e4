/* How a file is to be read: said now, or saved under a name (REQ: A6). */
#include <string.h>

#include "action/app.h"
#include "action/import.h"
#include "document_sql.h"

/* The parameters that make up a saved mapping. */
static const char *const texts[] = {"decimal", "dates", "encoding", "delimiter", "sheet"};

static bool gives_options(const struct call *call) {
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (arg_has(call, texts[i])) return true;
    return arg_has(call, "map") || arg_flag(call, "custom");
}

static char delimiter_of(Str text) {
    return str_is(text, "tab") || str_is(text, "\\t") ? '\t' : text.n == 1 ? text.p[0] : '\0';
}

struct given {
    Str text[COUNT_OF(texts)];
    const char **rename;
    bool custom;
};

static void from_call(struct ctx *cx, const struct call *call, struct given *out) {
    for (size_t i = 0; i < COUNT_OF(texts); i++) out->text[i] = arg_text(call, texts[i]);
    size_t pairs = arg_count(call, "map");
    out->rename = ARENA_ARRAY(cx->arena, const char *, pairs + 1);
    for (size_t i = 0; i < pairs; i++) out->rename[i] = arena_cstr(cx->arena, arg_nth(call, "map", i));
    out->custom = arg_flag(call, "custom");
}

/* Saved as lines "NAME VALUE", one an option; `map` may stand several times. */
static void from_lines(struct ctx *cx, Str lines, struct given *out) {
    VEC_OF(const char *) pairs = {0};
    for (Str rest = arena_str(cx->arena, lines); rest.p;) {
        Str value = str_cut(&rest, '\n'), name = str_cut(&value, ' ');
        if (str_is(name, "custom")) out->custom = true;
        if (str_is(name, "map") && value.p) *VEC_PUSH(cx->arena, &pairs) = arena_cstr(cx->arena, value);
        for (size_t i = 0; i < COUNT_OF(texts); i++)
            if (str_is(name, texts[i]) && value.p) out->text[i] = value;
    }
    *VEC_PUSH(cx->arena, &pairs) = NULL;
    out->rename = pairs.items;
}

static enum rc load_saved(struct ctx *cx, const struct call *call, const char *kind, struct given *out) {
    struct import_mapping_get_row row;
    bool found;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_READ));
    TRY(import_mapping_get(
        cx, &(struct import_mapping_get_params){.name = arg_text(call, "mapping"), .kind = str_from(kind)}, &row,
        &found));
    if (!found)
        return fail_field(cx, INVALID, "mapping", "save one by giving the options together with --mapping NAME",
                          "no mapping of %s is saved under %.*s", kind, STR_ARG(arg_text(call, "mapping")));
    from_lines(cx, row.options, out);
    return tx_commit(scope);
}

enum rc import_options(struct ctx *cx, const struct call *call, const char *kind, struct table_options *t,
                       struct mapping_options *m) {
    struct given g = {0};
    if (arg_has(call, "mapping") && !gives_options(call))
        TRY(load_saved(cx, call, kind, &g));
    else
        from_call(cx, call, &g);
    enum { DECIMAL, DATES, ENCODING, DELIMITER, SHEET };
    if (g.text[DECIMAL].n) m->decimal = arena_cstr(cx->arena, g.text[DECIMAL]);
    if (g.text[DATES].n) m->dates = arena_cstr(cx->arena, g.text[DATES]);
    if (g.text[ENCODING].n) t->encoding = arena_cstr(cx->arena, g.text[ENCODING]);
    if (g.text[SHEET].n) t->sheet = arena_cstr(cx->arena, g.text[SHEET]);
    if (g.text[DELIMITER].n) {
        t->delimiter = delimiter_of(g.text[DELIMITER]);
        if (!t->delimiter)
            return fail_field(cx, INVALID, "delimiter", "one of , ; | or tab", "the delimiter must be one character");
    }
    m->allow_unknown = g.custom;
    if (g.rename[0]) m->rename = g.rename;
    return OK;
}

enum rc import_save_options(struct ctx *cx, const struct call *call, const char *kind) {
    if (!arg_has(call, "mapping") || !gives_options(call)) return OK;
    struct given g = {0};
    from_call(cx, call, &g);
    AUTO(buf_done) struct buf b = buf_make((size_t)256 * 1024);
    if (g.custom) buf_add(&b, S("custom\n"));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (g.text[i].n) buf_printf(&b, "%s %.*s\n", texts[i], STR_ARG(g.text[i]));
    for (size_t i = 0; g.rename[i]; i++) buf_printf(&b, "map %s\n", g.rename[i]);
    if (!buf_ok(&b)) return fail_field(cx, INVALID, "map", NULL, "the mapping is longer than 256 KiB");
    return import_mapping_put(cx, &(struct import_mapping_put_params){.name = arg_text(call, "mapping"),
                                                                      .kind = str_from(kind),
                                                                      .options = buf_str(&b)});
}
