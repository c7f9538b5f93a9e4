/* The portfolio as a page: sums by lateness, and customers in the order somebody wants to look at them (REQ: E2 E7). */
#include <stdio.h>
#include <string.h>

#include "action/app.h"
#include "action/collector.h"
#include "action/customer_page.h"
#include "action/desk.h"
#include "action/filter.h"
#include "action/paging.h"
#include "action/portfolio_list.h"
#include "action/tally.h"
#include "base/wide.h"
#include "desk_sql.h"
#include "standing_sql.h"

#define SEGMENTS_SHOWN 20
#define SEGMENT_BYTES 96 /* of a name that is remembered */

/* A part of a whole as a fraction of one, "0.125". */
static void put_share(struct json_writer *w, const char *key, int64_t part, int64_t whole) {
    int64_t thousandths = whole > 0 ? (int64_t)((Wide)part * 1000 / whole) : 0;
    char text[32];
    snprintf(text, sizeof text, "%d.%03d", (int)(thousandths / 1000), (int)(thousandths % 1000));
    json_put_text(w, key, text);
}

static void put_bucket(struct json_writer *w, const char *bucket, int64_t amount, int64_t total, Currency currency) {
    json_put_text(w, "bucket", bucket);
    put_currency(w, "currency", currency);
    put_money(w, "amount", amount, currency);
    put_share(w, "share", amount, total);
}

/* Of a bar BAR wide with gaps of GAP; what there is at all is LEAST wide, and the last one ends where the bar does. */
#define BAR 1000
#define GAP 3
#define LEAST 6

void put_ageing(struct json_writer *w, const int64_t amounts[5], Currency currency) {
    static const char *const names[5] = {"not_due", "days_30", "days_60", "days_90", "older"};
    int64_t total = 0, x = 0, parts = 0, seen = 0;
    for (int i = 0; i < 5; i++) {
        total += amounts[i];
        parts += amounts[i] > 0;
    }
    int64_t shared = BAR - GAP * (parts - 1) - LEAST * parts;
    json_key(w, "ageing");
    json_array(w);
    for (int i = 0; i < 5; i++) {
        int64_t width = amounts[i] > 0 ? LEAST + (int64_t)((Wide)amounts[i] * shared / total) : 0;
        if (amounts[i] > 0 && ++seen == parts) width = BAR - x;
        json_object(w);
        put_bucket(w, names[i], amounts[i], total, currency);
        json_put_i64(w, "x", x);
        json_put_i64(w, "width", width);
        json_object_end(w);
        if (width) x += width + GAP;
    }
    json_array_end(w);
}

static void put_total(struct json_writer *w, const struct standing_totals_row *r, Currency shown) {
    const int64_t amounts[5] = {r->not_due, r->days_30, r->days_60, r->days_90, r->older};
    json_object(w);
    put_currency(w, "currency", r->currency);
    json_put_bool(w, "chosen", currency_equal(r->currency, shown));
    put_money(w, "open", r->open, r->currency);
    put_money(w, "overdue", r->overdue, r->currency);
    put_share(w, "overdue_share", r->overdue, r->open);
    json_put_bool(w, "is_overdue", r->overdue > 0);
    put_money(w, "unapplied", r->unapplied, r->currency);
    json_put_i64(w, "items", r->items);
    json_put_i64(w, "customers", r->customers);
    json_put_i64(w, "customers_overdue", r->customers_overdue);
    put_ageing(w, amounts, r->currency);
    json_object_end(w);
}

static enum rc put_totals(struct ctx *cx, struct app *app, struct json_writer *w, Currency shown) {
    const struct standing_totals_row *rows;
    size_t count;
    TRY(desk_totals(cx, app, &rows, &count));
    json_key(w, "totals");
    json_array(w);
    for (size_t i = 0; i < count; i++) put_total(w, &rows[i], shown);
    json_array_end(w);
    json_put_bool(w, "several", count > 1);
    return OK;
}

typedef VEC_OF(Str) segment_list;

