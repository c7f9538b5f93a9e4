/* Tables from files, row by row: CSV and XLSX behind one reader (interfaces.md 4, REQ: A6).
 *
 * Streams: memory is bounded whatever the size of the file. What cannot be known for sure (encoding, delimiter) is
 * refused with the choice to make, never guessed silently. */
#ifndef INTAKE_TABLE_H
#define INTAKE_TABLE_H

#include "base/ctx.h"

struct table;

struct table_options {
    const char *encoding; /* NULL: UTF-8 with or without BOM, UTF-16 with BOM; else e.g. "windows-1252" */
    char delimiter;       /* 0: detect among , ; tab | */
    const char *sheet;    /* XLSX: name or 1-based number; NULL: the first */
};

/* What was detected, to be shown. */
struct table_format {
    const char *kind; /* "csv" | "xlsx" */
    const char *encoding;
    char delimiter; /* 0 for xlsx */
    Str sheet;
    int64_t bytes; /* size of the file, for progress */
};

/* Reads the header: the first row that is not blank, or, where that row and those beneath it have a single filled cell (a report's
 * title), the first wider one among the next 20. INVALID with field and remedy, the fault's line set where one is at fault; NOT_FOUND when there is
 * no such file. */
MUST_USE enum rc table_open(struct ctx *cx, const char *path, const struct table_options *options,
                            struct table **out_table);
void table_close(struct table **table); /* for AUTO */
const struct table_format *table_format(const struct table *t);
size_t table_columns(const struct table *t);
Str table_header(const struct table *t, size_t column);

struct table_row {
    int64_t line;     /* of the file where the row starts, from 1 */
    const Str *cells; /* table_columns() of them, short rows padded with empty ones; valid until the next row */
    /* XLSX: cells that are real numbers or dates, already in plain form ("1234.5", "2026-11-21"); no ambiguity to
     * resolve. CSV: all false. */
    const bool *typed;
};
/* *out_more false at the end. Blank rows are passed over. A row with more cells than the header, a bad quote, invalid
 * UTF-8 or a cell over 64 KiB is INVALID (the fault's field names the column) and reading may go on with the next row.
 */
MUST_USE enum rc table_next(struct ctx *cx, struct table *t, struct table_row *out_row, bool *out_more);
/* 1-based line of the fault after an INVALID from table_next (the fault has it too); before the first row, the
 * header's. */
int64_t table_line(const struct table *t);
/* Whether the file is text, but neither UTF-8 nor UTF-16: what programs for Windows write as windows-1252. Reads all of it; false when it
 * cannot be read. Whoever asks tells what is assumed. */
bool table_is_western(const char *path);
/* Share read so far, 0..1000, for progress bars. */
int table_progress(const struct table *t);

#endif
