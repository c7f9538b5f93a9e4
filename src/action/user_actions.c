/* People: who may work here, what they are and what they may see. For administrators; what everybody may do with their
 * own account stands in me_actions.c.
 *
 * Whoever has no account in this company looks like nobody at all, and who belongs to other companies too is changed only
 * by those who administer them all (user_check_reach). */
#include <string.h>

#include "account/access.h"
#include "account/key.h"
#include "account/password.h"
#include "account/totp.h"
#include "account/user.h"
#include "access_sql.h"
#include "action/account_settings.h"
#include "action/action.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "session_sql.h"
#include "user_sql.h"

static enum rc find_user(struct ctx *cx, Str login, struct user_by_login_row *out) {
    bool found;
    TRY(user_by_login(cx, &(struct user_by_login_params){.login = login}, out, &found));
    if (found) return OK;
    return fail_field(cx, NOT_FOUND, "login", "aldia user list shows them", "there is no user %.*s",
                      (int)(login.n < 80 ? login.n : 80), login.p);
}

/* ---- list and show ---- */

/* The roles there are, for a form. */
static void put_roles(struct json_writer *w, Str chosen) {
    json_key(w, "roles");
    json_array(w);
    for (int r = 0; r < ROLE_COUNT; r++) {
        json_object(w);
        json_put_text(w, "role", role_name((enum role)r));
        json_put_bool(w, "chosen", str_is(chosen, role_name((enum role)r)));
        json_object_end(w);
    }
    json_array_end(w);
}

static enum rc user_list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin_named(cx, call, false, &page));
    AUTO(user_list_close) struct user_list_cursor cursor = {0};
    TRY(user_list_open(cx, &(struct user_list_params){.after = page.rest}, &cursor));
    items_begin(w);
    for (;;) {
        struct user_list_row r;
        bool more;
        TRY(user_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes_named(&page, S(""), r.login)) break;
        json_object(w);
        json_put_str(w, "login", r.login);
        json_put_str(w, "name", r.name);
        json_put_str(w, "email", r.email);
        json_put_str(w, "role", r.role);
        json_put_str(w, "scope", r.scope);
        json_put_str(w, "team", r.team);
        json_put_str(w, "code", r.code);
        json_put_bool(w, "two_factor", r.has_code);
        put_instant(w, "created_at", r.created_at);
        put_instant(w, "last_seen_at", r.last_at);
        json_put_bool(w, "disabled", !instant_is_none(r.disabled_at));
        json_object_end(w);
    }
    json_array_end(w);
    page_put_next(w, &page);
    put_roles(w, S("collector"));
    json_object_end(w);
    return OK;
}

const struct action user_list_action = {
    .verb = "user list",
    .path = "GET /users",
    .view = "user_list",
    .summary = "List who may work here",
    .needs = CAP_USER_ADMIN,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS_NAMED),
    .run = user_list_run,
    .columns = "login name role scope team code two_factor disabled",
};

static void put_profile(struct json_writer *w, const struct user_by_login_row *u) {
    json_put_str(w, "login", u->login);
    json_put_str(w, "name", u->name);
    json_put_str(w, "email", u->email);
    json_put_str(w, "language", u->language);
    json_put_str(w, "role", u->role);
    json_put_str(w, "scope", u->scope);
    json_put_str(w, "team", u->team);
    json_put_str(w, "code", u->code);
    json_put_bool(w, "two_factor", u->has_code);
    put_instant(w, "created_at", u->created_at);
    json_put_bool(w, "disabled", !instant_is_none(u->disabled_at));
}

static enum rc put_user(struct ctx *cx, struct json_writer *w, Str login, const char *password) {
    struct user_by_login_row u;
    TRY(find_user(cx, login, &u));
    json_object(w);
    put_profile(w, &u);
    if (password) json_put_text(w, "password", password);
    json_object_end(w);
    return OK;
}

