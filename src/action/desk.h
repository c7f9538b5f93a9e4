/* What several pages share: opening their transaction on current sums, and the state of affairs every page shows. */
#ifndef ACTION_DESK_H
#define ACTION_DESK_H

#include "action/lookup.h"

/* Begins a reading transaction in which the sums of portfolio/standing.h tell of today; makes them first where they do not. Where that would
 * take seconds, or another process is writing, a server takes older sums and has them made meanwhile (app->catch_up). */
MUST_USE enum rc desk_begin(struct ctx *cx, struct app *app);
/* What app->catch_up is to come to: the sums of a company, for whoever has the time. */
MUST_USE enum rc desk_catch_up(struct ctx *cx, struct app *app);
/* {"waiting":N,"approvals":N,"ambiguous":N,"tasks":N,…,"sending_on":B,"active":B,"last_data":INSTANT,"stale":B}: the rail of every page;
 * with "start" (start_put) while nothing is active. Needs a transaction. */
MUST_USE enum rc desk_put_state(struct ctx *cx, struct app *app, struct json_writer *w);

/* {"done":N,"steps":N,"step":WORD}: how far the guided start has come and what comes next. Needs a transaction. */
MUST_USE enum rc start_put(struct ctx *cx, struct json_writer *w);

/* What the customers the caller may see owe, by currency; the currency with the most customers first. In cx->arena. */
struct standing_totals_row;
MUST_USE enum rc desk_totals(struct ctx *cx, struct app *app, const struct standing_totals_row **out_rows, size_t *out_count);

/* What waits is ordered by sums within a currency: the company's own comes first, then the others, one after another. Where a query of each of
 * the two begins and ends, and what it leaves out. */
struct queue_span {
    Str from, to, but;
};
MUST_USE enum rc queue_spans(struct ctx *cx, const struct app *app, struct queue_span out_spans[2]);

/* An instant in the company's zone, null for none. */
void put_local(struct json_writer *w, const char *key, const struct app *app, Instant t);
/* Money whose currency is a text that may be empty: then null. */
void put_sum(struct json_writer *w, const char *key, int64_t minor, Str currency);
/* The members of a flat JSON object such as the data of our own events. */
void put_flat(struct ctx *cx, struct json_writer *w, const char *key, Str json);

#endif
