/* Holds: nobody is reminded about a customer, an invoice or a whole segment, for a reason, until a day or until somebody
 * ends it (REQ: B11, INV: I6). The engine catches up afterwards with one message. */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/person.h"
#include "casework_sql.h"
#include "portfolio/finding.h"
#include "timeline/timeline.h"

static Str json_text_of(struct ctx *cx, const char *key, Str value) {
    struct buf b = buf_make(32768);
    buf_printf(&b, "{\"%s\":\"", key);
    buf_add_json(&b, value);
    buf_add(&b, S("\"}"));
    Str text = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

/* What is held: exactly one of the three. */
struct held {
    int64_t customer_id, document_id;
    Str segment, subject;
    const char *event;
};

static enum rc hold_place(struct ctx *cx, struct call *call, const struct held *held, int64_t *out_id) {
    struct hold_next_id_row next;
    Date until = arg_date(call, "until");
    if (!date_is_none(until) && date_compare(until, app_today(cx, call->app)) < 0)
        return fail_field(cx, INVALID, "until", "give today or a later day", "the hold would be over already");
    TRY(hold_next_id(cx, &next));
    TRY(hold_insert(cx, &(struct hold_insert_params){.id = next.id,
                                                     .has_customer_id = held->customer_id != 0,
                                                     .customer_id = held->customer_id,
                                                     .has_document_id = held->document_id != 0,
                                                     .document_id = held->document_id,
                                                     .segment = held->segment,
                                                     .reason = arg_text(call, "reason"),
                                                     .actor = str_from(cx->actor),
                                                     .until_date = until}));
    *out_id = next.id;
    if (held->customer_id) TRY(find_add(cx, FIND_HOLD, next.id, held->customer_id, arg_text(call, "reason")));
    return event_note(cx, held->event, held->customer_id, held->subject,
                      json_text_of(cx, "reason", arg_text(call, "reason")));
}

static enum rc customer_hold(struct ctx *cx, struct call *call) {
    struct held held = {.segment = S(""), .subject = arg_text(call, "code"), .event = "customer.held"};
    int64_t id;
    TRY(look_up_customer(cx, call, "code", &held.customer_id));
    TRY(hold_place(cx, call, &held, &id));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_str(call->out, "customer", arg_text(call, "code"));
    json_put_str(call->out, "reason", arg_text(call, "reason"));
    put_date(call->out, "until", arg_date(call, "until"));
    json_object_end(call->out);
    return OK;
}

#define HOLD_TERMS                                                                                                     \
    {"reason", P_TEXT, REQUIRED, "why", NULL}, { "until", P_DATE, OPTIONAL, "last day of the hold", NULL }

const struct action customer_hold_action = {
    .verb = "customer hold",
    .path = "POST /customers/{code}/hold",
    .summary = "Stop every message to a customer",
    .details = "Until `customer resume`, or through the day --until. Afterwards one message catches up.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL}, HOLD_TERMS),
    .run = customer_hold,
    .then = "/customers/{code}",
    .form = "customer show",
};

static enum rc customer_resume(struct ctx *cx, struct call *call) {
    int64_t id, released;
    TRY(look_up_customer(cx, call, "code", &id));
    TRY(hold_release_count(cx, &(struct hold_release_params){.customer_id = id}, &released));
    if (released == 0)
        return fail_field(cx, CONFLICT, "code", "aldia hold list shows the holds there are",
                          "customer %.*s is not on hold", STR_ARG(arg_text(call, "code")));
    TRY(event_note(cx, "customer.resumed", id, arg_text(call, "code"), S("{}")));
    json_object(call->out);
    json_put_str(call->out, "customer", arg_text(call, "code"));
    json_put_i64(call->out, "released", released);
    json_object_end(call->out);
    return OK;
}

const struct action customer_resume_action = {
    .verb = "customer resume",
    .path = "POST /customers/{code}/resume",
    .summary = "End a customer's holds",
    .details = "Holds on single invoices and on its segment stay: `hold end`.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL}),
    .run = customer_resume,
    .then = "/customers/{code}",
    .form = "customer show",
};

static enum rc put_hold(struct ctx *cx, struct json_writer *w, const struct hold_get_row *h) {
    json_object(w);
    json_put_i64(w, "id", h->id);
    json_put_str(w, "customer", h->customer_code);
    json_put_str(w, "name", h->customer_name);
    json_put_str(w, "invoice", h->number);
    json_put_str(w, "segment", h->segment.n ? h->segment : (Str){0});
    json_put_str(w, "reason", h->reason);
    TRY(put_actor(cx, w, h->actor));
    put_instant(w, "since", h->since);
    put_date(w, "until", h->until_date);
    put_instant(w, "ended", h->released_at);
    json_object_end(w);
    return OK;
}

static enum rc put_hold_by_id(struct ctx *cx, struct call *call, int64_t id, struct hold_get_row *out_hold) {
    bool found;
    TRY(hold_get(cx, &(struct hold_get_params){.id = id}, out_hold, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "id", "aldia hold list shows the ids", "there is no hold %lld", (long long)id);
    TRY(put_hold(cx, call->out, out_hold));
    return OK;
}

/* A segment's hold reaches customers of everybody's. */
static enum rc check_segment_reach(struct ctx *cx) {
    if (cx->view.all) return OK;
    return fail_field(cx, DENIED, "segment", "hold the customers one by one", "only who sees every customer may hold a whole segment");
}

static enum rc hold_add_run(struct ctx *cx, struct call *call) {
    struct held held = {.segment = S("")};
    struct hold_get_row hold;
    struct found_document document;
    int64_t id;
    if (arg_has(call, "customer") + arg_has(call, "invoice") + arg_has(call, "segment") != 1)
        return fail_field(cx, INVALID, "customer", "give one of --customer, --invoice and --segment",
                          "what to hold is not one thing");
    if (arg_has(call, "customer")) {
        held.subject = arg_text(call, "customer");
        held.event = "customer.held";
        TRY(look_up_customer(cx, call, "customer", &held.customer_id));
    } else if (arg_has(call, "invoice")) {
        held.subject = arg_text(call, "invoice");
        held.event = "invoice.held";
        TRY(look_up_document(cx, held.subject, "invoice", &document));
        held.customer_id = document.customer_id;
        held.document_id = document.id;
    } else {
        held.subject = held.segment = arg_text(call, "segment");
        held.event = "segment.held";
        if (!held.segment.n) return fail_field(cx, INVALID, "segment", NULL, "the segment has no name");
        TRY(check_segment_reach(cx));
    }
    TRY(hold_place(cx, call, &held, &id));
    return put_hold_by_id(cx, call, id, &hold);
}

const struct action hold_add_action = {
    .verb = "hold add",
    .path = "POST /holds",
    .summary = "Stop reminders about a customer, an invoice or a segment",
    .details = "Until `hold end`, or through the day --until. A held invoice is left out of every message; what else the "
               "customer owes is reminded as before. A segment's hold reaches whoever belongs to it at that moment.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"customer", P_TEXT, OPTIONAL, "code of a customer", NULL},
                     {"invoice", P_TEXT, OPTIONAL, "number of an invoice", NULL},
                     {"segment", P_TEXT, OPTIONAL, "name of a segment", NULL}, HOLD_TERMS),
    .run = hold_add_run,
};

static enum rc hold_list_run(struct ctx *cx, struct call *call) {
    struct page page;
    TRY(page_begin(cx, call, &page));
    AUTO(hold_list_close) struct hold_list_cursor cursor;
    TRY(hold_list_open(cx,
                       &(struct hold_list_params){.after = page.after,
                                                  .ended_too = arg_flag(call, "all"),
                                                  .today = app_today(cx, call->app)},
                       &cursor));
    items_begin(call->out);
    for (;;) {
        struct hold_get_row r;
        bool more;
        TRY(hold_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        TRY(put_hold(cx, call->out, &r));
    }
    page_end(call->out, &page);
    return OK;
}

const struct action hold_list_action = {
    .verb = "hold list",
    .path = "GET /holds",
    .summary = "List what is on hold, why, by whom and until when",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"all", P_FLAG, OPTIONAL, "those that ended too", NULL}, PAGE_PARAMS),
    .run = hold_list_run,
    .view = "hold_list",
    .columns = "id customer name invoice segment reason by since until",
};

static enum rc hold_end_run(struct ctx *cx, struct call *call) {
    int64_t id = arg_int(call, "id", 0), ended;
    struct hold_get_row hold;
    TRY(hold_end_count(cx, &(struct hold_end_params){.id = id}, &ended));
    TRY(put_hold_by_id(cx, call, id, &hold));
    if (hold.segment.n) TRY(check_segment_reach(cx));
    if (!ended)
        return fail_field(cx, CONFLICT, "id", NULL, "hold %lld has ended already", (long long)id);
    Str subject = hold.segment.n ? hold.segment : hold.number.p ? hold.number : hold.customer_code;
    return event_note(cx, "hold.ended", hold.has_customer_id ? hold.customer_id : 0, subject, S("{}"));
}

const struct action hold_end_action = {
    .verb = "hold end",
    .path = "POST /holds/{id}/end",
    .summary = "End a hold; one message catches up",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the hold", NULL}),
    .run = hold_end_run,
    .then = "/holds",
    .form = "hold list",
};
