/* Paths to actions. */
#include "action/action.h"

#include "base/test.h"

static void finds_actions(void **state) {
    (void)state;
    static const struct {
        const char *method, *path, *verb; /* NULL: none */
        unsigned methods;
    } cases[] = {
        {"GET", "/customers", "customer list", 1},         {"GET", "/customers/C1", "customer show", 1},
        {"POST", "/customers/import", "customer import", 3}, {"POST", "/customers/C1/hold", "customer hold", 2},
        {"DELETE", "/customers", NULL, 1},                 {"GET", "/none", NULL, 0},
        {"GET", "/customers/", NULL, 0},                   {"GET", "", NULL, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct path_match match;
        print_message("%s %s\n", cases[i].method, cases[i].path);
        const struct action *a = action_route(str_from(cases[i].method), str_from(cases[i].path), &match);
        assert_int_equal(a != NULL, cases[i].verb != NULL);
        if (a) assert_string_equal(a->verb, cases[i].verb);
        assert_int_equal(match.methods & cases[i].methods, cases[i].methods);
    }
}

/* Every declaration can be called: names in its path are parameters, its pages exist, forms lead somewhere. */
static void declarations_hold(void **state) {
    (void)state;
    for (size_t i = 0; i < action_index_count; i++) {
        const struct action *a = action_index[i];
        print_message("%s\n", a->verb);
        assert_true(a->needs != CAP_UNDECLARED && a->summary && a->params && a->run);
        for (size_t k = 0; k < i; k++)
            if (a->path && action_index[k]->path) assert_string_not_equal(a->path, action_index[k]->path);
        for (Str rest = str_from(a->path); a->path && rest.p;) {
            str_cut(&rest, '{');
            if (!rest.p) break;
            Str name = str_cut(&rest, '}');
            const struct param *p = a->params;
            while (p->name && !str_is(name, p->name)) p++;
            assert_non_null(p->name);
        }
        if (a->form) {
            const struct action *page = action_find(str_from(a->form));
            assert_true(page && page->path && str_starts(str_from(page->path), S("GET ")));
        }
    }
}

static const struct CMUnitTest route_tests[] = {cmocka_unit_test(finds_actions), cmocka_unit_test(declarations_hold)};
const struct test_suite route_suite = {"route", route_tests, COUNT_OF(route_tests)};
