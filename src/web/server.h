/* The server as a whole: its limits, lanes, peers and counters. One a process.
 *
 * Threads: one network thread of libmicrohttpd reads and sends; two lanes of workers run actions, the quick one pages and short
 * calls, the slow one what takes long by nature, each worker with its own database handle; a sweeper ends connections that
 * take too long; the hub (events.h) tells browsers what changed; the scheduler (work/scheduler.h) runs the daily round. */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include <netinet/in.h>
#include <pthread.h>

#include "action/app.h"
#include "web/request.h"

struct limits {
    int64_t headers_ms; /* from the connection, or the last answer, to the end of the headers; also how long one may idle */
    int64_t body_ms;    /* for a body and for an answer, besides a second for each 32 KiB */
    size_t body_bytes, upload_bytes;
    unsigned connections, per_address, queue;
    unsigned quick_workers, slow_workers;
};

/* One connection. */
struct peer {
    struct peer *before, *after;
    struct server *server;
    _Atomic(struct request *) request;
    int fd;
    _Atomic int64_t deadline_ms; /* monotonic; INT64_MAX: none */
    char address[INET6_ADDRSTRLEN];
};

struct libdeflate_compressor;
/* A worker's own installation: opened once, copied for each call. */
struct worker {
    struct server *server;
    struct lane *lane;
    struct app app;
    struct arena *arena; /* of the app */
    struct libdeflate_compressor *compressor; /* NULL until one is needed */
    pthread_t thread;
};

struct lane {
    const char *name;
    bool is_slow;
    struct server *server;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct request **ring;
    size_t capacity, head, count;
    bool ending;
    struct worker *workers;
    size_t worker_count, busy;
    struct tally_board *board; /* a lane's own: a page never waits for what a slow worker counts */
};

#define STATUS_CLASSES 6
#define LATENCY_BUCKETS 9
struct counters {
    _Atomic uint64_t answers[STATUS_CLASSES]; /* by first digit of the status */
    _Atomic uint64_t latency[LATENCY_BUCKETS + 1];
    _Atomic uint64_t latency_us;
    _Atomic uint64_t refused_connections, overdue_connections, queue_full;
};

struct server {
    struct limits limits;
    struct app *base; /* of whoever called serve */
    struct MHD_Daemon *daemon;
    struct lane quick, slow;
    pthread_mutex_t peers_lock;
    struct peer *peers;
    _Atomic unsigned peer_count;
    _Atomic unsigned in_flight; /* requests read or being worked on */
    pthread_t sweeper;
    struct hub *hub;
    struct housekeeper *housekeeper;
    const char *certificate_path, *key_path; /* NULL: plain HTTP */
    struct counters counters;
    pthread_mutex_t claims_lock;
    Str claims[64]; /* more at once than there are workers cannot be */
    volatile int stop; /* for long work: end early */
    _Atomic bool ending;
    _Atomic uint64_t writes; /* requests that may have changed something */
    const char *public_host; /* of the setting public_url; NULL: none */
    bool is_tls, public_is_https, is_demo;
    Str trusted_proxies, metrics_from;
    int64_t started_ms;
    char upload_folder[512];
    char epoch[20]; /* tells one run of the server from another */
};

/* ---- daemon.c ---- */
/* Starts listening. INVALID or REMOTE with the address that cannot be used. */
struct listen_at {
    const char *text; /* "127.0.0.1:8080", "[::]:443" */
    Str certificate, key; /* PEM; empty: plain HTTP */
};
MUST_USE enum rc daemon_start(struct ctx *cx, struct server *s, const struct listen_at *at);
/* No more connections; then waits up to `wait_ms` for what is under way. False when something is left. */
bool daemon_quiesce(struct server *s, int64_t wait_ms);
bool daemon_quiesce_more(struct server *s, int64_t wait_ms);
void daemon_stop(struct server *s);
/* The answer stands: the network thread goes on with the request. */
void daemon_resume(struct request *r);
/* The request's memory stays as long as somebody holds it; its connection does. */
void request_hold(struct request *r);
void request_release(struct request *r);

/* ---- lane.c ---- */
/* A database handle, rules and texts of one's own. */
MUST_USE enum rc worker_open(struct ctx *cx, struct worker *w);
void worker_close(struct worker *w);
MUST_USE enum rc lane_start(struct ctx *cx, struct lane *lane, struct server *s, bool is_slow, unsigned workers);
/* False when the queue is full. */
bool lane_push(struct lane *lane, struct request *r);
void lane_stop(struct lane *lane);
size_t lane_waiting(struct lane *lane);

/* ---- dispatch.c ---- */
/* Answers a request, in a worker. */
void dispatch(struct worker *w, struct request *r);
/* Answers what needs no database, in the network thread; false: it belongs to a lane. */
bool dispatch_at_once(struct request *r);
bool dispatch_is_slow(const struct request *r);
/* How much body a request may carry, by its headers: decides before a byte of it is read. */
size_t dispatch_body_limit(const struct request *r);

/* ---- claims.c: idempotency keys being worked on ---- */
/* False when it is taken. */
bool claims_take(struct server *s, Str claim);
void claims_drop(struct server *s, Str claim);

/* ---- metrics.c ---- */
void metrics_count(struct server *s, const struct request *r);
void metrics_write(struct server *s, struct buf *out);

#endif
