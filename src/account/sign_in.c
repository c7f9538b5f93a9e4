/* Signing in and out. */
#include "account/sign_in.h"

#include <string.h>

#include "account/access.h"
#include "account/password.h"
#include "account/throttle.h"
#include "account/totp.h"
#include "sign_in_sql.h"

struct candidate {
    struct attempt attempt;
    struct sign_in_user_row user;
    bool is_real; /* there is such a person, in a company */
};

/* Counts the attempt; *out_wait_s says whether it may go on. */
static enum rc look_up(struct ctx *cx, struct db *db, const struct sign_in_request *q, struct candidate *out,
                       int64_t *out_wait_s) {
    AUTO(tx_end) struct ctx *scope = cx;
    Str login = str_fold(cx->arena, str_trim(q->login));
    bool found;
    TRY(tx_begin(scope, db, TX_WRITE));
    TRY(sign_in_user(cx, &(struct sign_in_user_params){.login = login}, &out->user, &found));
    out->is_real = found && out->user.has_company_id;
    out->attempt = (struct attempt){
        .login = out->is_real ? out->user.login : login, .address = q->address, .user_id = out->is_real ? out->user.id : 0};
    TRY(throttle_begin(cx, &out->attempt, out_wait_s));
    return tx_commit(cx);
}

static enum rc note(struct ctx *cx, const char *what, const struct candidate *c, Str address) {
    return access_note(cx, &(struct access_entry){.what = what,
                                                  .user_id = c->is_real ? c->user.id : 0,
                                                  .who = c->is_real ? c->user.login : S(""),
                                                  .address = address,
                                                  .is_of_no_company = true});
}

static enum rc end_old(struct ctx *cx, const struct session_rules *rules, Str token) {
    struct session old;
    bool found;
    TRY(session_find(cx, rules, token, S(""), &old, &found));
    return found ? session_end(cx, old.id, old.user_id) : OK;
}

static enum rc let_in(struct ctx *cx, struct db *db, const struct session_rules *rules, const struct sign_in_request *q,
                      const struct candidate *c, struct sign_in_result *out) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, db, TX_WRITE));
    TRY(throttle_succeeded(cx, &c->attempt));
    TRY(end_old(cx, rules, q->old_token));
    TRY(session_begin(cx, rules,
                      &(struct session_start){.user_id = c->user.id,
                                              .company_id = c->user.company_id,
                                              .stage = c->user.has_code ? SESSION_CODE : SESSION_OPEN,
                                              .address = q->address,
                                              .agent = q->agent},
                      out->token));
    TRY(note(cx, c->user.has_code ? "password" : "sign_in", c, q->address));
    out->outcome = c->user.has_code ? SIGN_IN_CODE_WANTED : SIGN_IN_DONE;
    return tx_commit(cx);
}

static enum rc turn_away(struct ctx *cx, struct db *db, const struct candidate *c, Str address) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, db, TX_WRITE));
    TRY(note(cx, "sign_in_refused", c, address));
    return tx_commit(cx);
}

enum rc account_sign_in(struct ctx *cx, struct db *db, const struct session_rules *rules, const struct sign_in_request *q,
                        struct sign_in_result *out) {
    struct candidate c = {0};
    bool good = q->password.n <= PASSWORD_MOST && q->login.n <= 200;
    *out = (struct sign_in_result){.outcome = SIGN_IN_REFUSED};
    if (!good) return OK;
    TRY(look_up(cx, db, q, &c, &out->wait_s));
    if (out->wait_s > 0) {
        out->outcome = SIGN_IN_LATER;
        return OK;
    }
    TRY(password_compare(cx, c.is_real ? c.user.password_hash : S(""), q->password, &good));
    return good ? let_in(cx, db, rules, q, &c, out) : turn_away(cx, db, &c, q->address);
}

/* ---- the second factor ---- */

static enum rc check_code(struct ctx *cx, const struct session *s, Str code, struct sign_in_result *out) {
    bool good;
    TRY(throttle_begin_code(cx, s->user_id, &out->wait_s));
    if (out->wait_s > 0) {
        out->outcome = SIGN_IN_LATER;
        return OK;
    }
    TRY(totp_accept(cx, s->user_id, code, &good));
    if (good) out->outcome = SIGN_IN_DONE;
    return good ? throttle_succeeded_code(cx, s->user_id) : OK;
}

enum rc account_second_factor(struct ctx *cx, struct db *db, const struct session_rules *rules, Str token, Str code,
                              Str address, Str agent, struct sign_in_result *out) {
    struct session s;
    bool found;
    AUTO(tx_end) struct ctx *scope = cx;
    *out = (struct sign_in_result){.outcome = SIGN_IN_REFUSED};
    TRY(tx_begin(scope, db, TX_WRITE));
    TRY(session_find(cx, rules, token, S(""), &s, &found));
    if (!found || s.stage != SESSION_CODE) return OK;
    TRY(check_code(cx, &s, str_trim(code), out));
    if (out->outcome != SIGN_IN_LATER)
        TRY(access_note(cx, &(struct access_entry){.what = out->outcome == SIGN_IN_DONE ? "sign_in" : "code_refused",
                                                   .user_id = s.user_id,
                                                   .who = str_from(s.login),
                                                   .address = address,
                                                   .is_of_no_company = true}));
    if (out->outcome == SIGN_IN_DONE)
        TRY(session_begin(cx, rules,
                          &(struct session_start){.user_id = s.user_id,
                                                  .company_id = s.company_id,
                                                  .stage = SESSION_OPEN,
                                                  .address = address,
                                                  .agent = agent,
                                                  .replaces = s.id},
                          out->token));
    return tx_commit(cx);
}

/* ---- vouched for by another provider ---- */

enum rc account_sign_in_verified(struct ctx *cx, struct db *db, const struct session_rules *rules, Str email, Str address,
                                 Str agent, struct sign_in_result *out) {
    struct sign_in_by_email_row user;
    bool found;
    AUTO(tx_end) struct ctx *scope = cx;
    *out = (struct sign_in_result){.outcome = SIGN_IN_REFUSED};
    TRY(tx_begin(scope, db, TX_WRITE));
    TRY(sign_in_by_email(cx, &(struct sign_in_by_email_params){.email = str_fold(cx->arena, email)}, &user, &found));
    found = found && user.has_company_id;
    if (found) {
        TRY(session_begin(cx, rules,
                          &(struct session_start){.user_id = user.id,
                                                  .company_id = user.company_id,
                                                  .stage = SESSION_OPEN,
                                                  .address = address,
                                                  .agent = agent},
                          out->token));
        out->outcome = SIGN_IN_DONE;
    }
    TRY(access_note(cx, &(struct access_entry){.what = found ? "sign_on" : "sign_on_refused",
                                               .user_id = found ? user.id : 0,
                                               .who = found ? user.login : S(""),
                                               .address = address,
                                               .is_of_no_company = true}));
    return tx_commit(cx);
}

enum rc account_sign_out(struct ctx *cx, struct db *db, const struct session_rules *rules, Str token) {
    struct session s;
    bool found;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, db, TX_WRITE));
    TRY(session_find(cx, rules, token, S(""), &s, &found));
    if (!found) return OK;
    TRY(session_end(cx, s.id, s.user_id));
    TRY(access_note(cx, &(struct access_entry){.what = "sign_out",
                                               .user_id = s.user_id,
                                               .who = str_from(s.login),
                                               .is_of_no_company = true}));
    return tx_commit(cx);
}
