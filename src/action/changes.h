/* What happened since: for pages that stay open, and for webhooks. Reads the timeline. */
#ifndef ACTION_CHANGES_H
#define ACTION_CHANGES_H

#include "action/app.h"

struct change {
    int64_t seq, customer_id; /* 0 = none */
    Instant at;
    Str kind, actor, subject, data, customer_code;
};
struct changes {
    struct change *items;
    size_t count;
    int64_t latest; /* the company's last event, whether or not it is among the items */
};
/* Events of cx->company_id after a sequence number, oldest first, `limit` at most; in cx->arena. Opens its own
 * transaction. */
MUST_USE enum rc changes_since(struct ctx *cx, struct app *app, int64_t after, int limit, struct changes *out_changes);
/* The id of a customer the actor may see; NOT_FOUND. Opens its own transaction. */
MUST_USE enum rc changes_customer(struct ctx *cx, struct app *app, Str code, int64_t *out_id);

#endif
