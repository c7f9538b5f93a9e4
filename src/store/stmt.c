/* Queries over either engine: moves values between structs and statements, and keeps prepared statements.
 *
 * The one idea: a definition is a table of offsets (mksql writes it), so nothing here knows any query. */
#include "store/stmt.h"

#include <string.h>

#include "core/date.h"
#include "core/money.h"
#include "store/driver.h"

enum datum_type datum_type_of(enum sql_kind kind) {
    switch (kind) {
    case SQL_INT:
    case SQL_BOOL:
    case SQL_DATE:
    case SQL_STAMP:
    case SQL_COMPANY:
    case SQL_NOW:
    case SQL_VIEWER:
    case SQL_VIEWER_TEAM: return DATUM_INT;
    case SQL_REAL: return DATUM_REAL;
    case SQL_BLOB: return DATUM_BLOB;
    case SQL_TEXT:
    case SQL_CURRENCY: return DATUM_TEXT;
    }
    return DATUM_NULL;
}

/* ---- from structs to parameters ---- */

static struct datum integer_or_null(int64_t value, bool is_null) {
    return (struct datum){.type = is_null ? DATUM_NULL : DATUM_INT, .integer = value};
}

static struct datum bytes_or_null(enum datum_type type, Str s, bool nullable) {
    if (!s.p && nullable) return (struct datum){.type = DATUM_NULL};
    return (struct datum){.type = type, .bytes = s.p ? s : S("")};
}

/* The ISO code in three bytes at `text`. */
static struct datum currency_datum(Currency c, bool nullable, char *text) {
    if (!c.packed) return bytes_or_null(DATUM_TEXT, (Str){0}, nullable);
    text[0] = (char)(c.packed >> 16 & 0xff);
    text[1] = (char)(c.packed >> 8 & 0xff);
    text[2] = (char)(c.packed & 0xff);
    return (struct datum){.type = DATUM_TEXT, .bytes = {text, 3}};
}

struct datum context_datum(const struct ctx *cx, enum sql_kind kind) {
    if (kind == SQL_NOW) return integer_or_null(cx->now.ms, instant_is_none(cx->now));
    if (kind == SQL_VIEWER) return integer_or_null(cx->view.user_id, false);
    if (kind == SQL_VIEWER_TEAM) return integer_or_null(cx->view.team_id, false);
    return integer_or_null(cx->company_id, false);
}

static struct datum param_datum(const struct ctx *cx, const struct sql_value *v, const void *params, char *currency) {
    if (v->kind >= SQL_COMPANY) return context_datum(cx, v->kind);
    if (v->flag != SQL_NO_FLAG && !*((const bool *)params + v->flag)) return (struct datum){.type = DATUM_NULL};
    const char *at = (const char *)params + v->offset;
    union {
        int64_t integer;
        bool truth;
        double real;
        Date date;
        Instant instant;
        Currency currency;
        Str text;
    } u;
    switch (v->kind) {
    case SQL_INT: memcpy(&u.integer, at, sizeof u.integer); return integer_or_null(u.integer, false);
    case SQL_BOOL: memcpy(&u.truth, at, sizeof u.truth); return integer_or_null(u.truth, false);
    case SQL_DATE: memcpy(&u.date, at, sizeof u.date); return integer_or_null(u.date.day, date_is_none(u.date));
    case SQL_STAMP:
        memcpy(&u.instant, at, sizeof u.instant);
        return integer_or_null(u.instant.ms, instant_is_none(u.instant));
    case SQL_REAL: memcpy(&u.real, at, sizeof u.real); return (struct datum){.type = DATUM_REAL, .real = u.real};
    case SQL_CURRENCY:
        memcpy(&u.currency, at, sizeof u.currency);
        return currency_datum(u.currency, v->nullable, currency);
    case SQL_TEXT:
    case SQL_BLOB:
    case SQL_COMPANY:
    case SQL_NOW:
    case SQL_VIEWER:
    case SQL_VIEWER_TEAM: break;
    }
    memcpy(&u.text, at, sizeof u.text);
    return bytes_or_null(datum_type_of(v->kind), u.text, v->nullable);
}

