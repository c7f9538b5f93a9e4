/* The engine's rules, one case each (domain.md 3, interfaces.md 7; REQ: B1 B3 B4 B7 B8 B16). */
#include "strategy/decide_kit.h"

#define assert_empty(text) assert_str(text, "")

/* REQ: B1 B2. The default strategy by the day, with nothing performed before. */
static void the_default_strategy_by_the_day(void **state) {
    (void)state;
    static const struct {
        int32_t age;
        const char *message, *skipped, *work, *work_skipped;
    } days[] = {
        {-31, "", "", "", ""},
        {-30, "issue", "", "", ""},
        {-24, "issue", "", "", ""}, /* 6 late is sent */
        {-23, "", "", "", ""},      /* 7 is skipped */
        {-8, "", "", "", ""},
        {-7, "d-7", "", "", ""},
        {-1, "d-7", "", "", ""},
        {0, "d0", "", "", ""},
        {6, "d0", "", "", ""},
        {7, "claim-1", "", "", ""},
        {10, "claim-1", "", "call", ""},
        {14, "claim-2", "claim-1", "call", ""},
        {20, "claim-2", "claim-1", "call", ""},
        {21, "claim-3", "claim-1,claim-2", "call", ""},
        {30, "claim-3", "claim-1,claim-2", "suspend", "call"}, /* neither ladder swallows the other */
        {37, "claim-3", "claim-1,claim-2", "escalate", "call,suspend"},
        {400, "claim-3", "claim-1,claim-2", "escalate", "call,suspend"},
    };
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        struct kit k;
        kit_init(&k);
        kit_item(&k, days[i].age, "");
        struct decision_list list = kit_decide(&k);
        print_message("age %d\n", days[i].age);
        assert_str(kit_message(list), days[i].message);
        assert_str(kit_work(&k, list), days[i].work);
        const struct decision *d = kit_find(list, VERDICT_SEND);
        if (d) assert_str(d->items[0].skipped, days[i].skipped);
        d = kit_find(list, days[i].age >= 30 && days[i].age < 37 ? VERDICT_STATE : VERDICT_TASK);
        if (d) assert_str(d->items[0].skipped, days[i].work_skipped);
        assert_true(list.count > 0);
        kit_done(&k);
    }
}

static void what_is_performed_is_not_taken_again(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int32_t age;
        const char *progress, *message, *work;
    } cases[] = {
        {"performed today or before", 7, "issue d-7 d0 claim-1", "", ""},
        {"the next one comes", 14, "issue d-7 d0 claim-1 call", "claim-2", ""},
        {"swallowed ones stay swallowed", 14, "~claim-1 call", "claim-2", ""},
        {"lower ones are overtaken", 25, "claim-3", "", "call"},
        {"a version with a step removed does not step back", 25, "last-warning", "", ""},
        {"a removed step does not stop what comes later", 30, "last-warning", "", "suspend"},
        {"the contact task is no step", 14, "contact-data:7", "claim-2", "call"},
        {"work does not overtake messages", 30, "suspend", "claim-3", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kit k;
        kit_init(&k);
        kit_item(&k, cases[i].age, cases[i].progress);
        struct decision_list list = kit_decide(&k);
        print_message("%s\n", cases[i].name);
        assert_str(kit_message(list), cases[i].message);
        assert_str(kit_work(&k, list), cases[i].work);
        kit_done(&k);
    }
}