/* Of all, or of one person. */
static enum rc put_sessions(struct ctx *cx, struct call *call, Str login, struct page *page) {
    struct json_writer *w = call->out;
    struct session_rules rules = app_session_rules(call->app);
    AUTO(session_list_company_close) struct session_list_company_cursor cursor = {0};
    TRY(session_list_company_open(
        cx,
        &(struct session_list_company_params){
            .before = page->after, .idle_since = {cx->now.ms - rules.idle_ms}, .login = login, .any_login = login.n == 0},
        &cursor));
    for (;;) {
        struct session_list_company_row r;
        bool more;
        TRY(session_list_company_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(page, r.id)) return OK;
        json_object(w);
        json_put_i64(w, "id", r.id);
        json_put_str(w, "login", r.login);
        json_put_str(w, "address", r.address);
        json_put_str(w, "agent", r.agent);
        put_instant(w, "created_at", r.created_at);
        put_instant(w, "seen_at", r.seen_at);
        json_put_bool(w, "this", r.id == cx->who->session_id);
        json_object_end(w);
    }
}

#define FEW_SIGN_INS 20

/* How the person came in lately, or tried to. */
static enum rc put_access(struct ctx *cx, struct json_writer *w, Str login) {
    AUTO(access_list_close) struct access_list_cursor cursor = {0};
    TRY(access_list_open(cx, &(struct access_list_params){.before = INT64_MAX, .any_what = true, .login = login}, &cursor));
    for (int i = 0; i < FEW_SIGN_INS; i++) {
        struct access_list_row r;
        bool more;
        TRY(access_list_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        json_object(w);
        put_instant(w, "at", r.at);
        json_put_str(w, "what", r.what);
        json_put_str(w, "address", r.address);
        json_put_str(w, "detail", r.detail);
        json_object_end(w);
    }
    return OK;
}

static enum rc user_show_run(struct ctx *cx, struct call *call) {
    struct user_by_login_row u;
    struct json_writer *w = call->out;
    TRY(find_user(cx, arg_text(call, "login"), &u));
    Str login = arena_str(cx->arena, u.login);
    json_object(w);
    put_profile(w, &u);
    put_roles(w, u.role);
    json_put_bool(w, "self", u.id == cx->who->user_id);
    json_key(w, "sessions");
    json_array(w);
    TRY(put_sessions(cx, call, login, &(struct page){.after = INT64_MAX, .limit = INT64_MAX}));
    json_array_end(w);
    json_key(w, "access");
    json_array(w);
    TRY(put_access(cx, w, login));
    json_array_end(w);
    json_object_end(w);
    return OK;
}

#define LOGIN_PARAM                                                                                                    \
    { "login", P_TEXT, REQUIRED | POSITIONAL, "who", NULL }

const struct action user_show_action = {
    .verb = "user show",
    .path = "GET /users/{login}",
    .summary = "Show a person's account, where they are signed in and how they came in lately",
    .needs = CAP_USER_ADMIN,
    .tx = TX_READ,
    .params = PARAMS(LOGIN_PARAM),
    .run = user_show_run,
    .view = "user",
};

/* ---- add and edit ---- */

static enum rc read_member(struct ctx *cx, struct call *call, const struct user_by_login_row *now, struct member *out) {
    enum role role = ROLE_READ_ONLY;
    if (arg_has(call, "role"))
        MUST(role_find(arg_text(call, "role"), &role));
    else if (now)
        MUST(role_find(now->role, &role));
    enum scope scope = role_scope(role);
    Str team = arg_has(call, "team") ? arg_text(call, "team") : now ? now->team : S("");
    if (scope == SCOPE_TEAM && team.n == 0) scope = SCOPE_ALL;
    if (arg_has(call, "scope"))
        MUST(scope_find(arg_text(call, "scope"), &scope));
    else if (now && !arg_has(call, "role"))
        MUST(scope_find(now->scope, &scope));
    *out = (struct member){
        .role = role, .scope = scope, .team = team, .code = arg_has(call, "code") ? arg_text(call, "code") : now ? now->code : S("")};
    (void)cx;
    return OK;
}

static enum rc add_in_tx(struct ctx *cx, struct call *call, const char *hash) {
    struct user_anywhere_row known;
    struct user_by_login_row here;
    struct member member;
    bool found, is_here;
    int64_t id;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    Str login = arg_text(call, "login");
    TRY(read_member(cx, call, NULL, &member));
    TRY(user_by_login(cx, &(struct user_by_login_params){.login = login}, &here, &is_here));
    if (is_here) return fail_field(cx, CONFLICT, "login", NULL, "there is a user %.*s already", STR_ARG(login));
    TRY(user_anywhere(cx, &(struct user_anywhere_params){.login = login}, &known, &found));
    if (found && cx->who->kind == ACTOR_CONSOLE) {
        id = known.id; /* of another company: the owner may let them work here too */
    } else {
        TRY(user_create(cx,
                        &(struct user_new){.login = login,
                                           .name = arg_text(call, "name"),
                                           .email = arg_text(call, "email"),
                                           .language = arg_text(call, "language"),
                                           .password_hash = hash},
                        &id));
        found = false;
    }
    TRY(user_place(cx, id, &member));
    return tx_commit(cx);
}

static enum rc show_in_tx(struct ctx *cx, struct call *call, const char *password) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_READ));
    TRY(put_user(cx, call->out, arg_text(call, "login"), password));
    return tx_commit(cx);
}

