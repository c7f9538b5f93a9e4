/* What views write for a value, and that data never becomes markup. */
#include "web/helpers.h"

#include "account/actor.h"
#include "base/json_tree.h"
#include "base/test.h"
#include "core/date.h"
#include "core/locale.h"
#include "core/zone.h"

#define NB "\xc2\xa0"

static void render(struct ctx *cx, const char *country, const char *lang, const char *template, const char *json, struct buf *out) {
    const struct mustache *view;
    const struct value *data;
    Date today;
    struct page_terms terms = {.cx = cx, .lang = str_from(lang)};
    assert_ok(cx, locale_find(cx, terms.lang, str_from(country), &terms.locale));
    assert_ok(cx, zone_find(cx, S("America/Bogota"), &terms.zone));
    assert_true(date_make(2026, 11, 21, &today));
    terms.today = today.day;
    assert_ok(cx, mustache_parse(cx, str_from(template), "test", &view));
    assert_ok(cx, json_parse(cx, str_from(json), &data));
    assert_ok(cx, view_render(&terms, view, data, out));
}

static void writes_values(void **state) {
    (void)state;
    static const struct {
        const char *name, *country, *lang, *template, *json, *expected;
    } cases[] = {
        {"money of Colombia", "CO", "es", "{{money.open}}", "{\"open\":\"29675000.00\",\"currency\":\"COP\"}",
         "<span class=\"money\"><span class=\"cur\">$" NB "</span>29.675.000</span>"},
        {"the nearest currency", "CO", "es", "{{#list}}{{money.open}};{{/list}}",
         "{\"currency\":\"COP\",\"list\":[{\"open\":\"5.00\"},{\"open\":\"1234.50\",\"currency\":\"USD\"}]}",
         "<span class=\"money\"><span class=\"cur\">$" NB "</span>5</span>;<span class=\"money\"><span class=\"cur\">USD" NB
         "</span>1.234,50</span>;"},
        {"no amount", "CO", "es", "[{{money.open}}]", "{\"open\":null,\"currency\":\"COP\"}", "[]"},
        {"a date of this year", "CO", "es", "{{date.due}}", "{\"due\":\"2026-11-27\"}",
         "<time datetime=\"2026-11-27\">27 nov</time>"},
        {"a date of another", "CO", "es", "{{date.due}}", "{\"due\":\"2027-01-05\"}",
         "<time datetime=\"2027-01-05\">5 ene 2027</time>"},
        {"an instant in the company's zone", "CO", "es", "{{when.at}}", "{\"at\":\"2026-11-21T02:05:00Z\"}",
         "<time datetime=\"2026-11-21T02:05:00Z\">20 nov, 21:05</time>"},
        {"a number", "CO", "es", "{{number.n}}", "{\"n\":1234567}", "1.234.567"},
        {"a share", "CO", "es", "{{percent.s}}", "{\"s\":0.125}", "12,5" NB "%"},
        {"a hostile text as an address", "CO", "es", "/customers/{{url.code}}", "{\"code\":\"<b>&\\\"/ñ\"}",
         "/customers/%3Cb%3E%26%22%2F%C3%B1"},
        {"a hostile text as a state", "CO", "es", "{{label.state}}", "{\"state\":\"<script>\"}",
         "<span class=\"badge \">&lt;script&gt;</span>"},
        {"a hostile text as a date", "CO", "es", "[{{date.d}}{{when.d}}{{money.d}}]", "{\"d\":\"<script>\",\"currency\":\"COP\"}", "[]"},
        {"a hostile icon", "CO", "es", "[{{icon.a\"b}}]", "{}", "[]"},
        {"conditions", "CO", "es", "{{#is.state.open}}open{{/is.state.open}}{{^has.items}} none{{/has.items}}{{#has.n}} n{{/has.n}}",
         "{\"state\":\"open\",\"items\":[],\"n\":0}", "open none"},
        {"a sentence of the program", "CO", "es", "{{says.a}} {{says.b}} {{says.c}} [{{says.d}}]",
         "{\"a\":\"falta\",\"b\":\"árbol\",\"c\":\"«no tiene» <b>\",\"d\":\"\"}", "Falta Árbol «no tiene» &lt;b&gt; []"},
        {"what nobody may", "CO", "es", "[{{#may.customer_hold}}yes{{/may.customer_hold}}]", "{}", "[]"},
        {"an unknown text", "CO", "es", "[{{t.no.such.key}}]", "{}", "[]"},
        {"a text in another language", "CO", "pt", "{{t.search}}", "{}", "Buscar"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct actor nobody = actor_nobody();
        cx.who = &nobody;
        AUTO(buf_done) struct buf out = buf_make(10000);
        print_message("%s\n", cases[i].name);
        render(&cx, cases[i].country, cases[i].lang, cases[i].template, cases[i].json, &out);
        assert_str(buf_str(&out), cases[i].expected);
        test_ctx_done(&cx);
    }
}

static const struct CMUnitTest helpers_tests[] = {cmocka_unit_test(writes_values)};
const struct test_suite helpers_suite = {"helpers", helpers_tests, COUNT_OF(helpers_tests)};
