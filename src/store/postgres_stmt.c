/* PostgreSQL statements: prepared on the server, values in binary both ways.
 *
 * A cursor (other than over the rows of an @among, which come whole) is DECLAREd and read 1,000 rows at a time, so that
 * any number of them and other statements go side by side. Opening sends CLOSE of the spent ones, DECLARE and the first
 * FETCH in one round trip. */
#include "store/postgres.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

#define FETCH_ROWS 1000
#define COPY_ROWS 100 /* fewer are not worth the second round trip */
#define BULK_ROWS 5000
#define BULK_BYTES ((size_t)8 * 1024 * 1024)
#define BULK_BYTES_MAX ((size_t)512 * 1024 * 1024)
#define ARRAY_HEADER 20
#define ANALYZE_ROWS 500  /* from so many written rows on … */
#define ANALYZE_GROWTH 10 /* … and again after this many times as many */

/* Type numbers of pg_type.dat; fixed for good. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_VARCHAR = 1043,
    OID_BYTEA_ARRAY = 1001,
    OID_TEXT_ARRAY = 1009,
    OID_INT8_ARRAY = 1016,
    OID_FLOAT8_ARRAY = 1022,
};

struct postgres_stmt {
    struct stmt base;
    unsigned number;      /* of its name on the server: "q7", and "c8" for a cursor */
    unsigned prepared_on; /* generation of the connection; 0: not yet */
    bool columns_checked;
    PGresult *result;
    int row, rows;       /* next row of the result, and how many it has */
    unsigned cursor;     /* number of the open cursor, 0 without */
    struct buf *columns; /* bulk: one binary array per parameter */
    size_t bulk_rows, bulk_bytes;
};

static struct postgres_stmt *of(struct stmt *s) { return (struct postgres_stmt *)s; }
static PGconn *conn_of(const struct stmt *s) { return postgres_of(s->db)->conn; }

/* Parameters are arrays, gathered row by row. */
static bool is_gathered(enum stmt_variant variant) { return variant == STMT_BULK || variant == STMT_LOOKUP; }
static const char *sql_of(const struct stmt_def *def, enum stmt_variant variant, bool for_all) {
    if (is_gathered(variant)) return variant == STMT_BULK ? def->postgres_bulk : def->postgres_lookup;
    return for_all ? def->postgres_all : def->postgres;
}
static bool is_scalar(const struct sql_value *v) { return v->kind >= SQL_COMPANY; }

static Oid oid_of(enum sql_kind kind, bool array) {
    switch (datum_type_of(kind)) {
    case DATUM_REAL: return array ? OID_FLOAT8_ARRAY : OID_FLOAT8;
    case DATUM_TEXT: return array ? OID_TEXT_ARRAY : OID_TEXT;
    case DATUM_BLOB: return array ? OID_BYTEA_ARRAY : OID_BYTEA;
    case DATUM_INT:
    case DATUM_NULL: break;
    }
    return array ? OID_INT8_ARRAY : OID_INT8;
}

/* ---- parameters on the wire ---- */

struct wire {
    const char *values[SQL_PARAMS_MAX];
    int lengths[SQL_PARAMS_MAX], formats[SQL_PARAMS_MAX];
    uint64_t numbers[SQL_PARAMS_MAX];
};

static uint64_t real_bits(double real) {
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    return bits;
}

static void wire_add(struct wire *w, size_t i, const struct datum *d) {
    w->formats[i] = 1;
    w->values[i] = NULL;
    w->lengths[i] = 0;
    if (d->type == DATUM_NULL) return;
    if (d->type == DATUM_TEXT || d->type == DATUM_BLOB) {
        w->values[i] = d->bytes.p;
        w->lengths[i] = (int)d->bytes.n;
        return;
    }
    w->numbers[i] = htobe64(d->type == DATUM_INT ? (uint64_t)d->integer : real_bits(d->real));
    w->values[i] = (const char *)&w->numbers[i];
    w->lengths[i] = 8;
}

static enum rc wire_fill(struct ctx *cx, struct wire *w, const struct stmt_def *def, const struct datum *params) {
    for (size_t i = 0; i < def->param_count; i++) {
        if (params[i].bytes.n > BULK_BYTES_MAX)
            return fail(cx, INVALID, "%s: a value is larger than the database can hold", def->name);
        wire_add(w, i, &params[i]);
    }
    return OK;
}

