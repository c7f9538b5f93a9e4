/* Two companies and their people, on both engines, for the tests of accounts. */
#ifndef ACCOUNT_ACCOUNT_FIXTURE_H
#define ACCOUNT_ACCOUNT_FIXTURE_H

#include "account/password.h"
#include "account/seal.h"
#include "account/sign_in.h"
#include "account/user.h"
#include "account_test_sql.h"
#include "store/db_fixture.h"

#define PASSWORD "tres gatos en el techo"

static const struct session_rules rules = {.idle_ms = 60 * MS_PER_MINUTE, .most_ms = 12 * MS_PER_HOUR};

struct world {
    struct ctx cx;
    struct test_db test;
    struct actor owner;
    int64_t ana, beto;
};

static inline void begin(struct world *w) { assert_ok(&w->cx, tx_begin(&w->cx, w->test.db, TX_WRITE)); }
static inline void commit(struct world *w) { assert_ok(&w->cx, tx_commit(&w->cx)); }

static inline void add_company(struct world *w, int64_t id, const char *code) {
    static const char zeros[32];
    assert_ok(&w->cx, account_test_company(&w->cx, &(struct account_test_company_params){
                                                       .id = id, .code = str_from(code), .event_hash = {zeros, sizeof zeros}}));
}

static inline int64_t add_user(struct world *w, const char *login, const char *email, const char *hash, struct member member) {
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
static inline void open_world(struct world *w, void **state) {
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

static inline void close_world(struct world *w) {
    test_db_done(&w->cx, &w->test);
    test_ctx_done(&w->cx);
}

static inline struct sign_in_result sign_in_from(struct world *w, const char *login, const char *password, const char *address) {
    struct sign_in_result result;
    assert_ok(&w->cx, account_sign_in(&w->cx, w->test.db, &rules,
                                      &(struct sign_in_request){.login = str_from(login),
                                                                .password = str_from(password),
                                                                .address = str_from(address),
                                                                .agent = S("Firefox")},
                                      &result));
    return result;
}

static inline struct sign_in_result sign_in(struct world *w, const char *login, const char *password) {
    return sign_in_from(w, login, password, "192.0.2.7");
}

static inline bool find(struct world *w, const char *token, struct session *out) {
    bool found;
    assert_ok(&w->cx, tx_begin(&w->cx, w->test.db, TX_READ));
    assert_ok(&w->cx, session_find(&w->cx, &rules, str_from(token), S("192.0.2.7"), out, &found));
    commit(w);
    return found;
}

static inline void later(struct world *w, int64_t ms) { w->cx.now.ms += ms; }

#endif
