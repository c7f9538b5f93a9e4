/* Composers: read, decide, compose, ahead of the senders and outside the writer's transaction.
 *
 * A few threads with a database connection each; composing is work for the processor, so more of them would only be in
 * each other's way. */
#include <stdio.h>

#include "outbox/desk.h"

/* Left unprepared when, as things stand, there is nothing to send. */
static enum rc prepare_one(struct ctx *cx, const struct desk *d, const struct plan_env *env,
                           const struct snapshot_set *set, struct outgoing *m) {
    const struct planned_customer *customer = snapshot_of(set, m->customer_id);
    struct gate_answer answer;
    if (!customer) return fail(cx, INTERNAL, "customer %lld is gone", (long long)m->customer_id);
    TRY(gate_check(cx, env, customer, m->action_id, m->address, &answer));
    if (!answer.allowed) return OK;
    if (m->resend) return prepare_kept(cx, m);
    m->thread_id = arena_str(m->arena, customer->thread_id);
    return prepare_body(cx, d->config, &answer.facts, answer.decision->contact->name, m);
}

static void note_fault(const struct ctx *cx, struct outgoing *m) {
    m->has_failed = true;
    snprintf(m->fault, sizeof m->fault, "%.250s", cx->fault.message);
}

/* All of them from one reading of the database. */
static enum rc prepare_all(struct ctx *cx, const struct desk *d, struct db *db, struct outgoing *const *messages,
                           size_t n) {
    int64_t ids[PREPARE_AT_ONCE];
    for (size_t i = 0; i < n; i++) ids[i] = messages[i]->customer_id;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(clock_now(cx, d->config->clock, &cx->now));
    TRY(tx_begin(cx, db, TX_READ));
    struct plan_env env = env_at(d->config->env, cx->now);
    struct snapshot_set set;
    TRY(snapshot_load_set(cx, &env.scope, ids, n, &set));
    for (size_t i = 0; i < n; i++)
        if (prepare_one(cx, d, &env, &set, messages[i]) != OK) note_fault(cx, messages[i]);
    return tx_commit(scope);
}

void compose(struct ctx *cx, struct desk *d, struct db *db, struct outgoing *const *messages, size_t n) {
    if (prepare_all(cx, d, db, messages, n) != OK)
        for (size_t i = 0; i < n; i++) note_fault(cx, messages[i]);
    arena_reset(cx->arena);
    desk_put_prepared(d, messages, n);
}

static void work(struct ctx *cx, struct desk *d, struct db *db) {
    struct outgoing *messages[PREPARE_AT_ONCE];
    for (size_t n; (n = desk_take_work(d, messages)) > 0;) compose(cx, d, db, messages, n);
}

/* One that cannot work tells the writer, who must not wait for it. */
static void give_up(struct desk *d) {
    pthread_mutex_lock(&d->lock);
    d->composers--;
    pthread_cond_signal(&d->to_writer);
    pthread_mutex_unlock(&d->lock);
}

void *composer_main(void *argument) {
    struct desk *d = argument;
    struct ctx cx = {
        .arena = arena_new(), .actor = "run", .lang = "es", .lang_unsaid = true, .company_id = d->config->env->policy.company_id};
    struct db *db = NULL;
    if (db_open(&cx, d->config->db_url, false, &db) == OK)
        work(&cx, d, db);
    else
        give_up(d);
    db_close(db);
    arena_free(cx.arena);
    return NULL;
}
