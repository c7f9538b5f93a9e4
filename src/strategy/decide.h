/* The engine: what to do about one customer, and why (domain.md section 3).
 *
 * Pure: same arguments, same answer; memory from `arena` only. REQ: B1 B3 B4 B6 B7 B13 B16, D3, D4. */
#ifndef STRATEGY_DECIDE_H
#define STRATEGY_DECIDE_H

#include "strategy/strategy_types.h"

/* The task "complete the contact data", planned when a message is due and nobody can be reached. It belongs to no strategy; its
 * occurrence is a fingerprint of the contacts' addresses and their states, so that each situation gives one task while any item that
 * carries it stays open. */
#define CONTACT_DATA_STEP "contact-data"
extern const struct step contact_data_step;

/* Decisions for now. With `explain` every reason for and against is given, for `why`; without it only those that hold back or
 * choose something, which is faster. */
struct decision_list decide(struct arena *arena, const struct snapshot *snapshot, const struct strategy *strategy,
                            const struct policy *policy, bool explain);

#endif
