/* Inside store: what the parts of the SQLite driver share: connections (sqlite.c), statements (sqlite_stmt.c) and the
 * table of rows to insert (sqlite_rows.c). */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <sqlite3.h>

#include "store/driver.h"
#include "store/writer_lock.h"

struct sqlite_db {
    struct db base;
    char *path;
    sqlite3 *writer; /* NULL when the file can only be read */
    sqlite3_stmt *version; /* of the reader; NULL until it is asked for */
    sqlite3 *reader; /* opened read-only by the first TX_READ, so that the engine itself refuses to write */
    struct writer_lock lock;
    int wal_pages;       /* as of the last commit */
    int checkpoint_from; /* pages from which the next commit checkpoints */
};

static inline struct sqlite_db *sqlite_of(struct db *db) { return (struct sqlite_db *)db; }

/* The handle of the open transaction. */
sqlite3 *sqlite_handle(struct db *db);
/* Turns an engine's code into ours; `what` is the query or the deed. I/O errors and corruption put the connection out
 * of use. */
enum rc sqlite_fault(struct ctx *cx, struct db *db, sqlite3 *handle, int code, const char *what);

enum rc sqlite_prepare(struct ctx *cx, struct db *db, const struct stmt_def *def, enum stmt_variant variant,
                       struct stmt **out_stmt);
void sqlite_discard(struct stmt *s);
enum rc sqlite_execute(struct ctx *cx, struct stmt *s, const struct datum *params);
enum rc sqlite_step(struct ctx *cx, struct stmt *s, bool *out_row);
void sqlite_column(struct stmt *s, int column, enum datum_type wanted, struct datum *out);
int64_t sqlite_changes(struct stmt *s);
void sqlite_finish(struct stmt *s);
enum rc sqlite_bulk(struct ctx *cx, struct stmt *s, const void *rows, size_t n);
enum rc sqlite_check(struct ctx *cx, struct stmt *s);

/* Parameters of many executions, as the table `aldia_rows(?1)` shows them: one row per struct, column pN the N-th
 * parameter, `nth` the number of the row from 1. */
struct sqlite_rows {
    struct ctx *cx;
    const struct stmt_def *def;
    const char *items;
    size_t count;
    enum rc rc; /* of a value that cannot be stored; the fault is in cx */
};

/* Makes the table known to a connection. */
int sqlite_rows_register(sqlite3 *handle);
/* Puts the rows in place of a parameter; they stay where they are while the statement runs. */
int sqlite_rows_bind(sqlite3_stmt *raw, int parameter, struct sqlite_rows *rows);

#endif
