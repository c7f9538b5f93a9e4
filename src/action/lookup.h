/* Small look-ups and conversions that many actions share. */
#ifndef ACTION_LOOKUP_H
#define ACTION_LOOKUP_H

#include "action/action.h"

/* The customer's id by the code given in a parameter; NOT_FOUND naming it. */
MUST_USE enum rc look_up_customer(struct ctx *cx, const struct call *call, const char *param, int64_t *out_id);
struct found_document {
    int64_t id, customer_id;
    Currency currency;
};
MUST_USE enum rc look_up_document(struct ctx *cx, Str number, const char *param, struct found_document *out_document);

/* The contacts of a customer, an array. */
MUST_USE enum rc put_contacts(struct ctx *cx, struct json_writer *w, int64_t customer_id);

/* The member "data": what an event tells, as texts. */
void put_event_data(struct ctx *cx, struct json_writer *w, Str json);
void put_money(struct json_writer *w, const char *key, int64_t minor, Currency currency);
void put_currency(struct json_writer *w, const char *key, Currency currency);
/* null for none. */
void put_date(struct json_writer *w, const char *key, Date date);
void put_instant(struct json_writer *w, const char *key, Instant t);
/* {"field":NAME,"was":TEXT,"will":TEXT} */
void put_change(struct json_writer *w, const char *field, Str was, Str will);
/* {"items":[ … ],"next":null} */
void items_begin(struct json_writer *w);
void items_end(struct json_writer *w);

#endif
