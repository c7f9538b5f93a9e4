/* Str: a piece of text by value, a pointer and a length, never owning and not NUL-terminated.
 *
 * Whoever holds a Str must know that the bytes outlive it: they are literals, lie in an arena, or belong to the
 * row being read. Text is UTF-8. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const char *p;
    size_t n;
} Str;

/* A literal as a Str. */
#define S(literal) ((Str){(literal), sizeof(literal) - 1})
/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).n, (s).p

struct arena;

/* NULL gives the empty Str. */
Str str_from(const char *text);
/* In the header: two lengths are compared before any call, and that of a literal is known when compiled. */
static inline bool str_equal(Str a, Str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }
static inline bool str_is(Str a, const char *literal) {
    size_t n = literal ? strlen(literal) : 0;
    return a.n == n && (n == 0 || memcmp(a.p, literal, n) == 0);
}
/* ASCII letters only; enough for keywords and header names. */
bool str_equal_nocase(Str a, Str b);
int str_compare(Str a, Str b);
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);
/* ASCII white space at both ends. */
Str str_trim(Str s);
/* Cuts *rest at the first `sep`; returns what stood before it. At the end returns the remainder and leaves *rest
 * with p == NULL, so that `while (rest.p)` visits every field, the empty ones too. */
Str str_cut(Str *rest, char sep);
/* The same at a line's end; a carriage return before it belongs to the end. */
Str str_cut_line(Str *rest);
/* Into a NUL-terminated array of `size` bytes (> 0); what does not fit is cut off. */
void str_copy(char *out, size_t size, Str s);
/* Position of `c` in `s`, or s.n. */
size_t str_index(Str s, char c);
bool str_contains(Str haystack, Str needle);
/* An ASCII digit; whatever the locale, for any char. */
static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Decimal digits with an optional leading minus, nothing else; false when empty, malformed or out of range. */
bool str_to_i64(Str s, int64_t *out_value);

/* Well-formed UTF-8 without surrogates or overlong forms (RFC 3629). */
bool str_is_utf8(Str s);
/* Decodes the code point at *at and moves past it; U+FFFD for a malformed byte. */
uint32_t str_next_codepoint(Str s, size_t *at);
size_t str_codepoints(Str s);
/* True when it holds a C0 control character, DEL or a C1 control. */
bool str_has_control(Str s);
/* Lower case without accents for Latin letters, for searching and matching names; in the arena. */
Str str_fold(struct arena *arena, Str s);

/* 0 to 15 for a hexadecimal digit of either case, else -1. */
int hex_digit(char c);
/* Percent-encoding undone (RFC 3986); what is no escape stays as it is. In the arena. */
Str str_url_decode(struct arena *arena, Str s);

/* FNV-1a, 64 bit: for hash tables in memory, never for anything an outsider may steer or that is stored. */
uint64_t str_hash(Str s);

#endif
