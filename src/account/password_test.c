/* Rules for passwords, hashing, and that a missing hash takes as long as one that is there. */
#include "account/password.h"

#include <sodium.h>
#include <string.h>

#include "base/test.h"

static void rules(void **state) {
    (void)state;
    static const struct {
        const char *name, *password;
        bool good;
    } cases[] = {
        {"words", "tres gatos en el techo", true},
        {"twelve characters", "zorro lunar.", true},
        {"eleven characters", "zorro lunar", false},
        {"twelve of two bytes", "ñandúñandúññ", true},
        {"no capitals, no figures", "ventanaverdeprofunda", true},
        {"one character", "aaaaaaaaaaaa", false},
        {"two in turn", "121212121212", false},
        {"counting", "123456789012", false},
        {"counting letters", "abcdefghijklm", false},
        {"counting down", "zyxwvutsrqpo", false},
        {"common with figures", "Contraseña123456", false},
        {"common disguised", "C0ntr4seña2026!!", false},
        {"common twice", "passwordpassword", false},
        {"common and a year", "Colombia20262026", false},
        {"password of an installation", "administrador1", false},
        {"own login", "ana.castellanos", false},
        {"own login and a year", "AnaCastellanos2026", false},
        {"control character", "tres gatos\nen el techo", false},
        {"not UTF-8", "tres gatos en \xff techo", false},
    };
    struct ctx cx = test_ctx();
    const Str own[] = {S("ana.castellanos"), S("")};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum rc rc = password_check(&cx, str_from(cases[i].password), own, COUNT_OF(own));
        if ((rc == OK) != cases[i].good) fail_msg("%s: %s", cases[i].name, rc == OK ? "taken" : cx.fault.message);
        if (rc != OK && (rc != INVALID || strcmp(cx.fault.field, "password") != 0)) fail_msg("%s: field", cases[i].name);
        if (rc != OK && strstr(cx.fault.message, cases[i].password)) fail_msg("%s: the password is told", cases[i].name);
    }
    char longest[PASSWORD_MOST + 2];
    for (size_t i = 0; i < sizeof longest; i++) longest[i] = "una larga frase "[i % 16];
    assert_ok(&cx, password_check(&cx, (Str){longest, PASSWORD_MOST}, own, 0));
    assert_rc(&cx, INVALID, password_check(&cx, (Str){longest, PASSWORD_MOST + 1}, own, 0));
    test_ctx_done(&cx);
}

static void hashes_match_only_their_password(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    char hash[PASSWORD_HASH], again[PASSWORD_HASH];
    bool same;
    assert_ok(&cx, password_hash(&cx, S("tres gatos en el techo"), hash));
    assert_ok(&cx, password_hash(&cx, S("tres gatos en el techo"), again));
    assert_string_not_equal(hash, again);
    assert_true(strncmp(hash, "$argon2id$v=19$m=19456,t=3,p=1$", 31) == 0);
    assert_ok(&cx, password_compare(&cx, str_from(hash), S("tres gatos en el techo"), &same));
    assert_true(same);
    assert_ok(&cx, password_compare(&cx, str_from(hash), S("tres gatos en el techo "), &same));
    assert_false(same);
    assert_ok(&cx, password_compare(&cx, S(""), S("tres gatos en el techo"), &same));
    assert_false(same);
    assert_ok(&cx, password_compare(&cx, S(""), S(""), &same));
    assert_false(same);
    test_ctx_done(&cx);
}

static int64_t fastest(struct ctx *cx, Str hash) {
    int64_t best = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        bool same;
        int64_t begun = clock_monotonic_ms();
        assert_ok(cx, password_compare(cx, hash, S("otra cosa muy distinta"), &same));
        assert_false(same);
        if (clock_monotonic_ms() - begun < best) best = clock_monotonic_ms() - begun;
    }
    return best;
}

static void nothing_to_compare_takes_as_long(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    char hash[PASSWORD_HASH];
    assert_ok(&cx, password_hash(&cx, S("tres gatos en el techo"), hash));
    int64_t real = fastest(&cx, str_from(hash)), none = fastest(&cx, S(""));
    if (none * 3 < real || real * 3 < none) fail_msg("%lld ms with a hash, %lld without", (long long)real, (long long)none);
    test_ctx_done(&cx);
}

static void made_passwords_pass_the_rules(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    char one[PASSWORD_MADE], other[PASSWORD_MADE];
    password_make(one);
    password_make(other);
    assert_string_not_equal(one, other);
    for (int i = 0; i < 200; i++) {
        password_make(one);
        assert_ok(&cx, password_check(&cx, str_from(one), NULL, 0));
    }
    test_ctx_done(&cx);
}

static const struct CMUnitTest password_tests[] = {
    cmocka_unit_test(rules),
    cmocka_unit_test(hashes_match_only_their_password),
    cmocka_unit_test(nothing_to_compare_takes_as_long),
    cmocka_unit_test(made_passwords_pass_the_rules),
};
const struct test_suite password_suite = {"password", password_tests, COUNT_OF(password_tests)};
