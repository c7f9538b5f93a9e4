/* One dated rule of a holiday file, and the days it gives. calendar.c's helper; the language is described in
 * docs/ref/calendars.md. */
#ifndef CORE_HOLIDAY_RULE_H
#define CORE_HOLIDAY_RULE_H

#include "base/ctx.h"
#include "core/date.h"

enum holiday_anchor {
    HOLIDAY_ONCE,   /* 2022-12-20 */
    HOLIDAY_FIXED,  /* 01-06 */
    HOLIDAY_EASTER, /* easter - 2 */
    HOLIDAY_NTH     /* third monday of november */
};

/* What stands under `on`. */
struct holiday_day {
    enum holiday_anchor anchor;
    Date once;
    int month, day;
    int offset; /* days from Easter */
    int nth;    /* 1..4, or -1: the last */
    enum weekday weekday;
    int step; /* then: +1 the first step_weekday after, -1 the last before, 0 the day itself */
    enum weekday step_weekday;
};

struct holiday_rule {
    Str name;
    struct holiday_day on;
    int from, to;                  /* years, both included */
    int every;                     /* of `every` years one, counted from `from`; 0: all */
    int except_from, except_every; /* years left out in the same way; 0: none */
    const int *except;             /* single years left out */
    size_t except_count;
    uint8_t weekdays; /* bit per weekday on which the rule holds at all */
    int8_t move[7];   /* per weekday: days by which the holiday moves */
    int8_t also[7];   /* per weekday: a second day off so many days away; 0: none */
};

/* False when the text is not of the language. */
bool holiday_day_parse(Str text, struct holiday_day *out_day);
/* False when the year has no such day (30 February, a day of another year). */
bool holiday_day_in(const struct holiday_day *d, int year, Date *out_date);
/* Writes the days the rule gives for a year, none to two; one of them may lie just outside that year. */
size_t holiday_rule_days(const struct holiday_rule *r, int year, Date *out_two);
/* "monday"; false when it is none. */
bool holiday_weekday_parse(Str text, enum weekday *out_weekday);

#endif
