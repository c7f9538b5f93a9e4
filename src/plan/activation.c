/* One pass of decide() over everybody, counting. */
#include "plan/activation.h"

#include "strategy/decide.h"

#define CHUNK 400

static void count_reasons(struct activation_preview *p, const struct decision *d) {
    for (size_t i = 0; i < d->reason_count; i++) p->before_activation += d->reasons[i].code == REASON_BEFORE_ACTIVATION;
}

static void count_customer(struct ctx *cx, const struct plan_env *env, const struct planned_customer *c,
                           struct activation_preview *p) {
    const struct strategy *s = strategy_book_for(&env->book, &c->snapshot.customer, c->strategy_id);
    struct decision_list list = decide(cx->arena, &c->snapshot, s, &env->policy, true);
    p->customers += c->snapshot.item_count > 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct decision *d = &list.items[i];
        count_reasons(p, d);
        if (d->verdict == VERDICT_SEND && instant_is_none(d->not_before)) p->will_send++;
        if (d->verdict == VERDICT_SEND && !instant_is_none(d->not_before)) p->deferred++;
        if (d->verdict == VERDICT_TASK || d->verdict == VERDICT_STATE) p->tasks++;
        if (d->verdict == VERDICT_HOLD) p->held++;
    }
}

enum rc activation_preview(struct ctx *cx, const struct plan_env *env, struct activation_preview *out) {
    struct activation_preview p = {0};
    int64_t after = 0;
    do {
        struct arena_mark mark = arena_mark(cx->arena);
        struct snapshot_set set;
        struct snapshot_scope lean = env->scope;
        lean.without_texts = true;
        TRY(snapshot_load(cx, &lean, after, CHUNK, &set));
        for (size_t i = 0; i < set.count; i++) count_customer(cx, env, &set.items[i], &p);
        after = set.last_id;
        arena_rewind(cx->arena, mark);
    } while (after);
    *out = p;
    return OK;
}
