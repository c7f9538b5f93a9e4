/* From a call to the days it wants lived through. */
#ifndef ACTION_REHEARSING_H
#define ACTION_REHEARSING_H

#include "action/action.h"
#include "action/env.h"
#include "plan/rehearse.h"

/* The span of --days (`usual` if not given, `most` at most; 0: as many as can be) from `from`, at the hour jobs run. INVALID names the field. */
MUST_USE enum rc rehearsing_span(struct ctx *cx, struct call *call, Date from, int32_t usual, int32_t most, struct rehearsal_span *out_span);
/* rehearse() with the caller's progress told in `what`. */
MUST_USE enum rc rehearsing_run(struct ctx *cx, struct call *call, const struct plan_env *env, const struct rehearsal_span *span,
                                const char *what, struct rehearsal *out_rehearsal);

#endif
