/* Mails that ask for nothing: thanks for a payment (REQ: D7) and the forewarning to the collector (REQ: B14).
 *
 * Off unless aldia.conf says otherwise. They are no reminders: in no ladder, no count of contacts, no message list; but what
 * stops reminders (kill switch, unconfirmed instance, a hold, contact rules and caps) stops thanks too, and each is handed
 * over at most once, by the same protocol. */
#ifndef ACTION_COURTESY_H
#define ACTION_COURTESY_H

#include "action/action.h"
#include "action/env.h"

/* Plans and hands over what is due now. *out_sent: accepted; *out_ambiguous: nobody knows. Begins transactions of its own. */
MUST_USE enum rc courtesy_round(struct ctx *cx, struct call *call, const struct plan_env *env, int64_t *out_sent,
                                int64_t *out_ambiguous);

#endif