static void param_oids(const struct stmt *s, Oid *out_oids) {
    for (size_t i = 0; i < s->def->param_count; i++) {
        const struct sql_value *v = &s->def->params[i];
        out_oids[i] = oid_of(v->kind, is_gathered(s->variant) && !is_scalar(v));
    }
}

/* ---- preparing ---- */

enum rc postgres_prepare(struct ctx *cx, struct db *db, const struct stmt_def *def, enum stmt_variant variant,
                         struct stmt **out_stmt) {
    if (!sql_of(def, variant, false))
        return fail(cx, INTERNAL, "%s (%s) is not marked %s", def->name, def->source,
                    variant == STMT_BULK ? "bulk" : "lookup");
    struct postgres_stmt *s = mem_alloc(sizeof *s);
    s->number = ++postgres_of(db)->next_number;
    if (is_gathered(variant)) {
        s->columns = mem_alloc(def->param_count * sizeof *s->columns);
        for (size_t i = 0; i < def->param_count; i++) s->columns[i] = buf_make(BULK_BYTES_MAX);
    }
    *out_stmt = &s->base;
    return OK;
}

void postgres_discard(struct stmt *base) {
    struct postgres_stmt *s = of(base);
    PQclear(s->result);
    for (size_t i = 0; s->columns && i < base->def->param_count; i++) buf_done(&s->columns[i]);
    mem_free(s->columns);
    mem_free(s);
}

static void name_of(const struct postgres_stmt *s, char *out_name, size_t size) {
    snprintf(out_name, size, "q%u", s->number);
}

static enum rc prepare_on_server(struct ctx *cx, struct stmt *base) {
    struct postgres_stmt *s = of(base);
    unsigned generation = postgres_of(base->db)->generation;
    if (s->prepared_on == generation) return OK;
    char name[24];
    Oid oids[SQL_PARAMS_MAX];
    name_of(s, name, sizeof name);
    param_oids(base, oids);
    const char *sql = sql_of(base->def, base->variant, base->for_all);
    AUTO(postgres_clear) PGresult *result = PQprepare(conn_of(base), name, sql, (int)base->def->param_count, oids);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) return postgres_fault(cx, base->db, result, base->def->name);
    s->prepared_on = generation;
    s->columns_checked = false;
    return OK;
}

static bool type_fits(Oid oid, enum datum_type wanted) {
    switch (wanted) {
    case DATUM_INT: return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2 || oid == OID_BOOL;
    case DATUM_REAL: return oid == OID_FLOAT8 || oid == OID_FLOAT4;
    case DATUM_TEXT: return oid == OID_TEXT || oid == OID_VARCHAR;
    case DATUM_BLOB: return oid == OID_BYTEA;
    case DATUM_NULL: break;
    }
    return false;
}

/* Values are read in binary: a column of another type than declared would be garbage. */
static enum rc check_columns(struct ctx *cx, struct stmt *base, const PGresult *result) {
    const struct stmt_def *def = base->def;
    if (of(base)->columns_checked) return OK;
    if (PQnfields(result) != (int)def->column_count + (base->variant == STMT_LOOKUP))
        return fail(cx, INTERNAL, "%s (%s): %d columns, %zu declared", def->name, def->source, PQnfields(result),
                    def->column_count);
    for (int i = 0; i < (int)def->column_count; i++) {
        const struct sql_value *v = &def->columns[i];
        if (!type_fits(PQftype(result, i), datum_type_of(v->kind)))
            return fail_field(cx, INTERNAL, NULL, "sum() and the like need CAST(… AS BIGINT)",
                              "%s (%s): column %s has PostgreSQL's type number %u", def->name, def->source, v->name,
                              PQftype(result, i));
    }
    of(base)->columns_checked = true;
    return OK;
}

enum rc postgres_check(struct ctx *cx, struct stmt *base) {
    char name[24];
    TRY(prepare_on_server(cx, base));
    name_of(of(base), name, sizeof name);
    AUTO(postgres_clear) PGresult *result = PQdescribePrepared(conn_of(base), name);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) return postgres_fault(cx, base->db, result, base->def->name);
    if (PQnparams(result) != (int)base->def->param_count)
        return fail(cx, INTERNAL, "%s (%s): %d parameters, %zu declared", base->def->name, base->def->source,
                    PQnparams(result), base->def->param_count);
    if (base->variant == STMT_BULK && base->def->postgres_copy) TRY(postgres_copy_check(cx, base));
    return check_columns(cx, base, result);
}

/* ---- running ---- */

