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
};

/* why.c: a decision list of one customer into the answer, as far as it concerns the subject. */
void why_take(struct why *w, const struct planned_customer *customer, const struct decision_list *list);
bool why_is_own(const struct why *w, int64_t instalment_id);
struct why_decision *why_add(struct why *w, enum verdict verdict);

/* why_past.c: what was done and recorded on the day; the decision of that day, made again. */
MUST_USE enum rc why_records(struct why *w);
MUST_USE enum rc why_then(struct why *w);

#endif
