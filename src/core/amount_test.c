/* What people type, by country. */
#include "core/amount.h"

#include "base/test.h"

static void reads_what_people_type(void **state) {
    (void)state;
    static const struct {
        const char *country, *typed, *plain; /* NULL: no amount */
    } cases[] = {
        {"CO", "9.280.000", "9280000"},     {"CO", "9.280", "9280"},           {"CO", "9280", "9280"},
        {"CO", "9.280.000,50", "9280000.50"}, {"CO", "1234,5", "1234.5"},      {"CO", "$ 29.675.000", "29675000"},
        {"CO", "$\xC2\xA0" "29.675.000", "29675000"},
        {"CO", "COP 1.000", "1000"},        {"CO", "1.000 COP", "1000"},       {"CO", " 5 ", "5"},
        {"CO", "-5", "-5"},                 {"CO", "-$ 5", "-5"},              {"CO", "9280.5", "9280.5"},
        {"CO", "9280.50", "9280.50"},       {"CO", "1,234.50", "1234.50"},     {"CO", "1,234,567.891", "1234567.891"},
        {"CO", "1234.500", NULL},           {"CO", "9.280.00", NULL},          {"CO", "1.2345.678", NULL},
        {"CO", "1,23,4", NULL},             {"CO", "1..2", NULL},              {"CO", "doce", NULL},
        {"CO", "", NULL},                   {"CO", "$", NULL},                 {"CO", "12 y 13", NULL},
        {"CO", "1,", "1"},                  {"CO", ",5", NULL},                 {"CO", "5-", NULL},
        {"MX", "9,280,000.00", "9280000.00"}, {"MX", "9,280", "9280"},         {"MX", "9.280", "9.280"},
        {"MX", "9280,50", "9280.50"},       {"MX", "1.234,50", "1234.50"},     {"MX", "$9,280.5", "9280.5"},
        {"ES", "29.675,00 \xE2\x82\xAC", "29675.00"}, {"ES", "29 675,00", "29675.00"},
        {"VE", "Bs. 1.000,5", "1000.5"},    {"PE", "S/ 1,000.50", "1000.50"},  {"BR", "R$ 1.000,50", "1000.50"},
        {"CO", "111111111111111111111111111111111111111111111111111111111111", NULL},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct locale *l;
        Str plain = {0};
        assert_ok(&cx, locale_find(&cx, S("es"), str_from(cases[i].country), &l));
        bool read = amount_typed(l, str_from(cases[i].typed), cx.arena, &plain);
        print_message("%s \"%s\": %.*s\n", cases[i].country, cases[i].typed, read ? (int)plain.n : 1, read ? plain.p : "-");
        assert_int_equal(read, cases[i].plain != NULL);
        if (read) assert_str(plain, cases[i].plain);
    }
    test_ctx_done(&cx);
}

static const struct CMUnitTest amount_tests[] = {cmocka_unit_test(reads_what_people_type)};
const struct test_suite amount_suite = {"amount", amount_tests, COUNT_OF(amount_tests)};
