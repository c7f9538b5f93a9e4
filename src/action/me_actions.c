/* One's own account: name, language, password, sessions, what is kept about one; the second factor is in two_factor_actions.c.
 *
 * For people who are signed in: the console and keys have no account of their own. Whatever strengthens or changes how
 * one proves who one is ends all sessions and begins a new one (call->new_session). */
#include <string.h>

#include "account/access.h"
#include "account/password.h"
#include "account/sign_in.h"
#include "account/throttle.h"
#include "account/user.h"
#include "access_sql.h"
#include "action/account_settings.h"
#include "action/action.h"
#include "action/lookup.h"
#include "action/own_account.h"
#include "action/paging.h"
#include "session_sql.h"
#include "totp_sql.h"
#include "user_sql.h"

enum rc own_account(struct ctx *cx, const struct actor **out) {
    *out = cx->who;
    if (cx->who->kind == ACTOR_USER) return OK;
    return fail(cx, DENIED, "only a person who is signed in has an account of their own");
}

/* ---- show and set ---- */

static enum rc put_sessions(struct ctx *cx, struct call *call, const struct actor *me, struct page *page) {
    struct json_writer *w = call->out;
    struct session_rules rules = app_session_rules(call->app);
    AUTO(session_list_close) struct session_list_cursor cursor = {0};
    TRY(session_list_open(
        cx, &(struct session_list_params){.before = page->after, .user_id = me->user_id, .idle_since = {cx->now.ms - rules.idle_ms}}, &cursor));
    for (;;) {
        struct session_list_row r;
        bool more;
        TRY(session_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(page, r.id)) return OK;
        json_object(w);
        json_put_i64(w, "id", r.id);
        json_put_str(w, "company", r.company_code);
        json_put_str(w, "address", r.address);
        json_put_str(w, "agent", r.agent);
        put_instant(w, "created_at", r.created_at);
        put_instant(w, "seen_at", r.seen_at);
        put_instant(w, "expires_at", r.expires_at);
        json_put_bool(w, "this", r.id == me->session_id);
        json_object_end(w);
    }
}

static enum rc put_me(struct ctx *cx, struct call *call, const struct actor *me) {
    struct json_writer *w = call->out;
    struct user_get_row u;
    struct recovery_left_row left;
    TRY(user_get(cx, &(struct user_get_params){.id = me->user_id}, &u));
    TRY(recovery_left(cx, &(struct recovery_left_params){.user_id = me->user_id}, &left));
    json_object(w);
    json_put_str(w, "login", u.login);
    json_put_str(w, "name", u.name);
    json_put_str(w, "email", u.email);
    json_put_str(w, "language", u.language);
    json_put_str(w, "theme", u.theme);
    json_put_text(w, "role", role_name(me->role));
    json_put_text(w, "scope", scope_name(me->scope));
    json_put_text(w, "company", me->company);
    json_put_bool(w, "two_factor", u.has_code);
    json_put_i64(w, "recovery_codes", left.left_over);
    json_put_bool(w, "must_change_password", me->must_change_password);
    json_key(w, "may");
    json_array(w);
    for (int c = CAP_UNDECLARED + 1; c < CAP_COUNT; c++)
        if (actor_may(me, (enum capability)c)) json_str(w, str_from(capability_name((enum capability)c)));
    json_array_end(w);
    json_key(w, "sessions");
    json_array(w);
    TRY(put_sessions(cx, call, me, &(struct page){.after = INT64_MAX, .limit = INT64_MAX}));
    json_array_end(w);
    json_object_end(w);
    return OK;
}

static enum rc me_show_run(struct ctx *cx, struct call *call) {
    const struct actor *me;
    TRY(own_account(cx, &me));
    return put_me(cx, call, me);
}

const struct action me_show_action = {
    .verb = "me show",
    .path = "GET /me",
    .summary = "Show one's own account",
    .needs = CAP_SELF,
    .tx = TX_READ,
    .params = NO_PARAMS,
    .run = me_show_run,
    .view = "me",
};

static enum rc me_set_run(struct ctx *cx, struct call *call) {
    const struct actor *me;
    struct user_get_row u;
    TRY(own_account(cx, &me));
    TRY(user_get(cx, &(struct user_get_params){.id = me->user_id}, &u));
    TRY(user_change_profile(cx, me->user_id, arg_has(call, "name") ? arg_text(call, "name") : u.name, u.email,
                            arg_has(call, "language") ? arg_text(call, "language") : u.language,
                            arg_has(call, "theme") ? arg_text(call, "theme") : u.theme));
    return put_me(cx, call, me);
}

