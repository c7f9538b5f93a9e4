/* A strategy for the eye. */
#ifndef ACTION_STRATEGY_PAGE_H
#define ACTION_STRATEGY_PAGE_H

#include "action/action.h"
#include "strategy/strategy_draft.h"

/* What a draft adds to its steps, by place; all zero: nothing. */
struct step_marks {
    const bool *unsaved; /* one a step */
    const struct draft_finding *findings;
    size_t finding_count;
};
/* "steps": with place and words of each; "due_x": where the due date stands. */
void strategy_put_steps(struct ctx *cx, struct json_writer *w, const struct strategy *strategy, const struct step_marks *marks);
/* "Dâ7", "D", "D+14". */
Str strategy_day_text(struct arena *arena, int32_t offset);

/* "changes": what differs, field by field. */
void strategy_put_diff(struct ctx *cx, struct json_writer *w, const char *key, const struct strategy_draft *before,
                       const struct strategy_draft *after);
/* A member for every field of a step, as text. */
void strategy_put_fields(struct json_writer *w, const struct draft_step *step);
/* One object: field, code, value, other, and the same as a sentence for programs. */
void strategy_put_finding(struct json_writer *w, const struct draft_finding *finding);

#endif
