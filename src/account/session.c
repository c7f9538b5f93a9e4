/* Sessions: finding, beginning, rotating, ending. */
#include "account/session.h"

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "session_sql.h"

#define TOUCH_MS MS_PER_MINUTE
#define CODE_MS (10 * MS_PER_MINUTE)
#define KEPT_MS (30 * MS_PER_DAY)
#define AGENT_MOST 160

/* A password somebody else gave opens one door: choosing one's own. */
static uint64_t capabilities_of(enum role role, bool must_change) {
    uint64_t self = UINT64_C(1) << CAP_PUBLIC | UINT64_C(1) << CAP_SELF;
    return must_change ? self : role_capabilities(role);
}

static struct actor actor_of(const struct session_by_token_row *r) {
    struct actor a = {.kind = ACTOR_USER,
                      .user_id = r->user_id,
                      .company_id = r->company_id,
                      .session_id = r->id,
                      .team_id = r->has_team_id ? r->team_id : 0,
                      .companies = (int)r->companies,
                      .must_change_password = instant_is_none(r->password_at)};
    MUST(role_find(r->role, &a.role) && scope_find(r->scope, &a.scope));
    a.capabilities = capabilities_of(a.role, a.must_change_password);
    str_copy(a.language, sizeof a.language, r->language);
    str_copy(a.theme, sizeof a.theme, r->theme);
    str_copy(a.name, sizeof a.name, r->name.n ? r->name : r->login);
    str_copy(a.login, sizeof a.login, r->login);
    str_copy(a.company, sizeof a.company, r->company_code);
    snprintf(a.label, sizeof a.label, "user:%lld", (long long)r->user_id);
    if (r->csrf.n == sizeof a.csrf) memcpy(a.csrf, r->csrf.p, sizeof a.csrf);
    return a;
}

enum rc session_find_hashed(struct ctx *cx, const struct session_rules *rules, const unsigned char hash[TOKEN_HASH],
                            struct session *out, bool *out_found) {
    struct session_by_token_row r;
    bool found;
    *out_found = false;
    TRY(session_by_token(cx, &(struct session_by_token_params){.token_hash = token_bytes(hash)}, &r, &found));
    if (!found || r.expires_at.ms <= cx->now.ms || r.seen_at.ms + rules->idle_ms <= cx->now.ms) return OK;
    bool is_open = str_is(r.stage, "open");
    *out = (struct session){.id = r.id,
                            .user_id = r.user_id,
                            .company_id = r.company_id,
                            .stage = is_open ? SESSION_OPEN : SESSION_CODE,
                            .actor = is_open ? actor_of(&r) : actor_nobody(),
                            .touch_due = r.seen_at.ms + TOUCH_MS <= cx->now.ms};
    str_copy(out->login, sizeof out->login, r.login);
    *out_found = true;
    return OK;
}

enum rc session_find(struct ctx *cx, const struct session_rules *rules, Str token, Str address,
                     struct session *out, bool *out_found) {
    unsigned char hash[TOKEN_HASH];
    *out_found = false;
    if (token.n != TOKEN_TEXT - 1) return OK;
    token_hash(token, hash);
    TRY(session_find_hashed(cx, rules, hash, out, out_found));
    if (*out_found) str_copy(out->actor.address, sizeof out->actor.address, address);
    return OK;
}

enum rc session_touch(struct ctx *cx, const struct session *session) {
    return session_seen(cx, &(struct session_seen_params){.id = session->id});
}

enum rc session_begin(struct ctx *cx, const struct session_rules *rules, const struct session_start *start,
                      char out_token[TOKEN_TEXT]) {
    unsigned char hash[TOKEN_HASH], csrf[32];
    char token[TOKEN_TEXT];
    struct session_next_id_row next;
    Str agent = start->agent;
    if (agent.n > AGENT_MOST || !str_is_utf8(agent) || str_has_control(agent)) agent = S("");
    token_make(token);
    token_hash(str_from(token), hash);
    random_bytes(csrf, sizeof csrf);
    TRY(session_forget_old(cx, &(struct session_forget_old_params){.before = {cx->now.ms - KEPT_MS}}));
    if (start->replaces)
        TRY(session_end_one(
            cx, &(struct session_end_one_params){.id = start->replaces, .user_id = start->user_id}));
    TRY(session_next_id(cx, &next));
    bool is_open = start->stage == SESSION_OPEN;
    TRY(session_insert(
        cx, &(struct session_insert_params){.id = next.id,
                                            .token_hash = token_bytes(hash),
                                            .user_id = start->user_id,
                                            .company_id = start->company_id,
                                            .stage = is_open ? S("open") : S("code"),
                                            .csrf = {(const char *)csrf, sizeof csrf},
                                            .address = start->address,
                                            .agent = agent,
                                            .expires_at = {cx->now.ms + (is_open ? rules->most_ms : CODE_MS)}}));
    memcpy(out_token, token, TOKEN_TEXT);
    return OK;
}

enum rc session_rotate(struct ctx *cx, const struct session_rules *rules, const struct actor *actor, Str agent,
                       char out_token[TOKEN_TEXT]) {
    TRY(session_end_all(cx, &(struct session_end_all_params){.user_id = actor->user_id}));
    return session_begin(cx, rules,
                         &(struct session_start){.user_id = actor->user_id,
                                                 .company_id = actor->company_id,
                                                 .stage = SESSION_OPEN,
                                                 .address = str_from(actor->address),
                                                 .agent = agent},
                         out_token);
}

enum rc session_end(struct ctx *cx, int64_t id, int64_t user_id) {
    return session_end_one(cx, &(struct session_end_one_params){.id = id, .user_id = user_id});
}
