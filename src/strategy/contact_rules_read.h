/* What the two readers of rule files share. */
#ifndef STRATEGY_CONTACT_RULES_READ_H
#define STRATEGY_CONTACT_RULES_READ_H

#include "base/yaml.h"
#include "strategy/contact_rules_pack.h"

struct rule_reading {
    struct ctx *cx;
    const char *name; /* of the file, for complaints */
};

/* A list of channels; it must be there. */
MUST_USE enum rc rule_read_channels(struct rule_reading *r, const struct yaml_node *parent, const char *key,
                                    ChannelSet *out);
/* The place of a word among a few (NULL-terminated); a missing key gives the first. */
MUST_USE enum rc rule_read_word(struct rule_reading *r, const struct yaml_node *parent, const char *key,
                                const char *const *words, size_t *out);
/* A number from 1 to max; a missing key leaves *out. */
MUST_USE enum rc rule_read_i32(struct rule_reading *r, const struct yaml_node *parent, const char *key, int32_t max,
                               int32_t *out);
/* INVALID unless the node is a list. */
MUST_USE enum rc rule_want_list(struct rule_reading *r, const struct yaml_node *node);
/* windows, caps and min_gap. */
MUST_USE enum rc rule_read_figures(struct rule_reading *r, const struct yaml_node *parent, struct rule *rule);

#endif
