/* Decoding to UTF-8 in pieces.
 *
 * Owns the few encodings spreadsheets and old accounting programs write; anything rarer is converted by the user. Own
 * tables rather than iconv: exact, the same on every machine, and a bad byte keeps its place. */
#include "intake/text_stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum decoder { DECODE_UTF8, DECODE_UTF16LE, DECODE_UTF16BE, DECODE_TABLE };

struct text_encoding {
    const char *name;
    const char *aliases; /* comma list, lower case */
    enum decoder decoder;
    const uint16_t *high; /* code points of 0x80..; 0 = none */
    size_t high_count;    /* beyond it a byte is its own code point */
};

/* 0x80..0x9F of windows-1252 (Unicode Consortium, CP1252.TXT). */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0000, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x0000, 0x017D, 0x0000, 0x0000, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x0000, 0x017E, 0x0178,
};

/* 0x80..0xBF of ISO 8859-15: Latin-1 with the euro and seven letters. */
static const uint16_t iso_8859_15[64] = {
    0x0080, 0x0081, 0x0082, 0x0083, 0x0084, 0x0085, 0x0086, 0x0087, 0x0088, 0x0089, 0x008A, 0x008B, 0x008C,
    0x008D, 0x008E, 0x008F, 0x0090, 0x0091, 0x0092, 0x0093, 0x0094, 0x0095, 0x0096, 0x0097, 0x0098, 0x0099,
    0x009A, 0x009B, 0x009C, 0x009D, 0x009E, 0x009F, 0x00A0, 0x00A1, 0x00A2, 0x00A3, 0x20AC, 0x00A5, 0x0160,
    0x00A7, 0x0161, 0x00A9, 0x00AA, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x00AF, 0x00B0, 0x00B1, 0x00B2, 0x00B3,
    0x017D, 0x00B5, 0x00B6, 0x00B7, 0x017E, 0x00B9, 0x00BA, 0x00BB, 0x0152, 0x0153, 0x0178, 0x00BF,
};

/* 0x80..0xFF of code page 850, what DOS programs and consoles in Western languages wrote. */
static const uint16_t dos_850[128] = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8, 0x00EF, 0x00EE,
    0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9, 0x00FF, 0x00D6,
    0x00DC, 0x00F8, 0x00A3, 0x00D8, 0x00D7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA,
    0x00BA, 0x00BF, 0x00AE, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB, 0x2591, 0x2592, 0x2593, 0x2502,
    0x2524, 0x00C1, 0x00C2, 0x00C0, 0x00A9, 0x2563, 0x2551, 0x2557, 0x255D, 0x00A2, 0x00A5, 0x2510, 0x2514,
    0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x00E3, 0x00C3, 0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550,
    0x256C, 0x00A4, 0x00F0, 0x00D0, 0x00CA, 0x00CB, 0x00C8, 0x0131, 0x00CD, 0x00CE, 0x00CF, 0x2518, 0x250C,
    0x2588, 0x2584, 0x00A6, 0x00CC, 0x2580, 0x00D3, 0x00DF, 0x00D4, 0x00D2, 0x00F5, 0x00D5, 0x00B5, 0x00FE,
    0x00DE, 0x00DA, 0x00DB, 0x00D9, 0x00FD, 0x00DD, 0x00AF, 0x00B4, 0x00AD, 0x00B1, 0x2017, 0x00BE, 0x00B6,
    0x00A7, 0x00F7, 0x00B8, 0x00B0, 0x00A8, 0x00B7, 0x00B9, 0x00B3, 0x00B2, 0x25A0, 0x00A0,
};

static const struct text_encoding encodings[] = {
    {"utf-8", "utf8", DECODE_UTF8, NULL, 0},
    {"utf-16le", "utf16le", DECODE_UTF16LE, NULL, 0},
    {"utf-16be", "utf16be", DECODE_UTF16BE, NULL, 0},
    {"windows-1252", "cp1252,windows1252,ansi", DECODE_TABLE, windows_1252, COUNT_OF(windows_1252)},
    {"iso-8859-1", "latin1,latin-1,iso8859-1,iso88591", DECODE_TABLE, NULL, 0},
    {"iso-8859-15", "latin9,latin-9,iso8859-15,iso885915", DECODE_TABLE, iso_8859_15, COUNT_OF(iso_8859_15)},
    {"cp850", "ibm850,850,dos", DECODE_TABLE, dos_850, COUNT_OF(dos_850)},
};

static bool in_list(const char *list, Str name) {
    for (Str rest = str_from(list); rest.p;)
        if (str_equal_nocase(str_cut(&rest, ','), name)) return true;
    return false;
}

static const struct text_encoding *encoding_find(Str name) {
    for (size_t i = 0; i < COUNT_OF(encodings); i++)
        if (str_equal_nocase(str_from(encodings[i].name), name) || in_list(encodings[i].aliases, name))
            return &encodings[i];
    return NULL;
}

