/* Tables for money.h. */
#include "core/money.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "base/test.h"
#include "base/wide.h"

static Currency cur(const char *code) {
    Currency c = {0};
    if (!currency_parse(str_from(code), &c)) fail_msg("%s is not known", code);
    return c;
}

static void currencies_have_their_decimals(void **state) {
    (void)state;
    static const struct {
        const char *code;
        int exponent;
    } cases[] = {
        {"COP", 2}, {"CLP", 0}, {"PYG", 0}, {"JPY", 0}, {"KWD", 3}, {"TND", 3}, {"CLF", 4}, {"UYW", 4}, {"UYI", 0},
        {"UYU", 2}, {"EUR", 2}, {"MXN", 2}, {"VES", 2}, {"XOF", 0}, {"ISK", 0}, {"HUF", 2}, {"AED", 2}, {"ZWL", 2},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[4];
        Currency c = cur(cases[i].code);
        assert_int_equal(currency_exponent(c), cases[i].exponent);
        assert_str(currency_code(c, text), cases[i].code);
    }
    assert_true(currency_equal(cur("COP"), cur("COP")));
    assert_false(currency_equal(cur("COP"), cur("CLP")));
}

static void written_currencies_are_known(void **state) {
    (void)state;
    static const struct {
        const char *written, *code; /* NULL: more than one, or none */
    } cases[] = {{"MXN", "MXN"}, {"M.N.", "MXN"}, {"m.n.", "MXN"}, {"Dlls", "USD"}, {"\xE2\x82\xAC", "EUR"},
                 {"$", NULL},    {"PESOS", NULL}, {"Bs", NULL},    {"cop", NULL},   {"", NULL}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Currency c;
        bool known = currency_written(str_from(cases[i].written), &c);
        if (known != (cases[i].code != NULL) || (known && !currency_equal(c, cur(cases[i].code)))) fail_msg("%s", cases[i].written);
    }
}

static void unknown_currencies_are_refused(void **state) {
    (void)state;
    static const char *const refused[] = {"",    "C",   "CO",  "COPX", "cop", "Cop", "XXX",
                                          "XTS", "XAU", "AAA", "ZZZ",  "EDA", "$"};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        Currency c = {7};
        if (currency_parse(str_from(refused[i]), &c)) fail_msg("\"%s\" was taken for a currency", refused[i]);
        assert_int_equal(c.packed, 7);
    }
}

