/* Who asks: from what a browser or a program brings to the actor bound to the context (REQ: L2). The faces' only door to sessions, keys
 * and signing in; each opens its own transactions. */
#ifndef ACTION_IDENTITY_H
#define ACTION_IDENTITY_H

#include "account/key.h"
#include "account/sign_in.h"
#include "action/app.h"

/* A use that should be written down at leisure: writing may have to wait for an import. */
struct identity_touch {
    bool is_session, is_key;
    struct session session;
    struct key_found key;
};
/* Finds the session of a cookie's token, or the key of a header; *out_found false: nobody. The actor goes to *out_actor, which
 * the caller binds. */
MUST_USE enum rc identity_by_session(struct ctx *cx, struct app *app, Str token, Str address, struct actor *out_actor,
                                     struct identity_touch *out_touch, bool *out_found);
MUST_USE enum rc identity_by_key(struct ctx *cx, struct app *app, Str text, Str address, struct actor *out_actor,
                                 struct identity_touch *out_touch, bool *out_found);
MUST_USE enum rc identity_touch_write(struct ctx *cx, struct app *app, const struct identity_touch *touch);
/* A person or a key asked for what they may not: for the audit. Fails silently: the refusal stands either way. */
void identity_note_refused(struct ctx *cx, struct app *app, const char *verb);
/* The company of the bound actor into the app. */
MUST_USE enum rc identity_company(struct ctx *cx, struct app *app);

#endif
