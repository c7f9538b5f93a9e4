/* From a request to the face that answers it. */
#include "web/server.h"

#include <string.h>

#include "action/tally.h"
#include "base/log.h"
#include "base/random.h"
#include "web/asset.h"
#include "web/body.h"
#include "web/compress.h"
#include "web/events.h"
#include "web/exchange.h"
#include "web/openapi.h"

#define API "/api/v1"
#define TARGET_MAX ((size_t)4096)
#define SIGN_IN_MAX ((size_t)64 * 1024) /* of forms no action declares: signing in and out */

/* ---- in the network thread ---- */

static Str action_path(const struct request *r, enum face *out_face) {
    bool api = str_starts(r->path, S(API "/"));
    *out_face = api ? FACE_API : FACE_PAGE;
    return api ? (Str){r->path.p + sizeof API - 1, r->path.n - (sizeof API - 1)} : r->path;
}

static const struct action *route_of(const struct request *r) {
    enum face face;
    struct path_match match;
    return action_route(r->is_head ? S("GET") : r->method, action_path(r, &face), &match);
}

bool dispatch_is_slow(const struct request *r) {
    const struct action *a = route_of(r);
    return r->upload_count > 0 || (a && a->is_slow);
}

size_t dispatch_body_limit(const struct request *r) {
    const struct limits *limits = &r->server->limits;
    const struct action *a = route_of(r);
    if (str_is(r->method, "GET") || r->is_head) return 0;
    if (!a) return SIGN_IN_MAX;
    if (str_starts(r->content_type, S("multipart/form-data")) || body_is_file(r))
        for (const struct param *p = a->params; p->name; p++)
            if (p->type == P_FILE) return limits->upload_bytes;
    return limits->body_bytes;
}

static void answer_asset(struct request *r, const struct asset *a) {
    Str accepted = fields_header(&r->headers, "Accept-Encoding"), range = fields_header(&r->headers, "Range");
    Str body = a->plain;
    size_t first, last;
    bool bad;
    r->answer.status = 200;
    answer_header(r, "Content-Type", str_from(a->type));
    answer_header(r, "Cache-Control", S("public, max-age=31536000, immutable"));
    answer_header(r, "Vary", S("Accept-Encoding"));
    answer_header(r, "Accept-Ranges", S("bytes"));
    if (range.p && range_parse(range, body.n, &first, &last, &bad)) {
        r->answer.status = bad ? 416 : 206;
        answer_header(r, "Content-Range", bad ? arena_printf(r->arena, "bytes */%zu", body.n)
                                              : arena_printf(r->arena, "bytes %zu-%zu/%zu", first, last, body.n));
        r->answer.fixed = bad ? S("") : (Str){body.p + first, last - first + 1};
        return;
    }
    if (a->brotli.n && header_accepts(accepted, "br")) {
        body = a->brotli;
        answer_header(r, "Content-Encoding", S("br"));
    } else if (a->gzip.n && header_accepts(accepted, "gzip")) {
        body = a->gzip;
        answer_header(r, "Content-Encoding", S("gzip"));
    }
    r->answer.fixed = body;
}

static bool known_method(Str method) {
    return str_is(method, "GET") || str_is(method, "HEAD") || str_is(method, "POST") || str_is(method, "PUT") ||
           str_is(method, "PATCH") || str_is(method, "DELETE") || str_is(method, "OPTIONS");
}

/* Segments that climb or repeat, and bytes no address of ours has. */
static bool sound_path(const struct request *r) {
    Str plain, rest = r->path;
    if (r->path.n == 0 || r->path.p[0] != '/' || !url_decode(r->arena, r->path, false, &plain)) return false;
    if (str_has_control(plain)) return false;
    str_cut(&rest, '/');
    while (rest.p) {
        Str segment = str_cut(&rest, '/'), decoded;
        if (!url_decode(r->arena, segment, false, &decoded)) return false;
        if (str_is(decoded, ".") || str_is(decoded, "..")) return false;
        if (segment.n == 0 && rest.p) return false;
    }
    return true;
}

/* Through a proxy that trusted_proxies does not name: it stands on our machine, whoever asks does not. */
static bool came_through_strangers(const struct request *r) {
    bool forwarded = fields_header(&r->headers, "X-Forwarded-For").p || fields_header(&r->headers, "Forwarded").p || fields_header(&r->headers, "Via").p;
    return forwarded && !address_in_list(r->server->trusted_proxies, str_from(r->peer->address));
}

