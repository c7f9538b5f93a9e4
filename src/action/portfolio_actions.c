/* The portfolio as a page: sums by lateness, and customers in the order somebody wants to look at them (REQ: E2 E7). */
#include <stdio.h>
#include <string.h>

#include "action/app.h"
#include "action/customer_page.h"
#include "action/desk.h"
#include "action/filter.h"
#include "action/paging.h"
#include "action/tally.h"
#include "base/wide.h"
#include "desk_sql.h"
#include "standing_sql.h"

#define SEGMENTS_SHOWN 20
#define SEGMENT_BYTES 96 /* of a name that is remembered */
#define OWNERS_MAX 24
#define FEW_MOST 1500 /* customers of a filter looked at one by one; of more, walking an index meets a page full sooner */

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

struct asked {
    Str sort, state, segment, collector, after;
    Currency currency;
    Date today;
    Str after_text;
    int64_t after_value, after_id, limit;
};

typedef VEC_OF(Str) segment_list;

static enum rc segments_of_all(struct ctx *cx, segment_list *list) {
    AUTO(desk_segments_close) struct desk_segments_cursor cursor = {0};
    TRY(desk_segments_open(cx, &(struct desk_segments_params){.limit = SEGMENTS_SHOWN}, &cursor));
    for (;;) {
        struct desk_segments_row r;
        bool more;
        TRY(desk_segments_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, list) = arena_str(cx->arena, r.segment);
    }
}

