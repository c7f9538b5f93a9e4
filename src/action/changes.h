/* What happened since: for pages that stay open, and for webhooks. Reads the timeline. */
#ifndef ACTION_CHANGES_H
#define ACTION_CHANGES_H

#include "account/token.h"
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
/* Whether a session that began to listen, to one customer or (0) to none, may go on: it is open, its person may read customers and sees
 * that one. Binds the session's actor to the context. Opens its own transaction. */
MUST_USE enum rc changes_may_listen(struct ctx *cx, struct app *app, const unsigned char session_hash[TOKEN_HASH], int64_t customer_id,
                                    bool *out_may);

#endif
