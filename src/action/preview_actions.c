/* What a changed strategy would do differently, and for whom, before it applies; and applying it (REQ: B12).
 *
 * `strategy preview` takes a file, `strategy changes` the draft; both live through the coming days twice. */
#include <inttypes.h>
#include <stdio.h>

#include "action/draft_store.h"
#include "action/env.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/rehearsing.h"
#include "action/strategy_page.h"
#include "base/file.h"
#include "customer_sql.h"
#include "plan/compare.h"
#include "plan/effect.h"
#include "strategy/strategy.h"
#include "timeline/timeline.h"

#define LISTED_USUALLY 200
#define RAMP_DAYS_MAX 30

/* A strategy in the place of the one in force, or beside them, and the days of both. */
struct two {
    struct plan_env env;
    struct rehearsal before, after;
};

static void ramp(struct strategy_book *book, Str code, Date from, int32_t days) {
    for (size_t i = 0; days > 1 && i < book->count; i++)
        if (str_equal(book->items[i].code, code)) {
            book->items[i].ramp_from = from;
            book->items[i].ramp_days = days;
        }
}

/* On success both must be given back: two_done. */
static enum rc two_run(struct ctx *cx, struct call *call, const struct strategy *changed, int32_t ramp_days, struct two *out) {
    struct rehearsal_span span;
    TRY(env_build(cx, call->app, &out->env));
    out->env.scope.for_viewer = true;
    TRY(rehearsing_span(cx, call, out->env.scope.today, 30, 0, &span));
    struct plan_env with = out->env;
    strategy_book_with(cx, &with.book, changed);
    ramp(&with.book, changed->code, out->env.scope.today, ramp_days);
    TRY(rehearsing_run(cx, call, &out->env, &span, "preview", &out->before));
    enum rc rc = rehearsing_run(cx, call, &with, &span, "preview", &out->after);
    if (rc != OK) rehearsal_done(&out->before);
    return rc;
}

static void two_done(struct two *two) {
    rehearsal_done(&two->before);
    rehearsal_done(&two->after);
}

/* ---- of a file ---- */

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

static void put_lines(struct ctx *cx, struct json_writer *w, const struct strategy_book *book, const struct strategy *after) {
    Str lines[200];
    json_key(w, "changes");
    json_array(w);
    for (size_t i = 0; i < book->count; i++) {
        if (!str_equal(book->items[i].code, after->code)) continue;
        size_t n = strategy_diff(cx->arena, &book->items[i], after, lines, COUNT_OF(lines));
        for (size_t k = 0; k < n && k < COUNT_OF(lines); k++) json_str(w, lines[k]);
    }
    json_array_end(w);
}

static enum rc put_comparison(struct ctx *cx, struct call *call, const struct two *two) {
    struct comparison c;
    struct listing listing = {call->out, arg_int(call, "limit", LISTED_USUALLY)};
    put_date(call->out, "from", two->before.from);
    put_date(call->out, "to", two->before.to);
    json_key(call->out, "items");
    json_array(call->out);
    TRY(rehearsals_compare(cx, &two->before, &two->after, put_difference, &listing, &c));
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
    Str yaml;
    struct strategy strategy;
    struct two two;
    TRY(strategy_take_file(cx, call, &yaml, &strategy));
    TRY(two_run(cx, call, &strategy, 0, &two));
    json_object(call->out);
    json_put_str(call->out, "code", strategy.code);
    put_lines(cx, call->out, &two.env.book, &strategy);
    enum rc rc = put_comparison(cx, call, &two);
    if (rc == OK) json_object_end(call->out);
    two_done(&two);
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

/* ---- of the draft ---- */

static enum rc sound_draft(struct ctx *cx, struct kept_draft *k, struct strategy *out) {
    struct draft_finding finding;
    if (strategy_lint(cx, &k->draft, &finding, 1, NULL) == 0)
        return strategy_parse(cx, strategy_draft_write(cx->arena, &k->draft), "the draft", out);
    return fail_field(cx, CONFLICT, "code", "aldia strategy draft shows where", "the draft has faults: %.*s", STR_ARG(finding.message));
}

static enum rc read_ramp(struct ctx *cx, const struct call *call, int32_t *out) {
    int64_t days = arg_int(call, "ramp-days", 0);
    if (days < 0 || days > RAMP_DAYS_MAX)
        return fail_field(cx, INVALID, "ramp-days", "give a number of days from 1 to 30", "the start cannot be so gradual");
    *out = days > 1 ? (int32_t)days : 0;
    return OK;
}

static void put_effect_side(struct json_writer *w, const char *key, const struct effect_side *s) {
    if (date_is_none(s->date)) return;
    json_key(w, key);
    json_object(w);
    put_date(w, "date", s->date);
    json_put_str(w, s->channel.n ? "template" : "action", s->kind);
    json_put_str(w, "channel", s->channel.n ? s->channel : (Str){NULL, 0});
    json_put_str(w, "tone", s->tone.n ? s->tone : (Str){NULL, 0});
    json_object_end(w);
}

/* What people call a step, in the draft or else in force. */
static Str step_name(const struct kept_draft *k, Str id) {
    const struct strategy_draft *const both[] = {&k->draft, &k->force};
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        size_t at = strategy_draft_find(both[i], id);
        if (at != SIZE_MAX && both[i]->steps[at].field[DRAFT_NAME].n) return both[i]->steps[at].field[DRAFT_NAME];
    }
    return (Str){NULL, 0};
}

