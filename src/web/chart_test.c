/* Scales, and what is drawn of rows: nothing for what nobody knows, everything escaped, the same bytes each time. */
#include "web/chart.h"

#include "base/json_tree.h"
#include "base/test.h"
#include "web/text.h"

static void an_axis_ends_where_the_figures_do(void **state) {
    (void)state;
    static const struct {
        int64_t max, step, top;
        int ticks;
    } cases[] = {
        {0, 1, 1, 1},       {1, 1, 1, 1},       {3, 1, 3, 3},           {5, 1, 5, 5},
        {6, 2, 6, 3},       {9, 2, 10, 5},      {11, 5, 15, 3},         {25, 5, 25, 5},
        {26, 10, 30, 3},    {99, 20, 100, 5},   {101, 50, 150, 3},      {230, 50, 250, 5},
        {-7, 1, 1, 1},      {1234567, 500000, 1500000, 3},
        {INT64_C(2000000000000000000), INT64_C(500000000000000000), INT64_C(2000000000000000000), 4},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct chart_scale s = chart_scale_to(cases[i].max);
        assert_int_equal(s.step, cases[i].step);
        assert_int_equal(s.top, cases[i].top);
        assert_int_equal(s.ticks, cases[i].ticks);
    }
}

static void heights_are_tenths_from_above(void **state) {
    (void)state;
    struct chart_scale s = chart_scale_to(200);
    assert_int_equal(s.top, 200);
    assert_int_equal(chart_height(&s, 0, 200), 2000);
    assert_int_equal(chart_height(&s, 200, 200), 0);
    assert_int_equal(chart_height(&s, 50, 200), 1500);
    struct chart_scale wide = chart_scale_to(INT64_C(900000000000000000));
    assert_int_equal(chart_height(&wide, INT64_C(900000000000000000), 200), 200);
}

static void labels_stand_in_the_middle_of_an_odd_number(void **state) {
    (void)state;
    static const size_t cases[][3] = {{1, 7, 1}, {7, 7, 1}, {8, 7, 3}, {13, 7, 3}, {30, 7, 5}, {12, 13, 1}, {31, 7, 5}, {365, 7, 53}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) assert_int_equal(chart_label_every(cases[i][0], cases[i][1]), cases[i][2]);
}

static void large_amounts_are_counted_in_thousands(void **state) {
    (void)state;
    static const struct {
        const char *currency;
        int64_t minor;
        int digits;
    } cases[] = {{"COP", 499900, 0}, {"COP", 500000, 3}, {"COP", 499999999, 3}, {"COP", 500000000, 6}, {"CLP", 5000, 3}, {"CLP", 4999, 0}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Currency c;
        assert_true(currency_parse(str_from(cases[i].currency), &c));
        assert_int_equal(chart_digits(cases[i].minor, c), cases[i].digits);
    }
}

static const struct chart counted = {.name = "n", .rows = "items", .series = {{"a", "c1", "figures.kept"}, {"b", "c2", "figures.broken"}}};
static const struct chart paid = {.name = "p", .rows = "items", .unit = CHART_MONEY, .series = {{"open", "fill", "figures.collected"}}};

static Str draw(struct ctx *cx, const struct chart *c, const char *json) {
    AUTO(buf_done) struct buf out = buf_make(100000);
    const struct value *rows;
    struct chart_words words = {.lang = S("es"), .title = S("Uno & <dos>"), .description = S("d")};
    assert_ok(cx, json_parse(cx, str_from(json), &rows));
    assert_ok(cx, locale_find(cx, S("es"), S("CO"), &words.locale));
    assert_true(currency_parse(S("COP"), &words.currency));
    chart_draw(c, rows, &words, cx->arena, &out);
    return arena_str(cx->arena, buf_str(&out));
}

static void bars_are_stacked_from_below(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    assert_str(draw(&cx, &counted,
                    "[{\"date\":\"2026-11-01\",\"a\":null,\"b\":null},{\"date\":\"2026-11-02\",\"a\":1,\"b\":3},"
                    "{\"date\":\"2026-11-03\",\"a\":null,\"b\":null},{\"date\":\"2026-11-04\",\"a\":2,\"b\":0,\"partial\":true}]"),
               "<div class=\"plot\"><div class=\"y\" aria-hidden=\"true\"><span>4</span><span>3</span><span>2</span><span>1</span><span>0</span></div>"
               "<svg viewBox=\"0 0 600 200\" preserveAspectRatio=\"none\" role=\"img\" aria-labelledby=\"n-t n-d\"><title id=\"n-t\">Uno &amp; "
               "&lt;dos&gt;</title><desc id=\"n-d\">d</desc><line class=\"zero\" x1=\"0\" x2=\"600\" y1=\"200\" y2=\"200\"/>"
               "<line class=\"grid\" x1=\"0\" x2=\"600\" y1=\"150\" y2=\"150\"/><line class=\"grid\" x1=\"0\" x2=\"600\" y1=\"100\" y2=\"100\"/>"
               "<line class=\"grid\" x1=\"0\" x2=\"600\" y1=\"50\" y2=\"50\"/><line class=\"grid\" x1=\"0\" x2=\"600\" y1=\"0\" y2=\"0\"/>"
               "<g><title>2 nov\nCumplidas: 1\nIncumplidas: 3</title><rect class=\"hit\" x=\"0\" y=\"0\" width=\"200\" height=\"200\"/>"
               "<rect class=\"c1\" x=\"80\" y=\"150\" width=\"40\" height=\"50\"/><rect class=\"c2\" x=\"80\" y=\"0\" width=\"40\" height=\"149\"/></g>"
               "<g class=\"part\"><title>4 nov\nCumplidas: 2</title><rect class=\"hit\" x=\"400\" y=\"0\" width=\"200\" height=\"200\"/>"
               "<rect class=\"c1\" x=\"480\" y=\"100\" width=\"40\" height=\"100\"/></g></svg>"
               "<div class=\"x few\" aria-hidden=\"true\"><span>2 nov</span><span>3 nov</span><span>4 nov</span></div></div>"
               "<ul class=\"legend\"><li><span class=\"sw c1\"></span>Cumplidas</li><li><span class=\"sw c2\"></span>Incumplidas</li>"
               "<li><span class=\"sw part c1\"></span>aún en curso</li></ul>");
    test_ctx_done(&cx);
}

