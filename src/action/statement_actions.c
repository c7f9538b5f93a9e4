/* A customer's statement as of any day, and the customer's timeline. Both come from what is append-only (REQ: A4 F5).
 */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "base/file.h"
#include "base/yaml.h"
#include "customer_sql.h"
#include "statement_sql.h"
#include "timeline_sql.h"

#define MAX_CSV ((size_t)256 * 1024 * 1024)

/* What one currency adds up to. */
struct total {
    Currency currency;
    int64_t ledger;  /* Σ of the lines */
    int64_t balance; /* Σ of the open items: the same, seen from the other side */
    int64_t overdue, unapplied;
};

struct statement {
    struct ctx *cx;
    struct json_writer *w;
    int64_t customer_id;
    Date at;
    struct buf *csv; /* NULL: none wanted */
    VEC_OF(struct total) totals;
};

static struct total *total_of(struct statement *s, Currency currency) {
    for (size_t i = 0; i < s->totals.count; i++)
        if (currency_equal(s->totals.items[i].currency, currency)) return &s->totals.items[i];
    struct total *t = VEC_PUSH(s->cx->arena, &s->totals);
    t->currency = currency;
    return t;
}

/* A cell and what parts it from the next. */
static void csv_text(struct buf *csv, Str text) {
    buf_add_csv(csv, text);
    buf_add_char(csv, ',');
}

static void csv_money(struct buf *csv, int64_t minor, Currency currency, char end) {
    char text[MONEY_TEXT];
    buf_add(csv, money_text(money_make(minor, currency), text));
    buf_add_char(csv, end);
}

/* A charge is told by its document's type, money by whether it came, went, or was put to something. */
static Str kind_of(const struct statement_lines_row *r) {
    if (str_is(r->kind, "charge")) return r->type;
    if (str_is(r->kind, "payment")) return S("allocation");
    return r->kind;
}

static void put_line(struct statement *s, const struct statement_lines_row *r) {
    struct json_writer *w = s->w;
    struct total *t = total_of(s, r->currency);
    t->ledger += r->change;
    int64_t amount = r->rank == 1 && !r->is_claim ? -r->amount : r->amount;
    json_object(w);
    put_date(w, "date", r->date);
    json_put_str(w, "kind", kind_of(r));
    json_put_str(w, "number", r->number);
    if (r->rank == 1)
        json_put_i64(w, "instalment", r->position);
    else
        json_put_null(w, "instalment");
    json_put_str(w, "reference", r->other_number.n ? r->other_number : r->reference);
    if (r->has_payment_id)
        json_put_i64(w, "payment", r->payment_id);
    else
        json_put_null(w, "payment");
    put_currency(w, "currency", r->currency);
    put_money(w, "amount", amount, r->currency);
    put_money(w, "change", r->change, r->currency);
    put_money(w, "balance", t->ledger, r->currency);
    json_object_end(w);
    if (!s->csv) return;
    char date[DATE_TEXT], code[4];
    buf_printf(s->csv, "%.*s,%.*s,", STR_ARG(date_iso(r->date, date)), STR_ARG(currency_code(r->currency, code)));
    csv_text(s->csv, kind_of(r));
    csv_text(s->csv, r->number);
    buf_printf(s->csv, "%lld,", (long long)r->position);
    csv_text(s->csv, r->other_number.n ? r->other_number : r->reference);
    csv_money(s->csv, amount, r->currency, ',');
    csv_money(s->csv, r->change, r->currency, ',');
    csv_money(s->csv, t->ledger, r->currency, '\n');
}

static enum rc put_lines(struct statement *s) {
    AUTO(statement_lines_close) struct statement_lines_cursor cursor;
    struct statement_lines_params p = {.customer_id = s->customer_id, .until = s->at};
    TRY(statement_lines_open(s->cx, &p, &cursor));
    json_key(s->w, "items");
    json_array(s->w);
    for (;;) {
        struct statement_lines_row r;
        bool more;
        TRY(statement_lines_next(s->cx, &cursor, &r, &more));
        if (!more) break;
        put_line(s, &r);
    }
    json_array_end(s->w);
    return OK;
}

