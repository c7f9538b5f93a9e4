/* Which column is which field. */
#include <string.h>

#include "intake/mapping_scan.h"
#include "intake/table_reader.h"

#define MAX_CUSTOM_NAME ((size_t)64)

static bool in_list(const char *list, Str word) {
    for (Str rest = str_from(list); rest.p;)
        if (str_equal(str_cut(&rest, ','), word)) return true;
    return false;
}

static bool is_word_byte(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '#' || c >= 0x80;
}

/* Signs that stand between words or behind "n": ordinal indicators and the degree sign, folded to spaces. */
static size_t sign_length(Str s) {
    static const char signs[][3] = {"\xC2\xAA", "\xC2\xBA", "\xC2\xB0", "\xC2\xA0"};
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (str_starts(s, (Str){signs[i], 2})) return 2;
    return 0;
}

/* "InvoiceDate" as "Invoice Date". */
static Str split_camel(struct arena *arena, Str name) {
    char *out = arena_alloc(arena, name.n * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        bool after_lower = i > 0 && name.p[i - 1] >= 'a' && name.p[i - 1] <= 'z';
        if (after_lower && name.p[i] >= 'A' && name.p[i] <= 'Z') out[n++] = ' ';
        out[n++] = name.p[i];
    }
    return (Str){out, n};
}

Str header_key(struct arena *arena, Str name) {
    Str folded = str_fold(arena, split_camel(arena, name));
    char *out = arena_alloc(arena, folded.n * 4 + 8); /* "n" grows to "numero" */
    size_t n = 0;
    for (size_t at = 0; at < folded.n;) {
        Str word = {folded.p + at, 0};
        while (at + word.n < folded.n && is_word_byte((unsigned char)word.p[word.n]) &&
               !sign_length((Str){word.p + word.n, folded.n - at - word.n}))
            word.n++;
        if (word.n == 0) {
            at += sign_length((Str){folded.p + at, folded.n - at}) ? 2 : 1;
            continue;
        }
        at += word.n;
        if (in_list("de,del,la,el,los,las,do,da,dos,das,of,the", word)) continue;
        if (in_list("n,no,nro,num,nr,number,#", word)) word = S("numero");
        if (n) out[n++] = ' ';
        memcpy(out + n, word.p, word.n);
        n += word.n;
    }
    return (Str){out, n};
}

static bool key_names_field(struct arena *arena, Str key, const struct import_field *field) {
    if (key.n == 0) return false;
    if (str_equal(key, header_key(arena, str_from(field->name)))) return true;
    for (Str rest = str_from(field->aliases); rest.p;)
        if (str_equal(key, header_key(arena, str_cut(&rest, ',')))) return true;
    return false;
}

static int field_of_key(struct arena *arena, Str key, const struct import_kind *kind) {
    for (size_t f = 0; f < kind->field_count; f++)
        if (key_names_field(arena, key, &kind->fields[f])) return (int)f;
    return COLUMN_FREE;
}

static int field_named(const struct import_kind *kind, Str name) {
    for (size_t f = 0; f < kind->field_count; f++)
        if (str_is(name, kind->fields[f].name)) return (int)f;
    return COLUMN_FREE;
}

/* The column whose header is the same but for case and accents, or columns. */
static size_t column_named(struct arena *arena, const struct table *t, Str name) {
    Str folded = str_fold(arena, str_trim(name));
    size_t c = 0;
    while (c < table_columns(t) && !str_equal(str_fold(arena, table_header(t, c)), folded)) c++;
    return c;
}

