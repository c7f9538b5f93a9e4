/* What both engines must do alike. */
#include "store/db.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/date.h"
#include "core/money.h"
#include "store/driver.h"
#include "store/thing_fixture.h"

static void every_type_comes_back(void **state) {
    struct fixture f;
    open_fixture(&f, state);
    static const struct thing_add_params cases[] = {
        {.id = 1,
         .has_whole = true,
         .whole = INT64_MIN,
         .flag = true,
         .has_maybe_flag = true,
         .maybe_flag = false,
         .day = {-1},
         .at = {-1},
         .name = {"Año €", 8},
         .note = {"", 0},
         .bytes = {"\0\1\xff", 3},
         .has_rate = true,
         .rate = -0.1},
        {.id = INT64_MAX, .day = {INT32_MIN}, .at = {INT64_MIN}},
        {.id = 3,
         .has_whole = true,
         .whole = INT64_MAX,
         .has_maybe_flag = true,
         .maybe_flag = true,
         .day = {INT32_MAX},
         .at = {INT64_MAX},
         .name = {"it's \\ \"q\"", 10},
         .bytes = {"", 0},
         .has_rate = true,
         .rate = 1e300},
    };
    begin(&f, TX_WRITE);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct thing_add_params p = cases[i];
        p.currency = i == 0 ? currency('C', 'O', 'P') : (Currency){0};
        p.other_currency = i == 2 ? currency('E', 'U', 'R') : (Currency){0};
        if (i == 1)
            assert_ok(&f.cx, thing_add(&f.cx, &p));
        else
            assert_ok(&f.cx, thing_add_bulk(&f.cx, &p, 1));
    }
    commit(&f);
    begin(&f, TX_READ);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct thing_add_params *p = &cases[i];
        struct thing_by_id_row row;
        bool found = false;
        assert_ok(&f.cx, thing_by_id(&f.cx, &(struct thing_by_id_params){.id = p->id}, &row, &found));
        assert_true(found);
        assert_int_equal(row.company_id, 1);
        assert_int_equal(row.has_whole, p->has_whole);
        assert_true(row.whole == p->whole);
        assert_int_equal(row.flag, p->flag);
        assert_int_equal(row.has_maybe_flag, p->has_maybe_flag);
        assert_int_equal(row.maybe_flag, p->maybe_flag);
        assert_int_equal(row.day.day, p->day.day);
        assert_true(row.at.ms == p->at.ms);
        assert_non_null(row.name.p);
        assert_true(str_equal(row.name, p->name));
        assert_int_equal(row.note.p == NULL, p->note.p == NULL);
        assert_int_equal(row.bytes.p == NULL, p->bytes.p == NULL);
        assert_true(str_equal(row.bytes, p->bytes));
        assert_int_equal(row.has_rate, p->has_rate);
        assert_memory_equal(&row.rate, &p->rate, sizeof row.rate);
        assert_true(row.made_at.ms == f.cx.now.ms);
        assert_true(row.currency.packed == (i == 0 ? currency('C', 'O', 'P').packed : 0));
        assert_true(row.other_currency.packed == (i == 2 ? currency('E', 'U', 'R').packed : 0));
    }
    commit(&f);
    close_fixture(&f);
}

static void text_must_be_utf8(void **state) {
    struct fixture f;
    open_fixture(&f, state);
    static const Str wrong[] = {{"a\0b", 3}, {"\xC0\xAF", 2}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        begin(&f, TX_WRITE);
        assert_rc(&f.cx, INVALID, thing_add_new(&f.cx, &(struct thing_add_new_params){.id = 1, .name = wrong[i]}));
        assert_string_equal(f.cx.fault.field, "name");
        tx_rollback(&f.cx);
    }
    close_fixture(&f);
}

/* A single id is asked for by a text of its own on SQLite, kept beside the other. */
static void one_is_found_like_several(void **state) {
    static const struct {
        const char *ids;
        int64_t found[3];
        size_t count;
    } cases[] = {{"2", {2}, 1}, {"2,3", {2, 3}, 2}, {"", {0}, 0}, {"4", {0}, 0}, {"-7", {-7}, 1}, {"3,-7,2", {-7, 2, 3}, 3}, {"9", {0}, 0}, {"2", {2}, 1}};
    struct fixture f;
    open_fixture(&f, state);
    begin(&f, TX_WRITE);
    add_named(&f, -7, -7, "x");
    add_named(&f, 2, 3, "x");
    add_named(&f, 4, 4, "y");
    commit(&f);
    begin(&f, TX_READ);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct thing_list_row row;
        size_t n = 0;
        AUTO(thing_those_close) struct thing_those_cursor cursor = {0};
        assert_ok(&f.cx, thing_those_open(&f.cx, &(struct thing_those_params){.ids = str_from(cases[i].ids), .name = S("x")}, &cursor));
        for (bool more = true; more;) {
            assert_ok(&f.cx, thing_those_next(&f.cx, &cursor, &row, &more));
            if (more && (n >= cases[i].count || row.id != cases[i].found[n++])) fail_msg("'%s' finds %lld", cases[i].ids, (long long)row.id);
        }
        assert_int_equal(n, cases[i].count);
    }
    commit(&f);
    close_fixture(&f);
}

