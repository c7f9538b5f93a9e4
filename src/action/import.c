/* Reading in batches, counting, and telling what was wrong with which line. */
#include "action/import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "action/app.h"
#include "base/file.h"
#include "base/log.h"
#include "company_sql.h"
#include "document_sql.h"
#include "import_log_sql.h"

#define MAX_ERRORS_TOLD 1000

struct problem {
    struct problem *next;
    int64_t line;
    Str field, message, hint;
};

struct gathering {
    struct import im;
    const struct import_driver *driver;
    struct table *table;
    struct arena *keep; /* problems live longer than a batch */
    int64_t rows, booked, duplicate, rejected, settled;
    struct problem *first, *last;
    size_t told;
    FILE *rejects;
    /* The batch being gathered. */
    char *batch;
    int64_t *lines;
    Str **cells; /* copies, kept only for --partial */
    size_t count;
    struct booking_problem *unknown; /* credit notes to pass over in a second reading, in `keep` */
};

/* In the order of the lines: what reading finds and what booking finds come at different times. */
static void add_problem(struct gathering *g, int64_t line, Str field, Str message, Str hint) {
    if (g->told++ >= MAX_ERRORS_TOLD) return;
    struct problem *p = ARENA_NEW(g->keep, struct problem), **at = &g->first;
    if (g->last && g->last->line <= line) at = &g->last->next;
    while (*at && (*at)->line <= line) at = &(*at)->next;
    *p = (struct problem){.next = *at,
                          .line = line,
                          .field = arena_str(g->keep, field),
                          .message = arena_str(g->keep, message),
                          .hint = arena_str(g->keep, hint)};
    *at = p;
    if (!p->next) g->last = p;
}

static void add_fault(struct ctx *cx, struct gathering *g, int64_t line) {
    const struct fault *f = &cx->fault;
    add_problem(g, line, str_from(f->field), str_from(f->message), str_from(f->hint));
}

static void write_cell(FILE *out, Str cell) {
    AUTO(buf_done) struct buf text = buf_make(4 * 1024 * 1024);
    buf_add_csv(&text, cell);
    fwrite(text.p, 1, text.n, out);
}

static void write_reject(struct gathering *g, const Str *cells, int64_t line, Str field, Str message, Str hint) {
    if (!g->rejects) return;
    size_t columns = table_columns(g->table);
    for (size_t i = 0; i < columns; i++) {
        write_cell(g->rejects, cells ? cells[i] : S(""));
        fputc(',', g->rejects);
    }
    fprintf(g->rejects, "%lld,", (long long)line);
    write_cell(g->rejects, field);
    fputc(',', g->rejects);
    write_cell(g->rejects, message);
    fputc(',', g->rejects);
    write_cell(g->rejects, hint);
    fputc('\n', g->rejects);
}

static enum rc open_rejects(struct ctx *cx, struct gathering *g) {
    const char *path = g->im.call->rejects_path;
    if (!path && (!arg_flag(g->im.call, "partial") || arg_flag(g->im.call, "dry-run"))) return OK;
    if (!path)
        path = arena_cstr(cx->arena, arena_printf(cx->arena, "%.*s.rejected.csv", STR_ARG(arg_text(g->im.call, "file"))));
    g->rejects = fopen(path, "we");
    if (!g->rejects) return fail(cx, INTERNAL, "could not write %s: %s", path, strerror(errno));
    for (size_t i = 0; i < table_columns(g->table); i++) {
        write_cell(g->rejects, table_header(g->table, i));
        fputc(',', g->rejects);
    }
    fputs(MAPPING_REJECT_COLUMNS "\n", g->rejects);
    return OK;
}

