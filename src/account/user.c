/* People: making, placing, changing, disabling, erasing. */
#include "account/user.h"

#include <stdio.h>

#include "access_sql.h"
#include "key_sql.h"
#include "session_sql.h"
#include "throttle_sql.h"
#include "totp_sql.h"
#include "user_sql.h"

#define LOGIN_MOST 64
#define NAME_MOST 100
#define EMAIL_MOST 254
#define CODE_MOST 64

static enum rc check_login(struct ctx *cx, Str login) {
    bool good = login.n > 0 && login.n <= LOGIN_MOST && !str_starts(login, S("erased-"));
    for (size_t i = 0; i < login.n && good; i++) {
        char c = login.p[i];
        good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '@' || c == '-';
    }
    if (good) return OK;
    return fail_field(cx, INVALID, "login", "small letters, figures, and . _ @ -, at most 64", "\"%.*s\" is no login",
                      (int)(login.n < 80 ? login.n : 80), login.p);
}

static enum rc check_email(struct ctx *cx, Str email, int64_t own_id, Str *out_folded) {
    struct user_with_email_row row;
    bool found;
    *out_folded = str_fold(cx->arena, email);
    if (email.n == 0) return OK;
    size_t at = str_index(email, '@');
    if (at == 0 || at + 3 > email.n || email.n > EMAIL_MOST || str_contains(email, S(" ")))
        return fail_field(cx, INVALID, "email", NULL, "\"%.*s\" is no e-mail address",
                          (int)(email.n < 80 ? email.n : 80), email.p);
    TRY(user_with_email(cx, &(struct user_with_email_params){.email = *out_folded}, &row, &found));
    if (found && row.id != own_id)
        return fail_field(cx, CONFLICT, "email", NULL, "another person has this e-mail address already");
    return OK;
}

static enum rc check_name(struct ctx *cx, Str name) {
    if (name.n <= NAME_MOST) return OK;
    return fail_field(cx, INVALID, "name", NULL, "the name is longer than %d bytes", NAME_MOST);
}

enum rc user_create(struct ctx *cx, const struct user_new *user, int64_t *out_id) {
    struct user_anywhere_row known;
    struct user_next_id_row next;
    bool found;
    Str email;
    TRY(check_login(cx, user->login));
    TRY(check_name(cx, user->name));
    TRY(check_email(cx, user->email, 0, &email));
    TRY(user_anywhere(cx, &(struct user_anywhere_params){.login = user->login}, &known, &found));
    if (found)
        return fail_field(cx, CONFLICT, "login", "a login is a person's in all companies", "there is a user %.*s already",
                          STR_ARG(user->login));
    TRY(user_next_id(cx, &next));
    TRY(user_insert(cx, &(struct user_insert_params){.id = next.id,
                                                     .login = user->login,
                                                     .name = user->name,
                                                     .email = email,
                                                     .language = user->language,
                                                     .password_hash = str_from(user->password_hash),
                                                     .password_at = user->password_is_own ? cx->now : INSTANT_NONE}));
    *out_id = next.id;
    return OK;
}

static enum rc find_team(struct ctx *cx, Str name, int64_t *out_id) {
    struct team_by_name_row row;
    struct team_next_id_row next;
    bool found;
    *out_id = 0;
    if (name.n == 0) return OK;
    if (name.n > NAME_MOST) return fail_field(cx, INVALID, "team", NULL, "the team's name is longer than %d bytes", NAME_MOST);
    TRY(team_by_name(cx, &(struct team_by_name_params){.name = name}, &row, &found));
    *out_id = row.id;
    if (found) return OK;
    TRY(team_next_id(cx, &next));
    *out_id = next.id;
    return team_insert(cx, &(struct team_insert_params){.id = next.id, .name = name});
}

/* A company whose last administrator went could only be mended at the console. */
static enum rc keep_an_admin(struct ctx *cx, int64_t leaving) {
    struct companies_left_alone_row row;
    TRY(companies_left_alone(cx, &(struct companies_left_alone_params){.user_id = leaving}, &row));
    if (row.companies == 0) return OK;
    return fail_field(cx, CONFLICT, "login", "make another person administrator first",
                      "a company would be left without an administrator");
}

enum rc user_check_reach(struct ctx *cx, int64_t id) {
    struct companies_out_of_reach_row row;
    const struct actor *who = cx->who;
    if (who->kind == ACTOR_CONSOLE || who->kind == ACTOR_SYSTEM) return OK;
    TRY(companies_out_of_reach(
        cx, &(struct companies_out_of_reach_params){.user_id = id, .ruler_id = who->user_id}, &row));
    if (row.companies == 0) return OK;
    return fail_field(cx, DENIED, "login", "an administrator of all the person's companies can, or the owner at the console",
                      "this person belongs to other companies too");
}

