/* Inside store: what the parts of the PostgreSQL driver share, connections (postgres.c), statements
 * (postgres_stmt.c) and COPY (postgres_copy.c). */
#ifndef STORE_POSTGRES_H
#define STORE_POSTGRES_H

#include <libpq-fe.h>

#include "store/driver.h"

#define TO_CLOSE_MAX 32

/* A server-side cursor that nobody reads any more; closed along with the next one opened, which saves a round trip. */
struct spent_cursor {
    unsigned number;
    int savepoint;
};

/* Rows written to a table through this connection, to know when its statistics are out of date. */
struct growth {
    Str table; /* within the text of a statement */
    size_t rows, analyzed;
};

#define GROWTHS_MAX 48

struct postgres_db {
    struct db base;
    PGconn *conn;
    char *password;      /* to keep it out of messages; NULL without */
    unsigned generation; /* of the connection: statements prepared on an earlier one are gone */
    unsigned next_number;
    struct spent_cursor to_close[TO_CLOSE_MAX];
    size_t to_close_count;
    struct growth growths[GROWTHS_MAX];
    size_t growth_count;
};

static inline struct postgres_db *postgres_of(struct db *db) { return (struct postgres_db *)db; }

/* Turns a failed result (may be NULL) into ours; `what` is the query or the deed. */
enum rc postgres_fault(struct ctx *cx, struct db *db, const PGresult *result, const char *what);
void postgres_clear(PGresult **result); /* for AUTO */

enum rc postgres_prepare(struct ctx *cx, struct db *db, const struct stmt_def *def, enum stmt_variant variant,
                         struct stmt **out_stmt);
void postgres_discard(struct stmt *s);
enum rc postgres_execute(struct ctx *cx, struct stmt *s, const struct datum *params);
enum rc postgres_step(struct ctx *cx, struct stmt *s, bool *out_row);
void postgres_column(struct stmt *s, int column, enum datum_type wanted, struct datum *out);
int64_t postgres_changes(struct stmt *s);
void postgres_finish(struct stmt *s);
enum rc postgres_bulk(struct ctx *cx, struct stmt *s, const void *rows, size_t n);
enum rc postgres_check(struct ctx *cx, struct stmt *s);

/* Rows of a bulk insert by COPY, where the definition allows it (postgres_copy.c). */
enum rc postgres_copy(struct ctx *cx, struct stmt *s, const void *rows, size_t n);
/* Whether its columns have the types that COPY sends. */
enum rc postgres_copy_check(struct ctx *cx, struct stmt *s);

#endif
