/* What the writer does within a transaction. Private to the outbox. */
#ifndef OUTBOX_WRITER_H
#define OUTBOX_WRITER_H

#include "outbox/desk.h"

#include "timeline/timeline.h"

typedef VEC_OF(struct outgoing *) VecOfOutgoing;

/* A message that may leave, and why. */
struct grant {
    const struct outgoing *message;
    const struct decision *decision;
};

struct action_set_handing_params;
struct action_set_outcome_params;
struct message_body_put_params;

struct writing {
    struct ctx *cx;
    const struct outbox_config *config;
    struct outbox_counts *counts;  /* of this transaction; added up when it is committed */
    struct plan_env env;           /* of this moment */
    bool open;                     /* what holds for all messages; else why not */
    enum reason_code closed_by;
    struct snapshot_set customers; /* of all that ask for T, read once */
    Date today;
    int64_t claimed_up_to; /* action ids looked at so far */
    struct arena *keep;
    /* What all of them write, gathered for one statement each. */
    struct event_group events;
    VEC_OF(struct grant) grants;
    VEC_OF(struct action_set_handing_params) handing;
    VEC_OF(struct message_body_put_params) bodies;
    VEC_OF(struct action_set_outcome_params) outcomes;
};

/* Reads what the requests need to know, all in one go. */
MUST_USE enum rc writer_begin(struct writing *w, struct request *requests);
/* One request; r->granted is meant only after the commit. */
MUST_USE enum rc writer_handle(struct writing *w, struct request *r);
/* Writes what was gathered, before anything else is read. */
MUST_USE enum rc writer_flush(struct writing *w);
/* Claims up to `room` ready messages. *out_more: there may be others. */
MUST_USE enum rc writer_claim(struct writing *w, size_t room, VecOfOutgoing *out, bool *out_more);

#endif
