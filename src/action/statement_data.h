/* A customer's statement read from the ledger, for every face it has. */
#ifndef ACTION_STATEMENT_DATA_H
#define ACTION_STATEMENT_DATA_H

#include "action/app.h"
#include "document/statement_doc.h"

/* As of the end of a day, in cx->arena, with logo, address and payment code. Needs a transaction. */
MUST_USE enum rc statement_load(struct ctx *cx, struct app *app, int64_t customer_id, Date at,
                                struct statement_doc *out_doc);
/* The company's own logo, else the one aldia.conf names, in cx->arena; NULL: none. INVALID for a file that is no usable picture. Any
 * transaction, or none. */
extern const struct setting logo_setting;
MUST_USE enum rc logo_load(struct ctx *cx, const struct app *app, const struct pdf_image **out_logo);

#endif
