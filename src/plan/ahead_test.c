/* The overlay's rules, one customer in memory: what a round leaves behind for the next. */
#include "plan/ahead.h"

#include "strategy/decide_kit.h"

#define DAYS 60

struct life {
    struct kit kit;
    struct plan_env env;
    struct planned_customer customer;
    struct arena *scratch;
    struct buf told; /* "s:d0@3 " sent, t task, p proposal, a approval, d deferred, h held; days from today */
};

static void life_init(struct life *l, const char *yaml) {
    kit_init(&l->kit);
    if (yaml) kit_strategy(&l->kit, yaml);
    l->scratch = arena_new();
    l->told = buf_make(4000);
}

static void life_done(struct life *l) {
    arena_free(l->scratch);
    buf_done(&l->told);
    kit_done(&l->kit);
}

static void tell(void *self, Date today, enum ahead_event event, const struct decision *d) {
    struct life *l = self;
    static const char letters[] = {[AHEAD_SENT] = 's',     [AHEAD_TASK] = 't', [AHEAD_PROPOSAL] = 'p',
                                   [AHEAD_APPROVAL] = 'a', [AHEAD_TEST] = 'x', [AHEAD_DEFERRED] = 'd',
                                   [AHEAD_HELD] = 'h'};
    if (event == AHEAD_HELD) return;
    buf_printf(&l->told, "%c:%.*s@%d ", letters[event], STR_ARG(d->step->id), today.day - KIT_TODAY);
}

/* Lives `days` rounds at noon from today on. */
static const char *live(struct life *l, int days) {
    struct ahead ahead;
    l->env = (struct plan_env){.scope = {.today = kit_day(0), .zone = zone_utc()},
                               .policy = l->kit.policy,
                               .book = {.items = &l->kit.strategy, .count = 1}};
    l->customer.snapshot = l->kit.snapshot;
    l->customer.items = l->kit.items;
    l->customer.last_payment = DATE_NONE;
    ahead_begin(&ahead, l->kit.cx.arena, l->scratch, &l->env, &l->customer, (size_t)days, kit_noon(0));
    Date day = kit_day(0);
    for (int i = 0; i < days && !date_is_none(day); i++)
        day = ahead_round(&ahead, kit_noon(day.day - KIT_TODAY), tell, l);
    return l->told.p ? l->told.p : "";
}

static void the_default_ladder_is_walked_once(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, NULL);
    kit_item(&l.kit, -8, "issue");
    assert_string_equal(live(&l, DAYS), "s:d-7@1 s:d0@8 s:claim-1@15 t:call@18 s:claim-2@22 s:claim-3@29 p:suspend@38 "
                                        "t:escalate@45 ");
    assert_int_equal(l.customer.snapshot.silent_reminders, 5);
    assert_int_equal(l.customer.snapshot.last_tone, TONE_FIRM);
    assert_str(l.customer.snapshot.used_variants, "claim:a,claim:a,claim:a,due_today:a,due_soon:a");
    life_done(&l);
}

static void contacts_of_old_days_are_forgotten(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, NULL);
    kit_item(&l.kit, -8, "issue");
    live(&l, DAYS);
    assert_int_equal(l.customer.snapshot.past_count, 0); /* the last message is a month old */
    assert_int_equal(l.customer.history_count, 5);
    life_done(&l);
}

static void a_hold_ends_with_its_day(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, NULL);
    kit_item(&l.kit, 7, "issue d-7 d0");
    l.kit.snapshot.held = true;
    l.kit.snapshot.held_until = kit_day(2);
    assert_string_equal(live(&l, 6), "s:claim-1@3 t:call@3 ");
    life_done(&l);
}

static void a_promise_breaks_when_its_day_has_passed(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, NULL);
    struct item *item = kit_item(&l.kit, 8, "issue d-7 d0");
    const struct promise_cover promises[] = {{.promise_id = 1, .item = item, .date = kit_day(4)}};
    l.customer.promises = promises;
    l.customer.promise_count = 1;
    assert_string_equal(live(&l, 7), "s:claim-1@5 t:call@5 s:claim-2@6 ");
    assert_int_equal(item->broken_promise.day, KIT_TODAY + 4);
    assert_int_equal(l.customer.snapshot.broken_promises, 1);
    life_done(&l);
}

static void a_promise_over_two_items_breaks_once(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, NULL);
    struct item *first = kit_item(&l.kit, 3, "issue d-7 d0"), *second = kit_item(&l.kit, 2, "issue d-7 d0");
    const struct promise_cover promises[] = {{.promise_id = 1, .item = first, .date = kit_day(-1)},
                                             {.promise_id = 1, .item = second, .date = kit_day(-1)},
                                             {.promise_id = 2, .item = first, .date = kit_day(-1), .kept = true}};
    l.customer.promises = promises;
    l.customer.promise_count = COUNT_OF(promises);
    live(&l, 1);
    assert_int_equal(l.customer.snapshot.broken_promises, 1);
    life_done(&l);
}

