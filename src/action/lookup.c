/* Shared by the actions. */
#include "action/lookup.h"

#include "customer_sql.h"
#include "document_sql.h"

enum rc look_up_customer(struct ctx *cx, const struct call *call, const char *param, int64_t *out_id) {
    Str code = arg_text(call, param);
    struct customer_by_code_row row;
    bool found;
    TRY(customer_seen_by_code(cx, &(struct customer_seen_by_code_params){.code = code}, &row, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, param, "aldia customer list shows the codes",
                          "there is no customer with code %.*s", (int)(code.n < 80 ? code.n : 80), code.p);
    *out_id = row.id;
    return OK;
}

enum rc look_up_document(struct ctx *cx, Str number, const char *param, struct found_document *out) {
    struct document_by_number_row row;
    bool found;
    TRY(document_seen_by_number(cx, &(struct document_seen_by_number_params){.number = number}, &row, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, param, "aldia invoice list shows the numbers", "there is no invoice %.*s",
                          (int)(number.n < 80 ? number.n : 80), number.p);
    *out = (struct found_document){row.id, row.customer_id, row.currency};
    return OK;
}

void put_money(struct json_writer *w, const char *key, int64_t minor, Currency currency) {
    char text[MONEY_TEXT];
    json_put_str(w, key, money_text(money_make(minor, currency), text));
}

void put_currency(struct json_writer *w, const char *key, Currency currency) {
    char code[4];
    json_put_str(w, key, currency_code(currency, code));
}

void put_date(struct json_writer *w, const char *key, Date date) {
    char text[DATE_TEXT];
    if (date_is_none(date))
        json_put_null(w, key);
    else
        json_put_str(w, key, date_iso(date, text));
}

void put_instant(struct json_writer *w, const char *key, Instant t) {
    char text[INSTANT_TEXT];
    if (instant_is_none(t))
        json_put_null(w, key);
    else
        json_put_str(w, key, instant_format(t, text));
}

void put_change(struct json_writer *w, const char *field, Str was, Str will) {
    json_object(w);
    json_put_text(w, "field", field);
    json_put_str(w, "was", was);
    json_put_str(w, "will", will);
    json_object_end(w);
}

void items_begin(struct json_writer *w) {
    json_object(w);
    json_key(w, "items");
    json_array(w);
}

void items_end(struct json_writer *w) {
    json_array_end(w);
    json_put_null(w, "next");
    json_object_end(w);
}
