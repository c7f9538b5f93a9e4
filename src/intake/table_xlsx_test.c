/* Workbooks read as tables: made by libxlsxwriter, and by hand for what real writers do otherwise. */
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xlsxwriter.h>
#include <zip.h>

#include "base/buf.h"
#include "intake/mapping.h"
#include "intake/table.h"

#define PATH_TEXT 64

static int make_file(Str bytes, char *path) {
    int fd = memfd_create("table_xlsx_test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    if (bytes.n) assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
    snprintf(path, PATH_TEXT, "/proc/self/fd/%d", fd);
    return fd;
}

/* All there is, as "line|cell|cell\n", typed cells with a tilde; a fault as "line!field!message\n". */
static void dump(struct ctx *cx, struct table *t, struct buf *out) {
    for (;;) {
        struct table_row row;
        bool more;
        enum rc rc = table_next(cx, t, &row, &more);
        if (rc == INVALID) {
            buf_printf(out, "%d!%s!%s\n", (int)table_line(t), cx->fault.field, cx->fault.message);
            continue;
        }
        assert_ok(cx, rc);
        if (!more) return;
        buf_add_i64(out, row.line);
        for (size_t i = 0; i < table_columns(t); i++) {
            buf_add_cstr(out, row.typed[i] ? "|~" : "|");
            buf_add(out, row.cells[i]);
        }
        buf_add_char(out, '\n');
    }
}

static void written_books_are_read(void **state) {
    (void)state;
    for (int constant_memory = 0; constant_memory < 2; constant_memory++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        int fd = make_file((Str){"", 0}, path);
        lxw_workbook_options options = {.constant_memory = (uint8_t)constant_memory};
        lxw_workbook *book = workbook_new_opt(path, &options);
        lxw_worksheet *sheet = workbook_add_worksheet(book, "Cartera");
        lxw_format *date = workbook_add_format(book), *money = workbook_add_format(book);
        format_set_num_format(date, "dd/mm/yyyy");
        format_set_num_format(money, "[$$-C0A]#,##0.00");
        static const char *const header[] = {"número", "cliente", "vence", "importe", "nota"};
        for (lxw_col_t c = 0; c < COUNT_OF(header); c++) worksheet_write_string(sheet, 0, c, header[c], NULL);
        worksheet_write_string(sheet, 1, 0, "F-1", NULL);
        worksheet_write_string(sheet, 1, 1, "Peña & <Hijos>", NULL);
        worksheet_write_datetime(sheet, 1, 2, &(lxw_datetime){.year = 2026, .month = 11, .day = 21}, date);
        worksheet_write_number(sheet, 1, 3, 1234.55, money);
        worksheet_write_boolean(sheet, 1, 4, 1, NULL);
        worksheet_write_number(sheet, 3, 0, 1001, NULL);
        worksheet_write_string(sheet, 3, 1, " 007", NULL);
        worksheet_write_number(sheet, 3, 3, 0.1 + 0.2, money);
        worksheet_write_formula_num(sheet, 3, 4, "=1+1", NULL, 2);
        assert_int_equal(workbook_close(book), LXW_NO_ERROR);
        AUTO(table_close) struct table *t = NULL;
        assert_ok(&cx, table_open(&cx, path, NULL, &t));
        assert_string_equal(table_format(t)->kind, "xlsx");
        assert_str(table_format(t)->sheet, "Cartera");
        assert_str(table_header(t, 0), "número");
        AUTO(buf_done) struct buf out = buf_make(10000);
        dump(&cx, t, &out);
        assert_string_equal(out.p, "2|F-1|Peña & <Hijos>|~2026-11-21|~1234.55|TRUE\n4|~1001| 007||~0.3|~2\n");
        assert_int_equal(table_progress(t), 1000);
        close(fd);
        test_ctx_done(&cx);
    }
}

/* A container made by hand: names and contents in turn, NULL at the end. */
static int make_book(const char *const *parts, char *path) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, &error);
    assert_non_null(memory);
    zip_source_keep(memory);
    zip_t *zip = zip_open_from_source(memory, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    for (; parts[0]; parts += 2) {
        zip_source_t *part = zip_source_buffer(zip, parts[1], strlen(parts[1]), 0);
        assert_true(zip_file_add(zip, parts[0], part, 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t st;
    assert_int_equal(zip_source_stat(memory, &st), 0);
    assert_int_equal(zip_source_open(memory), 0);
    char *bytes = mem_alloc((size_t)st.size);
    assert_int_equal(zip_source_read(memory, bytes, st.size), (zip_int64_t)st.size);
    int fd = make_file((Str){bytes, (size_t)st.size}, path);
    mem_free(bytes);
    zip_source_close(memory);
    zip_source_free(memory);
    return fd;
}

#define RELATIONS "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define ROOT_RELATIONS                                                                                                 \
    RELATIONS "<Relationship Id='r1' Type='" TYPE "officeDocument' Target='xl/workbook.xml'/></Relationships>"
#define BOOK_RELATIONS                                                                                                 \
    RELATIONS "<Relationship Id='r1' Type='" TYPE "worksheet' Target='worksheets/sheet1.xml'/>"                        \
              "<Relationship Id='r2' Type='" TYPE "worksheet' Target='/xl/worksheets/sheet2.xml'/>"                    \
              "<Relationship Id='r3' Type='" TYPE "chartsheet' Target='chartsheets/sheet1.xml'/>"                      \
              "<Relationship Id='s' Type='" TYPE "styles' Target='styles.xml'/>"                                       \
              "<Relationship Id='t' Type='" TYPE "sharedStrings' Target='sharedStrings.xml'/></Relationships>"
#define BOOK                                                                                                           \
    "<workbook xmlns:r='x'><workbookPr/><sheets><sheet name='Uno' sheetId='1' r:id='r1'/>"                             \
    "<sheet name='Dos' sheetId='2' r:id='r2'/><sheet name='Gráfico' sheetId='3' r:id='r3'/></sheets></workbook>"
#define STYLES                                                                                                         \
    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='yyyy\\-mm\\-dd'/></numFmts>"                              \
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"                                                                 \
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='4'/></cellXfs></styleSheet>"
#define TEXTS                                                                                                          \
    "<sst><si><t>a</t></si><si><t>b</t></si><si><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>"             \
    "<si><t>漢</t><rPh sb='0' eb='1'><t>kan</t></rPh></si><si><t/></si><si><t>cr_x000D_</t></si></sst>"
#define SHEET(rows) "<worksheet><cols/><sheetData>" rows "</sheetData><mergeCells/></worksheet>"
#define HEADER "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c></row>"

static int make_sheet(const char *sheet, char *path) {
    const char *const parts[] = {"_rels/.rels",
                                 ROOT_RELATIONS,
                                 "xl/_rels/workbook.xml.rels",
                                 BOOK_RELATIONS,
                                 "xl/workbook.xml",
                                 BOOK,
                                 "xl/styles.xml",
                                 STYLES,
                                 "xl/sharedStrings.xml",
                                 TEXTS,
                                 "xl/worksheets/sheet1.xml",
                                 sheet,
                                 "xl/worksheets/sheet2.xml",
                                 SHEET("<row><c t='inlineStr'><is><t>x</t></is></c></row>"),
                                 NULL};
    return make_book(parts, path);
}

static void cells_are_read(void **state) {
    (void)state;
    static const struct {
        const char *name, *rows, *dump;
    } cases[] = {
        {"shared", "<row r='2'><c r='A2' t='s'><v>2</v></c><c r='B2' t='s'><v>3</v></c></row>", "2|rich text|漢\n"},
        {"empty shared", "<row r='2'><c r='A2' t='s'><v>4</v></c><c r='B2'><v>1</v></c></row>", "2||~1\n"},
        {"escaped", "<row r='2'><c r='A2' t='s'><v>5</v></c></row>", "2|cr\r|\n"},
        {"inline", "<row r='2'><c r='A2' t='inlineStr'><is><r><t>x</t></r><r><t>y</t></r></is></c></row>", "2|xy|\n"},
        {"entities", "<row r='2'><c r='A2' t='inlineStr'><is><t>a&amp;&lt;&#241;</t></is></c></row>", "2|a&<ñ|\n"},
        {"no references", "<row><c><v>1</v></c><c t='str'><f>x</f><v>y</v></c></row><row><c/><c><v>2</v></c></row>",
         "2|~1|y\n3||~2\n"},
        {"a gap", "<row r='7'><c r='B7'><v>1.5E3</v></c></row>", "7||~1500\n"},
        {"dates", "<row r='2'><c r='A2' s='1'><v>46347</v></c><c r='B2' s='2'><v>46347.5</v></c></row>",
         "2|~2026-11-21|~2026-11-21T12:00:00\n"},
        {"a number format", "<row r='2'><c r='A2' s='3'><v>46347</v></c><c r='B2' s='99'><v>1</v></c></row>",
         "2|~46347|~1\n"},
        {"an ISO date", "<row r='2'><c r='A2' t='d'><v>2026-11-21</v></c></row>", "2|~2026-11-21|\n"},
        {"booleans", "<row r='2'><c r='A2' t='b'><v>1</v></c><c r='B2' t='b'><v>0</v></c></row>", "2|TRUE|FALSE\n"},
        {"a formula", "<row r='2'><c r='A2'><f>1+1</f><v>2</v></c><c r='B2' t='str'><f>\"\"</f><v></v></c></row>",
         "2|~2|\n"},
        {"blank rows", "<row r='2'/><row r='3'><c r='A3' s='1'/></row><row r='4'><c r='A4'><v>1</v></c></row>",
         "4|~1|\n"},
        {"values beyond the header",
         "<row r='2'><c r='A2'><v>1</v></c><c r='D2'><v>2</v></c></row><row r='3'><c r='A3'><v>1</v></c></row>",
         "2!column 3!the row has 4 cells, the header 2; the first too many is \"\"\n3|~1|\n"},
        {"an error",
         "<row r='2'><c r='A2'><v>1</v></c><c r='B2' t='e'><v>#N/A</v></c></row><row r='3'><c "
         "r='A3'><v>3</v></c></row>",
         "2!b!cell B2 holds the error #N/A\n3|~3|\n"},
        {"never calculated", "<row r='2'><c r='A2'><f>1+1</f><v/></c></row>",
         "2!a!cell A2 has a formula without its result\n"},
        {"no text", "<row r='2'><c r='A2' t='s'><v>6</v></c></row>",
         "2!a!cell A2 refers to a text that is not there\n"},
        {"no number", "<row r='2'><c r='A2'><v>12x</v></c></row>", "2!a!cell A2 holds a number that cannot be read\n"},
        {"no date", "<row r='2'><c r='A2' s='1'><v>-5</v></c></row>",
         "2!a!cell A2 is formatted as a date, but its number is none\n"},
        {"cells out of order", "<row r='2'><c r='B2'><v>1</v></c><c r='A2'><v>1</v></c></row>",
         "2!column 3!cell C2 is out of order in its row\n"},
        {"rows out of order", "<row r='3'><c r='A3'><v>1</v></c></row><row r='3'><c r='A3'><v>1</v></c></row>",
         "3|~1|\n3!file!the rows of the sheet are out of order behind row 3\n"},
        {"beyond the limit", "<row r='2'><c r='A2'><v>1</v></c><c r='SG2'><v>1</v></c></row>",
         "2!column 501!cell SG2 lies beyond the 500th column\n"},
        {"prefixed", "<x:row xmlns:x='y' r='2'><x:c r='A2'><x:v>1</x:v></x:c></x:row>", "2|~1|\n"},
        {"damaged", "<row r='2'><c r='A2'><v>1</v></c></row><row r='3'><c></row>",
         "2|~1|\n3!file!xl/worksheets/sheet1.xml in the workbook is damaged: mismatched tag\n"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        Str sheet = arena_printf(cx.arena, SHEET(HEADER "%s"), cases[i].rows);
        int fd = make_sheet(sheet.p, path);
        AUTO(table_close) struct table *t = NULL;
        if (table_open(&cx, path, NULL, &t) != OK) fail_msg("%s: %s", cases[i].name, cx.fault.message);
        AUTO(buf_done) struct buf out = buf_make(10000);
        dump(&cx, t, &out);
        if (!str_is(buf_str(&out), cases[i].dump)) fail_msg("%s: got\n%s", cases[i].name, out.p);
        close(fd);
        test_ctx_done(&cx);
    }
}

static void sheets_are_chosen(void **state) {
    (void)state;
    static const struct {
        const char *sheet, *header, *message; /* NULL message: it opens */
    } cases[] = {{NULL, "a", NULL},       {"Dos", "x", NULL},      {"DOS", "x", NULL},
                 {"2", "x", NULL},        {"1", "a", NULL},        {"Tres", NULL, "no sheet"},
                 {"4", NULL, "no sheet"}, {"0", NULL, "no sheet"}, {"grafico", NULL, "holds no cells"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        int fd = make_sheet(SHEET(HEADER), path);
        AUTO(table_close) struct table *t = NULL;
        enum rc rc = table_open(&cx, path, &(struct table_options){.sheet = cases[i].sheet}, &t);
        if (cases[i].message) {
            assert_int_equal(rc, INVALID);
            assert_non_null(strstr(cx.fault.message, cases[i].message));
        } else {
            assert_ok(&cx, rc);
            assert_str(table_header(t, 0), cases[i].header);
        }
        close(fd);
        test_ctx_done(&cx);
    }
}

static void hidden_sheets_and_1904(void **state) {
    (void)state;
    static const char book[] =
        "<workbook xmlns:r='x'><workbookPr date1904='1'/><sheets><sheet name='Uno' state='hidden' r:id='r2'/>"
        "<sheet name='Dos' r:id='r1'/></sheets></workbook>";
    struct ctx cx = test_ctx();
    char path[PATH_TEXT];
    const char *const parts[] = {"_rels/.rels",
                                 ROOT_RELATIONS,
                                 "xl/_rels/workbook.xml.rels",
                                 BOOK_RELATIONS,
                                 "xl/workbook.xml",
                                 book,
                                 "xl/styles.xml",
                                 STYLES,
                                 "xl/sharedStrings.xml",
                                 TEXTS,
                                 "xl/worksheets/sheet1.xml",
                                 SHEET(HEADER "<row><c s='1'><v>44885</v></c></row>"),
                                 NULL};
    int fd = make_book(parts, path);
    AUTO(table_close) struct table *t = NULL;
    assert_ok(&cx, table_open(&cx, path, NULL, &t));
    assert_str(table_format(t)->sheet, "Dos");
    AUTO(buf_done) struct buf out = buf_make(1000);
    dump(&cx, t, &out);
    assert_string_equal(out.p, "2|~2026-11-21|\n");
    close(fd);
    test_ctx_done(&cx);
}

static void bad_books_are_refused(void **state) {
    (void)state;
    static const char *const plain_zip[] = {"readme.txt", "hello", NULL};
    static const char *const binary[] = {"xl/workbook.bin", "", "_rels/.rels",
                                         RELATIONS "<Relationship Id='r1' Type='" TYPE
                                                   "officeDocument' Target='xl/workbook.bin'/></Relationships>",
                                         NULL};
    static const char *const open_document[] = {"mimetype", "x", "content.xml", "<x/>", NULL};
    static const char *const word[] = {"word/document.xml", "<x/>", NULL};
    static const char *const no_sheets[] = {"xl/workbook.xml", "<workbook/>", "xl/_rels/workbook.xml.rels",
                                            BOOK_RELATIONS, NULL};
    static const char *const no_part[] = {"xl/workbook.xml",
                                          BOOK,
                                          "xl/_rels/workbook.xml.rels",
                                          BOOK_RELATIONS,
                                          "xl/styles.xml",
                                          STYLES,
                                          "xl/sharedStrings.xml",
                                          TEXTS,
                                          NULL};
    static const char *const doctype[] = {"xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><workbook/>",
                                          "xl/_rels/workbook.xml.rels", BOOK_RELATIONS, NULL};
    static const char *const climbing[] = {"_rels/.rels",
                                           RELATIONS "<Relationship Id='r1' Type='" TYPE
                                                     "officeDocument' Target='../../etc/passwd'/></Relationships>",
                                           NULL};
    static const struct {
        const char *name;
        const char *const *parts;
        const char *message;
    } cases[] = {{"plain zip", plain_zip, "not a workbook"},
                 {"binary", binary, ".xlsb"},
                 {"open document", open_document, "OpenDocument"},
                 {"word", word, "text document"},
                 {"no sheets", no_sheets, "no sheets"},
                 {"no part", no_part, "no part xl/worksheets/sheet1.xml"},
                 {"doctype", doctype, "document type"},
                 {"climbing", climbing, "not a workbook"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        int fd = make_book(cases[i].parts, path);
        struct table *t = NULL;
        enum rc rc = table_open(&cx, path, NULL, &t);
        if (rc != INVALID || !strstr(cx.fault.message, cases[i].message))
            fail_msg("%s: %s: %s", cases[i].name, rc_name(rc), cx.fault.message);
        close(fd);
        test_ctx_done(&cx);
    }
    struct ctx cx = test_ctx();
    char path[PATH_TEXT];
    int fd = make_file(S("PK\3\4 and then nothing of the kind"), path);
    struct table *t = NULL;
    assert_rc(&cx, INVALID, table_open(&cx, path, NULL, &t));
    close(fd);
    test_ctx_done(&cx);
}

/* A sheet that swells, and one that is too deep. */
static void bombs_are_refused(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    AUTO(buf_done) struct buf sheet = buf_make((size_t)64 << 20);
    buf_add_cstr(&sheet, "<worksheet><sheetData>" HEADER);
    for (int i = 0; i < 24 << 20; i++) buf_add_char(&sheet, ' ');
    buf_add_cstr(&sheet, "</sheetData></worksheet>");
    char path[PATH_TEXT];
    int fd = make_sheet(sheet.p, path);
    AUTO(table_close) struct table *t = NULL;
    assert_ok(&cx, table_open(&cx, path, NULL, &t));
    AUTO(buf_done) struct buf out = buf_make(1000);
    dump(&cx, t, &out);
    assert_non_null(strstr(out.p, "compressed beyond all measure"));
    close(fd);
    table_close(&t);
    buf_clear(&sheet);
    buf_add_cstr(&sheet, "<worksheet><sheetData a='");
    for (int i = 0; i < 2 << 20; i++) buf_add_char(&sheet, 'x');
    fd = make_sheet(sheet.p, path);
    assert_rc(&cx, INVALID, table_open(&cx, path, NULL, &t));
    assert_non_null(strstr(cx.fault.message, "a tag is longer"));
    close(fd);
    buf_clear(&sheet);
    for (int i = 0; i < 100; i++) buf_add_cstr(&sheet, "<a>");
    fd = make_sheet(sheet.p, path);
    assert_rc(&cx, INVALID, table_open(&cx, path, NULL, &t));
    assert_non_null(strstr(cx.fault.message, "nested deeper"));
    close(fd);
    test_ctx_done(&cx);
}

/* Typed cells need no decimal mark and no order of dates. */
static void books_map_without_questions(void **state) {
    (void)state;
    static const char sheet[] = SHEET("<row><c t='str'><v>numero</v></c><c t='str'><v>cliente</v></c><c "
                                      "t='str'><v>emisión</v></c><c t='str'><v>vence</v></c>"
                                      "<c t='str'><v>moneda</v></c><c t='str'><v>importe</v></c></row>"
                                      "<row><c><v>1001</v></c><c t='str'><v>C1</v></c><c s='1'><v>46347</v></c><c "
                                      "s='1'><v>46377</v></c><c t='str'><v>USD</v></c>"
                                      "<c s='3'><v>1234.5500000000002</v></c></row>");
    struct ctx cx = test_ctx();
    char path[PATH_TEXT];
    int fd = make_sheet(sheet, path);
    struct mapping m;
    assert_ok(&cx, mapping_detect(&cx, path, NULL, &import_invoices, NULL, &m));
    AUTO(table_close) struct table *t = NULL;
    assert_ok(&cx, table_open(&cx, path, NULL, &t));
    struct table_row row;
    bool more, has = false;
    assert_ok(&cx, table_next(&cx, t, &row, &more));
    assert_true(more);
    Money money = {0};
    Date due = DATE_NONE;
    char text[MONEY_TEXT], day[DATE_TEXT];
    Currency usd = {0};
    assert_true(currency_parse(S("USD"), &usd));
    assert_ok(&cx, mapping_money(&cx, &m, &row, IMPORT_INVOICE_AMOUNT, usd, &has, &money));
    assert_str(money_text(money, text), "1234.55");
    assert_ok(&cx, mapping_date(&cx, &m, &row, IMPORT_INVOICE_DUE_DATE, &due));
    assert_str(date_iso(due, day), "2026-12-21");
    assert_str(mapping_text(&m, &row, IMPORT_INVOICE_NUMBER), "1001");
    close(fd);
    test_ctx_done(&cx);
}

static void sample_books_are_read(void **state) {
    (void)state;
    static const struct {
        const char *path;
        int rows, columns;
    } cases[] = {{"sample_statement_en.xlsx", 2, 7},
                 {"sample_statement_en_empty_values.xlsx", -1, -1},
                 {"empty_statement_en.xlsx", -1, -1}};
    const char *shared = getenv("ALDIA_SHARED");
    if (!shared) shared = ALDIA_SOURCE_DIR "/../shared";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        const char *path =
            arena_cstr(cx.arena, arena_printf(cx.arena, "%s/samples/bank-csv/oca/%s", shared, cases[i].path));
        if (access(path, R_OK) != 0) {
            print_message("skipped: no %s\n", path);
            test_ctx_done(&cx);
            skip();
        }
        AUTO(table_close) struct table *t = NULL;
        assert_ok(&cx, table_open(&cx, path, NULL, &t));
        int rows = 0;
        for (bool more = true; more;) {
            struct table_row row;
            assert_ok(&cx, table_next(&cx, t, &row, &more));
            rows += more;
        }
        if (cases[i].rows >= 0) {
            assert_int_equal(rows, cases[i].rows);
            assert_int_equal(table_columns(t), cases[i].columns);
        }
        test_ctx_done(&cx);
    }
}

static const struct CMUnitTest table_xlsx_tests[] = {
    cmocka_unit_test(written_books_are_read),      cmocka_unit_test(cells_are_read),
    cmocka_unit_test(sheets_are_chosen),           cmocka_unit_test(hidden_sheets_and_1904),
    cmocka_unit_test(bad_books_are_refused),       cmocka_unit_test(bombs_are_refused),
    cmocka_unit_test(books_map_without_questions), cmocka_unit_test(sample_books_are_read),
};
const struct test_suite table_xlsx_suite = {"table_xlsx", table_xlsx_tests, COUNT_OF(table_xlsx_tests)};
