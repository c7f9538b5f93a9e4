/* What people read of a result: tables and lines, in their own words or by the members' names. */
#include "base/test.h"
#include "cli/table.h"

static void members_and_values_have_words(void **state) {
    (void)state;
    static const struct {
        const char *lang, *verb, *key, *value, *key_word, *value_word;
    } cases[] = {
        {"es", "customer list", "code", "C1", "código", "C1"},
        {"pt", "customer list", "state", "overdue", "situação", "vencido"},
        {"en", "customer list", "state", "overdue", "state", "overdue"},
        {NULL, "customer list", "state", "overdue", "state", "overdue"},
        {"es", "why", "code", "PAID", "motivo", "pagado"},
        {"es", "customer list", "code", "PAID", "código", "PAID"}, /* a customer called so */
        {"es", "run", "WINDOW", "3", "fuera del horario permitido", "3"},
        {"es", "calendar show", "open", "rest", "puede salir", "descanso"},
        {"es", "customer show", "our_own_column", "open", "our_own_column", "open"},
        {"es", NULL, "sent", "", "enviados", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct word_place place = {cases[i].lang, cases[i].verb};
        assert_str(word_of_key(&place, str_from(cases[i].key)), cases[i].key_word);
        assert_str(word_of_value(&place, str_from(cases[i].key), str_from(cases[i].value)), cases[i].value_word);
    }
}

static void put_result(struct json_writer *w) {
    json_object(w);
    json_put_bool(w, "ok", true);
    json_key(w, "problems");
    json_array(w);
    json_str(w, S("stale_data"));
    json_array_end(w);
    json_key(w, "items");
    json_array(w);
    json_object(w);
    json_put_str(w, "code", S("C1"));
    json_put_str(w, "oldest_days", S("12"));
    json_put_str(w, "state", S("overdue"));
    json_object_end(w);
    json_array_end(w);
    json_object_end(w);
}

static void tables_speak_the_readers_language(void **state) {
    (void)state;
    static const struct {
        const char *lang, *text;
    } cases[] = {
        {NULL, "ok: yes\nproblems:\n  - stale_data\ncode  oldest_days  state\n----  -----------  -------\nC1             12  overdue\n"},
        {"es", "en orden: sí\nproblemas:\n  - datos viejos\ncódigo  días del más antiguo  estado\n------  --------------------  -------\n"
               "C1                        12  vencido\n"},
        {"pt", "em ordem: sim\nproblemas:\n  - dados velhos\ncódigo  dias do mais antigo  situação\n------  -------------------  --------\n"
               "C1                       12  vencido\n"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[1024];
        FILE *out = tmpfile();
        assert_non_null(out);
        struct text_table table;
        text_table_init(&table, "code oldest_days state", &(struct word_place){cases[i].lang, "customer list"}, out);
        put_result(&table.writer);
        text_table_done(&table);
        rewind(out);
        size_t n = fread(text, 1, sizeof text - 1, out);
        text[n] = '\0';
        fclose(out);
        assert_string_equal(text, cases[i].text);
    }
}

static const struct CMUnitTest word_tests[] = {
    cmocka_unit_test(members_and_values_have_words),
    cmocka_unit_test(tables_speak_the_readers_language),
};
const struct test_suite word_suite = {"word", word_tests, COUNT_OF(word_tests)};
