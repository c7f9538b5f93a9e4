/* Shared by why*.c only. */
#ifndef PLAN_WHY_PARTS_H
#define PLAN_WHY_PARTS_H

#include "plan/why.h"
#include "strategy/decide.h"

/* An instalment of the document asked about. */
struct why_instalment {
    int64_t id;
    Str number;
    int32_t position, count;
    bool is_claim;
    int64_t open; /* on the day asked about */
    Date settled; /* when open came down to zero; DATE_NONE */
};

/* The reasons in one list, so that none is told twice: a customer may have thousands. */
struct why_told {
    const why_lines *of;
    uint32_t *slots; /* open addressing; position in the list + 1 */
    size_t capacity; /* a power of two */
};

struct why {
    struct ctx *cx;
    const struct plan_env *env;
    struct why_subject subject;
    Date date;
    int32_t run_minute;
    const struct why_gate *gate;
    VEC_OF(struct why_instalment) own; /* of the document */
    struct why_answer *answer;
    why_lines rest; /* events of the day, before there is a decision to tell them with */
    struct why_told told;
    size_t item; /* of the customer's, which the reason before was about: reasons come in the order of items */
};

/* why.c: a decision list of one customer into the answer, as far as it concerns the subject. */
void why_take(struct why *w, const struct planned_customer *customer, const struct decision_list *list);
bool why_is_own(const struct why *w, int64_t instalment_id);
struct why_decision *why_add(struct why *w, enum verdict verdict);

/* why_past.c: what was done and recorded on the day; the decision of that day, made again. */
MUST_USE enum rc why_records(struct why *w);
MUST_USE enum rc why_then(struct why *w);

#endif