static enum rc flush_batch(struct ctx *cx, struct gathering *g) {
    struct row_result *results = ARENA_ARRAY(cx->arena, struct row_result, g->count);
    TRY(g->driver->book(cx, &g->im, g->batch, g->count, results));
    for (size_t i = 0; i < g->count; i++) {
        if (results[i].status == ROW_BOOKED) g->booked++;
        if (results[i].status == ROW_DUPLICATE) g->duplicate++;
        if (results[i].status != ROW_REJECTED) continue;
        g->rejected++;
        add_problem(g, g->lines[i], str_from(results[i].field), results[i].message, results[i].hint);
        write_reject(g, g->cells[i], g->lines[i], str_from(results[i].field), results[i].message, results[i].hint);
    }
    g->count = 0;
    if (g->im.call->progress)
        g->im.call->progress(g->im.call->self, g->driver->kind->name, table_progress(g->table), 1000);
    return OK;
}

static Str *copy_cells(struct ctx *cx, struct gathering *g, const struct table_row *row) {
    if (!g->rejects) return NULL;
    size_t columns = table_columns(g->table);
    Str *cells = ARENA_ARRAY(cx->arena, Str, columns);
    for (size_t i = 0; i < columns; i++) cells[i] = arena_str(cx->arena, row->cells[i]);
    return cells;
}

/* Tells of a credit note for an invoice nobody knows. */
static void reject_credit(const struct ctx *cx, struct gathering *g, const struct booking_problem *p, const Str *cells) {
    Str message = arena_printf(
        g->keep,
        phrase(cx, p->is_foreign ? "the credit note applies to %.*s, which is no invoice of this customer in this currency"
                                 : "the credit note applies to %.*s, which is not known"),
        STR_ARG(p->number));
    g->rejected++;
    add_problem(g, p->line, S("applies_to"), message, str_from(phrase(cx, "import the invoice first, or leave applies_to empty")));
    write_reject(g, cells, p->line, S("applies_to"), message, S("import the invoice first, or leave applies_to empty"));
}

static const struct booking_problem *unknown_credit(const struct gathering *g, int64_t line) {
    const struct booking_problem *p = g->unknown;
    while (p && p->line != line) p = p->next;
    return p;
}

/* Reads one row into the batch; a row that is wrong is told and passed over. */
static enum rc take_row(struct ctx *cx, struct gathering *g, bool *out_more) {
    struct table_row row;
    enum rc rc = table_next(cx, g->table, &row, out_more);
    if (rc == INVALID) {
        g->rows++;
        g->rejected++;
        add_fault(cx, g, table_line(g->table));
        write_reject(g, NULL, table_line(g->table), str_from(cx->fault.field), str_from(cx->fault.message), str_from(cx->fault.hint));
        *out_more = true;
        return OK;
    }
    if (rc != OK || !*out_more) return rc;
    g->rows++;
    const struct booking_problem *unknown = unknown_credit(g, row.line);
    if (unknown) {
        reject_credit(cx, g, unknown, row.cells);
        return OK;
    }
    char *slot = g->batch + g->count * g->driver->row_size;
    memset(slot, 0, g->driver->row_size);
    rc = g->driver->read(cx, &g->im, &row, slot);
    if (rc == INVALID || rc == NOT_FOUND || rc == CONFLICT) {
        g->rejected++;
        add_fault(cx, g, row.line);
        write_reject(g, row.cells, row.line, str_from(cx->fault.field), str_from(cx->fault.message), str_from(cx->fault.hint));
        return OK;
    }
    TRY(rc);
    g->lines[g->count] = row.line;
    g->cells[g->count] = copy_cells(cx, g, &row);
    g->count++;
    return OK;
}

static enum rc take_rows(struct ctx *cx, struct gathering *g) {
    for (bool more = true; more;) {
        struct arena_mark mark = arena_mark(cx->arena);
        g->batch = arena_calloc(cx->arena, BOOKING_BATCH, g->driver->row_size);
        g->lines = ARENA_ARRAY(cx->arena, int64_t, BOOKING_BATCH);
        g->cells = ARENA_ARRAY(cx->arena, Str *, BOOKING_BATCH);
        while (more && g->count < BOOKING_BATCH) TRY(take_row(cx, g, &more));
        TRY(flush_batch(cx, g));
        arena_rewind(cx->arena, mark);
    }
    return OK;
}