static void put_open(struct statement *s, const struct statement_open_row *r) {
    struct json_writer *w = s->w;
    struct total *t = total_of(s, r->currency);
    int32_t days = date_diff(s->at, r->due_date);
    t->balance += r->open;
    if (days > 0) t->overdue += r->open;
    json_object(w);
    json_put_str(w, "number", r->number);
    json_put_i64(w, "instalment", r->position);
    json_put_str(w, "type", r->type);
    put_date(w, "issue_date", r->issue_date);
    put_date(w, "due_date", r->due_date);
    json_put_i64(w, "days_overdue", days > 0 ? days : 0);
    put_currency(w, "currency", r->currency);
    put_money(w, "amount", r->amount, r->currency);
    put_money(w, "open", r->open, r->currency);
    json_object_end(w);
}

/* Claims (`claims` true) or credit notes and advances. */
static enum rc put_open_items(struct statement *s, bool claims) {
    AUTO(statement_open_close) struct statement_open_cursor cursor;
    TRY(statement_open_open(s->cx, &(struct statement_open_params){.customer_id = s->customer_id, .at = s->at},
                            &cursor));
    for (;;) {
        struct statement_open_row r;
        bool more;
        TRY(statement_open_next(s->cx, &cursor, &r, &more));
        if (!more) return OK;
        if (r.is_claim != claims) continue;
        if (claims) {
            put_open(s, &r);
            continue;
        }
        total_of(s, r.currency)->unapplied += r.open;
        json_object(s->w);
        json_put_str(s->w, "kind", r.type);
        json_put_str(s->w, "number", r.number);
        put_date(s->w, "date", r.issue_date);
        put_currency(s->w, "currency", r.currency);
        put_money(s->w, "amount", r.amount, r.currency);
        put_money(s->w, "unapplied", r.open, r.currency);
        json_object_end(s->w);
    }
}

static enum rc put_spare_payments(struct statement *s) {
    AUTO(statement_spare_close) struct statement_spare_cursor cursor;
    struct statement_spare_params p = {.customer_id = s->customer_id, .at = s->at};
    TRY(statement_spare_open(s->cx, &p, &cursor));
    for (;;) {
        struct statement_spare_row r;
        bool more;
        TRY(statement_spare_next(s->cx, &cursor, &r, &more));
        if (!more) return OK;
        total_of(s, r.currency)->unapplied += r.unapplied;
        json_object(s->w);
        json_put_text(s->w, "kind", "payment");
        json_put_str(s->w, "number", r.reference);
        put_date(s->w, "date", r.date);
        put_currency(s->w, "currency", r.currency);
        put_money(s->w, "amount", r.amount, r.currency);
        put_money(s->w, "unapplied", r.unapplied, r.currency);
        json_object_end(s->w);
    }
}

static void put_totals(struct statement *s) {
    json_key(s->w, "balances");
    json_array(s->w);
    for (size_t i = 0; i < s->totals.count; i++) {
        const struct total *t = &s->totals.items[i];
        MUST(t->ledger == t->balance); /* the two sides of one ledger */
        json_object(s->w);
        put_currency(s->w, "currency", t->currency);
        put_money(s->w, "balance", t->balance, t->currency);
        put_money(s->w, "overdue", t->overdue, t->currency);
        put_money(s->w, "unapplied", t->unapplied, t->currency);
        put_money(s->w, "net", t->balance - t->unapplied, t->currency);
        json_object_end(s->w);
    }
    json_array_end(s->w);
}

static enum rc write_csv(struct ctx *cx, struct call *call, const struct buf *csv) {
    if (!buf_ok(csv)) return fail_field(cx, INVALID, "csv", NULL, "the statement is too long for a file");
    return file_write(cx, arena_cstr(cx->arena, arg_text(call, "csv")), buf_str(csv), 0644);
}

