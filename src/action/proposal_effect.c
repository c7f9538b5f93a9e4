/* Effects of the actions that need a second person. */
#include "action/proposal_effect.h"

#include "action/lookup.h"
#include "company_sql.h"
#include "document_sql.h"
#include "ledger_sql.h"
#include "way_sql.h"

static void put_money_change(struct json_writer *w, const char *field, int64_t was, int64_t will, Currency currency) {
    json_object(w);
    json_put_text(w, "field", field);
    put_currency(w, "currency", currency);
    put_money(w, "amount_was", was, currency);
    put_money(w, "amount_will", will, currency);
    json_object_end(w);
}

/* The single text of an argument; p = NULL: not given. */
static Str given(const struct value *arguments, const char *name) {
    for (const struct value *list = arguments->child; list; list = list->next)
        if (str_is(list->key, name) && list->child) return list->child->text;
    return (Str){NULL, 0};
}

/* ---- ways to pay ---- */

static enum rc effect_of_way(struct ctx *cx, struct json_writer *w, Str code, const struct value *arguments) {
    struct way_by_code_row r;
    bool found;
    TRY(way_by_code(cx, &(struct way_by_code_params){.code = code}, &r, &found));
    if (!found) r = (struct way_by_code_row){0};
    const struct {
        const char *param, *field;
        Str was;
    } fields[] = {{"scheme", "scheme", r.scheme},
                  {"bank", "bank", r.bank},
                  {"number", "number", r.number},
                  {"account-type", "account_type", r.account_type},
                  {"bic", "bic", r.bic},
                  {"holder", "holder", r.holder},
                  {"holder-id", "holder_tax_id", r.holder_tax_id},
                  {"city", "city", r.city},
                  {"note", "note", r.note},
                  {"for-country", "country", r.country},
                  {"for-currency", "currency", r.currency}};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        Str will = given(arguments, fields[i].param);
        if (will.p && !str_equal(will, fields[i].was)) put_change(w, fields[i].field, fields[i].was, will);
    }
    return OK;
}

static enum rc effect_of_way_removed(struct ctx *cx, struct json_writer *w, Str code, const struct value *arguments) {
    struct way_by_code_row r;
    bool found;
    (void)arguments;
    TRY(way_by_code(cx, &(struct way_by_code_params){.code = code}, &r, &found));
    if (found) put_change(w, "way", arena_printf(cx->arena, "%.*s %.*s", STR_ARG(r.bank), STR_ARG(r.number)), S(""));
    return OK;
}

static enum rc effect_of_company(struct ctx *cx, struct json_writer *w, Str object, const struct value *arguments) {
    struct company_get_row c;
    (void)object;
    TRY(company_get(cx, &c));
    const struct {
        const char *param, *field;
        Str was;
    } fields[] = {{"name", "name", c.name},
                  {"tax-id", "tax_id", c.tax_id},
                  {"address", "address", c.address},
                  {"person-name", "person_name", c.person_name},
                  {"person-phone", "person_phone", c.person_phone},
                  {"person-email", "person_email", c.person_email},
                  {"person-hours", "person_hours", c.person_hours},
                  {"ways-to-pay", "ways_to_pay", c.ways_to_pay}};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        Str will = given(arguments, fields[i].param);
        if (will.p && !str_equal(will, fields[i].was)) put_change(w, fields[i].field, fields[i].was, will);
    }
    return OK;
}

/* ---- write-offs ---- */

static enum rc open_of(struct ctx *cx, int64_t document_id, int64_t *out_open) {
    AUTO(instalments_of_document_close) struct instalments_of_document_cursor cursor = {0};
    TRY(instalments_of_document_open(cx, &(struct instalments_of_document_params){.document_id = document_id}, &cursor));
    *out_open = 0;
    for (;;) {
        struct instalments_of_document_row r;
        bool more;
        TRY(instalments_of_document_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        *out_open += r.open;
    }
}

static enum rc effect_of_write_off(struct ctx *cx, struct json_writer *w, Str number, const struct value *arguments) {
    struct document_by_number_row d;
    bool found;
    int64_t open;
    (void)arguments;
    TRY(document_seen_by_number(cx, &(struct document_seen_by_number_params){.number = number}, &d, &found));
    if (!found) return OK;
    Currency currency = d.currency;
    TRY(open_of(cx, d.id, &open));
    put_money_change(w, "open", open, 0, currency);
    return OK;
}

/* ---- refunds ---- */

static enum rc effect_of_credit_refund(struct ctx *cx, struct json_writer *w, Str number, const struct value *arguments) {
    struct document_by_number_row d;
    Money amount;
    bool found;
    int64_t open;
    TRY(document_seen_by_number(cx, &(struct document_seen_by_number_params){.number = number}, &d, &found));
    Str given_amount = given(arguments, "amount");
    if (!found || !given_amount.p || money_parse(given_amount, d.currency, '.', 0, &amount) != MONEY_OK) return OK;
    Currency currency = d.currency;
    TRY(open_of(cx, d.id, &open));
    put_money_change(w, "open", open, open - amount.minor, currency);
    return OK;
}

static enum rc effect_of_refund(struct ctx *cx, struct json_writer *w, Str object, const struct value *arguments) {
    struct payment_get_row p;
    Money amount;
    int64_t id;
    bool found;
    if (!str_to_i64(object, &id)) return OK;
    TRY(payment_get(cx, &(struct payment_get_params){.id = id}, &p, &found));
    Str given_amount = given(arguments, "amount");
    if (!found || !given_amount.p || money_parse(given_amount, p.currency, '.', 0, &amount) != MONEY_OK) return OK;
    Currency currency = p.currency;
    put_money_change(w, "unapplied", p.unapplied, p.unapplied - amount.minor, currency);
    return OK;
}

enum rc proposal_put_effect(struct ctx *cx, struct json_writer *w, Str verb, Str object, const struct value *arguments) {
    static const struct {
        const char *verb;
        enum rc (*put)(struct ctx *cx, struct json_writer *w, Str object, const struct value *arguments);
    } kinds[] = {{"company way set", effect_of_way},
                 {"company way remove", effect_of_way_removed},
                 {"company set", effect_of_company},
                 {"invoice write-off", effect_of_write_off},
                 {"invoice refund", effect_of_credit_refund},
                 {"payment refund", effect_of_refund}};
    json_key(w, "effect");
    json_array(w);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(verb, kinds[i].verb)) TRY(kinds[i].put(cx, w, object, arguments));
    json_array_end(w);
    return OK;
}
