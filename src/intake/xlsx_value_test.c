/* Tables for xlsx_value.h. */
#include "base/test.h"

#include <string.h>

#include "intake/xlsx_value.h"

static void numbers_become_plain_decimals(void **state) {
    (void)state;
    static const struct {
        const char *stored, *decimal; /* NULL: no number */
    } cases[] = {
        {"0", "0"},
        {"-0", "0"},
        {"0.0", "0"},
        {"100", "100"},
        {"+5", "5"},
        {"1234.5", "1234.5"},
        {"1234.50", "1234.5"},
        {".5", "0.5"},
        {"5.", "5"},
        {"0.005", "0.005"},
        {"-0.01", "-0.01"},
        {"1.5E3", "1500"},
        {"1.5e-3", "0.0015"},
        {"1E2", "100"},
        {"12345E-2", "123.45"},
        {"0.30000000000000004", "0.3"},
        {"1234.5500000000002", "1234.55"},
        {"2.9999999999999996", "3"},
        {"999999999999999.9", "1000000000000000"},
        {"9.9999999999999996E2", "1000"},
        {"123456789012345.6", "123456789012346"},
        {"1.1102230246251565E-16", "0.000000000000000111022302462516"},
        {"1234567890123456789", "1234567890123456789"}, /* a code, kept */
        {"00123", "123"},
        {"1E300", NULL},
        {"1E-300", NULL},
        {"1E99999", NULL},
        {"", NULL},
        {"-", NULL},
        {".", NULL},
        {"E5", NULL},
        {"1E", NULL},
        {"1.2.3", NULL},
        {"1,5", NULL},
        {"0x10", NULL},
        {"NaN", NULL},
        {" 1", NULL},
        {"11111111111111111111111111111111111111111111111111111111111111111", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[XLSX_VALUE_TEXT];
        Str decimal = {NULL, 0};
        bool ok = xlsx_decimal(str_from(cases[i].stored), text, &decimal);
        if (ok != (cases[i].decimal != NULL)) fail_msg("%s: %d", cases[i].stored, ok);
        if (ok) assert_str(decimal, cases[i].decimal);
    }
}

static void formats_tell_dates(void **state) {
    (void)state;
    static const struct {
        const char *code;
        bool is_date;
    } cases[] = {
        {"yyyy-mm-dd", true},
        {"dd/mm/yyyy", true},
        {"[$-C0A]d\\-mmm\\-yy;@", true},
        {"[$-409]h:mm AM/PM", true},
        {"mm:ss.0", true},
        {"[h]:mm:ss", true},
        {"[Red]yyyy", true},
        {"\"día \"dd", true},
        {"General", false},
        {"0.00", false},
        {"#,##0.00", false},
        {"\"días\" 0", false},
        {"[Red]#,##0", false},
        {"[$USD] #,##0.00", false},
        {"#,##0\\ \"d\"", false},
        {"0.00E+00", false},
        {"_($* #,##0_)", false},
        {"@", false},
        {"Standard", false},
        {"0;yyyy", false},
        {"\\d0", false},
        {"\"never closed", false},
        {"[never closed", false},
        {"", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (xlsx_format_is_date(str_from(cases[i].code)) != cases[i].is_date) fail_msg("%s", cases[i].code);
    assert_true(xlsx_format_id_is_date(14) && xlsx_format_id_is_date(22) && xlsx_format_id_is_date(47));
    assert_false(xlsx_format_id_is_date(0) || xlsx_format_id_is_date(13) || xlsx_format_id_is_date(37) ||
                 xlsx_format_id_is_date(49));
}

static void serials_become_dates(void **state) {
    (void)state;
    static const struct {
        const char *serial;
        bool is_1904;
        const char *date; /* NULL: no date */
    } cases[] = {
        {"1", false, "1900-01-01"},
        {"59", false, "1900-02-28"},
        {"60", false, NULL},
        {"61", false, "1900-03-01"},
        {"25569", false, "1970-01-01"},
        {"46347", false, "2026-11-21"},
        {"44885", true, "2026-11-21"},
        {"46347.5", false, "2026-11-21T12:00:00"},
        {"46347.586863425925", false, "2026-11-21T14:05:05"},
        {"46347.999999", false, "2026-11-22"},
        {"0.5", false, "12:00:00"},
        {"0", false, "00:00:00"},
        {"109939", false, "2200-12-31"},
        {"109940", false, NULL},
        {"-1", false, NULL},
        {"-0.5", false, NULL},
        {"12345678901", false, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[XLSX_VALUE_TEXT];
        Str date = {NULL, 0};
        bool ok = xlsx_date(str_from(cases[i].serial), cases[i].is_1904, text, &date);
        if (ok != (cases[i].date != NULL)) fail_msg("%s: %d", cases[i].serial, ok);
        if (ok) assert_str(date, cases[i].date);
    }
}

static void escapes_are_undone(void **state) {
    (void)state;
    static const struct {
        const char *text, *plain;
    } cases[] = {
        {"plain", "plain"},
        {"a_x000D_b", "a\rb"},
        {"_x005F_x000D_", "_x000D_"},
        {"_x00f1_", "ñ"},
        {"_x20AC_", "€"},
        {"_x12_", "_x12_"},
        {"_xD800_", "_xD800_"},
        {"snake_case_", "snake_case_"},
        {"_xZZZZ_", "_xZZZZ_"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[64];
        size_t n = strlen(cases[i].text);
        memcpy(text, cases[i].text, n);
        assert_str(((Str){text, xlsx_unescape(text, n)}), cases[i].plain);
    }
}

static void references_name_columns(void **state) {
    (void)state;
    static const struct {
        const char *reference;
        int column;
    } cases[] = {{"A1", 0}, {"Z9", 25}, {"AA1", 26}, {"BC12", 54},  {"XFD1048576", 16383}, {"b2", 1},
                 {"", -1},  {"12", -1}, {"A", -1},   {"ABCD1", -1}, {"$A$1", -1}};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (xlsx_column(str_from(cases[i].reference)) != cases[i].column) fail_msg("%s", cases[i].reference);
}

static const struct CMUnitTest xlsx_value_tests[] = {
    cmocka_unit_test(numbers_become_plain_decimals), cmocka_unit_test(formats_tell_dates),
    cmocka_unit_test(serials_become_dates),          cmocka_unit_test(escapes_are_undone),
    cmocka_unit_test(references_name_columns),
};
const struct test_suite xlsx_value_suite = {"xlsx_value", xlsx_value_tests, COUNT_OF(xlsx_value_tests)};
