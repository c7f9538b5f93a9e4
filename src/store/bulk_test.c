/* Many rows at once: bulk inserts and lookups, which both engines must do alike. */
#include <stdio.h>
#include <string.h>

#include "core/money.h"
#include "store/thing_fixture.h"

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

static const struct CMUnitTest bulk_tests[] = {
    ON_BOTH(bulk_inserts_every_row),
    ON_BOTH(bulk_keeps_every_type),
    ON_BOTH(bulk_faults_undo_everything),
    ON_BOTH(lookup_answers_each_key),
};
const struct test_suite bulk_suite = {"bulk", bulk_tests, COUNT_OF(bulk_tests)};
