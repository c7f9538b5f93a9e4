/* What a changed strategy means for whom: differences of two rehearsals, paired to before and after (REQ: B12).
 *
 * A message of the same step for the same customer that is there before and after, but another day, tone or channel, is one change and
 * not two. */
#ifndef PLAN_EFFECT_H
#define PLAN_EFFECT_H

#include "plan/compare.h"

enum effect_kind { EFFECT_NEW, EFFECT_GONE, EFFECT_DAY, EFFECT_TONE, EFFECT_CHANNEL, EFFECT_OTHER, EFFECT_KINDS };
const char *effect_kind_name(enum effect_kind kind); /* "new", "gone", "day", "tone", "channel", "other" */

struct effect_side {
    Date date; /* DATE_NONE: not there */
    Str kind, channel, tone;
    Money total;
};
struct effect {
    enum effect_kind kind;
    Str customer, step;
    struct effect_side before, after;
};

struct effect_list {
    struct arena *arena;
    VEC_OF(struct effect) items; /* paired: by day, then customer */
    size_t max;                  /* so many differences are kept; 0: EFFECTS_MAX */
    int64_t left_out;            /* differences beyond that: counted by nobody */
    int64_t by_kind[EFFECT_KINDS];
};
#define EFFECTS_MAX 50000

/* A comparison_visit; `self` is the list. */
enum rc effect_add(struct ctx *cx, void *self, enum difference difference, const struct rehearsed *what);
/* Once all are there. */
void effects_pair(struct effect_list *list);

#endif
