/* Migrations: what is applied, what is refused, and what a killed program leaves. */
#include "store/migrate.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migrate_test_sql.h"
#include "store/db_fixture.h"
#include "store/ddl.h"
#include "store/migrate_list.h"

enum { TABLES_EACH = 3 };

static const struct {
    int number;
    const char *name, *text;
} samples[] = {
    {1, "0001_a.sql",
     "CREATE TABLE m1_t1 (id @id PRIMARY KEY); CREATE TABLE m1_t2 (id @id PRIMARY KEY);"
     "CREATE TABLE m1_t3 (id @id PRIMARY KEY); @append_only m1_t3;"},
    {2, "0002_b.sql",
     "ALTER TABLE m1_t1 ADD COLUMN note @text; CREATE TABLE m2_t1 (id @id PRIMARY KEY);"
     "CREATE TABLE m2_t2 (id @id PRIMARY KEY); CREATE TABLE m2_t3 (id @id PRIMARY KEY);"},
    {3, "0003_c.sql",
     "CREATE TABLE m3_t1 (id @id PRIMARY KEY); CREATE TABLE m3_t2 (id @id PRIMARY KEY);"
     "CREATE TABLE m3_t3 (id @id PRIMARY KEY); CREATE INDEX m1_note ON m1_t1 (note);"},
};

struct known {
    struct migration items[COUNT_OF(samples) + 1];
    struct migration_list list;
};

/* The first `count` samples behind the one that makes the list of migrations. */
static void know(struct ctx *cx, size_t count, struct known *out) {
    out->items[0] = migration_list_embedded(cx).items[0];
    for (size_t i = 0; i < COUNT_OF(samples); i++)
        out->items[i + 1] = (struct migration){samples[i].number, samples[i].name, str_from(samples[i].text)};
    out->list = (struct migration_list){.items = out->items, .count = count + 1};
}

static int tables(struct ctx *cx, struct db *db) {
    struct table_count_row row;
    assert_ok(cx, tx_begin(cx, db, TX_READ));
    assert_ok(cx, table_count(cx, &row));
    tx_rollback(cx);
    return (int)row.tables;
}

static void missing_ones_are_applied_once(void **state) {
    struct ctx cx = test_ctx();
    struct test_db test;
    struct known known;
    struct migrate_state found;
    int applied = -1;
    test_db_open(&cx, test_engine(state), &test);
    know(&cx, 2, &known);
    assert_ok(&cx, migration_list_check(&cx, test.db, &known.list, &found));
    assert_int_equal(found.present, 0);
    assert_int_equal(found.wanted, 2);
    assert_ok(&cx, migration_list_up(&cx, test.db, &known.list, &applied));
    assert_int_equal(applied, 3);
    assert_ok(&cx, migration_list_up(&cx, test.db, &known.list, &applied));
    assert_int_equal(applied, 0);
    know(&cx, 3, &known);
    assert_ok(&cx, migration_list_check(&cx, test.db, &known.list, &found));
    assert_int_equal(found.present, 2);
    assert_ok(&cx, migration_list_up(&cx, test.db, &known.list, &applied));
    assert_int_equal(applied, 1);
    assert_int_equal(tables(&cx, test.db), 3 * TABLES_EACH);
    test_db_done(&cx, &test);
    test_ctx_done(&cx);
}

/* INV: I23 */
static void newer_changed_and_missing_ones_are_refused(void **state) {
    struct ctx cx = test_ctx();
    struct test_db test;
    struct known known, other;
    struct migrate_state found;
    int applied = 0;
    test_db_open(&cx, test_engine(state), &test);
    know(&cx, 3, &known);
    assert_ok(&cx, migration_list_up(&cx, test.db, &known.list, &applied));
    know(&cx, 2, &other);
    assert_rc(&cx, CONFLICT, migration_list_check(&cx, test.db, &other.list, &found));
    assert_non_null(strstr(cx.fault.message, "the database has schema 3, this program knows only 2"));
    assert_rc(&cx, CONFLICT, migration_list_up(&cx, test.db, &other.list, &applied));
    know(&cx, 3, &other);
    other.items[2].text = S("CREATE TABLE other (id @id PRIMARY KEY);");
    assert_rc(&cx, CONFLICT, migration_list_check(&cx, test.db, &other.list, &found));
    assert_non_null(strstr(cx.fault.message, "0002_b.sql differs"));
    know(&cx, 3, &other);
    other.items[1].number = 0;
    other.items[0].number = -1;
    assert_rc(&cx, CONFLICT, migration_list_check(&cx, test.db, &other.list, &found));
    assert_int_equal(tables(&cx, test.db), 3 * TABLES_EACH);
    test_db_done(&cx, &test);
    test_ctx_done(&cx);
}

