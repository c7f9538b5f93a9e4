/* Date: a civil day of the proleptic Gregorian calendar, without zone or hour. */
#ifndef CORE_DATE_H
#define CORE_DATE_H

#include "base/ctx.h"

/* Days since 1970-01-01; also how dates are stored (@date). */
typedef struct {
    int32_t day;
} Date;

#define DATE_NONE ((Date){INT32_MIN})

enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

static inline bool date_is_none(Date d) { return d.day == INT32_MIN; }
/* False when there is no such day; years 1900 to 2200. */
bool date_make(int year, int month, int day, Date *out_date);
void date_civil(Date d, int *out_year, int *out_month, int *out_day);
int date_year(Date d);
enum weekday date_weekday(Date d);
static inline Date date_add(Date d, int32_t days) { return (Date){d.day + days}; }
/* a − b in days. */
static inline int32_t date_diff(Date a, Date b) { return a.day - b.day; }
static inline int date_compare(Date a, Date b) { return (a.day > b.day) - (a.day < b.day); }
static inline Date date_max(Date a, Date b) { return a.day > b.day ? a : b; }
static inline Date date_min(Date a, Date b) { return a.day < b.day ? a : b; }
/* Easter Sunday of the Gregorian calendar (Meeus/Jones/Butcher). */
Date date_easter(int year);

/* "2026-11-21", exactly. */
bool date_parse_iso(Str text, Date *out_date);
#define DATE_TEXT 16
/* `text` must hold DATE_TEXT bytes; never for DATE_NONE, which stops the program. */
Str date_iso(Date d, char *text);

#endif
