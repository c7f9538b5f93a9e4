/* The API: JSON in, JSON out, the same actions. */
#include <nettle/sha2.h>
#include <string.h>

#include "action/identity.h"
#include "action/once.h"
#include "base/log.h"
#include "web/exchange.h"
#include "web/spool.h"
#include "web/match.h"
#include "web/openapi_answer.h"

#define BODY_MAX ((size_t)256 * 1024 * 1024)

static void put_error(struct buf *b, const char *code, const struct fault *f, struct ctx *cx) {
    buf_printf(b, "{\"error\":{\"code\":\"%s\",\"message\":\"", code);
    buf_add_json(b, str_from(f->message));
    buf_add(b, S("\",\"field\":\""));
    buf_add_json(b, field_name(cx, f->field));
    buf_add(b, S("\",\"hint\":\""));
    buf_add_json(b, str_from(f->hint));
    buf_add(b, S("\"}"));
}

/* What went wrong inside is for the log; the caller gets the number to ask about. */
void hide_internal(struct exchange *x, enum rc rc) {
    struct fault *f = &x->cx->fault;
    if (rc != INTERNAL) return;
    log_write(LOG_ERROR, "request_failed", "id=%s message=\"%s\"", x->request->id, f->plain);
    snprintf(f->message, sizeof f->message, "%s", phrase(x->cx, "something went wrong on our side"));
    snprintf(f->hint, sizeof f->hint, phrase(x->cx, "tell whoever runs this server the number %s"), x->request->id);
    f->field[0] = '\0';
}

/* `told`: the object the action told all the same, or empty; its members stand beside the error. */
static void answer_fault(struct exchange *x, int status, const char *code, Str told) {
    struct request *r = x->request;
    struct buf *b = answer_body(r, 65536 + told.n);
    r->answer.status = status;
    answer_header(r, "Content-Type", S("application/json"));
    put_error(b, code, &x->cx->fault, x->cx);
    if (told.n > 2) {
        buf_add_char(b, ',');
        buf_add(b, (Str){told.p + 1, told.n - 2});
    }
    buf_add(b, S("}\n"));
}

static void fault_told(struct exchange *x, enum rc rc, Str told) {
    struct request *r = x->request;
    int status = rc_http_status(rc);
    hide_internal(x, rc);
    if (rc == DENIED && x->actor.kind == ACTOR_NOBODY) {
        status = 401;
        answer_header(r, "WWW-Authenticate", S("Bearer"));
    }
    if (rc == BUSY) answer_header(r, "Retry-After", S("5"));
    answer_fault(x, status, rc_name(rc), told);
}

void api_fault(struct exchange *x, enum rc rc) { fault_told(x, rc, S("")); }

static void answer_unknown(struct exchange *x) {
    struct request *r = x->request;
    bool exists = x->match.methods != 0;
    if (exists) {
        answer_header(r, "Allow", arena_printf(r->arena, "OPTIONS%s%s%s%s", x->match.methods & 1 ? ", GET, HEAD" : "",
                                               x->match.methods & 2 ? ", POST" : "", x->match.methods & 4 ? ", PUT" : "",
                                               x->match.methods & 8 ? ", DELETE" : ""));
        answer_error(r, 405, "INVALID", "that address does not know the method", "see the header Allow");
    } else {
        answer_error(r, 404, "NOT_FOUND", "there is no such address", "/api/v1/openapi.json lists them");
    }
}

static void to_buf(void *self, Str piece) { buf_add(self, piece); }

enum rc json_of(struct exchange *x, struct call *call, struct buf *out) {
    struct json_text text;
    json_text_init(&text, to_buf, out);
    call->out = &text.writer;
    enum rc rc = call_run(x->cx, call);
    json_text_done(&text);
    if (rc == OK && !buf_ok(out)) rc = fail_field(x->cx, INVALID, "limit", "ask for fewer", "the result is too large");
    return rc;
}