static void answer_metrics(struct request *r) {
    if (!address_in_list(r->server->metrics_from, r->address) || came_through_strangers(r)) {
        answer_error(r, 404, "NOT_FOUND", "there is no such page", NULL);
        return;
    }
    r->answer.status = 200;
    answer_header(r, "Content-Type", S("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    metrics_write(r->server, answer_body(r, (size_t)1024 * 1024));
}

static void answer_options(struct request *r) {
    enum face face;
    struct path_match match;
    action_route(S("GET"), action_path(r, &face), &match);
    r->answer.status = 204;
    answer_header(r, "Allow", arena_printf(r->arena, "OPTIONS%s%s%s%s", match.methods & 1 ? ", GET, HEAD" : "",
                                           match.methods & 2 ? ", POST" : "", match.methods & 4 ? ", PUT" : "",
                                           match.methods & 8 ? ", DELETE" : ""));
}

bool dispatch_at_once(struct request *r) {
    if (!known_method(r->method))
        answer_error(r, 501, "INVALID", "this server does not know that method", NULL);
    else if (r->target.n > TARGET_MAX)
        answer_error(r, 414, "INVALID", "the address is too long", "send long texts in the body of a POST");
    else if (!sound_path(r))
        answer_error(r, request_is_api(r) ? 422 : 400, "INVALID", "the address is malformed", NULL);
    else if (!host_is_ours(fields_header(&r->headers, "Host"), r->server->public_host))
        answer_error(r, 421, "INVALID", "this server does not answer for that host name", "the setting public_url names the host");
    else if (str_is(r->method, "OPTIONS"))
        answer_options(r);
    else if (str_starts(r->path, S("/assets/"))) {
        const struct asset *a = asset_by_path(r->path);
        if (a && (r->is_head || str_is(r->method, "GET")))
            answer_asset(r, a);
        else
            answer_error(r, a ? 405 : 404, "NOT_FOUND", a ? "this can only be read" : "there is no such file", NULL);
        if (a && r->answer.status == 405) answer_header(r, "Allow", S("GET, HEAD"));
    } else if (str_is(r->path, "/metrics"))
        answer_metrics(r);
    return r->answer.status != 0;
}

/* ---- in a worker ---- */

/* The document of the whole API, for whoever may sign in or hold a key; it tells nothing about data. */
static bool answer_openapi(struct exchange *x) {
    if (!str_is(x->path, "/openapi.json") || x->face != FACE_API) return false;
    x->request->answer.status = 200;
    answer_header(x->request, "Content-Type", S("application/json"));
    openapi_write(answer_body(x->request, (size_t)4 * 1024 * 1024));
    return true;
}

/* For load balancers and monitors, without a name to anybody: does it work. 200 or 503. */
static bool answer_health(struct exchange *x) {
    if (!str_is(x->request->path, "/health")) return false;
    bool page = x->actor.kind == ACTOR_USER && accept_prefers(fields_header(&x->request->headers, "Accept"), "text/html", "application/json");
    if (page) return false;
    const struct action *a = action_find(S("health"));
    struct actor monitor = actor_system("monitor");
    struct ctx own = *x->cx;
    struct json_tree tree;
    struct call call;
    actor_bind(&own, &monitor);
    json_tree_init(&tree, own.arena);
    call_prepare(x, a, &call, &tree.writer);
    enum rc rc = call_run(&own, &call);
    bool good = rc == OK && call.exit_status == 0;
    x->request->answer.status = rc == OK ? 200 : 503;
    answer_header(x->request, "Content-Type", S("application/json"));
    buf_printf(answer_body(x->request, 1000), "{\"ok\":%s,\"version\":\"%s\"}\n", good ? "true" : "false", ALDIA_VERSION);
    return true;
}

static void answer_action(struct exchange *x) {
    struct request *r = x->request;
    x->action = action_route(r->is_head ? S("GET") : r->method, x->path, &x->match);
    if (x->action) {
        r->verb = x->action->verb;
        log_write(LOG_DEBUG, "action", "id=%s verb=\"%s\"", r->id, r->verb);
    }
    if (x->face == FACE_API)
        api_answer(x);
    else
        page_answer(x);
}

void dispatch(struct worker *w, struct request *r) {
    struct ctx cx = {.arena = r->arena, .lang = "es", .actor = "nobody"};
    struct exchange *x = ARENA_NEW(r->arena, struct exchange);
    *x = (struct exchange){.worker = w, .request = r, .cx = &cx, .app = w->app};
    x->app.arena = r->arena;
    x->path = action_path(r, &x->face);
    tally_ask(w->app.tally);
    enum rc rc = clock_now(&cx, &x->app.clock, &cx.now);
    if (rc == OK) rc = gate_identify(x);
    if (rc == OK) rc = fields_parse(&cx, r->query_text, &r->query);
    snprintf(r->actor, sizeof r->actor, "%s", x->actor.label);
    if (rc != OK)
        (x->face == FACE_API ? api_fault : page_fault)(x, rc);
    else if (str_is(r->path, "/events"))
        events_answer(x);
    else if (!answer_health(x) && !answer_openapi(x))
        answer_action(x);
    MUST(r->answer.status);
    if (!str_is(r->method, "GET") && !r->is_head) r->server->writes++;
    compress_answer(w, r);
}
