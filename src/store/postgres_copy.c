/* Many rows into a table by COPY in binary: the quickest way in, which writes pages instead of rows to the log, and the
 * server works while the next rows are made.
 *
 * Binary values must have just the width of their column: what @bool makes is two bytes wide, every other number eight
 * (ddl.c). */
#include <endian.h>
#include <string.h>

#include "base/buf.h"
#include "store/postgres.h"

#define SEND_BYTES ((size_t)64 * 1024)
#define ROW_BYTES_MAX ((size_t)512 * 1024 * 1024)

enum { WIDTH_BOOL = 2, WIDTH_NUMBER = 8 };
enum { OID_INT8 = 20, OID_INT2 = 21, OID_TEXT = 25, OID_BYTEA = 17, OID_FLOAT8 = 701 };

static const char signature[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* with the zero byte it ends in: 19 bytes */

static void add_be(struct buf *b, uint64_t value, size_t width) {
    uint64_t wire = htobe64(value);
    buf_add(b, (Str){(const char *)&wire + sizeof wire - width, width});
}

static void add_value(struct buf *b, const struct sql_value *v, const struct datum *d) {
    if (d->type == DATUM_NULL) {
        add_be(b, UINT64_MAX, 4);
    } else if (d->type == DATUM_TEXT || d->type == DATUM_BLOB) {
        add_be(b, d->bytes.n, 4);
        buf_add(b, d->bytes);
    } else {
        size_t width = v->kind == SQL_BOOL ? WIDTH_BOOL : WIDTH_NUMBER;
        uint64_t bits = (uint64_t)d->integer;
        if (d->type == DATUM_REAL) memcpy(&bits, &d->real, sizeof bits);
        add_be(b, width, 4);
        add_be(b, bits, width);
    }
}

static enum rc add_row(struct ctx *cx, const struct stmt_def *def, const void *params, struct buf *b) {
    struct datum values[SQL_PARAMS_MAX];
    char codes[SQL_PARAMS_MAX][4];
    for (size_t i = 0; i < def->param_count; i++) TRY(datum_of_param(cx, def, i, params, codes[i], &values[i]));
    add_be(b, def->copy_count, 2);
    for (size_t i = 0; i < def->copy_count; i++)
        add_value(b, &def->params[def->copy_params[i]], &values[def->copy_params[i]]);
    return buf_ok(b) ? OK : fail(cx, INVALID, "%s: a row is larger than the database can hold", def->name);
}

static bool send(PGconn *conn, struct buf *b) {
    bool sent = PQputCopyData(conn, b->p, (int)b->n) == 1;
    buf_clear(b);
    return sent;
}

/* *out_sent false: the connection refused, and its result says why. */
static enum rc send_rows(struct ctx *cx, struct stmt *s, const char *rows, size_t n, bool *out_sent) {
    PGconn *conn = postgres_of(s->db)->conn;
    AUTO(buf_done) struct buf b = buf_make(ROW_BYTES_MAX);
    buf_add(&b, (Str){signature, sizeof signature});
    *out_sent = true;
    for (size_t i = 0; i < n && *out_sent; i++) {
        TRY(add_row(cx, s->def, rows + i * s->def->params_size, &b));
        if (b.n >= SEND_BYTES) *out_sent = send(conn, &b);
    }
    add_be(&b, UINT64_MAX, 2);
    *out_sent = *out_sent && send(conn, &b);
    return OK;
}

/* What the server says to all of it; a fault if there is one. */
static enum rc finish_copy(struct ctx *cx, struct stmt *s) {
    PGconn *conn = postgres_of(s->db)->conn;
    AUTO(postgres_clear) PGresult *failed = NULL;
    bool is_good = false;
    for (PGresult *r = PQgetResult(conn); r; r = PQgetResult(conn)) {
        is_good |= PQresultStatus(r) == PGRES_COMMAND_OK;
        if (PQresultStatus(r) == PGRES_FATAL_ERROR && !failed)
            failed = r;
        else
            PQclear(r);
    }
    return is_good && !failed ? OK : postgres_fault(cx, s->db, failed, s->def->name);
}

enum rc postgres_copy(struct ctx *cx, struct stmt *s, const void *rows, size_t n) {
    PGconn *conn = postgres_of(s->db)->conn;
    struct arena_mark mark = arena_mark(cx->arena);
    Str sql = arena_printf(cx->arena, "COPY %s FROM STDIN (FORMAT binary)", s->def->postgres_copy);
    AUTO(postgres_clear) PGresult *started = PQexec(conn, sql.p);
    arena_rewind(cx->arena, mark);
    if (PQresultStatus(started) != PGRES_COPY_IN) return postgres_fault(cx, s->db, started, s->def->name);
    bool sent = false;
    enum rc rc = send_rows(cx, s, rows, n, &sent);
    PQputCopyEnd(conn, rc == OK && sent ? NULL : "given up");
    if (rc == OK) return finish_copy(cx, s);
    struct fault why = cx->fault; /* that the copy was given up is not the reason */
    if (finish_copy(cx, s) != OK) cx->fault = why;
    return rc;
}

static bool type_fits(Oid oid, const struct sql_value *v) {
    switch (datum_type_of(v->kind)) {
    case DATUM_INT: return oid == (v->kind == SQL_BOOL ? OID_INT2 : OID_INT8);
    case DATUM_REAL: return oid == OID_FLOAT8;
    case DATUM_TEXT: return oid == OID_TEXT;
    case DATUM_BLOB: return oid == OID_BYTEA;
    case DATUM_NULL: break;
    }
    return false;
}

enum rc postgres_copy_check(struct ctx *cx, struct stmt *s) {
    const struct stmt_def *def = s->def;
    Str table = str_from(def->postgres_copy);
    Str columns = {table.p + str_index(table, '('), table.n - str_index(table, '(')};
    table.n = str_index(table, '(');
    Str sql =
        arena_printf(cx->arena, "SELECT %.*s FROM %.*s LIMIT 0", (int)columns.n - 2, columns.p + 1, STR_ARG(table));
    AUTO(postgres_clear) PGresult *result = PQexec(postgres_of(s->db)->conn, sql.p);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) return postgres_fault(cx, s->db, result, def->name);
    for (size_t i = 0; i < def->copy_count; i++) {
        const struct sql_value *v = &def->params[def->copy_params[i]];
        if (!type_fits(PQftype(result, (int)i), v))
            return fail(cx, INTERNAL,
                        "%s (%s): column %s has PostgreSQL's type number %u, which COPY cannot fill from %s", def->name,
                        def->source, PQfname(result, (int)i), PQftype(result, (int)i), v->name);
    }
    return OK;
}
