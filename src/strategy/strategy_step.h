/* Reading one step of a strategy file; used by strategy.c only. */
#ifndef STRATEGY_STRATEGY_STEP_H
#define STRATEGY_STRATEGY_STEP_H

#include "base/yaml.h"
#include "strategy/strategy.h"

/* What a step has when it says nothing. */
struct step_defaults {
    enum channel_kind channel;
    enum channel_kind fallback[CHANNEL_COUNT];
    size_t fallback_count;
    enum step_mode mode;
};

/* `mapping` may carry channel, fallback and mode: the keys of defaults: and of a step alike. */
MUST_USE enum rc step_defaults_read(struct ctx *cx, const char *name, const struct yaml_node *mapping,
                                    struct step_defaults *defaults);
/* Where a step stands in time once chains of `previous` are followed. */
struct step_place {
    enum anchor base; /* ISSUE, DUE or PROMISE */
    int32_t offset;
};
/* `above` is the place of the step above in the file, NULL for the first. */
struct step_place step_place(const struct step *s, const struct step_place *above);

MUST_USE enum rc step_read(struct ctx *cx, const char *name, const struct yaml_node *node,
                           const struct step_defaults *defaults, const struct step_place *above, struct step *out_step);
/* A comma list, from a sequence or from text; each word checked by `known` (NULL: any). */
MUST_USE enum rc word_list_read(struct ctx *cx, const char *name, const struct yaml_node *mapping, const char *key,
                                bool (*known)(Str), Str *out_list);

#endif
