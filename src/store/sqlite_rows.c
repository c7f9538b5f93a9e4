/* The table `aldia_rows(?)`: structs of parameters in memory, read by SQLite as rows.
 *
 * One statement for many rows keeps its place in the table and its indexes from row to row, so that keys in their order
 * are appended instead of searched for, and nothing is bound, started and ended per row. The pointer comes as a
 * parameter under a name of its own (sqlite.org/bindptr.html), so that no text of SQL can point anywhere. */
#include <stdio.h>

#include "store/sqlite.h"

#define POINTER_TYPE "aldia-rows"

enum { COLUMN_NTH, COLUMN_FIRST, COLUMN_POINTER = COLUMN_FIRST + SQL_PARAMS_MAX };

struct rows_cursor {
    sqlite3_vtab_cursor base;
    struct sqlite_rows *rows;
    size_t at;
};

static struct rows_cursor *of(sqlite3_vtab_cursor *cursor) { return (struct rows_cursor *)cursor; }

static int rows_connect(sqlite3 *handle, void *aux, int count, const char *const *words, sqlite3_vtab **out_table,
                        char **out_error) {
    (void)aux;
    (void)count;
    (void)words;
    (void)out_error;
    char sql[SQL_PARAMS_MAX * 5 + 64];
    size_t n = (size_t)snprintf(sql, sizeof sql, "CREATE TABLE x (nth");
    for (int i = 1; i <= SQL_PARAMS_MAX; i++) n += (size_t)snprintf(sql + n, sizeof sql - n, ", p%d", i);
    snprintf(sql + n, sizeof sql - n, ", rows HIDDEN)");
    int code = sqlite3_declare_vtab(handle, sql);
    if (code == SQLITE_OK) *out_table = mem_alloc(sizeof **out_table);
    return code;
}

static int rows_disconnect(sqlite3_vtab *table) {
    mem_free(table);
    return SQLITE_OK;
}

/* The pointer is the one thing to go by. */
static int rows_best(sqlite3_vtab *table, sqlite3_index_info *info) {
    (void)table;
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *c = &info->aConstraint[i];
        if (c->iColumn != COLUMN_POINTER || c->op != SQLITE_INDEX_CONSTRAINT_EQ || !c->usable) continue;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->estimatedCost = 1;
        info->estimatedRows = 1000;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}

static int rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out_cursor) {
    (void)table;
    struct rows_cursor *cursor = mem_alloc(sizeof *cursor);
    *out_cursor = &cursor->base;
    return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *cursor) {
    mem_free(cursor);
    return SQLITE_OK;
}

static int rows_filter(sqlite3_vtab_cursor *cursor, int plan, const char *text, int count, sqlite3_value **values) {
    (void)plan;
    (void)text;
    of(cursor)->rows = count == 1 ? sqlite3_value_pointer(values[0], POINTER_TYPE) : NULL;
    of(cursor)->at = 0;
    return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *cursor) {
    of(cursor)->at++;
    return SQLITE_OK;
}

static int rows_eof(sqlite3_vtab_cursor *cursor) {
    const struct rows_cursor *c = of(cursor);
    return !c->rows || c->at >= c->rows->count;
}

static int rows_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out_id) {
    *out_id = (sqlite3_int64)of(cursor)->at + 1;
    return SQLITE_OK;
}

/* Texts are not copied: the structs outlive the statement. Only a currency's letters are made here. */
static void give(sqlite3_context *to, const struct datum *d, enum sql_kind kind) {
    switch (d->type) {
    case DATUM_INT: sqlite3_result_int64(to, d->integer); return;
    case DATUM_REAL: sqlite3_result_double(to, d->real); return;
    case DATUM_BLOB: sqlite3_result_blob64(to, d->bytes.p, d->bytes.n, SQLITE_STATIC); return;
    case DATUM_TEXT:
        sqlite3_result_text64(to, d->bytes.p, d->bytes.n, kind == SQL_CURRENCY ? SQLITE_TRANSIENT : SQLITE_STATIC,
                              SQLITE_UTF8);
        return;
    case DATUM_NULL: sqlite3_result_null(to);
    }
}

static int rows_column(sqlite3_vtab_cursor *cursor, sqlite3_context *to, int column) {
    const struct rows_cursor *c = of(cursor);
    struct sqlite_rows *rows = c->rows;
    if (column == COLUMN_NTH) {
        sqlite3_result_int64(to, (sqlite3_int64)c->at + 1);
        return SQLITE_OK;
    }
    size_t i = (size_t)(column - COLUMN_FIRST);
    if (i >= rows->def->param_count) return SQLITE_OK;
    char code[4];
    struct datum d;
    rows->rc = datum_of_param(rows->cx, rows->def, i, rows->items + c->at * rows->def->params_size, code, &d);
    if (rows->rc != OK) return SQLITE_ABORT;
    give(to, &d, rows->def->params[i].kind);
    return SQLITE_OK;
}

int sqlite_rows_register(sqlite3 *handle) {
    static const sqlite3_module module = {
        .xConnect = rows_connect,
        .xBestIndex = rows_best,
        .xDisconnect = rows_disconnect,
        .xOpen = rows_open,
        .xClose = rows_close,
        .xFilter = rows_filter,
        .xNext = rows_next,
        .xEof = rows_eof,
        .xColumn = rows_column,
        .xRowid = rows_rowid,
    };
    return sqlite3_create_module_v2(handle, "aldia_rows", &module, NULL, NULL);
}

int sqlite_rows_bind(sqlite3_stmt *raw, int parameter, struct sqlite_rows *rows) {
    return sqlite3_bind_pointer(raw, parameter, rows, POINTER_TYPE, NULL);
}
