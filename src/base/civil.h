/* The proleptic Gregorian calendar as arithmetic: day counts to year, month and day, and back.
 *
 * After H. Hinnant, "chrono-compatible low-level date algorithms". Plain numbers for clock.h and core/date.h; everybody
 * else uses those. */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdint.h>

/* Days since 1970-01-01. The month must be 1..12; a day past the month's end counts on into the next. */
int64_t civil_to_days(int64_t year, int month, int day);
void civil_from_days(int64_t days, int *out_year, int *out_month, int *out_day);
/* 28 to 31; 0 when there is no such month. */
int civil_month_days(int year, int month);

#endif
