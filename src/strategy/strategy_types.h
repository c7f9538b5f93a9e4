/* What the engine reads and what it answers, as plain values: no I/O, no clock, no database.
 *
 * A `struct snapshot` is everything known about one customer at one instant; decide() (decide.h) turns it into decisions. The same
 * function serves the daily run, the rehearsal, why, the simulation and the benchmark. */
#ifndef STRATEGY_STRATEGY_TYPES_H
#define STRATEGY_STRATEGY_TYPES_H

#include "core/date.h"
#include "core/money.h"
#include "core/zone.h"
#include "portfolio/portfolio_types.h"

/* ---- strategies, as read from YAML (strategy.h) ---- */

enum ladder { LADDER_MESSAGE, LADDER_TASK, LADDER_STATE };
enum tone { TONE_FRIENDLY, TONE_CONCERN, TONE_FIRM };
const char *tone_name(enum tone tone); /* "friendly", "concern", "firm" */
/* False for any other name. */
bool tone_parse(Str name, enum tone *out_tone);

/* What a step's day is counted from (B1), always a date of the debt and never the day a step was performed: PREVIOUS is the day the
 * step before it in the file is scheduled for, PROMISE the date of the item's last broken promise. */
enum anchor { ANCHOR_ISSUE, ANCHOR_DUE, ANCHOR_PREVIOUS, ANCHOR_PROMISE };
/* B8. TEST composes and keeps the message in the outbox without handing it over. */
enum step_mode { MODE_AUTOMATIC, MODE_CONFIRM, MODE_TEST };

/* What goes with a message (A5), as bits of step.attach. */
enum { ATTACH_INVOICE = 1, ATTACH_STATEMENT = 2 };

#define LATENESS_UNLIMITED INT32_MAX

struct step_conditions {
    bool no_reply;              /* only while the customer has not answered since the last message step before this one */
    bool has_min_amount, has_max_amount;
    Money min_amount, max_amount;   /* Σ open of the items due for the step in this currency; items in others pass */
    int32_t min_days_since_contact; /* 0 = none */
    int32_t min_silent_reminders;   /* 0 = none */
    Str segments;               /* comma list, empty = all */
    Str channels;               /* comma list of channels of which every one must reach the customer, empty = any */
};

struct step {
    Str id;                     /* for life; "d-7", "claim-1" */
    Str name;                   /* for people */
    enum ladder ladder;
    enum anchor anchor;
    int32_t offset;             /* days; negative = before */
    int32_t max_lateness;       /* civil days it may be late; LATENESS_UNLIMITED */
    Str kind;                   /* messages: new_invoice | due_soon | due_today | claim …; tasks: call | escalate …; states: suspend … */
    enum tone tone;             /* the least tone of this step */
    bool has_tone;              /* false: chosen by age, profile and history alone */
    enum channel_kind channel;
    enum channel_kind fallback[CHANNEL_COUNT];
    size_t fallback_count;
    enum step_mode mode;
    bool before_due;            /* a notice: counted from issue, or offset <= 0 from D */
    bool never_after_next;      /* skipped once the next step's day has come */
    int32_t repeat_every;       /* days between occurrences, 0 = once; occurrence k is due at offset + k × repeat_every */
    unsigned attach;            /* ATTACH_ bits; e-mail only */
    struct step_conditions when;
    int line;                   /* in the file */
};

struct strategy {
    int64_t id;
    Str code, name, description;
    Str segments;               /* comma list: customers of these segments follow it unless assigned by hand */
    int32_t version;
    Date watermark;             /* DATE_NONE: not activated */
    Date ramp_from;             /* a gradual start: whoever was never written to begins on one of ramp_days days from here */
    int32_t ramp_days;          /* 0 or 1: everybody at once */
    int32_t silent_before_switch; /* after so many silent reminders the next channel (B6); 0 = never */
    struct step *steps;         /* rank = position */
    size_t step_count;
};

/* ---- one customer at one instant ---- */

/* A (step, occurrence) of an instalment that is performed (or planned and still alive), or was swallowed by a higher one. A swallowed
 * one may be given as it stands in decided_item.skipped: "claim-1" or "weekly#3". */
