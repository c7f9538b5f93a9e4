/* `aldia customer case-file`: everything about one debt in a ZIP archive, with what it takes to check it (REQ: L6).
 *
 * Nothing of another customer is in it: of others' events and rows the chain needs hashes only. That it was made, and of
 * which content, goes into the timeline itself. */
#include "action/case_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "action/statement_data.h"
#include "base/embed.h"
#include "base/file.h"
#include "case_file_sql.h"
#include "document_file_sql.h"
#include "document/pdf.h"
#include "outbox/kept.h"
#include "store/file_store.h"
#include "timeline/timeline.h"

/* ---- parts ---- */

void case_add(struct case_file *c, Str name, Str bytes) {
    *VEC_PUSH(c->cx->arena, &c->parts) = (struct case_part){arena_str(c->cx->arena, name), bytes};
}

static void gather(void *self, Str piece) { buf_add(self, piece); }

struct json_writer *case_json_begin(struct case_json *j) {
    j->buf = buf_make(CASE_MAX);
    json_text_init(&j->text, gather, &j->buf);
    return &j->text.writer;
}

void case_json_drop(struct case_json *j) {
    buf_done(&j->text.buf);
    buf_done(&j->buf);
}

enum rc case_json_end(struct case_file *c, struct case_json *j, const char *name) {
    json_text_done(&j->text);
    enum rc rc = buf_ok(&j->buf) ? OK : fail(c->cx, INVALID, "%s is too large for a case file", name);
    if (rc == OK) case_add(c, str_from(name), arena_str(c->cx->arena, buf_str(&j->buf)));
    buf_done(&j->buf);
    return rc;
}

/* A name as one piece of a path within the archive. */
static Str piece_of(struct ctx *cx, Str name) {
    struct buf b = buf_make(4096);
    buf_add_url(&b, name);
    Str text = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return text.n && text.p[0] != '.' ? text : arena_printf(cx->arena, "_%.*s", STR_ARG(text));
}

static enum rc add_statement(struct case_file *c) {
    struct ctx *cx = c->cx;
    AUTO(buf_done) struct buf pdf = buf_make(PDF_MAX_BYTES), csv = buf_make(CASE_MAX);
    c->statement.with_moves = true;
    TRY(statement_pdf(cx, &c->statement, &pdf));
    statement_csv(&c->statement, &csv);
    case_add(c, S("statement.pdf"), arena_str(cx->arena, buf_str(&pdf)));
    case_add(c, S("statement.csv"), arena_str(cx->arena, buf_str(&csv)));
    return OK;
}

