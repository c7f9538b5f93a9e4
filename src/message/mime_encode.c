/* Header words and bodies in ASCII.
 *
 * A value that is not plain is encoded as a whole: the white space between two encoded words is dropped by readers (RFC
 * 2047 section 6.2), so every space must be inside one. Encoded words never cut a code point. */
#include "message/mime_encode.h"

#include <string.h>

#include "base/arena.h"

#define FOLD_AT 76
#define WORD_MAX 75   /* RFC 2047 section 2 */
#define WORD_FRAME 12 /* "=?UTF-8?Q?" and "?=" */
#define NAME_MAX_POINTS 128
#define QP_PIECE ((size_t)512)
#define QP_WIDEST 6 /* a soft break and an encoded byte */
#define SUBJECT_MAX_POINTS 400
#define LONGEST_PLAIN_WORD 60

static const char hex[] = "0123456789ABCDEF";

static bool is_override(uint32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); }

static bool is_blank(uint32_t c) {
    return c <= 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || is_override(c);
}

/* One line of well-formed text: what could break out of the line or deceive the eye becomes a space, runs of spaces
 * one. */
static Str clean(struct ctx *cx, Str value, size_t max_points) {
    struct buf b = buf_make(max_points * 4 + 8);
    size_t at = 0, points = 0;
    bool space = false;
    while (at < value.n && points < max_points) {
        uint32_t c = str_next_codepoint(value, &at);
        if (is_blank(c)) {
            space = points > 0;
            continue;
        }
        if (space) buf_add_char(&b, ' ');
        points += space ? 2 : 1;
        space = false;
        buf_add_codepoint(&b, c);
    }
    if (at < value.n && points >= max_points) buf_add_cstr(&b, "…");
    Str result = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return result;
}

static bool is_ascii(Str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80) return false;
    return true;
}

/* Foldable as it stands: ASCII, nothing that looks like an encoded word, no word longer than a line. */
static bool is_plain(Str s) {
    if (!is_ascii(s) || str_contains(s, S("=?"))) return false;
    size_t word = 0;
    for (size_t i = 0; i < s.n; i++) {
        word = s.p[i] == ' ' ? 0 : word + 1;
        if (word > LONGEST_PLAIN_WORD) return false;
    }
    return true;
}

/* Columns used in the line being written. */
static size_t column(const struct buf *out) {
    size_t n = 0;
    while (n < out->n && out->p[out->n - n - 1] != '\n') n++;
    return n;
}

static void fold(struct buf *out) { buf_add(out, S("\r\n ")); }

static void add_plain(struct buf *out, Str value) {
    size_t used = column(out);
    Str rest = value;
    bool first = true;
    while (rest.p) {
        Str word = str_cut(&rest, ' ');
        if (!first && used + 1 + word.n > FOLD_AT) {
            fold(out);
            used = 1;
        } else if (!first) {
            buf_add_char(out, ' ');
            used++;
        } else if (used + word.n > FOLD_AT) {
            fold(out);
            used = 1;
        }
        buf_add(out, word);
        used += word.n;
        first = false;
    }
}

/* What stands for itself in a Q word anywhere, phrases included (RFC 2047 section 5, rule 3). */
static bool is_q_safe(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '!' || c == '*' ||
           c == '+' || c == '-' || c == '/';
}

static size_t q_cost(Str s) {
    size_t cost = 0;
    for (size_t i = 0; i < s.n; i++) cost += is_q_safe((unsigned char)s.p[i]) || s.p[i] == ' ' ? 1 : 3;
    return cost;
}

static void add_q(struct buf *out, Str s) {
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == ' ')
            buf_add_char(out, '_');
        else if (is_q_safe(c))
            buf_add_char(out, (char)c);
        else
            buf_add(out, (Str){(char[]){'=', hex[c >> 4], hex[c & 15]}, 3});
    }
}

/* Always Q: some readers join the base64 of neighbouring words and stumble over the padding between them. */
static void add_encoded(struct buf *out, Str value) {
    size_t at = 0, room = FOLD_AT - column(out);
    while (at < value.n) {
        /* The longest run of whole code points that fits. */
        size_t left = (room > WORD_MAX ? WORD_MAX : room) - WORD_FRAME, end = at;
        for (size_t next = at; next < value.n; end = next) {
            str_next_codepoint(value, &next);
            size_t cost = q_cost((Str){value.p + end, next - end});
            if (cost > left) break;
            left -= cost;
        }
        if (end > at) {
            buf_add(out, S("=?UTF-8?Q?"));
            add_q(out, (Str){value.p + at, end - at});
            buf_add(out, S("?="));
            at = end;
        }
        if (at < value.n) fold(out);
        room = FOLD_AT - 1;
    }
}

void mime_add_unstructured(struct ctx *cx, struct buf *out, const char *header, Str value) {
    Str text = clean(cx, value, SUBJECT_MAX_POINTS);
    buf_printf(out, "%s: ", header);
    if (is_plain(text))
        add_plain(out, text);
    else
        add_encoded(out, text);
    buf_add(out, S("\r\n"));
}

static bool is_atoms(Str s) {
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != ' ' && c != '-' && c != '_' && c != '\'' && c != '&' && c != '+') return false;
    }
    return true;
}

static void add_phrase(struct buf *out, Str name) {
    if (!is_plain(name) || name.n > LONGEST_PLAIN_WORD) {
        add_encoded(out, name);
    } else if (is_atoms(name)) {
        buf_add(out, name);
    } else {
        buf_add_char(out, '"');
        for (size_t i = 0; i < name.n; i++) {
            if (name.p[i] == '"' || name.p[i] == '\\') buf_add_char(out, '\\');
            buf_add_char(out, name.p[i]);
        }
        buf_add_char(out, '"');
    }
}

