/* The engine against a second, slow and separately written reading of the rules, on random customers and strategies;
 * and day by day: nothing is performed twice, a second run of a day does nothing, and a gap leads to the same place as
 * no gap. */
#include <stdio.h>

#include "base/random.h"
#include "strategy/decide_kit.h"

#define STEPS 10
#define CASES 6000
#define NONE (-1)

static int32_t below(struct seeded_random *r, int32_t bound) { return (int32_t)seeded_below(r, (uint64_t)bound); }
static bool chance(struct seeded_random *r, int32_t percent) { return below(r, 100) < percent; }

static const char *const step_ids[STEPS] = {"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9"};

/* Mostly in order of time, as the parser demands, at times not: the engine must not depend on it. */
static void random_strategy(struct kit *k, struct seeded_random *r, bool tame) {
    struct step *steps = ARENA_ARRAY(k->cx.arena, struct step, STEPS);
    size_t count = 1 + (size_t)below(r, STEPS);
    int32_t day = -25;
    for (size_t i = 0; i < count; i++) {
        day += below(r, 9);
        struct step *s = &steps[i];
        *s = (struct step){.id = str_from(step_ids[i]),
                           .kind = S("claim"),
                           .ladder = chance(r, 65)   ? LADDER_MESSAGE
                                     : chance(r, 70) ? LADDER_TASK
                                                     : LADDER_STATE,
                           .anchor = ANCHOR_DUE,
                           .offset = !tame && chance(r, 10) ? day - 20 : day,
                           .max_lateness = tame || chance(r, 60) ? LATENESS_UNLIMITED : below(r, 12),
                           .channel = CHANNEL_EMAIL,
                           .never_after_next = !tame && chance(r, 15)};
        if (chance(r, 12)) s->anchor = ANCHOR_ISSUE, s->offset = below(r, 20);
        if (i && chance(r, 15)) s->anchor = ANCHOR_PREVIOUS, s->offset = below(r, 8);
        if (chance(r, 12)) s->anchor = ANCHOR_PROMISE, s->offset = 1 + below(r, 4);
        if (s->anchor != ANCHOR_PROMISE && chance(r, 15)) s->repeat_every = 1 + below(r, 12);
    }
    k->strategy = (struct strategy){.code = S("r"),
                                    .steps = steps,
                                    .step_count = count,
                                    .watermark = kit_day(chance(r, 60) ? -1000 : -below(r, 40))};
}

static void random_item(struct kit *k, struct seeded_random *r) {
    struct item *item = kit_item(k, below(r, 90) - 30, "");
    item->issue_date = date_add(item->due_date, -below(r, 45));
    item->open = kit_money(100 + below(r, 900), chance(r, 80) ? "COP" : "USD");
    item->disputed = chance(r, 8);
    item->held = chance(r, 8);
    if (chance(r, 50)) item->held_until = kit_day(below(r, 5) - 2);
    if (chance(r, 10)) item->promised_until = kit_day(below(r, 5) - 2);
    if (chance(r, 15)) item->broken_promise = kit_day(-below(r, 12));
    struct progress *done = ARENA_ARRAY(k->cx.arena, struct progress, STEPS + 1);
    for (size_t i = 0; i < k->strategy.step_count; i++) {
        const struct step *s = &k->strategy.steps[i];
        if (!chance(r, 25)) continue;
        int32_t occurrence = s->repeat_every ? below(r, 4) : 0;
        if (s->anchor == ANCHOR_PROMISE) occurrence = KIT_TODAY - below(r, 14);
        done[item->progress_count++] =
            (struct progress){.step = s->id, .occurrence = occurrence, .skipped = chance(r, 30), .date = kit_day(-1)};
    }
    if (chance(r, 5))
        done[item->progress_count++] = (struct progress){.step = S("former"), .date = kit_day(-below(r, 30))};
    item->progress = done;
}

/* ---- the second reading: for one item and ladder, every (rank, occurrence) that could ever be, then struck out rule
 * by rule ---- */

struct slot {
    bool there;
    int32_t occurrence;
    int32_t day;
};

struct naive {
    int rank; /* NONE: nothing is due */
    int32_t occurrence, day;
    char skipped[200];
};

static bool in_ladder(const struct strategy *s, size_t rank, bool messages) {
    return (s->steps[rank].ladder == LADDER_MESSAGE) == messages;
}

