/* Entries, allocations and their reversals. */
#include "portfolio/ledger.h"

#include <stdio.h>

#include "customer_sql.h"
#include "document_sql.h"
#include "ledger_sql.h"
#include "portfolio/finding.h"

enum rc ledger_post(struct ctx *cx, struct event *event, const struct ledger_entry *e) {
    MUST(e->amount != 0);
    struct entry_next_id_row next;
    TRY(entry_next_id(cx, &next));
    int64_t seal = event_cover(event, &(struct covered_entry){.id = next.id,
                                                              .instalment_id = e->instalment_id,
                                                              .kind = e->kind,
                                                              .amount = e->amount,
                                                              .date = e->date,
                                                              .payment_id = e->payment_id,
                                                              .other_id = e->other_id,
                                                              .reverses_id = e->reverses_id});
    TRY(entry_insert(cx, &(struct entry_insert_params){
                             .id = next.id,
                             .instalment_id = e->instalment_id,
                             .kind = str_from(e->kind),
                             .amount = e->amount,
                             .date = e->date,
                             .has_payment_id = e->payment_id != 0,
                             .payment_id = e->payment_id,
                             .has_other_id = e->other_id != 0,
                             .other_id = e->other_id,
                             .has_reverses_id = e->reverses_id != 0,
                             .reverses_id = e->reverses_id,
                             .event_seq = event->seq,
                             .seal = seal,
                         }));
    return instalment_add_open(cx, &(struct instalment_add_open_params){.id = e->instalment_id, .change = e->amount});
}

/* Instalments money may go to, in order: (id, open). */
struct target {
    int64_t id, open;
};
typedef VEC_OF(struct target) target_list;

static enum rc targets_of_document(struct ctx *cx, int64_t document_id, target_list *out) {
    AUTO(instalments_of_document_close) struct instalments_of_document_cursor cursor;
    TRY(instalments_of_document_open(cx, &(struct instalments_of_document_params){.document_id = document_id},
                                     &cursor));
    for (;;) {
        struct instalments_of_document_row row;
        bool more;
        TRY(instalments_of_document_next(cx, &cursor, &row, &more));
        if (!more) return OK;
        if (row.open > 0 && row.is_claim) *VEC_PUSH(cx->arena, out) = (struct target){row.id, row.open};
    }
}

