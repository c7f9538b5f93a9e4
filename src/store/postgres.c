/* PostgreSQL connections and transactions.
 *
 * Writers exclude each other by an advisory lock, so READ COMMITTED is enough for them; readers get one snapshot. A
 * connection that is lost takes its transaction along; the next tx_begin connects anew. */
#include "store/postgres.h"

#include <string.h>

#include "base/buf.h"

/* Every statement is a short one that is asked again and again: planned once per connection, by indexes. */
#define SESSION                                                                                                        \
    "SET client_min_messages = warning; SET standard_conforming_strings = on; SET lock_timeout = 30000; "              \
    "SET cursor_tuple_fraction = 1; SET jit = off; SET plan_cache_mode = force_generic_plan; "                         \
    "SET random_page_cost = 1.1;"                                                                                      \
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
#define BEGIN_WRITE "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = %d; SELECT pg_advisory_xact_lock(727274, 1)"
#define BEGIN_READ "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

void postgres_clear(PGresult **result) { PQclear(*result); }

/* ---- messages ---- */

/* libpq's message in one line, without the password. */
static Str server_message(struct ctx *cx, struct postgres_db *db, const char *message) {
    Str rest = str_trim(str_from(message)), secret = str_from(db->password);
    AUTO(buf_done) struct buf out = buf_make(sizeof cx->fault.message);
    while (rest.n) {
        if (secret.n && str_starts(rest, secret)) {
            buf_add_cstr(&out, "***");
            rest = (Str){rest.p + secret.n, rest.n - secret.n};
            continue;
        }
        buf_add_char(&out, rest.p[0] == '\n' || rest.p[0] == '\t' ? ' ' : rest.p[0]);
        rest = (Str){rest.p + 1, rest.n - 1};
    }
    return arena_str(cx->arena, buf_str(&out));
}

/* Classes of SQLSTATE (PostgreSQL manual, appendix A) and what they mean to us; the first that is a prefix counts. */
static const struct {
    const char *state;
    enum rc rc;
} states[] = {
    {"23", CONFLICT},                     /* integrity constraint violation; also append-only tables */
    {"21000", CONFLICT},                  /* ON CONFLICT met a row twice in one statement */
    {"22021", INVALID},                   /* not valid UTF-8 */
    {"22", INTERNAL},    {"40", BUSY},    /* serialisation failure, deadlock */
    {"55P03", BUSY},                      /* lock_timeout */
    {"53300", BUSY},                      /* too many connections */
    {"08", REMOTE},      {"57P", REMOTE}, /* shutdown, crash, starting up */
};

enum rc postgres_fault(struct ctx *cx, struct db *base, const PGresult *result, const char *what) {
    struct postgres_db *db = postgres_of(base);
    if (PQstatus(db->conn) != CONNECTION_OK)
        return fail(cx, REMOTE, "%s: the connection to the database was lost", what);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    enum rc rc = INTERNAL;
    for (size_t i = 0; state && i < COUNT_OF(states); i++)
        if (str_starts(str_from(state), str_from(states[i].state))) {
            rc = states[i].rc;
            break;
        }
    Str text = server_message(cx, db, message ? message : PQerrorMessage(db->conn));
    if (state && strcmp(state, "55P03") == 0)
        return fail_field(cx, BUSY, NULL, "try again when the other import or run is done",
                          "%s: the database is being written by another program for more than %d s", what,
                          WRITER_WAIT_MS / 1000);
    return fail(cx, rc, "%s: %.*s", what, STR_ARG(text));
}

static enum rc command(struct ctx *cx, struct db *base, const char *sql, const char *what) {
    AUTO(postgres_clear) PGresult *result = PQexec(postgres_of(base)->conn, sql);
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    return good ? OK : postgres_fault(cx, base, result, what);
}

/* ---- opening ---- */

static void stay_silent(void *self, const PGresult *notice) {
    (void)self;
    (void)notice;
}

static char *copy_text(const char *text) {
    size_t n = strlen(text) + 1;
    return memcpy(mem_alloc(n), text, n);
}

/* The password of the URL. INVALID, without repeating any of it, when the URL cannot be read. */
static enum rc find_password(struct ctx *cx, struct postgres_db *db, const char *url) {
    char *problem = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &problem);
    PQfreemem(problem);
    if (!options)
        return fail_field(cx, INVALID, NULL, "write postgresql://USER@HOST:PORT/DATABASE",
                          "the address of the database cannot be read");
    for (PQconninfoOption *o = options; o->keyword; o++)
        if (o->val && *o->val && strcmp(o->keyword, "password") == 0) db->password = copy_text(o->val);
    PQconninfoFree(options);
    return OK;
}

