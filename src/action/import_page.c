/* Imports in the browser: a file is put aside, looked at as often as it takes, and then booked by the same import a command runs
 * (REQ: A6 L10). What was put aside and not booked is removed after two days. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "action/app.h"
#include "action/desk.h"
#include "action/import_columns.h"
#include "action/import_said.h"
#include "action/paging.h"
#include "base/file.h"
#include "base/json_tree.h"
#include "base/random.h"
#include "action/person.h"
#include "desk_sql.h"
#include "import_log_sql.h"

#define PIECE ((size_t)256 * 1024)
#define ERRORS_MAX ((size_t)128 * 1024 * 1024)
#define KEPT_MS (2 * MS_PER_DAY)

static const char *const kinds[] = {"customers", "invoices", "payments"};
#define KINDS "customers|invoices|payments"

/* ---- what was put aside: DATA/uploads/COMPANY/KIND-HEX ---- */

/* Each company's apart, so that no id of another's leads anywhere (INV: I16). */
static const char *upload_path(struct ctx *cx, const struct call *call, Str name) {
    Str path = arena_printf(cx->arena, "uploads/%lld%s%.*s", (long long)cx->company_id, name.n ? "/" : "", STR_ARG(name));
    return app_path(cx, call->app, arena_cstr(cx->arena, path));
}

static const struct import_kind *kind_of(Str kind) {
    return str_is(kind, "customers") ? &import_customers : str_is(kind, "invoices") ? &import_invoices : &import_payments;
}

static const struct action *import_action_of(struct ctx *cx, Str kind) {
    return action_find(arena_printf(cx->arena, "%.*s import", (int)kind.n - 1, kind.p));
}

/* Only names this file made: "invoices-0123456789abcdef.csv". */
static enum rc find_upload(struct ctx *cx, struct call *call, Str *out_kind, const char **out_path) {
    Str id = arg_text(call, "id"), rest = id, kind = str_cut(&rest, '-');
    bool good = false;
    *out_path = "";
    for (size_t i = 0; i < COUNT_OF(kinds); i++) good = good || str_is(kind, kinds[i]);
    for (size_t i = 0; rest.p && i < rest.n; i++)
        good = good && ((rest.p[i] >= '0' && rest.p[i] <= '9') || (rest.p[i] >= 'a' && rest.p[i] <= 'z') || rest.p[i] == '.');
    good = good && rest.p && rest.n >= 20 && rest.n <= 24;
    if (good) {
        *out_path = upload_path(cx, call, id);
        good = file_exists(*out_path);
    }
    *out_kind = kind;
    return good ? OK
                : fail_field(cx, NOT_FOUND, "id", "choose the file again: what is not booked is kept for two days",
                             "there is no such upload");
}

static void close_file(const int *fd) {
    if (*fd >= 0) close(*fd);
}

static void remove_old(struct ctx *cx, const char *folder) {
    Str *names;
    size_t count;
    if (dir_list(cx, folder, &names, &count) != OK) return;
    for (size_t i = 0; i < count; i++) {
        struct stat st;
        const char *path = arena_cstr(cx->arena, arena_printf(cx->arena, "%s/%.*s", folder, STR_ARG(names[i])));
        if (stat(path, &st) == 0 && cx->now.ms > (int64_t)st.st_mtime * 1000 + KEPT_MS) unlink(path);
    }
}

