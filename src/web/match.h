/* Changes that are sure of what they change: If-Match, for programs. Forms have theirs (page_form.c).
 *
 * What the caller saw is read again within the transaction that changes it, so that between look and deed nobody else comes. */
#ifndef WEB_MATCH_H
#define WEB_MATCH_H

#include "web/exchange.h"

struct match {
    struct exchange *x;
    Str wanted;                  /* tags; p == NULL: none */
    const struct action *reader; /* whose value the tag is of */
    struct call *form;           /* its parameters are taken from this call */
    bool failed;                 /* it was something else */
};
/* The reading action of the resource a path changes: /customers/C1/hold changes /customers/C1. NULL: none. */
const struct action *match_reader(struct exchange *x, Str path);
/* CONFLICT with m->failed when it is not the same any more. As struct call's `before`, or called ahead of an action that opens its
 * own transaction. */
MUST_USE enum rc match_check(struct ctx *cx, struct match *m);

#endif
