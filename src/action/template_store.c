/* Versions are only ever added; a reset is one of them. */
#include "action/template_store.h"

#include "base/embed.h"
#include "base/file.h"
#include "template_sql.h"
#include "timeline/timeline.h"

#define MAX_FILE ((size_t)1 << 20)

enum rc template_texts(struct ctx *cx, const struct library_text **out_texts, size_t *out_count) {
    VEC_OF(struct library_text) list = {0};
    AUTO(message_overrides_close) struct message_overrides_cursor cursor;
    TRY(message_overrides_open(cx, &cursor));
    for (;;) {
        struct message_overrides_row row;
        bool more;
        TRY(message_overrides_next(cx, &cursor, &row, &more));
        if (!more) break;
        *VEC_PUSH(cx->arena, &list) =
            (struct library_text){.path = arena_str(cx->arena, row.path), .text = arena_str(cx->arena, row.text)};
    }
    *out_texts = list.items;
    *out_count = list.count;
    return OK;
}

const char *template_origin_name(enum template_origin origin) {
    static const char *const names[] = {"shipped", "folder", "company"};
    return names[origin];
}

static bool find_shipped(Str path, Str *out_text) {
    static const Str folder = {"messages/", 9};
    for (size_t i = 0; i < embedded_file_count; i++) {
        Str name = str_from(embedded_files[i].name);
        if (!str_starts(name, folder) || !str_equal((Str){name.p + folder.n, name.n - folder.n}, path)) continue;
        *out_text = embedded_files[i].bytes;
        return true;
    }
    return false;
}

enum rc template_text_now(struct ctx *cx, const struct app *app, Str path, struct template_text *out) {
    struct message_override_get_row row;
    struct template_text t = {.origin = TEMPLATE_COMPANY};
    bool found;
    TRY(message_override_get(cx, &(struct message_override_get_params){.path = path}, &row, &found));
    if (found) t.version = row.version;
    if (found && !row.is_reset) {
        t.text = arena_str(cx->arena, row.text);
        *out = t;
        return OK;
    }
    bool is_plain = !str_contains(path, S("..")) && !str_starts(path, S("/"));
    const char *file = app_path(cx, app, arena_printf(cx->arena, "messages/%.*s", STR_ARG(path)).p);
    t.origin = TEMPLATE_FOLDER;
    if (is_plain && file_exists(file)) {
        TRY(file_read(cx, file, MAX_FILE, &t.text));
    } else {
        t.origin = TEMPLATE_SHIPPED;
        if (!find_shipped(path, &t.text))
            return fail_field(cx, NOT_FOUND, "path", "aldia template list shows all", "there is no text %.*s",
                              STR_ARG(path));
    }
    *out = t;
    return OK;
}

enum rc template_put(struct ctx *cx, Str path, Str text, int64_t *out_version) {
    struct message_override_get_row last;
    struct message_override_next_id_row next;
    bool found, resets = text.p == NULL;
    TRY(message_override_get(cx, &(struct message_override_get_params){.path = path}, &last, &found));
    if (resets && (!found || last.is_reset))
        return fail_field(cx, CONFLICT, "path", "aldia template list shows where each comes from",
                          "%.*s has no text of the company's own", STR_ARG(path));
    int64_t version = found ? last.version + 1 : 1;
    TRY(message_override_next_id(cx, &next));
    TRY(message_override_add(cx, &(struct message_override_add_params){.id = next.id,
                                                                       .path = path,
                                                                       .version = version,
                                                                       .is_reset = resets,
                                                                       .text = resets ? S("") : text,
                                                                       .actor = str_from(cx->actor)}));
    Str data = arena_printf(cx->arena, "{\"version\":%lld}", (long long)version);
    TRY(event_note(cx, resets ? "template.reset" : "template.set", 0, path, data));
    *out_version = version;
    return OK;
}
