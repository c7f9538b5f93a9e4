/* Fresh databases for tests; see db_fixture.h. */
#include "store/db_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/driver.h"
#include "store/migrate.h"

enum db_engine test_engines[2] = {DB_SQLITE, DB_POSTGRES};

static void open_sqlite(struct test_db *test) {
    const char *parent = getenv("TMPDIR");
    snprintf(test->folder, sizeof test->folder, "%s/aldia-test-XXXXXX", parent ? parent : "/tmp");
    assert_non_null(mkdtemp(test->folder));
    snprintf(test->url, sizeof test->url, "%s/test.db", test->folder);
}

/* One statement on a connection of its own to the server's database. */
static void on_server(struct ctx *cx, const char *sql) {
    struct db *db = NULL;
    assert_ok(cx, db_open(cx, getenv("ALDIA_TEST_POSTGRES"), false, &db));
    assert_ok(cx, tx_begin(cx, db, TX_WRITE));
    assert_ok(cx, db->driver->run(cx, db, sql, "test"));
    assert_ok(cx, tx_commit(cx));
    db_close(db);
}

static void open_postgres(struct ctx *cx, struct test_db *test) {
    static int number;
    const char *server = getenv("ALDIA_TEST_POSTGRES");
    if (!server || !*server) {
        print_message("skipped: ALDIA_TEST_POSTGRES is not set\n");
        test_ctx_done(cx);
        skip();
    }
    snprintf(test->schema, sizeof test->schema, "test_%ld_%d", (long)getpid(), number++);
    char sql[200];
    snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s", test->schema, test->schema);
    on_server(cx, sql);
    snprintf(test->url, sizeof test->url, "%s%coptions=-csearch_path%%3D%s", server, strchr(server, '?') ? '&' : '?',
             test->schema);
}

void test_db_open(struct ctx *cx, enum db_engine engine, struct test_db *out_test) {
    *out_test = (struct test_db){.engine = engine};
    if (engine == DB_SQLITE)
        open_sqlite(out_test);
    else
        open_postgres(cx, out_test);
    assert_ok(cx, db_open(cx, out_test->url, true, &out_test->db));
}

void test_db_migrated(struct ctx *cx, enum db_engine engine, struct test_db *out_test) {
    int applied = 0;
    test_db_open(cx, engine, out_test);
    assert_ok(cx, migrate_up(cx, out_test->db, &applied));
}

void test_db_done(struct ctx *cx, struct test_db *test) {
    tx_rollback(cx);
    db_close(test->db);
    if (test->engine == DB_POSTGRES) {
        char sql[100];
        snprintf(sql, sizeof sql, "DROP SCHEMA %s CASCADE", test->schema);
        on_server(cx, sql);
        return;
    }
    DIR *folder = opendir(test->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[sizeof test->folder + sizeof entry->d_name];
        snprintf(path, sizeof path, "%s/%s", test->folder, entry->d_name);
        unlink(path);
    }
    closedir(folder);
    rmdir(test->folder);
}
