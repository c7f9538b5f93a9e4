/* The second factor of one's own account: begun with a code to scan, switched on by its first code, recovery codes, switched off. */
#include "account/access.h"
#include "account/totp.h"
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/own_account.h"
#include "core/qr.h"
#include "totp_sql.h"

/* ---- how it stands ---- */

/* What the telephone scans, and the same to be typed. */
static enum rc put_enrolment(struct ctx *cx, struct call *call, Str login, Str secret) {
    struct qr qr;
    AUTO(buf_done) struct buf uri = buf_make(2048), text = buf_make(128), svg = buf_make((size_t)256 * 1024);
    totp_uri(secret, arena_printf(cx->arena, "aldia %.*s", STR_ARG(call->app->company.name)), login, &uri);
    totp_secret_text(secret, &text);
    TRY(qr_make(cx, buf_str(&uri), 15, &qr));
    qr_svg(&qr, S("QR"), &svg);
    json_put_str(call->out, "uri", buf_str(&uri));
    json_put_str(call->out, "secret", buf_str(&text));
    json_put_str(call->out, "svg", buf_str(&svg));
    return OK;
}

static enum rc two_factor_show_run(struct ctx *cx, struct call *call) {
    const struct actor *me;
    struct user_get_row u;
    struct recovery_left_row left;
    Str secret = {NULL, 0};
    TRY(own_account(cx, &me));
    TRY(user_get(cx, &(struct user_get_params){.id = me->user_id}, &u));
    Str login = arena_str(cx->arena, u.login);
    bool is_on = u.has_code;
    TRY(recovery_left(cx, &(struct recovery_left_params){.user_id = me->user_id}, &left));
    if (!is_on) TRY(totp_pending(cx, me->user_id, &secret));
    json_object(call->out);
    json_put_bool(call->out, "two_factor", is_on);
    json_put_i64(call->out, "recovery_codes", left.left_over);
    json_put_bool(call->out, "few_codes", is_on && left.left_over < 3);
    json_put_bool(call->out, "pending", secret.p != NULL);
    if (secret.p) TRY(put_enrolment(cx, call, login, secret));
    json_object_end(call->out);
    return OK;
}

const struct action two_factor_show_action = {
    .verb = "me two-factor show",
    .path = "GET /me/two-factor",
    .summary = "How one's second factor stands",
    .details = "While it is being set up: the code to scan and the secret to type.",
    .needs = CAP_SELF,
    .tx = TX_READ,
    .params = NO_PARAMS,
    .run = two_factor_show_run,
    .view = "two_factor",
};

/* ---- on ---- */
static enum rc two_factor_begin_run(struct ctx *cx, struct call *call) {
    const struct actor *me;
    struct user_get_row u;
    Str secret;
    TRY(own_account(cx, &me));
    TRY(user_get(cx, &(struct user_get_params){.id = me->user_id}, &u));
    if (u.has_code) return fail(cx, CONFLICT, "the second factor is on already");
    Str login = arena_str(cx->arena, u.login);
    TRY(totp_enrol(cx, me->user_id, &secret));
    json_object(call->out);
    TRY(put_enrolment(cx, call, login, secret));
    json_object_end(call->out);
    return OK;
}

const struct action two_factor_begin_action = {
    .verb = "me two-factor",
    .path = "POST /me/two-factor",
    .summary = "Begin to use a second factor: a code to scan with the telephone",
    .details = "It counts once a code of it was given (`me two-factor confirm`).",
    .needs = CAP_SELF,
    .tx = TX_WRITE,
    .params = NO_PARAMS,
    .run = two_factor_begin_run,
    .then = "/me/two-factor",
    .form = "me two-factor show",
};

static void put_codes(struct json_writer *w, const struct actor *me, char codes[RECOVERY_CODES][RECOVERY_TEXT]) {
    json_object(w);
    json_put_text(w, "login", me->login);
    json_key(w, "recovery_codes");
    json_array(w);
    for (int i = 0; i < RECOVERY_CODES; i++) json_str(w, str_from(codes[i]));
    json_array_end(w);
    json_object_end(w);
}

static enum rc two_factor_confirm_run(struct ctx *cx, struct call *call) {
    const struct actor *me;
    char codes[RECOVERY_CODES][RECOVERY_TEXT];
    TRY(own_account(cx, &me));
    TRY(totp_confirm(cx, me->user_id, str_trim(arg_text(call, "code")), codes));
    TRY(own_session_renew(cx, call));
    TRY(access_note_actor(cx, "two_factor_on", S("")));
    put_codes(call->out, me, codes);
    return OK;
}

const struct action two_factor_confirm_action = {
    .verb = "me two-factor confirm",
    .path = "POST /me/two-factor/confirm",
    .summary = "Switch the second factor on by its first code; shows the recovery codes once",
    .needs = CAP_SELF,
    .tx = TX_WRITE,
    .params = PARAMS({"code", P_TEXT, REQUIRED, "the six digits", NULL}),
    .run = two_factor_confirm_run,
    .view = "recovery_codes",
    .form = "me two-factor show",
};

/* ---- recovery codes ---- */

static enum rc renew_codes(struct ctx *cx, struct call *call, const struct actor *me, char codes[RECOVERY_CODES][RECOVERY_TEXT]) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    TRY(totp_recovery_make(cx, me->user_id, codes));
    TRY(own_session_renew(cx, call));
    TRY(access_note_actor(cx, "recovery_codes", S("")));
    return tx_commit(cx);
}

static enum rc two_factor_codes_run(struct ctx *cx, struct call *call) {
    const struct actor *me;
    struct user_get_row u;
    char codes[RECOVERY_CODES][RECOVERY_TEXT];
    TRY(own_account(cx, &me));
    TRY(own_password_check(cx, call, "password", &u));
    if (!u.has_code) return fail(cx, CONFLICT, "the second factor is off: there is nothing to recover");
    TRY(renew_codes(cx, call, me, codes));
    put_codes(call->out, me, codes);
    return OK;
}

const struct action two_factor_codes_action = {
    .verb = "me two-factor codes",
    .path = "POST /me/two-factor/codes",
    .summary = "Make new recovery codes, shown once; the old ones stop",
    .needs = CAP_SELF,
    .tx = TX_NONE,
    .params = PARAMS({"password", P_TEXT, REQUIRED, "the present password", NULL}),
    .run = two_factor_codes_run,
    .view = "recovery_codes",
    .form = "me two-factor show",
};

/* ---- off ---- */

static enum rc switch_off(struct ctx *cx, struct call *call, const struct actor *me) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    TRY(totp_switch_off(cx, me->user_id));
    TRY(own_session_renew(cx, call));
    TRY(access_note_actor(cx, "two_factor_off", S("")));
    return tx_commit(cx);
}

static enum rc two_factor_off_run(struct ctx *cx, struct call *call) {
    const struct actor *me;
    struct user_get_row u;
    TRY(own_account(cx, &me));
    TRY(own_password_check(cx, call, "password", &u));
    TRY(switch_off(cx, call, me));
    json_object(call->out);
    json_put_bool(call->out, "two_factor", false);
    json_object_end(call->out);
    return OK;
}

const struct action two_factor_off_action = {
    .verb = "me two-factor off",
    .path = "POST /me/two-factor/off",
    .summary = "Use no second factor any more",
    .needs = CAP_SELF,
    .tx = TX_NONE,
    .params = PARAMS({"password", P_TEXT, REQUIRED, "the present password", NULL}),
    .run = two_factor_off_run,
    .then = "/me/two-factor",
    .form = "me two-factor show",
};
