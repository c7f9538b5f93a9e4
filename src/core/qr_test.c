/* Payment codes: the exact lines, the published examples, and what an independent reader sees in the picture. */
#include "core/qr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/test.h"
#include "core/creditor_reference.h"
#include "core/epc_qr.h"
#include "core/pix_qr.h"

static Money amount(const char *code, int64_t minor) {
    Currency c = {0};
    assert_true(currency_parse(str_from(code), &c));
    return money_make(minor, c);
}

static void references_have_the_published_check_digits(void **state) {
    (void)state;
    static const struct {
        const char *code, *reference;
    } cases[] = {
        {"539007547034", "RF18539007547034"}, /* ISO 11649's example */
        {"2348236", "RF332348236"},           /* Finance Finland, guide to the structured creditor reference */
        {"C2H5OH", "RF97C2H5OH"},             /* MOD 97-10 worked by hand: letters are 10 to 35 */
        {"ova-0418", "RF53OVA0418"},          /* worked out apart */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CreditorReference r, back;
        assert_true(creditor_reference_make(str_from(cases[i].code), &r));
        assert_str(str_from(r.text), cases[i].reference);
        assert_true(creditor_reference_parse(str_from(r.text), &back));
        assert_str(str_from(back.text), r.text);
    }
    CreditorReference r;
    assert_false(creditor_reference_make(S(""), &r) || creditor_reference_make(S("-/ "), &r));
    assert_false(creditor_reference_make(S("ABCDEFGHIJ0123456789XY"), &r)); /* 22 */
    assert_true(creditor_reference_make(S("ABCDEFGHIJ0123456789X"), &r));
    assert_false(creditor_reference_make(S("CAÑÓN-1"), &r));
    assert_false(creditor_reference_parse(S("RF19 5390 0754 7034"), &r));
    assert_false(creditor_reference_parse(S("RF18"), &r) || creditor_reference_parse(S("18539007547034"), &r));
    assert_true(creditor_reference_parse(S("rf18 5390 0754 7034"), &r));
    char printed[CREDITOR_REFERENCE_PRINTED];
    assert_str(creditor_reference_print(&r, printed), "RF18 5390 0754 7034");
    assert_str(creditor_reference_code(&r), "539007547034");
}

