/* Promises to pay: kept, partly kept or broken is decided by the ledger alone (REQ: F2 F3, INV: I6). */
#ifndef CASEWORK_PROMISE_H
#define CASEWORK_PROMISE_H

#include "core/date.h"
#include "core/money.h"
#include "store/db.h"

struct promise_new {
    int64_t customer_id;
    Money amount;
    Date date; /* last day of the promise */
    Str source;
    const int64_t *document_ids; /* what it covers; none: the oldest open items up to the amount */
    size_t document_count;
    Date today;
};

/* Pauses the strategy for what it covers until its date. INVALID when nothing open is covered. */
MUST_USE enum rc promise_add(struct ctx *cx, const struct promise_new *promise, int64_t *out_id);
/* Decides every promise whose day is over or whose money came in, and writes the events. */
MUST_USE enum rc promise_settle_due(struct ctx *cx, Date today);

#endif
