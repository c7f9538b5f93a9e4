/* Two drafts field by field. */
#include "strategy/strategy_draft.h"

struct differing {
    struct draft_change *list;
    size_t count, max;
};

static void add(struct differing *d, struct draft_change change) {
    if (d->count < d->max) d->list[d->count] = change;
    d->count++;
}

static void compare_head(struct differing *d, const struct strategy_draft *a, const struct strategy_draft *b) {
    static const char *const fields[] = {"name", "description", "segments", "silent", "channel", "fallback", "mode"};
    const Str before[] = {a->name, a->description, a->segments, a->silent, a->channel, a->fallback, a->mode};
    const Str after[] = {b->name, b->description, b->segments, b->silent, b->channel, b->fallback, b->mode};
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (!str_equal(before[i], after[i]))
            add(d, (struct draft_change){.kind = DRAFT_HEAD, .field = fields[i], .from = before[i], .to = after[i]});
}

/* How many of the steps before this one both have: others coming or going moves nothing. */
static size_t common_place(const struct strategy_draft *in, size_t at, const struct strategy_draft *other) {
    size_t place = 0;
    for (size_t i = 0; i < at; i++) place += strategy_draft_find(other, in->steps[i].field[DRAFT_ID]) != SIZE_MAX;
    return place;
}

static void compare_step(struct differing *d, const struct draft_step *a, const struct draft_step *b) {
    for (int f = DRAFT_NAME; f < DRAFT_FIELD_COUNT; f++)
        if (!str_equal(a->field[f], b->field[f]))
            add(d, (struct draft_change){DRAFT_CHANGED, a, b, draft_field_name((enum draft_field)f), a->field[f], b->field[f]});
}

size_t strategy_draft_diff(const struct strategy_draft *before, const struct strategy_draft *after, struct draft_change *out, size_t max) {
    struct differing d = {out, 0, max};
    compare_head(&d, before, after);
    for (size_t i = 0; i < after->step_count; i++) {
        const struct draft_step *b = &after->steps[i];
        size_t at = strategy_draft_find(before, b->field[DRAFT_ID]);
        if (at == SIZE_MAX) {
            add(&d, (struct draft_change){.kind = DRAFT_ADDED, .after = b});
            continue;
        }
        compare_step(&d, &before->steps[at], b);
        if (common_place(before, at, after) != common_place(after, i, before))
            add(&d, (struct draft_change){.kind = DRAFT_MOVED, .before = &before->steps[at], .after = b});
    }
    for (size_t i = 0; i < before->step_count; i++)
        if (strategy_draft_find(after, before->steps[i].field[DRAFT_ID]) == SIZE_MAX)
            add(&d, (struct draft_change){.kind = DRAFT_REMOVED, .before = &before->steps[i]});
    return d.count;
}
