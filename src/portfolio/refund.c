/* Refunds: one row, one event; a payment's unapplied money moves with them, of a credit note or an advance the ledger does. */
#include "portfolio/refund.h"

#include "core/money.h"
#include "document_sql.h"
#include "ledger_sql.h"
#include "portfolio/ledger.h"
#include "timeline/timeline.h"

/* What money goes back from, as it is now. */
struct source {
    int64_t customer_id, left;
    Currency currency;
    Date date;
    Str number; /* of a document */
};

static enum rc find_known(struct ctx *cx, const struct refund_new *r, const struct source *s, bool *out_known, struct refund_booked *out) {
    struct refund_by_external_row known;
    *out_known = false;
    if (!r->external_id.n) return OK;
    TRY(refund_by_external(cx, &(struct refund_by_external_params){.external_id = r->external_id}, &known, out_known));
    if (!*out_known) return OK;
    bool same = (known.has_payment_id ? known.payment_id : 0) == r->payment_id &&
                (known.has_document_id ? known.document_id : 0) == r->document_id;
    if (!same || known.amount != r->amount || known.date.day != r->date.day)
        return fail_field(cx, CONFLICT, "external_id", "give each refund its own external_id",
                          "external_id %.*s was recorded with another payment, document, amount or date", STR_ARG(r->external_id));
    *out = (struct refund_booked){.id = known.id, .left = s->left, .duplicate = true};
    return OK;
}

static enum rc check(struct ctx *cx, const struct refund_new *r, const struct source *s) {
    char left[MONEY_TEXT], code[4];
    if (date_compare(r->date, s->date) < 0)
        return fail_field(cx, INVALID, "date", NULL, "money cannot go back before it came in");
    if (date_compare(r->date, r->today) > 0)
        return fail_field(cx, INVALID, "date", "record it on the day it was paid back", "the date lies in the future");
    if (r->amount <= s->left) return OK;
    Str text = money_text(money_make(s->left, s->currency), left);
    Str currency = currency_code(s->currency, code);
    if (r->document_id)
        return fail_field(cx, INVALID, "amount", "what is applied to invoices stays", "only %.*s %.*s is left of %.*s", STR_ARG(text),
                          STR_ARG(currency), STR_ARG(s->number));
    return fail_field(cx, INVALID, "amount", "what is applied to invoices must be taken back first",
                      "only %.*s %.*s of payment %lld is not applied", STR_ARG(text), STR_ARG(currency), (long long)r->payment_id);
}

static enum rc close_event(struct ctx *cx, struct event *event, const struct refund_new *r, int64_t id, Currency currency) {
    char money[MONEY_TEXT], code[4];
    AUTO(buf_done) struct buf data = buf_make(16384);
    buf_printf(&data, "{\"refund\":%lld,", (long long)id);
    if (r->payment_id) buf_printf(&data, "\"payment\":%lld,", (long long)r->payment_id);
    buf_printf(&data, "\"amount\":\"%.*s\"", STR_ARG(money_text(money_make(r->amount, currency), money)));
    buf_printf(&data, ",\"currency\":\"%.*s\",\"reference\":\"", STR_ARG(currency_code(currency, code)));
    buf_add_json(&data, r->reference);
    buf_add(&data, S("\",\"reason\":\""));
    buf_add_json(&data, r->reason);
    buf_add(&data, S("\"}"));
    if (!buf_ok(&data)) return fail_field(cx, INVALID, "reason", "shorten it", "the reason is too long");
    return event_close(cx, event, buf_str(&data));
}

/* The row under the open event, which covers it. */
static enum rc insert(struct ctx *cx, struct event *event, const struct refund_new *r, const struct source *s, int64_t *out_id) {
    struct refund_next_id_row next;
    Str external_id = r->external_id.n ? r->external_id : (Str){NULL, 0};
    TRY(refund_next_id(cx, &next));
    event_cover_refund(event, &(struct covered_refund){.id = next.id,
                                                       .payment_id = r->payment_id,
                                                       .document_id = r->document_id,
                                                       .customer_id = s->customer_id,
                                                       .date = r->date,
                                                       .amount = r->amount,
                                                       .reference = r->reference,
                                                       .method = r->method,
                                                       .external_id = external_id});
    *out_id = next.id;
    return refund_insert(cx, &(struct refund_insert_params){.id = next.id,
                                                            .customer_id = s->customer_id,
                                                            .has_payment_id = r->payment_id != 0,
                                                            .payment_id = r->payment_id,
                                                            .has_document_id = r->document_id != 0,
                                                            .document_id = r->document_id,
                                                            .date = r->date,
                                                            .amount = r->amount,
                                                            .reference = r->reference,
                                                            .method = r->method,
                                                            .external_id = external_id,
                                                            .event_seq = event->seq});
}

