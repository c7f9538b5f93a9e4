/* A lane: a bounded queue and the workers that empty it. Owns their database handles.
 *
 * Two lanes keep a slow export from delaying a page: what is slow by its declaration never takes a worker of the quick one. */
#include <string.h>

#include "action/tally.h"
#include "base/log.h"
#include "base/priority.h"
#include "web/compress.h"
#include "web/housekeeper.h"

static void *work(void *self) {
    struct worker *w = self;
    struct lane *lane = w->lane;
    if (lane->is_slow) priority_lower();
    for (;;) {
        pthread_mutex_lock(&lane->lock);
        while (lane->count == 0 && !lane->ending) pthread_cond_wait(&lane->filled, &lane->lock);
        if (lane->count == 0) break;
        struct request *r = lane->ring[lane->head];
        lane->head = (lane->head + 1) % lane->capacity;
        lane->count--;
        lane->busy++;
        pthread_mutex_unlock(&lane->lock);
        dispatch(w, r);
        if (r->answer.spool)
            request_release(r);
        else
            daemon_resume(r);
        pthread_mutex_lock(&lane->lock);
        lane->busy--;
        pthread_mutex_unlock(&lane->lock);
    }
    pthread_mutex_unlock(&lane->lock);
    return NULL;
}

/* Rules and texts are the base's, which nobody changes, unless the company has texts of its own. */
enum rc worker_open(struct ctx *cx, struct worker *w) {
    struct server *s = w->server;
    const struct rule_pack *rules;
    const struct message_library *library;
    w->arena = arena_new();
    struct ctx own = {.arena = w->arena, .actor = cx->actor, .who = cx->who, .view = cx->view, .now = cx->now, .lang = cx->lang, .lang_unsaid = true};
    w->app = *s->base;
    w->app.arena = w->arena;
    w->app.db = NULL;
    enum rc rc = app_open_database(&own, &w->app);
    if (rc == OK) rc = app_rules(&own, &w->app, &rules);
    if (rc == OK) rc = app_library(&own, &w->app, &library);
    app_remember(&w->app, w->lane ? w->lane->board : NULL);
    w->app.catch_up = housekeeper_catch_up;
    w->app.catch_up_self = s;
    cx->fault = own.fault;
    return rc;
}

void worker_close(struct worker *w) {
    compress_done(w);
    app_close(&w->app);
    arena_free(w->arena);
    w->arena = NULL;
}

enum rc lane_start(struct ctx *cx, struct lane *lane, struct server *s, bool is_slow, unsigned workers) {
    lane->name = is_slow ? "slow" : "quick";
    lane->is_slow = is_slow;
    lane->server = s;
    lane->capacity = s->limits.queue;
    lane->board = tally_board_new(&s->writes);
    lane->ring = ARENA_ARRAY(cx->arena, struct request *, lane->capacity);
    lane->workers = ARENA_ARRAY(cx->arena, struct worker, workers);
    pthread_mutex_init(&lane->lock, NULL);
    pthread_cond_init(&lane->filled, NULL);
    for (unsigned i = 0; i < workers; i++) {
        struct worker *w = &lane->workers[lane->worker_count];
        w->server = s;
        w->lane = lane;
        enum rc rc = worker_open(cx, w);
        if (rc == OK && pthread_create(&w->thread, NULL, work, w) != 0)
            rc = fail(cx, INTERNAL, "could not start a worker thread");
        if (rc != OK) {
            worker_close(w);
            return rc;
        }
        lane->worker_count++;
    }
    return OK;
}

bool lane_push(struct lane *lane, struct request *r) {
    pthread_mutex_lock(&lane->lock);
    bool fits = lane->count < lane->capacity && !lane->ending;
    if (fits) {
        lane->ring[(lane->head + lane->count++) % lane->capacity] = r;
        pthread_cond_signal(&lane->filled);
    }
    pthread_mutex_unlock(&lane->lock);
    return fits;
}

size_t lane_waiting(struct lane *lane) {
    pthread_mutex_lock(&lane->lock);
    size_t n = lane->count;
    pthread_mutex_unlock(&lane->lock);
    return n;
}

void lane_stop(struct lane *lane) {
    if (!lane->workers) return;
    pthread_mutex_lock(&lane->lock);
    lane->ending = true;
    pthread_cond_broadcast(&lane->filled);
    pthread_mutex_unlock(&lane->lock);
    for (size_t i = 0; i < lane->worker_count; i++) {
        pthread_join(lane->workers[i].thread, NULL);
        worker_close(&lane->workers[i]);
    }
    lane->worker_count = 0;
    tally_board_free(lane->board);
    lane->board = NULL;
}
