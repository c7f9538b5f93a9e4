/* One file of contact rules read from YAML into struct rule (schema: docs/ref/rules.md); its hours and limits are
 * contact_rules_figures.c.
 *
 * Does not look at other files and does not evaluate. Every complaint names file and line: a lawyer edits these files.
 */
#include "strategy/contact_rules_read.h"

static const char *const channel_hint = PHRASE("write email, sms, whatsapp, call, letter, visit, written or all");

enum rc rule_read_channels(struct rule_reading *r, const struct yaml_node *parent, const char *key, ChannelSet *out) {
    static const struct {
        const char *name;
        ChannelSet set;
    } names[] = {
        {"email", CHANNEL_BIT(CHANNEL_EMAIL)},
        {"sms", CHANNEL_BIT(CHANNEL_SMS)},
        {"whatsapp", CHANNEL_BIT(CHANNEL_WHATSAPP)},
        {"call", CHANNEL_BIT(CHANNEL_CALL)},
        {"letter", CHANNEL_BIT(CHANNEL_LETTER)},
        {"visit", CHANNELS_VISIT},
        {"written", CHANNELS_WRITTEN},
        {"all", CHANNELS_ALL},
    };
    const struct yaml_node *list = yaml_get(parent, key);
    if (!list) return yaml_fail(r->cx, r->name, parent, channel_hint, "%s is missing", key);
    if (list->kind != YAML_SEQUENCE || list->count == 0)
        return yaml_fail(r->cx, r->name, list, channel_hint, "%s must be a list with at least one entry", key);
    ChannelSet set = 0;
    for (const struct yaml_node *item = list->child; item; item = item->next) {
        ChannelSet found = 0;
        for (size_t i = 0; i < COUNT_OF(names); i++)
            if (item->kind == YAML_SCALAR && str_is(item->scalar, names[i].name)) found = names[i].set;
        if (!found)
            return yaml_fail(r->cx, r->name, item, channel_hint, "\"%.*s\" is no channel", STR_ARG(item->scalar));
        set |= found;
    }
    *out = set;
    return OK;
}

enum rc rule_read_word(struct rule_reading *r, const struct yaml_node *parent, const char *key,
                       const char *const *words, size_t *out) {
    const struct yaml_node *node = yaml_get(parent, key);
    *out = 0;
    if (!node) return OK;
    char hint[120];
    struct buf list = buf_make(sizeof hint);
    for (size_t i = 0; words[i]; i++) {
        if (node->kind == YAML_SCALAR && str_is(node->scalar, words[i])) {
            *out = i;
            buf_done(&list);
            return OK;
        }
        buf_add_cstr(&list, i == 0 ? "write " : words[i + 1] ? ", " : " or ");
        buf_add_cstr(&list, words[i]);
    }
    Str text = buf_str(&list);
    snprintf(hint, sizeof hint, "%.*s", STR_ARG(text));
    buf_done(&list);
    return yaml_fail(r->cx, r->name, node, hint, "%s cannot be \"%.*s\"", key, STR_ARG(node->scalar));
}

enum rc rule_read_i32(struct rule_reading *r, const struct yaml_node *parent, const char *key, int32_t max,
                      int32_t *out) {
    int64_t value = *out;
    TRY(yaml_int(r->cx, r->name, parent, key, 1, max, &value));
    *out = (int32_t)value;
    return OK;
}

static enum rc read_day(struct rule_reading *r, const struct yaml_node *parent, const char *key, int32_t *out_day) {
    const struct yaml_node *node = yaml_get(parent, key);
    Date date;
    if (!node) return OK;
    if (node->kind != YAML_SCALAR || !date_parse_iso(node->scalar, &date))
        return yaml_fail(r->cx, r->name, node, "write it as 2026-11-21", "%s is no date", key);
    *out_day = date.day;
    return OK;
}

static enum rc read_texts(struct rule_reading *r, const struct yaml_node *parent, const char *key, Str *out_first) {
    const struct yaml_node *node = yaml_get(parent, key);
    if (!node) return OK;
    if (node->kind != YAML_SCALAR)
        return yaml_fail(r->cx, r->name, node, "write one line of text", "%s is no text", key);
    *out_first = node->scalar;
    return OK;
}

/* One text for all readers, or one for each language. */
static enum rc read_told(struct rule_reading *r, const struct yaml_node *parent, const char *key, struct rule_words *out) {
    static const char *const languages[] = {"es", "en", "pt", NULL};
    const char *hint = PHRASE("write es:, en: and pt: below it, or one text if all may read it");
    const struct yaml_node *node = yaml_get(parent, key);
    if (!node) return OK;
    if (node->kind == YAML_SCALAR) {
        *out = (struct rule_words){node->scalar, node->scalar, node->scalar};
        return OK;
    }
    if (node->kind != YAML_MAPPING) return yaml_fail(r->cx, r->name, node, hint, "%s is no text", key);
    TRY(yaml_only(r->cx, r->name, node, languages));
    Str *texts[] = {&out->es, &out->en, &out->pt};
    for (size_t i = 0; languages[i]; i++) {
        *texts[i] = yaml_text(node, languages[i]);
        if (texts[i]->n == 0) return yaml_fail(r->cx, r->name, node, hint, "%s is missing in language %s", key, languages[i]);
    }
    return OK;
}

