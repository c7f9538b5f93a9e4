/* The SMTP driver against a real server on loopback (test/fake/smtp_peer.py), stage by stage and fault by fault.
 *
 * Each case says what the server does and what must come back; the law is checked against what the server really kept:
 * never SENT unless it was stored, never anything but SENT or AMBIGUOUS when it was. */
#include "channel/smtp_peer_test.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

/* --- the table */

enum { UNREACHABLE = 1, BAD_ADDRESS = 2, REFUSES = 4, BIG = 8 };

struct smtp_case {
    const char *name, *script;
    enum handoff_outcome outcome;
    unsigned flags;
    int code, called, stored;
};

static const struct smtp_case answers[] = {
    {"all well", "", HANDOFF_SENT, 0, 250, 1, 1},
    {"all well, long", "", HANDOFF_SENT, BIG, 250, 1, 1},
    {"T refuses", "", HANDOFF_REFUSED, REFUSES, 0, 1, 0},
    {"greeting 421", "{\"at\":\"connect\",\"do\":\"reply\",\"code\":421}", HANDOFF_DEFERRED, UNREACHABLE, 421, 0, 0},
    {"greeting 554", "{\"at\":\"connect\",\"do\":\"reply\",\"code\":554}", HANDOFF_DEFERRED, UNREACHABLE, 554, 0, 0},
    {"greeting drop", "{\"at\":\"connect\",\"do\":\"drop\"}", HANDOFF_DEFERRED, UNREACHABLE, 0, 0, 0},
    {"greeting reset", "{\"at\":\"connect\",\"do\":\"reset\"}", HANDOFF_DEFERRED, UNREACHABLE, 0, 0, 0},
    {"greeting garbage", "{\"at\":\"connect\",\"do\":\"raw\",\"text\":\"SSH-2.0-x\\r\\n\"}", HANDOFF_DEFERRED,
     UNREACHABLE, 0, 0, 0},
    {"greeting slow", "{\"at\":\"connect\",\"do\":\"slow\"}", HANDOFF_SENT, 0, 250, 1, 1},
    {"EHLO 421", "{\"at\":\"ehlo\",\"do\":\"reply\",\"code\":421}", HANDOFF_DEFERRED, UNREACHABLE, 421, 0, 0},
    {"EHLO 502 then HELO", "{\"at\":\"ehlo\",\"do\":\"reply\",\"code\":502,\"times\":1}", HANDOFF_SENT, 0, 250, 1, 1},
    {"EHLO drop", "{\"at\":\"ehlo\",\"do\":\"drop\"}", HANDOFF_DEFERRED, UNREACHABLE, 0, 0, 0},
    {"EHLO split", "{\"at\":\"ehlo\",\"do\":\"split\",\"seconds\":0.1}", HANDOFF_SENT, 0, 250, 1, 1},
    {"MAIL 451", "{\"at\":\"mail\",\"do\":\"reply\",\"code\":451}", HANDOFF_DEFERRED, 0, 451, 0, 0},
    {"MAIL 421 and closes", "{\"at\":\"mail\",\"do\":\"reply\",\"code\":421,\"then\":\"drop\"}", HANDOFF_DEFERRED, 0,
     421, 0, 0},
    {"MAIL 550", "{\"at\":\"mail\",\"do\":\"reply\",\"code\":550}", HANDOFF_FAILED, 0, 550, 0, 0},
    {"MAIL 530", "{\"at\":\"mail\",\"do\":\"reply\",\"code\":530}", HANDOFF_DEFERRED, UNREACHABLE, 530, 0, 0},
    {"MAIL drop", "{\"at\":\"mail\",\"do\":\"drop\"}", HANDOFF_NOT_SENT, 0, 0, 0, 0},
    {"MAIL reset", "{\"at\":\"mail\",\"do\":\"reset\"}", HANDOFF_NOT_SENT, 0, 0, 0, 0},
    {"MAIL garbage", "{\"at\":\"mail\",\"do\":\"raw\",\"text\":\"what?\\r\\n\"}", HANDOFF_NOT_SENT, 0, 0, 0, 0},
    {"RCPT 450", "{\"at\":\"rcpt\",\"do\":\"reply\",\"code\":450}", HANDOFF_DEFERRED, 0, 450, 0, 0},
    {"RCPT 550", "{\"at\":\"rcpt\",\"do\":\"reply\",\"code\":550,\"text\":[\"5.1.1 nobody\",\"5.1.1 here\"]}",
     HANDOFF_FAILED, BAD_ADDRESS, 550, 0, 0},
    {"RCPT 251", "{\"at\":\"rcpt\",\"do\":\"reply\",\"code\":251}", HANDOFF_SENT, 0, 250, 1, 1},
    {"RCPT drop", "{\"at\":\"rcpt\",\"do\":\"drop\"}", HANDOFF_NOT_SENT, 0, 0, 0, 0},
    {"DATA 452", "{\"at\":\"data\",\"do\":\"reply\",\"code\":452}", HANDOFF_DEFERRED, 0, 452, 0, 0},
    {"DATA 554", "{\"at\":\"data\",\"do\":\"reply\",\"code\":554}", HANDOFF_FAILED, 0, 554, 0, 0},
    {"DATA 250", "{\"at\":\"data\",\"do\":\"reply\",\"code\":250}", HANDOFF_NOT_SENT, 0, 0, 0, 0},
    {"DATA drop", "{\"at\":\"data\",\"do\":\"drop\"}", HANDOFF_NOT_SENT, 0, 0, 0, 0},
    {"DATA 354 in drops", "{\"at\":\"data\",\"do\":\"slow\"}", HANDOFF_SENT, 0, 250, 1, 1},
    {"body drop", "{\"at\":\"body\",\"do\":\"drop\",\"after\":100000}", HANDOFF_NOT_SENT, BIG, 0, 1, 0},
    {"body reset", "{\"at\":\"body\",\"do\":\"reset\",\"after\":100000}", HANDOFF_NOT_SENT, BIG, 0, 1, 0},
    {"body pause", "{\"at\":\"body\",\"do\":\"hang\",\"after\":100000,\"seconds\":0.5}", HANDOFF_SENT, BIG, 250, 1, 1},
    {"body 552", "{\"at\":\"body\",\"do\":\"reply\",\"code\":552,\"after\":100000,\"times\":1}", HANDOFF_FAILED, BIG,
     552, 1, 0},
    {"body 452", "{\"at\":\"body\",\"do\":\"reply\",\"code\":452,\"after\":100000,\"times\":1}", HANDOFF_DEFERRED, BIG,
     452, 1, 0},
    {"body 250 before its end", "{\"at\":\"body\",\"do\":\"reply\",\"code\":250,\"after\":100000,\"times\":1}",
     HANDOFF_NOT_SENT, BIG, 0, 1, 0},
    {"dot 451", "{\"at\":\"dot\",\"do\":\"reply\",\"code\":451}", HANDOFF_DEFERRED, 0, 451, 1, 0},
    {"dot 421 and closes", "{\"at\":\"dot\",\"do\":\"reply\",\"code\":421,\"then\":\"drop\"}", HANDOFF_DEFERRED, 0, 421,
     1, 0},
    {"dot 554", "{\"at\":\"dot\",\"do\":\"reply\",\"code\":554,\"text\":[\"5.7.1 spam\",\"5.7.1 go away\"]}",
     HANDOFF_FAILED, 0, 554, 1, 0},
    {"dot 251", "{\"at\":\"dot\",\"do\":\"reply\",\"code\":251}", HANDOFF_SENT, 0, 251, 1, 1},
    {"dot 250 in lines", "{\"at\":\"dot\",\"do\":\"reply\",\"code\":250,\"text\":[\"a\",\"b\",\"c\"]}", HANDOFF_SENT, 0,
     250, 1, 1},
    {"dot 250 in drops", "{\"at\":\"dot\",\"do\":\"slow\"}", HANDOFF_SENT, 0, 250, 1, 1},
    {"dot 250 split", "{\"at\":\"dot\",\"do\":\"split\",\"seconds\":0.2}", HANDOFF_SENT, 0, 250, 1, 1},
    {"dot 250 late", "{\"at\":\"dot\",\"do\":\"accept-and-delay\",\"seconds\":0.6}", HANDOFF_SENT, 0, 250, 1, 1},
    {"dot 250 and closes", "{\"at\":\"dot\",\"do\":\"reply\",\"code\":250,\"then\":\"drop\"}", HANDOFF_SENT, 0, 250, 1,
     1},
    {"dot drop", "{\"at\":\"dot\",\"do\":\"drop\"}", HANDOFF_AMBIGUOUS, 0, 0, 1, 0},
    {"dot reset", "{\"at\":\"dot\",\"do\":\"reset\"}", HANDOFF_AMBIGUOUS, 0, 0, 1, 0},
    {"dot drop, kept", "{\"at\":\"dot\",\"do\":\"accept-and-drop\"}", HANDOFF_AMBIGUOUS, 0, 0, 1, 1},
    {"dot reset, kept", "{\"at\":\"dot\",\"do\":\"accept-and-reset\"}", HANDOFF_AMBIGUOUS, 0, 0, 1, 1},
    {"dot drop, kept, long", "{\"at\":\"dot\",\"do\":\"accept-and-drop\"}", HANDOFF_AMBIGUOUS, BIG, 0, 1, 1},
    {"dot garbage", "{\"at\":\"dot\",\"do\":\"raw\",\"text\":\"\\u0000\\u00ff!\\r\\n\"}", HANDOFF_AMBIGUOUS, 0, 0, 1,
     0},
    {"dot garbage, kept", "{\"at\":\"dot\",\"do\":\"accept-and-raw\",\"text\":\"OK\\r\\n\"}", HANDOFF_AMBIGUOUS, 0, 0,
     1, 1},
    {"dot garbage, then 250", "{\"at\":\"dot\",\"do\":\"accept-and-raw\",\"text\":\"x\\r\\n250 ok\\r\\n\"}",
     HANDOFF_AMBIGUOUS, 0, 0, 1, 1},
    {"dot half a line", "{\"at\":\"dot\",\"do\":\"accept-and-raw\",\"text\":\"250\",\"then\":\"drop\"}",
     HANDOFF_AMBIGUOUS, 0, 0, 1, 1},
    {"dot half a reply", "{\"at\":\"dot\",\"do\":\"accept-and-raw\",\"text\":\"250-ok\\r\\n\",\"then\":\"drop\"}",
     HANDOFF_AMBIGUOUS, 0, 0, 1, 1},
    {"dot 250 and 550", "{\"at\":\"dot\",\"do\":\"accept-and-raw\",\"text\":\"250-ok\\r\\n550 no\\r\\n\"}",
     HANDOFF_AMBIGUOUS, 0, 0, 1, 1},
    {"dot 354", "{\"at\":\"dot\",\"do\":\"accept-and-raw\",\"text\":\"354 again\\r\\n\"}", HANDOFF_AMBIGUOUS, 0, 0, 1,
     1},
    {"dot 950", "{\"at\":\"dot\",\"do\":\"accept-and-raw\",\"text\":\"950 so?\\r\\n\"}", HANDOFF_AMBIGUOUS, 0, 0, 1, 1},
};

