/* Paying back what of a payment was not used, by two people (INV: I18). */
#include "action/app.h"
#include "action/lookup.h"
#include "ledger_sql.h"
#include "portfolio/refund.h"

static enum rc refund_run(struct ctx *cx, struct call *call) {
    struct payment_get_row p;
    struct refund_booked booked;
    bool found;
    Money amount;
    Date today = app_today(cx, call->app);
    struct refund_new refund = {.payment_id = arg_int(call, "id", 0),
                                .date = arg_has(call, "date") ? arg_date(call, "date") : today,
                                .today = today,
                                .reference = arg_text(call, "reference"),
                                .method = arg_text(call, "method"),
                                .reason = arg_text(call, "reason"),
                                .external_id = arg_text(call, "external-id")};
    TRY(payment_get(cx, &(struct payment_get_params){.id = refund.payment_id}, &p, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "id", "aldia payment list shows them", "there is no payment %lld", (long long)refund.payment_id);
    Currency currency = p.currency;
    TRY(arg_money(cx, call, "amount", currency, &amount));
    if (amount.minor <= 0) return fail_field(cx, INVALID, "amount", NULL, "amount must be greater than zero");
    refund.amount = amount.minor;
    TRY(payment_refund(cx, &refund, &booked));
    json_object(call->out);
    json_put_i64(call->out, "id", booked.id);
    json_put_bool(call->out, "duplicate", booked.duplicate);
    json_put_i64(call->out, "payment", refund.payment_id);
    put_currency(call->out, "currency", currency);
    put_money(call->out, "amount", refund.amount, currency);
    put_money(call->out, "unapplied", booked.unapplied, currency);
    put_date(call->out, "date", refund.date);
    json_object_end(call->out);
    return OK;
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
                     {"amount", P_AMOUNT, REQUIRED, "what goes back, such as 1234.50", NULL},
                     {"reason", P_TEXT, REQUIRED, "why", NULL},
                     {"date", P_DATE, OPTIONAL, "day it is paid back; the day of the approval if not given", NULL},
                     {"reference", P_TEXT, OPTIONAL, "reference of the transfer", NULL},
                     {"method", P_TEXT, OPTIONAL, "transfer, cash, cheque …", NULL},
                     {"external-id", P_TEXT, OPTIONAL, "id in the source: books once", NULL}),
    .run = refund_run,
    .then = "/payments/recent",
    .form = "payment recent",
};
