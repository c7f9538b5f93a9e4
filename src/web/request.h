/* One request and its answer, from the first header to the last byte.
 *
 * The network thread (daemon.c) reads it and hands it to a lane (lane.c); while a worker has it, nobody else touches it; when the
 * answer stands, the network thread sends it and frees everything. All memory is the request's own arena, but the body of the
 * answer, which outlives it by as long as sending takes. */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <microhttpd.h>
#include <nettle/sha2.h>
#include <stdatomic.h>

#include "action/action.h"
#include "base/buf.h"
#include "web/fields.h"

struct server;
struct peer;

/* A file that came with a multipart form: streamed to a folder of its own under its own, cleaned name. */
struct upload {
    Str name; /* of the field */
    char *folder, *path;
    int fd;
};
#define UPLOADS_MAX 4

enum face { FACE_PAGE, FACE_API };
enum stage { STAGE_HEADERS, STAGE_BODY, STAGE_QUEUED, STAGE_ANSWERED };

struct answer {
    int status;
    struct fields headers;
    struct buf body;
    Str fixed;         /* instead of `body`: bytes that live as long as the process */
    struct stream *stream; /* instead of both: server-sent events (events.h) */
    struct spool *spool;   /* instead of all: what a worker still makes (spool.h) */
};

struct request {
    struct arena *arena;
    struct server *server;
    struct peer *peer;
    struct MHD_Connection *connection;
    struct MHD_PostProcessor *post;
    enum stage stage;
    Str method, target, path, query_text; /* as sent; path still encoded */
    struct fields headers, query, form;
    Str content_type;
    struct buf body;
    size_t received, expected, allowed; /* bytes of the body */
    struct buf part;          /* the value of the multipart field being read */
    Str part_name;
    struct upload uploads[UPLOADS_MAX];
    size_t upload_count;
    struct sha256_ctx form_hash; /* of the parts, whatever their boundary: what an idempotency key stands for */
    bool is_head, is_secure;
    bool too_much; /* the body is refused: read on, keep nothing */
    const char *refusal; /* what is wrong with the body; NULL: nothing */
    Str address; /* of the client, behind a trusted proxy the one it names */
    char id[36]; /* X-Request-Id */
    int64_t begun_ms;
    struct answer answer;
    _Atomic int holders; /* its connection, and a worker that makes what is being sent already */
    const char *verb;    /* for log and metrics, NULL: none */
    char actor[96];      /* the same */
};

/* Adds a header to the answer; the texts must live in the arena or be literals. */
void answer_header(struct request *r, const char *name, Str value);
/* Sets a cookie no script reads, for all pages; 0: until the browser ends. An empty token removes it. */
void answer_cookie(struct request *r, const char *name, const char *token, int max_age_s);
/* Bytes of memory for the answer's body, at most `max`; resets what was there. */
struct buf *answer_body(struct request *r, size_t max);
/* The first language of the browser that we speak, "es" when there is none; NULL for a program that says none. */
const char *request_language(const struct request *r);
/* A short answer in plain text or, below /api, the error object; for what goes wrong before any action is found. */
void answer_error(struct request *r, int status, const char *code, SAYS const char *message, SAYS const char *hint);
/* Whether the path lies below /api/. */
bool request_is_api(const struct request *r);

#endif