/* What the file is called, without its folder. */
static Str last_piece(struct ctx *cx, const struct gathering *g) {
    return str_from(file_name(arena_cstr(cx->arena, arg_text(g->im.call, "file"))));
}

static Str file_called(struct ctx *cx, const struct gathering *g) {
    return g->im.call->import_name.n ? g->im.call->import_name : last_piece(cx, g);
}

/* Keeps what became of the file. Needs a writing transaction. */
static enum rc keep_log(struct ctx *cx, const struct gathering *g, bool refused) {
    struct import_log_next_id_row next;
    const struct problem *p = g->first;
    bool complained = refused || g->rejected > 0;
    TRY(import_log_next_id(cx, &next));
    TRY(import_log_insert(cx, &(struct import_log_insert_params){
                                  .id = next.id,
                                  .kind = str_from(g->driver->kind->name),
                                  .file = file_called(cx, g),
                                  .upload = g->im.call->import_name.n ? last_piece(cx, g) : S(""),
                                  .state = refused ? S("refused") : complained ? S("partly") : S("booked"),
                                  .rows = g->rows,
                                  .booked = refused ? 0 : g->booked,
                                  .duplicate = g->duplicate,
                                  .rejected = g->rejected,
                                  .reason = p ? arena_printf(cx->arena, "%lld: %.*s", (long long)p->line, STR_ARG(p->message)) : S(""),
                                  .actor = str_from(cx->actor)}));
    if (complained) return OK;
    return import_log_settle(cx, &(struct import_log_settle_params){.kind = str_from(g->driver->kind->name), .id = next.id});
}

/* The same of one that left nothing else behind; that it cannot be kept does not hide why the file was refused. */
static enum rc keep_refusal(struct ctx *cx, const struct gathering *g) {
    struct fault before = cx->fault;
    AUTO(tx_end) struct ctx *scope = cx;
    if (arg_flag(g->im.call, "dry-run")) return OK;
    enum rc rc = tx_begin(cx, g->im.call->app->db, TX_WRITE);
    if (rc == OK) rc = keep_log(cx, g, true);
    if (rc == OK) rc = tx_commit(scope);
    if (rc != OK) log_write(LOG_WARN, "import_not_logged", "message=\"%s\"", cx->fault.message);
    cx->fault = before;
    return OK;
}

