/* Pictures in documents: the creditor's logo (PNG or JPEG), read with bounds and kept ready to be copied. */
#ifndef DOCUMENT_PDF_IMAGE_H
#define DOCUMENT_PDF_IMAGE_H

#include "base/ctx.h"

#define IMAGE_FILE_MAX ((size_t)512 * 1024)

struct pdf_image {
    int width, height; /* pixels */
    Str dictionary;    /* the members of its stream's dictionary but for Length */
    Str bytes;         /* the stream, packed */
};

/* From the bytes of a file; in cx->arena. Transparent parts become white; pictures larger than 600 × 300 pixels are made
 * smaller. INVALID for what is no whole PNG or baseline or progressive JPEG, over IMAGE_FILE_MAX, or over 2000 pixels a
 * side. */
MUST_USE enum rc pdf_image_read(struct ctx *cx, Str file, struct pdf_image *out_image);

#endif