/* REQ: B16. */
static void the_watermark_is_inclusive_and_final(void **state) {
    (void)state;
    static const struct {
        int32_t watermark; /* days from today */
        int32_t age;
        const char *message;
    } cases[] = {
        {0, 7, "claim-1"},   /* scheduled on it: sent */
        {0, 8, ""},          /* the day before it: never */
        {-5, 12, "claim-1"}, /* caught up, since it was scheduled on the watermark */
        {-5, 13, ""},        {1, 7, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kit k;
        kit_init(&k);
        k.strategy.watermark = kit_day(cases[i].watermark);
        kit_item(&k, cases[i].age, "");
        assert_str(kit_message(kit_decide(&k)), cases[i].message);
        kit_done(&k);
    }
    struct kit k;
    kit_init(&k);
    k.strategy.watermark = DATE_NONE;
    kit_item(&k, 7, "");
    struct decision_list list = kit_decide(&k);
    assert_non_null(kit_reason(kit_find(list, VERDICT_NONE), REASON_NOT_ACTIVATED));
    k.policy.ignore_watermark = true;
    k.policy.watermark = kit_day(0);
    assert_str(kit_message(kit_decide(&k)), "claim-1");
    kit_done(&k);
}

static const char custom[] = "code: custom\n"
                             "steps:\n"
                             "  - {id: early, message: due_soon, days: -10, lateness: 30, never_after_next: true}\n"
                             "  - {id: soon, message: due_soon, days: -5, lateness: 2}\n"
                             "  - {id: first, message: claim, days: 5, lateness: 3}\n"
                             "  - {id: weekly, message: claim, days: 10, repeat_every: 7}\n"
                             "  - {id: phone, task: call, from: previous, days: 3}\n";

static void lateness_and_repeats(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int32_t age;
        const char *progress, *message;
        int32_t occurrence;
        const char *skipped;
    } cases[] = {
        {"never after the next step's date", -5, "soon", "", 0, ""},
        {"before the next step's date", -6, "", "early", 0, ""},
        {"the next, at its day", -5, "", "soon", 0, ""},
        {"2 late is sent", -3, "", "soon", 0, ""},
        {"3 late is not, and early is past its next", -2, "", "", 0, ""},
        {"a step too late does not block later ones", 10, "", "weekly", 0, ""},
        {"claim with a limit, at the limit", 8, "", "first", 0, ""},
        {"claim with a limit, past it", 9, "", "", 0, ""},
        {"second occurrence", 17, "weekly:0", "weekly", 1, ""},
        {"the day before it", 16, "weekly:0", "", 0, ""},
        {"missed occurrences collapse to the latest", 40, "weekly:0", "weekly", 4, ""},
        {"none is taken twice", 40, "weekly:4", "", 0, ""},
        {"a swallowed occurrence counts", 24, "~weekly#2", "", 0, ""},
        {"lower step swallowed by a repeat", 8, "", "first", 0, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kit k;
        kit_init(&k);
        kit_strategy(&k, custom);
        kit_item(&k, cases[i].age, cases[i].progress);
        struct decision_list list = kit_decide(&k);
        print_message("%s\n", cases[i].name);
        assert_str(kit_message(list), cases[i].message);
        const struct decision *d = kit_find(list, VERDICT_SEND);
        if (d) {
            assert_int_equal(d->items[0].occurrence, cases[i].occurrence);
            assert_str(d->items[0].skipped, cases[i].skipped);
        }
        kit_done(&k);
    }
}

/* Peers 13: counted from the debt, so the late claim does not move the call. */
static void previous_counts_from_the_schedule(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_strategy(&k, custom);
    kit_item(&k, 13, "weekly:0"); /* performed yesterday, two days late */
    assert_str(kit_work(&k, kit_decide(&k)), "phone");
    k.items[0].due_date = kit_day(-12);
    assert_empty(kit_work(&k, kit_decide(&k)));
    kit_done(&k);
}

/* REQ: B7. The highest step leads; each item performs its own; the others are listed. */
static void one_message_a_customer(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    struct item *old = kit_item(&k, 15, "claim-1 call"), *between = kit_item(&k, 9, "claim-1"),
                *young = kit_item(&k, 7, ""), *fresh = kit_item(&k, -30, ""), *unborn = kit_item(&k, -31, "");
    fresh->open = kit_money(500, "USD");
    (void)unborn;
    struct decision_list list = kit_decide(&k);
    const struct decision *d = kit_find(list, VERDICT_SEND);
    assert_non_null(d);
    assert_str(d->step->id, "claim-2");
    assert_str(d->template_kind, "claim");
    assert_int_equal(d->performing_count, 3);
    assert_int_equal(d->item_count, 4);
    assert_ptr_equal(d->items[0].item, old);
    assert_ptr_equal(d->items[1].item, young);
    assert_str(d->items[1].step->id, "claim-1");
    assert_ptr_equal(d->items[2].item, fresh);
    assert_str(d->items[2].step->id, "issue"); /* the new invoice's notice is performed by the claim */
    assert_ptr_equal(d->items[3].item, between);
    assert_null(d->items[3].step);
    assert_int_equal(d->total.minor, 30000); /* the dollars are not in a total of pesos */
    assert_int_equal(d->scheduled.day, kit_day(-1).day);
    assert_int_equal(list.count, 1);
    kit_done(&k);
}

static void the_oldest_leads_among_equals(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, -3, "");
    kit_item(&k, 8, "");
    kit_item(&k, 7, "");
    const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_ptr_equal(d->items[0].item, &k.items[1]);
    assert_ptr_equal(d->items[1].item, &k.items[0]);
    assert_int_equal(d->performing_count, 3);
    kit_done(&k);
}