/* Members of the event's data about the file. */
static Str describe_file(struct ctx *cx, const struct gathering *g) {
    struct buf b = buf_make(8192);
    buf_add(&b, S("\"file\":\""));
    buf_add_json(&b, file_called(cx, g));
    buf_printf(&b, "\",\"rows\":%lld,\"booked\":%lld,\"duplicate\":%lld,\"rejected\":%lld", (long long)g->rows,
               (long long)g->booked, (long long)g->duplicate, (long long)g->rejected);
    Str text = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

static enum rc prepare(struct ctx *cx, struct gathering *g);
static enum rc book_all(struct ctx *cx, struct gathering *g);

/* That nobody knows the invoice of a credit note is only sure at the end of the file, when the note is booked already.
 * With
 * --partial the file is therefore read once more, without those lines. */
static enum rc book_without_unknown(struct ctx *cx, struct gathering *g) {
    for (const struct booking_problem *p = g->im.booking.problems; p; p = p->next) {
        struct booking_problem *copy = ARENA_NEW(g->keep, struct booking_problem);
        *copy = (struct booking_problem){
            .next = g->unknown, .line = p->line, .number = arena_str(g->keep, p->number), .is_foreign = p->is_foreign};
        g->unknown = copy;
    }
    tx_rollback(cx);
    booking_done(&g->im.booking);
    table_close(&g->table);
    if (g->rejects) fclose(g->rejects);
    g->rejects = NULL;
    g->rows = g->booked = g->duplicate = g->rejected = g->settled = 0;
    g->first = g->last = NULL;
    g->told = 0;
    TRY(prepare(cx, g));
    return book_all(cx, g);
}

static enum rc book_all(struct ctx *cx, struct gathering *g) {
    struct call *call = g->im.call;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_WRITE));
    TRY(g->driver->begin(cx, &g->im));
    TRY(open_rejects(cx, g));
    TRY(take_rows(cx, g));
    bool partial = arg_flag(call, "partial");
    if (g->rejected && !partial) return INVALID;
    enum rc rc = g->driver->end(cx, &g->im, describe_file(cx, g), &g->settled);
    if (rc == INVALID) add_fault(cx, g, 1); /* about the whole file */
    TRY(rc);
    if (g->im.booking.problems && partial) return book_without_unknown(cx, g);
    for (const struct booking_problem *p = g->im.booking.problems; p; p = p->next) reject_credit(cx, g, p, NULL);
    if (g->rejected && !partial) return INVALID;
    if (arg_flag(call, "dry-run")) return OK; /* the transaction is rolled back */
    if (g->booked == 0 && g->settled == 0 && g->duplicate == 0 && g->rejected) return OK;
    TRY(import_save_options(cx, call, g->driver->kind->name));
    TRY(keep_log(cx, g, false));
    TRY(data_source_touch(cx, &(struct data_source_touch_params){.kind = str_from(g->driver->kind->name)}));
    return tx_commit(scope);
}

static void report(const struct gathering *g, struct json_writer *out, bool refused) {
    json_object(out);
    json_put_i64(out, "rows", g->rows);
    json_put_i64(out, "booked", refused ? 0 : g->booked);
    json_put_i64(out, "duplicate", g->duplicate);
    json_put_i64(out, "rejected", g->rejected);
    if (g->im.booking.is_snapshot) json_put_i64(out, "settled", refused ? 0 : g->settled);
    json_key(out, "errors");
    json_array(out);
    for (const struct problem *p = g->first; p; p = p->next) {
        json_object(out);
        json_put_i64(out, "line", p->line);
        json_put_str(out, "field", p->field);
        json_put_text(out, "code", rc_name(INVALID));
        json_put_str(out, "message", p->message);
        json_put_str(out, "hint", p->hint);
        json_object_end(out);
    }
    json_array_end(out);
}

/* The first complaint as the fault of the whole call. */
static enum rc refuse(struct ctx *cx, const struct gathering *g) {
    const struct problem *p = g->first;
    char field[64];
    snprintf(field, sizeof field, "%.*s", (int)(p->field.n < 63 ? p->field.n : 63), p->field.p);
    return fail_field(cx, INVALID, field, arena_cstr(cx->arena, p->hint), 
                      g->rejected > 1 ? "line %lld: %.*s (and more; nothing was booked)" : "line %lld: %.*s (nothing was booked)",
                      (long long)p->line, STR_ARG(p->message));
}

static enum rc prepare(struct ctx *cx, struct gathering *g) {
    struct table_options t = {0};
    struct mapping_options m = {0};
    TRY(import_options(cx, g->im.call, g->driver->kind->name, &t, &m));
    const char *path = arena_cstr(cx->arena, arg_text(g->im.call, "file"));
    TRY(mapping_detect(cx, path, &t, g->driver->kind, &m, &g->im.mapping));
    return table_open(cx, path, &t, &g->table);
}

static void close_all(struct gathering *g) {
    if (g->rejects) fclose(g->rejects);
    table_close(&g->table);
    booking_done(&g->im.booking);
    arena_free(g->keep);
}

