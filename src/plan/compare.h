/* Two rehearsals side by side: which messages and tasks one has and the other has not, and for whom (REQ: B12).
 *
 * The one idea: what a rehearsal sends is kept as eight bytes a message, so that portfolios of any size fit. */
#ifndef PLAN_COMPARE_H
#define PLAN_COMPARE_H

#include "plan/rehearse.h"

struct comparison {
    int64_t same, gone, added; /* messages and tasks */
    int64_t customers;         /* for whom anything differs */
};

enum difference { DIFFERENCE_GONE, DIFFERENCE_ADDED };
typedef enum rc comparison_visit(struct ctx *cx, void *self, enum difference difference, const struct rehearsed *what);

/* Calls `visit` for what only `before` has, then for what only `after` has, each by date; the same date, customer, step,
 * channel, tone and kind are the same thing. */
MUST_USE enum rc rehearsals_compare(struct ctx *cx, const struct rehearsal *before, const struct rehearsal *after,
                                    comparison_visit *visit, void *self, struct comparison *out_comparison);

#endif
