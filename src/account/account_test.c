/* Signing in, sessions, the second factor, keys and people, on both engines. */
#include <stdio.h>
#include <string.h>

#include "account/access.h"
#include "account/key.h"
#include "account/password.h"
#include "account/seal.h"
#include "account/sign_in.h"
#include "account/throttle.h"
#include "account/totp.h"
#include "account/user.h"
#include "account_test_sql.h"
#include "session_sql.h"
#include "store/db_fixture.h"
#include "user_sql.h"

#define PASSWORD "tres gatos en el techo"

static const struct session_rules rules = {.idle_ms = 60 * MS_PER_MINUTE, .most_ms = 12 * MS_PER_HOUR};

struct world {
    struct ctx cx;
    struct test_db test;
    struct actor owner;
    int64_t ana, beto;
};

static void begin(struct world *w) { assert_ok(&w->cx, tx_begin(&w->cx, w->test.db, TX_WRITE)); }
static void commit(struct world *w) { assert_ok(&w->cx, tx_commit(&w->cx)); }

static void add_company(struct world *w, int64_t id, const char *code) {
    static const char zeros[32];
    assert_ok(&w->cx, account_test_company(&w->cx, &(struct account_test_company_params){
                                                       .id = id, .code = str_from(code), .event_hash = {zeros, sizeof zeros}}));
}

static int64_t add_user(struct world *w, const char *login, const char *email, const char *hash, struct member member) {
    int64_t id;
    assert_ok(&w->cx, user_create(&w->cx,
                                  &(struct user_new){.login = str_from(login),
                                                     .email = str_from(email),
                                                     .password_hash = hash,
                                                     .password_is_own = true},
                                  &id));
    assert_ok(&w->cx, user_place(&w->cx, id, &member));
    return id;
}

/* Two companies; Ana administers the first, Beto collects in it. */
static void open_world(struct world *w, void **state) {
    char hash[PASSWORD_HASH];
    static const unsigned char key[SEAL_KEY] = "a key for tests";
    *w = (struct world){.cx = test_ctx()};
    seal_key_use(key);
    test_db_migrated(&w->cx, test_engine(state), &w->test);
    w->owner = actor_console("root");
    assert_ok(&w->cx, password_hash(&w->cx, S(PASSWORD), hash));
    begin(w);
    add_company(w, 1, "uno");
    add_company(w, 2, "dos");
    w->ana = add_user(w, "ana", "ana@uno.example", hash, (struct member){.role = ROLE_ADMIN, .scope = SCOPE_ALL});
    w->beto = add_user(w, "beto", "", hash,
                       (struct member){.role = ROLE_COLLECTOR, .scope = SCOPE_TEAM, .team = S("norte"), .code = S("B1")});
    commit(w);
}

static void close_world(struct world *w) {
    test_db_done(&w->cx, &w->test);
    test_ctx_done(&w->cx);
}

static struct sign_in_result sign_in_from(struct world *w, const char *login, const char *password, const char *address) {
    struct sign_in_result result;
    assert_ok(&w->cx, account_sign_in(&w->cx, w->test.db, &rules,
                                      &(struct sign_in_request){.login = str_from(login),
                                                                .password = str_from(password),
                                                                .address = str_from(address),
                                                                .agent = S("Firefox")},
                                      &result));
    return result;
}

static struct sign_in_result sign_in(struct world *w, const char *login, const char *password) {
    return sign_in_from(w, login, password, "192.0.2.7");
}

static bool find(struct world *w, const char *token, struct session *out) {
    bool found;
    assert_ok(&w->cx, tx_begin(&w->cx, w->test.db, TX_READ));
    assert_ok(&w->cx, session_find(&w->cx, &rules, str_from(token), S("192.0.2.7"), out, &found));
    commit(w);
    return found;
}

static void later(struct world *w, int64_t ms) { w->cx.now.ms += ms; }

/* ---- signing in ---- */