/* Domain 3.2. Disputed, promised and held items take no step, are in no total and are not listed. */
static void blocked_items_stay_out(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool disputed, held;
        int32_t held_until, promised_until; /* days from today; 99: none */
        enum reason_code code;
        bool blocked;
    } cases[] = {
        {"disputed", true, false, 99, 99, REASON_DISPUTE, true},
        {"held without end", false, true, 99, 99, REASON_HOLD, true},
        {"held until today", false, true, 0, 99, REASON_HOLD, true},
        {"held until yesterday", false, true, -1, 99, REASON_HOLD, false},
        {"promised for today", false, false, 99, 0, REASON_PROMISE, true},
        {"promised for yesterday", false, false, 99, -1, REASON_PROMISE, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kit k;
        kit_init(&k);
        struct item *item = kit_item(&k, 14, "claim-1 call");
        item->disputed = cases[i].disputed;
        item->held = cases[i].held;
        if (cases[i].held_until != 99) item->held_until = kit_day(cases[i].held_until);
        if (cases[i].promised_until != 99) item->promised_until = kit_day(cases[i].promised_until);
        print_message("%s\n", cases[i].name);
        struct decision_list list = kit_decide(&k);
        assert_str(kit_message(list), cases[i].blocked ? "" : "claim-2");
        if (cases[i].blocked) assert_non_null(kit_reason(kit_find(list, VERDICT_HOLD), cases[i].code));
        kit_item(&k, 7, "");
        const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
        assert_str(d->step->id, cases[i].blocked ? "claim-1" : "claim-2");
        assert_int_equal(d->item_count, cases[i].blocked ? 1 : 2);
        assert_int_equal(d->total.minor, cases[i].blocked ? 10000 : 20000);
        kit_done(&k);
    }
}

/* Peers 16: a reminder of one item silences no other, though it lists it. */
static void listed_items_keep_their_own_progress(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 14, "claim-1 call");
    kit_item(&k, 6, "d0"); /* its first claim is tomorrow */
    const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_int_equal(d->item_count, 2);
    assert_int_equal(d->performing_count, 1);
    kit_progress(&k, &k.items[0], "claim-1 call claim-2");
    k.policy.today = kit_day(1);
    d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_str(d->step->id, "claim-1");
    assert_ptr_equal(d->items[0].item, &k.items[1]);
    kit_done(&k);
}

/* Peers 11, 17: each instalment of an invoice by its own date, with what is still open of it. */
static void instalments_go_their_own_way(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 7, "");
    struct item *second = kit_item(&k, -23, "");
    k.items[0].open = kit_money(2500, "COP"); /* of 100.00, 75.00 are paid */
    second->number = k.items[0].number;
    second->position = 2;
    k.items[0].instalment_count = second->instalment_count = 2;
    second->issue_date = k.items[0].issue_date;
    const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_str(d->step->id, "claim-1");
    assert_int_equal(d->item_count, 2);
    assert_int_equal(d->performing_count, 1);
    assert_int_equal(d->total.minor, 12500);
    k.items[0].open = kit_money(0, "COP"); /* settled invoices are never mentioned */
    assert_empty(kit_message(kit_decide(&k)));
    kit_done(&k);
}

/* A pause, for whatever reason, ends with one message at the step now due. */
static void one_catch_up_after_a_pause(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    struct item *item = kit_item(&k, 22, "claim-1 call");
    item->disputed = true;
    assert_empty(kit_message(kit_decide(&k)));
    item->disputed = false;
    struct decision_list list = kit_decide(&k);
    assert_str(kit_message(list), "claim-3");
    assert_str(kit_find(list, VERDICT_SEND)->items[0].skipped, "claim-2");
    kit_progress(&k, item, "claim-1 call claim-3 ~claim-2");
    assert_empty(kit_message(kit_decide(&k)));
    kit_done(&k);
}