static void decimals_are_read_strictly(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *currency;
        char decimal, group;
        enum money_problem problem;
        int64_t minor;
    } cases[] = {
        {"whole", "1234", "COP", '.', 0, MONEY_OK, 123400},
        {"one decimal", "1234.5", "COP", '.', 0, MONEY_OK, 123450},
        {"negative cent", "-0.01", "COP", '.', 0, MONEY_OK, -1},
        {"negative zero", "-0", "COP", '.', 0, MONEY_OK, 0},
        {"leading zeros", "0007", "COP", '.', 0, MONEY_OK, 700},
        {"zeros beyond the decimals", "10.500", "COP", '.', 0, MONEY_OK, 1050},
        {"zeros where there are no decimals", "10.00", "CLP", '.', 0, MONEY_OK, 10},
        {"a third decimal", "10.505", "COP", '.', 0, MONEY_TOO_MANY_DECIMALS, 0},
        {"a decimal of the peso", "10.5", "CLP", '.', 0, MONEY_TOO_MANY_DECIMALS, 0},
        {"three decimals", "1.234", "KWD", '.', 0, MONEY_OK, 1234},
        {"four decimals", "1.2", "CLF", '.', 0, MONEY_OK, 12000},
        {"comma", "1234,50", "EUR", ',', 0, MONEY_OK, 123450},
        {"groups", "29.675.000", "COP", ',', '.', MONEY_OK, 2967500000},
        {"groups and decimals", "29,675,000.05", "MXN", '.', ',', MONEY_OK, 2967500005},
        {"a point that can only group", "1.234", "COP", ',', '.', MONEY_OK, 123400},
        {"spaces as groups", "1 234,50", "EUR", ',', ' ', MONEY_OK, 123450},
        {"groups not used", "1234567", "COP", ',', '.', MONEY_OK, 123456700},
        {"group of two", "12.34", "COP", ',', '.', MONEY_MALFORMED, 0},
        {"group of four", "1.2345", "COP", ',', '.', MONEY_MALFORMED, 0},
        {"long first group", "1234.567", "COP", ',', '.', MONEY_MALFORMED, 0},
        {"mark before the first group", ".123", "COP", ',', '.', MONEY_MALFORMED, 0},
        {"mark after the last group", "123.", "COP", ',', '.', MONEY_MALFORMED, 0},
        {"two marks", "1..234", "COP", ',', '.', MONEY_MALFORMED, 0},
        {"group behind the decimal mark", "1,234.567", "EUR", ',', '.', MONEY_MALFORMED, 0},
        {"groups not allowed", "1,234", "MXN", '.', 0, MONEY_MALFORMED, 0},
        {"empty", "", "COP", '.', 0, MONEY_EMPTY, 0},
        {"only a sign", "-", "COP", '.', 0, MONEY_MALFORMED, 0},
        {"plus", "+1", "COP", '.', 0, MONEY_MALFORMED, 0},
        {"no digit before the mark", ".5", "COP", '.', 0, MONEY_MALFORMED, 0},
        {"no digit behind the mark", "5.", "COP", '.', 0, MONEY_MALFORMED, 0},
        {"two signs", "--5", "COP", '.', 0, MONEY_MALFORMED, 0},
        {"a space", " 5", "COP", '.', 0, MONEY_MALFORMED, 0},
        {"a sign behind", "5-", "COP", '.', 0, MONEY_MALFORMED, 0},
        {"an exponent", "1e3", "COP", '.', 0, MONEY_MALFORMED, 0},
        {"letters", "abc", "COP", '.', 0, MONEY_MALFORMED, 0},
        {"two decimal marks", "1.2.3", "COP", '.', 0, MONEY_MALFORMED, 0},
        {"fifteen digits", "999999999999999.99", "COP", '.', 0, MONEY_OK, 99999999999999999},
        {"sixteen digits", "1000000000000000", "COP", '.', 0, MONEY_TOO_LARGE, 0},
        {"too large in minor units", "999999999999999", "CLF", '.', 0, MONEY_TOO_LARGE, 0},
        {"long and malformed", "10000000000000000x", "COP", '.', 0, MONEY_MALFORMED, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Money m = {0};
        enum money_problem got =
            money_parse(str_from(cases[i].text), cur(cases[i].currency), cases[i].decimal, cases[i].group, &m);
        if (got != cases[i].problem || m.minor != cases[i].minor)
            fail_msg("%s: \"%s\" gave problem %d and %lld", cases[i].name, cases[i].text, (int)got, (long long)m.minor);
        if (got == MONEY_OK) assert_true(currency_equal(m.currency, cur(cases[i].currency)));
    }
}

