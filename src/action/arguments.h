/* A call's arguments kept as text, so that it can be run later: by the second person of a proposal, by a server that works through a long list. */
#ifndef ACTION_ARGUMENTS_H
#define ACTION_ARGUMENTS_H

#include "action/action.h"

/* {"NAME":["TEXT",…],…}: what was given, as it was given. In cx->arena. */
Str arguments_text(struct ctx *cx, const struct call *call);
/* Gives a call of the same action those arguments. INVALID when the action no longer takes them. */
MUST_USE enum rc arguments_read(struct ctx *cx, struct call *call, Str text);

#endif
