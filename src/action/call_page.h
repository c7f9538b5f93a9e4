/* What the call panel shows. */
#ifndef ACTION_CALL_PAGE_H
#define ACTION_CALL_PAGE_H

#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"

/* The whole value of `call show`; task 0: a call nobody asked for. Needs a transaction. */
MUST_USE enum rc call_put_page(struct ctx *cx, struct call *call, int64_t customer_id, int64_t task);
/* next_task, next_customer, next_name, next_currency, next_total of the call that comes after this one; nothing is written when none is
 * left. */
MUST_USE enum rc call_put_next(struct ctx *cx, struct call *call, int64_t task);

#endif
