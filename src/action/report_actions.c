/* Reports. Ageing: what is open by how late it is; of the past, what was (REQ: J1). */
#include <string.h>

#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "ledger_sql.h"
#include "statement_sql.h"

#define BUCKETS 6
static const char *const bucket_names[BUCKETS] = {"not_due", "1-30", "31-60", "61-90", "91-120", "over_120"};

struct aged {
    Currency currency;
    int64_t count[BUCKETS], amount[BUCKETS];
};
typedef VEC_OF(struct aged) aged_list;

static struct aged *aged_of(struct arena *arena, aged_list *list, Currency currency) {
    for (size_t i = 0; i < list->count; i++)
        if (currency_equal(list->items[i].currency, currency)) return &list->items[i];
    struct aged *a = VEC_PUSH(arena, list);
    a->currency = currency;
    return a;
}

static enum rc load_past(struct ctx *cx, Date at, aged_list *list) {
    AUTO(ageing_at_close) struct ageing_at_cursor cursor;
    TRY(ageing_at_open(cx, &(struct ageing_at_params){.at = at}, &cursor));
    for (;;) {
        struct ageing_at_row r;
        bool more;
        TRY(ageing_at_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        struct aged *a = aged_of(cx->arena, list, r.currency);
        a->count[r.days_class] = r.count;
        a->amount[r.days_class] = r.amount;
    }
}

static enum rc load_now(struct ctx *cx, Date today, aged_list *list) {
    AUTO(ageing_now_close) struct ageing_now_cursor cursor;
    TRY(ageing_now_open(cx, &(struct ageing_now_params){.at = today}, &cursor));
    for (;;) {
        struct ageing_now_row r;
        bool more;
        TRY(ageing_now_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        struct aged *a = aged_of(cx->arena, list, r.currency);
        a->count[r.days_class] = r.count;
        a->amount[r.days_class] = r.amount;
    }
}

static void put_bucket(struct ctx *cx, struct json_writer *w, const struct aged *a, const char *bucket, int64_t count, int64_t amount,
                       struct page *page) {
    char code[4];
    Str name = arena_printf(cx->arena, "%.*s-%s", STR_ARG(currency_code(a->currency, code)), bucket);
    if (page_skips(page, name) || page->is_cut || !page_takes_named(page, S(""), name)) return;
    json_object(w);
    put_currency(w, "currency", a->currency);
    json_put_text(w, "bucket", bucket);
    json_put_i64(w, "count", count);
    put_money(w, "amount", amount, a->currency);
    json_object_end(w);
}

static enum rc by_bucket(struct ctx *cx, struct call *call, Date at, struct page *page) {
    struct json_writer *w = call->out;
    aged_list list = {0};
    if (arg_has(call, "at"))
        TRY(load_past(cx, at, &list));
    else
        TRY(load_now(cx, at, &list));
    json_object(w);
    put_date(w, "at", at);
    json_key(w, "items");
    json_array(w);
    for (size_t i = 0; i < list.count; i++) {
        const struct aged *a = &list.items[i];
        int64_t count = 0, amount = 0;
        for (int b = 0; b < BUCKETS; b++) {
            put_bucket(cx, w, a, bucket_names[b], a->count[b], a->amount[b], page);
            count += a->count[b];
            amount += a->amount[b];
        }
        put_bucket(cx, w, a, "total", count, amount, page);
    }
    page_end(w, page);
    return page_met(cx, page);
}

/* False when the page is full. */
static bool put_customer(struct json_writer *w, const struct ageing_customers_at_row *r, struct page *page) {
    char code[4];
    if (!page_takes_named(page, currency_code(r->currency, code), r->code)) return false;
    const int64_t amounts[BUCKETS] = {r->not_due, r->days_30, r->days_60, r->days_90, r->days_120, r->older};
    int64_t total = 0;
    json_object(w);
    json_put_str(w, "customer", r->code);
    json_put_str(w, "name", r->name);
    put_currency(w, "currency", r->currency);
    json_put_i64(w, "count", r->count);
    for (int b = 0; b < BUCKETS; b++) {
        put_money(w, bucket_names[b], amounts[b], r->currency);
        total += amounts[b];
    }
    put_money(w, "total", total, r->currency);
    json_object_end(w);
    return true;
}

/* As of a day that is over, or as it is kept. */
static enum rc put_customers(struct ctx *cx, struct json_writer *w, bool is_past, Date at, struct page *page) {
    const struct ageing_customers_at_params p = {.at = at, .after = page->rest, .after_currency = page->head};
    AUTO(ageing_customers_at_close) struct ageing_customers_at_cursor cursor = {0};
    TRY(is_past ? ageing_customers_at_open(cx, &p, &cursor) : ageing_customers_now_open(cx, &p, &cursor));
    for (;;) {
        struct ageing_customers_at_row r;
        bool more;
        TRY(ageing_customers_at_next(cx, &cursor, &r, &more));
        if (!more || !put_customer(w, &r, page)) return OK;
    }
}

static enum rc ageing_run(struct ctx *cx, struct call *call) {
    Date at = arg_has(call, "at") ? arg_date(call, "at") : app_today(cx, call->app);
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin_named(cx, call, false, &page));
    if (!arg_has(call, "by")) return by_bucket(cx, call, at, &page);
    json_object(w);
    put_date(w, "at", at);
    json_key(w, "items");
    json_array(w);
    TRY(put_customers(cx, w, arg_has(call, "at"), at, &page));
    page_end(w, &page);
    return OK;
}

const struct action report_ageing_action = {
    .verb = "report ageing",
    .path = "GET /reports/ageing",
    .summary = "What is owed by how late it is, today or as of any day",
    .details =
        "Counts instalments; each currency apart. With --at everything is recomputed from the ledger as it stood at "
        "the end of that day.",
    .needs = CAP_REPORT_READ,
    .tx = TX_READ,
    .params = PARAMS({"at", P_DATE, OPTIONAL, "as of the end of this day", NULL},
                     {"by", P_CHOICE, OPTIONAL, "one line per customer and currency", "customer"}, PAGE_PARAMS_NAMED),
    .run = ageing_run,
    .columns = "bucket customer name currency count amount not_due 1-30 31-60 61-90 91-120 over_120 total",
};
