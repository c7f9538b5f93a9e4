/* Named queries at run time: what the code written by tools/mksql.py calls. By hand they
 * are used only where the query is not known beforehand (action/rows.h, work/watch.h).
 *
 * A definition says where each parameter lies in the struct of parameters and each column in the struct of the row, so
 * that one function serves all queries. Statements are prepared once per connection and kept.
 *
 * How values are kept and what stands for NULL:
 *   id int money  64-bit integer   nullable ("?"): `bool has_NAME` beside it
 *   bool          0 or 1           nullable: has_NAME
 *   real          double           nullable: has_NAME; statistics only
 *   date          day number       DATE_NONE is NULL
 *   stamp         milliseconds     INSTANT_NONE is NULL
 *   text json     UTF-8            nullable: p == NULL is NULL; not nullable: p == NULL is ''. Read as p == NULL when
 * NULL blob          bytes            as text currency      ISO code         packed == 0: NULL when nullable, else ''
 *
 * After a failed statement the transaction can only be rolled back, wholly or to a savepoint: PostgreSQL has it so, and
 * SQLite is held to the same. */
#ifndef STORE_STMT_H
#define STORE_STMT_H

#include "store/db.h"

struct stmt;

enum sql_kind {
    SQL_INT,
    SQL_BOOL,
    SQL_DATE,
    SQL_STAMP,
    SQL_TEXT,
    SQL_BLOB,
    SQL_CURRENCY,
    SQL_REAL,
    SQL_COMPANY,
    SQL_NOW,
    SQL_VIEWER,
    SQL_VIEWER_TEAM
};

#define SQL_NO_FLAG ((size_t)-1)

struct sql_value {
    const char *name;
    enum sql_kind kind; /* from SQL_COMPANY on: parameters taken from the context */
    bool nullable;
    size_t offset;
    size_t flag; /* offset of has_NAME, or SQL_NO_FLAG */
    bool is_money; /* minor units of the currency beside it */
};

struct stmt_def {
    const char *name;          /* query name, also in error messages */
    const char *source;        /* "src/portfolio/customer.sql:12" */
    const char *sqlite;        /* text with ?1 ?2 … */
    const char *postgres;      /* text with $1 $2 … */
    const char *sqlite_all, *postgres_all; /* of a query with @seen: for who sees all customers, without asking; else NULL */
    const char *sqlite_one; /* of a `many` with @among and without @seen: where that is one id; else NULL … */
    size_t among;           /* … and where the ids lie, a Str */
    const char *sqlite_bulk, *postgres_bulk;     /* over many rows; NULL unless `bulk`, the first unless an insert */
    const char *sqlite_lookup, *postgres_lookup; /* the select over many keys; NULL unless `lookup` */
    const char *postgres_copy;  /* "table (columns)" of an insert of nothing but parameters, for COPY; else NULL … */
    const uint8_t *copy_params; /* … and which parameter each column takes */
    size_t copy_count;
    const struct sql_value *params;
    size_t param_count, params_size;
    const struct sql_value *columns;
    size_t column_count, row_size;
    bool writes;
    bool bounded; /* a cursor over few rows: PostgreSQL gives them at once, SQLite reads them where they lie */
};

/* Every definition of the program (generated). */
extern const struct stmt_def *const stmt_def_index[];
extern const size_t stmt_def_index_count;

/* Exactly one row: NOT_FOUND without, INTERNAL with several (say LIMIT 1). Texts are copied into cx->arena. `params`
 * may be NULL when there are none to give. */
MUST_USE enum rc query_one(struct ctx *cx, const struct stmt_def *def, const void *params, void *out_row);
/* At most one row. Without any *out_found is false and *out_row untouched. */
MUST_USE enum rc query_maybe(struct ctx *cx, const struct stmt_def *def, const void *params, void *out_row, bool *out_found);
/* The same for many keys at once (`lookup` in the .sql): out_rows[i] and out_found[i] belong to keys[i]. */
MUST_USE enum rc query_lookup(struct ctx *cx, const struct stmt_def *def, const void *keys, size_t n, void *out_rows, bool *out_found);
/* `out_changes` (rows inserted, updated or deleted) may be NULL. */
MUST_USE enum rc query_exec(struct ctx *cx, const struct stmt_def *def, const void *params, int64_t *out_changes);

/* A cursor over many rows. Any number may be open at once, the same query several times, and other statements may run
 * meanwhile: the cursor shows the rows as they were when it was opened. It ends with its transaction or savepoint;
 * query_next says INTERNAL from then on. Texts of a row are valid until the next query_next or query_close.
 * While one that is `bounded` (@among, or so marked in the .sql) is open, nothing can be written: INTERNAL. */
MUST_USE enum rc query_open(struct ctx *cx, const struct stmt_def *def, const void *params, struct stmt **out_stmt);
/* *out_more false at the end, and then *out_row untouched. */
MUST_USE enum rc query_next(struct ctx *cx, struct stmt *s, void *out_row, bool *out_more);
/* For AUTO through the generated NAME_close; nothing happens when it is closed already. Must happen before db_close. */
void query_close(struct stmt **s);

/* Many rows through one insert: SQLite reads them where they lie; PostgreSQL copies them in, or is sent arrays of up to
 * 5,000 rows, and there one batch must not meet the same ON CONFLICT DO UPDATE row twice. Rows in the order of their keys are the
 * quickest by far. */
MUST_USE enum rc query_bulk(struct ctx *cx, const struct stmt_def *def, const void *rows, size_t n);

/* Prepares a definition and compares the number of its parameters and columns, and the column types as far as the
 * engine knows them; INTERNAL tells the difference. Needs a transaction. */
MUST_USE enum rc query_check(struct ctx *cx, const struct stmt_def *def);

#endif