static void a_failing_one_leaves_the_old_schema(void **state) {
    struct ctx cx = test_ctx();
    struct test_db test;
    struct known known;
    struct migrate_state found;
    int applied = 0;
    test_db_open(&cx, test_engine(state), &test);
    know(&cx, 3, &known);
    known.items[2].text = S("CREATE TABLE m2_t1 (id @id PRIMARY KEY); CREATE TABLE m1_t1 (id @id PRIMARY KEY);");
    assert_rc(&cx, INTERNAL, migration_list_up(&cx, test.db, &known.list, &applied));
    assert_non_null(strstr(cx.fault.message, "0002_b.sql"));
    assert_ok(&cx, migration_list_check(&cx, test.db, &known.list, &found));
    assert_int_equal(found.present, 1);
    assert_int_equal(tables(&cx, test.db), TABLES_EACH);
    test_db_done(&cx, &test);
    test_ctx_done(&cx);
}

struct plug {
    int statements; /* until it is pulled; 0 = never */
};

static void pull_plug(void *self) {
    struct plug *plug = self;
    if (--plug->statements == 0) kill(getpid(), SIGKILL);
}

/* A process of its own that migrates; it is killed after `statements`, or by the caller. */
static pid_t migrate_in_child(const char *url, int statements) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) return child;
    struct ctx cx = test_ctx();
    struct db *db = NULL;
    struct known known;
    struct plug plug = {statements};
    int applied = 0;
    know(&cx, COUNT_OF(samples), &known);
    known.list.after_statement = pull_plug;
    known.list.self = &plug;
    enum rc rc = db_open(&cx, url, true, &db);
    if (rc == OK) rc = migration_list_up(&cx, db, &known.list, &applied);
    _exit(rc == OK ? 0 : 1);
}

/* Either schema, whole; and the next start completes it. INV: I23 */
static void assert_old_or_new(struct ctx *cx, const char *url) {
    struct db *db = NULL;
    struct known known;
    struct migrate_state found;
    int applied = 0;
    know(cx, COUNT_OF(samples), &known);
    assert_ok(cx, db_open(cx, url, true, &db));
    assert_ok(cx, migration_list_check(cx, db, &known.list, &found));
    assert_int_equal(tables(cx, db), found.present * TABLES_EACH);
    assert_ok(cx, db_integrity(cx, db));
    assert_ok(cx, migration_list_up(cx, db, &known.list, &applied));
    assert_int_equal(tables(cx, db), (int)COUNT_OF(samples) * TABLES_EACH);
    db_close(db);
}

static void killed_after_any_statement(void **state) {
    enum { STATEMENTS = 13 };
    for (int n = 1; n <= STATEMENTS + 1; n++) {
        struct ctx cx = test_ctx();
        struct test_db test;
        int status = 0;
        test_db_open(&cx, test_engine(state), &test);
        waitpid(migrate_in_child(test.url, n), &status, 0);
        assert_int_equal(WIFSIGNALED(status), n <= STATEMENTS); /* the count is right: beyond it, it ends by itself */
        assert_old_or_new(&cx, test.url);
        test_db_done(&cx, &test);
        test_ctx_done(&cx);
    }
}

static void killed_at_any_moment(void **state) {
    for (int n = 0; n < 25; n++) {
        struct ctx cx = test_ctx();
        struct test_db test;
        int status = 0;
        test_db_open(&cx, test_engine(state), &test);
        pid_t child = migrate_in_child(test.url, 0);
        usleep((useconds_t)(n * 700));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        assert_old_or_new(&cx, test.url);
        test_db_done(&cx, &test);
        test_ctx_done(&cx);
    }
}

