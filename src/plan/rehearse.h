/* Rehearsal: what the rounds of the coming days would send and ask for, on the data as they are (REQ: B13).
 *
 * One round a day at the hour jobs run, contact rules included; messages that nobody approves do not leave; sending is
 * assumed to work, data to stay fresh. A strategy that is not activated is rehearsed as if it had been on the first
 * rehearsed day. */
#ifndef PLAN_REHEARSE_H
#define PLAN_REHEARSE_H

#include "plan/planner.h"

#define REHEARSAL_DAYS_MAX 1100

struct rehearsal_span {
    Date from;
    int32_t days;       /* 1 … REHEARSAL_DAYS_MAX */
    int32_t run_minute; /* of the company's civil day */
};

struct step_count {
    Str step;
    int64_t messages, tasks;
};

/* Messages that a contact rule, or the company's calendar, made wait. */
struct rule_count {
    Str rule;
    enum reason_code code;
    int64_t messages;
    Instant next_allowed; /* the first of them; INSTANT_NONE: not within the coming weeks */
};

struct rehearsal {
    Date from, to;
    Date assumed_watermark; /* DATE_NONE: every strategy was activated */
    int64_t customers;
    int64_t messages, tasks;
    int64_t *messages_by_day, *tasks_by_day;
    int64_t by_channel[CHANNEL_COUNT];
    VEC_OF(struct step_count) by_step;
    int64_t deferred[REASON_COUNT]; /* messages that had to wait for a later day, by reason */
    int64_t held[REASON_COUNT];     /* customers held back at some time, by the first reason; messages unapproved */
    VEC_OF(struct rule_count) by_rule; /* of those deferred */
    struct spool *spool;
};

struct rehearsed_item {
    Str number;
    int32_t position;
    Money open;
    int32_t days; /* past due; negative before */
};

/* A message, or a task or proposal (then the fields of messages are empty). */
struct rehearsed {
    Date date;
    Str customer, contact, channel, address, step, tone;
    Str kind; /* template of a message, kind of a task */
    Money total;
    const struct rehearsed_item *items;
    size_t item_count;
};

/* Decides day by day for everybody and keeps the result in a temporary file in `folder`. Reads only; needs a
 * transaction. INVALID names field and remedy when the span is none. */
MUST_USE enum rc rehearse(struct ctx *cx, const struct plan_env *env, const struct rehearsal_span *span,
                          const char *folder, plan_progress *progress, void *self, struct rehearsal *out_rehearsal);
void rehearsal_done(struct rehearsal *rehearsal);

enum rehearsed_sort { REHEARSED_MESSAGES, REHEARSED_TASKS };
typedef enum rc rehearsed_visit(struct ctx *cx, void *self, const struct rehearsed *what);
/* By date, then in the order of the customers. */
MUST_USE enum rc rehearsal_read(struct ctx *cx, const struct rehearsal *rehearsal, enum rehearsed_sort sort,
                                rehearsed_visit *visit, void *self);

/* One customer's day of a rehearsal, with everything at hand to make its messages: calls `visit` for every message of that day.
 * `env` is as of the day. `span` is the rehearsal's, up to the day at least. Needs a transaction. */
typedef enum rc rehearsed_message_visit(struct ctx *cx, void *self, const struct plan_env *env,
                                        const struct planned_customer *customer, const struct decision *decision);
MUST_USE enum rc rehearse_day_of(struct ctx *cx, const struct plan_env *env, const struct rehearsal_span *span, int64_t customer_id,
                                 Date day, rehearsed_message_visit *visit, void *self);
/* Makes a copy of the book in which every strategy is active, those that are not from that day on. That day, or DATE_NONE when all
 * were. */
Date rehearsal_assume(struct arena *arena, struct strategy_book *book, Date from);

/* The day of the first round to live through before what happens on `from`: today while its round is still to come, else
 * tomorrow; `from` itself when that is not later. */
Date first_round_day(const struct ctx *cx, const struct plan_env *env, int32_t run_minute, Date from);
/* The round of a day: at run_minute, today's not before cx->now. */
Instant round_instant(const struct ctx *cx, const struct plan_env *env, int32_t run_minute, Date day);

#endif
