/* The chain, as far as it concerns one customer: three streams merged by event, as verify does.
 *
 * An event is exported whole when it is the customer's, or nobody's in particular (an import) and covers rows of the
 * customer. Every other event and row is there as its hash, which tells nothing and lets everything be recomputed. */
#include <string.h>

#include "action/case_file.h"
#include "action/verify.h"
#include "case_file_sql.h"
#include "timeline/timeline.h"
#include "timeline_sql.h"
#include "verify_sql.h"

struct chain {
    struct case_file *c;
    struct json_writer *w;
    struct buf hashes; /* a line each */
    struct verify_entries_cursor entries;
    struct verify_payment_rows_cursor payments;
    struct verify_entries_row entry;
    struct verify_payment_rows_row payment;
    bool has_entry, has_payment;
};

static void put_hex(struct json_writer *w, const char *key, const void *bytes, size_t n) {
    struct buf b = buf_make(4096);
    buf_add_hex(&b, bytes, n);
    if (key)
        json_put_str(w, key, buf_str(&b));
    else
        json_str(w, buf_str(&b));
    buf_done(&b);
}

/* ---- rows ---- */

static void put_row_head(struct json_writer *w, const char *name) {
    json_object(w);
    json_put_text(w, "row", name);
    json_key(w, "fields");
    json_array(w);
}

static void put_numbers(struct json_writer *w, const int64_t *numbers, size_t count) {
    for (size_t i = 0; i < count; i++) json_i64(w, numbers[i]);
}

static void put_payment(struct chain *k) {
    const struct verify_payment_rows_row *p = &k->payment;
    struct json_writer *w = k->w;
    unsigned char hash[EVENT_HASH_SIZE];
    if (p->customer_id != k->c->customer_id) {
        verify_payment_hash(p, hash);
        put_hex(w, NULL, hash, sizeof hash);
        return;
    }
    put_row_head(w, p->sort == VERIFY_CREDIT_REFUND ? "credit refund" : p->sort == VERIFY_REFUND ? "refund" : p->sort == VERIFY_REVERSAL ? "reversal" : "payment");
    if (p->sort == VERIFY_REVERSAL) {
        put_numbers(w, (const int64_t[]){p->id, p->reversed_on.day}, 2);
    } else if (p->sort >= VERIFY_REFUND) {
        put_numbers(w, (const int64_t[]){p->id, p->occurrence, p->customer_id, p->date.day, p->amount}, 5);
        json_str(w, p->reference);
        json_str(w, p->method);
        json_i64(w, p->external_id.p != NULL);
        json_str(w, p->external_id.p ? p->external_id : S(""));
    } else {
        put_numbers(w, (const int64_t[]){p->id, p->customer_id, p->date.day}, 3);
        json_str(w, p->currency);
        json_i64(w, p->amount);
        const Str texts[] = {p->reference, p->method, p->bank_account, p->invoice_number};
        for (size_t i = 0; i < COUNT_OF(texts); i++) json_str(w, texts[i]);
        json_i64(w, p->external_id.p != NULL);
        json_str(w, p->external_id.p ? p->external_id : S(""));
        json_object(w);
        put_hex(w, "hex", p->fingerprint.p, p->fingerprint.n);
        json_object_end(w);
        json_i64(w, p->occurrence);
    }
    json_array_end(w);
    json_object_end(w);
}

static void hash_entry(const struct verify_entries_row *e, unsigned char out[EVENT_HASH_SIZE]) {
    unsigned char debt[EVENT_HASH_SIZE] = {0};
    if (str_is(e->kind, "charge")) verify_debt_hash(e, debt);
    verify_entry_hash(e, debt, out);
}

static void put_debt(struct json_writer *w, const struct verify_entries_row *e) {
    json_key(w, "debt");
    json_array(w);
    put_numbers(w,
                (const int64_t[]){e->instalment_id, e->document_id, e->document_event, e->customer_id, e->position,
                                  e->instalment_amount, e->is_claim, e->issue_date.day, e->due_date.day},
                9);
    const Str texts[] = {e->currency, e->number, e->type, e->reference, e->description, e->applies_to};
    for (size_t i = 0; i < COUNT_OF(texts); i++) json_str(w, texts[i]);
    json_array_end(w);
}

static void put_entry(struct chain *k) {
    const struct verify_entries_row *e = &k->entry;
    struct json_writer *w = k->w;
    unsigned char hash[EVENT_HASH_SIZE];
    if (!e->has_customer_id || e->customer_id != k->c->customer_id) {
        hash_entry(e, hash);
        put_hex(w, NULL, hash, sizeof hash);
        return;
    }
    put_row_head(w, "entry");
    put_numbers(w, (const int64_t[]){e->id, e->instalment_id}, 2);
    json_str(w, e->kind);
    put_numbers(w,
                (const int64_t[]){e->amount, e->date.day, e->has_payment_id ? e->payment_id : 0,
                                  e->has_other_id ? e->other_id : 0, e->has_reverses_id ? e->reverses_id : 0},
                5);
    json_array_end(w);
    if (str_is(e->kind, "charge")) put_debt(w, e);
    json_object_end(w);
}

/* ---- events ---- */

