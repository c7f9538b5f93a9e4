/* What both engines must do alike. */
#include "store/db.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/date.h"
#include "core/money.h"
#include "db_test_sql.h"
#include "store/db_fixture.h"
#include "store/driver.h"
#include "store/migrate_list.h"

static const char schema_text[] =
    "-- a table of every type; a ';' in a comment ends nothing\n"
    "CREATE TABLE thing (id @id PRIMARY KEY, company_id @id NOT NULL, whole @int, flag @bool NOT NULL, maybe_flag "
    "@bool,\n"
    "  day @date, at @stamp, name @text NOT NULL, note @text, bytes @blob, rate @real, currency @text NOT NULL,\n"
    "  other_currency @text, made_at @stamp, semicolon @text NOT NULL DEFAULT 'a;b', UNIQUE (company_id, id)); -- "
    "(end)\n"
    "CREATE INDEX thing_name ON thing (name);\n"
    "CREATE TABLE counter (id @id PRIMARY KEY, value @int NOT NULL);\n"
    "INSERT INTO counter (id, value) VALUES (1, 0);\n"
    "CREATE TABLE fixed (id @id PRIMARY KEY);\n"
    "CREATE TABLE child (id @id PRIMARY KEY, thing_id @id NOT NULL REFERENCES thing (id));\n"
    "@append_only fixed;\n";

struct fixture {
    struct ctx cx;
    struct test_db test;
};

static void open_fixture(struct fixture *f, void **state) {
    f->cx = test_ctx();
    test_db_open(&f->cx, test_engine(state), &f->test);
    const struct migration first = migration_list_embedded(&f->cx).items[0];
    const struct migration items[] = {first, {1, "0001_test.sql", {schema_text, sizeof schema_text - 1}}};
    struct migration_list list = {.items = items, .count = COUNT_OF(items)};
    int applied = 0;
    assert_ok(&f->cx, migration_list_up(&f->cx, f->test.db, &list, &applied));
    assert_int_equal(applied, 2);
}

static void close_fixture(struct fixture *f) {
    test_db_done(&f->cx, &f->test);
    test_ctx_done(&f->cx);
}

static void begin(struct fixture *f, enum tx_mode mode) { assert_ok(&f->cx, tx_begin(&f->cx, f->test.db, mode)); }
static void commit(struct fixture *f) { assert_ok(&f->cx, tx_commit(&f->cx)); }

static void add_named(struct fixture *f, int64_t from, int64_t to, const char *name) {
    for (int64_t id = from; id <= to; id++)
        assert_ok(&f->cx, thing_add_new(&f->cx, &(struct thing_add_new_params){.id = id, .name = str_from(name)}));
}

static int64_t count(struct fixture *f) {
    struct thing_count_row row;
    assert_ok(&f->cx, thing_count(&f->cx, &row));
    return row.count;
}

static Currency currency(uint32_t a, uint32_t b, uint32_t c) { return (Currency){a << 16 | b << 8 | c}; }

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

static void bulk_inserts_every_row(void **state) {
    enum { ROWS = 12345 };
    struct fixture f;
    open_fixture(&f, state);
    struct thing_add_params *rows = ARENA_ARRAY(f.cx.arena, struct thing_add_params, ROWS);
    for (int i = 0; i < ROWS; i++)
        rows[i] = (struct thing_add_params){.id = i + 1,
                                            .has_whole = i % 2 == 0,
                                            .whole = i,
                                            .flag = i % 3 == 0,
                                            .day = {i},
                                            .at = INSTANT_NONE,
                                            .name = arena_printf(f.cx.arena, "name %d", i),
                                            .note = i % 5 ? S("note") : (Str){0},
                                            .has_rate = true,
                                            .rate = i};
    begin(&f, TX_WRITE);
    assert_ok(&f.cx, thing_add_bulk(&f.cx, rows, ROWS));
    assert_ok(&f.cx, thing_add_bulk(&f.cx, rows, 0));
    assert_int_equal(count(&f), ROWS);
    rows[0].name = S("changed");
    assert_ok(&f.cx, thing_add_bulk(&f.cx, rows, 1)); /* ON CONFLICT */
    assert_int_equal(count(&f), ROWS);
    for (int i = 0; i < ROWS; i += 1111) {
        struct thing_by_id_row row;
        assert_ok(&f.cx, thing_get(&f.cx, &(struct thing_get_params){.id = i + 1}, &row));
        assert_int_equal(row.has_whole, i % 2 == 0);
        assert_int_equal(row.flag, i % 3 == 0);
        assert_int_equal(row.day.day, i);
        assert_true(instant_is_none(row.at));
        assert_true(str_equal(row.name, rows[i].name));
        assert_int_equal(row.note.p == NULL, i % 5 == 0);
    }
    commit(&f);
    close_fixture(&f);
}

