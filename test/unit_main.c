/* Runs every unit suite: `aldia-unit [SUITE…]`; closes with "N passed, N failed". */
#include <stdio.h>
#include <string.h>

#include "account/actor.h"
#include "base/test.h"

struct ctx test_ctx(void) {
    static struct actor owner;
    struct ctx cx = {
        .arena = arena_new(), .company_id = 1, .lang = "es", .lang_unsaid = true, .now = {INT64_C(1795269600000)}}; /* 2026-11-21T14:00:00Z */
    owner = actor_console("test");
    actor_bind(&cx, &owner);
    cx.actor = "test";
    return cx;
}

void test_ctx_done(struct ctx *cx) { arena_free(cx->arena); }

static int wanted(const char *name, int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0) return 1;
    return argc < 2;
}

int main(int argc, char **argv) {
    size_t cases = 0, failed = 0;
    for (size_t i = 0; i < test_suite_index_count; i++) {
        const struct test_suite *suite = test_suite_index[i];
        if (!wanted(suite->name, argc, argv)) continue;
        int bad = _cmocka_run_group_tests(suite->name, suite->tests, suite->count, NULL, NULL);
        cases += suite->count;
        failed += bad > 0 ? (size_t)bad : 0;
    }
    printf("%zu passed, %zu failed\n", cases - failed, failed);
    return failed ? 1 : 0;
}
