/* The network side: libmicrohttpd's callbacks, from the first header of a request to the last byte of its answer.
 *
 * One thread runs all of this and never waits: a request that needs the database is suspended and given to a lane, and goes on when a
 * worker resumes it. */
#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"
#include "web/body.h"
#include "web/events.h"
#include "web/peer.h"
#include "web/spool.h"
#include "web/tls.h"

#define HEADER_MEMORY ((size_t)32 * 1024)
#define BYTES_A_MS 32 /* the slowest client we wait for */

/* ---- beginning ---- */

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *connection) {
    struct server *s = cls;
    struct arena *arena = arena_new();
    struct request *r = ARENA_NEW(arena, struct request);
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    r->arena = arena;
    r->server = s;
    r->connection = connection;
    r->peer = info ? info->socket_context : NULL;
    r->begun_ms = clock_monotonic_ms();
    r->target = arena_str(arena, str_from(uri));
    r->query_text = r->target;
    r->path = str_cut(&r->query_text, '?');
    r->address = r->peer ? str_from(r->peer->address) : S("");
    if (r->peer) r->peer->request = r;
    r->holders = 1;
    s->in_flight++;
    return r;
}

static enum MHD_Result take_header(void *self, enum MHD_ValueKind kind, const char *key, const char *value) {
    (void)kind;
    struct request *r = self;
    if (r->headers.count < FIELDS_MAX)
        fields_add(r->arena, &r->headers, arena_str(r->arena, str_from(key)), arena_str(r->arena, str_from(value)));
    return MHD_YES;
}

/* Behind a trusted proxy: who asked it, and whether by TLS. From anybody else the headers say nothing. */
static void look_behind_proxy(struct request *r) {
    struct server *s = r->server;
    r->is_secure = s->is_tls;
    if (!address_in_list(s->trusted_proxies, r->address)) return;
    r->is_secure = r->is_secure || forwarded_by_tls(&r->headers);
    r->address = forwarded_for(r->arena, &r->headers, s->trusted_proxies, r->address);
}

static bool usable_id(Str id) {
    if (id.n < 8 || id.n >= sizeof(((struct request *)0)->id)) return false;
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        if (!plain) return false;
    }
    return true;
}

/* A proxy's id is kept, so that its log and ours agree; anybody else gets one of ours. */
static void give_id(struct request *r) {
    Str given = fields_header(&r->headers, "X-Request-Id");
    if (usable_id(given) && address_in_list(r->server->trusted_proxies, str_from(r->peer->address))) {
        memcpy(r->id, given.p, given.n);
        return;
    }
    unsigned char bytes[10];
    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) snprintf(r->id + 2 * i, 3, "%02x", bytes[i]);
}

static bool begin(struct request *r, const char *method) {
    r->method = arena_str(r->arena, str_from(method));
    r->is_head = str_is(r->method, "HEAD");
    MHD_get_connection_values(r->connection, MHD_HEADER_KIND, take_header, r);
    look_behind_proxy(r);
    give_id(r);
    r->stage = STAGE_BODY;
    peer_allow(r->peer, r->server->limits.body_ms);
    if (!body_begin(r)) return false;
    peer_allow(r->peer, r->server->limits.body_ms + (int64_t)r->expected / BYTES_A_MS);
    return true;
}

/* ---- answering ---- */

static void add_safety(struct MHD_Response *response, const struct request *r) {
    static const char *const headers[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
         "manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "SAMEORIGIN"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
        {"Cache-Control", "no-store"}};
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        if (!fields_header(&r->answer.headers, headers[i][0]).p)
            MHD_add_response_header(response, headers[i][0], headers[i][1]);
    if (r->is_secure) MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    MHD_add_response_header(response, "X-Request-Id", r->id);
}