static enum rc is_elsewhere(struct ctx *cx, struct call *call, bool *out) {
    struct user_anywhere_row known;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_READ));
    TRY(user_anywhere(cx, &(struct user_anywhere_params){.login = arg_text(call, "login")}, &known, out));
    return tx_commit(cx);
}

static enum rc user_add_run(struct ctx *cx, struct call *call) {
    char password[PASSWORD_MADE], hash[PASSWORD_HASH] = "";
    bool elsewhere;
    TRY(is_elsewhere(cx, call, &elsewhere));
    bool wants_password = !elsewhere && !arg_flag(call, "no-password");
    if (wants_password) {
        password_make(password);
        TRY(password_hash(cx, str_from(password), hash));
    }
    TRY(add_in_tx(cx, call, hash));
    return show_in_tx(cx, call, wants_password ? password : NULL);
}

#define MEMBER_PARAMS                                                                                                  \
    {"name", P_TEXT, OPTIONAL | CLEARABLE, "as others read it", NULL},                                                 \
        {"email", P_TEXT, OPTIONAL | CLEARABLE, "address; sign-on by another provider finds the person by it", NULL},              \
        {"language", P_CHOICE, OPTIONAL, "of the pages", "es|en|pt"},                                                  \
        {"scope", P_CHOICE, OPTIONAL, "whose customers; else as usual for the role", SCOPE_CHOICES},                   \
        {"team", P_TEXT, OPTIONAL | CLEARABLE, "name of the team", NULL}, {                                                        \
        "code", P_TEXT, OPTIONAL | CLEARABLE, "the person's code in the customers' collector and seller", NULL                     \
    }

const struct action user_add_action = {
    .verb = "user add",
    .path = "POST /users",
    .summary = "Let a person work here",
    .details = "A password is made and shown once; it must be changed at the first sign-in. Roles: docs/ref/roles.md. At "
               "the command line a login that works for another company of this installation is let in here too.",
    .needs = CAP_USER_ADMIN,
    .tx = TX_NONE,
    .params = PARAMS(LOGIN_PARAM, {"role", P_CHOICE, REQUIRED, "what the person is", ROLE_CHOICES}, MEMBER_PARAMS,
                     {"no-password", P_FLAG, OPTIONAL, "signs on by another provider only", NULL}),
    .run = user_add_run,
    .view = "user_password",
    .form = "user list",
};

/* A row's texts live no longer than the next query. */
static void keep_texts(struct arena *arena, struct user_by_login_row *u) {
    Str *texts[] = {&u->login, &u->name, &u->email, &u->language, &u->theme, &u->role, &u->scope, &u->team, &u->code};
    for (size_t i = 0; i < COUNT_OF(texts); i++) *texts[i] = arena_str(arena, *texts[i]);
}

/* Forms send every field back: what stays as it was changes nothing, and ends no sessions. */
static bool differs(const struct call *call, const char *param, Str was) {
    return arg_has(call, param) && !str_equal(arg_text(call, param), was);
}

