/* The SMTP driver against a real server on loopback (test/fake/smtp_peer.py), stage by stage and fault by fault.
 *
 * Each case says what the server does and what must come back; the law is checked against what the server really kept:
 * never SENT unless it was stored, never anything but SENT or AMBIGUOUS when it was. */
#include "base/test.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "channel/smtp.h"

static char folder[64], script_path[96], log_path[96];

/* --- the server */

struct peer {
    pid_t pid;
    int port;
};

static pid_t spawn(const char *const *argv) {
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return pid;
}

static void pause_ms(int ms) { usleep((useconds_t)ms * 1000); }

static Str read_log(struct ctx *cx) {
    Str text = {0};
    if (file_exists(log_path)) assert_ok(cx, file_read(cx, log_path, 1 << 26, &text));
    return text;
}

/* Lines that hold both texts. */
static int count_lines(Str log, const char *one, const char *other) {
    int n = 0;
    for (Str rest = log; rest.p;) {
        Str line = str_cut(&rest, '\n');
        if (str_contains(line, str_from(one)) && str_contains(line, str_from(other))) n++;
    }
    return n;
}

/* Waits for a line that the server writes on its own. */
static bool log_comes_to(const char *one, const char *other, int wanted) {
    for (int waited = 0; waited < 3000; waited += 10) {
        struct ctx cx = test_ctx();
        int n = count_lines(read_log(&cx), one, other);
        test_ctx_done(&cx);
        if (n >= wanted) return true;
        pause_ms(10);
    }
    return false;
}

static void set_script(struct ctx *cx, const char *rules) {
    assert_ok(cx, file_write(cx, script_path, str_from(rules), 0600));
}

/* `more`: further arguments, NULL-terminated. */
static struct peer peer_start(struct ctx *cx, const char *const *more) {
    char port_path[96];
    snprintf(port_path, sizeof port_path, "%s/port", folder);
    unlink(port_path);
    unlink(log_path);
    set_script(cx, "");
    const char *argv[24] = {"python3",  ALDIA_SOURCE_DIR "/test/fake/smtp_peer.py", "--dir", folder, "--script",
                            script_path};
    for (size_t i = 6; more && *more; i++) argv[i] = *more++;
    struct peer peer = {.pid = spawn(argv)};
    for (int waited = 0; !file_exists(port_path); waited += 10) {
        if (waited > 20000) fail_msg("the SMTP peer did not start");
        pause_ms(10);
    }
    Str text;
    int64_t port = 0;
    assert_ok(cx, file_read(cx, port_path, 64, &text));
    assert_true(str_to_i64(str_trim(text), &port));
    peer.port = (int)port;
    return peer;
}

static void peer_stop(struct peer peer) {
    kill(peer.pid, SIGTERM);
    waitpid(peer.pid, NULL, 0);
}

