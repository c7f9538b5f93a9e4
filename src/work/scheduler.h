/* The rounds of a serving process, a thread (watch.h): each company's daily one at its run_at, and another when messages wait whose time has come.
 *
 * It calls the action `run`: leases, fences and the writers' lock make it indifferent who else calls it. */
#ifndef WORK_SCHEDULER_H
#define WORK_SCHEDULER_H

#include "work/watch.h"

extern const struct watch_plan scheduler_plan;

/* Whether a round is due. `last` INSTANT_NONE: there was none; `last_day`: its civil day. */
struct round_question {
    int32_t minute, run_minute; /* of the company's civil day */
    Date today, last_day;
    Instant now, last;
    int64_t ready; /* messages whose time has come */
};
bool round_is_due(const struct round_question *q);

#endif
