/* A fresh database for one test, on either engine; it goes away with test_db_done.
 *
 * SQLite: a file in a folder of its own. PostgreSQL: a schema of its own in the database of env ALDIA_TEST_POSTGRES
 * (test/fake/postgres.sh starts a server and prints the address). Only in the unit runner. */
#ifndef STORE_DB_FIXTURE_H
#define STORE_DB_FIXTURE_H

#include "base/test.h"
#include "store/db.h"

struct test_db {
    enum db_engine engine;
    struct db *db;
    char folder[256]; /* SQLite: where the file lies */
    char schema[64]; /* PostgreSQL */
    char url[600];   /* for further connections */
};

/* Skips the case, with a line, where the engine is not at hand. The database is empty: see migrate_up. */
void test_db_open(struct ctx *cx, enum db_engine engine, struct test_db *out_test);
/* The same with the program's schema applied. */
void test_db_migrated(struct ctx *cx, enum db_engine engine, struct test_db *out_test);
void test_db_done(struct ctx *cx, struct test_db *test);

/* A case for each engine: `static void f(void **state)` finds the engine with test_engine(state). */
#define ON_BOTH(f)                                                                                                     \
    {#f " (sqlite)", f, NULL, NULL, (void *)&test_engines[DB_SQLITE]}, {                                               \
#f " (postgres)", f, NULL, NULL, (void *)&test_engines[DB_POSTGRES]                                            \
    }
extern enum db_engine test_engines[2];
static inline enum db_engine test_engine(void **state) { return *(enum db_engine *)*state; }

#endif
