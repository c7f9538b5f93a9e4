/* A database of both engines with one table of every type (db_test.sql holds its queries), for the tests of the store. */
#ifndef STORE_THING_FIXTURE_H
#define STORE_THING_FIXTURE_H

#include "db_test_sql.h"
#include "store/db_fixture.h"
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

static inline void open_fixture(struct fixture *f, void **state) {
    f->cx = test_ctx();
    test_db_open(&f->cx, test_engine(state), &f->test);
    const struct migration first = migration_list_embedded(&f->cx).items[0];
    const struct migration items[] = {first, {1, "0001_test.sql", {schema_text, sizeof schema_text - 1}}};
    struct migration_list list = {.items = items, .count = COUNT_OF(items)};
    int applied = 0;
    assert_ok(&f->cx, migration_list_up(&f->cx, f->test.db, &list, &applied));
    assert_int_equal(applied, 2);
}

static inline void close_fixture(struct fixture *f) {
    test_db_done(&f->cx, &f->test);
    test_ctx_done(&f->cx);
}

static inline void begin(struct fixture *f, enum tx_mode mode) { assert_ok(&f->cx, tx_begin(&f->cx, f->test.db, mode)); }
static inline void commit(struct fixture *f) { assert_ok(&f->cx, tx_commit(&f->cx)); }

static inline void add_named(struct fixture *f, int64_t from, int64_t to, const char *name) {
    for (int64_t id = from; id <= to; id++)
        assert_ok(&f->cx, thing_add_new(&f->cx, &(struct thing_add_new_params){.id = id, .name = str_from(name)}));
}

static inline int64_t count(struct fixture *f) {
    struct thing_count_row row;
    assert_ok(&f->cx, thing_count(&f->cx, &row));
    return row.count;
}

static inline Currency currency(uint32_t a, uint32_t b, uint32_t c) { return (Currency){a << 16 | b << 8 | c}; }

#endif
