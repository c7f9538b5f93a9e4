/* Paths to actions. */
#include "action/action.h"

#include <string.h>

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

static bool is_parameter(const struct action *a, Str name) {
    for (const struct param *p = a->params; p->name; p++)
        if (str_is(name, p->name)) return true;
    return false;
}

/* REQ: L2 L8: whoever writes a file says what the access log is to say; a file that is read is called as those are. */
static void what_leaves_is_declared(void **state) {
    (void)state;
    static const char *const read[] = {"file", "proof"};
    size_t writing = 0;
    for (size_t i = 0; i < action_index_count; i++) {
        const struct action *a = action_index[i];
        bool writes = false;
        for (const struct param *p = a->params; p->name; p++) {
            bool is_read = false;
            for (size_t k = 0; k < COUNT_OF(read); k++) is_read = is_read || strcmp(p->name, read[k]) == 0;
            if (p->flags & WRITTEN) assert_int_equal(p->type, P_FILE);
            if (p->type == P_FILE && !(p->flags & WRITTEN) && !is_read) fail_msg("%s --%s: read or WRITTEN?", a->verb, p->name);
            writes = writes || (p->flags & WRITTEN) != 0;
        }
        if (writes && !a->exports) fail_msg("%s writes a file and does not say of whom (exports)", a->verb);
        if (a->exports_when && (!a->exports || !a->exports[0])) fail_msg("%s: exports_when without exports", a->verb);
        for (Str rest = a->exports_when ? str_from(a->exports_when) : (Str){NULL, 0}; rest.p;)
            if (!is_parameter(a, str_cut(&rest, ' '))) fail_msg("%s: exports_when names no parameter", a->verb);
        for (Str rest = a->exports ? str_from(a->exports) : (Str){NULL, 0}; rest.p;) {
            str_cut(&rest, '{');
            if (rest.p && !is_parameter(a, str_cut(&rest, '}'))) fail_msg("%s: exports names no parameter", a->verb);
        }
        writing += writes;
    }
    assert_true(writing >= 8);
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

static const struct CMUnitTest route_tests[] = {cmocka_unit_test(finds_actions), cmocka_unit_test(declarations_hold),
                                                 cmocka_unit_test(what_leaves_is_declared)};
const struct test_suite route_suite = {"route", route_tests, COUNT_OF(route_tests)};
