/* Every word of the closed lists is read back as it was written. */
#include "base/test.h"

#include "portfolio/portfolio_types.h"

static void channels_are_read_back(void **state) {
    (void)state;
    for (int kind = CHANNEL_NONE + 1; kind < CHANNEL_COUNT; kind++) {
        enum channel_kind read = CHANNEL_NONE;
        assert_true(channel_kind_parse(str_from(channel_kind_name((enum channel_kind)kind)), &read));
        assert_int_equal(read, kind);
    }
    enum channel_kind untouched = CHANNEL_SMS;
    assert_false(channel_kind_parse(S(""), &untouched));
    assert_false(channel_kind_parse(S("fax"), &untouched));
    assert_false(channel_kind_parse(S("Email"), &untouched));
    assert_int_equal(untouched, CHANNEL_SMS);
    assert_string_equal(channel_kind_name(CHANNEL_NONE), "");
}

static void all_but_calls_are_written(void **state) {
    (void)state;
    assert_true(channel_is_written(CHANNEL_EMAIL));
    assert_true(channel_is_written(CHANNEL_SMS));
    assert_true(channel_is_written(CHANNEL_WHATSAPP));
    assert_true(channel_is_written(CHANNEL_LETTER));
    assert_false(channel_is_written(CHANNEL_CALL));
    assert_false(channel_is_written(CHANNEL_NONE));
}

static void document_types_are_read_back(void **state) {
    (void)state;
    static const struct {
        const char *word;
        enum document_type type;
        bool claim;
    } cases[] = {
        {"invoice", DOCUMENT_INVOICE, true},
        {"debit_note", DOCUMENT_DEBIT_NOTE, true},
        {"credit_note", DOCUMENT_CREDIT_NOTE, false},
        {"advance", DOCUMENT_ADVANCE, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum document_type read = DOCUMENT_INVOICE;
        assert_true(document_type_parse(str_from(cases[i].word), &read));
        assert_int_equal(read, cases[i].type);
        assert_string_equal(document_type_name(read), cases[i].word);
        assert_int_equal(document_is_claim(read), cases[i].claim);
    }
    enum document_type untouched = DOCUMENT_ADVANCE;
    assert_false(document_type_parse(S("factura"), &untouched));
    assert_int_equal(untouched, DOCUMENT_ADVANCE);
}

static void hours_are_half_open_spans_of_a_day(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int32_t from_s, to_s;
    } cases[] = {
        {"", true, 0, 0},
        {"09:00-12:30", true, 32400, 45000},
        {"00:00 - 24:00", true, 0, 86400},
        {"12:00-12:00", false, 0, 0},
        {"18:00-08:00", false, 0, 0},
        {"9-12", false, 0, 0},
        {"09:00", false, 0, 0},
        {"09:60-10:00", false, 0, 0},
        {"24:01-24:02", false, 0, 0},
        {"-1:00-10:00", false, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t from_s = -7, to_s = -7;
        assert_int_equal(contact_hours_parse(str_from(cases[i].text), &from_s, &to_s), cases[i].good);
        assert_int_equal(from_s, cases[i].good ? cases[i].from_s : -7);
        assert_int_equal(to_s, cases[i].good ? cases[i].to_s : -7);
    }
}

static void a_list_names_channels(void **state) {
    (void)state;
    assert_true(channel_listed(S("sms, email"), CHANNEL_EMAIL));
    assert_true(channel_listed(S("sms"), CHANNEL_SMS));
    assert_false(channel_listed(S("sms"), CHANNEL_EMAIL));
    assert_false(channel_listed(S(""), CHANNEL_EMAIL));
    assert_false(channel_listed((Str){0}, CHANNEL_EMAIL));
}

static const struct CMUnitTest portfolio_types_tests[] = {
    cmocka_unit_test(hours_are_half_open_spans_of_a_day),
    cmocka_unit_test(a_list_names_channels),
    cmocka_unit_test(channels_are_read_back),
    cmocka_unit_test(all_but_calls_are_written),
    cmocka_unit_test(document_types_are_read_back),
};
const struct test_suite portfolio_types_suite = {"portfolio_types", portfolio_types_tests,
                                                 COUNT_OF(portfolio_types_tests)};
