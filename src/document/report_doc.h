/* A plain document of facts, paragraphs and tables: receipts, agreements, the summary of a case file. */
#ifndef DOCUMENT_REPORT_DOC_H
#define DOCUMENT_REPORT_DOC_H

#include "core/date.h"
#include "document/pdf_image.h"
#include "message/message_types.h"

struct report_fact {
    Str label, value;
};

struct report_column {
    Str head;
    double share; /* of the width; those of a table add up to 1 */
    bool is_right;
};

struct report_table {
    Str title, empty; /* what is said without rows; empty: the table is left out then */
    const struct report_column *columns;
    size_t column_count;
    const Str *cells; /* row by row */
    size_t row_count;
};

struct report_doc {
    const struct message_company *company;
    const struct pdf_image *logo; /* NULL: the name alone */
    Str language, title, subtitle, footer;
    Date at;
    const struct report_fact *facts;
    size_t fact_count;
    const Str *paragraphs; /* before the tables */
    size_t paragraph_count;
    const struct report_table *tables;
    size_t table_count;
    const Str *closing; /* after them */
    size_t closing_count;
    const Str *signatures; /* a line to sign on for each */
    size_t signature_count;
};

/* As statement_pdf: tagged, the same rows give the same bytes. */
MUST_USE enum rc report_pdf(struct ctx *cx, const struct report_doc *doc, struct buf *out);

#endif
