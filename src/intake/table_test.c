/* Tables for table.h over CSV. */
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "intake/table.h"

#define PATH_TEXT 64
/* S() for static tables. */
#define BYTES(literal)                                                                                                 \
    { (literal), sizeof(literal) - 1 }

/* A file that lives in memory, reached by a path like any other. */
static int make_file(Str bytes, char *path) {
    int fd = memfd_create("table_test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    size_t done = 0;
    while (done < bytes.n) {
        ssize_t n = write(fd, bytes.p + done, bytes.n - done);
        assert_true(n > 0);
        done += (size_t)n;
    }
    snprintf(path, PATH_TEXT, "/proc/self/fd/%d", fd);
    return fd;
}

/* All there is, as "line|cell|cell\n"; a fault as "line!field\n". */
static void dump(struct ctx *cx, struct table *t, struct buf *out) {
    for (;;) {
        struct table_row row;
        bool more;
        enum rc rc = table_next(cx, t, &row, &more);
        if (rc == INVALID) {
            assert_int_equal(cx->fault.line, table_line(t));
            buf_printf(out, "%d!%s\n", (int)table_line(t), cx->fault.field);
            continue;
        }
        assert_ok(cx, rc);
        if (!more) return;
        buf_add_i64(out, row.line);
        for (size_t i = 0; i < table_columns(t); i++) {
            buf_add_char(out, '|');
            buf_add(out, row.cells[i]);
        }
        buf_add_char(out, '\n');
    }
}

static void western_text_is_told(void **state) {
    (void)state;
    static char cut[64 * 1024 + 8]; /* a character across the end of a piece */
    memset(cut, 'x', sizeof cut);
    memcpy(cut + 64 * 1024 - 1, "\xC3\xB1", 2);
    const struct {
        const char *name;
        Str bytes;
        bool western;
    } cases[] = {
        {"ascii", S("a,b\n"), false},
        {"utf-8", S("a\xC3\xB1o,b\n"), false},
        {"utf-8 across pieces", {cut, sizeof cut}, false},
        {"windows-1252", S("a\xF1o,b\n"), true},
        {"at the very end", S("a\xF1"), true},
        {"zero bytes", S("a\0\xF1"), false},
        {"empty", S(""), false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char path[PATH_TEXT];
        int fd = make_file(cases[i].bytes, path);
        if (table_is_western(path) != cases[i].western) fail_msg("%s", cases[i].name);
        close(fd);
    }
    assert_false(table_is_western("/nowhere"));
}

static void rows_are_cut(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *rows;
    } cases[] = {
        {"plain", "a,b\n1,2\n3,4\n", "2|1|2\n3|3|4\n"},
        {"no line end at the end", "a,b\n1,2", "2|1|2\n"},
        {"carriage return and line feed", "a,b\r\n1,2\r\n\r\n3,4\r\n", "2|1|2\n4|3|4\n"},
        {"carriage returns alone", "a,b\r1,2\r3,4\r", "2|1|2\n3|3|4\n"},
        {"byte order mark",
         "\xEF\xBB\xBF"
         "a,b\n1,2\n",
         "2|1|2\n"},
        {"quotes", "a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", "2|x, y|say \"hi\"\n"},
        {"a quoted header", "\"a\",\"b,c\"\n1,2\n", "2|1|2\n"},
        {"only doubled quotes", "a,b\n\"\"\"\"\"\",\"\"\n", "2|\"\"|\n"},
        {"quoted line ends count as lines", "a,b\n\"1\n1\r\n1\",2\n3,4\n", "2|1\n1\r\n1|2\n5|3|4\n"},
        {"short rows are padded", "a,b,c\n1\n1,2\n", "2|1||\n3|1|2|\n"},
        {"empty cells beyond the header", "a,b\n1,2,,\n3,4\n", "2|1|2\n3|3|4\n"},
        {"too many cells", "a,b\n1,2,3\n4,5\n", "2!column 3\n3|4|5\n"},
        {"blank rows", "\n\na,b\n\n1,2\n , \n,\n3,4\n\n", "5|1|2\n8|3|4\n"},
        {"a lone quote", "a,b\n1,6\" pipe\n3,4\n", "2!b\n3|3|4\n"},
        {"text after the closing quote", "a,b\n\"1\n\"x,2\n3,4\n", "3!a\n4|3|4\n"},
        {"a space before the quote", "a,b\n1, \"2\"\n3,4\n", "2!b\n3|3|4\n"},
        {"a quote never closed", "a,b\n1,\"2\n3,4\n5,6\n", "2!b\n3|3|4\n4|5|6\n"},
        {"a quote that opens at the end", "a,b\n1,\"", "2!b\n"},
        {"not UTF-8",
         "a,b\n1,Espa\xF1"
         "a\n3,4\n",
         "2!b\n3|3|4\n"},
        {"not UTF-8 and then a lone quote", "a,b\n\xF1,x\"y\n3,4\n", "2!b\n3|3|4\n"},
        {"not UTF-8 and then an open quote", "a,b\n\xF1,\"y\n3,4\n", "2!b\n3|3|4\n"},
        {"a zero byte", "a,b\n1,2\n3,4", "2|1|2\n3|3|4\n"},
        {"semicolons", "a;b\n1,5;2\n", "2|1,5|2\n"},
        {"tabs", "a\tb\n1,5\t2;3\n", "2|1,5|2;3\n"},
        {"bars", "a|b\n1|2\n", "2|1|2\n"},
        {"Excel's first line", "sep=;\r\na;b,c\n1;2,3\n", "3|1|2,3\n"},
        {"one column", "a\n1\n2\n", "2|1\n3|2\n"},
        {"a title above the header", "Saldos al 22/11\n\nEmpresa S.A.\na;b\n1;2\n", "5|1|2\n"},
        {"a title a spreadsheet padded", "Saldos,,\n,Empresa,\na,b,c\n1,2,3\n", "4|1|2|3\n"},
        {"header only", "a,b\n", ""},
        {"unnamed last columns", "a,b,,\n1,2,,\n", "2|1|2\n"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        int fd = make_file(str_from(cases[i].text), path);
        AUTO(table_close) struct table *t = NULL;
        if (table_open(&cx, path, NULL, &t) != OK) fail_msg("%s: %s", cases[i].name, cx.fault.message);
        AUTO(buf_done) struct buf out = buf_make(1 << 20);
        dump(&cx, t, &out);
        if (!str_is(buf_str(&out), cases[i].rows)) fail_msg("%s: got\n%s", cases[i].name, out.p);
        assert_int_equal(table_progress(t), 1000);
        close(fd);
        test_ctx_done(&cx);
    }
}

static void bad_files_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        Str bytes;
        struct table_options options;
        const char *message, *hint; /* parts of them */
    } cases[] = {
        {"nothing", BYTES(""), {0}, "empty", ""},
        {"only blank rows", BYTES("\n\r\n,,\n"), {0}, "empty", ""},
        {"one column twice", BYTES("a,B,b \n"), {0}, "twice, in columns 2 and 3", "rename"},
        {"folded names are the same", BYTES("Código,codigo\n"), {0}, "twice", ""},
        {"delimiter unclear", BYTES("a;b,c\n1;2,3\n"), {0}, "more than one delimiter", "--delimiter"},
        {"delimiter unclear in the header alone", BYTES("a;b,c\n"), {0}, "more than one delimiter", "--delimiter"},
        {"header not UTF-8",
         BYTES("C\xF3"
               "digo,b\n"),
         {0},
         "not UTF-8",
         "--encoding"},
        {"UTF-16 without mark", BYTES("a\0,\0b\0\n\0"), {0}, "zero byte", "--encoding utf-16le"},
        {"unknown encoding", BYTES("a,b\n"), {.encoding = "klingon"}, "unknown encoding", "windows-1252"},
        {"unknown delimiter", BYTES("a,b\n"), {.delimiter = 'x'}, "cannot be used", ""},
        {"a sheet of a CSV", BYTES("a,b\n"), {.sheet = "1"}, "no sheets", "--sheet"},
        {"a web page", BYTES(" <html><table>"), {0}, "web page", "XLSX"},
        {"PDF", BYTES("%PDF-1.7\n"), {0}, "PDF", ""},
        {"old workbook", BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more"), {0}, "old .xls", "XLSX"},
        {"open quote in the header", BYTES("a,\"b\n1,2\n"), {0}, "never closed", ""},
        {"utf-16 without mark and half", BYTES("a,b\n"), {.encoding = "utf-16"}, "byte order mark", "utf-16le"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        int fd = make_file(cases[i].bytes, path);
        struct table *t = NULL;
        enum rc rc = table_open(&cx, path, &cases[i].options, &t);
        if (rc != INVALID || !strstr(cx.fault.message, cases[i].message) || !strstr(cx.fault.hint, cases[i].hint))
            fail_msg("%s: %s: %s (%s)", cases[i].name, rc_name(rc), cx.fault.message, cx.fault.hint);
        assert_null(t);
        close(fd);
        test_ctx_done(&cx);
    }
    struct ctx cx = test_ctx();
    struct table *t = NULL;
    assert_rc(&cx, NOT_FOUND, table_open(&cx, "/nowhere/at-all.csv", NULL, &t));
    assert_rc(&cx, INVALID, table_open(&cx, "/", NULL, &t));
    test_ctx_done(&cx);
}

static void encodings_are_read(void **state) {
    (void)state;
    static const struct {
        const char *name, *encoding;
        Str bytes;
        const char *rows, *detected;
    } cases[] = {
        {"utf-16 little", NULL,
         BYTES("\xFF\xFE"
               "a\0,\0b\0\n\0\xF1\0,\0\x3D\xD8\x00\xDE\n\0"),
         "2|ñ|😀\n", "utf-16le"},
        {"utf-16 big", NULL, BYTES("\xFE\xFF\0a\0,\0b\0\n\0\xF1\0,\x20\xAC\0\n"), "2|ñ|€\n", "utf-16be"},
        {"half a pair", NULL,
         BYTES("\xFF\xFE"
               "a\0,\0b\0\n\0\x3D\xD8,\0x\0\n\0"),
         "2!a\n", "utf-16le"},
        {"half a unit", NULL,
         BYTES("\xFF\xFE"
               "a\0,\0b\0\n\0x\0,\0y"),
         "2!b\n", "utf-16le"},
        {"windows", "windows-1252", BYTES("a,b\n\xF1,\x80\n"), "2|ñ|€\n", "windows-1252"},
        {"windows, unused byte", "cp1252", BYTES("a,b\n\x81,x\n1,2\n"), "2!a\n3|1|2\n", "windows-1252"},
        {"latin 1", "ISO-8859-1", BYTES("a,b\n\xF1,\xA4\n"), "2|ñ|¤\n", "iso-8859-1"},
        {"latin 9", "iso-8859-15", BYTES("a,b\n\xF1,\xA4\n"), "2|ñ|€\n", "iso-8859-15"},
        {"dos", "cp850", BYTES("a,b\n\xA4,\xA5\n"), "2|ñ|Ñ\n", "cp850"},
        {"utf-8 said", "UTF-8",
         BYTES("\xEF\xBB\xBF"
               "a,b\nñ,x\n"),
         "2|ñ|x\n", "utf-8"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        int fd = make_file(cases[i].bytes, path);
        AUTO(table_close) struct table *t = NULL;
        if (table_open(&cx, path, &(struct table_options){.encoding = cases[i].encoding}, &t) != OK)
            fail_msg("%s: %s", cases[i].name, cx.fault.message);
        assert_string_equal(table_format(t)->encoding, cases[i].detected);
        AUTO(buf_done) struct buf out = buf_make(1 << 20);
        dump(&cx, t, &out);
        if (!str_is(buf_str(&out), cases[i].rows)) fail_msg("%s: got\n%s", cases[i].name, out.p);
        close(fd);
        test_ctx_done(&cx);
    }
}

/* Rows of every length cross the ends of the window, once as UTF-8 and once as UTF-16. */
static void rows_cross_the_window(void **state) {
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        struct ctx cx = test_ctx();
        AUTO(buf_done) struct buf text = buf_make((size_t)1 << 24);
        AUTO(buf_done) struct buf wanted = buf_make((size_t)1 << 24);
        buf_add_cstr(&text, "n,value\r\n");
        int line = 2;
        for (int i = 0; i < 20000; i++) {
            int length = i % 97;
            buf_printf(
                &text, "%d,\"%.*s\"\"\n\"\r\n", i, length,
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
            buf_printf(
                &wanted, "%d|%d|%.*s\"\n\n", line, i, length,
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
            line += 2;
        }
        AUTO(buf_done) struct buf file = buf_make((size_t)1 << 25);
        if (wide) buf_add(&file, S("\xFF\xFE"));
        for (size_t i = 0; i < text.n; i++) {
            buf_add_char(&file, text.p[i]);
            if (wide) buf_add_char(&file, '\0');
        }
        char path[PATH_TEXT];
        int fd = make_file(buf_str(&file), path);
        AUTO(table_close) struct table *t = NULL;
        assert_ok(&cx, table_open(&cx, path, NULL, &t));
        AUTO(buf_done) struct buf out = buf_make((size_t)1 << 24);
        dump(&cx, t, &out);
        assert_true(str_equal(buf_str(&out), buf_str(&wanted)));
        close(fd);
        test_ctx_done(&cx);
    }
}

static void sizes_are_bounded(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    AUTO(buf_done) struct buf text = buf_make((size_t)1 << 24);
    buf_add_cstr(&text, "a,b\n1,"); /* a cell at the limit, one beyond it, a row beyond its limit */
    for (int i = 0; i < 64 * 1024; i++) buf_add_char(&text, 'x');
    buf_add_cstr(&text, "\n2,");
    for (int i = 0; i < 64 * 1024 + 1; i++) buf_add_char(&text, 'x');
    buf_add_cstr(&text, "\n3,\"");
    for (int i = 0; i < 3 << 20; i++) buf_add_char(&text, i % 100 ? 'x' : '\n');
    buf_add_cstr(&text, "\",\n4,5\n");
    char path[PATH_TEXT];
    int fd = make_file(buf_str(&text), path);
    AUTO(table_close) struct table *t = NULL;
    assert_ok(&cx, table_open(&cx, path, NULL, &t));
    struct table_row row;
    bool more;
    assert_ok(&cx, table_next(&cx, t, &row, &more));
    assert_int_equal(row.cells[1].n, 64 * 1024);
    assert_rc(&cx, INVALID, table_next(&cx, t, &row, &more));
    assert_int_equal(table_line(t), 3);
    assert_string_equal(cx.fault.field, "b");
    assert_rc(&cx, INVALID, table_next(&cx, t, &row, &more));
    assert_int_equal(table_line(t), 4);
    assert_non_null(strstr(cx.fault.message, "the row is longer"));
    for (more = true; more;) { /* what the quote had swallowed is read as rows of its own, down to the last */
        enum rc rc = table_next(&cx, t, &row, &more);
        assert_true(rc == OK || rc == INVALID);
        if (rc == OK && more && str_is(row.cells[0], "4")) break;
    }
    assert_true(more);
    assert_str(row.cells[1], "5");
    close(fd);
    test_ctx_done(&cx);
}

static void columns_are_bounded(void **state) {
    (void)state;
    for (int columns = 500; columns <= 501; columns++) {
        struct ctx cx = test_ctx();
        AUTO(buf_done) struct buf text = buf_make(1 << 20);
        for (int i = 0; i < columns; i++) buf_printf(&text, "%sc%d", i ? "," : "", i);
        char path[PATH_TEXT];
        int fd = make_file(buf_str(&text), path);
        AUTO(table_close) struct table *t = NULL;
        if (columns == 500) {
            assert_ok(&cx, table_open(&cx, path, NULL, &t));
            assert_int_equal(table_columns(t), 500);
            assert_str(table_header(t, 499), "c499");
        } else {
            assert_rc(&cx, INVALID, table_open(&cx, path, NULL, &t));
        }
        close(fd);
        test_ctx_done(&cx);
    }
}

/* The neutral samples and the banks' exports: every row that has cells is read, none is refused but where the file
 * itself is uneven. */
static void samples_are_read(void **state) {
    (void)state;
    static const struct {
        const char *path;
        int rows, faults;
    } cases[] = {
        {"portfolio-ibm/customers.csv", 100, 0},
        {"portfolio-ibm/invoices.csv", 1500, 0},
        {"portfolio-ibm/payments.csv", -1, 0},
        {"portfolio-highradius/customers.csv", 325, 0},
        {"portfolio-highradius/invoices.csv", 3000, 0},
        {"portfolio-highradius/payments.csv", 0, 0},
        {"bank-csv/oca/balance.csv", 2, 0},
        {"bank-csv/oca/debit_credit.csv", 2, 0},
        {"bank-csv/oca/debit_credit_amount.csv", 4, 0},
        {"bank-csv/oca/empty_statement_en.csv", 0, 0},
        {"bank-csv/oca/multi_currency.csv", 2, 0},
        {"bank-csv/oca/sample_statement_en.csv", 2, 0},
    };
    const char *shared = getenv("ALDIA_SHARED");
    if (!shared) shared = ALDIA_SOURCE_DIR "/../shared";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        const char *path = arena_cstr(cx.arena, arena_printf(cx.arena, "%s/samples/%s", shared, cases[i].path));
        if (access(path, R_OK) != 0) {
            print_message("skipped: no %s\n", path);
            test_ctx_done(&cx);
            skip();
        }
        AUTO(table_close) struct table *t = NULL;
        assert_ok(&cx, table_open(&cx, path, NULL, &t));
        int rows = 0, faults = 0;
        for (bool more = true; more;) {
            struct table_row row;
            if (table_next(&cx, t, &row, &more) != OK)
                faults++;
            else
                rows += more;
        }
        if ((cases[i].rows >= 0 && rows != cases[i].rows) || faults != cases[i].faults)
            fail_msg("%s: %d rows, %d faults", path, rows, faults);
        test_ctx_done(&cx);
    }
}

static const struct CMUnitTest table_tests[] = {
    cmocka_unit_test(western_text_is_told),
    cmocka_unit_test(rows_are_cut),       cmocka_unit_test(bad_files_are_refused),
    cmocka_unit_test(encodings_are_read), cmocka_unit_test(rows_cross_the_window),
    cmocka_unit_test(sizes_are_bounded),  cmocka_unit_test(columns_are_bounded),
    cmocka_unit_test(samples_are_read),
};
const struct test_suite table_suite = {"table", table_tests, COUNT_OF(table_tests)};
