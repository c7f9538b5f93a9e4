/* A customer's statement as of any day: on screen, as PDF, XLSX and CSV, one or many (REQ: A4). */
#include "action/action.h"
#include "action/lookup.h"
#include "action/statement_data.h"
#include "base/file.h"

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
    return file_write_soon(cx, path, buf_str(&b), 0644);
}

static enum rc write_csv(struct ctx *cx, const struct statement_doc *d, const char *path) {
    AUTO(buf_done) struct buf b = buf_make(MAX_FILE);
    statement_csv(d, &b);
    if (!buf_ok(&b)) return fail_field(cx, INVALID, "csv", NULL, "the statement is too long for a file");
    return file_write_soon(cx, path, buf_str(&b), 0644);
}

static const char *path_arg(struct ctx *cx, const struct call *call, const char *name) {
    return arena_cstr(cx->arena, arg_text(call, name));
}

static enum rc write_files(struct ctx *cx, const struct call *call, const struct statement_doc *d) {
    if (arg_has(call, "csv")) TRY(write_csv(cx, d, path_arg(cx, call, "csv")));
    if (arg_has(call, "xlsx")) TRY(statement_xlsx(cx, d, path_arg(cx, call, "xlsx")));
    return arg_has(call, "pdf") ? write_pdf(cx, d, path_arg(cx, call, "pdf")) : OK;
}

/* The PDF itself, for a browser to keep. */
static enum rc hand_over(struct ctx *cx, struct call *call, const struct statement_doc *d) {
    if (!call->raw) return fail_field(cx, INVALID, "download", "--pdf writes it to a file", "the PDF cannot be shown here");
    AUTO(buf_done) struct buf b = buf_make(MAX_FILE);
    TRY(statement_pdf(cx, d, &b));
    call->raw_type = "application/pdf";
    call->raw_name = arena_printf(cx->arena, "statement-%.*s.pdf", STR_ARG(d->code)).p;
    call->raw(call->self, buf_str(&b));
    return OK;
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
    if (arg_has(call, "pdf") || arg_flag(call, "download")) TRY(logo_load(cx, call->app, &d.logo));
    if (arg_flag(call, "download")) return hand_over(cx, call, &d);
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
                     {"pdf", P_FILE, OPTIONAL | WRITTEN, "write it as PDF to this file too", NULL},
                     {"xlsx", P_FILE, OPTIONAL | WRITTEN, "write it as a workbook to this file too", NULL},
                     {"csv", P_FILE, OPTIONAL | WRITTEN, "write the lines to this file too", NULL},
                     {"download", P_FLAG, OPTIONAL, "answer with the PDF itself", NULL},
                     {"movements", P_FLAG, OPTIONAL, "the PDF lists the movements too", NULL},
                     {"language", P_CHOICE, OPTIONAL, "of the PDF; else the customer's", "es|en|pt"}),
    .run = statement_run,
    .exports = "statement:{code}",
    .exports_when = "pdf xlsx csv download",
    .is_slow = true,
    .view = "statement",
    .columns = "date kind number instalment reference currency amount change balance",
};
