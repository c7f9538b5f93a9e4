/* Days into slots. */
#include "insight/figure_series.h"

#include <string.h>

#include "base/arena.h"
#include "figures_sql.h"

Date figure_step_begin(enum figure_step by, Date day) {
    int year, month, of_month;
    if (by == FIGURE_WEEK) return date_add(day, -(int32_t)date_weekday(day));
    if (by == FIGURE_DAY) return day;
    date_civil(day, &year, &month, &of_month);
    return date_add(day, 1 - of_month);
}

Date figure_step_next(enum figure_step by, Date begin) {
    if (by == FIGURE_MONTH) return figure_step_begin(by, date_add(begin, 31));
    return date_add(begin, by == FIGURE_WEEK ? 7 : 1);
}

/* ---- slots ---- */

static enum rc make_slots(struct ctx *cx, const struct figure_question *q, struct figure_series *s) {
    size_t count = 0;
    if (date_compare(q->to, q->from) < 0)
        return fail_field(cx, INVALID, "to", NULL, "the period ends before it begins");
    for (Date d = figure_step_begin(q->by, q->from); date_compare(d, q->to) <= 0; d = figure_step_next(q->by, d))
        if (++count > FIGURE_SLOTS_MAX)
            return fail_field(cx, INVALID, "from", "ask for weeks or months, or for a shorter period", "the period is too long");
    s->slots = ARENA_ARRAY(cx->arena, struct figure_slot, count);
    s->count = count;
    Date begin = figure_step_begin(q->by, q->from);
    for (size_t i = 0; i < count; i++) {
        Date next = figure_step_next(q->by, begin), end = date_add(next, -1);
        s->slots[i] = (struct figure_slot){.first = date_max(begin, q->from),
                                           .last = date_min(end, q->to),
                                           .is_partial = date_compare(end, q->today) >= 0,
                                           .measured = DATE_NONE};
        begin = next;
    }
    return OK;
}

/* Rows come by day, mostly: the slot is the same as before or one behind it. */
static struct figure_slot *slot_of(struct figure_series *s, size_t *at, Date day) {
    if (date_compare(day, s->slots[*at].first) < 0) *at = 0;
    while (*at + 1 < s->count && date_compare(day, s->slots[*at].last) > 0) ++*at;
    return &s->slots[*at];
}

/* ---- what was open ---- */

