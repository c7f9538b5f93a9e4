/* The housekeeper's queue and rounds. */
#include "web/housekeeper.h"

#include <string.h>
#include <sys/stat.h>

#include "action/bulk_later.h"
#include "action/desk.h"
#include "action/once.h"
#include "base/file.h"
#include "base/log.h"
#include "base/priority.h"
#include "web/events.h"
#include "web/tls.h"

#define TOUCHES_MAX 256
#define BEHIND_MAX 64
#define CERTIFICATE_MS 10000
#define FORGET_MS (60 * MS_PER_MINUTE)
#define TELL_MS 500 /* how far work on a long list is */

struct housekeeper {
    struct server *server;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    struct identity_touch *touches;
    size_t count;
    int64_t behind[BEHIND_MAX]; /* companies whose sums are to be made anew */
    size_t behind_count;
    bool ending, started, reads_certificate;
    pthread_t thread;
    struct worker worker;
    struct timespec certificate_at, key_at;
    int64_t told_ms;
};

void housekeeper_touch(struct server *s, const struct identity_touch *touch) {
    struct housekeeper *h = s->housekeeper;
    if (!touch->is_session && !touch->is_key) return;
    pthread_mutex_lock(&h->lock);
    bool known = false;
    for (size_t i = 0; i < h->count; i++)
        known = known || (touch->is_session && h->touches[i].is_session && h->touches[i].session.id == touch->session.id) ||
                (touch->is_key && h->touches[i].is_key && h->touches[i].key.actor.key_id == touch->key.actor.key_id);
    if (!known && h->count < TOUCHES_MAX) h->touches[h->count++] = *touch;
    pthread_cond_signal(&h->woken);
    pthread_mutex_unlock(&h->lock);
}

void housekeeper_read_certificate(struct server *s) {
    struct housekeeper *h = s->housekeeper;
    pthread_mutex_lock(&h->lock);
    h->reads_certificate = true;
    pthread_cond_signal(&h->woken);
    pthread_mutex_unlock(&h->lock);
}

void housekeeper_catch_up(void *self, int64_t company_id) {
    struct server *s = self;
    struct housekeeper *h = s->housekeeper;
    pthread_mutex_lock(&h->lock);
    bool known = false;
    for (size_t i = 0; i < h->behind_count; i++) known = known || h->behind[i] == company_id;
    if (!known && h->behind_count < BEHIND_MAX) h->behind[h->behind_count++] = company_id;
    pthread_cond_signal(&h->woken);
    pthread_mutex_unlock(&h->lock);
}

static void catch_up(struct housekeeper *h, int64_t company_id) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
    struct app app = h->worker.app;
    struct actor actor = actor_system("housekeeper");
    actor_bind(&cx, &actor);
    cx.company_id = company_id;
    enum rc rc = clock_now(&cx, &app.clock, &cx.now);
    if (rc == OK) rc = desk_catch_up(&cx, &app);
    if (rc != OK) log_write(LOG_WARN, "catch_up_failed", "message=\"%s\"", cx.fault.message);
}

static void write_touch(struct housekeeper *h, const struct identity_touch *touch) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
    const struct actor *actor = touch->is_session ? &touch->session.actor : &touch->key.actor;
    actor_bind(&cx, actor);
    enum rc rc = clock_now(&cx, &h->worker.app.clock, &cx.now);
    if (rc == OK) rc = identity_touch_write(&cx, &h->worker.app, touch);
    if (rc != OK) log_write(LOG_WARN, "touch_failed", "message=\"%s\"", cx.fault.message);
}

static bool changed(const char *path, struct timespec *at) {
    struct stat st;
    if (!path || stat(path, &st) != 0) return false;
    bool is_new = st.st_mtim.tv_sec != at->tv_sec || st.st_mtim.tv_nsec != at->tv_nsec;
    *at = st.st_mtim;
    return is_new;
}

/* Certificates are renewed every few weeks by another program. */
static void look_at_certificate(struct housekeeper *h, bool asked) {
    struct server *s = h->server;
    bool first = h->certificate_at.tv_sec == 0;
    if (!s->certificate_path) return;
    bool is_new = changed(s->certificate_path, &h->certificate_at);
    is_new = changed(s->key_path, &h->key_at) || is_new;
    if (!asked && (!is_new || first)) return;
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
    Str certificate, key;
    enum rc rc = file_read(&cx, s->certificate_path, 65536, &certificate);
    if (rc == OK) rc = file_read(&cx, s->key_path, 65536, &key);
    if (rc == OK) rc = tls_set_certificate(&cx, certificate, key);
    log_write(rc == OK ? LOG_INFO : LOG_ERROR, "certificate", "new=%d message=\"%s\"", rc == OK, rc == OK ? "" : cx.fault.message);
}

