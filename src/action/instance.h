/* Is this the installation that sends, or a copy of it (INV: I15)? */
#ifndef ACTION_INSTANCE_H
#define ACTION_INSTANCE_H

#include "action/app.h"

/* Compares the database with the file beside it and with the hand-off journal; changes nothing. False after a copy, a
 * move, a restore, and when any of the three is older than the others or gone. */
MUST_USE enum rc instance_check(struct ctx *cx, struct app *app, bool *out_genuine);
/* Writes the file beside the database anew after something was handed over, so that an older copy of the whole folder
 * put over this one is told apart. A failure does no harm and is left aside. */
void instance_renew(struct ctx *cx, struct app *app);
/* Makes this installation the live one: a new identity in the database and beside it, and everything the journal knows
 * that the database does not is marked as handed over. Within no transaction. *out_restored: messages taken from the
 * journal. */
MUST_USE enum rc instance_adopt(struct ctx *cx, struct app *app, int64_t *out_restored);
/* The first identity, at init; needs a writing transaction for the row, and writes the file. */
MUST_USE enum rc instance_create(struct ctx *cx, struct app *app);

#endif