enum rc rule_want_list(struct rule_reading *r, const struct yaml_node *node) {
    if (node->kind == YAML_SEQUENCE) return OK;
    return yaml_fail(r->cx, r->name, node, "begin each entry with \"- \"", "%.*s must be a list", STR_ARG(node->key));
}

static enum rc read_text(struct rule_reading *r, const struct yaml_node *node, bool required, struct rule_text *text) {
    static const char *const forbidden_keys[] = {"kind", "text", "phrases", "channels", NULL};
    static const char *const required_keys[] = {"kind", "text", NULL};
    static const char *const forbidden_kinds[] = {"", "question", "recipient", "wording", "conduct", "channel", NULL};
    TRY(yaml_only(r->cx, r->name, node, required ? required_keys : forbidden_keys));
    text->required = required;
    TRY(read_texts(r, node, "kind", &text->kind));
    TRY(read_told(r, node, "text", &text->text));
    if (text->kind.n == 0 || text->text.en.n == 0)
        return yaml_fail(r->cx, r->name, node, "write {kind: …, text: …}", "kind and text are needed");
    size_t kind;
    if (!required) TRY(rule_read_word(r, node, "kind", forbidden_kinds, &kind));
    if (str_is(text->kind, "channel") && !required) TRY(rule_read_channels(r, node, "channels", &text->channels));
    const struct yaml_node *phrases = yaml_get(node, "phrases");
    if (!phrases) return OK;
    TRY(rule_want_list(r, phrases));
    Str *items = ARENA_ARRAY(r->cx->arena, Str, phrases->count);
    for (const struct yaml_node *p = phrases->child; p; p = p->next) {
        if (p->kind != YAML_SCALAR || p->scalar.n == 0)
            return yaml_fail(r->cx, r->name, p, NULL, "a phrase must be plain text");
        items[text->phrase_count++] = p->scalar;
    }
    text->phrases = items;
    return OK;
}

static enum rc read_text_lists(struct rule_reading *r, const struct yaml_node *parent, struct rule *rule) {
    const struct yaml_node *forbidden = yaml_get(parent, "forbidden");
    const struct yaml_node *required = yaml_get(parent, "required_text");
    size_t most = (forbidden ? forbidden->count : 0) + (required ? required->count : 0);
    struct rule_text *items = ARENA_ARRAY(r->cx->arena, struct rule_text, most);
    rule->texts = items;
    if (forbidden) {
        TRY(rule_want_list(r, forbidden));
        for (const struct yaml_node *node = forbidden->child; node; node = node->next) {
            TRY(read_text(r, node, false, &items[rule->text_count]));
            rule->forbidden_channels |= items[rule->text_count++].channels;
        }
    }
    if (required) {
        TRY(rule_want_list(r, required));
        for (const struct yaml_node *node = required->child; node; node = node->next)
            TRY(read_text(r, node, true, &items[rule->text_count++]));
    }
    return OK;
}

static enum rc read_recipients(struct rule_reading *r, const struct yaml_node *parent, struct rule *rule) {
    static const char *const known[] = {"debtor", "co_debtor", "guarantor"};
    const struct yaml_node *list = yaml_get(parent, "recipients_allowed");
    if (!list) return OK;
    TRY(rule_want_list(r, list));
    for (const struct yaml_node *node = list->child; node; node = node->next) {
        bool ok = false;
        for (size_t i = 0; i < COUNT_OF(known); i++) ok = ok || str_is(node->scalar, known[i]);
        if (!ok)
            return yaml_fail(r->cx, r->name, node, "write debtor, co_debtor or guarantor", "\"%.*s\" is no recipient",
                             STR_ARG(node->scalar));
        rule->recipients = rule->recipients.n == 0 ? node->scalar
                                                   : arena_printf(r->cx->arena, "%.*s,%.*s", STR_ARG(rule->recipients),
                                                                  STR_ARG(node->scalar));
    }
    return OK;
}

