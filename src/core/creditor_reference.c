/* Check digits of ISO 11649 (MOD 97-10 over the code followed by RF and the digits). */
#include "core/creditor_reference.h"

#include <stdio.h>
#include <string.h>

#include "core/mod97.h"

#define CODE_MAX (CREDITOR_REFERENCE_MAX - 4)

bool creditor_reference_make(Str code, CreditorReference *out) {
    char kept[CODE_MAX];
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        if ((unsigned char)c >= 0x80) return false; /* dropping part of a letter would make two codes one */
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) continue;
        if (n == CODE_MAX) return false;
        kept[n++] = c;
    }
    if (n == 0) return false;
    int check = 98 - mod97((Str){kept, n}, S("RF00"));
    snprintf(out->text, sizeof out->text, "RF%02d%.*s", check, (int)n, kept);
    return true;
}

bool creditor_reference_parse(Str typed, CreditorReference *out) {
    char text[CREDITOR_REFERENCE_MAX];
    size_t n = mod97_clean(typed, text, sizeof text);
    if (n < 5 || memcmp(text, "RF", 2) != 0) return false;
    if (text[2] < '0' || text[2] > '9' || text[3] < '0' || text[3] > '9') return false;
    if (mod97((Str){text + 4, n - 4}, (Str){text, 4}) != 1) return false;
    memcpy(out->text, text, n);
    out->text[n] = '\0';
    return true;
}

Str creditor_reference_code(const CreditorReference *r) { return str_from(r->text + 4); }

Str creditor_reference_print(const CreditorReference *r, char *out) {
    size_t n = 0;
    for (size_t i = 0; r->text[i]; i++) {
        if (i && i % 4 == 0) out[n++] = ' ';
        out[n++] = r->text[i];
    }
    out[n] = '\0';
    return (Str){out, n};
}
