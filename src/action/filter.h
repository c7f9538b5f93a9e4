/* Filters people keep: a list as they look at it, under a name. */
#ifndef ACTION_FILTER_H
#define ACTION_FILTER_H

#include "action/action.h"

/* "filters":[{"id","name","query","shared","mine","default","owner"}]: the caller's own and those shared with everybody. Needs a transaction. */
MUST_USE enum rc put_filters(struct ctx *cx, struct json_writer *w, const char *key, Str list);
/* The query the caller begins a list with, "" without. Needs a transaction. */
MUST_USE enum rc filter_default(struct ctx *cx, Str list, Str *out_query);

#endif
