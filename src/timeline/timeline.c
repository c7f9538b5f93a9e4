/* Writing and recomputing the chain. The canonical text is the only format here; it never changes without a new prefix.
 */
#include "timeline/timeline.h"

#include <string.h>

#include "timeline_sql.h"

#define CANONICAL_MAX ((size_t)16 * 1024 * 1024)

static void digest_text(struct sha256_ctx *digest, Str text) {
    if (text.n) sha256_update(digest, text.n, (const uint8_t *)text.p);
}

/* A field as "LENGTH:BYTES;", so that no two different rows have the same text. */
static void canonical_text(struct buf *b, Str text) {
    buf_add_i64(b, (int64_t)text.n);
    buf_add_char(b, ':');
    buf_add(b, text);
    buf_add_char(b, ';');
}

static void canonical_int(struct buf *b, int64_t value) {
    buf_add_i64(b, value);
    buf_add_char(b, ';');
}

/* The same two forms straight into a hash, for rows, of which there are many. */
static void hash_number(struct sha256_ctx *sha, int64_t value, char end) {
    char text[24];
    size_t at = sizeof text;
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
    text[--at] = end;
    do text[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0) text[--at] = '-';
    sha256_update(sha, sizeof text - at, (const uint8_t *)text + at);
}

static void hash_int(struct sha256_ctx *sha, int64_t value) { hash_number(sha, value, ';'); }

static void hash_text(struct sha256_ctx *sha, Str text) {
    hash_number(sha, (int64_t)text.n, ':');
    digest_text(sha, text);
    digest_text(sha, S(";"));
}

static void hash_currency(struct sha256_ctx *sha, Currency currency) {
    char code[4];
    hash_text(sha, currency_code(currency, code));
}

void debt_hash(const struct covered_debt *d, unsigned char out[EVENT_HASH_SIZE]) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    digest_text(&sha, S("debt\n"));
    hash_int(&sha, d->instalment_id);
    hash_int(&sha, d->document_id);
    hash_int(&sha, d->document_event);
    hash_int(&sha, d->customer_id);
    hash_int(&sha, d->position);
    hash_int(&sha, d->amount);
    hash_int(&sha, d->is_claim);
    hash_int(&sha, d->issue_date.day);
    hash_int(&sha, d->due_date.day);
    hash_currency(&sha, d->currency);
    hash_text(&sha, d->number);
    hash_text(&sha, d->type);
    hash_text(&sha, d->reference);
    hash_text(&sha, d->description);
    hash_text(&sha, d->applies_to);
    sha256_digest(&sha, EVENT_HASH_SIZE, out);
}

void entry_hash(const struct covered_entry *e, unsigned char out[EVENT_HASH_SIZE]) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    digest_text(&sha, S("entry\n"));
    hash_int(&sha, e->id);
    hash_int(&sha, e->instalment_id);
    hash_text(&sha, str_from(e->kind));
    hash_int(&sha, e->amount);
    hash_int(&sha, e->date.day);
    hash_int(&sha, e->payment_id);
    hash_int(&sha, e->other_id);
    hash_int(&sha, e->reverses_id);
    if (e->debt) sha256_update(&sha, EVENT_HASH_SIZE, e->debt);
    sha256_digest(&sha, EVENT_HASH_SIZE, out);
}

void payment_hash(const struct covered_payment *p, unsigned char out[EVENT_HASH_SIZE]) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    digest_text(&sha, S("payment\n"));
    hash_int(&sha, p->id);
    hash_int(&sha, p->customer_id);
    hash_int(&sha, p->date.day);
    hash_currency(&sha, p->currency);
    hash_int(&sha, p->amount);
    hash_text(&sha, p->reference);
    hash_text(&sha, p->method);
    hash_text(&sha, p->bank_account);
    hash_text(&sha, p->invoice_number);
    hash_int(&sha, p->external_id.p != NULL);
    hash_text(&sha, p->external_id);
    hash_text(&sha, p->fingerprint);
    hash_int(&sha, p->occurrence);
    sha256_digest(&sha, EVENT_HASH_SIZE, out);
}

void reversal_hash(int64_t payment_id, Date date, unsigned char out[EVENT_HASH_SIZE]) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    digest_text(&sha, S("reversal\n"));
    hash_int(&sha, payment_id);
    hash_int(&sha, date.day);
    sha256_digest(&sha, EVENT_HASH_SIZE, out);
}

