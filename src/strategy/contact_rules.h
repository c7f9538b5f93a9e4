/* Contact law and house rules as dated data (the YAML files in rules/), evaluated before every contact (rules.md 1.1, REQ: B9 B10 L7).
 *
 * Windows are half-open in the debtor's zone; with the zone unknown the moment must be allowed in every candidate; a week is a rolling
 * 7×24 h (exactly 168 h later is outside), a day the debtor's civil day; the strictest rule wins; a refusal names rule and next
 * allowed instant. Pure. */
#ifndef STRATEGY_CONTACT_RULES_H
#define STRATEGY_CONTACT_RULES_H

#include "strategy/strategy_types.h"

struct rule_pack;

/* All embedded rule files, plus those in `folder` (NULL: none), which replace files of the same name. INVALID names file, line
 * and remedy. Immutable; lives as long as the process when `arena` is NULL, else in it. */
MUST_USE enum rc rule_pack_load(struct ctx *cx, const char *folder, const struct rule_pack **out_pack);

struct contact_request {
    const struct customer *customer;
    Str creditor_country;
    enum channel_kind channel;
    Instant at;
    const struct past_contact *past;
    size_t past_count;
    int32_t item_count; /* for caps counted per debt */
    bool is_reminder;   /* false: receipts and answers, which are no collection contacts */
};

struct contact_answer {
    bool allowed;
    enum reason_code code; /* WINDOW, HOLIDAY, CAP, GAP, FORBIDDEN, CONSENT when refused */
    Str rule;              /* id of the strictest rule that refuses */
    Instant next_allowed;  /* first instant at which all rules allow it, given no further contacts; INSTANT_NONE: never within 90 days */
};
struct contact_answer contact_rules_check(const struct rule_pack *pack, int contact_profile,
                                          const struct contact_request *request);

/* One line a rule that applies to this customer, for why and the settings page. */
struct contact_rule_line {
    Str id, text, source, confidence;
};
size_t contact_rules_describe(struct arena *arena, const struct rule_pack *pack, const struct customer *customer,
                              Str creditor_country, Instant at, struct contact_rule_line *out_lines, size_t max);

#endif
