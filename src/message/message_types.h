/* A message to a debtor as data: what is said, before and after it becomes text. */
#ifndef MESSAGE_MESSAGE_TYPES_H
#define MESSAGE_MESSAGE_TYPES_H

#include "strategy/strategy_types.h"

/* One listed document line. */
struct message_item {
    Str number;
    int32_t position, instalment_count;
    enum document_type type;
    Date issue_date, due_date;
    Money open;
    int32_t days_overdue; /* negative: days to go */
    bool demanded;        /* at or past a step; else "other open items" */
    bool disputed;        /* listed apart, never in a total */
    Date promised_until;  /* last day of an open promise: listed apart, never in a total; DATE_NONE or past: none */
    Str reference;
};

struct message_company {
    Str name, country, tax_id, address;
    Str person_name, person_phone, person_email, person_hours;
    Str ways_to_pay; /* lines, "LABEL: VALUE" each; the label may be missing */
};

/* Everything a template may say: composing reads nothing else, so equal facts give equal bytes. */
struct message_facts {
    struct message_company company;
    struct customer customer;
    Str contact_name;
    Str kind; /* new_invoice | due_soon | due_today | claim | promise_broken | campaign, or one of the user's library */
    enum tone tone;
    Str variant;
    Str language; /* resolved once for the whole message */
    Date today;   /* company's civil day at T */
    const struct message_item *items;
    size_t item_count;
    const struct credit *credits;
    size_t credit_count;
    Date broken_promise; /* quoted in the text; DATE_NONE */
    Date pay_by;         /* the day asked for; DATE_NONE or past: chosen by tone, never on a weekend */
    Str page_url;        /* the debtor's page (H1), for the button; empty: no button */
    Str unsubscribe_url, unsubscribe_mailto;
};

/* The text parts, all in one language. In an arena. */
struct message_text {
    Str subject;
    Str text;     /* plain, LF, lines ≤ 78 columns where words allow */
    Str html;     /* a whole document, or empty for channels without */
    Str language; /* the one it is in, which may be the fallback; the headers follow it */
};

/* An e-mail ready for the wire. */
struct message_envelope {
    Str from_name, from_address, reply_to;
    Str to_name, to_address;
    Str message_id, thread_id; /* without <>; thread empty: starts one */
    Str language;              /* used when the text does not say its own */
    Instant date;
    int zone_offset_minutes; /* of the company, for the Date header */
    Str unsubscribe_url, unsubscribe_mailto;
    bool is_reminder;
};

#endif