const struct action me_set_action = {
    .verb = "me set",
    .path = "POST /me",
    .summary = "Change one's own name, language and colours",
    .details = "Role, scope, login and e-mail are an administrator's to change.",
    .needs = CAP_SELF,
    .tx = TX_WRITE,
    .params = PARAMS({"name", P_TEXT, OPTIONAL, "as others read it", NULL},
                     {"language", P_CHOICE, OPTIONAL, "of the pages", "es|en|pt"},
                     {"theme", P_CHOICE, OPTIONAL, "colours of the pages", "auto|light|dark"}),
    .run = me_set_run,
    .then = "/me",
    .form = "me show",
    .edits = true,
};

/* ---- password ---- */

/* Counted like an attempt to sign in: a session left open is no place to guess the password from. */
static enum rc read_old(struct ctx *cx, struct call *call, const struct actor *me, struct user_get_row *out, int64_t *out_wait_s) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    TRY(user_get(cx, &(struct user_get_params){.id = me->user_id}, out));
    TRY(throttle_begin_code(cx, me->user_id, out_wait_s));
    return tx_commit(cx);
}

enum rc own_password_check(struct ctx *cx, struct call *call, const char *param, struct user_get_row *out) {
    const struct actor *me;
    int64_t wait_s;
    bool same;
    TRY(own_account(cx, &me));
    TRY(read_old(cx, call, me, out, &wait_s));
    if (wait_s > 0)
        return fail_field(cx, BUSY, param, NULL, "too many attempts: try again in %lld seconds", (long long)wait_s);
    TRY(password_compare(cx, out->password_hash, arg_text(call, param), &same));
    if (!same) return fail_field(cx, INVALID, param, NULL, "this is not your present password");
    return OK;
}

enum rc own_session_renew(struct ctx *cx, struct call *call) {
    struct session_rules rules = app_session_rules(call->app);
    TRY(throttle_succeeded_code(cx, cx->who->user_id));
    return session_rotate(cx, &rules, cx->who, S(""), call->new_session);
}

static enum rc set_password(struct ctx *cx, struct call *call, const struct actor *me, const char *hash) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    TRY(user_change_password(cx, me->user_id, hash, true));
    TRY(own_session_renew(cx, call));
    TRY(access_note_actor(cx, "password_changed", S("")));
    return tx_commit(cx);
}

static enum rc me_password_run(struct ctx *cx, struct call *call) {
    const struct actor *me;
    struct user_get_row u;
    char hash[PASSWORD_HASH];
    Str password = arg_text(call, "password");
    TRY(own_account(cx, &me));
    TRY(own_password_check(cx, call, "current", &u));
    TRY(password_check(cx, password, (const Str[]){u.login, u.name, u.email}, 3));
    if (str_equal(password, arg_text(call, "current")))
        return fail_field(cx, INVALID, "password", NULL, "this is the password you have already");
    TRY(password_hash(cx, password, hash));
    TRY(set_password(cx, call, me, hash));
    json_object(call->out);
    json_put_bool(call->out, "changed", true);
    json_object_end(call->out);
    return OK;
}

const struct action me_password_action = {
    .verb = "me password",
    .path = "POST /me/password",
    .summary = "Change one's own password",
    .details = "At least 12 characters, whatever they are; not one of those that are tried first. All other sessions end.",
    .needs = CAP_SELF,
    .tx = TX_NONE,
    .params = PARAMS({"current", P_TEXT, REQUIRED, "the present password", NULL},
                     {"password", P_TEXT, REQUIRED, "the new one", NULL}),
    .run = me_password_run,
    .then = "/me",
    .form = "me show",
};

/* ---- sessions ---- */

static enum rc session_list_run(struct ctx *cx, struct call *call) {
    const struct actor *me;
    TRY(own_account(cx, &me));
    struct page page;
    TRY(page_begin_falling(cx, call, &page));
    items_begin(call->out);
    TRY(put_sessions(cx, call, me, &page));
    page_end(call->out, &page);
    return OK;
}

const struct action session_list_action = {
    .verb = "me sessions",
    .path = "GET /me/sessions",
    .summary = "List where one is signed in",
    .needs = CAP_SELF,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = session_list_run,
    .columns = "id company address agent created_at seen_at expires_at this",
};

static enum rc session_end_run(struct ctx *cx, struct call *call) {
    const struct actor *me;
    int64_t id = arg_int(call, "id", 0), changed;
    TRY(own_account(cx, &me));
    TRY(session_end_one_count(cx, &(struct session_end_one_params){.id = id, .user_id = me->user_id}, &changed));
    if (!changed) return fail_field(cx, NOT_FOUND, "id", NULL, "there is no session %lld", (long long)id);
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_bool(call->out, "ended", true);
    json_object_end(call->out);
    return OK;
}

const struct action session_end_action = {
    .verb = "me end-session",
    .path = "POST /me/sessions/{id}/end",
    .summary = "Sign oneself out somewhere else",
    .needs = CAP_SELF,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the session", NULL}),
    .run = session_end_run,
    .then = "/me",
    .form = "me show",
};
