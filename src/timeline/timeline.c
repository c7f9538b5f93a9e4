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

void entries_digest_init(struct sha256_ctx *digest) { sha256_init(digest); }

void entries_digest_add(struct sha256_ctx *digest, const struct covered_entry *e) {
    char text[256];
    size_t n = 0;
    const int64_t numbers[] = {e->id,         e->instalment_id, e->amount,     e->date.day,
                               e->payment_id, e->other_id,      e->reverses_id};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        uint64_t left = numbers[i] < 0 ? -(uint64_t)numbers[i] : (uint64_t)numbers[i];
        char digits[20];
        size_t count = 0;
        do digits[count++] = (char)('0' + left % 10);
        while (left /= 10);
        if (numbers[i] < 0) text[n++] = '-';
        while (count) text[n++] = digits[--count];
        text[n++] = ';';
    }
    size_t kind = strlen(e->kind);
    memcpy(text + n, e->kind, kind);
    n += kind;
    text[n++] = '\n';
    digest_text(digest, (Str){text, n});
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
    canonical_int(&b, e->entries);
    MUST(buf_ok(&b));
    struct sha256_ctx digest;
    sha256_init(&digest);
    sha256_update(&digest, EVENT_HASH_SIZE, previous);
    digest_text(&digest, buf_str(&b));
    digest_text(&digest, e->entries_digest);
    sha256_digest(&digest, EVENT_HASH_SIZE, out_hash);
}

enum rc event_open(struct ctx *cx, const char *kind, int64_t customer_id, Str subject, struct event *out_event) {
    struct timeline_head_row head;
    TRY(timeline_head(cx, &head));
    if (head.event_hash.n != EVENT_HASH_SIZE) return fail(cx, INTERNAL, "the head of the timeline is damaged");
    *out_event = (struct event){
        .seq = head.events + 1, .kind = kind, .customer_id = customer_id, .subject = subject, .is_open = true};
    memcpy(out_event->previous, head.event_hash.p, EVENT_HASH_SIZE);
    entries_digest_init(&out_event->digest);
    return OK;
}

void event_cover(struct event *e, const struct covered_entry *entry) {
    MUST(e->is_open);
    entries_digest_add(&e->digest, entry);
    e->entries++;
}

enum rc event_close(struct ctx *cx, struct event *e, Str data) {
    MUST(e->is_open);
    e->is_open = false;
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
        .entries = e->entries,
        .entries_digest = e->entries ? (Str){(const char *)digest, EVENT_HASH_SIZE} : (Str){NULL, 0},
    };
    hash_event(e->previous, &row, cx->company_id, hash);
    row.hash = (Str){(const char *)hash, EVENT_HASH_SIZE};
    TRY(event_insert(cx, &row));
    return timeline_advance(cx, &(struct timeline_advance_params){.events = e->seq, .event_hash = row.hash});
}

enum rc event_note(struct ctx *cx, const char *kind, int64_t customer_id, Str subject, Str data) {
    struct event e;
    TRY(event_open(cx, kind, customer_id, subject, &e));
    return event_close(cx, &e, data);
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
        .entries = row->entries,
        .entries_digest = row->entries_digest,
    };
    hash_event(check->previous, &e, check->company_id, out_hash);
    memcpy(check->previous, row->hash.n == EVENT_HASH_SIZE ? (const unsigned char *)row->hash.p : out_hash,
           EVENT_HASH_SIZE);
    check->expected_seq = row->seq + 1;
}
