/* What the sender's page and sending itself read alike out of aldia.conf. */
#ifndef ACTION_SENDER_H
#define ACTION_SENDER_H

#include "action/env.h"

/* The usual volume (REQ: B10): of so many days back; with messages on so many of them there is such a thing; so few are never stopped. */
#define RUN_USUAL_DAYS 28
#define RUN_USUAL_AT_LEAST 3
#define RUN_VOLUME_FLOOR 20

struct usual_volume {
    int64_t a_day, factor;
    int64_t most; /* a round of more than this stops and asks, when it is limited */
    bool is_limited;
};
MUST_USE enum rc usual_volume_read(struct ctx *cx, struct app *app, struct usual_volume *out_usual);

extern const struct setting dkim_domain_setting, dkim_selector_setting, dkim_key_setting;

struct call;

/* What the company says of itself; empty members: as aldia.conf says. */
struct sender_own {
    Str name, address, reply_to, logo_type;
    Str logo;               /* p = NULL: none */
    bool is_one_of_several; /* companies share what aldia.conf says */
};
/* In cx->arena. Any transaction, or none. */
MUST_USE enum rc sender_own_load(struct ctx *cx, const struct app *app, struct sender_own *out_own);
#define SENDER_PARAMS                                                                                                                  \
    {"name", P_TEXT, OPTIONAL | CLEARABLE, "name shown before the address; empty: the company's", NULL},                               \
        {"address", P_TEXT, OPTIONAL | CLEARABLE, "address mails come from; empty: the installation's", NULL}, {                       \
        "reply-to", P_TEXT, OPTIONAL | CLEARABLE, "where answers go; empty: the installation's, else the sender", NULL                 \
    }
/* Lays what was given of SENDER_PARAMS over it. INVALID names the parameter. */
MUST_USE enum rc sender_own_read(struct ctx *cx, const struct call *call, struct sender_own *own);

/* Name, address and reply address of the company's messages: its own, else aldia.conf's. INVALID names the setting. */
MUST_USE enum rc mail_sender_read(struct ctx *cx, struct app *app, struct outbox_config *out_config);
MUST_USE enum rc mail_sender_of(struct ctx *cx, struct app *app, const struct sender_own *own, struct outbox_config *out_config);
void mail_server_read(const struct app *app, struct smtp_config *out_config);
/* What stops every message stops a test too: CONFLICT says what. Opens its own transaction. */
MUST_USE enum rc mail_may_leave(struct ctx *cx, struct app *app, const struct mail_setup *mail);

#endif
