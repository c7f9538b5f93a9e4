/* Promises and disputes, in their first form. */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "casework/promise.h"
#include "casework_sql.h"
#include "portfolio/finding.h"
#include "timeline/timeline.h"

static enum rc promise_add_run(struct ctx *cx, struct call *call) {
    struct promise_new p = {.date = arg_date(call, "date"), .source = S("manual"), .today = app_today(cx, call->app)};
    TRY(look_up_customer(cx, call, "customer", &p.customer_id));
    size_t n = arg_count(call, "invoice");
    int64_t *documents = ARENA_ARRAY(cx->arena, int64_t, n + 1);
    Currency currency = call->app->company.currency;
    if (arg_has(call, "currency")) MUST(currency_parse(arg_text(call, "currency"), &currency));
    for (size_t i = 0; i < n; i++) {
        struct found_document d;
        TRY(look_up_document(cx, arg_nth(call, "invoice", i), "invoice", &d));
        if (d.customer_id != p.customer_id)
            return fail_field(cx, INVALID, "invoice", NULL, "invoice %.*s belongs to another customer",
                              STR_ARG(arg_nth(call, "invoice", i)));
        documents[i] = d.id;
        currency = d.currency;
    }
    TRY(arg_money(cx, call, "amount", currency, &p.amount));
    if (p.amount.minor <= 0) return fail_field(cx, INVALID, "amount", NULL, "amount must be greater than zero");
    if (date_compare(p.date, p.today) < 0)
        return fail_field(cx, INVALID, "date", "a promise is for today or later", "the promised date is over already");
    p.document_ids = documents;
    p.document_count = n;
    int64_t id;
    TRY(promise_add(cx, &p, &id));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_str(call->out, "customer", arg_text(call, "customer"));
    put_date(call->out, "date", p.date);
    put_currency(call->out, "currency", currency);
    put_money(call->out, "amount", p.amount.minor, currency);
    json_object_end(call->out);
    return OK;
}

const struct action promise_add_action = {
    .verb = "promise add",
    .path = "POST /promises",
    .summary = "Record a promise to pay",
    .details = "Reminders about what it covers pause through the promised day; the ledger decides whether it was kept. "
               "Without --invoice it covers the "
               "oldest open items up to the amount.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"customer", P_TEXT, REQUIRED, "code of the customer", NULL},
                     {"amount", P_AMOUNT, REQUIRED, "promised amount", NULL},
                     {"date", P_DATE, REQUIRED, "last day of the promise", NULL},
                     {"invoice", P_TEXT, REPEATED, "what it covers", NULL},
                     {"currency", P_CURRENCY, OPTIONAL, "of the amount, when no invoice says it", NULL}),
    .run = promise_add_run,
    .then = "/customers/{customer}",
    .form = "customer show",
};

static enum rc promise_list_run(struct ctx *cx, struct call *call) {
    struct page page;
    TRY(page_begin(cx, call, &page));
    struct promise_list_params p = {
        .all_customers = !arg_has(call, "customer"), .only_open = arg_flag(call, "open"), .after = page.after};
    Date today = app_today(cx, call->app);
    if (!p.all_customers) TRY(look_up_customer(cx, call, "customer", &p.customer_id));
    AUTO(promise_list_close) struct promise_list_cursor cursor;
    TRY(promise_list_open(cx, &p, &cursor));
    items_begin(call->out);
    for (;;) {
        struct promise_list_row r;
        bool more;
        TRY(promise_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        json_object(call->out);
        json_put_i64(call->out, "id", r.id);
        json_put_str(call->out, "customer", r.customer_code);
        json_put_str(call->out, "name", r.customer_name);
        put_date(call->out, "date", r.date);
        bool decided = r.outcome.n || !instant_is_none(r.cancelled_at);
        json_put_bool(call->out, "is_late", !decided && date_compare(r.date, today) < 0);
        put_currency(call->out, "currency", r.currency);
        put_money(call->out, "amount", r.amount, r.currency);
        json_put_str(call->out, "state",
                     !instant_is_none(r.cancelled_at) ? S("cancelled")
                     : r.outcome.n                    ? r.outcome
                                                      : S("open"));
        json_object_end(call->out);
    }
    page_end(call->out, &page);
    return OK;
}

const struct action promise_list_action = {
    .verb = "promise list",
    .path = "GET /promises",
    .summary = "List promises and what became of them",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"customer", P_TEXT, OPTIONAL, "only this customer's", NULL},
                     {"open", P_FLAG, OPTIONAL, "only those nothing has decided yet", NULL}, PAGE_PARAMS),
    .run = promise_list_run,
    .view = "promise_list",
    .columns = "id customer name date currency amount state",
};

