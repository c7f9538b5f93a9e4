/* Signing on by another provider: the browser goes there, and comes back with an answer (account/oidc.h).
 *
 * What binds the answer to this browser is a cookie of its own, which lives for ten minutes and is sent along when the
 * provider sends the browser back (SameSite=Lax: a top-level GET). Whatever is wrong with the answer, the page says the
 * same; the reason goes to the log. */
#include "action/account_settings.h"
#include "account/sign_in.h"
#include "base/log.h"
#include "web/exchange.h"

extern const struct setting public_url_setting;

#define BROWSER_S 600 /* how long an answer is waited for */

static const char *cookie_name(const struct request *r) { return r->is_secure ? "__Host-aldia-on" : "aldia-on"; }

static void set_cookie(struct request *r, const char *token) { answer_cookie(r, cookie_name(r), token, BROWSER_S); }

/* Our own address as browsers know it; without public_url, the name they asked by. */
static Str own_url(const struct exchange *x) {
    const struct request *r = x->request;
    Str url = setting_text(&x->app.settings, &public_url_setting);
    if (url.n) return url.p[url.n - 1] == '/' ? (Str){url.p, url.n - 1} : url;
    return arena_printf(x->cx->arena, "%s://%.*s", r->is_secure ? "https" : "http", STR_ARG(fields_header(&r->headers, "Host")));
}

bool sign_on_is_offered(struct exchange *x) {
    struct oidc_provider provider;
    return app_oidc_provider(x->cx, &x->app, own_url(x), &provider);
}

static void redirect(struct request *r, Str to) {
    r->answer.status = 303;
    answer_header(r, "Location", arena_str(r->arena, to));
}

static void go_there(struct exchange *x, const struct oidc_provider *provider) {
    char browser[TOKEN_TEXT];
    Str url;
    enum rc rc = oidc_begin(x->cx, x->app.db, provider, &url, browser);
    if (rc != OK) {
        log_write(LOG_ERROR, "sign_on_failed", "message=\"%s\"", x->cx->fault.plain);
        page_fault(x, rc);
        return;
    }
    set_cookie(x->request, browser);
    redirect(x->request, url);
}

static enum rc finish(struct exchange *x, const struct oidc_provider *provider, struct sign_in_result *out) {
    struct request *r = x->request;
    struct session_rules rules = app_session_rules(&x->app);
    Str email;
    TRY(oidc_finish(x->cx, x->app.db, provider, fields_get(&r->query, "state"), fields_get(&r->query, "code"),
                    cookie_get(&r->headers, cookie_name(r)), &email));
    return account_sign_in_verified(x->cx, x->app.db, &rules, email, r->address, fields_header(&r->headers, "User-Agent"), out);
}

static void come_back(struct exchange *x, const struct oidc_provider *provider) {
    struct sign_in_result result;
    enum rc rc = finish(x, provider, &result);
    set_cookie(x->request, "");
    if (rc == OK && result.outcome == SIGN_IN_DONE) {
        gate_set_cookie(x, result.token);
        redirect(x->request, S("/"));
        return;
    }
    log_write(LOG_WARN, "sign_on_refused", "code=%s message=\"%s\"", rc_name(rc), rc == OK ? "nobody has this address" : x->cx->fault.plain);
    if (rc == OK || rc == DENIED || rc == INVALID)
        rc = fail_field(x->cx, DENIED, NULL, "ask an administrator, or sign in with a password", "the sign-on was not accepted");
    page_fault(x, rc == DENIED ? INVALID : rc); /* DENIED would send the browser to sign in, and hide why */
}

bool sign_on_page(struct exchange *x) {
    struct request *r = x->request;
    struct oidc_provider provider;
    bool there = str_is(r->path, "/login/oidc"), back = str_is(r->path, "/login/oidc/back");
    if (!str_is(r->method, "GET") || (!there && !back) || !app_oidc_provider(x->cx, &x->app, own_url(x), &provider)) return false;
    if (there)
        go_there(x, &provider);
    else
        come_back(x, &provider);
    return true;
}
