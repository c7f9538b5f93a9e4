/* What people are told of the browser a session came from. */
#include "web/agent.h"

#include "base/test.h"

static void reads(void **state) {
    (void)state;
    static const struct {
        const char *header, *browser, *system, *program;
    } cases[] = {
        {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "Linux", ""},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge", "Windows", ""},
        {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome", "Android", ""},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Safari", "iPhone", ""},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15", "Safari", "macOS", ""},
        {"curl/7.88.1", NULL, NULL, "curl"},
        {"", NULL, NULL, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct agent a = agent_read(str_from(cases[i].header));
        assert_str(str_from(a.browser), cases[i].browser ? cases[i].browser : "");
        assert_str(str_from(a.system), cases[i].system ? cases[i].system : "");
        assert_str(a.program, cases[i].program);
    }
}

static const struct CMUnitTest agent_tests[] = {cmocka_unit_test(reads)};
const struct test_suite agent_suite = {"agent", agent_tests, COUNT_OF(agent_tests)};