/* Each takes the whole waiting time; run side by side. Matched by sender or recipient. */
static const struct smtp_case silences[] = {
    {"MAIL", "{\"at\":\"mail\",\"from\":\"silence0@*\",\"do\":\"hang\"}", HANDOFF_NOT_SENT, 0, 0, 0, 0},
    {"RCPT", "{\"at\":\"rcpt\",\"to\":\"silence1@*\",\"do\":\"hang\"}", HANDOFF_NOT_SENT, 0, 0, 0, 0},
    {"DATA", "{\"at\":\"data\",\"to\":\"silence2@*\",\"do\":\"hang\"}", HANDOFF_NOT_SENT, 0, 0, 0, 0},
    {"body", "{\"at\":\"body\",\"to\":\"silence3@*\",\"do\":\"hang\",\"after\":100000}", HANDOFF_NOT_SENT, BIG, 0, 1,
     0},
    {"dot", "{\"at\":\"dot\",\"to\":\"silence4@*\",\"do\":\"hang\"}", HANDOFF_AMBIGUOUS, 0, 0, 1, 0},
    {"dot, kept", "{\"at\":\"dot\",\"to\":\"silence5@*\",\"do\":\"accept-and-hang\"}", HANDOFF_AMBIGUOUS, 0, 0, 1, 1},
    {"dot, drops that never end", "{\"at\":\"dot\",\"to\":\"silence6@*\",\"do\":\"slow\",\"seconds\":0.6}",
     HANDOFF_AMBIGUOUS, 0, 0, 1, 1},
    {"QUIT after 550", "{\"at\":\"rcpt\",\"to\":\"silence7@*\",\"do\":\"reply\",\"code\":550,\"then\":\"hang\"}",
     HANDOFF_FAILED, BAD_ADDRESS, 550, 0, 0},
    {"dot, half a line",
     "{\"at\":\"dot\",\"to\":\"silence8@*\",\"do\":\"accept-and-raw\",\"text\":\"250 o\",\"then\":\"hang\"}",
     HANDOFF_AMBIGUOUS, 0, 0, 1, 1},
};

