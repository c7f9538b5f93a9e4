/* Tables for locale.h. A '~' in the tables stands for U+00A0. */
#include "core/locale.h"

#include <pthread.h>

#include "base/test.h"

static const struct locale *locale(struct ctx *cx, const char *language, const char *country) {
    const struct locale *l = NULL;
    assert_ok(cx, locale_find(cx, str_from(language), str_from(country), &l));
    return l;
}

static Str with_tildes(struct ctx *cx, Str text) {
    char *copy = arena_alloc(cx->arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool space = text.p[i] == '\xC2' && i + 1 < text.n && text.p[i + 1] == '\xA0';
        copy[n++] = space ? '~' : text.p[i];
        i += space;
    }
    return (Str){copy, n};
}

static void money_looks_as_in_the_country(void **state) {
    (void)state;
    static const struct {
        const char *language, *country, *currency;
        int64_t minor;
        const char *text;
    } cases[] = {
        {"es", "CO", "COP", 2967500000, "$~29.675.000"},
        {"es", "CO", "COP", 2967500050, "$~29.675.000,50"},
        {"es", "CO", "COP", -500, "-$~5"},
        {"es", "CO", "COP", 0, "$~0"},
        {"es", "CO", "USD", 123450, "USD~1.234,50"},
        {"es", "CO", "USD", 123400, "USD~1.234,00"},
        {"en", "CO", "COP", 2967500000, "$~29.675.000"},
        {"es", "MX", "MXN", 2967500, "$~29,675.00"},
        {"es", "MX", "USD", 2967500, "USD~29,675.00"},
        {"es", "ES", "EUR", 2967500, "29.675,00~€"},
        {"es", "ES", "EUR", 123450, "1.234,50~€"},
        {"es", "ES", "EUR", -1, "-0,01~€"},
        {"es", "ES", "USD", 123450, "1.234,50~USD"},
        {"es", "CL", "CLP", 29675000, "$~29.675.000"},
        {"es", "CL", "CLP", -7, "-$~7"},
        {"es", "CL", "CLF", 12345, "CLF~1,2345"},
        {"es", "CL", "KWD", 12345, "KWD~12,345"},
        {"es", "PY", "PYG", 29675000, "Gs.~29.675.000"},
        {"es", "AR", "ARS", 123450, "$~1.234,50"},
        {"es", "PE", "PEN", 123450, "S/~1,234.50"},
        {"es", "EC", "USD", 123450, "$~1.234,50"},
        {"es", "UY", "UYU", 123450, "$~1.234,50"},
        {"es", "VE", "VES", 123450, "Bs.~1.234,50"},
        {"es", "DO", "DOP", 123450, "RD$~1,234.50"},
        {"pt", "BR", "BRL", 123450, "R$~1.234,50"},
        {"es", "BR", "BRL", 123450, "R$~1.234,50"},
        {"pt", "PT", "EUR", 123456789, "1~234~567,89~€"},
        {"en", "US", "USD", 123450, "$1,234.50"},
        {"es", "US", "USD", -123450, "-$1,234.50"},
        {"en", "US", "EUR", 123450, "EUR~1,234.50"},
        {"en", "GB", "GBP", 123450, "£1,234.50"},
        {"en", "IN", "INR", 1234567890, "₹1,23,45,678.90"},
        {"es", "SA", "SAR", 123450, "1,234.50~SAR"},
        {"en", "CH", "CHF", 123450, "CHF~1’234.50"},
        {"es", "", "EUR", 123450, "1.234,50~EUR"},
        {"en", "XX", "USD", 123450, "USD~1,234.50"},
        {"es", "CO", "COP", INT64_MIN, "-$~92.233.720.368.547.758,08"},
        {"pt", "PT", "CLP", INT64_MAX, "9~223~372~036~854~775~807~CLP"},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(buf_done) struct buf out = buf_make(200);
        Currency c = {0};
        assert_true(currency_parse(str_from(cases[i].currency), &c));
        locale_money(locale(&cx, cases[i].language, cases[i].country), money_make(cases[i].minor, c), &out);
        assert_str(with_tildes(&cx, buf_str(&out)), cases[i].text);
    }
    test_ctx_done(&cx);
}

static void integers_are_grouped(void **state) {
    (void)state;
    static const struct {
        const char *country;
        int64_t n;
        const char *text;
    } cases[] = {
        {"CO", 0, "0"},
        {"CO", 999, "999"},
        {"CO", 1000, "1.000"},
        {"CO", -1234567, "-1.234.567"},
        {"MX", 1234567, "1,234,567"},
        {"PT", 12345, "12~345"},
        {"ES", INT64_MIN, "-9.223.372.036.854.775.808"},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(buf_done) struct buf out = buf_make(100);
        locale_integer(locale(&cx, "es", cases[i].country), cases[i].n, &out);
        assert_str(with_tildes(&cx, buf_str(&out)), cases[i].text);
    }
    test_ctx_done(&cx);
}

