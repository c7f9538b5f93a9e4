/* Money paid back (INV: I8 I18): what of a payment was not used, or what is left of a credit note or an advance, goes back to the
 * customer, as a row of its own under its own event.
 *
 * payment.amount = allocated + unapplied + refunded; of a document the ledger takes it too, by entries of kind `credit` that have no other
 * side. Nothing undoes a refund: one that comes back is a new payment. Whoever calls has seen to the second person. Needs a writing
 * transaction. */
#ifndef PORTFOLIO_REFUND_H
#define PORTFOLIO_REFUND_H

#include "core/date.h"
#include "store/db.h"

struct refund_new {
    int64_t payment_id, document_id; /* one of them is 0 */
    int64_t amount;                  /* minor units of the payment's or document's currency, > 0 */
    Date date, today;                /* not before the payment or document and not after today */
    Str reference, method, reason;
    Str external_id; /* empty = none */
};

struct refund_booked {
    int64_t id, left; /* left: what of the payment or document is still unused */
    bool duplicate;   /* external_id was known with the same source, amount and day: nothing was booked */
};

/* NOT_FOUND for a payment there is not or that the caller may not see; CONFLICT when it is reversed, or the external_id is known with
 * other contents; INVALID when more would go back than is left of it. */
MUST_USE enum rc payment_refund(struct ctx *cx, const struct refund_new *refund, struct refund_booked *out_booked);
/* The same of a credit note or an advance that the caller has looked up; INVALID for a document that is owed to the company. */
MUST_USE enum rc credit_refund(struct ctx *cx, const struct refund_new *refund, struct refund_booked *out_booked);

#endif