static void a_held_customer_gets_nothing(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 30, "");
    k.snapshot.held = true;
    k.snapshot.held_until = kit_day(0);
    struct decision_list list = kit_decide(&k);
    assert_int_equal(list.count, 1);
    const struct reason *reason = kit_reason(kit_find(list, VERDICT_HOLD), REASON_HOLD);
    assert_non_null(reason);
    assert_int_equal(reason->date.day, kit_day(0).day);
    k.snapshot.held_until = kit_day(-1);
    assert_str(kit_message(kit_decide(&k)), "claim-3");
    kit_done(&k);
}

static void nothing_open_is_said(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    struct decision_list list = kit_decide(&k);
    assert_int_equal(list.count, 1);
    assert_non_null(kit_reason(kit_find(list, VERDICT_NONE), REASON_NOTHING_OPEN));
    kit_done(&k);
}

/* Interfaces 7: net of zero counts as not owed and blocks every step counted from D; peers 10, 33. */
static void net_credit_blocks_what_counts_from_due(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t credit;
        const char *currency;
        int32_t age;
        bool other_disputed;
        const char *message, *work;
    } cases[] = {
        {"less than owed", 9999, "COP", 30, false, "claim-3", "suspend"},
        {"exactly owed", 10000, "COP", 30, false, "", ""},
        {"more than owed", 20000, "COP", 7, false, "", ""},
        {"another currency", 20000, "USD", 7, false, "claim-1", ""},
        {"the issue notice is no demand", 20000, "COP", -30, false, "issue", ""},
        {"notices from D are blocked too", 20000, "COP", -7, false, "", ""},
        {"disputed exposure counts", 15000, "COP", 7, true, "claim-1", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kit k;
        kit_init(&k);
        kit_item(&k, cases[i].age, "");
        if (cases[i].other_disputed) kit_item(&k, 40, "")->disputed = true;
        k.credits[0].unapplied = kit_money(cases[i].credit, cases[i].currency);
        k.snapshot.credit_count = 1;
        struct decision_list list = kit_decide(&k);
        print_message("%s\n", cases[i].name);
        assert_str(kit_message(list), cases[i].message);
        assert_str(kit_work(&k, list), cases[i].work);
        if (!kit_message(list).n) assert_non_null(kit_reason(kit_find(list, VERDICT_HOLD), REASON_NET_CREDIT));
        kit_done(&k);
    }
}

/* A later invoice not yet issued is not owed: it does not hide a net credit. */
static void unissued_items_do_not_count_as_owed(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 7, "");
    kit_item(&k, -60, "");
    k.credits[0].unapplied = kit_money(6000, "COP");
    k.credits[1].unapplied = kit_money(4000, "COP"); /* several entries of a currency add up */
    k.snapshot.credit_count = 2;
    assert_empty(kit_message(kit_decide(&k)));
    k.snapshot.credit_count = 1;
    assert_str(kit_message(kit_decide(&k)), "claim-1");
    kit_done(&k);
}

/* REQ: B8. */
static void modes_and_approval(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_strategy(&k, "code: m\n"
                     "defaults: {mode: test}\n"
                     "steps:\n"
                     "  - {id: a, message: claim, days: 1}\n"
                     "  - {id: b, message: claim, days: 5, mode: confirm}\n"
                     "  - {id: c, state: agency, days: 9, mode: automatic}\n");
    kit_item(&k, 1, "");
    const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_true(d->test_only && !d->needs_approval);
    kit_item(&k, 9, "");
    struct decision_list list = kit_decide(&k);
    d = kit_find(list, VERDICT_SEND);
    assert_true(!d->test_only && d->needs_approval);
    assert_non_null(kit_reason(d, REASON_APPROVAL));
    d = kit_find(list, VERDICT_STATE);
    assert_true(d->needs_approval); /* whatever the file says */
    assert_str(d->step->kind, "agency");
    kit_progress(&k, &k.items[1], "b c");
    k.strategy.steps[0].mode = MODE_CONFIRM;
    k.strategy.steps[1].mode = MODE_AUTOMATIC;
    kit_item(&k, 5, "");
    d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_str(d->step->id, "b");
    assert_true(d->needs_approval); /* one of what it performs asks for it */
    kit_done(&k);
}