enum rc import_file(struct ctx *cx, struct call *call, const struct import_driver *driver, void *own) {
    AUTO(close_all)
    struct gathering g = {.im = {.call = call, .kind = driver->kind, .own = own, .today = app_today(cx, call->app)},
                          .driver = driver,
                          .keep = arena_new()};
    enum rc rc = prepare(cx, &g);
    if (rc == INVALID) {
        add_fault(cx, &g, cx->fault.line ? cx->fault.line : 1);
        TRY(keep_refusal(cx, &g));
        report(&g, call->out, true);
        json_object_end(call->out);
        return rc;
    }
    TRY(rc);
    cx->fault.code = OK;
    db_expect_bulk(call->app->db, true);
    rc = book_all(cx, &g);
    db_expect_bulk(call->app->db, false);
    bool refused = rc == INVALID && g.first;
    if (rc != OK && !refused) return rc;
    if (refused) TRY(keep_refusal(cx, &g));
    report(&g, call->out, refused);
    enum rc after = OK;
    if (!refused && driver->after && !arg_flag(call, "dry-run")) after = driver->after(cx, &g.im, call->out);
    json_object_end(call->out);
    TRY(after);
    log_write(refused ? LOG_WARN : LOG_INFO, "import_done",
              "kind=%s rows=%lld booked=%lld duplicate=%lld rejected=%lld refused=%d", driver->kind->name,
              (long long)g.rows, (long long)g.booked, (long long)g.duplicate, (long long)g.rejected, refused);
    return refused ? refuse(cx, &g) : OK;
}

enum rc import_custom(struct ctx *cx, const struct import *im, const struct table_row *from, Str *out) {
    *out = S("{}");
    if (im->mapping.custom_count == 0) return OK;
    AUTO(buf_done) struct buf b = buf_make((size_t)512 * 1024);
    buf_add_char(&b, '{');
    for (size_t i = 0; i < im->mapping.custom_count; i++) {
        Str value = S("");
        if (im->mapping.custom[i].n == 0) continue;
        TRY(mapping_custom(cx, &im->mapping, from, i, &value));
        if (value.n == 0) continue;
        buf_add(&b, b.n > 1 ? S(",\"") : S("\""));
        buf_add_json(&b, im->mapping.custom[i]);
        buf_add(&b, S("\":\""));
        buf_add_json(&b, value);
        buf_add_char(&b, '"');
    }
    buf_add_char(&b, '}');
    if (!buf_ok(&b)) return fail(cx, INVALID, "the custom fields of this row are longer than 512 KiB together");
    *out = arena_str(cx->arena, buf_str(&b));
    return OK;
}

int import_field(const struct import_kind *kind, const char *name) {
    for (size_t i = 0; i < kind->field_count; i++)
        if (strcmp(kind->fields[i].name, name) == 0) return (int)i;
    must_fail(kind->name, 0, name);
}

enum rc import_text(struct ctx *cx, const struct import *im, const struct table_row *from, int field, Str *out) {
    Str text;
    TRY(mapping_checked_text(cx, &im->mapping, from, field, &text));
    *out = text.n ? arena_str(cx->arena, text) : S("");
    return OK;
}

enum rc import_required(struct ctx *cx, const struct import *im, const struct table_row *from, int field, Str *out) {
    TRY(import_text(cx, im, from, field, out));
    if (out->n) return OK;
    const char *name = im->kind->fields[field].name;
    return fail_field(cx, INVALID, name, "fill in the cell", "%s is empty", name);
}

enum rc import_currency(struct ctx *cx, const struct import *im, const struct table_row *from, int field,
                        Currency *out) {
    Str code;
    TRY(import_required(cx, im, from, field, &code));
    if (currency_written(code, out)) return OK;
    return fail_field(cx, INVALID, im->kind->fields[field].name,
                      "use an ISO 4217 code in capitals, such as COP, MXN or EUR", "\"%.*s\" is not a currency",
                      (int)(code.n < 40 ? code.n : 40), code.p);
}
