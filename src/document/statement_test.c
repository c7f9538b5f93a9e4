/* Statements as independent readers see them: poppler's text, qpdf's checks, the XML within workbooks. REQ: A4 */
#include "document/statement_doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/file.h"
#include "base/test.h"
#include "document/pdf.h"

#define MAX_OUTPUT ((size_t)32 << 20)

/* ---- a statement with so many rows ---- */

static Date day(int year, int month, int d) {
    Date date = DATE_NONE;
    assert_true(date_make(year, month, d, &date));
    return date;
}

static struct statement_doc sample(struct ctx *cx, const char *country, const char *code, const char *language, int rows) {
    Currency currency;
    assert_true(currency_parse(str_from(code), &currency));
    struct statement_item *items = ARENA_ARRAY(cx->arena, struct statement_item, (size_t)rows + 1);
    struct statement_move *moves = ARENA_ARRAY(cx->arena, struct statement_move, (size_t)rows + 1);
    struct statement_sum *sum = ARENA_NEW(cx->arena, struct statement_sum);
    Date at = day(2026, 11, 21);
    sum->currency = currency;
    for (int i = 0; i < rows; i++) {
        Date due = date_add(at, 20 - i * 200 / rows);
        int32_t late = at.day > due.day ? at.day - due.day : 0;
        Money open = money_make(123456 + i, currency);
        items[i] = (struct statement_item){.number = arena_printf(cx->arena, "F-%04d", i + 1),
                                           .type = S("invoice"),
                                           .position = 1,
                                           .instalment_count = 1,
                                           .issue_date = date_add(due, -30),
                                           .due_date = due,
                                           .days_overdue = late,
                                           .amount = open,
                                           .open = open};
        sum->balance += open.minor;
        if (late) sum->overdue += open.minor;
        sum->ages[age_band_of(late)] += open.minor;
        moves[i] = (struct statement_move){.date = items[i].issue_date,
                                           .kind = S("invoice"),
                                           .number = items[i].number,
                                           .position = 1,
                                           .reference = S(""),
                                           .amount = open,
                                           .change = open,
                                           .balance = money_make(sum->balance, currency)};
    }
    struct statement_way *way = ARENA_NEW(cx->arena, struct statement_way);
    *way = (struct statement_way){.label = S("Banco Norandino"), .value = S("000-128843-07")};
    return (struct statement_doc){.company = {.name = S("Distribuidora Señorial S.A."),
                                              .country = str_from(country),
                                              .tax_id = S("900.123-4"),
                                              .address = S("Calle 72 # 10-34"),
                                              .person_name = S("Lucía Peña"),
                                              .person_email = S("cartera@senorial.example")},
                                  .ways = way,
                                  .way_count = 1,
                                  .code = S("C-1"),
                                  .name = S("Compañía Ñandú e Hijos"),
                                  .tax_id = S("901.555-2"),
                                  .language = str_from(language),
                                  .at = at,
                                  .items = items,
                                  .item_count = (size_t)rows,
                                  .moves = moves,
                                  .move_count = (size_t)rows,
                                  .sums = sum,
                                  .sum_count = rows ? 1 : 0};
}

/* ---- other programs ---- */

static bool is_here(const char *program) {
    char command[200];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
    return system(command) == 0;
}

static Str output_of(struct ctx *cx, const char *before, const char *path, const char *after) {
    char command[500];
    snprintf(command, sizeof command, "%s %s %s 2>&1", before, path, after);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    struct buf b = buf_make(MAX_OUTPUT);
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, pipe)) > 0;) buf_add(&b, (Str){piece, n});
    pclose(pipe);
    Str text = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

struct made {
    char path[64];
    size_t size;
    Str text, check, info; /* as poppler and qpdf see it */
    bool is_read;
};

