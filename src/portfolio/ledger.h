/* The ledger: the only code that changes what is open (domain.md 1–2, INV: I5 I8 I9).
 *
 * Every change is an entry under an open event; the cached balance of the instalment moves in the same statement batch,
 * and the database refuses to let it leave 0..amount. Needs a writing transaction. */
#ifndef PORTFOLIO_LEDGER_H
#define PORTFOLIO_LEDGER_H

#include "core/date.h"
#include "core/money.h"
#include "store/db.h"
#include "timeline/timeline.h"

struct ledger_entry {
    int64_t instalment_id;
    const char *kind; /* a literal among entry.kind */
    int64_t amount;   /* signed minor units in the instalment's currency; never 0 */
    Date date;
    int64_t payment_id, other_id, reverses_id; /* 0 = none */
};

/* Books one entry. CONFLICT when the instalment would leave 0..amount. */
MUST_USE enum rc ledger_post(struct ctx *cx, struct event *event, const struct ledger_entry *entry);

struct payment_new {
    int64_t customer_id;
    Date date;
    Money amount; /* > 0 */
    Str reference, method, bank_account;
    Str external_id;     /* empty = none */
    Str invoice_number;  /* empty = oldest due first */
    int64_t document_id; /* of that invoice; 0 = none named */
    int32_t occurrence;  /* which of several identical ones of a file; 0 = the next one, always booked */
    Date today;          /* company's civil day: money without a named invoice pays only what is issued by then */
};

/* Fills customer_id and document_id from the codes. NOT_FOUND for an unknown customer or invoice, INVALID when the
 * invoice is another customer's or in another currency; field and hint are set. Copies nothing. */
MUST_USE enum rc payment_resolve(struct ctx *cx, Str customer_code, struct payment_new *payment);

struct payment_booked {
    int64_t id;
    bool duplicate; /* known already: nothing was booked */
    int64_t allocated, unapplied;
    int64_t event_seq;
};

/* Records money received and allocates it: the named invoice's oldest open instalments, else oldest due first among the
 * customer's issued items (disputed ones last); the rest stays unapplied. Books once per external_id, and once per
 * (identical fields, occurrence). CONFLICT when the external_id is known with other contents. Writes its own event. */
MUST_USE enum rc payment_record(struct ctx *cx, const struct payment_new *payment, struct payment_booked *out_booked);
/* Undoes every allocation by reversal entries dated today; the payment stays, marked. CONFLICT when it is reversed
 * already or something of it was paid back, NOT_FOUND. */
MUST_USE enum rc payment_reverse(struct ctx *cx, int64_t payment_id, Str reason, Date today);

/* Gives up what is open of a claim, or `amount` of it (0 = all): an entry and its event. *out_amount is what was written off;
 * 0 when nothing is open. INVALID when `amount` is above what is open. Whoever calls has seen to the second person. */
struct write_off {
    int64_t instalment_id, amount;
    Str number, reason; /* number: of the document, for the event */
    Date today;
};
MUST_USE enum rc debt_write_off(struct ctx *cx, const struct write_off *w, int64_t *out_amount);
/* Takes every write-off of an instalment back by reversals, as when it is paid after all; `amount` is not looked at.
 * *out_amount is what is owed again. */
MUST_USE enum rc debt_reinstate(struct ctx *cx, const struct write_off *w, int64_t *out_amount);

/* Takes up to `limit` (0 = all) from an open credit note or advance to an open claim of the same customer and currency.
 * *out_moved may be 0. */
MUST_USE enum rc credit_apply(struct ctx *cx, struct event *event, int64_t credit_instalment_id,
                              int64_t claim_instalment_id, Date date, int64_t *out_moved);

#endif