static void bulk_keeps_every_type(void **state) {
    enum { ROWS = 301 };
    struct fixture f;
    open_fixture(&f, state);
    struct thing_put_params *rows = ARENA_ARRAY(f.cx.arena, struct thing_put_params, ROWS);
    for (int i = 0; i < ROWS; i++)
        rows[i] = (struct thing_put_params){.id = i + 1,
                                            .has_whole = i % 2 == 0,
                                            .whole = i % 4 ? INT64_MIN : INT64_MAX,
                                            .flag = i % 3 == 0,
                                            .has_maybe_flag = i % 5 == 0,
                                            .maybe_flag = i % 10 == 0,
                                            .day = i % 7 ? (Date){-i} : DATE_NONE,
                                            .at = i % 7 ? (Instant){INT64_MAX - i} : INSTANT_NONE,
                                            .name = S("ñandú"),
                                            .note = i % 5 ? S("") : (Str){0},
                                            .bytes = i % 2 ? (Str){"\0\xff", 2} : (Str){0},
                                            .has_rate = i % 2 == 1,
                                            .rate = -0.125 * i,
                                            .currency = currency('C', 'L', 'P'),
                                            .other_currency = i % 2 ? currency('E', 'U', 'R') : (Currency){0}};
    begin(&f, TX_WRITE);
    assert_ok(&f.cx, thing_put_bulk(&f.cx, rows, ROWS));
    for (int i = 0; i < ROWS; i++) {
        const struct thing_put_params *p = &rows[i];
        struct thing_by_id_row row;
        assert_ok(&f.cx, thing_get(&f.cx, &(struct thing_get_params){.id = i + 1}, &row));
        assert_true(row.company_id == 1 && row.made_at.ms == f.cx.now.ms);
        assert_true(row.has_whole == p->has_whole && (!row.has_whole || row.whole == p->whole));
        assert_true(row.flag == p->flag && row.has_maybe_flag == p->has_maybe_flag);
        assert_true(!row.has_maybe_flag || row.maybe_flag == p->maybe_flag);
        assert_true(row.day.day == p->day.day && row.at.ms == p->at.ms);
        assert_true(str_equal(row.name, p->name));
        assert_true((row.note.p == NULL) == (p->note.p == NULL) && row.note.n == 0);
        assert_true((row.bytes.p == NULL) == (p->bytes.p == NULL) && str_equal(row.bytes, p->bytes));
        assert_true(row.has_rate == p->has_rate && (!row.has_rate || row.rate == p->rate));
        assert_true(row.currency.packed == p->currency.packed && row.other_currency.packed == p->other_currency.packed);
    }
    commit(&f);
    close_fixture(&f);
}

