/* What every customer owes, in sums: what lists and totals of two hundred thousand customers are answered from.
 *
 * A cache of the ledger, current to a named entry and day; nobody decides by it, and figures of one customer are always read from the
 * ledger itself. It is made when first asked for and kept from then on: an installation without pages pays nothing. */
#ifndef PORTFOLIO_STANDING_H
#define PORTFOLIO_STANDING_H

#include "base/ctx.h"
#include "core/date.h"

/* Whether it is there and tells of every entry and of today. Needs a transaction. */
MUST_USE enum rc standing_is_current(struct ctx *cx, Date today, bool *out_current);
/* Brings it up to the ledger and the day, from the changes alone where they are few. Needs a writing transaction. */
MUST_USE enum rc standing_refresh(struct ctx *cx, Date today);
/* The same, if anybody has asked for it before. */
MUST_USE enum rc standing_keep(struct ctx *cx, Date today);

#endif
