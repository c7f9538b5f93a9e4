/* The overlay: newest-first lists grow towards their front, so that the snapshot points into them. */
#include "plan/ahead.h"

#include <string.h>

#define ROUNDS_A_DAY 3 /* the daily one, and those for what waited for its hour */

static void open_past(struct ahead *a, size_t rounds, Instant first) {
    struct snapshot *s = &a->customer->snapshot;
    while (s->past_count && s->past[0].at.ms > first.ms) {
        s->past++;
        s->past_count--;
    }
    a->past = ARENA_ARRAY(a->arena, struct past_contact, rounds + s->past_count);
    a->past_room = rounds;
    if (s->past_count) memcpy(a->past + rounds, s->past, s->past_count * sizeof *a->past);
    s->past = a->past + rounds;
}

static void open_history(struct ahead *a, size_t rounds, Instant first) {
    struct planned_customer *c = a->customer;
    while (c->history_count && c->history[0].at.ms > first.ms) {
        c->history++;
        c->history_count--;
    }
    a->history = ARENA_ARRAY(a->arena, struct past_message, rounds + c->history_count);
    a->history_room = rounds;
    if (c->history_count) memcpy(a->history + rounds, c->history, c->history_count * sizeof *a->history);
    c->history = a->history + rounds;
}

void ahead_begin(struct ahead *a, struct arena *arena, struct arena *scratch, const struct plan_env *env,
                 struct planned_customer *c, size_t rounds, Instant first) {
    *a = (struct ahead){.arena = arena,
                        .scratch = scratch,
                        .scope = env->scope,
                        .policy = env->policy,
                        .strategy = strategy_book_for(&env->book, &c->snapshot.customer, c->strategy_id),
                        .customer = c};
    a->progress = arena_calloc(arena, c->snapshot.item_count, sizeof *a->progress);
    open_past(a, rounds * ROUNDS_A_DAY, first);
    open_history(a, rounds * ROUNDS_A_DAY, first);
    for (size_t i = 0; i < c->pending_count; i++) {
        if (c->pending[i].ladder == LADDER_MESSAGE && !a->has_message) {
            a->message = c->pending[i];
            a->has_message = true;
        } else if (c->pending[i].ladder == LADDER_STATE) {
            *VEC_PUSH(arena, &a->proposals) = c->pending[i].step;
        }
    }
}

struct decision_list ahead_decide(struct ahead *a, Instant now, bool explain) {
    arena_reset(a->scratch);
    a->policy.now = now;
    a->policy.today = a->scope.today = zone_date(a->scope.zone, now);
    snapshot_settle(a->scratch, &a->scope, now, a->customer);
    return decide(a->scratch, &a->customer->snapshot, a->strategy, &a->policy, explain);
}

static void add_progress(struct ahead *a, struct item *item, struct progress done) {
    size_t at = (size_t)(item - a->customer->items);
    if (item->progress_count >= a->progress[at].room) {
        size_t room = item->progress_count + 8;
        struct progress *grown = ARENA_ARRAY(a->arena, struct progress, room);
        if (item->progress_count) memcpy(grown, item->progress, item->progress_count * sizeof *grown);
        a->progress[at].list = grown;
        a->progress[at].room = room;
        item->progress = grown;
    }
    a->progress[at].list[item->progress_count++] = done;
}

/* As the planner's rows are read back: the step, and what it swallowed word by word. */
static void perform(struct ahead *a, const struct decision *d) {
    for (size_t i = 0; i < d->performing_count; i++) {
        const struct decided_item *x = &d->items[i];
        struct item *item = &a->customer->items[x->item - a->customer->snapshot.items];
        add_progress(a, item,
                     (struct progress){.step = x->step->id, .occurrence = x->occurrence, .date = a->policy.today});
        Str rest = x->skipped.n ? arena_str(a->arena, x->skipped) : S("");
        while (rest.p && rest.n)
            add_progress(a, item,
                         (struct progress){.step = str_cut(&rest, ','), .skipped = true, .date = a->policy.today});
    }
}

static void send(struct ahead *a, const struct decision *d) {
    struct planned_customer *c = a->customer;
    perform(a, d);
    MUST(a->past_room && a->history_room);
    a->past[--a->past_room] = (struct past_contact){
        .at = a->policy.now, .channel = d->channel, .item_count = (int32_t)d->item_count};
    c->snapshot.past = a->past + a->past_room;
    c->snapshot.past_count++;
    a->history[--a->history_room] = (struct past_message){.at = a->policy.now,
                                                          .tone = d->tone,
                                                          .has_tone = true,
                                                          .template = d->template_kind,
                                                          .variant = arena_str(a->arena, d->variant)};
    c->history = a->history + a->history_room;
    c->history_count++;
    a->has_message = false;
}