static enum rc user_edit_run(struct ctx *cx, struct call *call) {
    struct user_by_login_row u;
    struct member member;
    TRY(find_user(cx, arg_text(call, "login"), &u));
    keep_texts(cx->arena, &u);
    if (differs(call, "name", u.name) || differs(call, "email", u.email) || differs(call, "language", u.language)) {
        TRY(user_check_reach(cx, u.id));
        TRY(user_change_profile(cx, u.id, arg_has(call, "name") ? arg_text(call, "name") : u.name,
                                arg_has(call, "email") ? arg_text(call, "email") : u.email,
                                arg_has(call, "language") ? arg_text(call, "language") : u.language, u.theme));
    }
    TRY(read_member(cx, call, &u, &member));
    if (differs(call, "role", u.role) || differs(call, "scope", u.scope) || differs(call, "team", u.team) || differs(call, "code", u.code))
        TRY(user_place(cx, u.id, &member));
    return put_user(cx, call->out, u.login, NULL);
}

const struct action user_edit_action = {
    .verb = "user edit",
    .path = "POST /users/{login}",
    .summary = "Change what a person is here",
    .details = "Only what is given changes. Another role, scope, team or code ends the person's sessions.",
    .needs = CAP_USER_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS(LOGIN_PARAM, {"role", P_CHOICE, OPTIONAL, "what the person is", ROLE_CHOICES}, MEMBER_PARAMS),
    .run = user_edit_run,
    .then = "/users/{login}",
    .form = "user show",
    .edits = true,
};

/* ---- disable, remove, reset ---- */

static enum rc switch_user(struct ctx *cx, struct call *call, bool disabled) {
    struct user_by_login_row u;
    TRY(find_user(cx, arg_text(call, "login"), &u));
    TRY(user_check_reach(cx, u.id));
    if (disabled == !instant_is_none(u.disabled_at))
        return fail_field(cx, CONFLICT, "login", NULL, disabled ? "user %.*s is disabled already" : "user %.*s is enabled already",
                          STR_ARG(u.login));
    TRY(user_disable(cx, u.id, disabled));
    return put_user(cx, call->out, u.login, NULL);
}

static enum rc user_disable_run(struct ctx *cx, struct call *call) { return switch_user(cx, call, true); }
static enum rc user_enable_run(struct ctx *cx, struct call *call) { return switch_user(cx, call, false); }

const struct action user_disable_action = {
    .verb = "user disable",
    .path = "POST /users/{login}/disable",
    .summary = "Let a person in no more",
    .details = "Sessions end at once and the person's API keys stop; what the person did stays.",
    .needs = CAP_USER_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS(LOGIN_PARAM),
    .run = user_disable_run,
    .then = "/users/{login}",
    .form = "user show",
};

const struct action user_enable_action = {
    .verb = "user enable",
    .path = "POST /users/{login}/enable",
    .summary = "Let a disabled person in again",
    .needs = CAP_USER_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS(LOGIN_PARAM),
    .run = user_enable_run,
    .then = "/users/{login}",
    .form = "user show",
};

static enum rc user_remove_run(struct ctx *cx, struct call *call) {
    struct user_by_login_row u;
    TRY(find_user(cx, arg_text(call, "login"), &u));
    TRY(user_leave(cx, u.id));
    json_object(call->out);
    json_put_str(call->out, "login", u.login);
    json_put_bool(call->out, "removed", true);
    json_object_end(call->out);
    return OK;
}

const struct action user_remove_action = {
    .verb = "user remove",
    .path = "POST /users/{login}/remove",
    .summary = "Take a person out of this company",
    .details = "The account stays, for other companies of the installation.",
    .needs = CAP_USER_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS(LOGIN_PARAM),
    .run = user_remove_run,
    .then = "/users",
    .form = "user show",
};

static enum rc reset_in_tx(struct ctx *cx, struct call *call, const char *hash) {
    struct user_by_login_row u;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    TRY(find_user(cx, arg_text(call, "login"), &u));
    TRY(user_check_reach(cx, u.id));
    TRY(user_change_password(cx, u.id, hash, false));
    return tx_commit(cx);
}

static enum rc reset_password_run(struct ctx *cx, struct call *call) {
    char password[PASSWORD_MADE], hash[PASSWORD_HASH];
    password_make(password);
    TRY(password_hash(cx, str_from(password), hash));
    TRY(reset_in_tx(cx, call, hash));
    return show_in_tx(cx, call, password);
}

