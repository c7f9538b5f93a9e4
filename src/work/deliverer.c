/* A look every second at each company that has a webhook. */
#include "work/deliverer.h"

#include "base/log.h"
#include "scheduler_sql.h"
#include "webhook_sql.h"

#define TURN_SECONDS "10" /* of one company, before the next has its turn */

static enum rc ask(struct ctx *cx, struct app *app, bool *out_due) {
    struct webhook_work_row work;
    TRY(webhook_work(cx, &work));
    *out_due = work.hooks > 0;
    return *out_due ? app_company(cx, app) : OK;
}

static void deliver(struct ctx *cx, struct call *call) {
    enum rc rc = call_set(cx, call, &call->action->params[0], S(TURN_SECONDS));
    if (rc == OK) rc = call_run(cx, call);
    log_write(rc == OK ? LOG_DEBUG : LOG_WARN, "webhooks_delivered", "company=%.*s code=%s", STR_ARG(call->app->company.code),
              rc_name(rc));
}

const struct watch_plan deliverer_plan = {.name = "webhooks",
                                          .fault = "webhooks_failed",
                                          .seconds = 1,
                                          .companies = &schedule_hook_companies_def,
                                          .ask = ask,
                                          .act = deliver,
                                          .verb = "webhook deliver"};
