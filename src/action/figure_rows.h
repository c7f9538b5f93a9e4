/* How figures over time are written: as members of a value, and as lines of CSV. */
#ifndef ACTION_FIGURE_ROWS_H
#define ACTION_FIGURE_ROWS_H

#include "action/lookup.h"
#include "insight/figure_series.h"

/* {"date":DAY,"last":DAY,"partial":B, …}; null for what is not known. */
void put_slot(struct json_writer *w, const struct figure_slot *slot, Currency currency);
/* The member `key`: what was done in a whole period. */
void put_sums(struct json_writer *w, const char *key, const struct figure_done *total, Currency currency);
/* The member "move": how the overdue share of what is open went, from the first measured slot to the last; none with less than two. */
void put_move(struct json_writer *w, const struct figure_series *s);

/* The rows as a file. Numbers and days only: nothing a spreadsheet would calculate. */
MUST_USE enum rc figure_csv(struct ctx *cx, struct call *call, const struct figure_question *q, const struct figure_series *s);

#endif