/* Text is ordered and compared by its bytes, whatever the server's language. */
static void text_is_ordered_by_bytes(void **state) {
    struct fixture f;
    open_fixture(&f, state);
    static const char *const names[] = {"A", "B", "Z", "_", "a", "b", "n", "z", "ñ"};
    begin(&f, TX_WRITE);
    for (size_t i = COUNT_OF(names); i > 0; i--) add_named(&f, (int64_t)i, (int64_t)i, names[i - 1]);
    AUTO(thing_by_name_close) struct thing_by_name_cursor cursor = {0};
    assert_ok(&f.cx, thing_by_name_open(&f.cx, &cursor));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct thing_by_name_row row;
        bool more = false;
        assert_ok(&f.cx, thing_by_name_next(&f.cx, &cursor, &row, &more));
        assert_true(more);
        assert_str(row.name, names[i]);
    }
    tx_rollback(&f.cx);
    thing_by_name_close(&cursor);
    close_fixture(&f);
}

static void absent_and_several_rows_are_told(void **state) {
    struct fixture f;
    open_fixture(&f, state);
    begin(&f, TX_WRITE);
    add_named(&f, 1, 2, "x");
    bool found = true;
    struct thing_by_id_row row = {.id = 77};
    assert_ok(&f.cx, thing_by_id(&f.cx, &(struct thing_by_id_params){.id = 9}, &row, &found));
    assert_false(found);
    assert_int_equal(row.id, 77);
    assert_rc(&f.cx, NOT_FOUND, thing_get(&f.cx, &(struct thing_get_params){.id = 9}, &row));
    struct thing_from_row any = {.id = 77};
    assert_ok(&f.cx, thing_from(&f.cx, &(struct thing_from_params){.id = 2}, &any));
    assert_int_equal(any.id, 2);
    assert_rc(&f.cx, INTERNAL, thing_from(&f.cx, &(struct thing_from_params){.id = 1}, &any));
    assert_int_equal(any.id, 2);
    int64_t changes = -1;
    assert_ok(&f.cx, thing_rename_count(&f.cx, &(struct thing_rename_params){.id = 9, .name = S("y")}, &changes));
    assert_int_equal(changes, 0);
    assert_ok(&f.cx, thing_delete_count(&f.cx, &(struct thing_delete_params){.name = S("x")}, &changes));
    assert_int_equal(changes, 2);
    commit(&f);
    close_fixture(&f);
}

static void violations_are_conflicts(void **state) {
    struct fixture f;
    open_fixture(&f, state);
    begin(&f, TX_WRITE);
    add_named(&f, 1, 1, "first");
    assert_ok(&f.cx, fixed_add(&f.cx, &(struct fixed_add_params){.id = 1}));
    commit(&f);
    begin(&f, TX_WRITE);
    add_named(&f, 2, 2, "second");
    assert_rc(&f.cx, CONFLICT, thing_add_new(&f.cx, &(struct thing_add_new_params){.id = 1, .name = S("again")}));
    assert_non_null(strstr(f.cx.fault.message, "thing_add_new"));
    /* Nothing more runs, and nothing of it is kept. */
    struct thing_count_row row;
    assert_rc(&f.cx, INTERNAL, thing_count(&f.cx, &row));
    assert_rc(&f.cx, INTERNAL, tx_commit(&f.cx));
    assert_null(f.cx.tx);
    begin(&f, TX_WRITE);
    assert_int_equal(count(&f), 1);
    assert_ok(&f.cx, tx_savepoint(&f.cx));
    assert_rc(&f.cx, CONFLICT, child_add(&f.cx, &(struct child_add_params){.id = 1, .thing_id = 99}));
    assert_ok(&f.cx, tx_savepoint_rollback(&f.cx));
    assert_ok(&f.cx, tx_savepoint(&f.cx));
    assert_rc(&f.cx, CONFLICT, fixed_touch(&f.cx, &(struct fixed_touch_params){.id = 5}));
    assert_ok(&f.cx, tx_savepoint_rollback(&f.cx));
    assert_ok(&f.cx, tx_savepoint(&f.cx));
    assert_rc(&f.cx, CONFLICT, fixed_drop(&f.cx));
    assert_non_null(strstr(f.cx.fault.message, "append-only"));
    assert_ok(&f.cx, tx_savepoint_rollback(&f.cx));
    assert_ok(&f.cx, child_add(&f.cx, &(struct child_add_params){.id = 1, .thing_id = 1}));
    commit(&f);
    close_fixture(&f);
}