static struct MHD_Response *make_response(struct request *r) {
    struct answer *a = &r->answer;
    if (a->spool) return spool_response(a->spool);
    if (a->stream) return stream_response(a->stream);
    if (a->fixed.p) {
        /* Never written to: the library only lacks a const. */
        return MHD_create_response_from_buffer(a->fixed.n, mem_unconst(a->fixed.p), MHD_RESPMEM_PERSISTENT);
    }
    if (!a->body.p) return MHD_create_response_from_buffer(0, mem_unconst(""), MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(a->body.n, a->body.p, mem_free);
    if (response) a->body = (struct buf){.max = a->body.max};
    return response;
}

static enum MHD_Result send_answer(struct request *r) {
    size_t size = r->answer.fixed.p ? r->answer.fixed.n : r->answer.body.n;
    struct MHD_Response *response = make_response(r);
    if (!response) return MHD_NO;
    AUTO(buf_done) struct buf value = buf_make(HEADER_MEMORY); /* not of the arena: a worker may still be using it */
    for (size_t i = 0; i < r->answer.headers.count; i++) {
        const struct field *f = &r->answer.headers.items[i];
        buf_clear(&value);
        buf_add(&value, f->value);
        buf_add_char(&value, '\0');
        if (buf_ok(&value)) MHD_add_response_header(response, f->name.p, value.p);
    }
    add_safety(response, r);
    if (r->server->ending) MHD_add_response_header(response, "Connection", "close");
    if (r->answer.stream || r->answer.spool)
        peer_allow_ever(r->peer);
    else
        peer_allow(r->peer, r->server->limits.body_ms + (int64_t)size / BYTES_A_MS);
    r->stage = STAGE_ANSWERED;
    enum MHD_Result result = MHD_queue_response(r->connection, (unsigned)r->answer.status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result busy(struct request *r) {
    r->server->counters.queue_full++;
    answer_error(r, 503, "BUSY", "the server has too much to do at the moment", "try again in a few seconds");
    answer_header(r, "Retry-After", S("5"));
    return send_answer(r);
}

/* The whole request is there. */
static enum MHD_Result go(struct request *r) {
    struct server *s = r->server;
    body_end(r);
    if (r->too_much || r->refusal) {
        answer_error(r, r->too_much ? 413 : request_is_api(r) ? 422 : 400, "INVALID", r->too_much ? "the body is larger than this server takes" : r->refusal, NULL);
        return send_answer(r);
    }
    if (dispatch_at_once(r)) return send_answer(r);
    if (s->ending) return busy(r);
    r->stage = STAGE_QUEUED;
    peer_allow_ever(r->peer);
    MHD_suspend_connection(r->connection);
    if (lane_push(dispatch_is_slow(r) ? &s->slow : &s->quick, r)) return MHD_YES;
    r->stage = STAGE_BODY;
    s->counters.queue_full++;
    answer_error(r, 503, "BUSY", "the server has too much to do at the moment", "try again in a few seconds");
    answer_header(r, "Retry-After", S("5"));
    MHD_resume_connection(r->connection);
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **state) {
    (void)cls, (void)connection, (void)url, (void)version;
    struct request *r = *state;
    if (!r || !r->peer) return MHD_NO;
    if (r->stage == STAGE_HEADERS) return begin(r, method) ? MHD_YES : send_answer(r);
    if (*size) {
        if (!body_take(r, data, *size)) return MHD_NO;
        *size = 0;
        return MHD_YES;
    }
    if (r->answer.status) return r->stage == STAGE_ANSWERED ? MHD_YES : send_answer(r);
    return go(r);
}

void daemon_resume(struct request *r) { MHD_resume_connection(r->connection); }

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how) {
    (void)cls, (void)connection;
    struct request *r = *state;
    if (!r) return;
    struct server *s = r->server;
    if (r->peer) {
        r->peer->request = NULL;
        peer_allow(r->peer, s->limits.headers_ms);
    }
    if (r->answer.status) {
        metrics_count(s, r);
        log_write(LOG_INFO, "request", "id=%s method=%.10s path=\"%.*s\" status=%d ms=%lld actor=\"%s\" from=%.*s%s", r->id, r->method.p ? r->method.p : "",
                  (int)(r->path.n < 200 ? r->path.n : 200), r->path.p, r->answer.status, (long long)(clock_monotonic_ms() - r->begun_ms), r->actor, STR_ARG(r->address),
                  how == MHD_REQUEST_TERMINATED_COMPLETED_OK ? "" : " cut=1");
    }
    body_done(r);
    buf_done(&r->answer.body);
    *state = NULL;
    request_release(r);
}

void request_hold(struct request *r) { r->holders++; }

void request_release(struct request *r) {
    struct server *s = r->server;
    if (--r->holders) return;
    arena_free(r->arena);
    s->in_flight--;
}

/* ---- connections ---- */

static enum MHD_Result on_accept(void *cls, const struct sockaddr *from, socklen_t n) {
    (void)n;
    struct server *s = cls;
    return !s->ending && peer_welcome(s, from) ? MHD_YES : MHD_NO;
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what) {
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*context) peer_close(*context);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *from = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    *context = peer_open(cls, fd ? fd->connect_fd : -1, from ? from->client_addr : NULL);
}

static void on_log(void *cls, const char *format, va_list args) PRINTF_LIKE(2, 0);
static void on_log(void *cls, const char *format, va_list args) {
    (void)cls;
    char line[300];
    vsnprintf(line, sizeof line, format, args);
    log_write(LOG_DEBUG, "http", "message=\"%s\"", line);
}

static enum rc split_address(struct ctx *cx, const char *text, struct addrinfo **out) {
    const char *colon = strrchr(text, ':');
    int64_t port;
    if (!colon || !str_to_i64(str_from(colon + 1), &port) || port < 0 || port > 65535)
        return fail_field(cx, INVALID, "listen", "write it as 127.0.0.1:8080 or [::1]:8080", "\"%s\" is no address with a port", text);
    Str host = {text, (size_t)(colon - text)};
    if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']') host = (Str){host.p + 1, host.n - 2};
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    if (getaddrinfo(host.n ? arena_cstr(cx->arena, host) : NULL, colon + 1, &hints, out) != 0)
        return fail_field(cx, INVALID, "listen", "give a numeric address or a name this machine has", "cannot resolve \"%s\"", text);
    return OK;
}

