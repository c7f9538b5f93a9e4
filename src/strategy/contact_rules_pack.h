/* The inside of a rule pack: shared by the files contact_rules*.c and their tests, by nobody else.
 *
 * A pack is read once and never changes, but for the table of places (contact_rules_place.c), which remembers where a
 * customer's country, region and zone lead. */
#ifndef STRATEGY_CONTACT_RULES_PACK_H
#define STRATEGY_CONTACT_RULES_PACK_H

#include "core/calendar.h"
#include "strategy/contact_rules.h"

/* Sets of channels: bit = enum channel_kind. A visit is no channel of ours; past contacts record it as CHANNEL_NONE. */
typedef uint32_t ChannelSet;
#define CHANNEL_BIT(kind) ((ChannelSet)1 << (kind))
#define CHANNELS_VISIT CHANNEL_BIT(CHANNEL_NONE)
#define CHANNELS_WRITTEN                                                                                               \
    (CHANNEL_BIT(CHANNEL_EMAIL) | CHANNEL_BIT(CHANNEL_SMS) | CHANNEL_BIT(CHANNEL_WHATSAPP) |                           \
     CHANNEL_BIT(CHANNEL_LETTER))
#define CHANNELS_ALL (CHANNELS_WRITTEN | CHANNEL_BIT(CHANNEL_CALL))

/* [from, to) in seconds of the civil day. */
struct rule_window {
    int32_t from, to;
};
#define RULE_WINDOWS_MAX 28

enum cap_counts { COUNT_ATTEMPT, COUNT_DELIVERED, COUNT_CONVERSATION };

/* At most `n` contacts, or contacts by at most `max_channels` different channels, in a period. */
struct rule_cap {
    ChannelSet channels;
    int32_t n;            /* 0: not limited */
    int32_t max_channels; /* 0: not limited */
    int64_t period_ms;    /* rolling; 0: the debtor's civil day */
    enum cap_counts counts;
    bool per_debt;
};
#define CAP_N_MAX 31

/* Least distance between two contacts: `ms` of time, or `days` between civil dates. */
struct rule_gap {
    ChannelSet channels;
    int64_t ms;
    int32_t days;
};
#define GAP_DAYS_MAX 14

/* What a file says in words: the same for all readers (a citation), or in Spanish, English and Portuguese. */
struct rule_words {
    Str es, en, pt;
};
/* In a language ("es", "pt", else English). */
Str rule_words_in(const struct rule_words *words, const char *lang);

/* One line of forbidden[] or required_text[]. */
struct rule_text {
    Str kind;
    struct rule_words text;
    const Str *phrases;
    size_t phrase_count;
    ChannelSet channels; /* kind "channel" only */
    bool required;
};

enum rule_party { PARTY_B2C = 1, PARTY_B2B = 2, PARTY_ALL = 3 };

struct rule {
    Str id, confidence;
    struct rule_words title, source, note;
    Str country, region;         /* "*": the house profile; region may be empty */
    int32_t first_day, last_day; /* in force, as Date.day, both inclusive */
    enum rule_party party;
    bool binds_creditor; /* false: actor is agency */
    bool replaces_house; /* for the channels it names */
    bool blocks_holidays;
    ChannelSet channels, forbidden_channels;
    bool has_windows;
    uint8_t window_start[8]; /* windows of weekday d: [window_start[d], window_start[d + 1]) */
    struct rule_window windows[RULE_WINDOWS_MAX];
    const struct rule_cap *caps;
    size_t cap_count;
    const struct rule_gap *gaps;
    size_t gap_count;
    const struct rule_text *texts;
    size_t text_count;
    Str consent;
    Str recipients; /* comma list */
    int32_t log_keep_days;
    const char *file;
    int line;
};

/* Rules of one country, or of the house. */
#define COUNTRY_RULES_MAX 24

#define COUNTRY_SLOTS (26 * 26)
#define NO_COUNTRY COUNTRY_SLOTS
/* The slot of "AA".."ZZ"; NO_COUNTRY for anything else. */
size_t country_slot(Str country);

struct place_table;

struct rule_pack {
    const struct rule **rules; /* by country, then as written */
    size_t rule_count;
    uint16_t country_start[COUNTRY_SLOTS + 2]; /* rules of slot c: [c], [c + 1]; the house profile lies in the last */
    struct place_table *places;
};

struct rule_span {
    const struct rule *const *rules;
    size_t count;
};
/* The rules written for a country; house: rule_pack_house. */
struct rule_span rule_pack_country(const struct rule_pack *pack, Str country);
struct rule_span rule_pack_house(const struct rule_pack *pack);

/* Whether a rule speaks to this debtor and binds a creditor, its dates apart. `own_country`: the rule is of the
 * debtor's country; rules of a region bind only there. */
bool rule_applies(const struct rule *rule, const struct customer *customer, bool own_country);
static inline bool rule_in_force(const struct rule *rule, Date d) {
    return rule->first_day <= d.day && d.day <= rule->last_day;
}

/* Reads the rules of one file and appends them; INVALID names file, line and remedy. `name` and `text` must outlive
 * them. */
typedef VEC_OF(const struct rule *) RuleVec;
MUST_USE enum rc rule_file_read(struct ctx *cx, Str text, const char *name, RuleVec *rules);
/* Sorts and checks them against each other. The array may be reordered. */
MUST_USE enum rc rule_pack_make(struct ctx *cx, RuleVec *rules, const struct rule_pack **out_pack);

/* Where a debtor lives, as far as rules are concerned. */
#define PLACE_ZONES_MAX 32
struct place {
    const struct calendar *calendar; /* NULL: no calendar for the country */
    const struct zone *zones[PLACE_ZONES_MAX];
    size_t zone_count; /* at least 1 */
};
struct place_table *place_table_new(struct arena *arena);
/* From the table, or worked out into *scratch when the table is full. Thread-safe. */
const struct place *place_find(struct place_table *table, const struct customer *customer, Str creditor_country,
                               struct place *scratch);

#endif