static int make_folder(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/aldia-smtp-test-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(script_path, sizeof script_path, "%s/script", folder);
    snprintf(log_path, sizeof log_path, "%s/log.jsonl", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    const char *const argv[] = {"rm", "-rf", folder, NULL};
    waitpid(spawn(argv), NULL, 0);
    return 0;
}

/* --- one message */

struct tee {
    Str body;
    bool refuse, too_early;
    int called, data_started; /* 354s in the log before */
};

static bool on_ready(void *self, Str *out_body) {
    struct tee *t = self;
    struct ctx cx = test_ctx();
    t->called++;
    if (count_lines(read_log(&cx), "\"data-started\"", "") <= t->data_started) t->too_early = true;
    test_ctx_done(&cx);
    if (t->refuse) return false;
    *out_body = t->body;
    return true;
}

#define SMALL S("Subject: x\r\n\r\n.one\r\n..two\r\n\r\n.\r\nlast\r\n")

/* Far more than socket buffers hold, full of dots at line starts, with every alignment to libcurl's buffer. */
static Str big_body(struct ctx *cx) {
    struct buf b = buf_make(1 << 25);
    buf_add(&b, S("Subject: x\r\n\r\n"));
    for (int i = 0; i < 600000; i++)
        buf_add(&b, i % 7 == 0 ? S("..\r\n") : i % 5 == 0 ? S(".\r\n") : S(".an even longer one\r\n"));
    Str body = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return body;
}

static struct handoff_result send_one(struct channel_connection *c, struct tee *tee, Str from, Str to) {
    struct handoff message = {.from = from, .to = to, .ready = on_ready, .self = tee};
    struct handoff_result result;
    memset(&result, 0x5A, sizeof result);
    smtp_driver.hand_off(c, &message, &result);
    return result;
}

static void check_stored_bytes(struct ctx *cx, Str log, const char *to, Str body) {
    Str file = {0};
    for (Str rest = log; rest.p;) {
        Str line = str_cut(&rest, '\n');
        if (!str_contains(line, S("\"stored\"")) || !str_contains(line, str_from(to))) continue;
        const char *at = memmem(line.p, line.n, "\"file\": \"", 9);
        file = (Str){at + 9, 10};
    }
    char path[128];
    Str kept;
    snprintf(path, sizeof path, "%s/%.*s", folder, STR_ARG(file));
    assert_ok(cx, file_read(cx, path, 1 << 26, &kept));
    assert_int_equal(kept.n, body.n);
    assert_memory_equal(kept.p, body.p, body.n);
}

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
        set_script(&cx, want->script);
        struct tee tee = {.body = want->flags & BIG ? big : SMALL,
                          .refuse = want->flags & REFUSES,
                          .data_started = count_lines(read_log(&cx), "\"data-started\"", "")};
        struct channel_connection *c = smtp_driver.open(&config);
        struct handoff_result got = send_one(c, &tee, S("cobros@acreedor.test"), str_from(to));
        Str log = read_log(&cx);
        int stored = count_lines(log, "\"stored\"", to);
        check_case(want, &got, &tee, stored);
        if (stored) check_stored_bytes(&cx, log, to, tee.body);
        if (want->outcome == HANDOFF_REFUSED) assert_true(log_comes_to("\"cut\"", "\"bytes\": 0,", 1));
        /* Whatever happened, the same connection object serves the next message. */
        set_script(&cx, "");
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
    set_script(&cx, script.p);
    buf_done(&script);
    for (size_t i = 0; i < COUNT_OF(silences); i++) {
        sends[i] = (struct silent_send){&config, i, {.body = silences[i].flags & BIG ? big : SMALL}, {0}, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, send_into_silence, &sends[i]), 0);
    }
    for (size_t i = 0; i < COUNT_OF(silences); i++) pthread_join(threads[i], NULL);
    Str log = read_log(&cx);
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
        set_script(&cx, scripts[i]);
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
        set_script(&cx, cases[i].script);
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
        Str log = read_log(&cx);
        assert_int_equal(count_lines(log, "\"stored\"", ""), MESSAGES);
        if (cases[i].connections) assert_int_equal(count_lines(log, "\"connected\"", ""), cases[i].connections);
        peer_stop(peer);
    }
    test_ctx_done(&cx);
}

/* --- TLS and authentication */

static void make_certificates(char *out_folder, size_t size) {
    snprintf(out_folder, size, "%s/certs", folder);
    const char *const argv[] = {"sh", ALDIA_SOURCE_DIR "/test/fake/mkcerts.sh", out_folder, NULL};
    int status = 0;
    waitpid(spawn(argv), &status, 0);
    assert_int_equal(status, 0);
}

struct tls_case {
    const char *name;
    const char *server_tls, *certificate, *ca, *server_auth, *without, *mechanisms, *script;
    enum smtp_security security;
    const char *host, *user, *password;
    enum handoff_outcome outcome;
};