static enum rc rename_one(struct ctx *cx, const struct table *t, const struct import_kind *kind, Str pair, int *use) {
    char clip[TABLE_CLIP_TEXT];
    size_t sign = pair.n; /* the last '=': headers may hold one, field names do not */
    while (sign > 0 && pair.p[sign - 1] != '=') sign--;
    if (sign < 2)
        return fail_field(cx, INVALID, "map", "write it as \"Header=field\"", "\"%s\" does not map a column",
                          table_clip(pair, clip));
    Str header = {pair.p, sign - 1}, target = str_trim((Str){pair.p + sign, pair.n - sign});
    size_t column = column_named(cx->arena, t, header);
    if (column == table_columns(t))
        return fail_field(cx, INVALID, "map", "see the first row of the file", "the file has no column \"%s\"",
                          table_clip(header, clip));
    int field = target.n == 0 ? COLUMN_IGNORED : str_is(target, "*") ? COLUMN_CUSTOM : field_named(kind, target);
    if (field == COLUMN_FREE) {
        struct buf names = buf_make(200);
        for (size_t f = 0; f < kind->field_count; f++) buf_printf(&names, "%s%s", f ? ", " : "", kind->fields[f].name);
        enum rc rc =
            fail_field(cx, INVALID, "map", names.p, "%s have no field \"%s\"", kind->name, table_clip(target, clip));
        buf_done(&names);
        return rc;
    }
    use[column] = field;
    return OK;
}

/* use[column] → column[field]; two columns on one field are refused. */
static enum rc invert(struct ctx *cx, const struct table *t, const struct import_kind *kind, const int *use,
                      struct mapping *m) {
    for (size_t f = 0; f < COUNT_OF(m->column); f++) m->column[f] = -1;
    for (size_t c = 0; c < table_columns(t); c++) {
        if (use[c] < 0) continue;
        int *column = &m->column[use[c]];
        if (*column >= 0) {
            char a[TABLE_COLUMN_TEXT], b[TABLE_COLUMN_TEXT];
            const char *field = kind->fields[use[c]].name;
            table_column_name(t, (size_t)*column, a);
            table_column_name(t, c, b);
            const char *hint = arena_cstr(
                cx->arena,
                arena_printf(cx->arena, phrase(cx, "--map \"%s=\" leaves one out, \"%s=FIELD\" makes it another"), b, b));
            return fail_field(cx, INVALID, field, hint, "two columns mean %s: \"%s\" and \"%s\"", field, a, b);
        }
        *column = (int)c;
    }
    return OK;
}

static void list_headers(const struct table *t, const int *use, struct buf *out) {
    char name[TABLE_COLUMN_TEXT];
    for (size_t c = 0; c < table_columns(t); c++)
        if (use[c] == COLUMN_FREE) buf_printf(out, "%s\"%s\"", out->n ? ", " : "", table_column_name(t, c, name));
}

static enum rc check_required(struct ctx *cx, const struct table *t, const struct import_kind *kind, const int *use,
                              const struct mapping *m) {
    const struct import_field *first = NULL;
    AUTO(buf_done) struct buf names = buf_make(120);
    for (size_t f = 0; f < kind->field_count; f++) {
        if (!kind->fields[f].required || m->column[f] >= 0) continue;
        if (!first) first = &kind->fields[f];
        buf_printf(&names, "%s%s", names.n ? ", " : "", kind->fields[f].name);
    }
    if (!first) return OK;
    if (table_columns(t) == 1)
        return fail_field(cx, INVALID, first->name, "--delimiter says what separates the columns",
                          "the file has a single column, but %s is required", first->name);
    AUTO(buf_done) struct buf unknown = buf_make(200);
    list_headers(t, use, &unknown);
    Str aliases = str_from(first->aliases);
    if (aliases.n > 140) { /* whole names only */
        aliases.n = 140;
        while (aliases.p[aliases.n] != ',') aliases.n--;
    }
    const char *hint =
        arena_cstr(cx->arena, arena_printf(cx->arena, phrase(cx, "name a column %s (or %.*s), or say --map \"Header=%s\""),
                                           first->name, STR_ARG(aliases), first->name));
    return fail_field(cx, INVALID, first->name, hint, "no column for %s%s%s", names.p,
                      unknown.n ? phrase(cx, "; not recognised: ") : "", unknown.p);
}

