/* A strategy for the eye. */
#ifndef ACTION_STRATEGY_PAGE_H
#define ACTION_STRATEGY_PAGE_H

#include "action/action.h"
#include "strategy/strategy.h"

/* "steps": with place and words of each; "due_x": where the due date stands. */
void strategy_put_steps(struct ctx *cx, struct json_writer *w, const struct strategy *strategy);

#endif