/* Takes the result over, whatever it is. */
static enum rc keep_result(struct ctx *cx, struct stmt *base, PGresult *result) {
    struct postgres_stmt *s = of(base);
    PQclear(s->result);
    s->result = result;
    s->row = -1;
    s->rows = PQntuples(result);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK) return OK;
    if (status != PGRES_TUPLES_OK) return postgres_fault(cx, base->db, result, base->def->name);
    return check_columns(cx, base, result);
}

static enum rc execute_prepared(struct ctx *cx, struct stmt *base, const struct wire *w) {
    char name[24];
    TRY(prepare_on_server(cx, base));
    name_of(of(base), name, sizeof name);
    return keep_result(
        cx, base,
        PQexecPrepared(conn_of(base), name, (int)base->def->param_count, w->values, w->lengths, w->formats, 1));
}

static void fetch_text(const struct postgres_stmt *s, char *out_sql, size_t size) {
    snprintf(out_sql, size, "FETCH %d FROM c%u", FETCH_ROWS, s->cursor);
}

/* The pipeline's results in order: CLOSE …, DECLARE, FETCH, the sync. *out_failed is the first bad one, *out_fetched
 * the rows. */
static void collect(PGconn *conn, PGresult **out_failed, PGresult **out_fetched) {
    for (;;) {
        PGresult *result = PQgetResult(conn);
        if (!result) { /* end of one query's results, or of everything after a lost connection */
            if (PQstatus(conn) != CONNECTION_OK) return;
            continue;
        }
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            return;
        }
        if (status == PGRES_TUPLES_OK && !*out_fetched)
            *out_fetched = result;
        else if (status == PGRES_FATAL_ERROR && !*out_failed)
            *out_failed = result;
        else
            PQclear(result);
    }
}

static bool send_close(struct postgres_db *db) {
    bool sent = true;
    for (size_t i = 0; i < db->to_close_count && sent; i++) {
        char sql[40];
        snprintf(sql, sizeof sql, "CLOSE c%u", db->to_close[i].number);
        sent = PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 0) == 1;
    }
    db->to_close_count = 0;
    return sent;
}

static enum rc open_cursor(struct ctx *cx, struct stmt *base, const struct wire *w) {
    struct postgres_stmt *s = of(base);
    struct postgres_db *db = postgres_of(base->db);
    Oid oids[SQL_PARAMS_MAX];
    param_oids(base, oids);
    s->cursor = ++db->next_number;
    struct arena_mark mark = arena_mark(cx->arena);
    Str declare = arena_printf(cx->arena, "DECLARE c%u NO SCROLL CURSOR FOR %s", s->cursor,
                               sql_of(base->def, base->variant, base->for_all));
    char fetch[40];
    fetch_text(s, fetch, sizeof fetch);
    PGresult *fetched = NULL;
    AUTO(postgres_clear) PGresult *failed = NULL;
    bool sent = PQenterPipelineMode(db->conn) && send_close(db) &&
                PQsendQueryParams(db->conn, declare.p, (int)base->def->param_count, oids, w->values, w->lengths,
                                  w->formats, 1) &&
                PQsendQueryParams(db->conn, fetch, 0, NULL, NULL, NULL, NULL, 1) && PQpipelineSync(db->conn);
    arena_rewind(cx->arena, mark);
    if (sent) collect(db->conn, &failed, &fetched);
    if (PQstatus(db->conn) == CONNECTION_OK) PQexitPipelineMode(db->conn);
    if (failed || !fetched) {
        PQclear(fetched);
        s->cursor = 0;
        return postgres_fault(cx, base->db, failed, base->def->name);
    }
    return keep_result(cx, base, fetched);
}

/* ---- statistics ---- */

static struct growth *growth_of(struct postgres_db *db, Str table) {
    for (size_t i = 0; i < db->growth_count; i++)
        if (str_equal(db->growths[i].table, table)) return &db->growths[i];
    if (db->growth_count == GROWTHS_MAX) return NULL;
    db->growths[db->growth_count] = (struct growth){.table = table};
    return &db->growths[db->growth_count++];
}

static Str table_written(const struct stmt *base) {
    static const char *const starts[] = {"INSERT INTO ", "UPDATE "};
    Str sql = str_from(sql_of(base->def, base->variant, base->for_all));
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        Str start = str_from(starts[i]);
        if (!str_starts(sql, start)) continue;
        sql = (Str){sql.p + start.n, sql.n - start.n};
        return (Str){sql.p, strcspn(sql.p, " (")};
    }
    return S("");
}

