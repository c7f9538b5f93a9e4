/* Differences sorted by customer and step, so that what belongs together stands together. */
#include "plan/effect.h"

#include <stdlib.h>

static const char *const names[EFFECT_KINDS] = {
    [EFFECT_NEW] = "new", [EFFECT_GONE] = "gone", [EFFECT_DAY] = "day", [EFFECT_TONE] = "tone", [EFFECT_CHANNEL] = "channel", [EFFECT_OTHER] = "other"};

const char *effect_kind_name(enum effect_kind kind) { return names[kind]; }

enum rc effect_add(struct ctx *cx, void *self, enum difference difference, const struct rehearsed *x) {
    struct effect_list *list = self;
    struct arena *arena = list->arena;
    (void)cx;
    if (list->items.count >= (list->max ? list->max : EFFECTS_MAX)) {
        list->left_out++;
        return OK;
    }
    struct effect_side side = {x->date, arena_str(arena, x->kind), arena_str(arena, x->channel), arena_str(arena, x->tone), x->total};
    struct effect_side none = {.date = DATE_NONE, .kind = S(""), .channel = S(""), .tone = S("")};
    bool gone = difference == DIFFERENCE_GONE;
    *VEC_PUSH(arena, &list->items) = (struct effect){.kind = gone ? EFFECT_GONE : EFFECT_NEW,
                                                     .customer = arena_str(arena, x->customer),
                                                     .step = arena_str(arena, x->step),
                                                     .before = gone ? side : none,
                                                     .after = gone ? none : side};
    return OK;
}

static Date day_of(const struct effect *e) { return date_is_none(e->after.date) ? e->before.date : e->after.date; }

static int by_step(const void *left, const void *right) {
    const struct effect *a = left, *b = right;
    int order = str_compare(a->customer, b->customer);
    if (!order) order = str_compare(a->step, b->step);
    if (!order) order = (a->kind == EFFECT_NEW) - (b->kind == EFFECT_NEW);
    return order ? order : date_compare(day_of(a), day_of(b));
}

static int by_day(const void *left, const void *right) {
    const struct effect *a = left, *b = right;
    int order = date_compare(day_of(a), day_of(b));
    if (!order) order = str_compare(a->customer, b->customer);
    return order ? order : str_compare(a->step, b->step);
}

/* The weightiest of what differs names the change. */
static enum effect_kind kind_of(const struct effect_side *a, const struct effect_side *b) {
    if (date_compare(a->date, b->date) != 0) return EFFECT_DAY;
    if (!str_equal(a->channel, b->channel)) return EFFECT_CHANNEL;
    return str_equal(a->tone, b->tone) ? EFFECT_OTHER : EFFECT_TONE;
}

static bool together(const struct effect *a, const struct effect *b) { return str_equal(a->customer, b->customer) && str_equal(a->step, b->step); }

/* One group: what is gone first, then what is new, each by day. The first goes with the first. */
static size_t pair_group(struct effect *from, size_t n, struct effect *to) {
    size_t gone = 0, count = 0;
    while (gone < n && from[gone].kind == EFFECT_GONE) gone++;
    size_t added = n - gone, pairs = gone < added ? gone : added;
    for (size_t i = 0; i < pairs; i++) {
        struct effect e = from[i];
        e.after = from[gone + i].after;
        e.kind = kind_of(&e.before, &e.after);
        from[i].kind = EFFECT_KINDS; /* taken; `to` may be the same place */
        from[gone + i].kind = EFFECT_KINDS;
        from[i] = e;
    }
    for (size_t i = 0; i < n; i++)
        if (i < pairs || from[i].kind != EFFECT_KINDS) to[count++] = from[i];
    return count;
}

void effects_pair(struct effect_list *list) {
    struct effect *all = list->items.items;
    size_t n = list->items.count, count = 0;
    if (n) qsort(all, n, sizeof *all, by_step);
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && together(&all[i], &all[end])) end++;
        count += pair_group(&all[i], end - i, &all[count]);
        i = end;
    }
    list->items.count = count;
    if (count) qsort(all, count, sizeof *all, by_day);
    for (size_t i = 0; i < count; i++) list->by_kind[all[i].kind]++;
}