static enum rc put_effect(struct ctx *cx, struct json_writer *w, const struct kept_draft *k, const struct effect *e) {
    struct customer_id_by_code_row row;
    struct customer_get_row customer;
    bool found;
    json_object(w);
    json_put_text(w, "effect", effect_kind_name(e->kind));
    json_put_str(w, "customer", e->customer);
    TRY(customer_id_by_code(cx, &(struct customer_id_by_code_params){.code = e->customer}, &row, &found));
    if (found) {
        TRY(customer_get(cx, &(struct customer_get_params){.id = row.id}, &customer));
        json_put_str(w, "name", customer.name);
    }
    json_put_str(w, "step", e->step);
    json_put_str(w, "step_name", step_name(k, e->step));
    put_effect_side(w, "before", &e->before);
    put_effect_side(w, "after", &e->after);
    json_object_end(w);
    return OK;
}

static bool is_wanted(const struct call *call, const struct effect *e) {
    return (!arg_has(call, "effect") || str_is(arg_text(call, "effect"), effect_kind_name(e->kind))) &&
           (!arg_has(call, "customer") || str_equal(arg_text(call, "customer"), e->customer));
}

static enum rc put_effects(struct ctx *cx, struct call *call, const struct kept_draft *k, const struct effect_list *list) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin(cx, call, &page));
    json_key(w, "items");
    json_array(w);
    for (size_t i = (size_t)page.after; i < list->items.count; i++) {
        if (!is_wanted(call, &list->items.items[i])) continue;
        if (!page_takes(&page, (int64_t)i + 1)) break;
        TRY(put_effect(cx, w, k, &list->items.items[i]));
    }
    page_end(w, &page); /* closes the object too */
    return OK;
}

static void put_counts(struct json_writer *w, const struct effect_list *list, const struct comparison *c) {
    json_key(w, "counts");
    json_object(w);
    json_put_i64(w, "same", c->same);
    for (int kind = 0; kind < EFFECT_KINDS; kind++) json_put_i64(w, effect_kind_name((enum effect_kind)kind), list->by_kind[kind]);
    json_put_i64(w, "customers", c->customers);
    json_put_i64(w, "left_out", list->left_out);
    json_object_end(w);
    json_put_bool(w, "nothing", list->items.count == 0);
}

static enum rc put_changes(struct ctx *cx, struct call *call, const struct kept_draft *k, const struct two *two, int32_t ramp_days) {
    struct json_writer *w = call->out;
    AUTO(arena_release) struct arena *own = arena_new();
    struct effect_list list = {.arena = own};
    struct comparison c;
    TRY(rehearsals_compare(cx, &two->before, &two->after, effect_add, &list, &c));
    effects_pair(&list);
    json_object(w);
    json_put_str(w, "code", k->draft.code);
    json_put_str(w, "name", k->draft.name.n ? k->draft.name : k->draft.code);
    json_put_bool(w, "is_draft", k->is_draft);
    json_put_bool(w, "active", !date_is_none(k->strategy.watermark));
    json_put_bool(w, "is_stale", k->base_version != k->strategy.version);
    json_put_i64(w, "version", k->strategy.version);
    json_put_i64(w, "ramp_days", ramp_days);
    json_put_str(w, "was", draft_print(cx->arena, strategy_draft_write(cx->arena, &k->draft)));
    put_date(w, "from", two->before.from);
    put_date(w, "to", two->before.to);
    json_put_i64(w, "days", date_diff(two->before.to, two->before.from) + 1);
    strategy_put_diff(cx, w, "changes", &k->force, &k->draft);
    put_counts(w, &list, &c);
    return put_effects(cx, call, k, &list);
}

