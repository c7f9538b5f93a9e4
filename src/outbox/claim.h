/* Who claims: an identity that tells whether the claimer still lives. */
#ifndef OUTBOX_CLAIM_H
#define OUTBOX_CLAIM_H

#include "base/ctx.h"

/* "machine:boot:pid:start", of this process. */
Str claimer_self(struct ctx *cx);
/* True when the claimer ran on this machine and its process is gone (or the machine was started anew): its claims are
 * free at once. False when it lives, or is another machine's and nobody can tell. */
bool claimer_is_dead(struct ctx *cx, Str claimer);

#endif