/* A table that grew manifold: without statistics the server believes that one company is a two-hundredth of it, and
 * reads all of it to find one customer. Its own daemon would see to it too late, and not at all within this
 * transaction. */
static enum rc analyze_grown(struct ctx *cx, struct stmt *base, size_t rows) {
    Str table = table_written(base);
    struct growth *g = table.n ? growth_of(postgres_of(base->db), table) : NULL;
    if (!g) return OK;
    g->rows += rows;
    if (g->rows < ANALYZE_ROWS || g->rows < g->analyzed * ANALYZE_GROWTH) return OK;
    g->analyzed = g->rows;
    char sql[128];
    snprintf(sql, sizeof sql, "ANALYZE (SKIP_LOCKED) %.*s", STR_ARG(table));
    AUTO(postgres_clear) PGresult *result = PQexec(conn_of(base), sql);
    return PQresultStatus(result) == PGRES_COMMAND_OK ? OK : postgres_fault(cx, base->db, result, sql);
}

enum rc postgres_execute(struct ctx *cx, struct stmt *base, const struct datum *params) {
    struct wire w;
    TRY(wire_fill(cx, &w, base->def, params));
    /* What writes and returns rows cannot be a cursor, and for what is asked by ids a cursor is not worth parsing and
     * planning it each time: such rows are held here. */
    bool whole = base->variant != STMT_CURSOR || base->def->writes || base->def->bounded;
    TRY(whole ? execute_prepared(cx, base, &w) : open_cursor(cx, base, &w));
    return base->def->writes && !base->def->columns ? analyze_grown(cx, base, 1) : OK;
}

enum rc postgres_step(struct ctx *cx, struct stmt *base, bool *out_row) {
    struct postgres_stmt *s = of(base);
    if (s->row + 1 >= s->rows && s->cursor && s->rows == FETCH_ROWS) {
        char fetch[40];
        fetch_text(s, fetch, sizeof fetch);
        TRY(keep_result(cx, base, PQexecParams(conn_of(base), fetch, 0, NULL, NULL, NULL, NULL, 1)));
    }
    *out_row = s->row + 1 < s->rows;
    if (*out_row) s->row++;
    return OK;
}

static int64_t read_integer(const char *p, int length) {
    if (length == 8) {
        uint64_t wide;
        memcpy(&wide, p, sizeof wide);
        return (int64_t)be64toh(wide);
    }
    if (length == 4) {
        uint32_t word;
        memcpy(&word, p, sizeof word);
        return (int32_t)be32toh(word);
    }
    if (length == 2) {
        uint16_t half;
        memcpy(&half, p, sizeof half);
        return (int16_t)be16toh(half);
    }
    return p[0];
}

static double read_real(const char *p, int length) {
    if (length == 4) {
        uint32_t bits = (uint32_t)read_integer(p, 4);
        float real;
        memcpy(&real, &bits, sizeof real);
        return (double)real;
    }
    uint64_t bits = (uint64_t)read_integer(p, 8);
    double real;
    memcpy(&real, &bits, sizeof real);
    return real;
}

void postgres_column(struct stmt *base, int column, enum datum_type wanted, struct datum *out) {
    const struct postgres_stmt *s = of(base);
    out->type = DATUM_NULL;
    if (PQgetisnull(s->result, s->row, column)) return;
    const char *p = PQgetvalue(s->result, s->row, column);
    int length = PQgetlength(s->result, s->row, column);
    out->type = wanted;
    if (wanted == DATUM_INT)
        out->integer = read_integer(p, length);
    else if (wanted == DATUM_REAL)
        out->real = read_real(p, length);
    else
        out->bytes = (Str){p, (size_t)length};
}

int64_t postgres_changes(struct stmt *s) {
    int64_t changes = 0;
    str_to_i64(str_from(PQcmdTuples(of(s)->result)), &changes);
    return changes;
}

/* Too many spent cursors at once: close them now. */
static void close_spent(struct postgres_db *db) {
    AUTO(buf_done) struct buf sql = buf_make(TO_CLOSE_MAX * 24);
    for (size_t i = 0; i < db->to_close_count; i++) buf_printf(&sql, "CLOSE c%u;", db->to_close[i].number);
    db->to_close_count = 0;
    AUTO(postgres_clear) PGresult *result = PQexec(db->conn, buf_str(&sql).p);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) db->base.tx.failed = true;
}

