/* The parts of a customer's page, written into the object of `customer show`. */
#ifndef ACTION_CUSTOMER_PAGE_H
#define ACTION_CUSTOMER_PAGE_H

#include "action/action.h"

/* sums, unapplied, items, promises, disputes, holds, waiting, timeline. Needs a transaction. */
MUST_USE enum rc customer_put_page(struct ctx *cx, struct call *call, int64_t id);
/* "next": what would be done about the customer today, with the first reasons (the value of `why`). Needs a transaction. */
MUST_USE enum rc customer_put_next(struct ctx *cx, struct call *call, int64_t id, Str code);

/* "ageing": five buckets with place and width in a bar a thousand wide. */
void put_ageing(struct json_writer *w, const int64_t amounts[5], Currency currency);

#endif
