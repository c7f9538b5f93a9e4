/* Tables for back-off, and the rate of a domain played through. */
#include "base/test.h"

#include <stdio.h>

#include "channel/pacing.h"

static void back_off_ends_after_two_days(void **state) {
    (void)state;
    static const int after_minutes[] = {5, 20, 80, 320, 560, 800, 1040, 1280, 1520, 1760, 2000, 2240, 2480, 2720};
    Instant first = {INT64_C(1795269600000)}, now = first, next;
    for (size_t i = 0; i < COUNT_OF(after_minutes); i++) {
        assert_true(backoff_next(first, (int)i + 1, now, &next));
        assert_int_equal((next.ms - first.ms) / MS_PER_MINUTE, after_minutes[i]);
        now = next;
    }
    next = INSTANT_NONE;
    assert_false(backoff_next(first, (int)COUNT_OF(after_minutes) + 1, now, &next));
    assert_true(instant_is_none(next));
}

static void back_off_counts_from_the_attempt(void **state) {
    (void)state;
    Instant first = {0}, next;
    static const struct {
        const char *name;
        int attempts;
        int64_t now_minutes;
        bool again;
    } cases[] = {
        {"exactly two days", 9, 2880 - 240, true},
        {"a minute more", 9, 2881 - 240, false},
        {"two days passed between attempts", 1, 2880, false},
        {"a second attempt just in time", 2, 2865, true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (backoff_next(first, cases[i].attempts, (Instant){cases[i].now_minutes * MS_PER_MINUTE}, &next) !=
            cases[i].again)
            fail_msg("%s", cases[i].name);
}

static void a_minute_holds_no_more_than_allowed(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    static const int limits[] = {1, 7, 60, 1000};
    for (size_t l = 0; l < COUNT_OF(limits); l++) {
        struct pacer *p = pacer_new(cx.arena, (struct pace_limits){.per_minute = limits[l]});
        int64_t now = -5, wait = 0;
        int sent = 0;
        /* As fast as it lets us, for exactly one minute from the first. */
        while (now < -5 + MS_PER_MINUTE) {
            if (pacer_take(p, S("deudor.test"), now, &wait)) {
                sent++;
                pacer_done(p, S("deudor.test"));
            } else {
                assert_true(wait >= 1);
                now += wait;
            }
        }
        assert_true(sent <= limits[l] && sent >= limits[l] * 9 / 10);
    }
    test_ctx_done(&cx);
}

static void domains_are_told_apart(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct pacer *p = pacer_new(cx.arena, (struct pace_limits){.connections = 2});
    int64_t wait = -1;
    enum { DOMAINS = 300 };
    char name[32];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < DOMAINS; i++) {
            snprintf(name, sizeof name, "%c%d.Test", round ? 'D' : 'd', i * 7919 % DOMAINS);
            assert_true(pacer_take(p, str_from(name), 0, &wait));
        }
    assert_false(pacer_take(p, S("d17.test"), 0, &wait));
    assert_int_equal(wait, 0);
    assert_true(pacer_take(p, S("d300.test"), 0, &wait));
    pacer_done(p, S("D17.TEST"));
    assert_true(pacer_take(p, S("d17.test"), 0, &wait));
    assert_false(pacer_take(p, S("d17.test"), 0, &wait));
    test_ctx_done(&cx);
}

static void the_domain_follows_the_last_at(void **state) {
    (void)state;
    assert_str(address_domain(S("ana@deudor.test")), "deudor.test");
    assert_str(address_domain(S("\"a@b\"@deudor.test")), "deudor.test");
    assert_str(address_domain(S("deudor.test")), "deudor.test");
    assert_str(address_domain(S("")), "");
    assert_str(address_domain(S("ana@")), "");
}

static const struct CMUnitTest pacing_tests[] = {
    cmocka_unit_test(back_off_ends_after_two_days),        cmocka_unit_test(back_off_counts_from_the_attempt),
    cmocka_unit_test(a_minute_holds_no_more_than_allowed), cmocka_unit_test(domains_are_told_apart),
    cmocka_unit_test(the_domain_follows_the_last_at),
};

const struct test_suite pacing_suite = {"pacing", pacing_tests, COUNT_OF(pacing_tests)};
