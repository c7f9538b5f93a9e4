/* A customer's timeline, from what is append-only (REQ: F5). */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/person.h"
#include "base/yaml.h"
#include "timeline_sql.h"

void put_event_data(struct ctx *cx, struct json_writer *w, Str json) {
    const struct yaml_node *root;
    struct fault before = cx->fault;
    json_key(w, "data");
    json_object(w);
    if (yaml_parse(cx, json, "data", &root) == OK && root->kind == YAML_MAPPING) {
        for (const struct yaml_node *n = root->child; n; n = n->next)
            if (n->kind == YAML_SCALAR) json_put_str(w, arena_cstr(cx->arena, n->key), n->scalar);
    }
    cx->fault = before;
    json_object_end(w);
}

static enum rc timeline_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin_falling(cx, call, &page));
    struct event_by_customer_params p = {.before = page.after, .limit = page_most(&page)};
    TRY(look_up_customer(cx, call, "code", &p.customer_id));
    AUTO(event_by_customer_close) struct event_by_customer_cursor cursor;
    TRY(event_by_customer_open(cx, &p, &cursor));
    items_begin(w);
    for (;;) {
        struct event_by_customer_row r;
        char text[INSTANT_TEXT];
        bool more;
        TRY(event_by_customer_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.seq)) break;
        struct arena_mark mark = arena_mark(cx->arena);
        json_object(w);
        json_put_i64(w, "event", r.seq);
        json_put_str(w, "at", instant_format_offset(r.at, zone_offset(call->app->company.zone, r.at) / 60, text));
        json_put_str(w, "kind", r.kind);
        json_put_str(w, "subject", r.subject);
        TRY(put_actor(cx, w, r.actor));
        put_event_data(cx, w, r.data);
        json_object_end(w);
        arena_rewind(cx->arena, mark);
    }
    page_end(w, &page);
    return OK;
}

const struct action timeline_show_action = {
    .verb = "timeline show",
    .path = "GET /customers/{code}/timeline",
    .summary = "Everything that happened with a customer, newest first",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     PAGE_PARAMS),
    .run = timeline_run,
    .columns = "event at kind subject actor",
};
