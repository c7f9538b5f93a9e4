/* The company's calendar over contact law: closed days move what law would allow, law goes first, what is no reminder is not held. */
#include "base/test.h"
#include "strategy/company_days.h"
#include "strategy/contact_rules.h"

static Instant instant(const char *text) {
    Instant t;
    if (!instant_parse(str_from(text), &t)) fail_msg("\"%s\" is no instant", text);
    return t;
}

static Date day(const char *text) {
    Date d;
    assert_true(date_parse_iso(str_from(text), &d));
    return d;
}

struct closed_case {
    const char *name, *at;
    bool keeps_holidays, is_person;
    const char *rule; /* NULL: allowed */
    enum reason_code code;
    const char *next; /* NULL: none within 90 days */
};

/* Colombia; 8 December 2026 is a holiday, Tuesday; firms: Monday to Friday 08:00-19:00, persons by law 2300. */
static const struct closed_case cases[] = {
    {"an open day", "2026-11-23T10:00:00-05:00", false, false, NULL, REASON_DUE, NULL},
    {"a closed day", "2026-11-24T10:00:00-05:00", false, false, "COMPANY", REASON_HOLIDAY, "2026-11-25T08:00:00-05:00"},
    {"at night before a closed day", "2026-11-23T22:00:00-05:00", false, false, "HOUSE-1", REASON_WINDOW, "2026-11-25T08:00:00-05:00"},
    {"at night within a closed day: law goes first", "2026-11-24T22:00:00-05:00", false, false, "HOUSE-1", REASON_WINDOW, "2026-11-25T08:00:00-05:00"},
    {"two closed days before a weekend", "2026-12-03T10:00:00-05:00", false, false, "COMPANY", REASON_HOLIDAY, "2026-12-07T08:00:00-05:00"},
    {"the same, a person: Saturday is allowed", "2026-12-03T10:00:00-05:00", false, true, "COMPANY", REASON_HOLIDAY, "2026-12-05T08:00:00-05:00"},
    {"every year, the first", "2026-12-30T10:00:00-05:00", false, false, "COMPANY", REASON_HOLIDAY, "2026-12-31T08:00:00-05:00"},
    {"every year, a later one", "2027-12-30T10:00:00-05:00", false, false, "COMPANY", REASON_HOLIDAY, "2027-12-31T08:00:00-05:00"},
    {"every year, not before the first", "2025-12-30T10:00:00-05:00", false, false, NULL, REASON_DUE, NULL},
};

static void closed_days_hold(void **state) {
    struct ctx cx = test_ctx();
    const struct rule_pack *pack;
    (void)state;
    assert_ok(&cx, rule_pack_load(&cx, NULL, &pack));
    const struct closed_day days[] = {{.date = day("2026-11-24"), .name = S("Inventario")},
                                      {.date = day("2026-12-03")},
                                      {.date = day("2026-12-04")},
                                      {.date = day("2026-12-30"), .every_year = true, .name = S("Cierre")}};
    struct company_days closed = {.days = days, .count = COUNT_OF(days)};
    struct policy policy = {.country = S("CO"), .rules = pack, .check_contact = contact_rules_check, .closed = &closed};
    assert_ok(&cx, zone_find(&cx, S("America/Bogota"), &policy.zone));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct closed_case *c = &cases[i];
        struct customer customer = {.country = S("CO"), .zone = S("America/Bogota"), .language = S("es"), .is_person = c->is_person};
        struct contact_request request = {
            .customer = &customer, .creditor_country = S("CO"), .channel = CHANNEL_EMAIL, .at = instant(c->at), .item_count = 1, .is_reminder = true};
        struct contact_answer a = contact_check(&policy, &request);
        if (a.allowed != (c->rule == NULL)) fail_msg("%s: allowed %d", c->name, a.allowed);
        if (!c->rule) continue;
        if (!str_is(a.rule, c->rule) || a.code != c->code) fail_msg("%s: %.*s %s", c->name, STR_ARG(a.rule), reason_code_name(a.code));
        if (a.next_allowed.ms != instant(c->next).ms) fail_msg("%s: next %lld", c->name, (long long)a.next_allowed.ms);
        request.at = a.next_allowed;
        assert_true(contact_check(&policy, &request).allowed);
        request.at = instant(c->at);
        request.is_reminder = false;
        assert_true(contact_check(&policy, &request).allowed);
    }
    policy.closed = NULL;
    test_ctx_done(&cx);
}

