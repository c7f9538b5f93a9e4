/* Which text is taken: the chain of docs/ref/messages.md, over a library made for it. */
#include "base/test.h"

#include "message/library.h"

/* One letter a text tells the reader which file it was. */
static const struct {
    const char *path, *text;
} texts[] = {
    {"es/visit/friendly-a.txt", "Asunto: x\nTítulo: x\nVista previa: x\n\neverybody"},
    {"es/visit/friendly-b.txt", "Asunto: x\nTítulo: x\nVista previa: x\n\neverybody b"},
    {"es/visit/friendly-a.CL.txt", "Asunto: x\nTítulo: x\nVista previa: x\n\nChile"},
    {"es/visit/friendly-a.tourism.txt", "Asunto: x\nTítulo: x\nVista previa: x\n\ntourism"},
    {"es/visit/friendly-a.risky.txt", "Asunto: x\nTítulo: x\nVista previa: x\n\nrisky"},
    {"es/visit/friendly-a.tourism.risky.txt", "Asunto: x\nTítulo: x\nVista previa: x\n\ntourism risky"},
    {"es/visit/friendly-c.CL.txt", "Asunto: x\nTítulo: x\nVista previa: x\n\nChile c"},
    {"es/visit/firm-a.txt", "Asunto: x\nTítulo: x\nVista previa: x\n\nfirm"},
    {"es/visit/sms-concern-a.txt", "sms"},
    {"es/any/letter-friendly-a.txt", "Asunto: x\n\nany letter"},
    {"pt/visit/friendly-a.txt", "Assunto: x\nTítulo: x\nPrévia: x\n\nportuguese"},
};

static const struct message_library *load_texts(struct ctx *cx) {
    struct library_text own[COUNT_OF(texts)];
    const struct message_library *l = NULL;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        own[i] = (struct library_text){str_from(texts[i].path), str_from(texts[i].text)};
    assert_ok(cx, message_library_load(cx, NULL, own, COUNT_OF(own), &l));
    return l;
}

static const struct wording *find(struct ctx *cx, const struct message_library *l, const char *language,
                                  enum message_form form, enum tone tone, const char *variant, const char *country,
                                  const char *sector, const char *profile) {
    const struct message_language *found = library_language(l, str_from(language), S("visit"));
    struct audience reader = audience_of(str_from(country), str_from(sector), str_from(profile), false);
    (void)cx;
    return found ? library_wording(found, S("visit"), form, tone, str_from(variant), &reader) : NULL;
}

static void the_narrowest_text_that_fits_is_taken(void **state) {
    (void)state;
    static const struct {
        const char *name, *language;
        enum message_form form;
        enum tone tone;
        const char *variant, *country, *sector, *profile, *path;
    } cases[] = {
        {"everybody", "es", FORM_EMAIL, TONE_FRIENDLY, "a", "CO", "", "", "es/visit/friendly-a.txt"},
        {"country", "es", FORM_EMAIL, TONE_FRIENDLY, "a", "CL", "", "", "es/visit/friendly-a.CL.txt"},
        {"sector", "es", FORM_EMAIL, TONE_FRIENDLY, "a", "CO", "tourism", "", "es/visit/friendly-a.tourism.txt"},
        {"sector in Spanish", "es", FORM_EMAIL, TONE_FRIENDLY, "a", "CO", "Turismo", "",
         "es/visit/friendly-a.tourism.txt"},
        {"profile", "es", FORM_EMAIL, TONE_FRIENDLY, "a", "CO", "", "riesgoso", "es/visit/friendly-a.risky.txt"},
        {"sector and profile", "es", FORM_EMAIL, TONE_FRIENDLY, "a", "CO", "tourism", "risky",
         "es/visit/friendly-a.tourism.risky.txt"},
        {"country before sector", "es", FORM_EMAIL, TONE_FRIENDLY, "a", "CL", "tourism", "risky",
         "es/visit/friendly-a.CL.txt"},
        {"variant first", "es", FORM_EMAIL, TONE_FRIENDLY, "b", "CL", "tourism", "", "es/visit/friendly-b.txt"},
        {"not for this country", "es", FORM_EMAIL, TONE_FRIENDLY, "c", "CO", "", "", "es/visit/friendly-a.txt"},
        {"unknown variant", "es", FORM_EMAIL, TONE_FRIENDLY, "z", "CO", "", "", "es/visit/friendly-a.txt"},
        {"another sector", "es", FORM_EMAIL, TONE_FRIENDLY, "a", "CO", "seguros", "", "es/visit/friendly-a.txt"},
        {"tone", "es", FORM_EMAIL, TONE_FIRM, "a", "CL", "tourism", "", "es/visit/firm-a.txt"},
        {"milder when missing", "es", FORM_EMAIL, TONE_CONCERN, "a", "CO", "", "", "es/visit/friendly-a.txt"},
        {"the mildest when none is milder", "es", FORM_SMS, TONE_FRIENDLY, "a", "CO", "", "",
         "es/visit/sms-concern-a.txt"},
        {"any kind", "es", FORM_LETTER, TONE_FIRM, "a", "CO", "", "", "es/any/letter-friendly-a.txt"},
        {"language", "pt", FORM_EMAIL, TONE_FIRM, "a", "CL", "", "", "pt/visit/friendly-a.txt"},
        {"language with region", "pt-BR", FORM_EMAIL, TONE_FIRM, "a", "CL", "", "", "pt/visit/friendly-a.txt"},
        {"missing language", "fr", FORM_EMAIL, TONE_FRIENDLY, "a", "CO", "", "", "es/visit/friendly-a.txt"},
    };
    struct ctx cx = test_ctx();
    const struct message_library *l = load_texts(&cx);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct wording *w = find(&cx, l, cases[i].language, cases[i].form, cases[i].tone, cases[i].variant,
                                       cases[i].country, cases[i].sector, cases[i].profile);
        if (!w || !str_is(w->path, cases[i].path))
            fail_msg("%s: %.*s", cases[i].name, w ? (int)w->path.n : 4, w ? w->path.p : "none");
    }
    assert_str(find(&cx, l, "es", FORM_WHATSAPP, TONE_FIRM, "a", "CO", "", "")->path, "es/any/whatsapp-friendly-a.txt");
    assert_null(library_language(l, S("es"), S("nothing")));
    test_ctx_done(&cx);
}

