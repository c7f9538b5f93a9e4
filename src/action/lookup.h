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
/* {"items":[ … ],"next":null} */
void items_begin(struct json_writer *w);
void items_end(struct json_writer *w);
/* Pages of a list ordered by id: PAGE_PARAMS among its parameters, and in its loop `while (page_more(&page))` …
 * `page_at(&page, id)`. Without
 * --limit the list is complete. */
#define PAGE_PARAMS                                                                                                    \
    {"limit", P_INT, OPTIONAL, "at most so many", NULL}, { "after", P_INT, OPTIONAL, "go on after this cursor", NULL }
struct page {
    int64_t after, limit, count, last;
    bool is_cut; /* the limit was reached, and there is more */
};
MUST_USE enum rc page_begin(struct ctx *cx, const struct call *call, struct page *out_page);
/* False when the page is full and the row belongs to the next. */
bool page_takes(struct page *page, int64_t id);
/* items_end with the cursor of the next page, if the page is full. */
void page_end(struct json_writer *w, const struct page *page);

#endif
