/* Who asks, and whether a form is ours. Cookies, tokens, and the pages of signing in and out. */
#include <sodium.h>
#include <string.h>

#include "action/account_settings.h"
#include "action/identity.h"
#include "web/exchange.h"
#include "web/housekeeper.h"

static const char *cookie_name(const struct request *r) { return r->is_secure ? "__Host-aldia" : "aldia"; }

Str gate_session_token(const struct exchange *x) { return cookie_get(&x->request->headers, cookie_name(x->request)); }

static void set_cookie(struct request *r, const char *token) { answer_cookie(r, cookie_name(r), token, 0); }

void gate_set_cookie(struct exchange *x, const char *token) { set_cookie(x->request, token); }


static void put_csrf(struct exchange *x) {
    struct buf b = buf_make(100);
    buf_add_hex(&b, x->actor.csrf, sizeof x->actor.csrf);
    x->csrf = arena_str(x->cx->arena, buf_str(&b));
    buf_done(&b);
}

/* A page that is shown at once belongs to the new session already: its forms carry the token of that one. */
void gate_new_session(struct exchange *x, const struct call *call) {
    struct identity_touch touch;
    bool found = false;
    if (!call->new_session[0]) return;
    Str token = str_from(arena_cstr(x->cx->arena, str_from(call->new_session)));
    set_cookie(x->request, token.p);
    enum rc rc = identity_by_session(x->cx, &x->app, token, x->request->address, &x->actor, &touch, &found);
    if (rc != OK || !found) return; /* the next request brings the cookie */
    actor_bind(x->cx, &x->actor);
    put_csrf(x);
}

enum rc gate_identify(struct exchange *x) {
    struct request *r = x->request;
    struct identity_touch *touch = ARENA_NEW(x->cx->arena, struct identity_touch);
    Str header = fields_header(&r->headers, "Authorization"), token = gate_session_token(x);
    bool found = false;
    x->actor = actor_nobody();
    const char *lang = request_language(r);
    x->cx->lang = lang ? lang : "es";
    x->cx->lang_unsaid = !lang;
    actor_bind(x->cx, &x->actor);
    if (header.p) {
        Str key = header, scheme = str_cut(&key, ' ');
        if (str_equal_nocase(scheme, S("Bearer")) && key.p) TRY(identity_by_key(x->cx, &x->app, str_trim(key), r->address, &x->actor, touch, &found));
        if (!found) return fail_field(x->cx, DENIED, NULL, "send Authorization: Bearer KEY", "the key is not valid");
    } else if (token.n) {
        TRY(identity_by_session(x->cx, &x->app, token, r->address, &x->actor, touch, &found));
    }
    if (!found) return OK;
    actor_bind(x->cx, &x->actor);
    if (x->actor.kind == ACTOR_USER) put_csrf(x);
    TRY(identity_company(x->cx, &x->app));
    x->has_company = true;
    if (x->actor.kind == ACTOR_USER) x->cx->lang_unsaid = false;
    if (!x->actor.language[0] && x->actor.kind == ACTOR_USER) x->cx->lang = arena_cstr(x->cx->arena, x->app.company.language);
    housekeeper_touch(r->server, touch);
    return OK;
}

/* Browsers say where a form comes from; another place than our own pages is refused. */
static enum rc check_origin(struct exchange *x) {
    const struct request *r = x->request;
    Str site = fields_header(&r->headers, "Sec-Fetch-Site"), origin = fields_header(&r->headers, "Origin");
    Str host = fields_header(&r->headers, "Host");
    if (site.p && !str_is(site, "same-origin") && !str_is(site, "none"))
        return fail(x->cx, DENIED, "the form comes from another place");
    if (!origin.p) return OK;
    Str rest = origin;
    size_t at = str_index(origin, '/');
    if (at + 1 < origin.n && origin.p[at + 1] == '/') rest = (Str){origin.p + at + 2, origin.n - at - 2};
    return str_equal_nocase(rest, host) ? OK : fail(x->cx, DENIED, "the form comes from another place");
}

enum rc gate_check_form(struct exchange *x) {
    struct request *r = x->request;
    Str given = fields_get(&r->form, "csrf");
    TRY(check_origin(x));
    if (x->actor.kind != ACTOR_USER) return OK; /* nothing to steal */
    if (!given.p) given = fields_header(&r->headers, "X-CSRF-Token");
    bool good = given.n == x->csrf.n && x->csrf.n && sodium_memcmp(given.p, x->csrf.p, given.n) == 0;
    if (good) return OK;
    return fail_field(x->cx, DENIED, "csrf", "load the page again and repeat", "the form is not of this session any more");
}

/* ---- signing in and out ---- */