/* Piece by piece: files of a hundred megabytes are welcome. */
static enum rc copy_file(struct ctx *cx, const char *from, const char *to, int64_t *out_bytes) {
    AUTO(close_file) int in = open(from, O_RDONLY | O_CLOEXEC);
    AUTO(close_file) int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    char *piece = arena_alloc(cx->arena, PIECE);
    if (in < 0) return fail_field(cx, NOT_FOUND, "file", NULL, "could not read %s: %s", from, strerror(errno));
    if (out < 0) return fail(cx, INTERNAL, "could not write %s: %s", to, strerror(errno));
    for (*out_bytes = 0;;) {
        ssize_t n = read(in, piece, PIECE);
        if (n < 0) return fail_field(cx, INVALID, "file", NULL, "could not read %s: %s", from, strerror(errno));
        if (n == 0) return OK;
        for (ssize_t done = 0; done < n;) {
            ssize_t put = write(out, piece + done, (size_t)(n - done));
            if (put <= 0) return fail(cx, INTERNAL, "could not write %s: %s", to, strerror(errno));
            done += put;
        }
        *out_bytes += n;
    }
}

/* Workbooks are archives. */
static enum rc ending_of(struct ctx *cx, const char *path, const char **out_ending) {
    AUTO(close_file) int in = open(path, O_RDONLY | O_CLOEXEC);
    char begin[2] = {0};
    if (in < 0) return fail_field(cx, NOT_FOUND, "file", NULL, "could not read %s: %s", path, strerror(errno));
    ssize_t n = read(in, begin, sizeof begin);
    if (n <= 0) return fail_field(cx, INVALID, "file", NULL, "the file is empty");
    *out_ending = n == 2 && begin[0] == 'P' && begin[1] == 'K' ? ".xlsx" : ".csv";
    return OK;
}

/* What it was called is kept beside it. */
static enum rc keep_name(struct ctx *cx, const char *path, const char *given) {
    return file_write_soon(cx, arena_printf(cx->arena, "%s.name", path).p, str_from(file_name(given)), 0600);
}

static Str kept_name(struct ctx *cx, const char *path) {
    Str name;
    struct fault before = cx->fault;
    if (file_read(cx, arena_printf(cx->arena, "%s.name", path).p, 4096, &name) != OK || name.n == 0) name = str_from(file_name(path));
    cx->fault = before;
    return name;
}

static enum rc upload_run(struct ctx *cx, struct call *call) {
    Str kind = arg_text(call, "kind");
    unsigned char token[8];
    struct buf id = buf_make(64);
    const char *folder = upload_path(cx, call, S("")), *given = arena_cstr(cx->arena, arg_text(call, "file")), *ending = "";
    int64_t bytes = 0;
    TRY(ending_of(cx, given, &ending));
    TRY(dir_make(cx, app_path(cx, call->app, "uploads"), 0700));
    TRY(dir_make(cx, folder, 0700));
    remove_old(cx, folder);
    random_bytes(token, sizeof token);
    buf_printf(&id, "%.*s-", STR_ARG(kind));
    buf_add_hex(&id, token, sizeof token);
    buf_add_cstr(&id, ending);
    Str name = arena_str(cx->arena, buf_str(&id));
    buf_done(&id);
    const char *path = upload_path(cx, call, name);
    TRY(copy_file(cx, given, path, &bytes));
    TRY(keep_name(cx, path, given));
    json_object(call->out);
    json_put_str(call->out, "id", name);
    json_put_str(call->out, "kind", kind);
    json_put_str(call->out, "file", kept_name(cx, path));
    json_put_i64(call->out, "bytes", bytes);
    json_object_end(call->out);
    return OK;
}

const struct action import_upload_action = {
    .verb = "import upload",
    .path = "POST /imports",
    .summary = "Put a file aside to look at before it is booked",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_NONE,
    .params = PARAMS({"kind", P_CHOICE, REQUIRED, "what the file holds", KINDS},
                     {"file", P_FILE, REQUIRED | POSITIONAL, "CSV or XLSX file", NULL}),
    .run = upload_run,
    .then = "/imports/{id}",
    .form = "import sources",
    .is_slow = true,
};

/* ---- looking and booking ---- */

