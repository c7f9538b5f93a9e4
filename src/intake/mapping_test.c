/* Tables for mapping.h. */
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "intake/mapping.h"
#include "intake/mapping_scan.h"

#define PATH_TEXT 64

static int make_file(const char *text, char *path) {
    int fd = memfd_create("mapping_test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    snprintf(path, PATH_TEXT, "/proc/self/fd/%d", fd);
    return fd;
}

static void header_names_are_alike(void **state) {
    (void)state;
    static const struct {
        const char *name, *key;
    } cases[] = {
        {"Fecha de Emisión", "fecha emision"},
        {"fecha_emision", "fecha emision"},
        {"FECHA-EMISIÓN:", "fecha emision"},
        {"N° Factura", "numero factura"},
        {"Nº. de la factura", "numero factura"},
        {"Nro.Factura", "numero factura"},
        {"invoice_number", "invoice numero"},
        {"Invoice #", "invoice numero"},
        {"Código del cliente", "codigo cliente"},
        {"Razão Social", "razao social"},
        {"CNPJ/CPF", "cnpj cpf"},
        {"E-mail", "e mail"},
        {"InvoiceDate", "invoice date"},
        {"customerID", "customer id"},
        {"NroFactura", "numero factura"},
        {"RAZÓN SOCIAL", "razon social"},
        {"Días\xC2\xA0"
         "crédito",
         "dias credito"},
        {"de la", ""},
        {"应收", "应收"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        assert_str(header_key(cx.arena, str_from(cases[i].name)), cases[i].key);
        test_ctx_done(&cx);
    }
}

/* A name that stood for two fields would silently go to the first. */
static void aliases_are_distinct(void **state) {
    (void)state;
    const struct import_kind *const kinds[] = {&import_customers, &import_invoices, &import_payments};
    struct ctx cx = test_ctx();
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        struct {
            Str key;
            size_t field;
        } seen[800];
        size_t n = 0;
        for (size_t f = 0; f < kinds[k]->field_count; f++) {
            const struct import_field *field = &kinds[k]->fields[f];
            Str names = arena_printf(cx.arena, "%s,%s", field->name, field->aliases);
            for (Str rest = names; rest.p;) {
                Str name = str_cut(&rest, ','), key = header_key(cx.arena, name);
                if (key.n == 0) fail_msg("%s: empty alias of %s", kinds[k]->name, field->name);
                for (size_t i = 0; i < n; i++)
                    if (str_equal(seen[i].key, key) && seen[i].field != f)
                        fail_msg("%s: \"%.*s\" stands for %s and %s", kinds[k]->name, STR_ARG(name),
                                 kinds[k]->fields[seen[i].field].name, field->name);
                assert_true(n < COUNT_OF(seen));
                seen[n].key = key;
                seen[n++].field = f;
            }
        }
    }
    test_ctx_done(&cx);
}

static void headers_are_mapped(void **state) {
    (void)state;
    static const struct {
        const char *name, *text;
        const struct import_kind *kind;
        const char *columns; /* "field=column …" of those present */
    } cases[] = {
        {"canonical", "number,customer_code,issue_date,due_date,currency,amount,open_amount,applies_to\n",
         &import_invoices,
         "number=0 customer_code=1 issue_date=2 due_date=3 currency=4 amount=5 open_amount=6 applies_to=7"},
        {"Spanish", "Nº Factura;Cliente;Fecha Emisión;Fecha de Vencimiento;Moneda;Importe;Saldo;Cuota\n",
         &import_invoices,
         "number=0 customer_code=1 issue_date=2 due_date=3 currency=4 amount=5 open_amount=6 instalment=7"},
        {"English", "Invoice No.,Customer ID,Invoice Date,Due Date,Currency,Total Amount,Balance\n", &import_invoices,
         "number=0 customer_code=1 issue_date=2 due_date=3 currency=4 amount=5 open_amount=6"},
        {"Portuguese",
         "Nota Fiscal;Código do Cliente;Data de Emissão;Data de Vencimento;Moeda;Valor;Saldo em aberto;Parcela\n",
         &import_invoices,
         "number=0 customer_code=1 issue_date=2 due_date=3 currency=4 amount=5 open_amount=6 instalment=7"},
        {"customers", "CÓDIGO;Razón Social;NIT;Correo;Teléfono;País;Límite de crédito;Condiciones de pago\n",
         &import_customers, "code=0 name=1 tax_id=2 email=3 phone=4 country=5 credit_limit=6 payment_terms=7"},
        {"payments", "Cliente,Fecha de pago,Divisa,Monto,Referencia,Factura,Medio,Cuenta,Id externo\n",
         &import_payments,
         "customer_code=0 date=1 currency=2 amount=3 reference=4 invoice_number=5 method=6 bank_account=7 "
         "external_id=8"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        int fd = make_file(cases[i].text, path);
        struct mapping m = {0};
        if (mapping_detect(&cx, path, NULL, cases[i].kind, NULL, &m) != OK)
            fail_msg("%s: %s", cases[i].name, cx.fault.message);
        AUTO(buf_done) struct buf out = buf_make(1000);
        for (size_t f = 0; f < m.kind->field_count; f++)
            if (m.column[f] >= 0) buf_printf(&out, "%s%s=%d", out.n ? " " : "", m.kind->fields[f].name, m.column[f]);
        assert_string_equal(out.p, cases[i].columns);
        close(fd);
        test_ctx_done(&cx);
    }
}

static void bad_headers_are_refused(void **state) {
    (void)state;
    static const char *const bad_pair[] = {"Vence", NULL}, *const bad_field[] = {"Vence=expiry", NULL},
                             *const bad_header[] = {"Foo=due_date", NULL};
    static const struct {
        const char *name, *header;
        struct mapping_options options;
        const char *field, *message, *hint; /* parts */
    } cases[] = {
        {"missing",
         "number,cliente,emision,moneda\n",
         {0},
         "due_date",
         "no column for due_date, amount",
         "vencimiento"},
        {"missing, with a stranger",
         "number,cliente,emision,vence,moneda,plata\n",
         {0},
         "amount",
         "not recognised: \"plata\"",
         "--map"},
        {"two columns",
         "number,cliente,emision,vence,moneda,total,importe\n",
         {0},
         "amount",
         "\"total\" and \"importe\"",
         "--map \"importe=\""},
        {"unknown",
         "number,cliente,emision,vence,moneda,total,foo,bar\n",
         {0},
         "foo",
         "unknown columns: \"foo\", \"bar\"",
         "--custom"},
        {"one column", "number cliente\n", {0}, "number", "single column", "--delimiter"},
        {"unnamed", "number,cliente,emision,vence,,moneda,total\n", {.allow_unknown = true}, "column 5", "no name", ""},
        {"rename without field",
         "number,cliente,emision,Vence,moneda,total\n",
         {.rename = bad_pair},
         "map",
         "does not map",
         "Header=field"},
        {"rename to a stranger",
         "number,cliente,emision,Vence,moneda,total\n",
         {.rename = bad_field},
         "map",
         "no field \"expiry\"",
         "due_date"},
        {"rename of a stranger",
         "number,cliente,emision,Vence,moneda,total\n",
         {.rename = bad_header},
         "map",
         "no column \"Foo\"",
         ""},
        {"decimal",
         "number,cliente,emision,vence,moneda,total\n",
         {.decimal = ";"},
         "decimal",
         "not a decimal mark",
         ""},
        {"dates", "number,cliente,emision,vence,moneda,total\n", {.dates = "ymd"}, "dates", "not an order", "iso"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        int fd = make_file(cases[i].header, path);
        struct mapping m = {0};
        enum rc rc = mapping_detect(&cx, path, NULL, &import_invoices, &cases[i].options, &m);
        const struct fault *f = &cx.fault;
        if (rc != INVALID || strcmp(f->field, cases[i].field) != 0 || !strstr(f->message, cases[i].message) ||
            !strstr(f->hint, cases[i].hint))
            fail_msg("%s: %s: %s: %s (%s)", cases[i].name, rc_name(rc), f->field, f->message, f->hint);
        close(fd);
        test_ctx_done(&cx);
    }
}

static void columns_are_renamed(void **state) {
    (void)state;
    static const char *const rename[] = {"saldo=amount", "TOTAL=", "a=b=due_date", "glosa=*", NULL};
    struct ctx cx = test_ctx();
    char path[PATH_TEXT];
    int fd = make_file("número,cliente,emisión,a=b,moneda,total,saldo,glosa,otra\n", path);
    struct mapping m = {0};
    assert_ok(&cx, mapping_detect(&cx, path, NULL, &import_invoices,
                                  &(struct mapping_options){.rename = rename, .allow_unknown = true}, &m));
    assert_int_equal(m.column[IMPORT_INVOICE_DUE_DATE], 3);
    assert_int_equal(m.column[IMPORT_INVOICE_AMOUNT], 6);
    assert_int_equal(m.column[IMPORT_INVOICE_OPEN_AMOUNT], -1);
    assert_int_equal(m.column[IMPORT_INVOICE_DESCRIPTION], -1);
    assert_int_equal(m.custom_count, 9);
    assert_int_equal(m.custom[5].n, 0);
    assert_str(m.custom[7], "glosa");
    assert_str(m.custom[8], "otra");
    close(fd);
    test_ctx_done(&cx);
}

static void marks_are_told(void **state) {
    (void)state;
    static const struct {
        const char *amount;
        enum mark_evidence evidence;
    } cases[] = {
        {"100", MARK_SILENT},           {"", MARK_SILENT},
        {"12a", MARK_SILENT},           {"100.", MARK_SILENT},
        {"1234.5", MARK_POINT},         {"100.50", MARK_POINT},
        {"1,234.50", MARK_POINT},       {"1,234,567", MARK_POINT},
        {"0.500", MARK_POINT},          {".500", MARK_POINT},
        {"1234.567", MARK_POINT},       {"1.2345", MARK_POINT},
        {"1234,5", MARK_COMMA},         {"100,50", MARK_COMMA},
        {"1.234,50", MARK_COMMA},       {"1.234.567", MARK_COMMA},
        {"-1.234,5", MARK_COMMA},       {"0,500", MARK_COMMA},
        {"1.234", MARK_AMBIGUOUS},      {"1,234", MARK_AMBIGUOUS},
        {"-123.456", MARK_AMBIGUOUS},   {"999,999", MARK_AMBIGUOUS},
        {"1,234.567.890", MARK_SILENT}, {"$", MARK_SILENT},
        {"$1,234.50", MARK_POINT},      {"-$ 1.234,5", MARK_COMMA},
        {"5,5 \xE2\x82\xAC", MARK_COMMA},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (mark_evidence(str_from(cases[i].amount)) != cases[i].evidence) fail_msg("%s", cases[i].amount);
}

#define HEADER "number;customer_code;issue_date;due_date;currency;amount\n"

static void conventions_are_settled(void **state) {
    (void)state;
    static const struct {
        const char *name, *rows;
        struct mapping_options options;
        char decimal;
        enum date_order dates;
    } cases[] = {
        {"nothing to settle", "1;c;2026-01-02;2026-02-03;USD;100\n", {0}, 0, DATE_ISO},
        {"no rows", "", {0}, 0, DATE_ISO},
        {"point, day first", "1;c;02/01/2026;13/02/2026;USD;1234.5\n", {0}, '.', DATE_DMY},
        {"comma, month first", "1;c;02/01/2026;02-13-2026;USD;1.234,50\n", {0}, ',', DATE_MDY},
        {"a late row settles",
         "1;c;03/04/2026;03/04/2026;USD;1.234\n2;c;13/04/2026;14/04/2026;USD;1,5\n",
         {0},
         ',',
         DATE_DMY},
        {"declared", "1;c;03/04/2026;03/04/2026;USD;1.234\n", {.decimal = ",", .dates = "mdy"}, ',', DATE_MDY},
        {"the same either way", "1;c;03/03/2026;2026-04-04;USD;1\n", {0}, 0, DATE_DMY},
        {"bad rows are passed over",
         "1;c;2026-01-02;2026-02-03;USD;10,5;x;y\n2;c;2026-01-02;2026-02-03;USD;10.5\n",
         {0},
         '.',
         DATE_ISO},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        int fd = make_file(arena_cstr(cx.arena, arena_printf(cx.arena, HEADER "%s", cases[i].rows)), path);
        struct mapping m = {0};
        struct table_options semicolon = {.delimiter = ';'};
        if (mapping_detect(&cx, path, &semicolon, &import_invoices, &cases[i].options, &m) != OK)
            fail_msg("%s: %s", cases[i].name, cx.fault.message);
        if (m.decimal_mark != cases[i].decimal || m.dates != cases[i].dates)
            fail_msg("%s: '%c' %d", cases[i].name, m.decimal_mark, (int)m.dates);
        close(fd);
        test_ctx_done(&cx);
    }
}

static void unclear_conventions_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *name, *rows;
        struct mapping_options options;
        int line;
        const char *field, *message, *hint;
    } cases[] = {
        {"point",
         "1;c;2026-01-02;2026-02-03;USD;100\n2;c;2026-01-02;2026-02-03;USD;1.234\n",
         {0},
         3,
         "amount",
         "\"1.234\"",
         "--decimal"},
        {"comma", "1;c;2026-01-02;2026-02-03;USD;1,234\n", {0}, 2, "amount", "\"1,234\"", "--decimal"},
        {"point in pesos", "1;c;2026-01-02;2026-02-03;COP;1.500\n", {0}, 2, "amount", "thousands", "--decimal"},
        {"date", "1;c;2026-01-02;03/04/2026;USD;1\n", {0}, 2, "due_date", "\"03/04/2026\"", "--dates"},
        {"marks contradict",
         "1;c;2026-01-02;2026-02-03;USD;1.5\n2;c;2026-01-02;2026-02-03;USD;2,5\n",
         {0},
         3,
         "amount",
         "line 2",
         "same decimal"},
        {"orders contradict",
         "1;c;13/02/2026;2026-02-03;USD;1\n2;c;02/13/2026;2026-02-03;USD;2\n",
         {0},
         3,
         "issue_date",
         "line 2",
         "same order"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        char path[PATH_TEXT];
        int fd = make_file(arena_cstr(cx.arena, arena_printf(cx.arena, HEADER "%s", cases[i].rows)), path);
        struct mapping m = {0};
        struct table_options semicolon = {.delimiter = ';'};
        enum rc rc = mapping_detect(&cx, path, &semicolon, &import_invoices, &cases[i].options, &m);
        const struct fault *f = &cx.fault;
        if (rc != INVALID || strcmp(f->field, cases[i].field) != 0 || !strstr(f->message, cases[i].message) ||
            !strstr(f->hint, cases[i].hint) || cx.fault.line != cases[i].line)
            fail_msg("%s: %s line %d: %s: %s (%s)", cases[i].name, rc_name(rc), (int)cx.fault.line, f->field,
                     f->message, f->hint);
        close(fd);
        test_ctx_done(&cx);
    }
}

/* A row of one cell for each field of invoices, all empty but one. */
static struct table_row row_with(int field, Str cell, bool is_typed, Str *cells, bool *typed, struct mapping *m) {
    m->kind = &import_invoices;
    for (int f = 0; f < IMPORT_INVOICE_FIELDS; f++) {
        cells[f] = (Str){"", 0};
        typed[f] = false;
        m->column[f] = f;
    }
    cells[field] = cell;
    typed[field] = is_typed;
    return (struct table_row){.line = 2, .cells = cells, .typed = typed};
}

static void amounts_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *currency;
        char mark;
        bool declared, typed;
        const char *amount; /* or NULL */
        const char *message;
    } cases[] = {
        {"100", "USD", 0, false, false, "100.00", NULL},
        {" 100.50 ", "USD", '.', false, false, "100.50", NULL},
        {"1,234.50", "USD", '.', false, false, "1234.50", NULL},
        {"1.234,50", "COP", ',', false, false, "1234.50", NULL},
        {"1.234", "COP", ',', false, false, "1234.00", NULL},
        {"1.500", "CLP", ',', false, false, "1500", NULL},
        {"1.500", "USD", '.', false, false, NULL, "may have three decimals"},
        {"1.500", "CLP", '.', false, false, NULL, "may have three decimals"},
        {"1.500", "KWD", '.', false, false, "1.500", NULL},
        {"1.500", "USD", '.', true, false, "1.50", NULL},
        {"1.234", "USD", '.', true, false, NULL, "more decimals than USD"},
        {"1.234", "USD", 0, false, false, NULL, "may have three decimals"},
        {"1.234", "KWD", 0, false, true, "1.234", NULL},
        {"1500.5", "CLP", '.', false, true, NULL, "more decimals than CLP, which has 0"},
        {"100,505", "EUR", ',', true, false, NULL, "more decimals"},
        {"100,50", "EUR", '.', true, false, NULL, "not an amount"},
        {"0.500", "EUR", ',', true, false, NULL, "not an amount"},
        {"0,50", "EUR", ',', true, false, "0.50", NULL},
        {"1E5", "EUR", 0, false, false, NULL, "not an amount"},
        {"$ 5", "EUR", 0, false, false, NULL, "not an amount"},
        {"\xE2\x82\xAC" "5", "COP", 0, false, false, NULL, "not an amount"},
        {"$", "COP", 0, false, false, NULL, "not an amount"},
        {"$1,234.50", "MXN", '.', false, false, "1234.50", NULL},
        {"-$ 1.234,50", "COP", ',', false, false, "-1234.50", NULL},
        {"5 \xE2\x82\xAC", "EUR", 0, false, false, "5.00", NULL},
        {"-$-5", "COP", 0, false, false, NULL, "not an amount"},
        {"-3.5", "EUR", '.', false, false, "-3.50", NULL},
        {"99999999999999999999", "EUR", 0, false, false, NULL, "too large"},
        {"", "EUR", 0, false, false, NULL, "missing"},
        {"\xC2\xA0", "EUR", 0, false, false, NULL, "missing"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct mapping m = {.decimal_mark = cases[i].mark, .decimal_declared = cases[i].declared};
        m.group_mark = cases[i].mark == '.' ? ',' : cases[i].mark == ',' ? '.' : '\0';
        Str cells[IMPORT_INVOICE_FIELDS];
        bool typed[IMPORT_INVOICE_FIELDS], has = false;
        struct table_row row =
            row_with(IMPORT_INVOICE_AMOUNT, str_from(cases[i].text), cases[i].typed, cells, typed, &m);
        Currency currency = {0};
        assert_true(currency_parse(str_from(cases[i].currency), &currency));
        Money money = {0};
        enum rc rc = mapping_money(&cx, &m, &row, IMPORT_INVOICE_AMOUNT, currency, &has, &money);
        char text[MONEY_TEXT];
        if (cases[i].amount) {
            if (rc != OK || !has) fail_msg("%s: %s", cases[i].text, cx.fault.message);
            assert_str(money_text(money, text), cases[i].amount);
        } else if (rc != INVALID || !strstr(cx.fault.message, cases[i].message)) {
            fail_msg("%s: %s: %s", cases[i].text, rc_name(rc), cx.fault.message);
        }
        test_ctx_done(&cx);
    }
}

static void dates_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum date_order order;
        bool typed;
        const char *date; /* or NULL */
        const char *part; /* of message or hint */
    } cases[] = {
        {"2026-11-21", DATE_ISO, false, "2026-11-21", NULL},
        {"2026-11-21", DATE_DMY, false, "2026-11-21", NULL},
        {"2026/1/2", DATE_MDY, false, "2026-01-02", NULL},
        {"20261121", DATE_ISO, false, "2026-11-21", NULL},
        {"2026-11-21 00:00:00", DATE_ISO, false, "2026-11-21", NULL},
        {"2026-11-21T14:05:00.123", DATE_ISO, true, "2026-11-21", NULL},
        {"2026-11-21T14:05:00Z", DATE_ISO, false, NULL, "2026-11-21"},
        {"03/04/2026", DATE_DMY, false, "2026-04-03", NULL},
        {"03/04/2026", DATE_MDY, false, "2026-03-04", NULL},
        {"3.4.2026", DATE_DMY, false, "2026-04-03", NULL},
        {"03/04/2026", DATE_ISO, false, NULL, "--dates dmy"},
        {"31/02/2026", DATE_DMY, false, NULL, "exist"},
        {"2026-02-29", DATE_ISO, false, NULL, "not a date"},
        {"2028-02-29", DATE_ISO, false, "2028-02-29", NULL},
        {"03/04/26", DATE_DMY, false, NULL, "four digits"},
        {"03/04-2026", DATE_DMY, false, NULL, "not a date"},
        {"46000", DATE_ISO, true, NULL, "format the column"},
        {"mañana", DATE_ISO, false, NULL, "not a date"},
        {"2026-11-21 25:00", DATE_ISO, false, NULL, "not a date"},
        {"0000-00-00", DATE_ISO, false, NULL, "not a date"},
        {"", DATE_ISO, false, NULL, "missing"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct mapping m = {.dates = cases[i].order};
        Str cells[IMPORT_INVOICE_FIELDS];
        bool typed[IMPORT_INVOICE_FIELDS];
        struct table_row row =
            row_with(IMPORT_INVOICE_DUE_DATE, str_from(cases[i].text), cases[i].typed, cells, typed, &m);
        Date date = DATE_NONE;
        enum rc rc = mapping_date(&cx, &m, &row, IMPORT_INVOICE_DUE_DATE, &date);
        char text[DATE_TEXT];
        if (cases[i].date) {
            if (rc != OK) fail_msg("%s: %s", cases[i].text, cx.fault.message);
            assert_str(date_iso(date, text), cases[i].date);
        } else if (rc != INVALID ||
                   (!strstr(cx.fault.message, cases[i].part) && !strstr(cx.fault.hint, cases[i].part))) {
            fail_msg("%s: %s: %s (%s)", cases[i].text, rc_name(rc), cx.fault.message, cx.fault.hint);
        }
        test_ctx_done(&cx);
    }
}

static void texts_and_numbers_are_checked(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct mapping m = {0};
    Str cells[IMPORT_INVOICE_FIELDS], out;
    bool typed[IMPORT_INVOICE_FIELDS], has = true;
    int64_t value = 0;
    char long_number[] = "ññññññññññññññññññññññññññññññññññññññññññññññññññññññññññññññññ"; /* 64 of two bytes */
    struct table_row row = row_with(IMPORT_INVOICE_NUMBER, str_from(long_number), false, cells, typed, &m);
    assert_ok(&cx, mapping_checked_text(&cx, &m, &row, IMPORT_INVOICE_NUMBER, &out));
    assert_str(out, long_number);
    cells[IMPORT_INVOICE_NUMBER] = arena_printf(cx.arena, "%sx", long_number);
    assert_rc(&cx, INVALID, mapping_checked_text(&cx, &m, &row, IMPORT_INVOICE_NUMBER, &out));
    cells[IMPORT_INVOICE_NUMBER] = S("A\x01"
                                     "B");
    assert_rc(&cx, INVALID, mapping_checked_text(&cx, &m, &row, IMPORT_INVOICE_NUMBER, &out));
    assert_non_null(strstr(cx.fault.message, "control character: \"A?B\""));
    cells[IMPORT_INVOICE_NUMBER] = S(" \t ");
    assert_rc(&cx, INVALID, mapping_checked_text(&cx, &m, &row, IMPORT_INVOICE_NUMBER, &out));
    assert_string_equal(cx.fault.field, "number");
    cells[IMPORT_INVOICE_REFERENCE] = S("\xC2\xA0 OC 7 \xC2\xA0");
    assert_ok(&cx, mapping_checked_text(&cx, &m, &row, IMPORT_INVOICE_REFERENCE, &out));
    assert_str(out, "OC 7");
    assert_ok(&cx, mapping_int(&cx, &m, &row, IMPORT_INVOICE_INSTALMENT, &has, &value));
    assert_false(has);
    cells[IMPORT_INVOICE_INSTALMENT] = S("12");
    assert_ok(&cx, mapping_int(&cx, &m, &row, IMPORT_INVOICE_INSTALMENT, &has, &value));
    assert_true(has && value == 12);
    cells[IMPORT_INVOICE_INSTALMENT] = S("1/3");
    assert_rc(&cx, INVALID, mapping_int(&cx, &m, &row, IMPORT_INVOICE_INSTALMENT, &has, &value));
    m.column[IMPORT_INVOICE_FILE] = -1;
    assert_ok(&cx, mapping_checked_text(&cx, &m, &row, IMPORT_INVOICE_FILE, &out));
    assert_int_equal(out.n, 0);
    test_ctx_done(&cx);
}

/* Every row of the neutral samples can be read, and the amounts add up to what the samples say of themselves. */
static void samples_add_up(void **state) {
    (void)state;
    static const struct {
        const char *folder, *file, *total;
        const struct import_kind *kind;
        int date, amount;
    } cases[] = {
        {"portfolio-ibm", "invoices.csv", "invoiced", &import_invoices, IMPORT_INVOICE_DUE_DATE, IMPORT_INVOICE_AMOUNT},
        {"portfolio-ibm", "payments.csv", "paid", &import_payments, IMPORT_PAYMENT_DATE, IMPORT_PAYMENT_AMOUNT},
        {"portfolio-highradius", "invoices.csv", "invoiced", &import_invoices, IMPORT_INVOICE_DUE_DATE,
         IMPORT_INVOICE_AMOUNT},
    };
    const char *shared = getenv("ALDIA_SHARED");
    if (!shared) shared = ALDIA_SOURCE_DIR "/../shared";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        Str folder = arena_printf(cx.arena, "%s/samples/%s", shared, cases[i].folder);
        const char *path = arena_printf(cx.arena, "%s/%s", folder.p, cases[i].file).p;
        Str totals;
        if (access(path, R_OK) != 0) {
            print_message("skipped: no %s\n", path);
            test_ctx_done(&cx);
            skip();
        }
        assert_ok(&cx, file_read(&cx, arena_printf(cx.arena, "%s/totals.json", folder.p).p, 1 << 20, &totals));
        struct mapping m;
        assert_ok(&cx, mapping_detect(&cx, path, NULL, cases[i].kind, NULL, &m));
        AUTO(table_close) struct table *t = NULL;
        assert_ok(&cx, table_open(&cx, path, NULL, &t));
        Currency usd = {0};
        assert_true(currency_parse(S("USD"), &usd));
        Money sum = money_zero(usd);
        for (;;) {
            struct table_row row;
            bool more, has;
            Money amount;
            Date date;
            assert_ok(&cx, table_next(&cx, t, &row, &more));
            if (!more) break;
            assert_ok(&cx, mapping_date(&cx, &m, &row, cases[i].date, &date));
            assert_ok(&cx, mapping_money(&cx, &m, &row, cases[i].amount, usd, &has, &amount));
            sum = money_add(sum, amount);
        }
        char text[MONEY_TEXT];
        money_text(sum, text);
        Str wanted = arena_printf(cx.arena, "\"%s\": \"%s\"", cases[i].total, text);
        if (!str_contains(totals, wanted)) fail_msg("%s: not %s", path, wanted.p);
        test_ctx_done(&cx);
    }
}

static const struct CMUnitTest mapping_tests[] = {
    cmocka_unit_test(header_names_are_alike),
    cmocka_unit_test(aliases_are_distinct),
    cmocka_unit_test(headers_are_mapped),
    cmocka_unit_test(bad_headers_are_refused),
    cmocka_unit_test(columns_are_renamed),
    cmocka_unit_test(marks_are_told),
    cmocka_unit_test(conventions_are_settled),
    cmocka_unit_test(unclear_conventions_are_refused),
    cmocka_unit_test(amounts_are_read),
    cmocka_unit_test(dates_are_read),
    cmocka_unit_test(texts_and_numbers_are_checked),
    cmocka_unit_test(samples_add_up),
};
const struct test_suite mapping_suite = {"mapping", mapping_tests, COUNT_OF(mapping_tests)};
