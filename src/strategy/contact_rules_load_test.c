/* What the loader takes and what it refuses, with file, line and remedy. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/test.h"
#include "strategy/contact_rules_pack.h"

static const struct rule *find_rule(const struct rule_pack *pack, const char *id) {
    for (size_t i = 0; i < pack->rule_count; i++)
        if (str_is(pack->rules[i]->id, id)) return pack->rules[i];
    return NULL;
}

static void every_row_of_the_table_is_there(void **state) {
    (void)state;
    static const struct {
        const char *id;
        enum rule_party party;
        bool binds_creditor, replaces_house;
        const char *confidence;
    } rows[] = {
        {"HOUSE-1", PARTY_ALL, true, true, "K"},     {"CO-2300", PARTY_B2C, true, true, "V"},
        {"CL-37", PARTY_B2C, true, true, "V"},       {"MX-CONDUSEF", PARTY_B2C, true, true, "V"},
        {"MX-PROFECO", PARTY_B2C, false, true, "S"}, {"PE-62", PARTY_B2C, true, true, "V"},
        {"AR-8bis", PARTY_B2C, true, false, "S"},    {"AR-C-6171", PARTY_B2C, false, false, "S"},
        {"EC-49", PARTY_B2C, false, true, "S"},      {"DO-019-16", PARTY_ALL, true, true, "S"},
        {"UY-17250", PARTY_B2C, true, false, "K"},   {"VE", PARTY_B2C, true, false, "K"},
        {"ES", PARTY_B2C, true, false, "S"},         {"GB-CONC", PARTY_B2C, true, false, "V"},
        {"US-REGF", PARTY_B2C, false, true, "V"},    {"US-TCPA", PARTY_B2C, true, false, "K"},
        {"BR-42", PARTY_B2C, true, false, "V"},
    };
    struct ctx cx = test_ctx();
    const struct rule_pack *pack = NULL;
    int32_t chile_keeps = 0;
    assert_ok(&cx, rule_pack_load(&cx, NULL, &pack));
    assert_int_equal(pack->rule_count, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct rule *rule = find_rule(pack, rows[i].id);
        if (!rule) {
            fail_msg("%s is missing", rows[i].id);
            return;
        }
        assert_int_equal(rule->party, rows[i].party);
        assert_int_equal(rule->binds_creditor, rows[i].binds_creditor);
        assert_int_equal(rule->replaces_house, rows[i].replaces_house);
        assert_str(rule->confidence, rows[i].confidence);
        if (str_is(rule->id, "CL-37")) chile_keeps = rule->log_keep_days;
    }
    assert_int_equal(chile_keeps, 730);
    test_ctx_done(&cx);
}

static void expect_told(const struct rule *rule, const char *what, const struct rule_words *words) {
    if (words->en.n && words->es.n && words->pt.n && !str_equal(words->en, words->es) && !str_equal(words->en, words->pt)) return;
    fail_msg("%s:%d: the %s of %.*s is not told in Spanish, English and Portuguese", rule->file, rule->line, what, STR_ARG(rule->id));
}

/* Titles and sources may be a citation, which all read as the law has it; what aldia says itself is told in each language. */
static void what_a_rule_says_is_told_in_every_language(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct rule_pack *pack = NULL;
    assert_ok(&cx, rule_pack_load(&cx, NULL, &pack));
    for (size_t i = 0; i < pack->rule_count; i++) {
        const struct rule *rule = pack->rules[i];
        expect_told(rule, "note", &rule->note);
        for (size_t k = 0; k < rule->text_count; k++) expect_told(rule, "text", &rule->texts[k].text);
        assert_true(rule->title.es.n > 0 && rule->source.es.n > 0);
    }
    test_ctx_done(&cx);
}

#define HEAD "country: CO\nrules:\n  - id: X\n    party: B2C\n    channels: [all]\n    source: s\n"