static const struct tls_case tls_cases[] = {
    {"STARTTLS", "starttls", "good", "ca", NULL, NULL, NULL, "", SMTP_STARTTLS, "localhost", NULL, NULL, HANDOFF_SENT},
    {"STARTTLS by address", "starttls", "good", "ca", NULL, NULL, NULL, "", SMTP_STARTTLS, "127.0.0.1", NULL, NULL,
     HANDOFF_SENT},
    {"TLS", "tls", "good", "ca", NULL, NULL, NULL, "", SMTP_TLS, "localhost", NULL, NULL, HANDOFF_SENT},
    {"STARTTLS and PLAIN", "starttls", "good", "ca", "ana:clave-9", NULL, "PLAIN", "", SMTP_STARTTLS, "localhost",
     "ana", "clave-9", HANDOFF_SENT},
    {"TLS and LOGIN", "tls", "good", "ca", "ana:clave-9", NULL, "LOGIN", "", SMTP_TLS, "localhost", "ana", "clave-9",
     HANDOFF_SENT},
    {"LOGIN in clear on loopback", NULL, NULL, NULL, "ana:clave-9", NULL, "LOGIN", "", SMTP_PLAIN, "127.0.0.1", "ana",
     "clave-9", HANDOFF_SENT},
    {"wrong password", "starttls", "good", "ca", "ana:other", NULL, NULL, "", SMTP_STARTTLS, "localhost", "ana",
     "clave-9", HANDOFF_DEFERRED},
    {"password repeated by the server", "starttls", "good", "ca", "ana:other", NULL, NULL,
     "{\"at\":\"auth\",\"do\":\"reply\",\"code\":535,\"text\":\"clave-9 AGFuYQBjbGF2ZS05 is wrong\"}", SMTP_STARTTLS,
     "localhost", "ana", "clave-9", HANDOFF_DEFERRED},
    {"AUTH 454", "starttls", "good", "ca", "ana:clave-9", NULL, NULL, "{\"at\":\"auth\",\"do\":\"reply\",\"code\":454}",
     SMTP_STARTTLS, "localhost", "ana", "clave-9", HANDOFF_DEFERRED},
    {"AUTH not offered", "starttls", "good", "ca", NULL, NULL, NULL, "", SMTP_STARTTLS, "localhost", "ana", "clave-9",
     HANDOFF_DEFERRED},
    {"no mechanism in common", "starttls", "good", "ca", "ana:clave-9", NULL, "X-OWN", "", SMTP_STARTTLS, "localhost",
     "ana", "clave-9", HANDOFF_DEFERRED},
    {"AUTH wanted, none configured", "starttls", "good", "ca", "ana:clave-9", NULL, NULL, "", SMTP_STARTTLS,
     "localhost", NULL, NULL, HANDOFF_DEFERRED},
    {"STARTTLS not offered", NULL, NULL, "ca", "ana:clave-9", NULL, NULL, "", SMTP_STARTTLS, "localhost", "ana",
     "clave-9", HANDOFF_DEFERRED},
    {"STARTTLS refused", "starttls", "good", "ca", NULL, NULL, NULL,
     "{\"at\":\"starttls\",\"do\":\"reply\",\"code\":454}", SMTP_STARTTLS, "localhost", NULL, NULL, HANDOFF_DEFERRED},
    {"STARTTLS with more in clear", "starttls", "good", "ca", NULL, NULL, NULL,
     "{\"at\":\"starttls\",\"do\":\"raw\",\"text\":\"220 go\\r\\n250 injected\\r\\n\"}", SMTP_STARTTLS, "localhost",
     NULL, NULL, HANDOFF_DEFERRED},
    {"STARTTLS drop", "starttls", "good", "ca", NULL, NULL, NULL, "{\"at\":\"starttls\",\"do\":\"drop\"}",
     SMTP_STARTTLS, "localhost", NULL, NULL, HANDOFF_DEFERRED},
    {"expired", "starttls", "expired", "ca", "ana:clave-9", NULL, NULL, "", SMTP_STARTTLS, "localhost", "ana",
     "clave-9", HANDOFF_DEFERRED},
    {"another host's", "tls", "wrong-host", "ca", "ana:clave-9", NULL, NULL, "", SMTP_TLS, "localhost", "ana",
     "clave-9", HANDOFF_DEFERRED},
    {"unknown authority", "tls", "good", "other-ca", "ana:clave-9", NULL, NULL, "", SMTP_TLS, "localhost", "ana",
     "clave-9", HANDOFF_DEFERRED},
    {"the system's authorities", "starttls", "good", NULL, NULL, NULL, NULL, "", SMTP_STARTTLS, "localhost", NULL, NULL,
     HANDOFF_DEFERRED},
    {"TLS to a server without", NULL, NULL, "ca", NULL, NULL, NULL, "", SMTP_TLS, "localhost", NULL, NULL,
     HANDOFF_DEFERRED},
    {"kept and dropped under TLS", "tls", "good", "ca", NULL, NULL, NULL, "{\"at\":\"dot\",\"do\":\"accept-and-drop\"}",
     SMTP_TLS, "localhost", NULL, NULL, HANDOFF_AMBIGUOUS},
    {"dropped at DATA under TLS", "tls", "good", "ca", NULL, NULL, NULL, "{\"at\":\"data\",\"do\":\"drop\"}", SMTP_TLS,
     "localhost", NULL, NULL, HANDOFF_NOT_SENT},
};

