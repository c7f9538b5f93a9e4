/* Effects of settings by rehearsal. */
#include "action/effect.h"

#include <stdlib.h>
#include <string.h>

#include "action/app.h"
#include "action/lookup.h"
#include "plan/compare.h"

#define EXAMPLES 8

/* One message or task that is only on one side. */
struct lone {
    Str customer, step, kind, channel;
    Date date;
};
struct sides {
    struct arena *arena; /* not the context's, which each record gives back */
    VEC_OF(struct lone) lists[2];
};

static void looked_at(void *self, int64_t customers) {
    const struct call *call = self;
    if (call->progress) call->progress(call->self, "preview", customers % 10000, 10000);
}

static enum rc take(struct ctx *cx, void *self, enum difference difference, const struct rehearsed *x) {
    struct sides *s = self;
    (void)cx;
    *VEC_PUSH(s->arena, &s->lists[difference]) = (struct lone){.customer = arena_str(s->arena, x->customer),
                                                               .step = arena_str(s->arena, x->step),
                                                               .kind = arena_str(s->arena, x->kind),
                                                               .channel = arena_str(s->arena, x->channel),
                                                               .date = x->date};
    return OK;
}

static int compare_texts(Str a, Str b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

/* By what stays when a message moves, then by day. */
static int same_thing(const struct lone *a, const struct lone *b) {
    int c = compare_texts(a->customer, b->customer);
    if (!c) c = compare_texts(a->step, b->step);
    return c ? c : compare_texts(a->channel, b->channel);
}

static int lone_order(const void *a, const void *b) {
    int c = same_thing(a, b);
    return c ? c : date_compare(((const struct lone *)a)->date, ((const struct lone *)b)->date);
}

struct figures {
    int64_t moved, dropped, added;
};

static void put_example(struct json_writer *w, const struct lone *x, Date from, Date to) {
    json_object(w);
    json_put_str(w, "customer", x->customer);
    json_put_str(w, "step", x->step);
    json_put_str(w, "kind", x->kind);
    put_date(w, "from", from);
    put_date(w, "to", to);
    json_object_end(w);
}

/* Walks both sorted sides together: what stands on both has moved. */
static struct figures put_examples(struct json_writer *w, struct sides *s) {
    struct figures f = {0};
    size_t i = 0, k = 0, shown = 0;
    for (int side = DIFFERENCE_GONE; side <= DIFFERENCE_ADDED; side++)
        if (s->lists[side].count) qsort(s->lists[side].items, s->lists[side].count, sizeof(struct lone), lone_order);
    const struct lone *gone = s->lists[DIFFERENCE_GONE].items, *added = s->lists[DIFFERENCE_ADDED].items;
    size_t gone_n = s->lists[DIFFERENCE_GONE].count, added_n = s->lists[DIFFERENCE_ADDED].count;
    while (i < gone_n || k < added_n) {
        int order = i == gone_n ? 1 : k == added_n ? -1 : same_thing(&gone[i], &added[k]);
        const struct lone *x = order <= 0 ? &gone[i] : &added[k];
        Date from = order <= 0 ? gone[i].date : DATE_NONE, to = order >= 0 ? added[k].date : DATE_NONE;
        f.moved += order == 0;
        f.dropped += order < 0;
        f.added += order > 0;
        if (shown < EXAMPLES) {
            put_example(w, x, from, to);
            shown++;
        }
        i += order <= 0;
        k += order >= 0;
    }
    return f;
}

static enum rc put_both(struct ctx *cx, struct call *call, const struct rehearsal *before, const struct rehearsal *after, int32_t days) {
    struct sides sides = {.arena = arena_new()};
    struct comparison c;
    enum rc rc = rehearsals_compare(cx, before, after, take, &sides, &c);
    if (rc == OK) {
        struct json_writer *w = call->out;
        json_key(w, "effect");
        json_object(w);
        json_put_i64(w, "days", days);
        json_put_i64(w, "messages", before->messages);
        json_key(w, "examples");
        json_array(w);
        struct figures f = put_examples(w, &sides);
        json_array_end(w);
        json_put_i64(w, "moved", f.moved);
        json_put_i64(w, "dropped", f.dropped);
        json_put_i64(w, "added", f.added);
        json_put_i64(w, "customers", c.customers);
        json_put_bool(w, "any", c.customers > 0);
        json_object_end(w);
    }
    arena_free(sides.arena);
    return rc;
}

enum rc effect_put(struct ctx *cx, struct call *call, const struct plan_env *now, const struct plan_env *then, int32_t days) {
    struct rehearsal before, after;
    struct rehearsal_span span = {.from = now->scope.today, .days = days, .run_minute = call->app->company.run_minute};
    TRY(rehearse(cx, now, &span, call->app->data_dir, looked_at, call, &before));
    enum rc rc = rehearse(cx, then, &span, call->app->data_dir, looked_at, call, &after);
    if (rc == OK) {
        rc = put_both(cx, call, &before, &after, days);
        rehearsal_done(&after);
    }
    rehearsal_done(&before);
    return rc;
}
