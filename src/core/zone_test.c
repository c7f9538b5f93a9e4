/* Tables for zone.h: the clocks of real places, their gaps and folds, against instants written with their offset. */
#include "core/zone.h"

#include <string.h>

#include "base/random.h"
#include "base/test.h"

static const struct zone *zone(struct ctx *cx, const char *name) {
    const struct zone *z = NULL;
    assert_ok(cx, zone_find(cx, str_from(name), &z));
    return z;
}

static Instant instant(const char *text) {
    Instant t = INSTANT_NONE;
    if (!instant_parse(str_from(text), &t)) fail_msg("%s is no instant", text);
    return t;
}

static void places_keep_their_time(void **state) {
    (void)state;
    static const struct {
        const char *zone, *utc, *local; /* local with its offset, as instant_format_offset writes it */
    } cases[] = {
        {"America/Bogota", "2026-11-21T14:00:00Z", "2026-11-21T09:00:00-05:00"},
        {"America/Bogota", "1992-07-01T12:00:00Z", "1992-07-01T08:00:00-04:00"},
        {"America/Santiago", "2026-01-15T12:00:00Z", "2026-01-15T09:00:00-03:00"},
        {"America/Santiago", "2026-07-15T12:00:00Z", "2026-07-15T08:00:00-04:00"},
        {"America/Punta_Arenas", "2026-07-15T12:00:00Z", "2026-07-15T09:00:00-03:00"},
        {"Pacific/Easter", "2026-07-15T12:00:00Z", "2026-07-15T06:00:00-06:00"},
        {"Europe/Madrid", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00"},
        {"Europe/Madrid", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"},
        {"Europe/Madrid", "2060-07-01T10:00:00Z", "2060-07-01T12:00:00+02:00"},
        {"Atlantic/Canary", "2026-07-01T10:00:00Z", "2026-07-01T11:00:00+01:00"},
        {"Europe/Dublin", "2026-07-01T10:00:00Z", "2026-07-01T11:00:00+01:00"},
        {"Europe/Dublin", "2050-12-01T10:00:00Z", "2050-12-01T10:00:00Z"},
        {"Australia/Lord_Howe", "2026-07-01T00:00:00Z", "2026-07-01T10:30:00+10:30"},
        {"Australia/Lord_Howe", "2026-12-01T00:00:00Z", "2026-12-01T11:00:00+11:00"},
        {"Australia/Lord_Howe", "2099-12-01T00:00:00Z", "2099-12-01T11:00:00+11:00"},
        /* Mexico gave up summer time in October 2022, its northern border did not. */
        {"America/Mexico_City", "2022-07-01T12:00:00Z", "2022-07-01T07:00:00-05:00"},
        {"America/Mexico_City", "2026-07-01T12:00:00Z", "2026-07-01T06:00:00-06:00"},
        {"America/Tijuana", "2026-07-01T12:00:00Z", "2026-07-01T05:00:00-07:00"},
        {"America/Tijuana", "2180-07-01T12:00:00Z", "2180-07-01T05:00:00-07:00"},
        /* Paraguay has kept summer time since October 2024. */
        {"America/Asuncion", "2023-07-01T12:00:00Z", "2023-07-01T08:00:00-04:00"},
        {"America/Asuncion", "2026-07-01T12:00:00Z", "2026-07-01T09:00:00-03:00"},
        /* Venezuela: half an hour back at the end of 2007, returned in May 2016. */
        {"America/Caracas", "2007-12-01T12:00:00Z", "2007-12-01T08:00:00-04:00"},
        {"America/Caracas", "2010-01-01T12:00:00Z", "2010-01-01T07:30:00-04:30"},
        {"America/Caracas", "2026-01-01T12:00:00Z", "2026-01-01T08:00:00-04:00"},
        {"America/Sao_Paulo", "2018-12-01T12:00:00Z", "2018-12-01T10:00:00-02:00"},
        {"America/Sao_Paulo", "2026-12-01T12:00:00Z", "2026-12-01T09:00:00-03:00"},
        {"America/Montevideo", "2026-12-01T12:00:00Z", "2026-12-01T09:00:00-03:00"},
        {"Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T05:45:00+05:45"},
        {"Etc/GMT+3", "2026-01-01T12:00:00Z", "2026-01-01T09:00:00-03:00"},
        {"UTC", "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[INSTANT_TEXT], iso[DATE_TEXT];
        const struct zone *z = zone(&cx, cases[i].zone);
        Instant t = instant(cases[i].utc);
        assert_str(instant_format_offset(t, zone_offset(z, t) / 60, text), cases[i].local);
        struct local_time l = zone_local(z, t);
        if (!str_starts(str_from(cases[i].local), date_iso(l.date, iso)))
            fail_msg("%s: %s is %s there", cases[i].zone, cases[i].utc, iso);
        assert_int_equal(zone_date(z, t).day, l.date.day);
        assert_int_equal(zone_instant(z, l.date, l.second).ms, t.ms);
    }
    test_ctx_done(&cx);
}

static void gaps_and_folds_have_one_answer(void **state) {
    (void)state;
    static const struct {
        const char *name, *zone, *date;
        int hour, minute;
        const char *utc;
    } cases[] = {
        {"before the gap", "Europe/Madrid", "2026-03-29", 1, 59, "2026-03-29T00:59:00Z"},
        {"in the gap", "Europe/Madrid", "2026-03-29", 2, 30, "2026-03-29T01:00:00Z"},
        {"gap's beginning", "Europe/Madrid", "2026-03-29", 2, 0, "2026-03-29T01:00:00Z"},
        {"after the gap", "Europe/Madrid", "2026-03-29", 3, 0, "2026-03-29T01:00:00Z"},
        {"in the fold", "Europe/Madrid", "2026-10-25", 2, 30, "2026-10-25T00:30:00Z"},
        {"after the fold", "Europe/Madrid", "2026-10-25", 3, 0, "2026-10-25T02:00:00Z"},
        {"midnight that does not exist", "America/Santiago", "2026-09-06", 0, 0, "2026-09-06T04:00:00Z"},
        {"half past a missing midnight", "America/Santiago", "2026-09-06", 0, 30, "2026-09-06T04:00:00Z"},
        {"an hour before midnight, twice", "America/Santiago", "2026-04-04", 23, 30, "2026-04-05T02:30:00Z"},
        {"half an hour missing", "Australia/Lord_Howe", "2026-10-04", 2, 15, "2026-10-03T15:30:00Z"},
        {"half an hour twice", "Australia/Lord_Howe", "2026-04-05", 1, 45, "2026-04-04T14:45:00Z"},
        {"after the half hour", "Australia/Lord_Howe", "2026-04-05", 2, 0, "2026-04-04T15:30:00Z"},
        {"a day that never was", "Pacific/Apia", "2011-12-30", 12, 0, "2011-12-30T10:00:00Z"},
        {"long before", "America/Bogota", "1900-01-01", 0, 0, "1900-01-01T04:56:16Z"},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Date d = DATE_NONE;
        char text[INSTANT_TEXT];
        assert_true(date_parse_iso(str_from(cases[i].date), &d));
        Instant t = zone_instant(zone(&cx, cases[i].zone), d, cases[i].hour * 3600 + cases[i].minute * 60);
        if (t.ms != instant(cases[i].utc).ms)
            fail_msg("%s: got %s, wanted %s", cases[i].name, instant_format(t, text).p, cases[i].utc);
    }
    test_ctx_done(&cx);
}

/* Back from local time comes the same instant, or in a fold the earlier one that reads the same. */
static void instants_survive_the_way_there_and_back(void **state) {
    (void)state;
    static const char *const names[] = {"America/Santiago",    "America/Bogota",   "Europe/Madrid",
                                        "Australia/Lord_Howe", "Pacific/Apia",     "America/Mexico_City",
                                        "America/Caracas",     "America/Asuncion", "Europe/Dublin",
                                        "Africa/Casablanca",   "America/New_York", "America/St_Johns"};
    struct ctx cx = test_ctx();
    struct seeded_random r = {1};
    for (size_t n = 0; n < COUNT_OF(names); n++) {
        const struct zone *z = zone(&cx, names[n]);
        for (int i = 0; i < 20000; i++) {
            /* 1910 to 2150 */
            Instant t = {((int64_t)seeded_below(&r, UINT64_C(7573737600)) - INT64_C(1893456000)) * MS_PER_SECOND};
            struct local_time l = zone_local(z, t);
            assert_true(l.second >= 0 && l.second < 86400);
            Instant back = zone_instant(z, l.date, l.second);
            if (back.ms == t.ms) continue;
            struct local_time again = zone_local(z, back);
            assert_true(back.ms < t.ms && t.ms - back.ms <= 24 * MS_PER_HOUR);
            assert_int_equal(again.date.day, l.date.day);
            assert_int_equal(again.second, l.second);
        }
    }
    test_ctx_done(&cx);
}

static void names_are_iana_names(void **state) {
    (void)state;
    static const char *const refused[] = {
        "",           "Foo/Bar",   "GMT+3",           "GMT-03:00",  "america/bogota",
        "America",    "America/",  "../etc/passwd",   "posix/UTC",  "right/America/Bogota",
        "zone.tab",   "tzdata.zi", "localtime",       "Factory",    "America/../UTC",
        "/etc/hosts", "Bogotá",    "America/Bogota ", "posixrules", "UTC\n"};
    static const char *const links[] = {"America/Buenos_Aires", "Asia/Calcutta", "Etc/UTC", "GMT", "US/Eastern"};
    struct ctx cx = test_ctx();
    const struct zone *z = NULL;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (zone_find(&cx, str_from(refused[i]), &z) != INVALID) fail_msg("\"%s\" was taken for a zone", refused[i]);
        assert_null(z);
        assert_true(strlen(cx.fault.hint) > 0);
    }
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        assert_ok(&cx, zone_find(&cx, str_from(links[i]), &z));
        assert_str(zone_name(z), links[i]);
    }
    assert_ptr_equal(zone(&cx, "America/Bogota"), zone(&cx, "America/Bogota"));
    assert_ptr_equal(zone_utc(), zone(&cx, "UTC"));
    test_ctx_done(&cx);
}

static bool is_among(const struct zone *const *zones, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (str_is(zone_name(zones[i]), name)) return true;
    return false;
}

static void countries_have_their_zones(void **state) {
    (void)state;
    static const struct {
        const char *country, *first;
        size_t count; /* 0: several */
        const char *also;
    } cases[] = {
        {"CO", "America/Bogota", 1, NULL},
        {"AR", "America/Argentina/Buenos_Aires", 1, NULL},
        {"PE", "America/Lima", 1, NULL},
        {"UY", "America/Montevideo", 1, NULL},
        {"VE", "America/Caracas", 1, NULL},
        {"DO", "America/Santo_Domingo", 1, NULL},
        {"GB", "Europe/London", 1, NULL},
        {"PY", "America/Asuncion", 1, NULL},
        {"BO", "America/La_Paz", 1, NULL},
        {"DE", "Europe/Berlin", 1, NULL},
        {"ES", "Europe/Madrid", 2, "Atlantic/Canary"},
        {"PT", "Europe/Lisbon", 2, "Atlantic/Azores"},
        {"EC", "America/Guayaquil", 2, "Pacific/Galapagos"},
        {"CL", "America/Santiago", 0, "Pacific/Easter"},
        {"CL", "America/Santiago", 0, "America/Punta_Arenas"},
        {"MX", "America/Mexico_City", 0, "America/Tijuana"},
        {"MX", "America/Mexico_City", 0, "America/Cancun"},
        {"MX", "America/Mexico_City", 0, "America/Mazatlan"},
        {"BR", "America/Sao_Paulo", 4, "America/Noronha"},
        {"US", "America/New_York", 0, "Pacific/Honolulu"},
        {"US", "America/New_York", 0, "America/Phoenix"},
        {"AU", "Australia/Sydney", 0, "Australia/Perth"},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct zone *zones[32];
        size_t count = zone_candidates(&cx, str_from(cases[i].country), zones, COUNT_OF(zones));
        assert_true(count > 0 && count <= COUNT_OF(zones));
        assert_str(zone_name(zones[0]), cases[i].first);
        if (cases[i].count && count != cases[i].count) fail_msg("%s has %zu zones", cases[i].country, count);
        if (cases[i].also && !is_among(zones, count, cases[i].also))
            fail_msg("%s lacks %s", cases[i].country, cases[i].also);
    }
    const struct zone *one[1] = {NULL};
    assert_int_equal(zone_candidates(&cx, S("ES"), one, 1), 2);
    assert_str(zone_name(one[0]), "Europe/Madrid");
    assert_int_equal(zone_candidates(&cx, S("XX"), one, 1), 0);
    assert_int_equal(zone_candidates(&cx, S("es"), one, 1), 0);
    assert_int_equal(zone_candidates(&cx, S(""), one, 1), 0);
    test_ctx_done(&cx);
}

/* Every zone of the world loads: no country's table is damaged or too long for us. */
static void the_whole_world_loads(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    size_t found = 0;
    for (char a = 'A'; a <= 'Z'; a++)
        for (char b = 'A'; b <= 'Z'; b++) {
            const struct zone *zones[32];
            const char code[] = {a, b};
            size_t count = zone_candidates(&cx, (Str){code, 2}, zones, COUNT_OF(zones));
            if (cx.fault.code != OK) fail_msg("%.2s: %s", code, cx.fault.message);
            found += count > 0;
        }
    assert_true(found > 240);
    test_ctx_done(&cx);
}

static const struct CMUnitTest zone_tests[] = {
    cmocka_unit_test(places_keep_their_time),
    cmocka_unit_test(gaps_and_folds_have_one_answer),
    cmocka_unit_test(instants_survive_the_way_there_and_back),
    cmocka_unit_test(names_are_iana_names),
    cmocka_unit_test(countries_have_their_zones),
    cmocka_unit_test(the_whole_world_loads),
};
const struct test_suite zone_suite = {"zone", zone_tests, COUNT_OF(zone_tests)};
