/* One sender: prepare, talk to the channel, tell what became of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "outbox/desk.h"

struct sender {
    struct desk *desk;
    struct ctx cx;
    struct db *db;
    struct channel_connection *connection;
    struct outgoing *message;
    bool granted;
};

struct outgoing *outgoing_new(int64_t action_id, int64_t customer_id, int64_t fence, Str address, bool resend) {
    struct arena *arena = arena_new();
    struct outgoing *m = ARENA_NEW(arena, struct outgoing);
    *m = (struct outgoing){.arena = arena,
                           .action_id = action_id,
                           .customer_id = customer_id,
                           .fence = fence,
                           .address = arena_str(arena, address),
                           .resend = resend};
    return m;
}

void outgoing_free(struct outgoing *m) {
    if (m->body.max) buf_done(&m->body);
    if (m->packed.max) buf_done(&m->packed);
    arena_free(m->arena);
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

/* The next prepared message whose domain may be written to now, or NULL; *wait_ms: when to look again at the latest. */
static struct outgoing *take_prepared(struct desk *d, int64_t *wait_ms) {
    for (size_t i = d->prepared_count; i > 0; i--) {
        struct outgoing *m = d->prepared[i - 1];
        int64_t wait = 0;
        bool leaves = m->is_prepared && !m->has_failed;
        if (d->pacer && leaves && !pacer_take(d->pacer, address_domain(m->address), clock_monotonic_ms(), &wait)) {
            if (wait > 0 && wait < *wait_ms) *wait_ms = wait;
            continue;
        }
        memmove(&d->prepared[i - 1], &d->prepared[i], (d->prepared_count - i) * sizeof *d->prepared);
        d->prepared_count--;
        return m;
    }
    return NULL;
}

static void wait_for_work(struct desk *d, int64_t wait_ms) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(wait_ms % MS_PER_SECOND) * 1000000;
    until.tv_sec += (time_t)(wait_ms / MS_PER_SECOND) + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&d->to_senders, &d->lock, &until);
}

/* Takes what is to be done next: a prepared message to send, or else some claimed ones to prepare. Neither: the work is
 * over. */
static size_t desk_take(struct desk *d, struct outgoing **out_send, struct outgoing *out_prepare[PREPARE_AT_ONCE]) {
    size_t n = 0, most = d->serve ? 1 : PREPARE_AT_ONCE;
    *out_send = NULL;
    pthread_mutex_lock(&d->lock);
    while (!d->broken && !d->stopping) {
        int64_t wait_ms = MS_PER_SECOND;
        *out_send = take_prepared(d, &wait_ms);
        while (!*out_send && d->work_count && n < most) out_prepare[n++] = d->work[--d->work_count];
        if (*out_send || n || (d->closed && d->prepared_count == 0)) break;
        wait_for_work(d, wait_ms);
    }
    d->busy += *out_send ? 1 : n;
    pthread_cond_signal(&d->to_writer);
    pthread_mutex_unlock(&d->lock);
    return n;
}

static void desk_put_prepared(struct desk *d, struct outgoing **messages, size_t n) {
    pthread_mutex_lock(&d->lock);
    for (size_t i = n; i > 0; i--)
        d->prepared[d->prepared_count++] = messages[i - 1]; /* the first claimed goes first */
    d->busy -= n;
    pthread_cond_broadcast(&d->to_senders);
    pthread_cond_signal(&d->to_writer);
    pthread_mutex_unlock(&d->lock);
}

static void desk_put_down(struct desk *d, const struct outgoing *m) {
    pthread_mutex_lock(&d->lock);
    d->busy--;
    if (d->pacer && m->is_prepared && !m->has_failed) {
        pacer_done(d->pacer, address_domain(m->address));
        pthread_cond_broadcast(&d->to_senders);
    }
    pthread_cond_signal(&d->to_writer);
    pthread_mutex_unlock(&d->lock);
}