static void who_gets_in(void **state) {
    static const struct {
        const char *name, *login, *password;
        enum sign_in_outcome outcome;
    } cases[] = {
        {"right", "ana", PASSWORD, SIGN_IN_DONE},
        {"capitals and spaces around the login", " Ana ", PASSWORD, SIGN_IN_DONE},
        {"by e-mail", "ANA@uno.example", PASSWORD, SIGN_IN_DONE},
        {"wrong password", "ana", PASSWORD ".", SIGN_IN_REFUSED},
        {"no password", "ana", "", SIGN_IN_REFUSED},
        {"unknown", "carla", PASSWORD, SIGN_IN_REFUSED},
        {"nobody", "", PASSWORD, SIGN_IN_REFUSED},
        {"without e-mail, none asked", "beto", "", SIGN_IN_REFUSED},
    };
    struct world w;
    open_world(&w, state);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct sign_in_result r = sign_in(&w, cases[i].login, cases[i].password);
        if (r.outcome != cases[i].outcome) fail_msg("%s: outcome %d", cases[i].name, (int)r.outcome);
        if ((r.token[0] != 0) != (r.outcome == SIGN_IN_DONE)) fail_msg("%s: token", cases[i].name);
    }
    close_world(&w);
}

static void disabled_people_and_those_of_no_company_stay_out(void **state) {
    struct world w;
    struct session s;
    open_world(&w, state);
    struct sign_in_result in = sign_in(&w, "beto", PASSWORD);
    assert_true(find(&w, in.token, &s));
    begin(&w);
    assert_ok(&w.cx, user_disable(&w.cx, w.beto, true));
    commit(&w);
    assert_false(find(&w, in.token, &s));
    assert_int_equal(sign_in(&w, "beto", PASSWORD).outcome, SIGN_IN_REFUSED);
    begin(&w);
    assert_ok(&w.cx, user_disable(&w.cx, w.beto, false));
    commit(&w);
    assert_int_equal(sign_in(&w, "beto", PASSWORD).outcome, SIGN_IN_DONE);
    begin(&w);
    assert_ok(&w.cx, user_leave(&w.cx, w.beto));
    commit(&w);
    assert_int_equal(sign_in(&w, "beto", PASSWORD).outcome, SIGN_IN_REFUSED);
    close_world(&w);
}

/* ---- sessions ---- */

static void a_session_is_what_its_person_is(void **state) {
    struct world w;
    struct session s;
    open_world(&w, state);
    struct sign_in_result in = sign_in(&w, "beto", PASSWORD);
    assert_int_equal(in.outcome, SIGN_IN_DONE);
    assert_true(find(&w, in.token, &s));
    assert_int_equal(s.actor.kind, ACTOR_USER);
    assert_int_equal(s.actor.user_id, w.beto);
    assert_int_equal(s.actor.company_id, 1);
    assert_string_equal(s.actor.company, "uno");
    assert_int_equal(s.actor.role, ROLE_COLLECTOR);
    assert_int_equal(s.actor.scope, SCOPE_TEAM);
    assert_true(s.actor.team_id > 0);
    assert_true(actor_may(&s.actor, CAP_CASE_WRITE));
    assert_false(actor_may(&s.actor, CAP_USER_ADMIN));
    assert_string_equal(s.actor.address, "192.0.2.7");
    unsigned char none[32] = {0};
    assert_memory_not_equal(s.actor.csrf, none, sizeof none);
    char wrong[TOKEN_TEXT];
    memcpy(wrong, in.token, sizeof wrong);
    wrong[5] = wrong[5] == 'A' ? 'B' : 'A';
    assert_false(find(&w, wrong, &s));
    assert_false(find(&w, "", &s));
    close_world(&w);
}

static void sessions_end_by_themselves(void **state) {
    static const struct {
        const char *name;
        int64_t step_ms;
        int steps;
        bool alive;
    } cases[] = {
        {"at once", 0, 1, true},
        {"a minute before it is idle too long", 59 * MS_PER_MINUTE, 1, true},
        {"idle too long", 60 * MS_PER_MINUTE, 1, false},
        {"used all day", 59 * MS_PER_MINUTE, 12, true},
        {"used longer than a day's work", 59 * MS_PER_MINUTE, 13, false},
    };
    struct world w;
    open_world(&w, state);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        bool alive = true;
        struct sign_in_result in = sign_in(&w, "ana", PASSWORD);
        for (int step = 0; step < cases[i].steps; step++) {
            later(&w, cases[i].step_ms);
            alive = find(&w, in.token, &s);
            if (!alive || !s.touch_due) continue;
            begin(&w);
            assert_ok(&w.cx, session_touch(&w.cx, &s));
            commit(&w);
        }
        if (alive != cases[i].alive) fail_msg("%s: %s", cases[i].name, alive ? "alive" : "ended");
    }
    close_world(&w);
}

