/* The shapes of amounts and dates as people write them, before it is known which mark or order a file uses. Private to
 * mapping*.c. */
#ifndef INTAKE_MAPPING_SCAN_H
#define INTAKE_MAPPING_SCAN_H

#include "intake/mapping.h"

/* What one amount says about the decimal mark of its file. */
enum mark_evidence {
    MARK_SILENT,   /* no marks, or not an amount */
    MARK_POINT,    /* can only be a decimal point: 1234.5  1,234.50  0.500 */
    MARK_COMMA,    /* can only be a decimal comma */
    MARK_AMBIGUOUS /* one mark before exactly three digits: 1.234 */
};
enum mark_evidence mark_evidence(Str amount);
/* The figures without "$" or the euro sign before or behind them; *out_sign is what was taken off, empty when nothing was. */
Str amount_without_sign(Str amount, Str *out_sign);

/* A date cut into numbers. */
enum date_shape { SHAPE_NONE, SHAPE_SHORT_YEAR, SHAPE_YEAR_FIRST, SHAPE_YEAR_LAST };
struct date_parts {
    enum date_shape shape;
    int first, second, year; /* year first: month, day; year last: as written */
};
struct date_parts date_scan(Str text);

/* White space and no-break spaces at both ends. */
Str cell_trim(Str cell);

/* Maps the header alone. */
MUST_USE enum rc mapping_header(struct ctx *cx, const struct table *t, const struct import_kind *kind,
                                const struct mapping_options *options, struct mapping *out_mapping);

#endif
