/* Daily figures as a series of days, weeks or months, in one currency: what charts and lists over time are made of. */
#ifndef INSIGHT_FIGURE_SERIES_H
#define INSIGHT_FIGURE_SERIES_H

#include "core/date.h"
#include "core/money.h"
#include "store/db.h"

enum figure_step { FIGURE_DAY, FIGURE_WEEK, FIGURE_MONTH };
/* Weeks begin on Monday, months on the first. */
Date figure_step_begin(enum figure_step by, Date day);
/* The first day of the next one. */
Date figure_step_next(enum figure_step by, Date begin);

enum figure_bucket { FIGURE_NOT_DUE, FIGURE_30, FIGURE_60, FIGURE_90, FIGURE_OLDER, FIGURE_BUCKETS };
enum figure_channel { FIGURE_EMAIL, FIGURE_SMS, FIGURE_WHATSAPP, FIGURE_LETTER, FIGURE_OTHER, FIGURE_CHANNELS };
/* How many, and how much in the series' currency. */
struct figure_sum {
    int64_t count, amount;
};

struct figure_done {
    struct figure_sum collected;
    struct figure_sum made, kept, partly, broken; /* promises in that currency */
    int64_t messages[FIGURE_CHANNELS], calls, tasks, opened, closed; /* of all currencies; disputes */
};

struct figure_slot {
    Date first, last;  /* days, both included; last never lies after the series' end */
    bool is_partial;   /* not over yet */
    Date measured;     /* the last day with a measurement of what was open; DATE_NONE: none, then the next lines hold nothing */
    int64_t open[FIGURE_BUCKETS], items, customers, customers_overdue;
    bool is_known;     /* false: before anything was recorded, then `done` holds nothing */
    struct figure_done done;
};

struct figure_question {
    Date from, to, today;
    enum figure_step by;
    Str collector; /* empty: all the caller may see */
    Currency currency;
};

struct figure_series {
    struct figure_slot *slots; /* in the context's arena */
    size_t count;
    struct figure_done total;
    size_t days_measured;
    bool is_any; /* of that collector, or of those the caller may see */
};

#define FIGURE_SLOTS_MAX 800

/* INVALID when the period is empty or has more than FIGURE_SLOTS_MAX slots. What the caller may not see is not in it: who sees some customers
 * has the figures of their own code and those of their team; where there are none, no slot is measured or known. */
MUST_USE enum rc figure_series_read(struct ctx *cx, const struct figure_question *q, struct figure_series *out);

/* The currencies of a period, the most used first; in the arena. */
MUST_USE enum rc figure_currencies_read(struct ctx *cx, const struct figure_question *q, Currency **out_list, size_t *out_count);

#endif
