/* What a workbook says about its sheets: their names and parts, the shared texts, which cell styles are dates. */
#ifndef INTAKE_XLSX_BOOK_H
#define INTAKE_XLSX_BOOK_H

#include "intake/xlsx_part.h"

#define XLSX_MAX_SHARED ((size_t)256 * 1024 * 1024) /* bytes of shared texts */

struct xlsx_book {
    struct xlsx_container container;
    bool is_1904;
    Str sheet;        /* the chosen one */
    const char *part; /* where it is */
    char *texts;      /* the shared texts, end to end */
    size_t texts_n, texts_capacity;
    uint32_t *ends; /* of each text */
    size_t count, capacity;
    bool *is_date; /* by cell style */
    size_t style_count;
};

/* Takes the descriptor over, also on failure. `sheet`: name or number from 1; NULL: the first that is not hidden. Names
 * go to `arena`. */
MUST_USE enum rc xlsx_book_open(struct ctx *cx, const char *path, int fd, const char *sheet, struct arena *arena,
                                struct xlsx_book *book);
void xlsx_book_close(struct xlsx_book *book);
/* False when there is none with this number. */
bool xlsx_book_text(const struct xlsx_book *book, size_t index, Str *out_text);

#endif
