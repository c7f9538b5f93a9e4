/* Digit by digit, so that no number needs more than an int. */
#include "core/mod97.h"

static int fold(int rest, Str s) {
    for (size_t i = 0; i < s.n && rest >= 0; i++) {
        char c = s.p[i];
        if (c >= '0' && c <= '9')
            rest = (rest * 10 + (c - '0')) % 97;
        else if (c >= 'A' && c <= 'Z')
            rest = (rest * 100 + (c - 'A' + 10)) % 97;
        else
            rest = -1;
    }
    return rest;
}

int mod97(Str head, Str tail) { return fold(fold(0, head), tail); }

size_t mod97_clean(Str typed, char *out, size_t size) {
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || c == '-' || c == '.' || c == '\t') continue;
        if (typed.n - i > 1 && (unsigned char)c == 0xC2 && (unsigned char)typed.p[i + 1] == 0xA0) { /* U+00A0 */
            i++;
            continue;
        }
        if (n == size) return 0;
        out[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return n;
}
