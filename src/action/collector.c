#include "action/collector.h"

#include "bulk_sql.h"

enum rc collectors_read(struct ctx *cx, struct collectors *out) {
    *out = (struct collectors){0};
    AUTO(collector_names_close) struct collector_names_cursor cursor = {0};
    TRY(collector_names_open(cx, &cursor));
    for (;;) {
        struct collector_names_row r;
        bool more;
        TRY(collector_names_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, &out->list) = (struct collector_name){arena_str(cx->arena, r.code), arena_str(cx->arena, r.name)};
    }
}

void put_collectors(struct json_writer *w, const struct collectors *collectors, Str chosen) {
    json_key(w, "collectors");
    json_array(w);
    for (size_t i = 0; i < collectors->list.count; i++) {
        const struct collector_name *c = &collectors->list.items[i];
        json_object(w);
        json_put_str(w, "code", c->code);
        json_put_str(w, "name", c->name);
        json_put_bool(w, "chosen", str_equal(c->code, chosen));
        json_object_end(w);
    }
    json_array_end(w);
}

void put_collector(struct json_writer *w, const struct collectors *collectors, Str code) {
    Str name = code;
    for (size_t i = 0; i < collectors->list.count; i++)
        if (str_equal(collectors->list.items[i].code, code)) name = collectors->list.items[i].name;
    json_put_str(w, "collector", code);
    json_put_str(w, "collector_name", name);
}
