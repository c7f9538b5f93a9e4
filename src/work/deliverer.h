/* Webhooks in a serving process: a thread that sends what waits, so that neither a page nor the daily round ever does.
 *
 * It calls the action `webhook deliver` as a timer would; a lock makes it indifferent who else calls it. */
#ifndef WORK_DELIVERER_H
#define WORK_DELIVERER_H

#include "action/app.h"

struct deliverer;

/* A thread with a database handle of its own. *stop set cuts off what is under way: it is sent again later. */
MUST_USE enum rc deliverer_start(struct ctx *cx, const struct app *base, volatile int *stop, struct deliverer **out_deliverer);
void deliverer_stop(struct deliverer *d);

#endif