/* The day an occurrence falls on; false when the step is counted from a promise and none is broken. */
static bool naive_day(const struct strategy *s, const struct item *item, size_t rank, int32_t *day, bool *promise) {
    const struct step *step = &s->steps[rank];
    *promise = false;
    if (step->anchor == ANCHOR_PREVIOUS) {
        if (!naive_day(s, item, rank - 1, day, promise)) return false;
    } else if (step->anchor == ANCHOR_PROMISE) {
        *promise = true;
        *day = item->broken_promise.day;
        if (date_is_none(item->broken_promise)) return false;
    } else {
        *day = step->anchor == ANCHOR_ISSUE ? item->issue_date.day : item->due_date.day;
    }
    *day += step->offset;
    return true;
}

static bool done_since(const struct item *item, Str id, int32_t occurrence) {
    for (size_t i = 0; i < item->progress_count; i++)
        if (str_equal(item->progress[i].step, id) && item->progress[i].occurrence >= occurrence) return true;
    return false;
}

static bool is_promise(const struct strategy *s, size_t rank) {
    while (s->steps[rank].anchor == ANCHOR_PREVIOUS && rank) rank--;
    return s->steps[rank].anchor == ANCHOR_PROMISE;
}

static int naive_highest(const struct strategy *s, const struct item *item, bool messages) {
    int highest = NONE;
    for (size_t i = 0; i < item->progress_count; i++)
        for (size_t rank = 0; rank < s->step_count; rank++)
            if (str_equal(s->steps[rank].id, item->progress[i].step) && in_ladder(s, rank, messages) &&
                !is_promise(s, rank) && (int)rank > highest)
                highest = (int)rank;
    return highest;
}

static int32_t naive_former(const struct item *item) {
    int32_t day = INT32_MIN;
    for (size_t i = 0; i < item->progress_count; i++)
        if (str_is(item->progress[i].step, "former") && item->progress[i].date.day > day)
            day = item->progress[i].date.day;
    return day;
}

static bool naive_next_came(const struct strategy *s, const struct item *item, size_t rank, bool messages,
                            int32_t today) {
    for (size_t next = rank + 1; next < s->step_count; next++) {
        int32_t day;
        bool promise;
        if (!in_ladder(s, next, messages) || is_promise(s, next)) continue;
        return naive_day(s, item, next, &day, &promise) && day <= today;
    }
    return false;
}

static struct slot naive_slot(const struct kit *k, const struct item *item, size_t rank, bool messages) {
    const struct step *step = &k->strategy.steps[rank];
    const int32_t today = k->policy.today.day;
    struct slot slot = {false, 0, 0};
    int32_t day;
    bool promise;
    if (!naive_day(&k->strategy, item, rank, &day, &promise)) return slot;
    for (int32_t n = 0; day <= today; n++) { /* walk the occurrences up to today, one by one */
        slot = (struct slot){true, promise ? item->broken_promise.day : n, day};
        if (!step->repeat_every || promise) break;
        day += step->repeat_every;
    }
    if (!slot.there) return slot;
    bool struck = done_since(item, step->id, slot.occurrence);
    struck = struck || slot.day < k->strategy.watermark.day;
    struck = struck || (step->max_lateness != LATENESS_UNLIMITED && slot.day + step->max_lateness < today);
    struck = struck || (!promise && (int)rank < naive_highest(&k->strategy, item, messages));
    struck = struck || slot.day <= naive_former(item);
    struck = struck || (step->never_after_next && naive_next_came(&k->strategy, item, rank, messages, today));
    slot.there = !struck;
    return slot;
}

static struct naive naive_choose(const struct kit *k, const struct item *item, bool messages, bool net_credit) {
    struct naive result = {.rank = NONE};
    struct slot slots[STEPS];
    for (size_t rank = 0; rank < k->strategy.step_count; rank++) {
        slots[rank].there = false;
        if (in_ladder(&k->strategy, rank, messages)) slots[rank] = naive_slot(k, item, rank, messages);
        size_t root = rank;
        while (k->strategy.steps[root].anchor == ANCHOR_PREVIOUS) root--;
        bool free = !net_credit || k->strategy.steps[root].anchor == ANCHOR_ISSUE;
        if (slots[rank].there && free) result.rank = (int)rank;
    }
    if (result.rank == NONE) return result;
    result.occurrence = slots[result.rank].occurrence;
    result.day = slots[result.rank].day;
    size_t n = 0;
    for (int rank = 0; rank < result.rank; rank++) {
        if (!slots[rank].there) continue;
        int w = slots[rank].occurrence
                    ? snprintf(result.skipped + n, sizeof result.skipped - n, "%s%s#%d", n ? "," : "", step_ids[rank],
                               slots[rank].occurrence)
                    : snprintf(result.skipped + n, sizeof result.skipped - n, "%s%s", n ? "," : "", step_ids[rank]);
        n += (size_t)w;
    }
    return result;
}