struct progress {
    Str step;
    int32_t occurrence;
    bool skipped;
    Date date; /* when performed, civil day of the company */
};

struct item {
    int64_t instalment_id;
    Str number;
    int32_t position;
    int32_t instalment_count;   /* of its document */
    enum document_type type;
    Date issue_date, due_date;
    Money amount, open;         /* open > 0 */
    Str reference, description;
    bool disputed;
    bool held;                  /* a hold on its document */
    Date held_until;            /* DATE_NONE: until resumed */
    Date promised_until;        /* last day of an open promise that covers it; DATE_NONE: none */
    Date broken_promise;        /* date of the last broken promise; DATE_NONE: none */
    const struct progress *progress;
    size_t progress_count;
};

/* A contact that happened, in or outside aldia, newest first; at least those of the last 14 days. */
struct past_contact {
    Instant at;
    enum channel_kind channel;
    bool conversation;          /* two-way */
    int32_t item_count;
};

struct credit {
    Money unapplied;            /* one currency: payments and credit notes not applied */
};

struct snapshot {
    struct customer customer;
    const struct contact *contacts;
    size_t contact_count;
    const struct item *items;   /* open claims, oldest due first */
    size_t item_count;
    const struct credit *credits;
    size_t credit_count;
    bool held;                  /* the customer as a whole */
    Str hold_reason;
    Date held_until;
    const struct past_contact *past;
    size_t past_count;
    Instant last_message_at;    /* last reminder handed over; INSTANT_NONE */
    Instant last_reply_at;      /* last answer of any kind; INSTANT_NONE */
    int32_t silent_reminders;   /* handed over since the last reply or payment */
    enum tone last_tone;
    bool has_last_tone;
    Str used_variants;          /* comma list of the wordings used, newest first: "claim:b,due_soon:a,claim:a" */
    int32_t broken_promises;
};

struct rule_pack; /* contact_rules.h */
struct contact_request;
struct contact_answer;
struct message_library; /* message/compose.h */

/* What a text is made for; the library has texts per form. */
enum message_form {
    FORM_EMAIL,
    FORM_SMS,
    FORM_WHATSAPP,
    FORM_VOICE,     /* spoken to the person owed, once it is known to be that person */
    FORM_VOICEMAIL, /* spoken to a machine: anybody may hear it */
    FORM_LETTER,
    FORM_CALL,      /* the script of a call that a person makes */
    FORM_COUNT
};
/* "email", "sms", "whatsapp", "voice", "voicemail", "letter", "call". */
const char *message_form_name(enum message_form form);
bool message_form_parse(Str name, enum message_form *out_form);
/* What goes out by the channel without a person: a call is the spoken text. */
enum message_form message_form_of(enum channel_kind channel);

/* Which wordings are asked for. Sector and profile as the customer's data have them, in any of the known spellings. */
struct wording_query {
    Str language, kind;
    enum message_form form;
    enum tone tone;
    Str country, sector, profile; /* the customer's; may be empty */
    bool is_person;
};

/* What applies where no contact law is found. */
enum contact_profile { PROFILE_HOUSE, PROFILE_HOURS, PROFILE_NONE };

/* What holds for the whole run. */
struct company_days;
struct policy {
    int64_t company_id;
    Str country;                /* of the creditor */
    const struct zone *zone;    /* of the company: civil due dates are in it */
    Currency currency;
    Instant now;
    Date today;                 /* company's civil day of now */
    /* contact_rules_check with its pack; required, so that nobody forgets the law (tests give a double). */
    struct contact_answer (*check_contact)(const struct rule_pack *, int profile, const struct contact_request *);
    const struct rule_pack *rules; /* contact_rules.h */
    enum contact_profile contact_profile;
    const struct company_days *closed; /* the company's own calendar (company_days.h); NULL: always open */
    /* message_variants with its library: the wordings there are; NULL: one, "a". */
    size_t (*variants)(const struct message_library *, const struct wording_query *, Str *out, size_t max);
    const struct message_library *library;
    bool channel_available[CHANNEL_COUNT]; /* configured here */
    bool ignore_watermark;      /* rehearsal of a strategy not yet activated: watermark = first rehearsed day */
    Date watermark;             /* used then */
};