static enum rc read_segments(struct ctx *cx, bool of_all, segment_list *list) {
    const struct desk_segments_params p = {.limit = SEGMENTS_SHOWN};
    AUTO(desk_segments_close) struct desk_segments_cursor cursor = {0};
    TRY(of_all ? desk_segments_open(cx, &p, &cursor) : desk_segments_seen_open(cx, &p, &cursor));
    for (;;) {
        struct desk_segments_row r;
        bool more;
        TRY(desk_segments_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, list) = arena_str(cx->arena, r.segment);
    }
}

/* Those of everybody's customers are met by their index; those of some are looked for each time, hence remembered. */
struct seen_segments {
    size_t count;
    bool fit; /* else a name is too long for here */
    char names[SEGMENTS_SHOWN][SEGMENT_BYTES];
};

static enum rc find_seen_segments(struct ctx *cx, struct app *app, Date today, void *out) {
    (void)app, (void)today;
    struct seen_segments *seen = out;
    segment_list list = {0};
    TRY(read_segments(cx, false, &list));
    *seen = (struct seen_segments){.count = list.count, .fit = true};
    for (size_t i = 0; i < list.count; i++) {
        seen->fit = seen->fit && list.items[i].n < SEGMENT_BYTES;
        if (seen->fit) memcpy(seen->names[i], list.items[i].p, list.items[i].n);
    }
    return OK;
}

static const struct tally_kind seen_segments_kind = {sizeof(struct seen_segments), find_seen_segments};

static enum rc find_segments(struct ctx *cx, struct app *app, Date today, segment_list *list) {
    if (cx->view.all) return read_segments(cx, true, list);
    struct seen_segments *seen = ARENA_NEW(cx->arena, struct seen_segments);
    TRY(tally_get(cx, app, &seen_segments_kind, today, seen));
    if (!seen->fit) return read_segments(cx, false, list);
    for (size_t i = 0; i < seen->count; i++) *VEC_PUSH(cx->arena, list) = str_from(seen->names[i]);
    return OK;
}