static struct made make(struct ctx *cx, const struct statement_doc *doc) {
    struct made m = {"/tmp/aldia-statement-XXXXXX"};
    int fd = mkstemp(m.path);
    assert_true(fd >= 0);
    close(fd);
    AUTO(buf_done) struct buf b = buf_make(PDF_MAX_BYTES);
    assert_ok(cx, statement_pdf(cx, doc, &b));
    assert_ok(cx, file_write(cx, m.path, buf_str(&b), 0600));
    m.size = b.n;
    m.is_read = is_here("pdftotext") && is_here("qpdf");
    if (m.is_read) {
        m.text = output_of(cx, "pdftotext -layout", m.path, "-");
        m.check = output_of(cx, "qpdf --check", m.path, "");
        m.info = output_of(cx, "pdfinfo", m.path, "");
    } else {
        print_message("pdftotext or qpdf is not here: the document is made, not read\n");
    }
    unlink(m.path);
    return m;
}

static void assert_has(Str text, const char *part) {
    if (!str_contains(text, str_from(part))) fail_msg("\"%s\" is not in\n%.*s", part, (int)(text.n < 3000 ? text.n : 3000), text.p);
}

static void assert_sound(const struct made *m) {
    if (!m->is_read) return;
    assert_has(m->check, "No syntax or stream encoding errors found");
    assert_false(str_contains(m->check, S("WARNING")));
    assert_has(m->info, "Tagged:          yes");
    assert_has(m->info, "Metadata Stream: yes");
    assert_has(m->info, "Title:           ");
    assert_false(str_contains(m->text, S("Error")));
}

/* ---- cases ---- */

static void rows_of_every_number(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int rows, pages;
    } cases[] = {{"nothing open", 0, 1}, {"one", 1, 1}, {"thirty", 30, 2}, {"five hundred", 500, 15}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct statement_doc doc = sample(&cx, "CO", "COP", "es", cases[i].rows);
        struct made m = make(&cx, &doc);
        print_message("%s: %zu bytes\n", cases[i].name, m.size);
        assert_sound(&m);
        if (cases[i].rows <= 30) assert_true(m.size <= 40000);
        if (m.is_read) {
            char pages[40], last[20];
            snprintf(pages, sizeof pages, "Página %d de %d", cases[i].pages, cases[i].pages);
            snprintf(last, sizeof last, "F-%04d", cases[i].rows);
            assert_has(m.text, pages);
            assert_has(m.text, "Estado de cuenta");
            assert_has(m.text, "Compañía Ñandú e Hijos");
            assert_has(m.text, cases[i].rows ? last : "No hay documentos pendientes");
            size_t heads = 0;
            for (size_t at = 0; at + 12 < m.text.n; at++) heads += memcmp(m.text.p + at, "Vencimiento", 11) == 0;
            if (cases[i].rows == 500) assert_int_equal(heads, cases[i].pages - 1); /* the last holds sums alone */
        }
        test_ctx_done(&cx);
    }
}