static void savepoints_nest(void **state) {
    struct fixture f;
    open_fixture(&f, state);
    begin(&f, TX_WRITE);
    add_named(&f, 1, 1, "kept");
    assert_ok(&f.cx, tx_savepoint(&f.cx));
    add_named(&f, 2, 2, "kept");
    assert_ok(&f.cx, tx_savepoint(&f.cx));
    add_named(&f, 3, 3, "undone");
    assert_ok(&f.cx, tx_savepoint_rollback(&f.cx));
    assert_ok(&f.cx, tx_savepoint(&f.cx));
    add_named(&f, 4, 4, "kept");
    assert_ok(&f.cx, tx_savepoint_release(&f.cx));
    assert_ok(&f.cx, tx_savepoint_release(&f.cx));
    commit(&f);
    begin(&f, TX_READ);
    struct thing_count_row row;
    assert_ok(&f.cx, thing_count(&f.cx, &row));
    assert_int_equal(row.count, 3);
    assert_int_equal(row.total, 7);
    tx_rollback(&f.cx);
    close_fixture(&f);
}

static void reading_cannot_write(void **state) {
    struct fixture f;
    open_fixture(&f, state);
    struct thing_rename_params p = {.id = 1, .name = S("x")};
    begin(&f, TX_READ);
    assert_rc(&f.cx, INTERNAL, thing_rename(&f.cx, &p));
    tx_rollback(&f.cx);
    /* A definition that lies about itself meets the engine. */
    struct stmt_def liar = thing_rename_def;
    liar.writes = false;
    begin(&f, TX_READ);
    assert_rc(&f.cx, INTERNAL, query_exec(&f.cx, &liar, &p, NULL));
    assert_non_null(strstr(f.cx.fault.message, "read-only"));
    tx_rollback(&f.cx);
    stmt_forget(f.test.db);
    assert_rc(&f.cx, INTERNAL, thing_rename(&f.cx, &p)); /* no transaction */
    close_fixture(&f);
}

static void a_reader_sees_one_snapshot(void **state) {
    struct fixture f, other;
    open_fixture(&f, state);
    other = f;
    other.cx = test_ctx();
    assert_ok(&other.cx, db_open(&other.cx, f.test.url, false, &other.test.db));
    begin(&f, TX_WRITE);
    add_named(&f, 1, 1, "x");
    commit(&f);
    begin(&other, TX_READ);
    assert_int_equal(count(&other), 1);
    begin(&f, TX_WRITE);
    add_named(&f, 2, 5, "x");
    assert_int_equal(count(&f), 5);
    assert_int_equal(count(&other), 1);
    commit(&f);
    assert_int_equal(count(&other), 1);
    assert_ok(&other.cx, tx_commit(&other.cx));
    begin(&other, TX_READ);
    assert_int_equal(count(&other), 5);
    tx_rollback(&other.cx);
    db_close(other.test.db);
    test_ctx_done(&other.cx);
    close_fixture(&f);
}

