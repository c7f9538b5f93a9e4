/* A letter on paper: window address, fold marks, text, what is owed, how to pay (REQ: C6).
 *
 * On A4 the address stands where DIN 5008 form B has it, on Letter paper where the window of a number 10 envelope is when
 * the sheet is folded in three. */
#ifndef DOCUMENT_LETTER_DOC_H
#define DOCUMENT_LETTER_DOC_H

#include "document/statement_doc.h"

struct letter_doc {
    /* Company, logo, language, day, items with sums, ways to pay and code: as in a statement. */
    const struct statement_doc *statement;
    const Str *address; /* lines, the name first; at most six are printed */
    size_t address_count;
    Str subject;
    const Str *paragraphs;
    size_t paragraph_count;
};

/* As statement_pdf. */
MUST_USE enum rc letter_pdf(struct ctx *cx, const struct letter_doc *doc, struct buf *out);

/* Documents one after the other as one, for printing; each begins on a page of its own. Texts stay, tags do not.
 * *out_pages counts them all. INTERNAL when one of them is no PDF. */
MUST_USE enum rc pdf_merge(struct ctx *cx, const Str *documents, size_t count, struct buf *out, int64_t *out_pages);

#endif
