/* Prepared statements, used by the code that tools/mksql.py generates and by nothing else.
 *
 * A definition is prepared once per connection and kept. Parameters are bound by position, in the order of stmt_def.params;
 * columns are read in the order of stmt_def.columns. Text and blobs read from a row lie in the statement until its next step. */
#ifndef STORE_STMT_H
#define STORE_STMT_H

#include "store/db.h"

/* How a value is kept: @id @int @bool and @money, @date, @stamp are 64-bit integers; @text and @json are UTF-8; @blob bytes; @real a double
 * (statistics only). */
enum sql_type { SQL_INT, SQL_TEXT, SQL_BLOB, SQL_REAL };

struct sql_value {
    const char *name;
    enum sql_type type;
    bool nullable;
};

struct stmt_def {
    const char *name;   /* query name, also in error messages */
    const char *source; /* "src/portfolio/customer.sql:12" */
    const char *sqlite; /* text with ?1 ?2 … */
    const char *postgres; /* text with $1 $2 … and casts where the type must be known */
    const struct sql_value *params;
    size_t param_count;
    const struct sql_value *columns;
    size_t column_count;
    bool writes;
};

/* Every definition of the program, for the test that prepares them all on both engines (generated). */
extern const struct stmt_def *const stmt_def_index[];
extern const size_t stmt_def_index_count;

/* The statement ready for binding; INTERNAL (a bug) outside a transaction or when writing in TX_READ. A definition may be in use
 * only once at a time per connection, except cursors opened through stmt_open. */
MUST_USE enum rc stmt_ready(struct ctx *cx, const struct stmt_def *def, struct stmt **out_stmt);
/* The same, but a private copy, for cursors that live while the same query may be run again. Closed by stmt_close. */
MUST_USE enum rc stmt_open(struct ctx *cx, const struct stmt_def *def, struct stmt **out_stmt);
void stmt_bind_int(struct stmt *s, int index, int64_t value);
void stmt_bind_real(struct stmt *s, int index, double value);
void stmt_bind_text(struct stmt *s, int index, Str value); /* p == NULL binds NULL; bytes must stay until the step */
void stmt_bind_blob(struct stmt *s, int index, Str value);
void stmt_bind_null(struct stmt *s, int index);
/* Moves to the next row: *out_row false at the end. CONFLICT on a uniqueness or foreign-key violation (message names the
 * constraint). On PostgreSQL cursors fetch 1,000 rows at a time. */
MUST_USE enum rc stmt_step(struct ctx *cx, struct stmt *s, bool *out_row);
bool stmt_is_null(struct stmt *s, int column);
int64_t stmt_int(struct stmt *s, int column); /* 0 for NULL */
double stmt_real(struct stmt *s, int column);
Str stmt_text(struct stmt *s, int column); /* p == NULL for NULL */
/* Rows changed by the last completed statement. */
int64_t stmt_changes(struct stmt *s);
void stmt_reset(struct stmt *s);
void stmt_close(struct stmt **s);

/* Many rows through one insert: SQLite steps the statement per row; PostgreSQL sends arrays (unnest) of up to 5,000 rows. `bind` puts
 * row i's values with stmt_bind_*. The definition must be marked `bulk` in the .sql. */
MUST_USE enum rc stmt_bulk(struct ctx *cx, const struct stmt_def *def, size_t rows,
                           void (*bind)(struct stmt *s, const void *rows, size_t i), const void *row_array);

#endif
