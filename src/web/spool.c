/* A spool is shared by two: the worker that fills it and the response that empties it; the last of them frees it. */
#include "web/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "web/peer.h"

#define BLOCK 65536
#define GIVE_BACK ((off_t)16 * 1024 * 1024)

struct spool {
    pthread_mutex_t lock;
    struct MHD_Connection *connection;
    struct peer *peer;
    int64_t patience_ms; /* for the reader, from block to block */
    int fd;
    off_t written, freed;
    bool suspended, ended, failed, left; /* left: by its reader */
    int holders;
};

static void release(struct spool *s) {
    pthread_mutex_lock(&s->lock);
    bool last = --s->holders == 0;
    pthread_mutex_unlock(&s->lock);
    if (!last) return;
    close(s->fd);
    pthread_mutex_destroy(&s->lock);
    mem_free(s);
}

/* ---- the reader ---- */

/* Files the disk cannot make holes in stay whole until the end. */
static void give_back(struct spool *s, off_t sent) {
    if (sent - s->freed < GIVE_BACK) return;
    (void)!fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, s->freed, sent - s->freed);
    s->freed = sent;
}

static ssize_t read_on(void *self, uint64_t at, char *out, size_t max) {
    struct spool *s = self;
    ssize_t n = 0;
    pthread_mutex_lock(&s->lock);
    off_t there = s->written - (off_t)at;
    if (there > 0) {
        n = pread(s->fd, out, (off_t)max < there ? max : (size_t)there, (off_t)at);
        if (n <= 0) n = MHD_CONTENT_READER_END_WITH_ERROR;
        give_back(s, (off_t)at);
        peer_allow(s->peer, s->patience_ms);
    } else if (s->ended) {
        n = s->failed ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        s->suspended = true;
        peer_allow_ever(s->peer);
        MHD_suspend_connection(s->connection);
    }
    pthread_mutex_unlock(&s->lock);
    return n;
}

static void leave(void *self) {
    struct spool *s = self;
    pthread_mutex_lock(&s->lock);
    s->left = true;
    pthread_mutex_unlock(&s->lock);
    release(s);
}

struct MHD_Response *spool_response(struct spool *s) {
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_on, s, leave);
    if (!response) leave(s);
    return response;
}

/* ---- the worker ---- */

/* With the lock. */
static void wake(struct spool *s) {
    if (!s->suspended) return;
    s->suspended = false;
    MHD_resume_connection(s->connection);
}

static int open_nameless(struct request *r) {
    char *path = arena_cstr(r->arena, arena_printf(r->arena, "%s/pour-XXXXXX", r->server->upload_folder));
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) unlink(path);
    return fd;
}

/* The answer begins: from here on the network thread has the request. */
static bool begin(struct raw_answer *raw) {
    struct request *r = raw->request;
    int fd = open_nameless(r);
    if (fd < 0) return false;
    struct spool *s = mem_alloc(sizeof *s);
    *s = (struct spool){.connection = r->connection, .peer = r->peer, .patience_ms = r->server->limits.body_ms, .fd = fd, .holders = 2};
    pthread_mutex_init(&s->lock, NULL);
    raw->spool = s;
    send_raw(raw->x, raw->call, raw);
    r->answer.spool = s;
    request_hold(r);
    daemon_resume(r);
    return true;
}

static bool write_all(struct spool *s, Str bytes) {
    for (size_t done = 0; done < bytes.n;) {
        ssize_t n = pwrite(s->fd, bytes.p + done, bytes.n - done, s->written + (off_t)done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        done += (size_t)n;
    }
    return true;
}

bool spool_take(void *self, Str bytes) {
    struct raw_answer *raw = self;
    if (!raw->spool && !begin(raw)) return false;
    struct spool *s = raw->spool;
    bool good = write_all(s, bytes);
    pthread_mutex_lock(&s->lock);
    good = good && !s->left;
    if (good) s->written += (off_t)bytes.n;
    wake(s);
    pthread_mutex_unlock(&s->lock);
    return good;
}

void spool_end(struct raw_answer *raw, enum rc rc) {
    struct spool *s = raw->spool;
    if (rc != OK) log_write(LOG_WARN, "answer_cut", "id=%s message=\"%s\"", raw->request->id, raw->x->cx->fault.plain);
    pthread_mutex_lock(&s->lock);
    s->ended = true;
    s->failed = rc != OK;
    wake(s);
    pthread_mutex_unlock(&s->lock);
    release(s);
}