/* What waits keeps what a later round asks about it. */
static void keep_waiting(struct ahead *a, const struct decision *d, const struct stand *stand) {
    int64_t attempts = a->has_message ? a->message.attempts : 0;
    a->message = (struct pending_action){.ladder = LADDER_MESSAGE,
                                         .step = d->step->id,
                                         .confirmed_step = a->has_message ? a->message.confirmed_step : S(""),
                                         .attempts = attempts,
                                         .not_before = stand->not_before,
                                         .lease_until = INSTANT_NONE};
    a->has_message = true;
}

static enum ahead_event decide_message(struct ahead *a, const struct decision *d) {
    struct stand stand = stand_of(d, a->has_message ? &a->message : NULL, a->policy.now);
    if (stand.status == STAND_READY && !d->test_only) {
        send(a, d);
        return AHEAD_SENT;
    }
    keep_waiting(a, d, &stand);
    if (stand.status == STAND_APPROVAL) return AHEAD_APPROVAL;
    return stand.status == STAND_DEFERRED ? AHEAD_DEFERRED : AHEAD_TEST;
}

static bool is_proposed(const struct ahead *a, Str step) {
    for (size_t i = 0; i < a->proposals.count; i++)
        if (str_equal(a->proposals.items[i], step)) return true;
    return false;
}

/* Proposals that are not decided any more are withdrawn. */
static void keep_proposals(struct ahead *a, const struct decision_list *list) {
    size_t kept = 0;
    for (size_t i = 0; i < a->proposals.count; i++)
        for (size_t k = 0; k < list->count; k++)
            if (list->items[k].verdict == VERDICT_STATE && str_equal(list->items[k].step->id, a->proposals.items[i])) {
                a->proposals.items[kept++] = a->proposals.items[i];
                break;
            }
    a->proposals.count = kept;
}

/* Whether what waits now may leave later the same day. */
static bool waits_for_an_hour(const struct ahead *a) {
    Instant until = a->message.not_before;
    return until.ms > a->policy.now.ms && date_compare(zone_date(a->scope.zone, until), a->policy.today) == 0;
}

/* Decides once; *out_again: when the same day's next round follows, if `more` may come. */
static void decide_round(struct ahead *a, Instant now, bool more, Instant *out_again, ahead_visit *visit, void *self) {
    struct decision_list list = ahead_decide(a, now, false);
    Date today = a->policy.today;
    bool waiting = false;
    keep_proposals(a, &list);
    for (size_t i = 0; i < list.count; i++) {
        const struct decision *d = &list.items[i];
        switch (d->verdict) {
        case VERDICT_SEND: {
            enum ahead_event event = decide_message(a, d);
            waiting = event != AHEAD_SENT;
            if (more && event == AHEAD_DEFERRED && waits_for_an_hour(a)) {
                *out_again = a->message.not_before;
                break;
            }
            if (event != a->waits || event == AHEAD_SENT) visit(self, today, event, d);
            a->waits = event;
            break;
        }
        case VERDICT_TASK:
            perform(a, d);
            visit(self, today, AHEAD_TASK, d);
            break;
        case VERDICT_STATE:
            if (is_proposed(a, d->step->id)) break;
            *VEC_PUSH(a->arena, &a->proposals) = d->step->id;
            visit(self, today, AHEAD_PROPOSAL, d);
            break;
        case VERDICT_HOLD: visit(self, today, AHEAD_HELD, d); break;
        case VERDICT_NONE: break;
        }
    }
    if (!waiting) {
        a->waits = AHEAD_SENT;
        a->has_message = false;
    }
}

Date ahead_round(struct ahead *a, Instant now, ahead_visit *visit, void *self) {
    for (int i = 1; i <= ROUNDS_A_DAY; i++) {
        Instant again = INSTANT_NONE;
        decide_round(a, now, i < ROUNDS_A_DAY, &again, visit, self);
        if (instant_is_none(again)) break;
        now = again;
    }
    return a->customer->snapshot.item_count ? date_add(a->policy.today, 1) : DATE_NONE;
}
