/* `aldia invoice import`, also as a snapshot of everything open. */
#include "action/app.h"
#include "action/import.h"

enum {
    NUMBER,
    CUSTOMER_CODE,
    ISSUE_DATE,
    DUE_DATE,
    CURRENCY,
    AMOUNT,
    OPEN_AMOUNT,
    TYPE,
    REFERENCE,
    DESCRIPTION,
    INSTALMENT,
    FILE_NAME,
    APPLIES_TO,
    FIELDS
};

static const char *const field_names[FIELDS] = {"number",     "customer_code", "issue_date", "due_date",  "currency",
                                                "amount",     "open_amount",   "type",       "reference", "description",
                                                "instalment", "file",          "applies_to"};

static enum rc begin(struct ctx *cx, struct import *im) {
    int *at = im->own;
    for (int i = 0; i < FIELDS; i++) at[i] = import_field(im->kind, field_names[i]);
    Date as_of = arg_has(im->call, "as-of") ? arg_date(im->call, "as-of") : im->today;
    return booking_invoices_begin(cx, im->today, arg_flag(im->call, "snapshot"), as_of, &im->booking);
}

static enum rc read_dates(struct ctx *cx, struct import *im, const struct table_row *from, struct invoice_row *r) {
    const int *at = im->own;
    TRY(mapping_date(cx, &im->mapping, from, at[ISSUE_DATE], &r->issue_date));
    TRY(mapping_date(cx, &im->mapping, from, at[DUE_DATE], &r->due_date));
    if (date_is_none(r->issue_date))
        return fail_field(cx, INVALID, "issue_date", "fill in the cell", "issue_date is empty");
    if (date_is_none(r->due_date)) return fail_field(cx, INVALID, "due_date", "fill in the cell", "due_date is empty");
    char issue[DATE_TEXT], due[DATE_TEXT];
    if (date_compare(r->due_date, r->issue_date) < 0)
        return fail_field(cx, INVALID, "due_date", "correct one of the dates",
                          "due date %.*s is before issue date %.*s", STR_ARG(date_iso(r->due_date, due)),
                          STR_ARG(date_iso(r->issue_date, issue)));
    return OK;
}

static enum rc read_amounts(struct ctx *cx, struct import *im, const struct table_row *from, struct invoice_row *r) {
    const int *at = im->own;
    Money amount, open;
    bool has;
    TRY(mapping_money(cx, &im->mapping, from, at[AMOUNT], r->currency, &has, &amount));
    if (!has) return fail_field(cx, INVALID, "amount", "fill in the cell", "amount is empty");
    if (amount.minor <= 0)
        return fail_field(cx, INVALID, "amount", "write it positive; a credit note has type credit_note",
                          "amount must be greater than zero");
    TRY(mapping_money(cx, &im->mapping, from, at[OPEN_AMOUNT], r->currency, &r->has_open, &open));
    if (r->has_open && open.minor < 0) return fail_field(cx, INVALID, "open_amount", NULL, "open_amount is negative");
    if (r->has_open && open.minor > amount.minor)
        return fail_field(cx, INVALID, "open_amount", "correct one of the amounts",
                          "open_amount is larger than amount");
    r->amount = amount.minor;
    r->open = r->has_open ? open.minor : amount.minor;
    return OK;
}

/* Document types in the words of the three languages. */
static enum rc read_type(struct ctx *cx, Str text, enum document_type *out) {
    static const struct {
        const char *word;
        enum document_type type;
    } words[] = {{"", DOCUMENT_INVOICE},
                 {"factura", DOCUMENT_INVOICE},
                 {"fatura", DOCUMENT_INVOICE},
                 {"boleta", DOCUMENT_INVOICE},
                 {"nota de debito", DOCUMENT_DEBIT_NOTE},
                 {"nota debito", DOCUMENT_DEBIT_NOTE},
                 {"debit note", DOCUMENT_DEBIT_NOTE},
                 {"nota de credito", DOCUMENT_CREDIT_NOTE},
                 {"nota credito", DOCUMENT_CREDIT_NOTE},
                 {"credit note", DOCUMENT_CREDIT_NOTE},
                 {"anticipo", DOCUMENT_ADVANCE},
                 {"adiantamento", DOCUMENT_ADVANCE}};
    if (document_type_parse(text, out)) return OK;
    Str folded = str_fold(cx->arena, text);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_is(folded, words[i].word)) {
            *out = words[i].type;
            return OK;
        }
    return fail_field(cx, INVALID, "type", "use invoice, debit_note, credit_note or advance",
                      "\"%.*s\" is not a document type", (int)(text.n < 40 ? text.n : 40), text.p);
}

