/* A rehearsal to look at: a calendar of weeks, and every message and task of the chosen day (REQ: B13). */
#include <stdio.h>

#include "account/access.h"
#include "action/env.h"
#include "action/lookup.h"
#include "action/rehearsing.h"
#include "action/weeks.h"
#include "base/log.h"
#include "core/calendar.h"
#include "customer_sql.h"
#include "desk_sql.h"

#define DAY_ROWS_MAX 200

struct page_of_day {
    struct json_writer *w;
    Date day;
    int64_t shown, total;
    bool tasks;
};

static enum rc put_name(struct ctx *cx, struct json_writer *w, Str code) {
    struct customer_id_by_code_row row;
    struct customer_get_row customer;
    bool found;
    TRY(customer_id_by_code(cx, &(struct customer_id_by_code_params){.code = code}, &row, &found));
    if (!found) return OK;
    TRY(customer_get(cx, &(struct customer_get_params){.id = row.id}, &customer));
    json_put_str(w, "name", customer.name);
    return OK;
}

static enum rc put_one(struct ctx *cx, void *self, const struct rehearsed *x) {
    struct page_of_day *p = self;
    if (date_compare(x->date, p->day) != 0) return OK;
    p->total++;
    if (p->shown == DAY_ROWS_MAX) return OK;
    p->shown++;
    json_object(p->w);
    json_put_str(p->w, "customer", x->customer);
    TRY(put_name(cx, p->w, x->customer));
    json_put_str(p->w, "contact", x->contact);
    json_put_str(p->w, "channel", x->channel);
    json_put_str(p->w, "to", x->address);
    json_put_str(p->w, "step", x->step);
    json_put_str(p->w, "tone", x->tone);
    json_put_str(p->w, "action", x->kind);
    json_put_bool(p->w, "is_task", p->tasks);
    put_currency(p->w, "currency", x->total.currency);
    put_money(p->w, "total", x->total.minor, x->total.currency);
    json_key(p->w, "items");
    json_array(p->w);
    for (size_t i = 0; i < x->item_count; i++) {
        json_object(p->w);
        json_put_str(p->w, "number", x->items[i].number);
        put_currency(p->w, "currency", x->items[i].open.currency);
        put_money(p->w, "open", x->items[i].open.minor, x->items[i].open.currency);
        json_put_i64(p->w, "days", x->items[i].days);
        json_object_end(p->w);
    }
    json_array_end(p->w);
    json_object_end(p->w);
    return OK;
}

/* ---- the calendar: weeks are columns, weekdays rows ---- */

static int64_t count_on(const struct rehearsal *r, Date day) {
    int32_t i = date_diff(day, r->from);
    if (i < 0 || date_compare(day, r->to) > 0) return 0;
    return r->messages_by_day[i] + r->tasks_by_day[i];
}

static int64_t busiest(const struct rehearsal *r) {
    int64_t most = 0;
    for (int32_t i = 0; i <= date_diff(r->to, r->from); i++) {
        int64_t n = r->messages_by_day[i] + r->tasks_by_day[i];
        if (n > most) most = n;
    }
    return most;
}

struct days_shown {
    const struct rehearsal *rehearsal;
    const struct calendar *holidays;
    Date chosen;
    int64_t most;
};

static void put_cell(struct json_writer *w, const void *self, Date day) {
    const struct days_shown *s = self;
    const struct rehearsal *r = s->rehearsal;
    int64_t n = count_on(r, day);
    bool outside = date_compare(day, r->from) < 0 || date_compare(day, r->to) > 0;
    put_date(w, "day", day);
    json_put_i64(w, "count", n);
    json_put_i64(w, "level", n == 0 ? 0 : 1 + (n * 4 - 1) / (s->most + 1));
    json_put_bool(w, "any", n > 0);
    json_put_bool(w, "off", !outside && n == 0 && calendar_is_holiday(s->holidays, day));
    json_put_bool(w, "peak", n > 0 && n == s->most);
    json_put_bool(w, "chosen", date_compare(day, s->chosen) == 0);
}

/* The first with a message, which is what one came to see, else with anything. */
static Date first_busy(const struct rehearsal *r) {
    for (int32_t i = 0; i <= date_diff(r->to, r->from); i++)
        if (r->messages_by_day[i]) return date_add(r->from, i);
    for (int32_t i = 0; i <= date_diff(r->to, r->from); i++)
        if (r->messages_by_day[i] + r->tasks_by_day[i]) return date_add(r->from, i);
    return r->from;
}