/* Parameters of one execution; the codes of currencies lie beside them. */
struct bound {
    struct datum values[SQL_PARAMS_MAX];
    char currencies[SQL_PARAMS_MAX][4];
};

/* Eight bytes at a time: whether all are ASCII and none is zero. */
static bool is_plain_text(Str s) {
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    uint64_t found = 0, word;
    size_t at = 0;
    for (; at + sizeof word <= s.n; at += sizeof word) {
        memcpy(&word, s.p + at, sizeof word);
        found |= (word | (word - ones)) & highs; /* a zero byte borrows its high bit */
    }
    for (; at < s.n; at++) found |= (unsigned char)(s.p[at] - 1) >= 0x7F;
    return found == 0;
}

/* Checked here because PostgreSQL refuses such text and SQLite would take it. */
static bool is_storable_text(Str s) { return is_plain_text(s) || (!memchr(s.p, 0, s.n) && str_is_utf8(s)); }

enum rc datum_of_param(struct ctx *cx, const struct stmt_def *def, size_t i, const void *params, char *code,
                       struct datum *out) {
    *out = param_datum(cx, &def->params[i], params, code);
    if (out->type != DATUM_TEXT || is_storable_text(out->bytes)) return OK;
    return fail_field(cx, INVALID, def->params[i].name, NULL, "%s: %s is not UTF-8 text", def->name,
                      def->params[i].name);
}

static enum rc bind_params(struct ctx *cx, const struct stmt_def *def, const void *params, struct bound *out_bound) {
    MUST(def->param_count <= SQL_PARAMS_MAX);
    for (size_t i = 0; i < def->param_count; i++)
        TRY(datum_of_param(cx, def, i, params, out_bound->currencies[i], &out_bound->values[i]));
    return OK;
}

/* ---- from columns to structs ---- */

static enum rc currency_read(struct ctx *cx, const struct stmt_def *def, const struct sql_value *v, Str code,
                             Currency *out_currency) {
    uint32_t packed = 0;
    bool letters = code.n == 3 || code.n == 0;
    for (size_t i = 0; i < code.n && letters; i++) {
        letters = code.p[i] >= 'A' && code.p[i] <= 'Z';
        packed = packed << 8 | (unsigned char)code.p[i];
    }
    if (!letters)
        return fail(cx, INTERNAL, "%s: column %s holds \"%.*s\", which is no currency", def->name, v->name,
                    STR_ARG(code));
    out_currency->packed = packed;
    return OK;
}

static enum rc read_column(struct ctx *cx, struct stmt *s, int i, void *row, bool copy) {
    const struct sql_value *v = &s->def->columns[i];
    char *at = (char *)row + v->offset;
    struct datum d = {0};
    s->db->driver->column(s, i, datum_type_of(v->kind), &d);
    bool is_null = d.type == DATUM_NULL;
    if (v->flag != SQL_NO_FLAG) {
        bool present = !is_null;
        memcpy((char *)row + v->flag, &present, sizeof present);
    }
    switch (v->kind) {
    case SQL_BOOL: {
        bool truth = d.integer != 0;
        memcpy(at, &truth, sizeof truth);
        break;
    }
    case SQL_DATE: {
        Date date = is_null ? DATE_NONE : (Date){(int32_t)d.integer};
        memcpy(at, &date, sizeof date);
        break;
    }
    case SQL_STAMP: {
        Instant instant = is_null ? INSTANT_NONE : (Instant){d.integer};
        memcpy(at, &instant, sizeof instant);
        break;
    }
    case SQL_REAL: memcpy(at, &d.real, sizeof d.real); break;
    case SQL_CURRENCY: {
        Currency currency = {0};
        TRY(currency_read(cx, s->def, v, d.bytes, &currency));
        memcpy(at, &currency, sizeof currency);
        break;
    }
    case SQL_TEXT:
    case SQL_BLOB: {
        Str text = copy && d.bytes.p ? arena_str(cx->arena, d.bytes) : d.bytes;
        memcpy(at, &text, sizeof text);
        break;
    }
    case SQL_INT:
    case SQL_COMPANY:
    case SQL_NOW:
    case SQL_VIEWER:
    case SQL_VIEWER_TEAM: memcpy(at, &d.integer, sizeof d.integer); break;
    }
    return OK;
}