/* A sender that cannot work tells the writer, who must not wait for it. */
static void desk_leave(struct desk *d) {
    pthread_mutex_lock(&d->lock);
    d->senders--;
    pthread_cond_signal(&d->to_writer);
    pthread_mutex_unlock(&d->lock);
}

/* Composes ahead, outside the writer's transaction; left unprepared when, as things stand, there is nothing to send. */
static enum rc prepare_one(struct sender *s, const struct plan_env *env, const struct snapshot_set *set,
                           struct outgoing *m) {
    struct ctx *cx = &s->cx;
    const struct planned_customer *customer = snapshot_of(set, m->customer_id);
    struct gate_answer answer;
    if (!customer) return fail(cx, INTERNAL, "customer %lld is gone", (long long)m->customer_id);
    TRY(gate_check(cx, env, customer, m->action_id, m->address, &answer));
    if (!answer.allowed) return OK;
    if (m->resend) return prepare_kept(cx, m);
    m->thread_id = arena_str(m->arena, customer->thread_id);
    return prepare_body(cx, s->desk->config, &answer.facts, answer.decision->contact->name, m);
}

/* All of them from one reading of the database. */
static enum rc prepare_all(struct sender *s, struct outgoing **messages, size_t n) {
    struct ctx *cx = &s->cx;
    int64_t ids[PREPARE_AT_ONCE];
    for (size_t i = 0; i < n; i++) ids[i] = messages[i]->customer_id;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(clock_now(cx, s->desk->config->clock, &cx->now));
    TRY(tx_begin(cx, s->db, TX_READ));
    struct plan_env env = env_at(s->desk->config->env, cx->now);
    struct snapshot_set set;
    TRY(snapshot_load_set(cx, &env.scope, ids, n, &set));
    for (size_t i = 0; i < n; i++) {
        messages[i]->has_failed = prepare_one(s, &env, &set, messages[i]) != OK;
        if (messages[i]->has_failed)
            snprintf(messages[i]->fault, sizeof messages[i]->fault, "%.250s", cx->fault.message);
    }
    return tx_commit(scope);
}

static void prepare(struct sender *s, struct outgoing **messages, size_t n) {
    if (prepare_all(s, messages, n) != OK)
        for (size_t i = 0; i < n; i++) {
            messages[i]->has_failed = true;
            snprintf(messages[i]->fault, sizeof messages[i]->fault, "%.250s", s->cx.fault.message);
        }
    arena_reset(s->cx.arena);
    desk_put_prepared(s->desk, messages, n);
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
    struct request r = {.kind = REQUEST_DROP, .message = s->message};
    if (s->message->has_failed) {
        r.kind = REQUEST_OUTCOME;
        r.result.outcome = HANDOFF_NOT_SENT;
        memcpy(r.result.reply, s->message->fault, sizeof r.result.reply);
    } else if (s->message->is_prepared) {
        hand_over(s);
        return;
    }
    desk_ask(s->desk, &r);
}

static struct sender sender_of(struct desk *desk) {
    const struct outbox_config *config = desk->config;
    return (struct sender){
        .desk = desk,
        .connection = config->driver->open(config->driver_config),
        .cx = {.arena = arena_new(), .actor = "run", .lang = "es", .company_id = config->env->policy.company_id}};
}

static void sender_work(struct sender *s) {
    struct outgoing *messages[PREPARE_AT_ONCE];
    for (;;) {
        size_t n = desk_take(s->desk, &s->message, messages);
        if (n) {
            prepare(s, messages, n);
        } else if (s->message) {
            handle(s);
            desk_put_down(s->desk, s->message);
            outgoing_free(s->message);
        } else {
            return;
        }
    }
}

void *sender_main(void *argument) {
    struct sender s = sender_of(argument);
    if (db_open(&s.cx, s.desk->config->db_url, false, &s.db) == OK)
        sender_work(&s);
    else
        desk_leave(s.desk);
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