/* Moves what is left to the front and reads once more. */
static enum rc refill(struct ctx *cx, struct text_stream *s) {
    if (s->at) memmove(s->raw, s->raw + s->at, s->n - s->at);
    s->n -= s->at;
    s->at = 0;
    while (!s->ended) {
        ssize_t got = read(s->fd, s->raw + s->n, sizeof s->raw - s->n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(cx, INTERNAL, "cannot read the file: %s", strerror(errno));
        s->ended = got == 0;
        s->n += (size_t)got;
        s->consumed += got;
        break;
    }
    return OK;
}

static bool has_mark(const struct text_stream *s, const char *mark, size_t n) {
    return s->n >= n && memcmp(s->raw, mark, n) == 0;
}

enum rc text_stream_init(struct ctx *cx, struct text_stream *s, int fd, const char *encoding) {
    s->fd = fd;
    s->at = s->n = 0;
    s->ended = false;
    s->consumed = 0;
    while (s->n < 4 && !s->ended) TRY(refill(cx, s));
    bool is_le = has_mark(s, "\xFF\xFE", 2), is_be = has_mark(s, "\xFE\xFF", 2);
    if (!encoding) {
        s->encoding = &encodings[is_le ? 1 : is_be ? 2 : 0];
    } else if (str_equal_nocase(str_from(encoding), S("utf-16")) || str_equal_nocase(str_from(encoding), S("utf16"))) {
        if (!is_le && !is_be)
            return fail_field(cx, INVALID, "encoding", "--encoding utf-16le or utf-16be",
                              "the file has no byte order mark, so utf-16 does not say which half comes first");
        s->encoding = &encodings[is_le ? 1 : 2];
    } else {
        s->encoding = encoding_find(str_from(encoding));
        if (!s->encoding)
            return fail_field(cx, INVALID, "encoding",
                              "use utf-8, utf-16, utf-16le, utf-16be, windows-1252, iso-8859-1, iso-8859-15 or cp850",
                              "unknown encoding \"%.60s\"", encoding);
    }
    if (s->encoding->decoder == DECODE_UTF8 && has_mark(s, "\xEF\xBB\xBF", 3)) s->at = 3;
    if (s->encoding->decoder == DECODE_UTF16LE && is_le) s->at = 2;
    if (s->encoding->decoder == DECODE_UTF16BE && is_be) s->at = 2;
    return OK;
}

const char *text_stream_encoding(const struct text_stream *s) { return s->encoding->name; }

static size_t put_codepoint(uint32_t c, char *out) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static size_t decode_table(struct text_stream *s, char *out, size_t room) {
    size_t n = 0;
    while (s->at < s->n && n + 4 <= room) {
        unsigned char byte = s->raw[s->at++];
        uint32_t c = byte;
        if (byte >= 0x80 && byte - 0x80U < s->encoding->high_count) c = s->encoding->high[byte - 0x80];
        if (c == 0 && byte != 0)
            out[n++] = '\xFF';
        else
            n += put_codepoint(c, out + n);
    }
    return n;
}

static uint32_t unit_at(const struct text_stream *s, size_t at) {
    uint32_t a = s->raw[at], b = s->raw[at + 1];
    return s->encoding->decoder == DECODE_UTF16LE ? a | b << 8 : a << 8 | b;
}

static size_t decode_utf16(struct text_stream *s, char *out, size_t room) {
    size_t n = 0;
    while (s->at + 1 < s->n && n + 4 <= room) {
        uint32_t c = unit_at(s, s->at);
        size_t used = 2;
        bool is_high = c >= 0xD800 && c < 0xDC00, is_low = c >= 0xDC00 && c < 0xE000;
        if (is_high) {
            if (s->at + 3 >= s->n && !s->ended) break;
            uint32_t low = s->at + 3 < s->n ? unit_at(s, s->at + 2) : 0;
            is_low = low < 0xDC00 || low >= 0xE000; /* alone */
            if (!is_low) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                used = 4;
            }
        }
        s->at += used;
        if (is_low)
            out[n++] = '\xFF';
        else
            n += put_codepoint(c, out + n);
    }
    if (s->ended && s->n - s->at == 1 && n < room) { /* half a unit at the end */
        s->at = s->n;
        out[n++] = '\xFF';
    }
    return n;
}

enum rc text_stream_read(struct ctx *cx, struct text_stream *s, char *out, size_t room, size_t *out_n) {
    for (;;) {
        size_t n = 0;
        if (s->encoding->decoder == DECODE_TABLE) {
            n = decode_table(s, out, room);
        } else if (s->encoding->decoder != DECODE_UTF8) {
            n = decode_utf16(s, out, room);
        } else if (s->n > s->at) {
            n = s->n - s->at < room ? s->n - s->at : room;
            memcpy(out, s->raw + s->at, n);
            s->at += n;
        }
        if (n || (s->ended && s->at == s->n)) {
            *out_n = n;
            return OK;
        }
        TRY(refill(cx, s));
    }
}
