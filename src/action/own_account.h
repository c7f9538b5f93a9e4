/* What the actions on one's own account share: who one is, proving it by the password, going on in a new session. */
#ifndef ACTION_OWN_ACCOUNT_H
#define ACTION_OWN_ACCOUNT_H

#include "action/action.h"
#include "user_sql.h"

/* DENIED for the console and for keys, which have no account of their own. */
MUST_USE enum rc own_account(struct ctx *cx, const struct actor **out_me);
/* The present password in this parameter, counted like an attempt to sign in (BUSY after too many). Outside a transaction.
 * *out_row lives in cx->arena. */
MUST_USE enum rc own_password_check(struct ctx *cx, struct call *call, const char *param, struct user_get_row *out_row);
/* After what strengthens or changes how one proves who one is: all sessions end, a new one begins (call->new_session). Writing
 * transaction. */
MUST_USE enum rc own_session_renew(struct ctx *cx, struct call *call);

#endif
