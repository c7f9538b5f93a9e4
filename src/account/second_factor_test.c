/* The second factor: codes of the standard, enrolment, recovery codes, guesses. */
#include <stdio.h>
#include <string.h>

#include "account/account_fixture.h"
#include "account/totp.h"

/* RFC 6238, appendix B, SHA-1, the last six of the eight digits. */
static void codes_are_those_of_the_standard(void **state) {
    (void)state;
    static const struct {
        int64_t at;
        const char *code;
    } cases[] = {{59, "287082"},         {1111111109, "081804"},  {1111111111, "050471"},
                 {1234567890, "005924"}, {2000000000, "279037"}, {INT64_C(20000000000), "353130"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char code[TOTP_DIGITS + 1];
        totp_code(S("12345678901234567890"), cases[i].at / TOTP_STEP_S, code);
        assert_string_equal(code, cases[i].code);
    }
}

static void codes_drift_by_one_step(void **state) {
    (void)state;
    for (int drift = -3; drift <= 3; drift++) {
        char code[TOTP_DIGITS + 1];
        int64_t step = 0;
        Instant now = {INT64_C(1795269600000)};
        totp_code(S("12345678901234567890"), now.ms / 1000 / 30 + drift, code);
        bool good = totp_match(S("12345678901234567890"), str_from(code), now, 0, &step);
        if (good != (drift >= -1 && drift <= 1)) fail_msg("drift %d: %s", drift, good ? "taken" : "refused");
    }
    int64_t step;
    assert_false(totp_match(S("12345678901234567890"), S(""), (Instant){59000}, 0, &step));
    assert_false(totp_match(S("12345678901234567890"), S("28708"), (Instant){59000}, 0, &step));
}

static void enrol(struct world *w, Str *out_secret, char codes[RECOVERY_CODES][RECOVERY_TEXT]) {
    char code[TOTP_DIGITS + 1];
    begin(w);
    assert_ok(&w->cx, totp_enrol(&w->cx, w->ana, out_secret));
    assert_rc(&w->cx, INVALID, totp_confirm(&w->cx, w->ana, S("000000x"), codes));
    totp_code(*out_secret, w->cx.now.ms / 30000, code);
    assert_ok(&w->cx, totp_confirm(&w->cx, w->ana, str_from(code), codes));
    commit(w);
}

static enum sign_in_outcome give_code(struct world *w, const char *token, const char *code, char *out_token) {
    struct sign_in_result r;
    assert_ok(&w->cx, account_second_factor(&w->cx, w->test.db, &rules, str_from(token), str_from(code), S("192.0.2.7"),
                                            S("Firefox"), &r));
    if (out_token) memcpy(out_token, r.token, TOKEN_TEXT);
    return r.outcome;
}

static void a_second_factor_is_asked_for_and_taken_once(void **state) {
    struct world w;
    struct session s;
    Str secret;
    char recovery[RECOVERY_CODES][RECOVERY_TEXT], code[TOTP_DIGITS + 1], token[TOKEN_TEXT];
    open_world(&w, state);
    enrol(&w, &secret, recovery);
    totp_code(secret, w.cx.now.ms / 30000, code);
    struct sign_in_result in = sign_in(&w, "ana", PASSWORD);
    assert_int_equal(in.outcome, SIGN_IN_CODE_WANTED);
    assert_true(find(&w, in.token, &s));
    assert_int_equal(s.stage, SESSION_CODE);
    assert_false(actor_may(&s.actor, CAP_SELF));
    assert_int_equal(give_code(&w, in.token, code, NULL), SIGN_IN_REFUSED); /* enrolment has used it */
    later(&w, 30 * MS_PER_SECOND);
    totp_code(secret, w.cx.now.ms / 30000, code);
    assert_int_equal(give_code(&w, in.token, code, token), SIGN_IN_DONE);
    assert_string_not_equal(token, in.token);
    assert_false(find(&w, in.token, &s));
    assert_true(find(&w, token, &s));
    assert_int_equal(s.stage, SESSION_OPEN);
    in = sign_in(&w, "ana", PASSWORD);
    assert_int_equal(give_code(&w, in.token, code, NULL), SIGN_IN_REFUSED); /* replayed */
    assert_int_equal(give_code(&w, token, code, NULL), SIGN_IN_REFUSED);    /* of an open session */
    assert_int_equal(give_code(&w, "", code, NULL), SIGN_IN_REFUSED);
    later(&w, 10 * MS_PER_MINUTE);
    totp_code(secret, w.cx.now.ms / 30000, code);
    assert_int_equal(give_code(&w, in.token, code, NULL), SIGN_IN_REFUSED); /* waited too long */
    close_world(&w);
}

static void recovery_codes_work_once(void **state) {
    struct world w;
    Str secret;
    char recovery[RECOVERY_CODES][RECOVERY_TEXT], typed[32];
    open_world(&w, state);
    enrol(&w, &secret, recovery);
    struct sign_in_result in = sign_in(&w, "ana", PASSWORD);
    snprintf(typed, sizeof typed, " %.5s %s", recovery[3], recovery[3] + 6);
    assert_int_equal(give_code(&w, in.token, typed, NULL), SIGN_IN_DONE);
    in = sign_in(&w, "ana", PASSWORD);
    assert_int_equal(give_code(&w, in.token, recovery[3], NULL), SIGN_IN_REFUSED);
    assert_int_equal(give_code(&w, in.token, recovery[4], NULL), SIGN_IN_DONE);
    close_world(&w);
}

static void guessing_codes_is_slowed_down(void **state) {
    struct world w;
    Str secret;
    char recovery[RECOVERY_CODES][RECOVERY_TEXT];
    open_world(&w, state);
    enrol(&w, &secret, recovery);
    struct sign_in_result in = sign_in(&w, "ana", PASSWORD);
    for (int i = 0; i < 6; i++) assert_int_equal(give_code(&w, in.token, "00000", NULL), SIGN_IN_REFUSED);
    assert_int_equal(give_code(&w, in.token, recovery[0], NULL), SIGN_IN_LATER);
    close_world(&w);
}

static void the_uri_is_what_apps_read(void **state) {
    (void)state;
    AUTO(buf_done) struct buf b = buf_make(1024);
    totp_uri(S("12345678901234567890"), S("aldia Ñandú"), S("ana@uno.example"), &b);
    assert_str(buf_str(&b), "otpauth://totp/aldia%20%C3%91and%C3%BA:ana%40uno.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                            "&issuer=aldia%20%C3%91and%C3%BA&algorithm=SHA1&digits=6&period=30");
}

static const struct CMUnitTest second_factor_tests[] = {
    cmocka_unit_test(codes_are_those_of_the_standard),
    cmocka_unit_test(codes_drift_by_one_step),
    ON_BOTH(a_second_factor_is_asked_for_and_taken_once),
    ON_BOTH(recovery_codes_work_once),
    ON_BOTH(guessing_codes_is_slowed_down),
    cmocka_unit_test(the_uri_is_what_apps_read),
};
const struct test_suite second_factor_suite = {"second-factor", second_factor_tests, COUNT_OF(second_factor_tests)};
