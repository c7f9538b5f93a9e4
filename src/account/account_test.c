/* Signing in, sessions and the throttle, on both engines. */
#include <stdio.h>
#include <string.h>

#include "account/access.h"
#include "account/account_fixture.h"
#include "account/throttle.h"
#include "session_sql.h"

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
};
const struct test_suite account_suite = {"account", account_tests, COUNT_OF(account_tests)};