static enum rc start_at(struct ctx *cx, struct server *s, const struct listen_at *at, const struct addrinfo *address) {
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_ITC;
    if (address->ai_family == AF_INET6) flags |= MHD_USE_IPv6;
    if (at->certificate.n) flags |= MHD_USE_TLS;
    /* The array wants it as a pointer to data, which C has no cast for. */
    union {
        int (*ask)(gnutls_session_t, const gnutls_datum_t *, int, const gnutls_pk_algorithm_t *, int, gnutls_pcert_st **, unsigned *,
                   gnutls_privkey_t *);
        void *pointer;
    } certificate = {.ask = tls_certificate};
    struct MHD_OptionItem secure[] = {{MHD_OPTION_HTTPS_CERT_CALLBACK, 0, certificate.pointer},
                                      {MHD_OPTION_HTTPS_PRIORITIES, 0, mem_unconst("NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2")},
                                      {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    s->daemon = MHD_start_daemon(
        flags, 0, on_accept, s, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_SOCK_ADDR, address->ai_addr,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, s, MHD_OPTION_CONNECTION_LIMIT, s->limits.connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADER_MEMORY,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY,
        at->certificate.n ? secure : plain, MHD_OPTION_END);
    if (!s->daemon)
        return fail_field(cx, REMOTE, "listen", "is another program using the port, or does the port need more rights",
                          "could not listen on %s", at->text);
    return OK;
}

enum rc daemon_start(struct ctx *cx, struct server *s, const struct listen_at *at) {
    struct addrinfo *address = NULL;
    s->is_tls = at->certificate.n > 0;
    if (s->is_tls) TRY(tls_set_certificate(cx, at->certificate, at->key));
    TRY(split_address(cx, at->text, &address));
    enum rc rc = start_at(cx, s, at, address);
    freeaddrinfo(address);
    return rc;
}

bool daemon_quiesce(struct server *s, int64_t wait_ms) {
    s->ending = true;
    int listening = MHD_quiesce_daemon(s->daemon);
    if (listening >= 0) close(listening);
    return daemon_quiesce_more(s, wait_ms);
}

bool daemon_quiesce_more(struct server *s, int64_t wait_ms) {
    int64_t until = clock_monotonic_ms() + wait_ms;
    do {
        peers_end_idle(s);
        if (s->in_flight == 0) return true;
        poll(NULL, 0, 20);
    } while (clock_monotonic_ms() < until);
    return false;
}

void daemon_stop(struct server *s) {
    if (s->daemon) MHD_stop_daemon(s->daemon);
    s->daemon = NULL;
}