static bool naive_free(const struct kit *k, const struct item *item) {
    int32_t today = k->policy.today.day;
    if (item->issue_date.day > today || item->disputed) return false;
    if (item->promised_until.day != INT32_MIN && today <= item->promised_until.day) return false;
    return !(item->held && (date_is_none(item->held_until) || today <= item->held_until.day));
}

static bool naive_net_credit(const struct kit *k, const struct item *item) {
    int64_t owed = 0, credit = 0;
    for (size_t i = 0; i < k->snapshot.item_count; i++)
        if (currency_equal(k->items[i].open.currency, item->open.currency) &&
            k->items[i].issue_date.day <= k->policy.today.day)
            owed += k->items[i].open.minor;
    for (size_t i = 0; i < k->snapshot.credit_count; i++)
        if (currency_equal(k->credits[i].unapplied.currency, item->open.currency))
            credit += k->credits[i].unapplied.minor;
    return credit > 0 && owed - credit <= 0;
}

/* ---- comparing the two ---- */

static const struct decided_item *item_in(const struct decision *d, const struct item *item) {
    for (size_t i = 0; d && i < d->item_count; i++)
        if (d->items[i].item == item) return &d->items[i];
    return NULL;
}

static void assert_same(const struct decided_item *got, const struct naive *want, uint64_t seed) {
    if (!got || !got->step || !str_is(got->step->id, step_ids[want->rank]) || got->occurrence != want->occurrence ||
        got->scheduled.day != want->day || !str_is(got->skipped, want->skipped))
        fail_msg("seed %llu: got %.*s#%d (%.*s), wanted %s#%d (%s)", (unsigned long long)seed,
                 got && got->step ? (int)got->step->id.n : 1, got && got->step ? got->step->id.p : "-",
                 got ? got->occurrence : 0, got ? (int)got->skipped.n : 0, got ? got->skipped.p : "",
                 step_ids[want->rank], want->occurrence, want->skipped);
}

static void compare_message(const struct kit *k, struct decision_list list, uint64_t seed) {
    const struct decision *d = kit_find(list, VERDICT_SEND);
    int top = NONE;
    size_t performing = 0, listed = 0;
    const struct item *leading = NULL;
    for (size_t i = 0; i < k->snapshot.item_count; i++) {
        const struct item *item = &k->items[i];
        if (!naive_free(k, item)) {
            assert_null(item_in(d, item));
            continue;
        }
        listed++;
        struct naive want = naive_choose(k, item, true, naive_net_credit(k, item));
        if (want.rank == NONE) {
            const struct decided_item *got = item_in(d, item);
            assert_true(!got || !got->step);
            continue;
        }
        assert_same(item_in(d, item), &want, seed);
        performing++;
        if (want.rank > top) top = want.rank, leading = item;
    }
    if (!d) {
        assert_int_equal(performing, 0);
        return;
    }
    assert_int_equal(d->item_count, listed);
    assert_int_equal(d->performing_count, performing);
    assert_ptr_equal(d->items[0].item, leading);
    int64_t total = 0;
    for (size_t i = 0; i < d->item_count; i++)
        if (currency_equal(d->items[i].item->open.currency, leading->open.currency))
            total += d->items[i].item->open.minor;
    assert_int_equal(d->total.minor, total);
}

static void compare_work(const struct kit *k, struct decision_list list, uint64_t seed) {
    size_t wanted = 0, got = 0;
    for (size_t i = 0; i < k->snapshot.item_count; i++) {
        const struct item *item = &k->items[i];
        if (!naive_free(k, item)) continue;
        struct naive want = naive_choose(k, item, false, naive_net_credit(k, item));
        if (want.rank == NONE) continue;
        wanted++;
        for (size_t j = 0; j < list.count; j++)
            if (list.items[j].ladder != LADDER_MESSAGE && str_is(list.items[j].step->id, step_ids[want.rank]))
                assert_same(item_in(&list.items[j], item), &want, seed);
    }
    for (size_t j = 0; j < list.count; j++)
        if (list.items[j].step && list.items[j].ladder != LADDER_MESSAGE) got += list.items[j].item_count;
    assert_int_equal(got, wanted);
}