/* 2,500 rows are over two fetches of PostgreSQL. */
static void cursors_stand_still_while_rows_change(void **state) {
    enum { ROWS = 2500 };
    struct fixture f;
    open_fixture(&f, state);
    begin(&f, TX_WRITE);
    add_named(&f, 1, ROWS, "walk");
    {
        AUTO(thing_list_close) struct thing_list_cursor walk = {0};
        char given[] = "walk";
        assert_ok(&f.cx, thing_list_open(&f.cx, &(struct thing_list_params){.name = {given, 4}}, &walk));
        memset(given, 'x', 4); /* a cursor has its own copy of what it was given */
        int64_t seen = 0;
        for (bool more = true; more;) {
            struct thing_list_row row;
            assert_ok(&f.cx, thing_list_next(&f.cx, &walk, &row, &more));
            if (!more) break;
            seen++;
            assert_int_equal(row.id, seen);
            assert_str(row.name, "walk");
            assert_ok(&f.cx, thing_shift(&f.cx, &(struct thing_shift_params){.id = row.id}));
            if (seen % 500 != 0) continue;
            AUTO(thing_list_close) struct thing_list_cursor inner = {0};
            struct thing_list_row shifted;
            assert_ok(&f.cx,
                      thing_list_open(&f.cx, &(struct thing_list_params){.name = S("walk"), .least = 100001}, &inner));
            assert_ok(&f.cx, thing_list_next(&f.cx, &inner, &shifted, &more));
            assert_true(more);
            assert_int_equal(shifted.id, 100001);
        }
        assert_int_equal(seen, ROWS);
    }
    AUTO(thing_rename_all_close) struct thing_rename_all_cursor renamed = {0};
    assert_ok(&f.cx, thing_rename_all_open(&f.cx, &(struct thing_rename_all_params){S("walk"), S("done")}, &renamed));
    struct thing_rename_all_row row;
    bool more = false;
    assert_ok(&f.cx, thing_rename_all_next(&f.cx, &renamed, &row, &more));
    assert_true(more && row.id > 100000);
    commit(&f);
    assert_rc(&f.cx, INTERNAL, thing_rename_all_next(&f.cx, &renamed, &row, &more)); /* over with its transaction */
    begin(&f, TX_WRITE);
    int64_t changes = 0;
    assert_ok(&f.cx, thing_delete_count(&f.cx, &(struct thing_delete_params){S("done")}, &changes));
    assert_int_equal(changes, ROWS);
    commit(&f);
    thing_rename_all_close(&renamed);
    close_fixture(&f);
}

static void cursors_end_with_their_savepoint(void **state) {
    struct fixture f;
    open_fixture(&f, state);
    begin(&f, TX_WRITE);
    add_named(&f, 1, 3, "x");
    struct thing_list_params p = {.name = S("x")};
    struct thing_list_row row;
    bool more = false;
    AUTO(thing_list_close) struct thing_list_cursor outer = {0}, inner = {0}, kept = {0};
    assert_ok(&f.cx, thing_list_open(&f.cx, &p, &outer));
    assert_ok(&f.cx, thing_list_next(&f.cx, &outer, &row, &more));
    assert_ok(&f.cx, tx_savepoint(&f.cx));
    assert_ok(&f.cx, thing_list_open(&f.cx, &p, &inner));
    add_named(&f, 4, 4, "x");
    assert_ok(&f.cx, tx_savepoint_rollback(&f.cx));
    assert_rc(&f.cx, INTERNAL, thing_list_next(&f.cx, &inner, &row, &more));
    thing_list_close(&inner);
    assert_ok(&f.cx, tx_savepoint(&f.cx));
    assert_ok(&f.cx, thing_list_open(&f.cx, &p, &kept));
    assert_ok(&f.cx, tx_savepoint_release(&f.cx));
    assert_ok(&f.cx, thing_list_next(&f.cx, &kept, &row, &more));
    assert_int_equal(row.id, 1);
    assert_ok(&f.cx, thing_list_next(&f.cx, &outer, &row, &more));
    assert_true(more);
    assert_int_equal(row.id, 2);
    commit(&f);
    thing_list_close(&outer);
    thing_list_close(&kept);
    close_fixture(&f);
}

struct worker {
    const char *url;
    int rounds;
    enum rc rc;
    char message[400];
};

static enum rc count_up(struct ctx *cx, struct db *db) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, db, TX_WRITE));
    struct counter_get_row row;
    TRY(counter_get(cx, &row));
    TRY(counter_set(cx, &(struct counter_set_params){.value = row.value + 1}));
    return tx_commit(cx);
}

static void *work(void *self) {
    struct worker *w = self;
    struct ctx cx = test_ctx();
    struct db *db = NULL;
    w->rc = db_open(&cx, w->url, false, &db);
    for (int i = 0; i < w->rounds && w->rc == OK; i++) w->rc = count_up(&cx, db);
    snprintf(w->message, sizeof w->message, "%s", cx.fault.message);
    db_close(db);
    test_ctx_done(&cx);
    return NULL;
}