static void bulk_faults_undo_everything(void **state) {
    static const struct {
        const char *name;
        struct thing_put_params rows[3];
        enum rc rc;
        const char *field;
    } cases[] = {
        {"a key that is there",
         {{.id = 1, .name = {"a", 1}}, {.id = 2, .name = {"b", 1}}, {.id = 1, .name = {"c", 1}}},
         CONFLICT,
         ""},
        {"a text that is none",
         {{.id = 1, .name = {"a", 1}}, {.id = 2, .name = {"\xff", 1}}, {.id = 3, .name = {"c", 1}}},
         INVALID,
         "name"},
        {"a text with a zero byte",
         {{.id = 1, .name = {"a", 1}}, {.id = 2, .name = {"b", 1}}, {.id = 3, .name = {"c\0d", 3}}},
         INVALID,
         "name"},
    };
    enum { MANY = 500 };
    struct fixture f;
    open_fixture(&f, state);
    struct thing_put_params *rows = ARENA_ARRAY(f.cx.arena, struct thing_put_params, MANY);
    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        size_t n = i % 2 ? MANY : 3; /* few go another way than many */
        for (size_t k = 0; k < n; k++)
            rows[k] = (struct thing_put_params){.id = 1000 + (int64_t)k, .name = S("filler")};
        memcpy(rows + n - 3, cases[i / 2].rows, sizeof cases[0].rows);
        begin(&f, TX_WRITE);
        enum rc rc = thing_put_bulk(&f.cx, rows, n);
        if (rc != cases[i / 2].rc || strcmp(f.cx.fault.field, cases[i / 2].field) != 0)
            fail_msg("%s, %zu rows: %s: %s", cases[i / 2].name, n, rc_name(rc), f.cx.fault.message);
        assert_int_equal(thing_put_bulk(&f.cx, rows, 1), INTERNAL); /* only a rollback is left */
        tx_rollback(&f.cx);
        begin(&f, TX_WRITE);
        assert_int_equal(count(&f), 0);
        tx_rollback(&f.cx);
    }
    close_fixture(&f);
}

static void lookup_answers_each_key(void **state) {
    enum { KEYS = 9001 };
    struct fixture f;
    open_fixture(&f, state);
    begin(&f, TX_WRITE);
    const struct thing_put_params rows[] = {
        {.id = 1, .name = S("odd")}, {.id = 2, .name = S("even")}, {.id = 3, .name = S("even")}};
    assert_ok(&f.cx, thing_put_bulk(&f.cx, rows, COUNT_OF(rows)));
    struct thing_id_of_name_params *keys = ARENA_ARRAY(f.cx.arena, struct thing_id_of_name_params, KEYS);
    struct thing_id_of_name_row *found = ARENA_ARRAY(f.cx.arena, struct thing_id_of_name_row, KEYS);
    bool *is_found = ARENA_ARRAY(f.cx.arena, bool, KEYS);
    for (int i = 0; i < KEYS; i++)
        keys[i] = (struct thing_id_of_name_params){i % 3 == 0   ? S("odd")
                                                   : i % 3 == 1 ? S("none")
                                                                : S("even"),
                                                   i % 3 == 2 ? 3 : 0};
    assert_ok(&f.cx, thing_id_of_name_lookup(&f.cx, keys, KEYS, found, is_found));
    for (int i = 0; i < KEYS; i++) {
        assert_int_equal(is_found[i], i % 3 != 1);
        if (is_found[i]) assert_int_equal(found[i].id, i % 3 == 0 ? 1 : 3);
    }
    keys[1] = (struct thing_id_of_name_params){S("even"), 0};
    assert_int_equal(thing_id_of_name_lookup(&f.cx, keys, KEYS, found, is_found), INTERNAL); /* two rows */
    tx_rollback(&f.cx);
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
    ON_BOTH(text_is_ordered_by_bytes),
    ON_BOTH(absent_and_several_rows_are_told),
    ON_BOTH(violations_are_conflicts),
    ON_BOTH(savepoints_nest),
    ON_BOTH(reading_cannot_write),
    ON_BOTH(a_reader_sees_one_snapshot),
    ON_BOTH(cursors_stand_still_while_rows_change),
    ON_BOTH(cursors_end_with_their_savepoint),
    ON_BOTH(bulk_inserts_every_row),
    ON_BOTH(bulk_keeps_every_type),
    ON_BOTH(bulk_faults_undo_everything),
    ON_BOTH(lookup_answers_each_key),
    ON_BOTH(writers_lose_no_update),
    ON_BOTH(a_failed_commit_keeps_nothing),
    ON_BOTH(wrong_definitions_are_found),
    ON_BOTH(every_query_fits_the_schema),
};
const struct test_suite db_suite = {"db", db_tests, COUNT_OF(db_tests)};
