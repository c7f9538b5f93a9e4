/* The chosen customers as a table for a spreadsheet: one line for each and currency. */
#include "action/app.h"
#include "action/bulk.h"
#include "action/desk.h"

#define MAX_FILE ((size_t)64 * 1024 * 1024)

static void add_cell(struct buf *b, Str text) {
    buf_add_csv(b, text);
    buf_add_char(b, ',');
}

static void add_number(struct buf *b, Str text) {
    buf_add(b, text);
    buf_add_char(b, ',');
}

static void add_line(struct buf *b, const struct standing_chosen_row *c, const struct standing_of_customer_row *r, Date today) {
    char open[MONEY_TEXT], overdue[MONEY_TEXT], unapplied[MONEY_TEXT], code[4];
    int32_t days = date_is_none(r->oldest_due) ? 0 : date_diff(today, r->oldest_due);
    add_cell(b, c->code);
    add_cell(b, c->name);
    add_cell(b, c->segment);
    add_cell(b, c->collector);
    add_cell(b, c->strategy_code);
    add_number(b, currency_code(r->currency, code));
    add_number(b, money_text(money_make(r->open, r->currency), open));
    add_number(b, money_text(money_make(r->overdue, r->currency), overdue));
    add_number(b, money_text(money_make(r->unapplied, r->currency), unapplied));
    buf_printf(b, "%d,%lld,%s,%s,%lld\r\n", days > 0 ? days : 0, (long long)r->items, c->reached ? "1" : "0", c->disputed ? "1" : "0",
               (long long)c->waiting);
}

static enum rc add_customer(struct ctx *cx, struct call *call, int64_t id, Date today, struct buf *b, int64_t *lines) {
    struct standing_chosen_row c;
    bool found, any = false;
    TRY(standing_chosen(cx, &(struct standing_chosen_params){.id = id, .today = today}, &c, &found));
    if (!found) return OK;
    AUTO(standing_of_customer_close) struct standing_of_customer_cursor cursor = {0};
    TRY(standing_of_customer_open(cx, &(struct standing_of_customer_params){.id = id}, &cursor));
    for (;;) {
        struct standing_of_customer_row r;
        bool more;
        TRY(standing_of_customer_next(cx, &cursor, &r, &more));
        if (!more) break;
        add_line(b, &c, &r, today);
        any = true;
        ++*lines;
    }
    if (any) return OK;
    add_line(b, &c, &(struct standing_of_customer_row){.currency = call->app->company.currency, .oldest_due = DATE_NONE}, today);
    ++*lines;
    return OK;
}

static enum rc export_run(struct ctx *cx, struct call *call) {
    struct bulk_choice choice;
    int64_t lines = 0;
    Date today = app_today(cx, call->app);
    AUTO(buf_done) struct buf b = buf_make(MAX_FILE);
    TRY(bulk_choose(cx, call, &choice));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_READ));
    buf_add(&b, S("\xef\xbb\xbf" "code,name,segment,collector,strategy,currency,open,overdue,unapplied,oldest_days,items,hold,disputed,messages_waiting\r\n"));
    for (size_t i = 0; i < choice.count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(add_customer(cx, call, choice.ids[i], today, &b, &lines));
        arena_rewind(cx->arena, mark);
        if (call->progress) call->progress(call->self, "customers", (int64_t)i + 1, (int64_t)choice.count);
    }
    if (!buf_ok(&b)) return fail_field(cx, INVALID, "matching", "choose fewer customers", "the file would be too long");
    TRY(tx_commit(scope));
    call->exported = arena_printf(cx->arena, "%lld", (long long)choice.count);
    if (call->raw) {
        call->raw_type = "text/csv; charset=utf-8";
        call->raw_name = "customers.csv";
        call->raw(call->self, buf_str(&b));
        return OK;
    }
    json_object(call->out);
    json_put_i64(call->out, "customers", (int64_t)choice.count);
    json_put_i64(call->out, "lines", lines);
    json_put_str(call->out, "csv", buf_str(&b));
    json_object_end(call->out);
    return OK;
}

const struct action customers_export_action = {
    .verb = "customers export",
    .path = "GET /customers/export",
    .summary = "The chosen customers as a CSV file, a line for each and currency",
    .details = "What each owes, how late, who follows it, by which strategy, whether it is held or disputes something, and how many messages wait.",
    .needs = CAP_MONEY_READ,
    .tx = TX_NONE,
    .params = PARAMS(BULK_CHOICE),
    .run = export_run,
    .is_slow = true,
    .exports = "customers:*",
};
