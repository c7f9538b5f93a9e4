/* Small grammars of HTTP. */
#include "web/fields.h"

#include "base/test.h"

static void decodes(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *expected; /* NULL: refused */
        bool plus;
    } cases[] = {
        {"plain", "abc", "abc", false},          {"accents", "%C3%B1and%C3%BA", "ñandú", false},
        {"plus in a form", "a+b", "a b", true},  {"plus in a path", "a+b", "a+b", false},
        {"slash", "a%2Fb", "a/b", false},        {"broken", "%4", NULL, false},
        {"not hexadecimal", "%zz", NULL, false}, {"zero byte", "a%00b", NULL, false},
        {"not UTF-8", "%ff", NULL, false},       {"at the end", "a%41", "aA", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        Str out;
        print_message("%s\n", cases[i].name);
        assert_int_equal(url_decode(cx.arena, str_from(cases[i].text), cases[i].plus, &out), cases[i].expected != NULL);
        if (cases[i].expected) assert_str(out, cases[i].expected);
        test_ctx_done(&cx);
    }
}

static void parses_fields(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct fields f = {0};
    assert_ok(&cx, fields_parse(&cx, S("a=1&b=x%26y&empty=&flag&&a=2"), &f));
    assert_int_equal(f.count, 5);
    assert_str(fields_get(&f, "b"), "x&y");
    assert_str(fields_get(&f, "a"), "1");
    assert_str(fields_get(&f, "empty"), "");
    assert_null(fields_get(&f, "none").p);
    assert_rc(&cx, INVALID, fields_parse(&cx, S("a=%"), &f));
    assert_string_equal(cx.fault.field, "a");
    test_ctx_done(&cx);
}

static void reads_cookies(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct fields h = {0};
    fields_add(cx.arena, &h, S("cookie"), S("x=1; aldia=token; aldiab=2"));
    assert_str(cookie_get(&h, "aldia"), "token");
    assert_str(cookie_get(&h, "aldiab"), "2");
    assert_str(cookie_get(&h, "ldia"), "");
    test_ctx_done(&cx);
}

static void weighs_what_is_accepted(void **state) {
    (void)state;
    assert_true(header_accepts(S("gzip, br"), "br"));
    assert_true(header_accepts(S("GZIP;q=0.5"), "gzip"));
    assert_false(header_accepts(S("br;q=0, gzip"), "br"));
    assert_false(header_accepts(S("br;q=0.000"), "br"));
    assert_true(header_accepts(S("*"), "br"));
    assert_false(header_accepts(S("*;q=0"), "br"));
    assert_false(header_accepts(S(""), "br"));
    assert_true(accept_prefers(S("text/html,application/json;q=0.9"), "text/html", "application/json"));
    assert_false(accept_prefers(S("application/json"), "text/html", "application/json"));
    assert_false(accept_prefers(S("text/html;q=0.1, */*;q=0.5"), "text/html", "application/json"));
}