Str etag_of(struct exchange *x, Str body) {
    struct sha256_ctx hash;
    unsigned char digest[SHA256_DIGEST_SIZE];
    sha256_init(&hash);
    sha256_update(&hash, body.n, (const uint8_t *)body.p);
    sha256_digest(&hash, sizeof digest, digest);
    struct buf b = buf_make(64);
    buf_add_char(&b, '"');
    buf_add_hex(&b, digest, 12);
    buf_add_char(&b, '"');
    Str tag = arena_str(x->cx->arena, buf_str(&b));
    buf_done(&b);
    return tag;
}

/* Whether a list of tags, or the star, names this one. */
bool etag_listed(Str list, Str tag) {
    if (str_is(str_trim(list), "*")) return true;
    for (Str rest = list; rest.p && rest.n;) {
        Str one = str_trim(str_cut(&rest, ','));
        if (str_starts(one, S("W/"))) one = (Str){one.p + 2, one.n - 2};
        if (str_equal(one, tag)) return true;
    }
    return false;
}

void send_raw(struct exchange *x, struct call *call, struct raw_answer *raw) {
    struct request *r = x->request;
    r->answer.status = 200;
    buf_done(&r->answer.body);
    r->answer.body = raw->bytes;
    answer_header(r, "Content-Type", str_from(call->raw_type ? call->raw_type : "application/octet-stream"));
    AUTO(buf_done) struct buf name = buf_make(1000);
    buf_add_url(&name, str_from(call->raw_name ? call->raw_name : "aldia.bin"));
    answer_header(r, "Content-Disposition", arena_printf(r->arena, "%s; filename*=UTF-8''%.*s", call->raw_inline ? "inline" : "attachment",
                                                         STR_ARG(buf_str(&name))));
    /* Whatever it is, it is no page of ours. */
    answer_header(r, "Content-Security-Policy", S("default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"));
}

static void api_read(struct exchange *x) {
    struct request *r = x->request;
    struct call call;
    struct raw_answer raw = {.request = r, .x = x, .bytes = buf_make(BODY_MAX)};
    struct buf *body = answer_body(r, BODY_MAX);
    call_prepare(x, x->action, &call, NULL);
    call.raw = raw_take;
    call.pour = spool_take;
    call.progress = progress_take;
    call.self = &raw;
    raw.call = &call;
    enum rc rc = params_from_path(x, &call);
    if (rc == OK) rc = params_from_fields(x, &call, &r->query, true);
    if (rc == OK) rc = params_limit(x, &call, API_ROWS);
    if (rc == OK) rc = json_of(x, &call, body);
    if (raw.spool) {
        spool_end(&raw, rc);
        return;
    }
    if (rc != OK) {
        buf_done(&raw.bytes);
        api_fault(x, rc);
        return;
    }
    if (raw.given) {
        send_raw(x, &call, &raw);
        return;
    }
    buf_add_char(body, '\n');
    Str tag = etag_of(x, buf_str(body));
    r->answer.status = 200;
    answer_header(r, "Content-Type", S("application/json"));
    answer_header(r, "Cache-Control", S("no-cache, private"));
    answer_header(r, "ETag", tag);
    Str known = fields_header(&r->headers, "If-None-Match");
    if (!known.p || !etag_listed(known, tag)) return;
    r->answer.status = 304;
    buf_clear(body);
}

static bool body_type_is(const struct request *r, const char *type) {
    Str rest = r->content_type, plain = str_trim(str_cut(&rest, ';'));
    return str_equal_nocase(plain, str_from(type));
}

static enum rc write_params(struct exchange *x, struct call *call) {
    struct request *r = x->request;
    TRY(params_from_path(x, call));
    TRY(params_from_fields(x, call, &r->query, true));
    if (body_type_is(r, "multipart/form-data") || r->upload_count) {
        TRY(params_from_fields(x, call, &r->form, true));
        return params_from_uploads(x, call);
    }
    return params_from_json(x, call, buf_str(&r->body));
}

