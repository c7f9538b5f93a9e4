/* One request being answered by a worker: what dispatch, pages and the API pass around. */
#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include "account/actor.h"
#include "base/json_tree.h"
#include "web/server.h"

#define API_ROWS 100 /* of a list without a limit */
#define PAGE_ROWS 50

struct exchange {
    struct worker *worker;
    struct request *request;
    struct ctx *cx;
    struct app app; /* the worker's, for this call */
    struct actor actor;
    bool has_company;
    Str csrf; /* of the session, hexadecimal; empty without */
    enum face face;
    Str path; /* of the action: without /api/v1 */
    const struct action *action;
    struct path_match match;
};

/* ---- gate.c: who asks ---- */
/* Reads session or key and binds the actor. OK also for nobody; DENIED for a key that is not good. */
MUST_USE enum rc gate_identify(struct exchange *x);
/* What the cookie holds; empty without. */
Str gate_session_token(const struct exchange *x);
/* An action that renewed the session: its cookie. */
void gate_new_session(struct exchange *x, const struct call *call);
/* DENIED unless the form carries the session's token and comes from our own pages. */
MUST_USE enum rc gate_check_form(struct exchange *x);

/* Answers what belongs to signing in and out: /login, /login/code, /logout. False: another page. */
bool gate_page(struct exchange *x);

/* ---- sign_on.c: by another provider ---- */
/* Answers /login/oidc and /login/oidc/back. False: another page, or there is no provider. */
bool sign_on_page(struct exchange *x);
bool sign_on_is_offered(struct exchange *x);
/* The cookie of a new session. */
void gate_set_cookie(struct exchange *x, const char *token);

/* ---- params.c: from fields to parameters ---- */
/* A call ready to be filled: app, action, collecting what the action writes beside its value. */
void call_prepare(struct exchange *x, const struct action *a, struct call *out_call, struct json_writer *out);
/* From the path; then from query, form or JSON. Strict: unknown names are INVALID. */
MUST_USE enum rc params_from_path(struct exchange *x, struct call *call);
MUST_USE enum rc params_from_fields(struct exchange *x, struct call *call, const struct fields *fields, bool strict);
MUST_USE enum rc params_from_json(struct exchange *x, struct call *call, Str body);
MUST_USE enum rc params_from_uploads(struct exchange *x, struct call *call);
/* Lists are cut: `fallback` rows unless a limit is given, 500 at most. */
MUST_USE enum rc params_limit(struct exchange *x, struct call *call, int fallback);
/* A parameter's name as members and fields spell it: with _; in cx->arena. */
Str field_name(struct ctx *cx, const char *name);

/* Bytes an action gave instead of a value (PDF, the message as sent). */
struct raw_answer {
    struct request *request;
    struct exchange *x;
    int64_t told_ms; /* of the progress */
    struct call *call;
    struct spool *spool; /* what is poured leaves through it; NULL: nothing was */
    struct buf bytes;
    bool given;
};
void raw_take(void *self, Str bytes);
/* Tells the pages of whoever asked how far it is, a few times a second. */
void progress_take(void *self, const char *what, int64_t done, int64_t total);

/* ---- api.c, page.c ---- */
void api_answer(struct exchange *x);
void page_answer(struct exchange *x);
void api_fault(struct exchange *x, enum rc rc);
void page_fault(struct exchange *x, enum rc rc);
/* A page that no action gives: a view, what it shows, a status. */
void page_show(struct exchange *x, const char *view, const struct value *data, int status, enum rc fault);
/* 404 and 405 of a path that has no action for the method. */
void page_unknown(struct exchange *x);
/* The entity tag of a representation, quoted, in the arena. */
Str etag_of(struct exchange *x, Str body);
bool etag_listed(Str list, Str tag);
/* An internal error's words go to the log; the fault then says only where to ask. */
void hide_internal(struct exchange *x, enum rc rc);
/* The value an action writes, as JSON text, within the transaction at hand or one of its own. */
MUST_USE enum rc json_of(struct exchange *x, struct call *call, struct buf *out);
void send_raw(struct exchange *x, struct call *call, struct raw_answer *raw);

#endif