void refund_hash(const struct covered_refund *r, unsigned char out[EVENT_HASH_SIZE]) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    digest_text(&sha, r->document_id ? S("credit refund\n") : S("refund\n"));
    hash_int(&sha, r->id);
    hash_int(&sha, r->document_id ? r->document_id : r->payment_id);
    hash_int(&sha, r->customer_id);
    hash_int(&sha, r->date.day);
    hash_int(&sha, r->amount);
    hash_text(&sha, r->reference);
    hash_text(&sha, r->method);
    hash_int(&sha, r->external_id.p != NULL);
    hash_text(&sha, r->external_id);
    sha256_digest(&sha, EVENT_HASH_SIZE, out);
}

int64_t seal_of(const unsigned char hash[EVENT_HASH_SIZE]) {
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) bits = bits << 8 | hash[i];
    int64_t seal;
    memcpy(&seal, &bits, sizeof seal);
    return seal;
}

static void hash_event(const unsigned char previous[EVENT_HASH_SIZE], const struct event_insert_params *e,
                       int64_t company_id, unsigned char out_hash[EVENT_HASH_SIZE]) {
    AUTO(buf_done) struct buf b = buf_make(CANONICAL_MAX);
    buf_add(&b, S("aldia-event-1\n"));
    canonical_int(&b, company_id);
    canonical_int(&b, e->seq);
    canonical_int(&b, e->at.ms);
    canonical_text(&b, e->actor);
    canonical_text(&b, e->kind);
    canonical_int(&b, e->has_customer_id ? e->customer_id : 0);
    canonical_text(&b, e->subject);
    canonical_text(&b, e->data);
    canonical_int(&b, e->covered);
    MUST(buf_ok(&b));
    struct sha256_ctx digest;
    sha256_init(&digest);
    sha256_update(&digest, EVENT_HASH_SIZE, previous);
    digest_text(&digest, buf_str(&b));
    digest_text(&digest, e->covered_digest);
    sha256_digest(&digest, EVENT_HASH_SIZE, out_hash);
}

enum rc event_open(struct ctx *cx, const char *kind, int64_t customer_id, Str subject, struct event *out_event) {
    struct timeline_head_row head;
    TRY(timeline_head(cx, &head));
    if (head.event_hash.n != EVENT_HASH_SIZE) return fail(cx, INTERNAL, "the head of the timeline is damaged");
    *out_event = (struct event){
        .seq = head.events + 1,
        .kind = kind,
        .customer_id = customer_id,
        .subject = subject,
        .volume_before = (uint64_t)head.volume,
        .is_open = true};
    memcpy(out_event->previous, head.event_hash.p, EVENT_HASH_SIZE);
    sha256_init(&out_event->digest);
    return OK;
}

static void cover(struct event *e, const unsigned char hash[EVENT_HASH_SIZE]) {
    MUST(e->is_open);
    sha256_update(&e->digest, EVENT_HASH_SIZE, hash);
    e->covered++;
}

/* One amount is below 2^63 and the whole is looked at with every one, so that the unsigned sum cannot wrap before it is refused. */
static void add_volume(struct event *e, int64_t amount) {
    uint64_t minor = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;
    e->volume = e->volume > VOLUME_MAX ? e->volume : e->volume + minor;
}

int64_t event_cover(struct event *e, const struct covered_entry *entry) {
    unsigned char hash[EVENT_HASH_SIZE];
    entry_hash(entry, hash);
    cover(e, hash);
    add_volume(e, entry->amount);
    return seal_of(hash);
}

void event_cover_payment(struct event *e, const struct covered_payment *payment) {
    unsigned char hash[EVENT_HASH_SIZE];
    payment_hash(payment, hash);
    cover(e, hash);
    add_volume(e, payment->amount);
}

void event_cover_reversal(struct event *e, int64_t payment_id, Date date) {
    unsigned char hash[EVENT_HASH_SIZE];
    reversal_hash(payment_id, date, hash);
    cover(e, hash);
}

void event_cover_refund(struct event *e, const struct covered_refund *refund) {
    unsigned char hash[EVENT_HASH_SIZE];
    refund_hash(refund, hash);
    cover(e, hash);
}