static void check_case(const struct smtp_case *want, const struct handoff_result *got, const struct tee *tee,
                       int stored) {
    /* The law first, whatever the table says. */
    if (got->outcome == HANDOFF_SENT && !stored) fail_msg("%s: sent, but the server kept nothing", want->name);
    if (stored && got->outcome != HANDOFF_SENT && got->outcome != HANDOFF_AMBIGUOUS)
        fail_msg("%s: %s, but the server kept it", want->name, handoff_outcome_name(got->outcome));
    if (tee->too_early) fail_msg("%s: ready was called before the 354", want->name);
    if (got->outcome != want->outcome || got->code != want->code || got->unreachable != !!(want->flags & UNREACHABLE) ||
        got->bad_address != !!(want->flags & BAD_ADDRESS))
        fail_msg("%s: got %s, code %d, unreachable %d, bad address %d: %s", want->name,
                 handoff_outcome_name(got->outcome), got->code, got->unreachable, got->bad_address, got->reply);
    if (tee->called != want->called) fail_msg("%s: ready was called %d times", want->name, tee->called);
    if (stored != want->stored) fail_msg("%s: the server kept %d", want->name, stored);
    if (!got->reply[0]) fail_msg("%s: no explanation", want->name);
}

static void outcomes_follow_the_dialogue(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct peer peer = peer_start(&cx, NULL);
    struct smtp_config config = {.host = "127.0.0.1", .port = peer.port, .timeout_s = 5, .helo = "acreedor.test"};
    struct channel_connection *kept_open = smtp_driver.open(&config);
    Str big = big_body(&cx);
    struct arena_mark mark = arena_mark(cx.arena);
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        const struct smtp_case *want = &answers[i];
        char to[64];
        snprintf(to, sizeof to, "case%zu@deudor.test", i);
        peer_script(&cx, want->script);
        struct tee tee = {.body = want->flags & BIG ? big : SMALL,
                          .refuse = want->flags & REFUSES,
                          .data_started = count_lines(peer_log(&cx), "\"data-started\"", "")};
        struct channel_connection *c = smtp_driver.open(&config);
        struct handoff_result got = send_one(c, &tee, S("cobros@acreedor.test"), str_from(to));
        Str log = peer_log(&cx);
        int stored = count_lines(log, "\"stored\"", to);
        check_case(want, &got, &tee, stored);
        if (stored) check_stored_bytes(&cx, log, to, tee.body);
        if (want->outcome == HANDOFF_REFUSED) assert_true(peer_log_comes_to("\"cut\"", "\"bytes\": 0,", 1));
        /* Whatever happened, the same connection object serves the next message. */
        peer_script(&cx, "");
        struct tee next = {.body = SMALL};
        struct handoff_result after = send_one(c, &next, S("cobros@acreedor.test"), S("next@deudor.test"));
        if (after.outcome != HANDOFF_SENT || next.called != 1) fail_msg("after %s: %s", want->name, after.reply);
        smtp_driver.close(c);
        arena_rewind(cx.arena, mark);
    }
    smtp_driver.close(kept_open); /* never used: closing it is nothing */
    peer_stop(peer);
    test_ctx_done(&cx);
}

