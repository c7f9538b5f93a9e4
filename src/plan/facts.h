/* From a decision to what its message says. */
#ifndef PLAN_FACTS_H
#define PLAN_FACTS_H

#include "plan/planner.h"

/* The facts of a SEND decision, in `arena`; everything the text depends on is in them. */
struct message_facts facts_of(struct arena *arena, const struct plan_env *env, const struct planned_customer *customer,
                              const struct decision *decision);

/* Who is written to by that channel: the first contact it reaches; NULL: nobody. */
const struct contact *facts_contact(const struct snapshot *snapshot, enum channel_kind channel);
/* Of a message that no step asks for (thanks, a preview): every issued open item is listed, none performs a step. The
 * contact may be NULL. */
struct message_facts facts_about(struct arena *arena, const struct plan_env *env,
                                 const struct planned_customer *customer, const struct contact *contact, Str kind);

#define FACTS_PRINT_SIZE 32
/* SHA-256 over all of it: equal prints mean equal bytes (compose is deterministic). */
void facts_print(const struct message_facts *facts, unsigned char out_print[FACTS_PRINT_SIZE]);

#endif
