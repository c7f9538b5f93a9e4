/* Days as a grid of weeks for a page: a column for each week from Monday on, a row for each day of the week. */
#ifndef ACTION_WEEKS_H
#define ACTION_WEEKS_H

#include "base/json.h"
#include "core/date.h"

/* The members of one day's cell into the open object. Days of the first and last week outside the range are asked for too. */
typedef void week_cell(struct json_writer *w, const void *self, Date day);

/* "weeks":[{monday}…] and "weekdays":[{weekday, cells:[…]}…] into the open object; from and to are both shown. */
void put_weeks(struct json_writer *w, Date from, Date to, week_cell *cell, const void *self);

#endif
