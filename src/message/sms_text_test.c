/* The alphabet and the counting. */
#include "base/test.h"

#include "base/buf.h"
#include "message/sms_text.h"

static void parts_follow_alphabet_and_length(void **state) {
    (void)state;
    static const struct {
        const char *name, *text;
        size_t repeat;
        bool is_gsm7;
        size_t units, parts;
    } cases[] = {
        {"nothing", "", 1, true, 0, 0},
        {"one part full", "a", 160, true, 160, 1},
        {"one more", "a", 161, true, 161, 2},
        {"two parts full", "a", 306, true, 306, 2},
        {"three", "a", 307, true, 307, 3},
        {"of the alphabet", "ñÑüéè¿¡à", 1, true, 8, 1},
        {"escaped", "€[]", 1, true, 6, 1},
        {"accent makes it wide", "á", 1, false, 1, 1},
        {"wide full", "ó", 70, false, 70, 1},
        {"wide one more", "ó", 71, false, 71, 2},
        {"beyond the plane", "😀", 1, false, 2, 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf b = buf_make(4096);
        for (size_t k = 0; k < cases[i].repeat; k++) buf_add_cstr(&b, cases[i].text);
        struct sms_size size = sms_measure(buf_str(&b));
        if (size.is_gsm7 != cases[i].is_gsm7 || size.units != cases[i].units || size.parts != cases[i].parts)
            fail_msg("%s: %d, %zu, %zu", cases[i].name, size.is_gsm7, size.units, size.parts);
        buf_done(&b);
    }
}

static void folding_leaves_what_the_alphabet_has(void **state) {
    (void)state;
    static const struct {
        const char *text, *folded;
    } cases[] = {{"Señor Peña: aquí está", "Señor Peña: aqui esta"},
                 {"Ação já, você", "Acao ja, voce"},
                 {"«Año» – 3 €…", "\"Año\" - 3 €..."},
                 {"Zoë ÀÈ", "Zoe AE"},
                 {"日本", "日本"}};
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str once = sms_fold(cx.arena, str_from(cases[i].text));
        assert_str(once, cases[i].folded);
        assert_str(sms_fold(cx.arena, once), cases[i].folded);
    }
    test_ctx_done(&cx);
}

static const struct CMUnitTest sms_text_tests[] = {
    cmocka_unit_test(parts_follow_alphabet_and_length),
    cmocka_unit_test(folding_leaves_what_the_alphabet_has),
};
const struct test_suite sms_text_suite = {"sms_text", sms_text_tests, COUNT_OF(sms_text_tests)};