enum rc event_room(struct ctx *cx, const struct event *e, int64_t minor) {
    bool fits = e->volume <= VOLUME_MAX && (uint64_t)minor <= VOLUME_MAX && e->volume_before + e->volume + (uint64_t)minor <= VOLUME_MAX;
    if (fits) return OK;
    return fail_field(cx, INVALID, "amount", "check the amounts: they may be in the wrong unit",
                      "more would be booked than this company's sums can hold");
}

enum rc event_close(struct ctx *cx, struct event *e, Str data) {
    MUST(e->is_open);
    e->is_open = false;
    TRY(event_room(cx, e, 0));
    unsigned char digest[EVENT_HASH_SIZE], hash[EVENT_HASH_SIZE];
    sha256_digest(&e->digest, EVENT_HASH_SIZE, digest);
    struct event_insert_params row = {
        .seq = e->seq,
        .at = cx->now,
        .actor = str_from(cx->actor),
        .kind = str_from(e->kind),
        .has_customer_id = e->customer_id != 0,
        .customer_id = e->customer_id,
        .subject = e->subject,
        .data = data,
        .covered = e->covered,
        .covered_digest = e->covered ? (Str){(const char *)digest, EVENT_HASH_SIZE} : (Str){NULL, 0},
    };
    hash_event(e->previous, &row, cx->company_id, hash);
    row.hash = (Str){(const char *)hash, EVENT_HASH_SIZE};
    TRY(event_insert(cx, &row));
    return timeline_advance(cx, &(struct timeline_advance_params){.events = e->seq, .event_hash = row.hash, .volume = (int64_t)e->volume});
}

enum rc event_note(struct ctx *cx, const char *kind, int64_t customer_id, Str subject, Str data) {
    struct event e;
    TRY(event_open(cx, kind, customer_id, subject, &e));
    return event_close(cx, &e, data);
}

enum rc event_group_note(struct ctx *cx, struct event_group *g, const char *kind, int64_t customer_id, Str subject,
                         Str data) {
    if (g->events.count == 0) {
        struct timeline_head_row head;
        TRY(timeline_head(cx, &head));
        if (head.event_hash.n != EVENT_HASH_SIZE) return fail(cx, INTERNAL, "the head of the timeline is damaged");
        g->seq = head.events;
        memcpy(g->head, head.event_hash.p, EVENT_HASH_SIZE);
    }
    struct event_insert_params *row = VEC_PUSH(cx->arena, &g->events);
    *row = (struct event_insert_params){.seq = ++g->seq,
                                        .at = cx->now,
                                        .actor = str_from(cx->actor),
                                        .kind = str_from(kind),
                                        .has_customer_id = customer_id != 0,
                                        .customer_id = customer_id,
                                        .subject = subject,
                                        .data = data};
    unsigned char hash[EVENT_HASH_SIZE];
    hash_event(g->head, row, cx->company_id, hash);
    memcpy(g->head, hash, EVENT_HASH_SIZE);
    row->hash = arena_str(cx->arena, (Str){(const char *)hash, EVENT_HASH_SIZE});
    return OK;
}

enum rc event_group_close(struct ctx *cx, struct event_group *g) {
    if (g->events.count == 0) return OK;
    TRY(event_insert_bulk(cx, g->events.items, g->events.count));
    g->events.count = 0;
    return timeline_advance(cx, &(struct timeline_advance_params){
                                    .events = g->seq, .event_hash = {(const char *)g->head, EVENT_HASH_SIZE}});
}

void chain_expected_hash(struct chain_check *check, const struct event_all_row *row,
                         unsigned char out_hash[EVENT_HASH_SIZE]) {
    struct event_insert_params e = {
        .seq = row->seq,
        .at = row->at,
        .actor = row->actor,
        .kind = row->kind,
        .has_customer_id = row->has_customer_id,
        .customer_id = row->customer_id,
        .subject = row->subject,
        .data = row->data,
        .covered = row->covered,
        .covered_digest = row->covered_digest,
    };
    hash_event(check->previous, &e, check->company_id, out_hash);
    memcpy(check->previous, row->hash.n == EVENT_HASH_SIZE ? (const unsigned char *)row->hash.p : out_hash,
           EVENT_HASH_SIZE);
    check->expected_seq = row->seq + 1;
}
