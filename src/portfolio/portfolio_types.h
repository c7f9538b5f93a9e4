/* The nouns of the portfolio as plain values, for the engine, messages and everyone who only reads them. */
#ifndef PORTFOLIO_PORTFOLIO_TYPES_H
#define PORTFOLIO_PORTFOLIO_TYPES_H

#include "core/date.h"
#include "core/money.h"

enum channel_kind {
    CHANNEL_NONE,
    CHANNEL_EMAIL,
    CHANNEL_SMS,
    CHANNEL_WHATSAPP,
    CHANNEL_CALL,
    CHANNEL_LETTER,
    CHANNEL_COUNT
};
/* "email", "sms", "whatsapp", "call", "letter"; "" for none. */
const char *channel_kind_name(enum channel_kind kind);
bool channel_kind_parse(Str name, enum channel_kind *out_kind);
/* Whether a comma list names the channel. */
bool channel_listed(Str list, enum channel_kind kind);
/* "09:00-12:00" as seconds of the day, the first before the second; false for anything else. Empty: 0 and 0. */
bool contact_hours_parse(Str text, int32_t *out_from_s, int32_t *out_to_s);
/* Everything but calls and letters counts as written for the caps; a letter too. */
bool channel_is_written(enum channel_kind kind);

enum address_state { ADDRESS_MISSING, ADDRESS_OK, ADDRESS_BOUNCED, ADDRESS_OPTED_OUT };

struct contact {
    int64_t id;
    Str name, role, language;
    Str address[CHANNEL_COUNT]; /* by channel; SMS and calls share the phone */
    enum address_state state[CHANNEL_COUNT];
    enum channel_kind preferred;     /* CHANNEL_NONE: no wish */
    int32_t hours_from_s, hours_to_s; /* seconds of the debtor's day, half-open; equal: any hour */
};

enum document_type { DOCUMENT_INVOICE, DOCUMENT_DEBIT_NOTE, DOCUMENT_CREDIT_NOTE, DOCUMENT_ADVANCE };
const char *document_type_name(enum document_type type);
bool document_type_parse(Str name, enum document_type *out_type);
/* Invoices and debit notes are owed to us; the others are owed by us. */
bool document_is_claim(enum document_type type);

/* What is owed by the customer as a person or firm. */
struct customer {
    int64_t id;
    Str code, name;
    bool is_person;
    Str country; /* never empty: the company's when unknown */
    Str region;
    Str language; /* never empty */
    Str zone;     /* empty: unknown */
    Str segment, sector, profile;
    Str tax_id; /* may be empty */
};

#endif
