/* What is wrong with a draft, found by the reader of strategy files: a fault is noted, set aside, and the step read again. */
#include "strategy/strategy_draft.h"

#include <string.h>

#include "base/yaml.h"
#include "strategy/strategy_step.h"

struct linting {
    struct ctx *cx;
    const struct strategy_draft *draft;
    struct draft_finding *found;
    size_t count, max;
};

static void add(struct linting *l, size_t step, const char *field, const char *code, Str value, Str other) {
    struct ctx *cx = l->cx;
    if (l->count < l->max)
        l->found[l->count] = (struct draft_finding){.step = step,
                                                    .field = field,
                                                    .code = code,
                                                    .value = value,
                                                    .other = other,
                                                    .message = arena_str(cx->arena, str_from(cx->fault.message)),
                                                    .hint = arena_str(cx->arena, str_from(cx->fault.hint))};
    l->count++;
}

/* The field the reader complained of. What it says of a step as a whole is that something is missing. */
static enum draft_field field_at_fault(const struct fault *fault, const struct draft_step *s) {
    for (int f = 0; f < DRAFT_FIELD_COUNT; f++)
        if (str_is(str_from(fault->field), draft_field_name((enum draft_field)f))) return (enum draft_field)f;
    bool kind = str_is(str_from(fault->field), "message") || str_is(str_from(fault->field), "task") || str_is(str_from(fault->field), "state");
    if (!fault->field[0] && !s->field[DRAFT_KIND].n) return DRAFT_KIND;
    if (!fault->field[0] && !s->field[DRAFT_DAYS].n) return DRAFT_DAYS;
    return kind || (fault->field[0] && !str_is(str_from(fault->field), "id")) ? DRAFT_KIND : DRAFT_ID;
}

static bool is_number(Str s) {
    int64_t n;
    if (s.n > 1 && s.p[0] == '+') s = (Str){s.p + 1, s.n - 1};
    return str_to_i64(s, &n);
}

/* Days are refused for what they are counted from; each has words of its own. */
static const char *days_code(const struct draft_step *s) {
    Str from = s->field[DRAFT_FROM], days = s->field[DRAFT_DAYS];
    if (!days.n) return "days_missing";
    if (!is_number(days)) return "days";
    return str_is(from, "issue") ? "days_issue" : str_is(from, "promise") ? "days_promise" : str_is(from, "previous") ? "days_previous" : "days";
}

static const char *code_of(const struct draft_step *s, enum draft_field f, const struct step_place *above) {
    switch ((int)f) {
    case DRAFT_DAYS: return days_code(s);
    case DRAFT_FROM: return str_is(s->field[f], "previous") ? (above ? "from_promise" : "from_first") : "from";
    case DRAFT_REPEAT_EVERY:
        return is_number(s->field[f]) && (str_is(s->field[DRAFT_FROM], "promise") || str_is(s->field[DRAFT_NEVER_AFTER_NEXT], "true"))
                   ? "repeat_clash"
                   : "repeat_every";
    case DRAFT_ATTACH: return str_starts(s->field[DRAFT_KIND], S("message:")) ? "attach" : "attach_task";
    case DRAFT_KIND: return s->field[f].n ? "kind" : "kind_missing";
    default: return draft_field_name(f);
    }
}

/* Puts in its place what is always right. */
static void set_aside(struct draft_step *s, enum draft_field f, size_t at, struct ctx *cx) {
    s->field[f] = S("");
    if (f == DRAFT_ID) s->field[f] = arena_printf(cx->arena, "step-%zu", at + 1);
    if (f == DRAFT_KIND) s->field[f] = S("message:claim");
    if (f == DRAFT_DAYS) s->field[f] = S("1");
}

static enum rc read_one(struct ctx *cx, const struct draft_step *s, const struct step_defaults *defaults, const struct step_place *above,
                        struct step *out) {
    const struct yaml_node *list;
    TRY(yaml_parse(cx, draft_step_write(cx->arena, s), "the draft", &list));
    return step_read(cx, "the draft", list->child, defaults, above, out);
}

/* False when it could not be read even so. */
static bool lint_step(struct linting *l, size_t at, const struct step_defaults *defaults, const struct step_place *above, struct step *out) {
    struct draft_step s = l->draft->steps[at];
    bool told[DRAFT_FIELD_COUNT] = {false};
    for (int tries = 0; tries <= DRAFT_FIELD_COUNT; tries++) {
        if (read_one(l->cx, &s, defaults, above, out) == OK) return true;
        enum draft_field f = field_at_fault(&l->cx->fault, &s);
        if (told[f]) break;
        told[f] = true;
        add(l, at, draft_field_name(f), code_of(&s, f, above), l->draft->steps[at].field[f], S(""));
        set_aside(&s, f, at, l->cx);
    }
    return false;
}

static bool same_ladder(const struct step *a, const struct step *b) {
    return (a->ladder == LADDER_MESSAGE) == (b->ladder == LADDER_MESSAGE);
}

/* Twins, and steps that stand after one that comes later. */
static void lint_order(struct linting *l, size_t at, const struct step *steps, const struct step_place *places, const bool *known) {
    Str id = l->draft->steps[at].field[DRAFT_ID];
    l->cx->fault = (struct fault){.code = INVALID};
    for (size_t i = 0; i < at; i++) {
        Str other = l->draft->steps[i].field[DRAFT_ID];
        if (str_equal(other, id)) {
            add(l, at, "id", "id_twice", id, other);
            return;
        }
        if (!known[i] || !known[at] || places[at].base == ANCHOR_PROMISE || places[i].base != places[at].base) continue;
        if (!same_ladder(&steps[i], &steps[at]) || places[i].offset <= places[at].offset) continue;
        add(l, at, "days", "order", l->draft->steps[at].field[DRAFT_DAYS], steps[i].name);
        return;
    }
}

