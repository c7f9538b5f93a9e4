/* Civil days. The arithmetic is base/civil's; this file owns what is a valid date and how one is written. */
#include "core/date.h"

#include <string.h>

#include "base/civil.h"

#define FIRST_YEAR 1900
#define LAST_YEAR 2200

bool date_make(int year, int month, int day, Date *out_date) {
    if (year < FIRST_YEAR || year > LAST_YEAR || day < 1 || day > civil_month_days(year, month)) return false;
    *out_date = (Date){(int32_t)civil_to_days(year, month, day)};
    return true;
}

void date_civil(Date d, int *out_year, int *out_month, int *out_day) {
    civil_from_days(d.day, out_year, out_month, out_day);
}

int date_year(Date d) {
    int year, month, day;
    date_civil(d, &year, &month, &day);
    return year;
}

enum weekday date_weekday(Date d) {
    /* 1970-01-01 was a Thursday. */
    int32_t rest = (d.day % 7 + (int32_t)THURSDAY) % 7;
    return (enum weekday)(rest < 0 ? rest + 7 : rest);
}

Date date_easter(int year) {
    int a = year % 19, b = year / 100, c = year % 100;
    int f = (b + 8) / 25, g = (b - f + 1) / 3;
    int h = (19 * a + b - b / 4 - g + 15) % 30;
    int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int n = h + l - 7 * m + 114;
    return (Date){(int32_t)civil_to_days(year, n / 31, n % 31 + 1)};
}

static bool read_digits(const char *p, int count, int *out_value) {
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (p[i] < '0' || p[i] > '9') return false;
        value = value * 10 + (p[i] - '0');
    }
    *out_value = value;
    return true;
}

bool date_parse_iso(Str text, Date *out_date) {
    int year, month, day;
    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-') return false;
    if (!read_digits(text.p, 4, &year) || !read_digits(text.p + 5, 2, &month) || !read_digits(text.p + 8, 2, &day))
        return false;
    return date_make(year, month, day, out_date);
}

/* `count` digits of value, ending before `end`. */
static void write_digits(char *end, int count, int value) {
    for (; count > 0; count--, value /= 10) *--end = (char)('0' + value % 10);
}

Str date_iso(Date d, char *text) {
    int year, month, day;
    date_civil(d, &year, &month, &day);
    MUST(year >= 0 && year <= 9999); /* DATE_NONE, or a sum gone astray */
    memcpy(text, "YYYY-MM-DD", 11);
    write_digits(text + 4, 4, year);
    write_digits(text + 7, 2, month);
    write_digits(text + 10, 2, day);
    return (Str){text, 10};
}
