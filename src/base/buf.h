/* struct buf: text under construction, with a maximum that must be given.
 *
 * Appending past the maximum sets `overflow` and drops the rest; every writer checks it once at the end
 * (buf_ok) instead of after each call. The bytes are always NUL-terminated. Out of memory ends the process. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/rc.h"
#include "base/str.h"

struct buf {
    char *p;
    size_t n, capacity, max;
    bool overflow;
};

/* An empty buffer; nothing is allocated yet. */
struct buf buf_make(size_t max);
void buf_done(struct buf *b); /* also for AUTO(buf_done) */
void buf_clear(struct buf *b);
void buf_add(struct buf *b, Str s);
void buf_add_cstr(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_add_i64(struct buf *b, int64_t value);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *b, const char *format, va_list args) PRINTF_LIKE(2, 0);
void buf_add_codepoint(struct buf *b, uint32_t codepoint);
/* & < > " ' become entities: for element content and quoted attributes. */
void buf_add_html(struct buf *b, Str s);
/* Percent-encoding of all but the unreserved characters of RFC 3986. */
void buf_add_url(struct buf *b, Str s);
/* The inside of a JSON string (RFC 8259), without the quotes. */
void buf_add_json(struct buf *b, Str s);
/* One quoted CSV cell (RFC 4180). What a spreadsheet would run as a formula gets an apostrophe in front (CWE-1236);
 * signed numbers and telephone numbers do not. */
void buf_add_csv(struct buf *b, Str s);
/* Lower-case hexadecimal. */
void buf_add_hex(struct buf *b, const void *bytes, size_t n);
/* RFC 4648 with padding, in one line. */
void buf_add_base64(struct buf *b, const void *bytes, size_t n);
/* Room for n more bytes, to be filled by the caller, who then adds to b->n; NULL when over the maximum. */
char *buf_reserve(struct buf *b, size_t n);
Str buf_str(const struct buf *b);
bool buf_ok(const struct buf *b);

#endif