static void agrees_with_the_second_reading(void **state) {
    (void)state;
    size_t sent = 0, worked = 0, collapsed = 0, repeated = 0, credited = 0;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        struct seeded_random r = {seed};
        struct kit k;
        kit_init(&k);
        random_strategy(&k, &r, false);
        for (int n = 1 + below(&r, 5); n > 0; n--) random_item(&k, &r);
        k.snapshot.credit_count = (size_t)below(&r, 3);
        for (size_t i = 0; i < k.snapshot.credit_count; i++)
            k.credits[i].unapplied = kit_money(1 + below(&r, 1500), chance(&r, 70) ? "COP" : "USD");
        struct decision_list list = kit_decide(&k);
        assert_true(list.count > 0);
        compare_message(&k, list, seed);
        compare_work(&k, list, seed);
        /* what is explained decides the same */
        struct decision_list told = decide(k.cx.arena, &k.snapshot, &k.strategy, &k.policy, true);
        assert_int_equal(told.count, list.count);
        for (size_t i = 0; i < list.count; i++) assert_int_equal(told.items[i].verdict, list.items[i].verdict);
        const struct decision *d = kit_find(list, VERDICT_SEND);
        const struct decision *hold = kit_find(list, VERDICT_HOLD);
        credited += kit_reason(hold, REASON_NET_CREDIT) != NULL;
        sent += d != NULL;
        collapsed += d && d->items[0].skipped.n;
        repeated += d && d->items[0].step->repeat_every && d->items[0].occurrence;
        worked += kit_find(list, VERDICT_TASK) || kit_find(list, VERDICT_STATE);
        kit_done(&k);
    }
    /* the rare things were visited */
    print_message("%zu sent, %zu worked, %zu collapsed, %zu repeated, %zu in credit\n", sent, worked, collapsed,
                  repeated, credited);
    assert_true(credited > CASES / 100 && sent > CASES / 5 && worked > CASES / 8 && collapsed > CASES / 30 &&
                repeated > CASES / 60);
}

/* ---- day by day ---- */

struct life {
    struct kit k;
    struct progress *done[KIT_ITEMS];
};

static void record(struct life *life, const struct item *item, Str step, int32_t occurrence, bool skipped) {
    size_t i = (size_t)(item - life->k.items);
    for (size_t j = 0; j < item->progress_count; j++)
        if (str_equal(life->done[i][j].step, step) && life->done[i][j].occurrence == occurrence)
            fail_msg("%.*s#%d of item %zu a second time", STR_ARG(step), occurrence, i);
    assert_true(item->progress_count < 400);
    life->done[i][life->k.items[i].progress_count++] =
        (struct progress){.step = step, .occurrence = occurrence, .skipped = skipped, .date = life->k.policy.today};
}

/* Swallowed steps are recorded as the decision spells them: that is how the store may hand them back. */
static size_t live_a_day(struct life *life, int32_t day) {
    life->k.policy.today = kit_day(day);
    struct decision_list list = kit_decide(&life->k);
    size_t performed = 0, messages = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct decision *d = &list.items[i];
        messages += d->verdict == VERDICT_SEND;
        for (size_t j = 0; j < d->performing_count; j++) {
            const struct decided_item *it = &d->items[j];
            record(life, it->item, it->step->id, it->occurrence, false);
            for (Str rest = it->skipped; rest.p;) {
                Str word = str_cut(&rest, ',');
                if (word.n) record(life, it->item, word, 0, true);
            }
            performed++;
        }
    }
    assert_true(messages <= 1);
    return performed;
}

static void begin_life(struct life *life, struct seeded_random r) {
    kit_init(&life->k);
    random_strategy(&life->k, &r, true);
    life->k.strategy.watermark = kit_day(0);
    for (int n = 1 + below(&r, 3); n > 0; n--) {
        struct item *item = kit_item(&life->k, -below(&r, 40), "");
        size_t i = (size_t)(item - life->k.items);
        life->done[i] = ARENA_ARRAY(life->k.cx.arena, struct progress, 400);
        item->progress = life->done[i];
        if (chance(&r, 30)) item->promised_until = kit_day(30 + below(&r, 20));
    }
}

/* The case records of a day, the same for both lives. */
static void set_the_day(struct life *life, int32_t day) {
    for (size_t i = 0; i < life->k.snapshot.item_count; i++) {
        struct item *item = &life->k.items[i];
        item->disputed = (day / 17 + (int32_t)i) % 4 == 0 && day < 100;
        if (!date_is_none(item->promised_until) && date_compare(kit_day(day), item->promised_until) > 0)
            item->broken_promise = item->promised_until;
    }
}

/* How far an item has come in a ladder, performed or swallowed: a promise step may have swallowed in one life what the
 * other performed. */
