/* JSON in both directions: what the tree holds, and what the parser refuses. */
#include "base/json_tree.h"

#include "base/test.h"

static void put_value(struct json_writer *w, const struct value *v) {
    switch (v->kind) {
    case VALUE_MISSING: json_null(w); break;
    case VALUE_FALSE:
    case VALUE_TRUE: json_bool(w, v->kind == VALUE_TRUE); break;
    case VALUE_TEXT:
    case VALUE_MARKUP: json_str(w, v->text); break;
    case VALUE_NUMBER: w->sink(w->self, w, JSON_NUMBER, w->key.p ? w->key : S(""), v->text); break;
    case VALUE_OBJECT:
        json_object(w);
        for (const struct value *c = v->child; c; c = c->next) {
            w->key = c->key;
            put_value(w, c);
            w->key = (Str){NULL, 0};
            w->has_items[w->depth] = true;
        }
        json_object_end(w);
        break;
    case VALUE_LIST:
        json_array(w);
        for (const struct value *c = v->child; c; c = c->next) {
            put_value(w, c);
            w->has_items[w->depth] = true;
        }
        json_array_end(w);
        break;
    }
}

static void to_buf(void *self, Str piece) { buf_add(self, piece); }

static Str written(struct ctx *cx, const struct value *v) {
    AUTO(buf_done) struct buf b = buf_make(65536);
    struct json_text text;
    json_text_init(&text, to_buf, &b);
    put_value(&text.writer, v);
    json_text_done(&text);
    return arena_str(cx->arena, buf_str(&b));
}

static void reads_and_writes(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *expected;
    } cases[] = {
        {"an object", " { \"a\" : \"x\" , \"b\" : [ 1 , -2.50 , true , false , null ] } ",
         "{\"a\":\"x\",\"b\":[1,-2.50,true,false,null]}"},
        {"money keeps its digits", "12345678901234567890.10", "12345678901234567890.10"},
        {"escapes", "\"\\u00f1\\ud83d\\ude00\\n\\\"\"", "\"ñ😀\\n\\\"\""},
        {"empty things", "{\"a\":{},\"b\":[],\"c\":\"\"}", "{\"a\":{},\"b\":[],\"c\":\"\"}"},
        {"exponent", "[1e3,0]", "[1e3,0]"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        const struct value *v;
        print_message("%s\n", cases[i].name);
        assert_ok(&cx, json_parse(&cx, str_from(cases[i].text), &v));
        assert_str(written(&cx, v), cases[i].expected);
        test_ctx_done(&cx);
    }
}

static void refuses(void **state) {
    (void)state;
    static const char *const cases[] = {
        "",        "{",       "[1,]",       "{\"a\":1,}",  "{\"a\" 1}",      "01",     "1.",       "1e",
        "\"x",     "\"\\x\"", "\"\\ud800\"", "\"a\nb\"",    "nul",            "[1] 2",  "\"\\\"",   "\xff",
        "{\"a\":1,\"a\":2}",  "-",          "\"\\ud800\\u0041\"", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        const struct value *v;
        print_message("%s\n", cases[i]);
        assert_rc(&cx, INVALID, json_parse(&cx, str_from(cases[i]), &v));
        test_ctx_done(&cx);
    }
}

static void refuses_many_members(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    AUTO(buf_done) struct buf b = buf_make(65536);
    for (int i = 0; i <= 500; i++) buf_printf(&b, "%s\"k%d\":1", i ? "," : "{", i);
    buf_add(&b, S("}"));
    const struct value *v;
    assert_rc(&cx, INVALID, json_parse(&cx, buf_str(&b), &v));
    test_ctx_done(&cx);
}

static void writer_builds_tree(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct json_tree t;
    json_tree_init(&t, cx.arena);
    struct json_writer *w = &t.writer;
    json_object(w);
    json_put_text(w, "name", "a<b");
    json_put_i64(w, "count", 0);
    json_key(w, "items");
    json_array(w);
    for (int i = 0; i < 2; i++) {
        json_object(w);
        json_put_i64(w, "n", i);
        json_put_null(w, "none");
        json_object_end(w);
    }
    json_array_end(w);
    json_put_bool(w, "last", true);
    json_object_end(w);
    assert_str(written(&cx, t.root),
               "{\"name\":\"a<b\",\"count\":0,\"items\":[{\"n\":0,\"none\":null},{\"n\":1,\"none\":null}],\"last\":true}");
    const struct mustache *template;
    AUTO(buf_done) struct buf out = buf_make(1000);
    assert_ok(&cx, mustache_parse(&cx, S("{{name}} {{^count}}zero{{/count}}{{#items}}{{n}}{{/items}}"), "t", &template));
    assert_ok(&cx, mustache_render(&cx, template, t.root, MUSTACHE_HTML, NULL, NULL, &out));
    assert_str(buf_str(&out), "a&lt;b zero01");
    test_ctx_done(&cx);
}

static bool helper(void *self, struct ctx *cx, const struct mustache_scope *scope, Str name, struct value *out) {
    (void)self;
    Str rest = name, first = str_cut(&rest, '.');
    const struct value *v = rest.p ? mustache_scope_find(scope, rest) : NULL;
    if (str_is(first, "has")) {
        out->kind = value_is_true(v) ? VALUE_TRUE : VALUE_FALSE;
        return true;
    }
    if (!str_is(first, "bold") || !v) return false;
    *out = (struct value){.kind = VALUE_MARKUP, .text = arena_printf(cx->arena, "<b>%.*s</b>", STR_ARG(v->text))};
    return true;
}

static void helpers_answer_what_data_does_not(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct value *v;
    const struct mustache *template;
    AUTO(buf_done) struct buf out = buf_make(1000);
    assert_ok(&cx, json_parse(&cx, S("{\"a\":{\"x\":\"1\"},\"bold\":\"text\",\"list\":[\"p\"]}"), &v));
    assert_ok(&cx, mustache_parse(&cx,
                                  S("{{bold.a.x}}|{{#a}}{{bold.x}}{{/a}}|{{bold.none}}|{{bold}}|{{#has.list}}yes{{/has.list}}"
                                    "|{{^has.none}}no{{/has.none}}|{{a.x}}"),
                                  "t", &template));
    assert_ok(&cx, mustache_render_with(&cx, template, v, &(struct mustache_options){.helper = helper}, &out));
    assert_str(buf_str(&out), "<b>1</b>|<b>1</b>||text|yes|no|1");
    test_ctx_done(&cx);
}

static const struct CMUnitTest json_tree_tests[] = {
    cmocka_unit_test(reads_and_writes),     cmocka_unit_test(refuses),
    cmocka_unit_test(refuses_many_members), cmocka_unit_test(writer_builds_tree),
    cmocka_unit_test(helpers_answer_what_data_does_not),
};
const struct test_suite json_tree_suite = {"json_tree", json_tree_tests, COUNT_OF(json_tree_tests)};
