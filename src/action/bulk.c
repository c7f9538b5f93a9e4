#include "action/bulk.h"

#include <stdlib.h>

#include "action/app.h"
#include "action/desk.h"
#include "action/draft_store.h"
#include "book_sql.h"
#include "customer_sql.h"

static const char *const verdict_names[BULK_VERDICTS] = {"done", "unchanged", "refused"};

const char *bulk_verdict_name(enum bulk_verdict verdict) { return verdict_names[verdict]; }

/* ---- the choice ---- */

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static enum rc choose_named(struct ctx *cx, const struct call *call, struct bulk_choice *out) {
    size_t n = arg_count(call, "code"), kept = 0;
    int64_t *ids = ARENA_ARRAY(cx->arena, int64_t, n);
    Str *unknown = ARENA_ARRAY(cx->arena, Str, n);
    for (size_t i = 0; i < n; i++) {
        struct customer_by_code_row row;
        bool found;
        Str code = arg_nth(call, "code", i);
        TRY(customer_seen_by_code(cx, &(struct customer_seen_by_code_params){.code = code}, &row, &found));
        if (found)
            ids[out->count++] = row.id;
        else
            unknown[out->unknown_count++] = code;
    }
    qsort(ids, out->count, sizeof *ids, by_value);
    for (size_t i = 0; i < out->count; i++)
        if (kept == 0 || ids[kept - 1] != ids[i]) ids[kept++] = ids[i];
    out->ids = ids;
    out->count = kept;
    out->unknown = unknown;
    return OK;
}

enum rc bulk_matching(struct ctx *cx, const struct call *call, int64_t after_id, int64_t most, const int64_t **out_ids, size_t *out_count) {
    VEC_OF(int64_t) ids = {0};
    Date today = app_today(cx, call->app);
    struct standing_ids_params p = {.sort = arg_has(call, "sort") ? arg_text(call, "sort") : S("overdue"),
                                    .currency = call->app->company.currency,
                                    .today = today,
                                    .min_due = date_add(today, -1),
                                    .state = arg_text(call, "state"),
                                    .segment = arg_text(call, "segment"),
                                    .collector = arg_text(call, "collector"),
                                    .after_id = after_id,
                                    .limit = most};
    if (arg_has(call, "currency")) MUST(currency_parse(arg_text(call, "currency"), &p.currency));
    AUTO(standing_ids_close) struct standing_ids_cursor cursor = {0};
    TRY(standing_ids_open(cx, &p, &cursor));
    for (;;) {
        struct standing_ids_row row;
        bool more;
        TRY(standing_ids_next(cx, &cursor, &row, &more));
        if (!more) break;
        *VEC_PUSH(cx->arena, &ids) = row.id;
    }
    *out_ids = ids.items;
    *out_count = ids.count;
    return OK;
}

enum rc bulk_choose(struct ctx *cx, const struct call *call, struct bulk_choice *out) {
    *out = (struct bulk_choice){0};
    bool matching = arg_flag(call, "matching");
    if (!matching && arg_count(call, "code") == 0)
        return fail_field(cx, INVALID, "code", "tick the customers in the list first", "no customer was chosen");
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(desk_begin(cx, call->app));
    TRY(matching ? bulk_matching(cx, call, 0, INT64_MAX, &out->ids, &out->count) : choose_named(cx, call, out));
    return tx_commit(scope);
}

/* ---- the deed ---- */

static enum rc read_strategy(struct ctx *cx, Str given, struct bulk_deed *out) {
    struct strategy_by_code_row s;
    out->is_full = given.n > 0;
    if (!given.n || str_is(given, "*")) return OK;
    TRY(find_strategy(cx, given, &s));
    if (!instant_is_none(s.archived_at))
        return fail_field(cx, CONFLICT, "strategy", "take it back first, or choose another", "the strategy was archived");
    out->to = given;
    return OK;
}

enum rc bulk_deed_read(struct ctx *cx, const struct call *call, bool needs_all, struct bulk_deed *out) {
    *out = (struct bulk_deed){.what = arg_text(call, "do"), .reason = str_trim(arg_text(call, "reason")), .to = S(""), .is_full = true};
    bool assigns = str_is(out->what, "assign"), strategy = str_is(out->what, "strategy");
    Date until = arg_date(call, "until");
    if (assigns && !actor_may(cx->who, CAP_CUSTOMER_WRITE))
        return fail_field(cx, DENIED, "do", "a supervisor can", "you may not assign customers");
    if (strategy && !actor_may(cx->who, CAP_STRATEGY_WRITE))
        return fail_field(cx, DENIED, "do", "a manager can", "you may not choose strategies");
    if (str_is(out->what, "hold")) {
        out->is_full = out->reason.n > 0;
        if (!date_is_none(until) && date_compare(until, app_today(cx, call->app)) < 0)
            return fail_field(cx, INVALID, "until", "give today or a later day", "the hold would be over already");
        if (!out->is_full && needs_all) return fail_field(cx, INVALID, "reason", "it stays in the history of each", "a hold needs a reason");
    }
    if (assigns) {
        out->to = str_trim(arg_text(call, "to"));
        out->is_full = out->to.n > 0;
        if (!out->is_full && needs_all) return fail_field(cx, INVALID, "to", "the code of a collector", "whom shall they be assigned to?");
    }
    if (strategy) {
        TRY(read_strategy(cx, arg_text(call, "strategy"), out));
        if (!out->is_full && needs_all) return fail_field(cx, INVALID, "strategy", "its code, or * to follow the segment again", "which strategy?");
    }
    return OK;
}

enum bulk_verdict bulk_judge(const struct bulk_deed *deed, const struct standing_chosen_row *c, const char **out_why) {
    *out_why = "";
    if (str_is(deed->what, "hold")) {
        if (!c->held) return BULK_DONE;
        *out_why = "ALREADY_HELD";
        return BULK_UNCHANGED;
    }
    if (str_is(deed->what, "resume")) {
        if (c->held) return BULK_DONE;
        *out_why = c->reached ? "HELD_BY_SEGMENT" : "NOT_HELD";
        return c->reached ? BULK_REFUSED : BULK_UNCHANGED;
    }
    bool assigns = str_is(deed->what, "assign");
    if (!deed->is_full || !str_equal(assigns ? c->collector : c->strategy_code, deed->to)) return BULK_DONE;
    *out_why = assigns ? "SAME_COLLECTOR" : "SAME_STRATEGY";
    return BULK_UNCHANGED;
}
