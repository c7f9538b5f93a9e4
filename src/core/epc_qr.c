/* The lines of EPC069-12, in order. */
#include "core/epc_qr.h"

#include <stdio.h>
#include <string.h>

#include "core/bank_number.h"
#include "core/creditor_reference.h"

#define NAME_MAX_CHARS 70
#define TEXT_MAX_CHARS 140
#define AMOUNT_MAX_MINOR INT64_C(99999999999)

/* SEPA members outside the European Economic Area, whose banks need the BIC (EPC409-09, list of SEPA countries). */
static bool is_outside_eea(Str country) {
    static const char *const outside[] = {"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"};
    for (size_t i = 0; i < COUNT_OF(outside); i++)
        if (str_is(country, outside[i])) return true;
    return false;
}

static bool is_eea(Str country) {
    static const char *const members[] = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI",
                                          "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU",
                                          "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"};
    for (size_t i = 0; i < COUNT_OF(members); i++)
        if (str_is(country, members[i])) return true;
    return false;
}

/* The first characters of a name, never half of one. */
static Str cut_name(Str name) {
    size_t at = 0;
    for (int i = 0; i < NAME_MAX_CHARS && at < name.n; i++) (void)str_next_codepoint(name, &at);
    return str_trim((Str){name.p, at});
}

static enum rc check(struct ctx *cx, const struct epc_payment *p, Str iban) {
    Str country = {iban.p, 2};
    bool outside = is_outside_eea(country);
    if (!outside && !is_eea(country))
        return fail_field(cx, INVALID, "iban", NULL, "the account in %.2s is not in the SEPA area", iban.p);
    if (outside && p->bic.n == 0)
        return fail_field(cx, INVALID, "bic", "give the bank's BIC", "an account in %.2s needs the BIC of its bank",
                          iban.p);
    if (p->bic.n && !bic_valid(p->bic))
        return fail_field(cx, INVALID, "bic", "8 or 11 letters and digits", "not a BIC: %.20s",
                          arena_cstr(cx->arena, p->bic));
    if (str_trim(p->name).n == 0 || str_has_control(p->name))
        return fail_field(cx, INVALID, "name", NULL, "the beneficiary's name is empty or has control characters");
    if (p->reference.n && p->text.n)
        return fail_field(cx, INVALID, "text", NULL, "a transfer carries a reference or a text, not both");
    if (str_has_control(p->text) || str_codepoints(p->text) > TEXT_MAX_CHARS)
        return fail_field(cx, INVALID, "text", NULL, "the text is longer than %d characters or has control characters",
                          TEXT_MAX_CHARS);
    char code[4];
    bool is_euro = str_is(currency_code(p->amount.currency, code), "EUR");
    if (p->amount.minor && (!is_euro || p->amount.minor < 0 || p->amount.minor > AMOUNT_MAX_MINOR))
        return fail_field(cx, INVALID, "amount", NULL, "only 0.01 to 999999999.99 EUR can be transferred by the code");
    return OK;
}

enum rc epc_qr_payload(struct ctx *cx, const struct epc_payment *p, struct buf *out) {
    char iban_text[IBAN_MAX + 1];
    Str iban = iban_parse(p->iban, iban_text);
    CreditorReference reference = {""};
    if (iban.n == 0)
        return fail_field(cx, INVALID, "iban", "check the digits", "not an IBAN: %.40s",
                          arena_cstr(cx->arena, p->iban));
    TRY(check(cx, p, iban));
    if (p->reference.n && !creditor_reference_parse(p->reference, &reference))
        return fail_field(cx, INVALID, "reference", NULL, "not a creditor reference of ISO 11649: %.40s",
                          arena_cstr(cx->arena, p->reference));
    AUTO(buf_done) struct buf b = buf_make(4096);
    char decimal[MONEY_TEXT];
    Str amount = p->amount.minor ? money_text(p->amount, decimal) : S("");
    buf_printf(&b, "BCD\n002\n1\nSCT\n%.*s\n%.*s\n%.*s\n%s%.*s\n\n%s\n%.*s", STR_ARG(p->bic),
               STR_ARG(cut_name(p->name)), STR_ARG(iban), amount.n ? "EUR" : "", STR_ARG(amount), reference.text,
               STR_ARG(p->text));
    while (b.n && b.p[b.n - 1] == '\n') b.n--; /* nothing follows the last line that says something */
    if (!buf_ok(&b) || b.n > EPC_QR_MAX)
        return fail_field(cx, INVALID, "text", "shorten it", "the payment code would have %zu bytes, more than %d", b.n,
                          EPC_QR_MAX);
    buf_add(out, (Str){b.p, b.n});
    return OK;
}
