/* A look every twenty seconds at each company. */
#include "work/scheduler.h"

#include "action_sql.h"
#include "base/log.h"
#include "scheduler_sql.h"

#define AGAIN_MS (10 * MS_PER_MINUTE)

bool round_is_due(const struct round_question *q) {
    if (q->minute < q->run_minute) return false;
    if (instant_is_none(q->last) || date_compare(q->last_day, q->today) < 0) return true;
    return q->ready > 0 && q->now.ms - q->last.ms >= AGAIN_MS;
}

static enum rc ask(struct ctx *cx, struct app *app, bool *out_due) {
    struct schedule_last_round_row last;
    struct actions_ready_count_row ready;
    bool found;
    TRY(app_company(cx, app));
    TRY(schedule_last_round(cx, &last, &found));
    TRY(actions_ready_count(cx, &(struct actions_ready_count_params){.letters = false}, &ready));
    struct local_time local = zone_local(app->company.zone, cx->now);
    *out_due = round_is_due(&(struct round_question){.minute = local.second / 60,
                                                     .run_minute = app->company.run_minute,
                                                     .today = local.date,
                                                     .last_day = found ? last.civil_date : DATE_NONE,
                                                     .now = cx->now,
                                                     .last = found ? last.started_at : INSTANT_NONE,
                                                     .ready = ready.count});
    return OK;
}

static void begin_round(struct ctx *cx, struct call *call) {
    const struct company *company = &call->app->company;
    if (company->language.n) cx->lang = arena_cstr(cx->arena, company->language);
    log_write(LOG_INFO, "round_begins", "company=%.*s", STR_ARG(company->code));
    enum rc rc = call_run(cx, call);
    log_write(LOG_INFO, "round_ended", "company=%.*s code=%s", STR_ARG(company->code), rc_name(rc));
}

const struct watch_plan scheduler_plan = {.name = "scheduler",
                                          .fault = "schedule_failed",
                                          .seconds = 20,
                                          .companies = &schedule_companies_def,
                                          .ask = ask,
                                          .act = begin_round,
                                          .verb = "run"};