static void a_reader_takes_turns_among_what_fits(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct message_library *l = load_texts(&cx);
    struct wording_query query = {
        .language = S("es"), .kind = S("visit"), .country = S("CL"), .sector = S("Turismo"), .profile = S("")};
    Str variants[4];
    assert_int_equal(message_variants(l, &query, variants, 4), 3);
    assert_str(variants[2], "c");
    query.country = S("CO");
    assert_int_equal(message_variants(l, &query, variants, 4), 2);
    query.kind = S("nothing");
    assert_int_equal(message_variants(l, &query, variants, 4), 0);
    test_ctx_done(&cx);
}

/* REQ: D6. */
static void a_company_text_stands_before_shipped_ones(void **state) {
    (void)state;
    static const char plain[] = "Asunto: propio\nTítulo: propio\nVista previa: propio\n\n{{>saludo}} propio";
    const struct library_text own[] = {{S("es/claim/firm-a.txt"), str_from(plain)},
                                       {S("es/claim/firm-own.txt"), str_from(plain)},
                                       {S("es/phrases.txt"), S("saludo: Hola:\n[CL]\nsaludo: Hola, Chile:")}};
    struct ctx cx = test_ctx();
    const struct message_library *l;
    assert_ok(&cx, message_library_load(&cx, NULL, own, COUNT_OF(own), &l));
    const struct message_language *es = library_language(l, S("es"), S("claim"));
    static const char *const sectors[] = {"", "tourism", "construction"};
    for (size_t i = 0; i < COUNT_OF(sectors); i++) {
        struct audience reader = {.sector = str_from(sectors[i])};
        const struct wording *w = library_wording(es, S("claim"), FORM_EMAIL, TONE_FIRM, S("a"), &reader);
        assert_int_equal(w->layer, LAYER_COMPANY);
    }
    struct wording_query query = {.language = S("es"), .kind = S("claim"), .tone = TONE_FIRM};
    Str variants[8];
    size_t count = message_variants(l, &query, variants, 8);
    assert_str(variants[count - 1], "own");
    test_ctx_done(&cx);
}

static void mistakes_name_file_line_and_remedy(void **state) {
    (void)state;
    static const struct {
        const char *path, *text, *complaint;
    } cases[] = {
        {"es/claim/angry-a.txt", "x", "not the name of a wording"},
        {"es/claim/email-firm-a.txt", "x", "not the name of a wording"},
        {"es/claim/firm-a.mars.txt", "x", "not the name of a wording"},
        {"es/claim/sms-firm-z.txt", "", "at least one paragraph"},
        {"es/claim/letter-firm-z.txt", "Título: x\n\nx", "not a part of a message"},
        {"es/claim/letter-firm-z.txt", "\nx", "a part is missing: Asunto"},
        {"es/claim/firm-z.txt", "Asunto: x\nTítulo: x\nVista previa: x\nDiseño: loud\n\nx", "no such layout"},
        {"es/claim/whatsapp-firm-z.txt", "1: a\n\n{{1}} x", "cannot begin or end"},
        {"es/claim/whatsapp-firm-z.txt", "1: a\n\nx {{1}}", "cannot begin or end"},
        {"es/claim/whatsapp-firm-z.txt", "1: a\n\nx {{2}} y", "numbered parameters only"},
        {"es/claim/whatsapp-firm-z.txt", "1: a\n\nx {{open}} y", "numbered parameters only"},
        {"es/claim/whatsapp-firm-z.txt", "2: a\n\nx {{2}} y", "out of order"},
        {"es/claim/whatsapp-firm-z.txt", "1: a\n\nx y", "never used"},
        {"es/claim/whatsapp-firm-z.txt", "1: {{nothing}}\n\nx {{1}} y", "no such field"},
        {"es/terms.txt", "[Mars]\nx: y", "no such reader"},
        {"es/phrases.txt", "[CL]\nsaludo: {{nothing}}", "no such field"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        const struct message_library *l;
        const struct library_text own = {str_from(cases[i].path), str_from(cases[i].text)};
        assert_rc(&cx, INVALID, message_library_load(&cx, NULL, &own, 1, &l));
        if (!str_contains(str_from(cx.fault.message), str_from(cases[i].complaint)))
            fail_msg("%s \"%s\": %s", cases[i].path, cases[i].text, cx.fault.message);
        test_ctx_done(&cx);
    }
}

static void the_shipped_library_is_sound(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct message_library *l;
    assert_ok(&cx, message_library_load(&cx, NULL, NULL, 0, &l));
    assert_ok(&cx, message_library_check(&cx, l));
    test_ctx_done(&cx);
}

static const struct CMUnitTest library_tests[] = {
    cmocka_unit_test(the_narrowest_text_that_fits_is_taken),
    cmocka_unit_test(a_reader_takes_turns_among_what_fits),
    cmocka_unit_test(a_company_text_stands_before_shipped_ones),
    cmocka_unit_test(mistakes_name_file_line_and_remedy),
    cmocka_unit_test(the_shipped_library_is_sound),
};
const struct test_suite library_suite = {"library", library_tests, COUNT_OF(library_tests)};
