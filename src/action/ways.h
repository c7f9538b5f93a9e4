/* The company's ways to pay, read for messages and documents. */
#ifndef ACTION_WAYS_H
#define ACTION_WAYS_H

#include "base/ctx.h"
#include "message/way_types.h"

/* All of them in their order, in cx->arena; needs a transaction. */
MUST_USE enum rc ways_load(struct ctx *cx, const struct message_way **out_ways, size_t *out_count);

#endif
