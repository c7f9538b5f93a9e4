/* The desk between senders and the writer: a list of work, a list of requests, one lock. Private to the outbox. */
#ifndef OUTBOX_DESK_H
#define OUTBOX_DESK_H

#include <pthread.h>

#include "outbox/gate.h"

#define PREPARE_AT_ONCE 8 /* messages composed from one reading of the database */

enum request_kind {
    REQUEST_T,      /* ready for the body: may it leave? */
    REQUEST_DROP,   /* the sender found nothing to send: let the gate say why, and record it */
    REQUEST_OUTCOME /* what became of it */
};

struct request {
    struct request *next;
    enum request_kind kind;
    struct outgoing *message;
    struct handoff_result result; /* REQUEST_OUTCOME */
    bool after_t;                 /* REQUEST_OUTCOME: T had been granted */
    bool granted;                 /* answer to REQUEST_T */
    bool done;
};

struct desk {
    const struct outbox_config *config;
    pthread_mutex_t lock;
    pthread_cond_t to_writer, to_senders;
    struct request *first, *last; /* waiting for the writer */
    struct outgoing **work;       /* claimed, waiting to be prepared */
    struct outgoing **prepared;   /* waiting to be sent; both have room for all that is claimed at a time */
    size_t work_count, prepared_count;
    struct pacer *pacer; /* how fast each domain is written to; NULL: as fast as it goes */
    size_t busy;         /* messages in the hands of senders */
    int senders;         /* threads that can work */
    bool stopping;       /* what is in hand is finished, the rest put back */
    bool closed;         /* no more work will come */
    bool broken;         /* a commit failed: nothing may leave any more */
    int unreachable_in_a_row;
    /* Not NULL: everything happens in one thread, and a request is served where it is asked. */
    void (*serve)(void *server, struct request *request);
    void *server;
};

/* Puts a request before the writer; waits for the answer unless it is an outcome of which the sender needs none. */
void desk_ask(struct desk *desk, struct request *request);
/* A sender thread's body; the argument is the desk. */
void *sender_main(void *desk);
/* The same over the writer's own database connection, in the caller's thread, until there is nothing more to take. */
void sender_work_here(struct desk *desk);

struct outgoing *outgoing_new(int64_t action_id, int64_t customer_id, int64_t fence, Str address, bool resend);
void outgoing_free(struct outgoing *message);

#endif
