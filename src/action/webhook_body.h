/* What deliveries of webhooks say: the event as `timeline show` tells it, and the thing it is about as the API shows it now. */
#ifndef ACTION_WEBHOOK_BODY_H
#define ACTION_WEBHOOK_BODY_H

#include "action/app.h"
#include "hook/webhook.h"
#include "webhook_sql.h"

/* Settings of the group Webhooks as rules; texts in cx->arena. */
struct hook_rules;
MUST_USE enum rc webhook_rules(struct ctx *cx, struct app *app, struct hook_rules *out_rules);
/* After so many days without success it is given up. */
int64_t webhook_days(const struct app *app);

/* The body of one delivery, in cx->arena. Within a reading transaction; for the webhook's own actor, whatever the context's. */
MUST_USE enum rc webhook_body(struct ctx *cx, struct app *app, const struct webhook_get_row *hook,
                              const struct webhook_due_row *delivery, Str *out_body);

/* A webhook by the number in parameter `id`, its texts in cx->arena; NOT_FOUND. */
struct call;
MUST_USE enum rc look_up_webhook(struct ctx *cx, const struct call *call, struct webhook_get_row *out_hook);

#endif
