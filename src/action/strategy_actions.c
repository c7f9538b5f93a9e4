/* Strategies: list, show, apply, assign, activate. */
#include <inttypes.h>
#include <stdio.h>

#include "action/action.h"
#include "action/draft_store.h"
#include "action/env.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/strategy_page.h"
#include "base/file.h"
#include "customer_sql.h"
#include "plan/activation.h"
#include "plan/book.h"
#include "strategy/strategy.h"
#include "timeline/timeline.h"


struct id_list {
    VEC_OF(int64_t) ids;
};

static enum rc put_archived(struct ctx *cx, struct json_writer *w) {
    AUTO(strategy_archived_close) struct strategy_archived_cursor cursor;
    TRY(strategy_archived_open(cx, &cursor));
    json_key(w, "archived");
    json_array(w);
    for (;;) {
        struct strategy_archived_row r;
        bool more;
        TRY(strategy_archived_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_str(w, "code", r.code);
        json_put_str(w, "name", r.name);
        json_put_i64(w, "version", r.version);
        put_instant(w, "archived_at", r.archived_at);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

static enum rc draft_ids(struct ctx *cx, struct id_list *out) {
    AUTO(strategy_drafts_close) struct strategy_drafts_cursor cursor;
    TRY(strategy_drafts_open(cx, &cursor));
    for (;;) {
        struct strategy_drafts_row r;
        bool more;
        TRY(strategy_drafts_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, &out->ids) = r.id;
    }
}

static bool has_draft(const struct id_list *list, int64_t id) {
    for (size_t i = 0; i < list->ids.count; i++)
        if (list->ids.items[i] == id) return true;
    return false;
}

static enum rc strategy_list_run(struct ctx *cx, struct call *call) {
    struct id_list drafts = {0};
    struct page page;
    TRY(page_begin(cx, call, &page));
    TRY(draft_ids(cx, &drafts));
    AUTO(strategy_all_close) struct strategy_all_cursor cursor;
    TRY(strategy_all_open(cx, &cursor));
    items_begin(call->out);
    for (;;) {
        struct strategy_all_row r;
        bool more;
        TRY(strategy_all_next(cx, &cursor, &r, &more));
        if (more && r.id <= page.after) continue;
        if (!more || !page_takes(&page, r.id)) break;
        json_object(call->out);
        json_put_str(call->out, "code", r.code);
        json_put_str(call->out, "name", r.name);
        json_put_i64(call->out, "version", r.version);
        json_put_bool(call->out, "default", r.is_default);
        json_put_str(call->out, "segments", r.segments);
        put_date(call->out, "active_from", r.watermark);
        json_put_bool(call->out, "has_draft", has_draft(&drafts, r.id));
        json_object_end(call->out);
    }
    json_array_end(call->out);
    TRY(put_archived(cx, call->out));
    page_put_next(call->out, &page);
    json_object_end(call->out);
    return OK;
}

const struct action strategy_list_action = {
    .verb = "strategy list",
    .path = "GET /strategies",
    .summary = "List strategies and from when they are active",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = strategy_list_run,
    .view = "strategy_list",
    .columns = "items: code name version default segments active_from; archived: code name version archived_at",
};

static enum rc put_followers(struct ctx *cx, struct json_writer *w, int64_t id) {
    struct strategy_followers_row followers;
    struct strategy_draft_get_row draft;
    bool found;
    TRY(strategy_followers(cx, &(struct strategy_followers_params){.id = id}, &followers));
    TRY(strategy_draft_get(cx, &(struct strategy_draft_get_params){.id = id}, &draft, &found));
    json_put_i64(w, "by_hand", followers.by_hand);
    json_put_bool(w, "has_draft", found);
    return OK;
}

static enum rc strategy_show_run(struct ctx *cx, struct call *call) {
    struct strategy_by_code_row r;
    TRY(find_strategy(cx, arg_text(call, "code"), &r));
    json_object(call->out);
    json_put_str(call->out, "code", arg_text(call, "code"));
    json_put_str(call->out, "name", r.name);
    json_put_i64(call->out, "version", r.version);
    put_date(call->out, "active_from", r.watermark);
    put_instant(call->out, "archived_at", r.archived_at);
    json_put_bool(call->out, "default", r.is_default);
    TRY(put_followers(cx, call->out, r.id));
    json_put_str(call->out, "source", r.source);
    struct strategy parsed;
    if (strategy_parse(cx, r.source, "the version in force", &parsed) == OK) {
        json_put_str(call->out, "description", parsed.description);
        json_put_str(call->out, "segments", parsed.segments);
        strategy_put_steps(cx, call->out, &parsed, &(struct step_marks){0});
    }
    json_object_end(call->out);
    return OK;
}

const struct action strategy_show_action = {
    .verb = "strategy show",
    .path = "GET /strategies/{code}",
    .summary = "Show a strategy as the YAML it was given in",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the strategy", NULL}),
    .run = strategy_show_run,
    .view = "strategy",
};

static enum rc strategy_apply_run(struct ctx *cx, struct call *call) {
    Str yaml;
    struct strategy after, before;
    struct strategy_by_code_row known;
    int64_t version;
    bool changed, found;
    TRY(strategy_take_file(cx, call, &yaml, &after));
    TRY(strategy_by_code(cx, &(struct strategy_by_code_params){.code = after.code}, &known, &found));
    Str lines[200];
    size_t n = 0;
    if (found && strategy_parse(cx, known.source, "the version in force", &before) == OK)
        n = strategy_diff(cx->arena, &before, &after, lines, COUNT_OF(lines));
    TRY(strategy_store(cx, &(struct strategy_text){yaml, "the file", arg_text(call, "note"), false}, &after, &version, &changed));
    if (changed) {
        Str data = arena_printf(cx->arena, "{\"version\":%" PRId64 "}", version);
        TRY(event_note(cx, "strategy.applied", 0, after.code, data));
    }
    json_object(call->out);
    json_put_str(call->out, "code", after.code);
    json_put_i64(call->out, "version", version);
    json_put_bool(call->out, "changed", changed);
    json_key(call->out, "changes");
    json_array(call->out);
    for (size_t i = 0; i < n; i++) json_str(call->out, lines[i]);
    json_array_end(call->out);
    json_object_end(call->out);
    return OK;
}

const struct action strategy_apply_action = {
    .verb = "strategy apply",
    .path = "POST /strategies",
    .summary = "Take a strategy from a YAML file, as a new version",
    .details = "What was sent before is never sent again: progress belongs to the step's id, not to the version. "
               "Prints what changes.",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"file", P_FILE, REQUIRED | POSITIONAL, "YAML file; docs/ref/strategies.md has the schema", NULL},
                     {"note", P_TEXT, OPTIONAL, "why, for the list of versions", NULL}),
    .run = strategy_apply_run,
    .then = "/strategies/{code}",
    .form = "strategy list",
};

static enum rc strategy_assign_run(struct ctx *cx, struct call *call) {
    int64_t customer;
    struct strategy_by_code_row s = {0};
    bool by_hand = !arg_flag(call, "automatic");
    TRY(look_up_customer(cx, call, "customer", &customer));
    if (by_hand && !arg_has(call, "code"))
        return fail_field(cx, INVALID, "code", "or --automatic to follow the segment again", "which strategy?");
    if (by_hand) TRY(find_strategy(cx, arg_text(call, "code"), &s));
    if (by_hand && !instant_is_none(s.archived_at))
        return fail_field(cx, CONFLICT, "code", "take it back first, or choose another", "the strategy was archived");
    TRY(customer_set_strategy(
        cx, &(struct customer_set_strategy_params){.id = customer, .has_strategy_id = by_hand, .strategy_id = s.id}));
    TRY(event_note(cx, "strategy.assigned", customer, by_hand ? arg_text(call, "code") : S(""), S("{}")));
    json_object(call->out);
    json_put_str(call->out, "customer", arg_text(call, "customer"));
    json_put_str(call->out, "strategy", by_hand ? arg_text(call, "code") : S("automatic"));
    json_object_end(call->out);
    return OK;
}

const struct action strategy_assign_action = {
    .verb = "strategy assign",
    .path = "POST /strategies/assign",
    .summary = "Say which strategy a customer follows",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"customer", P_TEXT, REQUIRED, "code of the customer", NULL},
                     {"code", P_TEXT, OPTIONAL | POSITIONAL, "code of the strategy", NULL},
                     {"automatic", P_FLAG, OPTIONAL, "by segment again, or the default", NULL}),
    .run = strategy_assign_run,
    .then = "/customers/{customer}",
};

