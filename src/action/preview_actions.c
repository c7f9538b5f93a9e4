/* `strategy preview`: what a changed strategy would do differently, and for whom, before it applies (REQ: B12). */
#include "action/action.h"
#include "action/env.h"
#include "action/lookup.h"
#include "base/file.h"
#include "plan/compare.h"
#include "strategy/strategy.h"

#define MAX_STRATEGY_FILE ((size_t)1024 * 1024)
#define LISTED_USUALLY 200

static void looked_at(void *self, int64_t customers) {
    const struct call *call = self;
    if (call->progress) call->progress(call->self, "preview", customers % 10000, 10000);
}

struct listing {
    struct json_writer *w;
    int64_t left;
};

static enum rc put_difference(struct ctx *cx, void *self, enum difference difference, const struct rehearsed *x) {
    struct listing *l = self;
    (void)cx;
    if (l->left == 0) return OK;
    l->left--;
    json_object(l->w);
    json_put_text(l->w, "what", difference == DIFFERENCE_GONE ? "no longer" : "new");
    put_date(l->w, "date", x->date);
    json_put_str(l->w, "customer", x->customer);
    json_put_str(l->w, "step", x->step);
    json_put_str(l->w, "kind", x->kind);
    json_put_str(l->w, "channel", x->channel);
    json_put_str(l->w, "tone", x->tone);
    put_currency(l->w, "currency", x->total.currency);
    put_money(l->w, "total", x->total.minor, x->total.currency);
    json_object_end(l->w);
    return OK;
}

static void put_changes(struct ctx *cx, struct json_writer *w, const struct strategy_book *book,
                        const struct strategy *after) {
    Str lines[200];
    json_key(w, "changes");
    json_array(w);
    for (size_t i = 0; i < book->count; i++) {
        if (!str_equal(book->items[i].code, after->code)) continue;
        size_t n = strategy_diff(cx->arena, &book->items[i], after, lines, COUNT_OF(lines));
        for (size_t k = 0; k < n; k++) json_str(w, lines[k]);
    }
    json_array_end(w);
}

static enum rc put_comparison(struct ctx *cx, struct call *call, const struct rehearsal *before,
                              const struct rehearsal *after) {
    struct comparison c;
    struct listing listing = {call->out, arg_int(call, "limit", LISTED_USUALLY)};
    put_date(call->out, "from", before->from);
    put_date(call->out, "to", before->to);
    json_key(call->out, "items");
    json_array(call->out);
    TRY(rehearsals_compare(cx, before, after, put_difference, &listing, &c));
    json_array_end(call->out);
    json_key(call->out, "counts");
    json_object(call->out);
    json_put_i64(call->out, "same", c.same);
    json_put_i64(call->out, "no_longer", c.gone);
    json_put_i64(call->out, "new", c.added);
    json_put_i64(call->out, "customers", c.customers);
    json_object_end(call->out);
    return OK;
}

static enum rc strategy_preview_run(struct ctx *cx, struct call *call) {
    const char *path = arena_cstr(cx->arena, arg_text(call, "file"));
    Str yaml;
    struct strategy strategy;
    struct plan_env env;
    struct rehearsal before, after;
    TRY(file_read(cx, path, MAX_STRATEGY_FILE, &yaml));
    TRY(strategy_parse(cx, yaml, path, &strategy));
    TRY(env_build(cx, call->app, &env));
    env.scope.for_viewer = true;
    int64_t days = arg_int(call, "days", 30);
    struct rehearsal_span span = {.from = env.scope.today,
                                  .days = days < 0 || days > INT32_MAX ? 0 : (int32_t)days,
                                  .run_minute = call->app->company.run_minute};
    struct plan_env changed = env;
    strategy_book_with(cx, &changed.book, &strategy);
    TRY(rehearse(cx, &env, &span, call->app->data_dir, looked_at, call, &before));
    enum rc rc = rehearse(cx, &changed, &span, call->app->data_dir, looked_at, call, &after);
    if (rc == OK) {
        json_object(call->out);
        json_put_str(call->out, "code", strategy.code);
        put_changes(cx, call->out, &env.book, &strategy);
        rc = put_comparison(cx, call, &before, &after);
        if (rc == OK) json_object_end(call->out);
        rehearsal_done(&after);
    }
    rehearsal_done(&before);
    return rc;
}

const struct action strategy_preview_action = {
    .verb = "strategy preview",
    .path = "POST /strategies/preview",
    .summary = "Show what a changed strategy would do differently, and for whom",
    .details = "Lives through the coming days twice, with the strategies in force and with this file among them, and tells "
               "what is new and what no longer comes: counted in full, listed up to --limit. Nothing is stored; `strategy "
               "apply` does that. What was sent before is never sent again, whatever the file says.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS({"file", P_FILE, REQUIRED | POSITIONAL, "YAML file; docs/ref/strategies.md has the schema", NULL},
                     {"days", P_INT, OPTIONAL, "how many days; 30 if not given", NULL},
                     {"limit", P_INT, OPTIONAL, "list at most so many differences; 200 if not given", NULL}),
    .run = strategy_preview_run,
    .is_slow = true,
    .columns = "what date customer step kind channel tone currency total",
};