static enum rc read_days(struct ctx *cx, const struct figure_question *q, struct figure_series *s) {
    size_t at = 0;
    AUTO(figure_days_close) struct figure_days_cursor cursor = {0};
    TRY(figure_days_open(cx, &(struct figure_days_params){.since = q->from, .until = q->to}, &cursor));
    for (;;) {
        struct figure_days_row r;
        bool more;
        TRY(figure_days_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        slot_of(s, &at, r.date)->measured = r.date;
        s->days_measured++;
    }
}

/* The last measured day of a slot speaks for it. */
static void take_open(struct figure_series *s, size_t *at, const struct figure_open_rows_row *r) {
    struct figure_slot *slot = slot_of(s, at, r->date);
    if (date_compare(slot->measured, r->date) != 0) return;
    const int64_t open[FIGURE_BUCKETS] = {r->not_due, r->days_30, r->days_60, r->days_90, r->older};
    memcpy(slot->open, open, sizeof open);
    slot->items = r->items;
    slot->customers = r->customers;
    slot->customers_overdue = r->customers_overdue;
}

static enum rc read_open(struct ctx *cx, const struct figure_question *q, struct figure_series *s) {
    const struct figure_open_rows_params p = {.collector = q->collector, .currency = q->currency, .since = q->from, .until = q->to};
    size_t at = 0;
    AUTO(figure_open_rows_close) struct figure_open_rows_cursor cursor = {0};
    TRY(cx->view.all ? figure_open_rows_open(cx, &p, &cursor) : figure_open_rows_mine_open(cx, &p, &cursor));
    for (;;) {
        struct figure_open_rows_row r;
        bool more;
        TRY(figure_open_rows_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        take_open(s, &at, &r);
    }
}

/* ---- what was done ---- */

static enum figure_channel channel_of(Str name) {
    static const char *const names[FIGURE_OTHER] = {"email", "sms", "whatsapp", "letter"};
    for (int i = 0; i < FIGURE_OTHER; i++)
        if (str_is(name, names[i])) return (enum figure_channel)i;
    return FIGURE_OTHER;
}

static void add_sum(struct figure_sum *sum, const struct figure_flow_rows_row *r) {
    sum->count += r->count;
    sum->amount += r->amount;
}

static void add_done(struct figure_done *d, const struct figure_flow_rows_row *r, Currency currency) {
    struct {
        const char *kind;
        struct figure_sum *sum;
    } sums[] = {{"collected", &d->collected},
                {"promise_made", &d->made},
                {"promise_kept", &d->kept},
                {"promise_partly", &d->partly},
                {"promise_broken", &d->broken}};
    struct {
        const char *kind;
        int64_t *count;
    } counts[] = {{"call", &d->calls},
                  {"task", &d->tasks},
                  {"dispute_opened", &d->opened},
                  {"dispute_closed", &d->closed},
                  {"message", &d->messages[channel_of(r->channel)]}};
    for (size_t i = 0; i < COUNT_OF(sums); i++)
        if (str_is(r->kind, sums[i].kind) && currency_equal(r->currency, currency)) add_sum(sums[i].sum, r);
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        if (str_is(r->kind, counts[i].kind)) *counts[i].count += r->count;
}

static void take_flow(struct figure_series *s, size_t *at, const struct figure_flow_rows_row *r, Currency currency) {
    struct figure_slot *slot = slot_of(s, at, r->date);
    slot->is_known = true;
    add_done(&slot->done, r, currency);
    add_done(&s->total, r, currency);
}

static enum rc read_flows(struct ctx *cx, const struct figure_question *q, struct figure_series *s) {
    const struct figure_flow_rows_params p = {.collector = q->collector, .since = q->from, .until = q->to};
    size_t at = 0;
    AUTO(figure_flow_rows_close) struct figure_flow_rows_cursor cursor = {0};
    TRY(cx->view.all ? figure_flow_rows_open(cx, &p, &cursor) : figure_flow_rows_mine_open(cx, &p, &cursor));
    for (;;) {
        struct figure_flow_rows_row r;
        bool more;
        TRY(figure_flow_rows_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        take_flow(s, &at, &r, q->currency);
    }
}

/* Of nobody's customers nothing is known: zeros would tell that there is nothing. */
static enum rc any_figures(struct ctx *cx, Str collector, bool *out_any) {
    struct figure_any_row row = {.any = true};
    if (!cx->view.all)
        TRY(figure_any_mine(cx, &(struct figure_any_mine_params){.collector = collector}, &row));
    else if (collector.n)
        TRY(figure_any(cx, &(struct figure_any_params){.collector = collector}, &row));
    *out_any = row.any;
    return OK;
}

enum rc figure_series_read(struct ctx *cx, const struct figure_question *q, struct figure_series *out) {
    struct figure_since_row known;
    struct figure_series s = {0};
    TRY(make_slots(cx, q, &s));
    TRY(any_figures(cx, q->collector, &s.is_any));
    *out = s;
    if (!s.is_any) return OK;
    TRY(figure_since(cx, &known));
    for (size_t i = 0; i < s.count && !date_is_none(known.since); i++)
        s.slots[i].is_known = date_compare(s.slots[i].last, known.since) >= 0;
    TRY(read_days(cx, q, &s));
    TRY(read_open(cx, q, &s));
    TRY(read_flows(cx, q, &s));
    *out = s;
    return OK;
}

/* ---- which currencies ---- */

enum rc figure_currencies_read(struct ctx *cx, const struct figure_question *q, Currency **out_list, size_t *out_count) {
    const struct figure_currencies_params p = {.collector = q->collector, .since = q->from, .until = q->to};
    VEC_OF(Currency) list = {0};
    AUTO(figure_currencies_close) struct figure_currencies_cursor cursor = {0};
    TRY(cx->view.all ? figure_currencies_open(cx, &p, &cursor) : figure_currencies_mine_open(cx, &p, &cursor));
    for (bool more = true; more;) {
        struct figure_currencies_row r;
        TRY(figure_currencies_next(cx, &cursor, &r, &more));
        if (more) *VEC_PUSH(cx->arena, &list) = r.currency;
    }
    *out_list = list.items;
    *out_count = list.count;
    return OK;
}
