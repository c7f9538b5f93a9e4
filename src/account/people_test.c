/* API keys, and the people of a company: who may be changed, refused, erased. */
#include <stdio.h>
#include <string.h>

#include "account/account_fixture.h"
#include "account/key.h"
#include "user_sql.h"

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

static const struct CMUnitTest people_tests[] = {
    ON_BOTH(a_key_has_its_scopes_and_no_more),
    ON_BOTH(keys_expire_and_are_told_when_used),
    ON_BOTH(a_company_keeps_an_administrator),
    ON_BOTH(who_belongs_elsewhere_is_out_of_reach),
    ON_BOTH(logins_and_addresses_are_checked),
    ON_BOTH(erasing_leaves_the_number_alone),
};
const struct test_suite people_suite = {"people", people_tests, COUNT_OF(people_tests)};
