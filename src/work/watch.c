/* Looking at companies, one after the other, until told to end. */
#include "work/watch.h"

#include <pthread.h>

#include "account/actor.h"
#include "base/json_tree.h"
#include "base/log.h"
#include "base/priority.h"
#include "store/stmt.h"

#define COMPANIES_MAX 500

struct watch {
    const struct watch_plan *plan;
    struct app app;
    struct arena *arena;
    volatile int *stop;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool ending;
};

static bool is_ending(struct watch *w) {
    pthread_mutex_lock(&w->lock);
    bool ending = w->ending;
    pthread_mutex_unlock(&w->lock);
    return ending;
}

static enum rc list_companies(struct ctx *cx, struct watch *w, int64_t *out_ids, size_t *out_count) {
    const struct stmt_def *def = w->plan->companies;
    size_t n = 0;
    MUST(def->row_size == sizeof *out_ids);
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, w->app.db, TX_READ));
    AUTO(query_close) struct stmt *rows = NULL;
    TRY(query_open(cx, def, NULL, &rows));
    for (bool more = true; more && n < COMPANIES_MAX; n += more) TRY(query_next(cx, rows, &out_ids[n], &more));
    *out_count = n;
    query_close(&rows);
    return tx_commit(scope);
}

static enum rc ask(struct ctx *cx, const struct watch_plan *plan, struct app *app, bool *out_due) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(plan->ask(cx, app, out_due));
    return tx_commit(scope);
}

/* Failures are in the log of the action; the next look tries again. */
static void look_at(struct watch *w, int64_t company_id) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true, .company_id = company_id};
    struct app app = w->app;
    struct actor actor = actor_system(w->plan->name);
    struct json_tree result;
    bool due = false;
    app.arena = arena;
    actor_bind(&cx, &actor);
    enum rc rc = clock_now(&cx, &app.clock, &cx.now);
    if (rc == OK) rc = ask(&cx, w->plan, &app, &due);
    if (rc != OK) log_write(LOG_ERROR, w->plan->fault, "message=\"%s\"", cx.fault.message);
    if (rc != OK || !due) return;
    json_tree_init(&result, arena);
    struct call call = {.app = &app, .action = action_find(str_from(w->plan->verb)), .out = &result.writer, .stop = w->stop};
    w->plan->act(&cx, &call);
}

static void look(struct watch *w) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
    struct actor actor = actor_system(w->plan->name);
    int64_t ids[COMPANIES_MAX];
    size_t n = 0;
    actor_bind(&cx, &actor);
    if (list_companies(&cx, w, ids, &n) != OK) log_write(LOG_ERROR, w->plan->fault, "message=\"%s\"", cx.fault.message);
    for (size_t i = 0; i < n && !is_ending(w); i++) look_at(w, ids[i]);
}

static void *run(void *self) {
    struct watch *w = self;
    priority_lower();
    while (!is_ending(w)) {
        look(w);
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += w->plan->seconds;
        pthread_mutex_lock(&w->lock);
        if (!w->ending) pthread_cond_timedwait(&w->woken, &w->lock, &until);
        pthread_mutex_unlock(&w->lock);
    }
    return NULL;
}

static void free_all(struct watch *w) {
    app_close(&w->app);
    arena_free(w->arena);
    mem_free(w);
}

enum rc watch_start(struct ctx *cx, const struct watch_plan *plan, const struct app *base, volatile int *stop, struct watch **out) {
    struct watch *w = mem_alloc(sizeof *w);
    const struct rule_pack *rules;
    const struct message_library *library;
    *w = (struct watch){.plan = plan, .app = *base, .arena = arena_new(), .stop = stop};
    w->app.arena = w->arena;
    w->app.db = NULL;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->woken, NULL);
    enum rc rc = app_open_database(cx, &w->app);
    if (rc == OK) rc = app_rules(cx, &w->app, &rules);
    if (rc == OK) rc = app_library(cx, &w->app, &library);
    if (rc == OK && pthread_create(&w->thread, NULL, run, w) != 0) rc = fail(cx, INTERNAL, "could not start a thread");
    if (rc != OK) {
        free_all(w);
        return rc;
    }
    *out = w;
    return OK;
}

void watch_ask_end(struct watch *w) {
    pthread_mutex_lock(&w->lock);
    w->ending = true;
    pthread_cond_signal(&w->woken);
    pthread_mutex_unlock(&w->lock);
}

void watch_stop(struct watch *w) {
    watch_ask_end(w);
    pthread_join(w->thread, NULL);
    free_all(w);
}
