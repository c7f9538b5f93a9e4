/* What activating would do, before it does it (REQ: B16). */
#ifndef PLAN_ACTIVATION_H
#define PLAN_ACTIVATION_H

#include "plan/planner.h"

struct activation_preview {
    int64_t customers; /* with something open */
    int64_t will_send; /* messages the next run would hand over */
    int64_t deferred;  /* messages that would wait for an allowed moment */
    int64_t tasks;
    int64_t before_activation; /* (instalment, step) pairs scheduled before the watermark: never sent */
    int64_t held;
};

/* Reads and decides, writes nothing. The env's policy carries the watermark to try (ignore_watermark). Needs a
 * transaction. */
MUST_USE enum rc activation_preview(struct ctx *cx, const struct plan_env *env, struct activation_preview *out_preview);

#endif
