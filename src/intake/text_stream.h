/* A file's bytes as UTF-8, piece by piece, whatever encoding it was saved in.
 *
 * Bytes that are not text in that encoding come out as 0xFF, which no UTF-8 contains: the reader above finds them in
 * its own check and can name the line. */
#ifndef INTAKE_TEXT_STREAM_H
#define INTAKE_TEXT_STREAM_H

#include "base/ctx.h"

struct text_encoding;

struct text_stream {
    int fd; /* borrowed */
    const struct text_encoding *encoding;
    size_t at, n; /* what is left in `raw` */
    bool ended;
    int64_t consumed; /* bytes of the file */
    unsigned char raw[65536];
};

/* `encoding` NULL: UTF-8, or UTF-16 when there is a byte order mark. INVALID for an encoding we do not know, naming
 * those we do. Reading starts at the descriptor's position; a byte order mark is passed over. */
MUST_USE enum rc text_stream_init(struct ctx *cx, struct text_stream *s, int fd, const char *encoding);
/* "utf-8", "utf-16le", "windows-1252", … */
const char *text_stream_encoding(const struct text_stream *s);
/* Up to `room` (≥ 16) bytes into `out`; *out_n = 0 at the end of the file. */
MUST_USE enum rc text_stream_read(struct ctx *cx, struct text_stream *s, char *out, size_t room, size_t *out_n);

#endif