static int last_rank(const struct life *life, const struct item *item, bool messages, int64_t *occurrence) {
    int last = NONE;
    *occurrence = -1;
    for (size_t i = 0; i < item->progress_count; i++) {
        Str number = item->progress[i].step, id = str_cut(&number, '#');
        int64_t of = item->progress[i].occurrence;
        if (number.p) MUST(str_to_i64(number, &of));
        for (size_t rank = 0; rank < life->k.strategy.step_count; rank++) {
            if (!str_is(id, step_ids[rank]) || !in_ladder(&life->k.strategy, rank, messages)) continue;
            if (is_promise(&life->k.strategy, rank) || (int)rank < last) continue;
            if ((int)rank > last || of > *occurrence) *occurrence = of;
            last = (int)rank;
        }
    }
    return last;
}

static void a_gap_leads_to_the_same_place(void **state) {
    (void)state;
    size_t gaps = 0, fewer = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct seeded_random r = {seed * 7919};
        struct life *daily = mem_alloc(sizeof *daily), *patchy = mem_alloc(sizeof *patchy);
        begin_life(daily, r);
        begin_life(patchy, r);
        size_t performed[2] = {0, 0};
        for (int32_t day = 0; day <= 120; day++) {
            set_the_day(daily, day);
            set_the_day(patchy, day);
            performed[0] += live_a_day(daily, day);
            assert_int_equal(live_a_day(daily, day), 0); /* how often the scheduler ticks is irrelevant */
            bool down = day < 120 && chance(&r, 80);
            gaps += down;
            if (!down) performed[1] += live_a_day(patchy, day);
        }
        for (size_t i = 0; i < daily->k.snapshot.item_count; i++)
            for (int messages = 0; messages < 2; messages++) {
                int64_t a, b;
                assert_int_equal(last_rank(daily, &daily->k.items[i], messages, &a),
                                 last_rank(patchy, &patchy->k.items[i], messages, &b));
                assert_int_equal(a, b);
            }
        assert_true(performed[1] <= performed[0]);
        fewer += performed[1] < performed[0];
        kit_done(&daily->k);
        kit_done(&patchy->k);
        mem_free(daily);
        mem_free(patchy);
    }
    assert_true(gaps > 1000 && fewer > 100);
}

/* REQ: D3. Along a life without disputes: never two levels up unless a promise was broken, never down. */
static void the_tone_climbs_by_steps(void **state) {
    (void)state;
    size_t rises = 0, jumps = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct seeded_random r = {seed * 104729};
        struct life *life = mem_alloc(sizeof *life);
        begin_life(life, r);
        struct kit *k = &life->k;
        static const char *const profiles[] = {"", "new", "risky", "strategic"};
        k->snapshot.customer.profile = str_from(profiles[below(&r, 4)]);
        for (size_t i = 0; i < k->strategy.step_count; i++) {
            k->strategy.steps[i].has_tone = chance(&r, 40);
            k->strategy.steps[i].tone = (enum tone)below(&r, 3);
        }
        for (int32_t day = 0; day <= 120; day++) {
            k->policy.today = kit_day(day);
            bool broken = false;
            for (size_t i = 0; i < k->snapshot.item_count; i++) {
                struct item *item = &k->items[i];
                if (!date_is_none(item->promised_until) && date_compare(kit_day(day), item->promised_until) > 0)
                    item->broken_promise = item->promised_until;
                broken |= !date_is_none(item->broken_promise);
            }
            const struct decision *d = kit_find(kit_decide(k), VERDICT_SEND);
            enum tone tone = d ? d->tone : k->snapshot.last_tone;
            live_a_day(life, day);
            if (!d) continue;
            assert_true(!k->snapshot.has_last_tone || tone >= k->snapshot.last_tone);
            assert_true(broken || tone <= k->snapshot.last_tone + 1);
            rises += tone > k->snapshot.last_tone;
            jumps += tone > k->snapshot.last_tone + 1;
            k->snapshot.last_tone = tone;
            k->snapshot.has_last_tone = true;
        }
        kit_done(k);
        mem_free(life);
    }
    assert_true(rises > 200 && jumps > 5);
}

static const struct CMUnitTest decide_property_tests[] = {
    cmocka_unit_test(agrees_with_the_second_reading),
    cmocka_unit_test(a_gap_leads_to_the_same_place),
    cmocka_unit_test(the_tone_climbs_by_steps),
};
const struct test_suite decide_property_suite = {"decide_property", decide_property_tests,
                                                 COUNT_OF(decide_property_tests)};
