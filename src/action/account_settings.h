/* What aldia.conf says of accounts. */
#ifndef ACTION_ACCOUNT_SETTINGS_H
#define ACTION_ACCOUNT_SETTINGS_H

#include "account/oidc.h"
#include "account/session.h"
#include "action/app.h"

extern const struct setting session_idle_setting, session_hours_setting, four_eyes_setting;

/* Where people may sign on instead, as aldia.conf has it; `own_url` is ours, without a slash at the end. False: nowhere. */
bool app_oidc_provider(struct ctx *cx, const struct app *app, Str own_url, struct oidc_provider *out_provider);
struct session_rules app_session_rules(const struct app *app);

#endif
