/* The database: one thin layer over SQLite and PostgreSQL, with the same meaning on both.
 *
 * A `struct db` is one connection, used by one thread at a time. Work happens in a transaction, which hangs in cx->tx
 * while it lasts; the functions that tools/mksql.py writes from NAME.sql files are the only callers of statements.
 *
 * Caveats a caller must know:
 * - Writing transactions exclude each other across threads and processes: SQLite by a lock file beside the database
 * (which also keeps checkpoints and writers of different connections apart, domain.md 6), PostgreSQL by an advisory
 * lock. Keep them short.
 * - TX_READ is read-only by the engine's own enforcement, and sees one snapshot.
 * - An I/O error on commit means the outcome is unknown: the caller must stop and recover, never retry in place.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/ctx.h"

struct db;
struct tx;

enum db_engine { DB_SQLITE, DB_POSTGRES };
enum tx_mode { TX_NONE, TX_READ, TX_WRITE };

/* "sqlite:PATH", a bare path, or "postgresql://…". `create` makes a missing SQLite file (and nothing else).
 * NOT_FOUND when it does not exist; REMOTE when a server cannot be reached (message without the password).
 * A SQLite file that may only be read, by its permissions or its disk, is opened for reading.
 * The schema is neither checked nor migrated here (migrate.h). */
MUST_USE enum rc db_open(struct ctx *cx, const char *url, bool create, struct db **out_db);
void db_close(struct db *db);
void db_release(struct db **db); /* for AUTO */
enum db_engine db_engine(const struct db *db);
/* Path of the SQLite file; NULL on PostgreSQL. */
const char *db_path(const struct db *db);

/* Opens a transaction and hangs it in cx->tx. TX_WRITE waits up to 30 s for other writers, then BUSY. Never nested. */
MUST_USE enum rc tx_begin(struct ctx *cx, struct db *db, enum tx_mode mode);
/* Durable when it returns OK (synchronous=FULL). On failure the transaction is gone and the fault says why; nothing of
 * it was kept unless db_in_doubt. */
MUST_USE enum rc tx_commit(struct ctx *cx);
/* Does nothing without an open transaction; never fails. */
void tx_rollback(struct ctx *cx);
/* For AUTO(tx_end) struct ctx *scope = cx: rolls back if still open at the end of the scope. */
void tx_end(struct ctx **cx);
struct db *tx_db(const struct ctx *cx);
enum tx_mode tx_mode(const struct ctx *cx);
/* Part of a transaction that may be undone alone; they nest. Release keeps what was done since, rollback undoes it and
 * forgets the savepoint. After a failed statement (CONFLICT too) only a rollback, to a savepoint or of all, is
 * possible. */
MUST_USE enum rc tx_savepoint(struct ctx *cx);
MUST_USE enum rc tx_savepoint_release(struct ctx *cx);
MUST_USE enum rc tx_savepoint_rollback(struct ctx *cx);

/* How long TX_WRITE waits for other writers from now on, before BUSY; 0: as usual. */
void db_set_patience(struct db *db, int wait_ms);
/* A number that is another one once anybody else has committed, as this reading transaction sees it; meaningful on this connection alone. 0: not
 * known (PostgreSQL, a writing transaction). */
MUST_USE enum rc db_version(struct ctx *cx, uint64_t *out_version);

/* True when the last commit ended without a known outcome (I/O error, connection lost meanwhile). SQLite: the
 * connection refuses further work, the process must end and recover. PostgreSQL: the next tx_begin connects anew. */
bool db_in_doubt(const struct db *db);

/* SQLite: moves the WAL into the database, under the writers' lock; called by the writing process at quiet moments and
 * by itself after a commit that left more than 4,000 pages. PostgreSQL: nothing. */
MUST_USE enum rc db_checkpoint(struct ctx *cx, struct db *db);
/* A consistent copy through SQLite's backup API to a new file. INVALID on PostgreSQL (use pg_dump). `progress` may be
 * NULL. */
MUST_USE enum rc db_backup(struct ctx *cx, struct db *db, const char *path,
                           void (*progress)(void *self, int done, int total), void *self);
/* The engine's own integrity check; INTERNAL names the first fault. */
MUST_USE enum rc db_integrity(struct ctx *cx, struct db *db);

/* Commits without waiting for the disk, for data that can be made again (the demo); false makes them durable as ever,
 * and what was written meanwhile too. PostgreSQL: nothing. */
MUST_USE enum rc db_relax(struct ctx *cx, struct db *db, bool relaxed);
/* Much is booked or planned at once: SQLite may keep 64 MB of the database in the writing connection's memory, instead
 * of 16, until false. PostgreSQL: nothing. */
void db_expect_bulk(struct db *db, bool expected);

/* For fault tests and the simulation only: make the n-th commit from now fail (0 = off). */
void db_fail_commit(struct db *db, int nth);

#endif
