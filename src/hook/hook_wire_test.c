/* The guard at the socket, addresses as typed, and the signature against figures made elsewhere. */
#include "hook/hook_wire.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/test.h"
#include "hook/hook_kind.h"

static void signs(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    /* printf '1771340400.{"a":1}' | openssl dgst -sha256 -hmac whsec_test; the same with whsec_old. */
    assert_string_equal(hook_signature(cx.arena, S("whsec_test"), (Str){NULL, 0}, (Instant){INT64_C(1771340400999)}, S("{\"a\":1}")),
                        "t=1771340400,v1=cd359c20ff05a10ee1d9ec7d88447d353169a4fd1fa1ac23a0847ffe8aba4ef5");
    assert_string_equal(hook_signature(cx.arena, S("whsec_test"), S("whsec_old"), (Instant){INT64_C(1771340400000)}, S("{\"a\":1}")),
                        "t=1771340400,v1=cd359c20ff05a10ee1d9ec7d88447d353169a4fd1fa1ac23a0847ffe8aba4ef5,v1=e4faa6bbe8ba0653e3bb6247096619ff25353d7cc0b799bbc57a0ee664ed795a");
    test_ctx_done(&cx);
}

static void checks_addresses(void **state) {
    (void)state;
    static const struct {
        const char *url, *allowed;
        bool plain, good;
    } cases[] = {
        {"https://erp.example/aldia?x=1", "", false, true},
        {"https://8.8.8.8:8443/", "", false, true},
        {"http://erp.example/", "", false, false},
        {"http://erp.example/", "", true, true},
        {"https://10.0.0.1/", "", false, false},
        {"https://10.0.0.1/", "10.0.0.0/8", false, true},
        {"https://167772161/", "", false, false},      /* 10.0.0.1 */
        {"https://0x0a.1/", "", false, false},         /* 10.0.0.1 */
        {"https://[::ffff:10.0.0.1]/", "", false, false},
        {"https://[::ffff:10.0.0.1]/", "10.0.0.0/8", false, true},
        {"https://[fe80::1%25eth0]/", "", false, false},
        {"https://u:p@erp.example/", "", false, false},
        {"https://@erp.example/", "", false, false},
        {"https://erp.example/#x", "", false, false},
        {"ftp://erp.example/", "", true, false},
        {"erp.example", "", true, false},
        {"https://erp.example\\@10.0.0.1/", "", false, false},
        {"", "", true, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct hook_rules rules = {.plain = cases[i].plain, .allowed = str_from(cases[i].allowed)};
        enum rc rc = hook_url_check(&cx, &rules, cases[i].url);
        if (rc != (cases[i].good ? OK : INVALID)) fail_msg("%s: %s (%s)", cases[i].url, rc_name(rc), cx.fault.message);
        test_ctx_done(&cx);
    }
}

/* A listening socket that nobody may reach; its port. */
static int listen_on_loopback(int *out_fd) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof at;
    struct sockaddr any;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    memcpy(&any, &at, sizeof any);
    assert_true(fd >= 0 && bind(fd, &any, sizeof at) == 0 && listen(fd, 5) == 0);
    assert_int_equal(getsockname(fd, &any, &n), 0);
    memcpy(&at, &any, sizeof at);
    *out_fd = fd;
    return ntohs(at.sin_port);
}

/* A public name that stands for a private address when it is asked: nothing is connected. */
static void refuses_rebound_names(void **state) {
    (void)state;
    static const struct {
        const char *address, *allowed;
        bool only_loopback, connects;
    } cases[] = {
        {"127.0.0.1", "", false, false},           {"[::ffff:127.0.0.1]", "", false, false},
        {"127.0.0.1", "10.0.0.0/8", false, false}, {"127.0.0.1", "127.0.0.0/8", false, true},
        {"127.0.0.1", "erp.example", false, true}, {"127.0.0.1", "127.0.0.0/8", true, true},
        {"8.8.8.8", "", true, false},              {"8.8.8.8", "erp.example", true, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        int fd, port = listen_on_loopback(&fd);
        const char *url = arena_printf(cx.arena, "https://erp.example:%d/", port).p;
        struct hook_rules rules = {.allowed = str_from(cases[i].allowed),
                                   .only_loopback = cases[i].only_loopback,
                                   .resolve = arena_printf(cx.arena, "erp.example:%d:%s", port, cases[i].address).p};
        struct hook_post post = {.url = url, .body = S("{}"), .id = "1-1-0", .event = "x", .signature = "t=1"};
        struct hook_wire *wire;
        assert_ok(&cx, hook_url_check(&cx, &rules, url)); /* the name alone tells nothing */
        assert_ok(&cx, hook_wire_open(&cx, &rules, &wire));
        hook_wire_send(wire, &post);
        int peer = -1;
        bool done = false;
        for (int n = 0; n < 100 && !done && peer < 0; n++) {
            hook_wire_work(wire, 20);
            done = hook_wire_done(wire) != NULL;
            peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
        }
        if ((peer >= 0) != cases[i].connects) fail_msg("%s, allowed \"%s\": connected %d", cases[i].address, cases[i].allowed, peer >= 0);
        if (!cases[i].connects && !(done && post.status == 0 && strstr(post.answer, "not public")))
            fail_msg("%s: done %d \"%s\"", cases[i].address, done, post.answer);
        if (peer >= 0) close(peer);
        close(fd);
        hook_wire_close(wire);
        test_ctx_done(&cx);
    }
}

static void chooses_kinds(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct actor reader = actor_console("x");
    Str list;
    assert_ok(&cx, hook_kinds_parse(&cx, (Str[]){S("payment.*, message.sent"), S("payment.recorded dispute.opened")}, 2, &list));
    assert_str(list, "payment.* message.sent dispute.opened");
    assert_true(hook_kinds_have(list, S("payment.reversed")) && hook_kinds_have(list, S("dispute.opened")));
    assert_false(hook_kinds_have(list, S("dispute.closed")) || hook_kinds_have(list, S("payments.imported")) || hook_kinds_have(list, S("payment")));
    assert_rc(&cx, INVALID, hook_kinds_parse(&cx, (Str[]){S(" , ")}, 1, &list));
    reader.capabilities = UINT64_C(1) << CAP_CUSTOMER_READ;
    actor_bind(&cx, &reader);
    assert_rc(&cx, DENIED, hook_kinds_parse(&cx, (Str[]){S("*")}, 1, &list));
    assert_ok(&cx, hook_kinds_parse(&cx, (Str[]){S("note.added")}, 1, &list));
    test_ctx_done(&cx);
}

static const struct CMUnitTest hook_tests[] = {cmocka_unit_test(signs), cmocka_unit_test(checks_addresses),
                                               cmocka_unit_test(refuses_rebound_names), cmocka_unit_test(chooses_kinds)};
const struct test_suite hook_suite = {"hook", hook_tests, COUNT_OF(hook_tests)};
