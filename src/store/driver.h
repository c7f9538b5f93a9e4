/* Inside store: what an engine has to provide. Nobody else includes this. */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/stmt.h"

#define SQL_PARAMS_MAX 96 /* MOST_PARAMS in tools/mksql.py */
#define STMT_BUCKETS 128
#define WRITER_WAIT_MS 30000

/* A value on its way to or from the engine. */
enum datum_type { DATUM_NULL, DATUM_INT, DATUM_REAL, DATUM_TEXT, DATUM_BLOB };
struct datum {
    enum datum_type type;
    int64_t integer;
    double real;
    Str bytes;
};

/* Which text of a definition is prepared. A cursor in a writing transaction must not see what is written after it was
 * opened; PostgreSQL's are so, SQLite needs another text for it. STMT_CURSOR_ONE, on SQLite alone: @among a single id. */
enum stmt_variant { STMT_PLAIN, STMT_CURSOR, STMT_CURSOR_ONE, STMT_BULK, STMT_LOOKUP };

struct stmt {
    struct db *db;
    const struct stmt_def *def;
    enum stmt_variant variant;
    enum tx_mode mode;            /* SQLite: which of the two handles it was prepared on */
    struct stmt *next, *previous; /* in db->idle[…] or db->open */
    int savepoint;                /* depth at which it was opened */
    bool dead;                    /* its transaction or savepoint is over */
    bool for_all;                 /* the text for who sees all customers */
};

struct tx {
    struct db *db;
    enum tx_mode mode;
    int savepoints;
    bool failed; /* a statement failed: only rolling back is left */
};

struct db {
    const struct driver *driver;
    enum db_engine engine;
    struct tx tx;
    struct stmt *idle[STMT_BUCKETS]; /* prepared and not in use, by definition */
    struct stmt *open;
    int fail_commit;
    int wait_ms;   /* for other writers; 0: WRITER_WAIT_MS */
    bool in_doubt; /* a commit ended without a known outcome, or the disk failed */
};

struct driver {
    void (*close)(struct db *db);
    enum rc (*begin)(struct ctx *cx, struct db *db, enum tx_mode mode);
    /* Leaves no transaction open, whatever it returns. */
    enum rc (*commit)(struct ctx *cx, struct db *db);
    void (*rollback)(struct db *db);
    /* A script without results, in the open transaction. */
    enum rc (*run)(struct ctx *cx, struct db *db, const char *sql, const char *what);
    void (*savepoint_gone)(struct db *db, int depth, bool undone);
    enum rc (*version)(struct ctx *cx, struct db *db, uint64_t *out_version); /* NULL: never known */
    enum rc (*checkpoint)(struct ctx *cx, struct db *db);
    enum rc (*relax)(struct ctx *cx, struct db *db, bool relaxed);
    void (*expect_bulk)(struct db *db, bool expected);
    enum rc (*integrity)(struct ctx *cx, struct db *db);

    enum rc (*prepare)(struct ctx *cx, struct db *db, const struct stmt_def *def, enum stmt_variant variant,
                       struct stmt **out_stmt);
    void (*discard)(struct stmt *s);
    /* The parameters' bytes stay where they are until `finish`, except for cursors, which copy them. */
    enum rc (*execute)(struct ctx *cx, struct stmt *s, const struct datum *params);
    enum rc (*step)(struct ctx *cx, struct stmt *s, bool *out_row);
    /* Column of the present row as `wanted`, or DATUM_NULL. */
    void (*column)(struct stmt *s, int column, enum datum_type wanted, struct datum *out);
    int64_t (*changes)(struct stmt *s);
    void (*finish)(struct stmt *s);
    /* The rows of a bulk insert or the keys of a lookup, structs side by side. After the keys `step` reads what was
     * found, with one column more: which key it answers, counted from 1. They stay where they are until `finish`. */
    enum rc (*bulk)(struct ctx *cx, struct stmt *s, const void *rows, size_t n);
    enum rc (*check)(struct ctx *cx, struct stmt *s);
};

enum rc sqlite_open(struct ctx *cx, const char *path, bool create, struct db **out_db);
const char *sqlite_path(const struct db *db);
enum rc sqlite_backup(struct ctx *cx, struct db *db, const char *path,
                      void (*progress)(void *self, int done, int total), void *self);
enum rc postgres_open(struct ctx *cx, const char *url, struct db **out_db);

/* How the engine keeps a value of this kind. */
enum datum_type datum_type_of(enum sql_kind kind);
/* The value of an implicit parameter: SQL_COMPANY and those after it. */
struct datum context_datum(const struct ctx *cx, enum sql_kind kind);
/* The i-th parameter out of its struct (or the context). A currency's letters are written to code[4]. INVALID when a
 * text is none that both engines take. */
MUST_USE enum rc datum_of_param(struct ctx *cx, const struct stmt_def *def, size_t i, const void *params, char *code,
                                struct datum *out);
/* Cursors opened at this depth of savepoints or deeper are over. */
void stmt_retire(struct db *db, int savepoint);
/* Whether this caller is served by the text for who sees all customers. */
bool stmt_for_all(const struct ctx *cx, const struct stmt_def *def);
/* Drops the kept statements: before closing, and after the schema changed. No cursor may be open. */
void stmt_forget(struct db *db);

#endif