static void what_nobody_approves_waits_and_is_told_once(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, "code: c\nname: C\ndefaults:\n  channel: email\nsteps:\n"
                  "  - id: claim-1\n    name: Uno\n    message: claim\n    days: 7\n    mode: confirm\n");
    kit_item(&l.kit, 6, "");
    assert_string_equal(live(&l, 10), "a:claim-1@1 ");
    life_done(&l);
}

static void what_was_approved_goes(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, "code: c\nname: C\ndefaults:\n  channel: email\nsteps:\n"
                  "  - id: claim-1\n    name: Uno\n    message: claim\n    days: 7\n    mode: confirm\n");
    kit_item(&l.kit, 7, "");
    const struct pending_action pending[] = {{.id = 1,
                                              .ladder = LADDER_MESSAGE,
                                              .step = S("claim-1"),
                                              .confirmed_step = S("claim-1"),
                                              .not_before = INSTANT_NONE,
                                              .lease_until = INSTANT_NONE}};
    l.customer.pending = pending;
    l.customer.pending_count = 1;
    assert_string_equal(live(&l, 3), "s:claim-1@0 ");
    life_done(&l);
}

/* Nothing before the afternoon of each day. */
static struct contact_answer closed_in_the_morning(const struct rule_pack *pack, int profile, const struct contact_request *request) {
    (void)pack, (void)profile;
    int day = (int)((request->at.ms - kit_noon(0).ms) / MS_PER_DAY);
    Instant afternoon = {kit_noon(day).ms + 3600000};
    if (request->at.ms >= afternoon.ms) return (struct contact_answer){.allowed = true, .next_allowed = INSTANT_NONE};
    return (struct contact_answer){.code = REASON_WINDOW, .rule = S("X"), .next_allowed = afternoon};
}

static void what_waits_for_an_hour_goes_the_same_day(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, NULL);
    l.kit.policy.check_contact = closed_in_the_morning;
    kit_item(&l.kit, 7, "issue d-7 d0");
    assert_string_equal(live(&l, 4), "s:claim-1@0 t:call@3 ");
    life_done(&l);
}

/* Nothing before the third day; the moment allowed lies in the afternoon of the second and allows nothing after all. */
static struct contact_answer closed_until_the_third_day(const struct rule_pack *pack, int profile,
                                                        const struct contact_request *request) {
    (void)pack, (void)profile;
    if (request->at.ms >= kit_noon(2).ms) return (struct contact_answer){.allowed = true, .next_allowed = INSTANT_NONE};
    return (struct contact_answer){.code = REASON_WINDOW, .rule = S("X"), .next_allowed = {kit_noon(1).ms + 1}};
}

static void a_deferred_message_goes_with_the_next_round_that_may(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, NULL);
    l.kit.policy.check_contact = closed_until_the_third_day;
    kit_item(&l.kit, 7, "issue d-7 d0");
    assert_string_equal(live(&l, 4), "d:claim-1@0 s:claim-1@2 t:call@3 ");
    life_done(&l);
}

static void a_proposal_already_made_is_not_made_again(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, NULL);
    kit_item(&l.kit, 31, "issue d-7 d0 claim-1 call claim-2 claim-3");
    const struct pending_action pending[] = {
        {.id = 1, .ladder = LADDER_STATE, .step = S("suspend"), .not_before = INSTANT_NONE, .lease_until = INSTANT_NONE}};
    l.customer.pending = pending;
    l.customer.pending_count = 1;
    assert_string_equal(live(&l, 5), "");
    life_done(&l);
}

static void what_backs_off_waits_for_its_moment(void **state) {
    (void)state;
    struct life l = {0};
    life_init(&l, NULL);
    kit_item(&l.kit, 7, "issue d-7 d0");
    const struct pending_action pending[] = {{.id = 1,
                                              .ladder = LADDER_MESSAGE,
                                              .step = S("claim-1"),
                                              .attempts = 2,
                                              .not_before = kit_noon(1),
                                              .lease_until = INSTANT_NONE}};
    l.customer.pending = pending;
    l.customer.pending_count = 1;
    assert_string_equal(live(&l, 3), "d:claim-1@0 s:claim-1@1 ");
    life_done(&l);
}

static const struct CMUnitTest ahead_tests[] = {
    cmocka_unit_test(the_default_ladder_is_walked_once),
    cmocka_unit_test(contacts_of_old_days_are_forgotten),
    cmocka_unit_test(a_hold_ends_with_its_day),
    cmocka_unit_test(a_promise_breaks_when_its_day_has_passed),
    cmocka_unit_test(a_promise_over_two_items_breaks_once),
    cmocka_unit_test(what_nobody_approves_waits_and_is_told_once),
    cmocka_unit_test(what_was_approved_goes),
    cmocka_unit_test(what_waits_for_an_hour_goes_the_same_day),
    cmocka_unit_test(a_deferred_message_goes_with_the_next_round_that_may),
    cmocka_unit_test(a_proposal_already_made_is_not_made_again),
    cmocka_unit_test(what_backs_off_waits_for_its_moment),
};
const struct test_suite ahead_suite = {"ahead", ahead_tests, COUNT_OF(ahead_tests)};