static void lint_head(struct linting *l, struct step_defaults *out) {
    struct ctx *cx = l->cx;
    const struct strategy_draft *d = l->draft;
    struct strategy_draft head = {.code = S("x"), .silent = d->silent, .segments = d->segments};
    struct draft_step any = {.field = {[DRAFT_ID] = S("x"), [DRAFT_KIND] = S("task:other"), [DRAFT_DAYS] = S("0")}};
    struct strategy ignored;
    head.steps = &any;
    head.step_count = 1;
    if (strategy_parse(cx, strategy_draft_write(cx->arena, &head), "the draft", &ignored) != OK)
        add(l, SIZE_MAX, str_is(str_from(cx->fault.field), "segments") ? "segments" : "silent",
            str_is(str_from(cx->fault.field), "segments") ? "segments" : "silent", d->silent, S(""));
    static const char *const keys[] = {"channel", "fallback", "mode"};
    const Str values[] = {d->channel, d->fallback, d->mode};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct yaml_node *node;
        struct strategy_draft one = {.channel = i == 0 ? values[0] : S(""), .fallback = i == 1 ? values[1] : S(""), .mode = i == 2 ? values[2] : S("")};
        if (!values[i].n) continue;
        enum rc rc = yaml_parse(cx, strategy_draft_write(cx->arena, &one), "the draft", &node);
        if (rc == OK) rc = step_defaults_read(cx, "the draft", yaml_get(node, "defaults"), out);
        if (rc != OK) add(l, SIZE_MAX, keys[i], keys[i], values[i], S(""));
    }
}

/* Whether what was found since makes the step's place in time a guess. */
static bool day_is_unknown(const struct linting *l, size_t since) {
    for (size_t i = since; i < l->count && i < l->max; i++)
        if (str_is(str_from(l->found[i].field), "days") || str_is(str_from(l->found[i].field), "from") || str_is(str_from(l->found[i].field), "kind"))
            return true;
    return l->count > l->max;
}

static void lint_steps(struct linting *l, const struct step_defaults *defaults, struct step *steps) {
    size_t n = l->draft->step_count;
    struct step_place *places = ARENA_ARRAY(l->cx->arena, struct step_place, n);
    bool *known = ARENA_ARRAY(l->cx->arena, bool, n);
    for (size_t i = 0; i < n; i++) {
        size_t before = l->count;
        const struct step_place *above = i ? &places[i - 1] : NULL;
        known[i] = lint_step(l, i, defaults, above, &steps[i]);
        if (!known[i]) steps[i] = (struct step){.id = l->draft->steps[i].field[DRAFT_ID], .anchor = ANCHOR_PROMISE, .offset = 1};
        places[i] = known[i] ? step_place(&steps[i], above) : (struct step_place){ANCHOR_DUE, 0};
        known[i] = known[i] && !day_is_unknown(l, before);
        lint_order(l, i, steps, places, known);
    }
}

size_t strategy_lint(struct ctx *cx, const struct strategy_draft *draft, struct draft_finding *out_findings, size_t max,
                     struct strategy *out_readable) {
    struct fault kept = cx->fault;
    struct linting l = {cx, draft, out_findings, 0, max};
    struct step_defaults defaults = {.channel = CHANNEL_EMAIL};
    struct strategy whole;
    lint_head(&l, &defaults);
    if (draft->step_count == 0 || draft->step_count > STRATEGY_STEPS_MAX) {
        cx->fault = (struct fault){.code = INVALID};
        add(&l, SIZE_MAX, "steps", draft->step_count ? "steps_many" : "steps_none", S(""), S(""));
    }
    struct step *steps = ARENA_ARRAY(cx->arena, struct step, draft->step_count);
    lint_steps(&l, &defaults, steps);
    if (out_readable) *out_readable = (struct strategy){.code = draft->code, .name = draft->name, .steps = steps, .step_count = draft->step_count};
    if (l.count == 0 && strategy_parse(cx, strategy_draft_write(cx->arena, draft), "the draft", &whole) != OK)
        add(&l, SIZE_MAX, "source", "source", S(""), S(""));
    cx->fault = kept;
    return l.count;
}

size_t strategy_draft_place(struct ctx *cx, const struct strategy_draft *draft, const struct draft_step *step) {
    struct fault kept = cx->fault;
    struct step_defaults defaults = {.channel = CHANNEL_EMAIL};
    struct step new_step, other;
    size_t at = draft->step_count;
    if (read_one(cx, step, &defaults, NULL, &new_step) == OK && new_step.anchor != ANCHOR_PROMISE) {
        struct step_place place = step_place(&new_step, NULL), last = {ANCHOR_DUE, 0};
        at = 0;
        for (size_t i = 0; i < draft->step_count; i++) {
            if (read_one(cx, &draft->steps[i], &defaults, i ? &last : NULL, &other) != OK) continue;
            last = step_place(&other, i ? &last : NULL);
            bool before = last.base == place.base ? last.offset <= place.offset : last.base == ANCHOR_ISSUE;
            if (before) at = i + 1;
        }
    }
    cx->fault = kept;
    return at;
}
