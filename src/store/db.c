/* Connections and transactions over either engine; the engines are sqlite.c and postgres.c. */
#include "store/db.h"

#include <stdio.h>

#include "store/driver.h"

enum rc db_open(struct ctx *cx, const char *url, bool create, struct db **out_db) {
    Str s = str_from(url);
    if (str_starts(s, S("postgresql://")) || str_starts(s, S("postgres://"))) return postgres_open(cx, url, out_db);
    Str prefix = S("sqlite:");
    return sqlite_open(cx, str_starts(s, prefix) ? url + prefix.n : url, create, out_db);
}

void db_close(struct db *db) {
    if (!db) return;
    MUST(db->tx.mode == TX_NONE);
    MUST(!db->open);
    stmt_forget(db);
    db->driver->close(db);
}

void db_release(struct db **db) {
    db_close(*db);
    *db = NULL;
}

enum db_engine db_engine(const struct db *db) { return db->engine; }
const char *db_path(const struct db *db) { return db->engine == DB_SQLITE ? sqlite_path(db) : NULL; }
void db_set_patience(struct db *db, int wait_ms) { db->wait_ms = wait_ms; }

enum rc db_version(struct ctx *cx, uint64_t *out_version) {
    MUST(cx->tx);
    struct db *db = cx->tx->db;
    *out_version = 0;
    return cx->tx->mode == TX_READ && db->driver->version ? db->driver->version(cx, db, out_version) : OK;
}

bool db_in_doubt(const struct db *db) { return db->in_doubt; }

enum rc tx_begin(struct ctx *cx, struct db *db, enum tx_mode mode) {
    MUST(mode != TX_NONE);
    if (cx->tx || db->tx.mode != TX_NONE) return fail(cx, INTERNAL, "a transaction is open already");
    if (db->in_doubt && db->engine == DB_SQLITE)
        return fail_field(cx, INTERNAL, NULL, "check the disk, then start the program again",
                          "the database had an I/O error before; nothing more is written or read on this connection");
    TRY(db->driver->begin(cx, db, mode));
    db->tx = (struct tx){.db = db, .mode = mode};
    cx->tx = &db->tx;
    return OK;
}

static void leave(struct ctx *cx) {
    cx->tx->mode = TX_NONE;
    cx->tx->savepoints = 0;
    cx->tx->failed = false;
    cx->tx = NULL;
}

enum rc tx_commit(struct ctx *cx) {
    MUST(cx->tx);
    struct db *db = cx->tx->db;
    bool failed = cx->tx->failed;
    bool unlucky = cx->tx->mode == TX_WRITE && db->fail_commit > 0 && --db->fail_commit == 0;
    if (failed || unlucky) {
        tx_rollback(cx);
        return failed ? fail(cx, INTERNAL,
                             "cannot commit: an earlier statement of this transaction failed; nothing of it was kept")
                      : fail(cx, INTERNAL,
                             "the commit failed on purpose (fault test); nothing of this transaction was kept");
    }
    stmt_retire(db, 0);
    enum rc rc = db->driver->commit(cx, db);
    leave(cx);
    return rc;
}

void tx_rollback(struct ctx *cx) {
    if (!cx->tx) return;
    struct db *db = cx->tx->db;
    stmt_retire(db, 0);
    db->driver->rollback(db);
    leave(cx);
}

void tx_end(struct ctx **cx) { tx_rollback(*cx); }

struct db *tx_db(const struct ctx *cx) {
    return cx->tx ? cx->tx->db : NULL;
}
enum tx_mode tx_mode(const struct ctx *cx) { return cx->tx ? cx->tx->mode : TX_NONE; }

/* Savepoints are named by their depth. */
static enum rc savepoint_run(struct ctx *cx, const char *verb, int depth) {
    char sql[96];
    snprintf(sql, sizeof sql, "%s p%d", verb, depth);
    struct db *db = cx->tx->db;
    enum rc rc = db->driver->run(cx, db, sql, "savepoint");
    if (rc != OK) cx->tx->failed = true;
    return rc;
}

enum rc tx_savepoint(struct ctx *cx) {
    MUST(cx->tx);
    if (cx->tx->failed)
        return fail(cx, INTERNAL, "cannot set a savepoint: an earlier statement of this transaction failed");
    TRY(savepoint_run(cx, "SAVEPOINT", cx->tx->savepoints + 1));
    cx->tx->savepoints++;
    return OK;
}

enum rc tx_savepoint_release(struct ctx *cx) {
    MUST(cx->tx && cx->tx->savepoints > 0);
    if (cx->tx->failed) return fail(cx, INTERNAL, "cannot keep a savepoint in which a statement failed; roll it back");
    TRY(savepoint_run(cx, "RELEASE SAVEPOINT", cx->tx->savepoints));
    struct db *db = cx->tx->db;
    int depth = --cx->tx->savepoints;
    for (struct stmt *s = db->open; s; s = s->next)
        if (s->savepoint > depth) s->savepoint = depth;
    if (db->driver->savepoint_gone) db->driver->savepoint_gone(db, depth, false);
    return OK;
}

enum rc tx_savepoint_rollback(struct ctx *cx) {
    MUST(cx->tx && cx->tx->savepoints > 0);
    struct db *db = cx->tx->db;
    int depth = cx->tx->savepoints;
    stmt_retire(db, depth);
    if (db->driver->savepoint_gone) db->driver->savepoint_gone(db, depth - 1, true);
    TRY(savepoint_run(cx, "ROLLBACK TO SAVEPOINT", depth));
    TRY(savepoint_run(cx, "RELEASE SAVEPOINT", depth));
    cx->tx->savepoints--;
    cx->tx->failed = false;
    return OK;
}

enum rc db_checkpoint(struct ctx *cx, struct db *db) {
    if (cx->tx) return fail(cx, INTERNAL, "a checkpoint cannot run inside a transaction");
    return db->driver->checkpoint ? db->driver->checkpoint(cx, db) : OK;
}

enum rc db_backup(struct ctx *cx, struct db *db, const char *path, void (*progress)(void *self, int done, int total),
                  void *self) {
    if (db->engine != DB_SQLITE)
        return fail_field(cx, INVALID, NULL, "use pg_dump", "a PostgreSQL database is not backed up from here");
    if (cx->tx) return fail(cx, INTERNAL, "a backup cannot run inside a transaction");
    return sqlite_backup(cx, db, path, progress, self);
}

enum rc db_integrity(struct ctx *cx, struct db *db) {
    if (cx->tx) return fail(cx, INTERNAL, "the integrity check cannot run inside a transaction");
    return db->driver->integrity ? db->driver->integrity(cx, db) : OK;
}

enum rc db_relax(struct ctx *cx, struct db *db, bool relaxed) {
    if (cx->tx) return fail(cx, INTERNAL, "durability cannot change inside a transaction");
    return db->driver->relax ? db->driver->relax(cx, db, relaxed) : OK;
}

void db_expect_bulk(struct db *db, bool expected) {
    if (db->driver->expect_bulk) db->driver->expect_bulk(db, expected);
}

void db_fail_commit(struct db *db, int nth) { db->fail_commit = nth; }