void mime_add_mailbox(struct ctx *cx, struct buf *out, const char *header, Str display_name, Str address) {
    Str name = clean(cx, display_name, NAME_MAX_POINTS);
    buf_printf(out, "%s: ", header);
    if (name.n == 0) {
        buf_add(out, address);
    } else {
        add_phrase(out, name);
        if (column(out) + address.n + 3 > FOLD_AT)
            fold(out);
        else
            buf_add_char(out, ' ');
        buf_printf(out, "<%.*s>", STR_ARG(address));
    }
    buf_add(out, S("\r\n"));
}

/* Visible ASCII but '=', and blanks, which must not end a line: a bit for each character below 128. */
static const uint64_t qp_stands[2] = {0xDFFFFFFF00000200, 0x7FFFFFFFFFFFFFFF};

static bool qp_stands_as_is(char c) {
    unsigned char u = (unsigned char)c;
    return u < 128 && (qp_stands[u >> 6] >> (u & 63) & 1);
}

/* One line of text (no line end in it) as quoted-printable lines of at most FOLD_AT columns, the last of which goes to
 * a soft break. Written a piece at a time, with room for the worst case. */
static void add_qp_line(struct buf *out, Str line) {
    size_t used = 0;
    for (size_t at = 0; at < line.n;) {
        size_t end = line.n - at < QP_PIECE ? line.n : at + QP_PIECE;
        char *room = buf_reserve(out, (end - at) * QP_WIDEST), *to = room;
        if (!room) return;
        for (; at < end; at++) {
            char c = line.p[at];
            /* Stores in mbox form alter "From " at a beginning. */
            bool plain = qp_stands_as_is(c) && !(at == line.n - 1 && (c == ' ' || c == '\t')) &&
                         !(at == 0 && c == 'F' && str_starts(line, S("From ")));
            size_t columns = plain ? 1 : 3;
            if (used + columns > FOLD_AT - 1) {
                memcpy(to, "=\r\n", 3);
                to += 3;
                used = 0;
            }
            used += columns;
            if (plain) {
                *to++ = c;
                continue;
            }
            *to++ = '=';
            *to++ = hex[(unsigned char)c >> 4];
            *to++ = hex[(unsigned char)c & 15];
        }
        out->n += (size_t)(to - room);
    }
}

/* Cuts at "\n", "\r\n" or "\r". */
static Str cut_line(Str *rest) {
    const char *newline = memchr(rest->p, '\n', rest->n);
    size_t i = newline ? (size_t)(newline - rest->p) : rest->n;
    const char *feedless = memchr(rest->p, '\r', i);
    if (feedless) i = (size_t)(feedless - rest->p);
    Str line = {rest->p, i};
    if (i == rest->n) {
        *rest = (Str){NULL, 0};
        return line;
    }
    size_t skip = rest->p[i] == '\r' && i + 1 < rest->n && rest->p[i + 1] == '\n' ? 2 : 1;
    *rest = (Str){rest->p + i + skip, rest->n - i - skip};
    return line;
}

static void add_base64_lines(struct buf *out, Str text) {
    struct buf crlf = buf_make(text.n * 2 + 2);
    Str rest = text;
    while (rest.p && rest.n) {
        buf_add(&crlf, cut_line(&rest));
        buf_add(&crlf, S("\r\n"));
    }
    for (size_t i = 0; i < crlf.n; i += 57) {
        buf_add_base64(out, crlf.p + i, crlf.n - i < 57 ? crlf.n - i : 57);
        buf_add(out, S("\r\n"));
    }
    buf_done(&crlf);
}

#define LINE_BYTES 57 /* 76 characters of base64 */

void mime_add_bytes(struct buf *out, Str bytes) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    buf_add(out, S("Content-Transfer-Encoding: base64\r\n\r\n"));
    size_t lines = (bytes.n + LINE_BYTES - 1) / LINE_BYTES, whole = bytes.n / 3 * 3, n = 0;
    char *at = buf_reserve(out, (bytes.n + 2) / 3 * 4 + lines * 2);
    if (!at) return;
    const unsigned char *b = (const unsigned char *)bytes.p;
    for (size_t i = 0; i < whole; i += 3) {
        uint32_t three = (uint32_t)b[i] << 16 | (uint32_t)b[i + 1] << 8 | b[i + 2];
        at[n++] = digits[three >> 18];
        at[n++] = digits[three >> 12 & 63];
        at[n++] = digits[three >> 6 & 63];
        at[n++] = digits[three & 63];
        if ((i + 3) % LINE_BYTES) continue;
        at[n++] = '\r';
        at[n++] = '\n';
    }
    out->n += n;
    if (whole < bytes.n) buf_add_base64(out, bytes.p + whole, bytes.n - whole);
    if (bytes.n % LINE_BYTES) buf_add(out, S("\r\n"));
    if (out->capacity) out->p[out->n] = '\0';
}

void mime_add_body(struct buf *out, Str text) {
    size_t awkward = 0;
    for (size_t i = 0; i < text.n; i++)
        awkward += !qp_stands_as_is(text.p[i]) && text.p[i] != '\n' && text.p[i] != '\r';
    if (awkward * 2 > text.n / 3) {
        buf_add(out, S("Content-Transfer-Encoding: base64\r\n\r\n"));
        add_base64_lines(out, text);
        return;
    }
    buf_add(out, S("Content-Transfer-Encoding: quoted-printable\r\n\r\n"));
    Str rest = text;
    while (rest.p && rest.n) {
        add_qp_line(out, cut_line(&rest));
        buf_add(out, S("\r\n"));
    }
}
