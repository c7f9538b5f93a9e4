/* From a decision to what its message says. */
#ifndef PLAN_FACTS_H
#define PLAN_FACTS_H

#include "plan/planner.h"

/* The facts of a SEND decision, in `arena`; everything the text depends on is in them. */
struct message_facts facts_of(struct arena *arena, const struct plan_env *env, const struct planned_customer *customer,
                              const struct decision *decision);

#define FACTS_PRINT_SIZE 32
/* SHA-256 over all of it: equal prints mean equal bytes (compose is deterministic). */
void facts_print(const struct message_facts *facts, unsigned char out_print[FACTS_PRINT_SIZE]);

#endif
