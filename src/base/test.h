/* Unit tests: tables of cmocka cases beside their source, x_test.c for x.c.
 *
 * A file declares its suite once; tools/mkindex.py finds it and the runner (test/unit_main.c) runs them all:
 *
 *     const struct test_suite money_suite = {"money", money_tests, COUNT_OF(money_tests)};
 */
#ifndef BASE_TEST_H
#define BASE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* cmocka's `fail` would hide ours (ctx.h). */
#undef fail
#undef fail_msg
#define fail_msg(...)                                                                                                  \
    do {                                                                                                               \
        print_error("ERROR: " __VA_ARGS__);                                                                            \
        print_error("\n");                                                                                             \
        _fail(__FILE__, __LINE__);                                                                                     \
    } while (0)

#include "base/ctx.h"

struct test_suite {
    const char *name;
    const struct CMUnitTest *tests;
    size_t count;
};

extern const struct test_suite *const test_suite_index[];
extern const size_t test_suite_index_count;

/* A context with its own arena, company 1, actor "test", language "es" and now = 2026-11-21T14:00:00Z.
 * test_ctx_done frees the arena. */
struct ctx test_ctx(void);
void test_ctx_done(struct ctx *cx);

/* Stop the case with the fault's message unless `expr` is OK; or unless it fails with just this code. */
#define assert_ok(cx, expr)                                                                                            \
    do {                                                                                                               \
        enum rc assert_rc_ = (expr);                                                                                   \
        if (assert_rc_ != OK) fail_msg("%s: %s: %s", #expr, rc_name(assert_rc_), (cx)->fault.message);                 \
    } while (0)
#define assert_rc(cx, code, expr)                                                                                      \
    do {                                                                                                               \
        enum rc assert_rc_ = (expr);                                                                                   \
        if (assert_rc_ != (code))                                                                                      \
            fail_msg("%s: got %s (%s), wanted %s", #expr, rc_name(assert_rc_), (cx)->fault.message, rc_name(code));    \
    } while (0)
#define assert_str(actual, expected)                                                                                   \
    do {                                                                                                               \
        Str assert_str_ = (actual);                                                                                    \
        if (!str_is(assert_str_, (expected)))                                                                          \
            fail_msg("%s is \"%.*s\", wanted \"%s\"", #actual, STR_ARG(assert_str_), (expected));                      \
    } while (0)

#endif