static enum rc start_session(struct ctx *cx, struct postgres_db *db) {
    if (PQstatus(db->conn) != CONNECTION_OK) {
        Str message = server_message(cx, db, PQerrorMessage(db->conn));
        return fail(cx, REMOTE, "could not reach the database server: %.*s", STR_ARG(message));
    }
    PQsetNoticeReceiver(db->conn, stay_silent, NULL);
    db->generation++;
    db->to_close_count = 0;
    return command(cx, &db->base, SESSION, "session");
}

static void postgres_close(struct db *base) {
    struct postgres_db *db = postgres_of(base);
    PQfinish(db->conn);
    mem_free(db->password);
    mem_free(db);
}

/* ---- transactions ---- */

/* A connection that died between two transactions is noticed only now; nothing is lost by trying once more. */
static enum rc postgres_begin(struct ctx *cx, struct db *base, enum tx_mode mode) {
    struct postgres_db *db = postgres_of(base);
    char write[sizeof BEGIN_WRITE + 12];
    snprintf(write, sizeof write, BEGIN_WRITE, base->wait_ms ? base->wait_ms : WRITER_WAIT_MS);
    const char *sql = mode == TX_WRITE ? write : BEGIN_READ;
    bool fresh = PQstatus(db->conn) != CONNECTION_OK;
    if (fresh) {
        PQreset(db->conn);
        TRY(start_session(cx, db));
    }
    enum rc rc = command(cx, base, sql, "begin");
    if (rc != OK && !fresh && PQstatus(db->conn) != CONNECTION_OK) {
        PQreset(db->conn);
        TRY(start_session(cx, db));
        rc = command(cx, base, sql, "begin");
    }
    if (rc != OK)
        PQclear(PQexec(db->conn, "ROLLBACK"));
    else
        base->in_doubt = false;
    return rc;
}

static enum rc postgres_commit(struct ctx *cx, struct db *base) {
    struct postgres_db *db = postgres_of(base);
    db->to_close_count = 0;
    AUTO(postgres_clear) PGresult *result = PQexec(db->conn, "COMMIT");
    if (PQresultStatus(result) == PGRES_COMMAND_OK)
        return strcmp(PQcmdStatus(result), "COMMIT") == 0
                   ? OK
                   : fail(cx, INTERNAL, "the database rolled the transaction back; nothing of it was kept");
    if (PQstatus(db->conn) != CONNECTION_OK && base->tx.mode == TX_WRITE) {
        base->in_doubt = true;
        return fail(cx, REMOTE,
                    "the connection was lost while committing: whether the transaction was kept is not known");
    }
    return postgres_fault(cx, base, result, "commit");
}

static void postgres_rollback(struct db *base) {
    struct postgres_db *db = postgres_of(base);
    db->to_close_count = 0;
    if (PQstatus(db->conn) == CONNECTION_OK) PQclear(PQexec(db->conn, "ROLLBACK"));
}

/* Cursors of an undone savepoint are gone with it; those of a released one belong to what is around it. */
static void postgres_savepoint_gone(struct db *base, int depth, bool undone) {
    struct postgres_db *db = postgres_of(base);
    size_t kept = 0;
    for (size_t i = 0; i < db->to_close_count; i++) {
        struct spent_cursor c = db->to_close[i];
        if (c.savepoint > depth && undone) continue;
        if (c.savepoint > depth) c.savepoint = depth;
        db->to_close[kept++] = c;
    }
    db->to_close_count = kept;
}

static const struct driver postgres_driver = {
    .close = postgres_close,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .run = command,
    .savepoint_gone = postgres_savepoint_gone,
    .prepare = postgres_prepare,
    .discard = postgres_discard,
    .execute = postgres_execute,
    .step = postgres_step,
    .column = postgres_column,
    .changes = postgres_changes,
    .finish = postgres_finish,
    .bulk = postgres_bulk,
    .check = postgres_check,
};

enum rc postgres_open(struct ctx *cx, const char *url, struct db **out_db) {
    struct postgres_db *db = mem_alloc(sizeof *db);
    db->base = (struct db){.driver = &postgres_driver, .engine = DB_POSTGRES};
    enum rc rc = find_password(cx, db, url);
    if (rc == OK) {
        /* What stands before dbname is only a default, what stands behind it is ours. */
        static const char *const names[] = {"connect_timeout", "tcp_user_timeout", "application_name",
                                            "dbname",          "client_encoding",  NULL};
        const char *const values[] = {"10", "30000", "aldia", url, "UTF8", NULL};
        db->conn = PQconnectdbParams(names, values, 1);
        rc = start_session(cx, db);
    }
    if (rc != OK) {
        postgres_close(&db->base);
        return rc;
    }
    *out_db = &db->base;
    return OK;
}
