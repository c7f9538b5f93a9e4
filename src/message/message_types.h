/* A message to a debtor as data: what is said, before and after it becomes text. */
#ifndef MESSAGE_MESSAGE_TYPES_H
#define MESSAGE_MESSAGE_TYPES_H

#include "message/way_types.h"
#include "strategy/strategy_types.h"

/* One listed document line. */
struct message_item {
    Str number;
    int32_t position, instalment_count;
    enum document_type type;
    Date issue_date, due_date;
    Money amount, open;
    int32_t days_overdue; /* negative: days to go */
    bool demanded;        /* at or past a step; else "other open items" */
    bool disputed;        /* listed apart, never in a total */
    Date promised_until;  /* last day of an open promise: listed apart, never in a total; DATE_NONE or past: none */
    Str reference;
};

struct message_company {
    Str name, country, tax_id, address;
    Str person_name, person_phone, person_email, person_hours;
    const struct message_way *ways; /* in their order */
    size_t way_count;
    Str ways_to_pay; /* more ways, as lines, "LABEL: VALUE" each; the label may be missing */
};

/* What went before; DATE_NONE where nothing did. */
struct message_history {
    Date last_message, last_reply; /* a message of ours to this customer; an answer of any kind */
    Date last_promise;             /* the day promised for */
    Money promised;                /* zero: of no given amount */
    bool is_kept;
};

/* What a message may be about besides items; a message names it by pointer, NULL: there is none. */
struct message_payment {
    Money amount;
    Date date; /* DATE_NONE: not known */
    Str reference;
};
struct message_promise {
    Money amount; /* zero: of no given amount */
    Date date;
};
/* An agreed plan, and the instalment spoken of. */
struct message_plan {
    int32_t position, count;
    Money amount, total; /* of the instalment; of the plan */
    Date date;           /* when the instalment falls due */
};
struct message_dispute {
    Str reason;
    Str answer; /* empty while it is looked into */
    bool is_answered, is_accepted;
    Date date; /* when it was opened */
};
struct message_discount {
    int32_t percent;
    Money amount; /* what would close the debt */
    Date until;
};
/* One line of a forewarning: what will be sent to whom. */
struct message_send {
    Str customer, channel, what;
    Money total;
};

/* A copy of an invoice that goes with an e-mail, or stays out of it because it would be too much. */
struct message_attachment {
    Str number; /* of its invoice */
    Str name, media_type;
    Str hash; /* SHA-256 of the bytes */
    int64_t size;
    bool is_left_out;
};

/* Everything a template may say: composing reads nothing else, so equal facts give equal bytes. */
struct message_facts {
    struct message_company company;
    struct customer customer;
    Str contact_name;
    Str kind; /* of the table in message/kind.h, or one of the user's library */
    enum message_form form;
    enum tone tone;
    Str variant;
    Str language; /* resolved once for the whole message */
    Date today;   /* company's civil day at T */
    const struct message_item *items;
    size_t item_count;
    const struct credit *credits;
    size_t credit_count;
    struct message_history history;
    Date broken_promise;                              /* quoted in the text; DATE_NONE */
    const struct message_payment *payment, *reported; /* received; told by the customer */
    const struct message_promise *promise;
    const struct message_plan *plan;
    const struct message_dispute *dispute;
    const struct message_discount *discount;
    const struct message_send *sends;
    size_t send_count;
    Date send_day;      /* of the sends; DATE_NONE */
    const Str *missing; /* what data are missing, as the message names them */
    size_t missing_count;
    Date suspend_on; /* when the service stops if nothing happens; DATE_NONE: not said */
    Date pay_by;     /* the day asked for; DATE_NONE or past: chosen by tone, never on a weekend */
    const struct message_attachment *attachments;
    size_t attachment_count;
    bool with_statement; /* the statement of account goes with it */
    Str page_url;        /* the debtor's page (H1), for the button; empty: no button */
    Str unsubscribe_url, unsubscribe_mailto;
};

struct message_paragraph {
    bool is_heading; /* a part of a call script */
    Str text;
};

/* A part of an e-mail besides its text. */
struct message_part {
    Str name, media_type, bytes;
};

/* The text parts, all in one language. In an arena. */
struct message_text {
    Str subject; /* e-mails and letters */
    Str title;   /* e-mails */
    Str text; /* e-mail: plain, LF, lines ≤ 78 columns where words allow; other forms: as it is sent, spoken or read */
    Str html;     /* a whole document, or empty for forms without */
    Str language; /* the one it is in, which may be the fallback; the headers follow it */
    Str wording;  /* file of the library it was made from, "es/claim/firm-a.txt" */
    /* The wording without a layout, piece by piece: whoever sets a letter or shows a script decides how it looks. Not
     * for sms and whatsapp. */
    const struct message_paragraph *paragraphs;
    size_t paragraph_count;
    /* WhatsApp: the template as it was approved ("… {{1}} …"), its name, and the parameters of this message. */
    Str template_name, template_body;
    const Str *parameters;
    size_t parameter_count;
    const struct message_part *parts; /* e-mails: attached, in this order */
    size_t part_count;
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
