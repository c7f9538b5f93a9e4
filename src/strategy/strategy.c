/* A strategy file as a whole: its head, the order of its steps, the presets, and what differs between two versions. */
#include "strategy/strategy.h"

#include <stdio.h>

#include "base/embed.h"
#include "strategy/strategy_step.h"

static const char *const top_keys[] = {"code",     "name",  "description", "segments", "silent_before_switch",
                                       "defaults", "steps", NULL};
static const char *const default_keys[] = {"channel", "fallback", "mode", NULL};

const struct step *strategy_step(const struct strategy *s, Str id) {
    for (size_t i = 0; i < s->step_count; i++)
        if (str_equal(s->steps[i].id, id)) return &s->steps[i];
    return NULL;
}

static bool one_ladder(const struct step *a, const struct step *b) {
    return (a->ladder == LADDER_MESSAGE) == (b->ladder == LADDER_MESSAGE);
}

/* Rank is position: a step that comes later in the file but earlier in time would be passed over for ever. `places` are
 * those of s->steps and then the new step's. */
static enum rc check_order(struct ctx *cx, const char *name, const struct yaml_node *node, const struct strategy *s,
                           const struct step_place *places) {
    const struct step *step = &s->steps[s->step_count];
    const struct step_place *place = &places[s->step_count];
    for (size_t i = 0; i < s->step_count; i++) {
        const struct step *other = &s->steps[i];
        if (place->base == ANCHOR_PROMISE || places[i].base != place->base || !one_ladder(other, step)) continue;
        if (places[i].offset <= place->offset) continue;
        char hint[240];
        snprintf(hint, sizeof hint, phrase(cx, "move it above \"%.*s\": the place in the file is the rank"), STR_ARG(other->id));
        return yaml_fail(cx, name, node, hint, "step \"%.*s\" stands after \"%.*s\" (line %d) but comes earlier",
                         STR_ARG(step->id), STR_ARG(other->id), other->line);
    }
    return OK;
}

static enum rc read_steps(struct ctx *cx, const char *name, const struct yaml_node *steps,
                          const struct step_defaults *defaults, struct strategy *s) {
    s->steps = ARENA_ARRAY(cx->arena, struct step, steps->count);
    struct step_place *places = ARENA_ARRAY(cx->arena, struct step_place, steps->count);
    for (const struct yaml_node *node = steps->child; node; node = node->next) {
        struct step *step = &s->steps[s->step_count];
        const struct step_place *above = s->step_count ? &places[s->step_count - 1] : NULL;
        TRY(step_read(cx, name, node, defaults, above, step));
        const struct step *twin = strategy_step(s, step->id);
        if (twin)
            return yaml_fail(cx, name, node, "give each step an id of its own",
                             "step \"%.*s\" stands already at line %d", STR_ARG(step->id), twin->line);
        places[s->step_count] = step_place(step, above);
        TRY(check_order(cx, name, node, s, places));
        s->step_count++;
    }
    return OK;
}

static enum rc read_head(struct ctx *cx, const char *name, const struct yaml_node *root, struct strategy *s) {
    s->code = yaml_text(root, "code");
    s->name = yaml_text(root, "name");
    s->description = yaml_text(root, "description");
    bool fine = s->code.n > 0 && s->code.n <= 40;
    for (size_t i = 0; i < s->code.n; i++) {
        char c = s->code.p[i];
        fine = fine && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
    }
    if (!fine)
        return yaml_fail(cx, name, yaml_get(root, "code") ? yaml_get(root, "code") : root,
                         "up to 40 small letters, digits, - and _, as in code: recurrente-30",
                         "\"%.*s\" cannot be the code of a strategy", STR_ARG(s->code));
    if (!s->name.n) s->name = s->code;
    int64_t silent = 3;
    TRY(yaml_int(cx, name, root, "silent_before_switch", 0, 100, &silent));
    s->silent_before_switch = (int32_t)silent;
    return word_list_read(cx, name, root, "segments", NULL, &s->segments);
}

enum rc strategy_parse(struct ctx *cx, Str yaml, const char *name, struct strategy *out_strategy) {
    const struct yaml_node *root = NULL;
    TRY(yaml_parse(cx, yaml, name, &root));
    TRY(yaml_only(cx, name, root, top_keys));
    struct strategy s = {.watermark = DATE_NONE};
    TRY(read_head(cx, name, root, &s));
    struct step_defaults defaults = {.channel = CHANNEL_EMAIL};
    const struct yaml_node *given = yaml_get(root, "defaults"), *steps = yaml_get(root, "steps");
    if (given) {
        TRY(yaml_only(cx, name, given, default_keys));
        TRY(step_defaults_read(cx, name, given, &defaults));
    }
    if (!steps || steps->kind != YAML_SEQUENCE || !steps->count)
        return yaml_fail(cx, name, steps ? steps : root, "add steps: with one \"- id: …\" for each", "no steps");
    if (steps->count > STRATEGY_STEPS_MAX)
        return yaml_fail(cx, name, steps, "use repeat_every for what comes again and again",
                         "%zu steps are too many, at most %d", steps->count, STRATEGY_STEPS_MAX);
    TRY(read_steps(cx, name, steps, &defaults, &s));
    *out_strategy = s;
    return OK;
}

size_t strategy_presets(struct strategy_preset *out_presets, size_t max) {
    size_t count = 0;
    for (size_t i = 0; i < embedded_file_count; i++) {
        Str file = str_from(embedded_files[i].name);
        if (!str_starts(file, S("strategies/")) || !str_ends(file, S(".yaml"))) continue;
        if (count < max) out_presets[count] = (struct strategy_preset){embedded_files[i].name, embedded_files[i].bytes};
        count++;
    }
    return count;
}
