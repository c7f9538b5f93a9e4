/* A page of the portfolio: which customers, in which order. */
#ifndef ACTION_PORTFOLIO_LIST_H
#define ACTION_PORTFOLIO_LIST_H

#include "base/arena.h"
#include "standing_sql.h"

struct portfolio_question {
    Str sort; /* overdue, open, oldest or name */
    Str state, segment, collector; /* empty: any */
    Currency currency;             /* of the sums, and of who is listed */
    Date today;
    int64_t limit;

    Str after;      /* the cursor as it was given; empty: from the beginning */
    Str after_text; /* what portfolio_read_cursor makes of it */
    int64_t after_value, after_id;
};

struct portfolio_rows {
    struct standing_by_overdue_row *items;
    size_t count, capacity;
};

/* Takes `after` apart; INVALID when it is no cursor of this order. */
MUST_USE enum rc portfolio_read_cursor(struct ctx *cx, struct portfolio_question *question);
/* The customers the caller may see, in the context's arena: up to limit, and one more when a page follows. Needs a transaction. */
MUST_USE enum rc portfolio_read_rows(struct ctx *cx, const struct portfolio_question *question, struct portfolio_rows *out_rows);
/* What the page behind this row is asked with. */
Str portfolio_cursor(struct ctx *cx, const struct portfolio_question *question, const struct standing_by_overdue_row *row);

#endif