static enum rc read_words(struct rule_reading *r, const struct yaml_node *node, struct rule *rule) {
    static const char *const parties[] = {"", "B2C", "B2B", "ALL", NULL};
    static const char *const actors[] = {"both", "creditor", "agency", NULL};
    static const char *const holidays[] = {"allow", "block", NULL};
    static const char *const houses[] = {"", "replaced", "kept", NULL};
    static const char *const consents[] = {"none", "opt_in", "opt_out", NULL};
    static const char *const confidences[] = {"K", "S", "V", NULL};
    size_t party, actor, holiday, house, consent, confidence;
    TRY(rule_read_word(r, node, "party", parties, &party));
    TRY(rule_read_word(r, node, "actor", actors, &actor));
    TRY(rule_read_word(r, node, "holidays", holidays, &holiday));
    TRY(rule_read_word(r, node, "house_profile", houses, &house));
    TRY(rule_read_word(r, node, "consent", consents, &consent));
    TRY(rule_read_word(r, node, "confidence", confidences, &confidence));
    if (party == 0) return yaml_fail(r->cx, r->name, node, "write party: B2C, B2B or ALL", "party is missing");
    rule->party = (enum rule_party)party;
    rule->binds_creditor = actor != 2;
    rule->blocks_holidays = holiday == 1;
    bool has_figures = yaml_get(node, "windows") || yaml_get(node, "caps");
    rule->replaces_house = house == 1 || (house == 0 && has_figures);
    if (house == 1 && !has_figures)
        return yaml_fail(r->cx, r->name, yaml_get(node, "house_profile"), "write kept",
                         "a rule without windows and caps cannot replace the house profile");
    rule->consent = str_from(consents[consent]);
    rule->confidence = str_from(confidences[confidence]);
    return OK;
}

static enum rc read_rule(struct rule_reading *r, const struct yaml_node *node, Str country, struct rule *rule) {
    static const char *const keys[] = {
        "id",        "title",         "region",   "valid_from",    "valid_to", "party",         "actor",
        "channels",  "windows",       "holidays", "caps",          "min_gap",  "house_profile", "recipients_allowed",
        "forbidden", "required_text", "consent",  "log_keep_days", "source",   "confidence",    "note",
        NULL};
    *rule = (struct rule){.country = country,
                          .first_day = INT32_MIN,
                          .last_day = INT32_MAX,
                          .log_keep_days = 1095,
                          .file = r->name,
                          .line = node->line};
    TRY(yaml_only(r->cx, r->name, node, keys));
    TRY(read_texts(r, node, "id", &rule->id));
    TRY(read_told(r, node, "title", &rule->title));
    TRY(read_texts(r, node, "region", &rule->region));
    TRY(read_told(r, node, "source", &rule->source));
    TRY(read_told(r, node, "note", &rule->note));
    if (rule->id.n == 0 || rule->id.n > 32)
        return yaml_fail(r->cx, r->name, node, "write id: CO-2300", "a rule needs an id of at most 32 letters");
    if (rule->title.en.n == 0) rule->title = (struct rule_words){rule->id, rule->id, rule->id};
    if (rule->source.en.n == 0)
        return yaml_fail(r->cx, r->name, node, "name the law and its article", "rule %.*s has no source",
                         STR_ARG(rule->id));
    TRY(read_day(r, node, "valid_from", &rule->first_day));
    TRY(read_day(r, node, "valid_to", &rule->last_day));
    if (rule->last_day < rule->first_day)
        return yaml_fail(r->cx, r->name, yaml_get(node, "valid_to"), NULL, "valid_to lies before valid_from");
    TRY(read_words(r, node, rule));
    TRY(rule_read_channels(r, node, "channels", &rule->channels));
    TRY(rule_read_figures(r, node, rule));
    TRY(read_text_lists(r, node, rule));
    TRY(read_recipients(r, node, rule));
    return rule_read_i32(r, node, "log_keep_days", 36500, &rule->log_keep_days);
}

enum rc rule_file_read(struct ctx *cx, Str text, const char *name, RuleVec *rules) {
    static const char *const keys[] = {"country", "rules", NULL};
    struct rule_reading r = {cx, name};
    const struct yaml_node *root;
    TRY(yaml_parse(cx, text, name, &root));
    TRY(yaml_only(cx, name, root, keys));
    Str country = yaml_text(root, "country");
    if (!str_is(country, "*") && country_slot(country) == NO_COUNTRY)
        return yaml_fail(cx, name, root, "write two capitals: CO, or \"*\" for the house profile",
                         "country \"%.*s\" is no country", STR_ARG(country));
    const struct yaml_node *list = yaml_get(root, "rules");
    if (!list) return yaml_fail(cx, name, root, "write rules: and below it one \"- id: …\" a rule", "rules is missing");
    TRY(rule_want_list(&r, list));
    for (const struct yaml_node *node = list->child; node; node = node->next) {
        struct rule *rule = ARENA_NEW(cx->arena, struct rule);
        TRY(read_rule(&r, node, country, rule));
        *VEC_PUSH(cx->arena, rules) = rule;
    }
    return OK;
}