/* Only addresses of our own. */
static Str safe_next(const struct request *r) {
    Str next = fields_get(&r->form, "next");
    if (!next.p) next = fields_get(&r->query, "next");
    bool own = next.n > 0 && next.n < 2000 && next.p[0] == '/' && !(next.n > 1 && (next.p[1] == '/' || next.p[1] == '\\')) && !str_has_control(next) &&
               str_index(next, '\\') == next.n;
    return own ? next : S("/");
}

static void redirect(struct request *r, Str to) {
    r->answer.status = 303;
    answer_header(r, "Location", arena_str(r->arena, to));
}

static void show_form(struct exchange *x, const char *view, int status, enum rc fault) {
    struct value_builder data = value_object(x->cx->arena);
    value_add_text(&data, "next", safe_next(x->request));
    value_add_text(&data, "login", fields_get(&x->request->form, "login"));
    value_add_bool(&data, "sign_on", sign_on_is_offered(x));
    page_show(x, view, data.value, status, fault);
}

static void finish_sign_in(struct exchange *x, const struct sign_in_result *result, const char *view) {
    struct request *r = x->request;
    switch (result->outcome) {
    case SIGN_IN_DONE:
        set_cookie(r, result->token);
        redirect(r, safe_next(r));
        return;
    case SIGN_IN_CODE_WANTED: {
        set_cookie(r, result->token);
        AUTO(buf_done) struct buf next = buf_make(8192);
        buf_add_url(&next, safe_next(r));
        redirect(r, arena_printf(r->arena, "/login/code?next=%.*s", STR_ARG(buf_str(&next))));
        return;
    }
    case SIGN_IN_REFUSED:
        (void)fail_field(x->cx, DENIED, "password", NULL, "the name or the secret is not right");
        show_form(x, view, 403, DENIED);
        return;
    case SIGN_IN_LATER:
        (void)fail_field(x->cx, BUSY, "password", NULL, "too many attempts: try again in %lld s", (long long)result->wait_s);
        answer_header(r, "Retry-After", arena_printf(r->arena, "%lld", (long long)result->wait_s));
        show_form(x, view, 429, BUSY);
        return;
    }
}

static void sign_in(struct exchange *x) {
    struct request *r = x->request;
    struct session_rules rules = app_session_rules(&x->app);
    struct sign_in_request ask = {.login = fields_get(&r->form, "login"),
                                  .password = fields_get(&r->form, "password"),
                                  .address = r->address,
                                  .agent = fields_header(&r->headers, "User-Agent"),
                                  .old_token = gate_session_token(x)};
    struct sign_in_result result;
    enum rc rc = check_origin(x);
    if (rc == OK) rc = account_sign_in(x->cx, x->app.db, &rules, &ask, &result);
    if (rc == OK)
        finish_sign_in(x, &result, "login");
    else
        page_fault(x, rc == DENIED ? INVALID : rc);
}

static void second_factor(struct exchange *x) {
    struct request *r = x->request;
    struct session_rules rules = app_session_rules(&x->app);
    struct sign_in_result result;
    enum rc rc = check_origin(x);
    if (rc == OK)
        rc = account_second_factor(x->cx, x->app.db, &rules, gate_session_token(x), fields_get(&r->form, "code"), r->address,
                                   fields_header(&r->headers, "User-Agent"), &result);
    if (rc == OK)
        finish_sign_in(x, &result, "login_code");
    else
        page_fault(x, rc == DENIED ? INVALID : rc);
}

static void sign_out(struct exchange *x) {
    struct session_rules rules = app_session_rules(&x->app);
    enum rc rc = gate_check_form(x);
    if (rc == OK) rc = account_sign_out(x->cx, x->app.db, &rules, gate_session_token(x));
    if (rc != OK) {
        page_fault(x, rc);
        return;
    }
    set_cookie(x->request, "");
    answer_header(x->request, "Clear-Site-Data", S("\"cache\""));
    redirect(x->request, S("/login"));
}

bool gate_page(struct exchange *x) {
    struct request *r = x->request;
    bool post = str_is(r->method, "POST");
    if (str_is(r->path, "/login") && post)
        sign_in(x);
    else if (str_is(r->path, "/login") && x->actor.kind == ACTOR_USER)
        redirect(r, safe_next(r));
    else if (str_is(r->path, "/login"))
        show_form(x, "login", 200, OK);
    else if (str_is(r->path, "/login/code") && post)
        second_factor(x);
    else if (str_is(r->path, "/login/code"))
        show_form(x, "login_code", 200, OK);
    else if (str_is(r->path, "/logout") && post)
        sign_out(x);
    else
        return sign_on_page(x);
    return true;
}