static enum rc read_row(struct ctx *cx, struct stmt *s, void *row, bool copy) {
    for (size_t i = 0; i < s->def->column_count; i++) TRY(read_column(cx, s, (int)i, row, copy));
    return OK;
}

/* ---- kept statements ---- */

static size_t bucket_of(const struct stmt_def *def) { return ((uintptr_t)def >> 4) % STMT_BUCKETS; }

static void link_into(struct stmt **list, struct stmt *s) {
    s->previous = NULL;
    s->next = *list;
    if (*list) (*list)->previous = s;
    *list = s;
}

static void unlink_from(struct stmt **list, struct stmt *s) {
    if (s->previous)
        s->previous->next = s->next;
    else
        *list = s->next;
    if (s->next) s->next->previous = s->previous;
    s->next = s->previous = NULL;
}

bool stmt_for_all(const struct ctx *cx, const struct stmt_def *def) { return def->sqlite_all && cx->view.all; }

/* INV: I16: what was prepared for who sees all is never run for anybody else. */
static struct stmt *find_idle(const struct ctx *cx, struct db *db, const struct stmt_def *def, enum stmt_variant variant) {
    bool for_all = stmt_for_all(cx, def);
    for (struct stmt *s = db->idle[bucket_of(def)]; s; s = s->next)
        if (s->def == def && s->variant == variant && s->mode == db->tx.mode && s->for_all == for_all) return s;
    return NULL;
}

/* An open cursor that reads the rows where they lie. */
static const struct stmt *find_bounded(const struct db *db) {
    for (const struct stmt *s = db->open; s; s = s->next)
        if (s->def->bounded && !s->dead) return s;
    return NULL;
}

static enum rc take(struct ctx *cx, const struct stmt_def *def, enum stmt_variant variant, struct stmt **out_stmt) {
    if (!cx->tx) return fail(cx, INTERNAL, "%s (%s) runs outside a transaction", def->name, def->source);
    struct tx *tx = cx->tx;
    if (def->writes && tx->mode != TX_WRITE)
        return fail(cx, INTERNAL, "%s (%s) would write in a read-only transaction", def->name, def->source);
    if (tx->failed)
        return fail(cx, INTERNAL, "%s cannot run: an earlier statement of this transaction failed", def->name);
    struct db *db = tx->db;
    const struct stmt *reading = def->writes ? find_bounded(db) : NULL;
    if (reading)
        return fail(cx, INTERNAL, "%s (%s) would write while %s is read", def->name, def->source, reading->def->name);
    struct stmt *s = find_idle(cx, db, def, variant);
    if (s) {
        unlink_from(&db->idle[bucket_of(def)], s);
    } else {
        enum rc rc = db->driver->prepare(cx, db, def, variant, &s);
        if (rc != OK) {
            tx->failed = true;
            return rc;
        }
        s->db = db;
        s->def = def;
        s->variant = variant;
        s->mode = tx->mode;
        s->for_all = stmt_for_all(cx, def);
    }
    s->dead = false;
    s->savepoint = tx->savepoints;
    link_into(&db->open, s);
    *out_stmt = s;
    return OK;
}

void query_close(struct stmt **s) {
    struct stmt *gone = *s;
    if (!gone) return;
    struct db *db = gone->db;
    if (!gone->dead) db->driver->finish(gone);
    unlink_from(&db->open, gone);
    link_into(&db->idle[bucket_of(gone->def)], gone);
    *s = NULL;
}