static void several_programs_may_start_at_once(void **state) {
    struct ctx cx = test_ctx();
    struct test_db test;
    pid_t children[4];
    test_db_open(&cx, test_engine(state), &test);
    for (size_t i = 0; i < COUNT_OF(children); i++) children[i] = migrate_in_child(test.url, 0);
    for (size_t i = 0; i < COUNT_OF(children); i++) {
        int status = 0;
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_old_or_new(&cx, test.url);
    test_db_done(&cx, &test);
    test_ctx_done(&cx);
}

/* ---- the text ---- */

static enum rc join(struct ctx *cx, void *self, const char *sql) {
    Str *all = self;
    *all = arena_printf(cx->arena, "%.*s%s|", STR_ARG(*all), sql);
    return OK;
}

static void text_is_expanded_and_split(void **state) {
    (void)state;
    static const struct {
        const char *text, *sqlite, *postgres;
    } cases[] = {
        {"CREATE TABLE t (a @id PRIMARY KEY, b @bool);", "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER) STRICT|",
         "CREATE TABLE t (a BIGINT PRIMARY KEY, b SMALLINT)|"},
        {"create table t (a @text, b @blob, c @real) -- ) ;\n;",
         "create table t (a TEXT, b BLOB, c REAL) STRICT -- ) ;\n|",
         "create table t (a TEXT COLLATE \"C\", b BYTEA, c DOUBLE PRECISION) -- ) ;\n|"},
        {"UPDATE t SET a = '@x;''-- y' || \"@z\" -- @w\n;", "UPDATE t SET a = '@x;''-- y' || \"@z\" -- @w\n|",
         "UPDATE t SET a = '@x;''-- y' || \"@z\" -- @w\n|"},
        {"CREATE TABLE t (a @text CHECK (a @one_of ('x', 'y;',\n 'z')), b @int);",
         "CREATE TABLE t (a TEXT CHECK (a IN ('x') OR a IN ('y;') OR a IN ('z')), b INTEGER) STRICT|",
         "CREATE TABLE t (a TEXT COLLATE \"C\" CHECK (a IN ('x', 'y;', 'z')), b BIGINT)|"},
        {"-- nothing;\n", "", ""},
        {";;", "", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        Str sqlite = S(""), postgres = S("");
        Str text = str_from(cases[i].text);
        assert_ok(&cx, ddl_each(&cx, "x.sql", text, DB_SQLITE, join, &sqlite));
        assert_ok(&cx, ddl_each(&cx, "x.sql", text, DB_POSTGRES, join, &postgres));
        assert_str(sqlite, cases[i].sqlite);
        assert_str(postgres, cases[i].postgres);
        test_ctx_done(&cx);
    }
}

static void mistakes_in_the_text_are_named(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"CREATE TABLE t (a @number);", "x.sql: unknown word @number"},
        {"CREATE TABLE t (a @text CHECK (a @one_of 'x'));", "x.sql: @one_of needs a list in parentheses"},
        {"CREATE TABLE t (a @text CHECK (a @one_of (x)));", "x.sql: @one_of takes a list of texts"},
        {"CREATE TABLE t (a @text CHECK (a @one_of ('x' 'y')));", "x.sql: the list of @one_of has no end"},
        {"CREATE TABLE t (a @id)", "x.sql does not end with ';'"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        Str all = S("");
        assert_rc(&cx, INVALID, ddl_each(&cx, "x.sql", str_from(cases[i].text), DB_SQLITE, join, &all));
        assert_string_equal(cx.fault.message, cases[i].message);
        test_ctx_done(&cx);
    }
}

static const struct CMUnitTest migrate_tests[] = {
    ON_BOTH(missing_ones_are_applied_once),
    ON_BOTH(newer_changed_and_missing_ones_are_refused),
    ON_BOTH(a_failing_one_leaves_the_old_schema),
    ON_BOTH(killed_after_any_statement),
    ON_BOTH(killed_at_any_moment),
    ON_BOTH(several_programs_may_start_at_once),
    cmocka_unit_test(text_is_expanded_and_split),
    cmocka_unit_test(mistakes_in_the_text_are_named),
};
const struct test_suite migrate_suite = {"migrate", migrate_tests, COUNT_OF(migrate_tests)};
