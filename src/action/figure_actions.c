/* Figures over time: what was owed and what was done, by day, week or month (REQ: K7). The page draws them; the API and the command line
 * give the same rows. */
#include <stdio.h>
#include <string.h>

#include "action/app.h"
#include "action/collector.h"
#include "action/desk.h"
#include "action/figure_rows.h"
#include "figures_sql.h"

#define DAYS_TO_DRAW 2 /* one point is no line */

static const char *const steps[] = {[FIGURE_DAY] = "day", [FIGURE_WEEK] = "week", [FIGURE_MONTH] = "month"};

/* ---- which period ---- */

static void take_preset(struct figure_question *q, Str period) {
    bool year = str_is(period, "12m"), quarter = str_is(period, "90d");
    q->by = year ? FIGURE_MONTH : quarter ? FIGURE_WEEK : FIGURE_DAY;
    Date begin = figure_step_begin(q->by, q->today);
    if (year)
        for (int i = 0; i < 11; i++) begin = figure_step_begin(q->by, date_add(begin, -1));
    q->from = year ? begin : quarter ? date_add(begin, -12 * 7) : date_add(begin, -29);
}

static enum rc take_period(struct ctx *cx, const struct call *call, struct figure_question *q) {
    Str by = arg_text(call, "by");
    q->today = app_today(cx, call->app);
    q->to = q->today;
    take_preset(q, arg_text(call, "period"));
    if (arg_has(call, "to")) q->to = arg_date(call, "to");
    if (arg_has(call, "from")) {
        q->from = arg_date(call, "from");
        q->by = FIGURE_DAY;
    }
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (str_is(by, steps[i])) q->by = (enum figure_step)i;
    if (date_compare(q->to, q->today) > 0)
        return fail_field(cx, INVALID, "to", NULL, "there are no figures of days to come");
    return OK;
}

/* The one asked for; else the company's, if there is anything in it, else the most used. */
static enum rc take_currency(struct ctx *cx, const struct call *call, struct figure_question *q, Currency **out_list, size_t *out_count) {
    Str named = arg_text(call, "currency");
    q->collector = arg_text(call, "collector");
    TRY(figure_currencies_read(cx, q, out_list, out_count));
    q->currency = call->app->company.currency;
    bool is_used = *out_count == 0;
    for (size_t i = 0; i < *out_count; i++) is_used = is_used || currency_equal((*out_list)[i], q->currency);
    if (!is_used) q->currency = (*out_list)[0];
    if (named.n) MUST(currency_parse(named, &q->currency)); /* P_CURRENCY */
    return OK;
}

/* ---- the value ---- */

static void put_currencies(struct json_writer *w, const struct figure_question *q, const Currency *list, size_t count) {
    json_key(w, "currencies");
    json_array(w);
    for (size_t i = 0; i < count; i++) {
        json_object(w);
        put_currency(w, "code", list[i]);
        json_put_bool(w, "chosen", currency_equal(list[i], q->currency));
        json_object_end(w);
    }
    json_array_end(w);
    json_put_bool(w, "several", count > 1);
}

/* From when on there is something, and the first day on which it can be drawn. */
static enum rc put_since(struct ctx *cx, struct json_writer *w, const struct call *call, const struct figure_series *s, Date today) {
    struct figure_since_row known;
    TRY(figure_since(cx, &known));
    put_date(w, "since", known.since);
    put_date(w, "measured_since", known.first_day);
    put_date(w, "measured_until", known.last_day);
    put_local(w, "kept_at", call->app, known.kept_at);
    json_put_bool(w, "is_drawn", s->days_measured >= DAYS_TO_DRAW);
    Date next = date_is_none(known.last_day) ? today : date_max(today, date_add(known.last_day, 1));
    put_date(w, "drawn_from", s->days_measured >= DAYS_TO_DRAW ? DATE_NONE : date_is_none(known.first_day) ? date_add(next, 1) : next);
    return OK;
}

/* The same number of days just before, if there are figures of all of them. */
static enum rc put_before(struct ctx *cx, struct json_writer *w, const struct figure_question *q) {
    struct figure_series before;
    struct figure_question earlier = *q;
    earlier.to = date_add(q->from, -1);
    earlier.from = date_add(q->from, -1 - date_diff(q->to, q->from));
    TRY(figure_series_read(cx, &earlier, &before));
    if (before.count && before.slots[0].is_known) put_sums(w, "before", &before.total, q->currency);
    return OK;
}

static enum rc figures_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct figure_question q = {0};
    struct figure_series s;
    struct collectors collectors = {0};
    Currency *currencies;
    size_t count;
    TRY(take_period(cx, call, &q));
    TRY(take_currency(cx, call, &q, &currencies, &count));
    TRY(figure_series_read(cx, &q, &s));
    if (cx->view.all) TRY(collectors_read(cx, &collectors)); /* others see their own */
    if (arg_flag(call, "csv")) return figure_csv(cx, call, &q, &s);
    json_object(w);
    put_date(w, "from", s.slots[0].first);
    put_date(w, "to", q.to);
    json_put_text(w, "by", steps[q.by]);
    json_put_str(w, "period", arg_has(call, "from") ? S("") : arg_has(call, "period") ? arg_text(call, "period") : S("30d"));
    put_collector(w, &collectors, q.collector);
    put_collectors(w, &collectors, q.collector);
    json_put_bool(w, "all_seen", cx->view.all);
    json_put_bool(w, "has_own", s.is_any);
    put_currency(w, "currency", q.currency);
    put_currencies(w, &q, currencies, count);
    TRY(put_since(cx, w, call, &s, q.today));
    json_key(w, "items");
    json_array(w);
    for (size_t i = 0; i < s.count; i++) put_slot(w, &s.slots[i], q.currency);
    json_array_end(w);
    put_sums(w, "sum", &s.total, q.currency);
    put_move(w, &s);
    TRY(put_before(cx, w, &q));
    json_put_null(w, "next");
    json_object_end(w);
    return OK;
}

const struct action figure_list_action = {
    .verb = "figures list",
    .path = "GET /figures",
    .summary = "What was owed and what was done, over time",
    .details =
        "One row a day, week or month, in one currency. What was open is as of the row's last measured day, by lateness; a row without a "
        "round has none. Collected is by the day of the payment, without those taken back; messages are those the channel took; promises by "
        "the day they were made or decided; messages, calls, tasks and disputes are of all currencies. It goes as far as the last round. Who "
        "sees some customers has the figures of their own code and team.",
    .needs = CAP_REPORT_READ,
    .tx = TX_READ,
    .params = PARAMS({"period", P_CHOICE, OPTIONAL, "30 days, 90 days by weeks, 12 months (30d)", "30d|90d|12m"},
                     {"from", P_DATE, OPTIONAL, "instead: from this day on", NULL}, {"to", P_DATE, OPTIONAL, "up to this day; else today", NULL},
                     {"by", P_CHOICE, OPTIONAL, "one row for each (day, with --from)", "day|week|month"},
                     {"currency", P_CURRENCY, OPTIONAL, "in this currency; else the company's, or the most used", NULL},
                     {"collector", P_TEXT, OPTIONAL, "only the customers of this collector", NULL},
                     {"csv", P_FLAG, OPTIONAL, "the rows as CSV", NULL}),
    .run = figures_run,
    .exports = EXPORTS_NOBODY, /* sums */
    .view = "figures",
    .columns = "date currency open overdue collected messages calls promises_made promises_kept promises_broken",
};