struct silent_send {
    const struct smtp_config *config;
    size_t number;
    struct tee tee;
    struct handoff_result result;
    int64_t took_ms;
};

static void *send_into_silence(void *self) {
    struct silent_send *s = self;
    char address[64];
    snprintf(address, sizeof address, "silence%zu@deudor.test", s->number);
    struct channel_connection *c = smtp_driver.open(s->config);
    int64_t start = clock_monotonic_ms();
    s->result = send_one(c, &s->tee, str_from(address), str_from(address));
    s->took_ms = clock_monotonic_ms() - start;
    smtp_driver.close(c);
    return NULL;
}

static void every_wait_ends(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct peer peer = peer_start(&cx, NULL);
    struct smtp_config config = {.host = "127.0.0.1", .port = peer.port, .timeout_s = 2};
    struct buf script = buf_make(1 << 16);
    struct silent_send sends[COUNT_OF(silences)];
    pthread_t threads[COUNT_OF(silences)];
    Str big = big_body(&cx);
    for (size_t i = 0; i < COUNT_OF(silences); i++) buf_printf(&script, "%s\n", silences[i].script);
    peer_script(&cx, script.p);
    buf_done(&script);
    for (size_t i = 0; i < COUNT_OF(silences); i++) {
        sends[i] = (struct silent_send){&config, i, {.body = silences[i].flags & BIG ? big : SMALL}, {0}, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, send_into_silence, &sends[i]), 0);
    }
    for (size_t i = 0; i < COUNT_OF(silences); i++) pthread_join(threads[i], NULL);
    Str log = peer_log(&cx);
    for (size_t i = 0; i < COUNT_OF(silences); i++) {
        char to[64];
        snprintf(to, sizeof to, "silence%zu@", i);
        check_case(&silences[i], &sends[i].result, &sends[i].tee, count_lines(log, "\"stored\"", to));
        if (sends[i].took_ms < 2000 || sends[i].took_ms > 6500)
            fail_msg("silence at %s took %lld ms", silences[i].name, (long long)sends[i].took_ms);
    }
    peer_stop(peer);
    test_ctx_done(&cx);
}

