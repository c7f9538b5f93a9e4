/* `aldia statement export`: many statements, read by one thread and made by a few (REQ: A4). */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "action/action.h"
#include "action/lookup.h"
#include "action/statement_data.h"
#include "base/file.h"
#include "customer_sql.h"
#include "statement_sql.h"

#define MAX_FILE ((size_t)256 * 1024 * 1024)
#define MAX_MAKERS 4
#define WAITING 16 /* statements read ahead */

/* A statement on its way, in an arena of its own. */
struct order {
    struct arena *arena;
    struct statement_doc doc;
    const char *path;
};

struct exporting {
    struct call *call;
    const struct ctx *caller; /* whose language the makers' faults are in */
    const char *folder;
    Date at;
    Str format;
    const struct pdf_image *logo;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct order waiting[WAITING];
    size_t waiting_count;
    bool is_closed; /* nothing more comes */
    struct fault fault; /* the first of a maker; code OK: none */
    int64_t written;
};

static enum rc make_file(struct ctx *cx, struct exporting *e, const struct order *o) {
    if (str_is(e->format, "xlsx")) return statement_xlsx(cx, &o->doc, o->path);
    AUTO(buf_done) struct buf b = buf_make(MAX_FILE);
    if (str_is(e->format, "csv"))
        statement_csv(&o->doc, &b);
    else
        TRY(statement_pdf(cx, &o->doc, &b));
    if (!buf_ok(&b)) return fail(cx, INVALID, "the statement of %.*s is too long for a file", STR_ARG(o->doc.code));
    return file_write_soon(cx, o->path, buf_str(&b), 0644);
}

static void *make_files(void *argument) {
    struct exporting *e = argument;
    pthread_mutex_lock(&e->lock);
    for (;;) {
        while (e->waiting_count == 0 && !e->is_closed) pthread_cond_wait(&e->changed, &e->lock);
        if (e->waiting_count == 0) break;
        struct order o = e->waiting[--e->waiting_count];
        bool goes_on = e->fault.code == OK;
        pthread_cond_broadcast(&e->changed);
        pthread_mutex_unlock(&e->lock);
        struct ctx cx = {.arena = o.arena, .lang = e->caller->lang, .lang_unsaid = e->caller->lang_unsaid};
        enum rc rc = goes_on ? make_file(&cx, e, &o) : OK;
        arena_free(o.arena);
        pthread_mutex_lock(&e->lock);
        if (rc != OK && e->fault.code == OK) e->fault = cx.fault;
        if (rc == OK && goes_on) e->written++;
    }
    pthread_mutex_unlock(&e->lock);
    return NULL;
}

/* A code as a file name: what could lead elsewhere, or stands for more than itself, becomes its percent escape. */
static Str file_name_of(struct ctx *cx, Str code) {
    struct buf b = buf_make(4096);
    buf_add_url(&b, code);
    Str name = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return name.n && name.p[0] != '.' ? name : arena_printf(cx->arena, "_%.*s", STR_ARG(name));
}

/* Reads one and lays it before the makers. */
static enum rc read_one(struct ctx *cx, struct exporting *e, int64_t customer_id) {
    struct order o = {.arena = arena_new()};
    struct arena *own = cx->arena;
    cx->arena = o.arena;
    enum rc rc = statement_load(cx, e->call->app, customer_id, e->at, &o.doc);
    o.doc.with_moves = arg_flag(e->call, "movements");
    o.doc.logo = e->logo;
    if (rc == OK)
        o.path = arena_printf(cx->arena, "%s/%.*s.%.*s", e->folder, STR_ARG(file_name_of(cx, o.doc.code)), STR_ARG(e->format)).p;
    cx->arena = own;
    if (rc != OK) {
        arena_free(o.arena);
        return rc;
    }
    pthread_mutex_lock(&e->lock);
    while (e->waiting_count == WAITING) pthread_cond_wait(&e->changed, &e->lock);
    e->waiting[e->waiting_count++] = o;
    pthread_cond_broadcast(&e->changed);
    if (e->fault.code != OK) {
        cx->fault = e->fault;
        rc = e->fault.code;
    }
    pthread_mutex_unlock(&e->lock);
    return rc;
}

static enum rc read_all(struct ctx *cx, struct exporting *e, const int64_t *ids, size_t count) {
    for (size_t i = 0; i < count; i++) {
        TRY(read_one(cx, e, ids[i]));
        if (e->call->progress) e->call->progress(e->call->self, "statements", (int64_t)i + 1, (int64_t)count);
    }
    return OK;
}

