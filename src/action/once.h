/* Calls that are done once however often they are sent (INV: I12): the answer is kept in the transaction of what it did. */
#ifndef ACTION_ONCE_H
#define ACTION_ONCE_H

#include "action/app.h"

#define ONCE_DIGEST 32
#define ONCE_KEY_MAX 200

struct once {
    Str key; /* as the program gave it */
    unsigned char digest[ONCE_DIGEST]; /* of method, path and body */
};
enum once_state { ONCE_NEW, ONCE_DONE, ONCE_OTHER };
/* ONCE_DONE with the kept answer; ONCE_OTHER: the key was used for something else. For the context's actor and company. Opens its
 * own transaction. */
MUST_USE enum rc once_find(struct ctx *cx, struct app *app, const struct once *once, enum once_state *out_state,
                           Str *out_answer);
/* Within the transaction of what was done; CONFLICT when another was faster. */
MUST_USE enum rc once_keep(struct ctx *cx, const struct once *once, Str answer);
/* The same in a transaction of its own, behind an action that opens its own. */
MUST_USE enum rc once_keep_after(struct ctx *cx, struct app *app, const struct once *once, Str answer);
/* Deletes what is older than a day, of all companies. */
MUST_USE enum rc once_forget(struct ctx *cx, struct app *app);

#endif