static enum rc put_day(struct ctx *cx, struct json_writer *w, const struct rehearsal *r, Date day) {
    struct page_of_day p = {.w = w, .day = day};
    put_date(w, "on", day);
    json_key(w, "messages");
    json_array(w);
    TRY(rehearsal_read(cx, r, REHEARSED_MESSAGES, put_one, &p));
    json_array_end(w);
    p.tasks = true;
    json_key(w, "tasks");
    json_array(w);
    TRY(rehearsal_read(cx, r, REHEARSED_TASKS, put_one, &p));
    json_array_end(w);
    json_put_i64(w, "day_total", p.total);
    json_put_i64(w, "day_left_out", p.total - p.shown);
    return OK;
}

static void put_held(struct json_writer *w, const struct rehearsal *r) {
    int64_t held = 0;
    json_key(w, "held_by");
    json_array(w);
    for (int i = 0; i < REASON_COUNT; i++) {
        if (!r->held[i]) continue;
        held += r->held[i];
        json_object(w);
        json_put_text(w, "code", reason_code_name((enum reason_code)i));
        json_put_i64(w, "count", r->held[i]);
        json_object_end(w);
    }
    json_array_end(w);
    json_put_i64(w, "held", held);
}

static enum rc put_page(struct ctx *cx, struct call *call, const struct rehearsal *r) {
    struct json_writer *w = call->out;
    const struct calendar *holidays;
    TRY(calendar_find(cx, call->app->company.country, &holidays));
    Date day = arg_has(call, "on") ? arg_date(call, "on") : first_busy(r);
    json_object(w);
    put_date(w, "from", r->from);
    put_date(w, "to", r->to);
    json_put_i64(w, "days", date_diff(r->to, r->from) + 1);
    json_put_bool(w, "as_if_active", !date_is_none(r->assumed_watermark));
    json_put_i64(w, "customers", r->customers);
    json_put_i64(w, "message_count", r->messages);
    json_put_i64(w, "task_count", r->tasks);
    json_put_i64(w, "both", r->messages + r->tasks);
    put_held(w, r);
    put_weeks(w, r->from, r->to, put_cell, &(struct days_shown){r, holidays, day, busiest(r)});
    TRY(put_day(cx, w, r, day));
    json_object_end(w);
    return OK;
}

static enum rc show(struct ctx *cx, struct call *call, bool *out_is_first) {
    struct plan_env env;
    struct rehearsal rehearsal;
    struct desk_start_row start;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_READ));
    TRY(env_build(cx, call->app, &env));
    env.scope.for_viewer = true;
    struct rehearsal_span span;
    TRY(rehearsing_span(cx, call, env.scope.today, 60, 180, &span));
    TRY(rehearsing_run(cx, call, &env, &span, "rehearse", &rehearsal));
    enum rc rc = put_page(cx, call, &rehearsal);
    *out_is_first = !date_is_none(rehearsal.assumed_watermark);
    rehearsal_done(&rehearsal);
    TRY(rc);
    if (*out_is_first) TRY(desk_start(cx, &start));
    *out_is_first = *out_is_first && start.invoices && !start.rehearsed;
    return tx_commit(scope);
}

/* That somebody looked before anything may leave is worth keeping: it is a step of the guided start. Not told when it cannot be kept. */
static void note_first(struct ctx *cx, struct app *app) {
    struct fault before = cx->fault;
    AUTO(tx_end) struct ctx *scope = cx;
    enum rc rc = tx_begin(cx, app->db, TX_WRITE);
    if (rc == OK) rc = audit_note(cx, "rehearsal", S(""), OK);
    if (rc == OK) rc = tx_commit(scope);
    if (rc != OK) log_write(LOG_WARN, "rehearsal_not_noted", "message=\"%s\"", cx->fault.plain);
    cx->fault = before;
}

static enum rc rehearsal_run(struct ctx *cx, struct call *call) {
    bool is_first = false;
    TRY(show(cx, call, &is_first));
    if (is_first) note_first(cx, call->app);
    return OK;
}

const struct action rehearsal_action = {
    .verb = "rehearsal",
    .path = "GET /rehearsals",
    .summary = "The coming days as a calendar, and all that one of them would bring",
    .details = "The same as strategy rehearse, one day at a time, to look at.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_NONE,
    .params = PARAMS({"days", P_INT, OPTIONAL, "how many days from today; 60 if not given", NULL},
                     {"on", P_DATE, OPTIONAL, "the day to show; the first with a message if not given", NULL}),
    .run = rehearsal_run,
    .view = "rehearsal",
    .is_slow = true,
    .columns = "messages: customer to step tone currency total; tasks: customer step action",
};