static void amounts_are_written_with_all_their_decimals(void **state) {
    (void)state;
    static const struct {
        int64_t minor;
        const char *currency, *text;
    } cases[] = {
        {123450, "COP", "1234.50"},
        {-1, "COP", "-0.01"},
        {0, "COP", "0.00"},
        {0, "CLP", "0"},
        {-3, "CLP", "-3"},
        {5, "KWD", "0.005"},
        {12345, "CLF", "1.2345"},
        {99, "EUR", "0.99"},
        {INT64_MIN, "COP", "-92233720368547758.08"},
        {INT64_MAX, "CLP", "9223372036854775807"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(buf_done) struct buf out = buf_make(64);
        char text[MONEY_TEXT];
        Money m = money_make(cases[i].minor, cur(cases[i].currency));
        assert_str(money_text(m, text), cases[i].text);
        money_decimal(m, &out);
        assert_str(buf_str(&out), cases[i].text);
    }
}

static void what_is_written_is_read_back(void **state) {
    (void)state;
    static const char *const currencies[] = {"CLP", "COP", "KWD", "CLF"};
    struct seeded_random r = {20261121};
    for (int i = 0; i < 20000; i++) {
        int64_t minor = (int64_t)(seeded_next(&r) >> (14 + seeded_below(&r, 49)));
        Money m = money_make(i % 2 ? -minor : minor, cur(currencies[i % 4])), again = {0};
        char text[MONEY_TEXT];
        enum money_problem problem = money_parse(money_text(m, text), m.currency, '.', 0, &again);
        if (minor > 999999999999999 && problem == MONEY_TOO_LARGE) continue;
        assert_int_equal(problem, MONEY_OK);
        assert_int_equal(money_compare(m, again), 0);
    }
}

static void scaling_rounds_half_to_even(void **state) {
    (void)state;
    static const struct {
        int64_t minor, numerator, denominator, result;
    } cases[] = {
        {5, 1, 2, 2},
        {7, 1, 2, 4},
        {-5, 1, 2, -2},
        {-7, 1, 2, -4},
        {1, 1, 2, 0},
        {-1, 1, 2, 0},
        {3, 1, 2, 2},
        {10, 1, 3, 3},
        {20, 1, 3, 7},
        {-20, 1, 3, -7},
        {20, -1, 3, -7},
        {20, 1, -3, -7},
        {-20, 1, -3, 7},
        {251, 1, 100, 3},
        {250, 1, 100, 2},
        {350, 1, 100, 4},
        {-250, 1, 100, -2},
        {-251, 1, 100, -3},
        {0, 5, 7, 0},
        {9, 0, 7, 0},
        {INT64_MAX, 1000000, 1000000, INT64_MAX},
        {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX},
        {1000000000000000, 123456789, 1000000000, 123456789000000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Money m = money_scale(money_make(cases[i].minor, cur("COP")), cases[i].numerator, cases[i].denominator);
        if (m.minor != cases[i].result)
            fail_msg("%lld × %lld / %lld gave %lld, wanted %lld", (long long)cases[i].minor,
                     (long long)cases[i].numerator, (long long)cases[i].denominator, (long long)m.minor,
                     (long long)cases[i].result);
    }
}

static void scaling_is_never_off_by_more_than_half(void **state) {
    (void)state;
    struct seeded_random r = {7};
    for (int i = 0; i < 50000; i++) {
        int64_t minor = (int64_t)(seeded_next(&r) >> 20) - ((int64_t)1 << 43);
        int64_t numerator = (int64_t)seeded_below(&r, 20001) - 10000,
                denominator = (int64_t)seeded_below(&r, 10000) + 1;
        int64_t got = money_scale(money_make(minor, cur("COP")), numerator, denominator).minor;
        Wide twice_error = ((Wide)got * denominator - (Wide)minor * numerator) * 2;
        if (twice_error < 0) twice_error = -twice_error;
        assert_true(twice_error <= denominator);
        if (twice_error == denominator) assert_int_equal(got % 2, 0);
    }
}

static void arithmetic_keeps_the_currency(void **state) {
    (void)state;
    Currency cop = cur("COP");
    Money a = money_make(300, cop), b = money_make(-500, cop);
    assert_int_equal(money_add(a, b).minor, -200);
    assert_int_equal(money_sub(a, b).minor, 800);
    assert_int_equal(money_negate(b).minor, 500);
    assert_int_equal(money_min(a, b).minor, -500);
    assert_true(money_compare(a, b) > 0 && money_compare(b, a) < 0 && money_compare(a, a) == 0);
    assert_true(currency_equal(money_add(a, b).currency, cop));
    assert_int_equal(money_zero(cop).minor, 0);
}

/* Whether the program is stopped; in a child, with nothing on the screen. */
static bool stops(void (*action)(void)) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        (void)!freopen("/dev/null", "w", stderr);
        action();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static void add_like(void) { (void)money_add(money_make(1, cur("COP")), money_make(1, cur("COP"))); }
static void add_unlike(void) { (void)money_add(money_make(1, cur("COP")), money_make(1, cur("USD"))); }
static void subtract_unlike(void) { (void)money_sub(money_make(1, cur("COP")), money_zero((Currency){0})); }
static void compare_unlike(void) { (void)money_compare(money_make(1, cur("CLP")), money_make(1, cur("CLF"))); }
static void add_too_much(void) { (void)money_add(money_make(INT64_MAX, cur("COP")), money_make(1, cur("COP"))); }
static void negate_the_least(void) { (void)money_negate(money_make(INT64_MIN, cur("COP"))); }
static void scale_too_much(void) { (void)money_scale(money_make(INT64_MAX, cur("COP")), 2, 1); }
static void scale_by_nothing(void) { (void)money_scale(money_make(1, cur("COP")), 1, 0); }

static void broken_promises_stop_the_program(void **state) {
    (void)state;
    static void (*const broken[])(void) = {add_unlike,       subtract_unlike, compare_unlike,  add_too_much,
                                           negate_the_least, scale_too_much,  scale_by_nothing};
    assert_false(stops(add_like));
    for (size_t i = 0; i < COUNT_OF(broken); i++) assert_true(stops(broken[i]));
}

static const struct CMUnitTest money_tests[] = {
    cmocka_unit_test(currencies_have_their_decimals),
    cmocka_unit_test(unknown_currencies_are_refused), cmocka_unit_test(written_currencies_are_known),
    cmocka_unit_test(decimals_are_read_strictly),
    cmocka_unit_test(amounts_are_written_with_all_their_decimals),
    cmocka_unit_test(what_is_written_is_read_back),
    cmocka_unit_test(scaling_rounds_half_to_even),
    cmocka_unit_test(scaling_is_never_off_by_more_than_half),
    cmocka_unit_test(arithmetic_keeps_the_currency),
    cmocka_unit_test(broken_promises_stop_the_program),
};
const struct test_suite money_suite = {"money", money_tests, COUNT_OF(money_tests)};