static enum rc put_segments(struct ctx *cx, struct app *app, struct json_writer *w, const struct portfolio_question *a) {
    segment_list list = {0};
    TRY(find_segments(cx, app, a->today, &list));
    json_key(w, "segments");
    json_array(w);
    for (size_t i = 0; i < list.count; i++) {
        json_object(w);
        json_put_str(w, "segment", list.items[i]);
        json_put_bool(w, "chosen", str_equal(list.items[i], a->segment));
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

/* A customer's state in one word: what a person would say first. */
static const char *state_of(const struct standing_by_overdue_row *r, Date today) {
    if (r->held) return "suspended";
    if (!date_is_none(r->promise_date) && date_compare(r->promise_date, today) >= 0) return "promised";
    if (r->disputed && r->overdue == 0) return "disputed";
    if (r->overdue > 0) return "overdue";
    return r->open > 0 ? "open" : "paid";
}

static void put_row(struct json_writer *w, const struct app *app, const struct collectors *names, const struct standing_by_overdue_row *r, Date today) {
    int32_t days = date_is_none(r->oldest_due) ? 0 : date_diff(today, r->oldest_due);
    json_object(w);
    json_put_str(w, "code", r->code);
    json_put_str(w, "name", r->name);
    json_put_str(w, "segment", r->segment);
    put_collector(w, names, r->collector);
    put_currency(w, "currency", r->currency);
    put_money(w, "open", r->open, r->currency);
    put_money(w, "overdue", r->overdue, r->currency);
    json_put_bool(w, "is_overdue", r->overdue > 0);
    put_money(w, "unapplied", r->unapplied, r->currency);
    json_put_i64(w, "oldest_days", days > 0 ? days : 0);
    json_put_i64(w, "days_overdue", days > 0 ? days : 0);
    json_put_text(w, "state", state_of(r, today));
    json_put_bool(w, "disputed", r->disputed);
    put_date(w, "promise_date", r->promise_date);
    put_local(w, "last_contact", app, r->last_contact);
    json_object_end(w);
}

static enum rc put_rows(struct ctx *cx, struct call *call, const struct portfolio_question *a) {
    struct json_writer *w = call->out;
    struct portfolio_rows rows;
    struct collectors names;
    TRY(portfolio_read_rows(cx, a, &rows));
    TRY(collectors_read(cx, &names));
    bool is_cut = (int64_t)rows.count > a->limit;
    size_t shown = is_cut ? (size_t)a->limit : rows.count;
    json_key(w, "items");
    json_array(w);
    for (size_t i = 0; i < shown; i++) put_row(w, call->app, &names, &rows.items[i], a->today);
    json_array_end(w);
    json_put_i64(w, "count", (int64_t)shown);
    json_put_str(w, "next", is_cut ? portfolio_cursor(cx, a, &rows.items[shown - 1]) : (Str){NULL, 0});
    return OK;
}

/* Asked for nothing in particular: as the person has said to begin. */
static enum rc take_default(struct ctx *cx, const struct call *call, struct portfolio_question *a) {
    static const char *const choices[] = {"sort", "state", "segment", "collector", "currency"};
    Str query;
    for (size_t i = 0; i < COUNT_OF(choices); i++)
        if (arg_has(call, choices[i])) return OK;
    if (arg_flag(call, "all")) return OK;
    TRY(filter_default(cx, S("portfolio"), &query));
    while (query.n) {
        Str value = str_cut(&query, '&'), name = str_cut(&value, '=');
        value = str_url_decode(cx->arena, value);
        if (str_is(name, "sort")) a->sort = value;
        if (str_is(name, "state")) a->state = value;
        if (str_is(name, "segment")) a->segment = value;
        if (str_is(name, "collector")) a->collector = value;
        if (str_is(name, "currency")) (void)currency_parse(value, &a->currency);
    }
    return OK;
}

static enum rc portfolio_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(desk_begin(cx, call->app));
    struct portfolio_question a = {.sort = arg_has(call, "sort") ? arg_text(call, "sort") : S("overdue"),
                      .state = arg_text(call, "state"),
                      .segment = arg_text(call, "segment"),
                      .collector = arg_text(call, "collector"),
                      .after = arg_text(call, "after"),
                      .limit = arg_int(call, "limit", INT64_MAX),
                      .currency = call->app->company.currency,
                      .today = app_today(cx, call->app)};
    if (arg_has(call, "currency")) MUST(currency_parse(arg_text(call, "currency"), &a.currency));
    TRY(take_default(cx, call, &a));
    TRY(portfolio_read_cursor(cx, &a));
    if (a.limit < 1) return fail_field(cx, INVALID, "limit", "give a number from 1", "limit must be positive");
    json_object(w);
    put_date(w, "date", a.today);
    put_currency(w, "currency", a.currency);
    json_put_str(w, "sort", a.sort);
    json_put_str(w, "state", a.state);
    json_put_str(w, "segment", a.segment);
    json_put_str(w, "collector", a.collector);
    json_put_bool(w, "filtered", a.state.n || a.segment.n || a.collector.n);
    TRY(put_filters(cx, w, "filters", S("portfolio")));
    TRY(put_totals(cx, call->app, w, a.currency));
    TRY(put_segments(cx, call->app, w, &a));
    TRY(put_rows(cx, call, &a));
    json_object_end(w);
    return tx_commit(scope);
}

const struct action portfolio_action = {
    .verb = "portfolio",
    .path = "GET /portfolio",
    .summary = "Customers by what they owe, with the sums by lateness",
    .details = "next is the cursor of the page that follows. One currency at a time: the company's own, "
               "or --currency.",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_NONE,
    .params = PARAMS({"sort", P_CHOICE, OPTIONAL, "the order; overdue if not given", "overdue|open|oldest|name"},
                     {"state", P_CHOICE, OPTIONAL, "only these", "overdue|promised|disputed|held"},
                     {"segment", P_TEXT, OPTIONAL, "only of this segment", NULL},
                     {"collector", P_TEXT, OPTIONAL, "only this collector's", NULL},
                     {"currency", P_CURRENCY, OPTIONAL, "the currency of the sums", NULL},
                     {"all", P_FLAG, OPTIONAL, "not as the filter one begins with says", NULL},
                     PAGE_PARAMS_NAMED),
    .run = portfolio_run,
    .view = "portfolio",
    .columns = "items: code name currency open overdue oldest_days state",
};
