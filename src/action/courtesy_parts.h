/* Between planning courtesies and handing them over. Private to courtesy*.c. */
#ifndef ACTION_COURTESY_PARTS_H
#define ACTION_COURTESY_PARTS_H

#include "action/courtesy.h"

#define FOREWARNED_MAX 200 /* lines in the mail; the count is of all */

struct sends {
    struct arena *arena;
    struct {
        struct message_send *items;
        size_t count, capacity;
    } list;
    size_t total;
};

/* Rows for what is due; need a writing transaction. */
MUST_USE enum rc thanks_plan(struct ctx *cx, const struct plan_env *env);
MUST_USE enum rc forewarning_plan(struct ctx *cx, struct call *call, const struct plan_env *env);
/* What the rounds of tomorrow would send. Needs a transaction. */
MUST_USE enum rc forewarning_sends(struct ctx *cx, struct call *call, const struct plan_env *env, struct sends *out);

#endif