static enum rc statement_run(struct ctx *cx, struct call *call) {
    AUTO(buf_done) struct buf csv = buf_make(MAX_CSV);
    struct statement s = {.cx = cx, .w = call->out, .at = app_today(cx, call->app)};
    struct customer_get_row customer;
    TRY(look_up_customer(cx, call, "code", &s.customer_id));
    TRY(customer_get(cx, &(struct customer_get_params){.id = s.customer_id}, &customer));
    if (arg_has(call, "at")) s.at = arg_date(call, "at");
    if (arg_has(call, "csv")) s.csv = &csv;
    buf_add(&csv, S("date,currency,kind,number,instalment,reference,amount,change,balance\n"));
    json_object(s.w);
    json_put_str(s.w, "customer", customer.code);
    json_put_str(s.w, "name", customer.name);
    put_date(s.w, "at", s.at);
    TRY(put_lines(&s));
    json_key(s.w, "open");
    json_array(s.w);
    TRY(put_open_items(&s, true));
    json_array_end(s.w);
    json_key(s.w, "unapplied");
    json_array(s.w);
    TRY(put_open_items(&s, false));
    TRY(put_spare_payments(&s));
    json_array_end(s.w);
    put_totals(&s);
    json_object_end(s.w);
    return s.csv ? write_csv(cx, call, s.csv) : OK;
}

const struct action statement_show_action = {
    .verb = "statement show",
    .path = "GET /customers/{code}/statement",
    .summary = "A customer's statement as of a day: every movement, what was open and how old it was",
    .details =
        "Recomputed from the ledger, for any day. change is what a line did to what is owed, balance what was owed "
        "after it. Money received and credit notes change nothing until they are put to an invoice; what is left "
        "of them is listed as unapplied, and net is the balance without it.",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     {"at", P_DATE, OPTIONAL, "as of the end of this day; else today", NULL},
                     {"csv", P_FILE, OPTIONAL, "write the lines to this file too", NULL}),
    .run = statement_run,
    .columns = "date kind number instalment reference currency amount change balance",
};

/* ---- timeline ---- */

static void put_data(struct ctx *cx, struct json_writer *w, Str json) {
    const struct yaml_node *root;
    struct fault before = cx->fault;
    json_key(w, "data");
    json_object(w);
    if (yaml_parse(cx, json, "data", &root) == OK && root->kind == YAML_MAPPING) {
        for (const struct yaml_node *n = root->child; n; n = n->next)
            if (n->kind == YAML_SCALAR) json_put_str(w, arena_cstr(cx->arena, n->key), n->scalar);
    }
    cx->fault = before;
    json_object_end(w);
}

static enum rc timeline_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct event_by_customer_params p = {.before = arg_int(call, "before", INT64_MAX),
                                         .limit = arg_int(call, "limit", INT64_MAX)};
    TRY(look_up_customer(cx, call, "code", &p.customer_id));
    AUTO(event_by_customer_close) struct event_by_customer_cursor cursor;
    TRY(event_by_customer_open(cx, &p, &cursor));
    items_begin(w);
    for (;;) {
        struct event_by_customer_row r;
        char text[INSTANT_TEXT];
        bool more;
        TRY(event_by_customer_next(cx, &cursor, &r, &more));
        if (!more) break;
        struct arena_mark mark = arena_mark(cx->arena);
        json_object(w);
        json_put_i64(w, "event", r.seq);
        json_put_str(w, "at", instant_format_offset(r.at, zone_offset(call->app->company.zone, r.at) / 60, text));
        json_put_str(w, "kind", r.kind);
        json_put_str(w, "subject", r.subject);
        json_put_str(w, "actor", r.actor);
        put_data(cx, w, r.data);
        json_object_end(w);
        arena_rewind(cx->arena, mark);
    }
    items_end(w);
    return OK;
}

const struct action timeline_show_action = {
    .verb = "timeline show",
    .path = "GET /customers/{code}/timeline",
    .summary = "Everything that happened with a customer, newest first",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     {"limit", P_INT, OPTIONAL, "at most so many", NULL},
                     {"before", P_INT, OPTIONAL, "only events with a lower number", NULL}),
    .run = timeline_run,
    .columns = "event at kind subject actor",
};