/* One writing call. */
struct writing {
    struct exchange *x;
    struct call call;
    struct match match;
    struct once once; /* key.p NULL: none */
    struct json_text text;
    struct buf *body;
};

static enum rc before_write(struct ctx *cx, struct call *call, void *self) {
    (void)call;
    struct writing *w = self;
    return match_check(cx, &w->match);
}

/* The answer is whole, the transaction still open. */
static enum rc finish_write(struct ctx *cx, struct call *call, void *self) {
    (void)call;
    struct writing *w = self;
    json_text_done(&w->text);
    buf_add_char(w->body, '\n');
    return w->once.key.p ? once_keep(cx, &w->once, buf_str(w->body)) : OK;
}

static enum rc run_write(struct writing *w) {
    struct exchange *x = w->x;
    bool own_tx = x->action->tx == TX_NONE;
    bool apart = own_tx || (w->match.reader && w->match.reader->tx == TX_NONE);
    if (apart) TRY(match_check(x->cx, &w->match));
    json_text_init(&w->text, to_buf, w->body);
    w->call.out = &w->text.writer;
    w->call.before = before_write;
    w->call.finish = finish_write;
    w->call.hook_self = w;
    enum rc rc = call_run(x->cx, &w->call);
    json_text_done(&w->text);
    TRY(rc);
    gate_new_session(x, &w->call);
    if (!own_tx) return OK;
    buf_add_char(w->body, '\n');
    return w->once.key.p ? once_keep_after(x->cx, &x->app, &w->once, buf_str(w->body)) : OK;
}

static enum rc read_once(struct exchange *x, struct once *once) {
    struct request *r = x->request;
    struct sha256_ctx hash;
    unsigned char form_digest[SHA256_DIGEST_SIZE];
    Str key = fields_header(&r->headers, "Idempotency-Key");
    if (!key.p) return OK;
    key = str_trim(key);
    if (key.n == 0 || key.n > ONCE_KEY_MAX || str_has_control(key))
        return fail_field(x->cx, INVALID, "Idempotency-Key", "1 to 200 characters, new for every deed", "the idempotency key is empty or too long");
    sha256_init(&hash);
    sha256_update(&hash, r->method.n, (const uint8_t *)r->method.p);
    sha256_update(&hash, 1, (const uint8_t *)" ");
    sha256_update(&hash, r->target.n + 1, (const uint8_t *)r->target.p); /* with its end */
    if (r->body.n) sha256_update(&hash, r->body.n, (const uint8_t *)r->body.p);
    struct sha256_ctx form = r->form_hash;
    sha256_digest(&form, sizeof form_digest, form_digest);
    sha256_update(&hash, sizeof form_digest, form_digest);
    sha256_digest(&hash, sizeof once->digest, once->digest);
    once->key = key;
    return OK;
}

/* True when the deed was done before: the answer stands. */
static bool answer_again(struct exchange *x, const struct once *once, enum rc *out_rc) {
    enum once_state state = ONCE_NEW;
    Str kept;
    *out_rc = once_find(x->cx, &x->app, once, &state, &kept);
    if (*out_rc == OK && state == ONCE_OTHER)
        *out_rc = fail_field(x->cx, INVALID, "Idempotency-Key", "take a new key for every deed", "this key was used for another call");
    if (*out_rc != OK || state != ONCE_DONE) return false;
    struct request *r = x->request;
    r->answer.status = 200;
    answer_header(r, "Content-Type", S("application/json"));
    answer_header(r, "Idempotency-Replayed", S("true"));
    buf_add(answer_body(r, BODY_MAX), kept);
    return true;
}

/* A refused file is told row by row, as the command does: the whole object an action wrote before it failed. */
static Str told_by(const struct writing *w, enum rc rc) {
    bool whole = rc == INVALID && w->text.writer.depth == 0 && w->body->n && w->body->p[0] == '{' && buf_ok(w->body);
    return whole ? arena_str(w->x->request->arena, str_trim(buf_str(w->body))) : S("");
}

