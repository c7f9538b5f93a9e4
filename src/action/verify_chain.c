/* Three streams in the order of event numbers are merged: events, payments, entries. Memory does not grow with them. */
#include <stdio.h>
#include <string.h>

#include "action/verify.h"
#include "company_sql.h"
#include "timeline_sql.h"
#include "verify_sql.h"

#define MAX_SUMS 400 /* currencies × claim or not */

struct sum {
    char currency[4];
    bool is_claim;
    int64_t ledger;
};

struct merge {
    struct verifier *v;
    struct chain_check check;
    struct event_all_row event;
    struct verify_entries_cursor entries;
    struct verify_payment_rows_cursor payments;
    struct verify_entries_row entry;
    struct verify_payment_rows_row payment;
    bool has_entry, has_payment;
    struct sum sums[MAX_SUMS];
    size_t sum_count;
};

/* What one event covers, recomputed. */
struct covered {
    struct sha256_ctx digest;
    int64_t rows, payment_id; /* or the document's that was paid back */
    bool is_credit;
    bool named; /* a row of it was named already */
};

static Str number_text(const struct merge *m, int64_t number) {
    return arena_printf(m->v->cx->arena, "%lld", (long long)number);
}

static Str seal_text(const struct merge *m, int64_t seal) {
    return arena_printf(m->v->cx->arena, "facts with seal %016llx", (unsigned long long)seal);
}

static enum rc next_entry(struct merge *m) {
    return verify_entries_next(m->v->cx, &m->entries, &m->entry, &m->has_entry);
}

static enum rc next_payment(struct merge *m) {
    return verify_payment_rows_next(m->v->cx, &m->payments, &m->payment, &m->has_payment);
}

/* ---- sums per currency (INV: I8) ---- */

static struct sum *sum_of(struct merge *m, Str currency, bool is_claim) {
    char code[4] = {0};
    memcpy(code, currency.p, currency.n < 3 ? currency.n : 3);
    for (size_t i = 0; i < m->sum_count; i++)
        if (memcmp(m->sums[i].currency, code, sizeof code) == 0 && m->sums[i].is_claim == is_claim) return &m->sums[i];
    if (m->sum_count == MAX_SUMS) return NULL;
    struct sum *s = &m->sums[m->sum_count++];
    memcpy(s->currency, code, sizeof code);
    s->is_claim = is_claim;
    return s;
}

static enum rc compare_sums(struct merge *m) {
    AUTO(verify_open_sums_close) struct verify_open_sums_cursor cursor;
    TRY(verify_open_sums_open(m->v->cx, &cursor));
    for (;;) {
        struct verify_open_sums_row r;
        bool more;
        TRY(verify_open_sums_next(m->v->cx, &cursor, &r, &more));
        if (!more) return OK;
        const struct sum *s = sum_of(m, r.currency, r.is_claim);
        if (s && s->ledger != r.open)
            verify_differs(m->v, r.is_claim ? "sum of balances" : "sum of credits", r.currency,
                           number_text(m, s->ledger), number_text(m, r.open));
    }
}

/* ---- rows ---- */

/* The instalment of a charge against its seal. */
static bool check_debt(struct merge *m, struct covered *c, unsigned char out[EVENT_HASH_SIZE]) {
    const struct verify_entries_row *e = &m->entry;
    memset(out, 0, EVENT_HASH_SIZE);
    if (e->number.p == NULL) {
        verify_differs(m->v, "instalment", number_text(m, e->instalment_id), S("a document"), S("none"));
        c->named = true;
        return false;
    }
    verify_debt_hash(e, out);
    bool agrees = e->issue_date.day == e->document_issue_date.day;
    if (seal_of(out) == e->instalment_seal && agrees) return true;
    Str id = arena_printf(m->v->cx->arena, "%.*s/%lld", STR_ARG(e->number), (long long)e->position);
    verify_differs(m->v, "instalment or document", id, seal_text(m, e->instalment_seal), seal_text(m, seal_of(out)));
    c->named = true;
    return false;
}

/* The last entry read, hashed; differences of its own are named. */
static void check_entry(struct merge *m, struct covered *c, unsigned char out[EVENT_HASH_SIZE]) {
    const struct verify_entries_row *e = &m->entry;
    unsigned char debt[EVENT_HASH_SIZE];
    bool is_charge = str_is(e->kind, "charge"), debt_holds = true;
    if (!e->here || e->instalment_company != m->v->cx->company_id) {
        verify_differs(m->v, "entry", number_text(m, e->id), S("an instalment of the same company"),
                       number_text(m, e->instalment_id));
        c->named = true;
    } else {
        struct sum *s = sum_of(m, e->currency, e->is_claim);
        if (s && __builtin_add_overflow(s->ledger, e->amount, &s->ledger)) s->ledger = INT64_MIN;
        if (is_charge) debt_holds = check_debt(m, c, debt);
    }
    if (is_charge && !e->here) memset(debt, 0, sizeof debt);
    verify_entry_hash(e, debt, out);
    if (seal_of(out) == e->seal || !debt_holds || c->named) return;
    verify_differs(m->v, "entry", number_text(m, e->id), seal_text(m, e->seal), seal_text(m, seal_of(out)));
    c->named = true;
}

static void check_payment(struct merge *m, struct covered *c) {
    const struct verify_payment_rows_row *p = &m->payment;
    unsigned char hash[EVENT_HASH_SIZE];
    verify_payment_hash(p, hash);
    c->payment_id = p->sort >= VERIFY_REFUND ? p->occurrence : p->id;
    c->is_credit = p->sort == VERIFY_CREDIT_REFUND;
    sha256_update(&c->digest, sizeof hash, hash);
    c->rows++;
}