/* ---- activation ---- */

static void put_preview(struct json_writer *w, const struct activation_preview *p, Date from, bool activated) {
    json_put_bool(w, "activated", activated);
    put_date(w, "from", from);
    json_put_i64(w, "customers", p->customers);
    json_put_i64(w, "will_send", p->will_send);
    json_put_i64(w, "will_defer", p->deferred);
    json_put_i64(w, "tasks", p->tasks);
    json_put_i64(w, "steps_before_activation", p->before_activation);
    json_put_i64(w, "held", p->held);
}

#define RAMP_DAYS_MAX 30

struct activation {
    Date from, ramp_from;
    int32_t ramp_days;
};

static enum rc read_activation(struct ctx *cx, struct call *call, struct activation *out) {
    Date today = app_today(cx, call->app);
    int64_t days = arg_int(call, "ramp-days", 0);
    if (days < 0 || days > RAMP_DAYS_MAX)
        return fail_field(cx, INVALID, "ramp-days", "give a number of days from 1 to 30", "the start cannot be so gradual");
    *out = (struct activation){.from = arg_has(call, "from") ? arg_date(call, "from") : today,
                               .ramp_from = days > 1 ? today : DATE_NONE,
                               .ramp_days = days > 1 ? (int32_t)days : 0};
    return OK;
}

