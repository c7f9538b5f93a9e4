/* Differences of two rehearsals are paired to before and after. */
#include "base/test.h"
#include "plan/effect.h"

static Money amount(int64_t minor) {
    Currency c = {0};
    MUST(currency_parse(S("COP"), &c));
    return money_make(minor, c);
}

static void add(struct effect_list *list, enum difference side, int32_t day, const char *customer, const char *step, const char *channel,
                const char *tone) {
    struct rehearsed x = {.date = {20800 + day}, .customer = str_from(customer), .contact = S(""), .channel = str_from(channel), .address = S(""),
                          .step = str_from(step), .tone = str_from(tone), .kind = S("claim"), .total = amount(100)};
    assert_int_equal(effect_add(NULL, list, side, &x), OK);
}

static void what_is_there_before_and_after_is_one_change(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct effect_list list = {.arena = cx.arena};
    add(&list, DIFFERENCE_GONE, 3, "B", "claim-1", "email", "firm");
    add(&list, DIFFERENCE_GONE, 5, "A", "claim-2", "email", "firm");
    add(&list, DIFFERENCE_GONE, 7, "A", "call", "", "");
    add(&list, DIFFERENCE_ADDED, 3, "B", "claim-1", "email", "concern");
    add(&list, DIFFERENCE_ADDED, 9, "A", "claim-2", "sms", "firm");
    add(&list, DIFFERENCE_ADDED, 4, "C", "claim-1", "email", "friendly");
    add(&list, DIFFERENCE_ADDED, 6, "C", "claim-1", "email", "friendly");
    effects_pair(&list);
    assert_int_equal(list.items.count, 5);
    const struct effect *e = list.items.items;
    assert_str(e[0].customer, "B"); /* by day */
    assert_int_equal(e[0].kind, EFFECT_TONE);
    assert_str(e[0].before.tone, "firm");
    assert_str(e[0].after.tone, "concern");
    assert_str(e[1].customer, "C");
    assert_int_equal(e[1].kind, EFFECT_NEW);
    assert_true(date_is_none(e[1].before.date));
    assert_int_equal(e[2].kind, EFFECT_NEW);
    assert_int_equal(e[3].kind, EFFECT_GONE);
    assert_str(e[3].step, "call");
    assert_int_equal(e[4].kind, EFFECT_DAY); /* the day goes before the channel */
    assert_str(e[4].after.channel, "sms");
    assert_int_equal(list.by_kind[EFFECT_NEW], 2);
    assert_int_equal(list.by_kind[EFFECT_GONE], 1);
    test_ctx_done(&cx);
}

static void what_repeats_goes_first_with_first(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct effect_list list = {.arena = cx.arena};
    for (int day = 0; day < 3; day++) add(&list, DIFFERENCE_GONE, day * 7, "A", "weekly", "email", "firm");
    for (int day = 0; day < 2; day++) add(&list, DIFFERENCE_ADDED, day * 10 + 1, "A", "weekly", "email", "firm");
    effects_pair(&list);
    assert_int_equal(list.items.count, 3);
    assert_int_equal(list.by_kind[EFFECT_DAY], 2);
    assert_int_equal(list.by_kind[EFFECT_GONE], 1);
    for (size_t i = 0; i < 3; i++)
        if (list.items.items[i].kind == EFFECT_GONE) assert_int_equal(list.items.items[i].before.date.day, 20814);
    test_ctx_done(&cx);
}

static void what_does_not_fit_is_told(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct effect_list list = {.arena = cx.arena, .max = 2};
    for (int day = 0; day < 5; day++) add(&list, DIFFERENCE_ADDED, day, "A", "weekly", "email", "firm");
    effects_pair(&list);
    assert_int_equal(list.items.count, 2);
    assert_int_equal(list.left_out, 3);
    test_ctx_done(&cx);
}

static const struct CMUnitTest effect_tests[] = {
    cmocka_unit_test(what_is_there_before_and_after_is_one_change),
    cmocka_unit_test(what_repeats_goes_first_with_first),
    cmocka_unit_test(what_does_not_fit_is_told),
};
const struct test_suite effect_suite = {"effect", effect_tests, COUNT_OF(effect_tests)};
