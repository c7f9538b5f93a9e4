/* tzif.h against damaged files: whatever the bytes, an answer and no crash. */
#include "core/tzif.h"

#include <string.h>

#include "base/file.h"
#include "base/random.h"
#include "base/test.h"

/* A slim file as zic writes it today: no transition, only the closing rule. */
static Str slim_file(struct ctx *cx, const char *rule, int32_t offset) {
    char *file = arena_alloc(cx->arena, 256);
    size_t n = 0;
    for (int block = 0; block < 2; block++) {
        memcpy(file + n, "TZif2", 5);
        file[n + 39] = 1; /* one type */
        file[n + 43] = 4; /* of four letters */
        n += 44;
        for (int i = 0; i < 4; i++) file[n + (size_t)i] = (char)((uint32_t)offset >> (24 - 8 * i));
        memcpy(file + n + 6, "XXX", 4);
        n += 10;
    }
    size_t length = strlen(rule);
    file[n] = '\n';
    memcpy(file + n + 1, rule, length);
    file[n + 1 + length] = '\n';
    return (Str){file, n + length + 2};
}

static void closing_rules_are_rolled_out(void **state) {
    (void)state;
    static const struct {
        const char *rule;
        size_t count;          /* 0: refused */
        int64_t first, second; /* the first two changes of 1970 */
        int32_t offset;        /* after the first */
    } cases[] = {
        {"EST5", 1, 0, 0, 0},
        {"<-05>5", 1, 0, 0, 0},
        {"<+0545>-5:45", 1, 0, 0, 0},
        {"EST5EDT,M3.2.0,M11.1.0", 463, 5727600, 26287200, -14400},
        {"EST5EDT4,M3.2.0/2,M11.1.0/2:00:00", 463, 5727600, 26287200, -14400},
        {"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", 463, 7520400, 25664400, -7200},
        {"AAA0BBB,J60,J300", 463, 5104800, 25837200, 3600}, /* J60 is always the first of March */
        {"AAA0BBB,59,299", 463, 5104800, 25837200, 3600},
        {"", 1, 0, 0, 0},
        {"5", 0, 0, 0, 0},
        {"ES5", 0, 0, 0, 0},
        {"EST", 0, 0, 0, 0},
        {"<-03", 0, 0, 0, 0},
        {"EST5EDT", 0, 0, 0, 0},
        {"EST5EDT,M3.2.0", 0, 0, 0, 0},
        {"EST5EDT,M13.2.0,M11.1.0", 0, 0, 0, 0},
        {"EST5EDT,M3.0.0,M11.1.0", 0, 0, 0, 0},
        {"EST5EDT,M3.2.7,M11.1.0", 0, 0, 0, 0},
        {"EST5EDT,M3.2.0,M11.1.0x", 0, 0, 0, 0},
        {"EST999999999999", 0, 0, 0, 0},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct tz_table t = {0};
        enum rc rc = tzif_parse(&cx, slim_file(&cx, cases[i].rule, 0), "test", &t);
        if ((rc == OK) != (cases[i].count > 0) || t.count != cases[i].count)
            fail_msg("\"%s\" gave %s and %zu spans", cases[i].rule, rc_name(rc), t.count);
        if (t.count < 3) continue;
        assert_int_equal(t.items[1].start, cases[i].first);
        assert_int_equal(t.items[2].start, cases[i].second);
        assert_int_equal(t.items[1].offset, cases[i].offset);
    }
    test_ctx_done(&cx);
}

static void damaged_files_are_refused_or_read_but_never_crash(void **state) {
    (void)state;
    static const char *const paths[] = {"/usr/share/zoneinfo/America/Santiago", "/usr/share/zoneinfo/Europe/Dublin"};
    struct ctx cx = test_ctx();
    struct seeded_random r = {99};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        Str whole;
        assert_ok(&cx, file_read(&cx, paths[i], 65536, &whole));
        struct arena_mark mark = arena_mark(cx.arena);
        for (int round = 0; round < 3000; round++) {
            arena_rewind(cx.arena, mark);
            struct tz_table t;
            size_t n = round % 3 ? whole.n : (size_t)seeded_below(&r, whole.n);
            char *copy = arena_alloc(cx.arena, n + 1);
            memcpy(copy, whole.p, n);
            for (int k = 0; k < 3 && n; k++) copy[seeded_below(&r, n)] = (char)seeded_next(&r);
            (void)!tzif_parse(&cx, (Str){copy, n}, "test", &t);
        }
        arena_rewind(cx.arena, mark);
        struct tz_table t;
        assert_ok(&cx, tzif_parse(&cx, whole, "test", &t));
        assert_rc(&cx, INVALID, tzif_parse(&cx, S("TZif"), "test", &t));
        assert_rc(&cx, INVALID, tzif_parse(&cx, S(""), "test", &t));
    }
    test_ctx_done(&cx);
}

static const struct CMUnitTest tzif_tests[] = {
    cmocka_unit_test(closing_rules_are_rolled_out),
    cmocka_unit_test(damaged_files_are_refused_or_read_but_never_crash),
};
const struct test_suite tzif_suite = {"tzif", tzif_tests, COUNT_OF(tzif_tests)};
