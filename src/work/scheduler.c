/* A look every twenty seconds at each company. */
#include "work/scheduler.h"

#include <pthread.h>

#include "account/actor.h"
#include "action/action.h"
#include "action_sql.h"
#include "base/json_tree.h"
#include "base/log.h"
#include "base/priority.h"
#include "scheduler_sql.h"

#define LOOK_SECONDS 20
#define AGAIN_MS (10 * MS_PER_MINUTE)
#define COMPANIES_MAX 500

struct scheduler {
    struct app app;
    struct arena *arena;
    volatile int *stop;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool ending;
};

bool round_is_due(const struct round_question *q) {
    if (q->minute < q->run_minute) return false;
    if (instant_is_none(q->last) || date_compare(q->last_day, q->today) < 0) return true;
    return q->ready > 0 && q->now.ms - q->last.ms >= AGAIN_MS;
}

static bool is_ending(struct scheduler *s) {
    pthread_mutex_lock(&s->lock);
    bool ending = s->ending;
    pthread_mutex_unlock(&s->lock);
    return ending;
}

static enum rc list_companies(struct ctx *cx, struct app *app, int64_t *out_ids, size_t *out_count) {
    size_t n = 0;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    AUTO(schedule_companies_close) struct schedule_companies_cursor cursor;
    TRY(schedule_companies_open(cx, &cursor));
    for (bool more = true; more && n < COMPANIES_MAX;) {
        struct schedule_companies_row row;
        TRY(schedule_companies_next(cx, &cursor, &row, &more));
        if (more) out_ids[n++] = row.id;
    }
    *out_count = n;
    schedule_companies_close(&cursor);
    return tx_commit(scope);
}

static enum rc ask(struct ctx *cx, struct app *app, bool *out_due) {
    struct schedule_last_round_row last;
    struct actions_ready_count_row ready;
    bool found;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(app_company(cx, app));
    TRY(schedule_last_round(cx, &last, &found));
    TRY(actions_ready_count(cx, &(struct actions_ready_count_params){.letters = false}, &ready));
    struct local_time local = zone_local(app->company.zone, cx->now);
    *out_due = round_is_due(&(struct round_question){.minute = local.second / 60,
                                                     .run_minute = app->company.run_minute,
                                                     .today = local.date,
                                                     .last_day = found ? last.civil_date : DATE_NONE,
                                                     .now = cx->now,
                                                     .last = found ? last.started_at : INSTANT_NONE,
                                                     .ready = ready.count});
    return tx_commit(scope);
}

/* Failures are in the log of the action; the next look tries again. */
static void look_at(struct scheduler *s, int64_t company_id) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true, .company_id = company_id};
    struct app app = s->app;
    struct actor actor = actor_system("scheduler");
    struct json_tree result;
    bool due = false;
    app.arena = arena;
    actor_bind(&cx, &actor);
    enum rc rc = clock_now(&cx, &app.clock, &cx.now);
    if (rc == OK) rc = ask(&cx, &app, &due);
    if (rc != OK) log_write(LOG_ERROR, "schedule_failed", "message=\"%s\"", cx.fault.message);
    if (rc != OK || !due) return;
    cx.lang = app.company.language.n ? arena_cstr(arena, app.company.language) : "es";
    json_tree_init(&result, arena);
    struct call call = {.app = &app, .action = action_find(S("run")), .out = &result.writer, .stop = s->stop};
    log_write(LOG_INFO, "round_begins", "company=%.*s", STR_ARG(app.company.code));
    rc = call_run(&cx, &call);
    log_write(LOG_INFO, "round_ended", "company=%.*s code=%s", STR_ARG(app.company.code), rc_name(rc));
}

static void look(struct scheduler *s) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
    struct actor actor = actor_system("scheduler");
    int64_t ids[COMPANIES_MAX];
    size_t n = 0;
    actor_bind(&cx, &actor);
    if (list_companies(&cx, &s->app, ids, &n) != OK) log_write(LOG_ERROR, "schedule_failed", "message=\"%s\"", cx.fault.message);
    for (size_t i = 0; i < n && !is_ending(s); i++) look_at(s, ids[i]);
}

static void *run(void *self) {
    struct scheduler *s = self;
    priority_lower();
    while (!is_ending(s)) {
        look(s);
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += LOOK_SECONDS;
        pthread_mutex_lock(&s->lock);
        if (!s->ending) pthread_cond_timedwait(&s->woken, &s->lock, &until);
        pthread_mutex_unlock(&s->lock);
    }
    return NULL;
}

enum rc scheduler_start(struct ctx *cx, const struct app *base, volatile int *stop, struct scheduler **out) {
    struct scheduler *s = mem_alloc(sizeof *s);
    s->arena = arena_new();
    s->stop = stop;
    s->app = *base;
    s->app.arena = s->arena;
    s->app.db = NULL;
    s->app.rules = NULL;
    s->app.library = NULL;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->woken, NULL);
    enum rc rc = app_open_database(cx, &s->app);
    const struct rule_pack *rules;
    const struct message_library *library;
    if (rc == OK) rc = app_rules(cx, &s->app, &rules);
    if (rc == OK) rc = app_library(cx, &s->app, &library);
    if (rc == OK && pthread_create(&s->thread, NULL, run, s) != 0) rc = fail(cx, INTERNAL, "could not start a thread");
    if (rc != OK) {
        app_close(&s->app);
        arena_free(s->arena);
        mem_free(s);
        return rc;
    }
    *out = s;
    return OK;
}

void scheduler_ask_end(struct scheduler *s) {
    pthread_mutex_lock(&s->lock);
    s->ending = true;
    pthread_cond_signal(&s->woken);
    pthread_mutex_unlock(&s->lock);
}

void scheduler_stop(struct scheduler *s) {
    scheduler_ask_end(s);
    pthread_join(s->thread, NULL);
    app_close(&s->app);
    arena_free(s->arena);
    mem_free(s);
}
