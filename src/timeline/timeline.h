/* The timeline: one event for everything that happens, append-only and hash-chained per company (INV: I9, REQ: F5).
 *
 * An event covers the payment and the ledger entries booked under it, and through the charges the facts of documents
 * and instalments: their digest goes into its hash, so that changing one of them breaks the chain as surely as changing
 * the event. Events of one transaction are opened and closed one after the other, never nested. The canonical form that
 * is hashed stands in docs/ref/chain.md; an outsider can recompute it. */
#ifndef TIMELINE_TIMELINE_H
#define TIMELINE_TIMELINE_H

#include <nettle/sha2.h>

#include "core/date.h"
#include "core/money.h"
#include "store/db.h"

#define EVENT_HASH_SIZE 32

/* What an instalment is about: its own facts and its document's. */
struct covered_debt {
    int64_t instalment_id, document_id, document_event, customer_id, position, amount;
    int64_t is_claim; /* 1 or 0 */
    Date issue_date, due_date;
    Currency currency;
    Str number, type, reference, description, applies_to;
};

/* One ledger entry as the chain sees it. */
struct covered_entry {
    int64_t id, instalment_id;
    const char *kind;
    int64_t amount; /* minor units, signed */
    Date date;
    int64_t payment_id, other_id, reverses_id; /* 0 = none */
    const unsigned char *debt;                 /* of a charge: debt_hash() of its instalment; else NULL */
};

/* A payment as it was recorded; what was allocated since stands in entries. */
struct covered_payment {
    int64_t id, customer_id, amount;
    Date date;
    Currency currency;
    Str reference, method, bank_account, invoice_number, external_id; /* external_id.p NULL: none */
    Str fingerprint;
    int64_t occurrence;
};

/* Money paid back out of a payment, or of a credit note or an advance. */
struct covered_refund {
    int64_t id, payment_id, document_id, customer_id; /* payment or document: the other is 0 */
    Date date;
    int64_t amount;
    Str reference, method, external_id; /* external_id.p NULL: none */
};

struct event {
    int64_t seq;
    const char *kind;
    int64_t customer_id; /* 0 = none */
    Str subject;
    int64_t covered; /* rows so far */
    uint64_t volume, volume_before; /* minor units: of the entries and payments covered, and of all events before */
    struct sha256_ctx digest;
    unsigned char previous[EVENT_HASH_SIZE];
    bool is_open;
};

/* Reserves the next sequence number. Needs a writing transaction. `kind` and `subject` must outlive the event. */
MUST_USE enum rc event_open(struct ctx *cx, const char *kind, int64_t customer_id, Str subject,
                            struct event *out_event);
/* The hash of an instalment's facts. */
void debt_hash(const struct covered_debt *debt, unsigned char out_hash[EVENT_HASH_SIZE]);
/* The first eight bytes of a hash as a number: instalment.seal and entry.seal, so that a changed row can be named. */
int64_t seal_of(const unsigned char hash[EVENT_HASH_SIZE]);
/* Adds a row to what the event covers: its payment first, then entries in the order of their ids. Returns the seal. */
int64_t event_cover(struct event *e, const struct covered_entry *entry);
void event_cover_payment(struct event *e, const struct covered_payment *payment);
void event_cover_reversal(struct event *e, int64_t payment_id, Date date);
void event_cover_refund(struct event *e, const struct covered_refund *refund);
/* Writes it. `data` is a JSON object ("{}" when there is nothing to add). INVALID when with it more than VOLUME_MAX would have been
 * booked: no sum of entries or payments, of any choice, can overflow. */
#define VOLUME_MAX ((uint64_t)1 << 61)
/* The same asked ahead, before anything is written: whether `minor` more has room. */
MUST_USE enum rc event_room(struct ctx *cx, const struct event *e, int64_t minor);
MUST_USE enum rc event_close(struct ctx *cx, struct event *e, Str data);
/* Open and close in one go, for events that cover no entries. */
MUST_USE enum rc event_note(struct ctx *cx, const char *kind, int64_t customer_id, Str subject, Str data);

/* Events that cover nothing, written together: the head is read once, and moved once when the group is closed. Between
 * its first note and its close no other event may be written in the transaction. Starts as {0}. */
struct event_insert_params;
struct event_group {
    VEC_OF(struct event_insert_params) events;
    int64_t seq; /* of the last one */
    unsigned char head[EVENT_HASH_SIZE];
};
/* As event_note; the texts must live until the close. */
MUST_USE enum rc event_group_note(struct ctx *cx, struct event_group *group, const char *kind, int64_t customer_id,
                                  Str subject, Str data);
MUST_USE enum rc event_group_close(struct ctx *cx, struct event_group *group);

/* ---- for verify ---- */

/* The hash of one covered row. */
void entry_hash(const struct covered_entry *entry, unsigned char out_hash[EVENT_HASH_SIZE]);
void payment_hash(const struct covered_payment *payment, unsigned char out_hash[EVENT_HASH_SIZE]);
void reversal_hash(int64_t payment_id, Date date, unsigned char out_hash[EVENT_HASH_SIZE]);
void refund_hash(const struct covered_refund *refund, unsigned char out_hash[EVENT_HASH_SIZE]);

/* A chain being recomputed. */
struct chain_check {
    unsigned char previous[EVENT_HASH_SIZE];
    int64_t company_id, expected_seq;
};

struct event_all_row;
/* The hash this event should have after the previous one; moves the check on to the stored hash, so that one fault is
 * named once. */
void chain_expected_hash(struct chain_check *check, const struct event_all_row *row,
                         unsigned char out_hash[EVENT_HASH_SIZE]);

#endif
