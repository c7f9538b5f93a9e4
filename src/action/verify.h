/* The parts of `aldia verify`. Private to it. */
#ifndef ACTION_VERIFY_H
#define ACTION_VERIFY_H

#include "action/action.h"
#include "timeline/timeline.h"

#define VERIFY_MOST_DIFFERENCES 1000 /* so many are listed; the rest is counted */

struct difference {
    const char *what;
    Str id, expected, found;
};

struct verifier {
    struct ctx *cx;
    struct call *call;
    struct arena *arena; /* lives until the report is written; cx->arena is rewound meanwhile */
    VEC_OF(struct difference) list;
    int64_t count;       /* differences, also those not listed */
    int64_t done, total; /* for the progress bar */
    int64_t customers, documents, instalments, entries, payments, events, messages, strategies, files;
};

/* Notes a difference; the texts are copied. */
void verify_differs(struct verifier *v, const char *what, Str id, Str expected, Str found);
/* Bytes as hexadecimal digits, at most 64 of them, in v->cx->arena: what was tampered with may be of any length. */
Str verify_hex(const struct verifier *v, const void *bytes, size_t n);
/* Counts one row done. */
void verify_step(struct verifier *v);

/* The hash chain: every event, and everything events cover, in one pass (INV: I8 I9). */
MUST_USE enum rc verify_chain(struct verifier *v);
/* Messages: bytes against hashes, hashes against events. */
MUST_USE enum rc verify_messages(struct verifier *v);

/* Copies of documents: there, and the bytes they were. */
MUST_USE enum rc verify_files(struct verifier *v);

/* Sorts of rows of the query verify_payment_rows. */
enum { VERIFY_PAYMENT, VERIFY_REVERSAL, VERIFY_REFUND, VERIFY_CREDIT_REFUND };
struct verify_payment_rows_row;
struct verify_entries_row;
/* The hash an event covers a row by: of a payment and what became of it, of the instalment of a charge, of an entry. `debt`, the instalment's hash, is
 * for charges; of others it is not looked at. */
void verify_payment_hash(const struct verify_payment_rows_row *row, unsigned char out_hash[EVENT_HASH_SIZE]);
void verify_debt_hash(const struct verify_entries_row *row, unsigned char out_hash[EVENT_HASH_SIZE]);
void verify_entry_hash(const struct verify_entries_row *row, const unsigned char debt[EVENT_HASH_SIZE], unsigned char out_hash[EVENT_HASH_SIZE]);

#endif
