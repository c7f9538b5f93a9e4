/* A customer's statement as of any day: on screen, as PDF, XLSX and CSV, one or many (REQ: A4). */
#include "action/action.h"
#include "action/lookup.h"
#include "action/statement_data.h"
#include "base/file.h"
#include "customer_sql.h"
#include "statement_sql.h"

#define MAX_FILE ((size_t)256 * 1024 * 1024)

/* ---- on screen ---- */

static void put_moves(struct json_writer *w, const struct statement_doc *d) {
    json_key(w, "items");
    json_array(w);
    for (size_t i = 0; i < d->move_count; i++) {
        const struct statement_move *m = &d->moves[i];
        json_object(w);
        put_date(w, "date", m->date);
        json_put_str(w, "kind", m->kind);
        json_put_str(w, "number", m->number);
        if (m->position)
            json_put_i64(w, "instalment", m->position);
        else
            json_put_null(w, "instalment");
        json_put_str(w, "reference", m->reference);
        if (m->payment_id)
            json_put_i64(w, "payment", m->payment_id);
        else
            json_put_null(w, "payment");
        put_currency(w, "currency", m->amount.currency);
        put_money(w, "amount", m->amount.minor, m->amount.currency);
        put_money(w, "change", m->change.minor, m->change.currency);
        put_money(w, "balance", m->balance.minor, m->balance.currency);
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_open(struct json_writer *w, const struct statement_doc *d) {
    json_key(w, "open");
    json_array(w);
    for (size_t i = 0; i < d->item_count; i++) {
        const struct statement_item *x = &d->items[i];
        json_object(w);
        json_put_str(w, "number", x->number);
        json_put_i64(w, "instalment", x->position);
        json_put_str(w, "type", x->type);
        put_date(w, "issue_date", x->issue_date);
        put_date(w, "due_date", x->due_date);
        json_put_i64(w, "days_overdue", x->days_overdue);
        put_currency(w, "currency", x->open.currency);
        put_money(w, "amount", x->amount.minor, x->amount.currency);
        put_money(w, "open", x->open.minor, x->open.currency);
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_spares(struct json_writer *w, const struct statement_doc *d) {
    json_key(w, "unapplied");
    json_array(w);
    for (size_t i = 0; i < d->spare_count; i++) {
        const struct statement_spare *x = &d->spares[i];
        json_object(w);
        json_put_str(w, "kind", x->kind);
        json_put_str(w, "number", x->number);
        put_date(w, "date", x->date);
        put_currency(w, "currency", x->amount.currency);
        put_money(w, "amount", x->amount.minor, x->amount.currency);
        put_money(w, "unapplied", x->unapplied.minor, x->unapplied.currency);
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_sums(struct json_writer *w, const struct statement_doc *d) {
    json_key(w, "balances");
    json_array(w);
    for (size_t i = 0; i < d->sum_count; i++) {
        const struct statement_sum *s = &d->sums[i];
        json_object(w);
        put_currency(w, "currency", s->currency);
        put_money(w, "balance", s->balance, s->currency);
        put_money(w, "overdue", s->overdue, s->currency);
        put_money(w, "unapplied", s->unapplied, s->currency);
        put_money(w, "net", s->balance - s->unapplied, s->currency);
        json_object_end(w);
    }
    json_array_end(w);
}

/* The two sides of one ledger: the lines add up to what is open. */
static void check_sides(const struct statement_doc *d) {
    for (size_t i = 0; i < d->sum_count; i++) {
        int64_t last = 0;
        for (size_t k = 0; k < d->move_count; k++)
            if (currency_equal(d->moves[k].balance.currency, d->sums[i].currency)) last = d->moves[k].balance.minor;
        MUST(last == d->sums[i].balance);
    }
}

/* ---- as files ---- */

static enum rc write_pdf(struct ctx *cx, const struct statement_doc *d, const char *path) {
    AUTO(buf_done) struct buf b = buf_make(MAX_FILE);
    TRY(statement_pdf(cx, d, &b));
    return file_write(cx, path, buf_str(&b), 0644);
}

static enum rc write_csv(struct ctx *cx, const struct statement_doc *d, const char *path) {
    AUTO(buf_done) struct buf b = buf_make(MAX_FILE);
    statement_csv(d, &b);
    if (!buf_ok(&b)) return fail_field(cx, INVALID, "csv", NULL, "the statement is too long for a file");
    return file_write(cx, path, buf_str(&b), 0644);
}

static const char *path_arg(struct ctx *cx, const struct call *call, const char *name) {
    return arena_cstr(cx->arena, arg_text(call, name));
}

static enum rc write_files(struct ctx *cx, const struct call *call, const struct statement_doc *d) {
    if (arg_has(call, "csv")) TRY(write_csv(cx, d, path_arg(cx, call, "csv")));
    if (arg_has(call, "xlsx")) TRY(statement_xlsx(cx, d, path_arg(cx, call, "xlsx")));
    return arg_has(call, "pdf") ? write_pdf(cx, d, path_arg(cx, call, "pdf")) : OK;
}

static enum rc statement_run(struct ctx *cx, struct call *call) {
    int64_t customer_id;
    struct statement_doc d;
    TRY(look_up_customer(cx, call, "code", &customer_id));
    Date at = arg_has(call, "at") ? arg_date(call, "at") : app_today(cx, call->app);
    TRY(statement_load(cx, call->app, customer_id, at, &d));
    check_sides(&d);
    d.with_moves = arg_flag(call, "movements");
    if (arg_has(call, "language")) d.language = arg_text(call, "language");
    if (arg_has(call, "pdf")) TRY(logo_load(cx, call->app, &d.logo));
    struct json_writer *w = call->out;
    json_object(w);
    json_put_str(w, "customer", d.code);
    json_put_str(w, "name", d.name);
    put_date(w, "at", d.at);
    put_moves(w, &d);
    put_open(w, &d);
    put_spares(w, &d);
    put_sums(w, &d);
    json_object_end(w);
    return write_files(cx, call, &d);
}

const struct action statement_show_action = {
    .verb = "statement show",
    .path = "GET /customers/{code}/statement",
    .summary = "A customer's statement as of a day: every movement, what was open and how old it was",
    .details =
        "Recomputed from the ledger, for any day. change is what a line did to what is owed, balance what was owed "
        "after it. Money received and credit notes change nothing until they are put to an invoice; what is left "
        "of them is listed as unapplied, and net is the balance without it. The PDF lists what was open, with "
        "--movements also every movement; XLSX and CSV hold every movement always.",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     {"at", P_DATE, OPTIONAL, "as of the end of this day; else today", NULL},
                     {"pdf", P_FILE, OPTIONAL, "write it as PDF to this file too", NULL},
                     {"xlsx", P_FILE, OPTIONAL, "write it as a workbook to this file too", NULL},
                     {"csv", P_FILE, OPTIONAL, "write the lines to this file too", NULL},
                     {"movements", P_FLAG, OPTIONAL, "the PDF lists the movements too", NULL},
                     {"language", P_CHOICE, OPTIONAL, "of the PDF; else the customer's", "es|en|pt"}),
    .run = statement_run,
    .view = "statement",
    .columns = "date kind number instalment reference currency amount change balance",
};

/* ---- many ---- */

struct exporting {
    struct call *call;
    const char *folder;
    Date at;
    const struct pdf_image *logo;
    int64_t written;
};

/* A code as a file name: what could lead elsewhere, or stands for more than itself, becomes its percent escape. */
static Str file_name_of(struct ctx *cx, Str code) {
    struct buf b = buf_make(4096);
    buf_add_url(&b, code);
    Str name = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return name.n && name.p[0] != '.' ? name : arena_printf(cx->arena, "_%.*s", STR_ARG(name));
}

static enum rc export_one(struct ctx *cx, struct exporting *e, int64_t customer_id) {
    struct statement_doc d;
    TRY(statement_load(cx, e->call->app, customer_id, e->at, &d));
    d.with_moves = arg_flag(e->call, "movements");
    d.logo = e->logo;
    Str name = file_name_of(cx, d.code), format = arg_has(e->call, "format") ? arg_text(e->call, "format") : S("pdf");
    const char *path = arena_printf(cx->arena, "%s/%.*s.%.*s", e->folder, STR_ARG(name), STR_ARG(format)).p;
    e->written++;
    if (str_is(format, "csv")) return write_csv(cx, &d, path);
    return str_is(format, "xlsx") ? statement_xlsx(cx, &d, path) : write_pdf(cx, &d, path);
}

/* The customers to write: those named, or all who owed something or had credit on the day. */
static enum rc find_customers(struct ctx *cx, struct exporting *e, int64_t **out_ids, size_t *out_count) {
    VEC_OF(int64_t) ids = {0};
    for (size_t i = 0; i < arg_count(e->call, "customer"); i++) {
        struct customer_by_code_row row;
        bool found;
        Str code = arg_nth(e->call, "customer", i);
        TRY(customer_by_code(cx, &(struct customer_by_code_params){.code = code}, &row, &found));
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
                          .folder = arena_cstr(cx->arena, arg_text(call, "dir")),
                          .at = arg_has(call, "at") ? arg_date(call, "at") : app_today(cx, call->app)};
    int64_t *ids = NULL;
    size_t count = 0;
    TRY(dir_make(cx, e.folder, 0755));
    TRY(logo_load(cx, call->app, &e.logo));
    TRY(find_customers(cx, &e, &ids, &count));
    for (size_t i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(export_one(cx, &e, ids[i]));
        arena_rewind(cx->arena, mark);
        if (call->progress) call->progress(call->self, "statements", (int64_t)i + 1, (int64_t)count);
    }
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
    .params = PARAMS({"dir", P_FILE, REQUIRED, "the folder; made when it is not there", NULL},
                     {"at", P_DATE, OPTIONAL, "as of the end of this day; else today", NULL},
                     {"customer", P_TEXT, OPTIONAL | REPEATED, "only these customers", NULL},
                     {"format", P_CHOICE, OPTIONAL, "pdf unless said otherwise", "pdf|xlsx|csv"},
                     {"movements", P_FLAG, OPTIONAL, "the PDF lists the movements too", NULL}),
    .run = export_run,
};
