/* The bytes that were handed over, as they are kept (REQ: C1, INV: I7). */
#ifndef OUTBOX_KEPT_H
#define OUTBOX_KEPT_H

#include "store/db.h"

#define KEPT_MAX ((size_t)32 * 1024 * 1024)

/* SHA-256 over the bytes of a message, as action.body_hash has it. */
void kept_hash(Str bytes, unsigned char out_hash[32]);
/* Deflated bytes back to what they were, in cx->arena. INTERNAL when they are damaged or larger than KEPT_MAX. */
MUST_USE enum rc kept_unpack(struct ctx *cx, Str packed, Str *out_bytes);
/* The bytes of an action's message, in cx->arena, checked against the hash taken when they were handed over. NOT_FOUND
 * when there are none; INTERNAL when they are not what was handed over. Needs a transaction. */
MUST_USE enum rc kept_load(struct ctx *cx, int64_t action_id, Str body_hash, Str *out_bytes);

#endif
