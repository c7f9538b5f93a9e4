/* SQLite statements. */
#include "store/sqlite.h"

#include <stdio.h>
#include <string.h>

struct sqlite_stmt {
    struct stmt base;
    sqlite3_stmt *raw;
    sqlite3 *handle;
    int bound_params;
    int64_t changes;
    struct sqlite_rows rows; /* bulk and lookup */
};

static struct sqlite_stmt *of(struct stmt *s) { return (struct sqlite_stmt *)s; }

enum rc sqlite_prepare(struct ctx *cx, struct db *db, const struct stmt_def *def, enum stmt_variant variant,
                       struct stmt **out_stmt) {
    sqlite3 *handle = sqlite_handle(db);
    if (variant == STMT_BULK ? !def->postgres_bulk : variant == STMT_LOOKUP && !def->sqlite_lookup)
        return fail(cx, INTERNAL, "%s (%s) is not marked %s", def->name, def->source,
                    variant == STMT_BULK ? "bulk" : "lookup");
    const char *text = variant == STMT_LOOKUP                     ? def->sqlite_lookup
                       : variant == STMT_BULK && def->sqlite_bulk ? def->sqlite_bulk
                       : variant == STMT_CURSOR_ONE               ? def->sqlite_one
                       : stmt_for_all(cx, def)                    ? def->sqlite_all
                                                                  : def->sqlite;
    Str sql = str_from(text);
    /* A cursor would otherwise meet rows written while it is open, or miss them; it costs as much as the reading. */
    if (variant == STMT_CURSOR && db->tx.mode == TX_WRITE && !def->writes && !def->bounded)
        sql = arena_printf(cx->arena, "WITH cursor_rows AS MATERIALIZED (%s) SELECT * FROM cursor_rows", text);
    sqlite3_stmt *raw = NULL;
    int code = sqlite3_prepare_v3(handle, sql.p, (int)sql.n + 1, SQLITE_PREPARE_PERSISTENT, &raw, NULL);
    if (code != SQLITE_OK)
        return fail(cx, INTERNAL, "%s (%s) cannot be prepared: %s", def->name, def->source, sqlite3_errmsg(handle));
    struct sqlite_stmt *s = mem_alloc(sizeof *s);
    s->raw = raw;
    s->handle = handle;
    s->bound_params = sqlite3_bind_parameter_count(raw);
    *out_stmt = &s->base;
    return OK;
}

void sqlite_discard(struct stmt *s) {
    sqlite3_finalize(of(s)->raw);
    mem_free(s);
}

static int bind(sqlite3_stmt *raw, int index, const struct datum *d, sqlite3_destructor_type keep) {
    switch (d->type) {
    case DATUM_INT: return sqlite3_bind_int64(raw, index, d->integer);
    case DATUM_REAL: return sqlite3_bind_double(raw, index, d->real);
    case DATUM_TEXT: return sqlite3_bind_text64(raw, index, d->bytes.p, d->bytes.n, keep, SQLITE_UTF8);
    case DATUM_BLOB: return sqlite3_bind_blob64(raw, index, d->bytes.p, d->bytes.n, keep);
    case DATUM_NULL: break;
    }
    return sqlite3_bind_null(raw, index);
}

enum rc sqlite_execute(struct ctx *cx, struct stmt *base, const struct datum *params) {
    struct sqlite_stmt *s = of(base);
    bool is_cursor = base->variant == STMT_CURSOR || base->variant == STMT_CURSOR_ONE;
    for (int i = 0; i < s->bound_params; i++) {
        int code = bind(s->raw, i + 1, &params[i], is_cursor ? SQLITE_TRANSIENT : SQLITE_STATIC);
        if (code != SQLITE_OK) return sqlite_fault(cx, base->db, s->handle, code, base->def->name);
    }
    return OK;
}

enum rc sqlite_step(struct ctx *cx, struct stmt *base, bool *out_row) {
    struct sqlite_stmt *s = of(base);
    int code = sqlite3_step(s->raw);
    if (code == SQLITE_ROW) {
        *out_row = true;
        return OK;
    }
    if (code != SQLITE_DONE && s->rows.rc != OK) return s->rows.rc;
    if (code != SQLITE_DONE) return sqlite_fault(cx, base->db, s->handle, code, base->def->name);
    s->changes = sqlite3_changes64(s->handle);
    *out_row = false;
    return OK;
}