static void dates_are_written_in_words(void **state) {
    (void)state;
    static const struct {
        const char *language, *country, *date, *text, *in_full;
    } cases[] = {
        {"es", "CO", "2026-11-27", "27 nov 2026", "viernes 27 de noviembre de 2026"},
        {"es", "CO", "2026-05-03", "3 may 2026", "domingo 3 de mayo de 2026"},
        {"es", "ES", "2026-09-01", "1 sept 2026", "martes 1 de septiembre de 2026"},
        {"es", "PE", "2026-09-01", "1 set 2026", "martes 1 de setiembre de 2026"},
        {"es", "MX", "2028-02-29", "29 feb 2028", "martes 29 de febrero de 2028"},
        {"es", "US", "2026-11-27", "27 nov 2026", "viernes 27 de noviembre de 2026"},
        {"es", "SA", "2026-09-04", "4 sept 2026", "viernes 4 de septiembre de 2026"},
        {"es", "TH", "2026-09-04", "4 sept 2026", "viernes 4 de septiembre de 2026"},
        {"es", "", "2026-12-31", "31 dic 2026", "jueves 31 de diciembre de 2026"},
        {"pt", "BR", "2026-11-27", "27 nov 2026", "sexta-feira, 27 de novembro de 2026"},
        {"pt", "PT", "2026-11-28", "28 nov 2026", "sábado, 28 de novembro de 2026"},
        {"en", "US", "2026-11-27", "Nov 27, 2026", "Friday, November 27, 2026"},
        {"en", "GB", "2026-11-27", "27 Nov 2026", "Friday 27 November 2026"},
        {"en", "CO", "2026-11-27", "27 Nov 2026", "Friday 27 November 2026"},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(buf_done) struct buf out = buf_make(100);
        const struct locale *l = locale(&cx, cases[i].language, cases[i].country);
        Date d = DATE_NONE;
        locale_date(l, d, &out);
        locale_date_long(l, d, &out);
        assert_int_equal(out.n, 0);
        assert_true(date_parse_iso(str_from(cases[i].date), &d));
        locale_date(l, d, &out);
        assert_str(buf_str(&out), cases[i].text);
        buf_clear(&out);
        locale_date_long(l, d, &out);
        assert_str(buf_str(&out), cases[i].in_full);
    }
    test_ctx_done(&cx);
}

static void a_day_without_its_year(void **state) {
    (void)state;
    static const struct {
        const char *language, *country, *day, *month;
    } cases[] = {{"es", "CO", "27 nov", "nov"}, {"pt", "BR", "27 nov", "nov"}, {"en", "US", "Nov 27", "Nov"}, {"en", "GB", "27 Nov", "Nov"}};
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(buf_done) struct buf out = buf_make(100);
        const struct locale *l = locale(&cx, cases[i].language, cases[i].country);
        Date d = DATE_NONE;
        locale_day(l, d, &out);
        locale_month(l, d, &out);
        assert_int_equal(out.n, 0);
        assert_true(date_parse_iso(S("2026-11-27"), &d));
        locale_day(l, d, &out);
        assert_str(buf_str(&out), cases[i].day);
        buf_clear(&out);
        locale_month(l, d, &out);
        assert_str(buf_str(&out), cases[i].month);
    }
    test_ctx_done(&cx);
}

static void plurals_follow_the_language(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    assert_string_equal(locale_plural(locale(&cx, "es", "CO"), 1), "one");
    assert_string_equal(locale_plural(locale(&cx, "es", "CO"), 0), "other");
    assert_string_equal(locale_plural(locale(&cx, "es", "CO"), 2), "other");
    assert_string_equal(locale_plural(locale(&cx, "es", "CO"), 1000000), "many");
    assert_string_equal(locale_plural(locale(&cx, "en", "US"), 1), "one");
    assert_string_equal(locale_plural(locale(&cx, "en", "US"), 0), "other");
    assert_string_equal(locale_plural(locale(&cx, "pt", "BR"), 0), "one");
    test_ctx_done(&cx);
}

static void only_our_languages_are_found(void **state) {
    (void)state;
    static const char *const refused[] = {"", "fr", "ES", "es-CO", "e"};
    struct ctx cx = test_ctx();
    const struct locale *l = NULL;
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_rc(&cx, INVALID, locale_find(&cx, str_from(refused[i]), S("CO"), &l));
    assert_null(l);
    assert_ptr_equal(locale(&cx, "es", "CO"), locale(&cx, "es", "CO"));
    assert_ptr_equal(locale(&cx, "es", "XX"), locale(&cx, "es", ""));
    assert_ptr_equal(locale(&cx, "es", "co"), locale(&cx, "es", "Colombia"));
    test_ctx_done(&cx);
}

/* Every pair of letters, from several threads at once: the first to come builds, all get the same. */
static void *find_all(void *found) {
    const struct locale **slots = found;
    struct ctx cx = test_ctx();
    for (int i = 0; i < 26 * 26; i += 7) {
        const char code[] = {(char)('A' + i / 26), (char)('A' + i % 26)};
        slots[i] = NULL;
        if (locale_find(&cx, S("pt"), (Str){code, 2}, &slots[i]) != OK) break;
    }
    test_ctx_done(&cx);
    return NULL;
}

static void threads_share_locales(void **state) {
    (void)state;
    static const struct locale *found[3][26 * 26];
    pthread_t threads[3];
    for (size_t i = 0; i < 3; i++) assert_int_equal(pthread_create(&threads[i], NULL, find_all, (void *)found[i]), 0);
    for (size_t i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    for (size_t i = 0; i < 26 * 26; i += 7) {
        assert_non_null(found[0][i]);
        assert_ptr_equal(found[0][i], found[1][i]);
        assert_ptr_equal(found[0][i], found[2][i]);
    }
}

static const struct CMUnitTest locale_tests[] = {
    cmocka_unit_test(money_looks_as_in_the_country), cmocka_unit_test(integers_are_grouped),
    cmocka_unit_test(dates_are_written_in_words),    cmocka_unit_test(a_day_without_its_year), cmocka_unit_test(plurals_follow_the_language),
    cmocka_unit_test(only_our_languages_are_found),  cmocka_unit_test(threads_share_locales),
};
const struct test_suite locale_suite = {"locale", locale_tests, COUNT_OF(locale_tests)};
