/* What is kept about a person who works here, all of it but secrets (REQ: L8). Erasing is `user erase` (user_actions.c). */
#include "access_sql.h"
#include "account/access.h"
#include "account/user.h"
#include "action/action.h"
#include "action/lookup.h"
#include "action/rows.h"
#include "session_sql.h"
#include "user_sql.h"

static enum rc put_person(struct ctx *cx, struct json_writer *w, int64_t id) {
    struct user_get_row u;
    TRY(user_get(cx, &(struct user_get_params){.id = id}, &u));
    json_object(w);
    json_put_str(w, "actor", arena_printf(cx->arena, "user:%lld", (long long)id));
    json_put_str(w, "login", u.login);
    json_put_str(w, "name", u.name);
    json_put_str(w, "email", u.email);
    json_put_str(w, "language", u.language);
    json_put_str(w, "theme", u.theme);
    json_put_bool(w, "two_factor", u.has_code);
    put_instant(w, "created_at", u.created_at);
    TRY(put_row_array(cx, w, "companies", &membership_all_of_def, &(struct membership_all_of_params){.user_id = id},
                      "company=company_code role scope team code since"));
    TRY(put_row_array(cx, w, "sessions", &session_list_def, &(struct session_list_params){.user_id = id, .idle_since = {0}},
                      "company=company_code address agent created_at seen_at"));
    TRY(put_row_array(cx, w, "access", &access_of_user_def, &(struct access_of_user_params){.user_id = id}, "at what address detail"));
    TRY(put_row_array(cx, w, "audit", &audit_of_user_def, &(struct audit_of_user_params){.user_id = id}, "at verb object outcome"));
    json_object_end(w);
    return OK;
}

static enum rc user_export_run(struct ctx *cx, struct call *call) {
    struct user_by_login_row u;
    bool found;
    Str login = arg_text(call, "login");
    TRY(user_by_login(cx, &(struct user_by_login_params){.login = login}, &u, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "login", "aldia user list shows them", "there is no user %.*s",
                          (int)(login.n < 80 ? login.n : 80), login.p);
    TRY(user_check_reach(cx, u.id));
    TRY(access_note_actor(cx, "export", arena_printf(cx->arena, "user:%lld", (long long)u.id)));
    return put_person(cx, call->out, u.id);
}

const struct action user_export_action = {
    .verb = "user export",
    .path = "POST /users/{login}/export",
    .summary = "Everything that is kept about a person who works here",
    .details = "Account, roles, sessions, access log and audit, without secrets. The export itself stands in the access log.",
    .needs = CAP_USER_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS({"login", P_TEXT, REQUIRED | POSITIONAL, "who", NULL}),
    .run = user_export_run,
};

static enum rc me_export_run(struct ctx *cx, struct call *call) {
    if (cx->who->kind != ACTOR_USER) return fail(cx, DENIED, "only a person who is signed in has an account of their own");
    TRY(access_note_actor(cx, "export", arena_printf(cx->arena, "user:%lld", (long long)cx->who->user_id)));
    return put_person(cx, call->out, cx->who->user_id);
}

const struct action me_export_action = {
    .verb = "me export",
    .path = "POST /me/export",
    .summary = "Everything that is kept about oneself",
    .needs = CAP_SELF,
    .tx = TX_WRITE,
    .params = NO_PARAMS,
    .run = me_export_run,
};