const struct action user_reset_password_action = {
    .verb = "user reset-password",
    .path = "POST /users/{login}/reset-password",
    .summary = "Give a person a new password, shown once",
    .details = "It must be changed at the next sign-in. The person's sessions end.",
    .needs = CAP_USER_ADMIN,
    .tx = TX_NONE,
    .params = PARAMS(LOGIN_PARAM),
    .run = reset_password_run,
    .view = "user_password",
    .form = "user show",
};

static enum rc reset_code_run(struct ctx *cx, struct call *call) {
    struct user_by_login_row u;
    TRY(find_user(cx, arg_text(call, "login"), &u));
    TRY(user_check_reach(cx, u.id));
    TRY(totp_switch_off(cx, u.id));
    TRY(session_end_all(cx, &(struct session_end_all_params){.user_id = u.id}));
    return put_user(cx, call->out, u.login, NULL);
}

const struct action user_reset_code_action = {
    .verb = "user reset-two-factor",
    .path = "POST /users/{login}/reset-two-factor",
    .summary = "Switch a person's second factor off, when the telephone is lost",
    .needs = CAP_USER_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS(LOGIN_PARAM),
    .run = reset_code_run,
    .then = "/users/{login}",
    .form = "user show",
};

/* ---- personal data ---- */

static enum rc user_erase_run(struct ctx *cx, struct call *call) {
    struct user_by_login_row u;
    TRY(find_user(cx, arg_text(call, "login"), &u));
    TRY(user_check_reach(cx, u.id));
    if (!call->yes && !(call->confirm && call->confirm(call->self, phrase(cx, "Erase this person's data? It cannot be undone."))))
        return fail_field(cx, INVALID, "yes", "--yes", "erasing was not confirmed");
    TRY(user_erase(cx, u.id));
    json_object(call->out);
    json_put_str(call->out, "actor", arena_printf(cx->arena, "user:%lld", (long long)u.id));
    json_put_bool(call->out, "erased", true);
    json_object_end(call->out);
    return OK;
}

const struct action user_erase_action = {
    .verb = "user erase",
    .path = "POST /users/{login}/erase",
    .summary = "Erase a person's data",
    .details = "Name, login, address, password, sessions and the access log of the person go. What the person did stays, "
               "under the number the timeline knows.",
    .needs = CAP_USER_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS(LOGIN_PARAM),
    .run = user_erase_run,
    .then = "/users",
    .form = "user show",
};

/* ---- sessions of the company ---- */

static enum rc sessions_run(struct ctx *cx, struct call *call) {
    struct page page;
    TRY(page_begin_falling(cx, call, &page));
    items_begin(call->out);
    TRY(put_sessions(cx, call, S(""), &page));
    page_end(call->out, &page);
    return OK;
}

const struct action user_sessions_action = {
    .verb = "user sessions",
    .path = "GET /users/sessions",
    .summary = "List who is signed in",
    .needs = CAP_USER_ADMIN,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = sessions_run,
    .columns = "id login address agent created_at seen_at",
};

static enum rc end_session_run(struct ctx *cx, struct call *call) {
    int64_t id = arg_int(call, "id", 0), changed;
    struct session_of_company_row session;
    bool found;
    TRY(session_of_company(cx, &(struct session_of_company_params){.id = id}, &session, &found));
    Str login = found ? arena_str(cx->arena, session.login) : S("");
    TRY(session_end_of_company_count(cx, &(struct session_end_of_company_params){.id = id}, &changed));
    if (!changed)
        return fail_field(cx, NOT_FOUND, "id", "aldia user sessions shows them", "there is no session %lld", (long long)id);
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_str(call->out, "login", login);
    json_put_bool(call->out, "ended", true);
    json_object_end(call->out);
    return OK;
}

const struct action user_end_session_action = {
    .verb = "user end-session",
    .path = "POST /users/sessions/{id}/end",
    .summary = "Sign a person out",
    .needs = CAP_USER_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the session", NULL}),
    .run = end_session_run,
    .then = "/users/{login}",
    .form = "user list",
};