static void forget(struct housekeeper *h) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
    struct actor actor = actor_system("housekeeper");
    actor_bind(&cx, &actor);
    enum rc rc = clock_now(&cx, &h->worker.app.clock, &cx.now);
    if (rc == OK) rc = once_forget(&cx, &h->worker.app);
    if (rc != OK) log_write(LOG_WARN, "forget_failed", "message=\"%s\"", cx.fault.message);
}

static void tell_step(struct housekeeper *h, const struct bulk_step *step) {
    int64_t now = clock_monotonic_ms();
    if (!step->is_over && now - h->told_ms < TELL_MS) return;
    h->told_ms = now;
    if (step->is_over) h->server->writes++; /* until then figures may be a second old, as during a round (action/tally.h) */
    AUTO(buf_done) struct buf b = buf_make(1000);
    int64_t total = step->is_over ? step->done : step->customers;
    buf_printf(&b, "{\"verb\":\"change begin\",\"what\":\"customers\",\"done\":%lld,\"total\":%lld}", (long long)step->done, (long long)total);
    hub_progress(h->server, step->company_id, step->user_id, buf_str(&b));
}

/* A set of a change to many customers; true: there is more. */
static bool work_on(struct housekeeper *h) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
    struct app app = h->worker.app;
    struct actor actor = actor_system("housekeeper");
    struct bulk_step step = {0};
    actor_bind(&cx, &actor);
    enum rc rc = clock_now(&cx, &app.clock, &cx.now);
    if (rc == OK) rc = bulk_work(&cx, &app, &step);
    if (rc != OK && rc != BUSY) log_write(LOG_WARN, "change_failed", "message=\"%s\"", cx.fault.message);
    if (step.any) tell_step(h, &step);
    return rc == OK && step.any;
}

static void *run(void *self) {
    struct housekeeper *h = self;
    int64_t looked_ms = 0, forgot_ms = clock_monotonic_ms();
    bool has_work = true;
    priority_lower();
    pthread_mutex_lock(&h->lock);
    while (!h->ending) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        if (!has_work && h->count == 0 && h->behind_count == 0 && !h->reads_certificate) pthread_cond_timedwait(&h->woken, &h->lock, &until);
        if (h->ending) break;
        bool asked = h->reads_certificate;
        h->reads_certificate = false;
        struct identity_touch touch = {0};
        if (h->count) touch = h->touches[--h->count];
        int64_t behind = h->behind_count ? h->behind[0] : 0;
        pthread_mutex_unlock(&h->lock);
        if (behind) catch_up(h, behind);
        if (touch.is_session || touch.is_key) write_touch(h, &touch);
        has_work = work_on(h);
        if (asked || clock_monotonic_ms() - looked_ms > CERTIFICATE_MS) {
            looked_ms = clock_monotonic_ms();
            look_at_certificate(h, asked);
        }
        if (clock_monotonic_ms() - forgot_ms > FORGET_MS) {
            forgot_ms = clock_monotonic_ms();
            forget(h);
        }
        pthread_mutex_lock(&h->lock);
        /* Asked for again meanwhile, it has been done meanwhile. */
        if (behind) memmove(h->behind, h->behind + 1, --h->behind_count * sizeof *h->behind);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

enum rc housekeeper_start(struct ctx *cx, struct server *s) {
    struct housekeeper *h = ARENA_NEW(cx->arena, struct housekeeper);
    h->server = s;
    h->worker.server = s;
    h->touches = ARENA_ARRAY(cx->arena, struct identity_touch, TOUCHES_MAX);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->woken, NULL);
    s->housekeeper = h;
    TRY(worker_open(cx, &h->worker));
    if (pthread_create(&h->thread, NULL, run, h) != 0) return fail(cx, INTERNAL, "could not start a thread");
    h->started = true;
    return OK;
}

void housekeeper_stop(struct server *s) {
    struct housekeeper *h = s->housekeeper;
    if (!h) return;
    pthread_mutex_lock(&h->lock);
    h->ending = true;
    pthread_cond_signal(&h->woken);
    pthread_mutex_unlock(&h->lock);
    if (h->started) pthread_join(h->thread, NULL);
    worker_close(&h->worker);
    s->housekeeper = NULL;
}