static enum rc check_name(struct ctx *cx, const struct table *t, size_t c) {
    Str name = table_header(t, c);
    char text[TABLE_COLUMN_TEXT];
    table_column_name(t, c, text);
    if (name.n == 0) return fail_field(cx, INVALID, text, "name it or delete it", "column %zu has no name", c + 1);
    if (str_codepoints(name) > MAX_CUSTOM_NAME || str_has_control(name))
        return fail_field(cx, INVALID, text, "rename it",
                          "the name of column %zu is longer than %zu characters or has control characters", c + 1,
                          MAX_CUSTOM_NAME);
    return OK;
}

static enum rc refuse_unknown(struct ctx *cx, const struct table *t, const int *use, size_t first) {
    char name[TABLE_COLUMN_TEXT];
    table_column_name(t, first, name);
    AUTO(buf_done) struct buf unknown = buf_make(300);
    list_headers(t, use, &unknown);
    const char *hint = arena_cstr(
        cx->arena,
        arena_printf(cx->arena,
                     phrase(cx, "--custom keeps them as custom fields; --map \"%s=FIELD\" maps one, \"%s=\" leaves it out"), name,
                     name));
    return fail_field(cx, INVALID, name, hint, "unknown columns: %s", unknown.p);
}

/* What is neither mapped nor left out becomes a custom field, if the user agrees. */
static enum rc take_custom(struct ctx *cx, const struct table *t, const int *use, bool allow, struct mapping *m) {
    Str *custom = ARENA_ARRAY(cx->arena, Str, table_columns(t));
    for (size_t c = 0; c < table_columns(t); c++) {
        if (use[c] != COLUMN_FREE && use[c] != COLUMN_CUSTOM) continue;
        TRY(check_name(cx, t, c));
        if (use[c] == COLUMN_FREE && !allow) return refuse_unknown(cx, t, use, c);
        custom[c] = arena_str(cx->arena, table_header(t, c));
    }
    m->custom = custom;
    m->custom_count = table_columns(t);
    return OK;
}

static bool is_of_rejects(Str header) {
    for (Str rest = S(MAPPING_REJECT_COLUMNS); rest.p;)
        if (str_equal(str_cut(&rest, ','), header)) return true;
    return false;
}

enum rc mapping_columns(struct ctx *cx, const struct table *t, const struct import_kind *kind,
                        const struct mapping_options *options, int *use) {
    size_t columns = table_columns(t);
    for (size_t c = 0; c < columns; c++) use[c] = COLUMN_FREE;
    for (const char *const *pair = options->rename; pair && *pair; pair++)
        TRY(rename_one(cx, t, kind, str_from(*pair), use));
    struct arena_mark mark = arena_mark(cx->arena);
    for (size_t c = 0; c < columns; c++) {
        if (use[c] == COLUMN_FREE) use[c] = field_of_key(cx->arena, header_key(cx->arena, table_header(t, c)), kind);
        arena_rewind(cx->arena, mark);
        if (use[c] == COLUMN_FREE && is_of_rejects(table_header(t, c))) use[c] = COLUMN_IGNORED;
    }
    return OK;
}

enum rc mapping_header(struct ctx *cx, const struct table *t, const struct import_kind *kind,
                       const struct mapping_options *options, struct mapping *out_mapping) {
    int *use = ARENA_ARRAY(cx->arena, int, table_columns(t));
    struct mapping m = {.kind = kind};
    TRY(mapping_columns(cx, t, kind, options, use));
    for (size_t c = 0; c < table_columns(t); c++) m.is_returned = m.is_returned || (use[c] == COLUMN_IGNORED && is_of_rejects(table_header(t, c)));
    TRY(invert(cx, t, kind, use, &m));
    TRY(check_required(cx, t, kind, use, &m));
    TRY(take_custom(cx, t, use, options->allow_unknown, &m));
    *out_mapping = m;
    return OK;
}
