/* Growing text with a ceiling. */
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"

struct buf buf_make(size_t max) {
    static char empty[1] = "";
    return (struct buf){.p = empty, .max = max};
}

void buf_done(struct buf *b) {
    if (b->capacity) mem_free(b->p);
    *b = buf_make(b->max);
}

void buf_clear(struct buf *b) {
    b->n = 0;
    b->overflow = false;
    if (b->capacity) b->p[0] = '\0';
}

char *buf_reserve(struct buf *b, size_t n) {
    if (b->overflow || n > b->max - b->n) {
        b->overflow = true;
        return NULL;
    }
    if (b->capacity < b->n + n + 1) {
        size_t capacity = b->capacity ? b->capacity : 256;
        while (capacity < b->n + n + 1) capacity *= 2;
        b->p = mem_resize(b->capacity ? b->p : NULL, capacity);
        b->capacity = capacity;
    }
    b->p[b->n + n] = '\0';
    return b->p + b->n;
}

void buf_add(struct buf *b, Str s) {
    if (s.n == 0) return;
    char *room = buf_reserve(b, s.n);
    if (!room) return;
    memcpy(room, s.p, s.n);
    b->n += s.n;
}

void buf_add_cstr(struct buf *b, const char *text) { buf_add(b, str_from(text)); }

void buf_add_char(struct buf *b, char c) { buf_add(b, (Str){&c, 1}); }

void buf_add_i64(struct buf *b, int64_t value) {
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0) digits[--at] = '-';
    buf_add(b, (Str){digits + at, sizeof digits - at});
}

void buf_vprintf(struct buf *b, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n > 0) {
        char *room = buf_reserve(b, (size_t)n);
        if (room) {
            vsnprintf(room, (size_t)n + 1, format, again);
            b->n += (size_t)n;
        }
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...) {
    va_list args;
    va_start(args, format);
    buf_vprintf(b, format, args);
    va_end(args);
}

void buf_add_codepoint(struct buf *b, uint32_t c) {
    char out[4];
    size_t n;
    if (c < 0x80) {
        out[0] = (char)c;
        n = 1;
    } else if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        n = 2;
    } else if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        n = 3;
    } else {
        out[0] = (char)(0xF0 | (c >> 18 & 0x07));
        out[1] = (char)(0x80 | (c >> 12 & 0x3F));
        out[2] = (char)(0x80 | (c >> 6 & 0x3F));
        out[3] = (char)(0x80 | (c & 0x3F));
        n = 4;
    }
    buf_add(b, (Str){out, n});
}

/* Copies runs of plain characters in one go and puts `replacement(c)` for the others. */
static void add_escaped(struct buf *b, Str s, const char *(*replacement)(unsigned char c, char *scratch)) {
    char scratch[8];
    size_t start = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *other = replacement((unsigned char)s.p[i], scratch);
        if (!other) continue;
        buf_add(b, (Str){s.p + start, i - start});
        buf_add_cstr(b, other);
        start = i + 1;
    }
    buf_add(b, (Str){s.p + start, s.n - start});
}

static const char *html_entity(unsigned char c, char *scratch) {
    (void)scratch;
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static const char *json_escape(unsigned char c, char *scratch) {
    switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
    }
    if (c >= 0x20) return NULL;
    snprintf(scratch, 8, "\\u%04x", (unsigned)c);
    return scratch;
}

static const char *url_escape(unsigned char c, char *scratch) {
    bool unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.' || c == '_' || c == '~';
    if (unreserved) return NULL;
    snprintf(scratch, 8, "%%%02X", (unsigned)c);
    return scratch;
}

void buf_add_html(struct buf *b, Str s) { add_escaped(b, s, html_entity); }
void buf_add_url(struct buf *b, Str s) { add_escaped(b, s, url_escape); }
void buf_add_json(struct buf *b, Str s) { add_escaped(b, s, json_escape); }

/* The full-width forms of = + - @, which some spreadsheets take for the plain ones. */
static bool is_wide_formula(Str s) {
    static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
    for (size_t i = 0; i < COUNT_OF(wide); i++)
        if (str_starts(s, str_from(wide[i]))) return true;
    return false;
}

static bool is_formula(Str s) {
    if (is_wide_formula(s)) return true;
    if (!s.n || !memchr("=+-@\t\r\n", s.p[0], 7)) return false;
    bool is_number = s.n > 1 && (s.p[0] == '+' || s.p[0] == '-');
    for (size_t i = 1; is_number && i < s.n; i++) is_number = memchr("0123456789., ()", s.p[i], 15) != NULL;
    return !is_number;
}

void buf_add_csv(struct buf *b, Str s) {
    buf_add_char(b, '"');
    if (is_formula(s)) buf_add_char(b, '\'');
    while (s.p && s.n) {
        Str piece = {s.p, str_index(s, '"')};
        buf_add(b, piece);
        s = (Str){s.p + piece.n, s.n - piece.n};
        if (!s.n) break;
        buf_add(b, S("\"\""));
        s = (Str){s.p + 1, s.n - 1};
    }
    buf_add_char(b, '"');
}

void buf_add_hex(struct buf *b, const void *bytes, size_t n) {
    static const char digits[] = "0123456789abcdef";
    const unsigned char *in = bytes;
    char *out = buf_reserve(b, n * 2);
    if (!out) return;
    for (size_t i = 0; i < n; i++) {
        out[i * 2] = digits[in[i] >> 4];
        out[i * 2 + 1] = digits[in[i] & 15];
    }
    b->n += n * 2;
}

void buf_add_base64(struct buf *b, const void *bytes, size_t n) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *in = bytes;
    size_t length = (n + 2) / 3 * 4;
    char *out = buf_reserve(b, length);
    if (!out) return;
    for (size_t i = 0; i < n; i += 3) {
        uint32_t three = (uint32_t)in[i] << 16;
        if (i + 1 < n) three |= (uint32_t)in[i + 1] << 8;
        if (i + 2 < n) three |= in[i + 2];
        *out++ = digits[three >> 18];
        *out++ = digits[three >> 12 & 63];
        *out++ = i + 1 < n ? digits[three >> 6 & 63] : '=';
        *out++ = i + 2 < n ? digits[three & 63] : '=';
    }
    b->n += length;
}

Str buf_str(const struct buf *b) { return (Str){b->p, b->n}; }
bool buf_ok(const struct buf *b) { return !b->overflow; }