/* Rows under a number that no event has. */
static enum rc skip_to(struct merge *m, int64_t seq) {
    while (m->has_payment && m->payment.seq < seq) {
        verify_differs(m->v, "payment", number_text(m, m->payment.id), S("an event"), number_text(m, m->payment.seq));
        TRY(next_payment(m));
    }
    while (m->has_entry && m->entry.event_seq < seq) {
        verify_differs(m->v, "entry", number_text(m, m->entry.id), S("an event"), number_text(m, m->entry.event_seq));
        TRY(next_entry(m));
    }
    return OK;
}

static enum rc gather(struct merge *m, int64_t seq, struct covered *c) {
    TRY(skip_to(m, seq));
    for (; m->has_payment && m->payment.seq == seq; m->v->payments += m->payment.sort == VERIFY_PAYMENT) {
        check_payment(m, c);
        TRY(next_payment(m));
    }
    while (m->has_entry && m->entry.event_seq == seq) {
        struct arena_mark mark = arena_mark(m->v->cx->arena);
        unsigned char hash[EVENT_HASH_SIZE];
        check_entry(m, c, hash);
        sha256_update(&c->digest, sizeof hash, hash);
        c->rows++;
        m->v->entries++;
        verify_step(m->v);
        arena_rewind(m->v->cx->arena, mark);
        TRY(next_entry(m));
    }
    return OK;
}

/* ---- events ---- */

static void check_covered(struct merge *m, struct covered *c) {
    const struct event_all_row *e = &m->event;
    unsigned char digest[EVENT_HASH_SIZE];
    sha256_digest(&c->digest, EVENT_HASH_SIZE, digest);
    Str id = number_text(m, e->seq);
    if (c->rows != e->covered) {
        verify_differs(m->v, c->is_credit ? "refund or its entries, event" : c->payment_id ? "payment or its entries, event" : "entries of event", id,
                       number_text(m, e->covered), number_text(m, c->rows));
        return;
    }
    bool same = c->rows == 0 ? e->covered_digest.p == NULL
                             : e->covered_digest.n == EVENT_HASH_SIZE &&
                                   memcmp(e->covered_digest.p, digest, EVENT_HASH_SIZE) == 0;
    if (same || c->named) return;
    Str expected = verify_hex(m->v, e->covered_digest.p, e->covered_digest.n);
    if (c->payment_id)
        verify_differs(m->v, c->is_credit ? "refund of document" : "payment", number_text(m, c->payment_id), expected, verify_hex(m->v, digest, sizeof digest));
    else
        verify_differs(m->v, "entries of event", id, expected, verify_hex(m->v, digest, sizeof digest));
}

static void check_event(struct merge *m) {
    const struct event_all_row *e = &m->event;
    unsigned char hash[EVENT_HASH_SIZE];
    Str id = number_text(m, e->seq);
    if (e->seq != m->check.expected_seq)
        verify_differs(m->v, "event", number_text(m, m->check.expected_seq), S("an event"), S("none"));
    chain_expected_hash(&m->check, e, hash);
    if (e->hash.n != EVENT_HASH_SIZE || memcmp(e->hash.p, hash, EVENT_HASH_SIZE) != 0)
        verify_differs(m->v, "event", id, verify_hex(m->v, hash, sizeof hash), verify_hex(m->v, e->hash.p, e->hash.n));
}

static enum rc check_head(struct merge *m) {
    struct company_get_row c;
    TRY(company_get(m->v->cx, &c));
    if (c.events != m->check.expected_seq - 1)
        verify_differs(m->v, "event", S("head of the timeline"), number_text(m, c.events),
                       number_text(m, m->check.expected_seq - 1));
    else if (c.event_hash.n != EVENT_HASH_SIZE || memcmp(c.event_hash.p, m->check.previous, EVENT_HASH_SIZE) != 0)
        verify_differs(m->v, "event", S("head of the timeline"), verify_hex(m->v, c.event_hash.p, c.event_hash.n),
                       verify_hex(m->v, m->check.previous, EVENT_HASH_SIZE));
    return OK;
}

static enum rc walk(struct merge *m, struct event_all_cursor *events) {
    struct ctx *cx = m->v->cx;
    TRY(next_payment(m));
    TRY(next_entry(m));
    for (;;) {
        bool more;
        TRY(event_all_next(cx, events, &m->event, &more));
        if (!more) break;
        struct arena_mark mark = arena_mark(cx->arena);
        struct covered c = {0};
        sha256_init(&c.digest);
        check_event(m);
        TRY(gather(m, m->event.seq, &c));
        check_covered(m, &c);
        m->v->events++;
        verify_step(m->v);
        arena_rewind(cx->arena, mark);
    }
    TRY(skip_to(m, INT64_MAX));
    TRY(check_head(m));
    return compare_sums(m);
}

enum rc verify_chain(struct verifier *v) {
    struct ctx *cx = v->cx;
    struct merge *m = ARENA_NEW(v->arena, struct merge);
    m->v = v;
    m->check = (struct chain_check){.company_id = cx->company_id, .expected_seq = 1};
    AUTO(event_all_close) struct event_all_cursor events;
    TRY(event_all_open(cx, &events));
    TRY(verify_entries_open(cx, &m->entries));
    enum rc rc = verify_payment_rows_open(cx, &m->payments);
    if (rc == OK) {
        rc = walk(m, &events);
        verify_payment_rows_close(&m->payments);
    }
    verify_entries_close(&m->entries);
    return rc;
}