/* The reading options of this call, for the import it stands for. */
static enum rc hand_on(struct ctx *cx, const struct call *call, struct call *import, const char *path, bool dry) {
    for (const struct param *p = import->action->params; p->name; p++) {
        const struct param *mine = call->action->params;
        while (mine->name && !str_equal(str_from(mine->name), str_from(p->name))) mine++;
        if (str_is(str_from(p->name), "file")) TRY(call_set(cx, import, p, str_from(path)));
        if (str_is(str_from(p->name), "dry-run") && dry) TRY(call_set(cx, import, p, S("1")));
        if (!mine->name || p->type == P_FILE) continue;
        for (size_t i = 0; i < arg_count(call, mine->name); i++)
            if (arg_nth(call, mine->name, i).n) TRY(call_set(cx, import, p, arg_nth(call, mine->name, i)));
    }
    return OK;
}

static void put_fault(struct ctx *cx, struct json_writer *w, bool some_rows, const struct fault *before) {
    json_key(w, "refused");
    json_object(w);
    json_put_text(w, "message", cx->fault.message);
    json_put_str(w, "hint", import_page_hint(str_from(cx->fault.hint)));
    json_put_text(w, "field", cx->fault.field);
    json_put_bool(w, "whole", !some_rows);
    json_object_end(w);
    cx->fault = *before;
}

/* Runs the import; what it says goes under "result", and a refusal of the whole file under "refused". A refusal to book is one. */
static enum rc run_import(struct ctx *cx, struct call *call, struct call *import, const struct import_columns *columns, bool dry) {
    struct fault before = cx->fault;
    struct json_tree *said = ARENA_NEW(cx->arena, struct json_tree);
    json_tree_init(said, cx->arena);
    import->out = &said->writer;
    enum rc rc = call_run(cx, import);
    if (rc != OK && (rc != INVALID || !dry)) return rc;
    if (said->root)
        import_put_result(cx->arena, call->out, columns, said->root);
    else
        json_put_null(call->out, "result");
    int64_t rejected = import_count(said->root, "rejected");
    int64_t good = import_count(said->root, "rows") - import_count(said->root, "duplicate") - rejected;
    json_put_i64(call->out, "good", good);
    json_put_bool(call->out, "bookable", rejected == 0 || good > 0);
    if (rc == INVALID) put_fault(cx, call->out, rejected > 0, &before);
    return OK;
}

/* The columns assigned by hand, to be sent along when booking. */
static void put_maps(const struct call *call) {
    json_key(call->out, "maps");
    json_array(call->out);
    for (size_t i = 0; i < arg_count(call, "map"); i++) {
        if (arg_nth(call, "map", i).n == 0) continue;
        json_object(call->out);
        json_put_str(call->out, "pair", arg_nth(call, "map", i));
        json_object_end(call->out);
    }
    json_array_end(call->out);
}

/* To look at a file nobody said the encoding of, it is read as programs for Windows write it, and the page says so; it is booked so only
 * when that is said. */
static enum rc assume_encoding(struct ctx *cx, struct call *call, const char *path, bool *out_assumed) {
    *out_assumed = arg_text(call, "encoding").n == 0 && table_is_western(path);
    for (const struct param *p = call->action->params; *out_assumed && p->name; p++)
        if (strcmp(p->name, "encoding") == 0) TRY(call_set(cx, call, p, S("windows-1252")));
    return OK;
}