static void run_and_answer(struct writing *w) {
    struct exchange *x = w->x;
    struct request *r = x->request;
    struct raw_answer raw = {.request = r, .x = x, .bytes = buf_make(BODY_MAX)};
    call_prepare(x, x->action, &w->call, NULL);
    w->call.raw = raw_take;
    w->call.progress = progress_take;
    w->call.self = &raw;
    w->match = (struct match){.x = x, .wanted = fields_header(&r->headers, "If-Match"), .form = &w->call};
    if (w->match.wanted.p) w->match.reader = match_reader(x, x->path);
    enum rc rc = write_params(x, &w->call);
    if (rc == OK) rc = run_write(w);
    if (rc == OK && raw.given) {
        send_raw(x, &w->call, &raw);
        return;
    }
    buf_done(&raw.bytes);
    if (rc != OK) {
        fault_told(x, rc, told_by(w, rc));
        if (w->match.failed) r->answer.status = 412;
        return;
    }
    r->answer.status = 200;
    answer_header(r, "Content-Type", S("application/json"));
}

static void api_write(struct exchange *x) {
    struct request *r = x->request;
    struct writing w = {.x = x};
    if (r->body.n && !body_type_is(r, "application/json")) {
        answer_error(r, 415, "INVALID", "the body is neither JSON nor a form nor a file", "Content-Type: application/json, multipart/form-data, text/csv");
        return;
    }
    /* A browser's session may only do what our own pages asked for. */
    enum rc rc = x->actor.kind == ACTOR_USER ? gate_check_form(x) : OK;
    if (rc == OK) rc = read_once(x, &w.once);
    if (rc != OK) {
        api_fault(x, rc);
        return;
    }
    Str claim = arena_printf(r->arena, "%lld %s %.*s", (long long)x->cx->company_id, x->cx->actor, STR_ARG(w.once.key));
    if (w.once.key.p && !claims_take(r->server, claim)) {
        (void)fail_field(x->cx, CONFLICT, "Idempotency-Key", "wait for its answer", "a call with this key is under way");
        api_fault(x, CONFLICT);
        return;
    }
    bool again = w.once.key.p && answer_again(x, &w.once, &rc);
    if (rc != OK) {
        api_fault(x, rc);
    } else if (!again) {
        w.body = answer_body(r, BODY_MAX);
        run_and_answer(&w);
    }
    if (w.once.key.p) claims_drop(r->server, claim);
}

/* JSON, for its errors at least, or the file the action can give. */
static bool acceptable(struct exchange *x) {
    Str accept = fields_header(&x->request->headers, "Accept");
    AUTO(buf_done) struct buf raw = buf_make(1000);
    if (!accept.p || header_accepts(accept, "application/json") || header_accepts(accept, "*/*") || header_accepts(accept, "application/*")) return true;
    return answer_shape(x->action->verb, "raw", &raw) && header_accepts(accept, arena_cstr(x->cx->arena, buf_str(&raw)));
}

void api_answer(struct exchange *x) {
    struct request *r = x->request;
    struct ctx *cx = x->cx;
    if (!x->action) {
        answer_unknown(x);
        return;
    }
    if (!actor_may(cx->who, x->action->needs)) {
        (void)fail_field(cx, DENIED, NULL, x->actor.kind == ACTOR_NOBODY ? "send Authorization: Bearer KEY" : "the role or the key's scopes do not include it",
                         "%s is not allowed", x->action->verb);
        if (x->actor.kind != ACTOR_NOBODY) identity_note_refused(cx, &x->app, x->action->verb);
        api_fault(x, DENIED);
        return;
    }
    if (!acceptable(x)) {
        answer_error(r, 406, "INVALID", "only application/json is given here", NULL);
        return;
    }
    if (str_is(r->method, "GET") || r->is_head)
        api_read(x);
    else
        api_write(x);
}