/* Fixation: a token known from before is worth nothing after. */
static void every_step_up_makes_a_new_token(void **state) {
    struct world w;
    struct session s;
    open_world(&w, state);
    struct sign_in_result first = sign_in(&w, "ana", PASSWORD), second;
    assert_ok(&w.cx, account_sign_in(&w.cx, w.test.db, &rules,
                                     &(struct sign_in_request){.login = S("ana"),
                                                               .password = S(PASSWORD),
                                                               .address = S("192.0.2.7"),
                                                               .old_token = str_from(first.token)},
                                     &second));
    assert_string_not_equal(first.token, second.token);
    assert_false(find(&w, first.token, &s));
    assert_true(find(&w, second.token, &s));
    char renewed[TOKEN_TEXT];
    begin(&w);
    assert_ok(&w.cx, session_rotate(&w.cx, &rules, &s.actor, S(""), renewed));
    commit(&w);
    assert_false(find(&w, second.token, &s));
    assert_true(find(&w, renewed, &s));
    assert_ok(&w.cx, account_sign_out(&w.cx, w.test.db, &rules, str_from(renewed)));
    assert_false(find(&w, renewed, &s));
    close_world(&w);
}

static void another_role_or_password_ends_sessions(void **state) {
    struct world w;
    struct session s;
    char hash[PASSWORD_HASH];
    open_world(&w, state);
    struct sign_in_result in = sign_in(&w, "beto", PASSWORD);
    begin(&w);
    assert_ok(&w.cx, user_place(&w.cx, w.beto, &(struct member){.role = ROLE_MANAGER, .scope = SCOPE_ALL}));
    commit(&w);
    assert_false(find(&w, in.token, &s));
    in = sign_in(&w, "beto", PASSWORD);
    assert_true(find(&w, in.token, &s));
    assert_int_equal(s.actor.role, ROLE_MANAGER);
    assert_ok(&w.cx, password_hash(&w.cx, S("otras palabras secretas"), hash));
    begin(&w);
    assert_ok(&w.cx, user_change_password(&w.cx, w.beto, hash, false));
    commit(&w);
    assert_false(find(&w, in.token, &s));
    assert_int_equal(sign_in(&w, "beto", PASSWORD).outcome, SIGN_IN_REFUSED);
    in = sign_in(&w, "beto", "otras palabras secretas");
    assert_true(find(&w, in.token, &s));
    assert_true(s.actor.must_change_password);
    assert_true(actor_may(&s.actor, CAP_SELF));
    assert_false(actor_may(&s.actor, CAP_CUSTOMER_READ));
    close_world(&w);
}

/* ---- throttling ---- */

static void guesses_are_slowed_down(void **state) {
    struct world w;
    open_world(&w, state);
    for (int i = 0; i < 6; i++) assert_int_equal(sign_in(&w, "ana", "no es esta").outcome, SIGN_IN_REFUSED);
    struct sign_in_result r = sign_in(&w, "ana", PASSWORD); /* even the right one waits now */
    assert_int_equal(r.outcome, SIGN_IN_LATER);
    assert_int_equal(r.wait_s, 2);
    for (int i = 0; i < 50; i++) assert_int_equal(sign_in(&w, "ana", "no es esta").wait_s, 2);
    later(&w, 2 * MS_PER_SECOND);
    assert_int_equal(sign_in(&w, "ana", "no es esta").outcome, SIGN_IN_REFUSED);
    assert_int_equal(sign_in(&w, "ana", PASSWORD).wait_s, 4);
    later(&w, 4 * MS_PER_SECOND);
    assert_int_equal(sign_in(&w, "ana", PASSWORD).outcome, SIGN_IN_DONE);
    for (int i = 0; i < 6; i++) assert_int_equal(sign_in(&w, "ana", "no es esta").outcome, SIGN_IN_REFUSED);
    close_world(&w);
}

static void unknown_people_wait_alike(void **state) {
    struct world w;
    open_world(&w, state);
    for (int i = 0; i < 12; i++) {
        struct sign_in_result real = sign_in_from(&w, "ana", "no es esta", "198.51.100.1"),
                              none = sign_in_from(&w, "zoe", "no es esta", "198.51.100.2");
        if (real.outcome != none.outcome || real.wait_s != none.wait_s)
            fail_msg("attempt %d: %d after %lld s, %d after %lld s", i, (int)real.outcome, (long long)real.wait_s,
                     (int)none.outcome, (long long)none.wait_s);
        later(&w, 500);
    }
    close_world(&w);
}

