/* The rounds of a serving process: each company's daily one at its run_at, and another when messages wait whose time has come.
 *
 * It calls the action `run` as a timer would: leases, fences and the writers' lock make it indifferent who else calls it. */
#ifndef WORK_SCHEDULER_H
#define WORK_SCHEDULER_H

#include "action/app.h"

struct scheduler;

/* A thread with a database handle of its own. *stop set ends a round that is under way early. */
MUST_USE enum rc scheduler_start(struct ctx *cx, const struct app *base, volatile int *stop, struct scheduler **out_scheduler);
/* No new round begins. */
void scheduler_ask_end(struct scheduler *s);
/* Waits for the one under way and frees everything. */
void scheduler_stop(struct scheduler *s);

/* Whether a round is due. `last` INSTANT_NONE: there was none; `last_day`: its civil day. */
struct round_question {
    int32_t minute, run_minute; /* of the company's civil day */
    Date today, last_day;
    Instant now, last;
    int64_t ready; /* messages whose time has come */
};
bool round_is_due(const struct round_question *q);

#endif
