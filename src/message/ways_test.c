/* Which ways a customer is told, how they read, and the code each makes. */
#include "message/ways.h"

#include "base/test.h"

static Currency cur(const char *code) {
    Currency c = {0};
    assert_true(currency_parse(str_from(code), &c));
    return c;
}

static void a_customer_is_told_what_fits(void **state) {
    (void)state;
    static const struct message_way ways[] = {
        {.code = {"co", 2}, .country = {"CO", 2}},
        {.code = {"pe", 2}, .country = {"PE", 2}, .currency = {"PEN", 3}},
        {.code = {"usd", 3}, .currency = {"USD", 3}},
        {.code = {"all", 3}},
    };
    const struct message_way *told[COUNT_OF(ways)];
    struct {
        const char *country;
        Currency currencies[2];
        size_t count;
        const char *codes;
    } cases[] = {
        {"CO", {cur("COP")}, 1, "co all "},
        {"PE", {cur("PEN")}, 1, "pe all "},
        {"PE", {cur("USD"), cur("PEN")}, 2, "pe usd all "},
        {"MX", {cur("MXN")}, 1, "all "},
        {"", {cur("COP")}, 1, "co all "},
        {"CO", {cur("COP")}, 0, "co usd all "},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t n =
            ways_for(ways, COUNT_OF(ways), str_from(cases[i].country), cases[i].currencies, cases[i].count, told);
        struct buf b = buf_make(100);
        for (size_t k = 0; k < n; k++) buf_printf(&b, "%.*s ", STR_ARG(told[k]->code));
        assert_str(buf_str(&b), cases[i].codes);
        buf_done(&b);
    }
    Currency mxn = cur("MXN");
    assert_int_equal(ways_for(ways, 2, S("MX"), &mxn, 1, told), 2); /* none fits: all are told */
    assert_int_equal(ways_for(ways, 0, S("MX"), &mxn, 1, told), 0);
}

static void ways_read_as_people_write_them(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    static const struct {
        struct message_way way;
        const char *label, *value;
    } cases[] = {
        {{.scheme = BANK_PLAIN,
          .bank = {"Banco Norandino", 15},
          .account_type = {"Corriente", 9},
          .number = {"000-128843-07", 13}},
         "Banco Norandino",
         "Corriente 000-128843-07"},
        {{.scheme = BANK_IBAN, .number = {"ES9121000418450200051332", 24}}, "IBAN", "ES91 2100 0418 4502 0005 1332"},
        {{.scheme = BANK_IBAN,
          .bank = {"Banco Uno", 9},
          .bic = {"CAIXESBB", 8},
          .number = {"ES9121000418450200051332", 24}},
         "Banco Uno",
         "IBAN ES91 2100 0418 4502 0005 1332, BIC CAIXESBB"},
        {{.scheme = BANK_CLABE, .bank = {"Banco Dos", 9}, .number = {"032180000118359719", 18}},
         "Banco Dos",
         "CLABE 032 180 00011835971 9"},
        {{.scheme = BANK_PIX, .number = {"a@b.example", 11}}, "PIX", "a@b.example"},
        {{.scheme = BANK_TEXT, .number = {"En caja", 7}}, "", "En caja"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_str(way_label(&cases[i].way), cases[i].label);
        assert_str(way_value(cx.arena, &cases[i].way), cases[i].value);
    }
    test_ctx_done(&cx);
}

static void codes_are_made_where_the_scheme_has_one(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct message_way iban = {.scheme = BANK_IBAN, .number = S("ES9121000418450200051332")};
    struct message_way pix = {.scheme = BANK_PIX, .number = S("a@b.example"), .city = S("Recife")};
    struct way_demand euros = {S("Insumos Altuvera S.L."), money_make(1230, cur("EUR")), S("OVA-0418")};
    struct way_code code = way_code_of(&cx, &iban, &euros);
    assert_str(code.payload,
               "BCD\n002\n1\nSCT\n\nInsumos Altuvera S.L.\nES9121000418450200051332\nEUR12.30\n\nRF53OVA0418");
    assert_false(code.is_typed);
    /* A code of more than 21 letters goes as text. */
    euros.reference = S("CLIENTE-0001-DE-LA-ZONA-NORTE");
    code = way_code_of(&cx, &iban, &euros);
    assert_true(str_ends(code.payload, S("EUR12.30\n\n\nCLIENTE-0001-DE-LA-ZONA-NORTE")));
    /* Another currency is left to the payer. */
    struct way_demand pesos = {S("A"), money_make(1230, cur("COP")), S("1")};
    assert_false(str_contains(way_code_of(&cx, &iban, &pesos).payload, S("12.30")));
    code = way_code_of(&cx, &pix, &euros);
    assert_true(code.is_typed && str_starts(code.payload, S("000201")) && !str_contains(code.payload, S("5405")));
    pix.city = S("");
    assert_int_equal(way_code_of(&cx, &pix, &euros).payload.n, 0);
    iban.number = S("CR05015202001026284066");
    assert_int_equal(way_code_of(&cx, &iban, &euros).payload.n, 0);
    iban.scheme = BANK_PLAIN;
    assert_int_equal(way_code_of(&cx, &iban, &euros).payload.n, 0);
    assert_int_equal(cx.fault.code, OK);
    test_ctx_done(&cx);
}

static const struct CMUnitTest ways_tests[] = {
    cmocka_unit_test(a_customer_is_told_what_fits),
    cmocka_unit_test(ways_read_as_people_write_them),
    cmocka_unit_test(codes_are_made_where_the_scheme_has_one),
};
const struct test_suite ways_suite = {"ways", ways_tests, COUNT_OF(ways_tests)};