static void run_tls_case(struct ctx *cx, const char *certs, const struct tls_case *t) {
    char certificate[128], key[128], ca[128];
    const char *arguments[16] = {0};
    size_t n = 0;
    snprintf(certificate, sizeof certificate, "%s/%s.pem", certs, t->certificate ? t->certificate : "");
    snprintf(key, sizeof key, "%s/%s.key", certs, t->certificate ? t->certificate : "");
    snprintf(ca, sizeof ca, "%s/%s.pem", certs, t->ca ? t->ca : "");
    const char *const options[][2] = {{"--tls", t->server_tls},
                                      {"--cert", t->server_tls ? certificate : NULL},
                                      {"--key", t->server_tls ? key : NULL},
                                      {"--auth", t->server_auth},
                                      {"--without", t->without},
                                      {"--mechanisms", t->mechanisms}};
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        if (!options[i][1]) continue;
        arguments[n++] = options[i][0];
        arguments[n++] = options[i][1];
    }
    struct peer peer = peer_start(cx, arguments);
    set_script(cx, t->script);
    struct smtp_config config = {.host = t->host,
                                 .port = peer.port,
                                 .security = t->security,
                                 .user = t->user,
                                 .password = t->password,
                                 .ca_file = t->ca ? ca : NULL,
                                 .timeout_s = 3};
    struct channel_connection *c = smtp_driver.open(&config);
    for (int m = 0; m < 2; m++) {
        struct tee tee = {.body = SMALL};
        struct handoff_result got = send_one(c, &tee, S("a@b.test"), S("c@d.test"));
        bool early = t->outcome == HANDOFF_DEFERRED;
        if (got.outcome != t->outcome || got.unreachable != early)
            fail_msg("%s: %s, unreachable %d: %s", t->name, handoff_outcome_name(got.outcome), got.unreachable,
                     got.reply);
        assert_int_equal(tee.called, t->outcome == HANDOFF_SENT || t->outcome == HANDOFF_AMBIGUOUS);
        if (t->password && (strstr(got.reply, t->password) || strstr(got.reply, "AGFuYQBjbGF2ZS05")))
            fail_msg("%s: a secret in \"%s\"", t->name, got.reply);
    }
    smtp_driver.close(c);
    Str log = read_log(cx);
    assert_int_equal(count_lines(log, "\"stored\"", "") > 0,
                     t->outcome == HANDOFF_SENT || t->outcome == HANDOFF_AMBIGUOUS);
    if (t->outcome == HANDOFF_SENT) {
        assert_int_equal(count_lines(log, "\"connected\"", ""), 1);
        if (t->user) assert_int_equal(count_lines(log, "\"auth\"", "\"ok\": true"), 1);
    }
    /* Nothing but EHLO and STARTTLS in clear when encryption was asked for. */
    if (t->security != SMTP_PLAIN) {
        assert_int_equal(count_lines(log, "\"auth\"", "\"tls\": false"), 0);
        if (!t->server_tls) assert_int_equal(count_lines(log, "\"mail\"", ""), 0);
    }
    peer_stop(peer);
}

static void encryption_and_passwords(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    char certs[96];
    make_certificates(certs, sizeof certs);
    for (size_t i = 0; i < COUNT_OF(tls_cases); i++) run_tls_case(&cx, certs, &tls_cases[i]);
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
    cmocka_unit_test_setup_teardown(outcomes_follow_the_dialogue, make_folder, remove_folder),
    cmocka_unit_test_setup_teardown(every_wait_ends, make_folder, remove_folder),
    cmocka_unit_test_setup_teardown(silence_before_ehlo_ends_too, make_folder, remove_folder),
    cmocka_unit_test(nobody_listens),
    cmocka_unit_test_setup_teardown(one_connection_serves_many, make_folder, remove_folder),
    cmocka_unit_test_setup_teardown(encryption_and_passwords, make_folder, remove_folder),
    cmocka_unit_test(local_refusals),
    cmocka_unit_test(loopback_is_told_from_the_rest),
};

const struct test_suite smtp_suite = {"smtp", smtp_tests, COUNT_OF(smtp_tests)};
