/* The desk between composers, senders and the writer: two queues of messages, one of requests, one lock. Private to the
 * outbox.
 *
 *   claimed ─▶ work ─▶ composer ─▶ prepared ─▶ sender ─▶ requests ─▶ writer
 *
 * Whoever waits for an answer waits on a semaphore of its own, so that a commit wakes those it answers and nobody else.
 */
#ifndef OUTBOX_DESK_H
#define OUTBOX_DESK_H

#include <pthread.h>
#include <semaphore.h>

#include "outbox/gate.h"

#define MAX_CONNECTIONS 64
#define MAX_COMPOSERS 4
#define PREPARE_AT_ONCE 16 /* messages composed from one reading of the database */

enum request_kind {
    REQUEST_T,      /* ready for the body: may it leave? */
    REQUEST_DROP,   /* nothing to send was found: let the gate say why, and record it */
    REQUEST_OUTCOME /* what became of it */
};

struct action_standing_row;
struct request {
    struct request *next;
    enum request_kind kind;
    struct outgoing *message;
    struct handoff_result result; /* REQUEST_OUTCOME */
    bool after_t;                 /* REQUEST_OUTCOME: T had been granted */
    bool left;                    /* nobody waits: request and message are the desk's, and freed when it is done */
    bool asked;                   /* it was taken: there will be an answer */
    bool granted;                 /* answer to REQUEST_T */
    bool done;
    sem_t *answered;                            /* posted when it is done, or never will be */
    const struct action_standing_row *standing; /* REQUEST_OUTCOME, for the writer: the message's row, NULL if gone */
};

/* First in, first out: neighbours in the database are written together. */
struct outgoing_queue {
    struct outgoing *items[MAX_CONNECTIONS * 4];
    size_t count;
};

struct desk {
    const struct outbox_config *config;
    pthread_mutex_t lock;
    pthread_cond_t to_writer, to_senders, to_composers;
    struct request *first, *last;        /* waiting for the writer */
    struct outgoing_queue work;          /* claimed, waiting to be prepared */
    struct outgoing_queue prepared;      /* waiting to be sent; both have room for all that is claimed at a time */
    size_t ahead;                        /* with fewer than so many waiting the writer claims more */
    struct pacer *pacer;                 /* how fast each domain is written to; NULL: as fast as it goes */
    size_t busy;                         /* messages in the hands of composers and senders */
    int composers;                       /* threads that can work */
    bool stopping;                       /* what is in hand is finished, the rest put back */
    bool closed;                         /* no more work will come */
    bool broken;                         /* a commit failed: nothing may leave any more */
    int unreachable_in_a_row;
    /* Not NULL: everything happens in one thread, and the writer's turn is taken where an answer is needed. */
    void (*serve)(void *server);
    void *server;
    int on_their_way; /* in one thread: messages between being taken and their answer */
};

void desk_open(struct desk *desk, const struct outbox_config *config);
void desk_close(struct desk *desk);
/* Puts a request before the writer, */
void desk_put_request(struct desk *desk, struct request *request);
/* and waits for its answer. */
void desk_wait(struct desk *desk, struct request *request);
/* An outcome nobody waits for: the message, and the request, which lies in the message's arena, are the desk's from now
 * on. */
void desk_leave(struct desk *desk, struct request *request);
/* The writer's answer: these requests are done, or never will be. Frees what was left. */
void desk_answer(struct request *requests, bool done);
/* The next ones to prepare, the next one to send; waits for them if need be. 0 or NULL: the work is over. */
size_t desk_take_work(struct desk *desk, struct outgoing *out_messages[PREPARE_AT_ONCE]);
struct outgoing *desk_take_prepared(struct desk *desk);
/* Claimed messages; called with the lock held. */
void desk_put_work(struct desk *desk, struct outgoing *const *messages, size_t n);
void desk_put_prepared(struct desk *desk, struct outgoing *const *messages, size_t n);
/* A message is finished with. */
void desk_put_down(struct desk *desk, const struct outgoing *message);

/* Bodies of the threads; the argument is the desk. */
void *composer_main(void *desk);
void *sender_main(void *desk);
/* Prepares some of the work over an open connection. */
void compose(struct ctx *cx, struct desk *desk, struct db *db, struct outgoing *const *messages, size_t n);
/* Composing and sending in the caller's thread, over the writer's own database connection, until there is nothing more
 * to take. */
void sender_work_here(struct desk *desk);

struct outgoing *outgoing_new(int64_t action_id, int64_t customer_id, int64_t fence, Str address, bool resend);
void outgoing_free(struct outgoing *message);

#endif