void stmt_retire(struct db *db, int savepoint) {
    for (struct stmt *s = db->open; s; s = s->next)
        if (!s->dead && s->savepoint >= savepoint) {
            db->driver->finish(s);
            s->dead = true;
        }
}

void stmt_forget(struct db *db) {
    for (size_t i = 0; i < STMT_BUCKETS; i++)
        while (db->idle[i]) {
            struct stmt *s = db->idle[i];
            unlink_from(&db->idle[i], s);
            db->driver->discard(s);
        }
}

/* ---- running ---- */

#define LOOKUP_KEYS 4096 /* keys looked up at once, so that rows and memory stay within bounds */

/* `bound` stays with the caller until the statement is done: SQLite reads from there. */
static enum rc start(struct ctx *cx, struct stmt *s, const void *params, struct bound *bound) {
    enum rc rc = bind_params(cx, s->def, params, bound);
    if (rc == OK) rc = s->db->driver->execute(cx, s, bound->values);
    if (rc != OK) s->db->tx.failed = true;
    return rc;
}

static enum rc step(struct ctx *cx, struct stmt *s, bool *out_row) {
    enum rc rc = s->db->driver->step(cx, s, out_row);
    if (rc != OK) s->db->tx.failed = true;
    return rc;
}

/* The row is read into a scratch copy first: *out_row stays untouched if there is a second one. */
static enum rc only_row(struct ctx *cx, struct stmt *s, void *out_row, bool *out_found) {
    bool more = false;
    TRY(step(cx, s, &more));
    *out_found = more;
    if (!more) return OK;
    _Alignas(max_align_t) char small[1024];
    void *row = s->def->row_size <= sizeof small ? small : arena_alloc(cx->arena, s->def->row_size);
    TRY(read_row(cx, s, row, true));
    TRY(step(cx, s, &more));
    if (more) return fail(cx, INTERNAL, "%s (%s) found more than one row", s->def->name, s->def->source);
    memcpy(out_row, row, s->def->row_size);
    return OK;
}

enum rc query_maybe(struct ctx *cx, const struct stmt_def *def, const void *params, void *out_row, bool *out_found) {
    AUTO(query_close) struct stmt *s = NULL;
    TRY(take(cx, def, STMT_PLAIN, &s));
    struct bound bound;
    TRY(start(cx, s, params, &bound));
    return only_row(cx, s, out_row, out_found);
}

/* A row says behind its columns which of them it answers, counted from 1. */
static enum rc lookup_set(struct ctx *cx, struct stmt *s, const char *keys, size_t n, char *rows, bool *found) {
    const struct driver *driver = s->db->driver;
    memset(found, 0, n * sizeof *found);
    TRY(driver->bulk(cx, s, keys, n));
    for (;;) {
        bool more = false;
        struct datum nth = {0};
        TRY(step(cx, s, &more));
        if (!more) return OK;
        driver->column(s, (int)s->def->column_count, DATUM_INT, &nth);
        MUST(nth.integer >= 1 && (size_t)nth.integer <= n);
        size_t i = (size_t)nth.integer - 1;
        if (found[i]) return fail(cx, INTERNAL, "%s (%s) found more than one row", s->def->name, s->def->source);
        TRY(read_row(cx, s, rows + i * s->def->row_size, true));
        found[i] = true;
    }
}

enum rc query_lookup(struct ctx *cx, const struct stmt_def *def, const void *keys, size_t n, void *out_rows,
                     bool *out_found) {
    for (size_t from = 0; from < n; from += LOOKUP_KEYS) {
        AUTO(query_close) struct stmt *s = NULL;
        size_t count = n - from < LOOKUP_KEYS ? n - from : LOOKUP_KEYS;
        const char *key = (const char *)keys + from * def->params_size;
        char *row = (char *)out_rows + from * def->row_size;
        TRY(take(cx, def, STMT_LOOKUP, &s));
        enum rc rc = lookup_set(cx, s, key, count, row, out_found + from);
        if (rc != OK) {
            s->db->tx.failed = true;
            return rc;
        }
    }
    return OK;
}

