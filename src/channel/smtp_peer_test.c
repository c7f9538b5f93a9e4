/* See smtp_peer_test.h. */
#include "channel/smtp_peer_test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

static char folder[64], script_path[96], log_path[96];

const char *peer_folder(void) { return folder; }

/* --- the server */

pid_t peer_spawn(const char *const *argv) {
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return pid;
}

void pause_ms(int ms) { usleep((useconds_t)ms * 1000); }

Str peer_log(struct ctx *cx) {
    Str text = {0};
    if (file_exists(log_path)) assert_ok(cx, file_read(cx, log_path, 1 << 26, &text));
    return text;
}

int count_lines(Str log, const char *one, const char *other) {
    int n = 0;
    for (Str rest = log; rest.p;) {
        Str line = str_cut(&rest, '\n');
        if (str_contains(line, str_from(one)) && str_contains(line, str_from(other))) n++;
    }
    return n;
}

bool peer_log_comes_to(const char *one, const char *other, int wanted) {
    for (int waited = 0; waited < 3000; waited += 10) {
        struct ctx cx = test_ctx();
        int n = count_lines(peer_log(&cx), one, other);
        test_ctx_done(&cx);
        if (n >= wanted) return true;
        pause_ms(10);
    }
    return false;
}

void peer_script(struct ctx *cx, const char *rules) {
    assert_ok(cx, file_write(cx, script_path, str_from(rules), 0600));
}

struct peer peer_start(struct ctx *cx, const char *const *more) {
    char port_path[96];
    snprintf(port_path, sizeof port_path, "%s/port", folder);
    unlink(port_path);
    unlink(log_path);
    peer_script(cx, "");
    const char *argv[24] = {"python3",  ALDIA_SOURCE_DIR "/test/fake/smtp_peer.py", "--dir", folder, "--script",
                            script_path};
    for (size_t i = 6; more && *more; i++) argv[i] = *more++;
    struct peer peer = {.pid = peer_spawn(argv)};
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

void peer_stop(struct peer peer) {
    kill(peer.pid, SIGTERM);
    waitpid(peer.pid, NULL, 0);
}

int peer_folder_make(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/aldia-smtp-test-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(script_path, sizeof script_path, "%s/script", folder);
    snprintf(log_path, sizeof log_path, "%s/log.jsonl", folder);
    return 0;
}

int peer_folder_remove(void **state) {
    (void)state;
    const char *const argv[] = {"rm", "-rf", folder, NULL};
    waitpid(peer_spawn(argv), NULL, 0);
    return 0;
}

/* --- one message */

static bool on_ready(void *self, Str *out_body) {
    struct tee *t = self;
    t->called++;
    *out_body = t->body;
    pause_ms(t->takes_ms);
    if (t->unwatched) return !t->refuse;
    struct ctx cx = test_ctx();
    if (count_lines(peer_log(&cx), "\"data-started\"", "") <= t->data_started) t->too_early = true;
    test_ctx_done(&cx);
    return !t->refuse;
}

Str big_body(struct ctx *cx) {
    struct buf b = buf_make(1 << 25);
    buf_add(&b, S("Subject: x\r\n\r\n"));
    for (int i = 0; i < 600000; i++)
        buf_add(&b, i % 7 == 0 ? S("..\r\n") : i % 5 == 0 ? S(".\r\n") : S(".an even longer one\r\n"));
    Str body = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return body;
}

struct handoff_result send_one(struct channel_connection *c, struct tee *tee, Str from, Str to) {
    struct handoff message = {.from = from, .to = to, .ready = on_ready, .self = tee};
    struct handoff_result result;
    memset(&result, 0x5A, sizeof result);
    smtp_driver.hand_off(c, &message, &result);
    return result;
}

void check_stored_bytes(struct ctx *cx, Str log, const char *to, Str body) {
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

void peer_certificates(char *out_folder, size_t size) {
    snprintf(out_folder, size, "%s/certs", folder);
    const char *const argv[] = {"sh", ALDIA_SOURCE_DIR "/test/fake/mkcerts.sh", out_folder, NULL};
    int status = 0;
    waitpid(peer_spawn(argv), &status, 0);
    assert_int_equal(status, 0);
}