static void nothing_known_is_nothing_drawn(void **state) {
    (void)state;
    static const char *const nothing[] = {"[]", "{}", "[{\"date\":\"2026-11-01\",\"a\":null,\"open\":null}]", "[{\"a\":\"x\",\"open\":\"-5\"}]", "[7]"};
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(nothing); i++) {
        assert_str(draw(&cx, &counted, nothing[i]), "");
        assert_str(draw(&cx, &paid, nothing[i]), "");
    }
    test_ctx_done(&cx);
}

static void ticks_have_the_decimals_of_their_steps(void **state) {
    (void)state;
    static const struct {
        const char *rows, *axis, *unit;
    } cases[] = {
        {"[{\"date\":\"2026-11-01\",\"open\":\"7500000.00\"}]", "<span>8</span><span>6</span><span>4</span><span>2</span><span>0</span>", "unit.millions"},
        {"[{\"date\":\"2026-11-01\",\"open\":\"9000.00\"}]", "<span>10</span><span>8</span><span>6</span><span>4</span><span>2</span><span>0</span>",
         "unit.thousands"},
        {"[{\"date\":\"2026-11-01\",\"open\":\"1.20\"}]", "<span>1,5</span><span>1,0</span><span>0,5</span><span>0,0</span>", "unit.ones"},
        {"[{\"date\":\"2026-11-01\",\"open\":\"6800000000.00\"}]", "<span>8.000</span><span>6.000</span><span>4.000</span><span>2.000</span><span>0</span>",
         "unit.millions"},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct value *rows;
        Currency cop;
        Str drawn = draw(&cx, &paid, cases[i].rows);
        Str axis = arena_printf(cx.arena, "<div class=\"plot\"><div class=\"y\" aria-hidden=\"true\">%s</div>", cases[i].axis);
        print_message("%.*s\n", (int)(drawn.n < 200 ? drawn.n : 200), drawn.p);
        assert_true(str_starts(drawn, axis));
        assert_ok(&cx, json_parse(&cx, str_from(cases[i].rows), &rows));
        assert_true(currency_parse(S("COP"), &cop));
        assert_string_equal(chart_unit_key(&paid, rows, cop), cases[i].unit);
    }
    assert_null(chart_unit_key(&counted, NULL, (Currency){0}));
    test_ctx_done(&cx);
}

/* Every chart has its words, and every series too. */
static void charts_have_words(void **state) {
    (void)state;
    static const char *const names[] = {"ageing", "collected", "contacts", "promises"};
    struct ctx cx = test_ctx();
    Str text;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct chart *c = chart_find(str_from(names[i]));
        assert_non_null(c);
        assert_true(text_find(S("es"), arena_printf(cx.arena, "chart.%s.title", names[i]), &text));
        assert_true(text_find(S("es"), arena_printf(cx.arena, "chart.%s.desc", names[i]), &text));
        for (size_t k = 0; k < CHART_SERIES_MAX && c->series[k].field; k++) assert_true(text_find(S("es"), str_from(c->series[k].text), &text));
    }
    assert_null(chart_find(S("nothing")));
    test_ctx_done(&cx);
}

static const struct CMUnitTest chart_tests[] = {
    cmocka_unit_test(an_axis_ends_where_the_figures_do),        cmocka_unit_test(heights_are_tenths_from_above),
    cmocka_unit_test(labels_stand_in_the_middle_of_an_odd_number), cmocka_unit_test(large_amounts_are_counted_in_thousands),
    cmocka_unit_test(bars_are_stacked_from_below),              cmocka_unit_test(nothing_known_is_nothing_drawn),
    cmocka_unit_test(ticks_have_the_decimals_of_their_steps),   cmocka_unit_test(charts_have_words),
};
const struct test_suite chart_suite = {"chart", chart_tests, COUNT_OF(chart_tests)};
