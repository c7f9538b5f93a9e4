/* What the sender's page and sending itself read alike out of aldia.conf. */
#ifndef ACTION_SENDER_H
#define ACTION_SENDER_H

#include "action/env.h"

/* The usual volume (REQ: B10): of so many days back; with messages on so many of them there is such a thing; so few are never stopped. */
#define RUN_USUAL_DAYS 28
#define RUN_USUAL_AT_LEAST 3
#define RUN_VOLUME_FLOOR 20

extern const struct setting dkim_domain_setting, dkim_selector_setting, dkim_key_setting;

/* Name, address and reply address of all messages. INVALID names the setting. */
MUST_USE enum rc mail_sender_read(struct ctx *cx, struct app *app, struct outbox_config *out_config);
void mail_server_read(const struct app *app, struct smtp_config *out_config);
/* What stops every message stops a test too: CONFLICT says what. Opens its own transaction. */
MUST_USE enum rc mail_may_leave(struct ctx *cx, struct app *app, const struct mail_setup *mail);

#endif
