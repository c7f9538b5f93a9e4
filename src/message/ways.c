/* Choosing, reading and encoding ways to pay. */
#include "message/ways.h"

#include "core/creditor_reference.h"
#include "core/epc_qr.h"
#include "core/pix_qr.h"

static bool fits(const struct message_way *way, Str country, const Currency *currencies, size_t count) {
    if (way->country.n && country.n && !str_equal(way->country, country)) return false;
    if (way->currency.n == 0 || count == 0) return true;
    for (size_t i = 0; i < count; i++) {
        char code[4];
        if (str_equal(currency_code(currencies[i], code), way->currency)) return true;
    }
    return false;
}

size_t ways_for(const struct message_way *ways, size_t count, Str country, const Currency *currencies,
                size_t currency_count, const struct message_way **out_ways) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (fits(&ways[i], country, currencies, currency_count)) out_ways[n++] = &ways[i];
    if (n) return n;
    for (size_t i = 0; i < count; i++) out_ways[i] = &ways[i];
    return count;
}

Str way_label(const struct message_way *way) {
    return way->bank.n ? way->bank : str_from(bank_schemes[way->scheme].label);
}

Str way_value(struct arena *arena, const struct message_way *way) {
    AUTO(buf_done) struct buf b = buf_make(4096);
    if (way->account_type.n) buf_printf(&b, "%.*s ", STR_ARG(way->account_type));
    const char *scheme = bank_schemes[way->scheme].label;
    if (way->bank.n && *scheme) buf_printf(&b, "%s ", scheme);
    buf_add(&b, bank_number_print(arena, way->scheme, way->number));
    if (way->bic.n) buf_printf(&b, ", BIC %.*s", STR_ARG(way->bic));
    return arena_str(arena, buf_str(&b));
}

/* The amount where the scheme takes its currency, else nothing to fill in. */
static Money amount_in(Money amount, const char *currency) {
    char code[4];
    bool same = amount.minor > 0 && str_is(currency_code(amount.currency, code), currency);
    return same ? amount : (Money){0};
}

struct way_code way_code_of(struct ctx *cx, const struct message_way *way, const struct way_demand *demand) {
    AUTO(buf_done) struct buf b = buf_make(4096);
    struct way_code code = {S(""), 0, false};
    struct fault before = cx->fault; /* a way without a code is no failure of the caller's */
    Str holder = way->holder.n ? way->holder : demand->company;
    enum rc rc = NOT_FOUND;
    if (way->scheme == BANK_IBAN) {
        CreditorReference reference = {""};
        bool has_reference = creditor_reference_make(demand->reference, &reference);
        struct epc_payment p = {.bic = way->bic,
                                .name = holder,
                                .iban = way->number,
                                .amount = amount_in(demand->amount, "EUR"),
                                .reference = str_from(reference.text),
                                .text = has_reference ? S("") : demand->reference};
        rc = epc_qr_payload(cx, &p, &b);
        code.max_version = EPC_QR_VERSION;
    } else if (way->scheme == BANK_PIX) {
        struct pix_payment p = {.key = way->number,
                                .name = holder,
                                .city = way->city,
                                .amount = amount_in(demand->amount, "BRL"),
                                .reference = demand->reference};
        rc = pix_qr_payload(cx, &p, &b);
        code.max_version = PIX_QR_VERSION;
        code.is_typed = true;
    }
    cx->fault = before;
    if (rc != OK) return (struct way_code){S(""), 0, false};
    code.payload = arena_str(cx->arena, buf_str(&b));
    return code;
}
