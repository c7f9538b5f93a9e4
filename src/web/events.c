/* The hub and its streams. A stream without news is a suspended connection: it costs no thread and no wake-ups. */
#include "web/events.h"

#include <poll.h>
#include <string.h>

#include "action/changes.h"
#include "base/log.h"

#define STREAMS_MAX 1000
#define STREAMS_A_USER 10
#define PENDING_MAX ((size_t)64 * 1024)
#define PING_MS 15000
#define LOOK_MS 1000
#define CHANGES_AT_ONCE 200

struct stream {
    struct stream *before, *after;
    struct hub *hub;
    struct MHD_Connection *connection;
    int64_t company_id, user_id, customer_id;
    char login[80], name[120];
    struct buf pending;
    bool suspended, ending;
    int64_t told_ms;
};

struct hub {
    struct server *server;
    pthread_mutex_t lock;
    struct stream *streams;
    size_t count;
    bool ending, presence_changed;
    _Atomic bool stop;
    pthread_t thread;
    struct worker worker;
    bool started;
};

/* A company as far as it was read. */
struct heard {
    int64_t company_id, seq;
};

/* ---- streams ---- */

/* With the hub's lock. */
static void say(struct stream *st, Str text) {
    if (st->pending.n + text.n > PENDING_MAX) st->ending = true; /* too slow: it comes again and reads anew */
    if (!st->ending) buf_add(&st->pending, text);
    st->told_ms = clock_monotonic_ms();
    if (!st->suspended) return;
    st->suspended = false;
    MHD_resume_connection(st->connection);
}

static ssize_t read_stream(void *self, uint64_t at, char *out, size_t max) {
    (void)at;
    struct stream *st = self;
    ssize_t n = 0;
    pthread_mutex_lock(&st->hub->lock);
    if (st->pending.n) {
        size_t piece = st->pending.n < max ? st->pending.n : max;
        memcpy(out, st->pending.p, piece);
        memmove(st->pending.p, st->pending.p + piece, st->pending.n - piece);
        st->pending.n -= piece;
        n = (ssize_t)piece;
    } else if (st->ending) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        st->suspended = true;
        MHD_suspend_connection(st->connection);
    }
    pthread_mutex_unlock(&st->hub->lock);
    return n;
}

static void free_stream(void *self) {
    struct stream *st = self;
    struct hub *h = st->hub;
    pthread_mutex_lock(&h->lock);
    if (st->before)
        st->before->after = st->after;
    else
        h->streams = st->after;
    if (st->after) st->after->before = st->before;
    h->count--;
    h->presence_changed = h->presence_changed || st->customer_id;
    pthread_mutex_unlock(&h->lock);
    buf_done(&st->pending);
    mem_free(st);
}

struct MHD_Response *stream_response(struct stream *st) {
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, st, free_stream);
    if (!response) free_stream(st);
    return response;
}

static bool has_room(const struct hub *h, int64_t user_id) {
    size_t own = 0;
    for (const struct stream *st = h->streams; st; st = st->after) own += st->user_id == user_id;
    return !h->ending && h->count < STREAMS_MAX && own < STREAMS_A_USER;
}

void events_answer(struct exchange *x) {
    struct request *r = x->request;
    struct hub *h = r->server->hub;
    Str code = fields_get(&r->query, "customer");
    int64_t customer_id = 0;
    enum rc rc = OK;
    if (x->actor.kind != ACTOR_USER || !x->has_company) rc = fail(x->cx, DENIED, "sign in first");
    if (rc == OK && code.n) rc = changes_customer(x->cx, &x->app, code, &customer_id);
    if (rc != OK) {
        api_fault(x, rc);
        return;
    }
    struct stream *st = mem_alloc(sizeof *st);
    *st = (struct stream){.hub = h, .connection = r->connection, .company_id = x->cx->company_id, .user_id = x->actor.user_id,
                          .customer_id = customer_id, .pending = buf_make(PENDING_MAX + 1024)};
    snprintf(st->login, sizeof st->login, "%s", x->actor.login);
    snprintf(st->name, sizeof st->name, "%s", x->actor.name);
    pthread_mutex_lock(&h->lock);
    bool fits = has_room(h, st->user_id);
    if (fits) {
        st->after = h->streams;
        if (st->after) st->after->before = st;
        h->streams = st;
        h->count++;
        h->presence_changed = h->presence_changed || customer_id;
        say(st, S("retry: 3000\n\n"));
    }
    pthread_mutex_unlock(&h->lock);
    if (!fits) {
        mem_free(st);
        api_fault(x, fail(x->cx, BUSY, "too many pages listen already"));
        return;
    }
    r->answer.status = 200;
    r->answer.stream = st;
    answer_header(r, "Content-Type", S("text/event-stream; charset=utf-8"));
    answer_header(r, "X-Accel-Buffering", S("no"));
}

/* ---- the hub ---- */

static void tell_presence(struct hub *h) {
    for (struct stream *st = h->streams; st; st = st->after) {
        if (!st->customer_id) continue;
        struct buf b = buf_make(16384);
        int64_t seen[50];
        size_t n = 0;
        buf_add(&b, S("event: presence\ndata: {\"people\":["));
        for (const struct stream *other = h->streams; other && n < COUNT_OF(seen); other = other->after) {
            bool known = other->company_id != st->company_id || other->customer_id != st->customer_id;
            for (size_t i = 0; i < n && !known; i++) known = seen[i] == other->user_id;
            if (known) continue;
            buf_add(&b, n ? S(",{\"login\":\"") : S("{\"login\":\""));
            buf_add_json(&b, str_from(other->login));
            buf_add(&b, S("\",\"name\":\""));
            buf_add_json(&b, str_from(other->name));
            buf_add(&b, S("\"}"));
            seen[n++] = other->user_id;
        }
        buf_add(&b, S("]}\n\n"));
        say(st, buf_str(&b));
        buf_done(&b);
    }
}

