/* What a changed setting would do to the messages of the coming days, before it is kept: two rehearsals side by side. */
#ifndef ACTION_EFFECT_H
#define ACTION_EFFECT_H

#include "action/action.h"
#include "plan/planner.h"

/* Writes "effect":{"days":N,"messages":N,"moved":N,"dropped":N,"added":N,"customers":N,"any":B,"examples":[{"customer","step","from","to"}]}:
 * with the environment as it is, and as it would be. A message that is there on another day has moved. Reads only. */
MUST_USE enum rc effect_put(struct ctx *cx, struct call *call, const struct plan_env *now, const struct plan_env *then, int32_t days);

#endif
