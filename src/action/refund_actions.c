/* Paying back what of a payment was not used, or what is left of a credit note or an advance, by two people (INV: I18). */
#include "action/app.h"
#include "action/lookup.h"
#include "ledger_sql.h"
#include "portfolio/refund.h"

static enum rc read_refund(struct ctx *cx, const struct call *call, Currency currency, struct refund_new *out) {
    Money amount;
    out->today = app_today(cx, call->app);
    out->date = arg_has(call, "date") ? arg_date(call, "date") : out->today;
    out->reference = arg_text(call, "reference");
    out->method = arg_text(call, "method");
    out->reason = arg_text(call, "reason");
    out->external_id = arg_text(call, "external-id");
    TRY(arg_money(cx, call, "amount", currency, &amount));
    if (amount.minor <= 0) return fail_field(cx, INVALID, "amount", NULL, "amount must be greater than zero");
    out->amount = amount.minor;
    return OK;
}

/* Within the object; `left` names what is still unused. */
static void put_refund(struct json_writer *w, const struct refund_new *r, const struct refund_booked *booked, Currency currency, const char *left) {
    put_currency(w, "currency", currency);
    put_money(w, "amount", r->amount, currency);
    put_money(w, left, booked->left, currency);
    put_date(w, "date", r->date);
}

static enum rc refund_run(struct ctx *cx, struct call *call) {
    struct payment_get_row p;
    struct refund_booked booked;
    bool found;
    struct refund_new refund = {.payment_id = arg_int(call, "id", 0)};
    TRY(payment_get(cx, &(struct payment_get_params){.id = refund.payment_id}, &p, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "id", "aldia payment list shows them", "there is no payment %lld", (long long)refund.payment_id);
    Currency currency = p.currency;
    TRY(read_refund(cx, call, currency, &refund));
    TRY(payment_refund(cx, &refund, &booked));
    json_object(call->out);
    json_put_i64(call->out, "id", booked.id);
    json_put_bool(call->out, "duplicate", booked.duplicate);
    json_put_i64(call->out, "payment", refund.payment_id);
    put_refund(call->out, &refund, &booked, currency, "unapplied");
    json_object_end(call->out);
    return OK;
}

static enum rc credit_refund_run(struct ctx *cx, struct call *call) {
    struct found_document document;
    struct refund_booked booked;
    Str number = arg_text(call, "number");
    TRY(look_up_document(cx, number, "number", &document));
    struct refund_new refund = {.document_id = document.id};
    TRY(read_refund(cx, call, document.currency, &refund));
    TRY(credit_refund(cx, &refund, &booked));
    json_object(call->out);
    json_put_i64(call->out, "id", booked.id);
    json_put_bool(call->out, "duplicate", booked.duplicate);
    json_put_str(call->out, "number", number);
    put_refund(call->out, &refund, &booked, document.currency, "open");
    json_object_end(call->out);
    return OK;
}

#define REFUND_PARAMS                                                                                                                  \
    {"amount", P_AMOUNT, REQUIRED, "what goes back, such as 1234.50", NULL}, {"reason", P_TEXT, REQUIRED, "why", NULL},                \
        {"date", P_DATE, OPTIONAL, "day it is paid back; the day of the approval if not given", NULL},                                 \
        {"reference", P_TEXT, OPTIONAL, "reference of the transfer", NULL},                                                            \
        {"method", P_TEXT, OPTIONAL, "transfer, cash, cheque …", NULL}, {                                                              \
        "external-id", P_TEXT, OPTIONAL, "id in the source: books once", NULL                                                          \
    }

const struct action payment_refund_action = {
    .verb = "payment refund",
    .path = "POST /payments/{id}/refund",
    .summary = "Pay back what of a payment was not used; another person approves it",
    .details = "Records money that goes back to the customer: an overpayment, or credit nobody wants to keep. Never more than is not "
               "applied of the payment, in its currency. Waits as a proposal (aldia proposal list) until a second person approves it. "
               "Nothing undoes a refund: one that comes back is recorded as a payment.",
    .needs = CAP_WRITE_OFF,
    .tx = TX_WRITE,
    .second_person = "*",
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "id of the payment", NULL},
                     REFUND_PARAMS),
    .run = refund_run,
    .then = "/payments/recent",
    .form = "payment recent",
};

const struct action invoice_refund_action = {
    .verb = "invoice refund",
    .path = "POST /invoices/{number}/refund",
    .summary = "Pay back what is left of a credit note or an advance; another person approves it",
    .details = "Records money that goes back to the customer instead of lowering an invoice. Never more than is left of the credit note or advance at "
               "the moment of the approval, in its currency. Waits as a proposal (aldia proposal list) until a second person approves it. "
               "Nothing undoes a refund: one that comes back is recorded as a payment.",
    .needs = CAP_WRITE_OFF,
    .tx = TX_WRITE,
    .second_person = "*",
    .params = PARAMS({"number", P_TEXT, REQUIRED | POSITIONAL, "number of the credit note or advance", NULL}, REFUND_PARAMS),
    .run = credit_refund_run,
    .then = "/invoices/{number}",
    .form = "invoice show",
};
