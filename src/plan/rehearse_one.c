/* One customer through the days of a rehearsal, to a day whose messages are wanted whole. */
#include "plan/ahead.h"
#include "plan/rehearse.h"

struct looking {
    struct ctx *cx;
    struct plan_env env;
    const struct planned_customer *customer;
    Date day;
    rehearsed_message_visit *visit;
    void *self;
    enum rc rc;
};

static void happens(void *self, Date today, enum ahead_event event, const struct decision *d) {
    struct looking *l = self;
    bool message = event == AHEAD_SENT || event == AHEAD_APPROVAL || event == AHEAD_TEST;
    if (!message || date_compare(today, l->day) != 0 || l->rc != OK) return;
    l->rc = l->visit(l->cx, l->self, &l->env, l->customer, d);
}

enum rc rehearse_day_of(struct ctx *cx, const struct plan_env *env, const struct rehearsal_span *span, int64_t customer_id, Date day,
                        rehearsed_message_visit *visit, void *self) {
    struct planned_customer customer;
    struct ahead ahead;
    Date first = first_round_day(cx, env, span->run_minute, span->from);
    int32_t away = date_diff(day, first);
    if (away < 0 || away > REHEARSAL_DAYS_MAX) return fail_field(cx, INVALID, "on", NULL, "that day is not among those to be rehearsed");
    TRY(snapshot_load_one(cx, &env->scope, customer_id, &customer));
    struct looking l = {.cx = cx, .env = *env, .customer = &customer, .day = day, .visit = visit, .self = self};
    rehearsal_assume(cx->arena, &l.env.book, span->from);
    AUTO(arena_release) struct arena *scratch = arena_new();
    ahead_begin(&ahead, cx->arena, scratch, &l.env, &customer, (size_t)away + 1, round_instant(cx, env, span->run_minute, first));
    for (Date at = first; !date_is_none(at) && date_compare(at, day) <= 0 && l.rc == OK;) {
        Instant now = round_instant(cx, env, span->run_minute, at);
        l.env.scope.today = l.env.policy.today = at;
        l.env.policy.now = now;
        at = ahead_round(&ahead, now, happens, &l);
    }
    return l.rc;
}