static void silence_before_ehlo_ends_too(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct peer peer = peer_start(&cx, NULL);
    struct smtp_config config = {.host = "127.0.0.1", .port = peer.port, .timeout_s = 1};
    static const char *const scripts[] = {"{\"at\":\"connect\",\"do\":\"hang\"}", "{\"at\":\"ehlo\",\"do\":\"hang\"}",
                                          "{\"at\":\"quit\",\"do\":\"hang\"}"};
    for (size_t i = 0; i < COUNT_OF(scripts); i++) {
        peer_script(&cx, scripts[i]);
        struct channel_connection *c = smtp_driver.open(&config);
        struct tee tee = {.body = SMALL};
        int64_t start = clock_monotonic_ms();
        struct handoff_result got = send_one(c, &tee, S("a@b.test"), S("c@d.test"));
        bool reached = i == 2;
        assert_int_equal(got.outcome, reached ? HANDOFF_SENT : HANDOFF_DEFERRED);
        assert_int_equal(got.unreachable, !reached);
        assert_int_equal(tee.called, reached);
        /* A server that does not answer QUIT does not hold up closing. */
        smtp_driver.close(c);
        assert_in_range(clock_monotonic_ms() - start, reached ? 0 : 1000, reached ? 900 : 3500);
    }
    peer_stop(peer);
    test_ctx_done(&cx);
}

static void nobody_listens(void **state) {
    (void)state;
    struct smtp_config config = {.host = "127.0.0.1", .port = 1, .timeout_s = 2};
    struct channel_connection *c = smtp_driver.open(&config);
    struct tee tee = {.body = SMALL};
    struct handoff_result got = send_one(c, &tee, S("a@b.test"), S("c@d.test"));
    assert_int_equal(got.outcome, HANDOFF_DEFERRED);
    assert_true(got.unreachable);
    assert_int_equal(tee.called, 0);
    assert_true(got.reply[0]);
    smtp_driver.close(c);
}

/* --- the connection is kept, and replaced when it has gone */

