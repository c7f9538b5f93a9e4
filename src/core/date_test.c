/* Tables for date.h. */
#include "core/date.h"

#include "base/test.h"

static Date iso(const char *text) {
    Date d = DATE_NONE;
    if (!date_parse_iso(str_from(text), &d)) fail_msg("%s is no date", text);
    return d;
}

static void only_real_days_are_made(void **state) {
    (void)state;
    static const struct {
        int year, month, day;
        bool ok;
    } cases[] = {
        {2026, 11, 21, true}, {2024, 2, 29, true},   {2023, 2, 29, false}, {2000, 2, 29, true}, {2100, 2, 29, false},
        {2026, 4, 31, false}, {2026, 0, 1, false},   {2026, 13, 1, false}, {2026, 1, 0, false}, {2026, 1, -1, false},
        {1900, 1, 1, true},   {1899, 12, 31, false}, {2200, 12, 31, true}, {2201, 1, 1, false}, {-4, 3, 1, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Date d = DATE_NONE;
        assert_int_equal(date_make(cases[i].year, cases[i].month, cases[i].day, &d), cases[i].ok);
        assert_int_equal(date_is_none(d), !cases[i].ok);
    }
}

static void day_counts_match_known_days(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int32_t day;
        enum weekday weekday;
    } cases[] = {
        {"1970-01-01", 0, THURSDAY},      {"1969-12-31", -1, WEDNESDAY},   {"1969-12-29", -3, MONDAY},
        {"2000-03-01", 11017, WEDNESDAY}, {"2026-11-21", 20778, SATURDAY}, {"1900-01-01", -25567, MONDAY},
        {"2038-01-19", 24855, TUESDAY},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(iso(cases[i].text).day, cases[i].day);
        assert_int_equal(date_weekday(iso(cases[i].text)), cases[i].weekday);
    }
}

static void every_day_survives_the_way_there_and_back(void **state) {
    (void)state;
    Date last = iso("2200-12-31");
    enum weekday weekday = MONDAY; /* 1900-01-01 */
    for (Date d = iso("1900-01-01"); date_compare(d, last) <= 0; d = date_add(d, 1)) {
        int year, month, day;
        char text[DATE_TEXT];
        Date again = DATE_NONE, read = DATE_NONE;
        date_civil(d, &year, &month, &day);
        assert_true(date_make(year, month, day, &again));
        assert_true(date_parse_iso(date_iso(d, text), &read));
        assert_int_equal(again.day, d.day);
        assert_int_equal(read.day, d.day);
        assert_int_equal(date_weekday(d), weekday);
        weekday = weekday == SUNDAY ? MONDAY : weekday + 1;
    }
}

static void only_the_exact_iso_form_is_read(void **state) {
    (void)state;
    static const char *const refused[] = {"",           "2026-11-2",  "2026-11-211", "2026/11/21",
                                          "21-11-2026", "2026-11-31", " 2026-11-21", "2026-1-021",
                                          "+026-11-21", "2026-11-2a", "20261121"};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        Date d = {7};
        if (date_parse_iso(str_from(refused[i]), &d)) fail_msg("\"%s\" was read as a date", refused[i]);
        assert_int_equal(d.day, 7);
    }
}

static void easter_falls_where_the_church_says(void **state) {
    (void)state;
    static const char *const sundays[] = {"1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2015-04-05",
                                          "2016-03-27", "2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05",
                                          "2027-03-28", "2038-04-25", "2049-04-18", "2076-04-19"};
    for (size_t i = 0; i < COUNT_OF(sundays); i++) {
        Date d = iso(sundays[i]);
        char text[DATE_TEXT];
        assert_str(date_iso(date_easter(date_year(d)), text), sundays[i]);
    }
    for (int year = 1900; year <= 2200; year++) assert_int_equal(date_weekday(date_easter(year)), SUNDAY);
}

static void dates_are_compared_and_added(void **state) {
    (void)state;
    Date a = iso("2026-02-27"), b = iso("2026-03-01");
    assert_int_equal(date_diff(b, a), 2);
    assert_int_equal(date_add(a, 2).day, b.day);
    assert_true(date_compare(a, b) < 0 && date_compare(b, a) > 0 && date_compare(a, a) == 0);
    assert_int_equal(date_min(a, b).day, a.day);
    assert_int_equal(date_max(a, b).day, b.day);
}

static const struct CMUnitTest date_tests[] = {
    cmocka_unit_test(only_real_days_are_made),
    cmocka_unit_test(day_counts_match_known_days),
    cmocka_unit_test(every_day_survives_the_way_there_and_back),
    cmocka_unit_test(only_the_exact_iso_form_is_read),
    cmocka_unit_test(easter_falls_where_the_church_says),
    cmocka_unit_test(dates_are_compared_and_added),
};
const struct test_suite date_suite = {"date", date_tests, COUNT_OF(date_tests)};
