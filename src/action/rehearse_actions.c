/* `strategy rehearse`: the days to come, before they come (REQ: B13). */
#include "action/action.h"

#include "action/env.h"
#include "action/lookup.h"
#include "action/rehearsing.h"

static void put_items(struct json_writer *w, const struct rehearsed *x) {
    json_key(w, "items");
    json_array(w);
    for (size_t i = 0; i < x->item_count; i++) {
        json_object(w);
        json_put_str(w, "number", x->items[i].number);
        json_put_i64(w, "instalment", x->items[i].position);
        put_money(w, "open", x->items[i].open.minor, x->items[i].open.currency);
        if (!currency_equal(x->items[i].open.currency, x->total.currency))
            put_currency(w, "currency", x->items[i].open.currency);
        json_put_i64(w, "days", x->items[i].days);
        json_object_end(w);
    }
    json_array_end(w);
}

static enum rc put_message(struct ctx *cx, void *self, const struct rehearsed *x) {
    (void)cx;
    struct json_writer *w = self;
    json_object(w);
    put_date(w, "date", x->date);
    json_put_str(w, "customer", x->customer);
    json_put_str(w, "contact", x->contact);
    json_put_str(w, "channel", x->channel);
    json_put_str(w, "to", x->address);
    json_put_str(w, "step", x->step);
    json_put_str(w, "tone", x->tone);
    json_put_str(w, "template", x->kind);
    put_currency(w, "currency", x->total.currency);
    put_money(w, "total", x->total.minor, x->total.currency);
    put_items(w, x);
    json_object_end(w);
    return OK;
}

static enum rc put_task(struct ctx *cx, void *self, const struct rehearsed *x) {
    (void)cx;
    struct json_writer *w = self;
    json_object(w);
    put_date(w, "date", x->date);
    json_put_str(w, "customer", x->customer);
    json_put_str(w, "step", x->step);
    json_put_str(w, "kind", x->kind);
    put_items(w, x);
    json_object_end(w);
    return OK;
}

/* Days without any are left out. */
static void put_days(struct json_writer *w, const char *key, const struct rehearsal *r, const int64_t *by_day) {
    json_key(w, key);
    json_object(w);
    for (int32_t i = 0; i <= date_diff(r->to, r->from); i++) {
        char day[DATE_TEXT + 1];
        if (!by_day[i]) continue;
        date_iso(date_add(r->from, i), day);
        json_put_i64(w, day, by_day[i]);
    }
    json_object_end(w);
}

static void put_steps(struct ctx *cx, struct json_writer *w, const char *key, const struct rehearsal *r, bool tasks) {
    json_key(w, key);
    json_object(w);
    for (size_t i = 0; i < r->by_step.count; i++) {
        const struct step_count *s = &r->by_step.items[i];
        int64_t count = tasks ? s->tasks : s->messages;
        if (count) json_put_i64(w, arena_cstr(cx->arena, s->step), count);
    }
    json_object_end(w);
}

static void put_reasons(struct json_writer *w, const char *key, const int64_t *counts) {
    json_key(w, key);
    json_object(w);
    for (int i = 0; i < REASON_COUNT; i++)
        if (counts[i]) json_put_i64(w, reason_code_name((enum reason_code)i), counts[i]);
    json_object_end(w);
}

static void put_counts(struct ctx *cx, struct json_writer *w, const struct rehearsal *r) {
    json_key(w, "counts");
    json_object(w);
    json_put_i64(w, "customers", r->customers);
    json_put_i64(w, "messages", r->messages);
    json_put_i64(w, "tasks", r->tasks);
    put_days(w, "by_day", r, r->messages_by_day);
    put_steps(cx, w, "by_step", r, false);
    json_key(w, "by_channel");
    json_object(w);
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (r->by_channel[i]) json_put_i64(w, channel_kind_name((enum channel_kind)i), r->by_channel[i]);
    json_object_end(w);
    put_days(w, "tasks_by_day", r, r->tasks_by_day);
    put_steps(cx, w, "tasks_by_step", r, true);
    put_reasons(w, "deferred", r->deferred);
    put_reasons(w, "held", r->held);
    put_date(w, "assumed_watermark", r->assumed_watermark);
    json_object_end(w);
}

static enum rc put_rehearsal(struct ctx *cx, struct json_writer *w, const struct rehearsal *r) {
    json_object(w);
    put_date(w, "from", r->from);
    put_date(w, "to", r->to);
    json_key(w, "messages");
    json_array(w);
    TRY(rehearsal_read(cx, r, REHEARSED_MESSAGES, put_message, w));
    json_array_end(w);
    json_key(w, "tasks");
    json_array(w);
    TRY(rehearsal_read(cx, r, REHEARSED_TASKS, put_task, w));
    json_array_end(w);
    put_counts(cx, w, r);
    json_object_end(w);
    return OK;
}

static enum rc strategy_rehearse_run(struct ctx *cx, struct call *call) {
    struct plan_env env;
    struct rehearsal rehearsal;
    TRY(env_build(cx, call->app, &env));
    env.scope.for_viewer = true;
    struct rehearsal_span span;
    Date from = arg_has(call, "from") ? arg_date(call, "from") : env.scope.today;
    TRY(rehearsing_span(cx, call, from, 90, 0, &span));
    TRY(rehearsing_run(cx, call, &env, &span, "rehearse", &rehearsal));
    enum rc rc = put_rehearsal(cx, call->out, &rehearsal);
    rehearsal_done(&rehearsal);
    return rc;
}

const struct action strategy_rehearse_action = {
    .verb = "strategy rehearse",
    .path = "GET /rehearsal",
    .summary = "Show every message and task of the coming days, before anything is sent",
    .details =
        "Lives through each day's round at the hour jobs run, and what waits for an hour of that day, on the data as they are now and with the contact rules, "
        "and stores nothing. A strategy that is not activated is rehearsed as if it had been on the first day. "
        "Whatever happens meanwhile (payments, answers, approvals, a server that is away) is not foreseen; messages "
        "that wait for approval are counted, not listed. counts.deferred tells what made messages wait for another "
        "day, counts.held how many customers were held back and why.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS({"from", P_DATE, OPTIONAL, "first day; today if not given", NULL},
                     {"days", P_INT, OPTIONAL, "how many days; 90 if not given", NULL}),
    .run = strategy_rehearse_run,
    .is_slow = true,
    .columns = "messages: date customer to channel step tone currency total; tasks: date customer step kind",
};
