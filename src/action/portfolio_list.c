/* Which customers a page of the portfolio shows, and in which order (REQ: E2).
 *
 * Each order has its query, made for its index; all have one shape of row. Of a filter that few meet, those few are looked at; of some codes'
 * customers, each code's are read in order and merged. */
#include "action/portfolio_list.h"

#include "action/desk.h"
#include "base/arena.h"

#define OWNERS_MAX 24
#define FEW_MOST 1500 /* customers of a filter looked at one by one; of more, walking an index meets a page full sooner */

static bool is_falling(const struct portfolio_question *a) { return str_is(a->sort, "overdue") || str_is(a->sort, "open"); }

/* "VALUE:ID" of the last row of the page before. */
enum rc portfolio_read_cursor(struct ctx *cx, struct portfolio_question *a) {
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
static int64_t one_more(const struct portfolio_question *a) { return a->limit < INT64_MAX ? a->limit + 1 : a->limit; }

static enum rc read_rows(struct ctx *cx, const struct portfolio_question *a, const struct stmt_def *def, const void *params, struct portfolio_rows *out) {
    AUTO(query_close) struct stmt *rows = NULL;
    TRY(query_open(cx, def, params, &rows));
    for (bool more = true; more && (int64_t)out->count <= a->limit;) {
        struct standing_by_overdue_row r;
        TRY(query_next(cx, rows, &r, &more));
        if (!more) return OK;
        r.code = arena_str(cx->arena, r.code);
        r.name = arena_str(cx->arena, r.name);
        r.segment = arena_str(cx->arena, r.segment);
        r.collector = arena_str(cx->arena, r.collector);
        *VEC_PUSH(cx->arena, out) = r;
    }
    return OK;
}

/* ---- everybody's ---- */

/* What every query of rows is asked. */
#define ASKED(A)                                                                                                                        \
    .currency = (A)->currency, .today = (A)->today, .min_due = date_add((A)->today, -1), .state = (A)->state, .segment = (A)->segment, \
    .collector = (A)->collector, .limit = one_more(A)

static enum rc read_all(struct ctx *cx, const struct portfolio_question *a, struct portfolio_rows *out) {
    const struct standing_by_overdue_params by_sum = {ASKED(a), .after = a->after_value, .after_id = a->after_id};
    if (str_is(a->sort, "overdue")) return read_rows(cx, a, &standing_by_overdue_def, &by_sum, out);
    if (str_is(a->sort, "open")) return read_rows(cx, a, &standing_by_open_def, &by_sum, out);
    if (str_is(a->sort, "name")) {
        const struct standing_by_name_params by_name = {ASKED(a), .after = a->after_text, .after_id = a->after_id};
        return read_rows(cx, a, &standing_by_name_def, &by_name, out);
    }
    const Date after = {a->after_value <= INT32_MIN ? INT32_MIN + 1 : (int32_t)a->after_value};
    const struct standing_by_oldest_params by_oldest = {ASKED(a), .after = after, .after_id = a->after_id};
    return read_rows(cx, a, &standing_by_oldest_def, &by_oldest, out);
}

/* What a list that begins after a row goes on after: sums negative, the largest first. */
static int64_t rank_after(const struct portfolio_question *a) {
    if (a->after.n == 0) return INT64_MIN;
    if (str_is(a->sort, "name")) return 0;
    return is_falling(a) ? -a->after_value : a->after_value;
}

static enum rc read_of_few(struct ctx *cx, const struct portfolio_question *a, Str by, struct portfolio_rows *out) {
    int64_t sign = is_falling(a) ? -1 : 1;
    const struct standing_of_few_params p = {.by = by,
                                       .sort = a->sort,
                                                                              .after_rank = rank_after(a),
                                       .after_name = a->after_text,
                                       .after_tie = sign * a->after_id,
                                       ASKED(a)};
    return read_rows(cx, a, &standing_of_few_def, &p, out);
}

/* ---- the customers of some codes, not of everybody ---- */

/* Whose customers alone are asked for: the filter's, or those of whoever asks. */
struct owners {
    Str codes[OWNERS_MAX];
    size_t count;
    bool sellers; /* as sellers too */
    bool walk_all; /* everybody's, or of so many that walking all meets them soon */
};

static enum rc find_owners(struct ctx *cx, const struct portfolio_question *a, struct owners *out) {
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

static enum rc read_owned_by(struct ctx *cx, const struct portfolio_question *a, const struct owners *o, Str code, struct portfolio_rows *out) {
    if (str_is(a->sort, "name")) {
        const struct standing_owned_by_name_params p = {
            ASKED(a), .code = code, .sellers = o->sellers, .after = a->after_text, .after_id = a->after_id};
        return read_rows(cx, a, &standing_owned_by_name_def, &p, out);
    }
    if (str_is(a->sort, "overdue")) {
        const struct standing_owned_by_overdue_params p = {
            ASKED(a), .code = code, .sellers = o->sellers, .after = a->after_value, .after_id = a->after_id};
        return read_rows(cx, a, &standing_owned_by_overdue_def, &p, out);
    }
    const struct standing_owned_by_rank_params p = {ASKED(a),
                                                    .code = code,
                                                    .sellers = o->sellers,
                                                    .sort = a->sort,
                                                    .after_rank = rank_after(a),
                                                    .after_tie = is_falling(a) ? -a->after_id : a->after_id};
    return read_rows(cx, a, &standing_owned_by_rank_def, &p, out);
}

static int compare(struct ctx *cx, const struct portfolio_question *a, const struct standing_by_overdue_row *x, const struct standing_by_overdue_row *y) {
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
static void merge(struct ctx *cx, const struct portfolio_question *a, const struct portfolio_rows *more, struct portfolio_rows *list) {
    struct portfolio_rows both = {0};
    size_t n = list->count, m = more->count;
    for (size_t i = 0, k = 0; (int64_t)both.count <= a->limit && (i < n || k < m);) {
        int order = i == n ? 1 : k == m ? -1 : compare(cx, a, &list->items[i], &more->items[k]);
        *VEC_PUSH(cx->arena, &both) = order <= 0 ? list->items[i] : more->items[k];
        i += order <= 0;
        k += order >= 0;
    }
    *list = both;
}

static enum rc read_owned(struct ctx *cx, const struct portfolio_question *a, const struct owners *o, struct portfolio_rows *out) {
    for (size_t i = 0; i < o->count; i++) {
        struct portfolio_rows of_one = {0};
        TRY(read_owned_by(cx, a, o, o->codes[i], &of_one));
        if (i == 0)
            *out = of_one;
        else
            merge(cx, a, &of_one, out);
    }
    return OK;
}

/* The filter that leaves the fewest customers, if they are few; else empty. */
static enum rc find_few(struct ctx *cx, const struct portfolio_question *a, Str *out_by) {
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

enum rc portfolio_read_rows(struct ctx *cx, const struct portfolio_question *a, struct portfolio_rows *out) {
    Str by;
    struct owners owners;
    *out = (struct portfolio_rows){0};
    TRY(find_few(cx, a, &by));
    if (by.n) return read_of_few(cx, a, by, out);
    TRY(find_owners(cx, a, &owners));
    return owners.walk_all ? read_all(cx, a, out) : read_owned(cx, a, &owners, out);
}

Str portfolio_cursor(struct ctx *cx, const struct portfolio_question *a, const struct standing_by_overdue_row *r) {
    if (str_is(a->sort, "name")) {
        Str folded = str_fold(cx->arena, r->name);
        return arena_printf(cx->arena, "%.*s:%lld", STR_ARG(folded), (long long)r->id);
    }
    int64_t value = str_is(a->sort, "open")     ? r->open
                    : str_is(a->sort, "oldest") ? r->oldest_due.day
                                                : r->overdue;
    return arena_printf(cx->arena, "%lld:%lld", (long long)value, (long long)r->id);
}