void sqlite_column(struct stmt *base, int column, enum datum_type wanted, struct datum *out) {
    sqlite3_stmt *raw = of(base)->raw;
    out->type = wanted;
    if (sqlite3_column_type(raw, column) == SQLITE_NULL) {
        out->type = DATUM_NULL;
    } else if (wanted == DATUM_INT) {
        out->integer = sqlite3_column_int64(raw, column);
    } else if (wanted == DATUM_REAL) {
        out->real = sqlite3_column_double(raw, column);
    } else {
        const void *p =
            wanted == DATUM_TEXT ? (const void *)sqlite3_column_text(raw, column) : sqlite3_column_blob(raw, column);
        /* A blob of no bytes comes as NULL, which would read as the absent value. */
        out->bytes = (Str){p ? p : "", (size_t)sqlite3_column_bytes(raw, column)};
    }
}

int64_t sqlite_changes(struct stmt *s) { return of(s)->changes; }

void sqlite_finish(struct stmt *s) {
    sqlite3_reset(of(s)->raw);
    sqlite3_clear_bindings(of(s)->raw);
}

static enum rc row_by_row(struct ctx *cx, struct stmt *base, const char *rows, size_t n) {
    struct datum values[SQL_PARAMS_MAX];
    char codes[SQL_PARAMS_MAX][4];
    for (size_t r = 0; r < n; r++) {
        for (size_t i = 0; i < base->def->param_count; i++)
            TRY(datum_of_param(cx, base->def, i, rows + r * base->def->params_size, codes[i], &values[i]));
        TRY(sqlite_execute(cx, base, values));
        for (bool more = true; more;) TRY(sqlite_step(cx, base, &more));
        sqlite3_reset(of(base)->raw);
    }
    return OK;
}

/* ?1 the rows, ?2 the company, ?3 now, as mksql writes them. */
enum rc sqlite_bulk(struct ctx *cx, struct stmt *base, const void *rows, size_t n) {
    struct sqlite_stmt *s = of(base);
    if (base->variant == STMT_BULK && !base->def->sqlite_bulk) return row_by_row(cx, base, rows, n);
    s->rows = (struct sqlite_rows){.cx = cx, .def = base->def, .items = rows, .count = n};
    int code = sqlite_rows_bind(s->raw, 1, &s->rows);
    if (code == SQLITE_OK && s->bound_params >= 2) code = sqlite3_bind_int64(s->raw, 2, cx->company_id);
    if (code == SQLITE_OK && s->bound_params >= 3) code = sqlite3_bind_int64(s->raw, 3, cx->now.ms);
    if (code != SQLITE_OK) return sqlite_fault(cx, base->db, s->handle, code, base->def->name);
    bool more = base->variant == STMT_BULK;
    while (more) TRY(sqlite_step(cx, base, &more));
    return OK;
}

/* STRICT tables have just these four types; an expression has none, and any will do. */
static bool type_fits(const char *declared, enum datum_type wanted) {
    static const char *const names[] = {
        [DATUM_INT] = "INTEGER", [DATUM_REAL] = "REAL", [DATUM_TEXT] = "TEXT", [DATUM_BLOB] = "BLOB"};
    return !declared || strcmp(declared, names[wanted]) == 0;
}

enum rc sqlite_check(struct ctx *cx, struct stmt *base) {
    const struct stmt_def *def = base->def;
    sqlite3_stmt *raw = of(base)->raw;
    bool gathered = base->variant == STMT_LOOKUP || (base->variant == STMT_BULK && def->sqlite_bulk);
    if (of(base)->bound_params > (gathered ? 3 : (int)def->param_count))
        return fail(cx, INTERNAL, "%s (%s): more parameters in the text than declared", def->name, def->source);
    if (sqlite3_column_count(raw) != (int)def->column_count + (base->variant == STMT_LOOKUP))
        return fail(cx, INTERNAL, "%s (%s): %d columns, %zu declared", def->name, def->source,
                    sqlite3_column_count(raw), def->column_count);
    if (sqlite3_stmt_readonly(raw) == (int)def->writes)
        return fail(cx, INTERNAL, "%s (%s): whether it writes is misjudged", def->name, def->source);
    for (int i = 0; i < (int)def->column_count; i++) {
        const struct sql_value *v = &def->columns[i];
        const char *declared = sqlite3_column_decltype(raw, i);
        if (!type_fits(declared, datum_type_of(v->kind)))
            return fail(cx, INTERNAL, "%s (%s): column %s is %s in SQLite", def->name, def->source, v->name, declared);
    }
    return OK;
}
