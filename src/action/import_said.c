/* From the command's words to the page's. */
#include "action/import_said.h"

#include <string.h>

Str import_page_hint(Str hint) {
    size_t at = 0;
    while (at + 1 < hint.n && !(hint.p[at] == '-' && hint.p[at + 1] == '-')) at++;
    if (at + 1 >= hint.n) return hint;
    while (at > 0 && hint.p[at] != ',' && hint.p[at] != ';') at--;
    return (Str){hint.p, at};
}

int64_t import_count(const struct value *object, const char *key) {
    int64_t number = 0;
    for (const struct value *v = object ? object->child : NULL; v; v = v->next)
        if (str_is(v->key, key) && !str_to_i64(v->text, &number)) number = 0;
    return number;
}

/* A field by the name its column has in the file. */
static Str own_words(struct arena *arena, const struct import_columns *columns, Str message, Str field) {
    Str header = import_columns_header(columns, field);
    for (size_t at = 0; header.n && field.n && at + field.n <= message.n; at++) {
        Str rest = {message.p + at + field.n, message.n - at - field.n};
        if (memcmp(message.p + at, field.p, field.n) == 0)
            return arena_printf(arena, "%.*s«%.*s»%.*s", (int)at, message.p, STR_ARG(header), STR_ARG(rest));
    }
    return message;
}

/* One complaint: its field named for the page's words, its message and remedy in them. */
static void put_problem(struct arena *arena, struct json_writer *w, const struct import_columns *columns, const struct value *problem) {
    Str field = S("");
    int64_t line;
    for (const struct value *m = problem->child; m; m = m->next)
        if (str_is(m->key, "field")) field = m->text;
    json_object(w);
    for (const struct value *m = problem->child; m; m = m->next) {
        w->key = m->key;
        if (str_is(m->key, "line"))
            json_i64(w, str_to_i64(m->text, &line) ? line : 0);
        else if (str_is(m->key, "message"))
            json_str(w, own_words(arena, columns, m->text, field));
        else
            json_str(w, str_is(m->key, "hint") ? import_page_hint(m->text) : m->text);
    }
    json_put_str(w, "import_field", field);
    json_object_end(w);
}

void import_put_result(struct arena *arena, struct json_writer *w, const struct import_columns *columns, const struct value *said) {
    json_key(w, "result");
    json_object(w);
    for (const struct value *m = said->child; m; m = m->next) {
        int64_t number;
        w->key = m->key;
        if (m->kind == VALUE_LIST) {
            json_array(w);
            for (const struct value *one = m->child; one; one = one->next) {
                if (one->kind == VALUE_OBJECT)
                    put_problem(arena, w, columns, one);
                else
                    json_str(w, one->text);
            }
            json_array_end(w);
        } else if (m->kind == VALUE_NUMBER && str_to_i64(m->text, &number)) {
            json_i64(w, number);
        } else {
            json_str(w, m->text);
        }
    }
    json_object_end(w);
}
