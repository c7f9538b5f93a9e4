/* The demo between its files: demo.c makes and tells, demo_day.c lets a day happen. */
#ifndef ACTION_DEMO_H
#define ACTION_DEMO_H

#include "action/action.h"
#include "action/app.h"
#include "action/demo_world.h"

struct demo {
    struct ctx *cx;
    struct call *call;
    struct app *app;
    uint64_t seed;
    struct demo_customer *customers;
    int customer_count;
    const char *clock_file;
};

/* One word of the command line and its value; the list ends with a NULL name. */
struct demo_option {
    const char *name;
    Str value;
};
/* Calls an action as the command line would, its result thrown away. */
MUST_USE enum rc demo_call(struct demo *d, const char *verb, const struct demo_option *options);
/* The same done by one of the people who work there, by login. */
MUST_USE enum rc demo_call_as(struct demo *d, const char *login, const char *verb, const struct demo_option *options);
/* Sets the demo's clock to that moment of the company's day. */
MUST_USE enum rc demo_set_clock(struct demo *d, Date day, int hour, int minute);
/* Everything of one day: what was sold, paid, promised, disputed and closed in the morning, then the round. */
MUST_USE enum rc demo_day(struct demo *d, Date day);

/* Who works there, with a password for all; and a line about it for whoever looks around. */
MUST_USE enum rc demo_people(struct demo *d);
void demo_say_people(struct demo *d, struct buf *b);
/* The login of the collector a customer belongs to, by its index or its code. */
const char *demo_collector(int customer);
const char *demo_collector_of(Str customer_code);
/* Somebody who works there, as signed in. Must outlive whatever is done in their name. */
MUST_USE enum rc demo_person(struct demo *d, const char *login, struct actor *out_actor);

/* Lets days of an open demo pass; *out_day is the day it then is. */
MUST_USE enum rc demo_advance(struct ctx *cx, struct app *app, int days, Date *out_day);

#endif
