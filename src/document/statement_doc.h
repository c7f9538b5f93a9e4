/* A customer's statement of account as plain rows, and as PDF, XLSX and CSV (REQ: A4).
 *
 * The rows say everything: equal rows give equal bytes. Rows come ordered by currency; every amount of a row is in its
 * currency. */
#ifndef DOCUMENT_STATEMENT_DOC_H
#define DOCUMENT_STATEMENT_DOC_H

#include "core/qr.h"
#include "document/pdf_image.h"
#include "message/message_types.h"

/* An open claim on the day. */
struct statement_item {
    Str number, type; /* "invoice", "debit_note" */
    int32_t position, instalment_count;
    Date issue_date, due_date;
    int32_t days_overdue; /* 0: not yet */
    Money amount, open;
};

/* What happened: a booking with what it did to what is owed, or money that came or went back. */
struct statement_move {
    Date date;
    Str kind; /* a document's type, received, returned, allocation, credit, interest, write_off, … */
    Str number;
    int32_t position; /* 0: of no instalment */
    Str reference;
    int64_t payment_id; /* 0: none */
    Money amount, change, balance;
};

/* Credit not used up: a payment, credit note or advance. */
struct statement_spare {
    Date date;
    Str kind, number; /* "payment": the number is its reference */
    Money amount, unapplied;
};

enum age_band { AGE_NOT_DUE, AGE_30, AGE_60, AGE_90, AGE_OLDER, AGE_BANDS };
enum age_band age_band_of(int32_t days_overdue);

/* A way to pay as it is printed. */
struct statement_way {
    Str label, value, holder, note; /* any but the value may be empty */
};

/* What one currency adds up to. */
struct statement_sum {
    Currency currency;
    int64_t balance, overdue, unapplied; /* balance − unapplied is the net */
    int64_t ages[AGE_BANDS];
};

struct statement_doc {
    struct message_company company;
    const struct pdf_image *logo; /* NULL: the name instead */
    Str code, name, tax_id, address, country, language;
    Date at;
    const struct statement_item *items;
    size_t item_count;
    const struct statement_move *moves;
    size_t move_count;
    const struct statement_spare *spares;
    size_t spare_count;
    const struct statement_sum *sums;
    size_t sum_count;
    bool with_moves; /* the PDF lists the movements too */
    const struct statement_way *ways;
    size_t way_count;
    const struct qr *qr; /* to be scanned for paying qr_amount; NULL: none */
    Money qr_amount; /* zero: whoever pays fills it in */
};

/* A whole PDF, appended to `out`. NOT_FOUND without a font, with the package to install; INVALID when it is too long. */
MUST_USE enum rc statement_pdf(struct ctx *cx, const struct statement_doc *doc, struct buf *out);
/* A workbook at `path`: open items, movements, unapplied credit and sums, with numbers as numbers and dates as dates; a
 * text is never a formula. INTERNAL when the file cannot be written. */
MUST_USE enum rc statement_xlsx(struct ctx *cx, const struct statement_doc *doc, const char *path);
/* The movements, a header line first. What a spreadsheet would take for a formula gets an apostrophe. */
void statement_csv(const struct statement_doc *doc, struct buf *out);

#endif