static void holidays_of_the_own_place_hold(void **state) {
    struct ctx cx = test_ctx();
    const struct rule_pack *pack;
    struct company_days closed = {0};
    Str name;
    (void)state;
    assert_ok(&cx, rule_pack_load(&cx, NULL, &pack));
    assert_ok(&cx, calendar_find(&cx, S("ES-MD"), &closed.holidays));
    struct policy policy = {.country = S("ES"), .rules = pack, .check_contact = contact_rules_check, .closed = &closed};
    assert_ok(&cx, zone_find(&cx, S("Europe/Madrid"), &policy.zone));
    /* A firm in Colombia, where 12 October 2026 is a holiday but 2 May and 1 November are none. */
    struct customer customer = {.country = S("CO"), .zone = S("America/Bogota"), .language = S("es")};
    struct contact_request request = {
        .customer = &customer, .creditor_country = S("ES"), .channel = CHANNEL_EMAIL, .at = instant("2026-12-08T10:00:00-05:00"), .item_count = 1, .is_reminder = true};
    struct contact_answer a = contact_check(&policy, &request);
    assert_false(a.allowed);
    assert_str(a.rule, "HOUSE-1"); /* a holiday there as well: law goes first */
    assert_true(company_is_closed(&closed, day("2026-12-25"), &name));
    assert_true(name.n > 0);
    request.at = instant("2026-04-02T10:00:00-05:00"); /* Maundy Thursday: a holiday of Madrid, and of Colombia */
    assert_true(company_is_closed(&closed, day("2026-04-02"), NULL));
    assert_false(company_is_closed(&closed, day("2026-04-06"), NULL));
    assert_false(company_is_closed(NULL, day("2026-12-25"), NULL));
    test_ctx_done(&cx);
}

/* Closed for ever: no instant within 90 days is invented. */
static void a_company_that_never_opens(void **state) {
    struct ctx cx = test_ctx();
    const struct rule_pack *pack;
    struct closed_day days[120];
    (void)state;
    assert_ok(&cx, rule_pack_load(&cx, NULL, &pack));
    for (int i = 0; i < 120; i++) days[i] = (struct closed_day){.date = date_add(day("2026-11-20"), i)};
    struct company_days closed = {.days = days, .count = COUNT_OF(days)};
    struct policy policy = {.country = S("CO"), .rules = pack, .check_contact = contact_rules_check, .closed = &closed};
    assert_ok(&cx, zone_find(&cx, S("America/Bogota"), &policy.zone));
    struct customer customer = {.country = S("CO"), .zone = S("America/Bogota"), .language = S("es")};
    struct contact_request request = {
        .customer = &customer, .creditor_country = S("CO"), .channel = CHANNEL_EMAIL, .at = instant("2026-11-24T10:00:00-05:00"), .item_count = 1, .is_reminder = true};
    struct contact_answer a = contact_check(&policy, &request);
    assert_false(a.allowed);
    assert_true(instant_is_none(a.next_allowed));
    test_ctx_done(&cx);
}

static const struct CMUnitTest company_days_tests[] = {
    cmocka_unit_test(closed_days_hold),
    cmocka_unit_test(holidays_of_the_own_place_hold),
    cmocka_unit_test(a_company_that_never_opens),
};
const struct test_suite company_days_suite = {"company_days", company_days_tests, COUNT_OF(company_days_tests)};
