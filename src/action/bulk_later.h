/* A change to many customers that goes on when nobody waits for it: kept with how far it is, worked through set by set by the server, seen by
 * whoever asks, ended by whoever cancels it. A server that was killed goes on where it was: each set and how far it is are one transaction. */
#ifndef ACTION_BULK_LATER_H
#define ACTION_BULK_LATER_H

#include "action/app.h"

struct bulk_step {
    bool any; /* false: nothing is to be done */
    int64_t company_id, user_id;
    int64_t done, customers;
    bool is_over; /* this was its last set */
};
/* Works on one set of the oldest, with the rights of whoever began it as they are now. The context needs no company and no actor of its own; what
 * cannot go on is marked as failed, with the reason. BUSY: another writer was in the way; INTERNAL. */
MUST_USE enum rc bulk_work(struct ctx *cx, struct app *app, struct bulk_step *out);

#endif
