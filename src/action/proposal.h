/* Four eyes (INV: I18): a call of an action that needs a second person is tried and undone, so that its faults are told at
 * once, and kept; it is run when another person approves it.
 *
 * Nobody approves what they proposed themselves: a key is whoever made it, and the console, whoever sits there, is one
 * person. Before a strategy is activated nothing goes out, and nothing needs a second person; nor where aldia.conf says
 * four_eyes = off. */
#ifndef ACTION_PROPOSAL_H
#define ACTION_PROPOSAL_H

#include "action/action.h"

/* Whether anything has to wait for a second person here and now. Any transaction. */
MUST_USE enum rc proposals_apply(struct ctx *cx, const struct app *app, bool *out_apply);
/* Whether this call must wait. Any transaction. */
MUST_USE enum rc proposal_wanted(struct ctx *cx, const struct call *call, bool *out_wanted);
/* Tries the call, undoes it and keeps it; writes {"proposal":ID,"status":"open",…}. In the call's writing transaction. */
MUST_USE enum rc proposal_make(struct ctx *cx, struct call *call, Str object);

#endif
