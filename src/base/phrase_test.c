/* Faults in the reader's language. */
#include "base/ctx.h"
#include "base/test.h"

#include <string.h>

static void faults_speak_the_readers_language(void **state) {
    (void)state;
    static const struct {
        const char *name, *lang;
        bool unsaid;
        const char *message, *hint;
    } cases[] = {
        {"Spanish", "es", false, "due_date «treinta» no es un número entero", "escribe solo cifras"},
        {"Portuguese", "pt", false, "due_date “treinta” não é um número inteiro", "escreva só dígitos"},
        {"English", "en", false, "due_date \"treinta\" is not a whole number", "write digits only"},
        {"nobody said", "es", true, "due_date \"treinta\" is not a whole number", "write digits only"},
        {"none", NULL, false, "due_date \"treinta\" is not a whole number", "write digits only"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = {.lang = cases[i].lang, .lang_unsaid = cases[i].unsaid};
        assert_int_equal(fail_field(&cx, INVALID, "due_date", "write digits only", "%s \"%s\" is not a whole number", "due_date", "treinta"), INVALID);
        if (strcmp(cx.fault.message, cases[i].message) != 0 || strcmp(cx.fault.hint, cases[i].hint) != 0)
            fail_msg("%s: %s (%s)", cases[i].name, cx.fault.message, cx.fault.hint);
        assert_string_equal(cx.fault.plain, "due_date \"treinta\" is not a whole number");
        assert_string_equal(cx.fault.field, "due_date");
    }
}

static void arguments_may_change_places(void **state) {
    (void)state;
    struct ctx cx = {.lang = "es"};
    assert_int_equal(fail(&cx, INVALID, "%s cannot be \"%.*s\"", "role", 4, "jefe de todo"), INVALID);
    assert_string_equal(cx.fault.message, "«jefe» no es una opción de role");
    assert_string_equal(cx.fault.plain, "role cannot be \"jefe\"");
}

static void what_is_no_phrase_stays(void **state) {
    (void)state;
    struct ctx cx = {.lang = "pt"};
    assert_string_equal(phrase(&cx, "no phrase of ours"), "no phrase of ours");
    assert_string_equal(phrase_in("de", "rename it"), "rename it");
    assert_string_equal(phrase_in("pt", "rename it"), "mude o nome");
}

/* The look-up needs the order of the bytes. */
static void rows_are_sorted(void **state) {
    (void)state;
    for (size_t i = 1; i < phrase_row_count; i++)
        if (strcmp(phrase_rows[i - 1].key, phrase_rows[i].key) >= 0) fail_msg("%s", phrase_rows[i].key);
}

static void long_messages_end_with_a_whole_character(void **state) {
    (void)state;
    for (size_t n = 380; n < 400; n++) {
        struct ctx cx = {0};
        char text[500];
        memset(text, 'a', n);
        strcpy(text + n, "ñandú ñandú ñandú");
        assert_int_equal(fail(&cx, INVALID, "%s", text), INVALID);
        assert_true(str_is_utf8(str_from(cx.fault.message)));
        assert_true(strlen(cx.fault.message) >= n || n > 398);
    }
}

static const struct CMUnitTest phrase_tests[] = {
    cmocka_unit_test(faults_speak_the_readers_language),
    cmocka_unit_test(arguments_may_change_places),
    cmocka_unit_test(what_is_no_phrase_stays),
    cmocka_unit_test(rows_are_sorted),
    cmocka_unit_test(long_messages_end_with_a_whole_character),
};
const struct test_suite phrase_suite = {"phrase", phrase_tests, COUNT_OF(phrase_tests)};
