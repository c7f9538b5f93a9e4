/* Every reason has its sentence in every language, with and without its data. */
#include "base/test.h"

#include <string.h>

#include "strategy/reason_text.h"

static const char *const languages[] = {"es", "en", "pt"};

static void each_reason_is_said_in_each_language(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    for (size_t l = 0; l < COUNT_OF(languages); l++) {
        const struct locale *locale;
        assert_ok(&cx, locale_find(&cx, str_from(languages[l]), S("CO"), &locale));
        for (int code = 0; code < REASON_COUNT; code++) {
            struct reason bare = {.code = (enum reason_code)code, .date = DATE_NONE, .next_allowed = INSTANT_NONE};
            struct reason full = {.code = (enum reason_code)code,
                                  .step = S("claim-1"),
                                  .rule = S("Law 2300 (Colombia)"),
                                  .date = {20800},
                                  .next_allowed = {INT64_C(1795269600000)},
                                  .number = 12};
            Str without = reason_text(cx.arena, languages[l], locale, zone_utc(), &bare);
            Str with = reason_text(cx.arena, languages[l], locale, zone_utc(), &full);
            assert_true(without.n > 5 && with.n >= without.n);
            for (size_t i = 0; i < with.n; i++)
                if (strchr("{}[]", with.p[i])) fail_msg("%.*s", STR_ARG(with));
        }
    }
    test_ctx_done(&cx);
}

static void data_are_quoted(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct locale *es, *en;
    assert_ok(&cx, locale_find(&cx, S("es"), S("CO"), &es));
    assert_ok(&cx, locale_find(&cx, S("en"), S("US"), &en));
    struct reason promise = {.code = REASON_PROMISE, .date = {20791}, .next_allowed = INSTANT_NONE};
    Str text = reason_text(cx.arena, "es", es, zone_utc(), &promise);
    assert_str(text, "Hay una promesa de pago hasta el viernes 4 de diciembre de 2026");
    promise.date = DATE_NONE;
    assert_str(reason_text(cx.arena, "es", es, zone_utc(), &promise), "Hay una promesa de pago");
    struct reason window = {.code = REASON_WINDOW,
                            .rule = S("Law 2300 (Colombia)"),
                            .date = DATE_NONE,
                            .next_allowed = {INT64_C(1795269600000)}}; /* 2026-11-21T14:00Z, a Saturday */
    text = reason_text(cx.arena, "en", en, zone_utc(), &window);
    assert_true(str_starts(text, S("Law 2300 (Colombia): outside the allowed hours; next allowed moment: Saturday")));
    assert_true(str_ends(text, S("14:00 (UTC)")));
    window.rule = S("XX-1");
    assert_true(str_starts(reason_text(cx.arena, "en", en, zone_utc(), &window), S("XX-1: outside")));
    window.rule = S("");
    window.next_allowed = INSTANT_NONE;
    assert_str(reason_text(cx.arena, "en", en, zone_utc(), &window), "Outside the allowed hours");
    test_ctx_done(&cx);
}

static const struct CMUnitTest reason_text_tests[] = {
    cmocka_unit_test(each_reason_is_said_in_each_language),
    cmocka_unit_test(data_are_quoted),
};
const struct test_suite reason_text_suite = {"reason_text", reason_text_tests, COUNT_OF(reason_text_tests)};