/* Tasks of one step are one task; those of several are several, tasks before states. */
static void work_is_one_decision_a_step(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 31, "claim-3 call");
    kit_item(&k, 12, "claim-1");
    kit_item(&k, 11, "claim-1");
    struct decision_list list = kit_decide(&k);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.items[0].verdict, VERDICT_TASK);
    assert_str(list.items[0].step->id, "call");
    assert_int_equal(list.items[0].item_count, 2);
    assert_int_equal(list.items[0].performing_count, 2);
    assert_int_equal(list.items[1].verdict, VERDICT_STATE);
    assert_str(list.items[1].step->id, "suspend");
    assert_int_equal(list.items[1].item_count, 1);
    kit_done(&k);
}

/* REQ: B1 F3. Every broken promise is an occurrence of its own, outside the ladder's order. */
static void broken_promises_have_their_own_steps(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_strategy(&k, "code: p\n"
                     "steps:\n"
                     "  - {id: broken, message: claim, from: promise, days: 1}\n"
                     "  - {id: one, message: claim, days: 5}\n"
                     "  - {id: two, message: claim, days: 20}\n");
    struct item *item = kit_item(&k, 12, "one");
    assert_empty(kit_message(kit_decide(&k)));
    item->broken_promise = kit_day(-1);
    struct decision_list list = kit_decide(&k);
    assert_str(kit_message(list), "broken"); /* though "one" ranks higher and is performed */
    int32_t occurrence = kit_find(list, VERDICT_SEND)->items[0].occurrence;
    Str done = arena_printf(k.cx.arena, "one broken:%d", occurrence);
    kit_progress(&k, item, arena_cstr(k.cx.arena, done));
    assert_empty(kit_message(kit_decide(&k)));
    item->broken_promise = kit_day(-2); /* nothing older comes back */
    assert_empty(kit_message(kit_decide(&k)));
    k.policy.today = kit_day(6);
    item->broken_promise = kit_day(5); /* broken again */
    assert_str(kit_message(kit_decide(&k)), "broken");
    k.policy.today = kit_day(9);
    list = kit_decide(&k);
    assert_str(kit_message(list), "two"); /* the higher leads and swallows it, that occurrence only */
    done = kit_find(list, VERDICT_SEND)->items[0].skipped;
    done = arena_printf(k.cx.arena, "one two ~%.*s", STR_ARG(done));
    kit_progress(&k, item, arena_cstr(k.cx.arena, done));
    assert_empty(kit_message(kit_decide(&k)));
    item->broken_promise = kit_day(8);
    assert_str(kit_message(kit_decide(&k)), "broken");
    kit_done(&k);
}

static const struct CMUnitTest decide_tests[] = {
    cmocka_unit_test(the_default_strategy_by_the_day),
    cmocka_unit_test(what_is_performed_is_not_taken_again),
    cmocka_unit_test(the_watermark_is_inclusive_and_final),
    cmocka_unit_test(lateness_and_repeats),
    cmocka_unit_test(previous_counts_from_the_schedule),
    cmocka_unit_test(one_message_a_customer),
    cmocka_unit_test(the_oldest_leads_among_equals),
    cmocka_unit_test(blocked_items_stay_out),
    cmocka_unit_test(listed_items_keep_their_own_progress),
    cmocka_unit_test(instalments_go_their_own_way),
    cmocka_unit_test(one_catch_up_after_a_pause),
    cmocka_unit_test(a_held_customer_gets_nothing),
    cmocka_unit_test(nothing_open_is_said),
    cmocka_unit_test(net_credit_blocks_what_counts_from_due),
    cmocka_unit_test(unissued_items_do_not_count_as_owed),
    cmocka_unit_test(modes_and_approval),
    cmocka_unit_test(work_is_one_decision_a_step),
    cmocka_unit_test(broken_promises_have_their_own_steps),
};
const struct test_suite decide_suite = {"decide", decide_tests, COUNT_OF(decide_tests)};
