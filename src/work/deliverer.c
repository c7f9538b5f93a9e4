/* A look every second at each company that has a webhook. */
#include "work/deliverer.h"

#include <pthread.h>

#include "account/actor.h"
#include "action/action.h"
#include "base/json_tree.h"
#include "base/log.h"
#include "base/priority.h"
#include "scheduler_sql.h"
#include "webhook_sql.h"

#define LOOK_SECONDS 1
#define TURN_SECONDS "10" /* of one company, before the next has its turn */
#define COMPANIES_MAX 500

struct deliverer {
    struct app app;
    struct arena *arena;
    volatile int *stop;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool ending;
};

static bool is_ending(struct deliverer *d) {
    pthread_mutex_lock(&d->lock);
    bool ending = d->ending;
    pthread_mutex_unlock(&d->lock);
    return ending;
}

static enum rc list_companies(struct ctx *cx, struct app *app, int64_t *out_ids, size_t *out_count) {
    size_t n = 0;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    AUTO(schedule_hook_companies_close) struct schedule_hook_companies_cursor cursor;
    TRY(schedule_hook_companies_open(cx, &cursor));
    for (bool more = true; more && n < COMPANIES_MAX;) {
        struct schedule_hook_companies_row row;
        TRY(schedule_hook_companies_next(cx, &cursor, &row, &more));
        if (more) out_ids[n++] = row.company_id;
    }
    *out_count = n;
    schedule_hook_companies_close(&cursor);
    return tx_commit(scope);
}

static enum rc ask(struct ctx *cx, struct app *app, bool *out_due) {
    struct webhook_work_row work;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(webhook_work(cx, &work));
    if (work.hooks) TRY(app_company(cx, app));
    *out_due = work.hooks > 0;
    return tx_commit(scope);
}

/* Failures are in the log of the action; the next look tries again. */
static void look_at(struct deliverer *d, int64_t company_id) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true, .company_id = company_id};
    struct app app = d->app;
    struct actor actor = actor_system("webhooks");
    struct json_tree result;
    bool due = false;
    app.arena = arena;
    actor_bind(&cx, &actor);
    enum rc rc = clock_now(&cx, &app.clock, &cx.now);
    if (rc == OK) rc = ask(&cx, &app, &due);
    if (rc != OK) log_write(LOG_ERROR, "webhooks_failed", "message=\"%s\"", cx.fault.message);
    if (rc != OK || !due) return;
    json_tree_init(&result, arena);
    struct call call = {.app = &app, .action = action_find(S("webhook deliver")), .out = &result.writer, .stop = d->stop};
    if (call_set(&cx, &call, &call.action->params[0], S(TURN_SECONDS)) == OK) rc = call_run(&cx, &call);
    log_write(rc == OK ? LOG_DEBUG : LOG_WARN, "webhooks_delivered", "company=%.*s code=%s", STR_ARG(app.company.code), rc_name(rc));
}

static void look(struct deliverer *d) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
    struct actor actor = actor_system("webhooks");
    int64_t ids[COMPANIES_MAX];
    size_t n = 0;
    actor_bind(&cx, &actor);
    if (list_companies(&cx, &d->app, ids, &n) != OK) log_write(LOG_ERROR, "webhooks_failed", "message=\"%s\"", cx.fault.message);
    for (size_t i = 0; i < n && !is_ending(d); i++) look_at(d, ids[i]);
}

static void *run(void *self) {
    struct deliverer *d = self;
    priority_lower();
    while (!is_ending(d)) {
        look(d);
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += LOOK_SECONDS;
        pthread_mutex_lock(&d->lock);
        if (!d->ending) pthread_cond_timedwait(&d->woken, &d->lock, &until);
        pthread_mutex_unlock(&d->lock);
    }
    return NULL;
}

static void free_all(struct deliverer *d) {
    app_close(&d->app);
    arena_free(d->arena);
    mem_free(d);
}

enum rc deliverer_start(struct ctx *cx, const struct app *base, volatile int *stop, struct deliverer **out) {
    struct deliverer *d = mem_alloc(sizeof *d);
    const struct rule_pack *rules;
    const struct message_library *library;
    d->arena = arena_new();
    d->stop = stop;
    d->app = *base;
    d->app.arena = d->arena;
    d->app.db = NULL;
    d->app.rules = NULL;
    d->app.library = NULL;
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->woken, NULL);
    enum rc rc = app_open_database(cx, &d->app);
    if (rc == OK) rc = app_rules(cx, &d->app, &rules);
    if (rc == OK) rc = app_library(cx, &d->app, &library);
    if (rc == OK && pthread_create(&d->thread, NULL, run, d) != 0) rc = fail(cx, INTERNAL, "could not start a thread");
    if (rc != OK) {
        free_all(d);
        return rc;
    }
    *out = d;
    return OK;
}

void deliverer_stop(struct deliverer *d) {
    pthread_mutex_lock(&d->lock);
    d->ending = true;
    pthread_cond_signal(&d->woken);
    pthread_mutex_unlock(&d->lock);
    pthread_join(d->thread, NULL);
    free_all(d);
}
