/* Refunds: one row, one event, and the payment's unapplied money moves with them. */
#include "portfolio/refund.h"

#include "core/money.h"
#include "ledger_sql.h"
#include "timeline/timeline.h"

static enum rc find_known(struct ctx *cx, const struct refund_new *r, const struct payment_get_row *p, bool *out_known,
                          struct refund_booked *out) {
    struct refund_by_external_row known;
    *out_known = false;
    if (!r->external_id.n) return OK;
    TRY(refund_by_external(cx, &(struct refund_by_external_params){.external_id = r->external_id}, &known, out_known));
    if (!*out_known) return OK;
    if (known.payment_id != r->payment_id || known.amount != r->amount || known.date.day != r->date.day)
        return fail_field(cx, CONFLICT, "external_id", "give each refund its own external_id",
                          "external_id %.*s was recorded with another payment, amount or date", STR_ARG(r->external_id));
    *out = (struct refund_booked){.id = known.id, .unapplied = p->unapplied, .duplicate = true};
    return OK;
}

static enum rc check(struct ctx *cx, const struct refund_new *r, const struct payment_get_row *p) {
    char left[MONEY_TEXT], code[4];
    if (p->has_reversed_seq) return fail_field(cx, CONFLICT, "id", NULL, "payment %lld is reversed", (long long)p->id);
    if (date_compare(r->date, p->date) < 0)
        return fail_field(cx, INVALID, "date", NULL, "money cannot go back before it came in");
    if (date_compare(r->date, r->today) > 0)
        return fail_field(cx, INVALID, "date", "record it on the day it was paid back", "the date lies in the future");
    if (r->amount <= p->unapplied) return OK;
    Str text = money_text(money_make(p->unapplied, p->currency), left);
    return fail_field(cx, INVALID, "amount", "what is applied to invoices must be taken back first",
                      "only %.*s %.*s of payment %lld is not applied", STR_ARG(text), STR_ARG(currency_code(p->currency, code)),
                      (long long)p->id);
}

static enum rc close_event(struct ctx *cx, struct event *event, const struct refund_new *r, int64_t id, Currency currency) {
    char money[MONEY_TEXT], code[4];
    AUTO(buf_done) struct buf data = buf_make(16384);
    buf_printf(&data, "{\"refund\":%lld,\"payment\":%lld,\"amount\":\"%.*s\"", (long long)id, (long long)r->payment_id,
               STR_ARG(money_text(money_make(r->amount, currency), money)));
    buf_printf(&data, ",\"currency\":\"%.*s\",\"reference\":\"", STR_ARG(currency_code(currency, code)));
    buf_add_json(&data, r->reference);
    buf_add(&data, S("\",\"reason\":\""));
    buf_add_json(&data, r->reason);
    buf_add(&data, S("\"}"));
    if (!buf_ok(&data)) return fail_field(cx, INVALID, "reason", "shorten it", "the reason is too long");
    return event_close(cx, event, buf_str(&data));
}

enum rc payment_refund(struct ctx *cx, const struct refund_new *r, struct refund_booked *out) {
    struct payment_get_row p;
    struct refund_next_id_row next;
    struct event event;
    bool found, known;
    MUST(r->amount > 0);
    TRY(payment_get(cx, &(struct payment_get_params){.id = r->payment_id}, &p, &found));
    if (!found) return fail_field(cx, NOT_FOUND, "id", "aldia payment list shows them", "there is no payment %lld", (long long)r->payment_id);
    Currency currency = p.currency;
    int64_t left = p.unapplied - r->amount;
    TRY(find_known(cx, r, &p, &known, out));
    if (known) return OK;
    TRY(check(cx, r, &p));
    int64_t customer_id = p.customer_id;
    TRY(refund_next_id(cx, &next));
    Str subject = arena_printf(cx->arena, "%lld", (long long)r->payment_id);
    Str external_id = r->external_id.n ? r->external_id : (Str){NULL, 0};
    TRY(event_open(cx, "payment.refunded", customer_id, subject, &event));
    event_cover_refund(&event, &(struct covered_refund){.id = next.id,
                                                        .payment_id = r->payment_id,
                                                        .customer_id = customer_id,
                                                        .date = r->date,
                                                        .amount = r->amount,
                                                        .reference = r->reference,
                                                        .method = r->method,
                                                        .external_id = external_id});
    TRY(refund_insert(cx, &(struct refund_insert_params){.id = next.id,
                                                         .customer_id = customer_id,
                                                         .payment_id = r->payment_id,
                                                         .date = r->date,
                                                         .amount = r->amount,
                                                         .reference = r->reference,
                                                         .method = r->method,
                                                         .external_id = external_id,
                                                         .event_seq = event.seq}));
    TRY(payment_set_unapplied(cx, &(struct payment_set_unapplied_params){.id = r->payment_id, .unapplied = left}));
    TRY(close_event(cx, &event, r, next.id, currency));
    *out = (struct refund_booked){.id = next.id, .unapplied = left};
    return OK;
}
