/* The helpers of views (view.h lists them). `self` is a struct page_terms. */
#ifndef WEB_HELPERS_H
#define WEB_HELPERS_H

#include "web/view.h"

bool page_helper(void *self, struct ctx *cx, const struct mustache_scope *scope, Str name, struct value *out_value);

#endif
