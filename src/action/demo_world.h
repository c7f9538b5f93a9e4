/* The demo's invented world: a wholesaler in Medellín and its customers in five countries. Everything follows from the
 * seed and a number; nobody and nothing in it exists. */
#ifndef ACTION_DEMO_WORLD_H
#define ACTION_DEMO_WORLD_H

#include "base/ctx.h"
#include "core/date.h"
#include "core/money.h"

/* How a customer pays: what the reminders have to deal with. */
enum demo_habit {
    PAYS_ON_TIME,
    PAYS_WHEN_TOLD, /* a notice before the day is enough */
    FORGETS,        /* pays after the first claim */
    PAYS_LATE,      /* after the second or third */
    HARDLY_PAYS,
    DISPUTES
};

struct demo_customer {
    Str code, name, tax_id, country, currency, zone, email, contact, payment_terms;
    enum demo_habit habit;
    int terms_days, every_days; /* an invoice about every so many business days */
    int scale;                  /* size of its orders */
};

#define DEMO_MAX_CUSTOMERS 5000

/* A number that depends on all of these and on nothing else, below `bound`. */
uint64_t demo_draw(uint64_t seed, const char *purpose, Str subject, int64_t number, uint64_t bound);
void demo_customer(struct arena *arena, uint64_t seed, int index, struct demo_customer *out);
/* What an order of the customer costs, in minor units of its currency, rounded as people do. */
int64_t demo_amount(const struct demo_customer *c, uint64_t seed, int64_t number);
Str demo_goods(uint64_t seed, int64_t number);

/* One open invoice, as its debtor sees it. */
struct demo_debt {
    Str number;
    Date issue, due;
    int64_t claims; /* claims received about it */
    Date reminded;  /* when the last message came; DATE_NONE */
    Date promised;  /* DATE_NONE */
    bool partly, disputed, had_dispute;
};
/* Does the customer pay it today? */
bool demo_pays(const struct demo_customer *c, uint64_t seed, const struct demo_debt *debt, Date today);

#endif
