/* One mail outside the ladder: a test, a thank-you, a forewarning (REQ: B14 D6 D7). The same channel, signature and
 * hand-over protocol as reminders; what T means for it is the caller's. */
#ifndef OUTBOX_DIRECT_H
#define OUTBOX_DIRECT_H

#include "outbox/outbox.h"

struct direct_mail {
    const struct message_text *text;
    Str to_name, to_address;
    /* T: the server is ready for the body. True: it may leave. NULL: it may. */
    bool (*ready)(void *self, const struct direct_mail *mail, Str body);
    void *self;
    Str message_id; /* given here */
};

/* Composes and hands over; blocking. INVALID when there is no such mail to be made (an address that is none). */
MUST_USE enum rc direct_send(struct ctx *cx, const struct outbox_config *config, struct direct_mail *mail,
                             struct handoff_result *out_result);

#endif
