/* Numbers that must pass and numbers that must not, per scheme; the public lists where they are at hand. */
#include "core/bank_number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/test.h"
#include "core/creditor_reference.h"

static void numbers_are_judged_by_their_scheme(void **state) {
    (void)state;
    static const struct {
        const char *scheme, *country, *typed;
        enum bank_verdict verdict;
        const char *kept;
    } cases[] = {
        /* The examples of the IBAN registry. */
        {"iban", "", "ES91 2100 0418 4502 0005 1332", BANK_GOOD, "ES9121000418450200051332"},
        {"iban", "", "es9121000418450200051332", BANK_GOOD, "ES9121000418450200051332"},
        {"iban", "", "DE89370400440532013000", BANK_GOOD, "DE89370400440532013000"},
        {"iban", "", "CR05015202001026284066", BANK_GOOD, "CR05015202001026284066"},
        {"iban", "", "DO28BAGR00000001212453611324", BANK_GOOD, "DO28BAGR00000001212453611324"},
        {"iban", "", "BR1800360305000010009795493C1", BANK_GOOD, "BR1800360305000010009795493C1"},
        {"iban", "", "ES91 2100 0418 4502 0005 1333", BANK_WRONG, NULL},
        {"iban", "", "ES91 2100 0418 4502 0005 133", BANK_WRONG, NULL},
        {"iban", "", "XX91 2100 0418 4502 0005 1332", BANK_WRONG, NULL},
        {"iban", "", "ES9121000418450200051332ES9121000418450200051332", BANK_WRONG, NULL},
        {"clabe", "MX", "032180000118359719", BANK_GOOD, "032180000118359719"},
        {"clabe", "MX", "032 180 00011835971 9", BANK_GOOD, "032180000118359719"},
        {"clabe", "MX", "032180000118359718", BANK_WRONG, NULL},
        {"clabe", "MX", "32180000118359719", BANK_WRONG, NULL},
        {"clabe", "MX", "03218000011835971A", BANK_WRONG, NULL},
        {"cbu", "AR", "28505909 40090418135201", BANK_GOOD, "2850590940090418135201"},
        {"cbu", "AR", "2850590940090418135202", BANK_WRONG, NULL},
        {"cbu", "AR", "2850591940090418135201", BANK_WRONG, NULL},
        {"alias", "AR", "ferreteria.andina", BANK_GOOD, "ferreteria.andina"},
        {"alias", "AR", "corto", BANK_WRONG, NULL},
        {"alias", "AR", "con espacio", BANK_WRONG, NULL},
        {"cci", "PE", "002-193-001936789050-17", BANK_GOOD, "00219300193678905017"},
        {"cci", "PE", "002193001936789050", BANK_WRONG, NULL},
        {"pix", "BR", "123e4567-e12b-12d1-a456-426655440000", BANK_GOOD, "123e4567-e12b-12d1-a456-426655440000"},
        {"pix", "BR", "Cobros@Empresa.example", BANK_GOOD, "cobros@empresa.example"},
        {"pix", "BR", "+55 (61) 91234-5678", BANK_GOOD, "+5561912345678"},
        {"pix", "BR", "529.982.247-25", BANK_GOOD, "52998224725"},
        {"pix", "BR", "529.982.247-24", BANK_WRONG, NULL},
        {"pix", "BR", "11.222.333/0001-81", BANK_GOOD, "11222333000181"},
        {"pix", "BR", "11.222.333/0001-82", BANK_WRONG, NULL},
        {"pix", "BR", "12.ABC.345/01DE-35", BANK_GOOD, "12ABC34501DE35"}, /* Receita Federal's example with letters */
        {"pix", "BR", "+54 9 11 1234 5678", BANK_WRONG, NULL},
        {"pix", "BR", "empresa", BANK_WRONG, NULL},
        {"sinpe", "CR", "8888-1234", BANK_GOOD, "88881234"},
        {"sinpe", "CR", "+506 8888 1234", BANK_GOOD, "88881234"},
        {"sinpe", "CR", "2222-1234", BANK_DOUBTFUL, "22221234"},
        {"sinpe", "CR", "888-1234", BANK_WRONG, NULL},
        {"bre-b", "CO", "@andina2026", BANK_GOOD, "@andina2026"},
        {"bre-b", "CO", "3001234567", BANK_GOOD, "3001234567"},
        {"bre-b", "CO", "pagos@andina.example", BANK_GOOD, "pagos@andina.example"},
        {"bre-b", "CO", "andina", BANK_DOUBTFUL, "andina"},
        {"account", "CO", "000-128843-07", BANK_GOOD, "000-128843-07"},
        {"account", "CO", "12", BANK_WRONG, NULL},
        {"account", "VE", "0134 0000 0000 0000 0001", BANK_GOOD, "0134 0000 0000 0000 0001"},
        {"account", "VE", "0134 0000 0000 0001", BANK_WRONG, NULL},
        {"link", "", "https://pagos.example/andina?x=1", BANK_GOOD, "https://pagos.example/andina?x=1"},
        {"link", "", "http://pagos.example/andina", BANK_WRONG, NULL},
        {"link", "", "https://pagos.example/a b", BANK_WRONG, NULL},
        {"text", "", "En caja, de lunes a viernes", BANK_GOOD, "En caja, de lunes a viernes"},
        {"text", "", "  ", BANK_WRONG, NULL},
        {"text", "", "a\nb", BANK_WRONG, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum bank_scheme scheme = bank_scheme_parse(str_from(cases[i].scheme));
        assert_true(scheme < BANK_SCHEMES);
        struct bank_number b = bank_number_check(scheme, str_from(cases[i].country), str_from(cases[i].typed));
        if (b.verdict != cases[i].verdict || (b.problem == NULL) != (b.verdict == BANK_GOOD))
            fail_msg("%s %s: verdict %d (%s)", cases[i].scheme, cases[i].typed, b.verdict, b.problem);
        if (cases[i].kept) assert_str(str_from(b.text), cases[i].kept);
    }
    assert_int_equal(bank_scheme_parse(S("swift")), BANK_SCHEMES);
}

static void numbers_are_printed_in_groups(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    assert_str(bank_number_print(cx.arena, BANK_IBAN, S("ES9121000418450200051332")), "ES91 2100 0418 4502 0005 1332");
    assert_str(bank_number_print(cx.arena, BANK_CLABE, S("032180000118359719")), "032 180 00011835971 9");
    assert_str(bank_number_print(cx.arena, BANK_SINPE_MOVIL, S("88881234")), "8888 1234");
    assert_str(bank_number_print(cx.arena, BANK_PLAIN, S("000-128843-07")), "000-128843-07");
    test_ctx_done(&cx);
}

static void bics_have_their_form(void **state) {
    (void)state;
    assert_true(bic_valid(S("CAIXESBBXXX")) && bic_valid(S("BBVAESMM")) && bic_valid(S("1234ES12")));
    assert_false(bic_valid(S("caixesbb")) || bic_valid(S("CAIXESB")) || bic_valid(S("CAIX12BB")) || bic_valid(S("")));
}

/* Every line of a public list, when the lists are at hand. */
static void each_line(const char *file, bool (*good)(Str line), bool expected) {
    const char *shared = getenv("ALDIA_SHARED");
    char path[500];
    snprintf(path, sizeof path, "%s/samples/tax-and-bank-ids/%s", shared ? shared : ALDIA_SOURCE_DIR "/../shared",
             file);
    struct ctx cx = test_ctx();
    Str text;
    if (file_read(&cx, path, 1 << 20, &text) != OK) {
        print_message("skipped: no %s\n", path);
        test_ctx_done(&cx);
        return;
    }
    for (Str rest = text; rest.p;) {
        Str line = str_trim(str_cut(&rest, '\n'));
        if (line.n && good(line) != expected) fail_msg("%s: %.*s", file, STR_ARG(line));
    }
    test_ctx_done(&cx);
}

static bool is_iban(Str line) {
    char room[IBAN_MAX + 1];
    return iban_parse(line, room).n > 0;
}

static bool is_cbu(Str line) { return bank_number_check(BANK_CBU, S("AR"), line).verdict == BANK_GOOD; }

static bool is_reference(Str line) {
    CreditorReference r;
    return creditor_reference_parse(line, &r);
}

static void the_public_lists_agree(void **state) {
    (void)state;
    each_line("iban.valid.txt", is_iban, true);
    each_line("ar_cbu.valid.txt", is_cbu, true);
    each_line("iso11649.valid.txt", is_reference, true);
}

static void the_reference_page_is_the_table(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct buf page = buf_make(100000);
    bank_schemes_document(&page);
    const char *path = ALDIA_SOURCE_DIR "/docs/ref/ways-to-pay.md", *accept = getenv("ACCEPT");
    if (accept && strcmp(accept, "1") == 0) assert_ok(&cx, file_write(&cx, path, buf_str(&page), 0644));
    Str kept = S("");
    assert_ok(&cx, file_read(&cx, path, 100000, &kept));
    if (!str_equal(kept, buf_str(&page))) fail_msg("%s is not what the table says; write it with ACCEPT=1", path);
    buf_done(&page);
    test_ctx_done(&cx);
}

static const struct CMUnitTest bank_number_tests[] = {
    cmocka_unit_test(the_reference_page_is_the_table), cmocka_unit_test(numbers_are_judged_by_their_scheme),
    cmocka_unit_test(numbers_are_printed_in_groups),   cmocka_unit_test(bics_have_their_form),
    cmocka_unit_test(the_public_lists_agree),
};
const struct test_suite bank_number_suite = {"bank_number", bank_number_tests, COUNT_OF(bank_number_tests)};
