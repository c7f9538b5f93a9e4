/* The shipped library has no finding; each text of the bad corpus has just the one in its first line. */
#include "message/linter.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/test.h"

static void print_findings(const struct lint_words *words, const struct lint_findings *f) {
    for (size_t i = 0; i < f->count; i++) {
        const struct lint_finding *x = &f->items[i];
        print_error("%.*s:%d: %s: \"%.*s\" %.*s%.*s (%.*s)\n", STR_ARG(x->file), x->line, lint_checks[x->check].id,
                    STR_ARG(x->quoted), STR_ARG(x->rule), STR_ARG(x->detail),
                    STR_ARG(lint_found(words, "es", x->check)));
    }
}

static const struct message_library *shipped(struct ctx *cx) {
    const struct message_library *library = NULL;
    assert_ok(cx, message_library_load(cx, NULL, NULL, 0, &library));
    return library;
}

/* What the house and the countries forbid and require, as rules/ has it; the strategies' suite reads the files. */
static const Str no_pago[] = {{"motivo de no pago", 18}};
static const struct lint_rule rules[] = {
    {.id = {"CO-2300", 7}, .kind = {"question", 8}, .phrases = no_pago, .phrase_count = 1},
    {.id = {"CO-2300", 7}, .kind = {"opt_out", 7}, .required = true},
};

static void the_shipped_library_has_no_finding(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct lint_words *words = NULL;
    assert_ok(&cx, lint_words_load(&cx, &words));
    const struct message_library *library = shipped(&cx);
    struct lint_source *sources = ARENA_ARRAY(cx.arena, struct lint_source, embedded_file_count);
    struct lint_findings findings = {0};
    size_t count = 0;
    for (size_t i = 0; i < embedded_file_count; i++) {
        Str name = str_from(embedded_files[i].name);
        if (!str_starts(name, S("messages/")) || str_is(name, "messages/styles.txt")) continue;
        sources[count] = (struct lint_source){.path = {name.p + 9, name.n - 9},
                                              .file = embedded_files[i].name,
                                              .text = embedded_files[i].bytes,
                                              .country = S("CO"),
                                              .rules = rules,
                                              .rule_count = COUNT_OF(rules)};
        lint_text(&cx, words, library, &sources[count++], &findings);
    }
    lint_variants(&cx, sources, count, &findings);
    assert_true(count > 30);
    print_findings(words, &findings);
    assert_int_equal(findings.count, 0);
    test_ctx_done(&cx);
}

#define CORPUS ALDIA_SOURCE_DIR "/test/golden/lint"

/* "# path: es/claim/firm-a.txt", "# finds: court 7": what a file of the corpus says of itself. */
static Str note(Str text, const char *key) {
    for (Str rest = text; rest.p;) {
        Str line = str_cut(&rest, '\n'), value = line;
        if (!str_starts(line, S("# "))) break;
        Str name = str_trim((Str){line.p + 2, str_cut(&value, ':').n - 2});
        if (str_is(name, key)) return str_trim(value);
    }
    return S("");
}

static void each_bad_text_has_just_its_finding(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct lint_words *words = NULL;
    assert_ok(&cx, lint_words_load(&cx, &words));
    const struct message_library *library = shipped(&cx);
    bool seen[LINT_CHECKS] = {false};
    struct dirent **entries = NULL;
    int count = scandir(CORPUS, &entries, NULL, alphasort);
    assert_true(count > 0);
    struct lint_source *sources = ARENA_ARRAY(cx.arena, struct lint_source, (size_t)count);
    size_t n = 0, wrong = 0;
    for (int i = 0; i < count; i++) {
        Str name = arena_str(cx.arena, str_from(entries[i]->d_name)), text;
        free(entries[i]);
        if (!str_ends(name, S(".txt")) && !str_ends(name, S(".html"))) continue;
        const char *path = arena_printf(cx.arena, "%s/%.*s", CORPUS, STR_ARG(name)).p;
        assert_ok(&cx, file_read(&cx, path, 1 << 20, &text));
        bool has_rules = note(text, "country").n > 0;
        sources[n] = (struct lint_source){.path = note(text, "path"),
                                          .file = name.p,
                                          .text = text,
                                          .country = note(text, "country"),
                                          .rules = rules,
                                          .rule_count = has_rules ? COUNT_OF(rules) : 0};
        struct lint_findings findings = {0};
        lint_text(&cx, words, library, &sources[n++], &findings);
        Str line = note(text, "finds"), id = str_cut(&line, ' ');
        int64_t wanted = 0;
        assert_true(str_to_i64(str_trim(line), &wanted));
        if (str_is(id, "variant-alike")) continue; /* below, together */
        bool right = findings.count == 1 && str_is(id, lint_checks[findings.items[0].check].id) &&
                     findings.items[0].line == wanted;
        if (findings.count) seen[findings.items[0].check] = true;
        if (right) continue;
        print_error("%.*s should have just %.*s in line %d:\n", STR_ARG(name), STR_ARG(id), (int)wanted);
        print_findings(words, &findings);
        wrong++;
    }
    free(entries);
    struct lint_findings alike = {0};
    lint_variants(&cx, sources, n, &alike);
    for (size_t i = 0; i < alike.count; i++)
        if (strcmp(alike.items[i].file.p, "variant-alike-b.txt") == 0) seen[LINT_VARIANT_ALIKE] = true;
    for (int i = 0; i < LINT_CHECKS; i++)
        if (!seen[i]) {
            print_error("no text of the corpus has %s\n", lint_checks[i].id);
            wrong++;
        }
    assert_int_equal(wrong, 0);
    test_ctx_done(&cx);
}

static void everything_is_explained_in_three_languages(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct lint_words *words = NULL;
    assert_ok(&cx, lint_words_load(&cx, &words));
    static const char *const languages[] = {"es", "en", "pt"};
    for (int check = 0; check < LINT_CHECKS; check++)
        for (size_t i = 0; i < COUNT_OF(languages); i++) {
            Str found = lint_found(words, languages[i], (enum lint_check)check);
            Str remedy = lint_remedy(words, languages[i], (enum lint_check)check);
            assert_true(found.n > 5 && remedy.n > 10 && !str_ends(found, S(".")) && !str_equal(found, remedy));
            for (size_t k = 0; k < i; k++)
                assert_false(str_equal(found, lint_found(words, languages[k], (enum lint_check)check)));
        }
    test_ctx_done(&cx);
}

static void the_reference_page_is_current(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct lint_words *words = NULL;
    assert_ok(&cx, lint_words_load(&cx, &words));
    struct buf page = buf_make(100000);
    lint_document(words, &page);
    const char *path = ALDIA_SOURCE_DIR "/docs/ref/linter.md", *accept = getenv("ACCEPT");
    if (accept && strcmp(accept, "1") == 0) assert_ok(&cx, file_write(&cx, path, buf_str(&page), 0644));
    Str kept = S("");
    assert_ok(&cx, file_read(&cx, path, 100000, &kept));
    if (!str_equal(kept, buf_str(&page))) fail_msg("%s is not what the table says; write it with ACCEPT=1", path);
    buf_done(&page);
    test_ctx_done(&cx);
}

static const struct CMUnitTest linter_tests[] = {
    cmocka_unit_test(the_reference_page_is_current),
    cmocka_unit_test(the_shipped_library_has_no_finding),
    cmocka_unit_test(each_bad_text_has_just_its_finding),
    cmocka_unit_test(everything_is_explained_in_three_languages),
};
const struct test_suite linter_suite = {"linter", linter_tests, COUNT_OF(linter_tests)};