static enum rc dispute_open_run(struct ctx *cx, struct call *call) {
    struct found_document d;
    struct dispute_of_document_row open;
    struct dispute_next_id_row next;
    bool found;
    TRY(look_up_document(cx, arg_text(call, "invoice"), "invoice", &d));
    TRY(dispute_of_document(cx, &(struct dispute_of_document_params){.document_id = d.id}, &open, &found));
    if (found)
        return fail_field(cx, CONFLICT, "invoice", NULL, "invoice %.*s is in dispute already",
                          STR_ARG(arg_text(call, "invoice")));
    TRY(dispute_next_id(cx, &next));
    TRY(dispute_insert(cx, &(struct dispute_insert_params){.id = next.id,
                                                           .customer_id = d.customer_id,
                                                           .document_id = d.id,
                                                           .reason = arg_text(call, "reason"),
                                                           .actor = str_from(cx->actor)}));
    TRY(find_add(cx, FIND_DISPUTE, next.id, d.customer_id, arg_text(call, "reason")));
    TRY(event_note(cx, "dispute.opened", d.customer_id, arg_text(call, "invoice"), S("{}")));
    json_object(call->out);
    json_put_i64(call->out, "id", next.id);
    json_put_str(call->out, "invoice", arg_text(call, "invoice"));
    json_put_text(call->out, "state", "open");
    json_object_end(call->out);
    return OK;
}

const struct action dispute_open_action = {
    .verb = "dispute open",
    .path = "POST /disputes",
    .summary = "Take an invoice out of reminders while it is disputed",
    .details = "All its instalments are still owed and still counted, but not demanded until the dispute is closed.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"invoice", P_TEXT, REQUIRED, "number of the invoice", NULL},
                     {"reason", P_TEXT, REQUIRED, "what the customer says", NULL}),
    .run = dispute_open_run,
    .then = "/invoices/{invoice}",
    .form = "invoice show",
};

static enum rc dispute_close_run(struct ctx *cx, struct call *call) {
    struct found_document d;
    struct dispute_of_document_row open;
    bool found;
    TRY(look_up_document(cx, arg_text(call, "invoice"), "invoice", &d));
    TRY(dispute_of_document(cx, &(struct dispute_of_document_params){.document_id = d.id}, &open, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "invoice", NULL, "invoice %.*s has no open dispute",
                          STR_ARG(arg_text(call, "invoice")));
    TRY(dispute_close(cx, &(struct dispute_close_params){.id = open.id, .outcome = arg_text(call, "outcome")}));
    Str data = arena_printf(cx->arena, "{\"outcome\":\"%.*s\"}", STR_ARG(arg_text(call, "outcome")));
    TRY(event_note(cx, "dispute.closed", d.customer_id, arg_text(call, "invoice"), data));
    json_object(call->out);
    json_put_i64(call->out, "id", open.id);
    json_put_str(call->out, "invoice", arg_text(call, "invoice"));
    json_put_str(call->out, "state", arg_text(call, "outcome"));
    json_object_end(call->out);
    return OK;
}

const struct action dispute_close_action = {
    .verb = "dispute close",
    .path = "POST /disputes/close",
    .summary = "Close a dispute: accepted (a credit note follows) or rejected (reminders go on)",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"invoice", P_TEXT, REQUIRED, "number of the invoice", NULL},
                     {"outcome", P_CHOICE, REQUIRED, "how it ended", "accepted|rejected"}),
    .run = dispute_close_run,
    .then = "/invoices/{invoice}",
    .form = "invoice show",
};

static enum rc dispute_list_run(struct ctx *cx, struct call *call) {
    struct page page;
    TRY(page_begin(cx, call, &page));
    AUTO(dispute_list_close) struct dispute_list_cursor cursor;
    TRY(dispute_list_open(cx, &(struct dispute_list_params){.only_open = arg_flag(call, "open"), .after = page.after}, &cursor));
    items_begin(call->out);
    for (;;) {
        struct dispute_list_row r;
        bool more;
        TRY(dispute_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        json_object(call->out);
        json_put_i64(call->out, "id", r.id);
        json_put_str(call->out, "customer", r.customer_code);
        json_put_str(call->out, "name", r.customer_name);
        json_put_str(call->out, "invoice", r.number);
        json_put_str(call->out, "reason", r.reason);
        put_instant(call->out, "opened_at", r.opened_at);
        put_instant(call->out, "closed_at", r.closed_at);
        json_put_str(call->out, "state", r.outcome.n ? r.outcome : S("open"));
        json_object_end(call->out);
    }
    page_end(call->out, &page);
    return OK;
}

const struct action dispute_list_action = {
    .verb = "dispute list",
    .path = "GET /disputes",
    .summary = "List disputes",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"open", P_FLAG, OPTIONAL, "only those that are not closed", NULL}, PAGE_PARAMS),
    .run = dispute_list_run,
    .view = "dispute_list",
    .columns = "id customer invoice reason opened_at state",
};