static void writers_lose_no_update(void **state) {
    enum { THREADS = 4, ROUNDS = 100 };
    struct fixture f;
    open_fixture(&f, state);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct worker w = {.url = f.test.url, .rounds = ROUNDS};
        work(&w);
        if (w.rc != OK) fprintf(stderr, "child: %s\n", w.message);
        _exit(w.rc == OK ? 0 : 1);
    }
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.url = f.test.url, .rounds = ROUNDS};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    int status = 0;
    waitpid(child, &status, 0);
    for (int i = 0; i < THREADS; i++)
        if (workers[i].rc != OK) fail_msg("writer %d: %s: %s", i, rc_name(workers[i].rc), workers[i].message);
    assert_int_equal(status, 0);
    begin(&f, TX_READ);
    struct counter_get_row row;
    assert_ok(&f.cx, counter_get(&f.cx, &row));
    assert_int_equal(row.value, (THREADS + 1) * ROUNDS);
    tx_rollback(&f.cx);
    close_fixture(&f);
}

static void a_failed_commit_keeps_nothing(void **state) {
    struct fixture f;
    open_fixture(&f, state);
    db_fail_commit(f.test.db, 2);
    for (int i = 1; i <= 3; i++) {
        begin(&f, TX_WRITE);
        add_named(&f, i, i, "x");
        assert_rc(&f.cx, i == 2 ? INTERNAL : OK, tx_commit(&f.cx));
        assert_null(f.cx.tx);
    }
    begin(&f, TX_READ);
    struct thing_count_row row;
    assert_ok(&f.cx, thing_count(&f.cx, &row));
    assert_int_equal(row.total, 4);
    tx_rollback(&f.cx);
    {
        AUTO(tx_end) struct ctx *scope = &f.cx;
        begin(&f, TX_WRITE);
        assert_int_equal(tx_mode(scope), TX_WRITE);
        assert_ptr_equal(tx_db(scope), f.test.db);
        add_named(&f, 9, 9, "x");
    }
    assert_null(f.cx.tx);
    begin(&f, TX_READ);
    assert_rc(&f.cx, INTERNAL, tx_begin(&f.cx, f.test.db, TX_READ));
    assert_int_equal(count(&f), 2);
    tx_rollback(&f.cx);
    close_fixture(&f);
}

static void wrong_definitions_are_found(void **state) {
    struct fixture f;
    open_fixture(&f, state);
    static const struct stmt_def *const right[] = {&thing_add_def,   &thing_by_id_def,      &thing_list_def,
                                                   &thing_count_def, &thing_rename_all_def, &counter_get_def};
    struct stmt_def short_of_column = thing_list_def, nonsense = thing_list_def;
    short_of_column.column_count = 1;
    nonsense.sqlite = nonsense.postgres = "SELECT nothing FROM nowhere";
    const struct stmt_def *const wrong[] = {&wrong_type_def, &short_of_column, &nonsense};
    for (size_t i = 0; i < COUNT_OF(right); i++) {
        begin(&f, TX_WRITE);
        assert_ok(&f.cx, query_check(&f.cx, right[i]));
        tx_rollback(&f.cx);
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        begin(&f, TX_WRITE);
        assert_rc(&f.cx, INTERNAL, query_check(&f.cx, wrong[i]));
        tx_rollback(&f.cx);
    }
    stmt_forget(f.test.db);
    close_fixture(&f);
}

/* Every query of the program, on the program's schema. */
static void every_query_fits_the_schema(void **state) {
    struct ctx cx = test_ctx();
    struct test_db test;
    test_db_migrated(&cx, test_engine(state), &test);
    assert_true(stmt_def_index_count > 0);
    for (size_t i = 0; i < stmt_def_index_count; i++) {
        assert_ok(&cx, tx_begin(&cx, test.db, TX_WRITE));
        assert_ok(&cx, query_check(&cx, stmt_def_index[i]));
        tx_rollback(&cx);
    }
    test_db_done(&cx, &test);
    test_ctx_done(&cx);
}

static const struct CMUnitTest db_tests[] = {
    ON_BOTH(every_type_comes_back),
    ON_BOTH(text_must_be_utf8),
    ON_BOTH(one_is_found_like_several),
    ON_BOTH(text_is_ordered_by_bytes),
    ON_BOTH(absent_and_several_rows_are_told),
    ON_BOTH(violations_are_conflicts),
    ON_BOTH(savepoints_nest),
    ON_BOTH(reading_cannot_write),
    ON_BOTH(a_reader_sees_one_snapshot),
    ON_BOTH(cursors_stand_still_while_rows_change),
    ON_BOTH(cursors_end_with_their_savepoint),
    ON_BOTH(writers_lose_no_update),
    ON_BOTH(a_failed_commit_keeps_nothing),
    ON_BOTH(wrong_definitions_are_found),
    ON_BOTH(every_query_fits_the_schema),
};
const struct test_suite db_suite = {"db", db_tests, COUNT_OF(db_tests)};