static void epc_lines_are_exact(void **state) {
    (void)state;
    static const char name80[] =
        "Ñandú y Compañía de Importaciones y Exportaciones del Mediterráneo Occidental, S. L. U.";
    struct {
        const char *name;
        struct epc_payment p;
        const char *payload; /* NULL: refused */
        const char *field;
    } cases[] = {
        {"with reference",
         {S(""), S("Insumos Altuvera S.L."), S("ES91 2100 0418 4502 0005 1332"), amount("EUR", 1230),
          S("RF18 5390 0754 7034"), S("")},
         "BCD\n002\n1\nSCT\n\nInsumos Altuvera S.L.\nES9121000418450200051332\nEUR12.30\n\nRF18539007547034",
         NULL},
        {"with text",
         {S("CAIXESBBXXX"), S("A"), S("ES9121000418450200051332"), amount("EUR", 1), S(""), S("Factura 7")},
         "BCD\n002\n1\nSCT\nCAIXESBBXXX\nA\nES9121000418450200051332\nEUR0.01\n\n\nFactura 7",
         NULL},
        {"without amount",
         {S(""), S("A"), S("ES9121000418450200051332"), {0}, S(""), S("")},
         "BCD\n002\n1\nSCT\n\nA\nES9121000418450200051332",
         NULL},
        {"most",
         {S(""), S("A"), S("ES9121000418450200051332"), amount("EUR", 99999999999), S(""), S("")},
         "BCD\n002\n1\nSCT\n\nA\nES9121000418450200051332\nEUR999999999.99",
         NULL},
        {"too much",
         {S(""), S("A"), S("ES9121000418450200051332"), amount("EUR", 100000000000), S(""), S("")},
         NULL,
         "amount"},
        {"pesos", {S(""), S("A"), S("ES9121000418450200051332"), amount("COP", 100), S(""), S("")}, NULL, "amount"},
        {"both", {S(""), S("A"), S("ES9121000418450200051332"), {0}, S("RF18539007547034"), S("x")}, NULL, "text"},
        {"bad reference",
         {S(""), S("A"), S("ES9121000418450200051332"), {0}, S("RF19539007547034"), S("")},
         NULL,
         "reference"},
        {"bad account", {S(""), S("A"), S("ES9121000418450200051333"), {0}, S(""), S("")}, NULL, "iban"},
        {"no SEPA", {S(""), S("A"), S("CR05015202001026284066"), {0}, S(""), S("")}, NULL, "iban"},
        {"outside the EEA", {S(""), S("A"), S("GB29NWBK60161331926819"), {0}, S(""), S("")}, NULL, "bic"},
        {"with its BIC",
         {S("NWBKGB2L"), S("A"), S("GB29NWBK60161331926819"), {0}, S(""), S("")},
         "BCD\n002\n1\nSCT\nNWBKGB2L\nA\nGB29NWBK60161331926819",
         NULL},
        {"no name", {S(""), S(" "), S("ES9121000418450200051332"), {0}, S(""), S("")}, NULL, "name"},
        {"a line in the name", {S(""), S("A\nB"), S("ES9121000418450200051332"), {0}, S(""), S("")}, NULL, "name"},
        {"a bad BIC", {S("CAIXES"), S("A"), S("ES9121000418450200051332"), {0}, S(""), S("")}, NULL, "bic"},
        {"a long name is cut by characters",
         {S(""), S(name80), S("ES9121000418450200051332"), {0}, S(""), S("")},
         "BCD\n002\n1\nSCT\n\nÑandú y Compañía de Importaciones y Exportaciones del Mediterráneo "
         "Occ\nES9121000418450200051332",
         NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct buf b = buf_make(1000);
        enum rc rc = epc_qr_payload(&cx, &cases[i].p, &b);
        if ((rc == OK) != (cases[i].payload != NULL)) fail_msg("%s: %s", cases[i].name, cx.fault.message);
        if (cases[i].payload)
            assert_str(buf_str(&b), cases[i].payload);
        else
            assert_str(str_from(cx.fault.field), cases[i].field);
        buf_done(&b);
        test_ctx_done(&cx);
    }
}

/* 140 characters of text fit when they are ASCII and not when each is three bytes. */
static void epc_payloads_end_at_331_bytes(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct buf b = buf_make(1000), text = buf_make(1000);
    struct epc_payment p = {
        .name = S("Insumos Altuvera S.L."), .iban = S("ES9121000418450200051332"), .amount = amount("EUR", 1230)};
    for (int i = 0; i < 140; i++) buf_add_cstr(&text, "x");
    p.text = buf_str(&text);
    assert_ok(&cx, epc_qr_payload(&cx, &p, &b));
    assert_true(b.n <= EPC_QR_MAX);
    buf_clear(&text);
    for (int i = 0; i < 139; i++) buf_add_cstr(&text, "€");
    p.text = buf_str(&text);
    assert_rc(&cx, INVALID, epc_qr_payload(&cx, &p, &b));
    assert_non_null(strstr(cx.fault.message, "331"));
    /* The largest allowed makes a square of at most version 13, 69 modules a side. */
    struct qr qr;
    buf_clear(&text);
    for (int i = 0; i < EPC_QR_MAX; i++) buf_add_cstr(&text, "x");
    assert_ok(&cx, qr_make(&cx, buf_str(&text), EPC_QR_VERSION, &qr));
    assert_int_equal(qr.width, 69);
    buf_add_cstr(&text, "x");
    assert_rc(&cx, INVALID, qr_make(&cx, buf_str(&text), EPC_QR_VERSION, &qr));
    buf_done(&b);
    buf_done(&text);
    test_ctx_done(&cx);
}

static void pix_payloads_are_those_of_the_manual(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct buf b = buf_make(1000);
    struct pix_payment p = {
        .key = S("123e4567-e12b-12d1-a456-426655440000"), .name = S("Fulano de Tal"), .city = S("Brasília")};
    assert_ok(&cx, pix_qr_payload(&cx, &p, &b));
    /* The manual's example but for capitals, so with a CRC of its own. */
    assert_true(str_starts(
        buf_str(&b), S("00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913"
                       "FULANO DE TAL6008BRASILIA62070503***6304")));
    assert_int_equal(
        emv_crc16(S("00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913"
                    "Fulano de Tal6008BRASILIA62070503***6304")),
        0x1D3D);
    buf_clear(&b);
    p.amount = amount("BRL", 123456);
    p.reference = S("OVA-0418");
    assert_ok(&cx, pix_qr_payload(&cx, &p, &b));
    assert_true(str_contains(buf_str(&b), S("54071234.565802BR")));
    assert_true(str_contains(buf_str(&b), S("62110507OVA04186304")));
    p.amount = amount("EUR", 1);
    assert_rc(&cx, INVALID, pix_qr_payload(&cx, &p, &b));
    p = (struct pix_payment){.key = S("nada"), .name = S("x"), .city = S("y")};
    assert_rc(&cx, INVALID, pix_qr_payload(&cx, &p, &b));
    buf_done(&b);
    test_ctx_done(&cx);
}

/* Public payloads end in the CRC of what stands before it. */
static void public_payloads_have_our_crc(void **state) {
    (void)state;
    const char *shared = getenv("ALDIA_SHARED");
    char path[500];
    snprintf(path, sizeof path, "%s/samples/payment-payloads/emv-pix.txt",
             shared ? shared : ALDIA_SOURCE_DIR "/../shared");
    struct ctx cx = test_ctx();
    Str text;
    if (file_read(&cx, path, 1 << 20, &text) != OK) {
        print_message("skipped: no %s\n", path);
    } else {
        for (Str rest = text; rest.p;) {
            Str line = str_trim(str_cut(&rest, '\n'));
            if (line.n < 8) continue;
            char crc[5];
            snprintf(crc, sizeof crc, "%04X", emv_crc16((Str){line.p, line.n - 4}));
            assert_memory_equal(crc, line.p + line.n - 4, 4);
        }
    }
    test_ctx_done(&cx);
}

/* The picture, read by zbar; its bytes, for zbar guesses that short UTF-8 texts are Japanese. */
static void another_reader_sees_the_payload(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct epc_payment p = {.name = S("Panadería Ñu S.L."),
                            .iban = S("ES9121000418450200051332"),
                            .amount = amount("EUR", 1230),
                            .reference = S("RF18539007547034")};
    struct buf payload = buf_make(1000), png = buf_make(1 << 20), seen = buf_make(1000);
    struct qr qr;
    assert_ok(&cx, epc_qr_payload(&cx, &p, &payload));
    assert_ok(&cx, qr_make(&cx, buf_str(&payload), EPC_QR_VERSION, &qr));
    qr_png(&qr, 5, &png);
    assert_true(buf_ok(&png));
    char path[] = "/tmp/aldia-qr-test-XXXXXX", command[200];
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, png.p, png.n) == (ssize_t)png.n && close(file) == 0);
    snprintf(command, sizeof command, "zbarimg --quiet --raw --oneshot --nodbus -Sbinary %s 2>/dev/null", path);
    FILE *reader = popen(command, "r");
    assert_non_null(reader);
    for (int c; (c = fgetc(reader)) != EOF;) buf_add_char(&seen, (char)c);
    int status = pclose(reader);
    unlink(path);
    if (status == 127 * 256)
        print_message("skipped: zbarimg (zbar-tools) is not installed\n");
    else
        assert_str(str_trim(buf_str(&seen)), arena_cstr(cx.arena, buf_str(&payload)));
    buf_done(&payload);
    buf_done(&png);
    buf_done(&seen);
    test_ctx_done(&cx);
}

