/* One sender: prepare, talk to the channel, tell what became of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outbox/desk.h"

struct sender {
    struct desk *desk;
    struct ctx cx;
    struct db *db;
    struct channel_connection *connection;
    struct outgoing *message;
    bool granted;
};

static Str heap_str(Str s) {
    char *copy = mem_alloc(s.n + 1);
    if (s.n) memcpy(copy, s.p, s.n);
    return (Str){copy, s.n};
}

static void heap_str_free(Str *s) {
    char *block;
    memcpy(&block, &s->p, sizeof block);
    mem_free(block);
    *s = (Str){NULL, 0};
}

struct outgoing *outgoing_new(int64_t action_id, int64_t customer_id, int64_t fence, Str address, bool resend) {
    struct outgoing *m = mem_alloc(sizeof *m);
    *m = (struct outgoing){.action_id = action_id,
                           .customer_id = customer_id,
                           .fence = fence,
                           .address = heap_str(address),
                           .resend = resend};
    return m;
}

void outgoing_free(struct outgoing *m) {
    heap_str_free(&m->address);
    if (m->body.max) buf_done(&m->body);
    if (m->packed.max) buf_done(&m->packed);
    mem_free(m);
}

void desk_ask(struct desk *d, struct request *r) {
    if (d->serve) {
        if (!d->broken) d->serve(d->server, r);
        if (!r->done) r->granted = false;
        return;
    }
    pthread_mutex_lock(&d->lock);
    r->next = NULL;
    *(d->last ? &d->last->next : &d->first) = r;
    d->last = r;
    pthread_cond_signal(&d->to_writer);
    while (!r->done && !d->broken) pthread_cond_wait(&d->to_senders, &d->lock);
    if (!r->done) r->granted = false;
    pthread_mutex_unlock(&d->lock);
}

struct outgoing *desk_take(struct desk *d) {
    struct outgoing *m = NULL;
    pthread_mutex_lock(&d->lock);
    while (d->work_count == 0 && !d->closed && !d->broken) pthread_cond_wait(&d->to_senders, &d->lock);
    if (d->work_count && !d->broken) {
        m = d->work[--d->work_count];
        d->busy++;
        pthread_cond_signal(&d->to_writer);
    }
    pthread_mutex_unlock(&d->lock);
    return m;
}

static void desk_put_down(struct desk *d) {
    pthread_mutex_lock(&d->lock);
    d->busy--;
    pthread_cond_signal(&d->to_writer);
    pthread_mutex_unlock(&d->lock);
}

/* Reads and composes ahead, outside the writer's transaction. False: as things stand there is nothing to send. */
static enum rc prepare(struct sender *s, bool *out_sendable) {
    struct ctx *cx = &s->cx;
    const struct outbox_config *config = s->desk->config;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(clock_now(cx, config->clock, &cx->now));
    TRY(tx_begin(cx, s->db, TX_READ));
    struct plan_env env = env_at(config->env, cx->now);
    struct gate_answer answer;
    struct planned_customer customer;
    TRY(snapshot_load_one(cx, &env.scope, s->message->customer_id, &customer));
    TRY(gate_check(cx, &env, &customer, s->message->action_id, s->message->address, &answer));
    *out_sendable = answer.allowed;
    if (answer.allowed && s->message->resend) {
        TRY(prepare_kept(cx, s->message));
    } else if (answer.allowed) {
        s->message->thread_id = customer.thread_id;
        TRY(prepare_body(cx, config, &answer.facts, answer.decision->contact->name, s->message));
    }
    return tx_commit(scope);
}

/* The channel is ready for the body: T. */
static bool ready(void *self, Str *out_body) {
    struct sender *s = self;
    struct request r = {.kind = REQUEST_T, .message = s->message};
    desk_ask(s->desk, &r);
    s->granted = r.granted;
    if (r.granted) *out_body = buf_str(&s->message->body);
    return r.granted;
}

static void hand_over(struct sender *s) {
    const struct outbox_config *config = s->desk->config;
    s->granted = false;
    struct handoff handoff = {.from = config->from_address, .to = s->message->address, .ready = ready, .self = s};
    struct request outcome = {.kind = REQUEST_OUTCOME, .message = s->message};
    config->driver->hand_off(s->connection, &handoff, &outcome.result);
    outcome.after_t = s->granted;
    if (outcome.result.outcome != HANDOFF_REFUSED) desk_ask(s->desk, &outcome);
}

static void handle(struct sender *s) {
    bool sendable = false;
    enum rc rc = prepare(s, &sendable);
    if (rc == OK && sendable) {
        hand_over(s);
        return;
    }
    struct request r = {.kind = REQUEST_DROP, .message = s->message};
    if (rc != OK) {
        r.kind = REQUEST_OUTCOME;
        r.result.outcome = HANDOFF_NOT_SENT;
        snprintf(r.result.reply, sizeof r.result.reply, "%.250s", s->cx.fault.message);
    }
    desk_ask(s->desk, &r);
}

static struct sender sender_of(struct desk *desk) {
    const struct outbox_config *config = desk->config;
    return (struct sender){.desk = desk,
                           .connection = config->driver->open(config->driver_config),
                           .cx = {.arena = arena_new(),
                                  .actor = "run",
                                  .lang = "es",
                                  .company_id = config->env->policy.company_id}};
}

static void sender_work(struct sender *s) {
    while ((s->message = desk_take(s->desk))) {
        handle(s);
        outgoing_free(s->message);
        arena_reset(s->cx.arena);
        desk_put_down(s->desk);
    }
}

void *sender_main(void *argument) {
    struct sender s = sender_of(argument);
    if (db_open(&s.cx, s.desk->config->db_url, false, &s.db) == OK) sender_work(&s);
    s.desk->config->driver->close(s.connection);
    db_close(s.db);
    arena_free(s.cx.arena);
    return NULL;
}

void sender_work_here(struct desk *desk) {
    struct sender s = sender_of(desk);
    s.db = desk->config->db;
    sender_work(&s);
    desk->config->driver->close(s.connection);
    arena_free(s.cx.arena);
}