static enum rc changes_run(struct ctx *cx, struct call *call) {
    struct kept_draft k;
    struct strategy strategy;
    struct two two;
    int32_t ramp_days = 0;
    int64_t customer;
    if (arg_has(call, "customer")) TRY(look_up_customer(cx, call, "customer", &customer));
    TRY(draft_load(cx, arg_text(call, "code"), &k));
    TRY(sound_draft(cx, &k, &strategy));
    TRY(read_ramp(cx, call, &ramp_days));
    TRY(two_run(cx, call, &strategy, ramp_days, &two));
    enum rc rc = put_changes(cx, call, &k, &two, ramp_days);
    two_done(&two);
    return rc;
}

#define CODE {"code", P_TEXT, REQUIRED | POSITIONAL, "code of the strategy", NULL}
#define RAMP {"ramp-days", P_INT, OPTIONAL, "spread the first messages of customers never written to over so many days", NULL}

const struct action strategy_changes_action = {
    .verb = "strategy changes",
    .path = "GET /strategies/{code}/changes",
    .summary = "Show what the draft of a strategy changes, for whom, before and after",
    .details = "Lives through the coming days with what is in force and with the draft. A message that comes on another day, by another channel or in "
               "another tone is one change.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(CODE, {"days", P_INT, OPTIONAL, "how many days; 30 if not given", NULL}, RAMP,
                     {"effect", P_CHOICE, OPTIONAL, "only these", "new|gone|day|tone|channel|other"},
                     {"customer", P_TEXT, OPTIONAL, "only this customer's", NULL}, PAGE_PARAMS),
    .run = changes_run,
    .view = "strategy_changes",
    .is_slow = true,
    .columns = "items: effect customer step; changes: change step what",
};

static enum rc publish_run(struct ctx *cx, struct call *call) {
    struct kept_draft k;
    struct strategy strategy;
    int32_t ramp_days = 0;
    int64_t version;
    bool changed;
    Date today = app_today(cx, call->app);
    TRY(draft_load(cx, arg_text(call, "code"), &k));
    if (!k.is_draft) return fail_field(cx, CONFLICT, "code", "change something first", "there is no draft");
    TRY(sound_draft(cx, &k, &strategy));
    TRY(read_ramp(cx, call, &ramp_days));
    Str yaml = strategy_draft_write(cx->arena, &k.draft);
    TRY(draft_check_was(cx, call, yaml));
    if (k.base_version != k.strategy.version && !arg_flag(call, "over-newer"))
        return fail_field(cx, CONFLICT, "code", "compare, then say that it shall take its place",
                          "version %lld was made after the draft was begun from version %lld", (long long)k.strategy.version, (long long)k.base_version);
    TRY(strategy_store(cx, &(struct strategy_text){yaml, "the draft", arg_text(call, "note"), false}, &strategy, &version, &changed));
    TRY(strategy_draft_drop(cx, &(struct strategy_draft_drop_params){.id = k.strategy.id}));
    bool active = !date_is_none(k.strategy.watermark);
    if (active && ramp_days)
        TRY(strategy_ramp(cx, &(struct strategy_ramp_params){.id = k.strategy.id, .ramp_from = today, .ramp_days = ramp_days}));
    if (!active && arg_flag(call, "activate"))
        TRY(strategy_activate(cx, &(struct strategy_activate_params){.id = k.strategy.id,
                                                                     .watermark = today,
                                                                     .ramp_from = ramp_days ? today : DATE_NONE,
                                                                     .ramp_days = ramp_days}));
    Str data = arena_printf(cx->arena, "{\"version\":%" PRId64 ",\"ramp_days\":%d}", version, ramp_days);
    TRY(event_note(cx, "strategy.applied", 0, strategy.code, data));
    json_object(call->out);
    json_put_str(call->out, "code", strategy.code);
    json_put_i64(call->out, "version", version);
    json_object_end(call->out);
    return OK;
}

const struct action strategy_publish_action = {
    .verb = "strategy publish",
    .path = "POST /strategies/{code}/publish",
    .summary = "Put the draft of a strategy in force, as a new version",
    .details = "`strategy changes` shows before what it means. What was sent is never sent again: progress belongs to the step's id.",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS(CODE, {"note", P_TEXT, OPTIONAL, "why, for the list of versions", NULL}, RAMP,
                     {"activate", P_FLAG, OPTIONAL, "let a strategy that is not active yet send from today", NULL},
                     {"over-newer", P_FLAG, OPTIONAL, "also when another version was made meanwhile", NULL},
                     {"was", P_TEXT, OPTIONAL, "the draft you looked at; refused when it has changed since", NULL}),
    .run = publish_run,
    .then = "/strategies/{code}",
    .form = "strategy changes",
};