static void wrong_files_are_refused_with_their_line(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *message;
    } cases[] = {
        {"no country", "rules: []\n", "t.yaml:1: country \"\" is no country"},
        {"lower case", "country: co\nrules: []\n", "t.yaml:1: country \"co\" is no country"},
        {"no rules", "country: CO\n", "t.yaml:1: rules is missing"},
        {"unknown key", HEAD "    window: 1\n", "t.yaml:7: unknown key \"window\""},
        {"unknown key of a file", "country: CO\nrules: []\nregion: X\n", "t.yaml:3: unknown key \"region\""},
        {"no party", "country: CO\nrules:\n  - id: X\n    channels: [all]\n    source: s\n",
         "t.yaml:3: party is missing"},
        {"no source", "country: CO\nrules:\n  - id: X\n    party: B2C\n    channels: [all]\n",
         "t.yaml:3: rule X has no source"},
        {"no channels", "country: CO\nrules:\n  - id: X\n    party: B2C\n    source: s\n",
         "t.yaml:3: channels is missing"},
        {"unknown channel", HEAD "    caps: [{channels: [fax], n: 1, period: day}]\n",
         "t.yaml:7: \"fax\" is no channel"},
        {"unknown day", HEAD "    windows:\n      monday: 08:00-09:00\n", "t.yaml:8: \"monday\" names no days"},
        {"days backwards", HEAD "    windows:\n      fri-mon: 08:00-09:00\n", "t.yaml:8: \"fri-mon\" names no days"},
        {"a day twice", HEAD "    windows:\n      mon-fri: 08:00-09:00\n      tue: 10:00-11:00\n",
         "t.yaml:9: tue has its windows already"},
        {"empty window", HEAD "    windows:\n      mon: 09:00-09:00\n", "t.yaml:8: \"09:00-09:00\" is no window"},
        {"over midnight", HEAD "    windows:\n      mon: 22:00-06:00\n", "t.yaml:8: \"22:00-06:00\" is no window"},
        {"hour 25", HEAD "    windows:\n      mon: 08:00-25:00\n", "t.yaml:8: \"08:00-25:00\" is no window"},
        {"windows overlap", HEAD "    windows:\n      mon: 08:00-12:00, 11:00-13:00\n",
         "t.yaml:8: window 11:00-13:00 touches or precedes the one before"},
        {"both limits", HEAD "    caps:\n      - {channels: [all], n: 1, max_channels: 1, period: day}\n",
         "t.yaml:8: a cap needs either n or max_channels"},
        {"cap of nothing", HEAD "    caps:\n      - {channels: [all], n: 0, period: day}\n",
         "t.yaml:8: n must lie between 1 and 31"},
        {"month", HEAD "    caps:\n      - {channels: [all], n: 1, period: month}\n",
         "t.yaml:8: period cannot be \"month\""},
        {"two gaps in one", HEAD "    min_gap:\n      - {channels: [all], days: 1, hours: 2}\n",
         "t.yaml:8: a gap needs just one of minutes, hours and days"},
        {"no date", HEAD "    valid_from: 2026-02-30\n", "t.yaml:7: valid_from is no date"},
        {"ends before it begins", HEAD "    valid_from: 2026-02-01\n    valid_to: 2026-01-31\n",
         "t.yaml:8: valid_to lies before valid_from"},
        {"unknown word", HEAD "    holidays: forbid\n", "t.yaml:7: holidays cannot be \"forbid\""},
        {"replaces the house by nothing", HEAD "    house_profile: replaced\n",
         "t.yaml:7: a rule without windows and caps cannot replace the house profile"},
        {"unknown recipient", HEAD "    recipients_allowed: [debtor, boss]\n", "t.yaml:7: \"boss\" is no recipient"},
        {"text without Portuguese", HEAD "    note: {es: hola, en: hello}\n", "t.yaml:7: note is missing in language pt"},
        {"text in an unknown language", HEAD "    note: {es: hola, en: hello, fr: salut}\n", "t.yaml:7: unknown key \"fr\""},
        {"text as a list", HEAD "    note: [hola]\n", "t.yaml:7: note is no text"},
        {"text without kind", HEAD "    forbidden:\n      - {text: x}\n", "t.yaml:8: kind and text are needed"},
        {"twice in force",
         HEAD "    valid_to: 2026-01-01\n  - id: X\n    party: ALL\n    channels: [all]\n    source: s\n    "
              "valid_from: 2026-01-01\n",
         "t.yaml:8: rule X stands already in t.yaml:3 and both are in force at a time"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        RuleVec rules = {0};
        const struct rule_pack *pack = NULL;
        enum rc rc = rule_file_read(&cx, str_from(cases[i].text), "t.yaml", &rules);
        if (rc == OK) rc = rule_pack_make(&cx, &rules, &pack);
        if (rc != INVALID || strcmp(cx.fault.message, cases[i].message) != 0)
            fail_msg("%s: %s %s", cases[i].name, rc_name(rc), cx.fault.message);
        test_ctx_done(&cx);
    }
}

static void write_file(struct ctx *cx, const char *folder, const char *base, const char *text) {
    assert_ok(cx, file_write(cx, arena_printf(cx->arena, "%s/%s", folder, base).p, str_from(text), 0600));
}

static void a_folder_replaces_and_adds_files(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    char folder[] = "/tmp/aldia-rules-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const struct rule_pack *pack = NULL;
    write_file(&cx, folder, "co.yaml", HEAD);
    write_file(&cx, folder, "sv.yaml",
               "country: SV\nrules:\n  - {id: SV-1, party: B2C, channels: [call], source: s, windows: {daily: "
               "'07:00-17:00'}}\n");
    write_file(&cx, folder, "notes.txt", "not ours");
    assert_ok(&cx, rule_pack_load(&cx, folder, &pack));
    assert_null(find_rule(pack, "CO-2300"));
    assert_non_null(find_rule(pack, "X"));
    assert_non_null(find_rule(pack, "SV-1"));
    assert_non_null(find_rule(pack, "PE-62"));
    write_file(&cx, folder, "sv.yaml",
               "country: SV\nrules:\n  - {id: CL-37, party: B2C, channels: [call], source: s}\n");
    assert_rc(&cx, INVALID, rule_pack_load(&cx, folder, &pack));
    assert_true(str_starts(str_from(cx.fault.message), str_from(folder)));
    assert_true(str_contains(str_from(cx.fault.message), S("sv.yaml:3: rule CL-37 stands already in rules/cl.yaml:")));
    static const char *const names[] = {"co.yaml", "sv.yaml", "notes.txt"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_int_equal(unlink(arena_printf(cx.arena, "%s/%s", folder, names[i]).p), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_ok(&cx, rule_pack_load(&cx, folder, &pack)); /* no folder: the shipped rules */
    test_ctx_done(&cx);
}

static const struct CMUnitTest contact_rules_load_tests[] = {
    cmocka_unit_test(every_row_of_the_table_is_there),
    cmocka_unit_test(what_a_rule_says_is_told_in_every_language),
    cmocka_unit_test(wrong_files_are_refused_with_their_line),
    cmocka_unit_test(a_folder_replaces_and_adds_files),
};
const struct test_suite contact_rules_load_suite = {"contact_rules_load", contact_rules_load_tests,
                                                    COUNT_OF(contact_rules_load_tests)};