void postgres_finish(struct stmt *base) {
    struct postgres_stmt *s = of(base);
    struct postgres_db *db = postgres_of(base->db);
    PQclear(s->result);
    s->result = NULL;
    s->row = s->rows = 0;
    if (s->cursor && !base->db->tx.failed) {
        if (db->to_close_count == TO_CLOSE_MAX) close_spent(db);
        db->to_close[db->to_close_count++] = (struct spent_cursor){s->cursor, base->savepoint};
    }
    s->cursor = 0;
    for (size_t i = 0; s->columns && i < base->def->param_count; i++) buf_clear(&s->columns[i]);
    s->bulk_rows = s->bulk_bytes = 0;
}

/* ---- bulk ---- */

static void add_be32(struct buf *b, uint32_t value) {
    uint32_t wire = htobe32(value);
    buf_add(b, (Str){(const char *)&wire, sizeof wire});
}

/* The element of one row: its length, or -1 for NULL, and its bytes. */
static void add_element(struct buf *b, const struct datum *d) {
    if (b->n == 0) buf_add(b, (Str){(const char[ARRAY_HEADER]){0}, ARRAY_HEADER});
    if (d->type == DATUM_NULL) {
        add_be32(b, UINT32_MAX);
        return;
    }
    if (d->type == DATUM_TEXT || d->type == DATUM_BLOB) {
        add_be32(b, (uint32_t)d->bytes.n);
        buf_add(b, d->bytes);
        return;
    }
    uint64_t number = htobe64(d->type == DATUM_INT ? (uint64_t)d->integer : real_bits(d->real));
    add_be32(b, sizeof number);
    buf_add(b, (Str){(const char *)&number, sizeof number});
}

/* One dimension, NULLs possible, element type, length, lower bound 1 (array_send in PostgreSQL's arrayfuncs.c). */
static void write_array_header(struct buf *b, enum sql_kind kind, size_t rows) {
    const uint32_t header[] = {htobe32(1), htobe32(1), htobe32(oid_of(kind, false)), htobe32((uint32_t)rows),
                               htobe32(1)};
    memcpy(b->p, header, sizeof header);
}

static enum rc bulk_flush(struct ctx *cx, struct stmt *base) {
    struct postgres_stmt *s = of(base);
    struct wire w;
    for (size_t i = 0; i < base->def->param_count; i++) {
        const struct sql_value *v = &base->def->params[i];
        struct buf *b = &s->columns[i];
        if (!buf_ok(b)) return fail(cx, INVALID, "%s: the rows are larger than the database can hold", base->def->name);
        if (!is_scalar(v)) {
            write_array_header(b, v->kind, s->bulk_rows);
            wire_add(&w, i, &(struct datum){.type = DATUM_BLOB, .bytes = buf_str(b)});
        } else {
            struct datum d = context_datum(cx, v->kind);
            wire_add(&w, i, &d);
        }
    }
    TRY(execute_prepared(cx, base, &w));
    size_t rows = s->bulk_rows;
    for (size_t i = 0; i < base->def->param_count; i++) buf_clear(&s->columns[i]);
    s->bulk_rows = s->bulk_bytes = 0;
    return base->variant == STMT_BULK ? analyze_grown(cx, base, rows) : OK;
}

static enum rc bulk_row(struct ctx *cx, struct stmt *base, const void *params) {
    struct postgres_stmt *s = of(base);
    for (size_t i = 0; i < base->def->param_count; i++) {
        if (is_scalar(&base->def->params[i])) continue;
        char code[4];
        struct datum d;
        TRY(datum_of_param(cx, base->def, i, params, code, &d));
        size_t before = s->columns[i].n;
        add_element(&s->columns[i], &d);
        s->bulk_bytes += s->columns[i].n - before;
    }
    s->bulk_rows++;
    if (base->variant == STMT_LOOKUP) return OK;
    return s->bulk_rows == BULK_ROWS || s->bulk_bytes > BULK_BYTES ? bulk_flush(cx, base) : OK;
}

enum rc postgres_bulk(struct ctx *cx, struct stmt *s, const void *rows, size_t n) {
    if (s->variant == STMT_BULK && s->def->postgres_copy && n >= COPY_ROWS) {
        TRY(postgres_copy(cx, s, rows, n));
        return analyze_grown(cx, s, n);
    }
    for (size_t i = 0; i < n; i++) TRY(bulk_row(cx, s, (const char *)rows + i * s->def->params_size));
    return of(s)->bulk_rows ? bulk_flush(cx, s) : OK;
}
