/* What every action that lives through coming days does first. */
#include "action/rehearsing.h"

#define SHOWN_MOST 10000 /* of a progress whose end nobody knows */

enum rc rehearsing_span(struct ctx *cx, struct call *call, Date from, int32_t usual, int32_t most, struct rehearsal_span *out) {
    int64_t days = arg_int(call, "days", usual), limit = most ? most : REHEARSAL_DAYS_MAX;
    if (days < 1 || days > limit)
        return fail_field(cx, INVALID, "days", "90 is usual", "days must be from 1 to %d", (int)limit);
    *out = (struct rehearsal_span){.from = from, .days = (int32_t)days, .run_minute = call->app->company.run_minute};
    return OK;
}

struct telling {
    const struct call *call;
    const char *what;
};

static void looked_at(void *self, int64_t customers) {
    const struct telling *t = self;
    if (t->call->progress) t->call->progress(t->call->self, t->what, customers % SHOWN_MOST, SHOWN_MOST);
}

enum rc rehearsing_run(struct ctx *cx, struct call *call, const struct plan_env *env, const struct rehearsal_span *span, const char *what,
                       struct rehearsal *out) {
    struct telling telling = {call, what};
    return rehearse(cx, env, span, call->app->data_dir, looked_at, &telling, out);
}
