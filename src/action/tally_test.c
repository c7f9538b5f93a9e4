/* Figures are remembered until something is written, and for whom they were counted; on both engines. Threads share them. */
#include "action/tally.h"

#include <poll.h>
#include <pthread.h>

#include "store/db_fixture.h"
#include "store/driver.h"
#include "tally_test_sql.h"

static int counted; /* how often */

static enum rc count_customers(struct ctx *cx, struct app *app, Date today, void *out) {
    (void)app, (void)today;
    struct tally_test_count_row row;
    counted++;
    TRY(tally_test_count(cx, &row));
    *(int64_t *)out = row.count;
    return OK;
}

static const struct tally_kind customers = {sizeof(int64_t), count_customers};
static const struct tally_kind lasting = {sizeof(int64_t), count_customers, 10000};
static const struct tally_kind others = {sizeof(int64_t), count_customers};

struct world {
    struct ctx cx;
    struct test_db t;
    struct app app;
    _Atomic uint64_t writes;
    struct tally_board *board;
};

static void write(struct world *w, const char *sql) {
    AUTO(tx_end) struct ctx *scope = &w->cx;
    assert_ok(&w->cx, tx_begin(&w->cx, w->t.db, TX_WRITE));
    assert_ok(&w->cx, w->t.db->driver->run(&w->cx, w->t.db, sql, "test"));
    assert_ok(&w->cx, tx_commit(scope));
}

static void open_world(struct world *w, void **state) {
    *w = (struct world){.cx = test_ctx()};
    test_db_migrated(&w->cx, test_engine(state), &w->t);
    w->board = tally_board_new(&w->writes);
    w->app.tally = tally_new(w->cx.arena, w->board);
    w->cx.company_id = 1;
    write(w, "INSERT INTO customer (id, company_id, code, name, name_folded, collector, created_at, updated_at) VALUES "
             "(1, 1, 'C1', 'Uno', 'uno', 'A', 0, 0), (2, 1, 'C2', 'Dos', 'dos', 'A', 0, 0), (3, 1, 'C3', 'Tres', 'tres', 'B', 0, 0), "
             "(4, 2, 'C4', 'Otra', 'otra', 'A', 0, 0)");
    write(w, "INSERT INTO app_user (id, login, password_hash, created_at) VALUES (8, 'ana', '', 0), (9, 'eva', '', 0)");
    write(w, "INSERT INTO membership (company_id, user_id, role, scope, code, since) VALUES (1, 8, 'collector', 'own', 'A', 0), "
             "(1, 9, 'collector', 'own', 'B', 0)");
}

static void close_world(struct world *w) {
    tally_board_free(w->board);
    test_db_done(&w->cx, &w->t);
    test_ctx_done(&w->cx);
}

static int64_t ask(struct world *w, struct view view, const struct tally_kind *kind) {
    int64_t n = -1;
    AUTO(tx_end) struct ctx *scope = &w->cx;
    w->cx.view = view;
    tally_ask(w->app.tally);
    assert_ok(&w->cx, tx_begin(scope, w->t.db, TX_READ));
    assert_ok(&w->cx, tally_get(&w->cx, &w->app, kind, (Date){20000}, &n));
    return n;
}

static const struct view everybody = {.all = true}, ana = {.user_id = 8}, eva = {.user_id = 9};

/* INV: I16. */
static void nobody_is_shown_what_was_counted_for_another(void **state) {
    struct world w;
    open_world(&w, state);
    for (int round = 0; round < 3; round++) {
        w.cx.company_id = 1;
        assert_int_equal(ask(&w, everybody, &customers), 3);
        assert_int_equal(ask(&w, ana, &customers), 2);
        assert_int_equal(ask(&w, eva, &customers), 1);
        assert_int_equal(ask(&w, (struct view){.user_id = 7}, &customers), 0);
        assert_int_equal(ask(&w, (struct view){.user_id = 8, .team_id = 5}, &customers), 2);
        w.cx.company_id = 2;
        assert_int_equal(ask(&w, everybody, &customers), 1);
        assert_int_equal(ask(&w, ana, &customers), 0);
    }
    close_world(&w);
}

