/* Reads a mail back as its receiver would: headers, and the rows of the text part. */
#include <string.h>

#include "base/buf.h"
#include "sim.h"

static Str between(Str text, const char *from, const char *to) {
    const char *a = memmem(text.p, text.n, from, strlen(from));
    if (!a) return (Str){NULL, 0};
    a += strlen(from);
    size_t left = text.n - (size_t)(a - text.p);
    const char *b = memmem(a, left, to, strlen(to));
    return (Str){a, b ? (size_t)(b - a) : left};
}

static int hex(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

/* Quoted-printable; no-break spaces become spaces. */
static Str decode(struct arena *arena, Str s) {
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\r') continue;
        if (s.p[i] == '=' && i + 2 < s.n && (s.p[i + 1] == '\r' || s.p[i + 1] == '\n')) {
            i += s.p[i + 1] == '\r' ? 2 : 1;
            continue;
        }
        char c = s.p[i];
        if (c == '=' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
            c = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
            i += 2;
        }
        if (n && out[n - 1] == '\xc2' && c == '\xa0') {
            out[n - 1] = ' ';
            continue;
        }
        out[n++] = c;
    }
    return (Str){out, n};
}

/* "$ 9.280.000", "USD 1.250,00", "1,250.00 €": the digits; a mark with exactly two digits behind it at the end is the
 * decimal one if the currency has decimals. */
static bool amount_read(Str text, int exponent, int64_t *out_minor) {
    int64_t value = 0;
    int digits = 0, behind = -1;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c >= '0' && c <= '9') {
            value = value * 10 + (c - '0');
            digits++;
            if (behind >= 0) behind++;
        } else if (digits && (c == '.' || c == ',')) {
            behind = 0;
        }
    }
    if (!digits) return false;
    bool has_decimals = exponent == 2 && behind == 2;
    for (int i = 0; !has_decimals && i < exponent; i++) value *= 10;
    *out_minor = value;
    return true;
}

/* "SIM00012, cuota 2 de 3   emitida …   $ 500": false for lines that are no rows. */
static bool row_read(Str line, int exponent, struct letter_row *out) {
    size_t n = 0, last = 0;
    if (line.n < 8 || memcmp(line.p, "SIM", 3) != 0) return false;
    while (n < line.n && line.p[n] != ' ' && line.p[n] != ',') n++;
    for (size_t i = n; i + 2 < line.n; i++)
        if (memcmp(line.p + i, "   ", 3) == 0) last = i + 3;
    if (last == 0) return false;
    *out = (struct letter_row){.number = {line.p, n}, .position = 1};
    static const char *const terms[] = {"cuota ", "plazo "}; /* Spain's own */
    for (size_t i = 0; i < COUNT_OF(terms); i++) {
        Str part = between((Str){line.p, last}, terms[i], " ");
        int64_t position;
        if (part.p && str_to_i64(part, &position)) out->position = (int)position;
    }
    return amount_read((Str){line.p + last, line.n - last}, exponent, &out->amount);
}

bool letter_read(struct arena *arena, Str bytes, Currency currency, struct letter *out) {
    struct letter l = {.message_id = between(bytes, "\nMessage-ID: <", ">"), .to = between(bytes, "\nTo: ", "\n")};
    Str part = between(bytes, "Content-Type: text/plain", "\n--=_");
    const char *blank = part.p ? memmem(part.p, part.n, "\r\n\r\n", 4) : NULL;
    if (!blank || !l.message_id.p || !l.to.p) return false;
    Str text = decode(arena, (Str){blank + 4, part.n - (size_t)(blank + 4 - part.p)});
    VEC_OF(struct letter_row) rows = {0};
    bool apart = false;
    while (text.p) {
        Str line = str_cut(&text, '\n');
        if (str_starts(line, S("Con promesa de pago")) || str_starts(line, S("En revisi"))) apart = true;
        struct letter_row row;
        if (!row_read(line, currency_exponent(currency), &row)) continue;
        row.apart = apart;
        *VEC_PUSH(arena, &rows) = row;
    }
    l.rows = rows.items;
    l.row_count = rows.count;
    *out = l;
    return true;
}