/* The makers work while this thread reads, within its one transaction. */
static enum rc export_all(struct ctx *cx, struct exporting *e, const int64_t *ids, size_t count) {
    pthread_t makers[MAX_MAKERS];
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int wanted = cores < 1 ? 1 : cores > MAX_MAKERS ? MAX_MAKERS : (int)cores, started = 0;
    pthread_mutex_init(&e->lock, NULL);
    pthread_cond_init(&e->changed, NULL);
    while (started < wanted && pthread_create(&makers[started], NULL, make_files, e) == 0) started++;
    enum rc rc = started ? read_all(cx, e, ids, count) : fail(cx, INTERNAL, "could not start a thread");
    pthread_mutex_lock(&e->lock);
    e->is_closed = true;
    pthread_cond_broadcast(&e->changed);
    pthread_mutex_unlock(&e->lock);
    for (int i = 0; i < started; i++) pthread_join(makers[i], NULL);
    pthread_cond_destroy(&e->changed);
    pthread_mutex_destroy(&e->lock);
    if (rc == OK && e->fault.code != OK) {
        cx->fault = e->fault;
        rc = e->fault.code;
    }
    return rc;
}

/* The customers to write: those named, or all who owed something or had credit on the day. */
static enum rc find_customers(struct ctx *cx, struct exporting *e, int64_t **out_ids, size_t *out_count) {
    VEC_OF(int64_t) ids = {0};
    for (size_t i = 0; i < arg_count(e->call, "customer"); i++) {
        struct customer_by_code_row row;
        bool found;
        Str code = arg_nth(e->call, "customer", i);
        TRY(customer_seen_by_code(cx, &(struct customer_seen_by_code_params){.code = code}, &row, &found));
        if (!found)
            return fail_field(cx, NOT_FOUND, "customer", "aldia customer list shows the codes", "there is no customer %.*s",
                              STR_ARG(code));
        *VEC_PUSH(cx->arena, &ids) = row.id;
    }
    if (!arg_has(e->call, "customer")) {
        AUTO(customers_stated_close) struct customers_stated_cursor cursor;
        TRY(customers_stated_open(cx, &(struct customers_stated_params){.at = e->at}, &cursor));
        for (;;) {
            struct customers_stated_row row;
            bool more;
            TRY(customers_stated_next(cx, &cursor, &row, &more));
            if (!more) break;
            *VEC_PUSH(cx->arena, &ids) = row.id;
        }
    }
    *out_ids = ids.items;
    *out_count = ids.count;
    return OK;
}

static enum rc export_run(struct ctx *cx, struct call *call) {
    struct exporting e = {.call = call,
                          .caller = cx,
                          .folder = arena_cstr(cx->arena, arg_text(call, "dir")),
                          .at = arg_has(call, "at") ? arg_date(call, "at") : app_today(cx, call->app),
                          .format = arg_has(call, "format") ? arg_text(call, "format") : S("pdf")};
    int64_t *ids = NULL;
    size_t count = 0;
    TRY(dir_make(cx, e.folder, 0755));
    TRY(logo_load(cx, call->app, &e.logo));
    TRY(find_customers(cx, &e, &ids, &count));
    TRY(export_all(cx, &e, ids, count));
    call->exported = arena_printf(cx->arena, "%lld", (long long)e.written);
    json_object(call->out);
    json_put_i64(call->out, "written", e.written);
    json_put_str(call->out, "dir", str_from(e.folder));
    put_date(call->out, "at", e.at);
    json_object_end(call->out);
    return OK;
}

const struct action statement_export_action = {
    .verb = "statement export",
    .summary = "Write the statements of many customers to a folder, one file each",
    .details = "Without --customer, of everybody who owed something or had credit left on that day. A file is named by the "
               "customer's code. All of them show the books at one moment, whatever is booked meanwhile.",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .is_slow = true,
    .params = PARAMS({"dir", P_FILE, REQUIRED | WRITTEN | FOLDER, "the folder; made when it is not there", NULL},
                     {"at", P_DATE, OPTIONAL, "as of the end of this day; else today", NULL},
                     {"customer", P_TEXT, OPTIONAL | REPEATED, "only these customers", NULL},
                     {"format", P_CHOICE, OPTIONAL, "pdf unless said otherwise", "pdf|xlsx|csv"},
                     {"movements", P_FLAG, OPTIONAL, "the PDF lists the movements too", NULL}),
    .run = export_run,
    .exports = "statements:*",
};