/* Many addresses against one login: its owner, where they have been before, is not kept out. */
static void a_flood_locks_nobody_out(void **state) {
    struct world w;
    char address[32];
    int waited = 0;
    open_world(&w, state);
    assert_int_equal(sign_in(&w, "ana", PASSWORD).outcome, SIGN_IN_DONE);
    for (int i = 0; i < 40; i++) {
        snprintf(address, sizeof address, "198.51.100.%d", i);
        waited += sign_in_from(&w, "ana", "no es esta", address).outcome == SIGN_IN_LATER;
    }
    assert_true(waited > 20);
    assert_int_equal(sign_in(&w, "ana", PASSWORD).outcome, SIGN_IN_DONE);
    close_world(&w);
}

/* Somebody on the road, each day from elsewhere. */
static void right_passwords_are_no_failures(void **state) {
    struct world w;
    char address[32];
    open_world(&w, state);
    for (int i = 0; i < 15; i++) {
        snprintf(address, sizeof address, "203.0.113.%d", i);
        assert_int_equal(sign_in_from(&w, "ana", PASSWORD, address).outcome, SIGN_IN_DONE);
    }
    close_world(&w);
}

/* One address against many logins; an account of one's own does not reset the count. */
static void an_address_is_slowed_down_whatever_the_login(void **state) {
    struct world w;
    char login[32];
    int refused = 0;
    open_world(&w, state);
    for (int i = 0; i < 60; i++) {
        snprintf(login, sizeof login, "persona%d", i);
        refused += sign_in_from(&w, login, "no es esta", "2001:db8:1:2:3:4:5:6").outcome == SIGN_IN_REFUSED;
        if (i % 5 == 0) sign_in_from(&w, "beto", PASSWORD, "2001:db8:1:2::9"); /* the same /64 */
    }
    if (refused > 30) fail_msg("%d guesses were compared", refused);
    assert_int_equal(sign_in_from(&w, "persona1", "x", "2001:db8:1:3::1").outcome, SIGN_IN_REFUSED);
    close_world(&w);
}

/* ---- second factor ---- */

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

/* ---- keys ---- */

static bool find_key(struct world *w, const char *text, struct key_found *out) {
    bool found;
    assert_ok(&w->cx, tx_begin(&w->cx, w->test.db, TX_READ));
    assert_ok(&w->cx, key_find(&w->cx, str_from(text), S("192.0.2.9"), out, &found));
    commit(w);
    return found;
}

static int64_t make_key(struct world *w, const struct actor *maker, uint64_t capabilities, Instant expires, char text[KEY_TEXT]) {
    int64_t id;
    w->cx.who = maker;
    begin(w);
    assert_ok(&w->cx, key_create(&w->cx, &(struct key_new){.name = S("erp"), .capabilities = capabilities, .expires_at = expires},
                                 &id, text));
    commit(w);
    return id;
}

