/* Why, and why not: every reason for and against contact about a customer or an invoice on a day (REQ: B13).
 *
 * Today is decided as a run now would; a later day after living through the rounds until then; of an earlier day what
 * was done and recorded is told, and the decision is made again from what was known then. */
#ifndef PLAN_WHY_H
#define PLAN_WHY_H

#include "plan/planner.h"

struct why_subject {
    int64_t customer_id;
    int64_t document_id; /* 0: the customer as a whole */
};

/* A reason, or an event of the timeline. */
struct why_line {
    struct reason reason;
    Str number; /* of the document the reason is about; empty: the customer */
    int32_t position, instalment_count;
    Str event; /* kind, "promise.made"; then `at` and `detail` go with it and `reason` means nothing */
    Instant at;
    Str detail; /* JSON as recorded */
};

typedef VEC_OF(struct why_line) why_lines;

struct why_decision {
    enum verdict verdict;
    Str step; /* empty: none */
    Date scheduled;
    enum channel_kind channel;
    Instant next_allowed;
    why_lines lines;
};

struct why_answer {
    Date date;
    VEC_OF(struct why_decision) decisions;
    bool is_of_now;                   /* it was decided from … */
    struct planned_customer customer; /* … the customer as of now */
};

/* What holds for all messages at this moment (kill switch, instance, stale data), asked by the caller; it counts for
 * today only. */
struct why_gate {
    bool closed;
    enum reason_code code;
};

/* In cx->arena. Needs a transaction. */
MUST_USE enum rc why_explain(struct ctx *cx, const struct plan_env *env, const struct why_subject *subject, Date date,
                             int32_t run_minute, const struct why_gate *gate, struct why_answer *out_answer);

#endif