static enum rc preview_or_book(struct ctx *cx, struct call *call, bool dry) {
    Str kind;
    const char *path = NULL;
    bool assumed = false;
    TRY(find_upload(cx, call, &kind, &path));
    if (dry) TRY(assume_encoding(cx, call, path, &assumed));
    json_object(call->out);
    json_put_str(call->out, "id", arg_text(call, "id"));
    json_put_str(call->out, "import", kind);
    json_put_str(call->out, "file", kept_name(cx, path));
    json_put_str(call->out, "mapping", arg_text(call, "mapping"));
    json_put_bool(call->out, "booked", !dry);
    json_put_str(call->out, "decimal", arg_text(call, "decimal"));
    json_put_bool(call->out, "decimal_point", str_is(arg_text(call, "decimal"), "."));
    json_put_bool(call->out, "decimal_comma", str_is(arg_text(call, "decimal"), ","));
    json_put_str(call->out, "dates", arg_text(call, "dates"));
    json_put_str(call->out, "encoding", arg_text(call, "encoding"));
    json_put_bool(call->out, "encoding_assumed", assumed);
    json_put_bool(call->out, "custom", arg_flag(call, "custom"));
    put_maps(call);
    struct call import = *call;
    memset(import.values, 0, sizeof import.values);
    memset(import.counts, 0, sizeof import.counts);
    import.action = import_action_of(cx, kind);
    import.import_name = kept_name(cx, path);
    TRY(hand_on(cx, call, &import, path, dry));
    struct import_columns *columns;
    TRY(import_columns_read(cx, &import, kind_of(kind), path, &columns));
    TRY(run_import(cx, call, &import, columns, dry));
    import_columns_put(columns, call->out);
    json_object_end(call->out);
    return OK;
}

static enum rc preview_run(struct ctx *cx, struct call *call) { return preview_or_book(cx, call, true); }
static enum rc book_run(struct ctx *cx, struct call *call) { return preview_or_book(cx, call, false); }

#define READING                                                                                                        \
    {"id", P_TEXT, REQUIRED | POSITIONAL, "what the upload was called", NULL},                                         \
        {"decimal", P_CHOICE, OPTIONAL, "decimal mark of amounts", ".|,"},                                             \
        {"dates", P_CHOICE, OPTIONAL, "order of dates", "iso|dmy|mdy"},                                                \
        {"encoding", P_TEXT, OPTIONAL, "encoding of a file that is not UTF-8", NULL},                                  \
        {"delimiter", P_TEXT, OPTIONAL, "column separator", NULL},                                                     \
        {"sheet", P_TEXT, OPTIONAL, "sheet of a workbook", NULL},                                                      \
        {"map", P_TEXT, REPEATED, "read a column as a field: \"Header=field\"", NULL},                                 \
        {"custom", P_FLAG, OPTIONAL, "keep unknown columns as custom fields", NULL}, {                                 \
        "mapping", P_TEXT, OPTIONAL, "name of saved options", NULL                                                     \
    }

const struct action import_preview_action = {
    .verb = "import preview",
    .path = "GET /imports/{id}",
    .summary = "What a file that was put aside would do; books nothing",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_NONE,
    .params = PARAMS(READING),
    .run = preview_run,
    .view = "import_preview",
    .is_slow = true,
};

const struct action import_book_action = {
    .verb = "import book",
    .path = "POST /imports/{id}/book",
    .summary = "Book a file that was put aside, entirely or not at all",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_NONE,
    .params = PARAMS(READING, {"partial", P_FLAG, OPTIONAL, "book the good rows and leave the others out", NULL}),
    .run = book_run,
    .then = "/imports?rows={id}",
    .form = "import preview",
    .is_slow = true,
};

/* ---- the rows that were rejected ---- */

static void swallow(void *self, struct json_writer *w, enum json_event event, Str key, Str text) {
    (void)self, (void)w, (void)event, (void)key, (void)text;
}

