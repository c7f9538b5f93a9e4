/* Contact law and house rules as dated data (the YAML files in rules/), evaluated before every contact (rules.md 1.1,
 * REQ: B9 B10 L7).
 *
 * Windows are half-open in the debtor's zone; with the zone unknown the moment must be allowed in every candidate; a
 * week is a rolling 7×24 h (exactly 168 h later is outside), a day the debtor's civil day; the strictest rule wins; a
 * refusal names rule and next allowed instant. Pure. */
#ifndef STRATEGY_CONTACT_RULES_H
#define STRATEGY_CONTACT_RULES_H

#include "strategy/strategy_types.h"

struct rule_pack;

/* All embedded rule files, plus the .yaml files in `folder` (NULL or missing: none), which replace files of the same
 * name. INVALID names file, line and remedy. Immutable to the caller and safe from several threads; lives in cx->arena,
 * so the process loads it once into an arena it keeps. */
MUST_USE enum rc rule_pack_load(struct ctx *cx, const char *folder, const struct rule_pack **out_pack);

struct contact_request {
    const struct customer *customer;
    Str creditor_country;
    enum channel_kind channel;
    Instant at;
    const struct past_contact *past; /* CHANNEL_NONE stands for a visit */
    size_t past_count;
    int32_t item_count; /* unused so far: caps per debt are judged as if every contact named the same debt */
    bool is_reminder;   /* false: receipts and answers, which are no collection contacts */
    int32_t hours_from_s, hours_to_s; /* the person's own wish; equal: none. It gives way when no rule leaves room for it */
};

struct contact_answer {
    bool allowed;
    enum reason_code code; /* WINDOW, HOLIDAY, CAP, GAP, FORBIDDEN, CONSENT when refused */
    Str rule;              /* id of the strictest rule that refuses */
    Instant next_allowed;  /* first instant at which all rules allow it, given no further contacts; INSTANT_NONE: never
                              within 90 days */
};
/* Persons: the rules of the debtor's country and region and of the creditor's country that bind a creditor towards
 * consumers or all; the house profile only for channels no such law of the debtor's country covers. Companies: rules
 * for businesses or all, and the house profile always. `contact_profile` is policy.contact_profile: HOURS leaves the
 * house its hours and holidays, NONE nothing. */
struct contact_answer contact_rules_check(const struct rule_pack *pack, int contact_profile,
                                          const struct contact_request *request);

/* How people call a rule, in a language ("es", "pt", else English); the id of one that is in the pack no more. */
Str contact_rules_title(const struct rule_pack *pack, const char *lang, Str id);

/* One line in a language ("es", "pt", else English), made from the figures and the words of the file, for each rule that applies to this customer, for why and the settings page. */
struct contact_rule_line {
    Str id, title, text, source, confidence, note;
};
size_t contact_rules_describe(struct arena *arena, const char *lang, const struct rule_pack *pack, const struct customer *customer,
                              Str creditor_country, Instant at, struct contact_rule_line *out_lines, size_t max);

/* What texts to this customer must not say or must carry, for the linter. */
struct contact_text {
    Str rule, kind; /* kind: question, recipient, wording, conduct, channel; or what is required: identity, opt_out, … */
    Str text;       /* in English */
    bool required;
    const Str *phrases; /* wordings that betray it, to be compared folded (str_fold) */
    size_t phrase_count;
};
size_t contact_rules_texts(const struct rule_pack *pack, const struct customer *customer, Str creditor_country,
                           Instant at, struct contact_text *out_texts, size_t max);

#endif
