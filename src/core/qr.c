/* libqrencode makes the modules; the three ways to write them are here, none needs a library of pictures. */
#include "core/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>
#include <zlib.h>

enum rc qr_make(struct ctx *cx, Str text, int max_version, struct qr *out_qr) {
    if (text.n == 0 || text.n > QRSPEC_VERSION_MAX * 100)
        return fail(cx, INVALID, "a QR code of %zu bytes cannot be made", text.n);
    const unsigned char *bytes = (const unsigned char *)text.p;
    QRcode *made = QRcode_encodeData((int)text.n, bytes, 0, QR_ECLEVEL_M);
    if (!made) return fail(cx, INVALID, "a QR code of %zu bytes cannot be made: %s", text.n, strerror(errno));
    enum rc rc = OK;
    if (made->version > max_version) {
        rc = fail(cx, INVALID, "the text of %zu bytes does not fit a QR code of version %d", text.n, max_version);
    } else {
        size_t count = (size_t)made->width * (size_t)made->width;
        uint8_t *cells = arena_alloc(cx->arena, count);
        for (size_t i = 0; i < count; i++) cells[i] = made->data[i] & 1;
        *out_qr = (struct qr){made->width, cells};
    }
    QRcode_free(made);
    return rc;
}

bool qr_dark(const struct qr *qr, int x, int y) {
    bool inside = x >= 0 && y >= 0 && x < qr->width && y < qr->width;
    return inside && qr->cells[y * qr->width + x];
}

/* One path of horizontal runs: small, and no hairlines between modules. */
void qr_svg(const struct qr *qr, Str label, struct buf *out) {
    int side = qr->width + 2 * QR_QUIET;
    buf_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", side,
               side);
    buf_add_html(out, label);
    buf_printf(out,
               "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"",
               side, side);
    for (int y = 0; y < qr->width; y++)
        for (int x = 0; x < qr->width; x++) {
            int run = 0;
            while (qr_dark(qr, x + run, y)) run++;
            if (run) buf_printf(out, "M%d %dh%dv1h-%dz", x + QR_QUIET, y + QR_QUIET, run, run);
            x += run;
        }
    buf_add_cstr(out, "\"/></svg>");
}

/* ---- PNG (ISO/IEC 15948): one bit a pixel ---- */

static void add_u32(struct buf *out, uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) buf_add_char(out, (char)(value >> shift & 0xFF));
}

static void add_chunk(struct buf *out, const char *type, const unsigned char *data, size_t n) {
    add_u32(out, (uint32_t)n);
    size_t start = out->n;
    buf_add_cstr(out, type);
    buf_add(out, (Str){(const char *)data, n});
    if (!buf_ok(out)) return;
    add_u32(out, (uint32_t)crc32(0, (const unsigned char *)out->p + start, (unsigned)(n + 4)));
}

/* A row of the picture: filter 0, then bits, 1 for white. */
static void add_row(struct buf *rows, const struct qr *qr, int y, int scale) {
    int side = qr->width + 2 * QR_QUIET, bits = 0;
    unsigned byte = 0;
    buf_add_char(rows, 0);
    for (int x = 0; x < side; x++)
        for (int k = 0; k < scale; k++) {
            byte = byte << 1 | !qr_dark(qr, x - QR_QUIET, y - QR_QUIET);
            if (++bits % 8 == 0) {
                buf_add_char(rows, (char)(byte & 0xFF));
                byte = 0;
            }
        }
    if (bits % 8) buf_add_char(rows, (char)(byte << (8 - bits % 8) & 0xFF));
}

void qr_png(const struct qr *qr, int scale, struct buf *out) {
    MUST(scale > 0 && scale <= 64);
    int side = qr->width + 2 * QR_QUIET;
    uint32_t pixels = (uint32_t)(side * scale);
    AUTO(buf_done) struct buf rows = buf_make((size_t)pixels * (pixels / 8 + 2));
    for (int y = 0; y < side; y++)
        for (int k = 0; k < scale; k++) add_row(&rows, qr, y, scale);
    MUST(buf_ok(&rows));
    uLongf packed = compressBound((uLong)rows.n);
    AUTO(buf_done) struct buf data = buf_make(packed);
    unsigned char *room = (unsigned char *)buf_reserve(&data, packed);
    MUST(room && compress2(room, &packed, (const unsigned char *)rows.p, (uLong)rows.n, 9) == Z_OK);
    buf_add(out, S("\x89PNG\r\n\x1a\n"));
    unsigned char head[13] = {0,           0, (unsigned char)(pixels >> 8), (unsigned char)(pixels & 0xFF),
                              0,           0, (unsigned char)(pixels >> 8), (unsigned char)(pixels & 0xFF),
                              1 /* bit */, 0 /* grey */};
    add_chunk(out, "IHDR", head, sizeof head);
    add_chunk(out, "IDAT", room, packed);
    add_chunk(out, "IEND", (const unsigned char *)"", 0);
}

void qr_text(const struct qr *qr, struct buf *out) {
    static const char *const blocks[] = {"\xE2\x96\x88", "\xE2\x96\x80", "\xE2\x96\x84",
                                         " "}; /* █ ▀ ▄, light is drawn */
    for (int y = -QR_QUIET; y < qr->width + QR_QUIET; y += 2) {
        for (int x = -QR_QUIET; x < qr->width + QR_QUIET; x++)
            buf_add_cstr(out, blocks[(qr_dark(qr, x, y) ? 2 : 0) + (qr_dark(qr, x, y + 1) ? 1 : 0)]);
        buf_add_char(out, '\n');
    }
}