static enum rc read(struct ctx *cx, struct import *im, const struct table_row *from, void *out_row) {
    const int *at = im->own;
    struct invoice_row *r = out_row;
    Str type;
    r->line = from->line;
    TRY(import_required(cx, im, from, at[NUMBER], &r->number));
    if (str_codepoints(r->number) > 64)
        return fail_field(cx, INVALID, "number", NULL, "the number is longer than 64 characters");
    TRY(import_required(cx, im, from, at[CUSTOMER_CODE], &r->customer_code));
    TRY(read_dates(cx, im, from, r));
    TRY(import_currency(cx, im, from, at[CURRENCY], &r->currency));
    TRY(read_amounts(cx, im, from, r));
    TRY(import_text(cx, im, from, at[TYPE], &type));
    TRY(read_type(cx, type, &r->type));
    TRY(import_text(cx, im, from, at[REFERENCE], &r->reference));
    TRY(import_text(cx, im, from, at[DESCRIPTION], &r->description));
    TRY(import_text(cx, im, from, at[FILE_NAME], &r->file));
    TRY(import_text(cx, im, from, at[APPLIES_TO], &r->applies_to));
    bool has_position;
    int64_t position = 1;
    TRY(mapping_int(cx, &im->mapping, from, at[INSTALMENT], &has_position, &position));
    if (has_position && (position < 1 || position > 9999))
        return fail_field(cx, INVALID, "instalment", "number the instalments 1, 2, 3 …",
                          "instalment must lie between 1 and 9999");
    r->position = has_position ? (int32_t)position : 1;
    if (r->applies_to.n && document_is_claim(r->type))
        return fail_field(cx, INVALID, "applies_to", "only credit notes and advances apply to an invoice",
                          "an invoice cannot apply to another");
    return import_custom(cx, im, from, &r->custom);
}

static enum rc book(struct ctx *cx, struct import *im, const void *rows, size_t n, struct row_result *out_results) {
    return booking_invoices(cx, &im->booking, rows, n, out_results);
}

static enum rc end(struct ctx *cx, struct import *im, Str data, int64_t *out_settled) {
    return booking_end(cx, &im->booking, data, out_settled);
}

static const struct import_driver driver = {&import_invoices, sizeof(struct invoice_row), begin, read, book, end};

static enum rc invoice_import(struct ctx *cx, struct call *call) {
    int at[FIELDS];
    if (arg_has(call, "as-of") && !arg_flag(call, "snapshot"))
        return fail_field(cx, INVALID, "as-of", "give --snapshot as well", "--as-of says the day of a snapshot");
    return import_file(cx, call, &driver, at);
}

const struct action invoice_import_action = {
    .verb = "invoice import",
    .path = "POST /invoices/import",
    .summary = "Import invoices, debit notes, credit notes and advances from CSV or XLSX",
    .details = "Columns: number, customer_code, issue_date, due_date, currency and amount, and if present open_amount, "
               "type, reference, description, "
               "instalment, file, applies_to. Several rows with one number and different instalments are the "
               "instalments of one document. What was "
               "imported before is counted as duplicate and left as it is. With --snapshot the file is everything that "
               "is open on the day --as-of: "
               "what it does not mention has been settled.",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_NONE,
    .params = PARAMS(IMPORT_PARAMS,
                     {"snapshot", P_FLAG, OPTIONAL, "the file is all that is open: settle what is missing", NULL},
                     {"as-of", P_DATE, OPTIONAL, "day of the snapshot; today if not given", NULL}),
    .run = invoice_import,
};
