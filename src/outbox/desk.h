/* The desk between senders and the writer: a list of work, a list of requests, one lock. Private to the outbox. */
#ifndef OUTBOX_DESK_H
#define OUTBOX_DESK_H

#include <pthread.h>

#include "outbox/gate.h"

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
    struct outgoing **work;       /* claimed, waiting for a sender */
    size_t work_count, work_room;
    size_t busy; /* senders with a message in hand */
    bool closed; /* no more work will come */
    bool broken; /* a commit failed: nothing may leave any more */
    int unreachable_in_a_row;
    /* Not NULL: everything happens in one thread, and a request is served where it is asked. */
    void (*serve)(void *server, struct request *request);
    void *server;
};

/* Puts a request before the writer; waits for the answer unless it is an outcome of which the sender needs none. */
void desk_ask(struct desk *desk, struct request *request);
/* The next message, or NULL when there will be none. */
struct outgoing *desk_take(struct desk *desk);

/* A sender thread's body; the argument is the desk. */
void *sender_main(void *desk);
/* The same over the writer's own database connection, in the caller's thread, until desk_take has nothing more. */
void sender_work_here(struct desk *desk);

struct outgoing *outgoing_new(int64_t action_id, int64_t customer_id, int64_t fence, Str address, bool resend);
void outgoing_free(struct outgoing *message);

#endif
