/* The timeline: one event for everything that happens, append-only and hash-chained per company (INV: I9, REQ: F5).
 *
 * An event covers the ledger entries booked under it: their digest goes into its hash, so that changing an entry breaks
 * the chain as surely as changing the event. Events of one transaction are opened and closed one after the other, never
 * nested. The canonical form that is hashed stands in docs/ref/chain.md; an outsider can recompute it. */
#ifndef TIMELINE_TIMELINE_H
#define TIMELINE_TIMELINE_H

#include <nettle/sha2.h>

#include "core/date.h"
#include "core/money.h"
#include "store/db.h"

#define EVENT_HASH_SIZE 32

/* One ledger entry as the chain sees it. */
struct covered_entry {
    int64_t id, instalment_id;
    const char *kind;
    int64_t amount; /* minor units, signed */
    Date date;
    int64_t payment_id, other_id, reverses_id; /* 0 = none */
};

struct event {
    int64_t seq;
    const char *kind;
    int64_t customer_id; /* 0 = none */
    Str subject;
    int64_t entries;
    struct sha256_ctx digest;
    unsigned char previous[EVENT_HASH_SIZE];
    bool is_open;
};

/* Reserves the next sequence number. Needs a writing transaction. `kind` and `subject` must outlive the event. */
MUST_USE enum rc event_open(struct ctx *cx, const char *kind, int64_t customer_id, Str subject,
                            struct event *out_event);
/* Adds an entry to what the event covers; call in the order of entry ids. */
void event_cover(struct event *e, const struct covered_entry *entry);
/* Writes it. `data` is a JSON object ("{}" when there is nothing to add). */
MUST_USE enum rc event_close(struct ctx *cx, struct event *e, Str data);
/* Open and close in one go, for events that cover no entries. */
MUST_USE enum rc event_note(struct ctx *cx, const char *kind, int64_t customer_id, Str subject, Str data);

/* For verify: a chain being recomputed. */
struct chain_check {
    unsigned char previous[EVENT_HASH_SIZE];
    int64_t company_id, expected_seq;
};
void entries_digest_init(struct sha256_ctx *digest);
void entries_digest_add(struct sha256_ctx *digest, const struct covered_entry *entry);

struct event_all_row;
/* The hash this event should have after the previous one; moves the check on to the stored hash, so that one fault is
 * named once. */
void chain_expected_hash(struct chain_check *check, const struct event_all_row *row,
                         unsigned char out_hash[EVENT_HASH_SIZE]);

#endif