static void a_key_has_its_scopes_and_no_more(void **state) {
    struct world w;
    struct key_found key;
    struct session s;
    char text[KEY_TEXT], wrong[KEY_TEXT];
    uint64_t set;
    open_world(&w, state);
    assert_ok(&w.cx, key_scopes_parse(&w.cx, S("customer.read  money.read"), &set));
    assert_int_equal(set, UINT64_C(1) << CAP_CUSTOMER_READ | UINT64_C(1) << CAP_MONEY_READ);
    assert_rc(&w.cx, INVALID, key_scopes_parse(&w.cx, S("customer.read,all"), &set));
    assert_rc(&w.cx, INVALID, key_scopes_parse(&w.cx, S("install"), &set));
    assert_ok(&w.cx, key_scopes_parse(&w.cx, S("customer.read,money.read"), &set));
    make_key(&w, &w.owner, set, INSTANT_NONE, text);
    assert_int_equal(strlen(text), KEY_TEXT - 1);
    assert_true(find_key(&w, text, &key));
    assert_true(actor_may(&key.actor, CAP_CUSTOMER_READ));
    assert_false(actor_may(&key.actor, CAP_CUSTOMER_WRITE));
    assert_false(actor_may(&key.actor, CAP_SELF));
    assert_int_equal(key.actor.scope, SCOPE_ALL);
    memcpy(wrong, text, sizeof wrong);
    wrong[KEY_TEXT - 3] = wrong[KEY_TEXT - 3] == 'A' ? 'B' : 'A';
    assert_false(find_key(&w, wrong, &key));
    assert_false(find_key(&w, "", &key));
    assert_false(find_key(&w, "aldia_", &key));
    /* A collector's key: own customers, and no more than a collector. */
    struct sign_in_result in = sign_in(&w, "beto", PASSWORD);
    assert_true(find(&w, in.token, &s));
    int64_t id;
    w.cx.who = &s.actor;
    begin(&w);
    assert_rc(&w.cx, DENIED,
              key_create(&w.cx, &(struct key_new){.name = S("x"), .capabilities = UINT64_C(1) << CAP_ADMIN, .expires_at = INSTANT_NONE},
                         &id, text));
    tx_rollback(&w.cx);
    make_key(&w, &s.actor, UINT64_C(1) << CAP_CASE_WRITE | UINT64_C(1) << CAP_CUSTOMER_READ, INSTANT_NONE, text);
    assert_true(find_key(&w, text, &key));
    assert_int_equal(key.actor.scope, SCOPE_TEAM);
    assert_int_equal(key.actor.team_id, s.actor.team_id);
    assert_true(actor_may(&key.actor, CAP_CASE_WRITE));
    w.cx.who = &w.owner;
    begin(&w);
    assert_ok(&w.cx, user_place(&w.cx, w.beto, &(struct member){.role = ROLE_READ_ONLY, .scope = SCOPE_OWN}));
    commit(&w);
    assert_true(find_key(&w, text, &key));
    assert_false(actor_may(&key.actor, CAP_CASE_WRITE)); /* its maker has it no more */
    begin(&w);
    assert_ok(&w.cx, user_disable(&w.cx, w.beto, true));
    commit(&w);
    assert_false(find_key(&w, text, &key));
    close_world(&w);
}

static void keys_expire_and_are_told_when_used(void **state) {
    struct world w;
    struct key_found key;
    char text[KEY_TEXT];
    open_world(&w, state);
    make_key(&w, &w.owner, UINT64_C(1) << CAP_REPORT_READ, (Instant){w.cx.now.ms + MS_PER_HOUR}, text);
    assert_true(find_key(&w, text, &key));
    assert_true(key.touch_due && key.log_due);
    begin(&w);
    assert_ok(&w.cx, key_touch(&w.cx, &key));
    commit(&w);
    later(&w, 1000);
    assert_true(find_key(&w, text, &key));
    assert_false(key.touch_due || key.log_due);
    later(&w, MS_PER_HOUR - 1001);
    assert_true(find_key(&w, text, &key));
    later(&w, 1);
    assert_false(find_key(&w, text, &key));
    close_world(&w);
}

/* ---- people ---- */

static void a_company_keeps_an_administrator(void **state) {
    struct world w;
    open_world(&w, state);
    begin(&w);
    assert_rc(&w.cx, CONFLICT, user_disable(&w.cx, w.ana, true));
    assert_rc(&w.cx, CONFLICT, user_place(&w.cx, w.ana, &(struct member){.role = ROLE_MANAGER, .scope = SCOPE_ALL}));
    assert_rc(&w.cx, CONFLICT, user_leave(&w.cx, w.ana));
    assert_rc(&w.cx, CONFLICT, user_erase(&w.cx, w.ana));
    assert_ok(&w.cx, user_place(&w.cx, w.beto, &(struct member){.role = ROLE_ADMIN, .scope = SCOPE_ALL}));
    assert_ok(&w.cx, user_disable(&w.cx, w.ana, true));
    assert_rc(&w.cx, CONFLICT, user_disable(&w.cx, w.beto, true));
    commit(&w);
    close_world(&w);
}

