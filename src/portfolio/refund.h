/* Money paid back (INV: I8 I18): what of a payment was not used goes back to the customer, as a row of its own under its own event.
 *
 * payment.amount = allocated + unapplied + refunded. Nothing undoes a refund: one that comes back is a new payment. Whoever calls
 * has seen to the second person. Needs a writing transaction. */
#ifndef PORTFOLIO_REFUND_H
#define PORTFOLIO_REFUND_H

#include "core/date.h"
#include "store/db.h"

struct refund_new {
    int64_t payment_id, amount; /* minor units of the payment's currency, > 0 */
    Date date, today;           /* not before the payment and not after today */
    Str reference, method, reason;
    Str external_id; /* empty = none */
};

struct refund_booked {
    int64_t id, unapplied; /* what is left of the payment */
    bool duplicate;        /* external_id was known with the same payment, amount and day: nothing was booked */
};

/* NOT_FOUND for a payment there is not or that the caller may not see; CONFLICT when it is reversed, or the external_id is known with
 * other contents; INVALID when more would go back than is left of it. */
MUST_USE enum rc payment_refund(struct ctx *cx, const struct refund_new *refund, struct refund_booked *out_booked);

#endif
