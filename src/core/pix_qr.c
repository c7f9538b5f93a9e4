/* EMV fields: two digits of id, two of length, the value. */
#include "core/pix_qr.h"

#include <stdio.h>

#include "core/bank_number.h"

#define NAME_MAX_CHARS 25
#define CITY_MAX_CHARS 15
#define TXID_MAX_CHARS 25
#define AMOUNT_MAX_MINOR INT64_C(999999999999) /* 13 characters with its point */

uint16_t emv_crc16(Str bytes) {
    unsigned crc = 0xFFFF;
    for (size_t i = 0; i < bytes.n; i++) {
        crc ^= (unsigned)(unsigned char)bytes.p[i] << 8;
        for (int bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1) & 0xFFFF;
    }
    return (uint16_t)crc;
}

static void add_field(struct buf *b, int id, Str value) { buf_printf(b, "%02d%02zu%.*s", id, value.n, STR_ARG(value)); }

/* Capitals without accents, what every reader of the code shows rightly; other characters become spaces. */
static Str plain_capitals(struct arena *arena, Str text, size_t max) {
    Str folded = str_fold(arena, text);
    char *out = arena_alloc(arena, folded.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < folded.n && n < max; i++) {
        char c = folded.p[i];
        if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        bool kept = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '&';
        if (kept)
            out[n++] = c;
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    return str_trim((Str){out, n});
}

static Str letters_and_digits(struct arena *arena, Str text) {
    char *out = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n && n < TXID_MAX_CHARS; i++) {
        char c = text.p[i];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) out[n++] = c;
    }
    return (Str){out, n};
}

enum rc pix_qr_payload(struct ctx *cx, const struct pix_payment *p, struct buf *out) {
    char key_text[PIX_KEY_MAX + 1], code[4], decimal[MONEY_TEXT];
    Str key = pix_key_parse(p->key, key_text);
    if (key.n == 0)
        return fail_field(cx, INVALID, "key", "an e-mail, +55 and the phone, a CPF, a CNPJ or a random key",
                          "not a PIX key: %.80s", arena_cstr(cx->arena, p->key));
    bool is_real = str_is(currency_code(p->amount.currency, code), "BRL");
    if (p->amount.minor && (!is_real || p->amount.minor < 0 || p->amount.minor > AMOUNT_MAX_MINOR))
        return fail_field(cx, INVALID, "amount", NULL, "only amounts in BRL can be paid by PIX");
    Str name = plain_capitals(cx->arena, p->name, NAME_MAX_CHARS);
    Str city = plain_capitals(cx->arena, p->city, CITY_MAX_CHARS);
    if (!name.n || !city.n)
        return fail_field(cx, INVALID, name.n ? "city" : "name", NULL, "a PIX code needs the receiver's name and city");
    Str txid = letters_and_digits(cx->arena, p->reference);
    AUTO(buf_done) struct buf b = buf_make(1024);
    AUTO(buf_done) struct buf inner = buf_make(256);
    add_field(&inner, 0, S("br.gov.bcb.pix"));
    add_field(&inner, 1, key);
    add_field(&b, 0, S("01"));
    add_field(&b, 26, buf_str(&inner));
    add_field(&b, 52, S("0000"));
    add_field(&b, 53, S("986"));
    if (p->amount.minor) add_field(&b, 54, money_text(p->amount, decimal));
    add_field(&b, 58, S("BR"));
    add_field(&b, 59, name);
    add_field(&b, 60, city);
    buf_clear(&inner);
    add_field(&inner, 5, txid.n ? txid : S("***"));
    add_field(&b, 62, buf_str(&inner));
    buf_add(&b, S("6304"));
    buf_printf(&b, "%04X", emv_crc16(buf_str(&b)));
    MUST(buf_ok(&b) && buf_ok(&inner));
    buf_add(out, buf_str(&b));
    return OK;
}
