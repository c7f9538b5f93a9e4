/* Where customers live: zones, calendars, and the table that remembers them. */
#include <pthread.h>
#include <stdio.h>

#include "base/test.h"
#include "strategy/contact_rules_pack.h"

static struct customer living(const char *country, const char *region, const char *zone) {
    return (struct customer){.country = str_from(country), .region = str_from(region), .zone = str_from(zone)};
}

static void zones_fall_back_to_the_country(void **state) {
    (void)state;
    static const struct {
        const char *name, *country, *zone, *creditor;
        const char *only; /* NULL: several */
    } cases[] = {
        {"known", "CO", "America/Bogota", "CO", "America/Bogota"},
        {"abroad", "CO", "Europe/Madrid", "CO", "Europe/Madrid"},
        {"unknown, one zone", "CO", "", "ES", "America/Bogota"},
        {"misspelt", "CO", "America/Bogtoa", "CO", "America/Bogota"},
        {"unknown, several zones", "MX", "", "MX", NULL},
        {"no such country", "XX", "", "CO", "America/Bogota"},
        {"nothing known", "XX", "", "YY", "UTC"},
    };
    struct ctx cx = test_ctx();
    struct place_table *table = place_table_new(cx.arena);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct customer customer = living(cases[i].country, "", cases[i].zone);
        struct place scratch;
        const struct place *place = place_find(table, &customer, str_from(cases[i].creditor), &scratch);
        if ((place->zone_count == 1) != (cases[i].only != NULL))
            fail_msg("%s: %zu zones", cases[i].name, place->zone_count);
        if (cases[i].only) assert_str(zone_name(place->zones[0]), cases[i].only);
        assert_ptr_equal(place, place_find(table, &customer, str_from(cases[i].creditor), &scratch));
    }
    test_ctx_done(&cx);
}

static void regions_choose_the_calendar(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct place_table *table = place_table_new(cx.arena);
    struct place scratch;
    const struct calendar *madrid = NULL, *spain = NULL;
    assert_ok(&cx, calendar_find(&cx, S("ES"), &spain));
    assert_ok(&cx, calendar_find(&cx, S("ES-MD"), &madrid));
    struct customer customer = living("ES", "MD", "");
    assert_ptr_equal(place_find(table, &customer, S("ES"), &scratch)->calendar, madrid);
    customer.region = S("ES-MD");
    assert_ptr_equal(place_find(table, &customer, S("ES"), &scratch)->calendar, madrid);
    customer.region = S("");
    assert_ptr_equal(place_find(table, &customer, S("ES"), &scratch)->calendar, spain);
    customer.country = S("XX");
    assert_null(place_find(table, &customer, S("ES"), &scratch)->calendar);
    test_ctx_done(&cx);
}

static void a_full_table_still_answers(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct place_table *table = place_table_new(cx.arena);
    bool outside = false;
    for (int i = 0; i < 700; i++) {
        struct place scratch;
        struct customer customer = living("CO", arena_printf(cx.arena, "R%d", i).p, "America/Bogota");
        const struct place *place = place_find(table, &customer, S("CO"), &scratch);
        assert_int_equal(place->zone_count, 1);
        assert_str(zone_name(place->zones[0]), "America/Bogota");
        outside = outside || place == &scratch;
    }
    assert_true(outside);
    struct place scratch; /* longer than any key */
    struct customer customer = living("CO", arena_printf(cx.arena, "%080d", 1).p, "America/Bogota");
    assert_ptr_equal(place_find(table, &customer, S("CO"), &scratch), &scratch);
    test_ctx_done(&cx);
}

static void *ask_many(void *table) {
    static const char *const countries[] = {"CO", "CL", "PE", "ES", "MX", "US", "AR", "BR"};
    for (size_t i = 0; i < 4000; i++) {
        struct place scratch;
        char region[8];
        snprintf(region, sizeof region, "%zu", i % 13);
        struct customer customer = living(countries[i % COUNT_OF(countries)], region, "");
        if (place_find(table, &customer, S("CO"), &scratch)->zone_count == 0) return table;
    }
    return NULL;
}

static void threads_share_the_table(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct place_table *table = place_table_new(cx.arena);
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_many, table), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    test_ctx_done(&cx);
}

static const struct CMUnitTest contact_rules_place_tests[] = {
    cmocka_unit_test(zones_fall_back_to_the_country),
    cmocka_unit_test(regions_choose_the_calendar),
    cmocka_unit_test(a_full_table_still_answers),
    cmocka_unit_test(threads_share_the_table),
};
const struct test_suite contact_rules_place_suite = {"contact_rules_place", contact_rules_place_tests,
                                                     COUNT_OF(contact_rules_place_tests)};
