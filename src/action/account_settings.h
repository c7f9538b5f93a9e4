/* What aldia.conf says of accounts. */
#ifndef ACTION_ACCOUNT_SETTINGS_H
#define ACTION_ACCOUNT_SETTINGS_H

#include "account/session.h"
#include "action/app.h"

extern const struct setting session_idle_setting, session_hours_setting, four_eyes_setting;

struct session_rules app_session_rules(const struct app *app);

#endif
