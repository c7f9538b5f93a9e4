/* Tables for str.h and the escapes of buf.h. */
#include "base/buf.h"
#include "base/test.h"

#include <string.h>

static void integers_are_read_exactly(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-7", true, -7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"1 ", false, 0},
        {"+1", false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 0;
        assert_int_equal(str_to_i64(str_from(cases[i].text), &value), cases[i].ok);
        assert_int_equal(value, cases[i].value);
    }
}

static void malformed_utf8_is_seen(void **state) {
    (void)state;
    assert_true(str_is_utf8(S("Año 2026 €  😀")));
    assert_false(str_is_utf8(S("\xC0\xAF")));         /* overlong */
    assert_false(str_is_utf8(S("\xED\xA0\x80")));     /* surrogate */
    assert_false(str_is_utf8(S("\xF4\x90\x80\x80"))); /* beyond U+10FFFF */
    assert_false(str_is_utf8(S("a\xE2\x82")));        /* cut short */
}

static void folding_drops_case_and_accents(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    assert_str(str_fold(cx.arena, S("Ferretería ÑANDÚ Straße Œuvre Ærø")), "ferreteria nandu strasse oeuvre aero");
    assert_str(str_fold(cx.arena, S("Łódź Šilutė Ÿ")), "lodz silute y");
    test_ctx_done(&cx);
}

static void cutting_visits_every_field(void **state) {
    (void)state;
    Str rest = S("a,,b,");
    int fields = 0;
    while (rest.p) {
        str_cut(&rest, ',');
        fields++;
    }
    assert_int_equal(fields, 4);
}

static void percent_escapes_are_undone_and_the_rest_kept(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    assert_str(str_url_decode(cx.arena, S("a%20b%C3%b1%")), "a b\xC3\xB1%");
    assert_str(str_url_decode(cx.arena, S("100%zz%4")), "100%zz%4");
    test_ctx_done(&cx);
}

static void a_csv_cell_is_never_a_formula(void **state) {
    (void)state;
    const struct {
        const char *cell, *expected;
    } cases[] = {
        {"", "\"\""},
        {"Andina \"La 14\"", "\"Andina \"\"La 14\"\"\""},
        {"=1+1", "\"'=1+1\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"-2+cmd|' /C calc'!A0", "\"'-2+cmd|' /C calc'!A0\""},
        {"\t=1", "\"'\t=1\""},
        {"\n=1", "\"'\n=1\""},
        {"＝1+1", "\"'＝1+1\""},
        {"＋1", "\"'＋1\""},
        {"－1", "\"'－1\""},
        {"＠SUM(A1)", "\"'＠SUM(A1)\""},
        {"Ｆ１", "\"Ｆ１\""},
        {"+57 300 111 22 33", "\"+57 300 111 22 33\""},
        {"-1234.50", "\"-1234.50\""},
        {"-", "\"'-\""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(buf_done) struct buf b = buf_make(1000);
        buf_add_csv(&b, str_from(cases[i].cell));
        assert_str(buf_str(&b), cases[i].expected);
    }
}

static const struct CMUnitTest str_tests[] = {
    cmocka_unit_test(percent_escapes_are_undone_and_the_rest_kept),
    cmocka_unit_test(a_csv_cell_is_never_a_formula),
    cmocka_unit_test(integers_are_read_exactly),
    cmocka_unit_test(malformed_utf8_is_seen),
    cmocka_unit_test(folding_drops_case_and_accents),
    cmocka_unit_test(cutting_visits_every_field),
};
const struct test_suite str_suite = {"str", str_tests, COUNT_OF(str_tests)};