static void a_figure_is_counted_again_when_something_was_written(void **state) {
    struct world w;
    open_world(&w, state);
    bool remembers = db_engine(w.t.db) == DB_SQLITE;
    counted = 0;
    for (int i = 0; i < 3; i++) assert_int_equal(ask(&w, everybody, &customers), 3);
    assert_int_equal(counted, remembers ? 1 : 3);
    assert_int_equal(ask(&w, everybody, &others), 3); /* another figure */
    assert_int_equal(counted, remembers ? 2 : 4);
    /* By this process. */
    write(&w, "UPDATE customer SET company_id = 2 WHERE id = 1");
    w.writes++;
    assert_int_equal(ask(&w, everybody, &customers), 2);
    /* By another: known from the database, a moment after it was counted last. */
    write(&w, "UPDATE customer SET company_id = 2 WHERE id = 2");
    int64_t deadline = clock_monotonic_ms() + 4000;
    while (ask(&w, everybody, &customers) != 1) assert_true(clock_monotonic_ms() < deadline);
    /* More figures than there is room for. */
    for (int64_t user = 100; user < 300; user++) assert_int_equal(ask(&w, (struct view){.user_id = user}, &customers), 0);
    assert_int_equal(ask(&w, everybody, &customers), 1);
    close_world(&w);
}

static void what_time_changes_lasts_no_longer_than_told(void **state) {
    static const struct {
        const char *name;
        int64_t at_ms;
        int counted;
    } cases[] = {{"first", 50000, 1}, {"at once", 50000, 1}, {"just before", 59999, 1}, {"then", 60000, 2}, {"lasts again", 69999, 2}, {"the clock was set back", 59999, 3}};
    struct world w;
    open_world(&w, state);
    bool remembers = db_engine(w.t.db) == DB_SQLITE;
    counted = 0;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        w.cx.now = (Instant){cases[i].at_ms};
        assert_int_equal(ask(&w, everybody, &lasting), 3);
        if (counted != (remembers ? cases[i].counted : (int)i + 1)) fail_msg("%s: counted %d times", cases[i].name, counted);
    }
    close_world(&w);
}

/* ---- of several threads, each with a connection of its own ---- */

struct colleague {
    struct world w;
    const struct tally_kind *kind;
    int64_t found;
    pthread_t thread;
};

static void join_world(struct world *first, struct colleague *c, const struct tally_kind *kind) {
    *c = (struct colleague){.kind = kind};
    c->w.cx = test_ctx();
    c->w.cx.company_id = 1;
    c->w.t = first->t;
    assert_ok(&c->w.cx, db_open(&c->w.cx, first->t.url, false, &c->w.t.db));
    c->w.app.tally = tally_new(c->w.cx.arena, first->board);
}

static void leave_world(struct colleague *c) {
    db_close(c->w.t.db);
    test_ctx_done(&c->w.cx);
}

static void what_one_counted_serves_all(void **state) {
    struct world w;
    struct colleague eve;
    open_world(&w, state);
    join_world(&w, &eve, &customers);
    bool remembers = db_engine(w.t.db) == DB_SQLITE;
    assert_int_equal(ask(&eve.w, everybody, &others), 3); /* looks at the database */
    counted = 0;
    assert_int_equal(ask(&w, everybody, &customers), 3);
    for (int i = 0; i < 3; i++) assert_int_equal(ask(&eve.w, everybody, &customers), 3);
    assert_int_equal(counted, remembers ? 1 : 4);
    assert_int_equal(ask(&eve.w, ana, &customers), 2); /* INV: I16 */
    /* Whoever asks after a write of this process was answered knows it, whoever counts. */
    write(&w, "UPDATE customer SET company_id = 2 WHERE id = 1");
    w.writes++;
    assert_int_equal(ask(&eve.w, everybody, &customers), 2);
    assert_int_equal(ask(&w, everybody, &customers), 2);
    leave_world(&eve);
    close_world(&w);
}

