/* Headers, quoted-printable and base64, as far as mime.c writes them. */
#include "message/mime_read.h"

#include <string.h>

static int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static Str decode_base64(struct arena *arena, Str s) {
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    uint32_t bits = 0;
    int count = 0;
    for (size_t i = 0; i < s.n; i++) {
        int digit = base64_digit(s.p[i]);
        if (digit < 0) continue;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out[n++] = (char)(unsigned char)(bits >> count & 0xFF);
    }
    return (Str){out, n};
}

/* `in_header`: the Q encoding of RFC 2047, where "_" is a blank. */
static Str decode_quoted(struct arena *arena, Str s, bool in_header) {
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int high = s.p[i] == '=' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
        if (low >= 0) {
            out[n++] = (char)(unsigned char)(high * 16 + low);
            i += 2;
        } else if (s.p[i] == '=' && i + 2 < s.n && s.p[i + 1] == '\r' && s.p[i + 2] == '\n') {
            i += 2;
        } else {
            out[n++] = in_header && s.p[i] == '_' ? ' ' : s.p[i];
        }
    }
    return (Str){out, n};
}

/* "=?utf-8?q?…?=" at `s`: its text, and how long it was; 0 when it is none. */
static size_t encoded_word(struct arena *arena, Str s, Str *out) {
    if (s.n < 12 || !str_equal_nocase((Str){s.p, 8}, S("=?utf-8?")) || s.p[9] != '?') return 0;
    size_t end = 10;
    while (end + 1 < s.n && !(s.p[end] == '?' && s.p[end + 1] == '=')) end++;
    if (end + 1 >= s.n) return 0;
    Str inside = {s.p + 10, end - 10};
    *out = s.p[8] == 'b' || s.p[8] == 'B' ? decode_base64(arena, inside) : decode_quoted(arena, inside, true);
    return end + 2;
}

/* Unfolds, and decodes encoded words; white space between two of them belongs to neither. */
static Str decode_header(struct arena *arena, Str value) {
    char *out = arena_alloc(arena, value.n + 1);
    size_t n = 0;
    size_t behind_word = SIZE_MAX; /* where the output stood behind the last encoded word */
    for (size_t i = 0; i < value.n;) {
        Str word;
        size_t used = encoded_word(arena, (Str){value.p + i, value.n - i}, &word);
        if (used) {
            if (behind_word != SIZE_MAX && str_trim((Str){out + behind_word, n - behind_word}).n == 0) n = behind_word;
            memcpy(out + n, word.p, word.n);
            n += word.n;
            behind_word = n;
            i += used;
            continue;
        }
        if (value.p[i] != '\r' && value.p[i] != '\n') out[n++] = value.p[i];
        i++;
    }
    return str_trim((Str){out, n});
}

bool mime_next_header(struct ctx *cx, Str *rest, struct mime_header *out) {
    size_t end = 0;
    while (end < rest->n &&
           (rest->p[end] != '\n' || (end + 1 < rest->n && (rest->p[end + 1] == ' ' || rest->p[end + 1] == '\t'))))
        end++;
    Str line = {rest->p, end};
    size_t used = end < rest->n ? end + 1 : end;
    *rest = (Str){rest->p + used, rest->n - used};
    if (str_trim(line).n == 0) return false;
    size_t colon = str_index(line, ':');
    out->name = (Str){line.p, colon};
    out->value = colon < line.n ? decode_header(cx->arena, (Str){line.p + colon + 1, line.n - colon - 1}) : S("");
    return true;
}

static Str without_returns(struct arena *arena, Str s) {
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\r') out[n++] = s.p[i];
    return (Str){out, n};
}

/* The position of `needle` in `s` from `from` on, or s.n. */
static size_t find(Str s, Str needle, size_t from) {
    for (size_t i = from; i + needle.n <= s.n; i++)
        if (memcmp(s.p + i, needle.p, needle.n) == 0) return i;
    return s.n;
}

/* The first part whose type begins so. */
static Str part_text(struct ctx *cx, Str mail, Str type) {
    size_t at = find(mail, type, 0);
    if (at == mail.n) return S("");
    Str rest = {mail.p + at, mail.n - at};
    Str encoding = S("");
    for (struct mime_header h; mime_next_header(cx, &rest, &h);)
        if (str_equal_nocase(h.name, S("Content-Transfer-Encoding"))) encoding = h.value;
    Str body = {rest.p, find(rest, S("\r\n--=_"), 0)}; /* mime.c's boundaries */
    if (str_equal_nocase(encoding, S("base64")))
        body = decode_base64(cx->arena, body);
    else if (str_equal_nocase(encoding, S("quoted-printable")))
        body = decode_quoted(cx->arena, body, false);
    return without_returns(cx->arena, body);
}

Str mime_plain_text(struct ctx *cx, Str mail) { return part_text(cx, mail, S("Content-Type: text/plain")); }

Str mime_html(struct ctx *cx, Str mail) { return part_text(cx, mail, S("Content-Type: text/html")); }
