/* `aldia invoice attach`, and what the import's column `file` does. */
#include "action/attach.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "action/action.h"
#include "action/paging.h"
#include "base/file.h"
#include "document_file_sql.h"
#include "store/file_store.h"
#include "timeline/timeline.h"

enum rc attach_keep(struct ctx *cx, const struct app *app, const char *path, struct kept_file *out) {
    Str bytes;
    TRY(file_read(cx, path, STORED_FILE_MAX, &bytes));
    const char *type = media_type_of(bytes);
    if (!type)
        return fail_field(cx, INVALID, "file", "attach the document as PDF or XML, or a picture of it as PNG or JPEG",
                          "%s is neither PDF, XML, PNG nor JPEG", file_name(path));
    struct kept_file f = {.name = arena_str(cx->arena, str_from(file_name(path))),
                          .media_type = type,
                          .size = (int64_t)bytes.n};
    if (str_has_control(f.name) || !str_is_utf8(f.name) || f.name.n > 200)
        return fail_field(cx, INVALID, "file", "rename it", "the name of the file has control characters or is too long");
    TRY(file_store_put(cx, app_path(cx, app, "files"), bytes, f.hash));
    *out = f;
    return OK;
}

enum rc attach_book(struct ctx *cx, const struct found_document *document, Str number, const struct kept_file *f,
                    bool *out_new) {
    struct document_file_known_row row;
    const Str hash = {(const char *)f->hash, sizeof f->hash};
    TRY(document_file_known(cx, &(struct document_file_known_params){.document_id = document->id, .hash = hash}, &row));
    *out_new = !row.known;
    if (row.known) return OK;
    TRY(document_file_put(cx, &(struct document_file_put_params){.customer_id = document->customer_id,
                                                                 .document_id = document->id,
                                                                 .hash = hash,
                                                                 .name = f->name,
                                                                 .media_type = str_from(f->media_type),
                                                                 .size = f->size}));
    AUTO(buf_done) struct buf data = buf_make(8192);
    buf_add(&data, S("{\"file\":\""));
    buf_add_json(&data, f->name);
    buf_add(&data, S("\",\"sha256\":\""));
    buf_add_hex(&data, f->hash, sizeof f->hash);
    buf_printf(&data, "\",\"size\":%lld}", (long long)f->size);
    return event_note(cx, "document.attached", document->customer_id, number, buf_str(&data));
}

/* Neither absolute nor upwards, and not through a link either. */
const char *attach_path(struct ctx *cx, const char *folder, Str name) {
    char real_folder[PATH_MAX], real[PATH_MAX];
    if (name.n == 0 || name.p[0] == '/' || memchr(name.p, '\0', name.n)) return NULL;
    for (Str rest = name; rest.p;)
        if (str_is(str_cut(&rest, '/'), "..")) return NULL;
    const char *path = arena_printf(cx->arena, "%s/%.*s", folder, STR_ARG(name)).p;
    if (!realpath(folder, real_folder)) return NULL;
    if (!realpath(path, real)) return path; /* not there: whoever reads it says so */
    size_t n = strlen(real_folder);
    bool inside = strncmp(real, real_folder, n) == 0 && (real[n] == '/' || strcmp(real_folder, "/") == 0);
    return inside ? path : NULL;
}

static enum rc attach_run(struct ctx *cx, struct call *call) {
    struct found_document document;
    struct kept_file file;
    bool is_new;
    Str number = arg_text(call, "number");
    TRY(attach_keep(cx, call->app, arena_cstr(cx->arena, arg_text(call, "file")), &file));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_WRITE));
    TRY(look_up_document(cx, number, "number", &document));
    TRY(attach_book(cx, &document, number, &file, &is_new));
    TRY(tx_commit(scope));
    AUTO(buf_done) struct buf hex = buf_make(100);
    buf_add_hex(&hex, file.hash, sizeof file.hash);
    json_object(call->out);
    json_put_str(call->out, "number", number);
    json_put_str(call->out, "name", file.name);
    json_put_text(call->out, "media_type", file.media_type);
    json_put_i64(call->out, "size", file.size);
    json_put_str(call->out, "sha256", buf_str(&hex));
    json_put_bool(call->out, "new", is_new);
    json_object_end(call->out);
    return OK;
}

const struct action invoice_attach_action = {
    .verb = "invoice attach",
    .summary = "Keep a copy of an invoice: PDF, XML or a picture",
    .details = "The bytes are kept as they are, by their SHA-256, in files/ of the data directory, and go out with messages of "
               "steps that say attach: [invoice]. Import does the same with its column file.",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_NONE,
    .params = PARAMS({"number", P_TEXT, REQUIRED | POSITIONAL, "number of the invoice", NULL},
                     {"file", P_FILE, REQUIRED | POSITIONAL, "the file", NULL}),
    .run = attach_run,
};

static enum rc files_run(struct ctx *cx, struct call *call) {
    struct found_document document;
    struct page page;
    TRY(page_begin_named(cx, call, true, &page));
    TRY(look_up_document(cx, arg_text(call, "number"), "number", &document));
    AUTO(document_files_of_document_close) struct document_files_of_document_cursor cursor;
    TRY(document_files_of_document_open(cx, &(struct document_files_of_document_params){.document_id = document.id}, &cursor));
    items_begin(call->out);
    for (;;) {
        struct document_files_of_document_row r;
        bool more;
        TRY(document_files_of_document_next(cx, &cursor, &r, &more));
        if (!more) break;
        AUTO(buf_done) struct buf hex = buf_make(100);
        buf_add_hex(&hex, r.hash.p, r.hash.n);
        bool is_before = r.attached_at.ms < page.after || (r.attached_at.ms == page.after && str_compare(buf_str(&hex), page.rest) <= 0);
        if (page.rest.n && is_before) continue;
        if (!page_takes_named(&page, arena_printf(cx->arena, "%lld", (long long)r.attached_at.ms), buf_str(&hex))) break;
        json_object(call->out);
        json_put_str(call->out, "name", r.name);
        json_put_str(call->out, "media_type", r.media_type);
        json_put_i64(call->out, "size", r.size);
        put_instant(call->out, "attached_at", r.attached_at);
        json_put_str(call->out, "sha256", buf_str(&hex));
        json_object_end(call->out);
    }
    page_end(call->out, &page);
    return OK;
}

const struct action invoice_files_action = {
    .verb = "invoice files",
    .path = "GET /invoices/{number}/files",
    .summary = "The copies kept of an invoice",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS({"number", P_TEXT, REQUIRED | POSITIONAL, "number of the invoice", NULL}, PAGE_PARAMS_NAMED),
    .run = files_run,
    .columns = "name media_type size attached_at sha256",
};
