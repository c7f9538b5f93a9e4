/* What a person meant by a number with marks in it. */
#include "core/amount.h"

#include <string.h>

#define NBSP "\xC2\xA0"
#define MAX_TYPED 60

/* Without every blank, and without what stands before the first digit or behind the last, but for a minus. */
static size_t bare(Str typed, char *out, bool *out_negative) {
    size_t n = 0, from = 0, until = 0;
    for (size_t i = 0; i < typed.n && n < MAX_TYPED; i++) {
        bool wide = i + 1 < typed.n && memcmp(typed.p + i, NBSP, 2) == 0;
        if (wide) i++;
        if (!wide && typed.p[i] != ' ') out[n++] = typed.p[i];
    }
    while (from < n && !is_digit(out[from])) from++;
    for (until = n; until > from && !is_digit(out[until - 1]);) until--;
    *out_negative = memchr(out, '-', from) != NULL;
    /* A sign of money is short. A point belongs to it in "Bs." and "S/.", but "," before 5 is a number somebody did not finish. */
    bool unfinished = from && (out[from - 1] == ',' || (out[from - 1] == '.' && (from == 1 || out[from - 2] == '-')));
    if (unfinished || n == MAX_TYPED || from > 5 || n - until > 4 || memchr(out + until, '-', n - until)) return 0;
    memmove(out, out + from, until - from);
    return until - from;
}

/* Digits, whole groups of three parted by `group`, and decimals behind `decimal`; written to `out` without groups, with a point. */
static size_t read_marks(Str s, char decimal, char group, char *out) {
    size_t n = 0, run = 0, groups = 0, at = 0;
    for (; at < s.n && s.p[at] != decimal; at++) {
        if (s.p[at] == group) {
            if (groups ? run != 3 : run < 1 || run > 3) return 0;
            groups++;
            run = 0;
        } else if (is_digit(s.p[at])) {
            out[n++] = s.p[at];
            run++;
        } else {
            return 0;
        }
    }
    if (run == 0 || (groups && run != 3)) return 0;
    if (at == s.n) return n;
    out[n++] = '.';
    for (at++; at < s.n; at++) {
        if (!is_digit(s.p[at])) return 0;
        out[n++] = s.p[at];
    }
    return n;
}

/* Whether the mark can only be a decimal one: it stands once, and not three digits before the end, or the other one groups before it. */
static bool must_be_decimal(Str s, char mark, char other) {
    size_t at = str_index(s, mark);
    return at < s.n && !memchr(s.p + at + 1, mark, s.n - at - 1) && (s.n - at - 1 != 3 || str_index(s, other) < at);
}

bool amount_typed(const struct locale *l, Str typed, struct arena *arena, Str *out_plain) {
    char decimal = locale_decimal_mark(l), other = decimal == ',' ? '.' : ',', text[MAX_TYPED], plain[MAX_TYPED + 2];
    bool negative;
    Str s = {text, bare(typed, text, &negative)};
    if (s.n == 0) return false;
    plain[0] = '-';
    size_t n = read_marks(s, decimal, other, plain + 1);
    if (n == 0 && str_index(s, '\'') < s.n) n = read_marks(s, decimal, '\'', plain + 1);
    if (n == 0 && must_be_decimal(s, other, decimal)) n = read_marks(s, other, decimal, plain + 1);
    if (n == 0) return false;
    *out_plain = arena_str(arena, (Str){negative ? plain : plain + 1, negative ? n + 1 : n});
    return true;
}