static enum rc errors_run(struct ctx *cx, struct call *call) {
    Str kind, bytes;
    const char *path = NULL;
    TRY(find_upload(cx, call, &kind, &path));
    if (!call->raw) return fail(cx, INVALID, "the rejected rows are a file: they cannot be shown here");
    struct fault before = cx->fault;
    struct json_writer silent = {.sink = swallow};
    struct call import = *call;
    memset(import.values, 0, sizeof import.values);
    memset(import.counts, 0, sizeof import.counts);
    import.action = import_action_of(cx, kind);
    import.out = &silent;
    import.raw = NULL;
    import.rejects_path = arena_printf(cx->arena, "%s.rejected.csv", path).p;
    TRY(hand_on(cx, call, &import, path, true));
    for (const struct param *p = import.action->params; p->name; p++)
        if (strcmp(p->name, "partial") == 0) TRY(call_set(cx, &import, p, S("1")));
    TRY(call_run(cx, &import));
    cx->fault = before;
    enum rc rc = file_read(cx, import.rejects_path, ERRORS_MAX, &bytes);
    unlink(import.rejects_path);
    TRY(rc);
    call->raw_type = "text/csv; charset=utf-8";
    call->raw_name = arena_printf(cx->arena, "%.*s.rejected.csv", STR_ARG(kept_name(cx, path))).p;
    call->raw(call->self, S("\xef\xbb\xbf")); /* mended in a spreadsheet, which takes it for Latin-1 otherwise */
    call->raw(call->self, bytes);
    return OK;
}

const struct action import_errors_action = {
    .verb = "import errors",
    .path = "GET /imports/{id}/errors",
    .summary = "The rows of a file that cannot be booked, as CSV with the reasons",
    .details = "The columns of the file and, behind them, line, field, reason and hint. Mended, the rows can be brought again as they "
               "are: those four columns are passed over. Cells a spreadsheet would calculate are guarded by an apostrophe.",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_NONE,
    .params = PARAMS(READING),
    .run = errors_run,
    .exports = "import errors:{id}",
    .is_slow = true,
};

/* ---- where imports begin ---- */

static enum rc put_import(struct ctx *cx, struct call *call, const struct import_log_list_row *r) {
    struct json_writer *w = call->out;
    bool kept = r->upload.n && file_exists(upload_path(cx, call, r->upload));
    json_object(w);
    json_put_i64(w, "entry", r->id);
    json_put_str(w, "import", r->kind);
    json_put_str(w, "file", r->file);
    json_put_str(w, "upload", kept ? r->upload : (Str){NULL, 0});
    json_put_str(w, "file_state", r->state);
    json_put_i64(w, "rows", r->rows);
    json_put_i64(w, "booked", r->booked);
    json_put_i64(w, "duplicate", r->duplicate);
    json_put_i64(w, "rejected", r->rejected);
    json_put_str(w, "reason", r->reason);
    TRY(put_actor(cx, w, r->actor));
    put_local(w, "at", call->app, r->at);
    json_put_bool(w, "waits", instant_is_none(r->closed_at) && !str_is(r->state, "booked"));
    json_object_end(w);
    return OK;
}

/* "history":[ … ],"next":CURSOR */
static enum rc put_log(struct ctx *cx, struct call *call, const char *key) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin_falling(cx, call, &page));
    AUTO(import_log_list_close) struct import_log_list_cursor cursor = {0};
    TRY(import_log_list_open(cx, &(struct import_log_list_params){.before = page.after, .limit = page_most(&page)}, &cursor));
    json_key(w, key);
    json_array(w);
    for (;;) {
        struct import_log_list_row r;
        bool more;
        TRY(import_log_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        TRY(put_import(cx, call, &r));
    }
    json_array_end(w);
    page_put_next(w, &page);
    return OK;
}

