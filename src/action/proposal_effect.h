/* What approving a proposal would change: what is there now and what would be, field by field. */
#ifndef ACTION_PROPOSAL_EFFECT_H
#define ACTION_PROPOSAL_EFFECT_H

#include "action/action.h"
#include "base/json_tree.h"

/* Writes "effect":[{"field":…,"was":…,"will":…}] or, for sums, [{"field":…,"currency":…,"amount_was":…,"amount_will":…}]; empty when nothing of
 * it is there any more. `arguments` as they were given. Any transaction. */
MUST_USE enum rc proposal_put_effect(struct ctx *cx, struct json_writer *w, Str verb, Str object, const struct value *arguments);

#endif