/* With the lock: one company's news to its streams. */
static void tell_changes(struct hub *h, int64_t company_id, const struct change *changes, size_t n, int64_t latest) {
    struct buf b = buf_make(4096);
    for (struct stream *st = h->streams; st; st = st->after) {
        if (st->company_id != company_id) continue;
        for (size_t i = 0; i < n; i++) {
            if (!st->customer_id || changes[i].customer_id != st->customer_id) continue;
            buf_clear(&b);
            buf_printf(&b, "event: customer\ndata: {\"seq\":%lld,\"kind\":\"", (long long)changes[i].seq);
            buf_add_json(&b, changes[i].kind);
            buf_add(&b, S("\",\"actor\":\""));
            buf_add_json(&b, changes[i].actor);
            buf_add(&b, S("\"}\n\n"));
            say(st, buf_str(&b));
        }
        buf_clear(&b);
        buf_printf(&b, "event: change\nid: %lld\ndata: {\"seq\":%lld}\n\n", (long long)latest, (long long)latest);
        say(st, buf_str(&b));
    }
    buf_done(&b);
}

/* The companies somebody listens to; at most `max`. */
static size_t companies_of(struct hub *h, int64_t *out, size_t max) {
    size_t n = 0;
    pthread_mutex_lock(&h->lock);
    for (const struct stream *st = h->streams; st && n < max; st = st->after) {
        bool known = false;
        for (size_t i = 0; i < n; i++) known = known || out[i] == st->company_id;
        if (!known) out[n++] = st->company_id;
    }
    pthread_mutex_unlock(&h->lock);
    return n;
}

static void look(struct hub *h, struct ctx *cx, struct heard *heard, size_t heard_max) {
    int64_t companies[64];
    size_t n = companies_of(h, companies, COUNT_OF(companies));
    for (size_t i = 0; i < n; i++) {
        struct heard *at = NULL;
        for (size_t k = 0; k < heard_max && !at; k++)
            if (heard[k].company_id == companies[i] || heard[k].company_id == 0) at = &heard[k];
        if (!at) continue;
        struct changes news;
        cx->company_id = companies[i];
        bool is_new = at->company_id == 0;
        if (changes_since(cx, &h->worker.app, is_new ? INT64_MAX : at->seq, CHANGES_AT_ONCE, &news) != OK) continue;
        *at = (struct heard){companies[i], at->seq};
        if (!is_new && news.latest > at->seq) {
            pthread_mutex_lock(&h->lock);
            tell_changes(h, companies[i], news.items, news.count, news.latest);
            pthread_mutex_unlock(&h->lock);
        }
        at->seq = news.latest;
    }
}

static void keep_alive(struct hub *h) {
    int64_t now = clock_monotonic_ms();
    pthread_mutex_lock(&h->lock);
    if (h->presence_changed) tell_presence(h);
    h->presence_changed = false;
    for (struct stream *st = h->streams; st; st = st->after)
        if (now - st->told_ms > PING_MS) say(st, S(": still here\n\n"));
    pthread_mutex_unlock(&h->lock);
}

static void *run_hub(void *self) {
    struct hub *h = self;
    struct heard heard[64] = {{0}};
    struct actor actor = actor_system("events");
    for (int64_t turn = 0; !h->stop; turn++) {
        AUTO(arena_release) struct arena *arena = arena_new();
        struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
        actor_bind(&cx, &actor);
        if (turn % 5 == 0 && clock_now(&cx, &h->worker.app.clock, &cx.now) == OK) look(h, &cx, heard, COUNT_OF(heard));
        keep_alive(h);
        poll(NULL, 0, LOOK_MS / 5);
    }
    return NULL;
}

enum rc hub_start(struct ctx *cx, struct server *s) {
    struct hub *h = ARENA_NEW(cx->arena, struct hub);
    h->server = s;
    h->worker.server = s;
    pthread_mutex_init(&h->lock, NULL);
    s->hub = h;
    TRY(worker_open(cx, &h->worker));
    if (pthread_create(&h->thread, NULL, run_hub, h) != 0) return fail(cx, INTERNAL, "could not start a thread");
    h->started = true;
    return OK;
}

void hub_end_streams(struct server *s) {
    struct hub *h = s->hub;
    pthread_mutex_lock(&h->lock);
    h->ending = true;
    for (struct stream *st = h->streams; st; st = st->after) {
        st->ending = true;
        say(st, S(""));
    }
    pthread_mutex_unlock(&h->lock);
}

void hub_stop(struct server *s) {
    struct hub *h = s->hub;
    if (!h) return;
    h->stop = true;
    if (h->started) pthread_join(h->thread, NULL);
    worker_close(&h->worker);
    s->hub = NULL;
}

void hub_progress(struct server *s, int64_t company_id, int64_t user_id, Str data) {
    struct hub *h = s->hub;
    AUTO(buf_done) struct buf b = buf_make(8192);
    buf_printf(&b, "event: progress\ndata: %.*s\n\n", STR_ARG(data));
    pthread_mutex_lock(&h->lock);
    for (struct stream *st = h->streams; st; st = st->after)
        if (st->company_id == company_id && st->user_id == user_id) say(st, buf_str(&b));
    pthread_mutex_unlock(&h->lock);
}

size_t hub_streams(struct server *s) {
    pthread_mutex_lock(&s->hub->lock);
    size_t n = s->hub->count;
    pthread_mutex_unlock(&s->hub->lock);
    return n;
}