static void cuts_ranges(void **state) {
    (void)state;
    static const struct {
        const char *name, *header;
        bool given, bad;
        size_t first, last;
    } cases[] = {
        {"both ends", "bytes=2-4", true, false, 2, 4},      {"from", "bytes=7-", true, false, 7, 9},
        {"the last three", "bytes=-3", true, false, 7, 9},  {"longer than all", "bytes=-30", true, false, 0, 9},
        {"past the end", "bytes=4-99", true, false, 4, 9},  {"beyond", "bytes=10-", true, true, 10, 9},
        {"none of the last", "bytes=-0", true, true, 10, 9}, {"backwards", "bytes=5-2", false, false, 0, 0},
        {"several", "bytes=0-1,3-4", false, false, 0, 0},   {"other unit", "rows=1-2", false, false, 0, 0},
        {"nothing", "bytes=-", false, false, 0, 0},         {"words", "bytes=a-b", false, false, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t first = 0, last = 0;
        bool bad;
        print_message("%s\n", cases[i].name);
        assert_int_equal(range_parse(str_from(cases[i].header), 10, &first, &last, &bad), cases[i].given);
        if (!cases[i].given) continue;
        assert_int_equal(bad, cases[i].bad);
        if (!bad) assert_true(first == cases[i].first && last == cases[i].last);
    }
}

static void knows_its_hosts(void **state) {
    (void)state;
    static const struct {
        const char *host;
        bool good;
    } cases[] = {{"127.0.0.1", true},         {"127.0.0.1:8080", true},     {"[::1]:8080", true},
                 {"localhost", true},         {"LOCALHOST:80", true},       {"cobros.example", true},
                 {"cobros.example:443", true}, {"evil.example", false},      {"cobros.example.evil", false},
                 {"", false},                 {"[::1", false},              {"127.0.0.1.nip.example", false}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        print_message("%s\n", cases[i].host);
        assert_int_equal(host_is_ours(str_from(cases[i].host), "cobros.example"), cases[i].good);
    }
    assert_false(host_is_ours(S("cobros.example"), NULL));
    assert_true(address_in_list(S("10.0.0.1, ::1"), S("::1")));
    assert_false(address_in_list(S("10.0.0.11"), S("10.0.0.1")));
    assert_false(address_in_list(S(""), S("")));
    assert_true(address_in_list(S("10.0.0.0/8"), S("::ffff:10.2.3.4")));
}

static void believes_proxies(void **state) {
    (void)state;
    static const struct {
        const char *nearest, *first, *second, *address;
    } cases[] = {
        {"10.0.0.1", "1.2.3.4", NULL, "1.2.3.4"},
        {"10.0.0.1", NULL, NULL, "10.0.0.1"},
        {"10.0.0.1", "6.6.6.6, 1.2.3.4", NULL, "1.2.3.4"},            /* the left one came with the request */
        {"10.0.0.1", "6.6.6.6", "1.2.3.4", "1.2.3.4"},                /* a proxy that adds a line of its own */
        {"10.0.0.1", "1.2.3.4, 10.0.0.2", NULL, "1.2.3.4"},           /* two of ours */
        {"10.0.0.1", "10.0.0.9, 10.0.0.2", NULL, "10.0.0.9"},         /* somebody inside */
        {"10.0.0.1", "6.6.6.6, unknown", NULL, "10.0.0.1"},
        {"10.0.0.1", "6.6.6.6, unknown, 10.0.0.2", NULL, "10.0.0.2"},
        {"10.0.0.1", "6.6.6.6,", NULL, "10.0.0.1"},
        {"10.0.0.1", "1.2.3.4:5678", NULL, "1.2.3.4"},
        {"10.0.0.1", "[2001:db8::7]:5678", NULL, "2001:db8::7"},
        {"10.0.0.1", "2001:db8::7", NULL, "2001:db8::7"},
        {"10.0.0.1", "::ffff:1.2.3.4", NULL, "1.2.3.4"},
        {"9.9.9.9", "1.2.3.4", NULL, "9.9.9.9"},                      /* no proxy of ours */
        {"9.9.9.9", "10.0.0.1", NULL, "9.9.9.9"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct fields headers = {0};
        if (cases[i].first) fields_add(cx.arena, &headers, S("X-Forwarded-For"), str_from(cases[i].first));
        if (cases[i].second) fields_add(cx.arena, &headers, S("x-forwarded-for"), str_from(cases[i].second));
        Str got = forwarded_for(cx.arena, &headers, S("10.0.0.0/8"), str_from(cases[i].nearest));
        if (!str_is(got, cases[i].address)) fail_msg("case %zu: %.*s instead of %s", i, STR_ARG(got), cases[i].address);
        test_ctx_done(&cx);
    }
    struct ctx cx = test_ctx();
    struct fields headers = {0};
    assert_false(forwarded_by_tls(&headers));
    fields_add(cx.arena, &headers, S("X-Forwarded-Proto"), S("https"));
    assert_true(forwarded_by_tls(&headers));
    fields_add(cx.arena, &headers, S("X-Forwarded-Proto"), S("https, http"));
    assert_false(forwarded_by_tls(&headers));
    test_ctx_done(&cx);
}

static const struct CMUnitTest fields_tests[] = {
    cmocka_unit_test(believes_proxies),
    cmocka_unit_test(decodes),       cmocka_unit_test(parses_fields),           cmocka_unit_test(reads_cookies),
    cmocka_unit_test(cuts_ranges),   cmocka_unit_test(weighs_what_is_accepted), cmocka_unit_test(knows_its_hosts),
};
const struct test_suite fields_suite = {"fields", fields_tests, COUNT_OF(fields_tests)};