/* A page that began before the write counts afterwards what it sees; whoever asks later must not be given that. */
static void an_old_page_does_not_hide_a_write(void **state) {
    struct world w;
    struct colleague slow;
    int64_t n;
    open_world(&w, state);
    join_world(&w, &slow, &customers);
    AUTO(tx_end) struct ctx *scope = &slow.w.cx;
    slow.w.cx.view = everybody;
    tally_ask(slow.w.app.tally);
    assert_ok(&slow.w.cx, tx_begin(scope, slow.w.t.db, TX_READ));
    assert_ok(&slow.w.cx, count_customers(&slow.w.cx, NULL, (Date){0}, &n)); /* the snapshot stands */
    write(&w, "UPDATE customer SET company_id = 2 WHERE id = 1");
    w.writes++;
    assert_ok(&slow.w.cx, tally_get(&slow.w.cx, &slow.w.app, &customers, (Date){20000}, &n));
    assert_true(n == 3 || db_engine(w.t.db) != DB_SQLITE);
    assert_int_equal(ask(&w, everybody, &customers), 2);
    tx_rollback(&slow.w.cx);
    leave_world(&slow);
    close_world(&w);
}

static _Atomic bool may_end, has_begun;

static enum rc count_slowly(struct ctx *cx, struct app *app, Date today, void *out) {
    int64_t deadline = clock_monotonic_ms() + 10000;
    has_begun = true;
    while (!may_end && clock_monotonic_ms() < deadline) poll(NULL, 0, 1);
    return count_customers(cx, app, today, out);
}

static const struct tally_kind slow_kind = {sizeof(int64_t), count_slowly};

static void *ask_apart(void *self) {
    struct colleague *c = self;
    c->found = ask(&c->w, everybody, c->kind);
    return NULL;
}

static void begin_counting(struct colleague *c) {
    may_end = has_begun = false;
    assert_int_equal(pthread_create(&c->thread, NULL, ask_apart, c), 0);
    while (!has_begun) poll(NULL, 0, 1);
}

static void one_counts_while_others_take_the_figure_before(void **state) {
    struct world w;
    struct colleague eve, adam;
    open_world(&w, state);
    if (db_engine(w.t.db) != DB_SQLITE) {
        close_world(&w);
        skip();
    }
    join_world(&w, &eve, &slow_kind);
    join_world(&w, &adam, &slow_kind);
    may_end = true;
    assert_int_equal(ask(&w, everybody, &slow_kind), 3);
    /* Another program writes: Eve counts again after the figure's age, and meanwhile the others see it as it was. */
    write(&w, "UPDATE customer SET company_id = 2 WHERE id = 1");
    poll(NULL, 0, 300);
    counted = 0;
    begin_counting(&eve);
    assert_int_equal(ask(&w, everybody, &slow_kind), 3);
    may_end = true;
    pthread_join(eve.thread, NULL);
    assert_int_equal(eve.found, 2);
    assert_int_equal(counted, 1);
    /* This process writes: Adam counts, and whoever asks after the write waits for it instead of counting too. */
    write(&w, "UPDATE customer SET company_id = 2 WHERE id = 2");
    w.writes++;
    begin_counting(&adam);
    assert_int_equal(pthread_create(&eve.thread, NULL, ask_apart, &eve), 0);
    poll(NULL, 0, 30);
    may_end = true;
    pthread_join(adam.thread, NULL);
    pthread_join(eve.thread, NULL);
    assert_int_equal(adam.found, 1);
    assert_int_equal(eve.found, 1);
    assert_int_equal(counted, 2);
    leave_world(&eve);
    leave_world(&adam);
    close_world(&w);
}

static const struct CMUnitTest tally_tests[] = {ON_BOTH(what_one_counted_serves_all),
                                                ON_BOTH(an_old_page_does_not_hide_a_write),
                                                ON_BOTH(one_counts_while_others_take_the_figure_before),
                                                ON_BOTH(nobody_is_shown_what_was_counted_for_another),
                                                ON_BOTH(a_figure_is_counted_again_when_something_was_written),
                                                ON_BOTH(what_time_changes_lasts_no_longer_than_told)};
const struct test_suite tally_suite = {"tally", tally_tests, COUNT_OF(tally_tests)};
