/* `aldia payment import`. */
#include "action/app.h"
#include "action/import.h"
#include "customer_sql.h"
#include "document_sql.h"
#include "portfolio/booking_seen.h"
#include "portfolio/ledger.h"

enum { CUSTOMER_CODE, DATE, CURRENCY, AMOUNT, REFERENCE, INVOICE_NUMBER, METHOD, BANK_ACCOUNT, EXTERNAL_ID, FIELDS };

static const char *const field_names[FIELDS] = {"customer_code",  "date",   "currency",     "amount",     "reference",
                                                "invoice_number", "method", "bank_account", "external_id"};

/* The payments of a file book an event each; there is none for the file as a whole. */
struct own {
    int at[FIELDS];
    struct seen_set *seen; /* identical lines so far, by their hash */
};

static enum rc begin(struct ctx *cx, struct import *im) {
    (void)cx;
    struct own *own = im->own;
    for (int i = 0; i < FIELDS; i++) own->at[i] = import_field(im->kind, field_names[i]);
    return OK;
}

static enum rc read(struct ctx *cx, struct import *im, const struct table_row *from, void *out_row) {
    const int *at = ((struct own *)im->own)->at;
    struct payment_new *p = out_row;
    Str code;
    TRY(import_required(cx, im, from, at[CUSTOMER_CODE], &code));
    TRY(mapping_date(cx, &im->mapping, from, at[DATE], &p->date));
    if (date_is_none(p->date)) return fail_field(cx, INVALID, "date", "fill in the cell", "date is empty");
    Currency currency;
    TRY(import_currency(cx, im, from, at[CURRENCY], &currency));
    bool has;
    TRY(mapping_money(cx, &im->mapping, from, at[AMOUNT], currency, &has, &p->amount));
    if (!has) return fail_field(cx, INVALID, "amount", "fill in the cell", "amount is empty");
    if (p->amount.minor <= 0)
        return fail_field(cx, INVALID, "amount", "a payment taken back is reversed: aldia payment reverse",
                          "amount must be greater than zero");
    TRY(import_text(cx, im, from, at[REFERENCE], &p->reference));
    TRY(import_text(cx, im, from, at[INVOICE_NUMBER], &p->invoice_number));
    TRY(import_text(cx, im, from, at[METHOD], &p->method));
    TRY(import_text(cx, im, from, at[BANK_ACCOUNT], &p->bank_account));
    TRY(import_text(cx, im, from, at[EXTERNAL_ID], &p->external_id));
    p->today = im->today;
    return payment_resolve(cx, code, p);
}

/* Which of several identical lines of this file it is, 1, 2, …: with the same file again the same numbers come out. */
static int32_t occurrence_of(struct ctx *cx, struct own *own, const struct payment_new *p) {
    Str all = arena_printf(cx->arena, "%lld|%d|%u|%lld|%.*s|%.*s|%.*s|%.*s", (long long)p->customer_id, p->date.day,
                           p->amount.currency.packed, (long long)p->amount.minor, STR_ARG(p->reference),
                           STR_ARG(p->invoice_number), STR_ARG(p->method), STR_ARG(p->bank_account));
    bool is_new = false;
    int32_t occurrence = 0;
    while (!is_new) seen_put(own->seen, seen_hash(own->seen, all.p, all.n, (uint64_t)++occurrence), 1, &is_new);
    return occurrence;
}

static enum rc book(struct ctx *cx, struct import *im, const void *rows, size_t n, struct row_result *out_results) {
    const struct payment_new *payments = rows;
    for (size_t i = 0; i < n; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        struct payment_new p = payments[i];
        p.occurrence = occurrence_of(cx, im->own, &p);
        struct payment_booked booked;
        enum rc rc = payment_record(cx, &p, &booked);
        if ((rc == CONFLICT || rc == INVALID) && cx->fault.field[0]) { /* both are found before anything is written */
            out_results[i] = (struct row_result){.status = ROW_REJECTED,
                                                 .field = arena_cstr(cx->arena, str_from(cx->fault.field)),
                                                 .message = arena_str(cx->arena, str_from(cx->fault.message)),
                                                 .hint = arena_str(cx->arena, str_from(cx->fault.hint))};
            continue;
        }
        TRY(rc);
        out_results[i] = (struct row_result){.status = booked.duplicate ? ROW_DUPLICATE : ROW_BOOKED};
        arena_rewind(cx->arena, mark);
    }
    return OK;
}

static enum rc end(struct ctx *cx, struct import *im, Str data, int64_t *out_settled) {
    (void)im;
    *out_settled = 0;
    Str object = arena_printf(cx->arena, "{%.*s}", STR_ARG(data));
    return event_note(cx, "payments.imported", 0, S(""), object);
}

static const struct import_driver driver = {&import_payments, sizeof(struct payment_new), begin, read, book, end};

static enum rc payment_import(struct ctx *cx, struct call *call) {
    struct own own = {.seen = seen_new()};
    enum rc rc = import_file(cx, call, &driver, &own);
    seen_free(own.seen);
    return rc;
}

const struct action payment_import_action = {
    .verb = "payment import",
    .path = "POST /payments/import",
    .summary = "Import payments from CSV or XLSX and allocate them",
    .details = "Columns: customer_code, date, currency and amount, and if present reference, invoice_number, method, "
               "bank_account, external_id. A named "
               "invoice is paid, oldest instalment first; without one the oldest due first. The rest stays as the "
               "customer's credit. The same "
               "external_id books once; identical lines without one are told apart by their count in the file.",
    .needs = CAP_MONEY_WRITE,
    .tx = TX_NONE,
    .params = PARAMS(IMPORT_PARAMS),
    .run = payment_import,
    .is_slow = true,
};
