/* Strategies as YAML files (schema: docs/ref/strategies.md), read into struct strategy and checked with line numbers. */
#ifndef STRATEGY_STRATEGY_H
#define STRATEGY_STRATEGY_H

#include "strategy/strategy_types.h"

/* More would not fit the engine's sets and nobody's patience. */
#define STRATEGY_STEPS_MAX 100

/* INVALID names file, line and remedy. Everything lies in cx->arena. id, version and watermark are left 0/none. */
MUST_USE enum rc strategy_parse(struct ctx *cx, Str yaml, const char *name, struct strategy *out_strategy);

/* The presets embedded from strategies/ (B2). */
struct strategy_preset {
    const char *file; /* "strategies/recurrente-30.yaml" */
    Str source;
};
size_t strategy_presets(struct strategy_preset *out_presets, size_t max);

/* What differs between two versions, one line each, for "what changes for whom" (B12). */
size_t strategy_diff(struct arena *arena, const struct strategy *before, const struct strategy *after, Str *out_lines, size_t max);

const struct step *strategy_step(const struct strategy *s, Str id);

#endif
