/* docs/ref/schema.sql is the schema that all migrations together make; ALDIA_ACCEPT=1 writes it anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "schema_test_sql.h"
#include "store/db_fixture.h"
#include "store/migrate_list.h"

#define REFERENCE ALDIA_SOURCE_DIR "/docs/ref/schema.sql"
#define LARGEST ((size_t)1024 * 1024)

/* The comment lines directly above the line at `at`. */
static Str comment_above(Str text, size_t at) {
    size_t from = at;
    while (from > 0) {
        size_t line = from - 1;
        while (line > 0 && text.p[line - 1] != '\n') line--;
        if (!str_starts((Str){text.p + line, from - line}, S("--"))) break;
        from = line;
    }
    return (Str){text.p + from, at - from};
}

/* SQLite keeps what stands inside a definition, but not the comment above it; that is still in the migration. */
static void add_comment(struct ctx *cx, Str sql, struct buf *out) {
    struct migration_list list = migration_list_embedded(cx);
    Str head = {sql.p, str_index(sql, '(')};
    for (size_t i = 0; i < list.count; i++) {
        const char *found = memmem(list.items[i].text.p, list.items[i].text.n, head.p, head.n);
        if (found) buf_add(out, comment_above(list.items[i].text, (size_t)(found - list.items[i].text.p)));
    }
}

static void write_schema(struct ctx *cx, struct buf *out) {
    AUTO(schema_object_close) struct schema_object_cursor cursor = {0};
    buf_add_cstr(out, "-- The schema on SQLite, as all migrations leave it. Written by `ALDIA_ACCEPT=1 "
                      "build-test/aldia-unit schema`.\n");
    assert_ok(cx, schema_object_open(cx, &cursor));
    for (bool more = true; more;) {
        struct schema_object_row row;
        assert_ok(cx, schema_object_next(cx, &cursor, &row, &more));
        if (!more) break;
        if (str_is(row.type, "table")) buf_add_char(out, '\n');
        add_comment(cx, row.sql, out);
        buf_add(out, row.sql);
        buf_add_cstr(out, ";\n");
    }
}

static void the_reference_is_current(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct test_db test;
    AUTO(buf_done) struct buf made = buf_make(LARGEST);
    Str kept = S("");
    test_db_migrated(&cx, DB_SQLITE, &test);
    assert_ok(&cx, tx_begin(&cx, test.db, TX_READ));
    write_schema(&cx, &made);
    tx_rollback(&cx);
    if (getenv("ALDIA_ACCEPT")) assert_ok(&cx, file_write(&cx, REFERENCE, buf_str(&made), 0644));
    assert_ok(&cx, file_read(&cx, REFERENCE, LARGEST, &kept));
    if (!str_equal(kept, buf_str(&made)))
        fail_msg("docs/ref/schema.sql is out of date: run ALDIA_ACCEPT=1 build-test/aldia-unit schema");
    test_db_done(&cx, &test);
    test_ctx_done(&cx);
}

static const struct CMUnitTest schema_tests[] = {
    cmocka_unit_test(the_reference_is_current),
};
const struct test_suite schema_suite = {"schema", schema_tests, COUNT_OF(schema_tests)};
