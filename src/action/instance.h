/* Is this the installation that sends, or a copy of it (INV: I15)? */
#ifndef ACTION_INSTANCE_H
#define ACTION_INSTANCE_H

#include "action/app.h"
#include "outbox/journal.h"

/* Compares the database with the file beside it and with the journal; changes nothing. `journal` may be NULL. */
MUST_USE enum rc instance_check(struct ctx *cx, struct app *app, const struct journal *journal, bool *out_genuine);
/* Makes this installation the live one: a new identity in the database and beside it, and everything the journal knows
 * that the database does not is marked as handed over. Within no transaction. *out_restored: messages taken from the
 * journal. */
MUST_USE enum rc instance_adopt(struct ctx *cx, struct app *app, int64_t *out_restored);
/* The first identity, at init; needs a writing transaction for the row, and writes the file. */
MUST_USE enum rc instance_create(struct ctx *cx, struct app *app);

#endif
