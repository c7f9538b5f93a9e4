/* The hub and its streams. A stream without news is a suspended connection: it costs no thread and no wake-ups, but libmicrohttpd does not
 * notice either when its browser has gone: the hub does. */
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
#define COMPANIES_MAX 64
#define ASK_MS 3000      /* how long a session that ended may still hear */
#define ASK_AT_ONCE 250 /* in a second: more than STREAMS_MAX in ASK_MS would be in vain */

struct stream {
    struct stream *before, *after;
    struct hub *hub;
    struct MHD_Connection *connection;
    int fd;
    int64_t id, company_id, user_id, customer_id;
    int64_t since; /* hears what comes after */
    unsigned char session_hash[TOKEN_HASH];
    char login[80], name[120];
    struct buf pending;
    bool suspended, ending;
    int64_t told_ms, asked_ms;
};

struct hub {
    struct server *server;
    pthread_mutex_t lock;
    struct stream *streams;
    size_t count;
    int64_t last_id;
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

/* With the hub's lock: what was said before is still sent. */
static void end(struct stream *st) {
    st->ending = true;
    say(st, S(""));
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

/* With the lock: a person's newest pages listen. Who turns pages quickly leaves streams behind that nobody reads any more; a page that is
 * still open comes again, but not at once, or it would drive out another. */
static void end_oldest(struct hub *h, int64_t user_id) {
    size_t own = 0;
    for (struct stream *st = h->streams; st; st = st->after) {
        own += st->user_id == user_id && !st->ending;
        if (own < STREAMS_A_USER || st->user_id != user_id || st->ending) continue;
        say(st, S("retry: 30000\n\n"));
        end(st);
    }
}

/* False when the hub takes no more. */
static bool join(struct hub *h, struct stream *st) {
    pthread_mutex_lock(&h->lock);
    bool fits = !h->ending && h->count < STREAMS_MAX;
    if (fits) {
        end_oldest(h, st->user_id);
        st->id = ++h->last_id;
        st->after = h->streams;
        if (st->after) st->after->before = st;
        h->streams = st;
        h->count++;
        h->presence_changed = h->presence_changed || st->customer_id;
        say(st, S("retry: 3000\n\n"));
    }
    pthread_mutex_unlock(&h->lock);
    return fits;
}

void events_answer(struct exchange *x) {
    struct request *r = x->request;
    struct hub *h = r->server->hub;
    Str code = fields_get(&r->query, "customer");
    int64_t customer_id = 0;
    struct changes head = {0};
    enum rc rc = OK;
    if (x->actor.kind != ACTOR_USER || !x->has_company || !r->peer) rc = fail(x->cx, DENIED, "sign in first");
    if (rc == OK && !actor_may(&x->actor, CAP_CUSTOMER_READ))
        rc = fail_field(x->cx, DENIED, NULL, "choose a password of your own first", "%s may not do this: %s", x->actor.name, "events");
    if (rc == OK && code.n) rc = changes_customer(x->cx, &x->app, code, &customer_id);
    if (rc == OK) rc = changes_since(x->cx, &x->app, INT64_MAX, 0, &head);
    if (rc != OK) {
        api_fault(x, rc);
        return;
    }
    struct stream *st = mem_alloc(sizeof *st);
    *st = (struct stream){.hub = h, .connection = r->connection, .fd = r->peer->fd, .company_id = x->cx->company_id,
                          .user_id = x->actor.user_id, .customer_id = customer_id, .since = head.latest, .pending = buf_make(PENDING_MAX + 1024),
                          .asked_ms = clock_monotonic_ms()};
    token_hash(gate_session_token(x), st->session_hash);
    snprintf(st->login, sizeof st->login, "%s", x->actor.login);
    snprintf(st->name, sizeof st->name, "%s", x->actor.name);
    if (!join(h, st)) {
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
        if (!st->customer_id || st->ending) continue;
        struct buf b = buf_make(16384);
        int64_t seen[50];
        size_t n = 0;
        buf_add(&b, S("event: presence\ndata: {\"people\":["));
        for (const struct stream *other = h->streams; other && n < COUNT_OF(seen); other = other->after) {
            bool known = other->ending || other->company_id != st->company_id || other->customer_id != st->customer_id;
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

static void tell_customer(struct stream *st, const struct change *change) {
    AUTO(buf_done) struct buf b = buf_make(4096);
    buf_printf(&b, "event: customer\ndata: {\"seq\":%lld,\"kind\":\"", (long long)change->seq);
    buf_add_json(&b, change->kind);
    buf_add(&b, S("\",\"actor\":\""));
    buf_add_json(&b, change->actor);
    buf_add(&b, S("\"}\n\n"));
    say(st, buf_str(&b));
}

/* With the lock: one company's news to its streams. What was left unread may be about anybody. */
static void tell_changes(struct hub *h, int64_t company_id, const struct changes *news) {
    int64_t latest = news->latest;
    bool unread = news->count > 0 && news->items[news->count - 1].seq < latest;
    struct buf b = buf_make(4096);
    for (struct stream *st = h->streams; st; st = st->after) {
        if (st->company_id != company_id || st->since >= latest) continue;
        for (size_t i = 0; i < news->count; i++)
            if (st->customer_id && news->items[i].customer_id == st->customer_id && news->items[i].seq > st->since) tell_customer(st, &news->items[i]);
        if (st->customer_id && unread) tell_customer(st, &(struct change){.seq = latest, .kind = S(""), .actor = S("")});
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

/* Where a company was read to. One that nobody listened to any more makes room. */
static struct heard *heard_of(struct heard *heard, int64_t company_id, const int64_t *listening, size_t n) {
    struct heard *free_one = NULL;
    for (size_t k = 0; k < COMPANIES_MAX; k++) {
        bool wanted = false;
        if (heard[k].company_id == company_id) return &heard[k];
        for (size_t i = 0; i < n; i++) wanted = wanted || heard[k].company_id == listening[i];
        if (!wanted) free_one = &heard[k];
    }
    if (free_one) *free_one = (struct heard){0};
    return free_one;
}

/* Where to begin with a company: where the first of its listeners did. */
static int64_t least_since(struct hub *h, int64_t company_id) {
    int64_t least = INT64_MAX;
    pthread_mutex_lock(&h->lock);
    for (const struct stream *st = h->streams; st; st = st->after)
        if (st->company_id == company_id && st->since < least) least = st->since;
    pthread_mutex_unlock(&h->lock);
    return least;
}

static void look(struct hub *h, struct ctx *cx, struct heard *heard) {
    int64_t companies[COMPANIES_MAX];
    size_t n = companies_of(h, companies, COUNT_OF(companies));
    for (size_t i = 0; i < n; i++) {
        struct heard *at = heard_of(heard, companies[i], companies, n);
        if (!at) continue;
        struct changes news;
        cx->company_id = companies[i];
        if (at->company_id == 0) *at = (struct heard){companies[i], least_since(h, companies[i])};
        if (changes_since(cx, &h->worker.app, at->seq, CHANGES_AT_ONCE, &news) != OK) continue;
        if (news.latest > at->seq) {
            pthread_mutex_lock(&h->lock);
            tell_changes(h, companies[i], &news);
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

/* A browser that went away closed its side of the connection; with the answer ended, libmicrohttpd closes ours. */
static void end_left(struct hub *h) {
    struct pollfd sockets[STREAMS_MAX];
    nfds_t n = 0;
    pthread_mutex_lock(&h->lock);
    for (struct stream *st = h->streams; st; st = st->after) sockets[n++] = (struct pollfd){.fd = st->fd, .events = POLLRDHUP};
    if (n && poll(sockets, n, 0) > 0) {
        n = 0;
        for (struct stream *st = h->streams; st; st = st->after)
            if (sockets[n++].revents && !st->ending) end(st);
    }
    pthread_mutex_unlock(&h->lock);
}

/* What is asked about a stream: a copy, for without the lock the stream may go. */
struct asked {
    int64_t id, customer_id;
    unsigned char session_hash[TOKEN_HASH];
};

/* Those whose turn it is, ASK_AT_ONCE at most. */
static size_t take_asked(struct hub *h, struct asked *out) {
    int64_t now = clock_monotonic_ms();
    size_t n = 0;
    pthread_mutex_lock(&h->lock);
    for (struct stream *st = h->streams; st && n < ASK_AT_ONCE; st = st->after) {
        if (st->ending || now - st->asked_ms < ASK_MS) continue;
        st->asked_ms = now;
        out[n] = (struct asked){.id = st->id, .customer_id = st->customer_id};
        memcpy(out[n++].session_hash, st->session_hash, TOKEN_HASH);
    }
    pthread_mutex_unlock(&h->lock);
    return n;
}

/* A session that ended, a person who was disabled, a customer who became another's: REQ: L2, INV: I16. */
static void end_forbidden(struct hub *h) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct asked *asked = ARENA_ARRAY(arena, struct asked, ASK_AT_ONCE);
    size_t n = take_asked(h, asked);
    for (size_t i = 0; i < n; i++) {
        struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
        bool may = false;
        enum rc rc = clock_now(&cx, &h->worker.app.clock, &cx.now);
        if (rc == OK) rc = changes_may_listen(&cx, &h->worker.app, asked[i].session_hash, asked[i].customer_id, &may);
        if (rc != OK || may) continue; /* a database that does not answer throws nobody out */
        pthread_mutex_lock(&h->lock);
        for (struct stream *st = h->streams; st; st = st->after)
            if (st->id == asked[i].id) end(st);
        pthread_mutex_unlock(&h->lock);
    }
}

static void *run_hub(void *self) {
    struct hub *h = self;
    struct heard heard[COMPANIES_MAX] = {{0}};
    struct actor actor = actor_system("events");
    for (int64_t turn = 0; !h->stop; turn++) {
        AUTO(arena_release) struct arena *arena = arena_new();
        struct ctx cx = {.arena = arena, .lang = "es", .lang_unsaid = true};
        actor_bind(&cx, &actor);
        if (turn % 5 == 0 && clock_now(&cx, &h->worker.app.clock, &cx.now) == OK) look(h, &cx, heard);
        if (turn % 5 == 0) end_left(h);
        if (turn % 5 == 2) end_forbidden(h);
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
    for (struct stream *st = h->streams; st; st = st->after) end(st);
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
