/* Keeping the daily figures. The database groups what is new by quarters of an hour; which civil day one belongs to is asked here, where
 * time zones are known. */
#include "insight/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "figures_sql.h"

#define EVENTS_AT_ONCE 100000 /* bounds what is held between reading and writing */
#define QUARTER_MS (15 * MS_PER_MINUTE)

typedef VEC_OF(struct figure_flow_add_params) flow_list;

/* On its own day: for the collector and for the company. */
struct news {
    struct ctx *cx;
    const struct zone *zone;
    flow_list flows;
};

static Date day_of(const struct news *n, int64_t quarter) { return zone_date(n->zone, (Instant){quarter * QUARTER_MS}); }

static void tell(struct news *n, struct figure_flow_add_params flow) {
    struct arena *arena = n->cx->arena;
    flow.kind = arena_str(arena, flow.kind);
    flow.channel = arena_str(arena, flow.channel);
    flow.collector = arena_str(arena, flow.collector);
    if (flow.collector.n) *VEC_PUSH(arena, &n->flows) = flow;
    flow.collector = S("");
    *VEC_PUSH(arena, &n->flows) = flow;
}

/* ---- what is new ---- */

static enum rc read_events(struct news *n, int64_t after, int64_t until) {
    struct ctx *cx = n->cx;
    AUTO(figure_new_events_close) struct figure_new_events_cursor cursor = {0};
    TRY(figure_new_events_open(cx, &(struct figure_new_events_params){.after = after, .until = until}, &cursor));
    for (;;) {
        struct figure_new_events_row r;
        bool more;
        TRY(figure_new_events_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        tell(n, (struct figure_flow_add_params){.collector = r.collector, .date = day_of(n, r.quarter), .kind = r.kind,
                                                .channel = r.channel, .currency = r.currency, .count = r.count, .amount = r.amount});
    }
}

static void tell_payments(struct news *n, const struct figure_new_payments_row *r, int sign) {
    tell(n, (struct figure_flow_add_params){.collector = r->collector, .date = r->date, .kind = S("collected"), .channel = S(""),
                                            .currency = r->currency, .count = sign * r->count, .amount = sign * r->amount});
}

static enum rc read_payments(struct news *n, int64_t after) {
    struct ctx *cx = n->cx;
    AUTO(figure_new_payments_close) struct figure_new_payments_cursor cursor = {0};
    TRY(figure_new_payments_open(cx, &(struct figure_new_payments_params){.after = after}, &cursor));
    for (;;) {
        struct figure_new_payments_row r;
        bool more;
        TRY(figure_new_payments_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        tell_payments(n, &r, 1);
    }
}

static enum rc read_reversals(struct news *n, int64_t after, int64_t until) {
    struct ctx *cx = n->cx;
    AUTO(figure_reversed_payments_close) struct figure_reversed_payments_cursor cursor = {0};
    TRY(figure_reversed_payments_open(cx, &(struct figure_reversed_payments_params){.after = after, .until = until}, &cursor));
    for (;;) {
        struct figure_new_payments_row r;
        bool more;
        TRY(figure_reversed_payments_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        tell_payments(n, &r, -1);
    }
}

static enum rc read_calls(struct news *n, int64_t after) {
    struct ctx *cx = n->cx;
    AUTO(figure_new_calls_close) struct figure_new_calls_cursor cursor = {0};
    TRY(figure_new_calls_open(cx, &(struct figure_new_calls_params){.after = after}, &cursor));
    for (;;) {
        struct figure_new_calls_row r;
        bool more;
        TRY(figure_new_calls_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        tell(n, (struct figure_flow_add_params){.collector = r.collector, .date = day_of(n, r.quarter), .kind = S("call"),
                                                .channel = S(""), .count = r.count});
    }
}

/* ---- adding it ---- */

static int compare_flows(const void *one, const void *other) {
    const struct figure_flow_add_params *a = one, *b = other;
    int order = str_compare(a->collector, b->collector);
    if (order == 0) order = date_compare(a->date, b->date);
    if (order == 0) order = str_compare(a->kind, b->kind);
    if (order == 0) order = str_compare(a->channel, b->channel);
    return order ? order : memcmp(&a->currency, &b->currency, sizeof a->currency);
}

/* One statement for each sum, in the order of the key. */
static enum rc add_all(struct news *n) {
    struct figure_flow_add_params *flows = n->flows.items;
    if (n->flows.count) qsort(flows, n->flows.count, sizeof *flows, compare_flows);
    for (size_t i = 0; i < n->flows.count;) {
        struct figure_flow_add_params sum = flows[i++];
        for (; i < n->flows.count && compare_flows(&sum, &flows[i]) == 0; i++) {
            sum.count += flows[i].count;
            sum.amount += flows[i].amount;
        }
        if (sum.count) TRY(figure_flow_add(n->cx, &sum));
    }
    n->flows.count = 0;
    return OK;
}

static enum rc keep_flows(struct ctx *cx, const struct zone *zone, Date today) {
    struct figure_head_get_row head = {.since = today};
    struct figure_newest_row newest;
    struct news n = {.cx = cx, .zone = zone};
    bool found;
    TRY(figure_head_get(cx, &head, &found));
    TRY(figure_newest(cx, &newest));
    if (!found && !instant_is_none(newest.first_at)) head.since = zone_date(zone, newest.first_at);
    TRY(read_payments(&n, head.payment_id));
    TRY(read_reversals(&n, head.event_seq, newest.event_seq));
    TRY(read_calls(&n, head.contact_id));
    TRY(add_all(&n));
    for (int64_t seq = head.event_seq; seq < newest.event_seq; seq += EVENTS_AT_ONCE) {
        struct arena_mark mark = arena_mark(cx->arena);
        int64_t until = seq + EVENTS_AT_ONCE < newest.event_seq ? seq + EVENTS_AT_ONCE : newest.event_seq;
        n.flows = (flow_list){0};
        TRY(read_events(&n, seq, until));
        TRY(add_all(&n));
        arena_rewind(cx->arena, mark);
    }
    return figure_head_set(cx, &(struct figure_head_set_params){.since = head.since,
                                                                .event_seq = newest.event_seq,
                                                                .payment_id = newest.payment_id,
                                                                .contact_id = newest.contact_id});
}

/* ---- what is open ---- */

static enum rc measure_open(struct ctx *cx, Date today, bool standing_is_kept) {
    struct figure_collectors_row collectors;
    TRY(figure_day_set(cx, &(struct figure_day_set_params){.date = today}));
    TRY(figure_open_forget(cx, &(struct figure_open_forget_params){.date = today}));
    TRY(figure_collectors(cx, &collectors));
    if (standing_is_kept) {
        TRY(figure_open_whole(cx, &(struct figure_open_whole_params){.date = today}));
        return collectors.any ? figure_open_collectors(cx, &(struct figure_open_collectors_params){.date = today}) : OK;
    }
    TRY(figure_open_ledger_whole(cx, &(struct figure_open_ledger_whole_params){.date = today}));
    return collectors.any ? figure_open_ledger_collectors(cx, &(struct figure_open_ledger_collectors_params){.date = today}) : OK;
}

enum rc figures_keep(struct ctx *cx, const struct zone *zone, Date today, bool standing_is_kept) {
    TRY(keep_flows(cx, zone, today));
    return measure_open(cx, today, standing_is_kept);
}
