/* The engine: what to do about one customer, and why (domain.md section 3).
 *
 * Pure: same arguments, same answer; memory from `arena` only. REQ: B1 B3 B4 B6 B7 B13 B16, D3, D4. */
#ifndef STRATEGY_DECIDE_H
#define STRATEGY_DECIDE_H

#include "strategy/strategy_types.h"

/* Decisions for now. With `explain` every reason for and against is given, for `why`; without it only those that hold back or
 * choose something, which is faster. */
struct decision_list decide(struct arena *arena, const struct snapshot *snapshot, const struct strategy *strategy,
                            const struct policy *policy, bool explain);

#endif