static void all_three_pictures_show_the_same_modules(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct qr qr;
    struct buf svg = buf_make(100000), text = buf_make(100000);
    assert_ok(&cx, qr_make(&cx, S("aldia"), 1, &qr));
    assert_int_equal(qr.width, 21);
    /* The finder pattern's corner, its light ring, and beyond the edge. */
    assert_true(qr_dark(&qr, 0, 0) && qr_dark(&qr, 6, 0) && !qr_dark(&qr, 1, 1) && qr_dark(&qr, 2, 2));
    assert_false(qr_dark(&qr, -1, 0) || qr_dark(&qr, 21, 0));
    qr_svg(&qr, S("Pague \"aquí\""), &svg);
    assert_true(str_contains(buf_str(&svg), S("aria-label=\"Pague &quot;aquí&quot;\"")));
    assert_true(str_contains(buf_str(&svg), S("M4 4h7v1h-7z"))); /* the finder's first row, after the quiet zone */
    qr_text(&qr, &text);
    size_t lines = 0;
    for (Str rest = buf_str(&text); rest.p;) lines += str_cut(&rest, '\n').n > 0;
    assert_int_equal(lines, (21 + 2 * QR_QUIET + 1) / 2);
    buf_done(&svg);
    buf_done(&text);
    test_ctx_done(&cx);
}

static const struct CMUnitTest qr_tests[] = {
    cmocka_unit_test(references_have_the_published_check_digits),
    cmocka_unit_test(epc_lines_are_exact),
    cmocka_unit_test(epc_payloads_end_at_331_bytes),
    cmocka_unit_test(pix_payloads_are_those_of_the_manual),
    cmocka_unit_test(public_payloads_have_our_crc),
    cmocka_unit_test(another_reader_sees_the_payload),
    cmocka_unit_test(all_three_pictures_show_the_same_modules),
};
const struct test_suite qr_suite = {"qr", qr_tests, COUNT_OF(qr_tests)};