enum rc user_place(struct ctx *cx, int64_t id, const struct member *m) {
    int64_t team_id;
    if (m->code.n > CODE_MOST) return fail_field(cx, INVALID, "code", NULL, "the code is longer than %d bytes", CODE_MOST);
    TRY(find_team(cx, m->team, &team_id));
    if (m->scope == SCOPE_TEAM && !team_id)
        return fail_field(cx, INVALID, "team", "--team NAME, or --scope own", "who sees the team's customers needs a team");
    if (m->role != ROLE_ADMIN) TRY(keep_an_admin(cx, id));
    TRY(membership_put(cx, &(struct membership_put_params){.user_id = id,
                                                           .role = str_from(role_name(m->role)),
                                                           .scope = str_from(scope_name(m->scope)),
                                                           .has_team_id = team_id != 0,
                                                           .team_id = team_id,
                                                           .code = m->code}));
    return session_end_in_company(
        cx, &(struct session_end_in_company_params){.user_id = id, .company_id = cx->company_id});
}

enum rc user_change_profile(struct ctx *cx, int64_t id, Str name, Str email, Str language, Str theme) {
    Str folded;
    TRY(check_name(cx, name));
    TRY(check_email(cx, email, id, &folded));
    return user_set_profile(cx, &(struct user_set_profile_params){
                                    .id = id, .name = name, .email = folded, .language = language, .theme = theme});
}

enum rc user_change_password(struct ctx *cx, int64_t id, const char *hash, bool is_own) {
    TRY(user_set_password(cx, &(struct user_set_password_params){.id = id,
                                                                 .password_hash = str_from(hash),
                                                                 .password_at = is_own ? cx->now : INSTANT_NONE}));
    return session_end_all(cx, &(struct session_end_all_params){.user_id = id});
}

enum rc user_disable(struct ctx *cx, int64_t id, bool disabled) {
    if (disabled) TRY(keep_an_admin(cx, id));
    TRY(user_set_disabled(
        cx, &(struct user_set_disabled_params){.id = id, .disabled_at = disabled ? cx->now : INSTANT_NONE}));
    return session_end_all(cx, &(struct session_end_all_params){.user_id = id});
}

enum rc user_erase(struct ctx *cx, int64_t id) {
    char login[40];
    TRY(keep_an_admin(cx, id));
    snprintf(login, sizeof login, "erased-%lld", (long long)id);
    TRY(session_erase_user(cx, &(struct session_erase_user_params){.user_id = id}));
    TRY(known_address_erase(cx, &(struct known_address_erase_params){.user_id = id}));
    TRY(recovery_clear(cx, &(struct recovery_clear_params){.user_id = id}));
    TRY(key_revoke_of_user(cx, &(struct key_revoke_of_user_params){.user_id = id}));
    TRY(access_erase_user(cx, &(struct access_erase_user_params){.user_id = id}));
    TRY(membership_erase(cx, &(struct membership_erase_params){.user_id = id}));
    return user_erase_row(cx, &(struct user_erase_row_params){.id = id, .login = str_from(login)});
}

enum rc user_leave(struct ctx *cx, int64_t id) {
    TRY(keep_an_admin(cx, id));
    TRY(membership_remove(cx, &(struct membership_remove_params){.user_id = id}));
    return session_end_in_company(
        cx, &(struct session_end_in_company_params){.user_id = id, .company_id = cx->company_id});
}

enum rc user_actor(struct ctx *cx, int64_t id, struct actor *out, bool *out_found) {
    struct member_now_row m;
    bool found;
    TRY(member_now(cx, &(struct member_now_params){.id = id}, &m, &found));
    *out_found = found && !instant_is_none(m.password_at);
    if (!*out_found) return OK;
    struct actor a = {.kind = ACTOR_USER, .user_id = id, .company_id = cx->company_id, .team_id = m.has_team_id ? m.team_id : 0};
    MUST(role_find(m.role, &a.role) && scope_find(m.scope, &a.scope));
    a.capabilities = role_capabilities(a.role);
    str_copy(a.language, sizeof a.language, m.language);
    str_copy(a.name, sizeof a.name, m.name.n ? m.name : m.login);
    str_copy(a.login, sizeof a.login, m.login);
    snprintf(a.label, sizeof a.label, "user:%lld", (long long)id);
    *out = a;
    return OK;
}
