/* What the writer does within a transaction. Private to the outbox. */
#ifndef OUTBOX_WRITER_H
#define OUTBOX_WRITER_H

#include "outbox/desk.h"

typedef VEC_OF(struct outgoing *) VecOfOutgoing;

struct writing {
    struct ctx *cx;
    const struct outbox_config *config;
    struct outbox_counts *counts;  /* of this transaction; added up when it is committed */
    struct plan_env env;           /* of this moment */
    struct snapshot_set customers; /* of all that ask for T, read once */
    Date today;
    int64_t claimed_up_to; /* action ids looked at so far */
    struct arena *keep;
};

/* Reads what the requests' T's need to know, all in one go. */
MUST_USE enum rc writer_begin(struct writing *w, const struct request *requests);
/* One request; r->granted is meant only after the commit. */
MUST_USE enum rc writer_handle(struct writing *w, struct request *r);
/* Claims up to `room` ready messages. *out_more: there may be others. */
MUST_USE enum rc writer_claim(struct writing *w, size_t room, VecOfOutgoing *out, bool *out_more);

#endif