/* The administrator of one company is nobody's master in another. */
static void who_belongs_elsewhere_is_out_of_reach(void **state) {
    struct world w;
    struct actor ana = {.kind = ACTOR_USER};
    open_world(&w, state);
    ana.user_id = w.ana;
    w.cx.who = &ana;
    begin(&w);
    assert_ok(&w.cx, user_check_reach(&w.cx, w.beto));
    w.cx.company_id = 2;
    assert_ok(&w.cx, user_place(&w.cx, w.beto, &(struct member){.role = ROLE_ADMIN, .scope = SCOPE_ALL}));
    w.cx.company_id = 1;
    assert_rc(&w.cx, DENIED, user_check_reach(&w.cx, w.beto));
    w.cx.who = &w.owner;
    assert_ok(&w.cx, user_check_reach(&w.cx, w.beto));
    commit(&w);
    close_world(&w);
}

static void logins_and_addresses_are_checked(void **state) {
    static const struct {
        const char *name, *login, *email;
        enum rc rc;
    } cases[] = {
        {"plain", "carla", "", OK},
        {"with a dot", "carla.diaz", "carla@uno.example", OK},
        {"capital", "Carla", "", INVALID},
        {"space", "carla diaz", "", INVALID},
        {"empty", "", "", INVALID},
        {"as an erased one", "erased-3", "", INVALID},
        {"taken", "ana", "", CONFLICT},
        {"address taken, other case", "otra", "ANA@uno.example", CONFLICT},
        {"no address", "otra2", "ana.uno.example", INVALID},
    };
    struct world w;
    open_world(&w, state);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t id;
        begin(&w);
        enum rc rc = user_create(&w.cx,
                                 &(struct user_new){.login = str_from(cases[i].login),
                                                    .email = str_from(cases[i].email),
                                                    .password_hash = ""},
                                 &id);
        if (rc != cases[i].rc) fail_msg("%s: %s", cases[i].name, rc_name(rc));
        if (rc == OK)
            commit(&w);
        else
            tx_rollback(&w.cx);
    }
    close_world(&w);
}

static void erasing_leaves_the_number_alone(void **state) {
    struct world w;
    struct session s;
    struct user_get_row u;
    open_world(&w, state);
    struct sign_in_result in = sign_in(&w, "beto", PASSWORD);
    begin(&w);
    assert_ok(&w.cx, user_erase(&w.cx, w.beto));
    commit(&w);
    assert_false(find(&w, in.token, &s));
    assert_int_equal(sign_in(&w, "beto", PASSWORD).outcome, SIGN_IN_REFUSED);
    begin(&w);
    assert_ok(&w.cx, user_get(&w.cx, &(struct user_get_params){.id = w.beto}, &u));
    assert_true(str_starts(u.login, S("erased-")));
    assert_int_equal(u.name.n + u.email.n + u.password_hash.n, 0);
    int64_t id;
    assert_ok(&w.cx, user_create(&w.cx, &(struct user_new){.login = S("beto"), .password_hash = ""}, &id));
    commit(&w);
    close_world(&w);
}

static const struct CMUnitTest account_tests[] = {
    ON_BOTH(who_gets_in),
    ON_BOTH(disabled_people_and_those_of_no_company_stay_out),
    ON_BOTH(a_session_is_what_its_person_is),
    ON_BOTH(sessions_end_by_themselves),
    ON_BOTH(every_step_up_makes_a_new_token),
    ON_BOTH(another_role_or_password_ends_sessions),
    ON_BOTH(guesses_are_slowed_down),
    ON_BOTH(unknown_people_wait_alike),
    ON_BOTH(a_flood_locks_nobody_out),
    ON_BOTH(right_passwords_are_no_failures),
    ON_BOTH(an_address_is_slowed_down_whatever_the_login),
    cmocka_unit_test(codes_are_those_of_the_standard),
    cmocka_unit_test(codes_drift_by_one_step),
    ON_BOTH(a_second_factor_is_asked_for_and_taken_once),
    ON_BOTH(recovery_codes_work_once),
    ON_BOTH(guessing_codes_is_slowed_down),
    cmocka_unit_test(the_uri_is_what_apps_read),
    ON_BOTH(a_key_has_its_scopes_and_no_more),
    ON_BOTH(keys_expire_and_are_told_when_used),
    ON_BOTH(a_company_keeps_an_administrator),
    ON_BOTH(who_belongs_elsewhere_is_out_of_reach),
    ON_BOTH(logins_and_addresses_are_checked),
    ON_BOTH(erasing_leaves_the_number_alone),
};
const struct test_suite account_suite = {"account", account_tests, COUNT_OF(account_tests)};