static enum rc segments_of_seen(struct ctx *cx, segment_list *list) {
    AUTO(desk_segments_seen_close) struct desk_segments_seen_cursor cursor = {0};
    TRY(desk_segments_seen_open(cx, &(struct desk_segments_seen_params){.limit = SEGMENTS_SHOWN}, &cursor));
    for (;;) {
        struct desk_segments_row r;
        bool more;
        TRY(desk_segments_seen_next(cx, &cursor, &r, &more));
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
    TRY(segments_of_seen(cx, &list));
    *seen = (struct seen_segments){.count = list.count, .fit = true};
    for (size_t i = 0; i < list.count; i++) {
        seen->fit = seen->fit && list.items[i].n < SEGMENT_BYTES;
        if (seen->fit) memcpy(seen->names[i], list.items[i].p, list.items[i].n);
    }
    return OK;
}

static const struct tally_kind seen_segments_kind = {sizeof(struct seen_segments), find_seen_segments};

static enum rc find_segments(struct ctx *cx, struct app *app, Date today, segment_list *list) {
    if (cx->view.all) return segments_of_all(cx, list);
    struct seen_segments *seen = ARENA_NEW(cx->arena, struct seen_segments);
    TRY(tally_get(cx, app, &seen_segments_kind, today, seen));
    if (!seen->fit) return segments_of_seen(cx, list);
    for (size_t i = 0; i < seen->count; i++) *VEC_PUSH(cx->arena, list) = str_from(seen->names[i]);
    return OK;
}

static enum rc put_segments(struct ctx *cx, struct app *app, struct json_writer *w, const struct asked *a) {
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

static void put_row(struct json_writer *w, const struct app *app, const struct standing_by_overdue_row *r, Date today) {
    int32_t days = date_is_none(r->oldest_due) ? 0 : date_diff(today, r->oldest_due);
    json_object(w);
    json_put_str(w, "code", r->code);
    json_put_str(w, "name", r->name);
    json_put_str(w, "segment", r->segment);
    json_put_str(w, "collector", r->collector);
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

static bool is_falling(const struct asked *a) { return str_is(a->sort, "overdue") || str_is(a->sort, "open"); }

/* "VALUE:ID" of the last row of the page before. */
static enum rc read_cursor(struct ctx *cx, struct asked *a) {
    bool falling = is_falling(a);
    a->after_value = falling ? INT64_MAX : INT64_MIN;
    a->after_id = falling ? INT64_MAX : 0;
    if (a->after.n == 0) return OK;
    size_t colon = a->after.n;
    while (colon > 0 && a->after.p[colon - 1] != ':') colon--;
    Str id = {a->after.p + colon, a->after.n - colon};
    a->after_text = (Str){a->after.p, colon ? colon - 1 : 0};
    bool good = colon && str_to_i64(id, &a->after_id) && a->after_id >= 0;
    if (!str_is(a->sort, "name")) good = good && str_to_i64(a->after_text, &a->after_value) && a->after_value > INT64_MIN;
    return good ? OK : fail_field(cx, INVALID, "after", "take it from next", "\"%.*s\" is no cursor", STR_ARG(a->after));
}

/* Rows to be read: the one too many tells that a page follows. */
static int64_t one_more(const struct asked *a) { return a->limit < INT64_MAX ? a->limit + 1 : a->limit; }

/* The four orders are four queries with one row shape; each is read the same way. */
struct listing {
    VEC_OF(struct standing_by_overdue_row) rows;
};

#define READ_LIST(NAME, CURSOR_VALUE)                                                                                  \
    static enum rc read_##NAME(struct ctx *cx, const struct asked *a, struct listing *out) {                          \
        const struct standing_##NAME##_params p = {.currency = a->currency,                                            \
                                                   .today = a->today,                                                  \
                                                   .after = CURSOR_VALUE,                                              \
                                                   .after_id = a->after_id,                                            \
                                                   .min_due = date_add(a->today, -1),                                  \
                                                   .state = a->state,                                                  \
                                                   .segment = a->segment,                                              \
                                                   .collector = a->collector,                                          \
                                                   .limit = one_more(a)};                                              \
        AUTO(standing_##NAME##_close) struct standing_##NAME##_cursor cursor = {0};                                    \
        TRY(standing_##NAME##_open(cx, &p, &cursor));                                                                  \
        for (bool more = true; more && (int64_t)out->rows.count <= a->limit;) {                                                     \
            struct standing_by_overdue_row r;                                                                          \
            TRY(standing_##NAME##_next(cx, &cursor, &r, &more));                                                       \
            if (more) *VEC_PUSH(cx->arena, &out->rows) = keep_row(cx, r);                                                       \
        }                                                                                                              \
        return OK;                                                                                                     \
    }

static struct standing_by_overdue_row keep_row(struct ctx *cx, struct standing_by_overdue_row r) {
    r.code = arena_str(cx->arena, r.code);
    r.name = arena_str(cx->arena, r.name);
    r.segment = arena_str(cx->arena, r.segment);
    r.collector = arena_str(cx->arena, r.collector);
    return r;
}

READ_LIST(by_overdue, a->after_value)
READ_LIST(by_open, a->after_value)
READ_LIST(by_oldest, (Date){a->after_value <= INT32_MIN ? INT32_MIN + 1 : (int32_t)a->after_value})
READ_LIST(by_name, a->after_text)

/* What a list that begins after a row goes on after: sums negative, the largest first. */
static int64_t rank_after(const struct asked *a) {
    if (a->after.n == 0) return INT64_MIN;
    if (str_is(a->sort, "name")) return 0;
    return is_falling(a) ? -a->after_value : a->after_value;
}

static enum rc read_of_few(struct ctx *cx, const struct asked *a, Str by, struct listing *out) {
    int64_t sign = is_falling(a) ? -1 : 1;
    struct standing_of_few_params p = {.by = by,
                                       .sort = a->sort,
                                       .currency = a->currency,
                                       .today = a->today,
                                       .after_rank = rank_after(a),
                                       .after_name = a->after_text,
                                       .after_tie = sign * a->after_id,
                                       .min_due = date_add(a->today, -1),
                                       .state = a->state,
                                       .segment = a->segment,
                                       .collector = a->collector,
                                       .limit = one_more(a)};
    AUTO(standing_of_few_close) struct standing_of_few_cursor cursor = {0};
    TRY(standing_of_few_open(cx, &p, &cursor));
    for (bool more = true; more && (int64_t)out->rows.count <= a->limit;) {
        struct standing_by_overdue_row r;
        TRY(standing_of_few_next(cx, &cursor, &r, &more));
        if (more) *VEC_PUSH(cx->arena, &out->rows) = keep_row(cx, r);
    }
    return OK;
}

/* ---- the customers of some codes, not of everybody ---- */

/* Whose customers alone are asked for: the filter's, or those of whoever asks. */
struct owners {
    Str codes[OWNERS_MAX];
    size_t count;
    bool sellers; /* as sellers too */
    bool walk_all; /* everybody's, or of so many that walking all meets them soon */
};

static enum rc find_owners(struct ctx *cx, const struct asked *a, struct owners *out) {
    *out = (struct owners){.walk_all = cx->view.all && a->collector.n == 0};
    if (cx->view.all) {
        out->codes[out->count++] = a->collector;
        return OK;
    }
    out->sellers = true;
    AUTO(standing_codes_close) struct standing_codes_cursor cursor = {0};
    TRY(standing_codes_open(cx, &(struct standing_codes_params){.limit = OWNERS_MAX + 1}, &cursor));
    for (;;) {
        struct standing_codes_row r;
        bool more;
        TRY(standing_codes_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        out->walk_all = out->count == OWNERS_MAX;
        if (out->walk_all) return OK;
        out->codes[out->count++] = arena_str(cx->arena, r.code);
    }
}

#define READ_OWNED(NAME, ...)                                                                                          \
    static enum rc read_owned_##NAME(struct ctx *cx, const struct asked *a, const struct owners *o, Str code, struct listing *out) { \
        const struct standing_owned_##NAME##_params p = {.code = code,                                                 \
                                                         .sellers = o->sellers,                                        \
                                                         .currency = a->currency,                                      \
                                                         .today = a->today,                                            \
                                                         .min_due = date_add(a->today, -1),                            \
                                                         .state = a->state,                                            \
                                                         .segment = a->segment,                                        \
                                                         .collector = a->collector,                                    \
                                                         .limit = one_more(a),                                         \
                                                         __VA_ARGS__};                                                 \
        AUTO(standing_owned_##NAME##_close) struct standing_owned_##NAME##_cursor cursor = {0};                        \
        TRY(standing_owned_##NAME##_open(cx, &p, &cursor));                                                            \
        for (bool more = true; more && (int64_t)out->rows.count <= a->limit;) {                                        \
            struct standing_by_overdue_row r;                                                                          \
            TRY(standing_owned_##NAME##_next(cx, &cursor, &r, &more));                                                 \
            if (more) *VEC_PUSH(cx->arena, &out->rows) = keep_row(cx, r);                                              \
        }                                                                                                              \
        return OK;                                                                                                     \
    }

READ_OWNED(by_overdue, .after = a->after_value, .after_id = a->after_id)
READ_OWNED(by_rank, .sort = a->sort, .after_rank = rank_after(a), .after_tie = is_falling(a) ? -a->after_id : a->after_id)
READ_OWNED(by_name, .after = a->after_text, .after_id = a->after_id)

static int compare(struct ctx *cx, const struct asked *a, const struct standing_by_overdue_row *x, const struct standing_by_overdue_row *y) {
    int by_id = (x->id > y->id) - (x->id < y->id);
    if (str_is(a->sort, "name")) {
        int by_name = str_compare(str_fold(cx->arena, x->name), str_fold(cx->arena, y->name));
        return by_name ? by_name : by_id;
    }
    if (str_is(a->sort, "oldest")) {
        int by_date = date_compare(x->oldest_due, y->oldest_due);
        return by_date ? by_date : by_id;
    }
    int64_t vx = str_is(a->sort, "open") ? x->open : x->overdue, vy = str_is(a->sort, "open") ? y->open : y->overdue;
    return vx != vy ? (vx < vy) - (vx > vy) : -by_id;
}

/* Both in order; who is in both, as another's customer too, once. */
static void merge(struct ctx *cx, const struct asked *a, const struct listing *more, struct listing *list) {
    struct listing both = {0};
    size_t n = list->rows.count, m = more->rows.count;
    for (size_t i = 0, k = 0; (int64_t)both.rows.count <= a->limit && (i < n || k < m);) {
        int order = i == n ? 1 : k == m ? -1 : compare(cx, a, &list->rows.items[i], &more->rows.items[k]);
        *VEC_PUSH(cx->arena, &both.rows) = order <= 0 ? list->rows.items[i] : more->rows.items[k];
        i += order <= 0;
        k += order >= 0;
    }
    *list = both;
}

static enum rc read_owned(struct ctx *cx, const struct asked *a, const struct owners *o, struct listing *out) {
    for (size_t i = 0; i < o->count; i++) {
        struct listing of_one = {0};
        if (str_is(a->sort, "name"))
            TRY(read_owned_by_name(cx, a, o, o->codes[i], &of_one));
        else if (str_is(a->sort, "overdue"))
            TRY(read_owned_by_overdue(cx, a, o, o->codes[i], &of_one));
        else
            TRY(read_owned_by_rank(cx, a, o, o->codes[i], &of_one));
        if (i == 0)
            *out = of_one;
        else
            merge(cx, a, &of_one, out);
    }
    return OK;
}

/* The filter that leaves the fewest customers, if they are few; else empty. */
static enum rc find_few(struct ctx *cx, const struct asked *a, Str *out_by) {
    const Str filters[] = {a->state.n && !str_equal(a->state, a->sort) ? a->state : S(""), a->segment.n ? S("segment") : S("")};
    int64_t fewest = FEW_MOST + 1;
    *out_by = S("");
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        struct standing_few_count_row found;
        if (filters[i].n == 0) continue;
        TRY(standing_few_count(cx,
                               &(struct standing_few_count_params){.by = filters[i],
                                                                   .currency = a->currency,
                                                                   .today = a->today,
                                                                   .min_due = date_add(a->today, -1),
                                                                   .segment = a->segment,
                                                                   .most = fewest},
                               &found));
        if (found.count >= fewest) continue;
        fewest = found.count;
        *out_by = filters[i];
    }
    return OK;
}

static enum rc read_list(struct ctx *cx, const struct asked *a, struct listing *out) {
    Str by;
    struct owners owners;
    TRY(find_few(cx, a, &by));
    if (by.n) return read_of_few(cx, a, by, out);
    TRY(find_owners(cx, a, &owners));
    if (!owners.walk_all) return read_owned(cx, a, &owners, out);
    if (str_is(a->sort, "open")) return read_by_open(cx, a, out);
    if (str_is(a->sort, "oldest")) return read_by_oldest(cx, a, out);
    if (str_is(a->sort, "name")) return read_by_name(cx, a, out);
    return read_by_overdue(cx, a, out);
}

static Str cursor_of(struct ctx *cx, const struct asked *a, const struct standing_by_overdue_row *r) {
    if (str_is(a->sort, "name")) {
        Str folded = str_fold(cx->arena, r->name);
        return arena_printf(cx->arena, "%.*s:%lld", STR_ARG(folded), (long long)r->id);
    }
    int64_t value = str_is(a->sort, "open")     ? r->open
                    : str_is(a->sort, "oldest") ? r->oldest_due.day
                                                : r->overdue;
    return arena_printf(cx->arena, "%lld:%lld", (long long)value, (long long)r->id);
}

static enum rc put_rows(struct ctx *cx, struct call *call, const struct asked *a) {
    struct json_writer *w = call->out;
    struct listing *list = ARENA_NEW(cx->arena, struct listing);
    TRY(read_list(cx, a, list));
    bool is_cut = (int64_t)list->rows.count > a->limit;
    size_t shown = is_cut ? (size_t)a->limit : list->rows.count;
    json_key(w, "items");
    json_array(w);
    for (size_t i = 0; i < shown; i++) put_row(w, call->app, &list->rows.items[i], a->today);
    json_array_end(w);
    json_put_i64(w, "count", (int64_t)shown);
    json_put_str(w, "next", is_cut ? cursor_of(cx, a, &list->rows.items[shown - 1]) : (Str){NULL, 0});
    return OK;
}

/* Asked for nothing in particular: as the person has said to begin. */
static enum rc take_default(struct ctx *cx, const struct call *call, struct asked *a) {
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
    struct asked a = {.sort = arg_has(call, "sort") ? arg_text(call, "sort") : S("overdue"),
                      .state = arg_text(call, "state"),
                      .segment = arg_text(call, "segment"),
                      .collector = arg_text(call, "collector"),
                      .after = arg_text(call, "after"),
                      .limit = arg_int(call, "limit", INT64_MAX),
                      .currency = call->app->company.currency,
                      .today = app_today(cx, call->app)};
    if (arg_has(call, "currency")) MUST(currency_parse(arg_text(call, "currency"), &a.currency));
    TRY(take_default(cx, call, &a));
    TRY(read_cursor(cx, &a));
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
