/* Taking, putting, asking. */
#include "outbox/desk.h"

#include <errno.h>
#include <string.h>
#include <time.h>

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

void desk_open(struct desk *d, const struct outbox_config *config) {
    *d = (struct desk){.config = config};
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->to_writer, NULL);
    pthread_cond_init(&d->to_senders, NULL);
    pthread_cond_init(&d->to_composers, NULL);
}

void desk_close(struct desk *d) {
    pthread_cond_destroy(&d->to_composers);
    pthread_cond_destroy(&d->to_senders);
    pthread_cond_destroy(&d->to_writer);
    pthread_mutex_destroy(&d->lock);
}

/* ---- queues ---- */

static void queue_add(struct outgoing_queue *q, struct outgoing *const *messages, size_t n) {
    if (n == 0) return;
    MUST(q->count + n <= COUNT_OF(q->items));
    memcpy(&q->items[q->count], messages, n * sizeof *messages);
    q->count += n;
}

static struct outgoing *queue_remove(struct outgoing_queue *q, size_t at) {
    struct outgoing *m = q->items[at];
    q->count--;
    memmove(&q->items[at], &q->items[at + 1], (q->count - at) * sizeof *q->items);
    return m;
}

static void wake(pthread_cond_t *threads, size_t n) {
    for (size_t i = 0; i < n && i < MAX_CONNECTIONS; i++) pthread_cond_signal(threads);
}

void desk_put_work(struct desk *d, struct outgoing *const *messages, size_t n) {
    queue_add(&d->work, messages, n);
    wake(&d->to_composers, (n + PREPARE_AT_ONCE - 1) / PREPARE_AT_ONCE);
}

size_t desk_take_work(struct desk *d, struct outgoing *out[PREPARE_AT_ONCE]) {
    size_t n = 0, most = d->serve ? 1 : PREPARE_AT_ONCE;
    pthread_mutex_lock(&d->lock);
    while (d->work.count == 0 && !d->closed && !d->stopping && !d->broken)
        pthread_cond_wait(&d->to_composers, &d->lock);
    while (n < most && d->work.count && !d->stopping && !d->broken) out[n++] = queue_remove(&d->work, 0);
    d->busy += n;
    pthread_mutex_unlock(&d->lock);
    return n;
}

void desk_put_prepared(struct desk *d, struct outgoing *const *messages, size_t n) {
    pthread_mutex_lock(&d->lock);
    queue_add(&d->prepared, messages, n);
    d->busy -= n;
    wake(&d->to_senders, n);
    pthread_cond_signal(&d->to_writer);
    pthread_mutex_unlock(&d->lock);
}

/* The first whose domain may be written to now, or NULL; *wait_ms: when to look again at the latest. */
static struct outgoing *first_allowed(struct desk *d, int64_t *wait_ms) {
    for (size_t i = 0; i < d->prepared.count; i++) {
        const struct outgoing *m = d->prepared.items[i];
        int64_t wait = 0;
        bool leaves = m->is_prepared && !m->has_failed;
        if (d->pacer && leaves && !pacer_take(d->pacer, address_domain(m->address), clock_monotonic_ms(), &wait)) {
            if (wait > 0 && wait < *wait_ms) *wait_ms = wait;
            continue;
        }
        return queue_remove(&d->prepared, i);
    }
    return NULL;
}

static void wait_for_prepared(struct desk *d, int64_t wait_ms) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(wait_ms % MS_PER_SECOND) * 1000000;
    until.tv_sec += (time_t)(wait_ms / MS_PER_SECOND) + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&d->to_senders, &d->lock, &until);
}

struct outgoing *desk_take_prepared(struct desk *d) {
    struct outgoing *m = NULL;
    pthread_mutex_lock(&d->lock);
    while (!d->broken && !d->stopping) {
        int64_t wait_ms = MS_PER_SECOND;
        m = first_allowed(d, &wait_ms);
        if (m || (d->closed && d->prepared.count == 0)) break;
        wait_for_prepared(d, wait_ms);
    }
    if (m) d->busy++;
    if (m && d->work.count + d->prepared.count < d->ahead) pthread_cond_signal(&d->to_writer);
    pthread_mutex_unlock(&d->lock);
    return m;
}

/* ---- requests ---- */

static bool push(struct desk *d, struct request *r) {
    if (d->broken) return false;
    r->next = NULL;
    *(d->last ? &d->last->next : &d->first) = r;
    d->last = r;
    pthread_cond_signal(&d->to_writer);
    return true;
}

static void put_down(struct desk *d, const struct outgoing *m) {
    d->busy--;
    if (d->pacer && m->is_prepared && !m->has_failed) {
        pacer_done(d->pacer, address_domain(m->address));
        pthread_cond_broadcast(&d->to_senders);
    }
}

void desk_put_down(struct desk *d, const struct outgoing *m) {
    pthread_mutex_lock(&d->lock);
    put_down(d, m);
    pthread_cond_signal(&d->to_writer);
    pthread_mutex_unlock(&d->lock);
}

void desk_put_request(struct desk *d, struct request *r) {
    pthread_mutex_lock(&d->lock);
    r->asked = push(d, r);
    pthread_mutex_unlock(&d->lock);
}

void desk_wait(struct desk *d, struct request *r) {
    if (!d->serve && r->asked)
        while (sem_wait(r->answered) != 0 && errno == EINTR) continue;
    if (d->serve && r->asked && !r->done) d->serve(d->server);
    if (!r->done) r->granted = false;
}

void desk_leave(struct desk *d, struct request *r) {
    r->left = true;
    pthread_mutex_lock(&d->lock);
    put_down(d, r->message);
    bool taken = push(d, r);
    pthread_mutex_unlock(&d->lock);
    if (!taken) outgoing_free(r->message);
}

void desk_answer(struct request *requests, bool done) {
    for (struct request *q = requests, *next; q; q = next) {
        next = q->next; /* q belongs to its sender again once it is answered */
        if (q->left) {
            outgoing_free(q->message);
            continue;
        }
        q->done = done;
        if (q->answered) sem_post(q->answered);
    }
}
