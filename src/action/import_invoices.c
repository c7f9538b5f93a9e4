/* `aldia invoice import`, also as a snapshot of everything open. */
#include <string.h>

#include "action/app.h"
#include "action/attach.h"
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

/* A row's file, to be kept once the rows are booked. */
struct wanted_file {
    Str number, name;
};

struct own {
    int at[FIELDS];
    struct arena *arena; /* a batch's rows are gone when the files are read */
    VEC_OF(struct wanted_file) files;
};

static void find_fields(struct import *im) {
    int *at = ((struct own *)im->own)->at;
    for (int i = 0; i < FIELDS; i++) at[i] = import_field(im->kind, field_names[i]);
}

static enum rc begin(struct ctx *cx, struct import *im) {
    struct own *own = im->own;
    own->files.count = 0; /* a file may be read twice */
    find_fields(im);
    Date as_of = arg_has(im->call, "as-of") ? arg_date(im->call, "as-of") : im->today;
    return booking_invoices_begin(cx, im->today, arg_flag(im->call, "snapshot"), as_of, &im->booking);
}

static enum rc read_dates(struct ctx *cx, struct import *im, const struct table_row *from, struct invoice_row *r) {
    const int *at = ((const struct own *)im->own)->at;
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
    const int *at = ((const struct own *)im->own)->at;
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
    const int *at = ((const struct own *)im->own)->at;
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
    const struct invoice_row *r = rows;
    struct own *own = im->own;
    TRY(booking_invoices(cx, &im->booking, rows, n, out_results));
    for (size_t i = 0; i < n; i++)
        if (r[i].file.n && out_results[i].status != ROW_REJECTED)
            *VEC_PUSH(own->arena, &own->files) =
                (struct wanted_file){arena_str(own->arena, r[i].number), arena_str(own->arena, r[i].file)};
    return OK;
}

/* ---- files ---- */

/* INVALID and NOT_FOUND are the file's fault, not the import's. */
static enum rc keep_file(struct ctx *cx, struct import *im, const char *folder, const struct wanted_file *w, bool *out_kept) {
    struct app *app = im->call->app;
    struct fault before = cx->fault;
    struct kept_file file;
    struct found_document document;
    bool is_new;
    const char *path = attach_path(cx, folder, w->name);
    enum rc rc = path ? attach_keep(cx, app, path, &file) : NOT_FOUND;
    *out_kept = rc == OK;
    if (rc == NOT_FOUND || rc == INVALID) {
        cx->fault = before;
        return OK;
    }
    TRY(rc);
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    TRY(look_up_document(cx, w->number, "number", &document));
    TRY(attach_book(cx, &document, w->number, &file, &is_new));
    return tx_commit(scope);
}

/* Files are kept after the rows are booked, so that copying them holds nobody up; what a crash leaves out is attached when
 * the file is imported again. They lie beside the imported file or below. */
static enum rc keep_files(struct ctx *cx, struct import *im, struct json_writer *out) {
    struct own *own = im->own;
    const char *path = arena_cstr(cx->arena, arg_text(im->call, "file")), *slash = strrchr(path, '/');
    const char *folder = slash ? arena_cstr(cx->arena, (Str){path, (size_t)(slash - path) + 1}) : ".";
    int64_t kept = 0;
    VEC_OF(Str) missing = {0};
    if (own->files.count == 0) return OK;
    for (size_t i = 0; i < own->files.count; i++) {
        bool is_kept;
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(keep_file(cx, im, folder, &own->files.items[i], &is_kept));
        arena_rewind(cx->arena, mark);
        kept += is_kept;
        if (!is_kept) *VEC_PUSH(own->arena, &missing) = own->files.items[i].name;
        if (im->call->progress)
            im->call->progress(im->call->self, "files", (int64_t)i + 1, (int64_t)own->files.count);
    }
    json_put_i64(out, "files", kept);
    json_key(out, "files_missing");
    json_array(out);
    for (size_t i = 0; i < missing.count; i++) json_str(out, missing.items[i]);
    json_array_end(out);
    return OK;
}

static enum rc end(struct ctx *cx, struct import *im, Str data, int64_t *out_settled) {
    return booking_end(cx, &im->booking, data, out_settled);
}

static const struct import_driver driver = {&import_invoices, sizeof(struct invoice_row), begin, read, book, end, keep_files};

static enum rc begin_one(struct ctx *cx, struct import *im) {
    struct own *own = im->own;
    find_fields(im);
    own->files.count = 0;
    return booking_invoices_begin(cx, im->today, false, im->today, &im->booking);
}

static const struct import_driver one_driver = {&import_invoices, sizeof(struct invoice_row), begin_one, read, book, end, NULL};

enum rc import_one_invoice(struct ctx *cx, struct call *call) {
    struct own own = {.arena = cx->arena};
    return import_one(cx, call, &one_driver, &own, "the invoice is there already");
}

static enum rc invoice_import(struct ctx *cx, struct call *call) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct own own = {.arena = arena};
    if (arg_has(call, "as-of") && !arg_flag(call, "snapshot"))
        return fail_field(cx, INVALID, "as-of", "give --snapshot as well", "--as-of says the day of a snapshot");
    return import_file(cx, call, &driver, &own);
}

const struct action invoice_import_action = {
    .verb = "invoice import",
    .path = "POST /invoices/import",
    .summary = "Import invoices, debit notes, credit notes and advances from CSV or XLSX",
    .details = "Columns: number, customer_code, issue_date, due_date, currency and amount, and if present open_amount, "
               "type, reference, description, "
               "instalment, file, applies_to. Several rows with one number and different instalments are the "
               "instalments of one document; file names a copy of it, beside the imported file or below, which is kept "
               "(aldia invoice attach); files_missing lists those that are not there or are no PDF, XML, PNG or JPEG. What was "
               "imported before is counted as duplicate and left as it is. With --snapshot the file is everything that "
               "is open on the day --as-of: "
               "what it does not mention has been settled.",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_NONE,
    .params = PARAMS(IMPORT_PARAMS,
                     {"snapshot", P_FLAG, OPTIONAL, "the file is all that is open: settle what is missing", NULL},
                     {"as-of", P_DATE, OPTIONAL, "day of the snapshot; today if not given", NULL}),
    .run = invoice_import,
    .is_slow = true,
};
