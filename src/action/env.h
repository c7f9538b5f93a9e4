/* From an installation to what planning and sending need. */
#ifndef ACTION_ENV_H
#define ACTION_ENV_H

#include "action/app.h"
#include "channel/smtp.h"
#include "outbox/gate.h"
#include "outbox/outbox.h"
#include "plan/planner.h"

/* Strategies, rules and company of this moment, in cx->arena. Needs a transaction. */
MUST_USE enum rc env_build(struct ctx *cx, struct app *app, struct plan_env *out_env);

/* A channel ready for outbox_run; opens the journal. INVALID names the setting that is missing. */
struct mail_setup {
    struct outbox_config config;
    struct smtp_config smtp;
    struct journal journal;
    bool has_journal;
    struct dkim_key *dkim;
};
MUST_USE enum rc mail_open(struct ctx *cx, struct app *app, const struct plan_env *env, struct mail_setup *out_setup);
/* The same settings alone: nothing is opened or read. */
MUST_USE enum rc mail_settings_check(struct ctx *cx, struct app *app);
/* The moment from which the data count as stale; INT64_MAX: never. */
MUST_USE enum rc data_fresh_until(struct ctx *cx, struct app *app, int64_t *out_ms);
void mail_close(struct mail_setup *setup);
bool mail_is_captured(const struct app *app);

extern const struct setting letters_setting, stale_data_hours_setting, volume_limit_factor_setting, contact_profile_setting;

extern const struct setting mail_thanks_setting, mail_forewarning_setting;

#endif