static enum rc targets_of_customer(struct ctx *cx, const struct payment_new *p, target_list *out) {
    AUTO(instalments_open_of_customer_close) struct instalments_open_of_customer_cursor cursor;
    struct instalments_open_of_customer_params of = {
        .customer_id = p->customer_id, .currency = p->amount.currency, .today = p->today};
    TRY(instalments_open_of_customer_open(cx, &of, &cursor));
    for (;;) {
        struct instalments_open_of_customer_row row;
        bool more;
        TRY(instalments_open_of_customer_next(cx, &cursor, &row, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, out) = (struct target){row.id, row.open};
    }
}

static void hash_field(struct sha256_ctx *hash, Str text) {
    char length[24];
    int n = snprintf(length, sizeof length, "%zu:", text.n);
    sha256_update(hash, (size_t)n, (const uint8_t *)length);
    if (text.n) sha256_update(hash, text.n, (const uint8_t *)text.p);
}

/* What makes two payments without an external id the same line of a source. */
static void fingerprint(const struct payment_new *p, unsigned char out[SHA256_DIGEST_SIZE]) {
    struct sha256_ctx hash;
    char text[MONEY_TEXT], code[4], day[DATE_TEXT], customer[24];
    sha256_init(&hash);
    int n = snprintf(customer, sizeof customer, "%lld", (long long)p->customer_id);
    hash_field(&hash, (Str){customer, (size_t)n});
    hash_field(&hash, date_iso(p->date, day));
    hash_field(&hash, currency_code(p->amount.currency, code));
    hash_field(&hash, money_text(p->amount, text));
    hash_field(&hash, p->reference);
    hash_field(&hash, p->invoice_number);
    hash_field(&hash, p->method);
    hash_field(&hash, p->bank_account);
    hash_field(&hash, p->external_id);
    sha256_digest(&hash, SHA256_DIGEST_SIZE, out);
}

static enum rc find_external(struct ctx *cx, const struct payment_new *p, bool *out_known, struct payment_booked *out) {
    struct payment_by_external_row known;
    TRY(payment_by_external(cx, &(struct payment_by_external_params){.external_id = p->external_id}, &known,
                            out_known));
    if (!*out_known) return OK;
    bool same = known.customer_id == p->customer_id && known.date.day == p->date.day &&
                known.amount == p->amount.minor && currency_equal(known.currency, p->amount.currency);
    if (!same)
        return fail_field(
            cx, CONFLICT, "external_id", "give each payment its own external_id, or reverse the other first",
            "external_id %.*s was recorded with another customer, date or amount", STR_ARG(p->external_id));
    *out = (struct payment_booked){.id = known.id, .duplicate = true};
    return OK;
}

/* Settles which occurrence this is, and whether it is booked already. */
static enum rc find_known(struct ctx *cx, const struct payment_new *p, Str print, int32_t *out_occurrence,
                          bool *out_known, struct payment_booked *out) {
    *out_known = false;
    if (p->external_id.n) {
        *out_occurrence = 1;
        return find_external(cx, p, out_known, out);
    }
    if (p->occurrence == 0) {
        struct payment_occurrences_row seen;
        TRY(payment_occurrences(cx, &(struct payment_occurrences_params){.fingerprint = print}, &seen));
        *out_occurrence = (int32_t)seen.count + 1;
        return OK;
    }
    *out_occurrence = p->occurrence;
    struct payment_by_fingerprint_row known;
    TRY(payment_by_fingerprint(
        cx, &(struct payment_by_fingerprint_params){.fingerprint = print, .occurrence = p->occurrence}, &known,
        out_known));
    if (*out_known) *out = (struct payment_booked){.id = known.id, .duplicate = true};
    return OK;
}

static enum rc allocate(struct ctx *cx, struct event *event, const struct payment_new *p, int64_t payment_id,
                        const target_list *targets, int64_t *out_left) {
    int64_t left = p->amount.minor;
    for (size_t i = 0; i < targets->count && left > 0; i++) {
        int64_t part = targets->items[i].open < left ? targets->items[i].open : left;
        TRY(ledger_post(cx, event,
                        &(struct ledger_entry){.instalment_id = targets->items[i].id,
                                               .kind = "payment",
                                               .amount = -part,
                                               .date = p->date,
                                               .payment_id = payment_id}));
        left -= part;
    }
    *out_left = left;
    return OK;
}

static enum rc close_payment_event(struct ctx *cx, struct event *event, const struct payment_new *p, int64_t id,
                                   int64_t left) {
    AUTO(buf_done) struct buf data = buf_make(8192);
    char code[4], amount[MONEY_TEXT], rest[MONEY_TEXT];
    buf_printf(&data,
               "{\"payment\":%lld,\"amount\":\"%.*s\",\"currency\":\"%.*s\",\"unapplied\":\"%.*s\",\"reference\":\"",
               (long long)id, STR_ARG(money_text(p->amount, amount)), STR_ARG(currency_code(p->amount.currency, code)),
               STR_ARG(money_text(money_make(left, p->amount.currency), rest)));
    buf_add_json(&data, p->reference);
    buf_add(&data, S("\"}"));
    MUST(buf_ok(&data));
    return event_close(cx, event, buf_str(&data));
}

enum rc payment_record(struct ctx *cx, const struct payment_new *p, struct payment_booked *out_booked) {
    MUST(p->amount.minor > 0);
    unsigned char print[SHA256_DIGEST_SIZE];
    fingerprint(p, print);
    Str print_text = {(const char *)print, sizeof print};
    int32_t occurrence;
    bool known;
    TRY(find_known(cx, p, print_text, &occurrence, &known, out_booked));
    if (known) return OK;
    target_list targets = {0};
    if (p->document_id)
        TRY(targets_of_document(cx, p->document_id, &targets));
    else
        TRY(targets_of_customer(cx, p, &targets));
    struct payment_next_id_row next;
    TRY(payment_next_id(cx, &next));
    struct event event;
    TRY(event_open(cx, "payment.recorded", p->customer_id, p->reference, &event));
    Str external_id = p->external_id.n ? p->external_id : (Str){NULL, 0};
    event_cover_payment(&event, &(struct covered_payment){.id = next.id,
                                                          .customer_id = p->customer_id,
                                                          .amount = p->amount.minor,
                                                          .date = p->date,
                                                          .currency = p->amount.currency,
                                                          .reference = p->reference,
                                                          .method = p->method,
                                                          .bank_account = p->bank_account,
                                                          .invoice_number = p->invoice_number,
                                                          .external_id = external_id,
                                                          .fingerprint = print_text,
                                                          .occurrence = occurrence});
    TRY(event_room(cx, &event, p->amount.minor)); /* for its entries; in a file whose good rows are booked nothing may be half written */
    TRY(payment_insert(cx, &(struct payment_insert_params){
                               .id = next.id,
                               .customer_id = p->customer_id,
                               .date = p->date,
                               .currency = p->amount.currency,
                               .amount = p->amount.minor,
                               .unapplied = p->amount.minor,
                               .reference = p->reference,
                               .method = p->method,
                               .bank_account = p->bank_account,
                               .invoice_number = p->invoice_number,
                               .external_id = external_id,
                               .fingerprint = print_text,
                               .occurrence = occurrence,
                               .event_seq = event.seq,
                           }));
    struct find_words words = {0};
    find_gather_code(cx, &words, FIND_PAYMENT, next.id, p->customer_id, p->reference);
    find_gather_code(cx, &words, FIND_PAYMENT, next.id, p->customer_id, p->external_id);
    TRY(find_write(cx, &words));
    int64_t left;
    TRY(allocate(cx, &event, p, next.id, &targets, &left));
    if (left != p->amount.minor)
        TRY(payment_set_unapplied(cx, &(struct payment_set_unapplied_params){.id = next.id, .unapplied = left}));
    TRY(close_payment_event(cx, &event, p, next.id, left));
    *out_booked = (struct payment_booked){
        .id = next.id, .allocated = p->amount.minor - left, .unapplied = left, .event_seq = event.seq};
    return OK;
}

static enum rc reverse_allocations(struct ctx *cx, struct event *event, int64_t payment_id, Date date) {
    VEC_OF(struct entries_of_payment_row) entries = {0};
    {
        AUTO(entries_of_payment_close) struct entries_of_payment_cursor cursor;
        TRY(entries_of_payment_open(cx, &(struct entries_of_payment_params){.payment_id = payment_id}, &cursor));
        for (;;) {
            struct entries_of_payment_row row;
            bool more;
            TRY(entries_of_payment_next(cx, &cursor, &row, &more));
            if (!more) break;
            *VEC_PUSH(cx->arena, &entries) = row;
        }
    }
    for (size_t i = 0; i < entries.count; i++)
        TRY(ledger_post(cx, event,
                        &(struct ledger_entry){.instalment_id = entries.items[i].instalment_id,
                                               .kind = "reversal",
                                               .amount = -entries.items[i].amount,
                                               .date = date,
                                               .payment_id = payment_id,
                                               .reverses_id = entries.items[i].id}));
    return OK;
}

enum rc payment_reverse(struct ctx *cx, int64_t payment_id, Str reason, Date today) {
    struct payment_get_row p;
    bool found;
    TRY(payment_get(cx, &(struct payment_get_params){.id = payment_id}, &p, &found));
    if (!found) return fail(cx, NOT_FOUND, "there is no payment %lld", (long long)payment_id);
    if (p.has_reversed_seq) return fail(cx, CONFLICT, "payment %lld is reversed already", (long long)payment_id);
    int64_t customer_id = p.customer_id;
    Str reference = arena_str(cx->arena, p.reference);
    struct refunded_of_payment_row back;
    TRY(refunded_of_payment(cx, &(struct refunded_of_payment_params){.payment_id = payment_id}, &back));
    if (back.refunded)
        return fail_field(cx, CONFLICT, "id", "if the money came back, record it as a payment",
                          "a part of payment %lld was paid back: it cannot be reversed", (long long)payment_id);
    struct event event;
    TRY(event_open(cx, "payment.reversed", customer_id, reference, &event));
    event_cover_reversal(&event, payment_id, today);
    TRY(reverse_allocations(cx, &event, payment_id, today));
    TRY(payment_set_reversed(
        cx, &(struct payment_set_reversed_params){.id = payment_id, .reversed_seq = event.seq, .reversed_on = today}));
    AUTO(buf_done) struct buf data = buf_make(16384);
    buf_printf(&data, "{\"payment\":%lld,\"reason\":\"", (long long)payment_id);
    buf_add_json(&data, reason);
    buf_add(&data, S("\"}"));
    if (!buf_ok(&data)) return fail_field(cx, INVALID, "reason", NULL, "the reason is too long");
    return event_close(cx, &event, buf_str(&data));
}

enum rc credit_apply(struct ctx *cx, struct event *event, int64_t credit_instalment_id, int64_t claim_instalment_id,
                     Date date, int64_t *out_moved) {
    struct instalment_open_row credit, claim;
    TRY(instalment_open(cx, &(struct instalment_open_params){.id = credit_instalment_id}, &credit));
    TRY(instalment_open(cx, &(struct instalment_open_params){.id = claim_instalment_id}, &claim));
    MUST(!credit.is_claim && claim.is_claim);
    if (credit.customer_id != claim.customer_id || !currency_equal(credit.currency, claim.currency))
        return fail(cx, CONFLICT, "the credit note and the invoice differ in customer or currency");
    int64_t part = credit.open < claim.open ? credit.open : claim.open;
    *out_moved = part;
    if (part == 0) return OK;
    TRY(ledger_post(cx, event,
                    &(struct ledger_entry){.instalment_id = claim_instalment_id,
                                           .kind = "credit",
                                           .amount = -part,
                                           .date = date,
                                           .other_id = credit_instalment_id}));
    return ledger_post(cx, event,
                       &(struct ledger_entry){.instalment_id = credit_instalment_id,
                                              .kind = "credit",
                                              .amount = -part,
                                              .date = date,
                                              .other_id = claim_instalment_id});
}

enum rc payment_resolve(struct ctx *cx, Str customer_code, struct payment_new *p) {
    bool found;
    struct customer_by_code_row customer;
    TRY(customer_by_code(cx, &(struct customer_by_code_params){.code = customer_code}, &customer, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "customer_code", "import the customers first, or correct the code",
                          "there is no customer with code %.*s", STR_ARG(customer_code));
    p->customer_id = customer.id;
    if (p->invoice_number.n == 0) return OK;
    struct document_by_number_row document;
    TRY(document_by_number(cx, &(struct document_by_number_params){.number = p->invoice_number}, &document, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "invoice_number", "import the invoice first, or leave invoice_number empty",
                          "there is no invoice %.*s", STR_ARG(p->invoice_number));
    if (document.customer_id != customer.id)
        return fail_field(cx, INVALID, "invoice_number", "check the customer's code",
                          "invoice %.*s belongs to another customer", STR_ARG(p->invoice_number));
    if (!currency_equal(document.currency, p->amount.currency))
        return fail_field(cx, INVALID, "currency",
                          "record what arrived in the invoice's currency, or leave invoice_number empty",
                          "invoice %.*s is in another currency", STR_ARG(p->invoice_number));
    p->document_id = document.id;
    return OK;
}