/* ---- payments ---- */

enum rc payment_refund(struct ctx *cx, const struct refund_new *r, struct refund_booked *out) {
    struct payment_get_row p;
    struct event event;
    bool found, known;
    int64_t id;
    MUST(r->amount > 0 && !r->document_id);
    TRY(payment_get(cx, &(struct payment_get_params){.id = r->payment_id}, &p, &found));
    if (!found) return fail_field(cx, NOT_FOUND, "id", "aldia payment list shows them", "there is no payment %lld", (long long)r->payment_id);
    struct source s = {.customer_id = p.customer_id,
                       .left = p.unapplied,
                       .currency = p.currency,
                       .date = p.date};
    bool is_reversed = p.has_reversed_seq;
    TRY(find_known(cx, r, &s, &known, out));
    if (known) return OK;
    if (is_reversed) return fail_field(cx, CONFLICT, "id", NULL, "payment %lld is reversed", (long long)r->payment_id);
    TRY(check(cx, r, &s));
    TRY(event_open(cx, "payment.refunded", s.customer_id, arena_printf(cx->arena, "%lld", (long long)r->payment_id), &event));
    TRY(insert(cx, &event, r, &s, &id));
    TRY(payment_set_unapplied(cx, &(struct payment_set_unapplied_params){.id = r->payment_id, .unapplied = s.left - r->amount}));
    TRY(close_event(cx, &event, r, id, s.currency));
    *out = (struct refund_booked){.id = id, .left = s.left - r->amount};
    return OK;
}

/* ---- credit notes and advances ---- */

struct part {
    int64_t instalment_id, open;
};
typedef VEC_OF(struct part) part_list;

/* Its instalments of which something is left, in order. */
static enum rc parts_of(struct ctx *cx, int64_t document_id, Str number, part_list *out, int64_t *out_left) {
    AUTO(instalments_of_document_close) struct instalments_of_document_cursor cursor = {0};
    TRY(instalments_of_document_open(cx, &(struct instalments_of_document_params){.document_id = document_id}, &cursor));
    *out_left = 0;
    for (;;) {
        struct instalments_of_document_row row;
        bool more;
        TRY(instalments_of_document_next(cx, &cursor, &row, &more));
        if (!more) return OK;
        if (row.is_claim)
            return fail_field(cx, INVALID, "number", "only what is left of a credit note or an advance goes back",
                              "%.*s is owed to the company", STR_ARG(number));
        *out_left += row.open;
        if (row.open > 0) *VEC_PUSH(cx->arena, out) = (struct part){row.id, row.open};
    }
}

static enum rc take(struct ctx *cx, struct event *event, const struct refund_new *r, const part_list *parts) {
    int64_t wanted = r->amount;
    for (size_t i = 0; i < parts->count && wanted > 0; i++) {
        int64_t part = parts->items[i].open < wanted ? parts->items[i].open : wanted;
        TRY(ledger_post(cx, event,
                        &(struct ledger_entry){
                            .instalment_id = parts->items[i].instalment_id, .kind = "credit", .amount = -part, .date = r->date}));
        wanted -= part;
    }
    MUST(wanted == 0);
    return OK;
}

enum rc credit_refund(struct ctx *cx, const struct refund_new *r, struct refund_booked *out) {
    struct document_get_row d;
    struct event event;
    part_list parts = {0};
    bool known;
    int64_t id;
    MUST(r->amount > 0 && !r->payment_id);
    TRY(document_get(cx, &(struct document_get_params){.id = r->document_id}, &d));
    struct source s = {.customer_id = d.customer_id,
                       .currency = d.currency,
                       .date = d.issue_date,
                       .number = arena_str(cx->arena, d.number)};
    TRY(parts_of(cx, r->document_id, s.number, &parts, &s.left));
    TRY(find_known(cx, r, &s, &known, out));
    if (known) return OK;
    TRY(check(cx, r, &s));
    TRY(event_open(cx, "credit.refunded", s.customer_id, s.number, &event));
    TRY(insert(cx, &event, r, &s, &id));
    TRY(take(cx, &event, r, &parts));
    TRY(close_event(cx, &event, r, id, s.currency));
    *out = (struct refund_booked){.id = id, .left = s.left - r->amount};
    return OK;
}
