/* Public holidays, from the dated rules in calendars/CC.yaml (fixed, Easter ± n, n-th weekday, moved to Monday, one-off
 * …; the schema stands in docs/ref/calendars.md). */
#ifndef CORE_CALENDAR_H
#define CORE_CALENDAR_H

#include "base/ctx.h"
#include "core/date.h"

struct calendar;

/* "CO", or with a region "ES-MD"; a region adds its days to the country's, and one the file does not name has none to
 * add. NOT_FOUND for a country without a file. Immutable, shared, lives as long as the process. */
MUST_USE enum rc calendar_find(struct ctx *cx, Str code, const struct calendar **out_calendar);
/* From a file of the user's; INVALID names file, line and remedy. Lives in cx->arena; `text` may go. */
MUST_USE enum rc calendar_parse(struct ctx *cx, Str text, const char *name, const struct calendar **out_calendar);
/* The holiday's name in the country's language (the first in the file when two fall together), or an empty Str. */
Str calendar_holiday(const struct calendar *c, Date d);
/* One look at a bit; false outside the years 1900 to 2200. */
bool calendar_is_holiday(const struct calendar *c, Date d);

#endif
