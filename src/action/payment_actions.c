/* Payments: record, list, reverse. */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "company_sql.h"
#include "ledger_sql.h"
#include "portfolio/ledger.h"

static enum rc payment_record_run(struct ctx *cx, struct call *call) {
    Currency currency;
    MUST(currency_parse(arg_text(call, "currency"), &currency));
    struct payment_new p = {.date = arg_date(call, "date"),
                            .reference = arg_text(call, "reference"),
                            .method = arg_text(call, "method"),
                            .bank_account = S(""),
                            .external_id = arg_text(call, "external-id"),
                            .invoice_number = arg_text(call, "invoice"),
                            .today = app_today(cx, call->app)};
    TRY(arg_money(cx, call, "amount", currency, &p.amount));
    if (p.amount.minor <= 0)
        return fail_field(cx, INVALID, "amount", "a payment taken back is reversed: aldia payment reverse",
                          "amount must be greater than zero");
    int64_t customer_id;
    struct found_document invoice;
    TRY(look_up_customer(cx, call, "customer", &customer_id));
    if (arg_has(call, "invoice")) TRY(look_up_document(cx, arg_text(call, "invoice"), "invoice", &invoice));
    TRY(payment_resolve(cx, arg_text(call, "customer"), &p));
    struct payment_booked booked;
    TRY(payment_record(cx, &p, &booked));
    TRY(data_source_touch(cx, &(struct data_source_touch_params){.kind = S("payments")}));
    struct json_writer *w = call->out;
    json_object(w);
    json_put_i64(w, "id", booked.id);
    json_put_bool(w, "duplicate", booked.duplicate);
    json_put_str(w, "customer", arg_text(call, "customer"));
    put_currency(w, "currency", currency);
    put_money(w, "amount", p.amount.minor, currency);
    put_money(w, "allocated", booked.allocated, currency);
    put_money(w, "unapplied", booked.unapplied, currency);
    json_object_end(w);
    return OK;
}

const struct action payment_record_action = {
    .verb = "payment record",
    .path = "POST /payments",
    .summary = "Record money received and allocate it",
    .details = "A named invoice is paid, oldest instalment first; without one the oldest due first. The rest stays as "
               "the customer's credit. From the moment "
               "this returns no reminder demands what it settled.",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"customer", P_TEXT, REQUIRED, "code of the customer", NULL},
                     {"date", P_DATE, REQUIRED, "day it was received", NULL},
                     {"currency", P_CURRENCY, REQUIRED, "ISO 4217 code", NULL},
                     {"amount", P_AMOUNT, REQUIRED, "amount, such as 1234.50", NULL},
                     {"invoice", P_TEXT, OPTIONAL, "number of the invoice it pays", NULL},
                     {"reference", P_TEXT, OPTIONAL, "reference of the bank or the payer", NULL},
                     {"external-id", P_TEXT, OPTIONAL, "id in the source: books once", NULL},
                     {"method", P_TEXT, OPTIONAL, "transfer, cash, cheque …", NULL}),
    .run = payment_record_run,
    .then = "/customers/{customer}",
    .form = "customer show",
};

static void put_payment(struct json_writer *w, const struct payment_list_row *r) {
    json_object(w);
    json_put_i64(w, "id", r->id);
    json_put_str(w, "customer", r->customer_code);
    put_date(w, "date", r->date);
    put_currency(w, "currency", r->currency);
    put_money(w, "amount", r->amount, r->currency);
    put_money(w, "unapplied", r->unapplied, r->currency);
    json_put_str(w, "reference", r->reference);
    json_put_str(w, "external_id", r->external_id);
    json_put_text(w, "state",
                  r->has_reversed_seq         ? "reversed"
                  : r->unapplied == r->amount ? "unapplied"
                  : r->unapplied > 0          ? "partly_applied"
                                              : "applied");
    json_object_end(w);
}

static enum rc payment_list_run(struct ctx *cx, struct call *call) {
    struct page page;
    TRY(page_begin(cx, call, &page));
    struct payment_list_params p = {.after = page.after, .all_customers = !arg_has(call, "customer")};
    if (!p.all_customers) TRY(look_up_customer(cx, call, "customer", &p.customer_id));
    AUTO(payment_list_close) struct payment_list_cursor cursor;
    TRY(payment_list_open(cx, &p, &cursor));
    items_begin(call->out);
    for (;;) {
        struct payment_list_row r;
        bool more;
        TRY(payment_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        put_payment(call->out, &r);
    }
    page_end(call->out, &page);
    return OK;
}

const struct action payment_list_action = {
    .verb = "payment list",
    .path = "GET /payments",
    .summary = "List payments and what of them is not applied",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS({"customer", P_TEXT, OPTIONAL, "only this customer's", NULL}, PAGE_PARAMS),
    .run = payment_list_run,
    .columns = "id customer date currency amount unapplied reference external_id state",
};

static enum rc payment_show_run(struct ctx *cx, struct call *call) {
    struct payment_list_row row;
    bool found;
    int64_t id = arg_int(call, "id", 0);
    TRY(payment_one(cx, &(struct payment_one_params){.id = id}, &row, &found));
    if (!found) return fail_field(cx, NOT_FOUND, "id", "aldia payment list shows them", "there is no payment %lld", (long long)id);
    put_payment(call->out, &row);
    return OK;
}

const struct action payment_show_action = {
    .verb = "payment show",
    .path = "GET /payments/{id}",
    .summary = "Show a payment",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "id of the payment", NULL}),
    .run = payment_show_run,
};

static enum rc payment_reverse_run(struct ctx *cx, struct call *call) {
    int64_t id = arg_int(call, "id", 0);
    TRY(payment_reverse(cx, id, arg_text(call, "reason"), app_today(cx, call->app)));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_text(call->out, "state", "reversed");
    json_object_end(call->out);
    return OK;
}

const struct action payment_reverse_action = {
    .verb = "payment reverse",
    .path = "POST /payments/{id}/reverse",
    .summary = "Take a payment back: a bounced cheque, a wrong booking",
    .details = "Nothing is deleted: every allocation gets a reversal, and what it had settled is open again.",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "id of the payment", NULL},
                     {"reason", P_TEXT, OPTIONAL, "why", NULL}),
    .run = payment_reverse_run,
    .then = "/payments/recent",
    .form = "payment recent",
};
