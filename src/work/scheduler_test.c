/* When a round is due. */
#include "work/scheduler.h"

#include "base/test.h"

static void knows_when(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int32_t minute;
        int last_day; /* before today; -1: never */
        int64_t since_ms, ready;
        bool due;
    } cases[] = {
        {"before the hour", 539, 1, 86400000, 5, false},  {"the first of the day", 540, 1, 86400000, 0, true},
        {"missed in the morning", 900, 1, 86400000, 0, true}, {"never before", 600, -1, 0, 0, true},
        {"done, nothing waits", 700, 0, 3600000, 0, false}, {"done, something waits", 700, 0, 3600000, 3, true},
        {"done just now", 700, 0, 60000, 3, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Date today = {20000};
        Instant now = {1800000000000};
        struct round_question q = {.minute = cases[i].minute, .run_minute = 540, .today = today, .now = now, .ready = cases[i].ready};
        q.last_day = cases[i].last_day < 0 ? DATE_NONE : date_add(today, -cases[i].last_day);
        q.last = cases[i].last_day < 0 ? INSTANT_NONE : (Instant){now.ms - cases[i].since_ms};
        print_message("%s\n", cases[i].name);
        assert_int_equal(round_is_due(&q), cases[i].due);
    }
}

static const struct CMUnitTest scheduler_tests[] = {cmocka_unit_test(knows_when)};
const struct test_suite scheduler_suite = {"scheduler", scheduler_tests, COUNT_OF(scheduler_tests)};
