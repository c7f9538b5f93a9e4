/* QR codes (ISO/IEC 18004): text to a square of modules, and the square as SVG, PNG or text.
 *
 * What the text of a payment code must be is epc_qr.h's and pix_qr.h's knowledge. */
#ifndef CORE_QR_H
#define CORE_QR_H

#include "base/buf.h"
#include "base/ctx.h"

#define QR_QUIET 4 /* light modules that must surround the square; every writer here adds them */

struct qr {
    int width;            /* modules a side, without the quiet zone */
    const uint8_t *cells; /* width × width, row by row from the top: 1 is dark */
};

/* Error correction M (15 %), the smallest square up to `max_version`; bytes as they are. In cx->arena. INVALID when the
 * text is empty or does not fit. */
MUST_USE enum rc qr_make(struct ctx *cx, Str text, int max_version, struct qr *out_qr);
bool qr_dark(const struct qr *qr, int x, int y);

/* An <svg> element of its own, dark on white, `label` for those who cannot see it; sized by its viewBox alone. */
void qr_svg(const struct qr *qr, Str label, struct buf *out);
/* A PNG file, black and white, `scale` pixels a module. */
void qr_png(const struct qr *qr, int scale, struct buf *out);
/* Lines of half blocks for a terminal or a text mail in a fixed font, dark on light. */
void qr_text(const struct qr *qr, struct buf *out);

#endif
