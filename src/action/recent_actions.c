/* Messages and payments as a person wants them: the newest first, a page at a time. The complete lists for programs are
 * `message list` and `payment list`. */
#include "action/app.h"
#include "action/desk.h"
#include "action/paging.h"
#include "desk_sql.h"

#define STATUSES "planned|approval|deferred|handing|sent|ambiguous|failed|refused|cancelled|settled"

static void put_message(struct json_writer *w, const struct app *app, const struct desk_messages_row *r) {
    json_object(w);
    json_put_i64(w, "id", r->id);
    json_put_str(w, "customer", r->customer_code);
    json_put_str(w, "name", r->customer_name);
    json_put_str(w, "contact", r->contact_name);
    json_put_str(w, "to", r->address);
    json_put_str(w, "status", r->status);
    json_put_str(w, "reason", r->reason);
    json_put_str(w, "step", r->step);
    json_put_str(w, "tone", r->tone);
    put_date(w, "date", r->planned_date);
    put_local(w, "not_before", app, r->not_before);
    put_local(w, "handed_at", app, r->handed_at);
    json_put_str(w, "currency", r->currency);
    put_sum(w, "total", r->total, r->currency);
    json_put_str(w, "reply", r->reply);
    json_object_end(w);
}

static enum rc message_recent_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin_falling(cx, call, &page));
    struct desk_messages_params p = {.status = arg_text(call, "status"), .before = page.after, .limit = page_most(&page)};
    if (arg_has(call, "customer")) TRY(look_up_customer(cx, call, "customer", &p.customer_id));
    AUTO(desk_messages_close) struct desk_messages_cursor cursor;
    TRY(desk_messages_open(cx, &p, &cursor));
    json_object(w);
    json_put_str(w, "status", p.status);
    json_put_str(w, "customer", arg_text(call, "customer"));
    json_key(w, "items");
    json_array(w);
    for (;;) {
        bool more;
        struct desk_messages_row r;
        TRY(desk_messages_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        put_message(w, call->app, &r);
    }
    page_end(w, &page);
    return OK;
}

const struct action message_recent_action = {
    .verb = "message recent",
    .path = "GET /messages/recent",
    .summary = "Messages, the newest first",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS({"status", P_CHOICE, OPTIONAL, "only in this state", STATUSES},
                     {"customer", P_TEXT, OPTIONAL, "only this customer's", NULL},
                     PAGE_PARAMS),
    .run = message_recent_run,
    .view = "outbox",
    .columns = "items: id customer to status step date currency total",
};

static void put_payment(struct json_writer *w, const struct desk_payments_row *r) {
    json_object(w);
    json_put_i64(w, "id", r->id);
    json_put_str(w, "customer", r->customer_code);
    json_put_str(w, "name", r->customer_name);
    put_date(w, "date", r->date);
    put_currency(w, "currency", r->currency);
    put_money(w, "amount", r->amount, r->currency);
    put_money(w, "unapplied", r->unapplied, r->currency);
    json_put_bool(w, "any_unapplied", r->unapplied > 0);
    json_put_str(w, "reference", r->reference);
    json_put_str(w, "method", r->method);
    json_put_text(w, "state", r->has_reversed_seq ? "reversed" : r->unapplied > 0 ? "unapplied" : "applied");
    json_put_bool(w, "can_reverse", !r->has_reversed_seq);
    json_object_end(w);
}

static enum rc payment_recent_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin_falling(cx, call, &page));
    AUTO(desk_payments_close) struct desk_payments_cursor cursor;
    TRY(desk_payments_open(cx, &(struct desk_payments_params){.before = page.after, .limit = page_most(&page)}, &cursor));
    json_object(w);
    json_key(w, "items");
    json_array(w);
    for (;;) {
        bool more;
        struct desk_payments_row r;
        TRY(desk_payments_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        put_payment(w, &r);
    }
    page_end(w, &page);
    return OK;
}

const struct action payment_recent_action = {
    .verb = "payment recent",
    .path = "GET /payments/recent",
    .summary = "Payments, the newest first",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = payment_recent_run,
    .view = "payment_list",
    .columns = "items: id customer date currency amount unapplied reference state",
};