static enum rc put_mappings(struct ctx *cx, struct json_writer *w, const char *key, struct page *page) {
    json_key(w, key);
    json_array(w);
    AUTO(import_mapping_list_close) struct import_mapping_list_cursor cursor = {0};
    TRY(import_mapping_list_open(cx, &(struct import_mapping_list_params){.kind = page->head, .name = page->rest}, &cursor));
    for (;;) {
        struct import_mapping_list_row r;
        bool more;
        TRY(import_mapping_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes_named(page, r.kind, r.name)) break;
        json_object(w);
        json_put_str(w, "import", r.kind);
        json_put_str(w, "name", r.name);
        json_put_str(w, "options", r.options);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

static enum rc sources_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    json_object(w);
    {
        AUTO(desk_sources_close) struct desk_sources_cursor cursor;
        TRY(desk_sources_open(cx, &cursor));
        json_key(w, "items");
        json_array(w);
        for (;;) {
            struct desk_sources_row r;
            bool more;
            TRY(desk_sources_next(cx, &cursor, &r, &more));
            if (!more) break;
            json_object(w);
            json_put_str(w, "import", r.kind);
            put_local(w, "last_at", call->app, r.last_at);
            json_object_end(w);
        }
        json_array_end(w);
    }
    TRY(put_mappings(cx, w, "mappings", &(struct page){.limit = INT64_MAX}));
    TRY(put_log(cx, call, "history"));
    json_object_end(w);
    return OK;
}

const struct action import_sources_action = {
    .verb = "import sources",
    .path = "GET /imports",
    .summary = "When customers, invoices and payments last came in, and what became of every file",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = sources_run,
    .view = "imports",
    .columns = "items: import last_at; mappings: import name; history: entry at import file file_state rows booked rejected actor_name",
};

static enum rc history_run(struct ctx *cx, struct call *call) {
    json_object(call->out);
    TRY(put_log(cx, call, "items"));
    json_object_end(call->out);
    return OK;
}

const struct action import_history_action = {
    .verb = "import history",
    .path = "GET /imports/history",
    .summary = "List the files that were brought and what became of each, the newest first",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = history_run,
    .columns = "entry at import file file_state rows booked rejected reason actor_name",
};

static enum rc close_run(struct ctx *cx, struct call *call) {
    int64_t changed, id = arg_int(call, "entry", 0);
    TRY(import_log_close_count(cx, &(struct import_log_close_params){.id = id}, &changed));
    if (changed == 0)
        return fail_field(cx, NOT_FOUND, "entry", "aldia import history shows them", "no import %lld waits for anybody", (long long)id);
    json_object(call->out);
    json_put_i64(call->out, "entry", id);
    json_object_end(call->out);
    return OK;
}

const struct action import_close_action = {
    .verb = "import close",
    .path = "POST /imports/history/{entry}/close",
    .summary = "Say that a file with complaints needs nobody any more",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"entry", P_INT, REQUIRED | POSITIONAL, "number in the history", NULL}),
    .run = close_run,
    .then = "/imports",
    .form = "import sources",
};

static enum rc mapping_list_run(struct ctx *cx, struct call *call) {
    struct page page;
    TRY(page_begin_named(cx, call, false, &page));
    json_object(call->out);
    TRY(put_mappings(cx, call->out, "items", &page));
    page_put_next(call->out, &page);
    json_object_end(call->out);
    return OK;
}

const struct action import_mappings_action = {
    .verb = "import mappings",
    .path = "GET /imports/mappings",
    .summary = "List the options saved for reading files",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS_NAMED),
    .run = mapping_list_run,
    .columns = "import name options",
};

static enum rc mapping_forget_run(struct ctx *cx, struct call *call) {
    int64_t changed;
    TRY(import_mapping_remove_count(
        cx, &(struct import_mapping_remove_params){.name = arg_text(call, "name"), .kind = arg_text(call, "kind")}, &changed));
    if (changed == 0)
        return fail_field(cx, NOT_FOUND, "name", "aldia import mappings shows them", "no mapping of %.*s is saved under %.*s",
                          STR_ARG(arg_text(call, "kind")), STR_ARG(arg_text(call, "name")));
    json_object(call->out);
    json_put_str(call->out, "name", arg_text(call, "name"));
    json_object_end(call->out);
    return OK;
}

const struct action import_forget_action = {
    .verb = "import forget",
    .path = "POST /imports/mappings/remove",
    .summary = "Remove options saved for reading files",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"name", P_TEXT, REQUIRED | POSITIONAL, "what they are saved under", NULL},
                     {"kind", P_CHOICE, REQUIRED, "of which files", KINDS}),
    .run = mapping_forget_run,
    .then = "/imports",
    .form = "import sources",
};