static enum rc activate_all(struct ctx *cx, struct call *call, const struct activation *a) {
    AUTO(tx_end) struct ctx *scope = cx;
    struct strategy_book book;
    TRY(tx_begin(cx, call->app->db, TX_WRITE));
    TRY(strategy_book_load(cx, NULL, &book));
    for (size_t i = 0; i < book.count; i++)
        TRY(strategy_activate(cx, &(struct strategy_activate_params){.id = book.items[i].id,
                                                                     .watermark = a->from,
                                                                     .ramp_from = a->ramp_from,
                                                                     .ramp_days = a->ramp_days}));
    char day[DATE_TEXT];
    Str data = arena_printf(cx->arena, "{\"from\":\"%.*s\",\"ramp_days\":%d}", STR_ARG(date_iso(a->from, day)), a->ramp_days);
    TRY(event_note(cx, "strategy.activated", 0, S(""), data));
    return tx_commit(scope);
}

/* What the next run would do if all were active from that day. */
static enum rc preview_activation(struct ctx *cx, struct call *call, const struct activation *a, struct activation_preview *out) {
    AUTO(tx_end) struct ctx *scope = cx;
    struct plan_env env;
    TRY(tx_begin(cx, call->app->db, TX_READ));
    TRY(env_build(cx, call->app, &env));
    env.policy.ignore_watermark = true;
    env.policy.watermark = a->from;
    for (size_t i = 0; i < env.book.count; i++) {
        env.book.items[i].ramp_from = a->ramp_from;
        env.book.items[i].ramp_days = a->ramp_days;
    }
    TRY(activation_preview(cx, &env, out));
    return tx_commit(scope);
}

static enum rc strategy_activation_run(struct ctx *cx, struct call *call) {
    struct activation a = {0};
    struct activation_preview preview;
    TRY(read_activation(cx, call, &a));
    TRY(preview_activation(cx, call, &a, &preview));
    json_object(call->out);
    put_preview(call->out, &preview, a.from, false);
    json_put_i64(call->out, "ramp_days", a.ramp_days);
    json_put_bool(call->out, "captured", mail_is_captured(call->app));
    json_object_end(call->out);
    return OK;
}

#define ACTIVATION_PARAMS                                                                                                          \
    {"from", P_DATE, OPTIONAL, "first day of the steps that may be sent; today if not given", NULL},                               \
        {"ramp-days", P_INT, OPTIONAL, "spread the first messages over so many days, from today", NULL}

const struct action strategy_activation_action = {
    .verb = "strategy activation",
    .path = "GET /strategies/activation",
    .summary = "Show what activating the strategies from a day on would mean",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_NONE,
    .params = PARAMS(ACTIVATION_PARAMS),
    .run = strategy_activation_run,
    .view = "strategy_activation",
    .is_slow = true,
};

static enum rc strategy_activate_run(struct ctx *cx, struct call *call) {
    struct activation a = {0};
    struct activation_preview preview;
    TRY(read_activation(cx, call, &a));
    TRY(preview_activation(cx, call, &a, &preview));
    char question[240];
    snprintf(question, sizeof question,
             phrase(cx, "The next run would send %lld messages and write %lld tasks; %lld older steps will never be sent. Activate?"),
             (long long)preview.will_send, (long long)preview.tasks, (long long)preview.before_activation);
    bool yes = call->yes || (call->confirm && call->confirm(call->self, question));
    if (yes) TRY(activate_all(cx, call, &a));
    json_object(call->out);
    put_preview(call->out, &preview, a.from, yes);
    json_object_end(call->out);
    if (yes) return OK;
    return fail_field(cx, DENIED, "yes", "say --yes, or answer y", "the strategies were not activated");
}

const struct action strategy_activate_action = {
    .verb = "strategy activate",
    .path = "POST /strategies/activate",
    .summary = "Let reminders go out from a day on, after showing what that means",
    .details = "Nothing is ever sent before this. Steps scheduled before the day --from (today if not given) are never "
               "sent: a first activation does not mail the "
               "whole past. Shows the counts of what the next run would send and asks. With --ramp-days the start is gradual: "
               "every customer who was never written to has a day of their own among the first so many.",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_NONE,
    .params = PARAMS(ACTIVATION_PARAMS),
    .run = strategy_activate_run,
    .is_slow = true,
    .then = "/today",
    .form = "strategy activation",
};
