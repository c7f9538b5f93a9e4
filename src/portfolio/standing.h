/* What every customer owes, in sums: what lists and totals of two hundred thousand customers are answered from.
 *
 * A cache of the ledger, current to a named entry and day; nobody decides by it, and figures of one customer are always read from the
 * ledger itself. It is made when first asked for and kept from then on: an installation without pages pays nothing. */
#ifndef PORTFOLIO_STANDING_H
#define PORTFOLIO_STANDING_H

#include "base/ctx.h"
#include "core/date.h"

/* How it stands to the ledger and the day: tells of every entry and of today; does so after a moment's work; after seconds of work, as
 * on another day with a hundred thousand instalments; was never made. */
enum standing_state { STANDING_CURRENT, STANDING_NEARLY, STANDING_BEHIND, STANDING_MISSING };
/* Needs a transaction. */
MUST_USE enum rc standing_look(struct ctx *cx, Date today, enum standing_state *out_state);
/* Brings it up to the ledger and the day, from the changes alone where they are few. Needs a writing transaction. */
MUST_USE enum rc standing_refresh(struct ctx *cx, Date today);
/* The same, if anybody has asked for it before. */
MUST_USE enum rc standing_keep(struct ctx *cx, Date today);
/* After a customer got another collector or seller: whose they are is found by these rows. */
MUST_USE enum rc standing_reassign(struct ctx *cx, int64_t customer_id);

#endif
