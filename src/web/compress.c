/* One compressor a worker, kept. */
#include "web/compress.h"

#include <libdeflate.h>

#define LEAST 1400 /* fits one packet anyway */
#define LEVEL 1 /* pages are made anew each time: two thirds of the time of level 3 for a twentieth more bytes */

static bool is_text(const struct request *r) {
    Str type = fields_header(&r->answer.headers, "Content-Type");
    return str_starts(type, S("text/html")) || str_starts(type, S("application/json"));
}

void compress_answer(struct worker *w, struct request *r) {
    struct buf *body = &r->answer.body;
    if (r->answer.fixed.p || r->answer.stream || r->answer.spool || body->n < LEAST || !is_text(r)) return;
    answer_header(r, "Vary", S("Accept-Encoding"));
    if (!header_accepts(fields_header(&r->headers, "Accept-Encoding"), "gzip")) return;
    if (!w->compressor) w->compressor = libdeflate_alloc_compressor(LEVEL);
    if (!w->compressor) return;
    struct buf small = buf_make(body->n);
    char *room = buf_reserve(&small, body->n - 1);
    size_t n = room ? libdeflate_gzip_compress(w->compressor, body->p, body->n, room, body->n - 1) : 0;
    if (n == 0) {
        buf_done(&small);
        return;
    }
    small.n += n;
    buf_done(body);
    *body = small;
    answer_header(r, "Content-Encoding", S("gzip"));
}

void compress_done(struct worker *w) {
    if (w->compressor) libdeflate_free_compressor(w->compressor);
    w->compressor = NULL;
}
