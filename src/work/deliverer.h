/* Webhooks in a serving process: a thread (watch.h) sends what waits, so that neither a page nor the daily round ever does.
 *
 * It calls the action `webhook deliver`; a lock makes it indifferent who else calls it. What is cut off is sent again later. */
#ifndef WORK_DELIVERER_H
#define WORK_DELIVERER_H

#include "work/watch.h"

extern const struct watch_plan deliverer_plan;

#endif