/* ---- answers ---- */

/* Stable codes, shown in JSON as written: reason_code_name(REASON_PROMISE) is "PROMISE". */
#define REASON_LIST(X)                                                                                                 \
    X(DUE) X(NOT_YET) X(PERFORMED) X(COLLAPSED) X(TOO_LATE) X(BEFORE_ACTIVATION) X(NOT_ACTIVATED) X(NOTHING_OPEN)      \
    X(PAID) X(NET_CREDIT) X(HOLD) X(DISPUTE) X(PROMISE) X(PLAN) X(NO_REPLY_CONDITION) X(AMOUNT_CONDITION)              \
    X(SEGMENT_CONDITION) X(SILENCE_CONDITION) X(RECENT_CONTACT) X(NO_CHANNEL) X(NO_ADDRESS) X(OPTED_OUT) X(BOUNCED)    \
    X(WINDOW) X(HOLIDAY) X(CAP) X(GAP) X(FORBIDDEN) X(CONSENT) X(APPROVAL) X(TEST_MODE) X(VOLUME) X(STALE_DATA)        \
    X(KILL_SWITCH) X(INSTANCE_UNCONFIRMED) X(CLOCK_BACK) X(ONE_PER_DAY) X(RECIPIENT_CHANGED) X(AMOUNT_CHANGED)         \
    X(SUPERSEDED) X(NOT_ISSUED) X(BACK_OFF) X(FALLBACK) X(TONE) X(VARIANT) X(CHANNEL_SWITCHED) X(OVERTAKEN) X(PREFERRED) X(RAMP_UP)
enum reason_code {
#define X(name) REASON_##name,
    REASON_LIST(X)
#undef X
        REASON_COUNT
};
const char *reason_code_name(enum reason_code code);

/* One reason, for or against, with its data for a sentence ("promise until 2026-12-04"). */
struct reason {
    enum reason_code code;
    int64_t instalment_id;      /* 0: the whole customer */
    Str step;
    Str rule;                   /* contact-rule id, "CO-2300" */
    Date date;                  /* until / scheduled / performed; DATE_NONE */
    Instant next_allowed;       /* INSTANT_NONE */
    int64_t number;             /* days, counts; 0 */
};

enum verdict { VERDICT_SEND, VERDICT_TASK, VERDICT_STATE, VERDICT_HOLD, VERDICT_NONE };
const char *verdict_name(enum verdict v); /* "send", "task", "state", "hold", "none" */

/* One line of a decision. */
struct decided_item {
    const struct item *item;
    const struct step *step;    /* the step it performs; NULL: listed only */
    int32_t occurrence;
    Date scheduled;
    Str skipped;                /* comma list of lower steps swallowed (COLLAPSED), "id" or "id#occurrence" when that is not 0 */
};

struct decision {
    enum verdict verdict;
    enum ladder ladder;
    const struct step *step;    /* the highest; NULL for a plain "none" */
    Date scheduled;             /* of that step on its leading item */
    /* Performing ones first (leading one first), then the listed. Disputed, promised, held and not yet issued items are never here. A
     * task or state has performing ones only. */
    const struct decided_item *items;
    size_t item_count, performing_count;
    enum channel_kind channel;
    const struct contact *contact;
    enum tone tone;
    Str template_kind;          /* "claim" */
    Str variant;                /* "a" */
    Money total;                /* Σ open of the items in the leading currency */
    bool needs_approval;
    bool test_only;
    Instant not_before;         /* > now: deferred until then; INSTANT_NONE: may go now */
    const struct reason *reasons;
    size_t reason_count;
};

struct decision_list {
    /* At most one message, then tasks, then states; then a "hold" when something due was held back and no message goes out; a "none"
     * when there is nothing else. Never empty. */
    struct decision *items;
    size_t count;
};

#endif
