/* What only a server has: connections that are lost, addresses that cannot be reached. */
#include <string.h>

#include "sqlite_test_sql.h"
#include "store/db_fixture.h"
#include "store/driver.h"

static void open_pages(struct ctx *cx, struct test_db *test) {
    *cx = test_ctx();
    test_db_open(cx, DB_POSTGRES, test);
    assert_ok(cx, tx_begin(cx, test->db, TX_WRITE));
    assert_ok(cx, test->db->driver->run(cx, test->db, "CREATE TABLE page (id BIGINT PRIMARY KEY, bytes BYTEA NOT NULL)",
                                        "test"));
    assert_ok(cx, tx_commit(cx));
}

static void cut(struct ctx *cx) {
    enum rc rc = cx->tx->db->driver->run(cx, cx->tx->db, "SELECT pg_terminate_backend(pg_backend_pid())", "cut");
    assert_int_equal(rc, REMOTE);
}

static void put(struct ctx *cx, int64_t id) {
    assert_ok(cx, page_put(cx, &(struct page_put_params){.id = id, .bytes = S("x")}));
}

static int64_t pages(struct ctx *cx, struct db *db) {
    struct page_count_row row;
    assert_ok(cx, tx_begin(cx, db, TX_READ));
    assert_ok(cx, page_count(cx, &row));
    assert_ok(cx, tx_commit(cx));
    return row.count;
}

static void a_lost_connection_takes_the_transaction(void **state) {
    (void)state;
    struct ctx cx;
    struct test_db test;
    open_pages(&cx, &test);
    assert_ok(&cx, tx_begin(&cx, test.db, TX_WRITE));
    put(&cx, 1);
    cut(&cx);
    assert_rc(&cx, REMOTE, page_put(&cx, &(struct page_put_params){.id = 2, .bytes = S("x")}));
    assert_rc(&cx, INTERNAL, tx_commit(&cx)); /* known to be lost */
    assert_null(cx.tx);
    assert_false(db_in_doubt(test.db));
    assert_int_equal(pages(&cx, test.db), 0); /* connected anew, statements prepared anew */
    assert_ok(&cx, tx_begin(&cx, test.db, TX_WRITE));
    put(&cx, 3);
    assert_ok(&cx, tx_commit(&cx));
    assert_int_equal(pages(&cx, test.db), 1);
    test_db_done(&cx, &test);
    test_ctx_done(&cx);
}

static void a_connection_lost_while_committing_is_in_doubt(void **state) {
    (void)state;
    struct ctx cx;
    struct test_db test;
    open_pages(&cx, &test);
    assert_ok(&cx, tx_begin(&cx, test.db, TX_WRITE));
    put(&cx, 1);
    cut(&cx);
    assert_rc(&cx, REMOTE, tx_commit(&cx)); /* the program itself met no failure before */
    assert_true(db_in_doubt(test.db));
    assert_int_equal(pages(&cx, test.db), 0);
    assert_false(db_in_doubt(test.db));
    test_db_done(&cx, &test);
    test_ctx_done(&cx);
}

static void unreachable_servers_are_named_without_the_password(void **state) {
    (void)state;
    static const struct {
        const char *url;
        enum rc rc;
    } cases[] = {
        {"postgresql://ana:geheim77@127.0.0.1:1/x", REMOTE},
        {"postgresql://ana:geheim77@127.0.0.1:geheim77/x", REMOTE},
        {"postgresql://ana:geheim77@127.0.0.1:1/geheim77?geheim77", INVALID},
        {"postgresql://ana:geheim77@%2Fgeheim77/x", REMOTE},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct db *db = NULL;
        assert_rc(&cx, cases[i].rc, db_open(&cx, cases[i].url, false, &db));
        assert_null(strstr(cx.fault.message, "geheim77"));
        assert_null(db);
        test_ctx_done(&cx);
    }
}

static void what_is_sqlites_alone_is_refused(void **state) {
    (void)state;
    struct ctx cx;
    struct test_db test;
    open_pages(&cx, &test);
    assert_rc(&cx, INVALID, db_backup(&cx, test.db, "x", NULL, NULL));
    assert_ok(&cx, db_checkpoint(&cx, test.db));
    assert_ok(&cx, db_integrity(&cx, test.db));
    assert_null(db_path(test.db));
    test_db_done(&cx, &test);
    test_ctx_done(&cx);
}

static const struct CMUnitTest postgres_tests[] = {
    cmocka_unit_test(a_lost_connection_takes_the_transaction),
    cmocka_unit_test(a_connection_lost_while_committing_is_in_doubt),
    cmocka_unit_test(unreachable_servers_are_named_without_the_password),
    cmocka_unit_test(what_is_sqlites_alone_is_refused),
};
const struct test_suite postgres_suite = {"postgres", postgres_tests, COUNT_OF(postgres_tests)};
