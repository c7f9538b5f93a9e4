/* Work that may wait, in a thread of its own: noting when sessions and keys were used, a renewed certificate, old rows, changes to
 * many customers. A page never waits for a writer because of these. */
#ifndef WEB_HOUSEKEEPER_H
#define WEB_HOUSEKEEPER_H

#include "action/identity.h"
#include "web/server.h"

MUST_USE enum rc housekeeper_start(struct ctx *cx, struct server *s);
void housekeeper_stop(struct server *s);
/* Takes a copy; dropped when too many wait, which costs a minute's precision. */
void housekeeper_touch(struct server *s, const struct identity_touch *touch);
/* Has a company's sums made anew (action/desk.h), once however often it is asked. `self` is the server. */
void housekeeper_catch_up(void *self, int64_t company_id);

/* The certificate is read again at once, whether its files look changed or not. */
void housekeeper_read_certificate(struct server *s);

#endif
