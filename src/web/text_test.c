/* Texts: placeholders, plurals of the three languages, and what is not there. */
#include "web/text.h"

#include "base/embed.h"
#include "base/mustache.h"
#include "base/test.h"
#include "web/asset.h"

static void put(void *self, Str name, struct buf *out) {
    const Str *n = self;
    if (str_is(name, "n")) buf_add(out, *n);
    if (str_is(name, "money.total")) buf_add(out, S("$ 5"));
}

static void fills(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *n, *expected;
        const char *lang;
    } cases[] = {
        {"plain", "Hola", "1", "Hola", "es"},
        {"value", "{n} de {money.total}.", "7", "7 de $ 5.", "es"},
        {"one", "{n, plural, one {# factura} other {# facturas}} hoy", "1", "1 factura hoy", "es"},
        {"other", "{n, plural, one {# factura} other {# facturas}} hoy", "1.250", "1.250 facturas hoy", "es"},
        {"nought in Spanish", "{n, plural, one {una} other {#}}", "0", "0", "es"},
        {"nought in Portuguese", "{n, plural, one {# fatura} other {# faturas}}", "0", "0 fatura", "pt"},
        {"unknown", "a{x}b", "1", "ab", "en"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out = buf_make(200);
        Str n = str_from(cases[i].n);
        text_fill(str_from(cases[i].lang), str_from(cases[i].text), put, &n, &out);
        if (!str_is(buf_str(&out), cases[i].expected)) fail_msg("%s: \"%s\"", cases[i].name, out.p);
        buf_done(&out);
    }
}

static void finds(void **state) {
    (void)state;
    static const struct {
        const char *lang, *expected;
    } cases[] = {{"es", "Hoy"}, {"es-CO", "Hoy"}, {"en", "Today"}, {"pt-BR", "Hoje"}, {"fr", "Hoy"}};
    Str text;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(text_find(str_from(cases[i].lang), S("nav.today"), &text));
        assert_str(text, cases[i].expected);
    }
    assert_false(text_find(S("es"), S("nav.nowhere"), &text));
    for (size_t i = 0; i < text_row_count; i++)
        if (!text_find(S("pt"), str_from(text_rows[i].key), &text) || text.n == 0)
            fail_msg("%s cannot be found", text_rows[i].key);
}

static void assets_have_hashed_paths(void **state) {
    (void)state;
    const struct asset *css = asset_by_name(S("aldia.css"));
    assert_non_null(css);
    assert_true(str_starts(str_from(css->path), S("/assets/aldia.")));
    assert_ptr_equal(asset_by_path(str_from(css->path)), css);
    assert_true(css->plain.n > 10000 && css->gzip.n < css->plain.n);
    assert_null(asset_by_path(S("/assets/aldia.css")));
    assert_null(asset_by_name(S("other.css")));
}

static void every_view_parses(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    size_t views = 0;
    for (size_t i = 0; i < embedded_file_count; i++) {
        const struct mustache *view;
        if (!str_ends(str_from(embedded_files[i].name), S(".mustache")) || !str_starts(str_from(embedded_files[i].name), S("src/web/views/"))) continue;
        assert_ok(&cx, mustache_parse(&cx, embedded_files[i].bytes, embedded_files[i].name, &view));
        views++;
    }
    assert_true(views > 20);
    test_ctx_done(&cx);
}

static const struct CMUnitTest text_tests[] = {
    cmocka_unit_test(every_view_parses),
    cmocka_unit_test(fills),
    cmocka_unit_test(finds),
    cmocka_unit_test(assets_have_hashed_paths),
};
const struct test_suite text_suite = {"text", text_tests, COUNT_OF(text_tests)};