static void one_connection_serves_many(void **state) {
    (void)state;
    static const struct {
        const char *name, *script;
        int connections, pause_ms; /* connections: 0 = any */
    } cases[] = {
        {"kept", "", 1, 0},
        {"dropped when idle", "{\"at\":\"after-accept\",\"do\":\"drop\"}", 0, 20},
        {"dropped at once", "{\"at\":\"after-accept\",\"do\":\"drop\"}", 0, 0},
        {"reset when idle", "{\"at\":\"after-accept\",\"do\":\"reset\"}", 0, 20},
        {"reset at once", "{\"at\":\"after-accept\",\"do\":\"reset\"}", 0, 0},
        {"421 when idle", "{\"at\":\"after-accept\",\"do\":\"reply\",\"code\":421,\"then\":\"drop\"}", 0, 20},
        {"421 at once", "{\"at\":\"after-accept\",\"do\":\"reply\",\"code\":421,\"then\":\"drop\"}", 0, 0},
        {"421 for MAIL", "{\"at\":\"mail\",\"do\":\"reply\",\"code\":421,\"then\":\"drop\",\"skip\":1,\"times\":1}", 2,
         0},
        {"gone at MAIL", "{\"at\":\"mail\",\"do\":\"drop\",\"skip\":1,\"times\":1}", 2, 0},
    };
    struct ctx cx = test_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct peer peer = peer_start(&cx, NULL);
        struct smtp_config config = {.host = "127.0.0.1", .port = peer.port, .timeout_s = 3};
        struct channel_connection *c = smtp_driver.open(&config);
        peer_script(&cx, cases[i].script);
        enum { MESSAGES = 8 };
        for (int m = 0; m < MESSAGES; m++) {
            struct tee tee = {.body = SMALL, .data_started = m};
            struct handoff_result got = send_one(c, &tee, S("a@b.test"), S("c@d.test"));
            if (got.outcome != HANDOFF_SENT || tee.called != 1 || tee.too_early)
                fail_msg("%s: message %d: %s, ready %d times: %s", cases[i].name, m, handoff_outcome_name(got.outcome),
                         tee.called, got.reply);
            pause_ms(cases[i].pause_ms);
        }
        smtp_driver.close(c);
        Str log = peer_log(&cx);
        assert_int_equal(count_lines(log, "\"stored\"", ""), MESSAGES);
        if (cases[i].connections) assert_int_equal(count_lines(log, "\"connected\"", ""), cases[i].connections);
        peer_stop(peer);
    }
    test_ctx_done(&cx);
}

/* --- what is refused without asking the server */

static void local_refusals(void **state) {
    (void)state;
    struct smtp_config config = {.host = "192.0.2.1", .port = 25, .user = "ana", .password = "clave-9", .timeout_s = 1};
    struct channel_connection *c = smtp_driver.open(&config);
    struct tee tee = {.body = SMALL};
    struct handoff_result got = send_one(c, &tee, S("a@b.test"), S("c@d.test"));
    assert_int_equal(got.outcome, HANDOFF_DEFERRED);
    assert_true(got.unreachable);
    assert_non_null(strstr(got.reply, "unencrypted"));
    smtp_driver.close(c);

    static const Str bad[] = {
        {"", 0}, {"c@d.test\r\nDATA", 14}, {"c@d.test> SIZE=1", 16}, {"a b@d.test", 10}, {"c\0@d.test", 9}};
    config.user = NULL;
    c = smtp_driver.open(&config);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        got = send_one(c, &tee, S("a@b.test"), bad[i]);
        assert_int_equal(got.outcome, HANDOFF_FAILED);
        assert_true(got.bad_address);
        if (i == 0) continue;
        got = send_one(c, &tee, bad[i], S("c@d.test"));
        assert_int_equal(got.outcome, HANDOFF_DEFERRED);
        assert_true(got.unreachable);
    }
    assert_int_equal(tee.called, 0);
    smtp_driver.close(c);
}

static void loopback_is_told_from_the_rest(void **state) {
    (void)state;
    static const char *const yes[] = {"127.0.0.1", "127.255.1.2", "::1", "[::1]", "localhost", "LOCALHOST"};
    static const char *const no[] = {"",        "128.0.0.1", "mail.test", "127.0.0.1.mail.test", "localhost.mail.test",
                                     "0.0.0.0", "127.1x",    "::2"};
    for (size_t i = 0; i < COUNT_OF(yes); i++) assert_true(smtp_is_loopback(yes[i]));
    for (size_t i = 0; i < COUNT_OF(no); i++) assert_false(smtp_is_loopback(no[i]));
}

static const struct CMUnitTest smtp_tests[] = {
    cmocka_unit_test_setup_teardown(outcomes_follow_the_dialogue, peer_folder_make, peer_folder_remove),
    cmocka_unit_test_setup_teardown(every_wait_ends, peer_folder_make, peer_folder_remove),
    cmocka_unit_test_setup_teardown(silence_before_ehlo_ends_too, peer_folder_make, peer_folder_remove),
    cmocka_unit_test(nobody_listens),
    cmocka_unit_test_setup_teardown(one_connection_serves_many, peer_folder_make, peer_folder_remove),
    cmocka_unit_test(local_refusals),
    cmocka_unit_test(loopback_is_told_from_the_rest),
};

const struct test_suite smtp_suite = {"smtp", smtp_tests, COUNT_OF(smtp_tests)};