static void countries_and_currencies(void **state) {
    (void)state;
    static const struct {
        const char *country, *currency, *language, *figure, *sum;
    } cases[] = {
        {"AR", "ARS", "es", "1.234,56", "$ 1.234,56"},     {"BR", "BRL", "pt", "1.234,56", "R$ 1.234,56"},
        {"CL", "CLP", "es", "123.456", "$ 123.456"},       {"CO", "COP", "es", "1.234,56", "$ 1.234,56"},
        {"DO", "DOP", "es", "1,234.56", "RD$ 1,234.56"},   {"EC", "USD", "es", "1.234,56", "$ 1.234,56"},
        {"ES", "EUR", "es", "1.234,56", "1.234,56 €"},     {"GB", "GBP", "en", "1,234.56", "£1,234.56"},
        {"MX", "MXN", "es", "1,234.56", "$ 1,234.56"},     {"PE", "PEN", "es", "1,234.56", "S/ 1,234.56"},
        {"PT", "EUR", "pt", "1 234,56", "1 234,56 €"},       {"US", "USD", "en", "1,234.56", "$1,234.56"},
        {"UY", "UYU", "es", "1.234,56", "$ 1.234,56"},     {"VE", "VES", "es", "1.234,56", "Bs. 1.234,56"},
        {"CR", "CRC", "es", "1 234,56", "₡ 1 234,56"},     {"PY", "PYG", "es", "123.456", "Gs. 123.456"},
        {"PA", "PAB", "es", "1,234.56", "B/. 1,234.56"},   {"CO", "USD", "es", "1.234,56", "USD 1.234,56"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct statement_doc doc = sample(&cx, cases[i].country, cases[i].currency, cases[i].language, 1);
        struct made m = make(&cx, &doc);
        assert_sound(&m);
        if (m.is_read) {
            if (!str_contains(m.text, str_from(cases[i].figure)) || !str_contains(m.text, str_from(cases[i].sum)))
                fail_msg("%s %s: wanted \"%s\" and \"%s\" in\n%.*s", cases[i].country, cases[i].currency,
                         cases[i].figure, cases[i].sum, STR_ARG(m.text));
        }
        test_ctx_done(&cx);
    }
}

static void letters_of_all_kinds(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct statement_doc doc = sample(&cx, "ES", "EUR", "es", 1);
    doc.name = S("Łódź Ελλάς Москва S.L. «a(b)c\\d» cafe\xCC\x81 \xE2\x80\xAE" "fin");
    doc.company.name = S("Construcciones Metalúrgicas del Guadalquivir y Asociados Internacionales Sociedad Anónima Unipersonal "
                         "en Reestructuración Administrativa Voluntaria");
    struct made m = make(&cx, &doc);
    assert_sound(&m);
    if (m.is_read) {
        assert_has(m.text, "Łódź Ελλάς Москва S.L. «a(b)c\\d» café fin");
        assert_has(m.text, "Construcciones Metalúrgicas del Guadalquivir");
        assert_has(m.text, "Reestructuración Administrativa Voluntaria");
    }
    test_ctx_done(&cx);
}

static void movements_when_asked_for(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct statement_doc doc = sample(&cx, "MX", "MXN", "en", 3);
    doc.with_moves = true;
    struct made m = make(&cx, &doc);
    assert_sound(&m);
    if (m.is_read) {
        assert_has(m.text, "Movements");
        assert_has(m.text, "3,703.71"); /* 1,234.56 + 1,234.57 + 1,234.58 */
    }
    test_ctx_done(&cx);
}

static void equal_rows_equal_bytes(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct statement_doc doc = sample(&cx, "CO", "COP", "es", 40);
    AUTO(buf_done) struct buf one = buf_make(PDF_MAX_BYTES), two = buf_make(PDF_MAX_BYTES);
    assert_ok(&cx, statement_pdf(&cx, &doc, &one));
    cx.now.ms += 86400000;
    assert_ok(&cx, statement_pdf(&cx, &doc, &two));
    assert_true(str_equal(buf_str(&one), buf_str(&two)));
    buf_done(&two);
    doc.at = date_add(doc.at, 1);
    assert_ok(&cx, statement_pdf(&cx, &doc, &two));
    assert_false(str_equal(buf_str(&one), buf_str(&two)));
    buf_done(&one);
    test_ctx_done(&cx);
}

static void without_fonts(void **state) {
    (void)state;
    static const struct font_place nowhere[] = {{"fonts-x", {"/nonexistent/a.ttf", "/nonexistent/b.ttf"}}, {NULL, {NULL, NULL}}};
    struct ctx cx = test_ctx();
    struct pdf_fonts *fonts;
    assert_rc(&cx, NOT_FOUND, pdf_fonts_load(&cx, nowhere, &fonts));
    assert_string_equal(cx.fault.hint, "apt install fonts-liberation2");
    test_ctx_done(&cx);
}

static void other_fonts_do(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    for (const struct font_place *p = font_places; p->package; p++) {
        const struct font_place only[] = {*p, {NULL, {NULL, NULL}}};
        struct pdf_fonts *fonts;
        if (access(p->files[0], R_OK) != 0) continue;
        assert_ok(&cx, pdf_fonts_load(&cx, only, &fonts));
        assert_true(pdf_text_width(fonts, FACE_REGULAR, 10, S("Año €")) > 20);
        pdf_fonts_free(fonts);
    }
    test_ctx_done(&cx);
}

/* ---- workbooks and lines ---- */

static Str part_of(struct ctx *cx, const char *path, const char *name) {
    int error;
    zip_t *zip = zip_open(path, ZIP_RDONLY, &error);
    assert_non_null(zip);
    zip_stat_t stat;
    assert_int_equal(zip_stat(zip, name, 0, &stat), 0);
    char *bytes = arena_alloc(cx->arena, stat.size + 1);
    zip_file_t *file = zip_fopen(zip, name, 0);
    assert_non_null(file);
    assert_int_equal(zip_fread(file, bytes, stat.size), (zip_int64_t)stat.size);
    zip_fclose(file);
    zip_close(zip);
    return (Str){bytes, stat.size};
}

static void workbook_holds_numbers(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct statement_doc doc = sample(&cx, "CO", "COP", "es", 2);
    struct statement_item *items = ARENA_ARRAY(cx.arena, struct statement_item, 2);
    memcpy(items, doc.items, 2 * sizeof *items);
    items[0].number = S("=HYPERLINK(\"http://x\")");
    doc.items = items;
    char path[] = "/tmp/aldia-book-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_ok(&cx, statement_xlsx(&cx, &doc, path));
    Str sheet = part_of(&cx, path, "xl/worksheets/sheet2.xml"), texts = part_of(&cx, path, "xl/sharedStrings.xml");
    assert_has(sheet, "<v>1234.56</v>");
    assert_false(str_contains(sheet, S("<f>")));
    assert_has(texts, "=HYPERLINK(");
    unlink(path);
    AUTO(buf_done) struct buf csv = buf_make(100000);
    struct statement_move *moves = ARENA_ARRAY(cx.arena, struct statement_move, 2);
    memcpy(moves, doc.moves, 2 * sizeof *moves);
    moves[0].number = S("=1+1");
    doc.moves = moves;
    statement_csv(&doc, &csv);
    assert_has(buf_str(&csv), "\"'=1+1\"");
    assert_has(buf_str(&csv), ",1234.56,1234.56,1234.56\n");
    test_ctx_done(&cx);
}

/* ---- pictures ---- */

static const unsigned char tiny_png[] = {
    0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0,
    0x90, 0x77, 0x53, 0xDE, 0, 0, 0, 12, 'I', 'D', 'A', 'T', 0x78, 0x9C, 0x63, 0x60, 0x60, 0x60, 0, 0, 0, 4, 0, 1,
    0xF6, 0x17, 0x38, 0x55, 0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xAE, 0x42, 0x60, 0x82};

static void pictures(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct pdf_image image;
    const Str png = {(const char *)tiny_png, sizeof tiny_png};
    assert_ok(&cx, pdf_image_read(&cx, png, &image));
    assert_int_equal(image.width, 1);
    struct statement_doc doc = sample(&cx, "ES", "EUR", "es", 1);
    doc.logo = &image;
    struct made m = make(&cx, &doc);
    assert_sound(&m);
    for (size_t cut = 0; cut < png.n - 12; cut++) /* the end mark alone may be missing */
        assert_rc(&cx, INVALID, pdf_image_read(&cx, (Str){png.p, cut}, &image));
    assert_rc(&cx, INVALID, pdf_image_read(&cx, S("\xFF\xD8\xFF\xE0 no picture at all"), &image));
    assert_rc(&cx, INVALID, pdf_image_read(&cx, S("GIF89a"), &image));
    char *large = arena_alloc(cx.arena, IMAGE_FILE_MAX + 1);
    memcpy(large, tiny_png, sizeof tiny_png);
    assert_rc(&cx, INVALID, pdf_image_read(&cx, (Str){large, IMAGE_FILE_MAX + 1}, &image));
    test_ctx_done(&cx);
}

static const struct CMUnitTest statement_tests[] = {
    cmocka_unit_test(rows_of_every_number),    cmocka_unit_test(countries_and_currencies),
    cmocka_unit_test(letters_of_all_kinds),    cmocka_unit_test(movements_when_asked_for),
    cmocka_unit_test(equal_rows_equal_bytes),  cmocka_unit_test(without_fonts),
    cmocka_unit_test(other_fonts_do),          cmocka_unit_test(workbook_holds_numbers),
    cmocka_unit_test(pictures),
};

const struct test_suite statement_suite = {"statement", statement_tests, COUNT_OF(statement_tests)};