static enum rc add_copies(struct case_file *c) {
    struct ctx *cx = c->cx;
    const char *folder = app_path(cx, c->call->app, "files");
    AUTO(document_files_of_customer_close) struct document_files_of_customer_cursor cursor;
    TRY(document_files_of_customer_open(cx, &(struct document_files_of_customer_params){.customer_id = c->customer_id}, &cursor));
    for (;;) {
        struct document_files_of_customer_row r;
        bool more;
        Str bytes;
        TRY(document_files_of_customer_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        TRY(file_store_get(cx, folder, r.hash, &bytes));
        struct buf hex = buf_make(100);
        buf_add_hex(&hex, r.hash.p, 4); /* two copies may bear one name */
        case_add(c, arena_printf(cx->arena, "invoices/%.*s/%s-%.*s", STR_ARG(piece_of(cx, r.number)), hex.p,
                                 STR_ARG(piece_of(cx, r.name))),
                 bytes);
        buf_done(&hex);
    }
}

/* The bytes that were handed over, each checked against its hash. */
static enum rc add_messages(struct case_file *c) {
    struct ctx *cx = c->cx;
    VEC_OF(struct case_messages_row) rows = {0};
    {
        AUTO(case_messages_close) struct case_messages_cursor cursor;
        TRY(case_messages_open(cx, &(struct case_messages_params){.customer_id = c->customer_id}, &cursor));
        for (;;) {
            struct case_messages_row r;
            bool more;
            TRY(case_messages_next(cx, &cursor, &r, &more));
            if (!more) break;
            if (r.body_hash.p == NULL) continue;
            r.body_hash = arena_str(cx->arena, r.body_hash);
            r.channel = arena_str(cx->arena, r.channel);
            *VEC_PUSH(cx->arena, &rows) = r;
        }
    }
    for (size_t i = 0; i < rows.count; i++) {
        Str bytes;
        TRY(kept_load(cx, rows.items[i].id, rows.items[i].body_hash, &bytes));
        const char *kind = str_starts(bytes, S("%PDF-")) ? "pdf" : "eml";
        case_add(c, arena_printf(cx->arena, "messages/%lld.%s", (long long)rows.items[i].id, kind), bytes);
    }
    return OK;
}

static enum rc add_manifest(struct case_file *c, unsigned char out_hash[32]) {
    struct ctx *cx = c->cx;
    struct case_json j;
    char made[INSTANT_TEXT];
    size_t count = c->parts.count;
    struct json_writer *w = case_json_begin(&j);
    json_object(w);
    json_put_text(w, "format", "aldia-case-file-1");
    json_put_text(w, "program", "aldia " ALDIA_VERSION);
    json_put_str(w, "made_at", instant_format(cx->now, made));
    json_put_str(w, "company", c->statement.company.name);
    json_put_str(w, "customer", c->statement.code);
    json_put_i64(w, "events", c->chained);
    json_key(w, "files");
    json_object(w);
    for (size_t i = 0; i < count; i++) {
        unsigned char hash[32];
        struct buf hex = buf_make(100);
        file_hash(c->parts.items[i].bytes, hash);
        buf_add_hex(&hex, hash, sizeof hash);
        json_put_str(w, arena_cstr(cx->arena, c->parts.items[i].name), buf_str(&hex));
        buf_done(&hex);
    }
    json_object_end(w);
    json_object_end(w);
    TRY(case_json_end(c, &j, "manifest.json"));
    file_hash(c->parts.items[count].bytes, out_hash);
    return OK;
}

/* ---- the archive ---- */

static enum rc zip_all(struct case_file *c, zip_t *zip) {
    for (size_t i = 0; i < c->parts.count; i++) {
        const struct case_part *p = &c->parts.items[i];
        zip_source_t *source = zip_source_buffer(zip, p->bytes.p, p->bytes.n, 0);
        zip_int64_t at = source ? zip_file_add(zip, arena_cstr(c->cx->arena, p->name), source, ZIP_FL_ENC_UTF_8) : -1;
        if (at < 0) {
            if (source) zip_source_free(source);
            return fail(c->cx, INTERNAL, "could not add %.*s: %s", STR_ARG(p->name), zip_strerror(zip));
        }
        zip_file_set_mtime(zip, (zip_uint64_t)at, (time_t)(c->cx->now.ms / MS_PER_SECOND), 0);
    }
    return OK;
}

/* Written beside and put in place whole, never over something. */
static enum rc write_archive(struct case_file *c, const char *path) {
    struct ctx *cx = c->cx;
    int error = 0;
    const char *beside = arena_printf(cx->arena, "%s.%ld.new", path, (long)getpid()).p;
    zip_t *zip = zip_open(beside, ZIP_CREATE | ZIP_TRUNCATE, &error);
    if (!zip) return fail_field(cx, INTERNAL, "out", NULL, "could not write %s", beside);
    enum rc rc = zip_all(c, zip);
    if (rc == OK && zip_close(zip) != 0) rc = fail(cx, INTERNAL, "could not write %s: %s", beside, zip_strerror(zip));
    if (rc != OK) {
        zip_discard(zip);
        return rc;
    }
    if (link(beside, path) != 0) {
        int reason = errno;
        unlink(beside);
        return fail_field(cx, reason == EEXIST ? CONFLICT : INTERNAL, "out", "choose another name", "could not make %s: %s", path,
                          strerror(reason));
    }
    unlink(beside);
    return OK;
}

static enum rc note_made(struct case_file *c, const unsigned char hash[32]) {
    AUTO(buf_done) struct buf data = buf_make(4096);
    buf_add(&data, S("{\"manifest\":\""));
    buf_add_hex(&data, hash, 32);
    buf_printf(&data, "\",\"files\":%zu,\"head\":%lld}", c->parts.count, (long long)c->head_seq);
    return event_note(c->cx, "case_file.made", c->customer_id, c->statement.code, buf_str(&data));
}

static enum rc make_parts(struct case_file *c, unsigned char out_hash[32]) {
    Str verifier;
    TRY(statement_load(c->cx, c->call->app, c->customer_id, c->today, &c->statement));
    TRY(logo_load(c->cx, c->call->app, &c->statement.logo));
    TRY(case_chain(c));
    TRY(case_summary(c));
    TRY(add_statement(c));
    TRY(add_copies(c));
    TRY(add_messages(c));
    MUST(embedded_find("documents/verify.py", &verifier));
    case_add(c, S("verify.py"), verifier);
    return add_manifest(c, out_hash);
}

static enum rc case_run(struct ctx *cx, struct call *call) {
    struct case_file c = {.cx = cx, .call = call, .today = app_today(cx, call->app)};
    unsigned char hash[32];
    const char *path = arena_cstr(cx->arena, arg_text(call, "out"));
    if (file_exists(path)) return fail_field(cx, CONFLICT, "out", "choose another name", "%s exists already", path);
    TRY(look_up_customer(cx, call, "code", &c.customer_id));
    TRY(make_parts(&c, hash));
    TRY(note_made(&c, hash));
    TRY(write_archive(&c, path));
    AUTO(buf_done) struct buf hex = buf_make(100);
    buf_add_hex(&hex, hash, sizeof hash);
    json_object(call->out);
    json_put_text(call->out, "file", path);
    json_put_i64(call->out, "files", (int64_t)c.parts.count);
    json_put_i64(call->out, "events", c.chained);
    json_put_str(call->out, "manifest", buf_str(&hex));
    json_put_i64(call->out, "head", c.head_seq);
    json_put_str(call->out, "head_hash", c.head_hash);
    json_object_end(call->out);
    return OK;
}

const struct action customer_case_file_action = {
    .verb = "customer case-file",
    .summary = "Everything about a customer's debt in one archive, with the proof that nothing was changed",
    .details = "Statement, copies of invoices, messages as they were handed over, promises, disputes, holds, every event with the "
               "chain of hashes, a readable summary, a manifest, and verify.py, which checks all of it with nothing but Python. "
               "Of other customers there are hashes only. The timeline keeps the manifest's hash.",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_WRITE,
    .is_slow = true,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     {"out", P_FILE, REQUIRED | WRITTEN, "the ZIP archive to write", NULL}),
    .run = case_run,
    .exports = "case:{code}",
};