static enum rc next_entry(struct chain *k) { return verify_entries_next(k->c->cx, &k->entries, &k->entry, &k->has_entry); }

static enum rc next_payment(struct chain *k) {
    return verify_payment_rows_next(k->c->cx, &k->payments, &k->payment, &k->has_payment);
}

static enum rc put_rows(struct chain *k, int64_t seq, bool wanted) {
    if (wanted) {
        json_key(k->w, "rows");
        json_array(k->w);
    }
    while (k->has_payment && k->payment.seq <= seq) {
        if (wanted && k->payment.seq == seq) put_payment(k);
        TRY(next_payment(k));
    }
    while (k->has_entry && k->entry.event_seq <= seq) {
        if (wanted && k->entry.event_seq == seq) put_entry(k);
        TRY(next_entry(k));
    }
    if (wanted) json_array_end(k->w);
    return OK;
}

static void put_event(struct chain *k, const struct event_all_row *e) {
    struct case_file *c = k->c;
    struct json_writer *w = k->w;
    json_object(w);
    json_put_i64(w, "seq", e->seq);
    json_put_i64(w, "at", e->at.ms);
    json_put_str(w, "actor", e->actor);
    json_put_str(w, "kind", e->kind);
    json_put_i64(w, "customer", e->has_customer_id ? e->customer_id : 0);
    json_put_str(w, "subject", e->subject);
    json_put_str(w, "data", e->data);
    json_put_i64(w, "covered", e->covered);
    c->chained++;
    *VEC_PUSH(c->cx->arena, &c->events) = (struct case_event){.seq = e->seq,
                                                              .at = e->at,
                                                              .kind = arena_str(c->cx->arena, e->kind),
                                                              .subject = arena_str(c->cx->arena, e->subject),
                                                              .actor = arena_str(c->cx->arena, e->actor)};
}

/* Which events cover rows of the customer; they may be nobody's own. */
static enum rc find_covering(struct case_file *c, int64_t **out_seqs, size_t *out_count) {
    VEC_OF(int64_t) seqs = {0};
    AUTO(case_covering_close) struct case_covering_cursor cursor;
    TRY(case_covering_open(c->cx, &(struct case_covering_params){.customer_id = c->customer_id}, &cursor));
    for (;;) {
        struct case_covering_row row;
        bool more;
        TRY(case_covering_next(c->cx, &cursor, &row, &more));
        if (!more) break;
        *VEC_PUSH(c->cx->arena, &seqs) = row.seq;
    }
    *out_seqs = seqs.items;
    *out_count = seqs.count;
    return OK;
}

static enum rc merge(struct chain *k) {
    struct case_file *c = k->c;
    int64_t *covering = NULL;
    size_t count = 0, at = 0;
    TRY(find_covering(c, &covering, &count));
    TRY(next_entry(k));
    TRY(next_payment(k));
    AUTO(event_all_close) struct event_all_cursor cursor;
    TRY(event_all_open(c->cx, &cursor));
    for (;;) {
        struct event_all_row e;
        bool more;
        TRY(event_all_next(c->cx, &cursor, &e, &more));
        if (!more) return OK;
        while (at < count && covering[at] < e.seq) at++;
        bool covers = at < count && covering[at] == e.seq;
        bool wanted = e.has_customer_id ? e.customer_id == c->customer_id : covers;
        if (wanted) put_event(k, &e);
        TRY(put_rows(k, e.seq, wanted));
        if (wanted) json_object_end(k->w);
        buf_add_hex(&k->hashes, e.hash.p, e.hash.n);
        buf_add_char(&k->hashes, '\n');
        c->head_seq = e.seq;
    }
}

enum rc case_chain(struct case_file *c) {
    struct case_json j;
    struct chain k = {.c = c, .w = case_json_begin(&j), .hashes = buf_make(CASE_MAX)};
    json_object(k.w);
    json_put_text(k.w, "format", "aldia-chain-1");
    json_put_i64(k.w, "company", c->cx->company_id);
    json_put_i64(k.w, "customer", c->customer_id);
    json_key(k.w, "events");
    json_array(k.w);
    enum rc rc = verify_entries_open(c->cx, &k.entries);
    if (rc == OK) rc = verify_payment_rows_open(c->cx, &k.payments);
    if (rc == OK) rc = merge(&k);
    verify_entries_close(&k.entries);
    verify_payment_rows_close(&k.payments);
    if (rc == OK && !buf_ok(&k.hashes)) rc = fail(c->cx, INVALID, "the chain is too long for a case file");
    Str lines = arena_str(c->cx->arena, buf_str(&k.hashes));
    buf_done(&k.hashes);
    if (rc != OK) {
        case_json_drop(&j);
        return rc;
    }
    c->head_hash = lines.n ? (Str){lines.p + lines.n - 65, 64} : S("");
    json_array_end(k.w);
    json_key(k.w, "head");
    json_object(k.w);
    json_put_i64(k.w, "seq", c->head_seq);
    json_put_str(k.w, "hash", c->head_hash);
    json_object_end(k.w);
    json_object_end(k.w);
    case_add(c, S("chain/hashes.txt"), lines);
    return case_json_end(c, &j, "chain/chain.json");
}