enum rc query_one(struct ctx *cx, const struct stmt_def *def, const void *params, void *out_row) {
    bool found = false;
    TRY(query_maybe(cx, def, params, out_row, &found));
    return found ? OK : fail(cx, NOT_FOUND, "%s found nothing", def->name);
}

enum rc query_exec(struct ctx *cx, const struct stmt_def *def, const void *params, int64_t *out_changes) {
    AUTO(query_close) struct stmt *s = NULL;
    TRY(take(cx, def, STMT_PLAIN, &s));
    struct bound bound;
    TRY(start(cx, s, params, &bound));
    for (bool more = true; more;) TRY(step(cx, s, &more));
    if (out_changes) *out_changes = s->db->driver->changes(s);
    return OK;
}

/* Making a set of a single id costs SQLite more than most of what is then asked about it. */
static bool is_of_one(const struct ctx *cx, const struct stmt_def *def, const void *params) {
    if (!def->sqlite_one || !cx->tx || cx->tx->db->engine != DB_SQLITE) return false;
    Str ids;
    memcpy(&ids, (const char *)params + def->among, sizeof ids);
    return ids.n > 0 && !memchr(ids.p, ',', ids.n);
}

enum rc query_open(struct ctx *cx, const struct stmt_def *def, const void *params, struct stmt **out_stmt) {
    struct stmt *s = NULL;
    TRY(take(cx, def, is_of_one(cx, def, params) ? STMT_CURSOR_ONE : STMT_CURSOR, &s));
    struct bound bound;
    enum rc rc = start(cx, s, params, &bound);
    if (rc != OK)
        query_close(&s);
    else
        *out_stmt = s;
    return rc;
}

enum rc query_next(struct ctx *cx, struct stmt *s, void *out_row, bool *out_more) {
    MUST(s);
    if (s->dead) return fail(cx, INTERNAL, "%s is read after its transaction or savepoint ended", s->def->name);
    if (s->db->tx.failed)
        return fail(cx, INTERNAL, "%s cannot go on: an earlier statement of this transaction failed", s->def->name);
    bool more = false;
    TRY(step(cx, s, &more));
    if (more) TRY(read_row(cx, s, out_row, false));
    *out_more = more;
    return OK;
}

enum rc query_bulk(struct ctx *cx, const struct stmt_def *def, const void *rows, size_t n) {
    if (n == 0) return OK;
    AUTO(query_close) struct stmt *s = NULL;
    TRY(take(cx, def, STMT_BULK, &s));
    enum rc rc = s->db->driver->bulk(cx, s, rows, n);
    if (rc != OK) s->db->tx.failed = true;
    return rc;
}

static enum rc variant_check(struct ctx *cx, const struct stmt_def *def, enum stmt_variant variant) {
    AUTO(query_close) struct stmt *s = NULL;
    TRY(take(cx, def, variant, &s));
    return s->db->driver->check(cx, s);
}

enum rc query_check(struct ctx *cx, const struct stmt_def *def) {
    struct view before = cx->view;
    for (int all = def->sqlite_all ? 1 : 0; all >= 0; all--) {
        cx->view.all = all;
        enum rc rc = variant_check(cx, def, STMT_PLAIN);
        cx->view = before;
        TRY(rc);
    }
    if (def->sqlite_lookup) TRY(variant_check(cx, def, STMT_LOOKUP));
    if (def->postgres_bulk) TRY(variant_check(cx, def, STMT_BULK));
    if (def->sqlite_one && cx->tx->db->engine == DB_SQLITE) TRY(variant_check(cx, def, STMT_CURSOR_ONE));
    if (!def->columns || def->writes || cx->tx->mode != TX_WRITE) return OK;
    AUTO(query_close) struct stmt *cursor = NULL;
    return take(cx, def, STMT_CURSOR, &cursor);
}
