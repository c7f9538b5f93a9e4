/* Slices of text. No allocation but in str_fold and str_url_decode. */
#include "base/str.h"

#include <string.h>

#include "base/arena.h"

Str str_from(const char *text) {
    if (!text) return (Str){"", 0};
    return (Str){text, strlen(text)};
}

static char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }

bool str_equal_nocase(Str a, Str b) {
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i])) return false;
    return true;
}

int str_compare(Str a, Str b) {
    size_t shorter = a.n < b.n ? a.n : b.n;
    int order = shorter ? memcmp(a.p, b.p, shorter) : 0;
    if (order != 0) return order;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(Str s, Str prefix) { return s.n >= prefix.n && str_equal((Str){s.p, prefix.n}, prefix); }

bool str_ends(Str s, Str suffix) {
    return s.n >= suffix.n && str_equal((Str){s.p + (s.n - suffix.n), suffix.n}, suffix);
}

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

Str str_trim(Str s) {
    while (s.n && is_space(s.p[0])) s = (Str){s.p + 1, s.n - 1};
    while (s.n && is_space(s.p[s.n - 1])) s.n--;
    return s;
}

Str str_cut_line(Str *rest) {
    Str line = str_cut(rest, '\n');
    if (line.n && line.p[line.n - 1] == '\r') line.n--;
    return line;
}

void str_copy(char *out, size_t size, Str s) {
    size_t n = s.n < size ? s.n : size - 1;
    if (n) memcpy(out, s.p, n);
    out[n] = '\0';
}

size_t str_index(Str s, char c) {
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

Str str_cut(Str *rest, char sep) {
    size_t at = str_index(*rest, sep);
    Str head = {rest->p, at};
    if (at == rest->n)
        *rest = (Str){NULL, 0};
    else
        *rest = (Str){rest->p + at + 1, rest->n - at - 1};
    return head;
}

bool str_contains(Str haystack, Str needle) {
    if (needle.n == 0) return true;
    return haystack.n >= needle.n && memmem(haystack.p, haystack.n, needle.p, needle.n) != NULL;
}

bool str_to_i64(Str s, int64_t *out_value) {
    bool negative = s.n && s.p[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i == s.n) return false;
    int64_t value = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        int digit = s.p[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value)) return false;
        if (__builtin_sub_overflow(value, digit, &value)) return false; /* counting down reaches INT64_MIN too */
    }
    if (!negative && value == INT64_MIN) return false;
    *out_value = negative ? value : -value;
    return true;
}

/* The code point at `at` and its length; length 0 when malformed (RFC 3629, table 3-7 of Unicode). */
static size_t decode(Str s, size_t at, uint32_t *out_codepoint) {
    const unsigned char *b = (const unsigned char *)s.p + at;
    size_t left = s.n - at;
    if (b[0] < 0x80) {
        *out_codepoint = b[0];
        return 1;
    }
    size_t length = b[0] >= 0xF0 ? 4 : b[0] >= 0xE0 ? 3 : 2;
    if (b[0] < 0xC2 || b[0] > 0xF4 || left < length) return 0;
    uint32_t codepoint = b[0] & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((b[i] & 0xC0) != 0x80) return 0;
        codepoint = codepoint << 6 | (b[i] & 0x3FU);
    }
    bool overlong = (length == 3 && codepoint < 0x800) || (length == 4 && codepoint < 0x10000);
    if (overlong || codepoint > 0x10FFFF || (codepoint >= 0xD800 && codepoint <= 0xDFFF)) return 0;
    *out_codepoint = codepoint;
    return length;
}

bool str_is_utf8(Str s) {
    for (size_t at = 0; at < s.n;) {
        uint32_t codepoint;
        size_t length = decode(s, at, &codepoint);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

uint32_t str_next_codepoint(Str s, size_t *at) {
    uint32_t codepoint = 0xFFFD;
    size_t length = decode(s, *at, &codepoint);
    *at += length ? length : 1;
    return length ? codepoint : 0xFFFD;
}

size_t str_codepoints(Str s) {
    size_t count = 0;
    for (size_t at = 0; at < s.n; count++) str_next_codepoint(s, &at);
    return count;
}

bool str_has_control(Str s) {
    for (size_t at = 0; at < s.n;) {
        uint32_t c = str_next_codepoint(s, &at);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;
    }
    return false;
}

/* Base letters of U+00C0..U+017F, in order; '*' keeps the character itself, the digits stand for two letters. */
static const char latin_base[] = "aaaaaa2ceeeeiiiidnooooo*ouuuuy*1aaaaaa2ceeeeiiiidnooooo*ouuuuy*y"
                                 "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkk*llllll*"
                                 "*llnnnnnn***oooooo33rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

Str str_fold(struct arena *arena, Str s) {
    char *out = arena_alloc(arena, s.n * 2 + 1);
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        size_t start = at;
        uint32_t c = str_next_codepoint(s, &at);
        char base = c < 0x80 ? ascii_lower((char)c) : c >= 0xC0 && c <= 0x17F ? latin_base[c - 0xC0] : '*';
        static const char pairs[3][2] = {{'s', 's'}, {'a', 'e'}, {'o', 'e'}};
        if (c >= 0x80 && base >= '1' && base <= '3') {
            memcpy(out + n, pairs[base - '1'], 2);
            n += 2;
        } else if (base == '*' && c >= 0x80) {
            memcpy(out + n, s.p + start, at - start);
            n += at - start;
        } else {
            out[n++] = base;
        }
    }
    return (Str){out, n};
}

uint64_t str_hash(Str s) {
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < s.n; i++) hash = (hash ^ (unsigned char)s.p[i]) * 1099511628211U;
    return hash;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Str str_url_decode(struct arena *arena, Str s) {
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int high = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
        out[n++] = low >= 0 ? (char)(unsigned char)(high * 16 + low) : s.p[i];
        if (low >= 0) i += 2;
    }
    return (Str){out, n};
}
