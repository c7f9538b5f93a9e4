/* Faults in any order over kept connections, several at once: whatever the server does, what we say about a message
 * agrees with what the server kept, and nothing is kept twice. ALDIA_SEED chooses another course. */
#include "channel/smtp_peer_test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/random.h"

enum { THREADS = 4, MESSAGES = 60 };

/* What may happen to a message; %s is its address, as sender and as recipient. */
static const char *const faults[] = {
    "{\"at\":\"mail\",\"from\":\"%s\",\"do\":\"reply\",\"code\":451}",
    "{\"at\":\"mail\",\"from\":\"%s\",\"do\":\"reply\",\"code\":421,\"then\":\"drop\"}",
    "{\"at\":\"mail\",\"from\":\"%s\",\"do\":\"drop\"}",
    "{\"at\":\"mail\",\"from\":\"%s\",\"do\":\"reset\",\"times\":1}",
    "{\"at\":\"rcpt\",\"to\":\"%s\",\"do\":\"reply\",\"code\":550}",
    "{\"at\":\"rcpt\",\"to\":\"%s\",\"do\":\"slow\",\"seconds\":0.001}",
    "{\"at\":\"rcpt\",\"to\":\"%s\",\"do\":\"reset\"}",
    "{\"at\":\"data\",\"to\":\"%s\",\"do\":\"reply\",\"code\":452}",
    "{\"at\":\"data\",\"to\":\"%s\",\"do\":\"drop\"}",
    "{\"at\":\"data\",\"to\":\"%s\",\"do\":\"raw\",\"text\":\"354 go\\r\\n250 too early\\r\\n\",\"then\":\"drop\"}",
    "{\"at\":\"body\",\"to\":\"%s\",\"do\":\"drop\",\"after\":1}",
    "{\"at\":\"body\",\"to\":\"%s\",\"do\":\"reset\",\"after\":40000}",
    "{\"at\":\"body\",\"to\":\"%s\",\"do\":\"reply\",\"code\":552,\"after\":20000}",
    "{\"at\":\"body\",\"to\":\"%s\",\"do\":\"hang\",\"seconds\":0.05,\"after\":30000}",
    "{\"at\":\"dot\",\"to\":\"%s\",\"do\":\"reply\",\"code\":451}",
    "{\"at\":\"dot\",\"to\":\"%s\",\"do\":\"reply\",\"code\":554,\"then\":\"drop\"}",
    "{\"at\":\"dot\",\"to\":\"%s\",\"do\":\"drop\"}",
    "{\"at\":\"dot\",\"to\":\"%s\",\"do\":\"reset\"}",
    "{\"at\":\"dot\",\"to\":\"%s\",\"do\":\"accept-and-drop\"}",
    "{\"at\":\"dot\",\"to\":\"%s\",\"do\":\"accept-and-reset\"}",
    "{\"at\":\"dot\",\"to\":\"%s\",\"do\":\"accept-and-raw\",\"text\":\"done\\r\\n\"}",
    "{\"at\":\"dot\",\"to\":\"%s\",\"do\":\"accept-and-delay\",\"seconds\":0.02}",
    "{\"at\":\"dot\",\"to\":\"%s\",\"do\":\"reply\",\"code\":250,\"then\":\"drop\"}",
    "{\"at\":\"after-accept\",\"to\":\"%s\",\"do\":\"drop\"}",
    "{\"at\":\"after-accept\",\"to\":\"%s\",\"do\":\"reply\",\"code\":421,\"then\":\"reset\"}",
};

struct sent {
    char address[40];
    Str body;
    bool lies; /* the server says 250 before the dot: the one case in which SENT proves nothing */
    struct tee tee;
    struct handoff_result result;
};

struct sender {
    const struct smtp_config *config;
    struct sent sent[MESSAGES];
};

static Str body_of(struct ctx *cx, const char *address, size_t size) {
    struct buf b = buf_make(1 << 20);
    buf_printf(&b, "Subject: %s\r\n\r\n", address);
    while (b.n < size) buf_printf(&b, "%s%s %zu\r\n", b.n % 3 ? "" : ".", address, b.n);
    Str body = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return body;
}

static void plan(struct ctx *cx, struct seeded_random *r, struct buf *script, struct sent *m, int thread, int number) {
    snprintf(m->address, sizeof m->address, "m%d-%d@deudor.test", thread, number);
    size_t size = seeded_below(r, 4) == 0 ? seeded_below(r, 300000) : seeded_below(r, 3000);
    m->body = body_of(cx, m->address, size);
    m->tee = (struct tee){.body = m->body, .refuse = seeded_below(r, 10) == 0, .unwatched = true};
    if (seeded_below(r, 3) == 0) return;
    const char *fault = faults[seeded_below(r, COUNT_OF(faults))];
    m->lies = strstr(fault, "too early") != NULL;
    const char *hole = strstr(fault, "%s");
    buf_printf(script, "%.*s%s%s\n", (int)(hole - fault), fault, m->address, hole + 2);
}

static void *send_all(void *self) {
    struct sender *s = self;
    struct channel_connection *c = smtp_driver.open(s->config);
    for (size_t i = 0; i < MESSAGES; i++) {
        struct sent *m = &s->sent[i];
        m->result = send_one(c, &m->tee, str_from(m->address), str_from(m->address));
    }
    smtp_driver.close(c);
    return NULL;
}

static void check(struct ctx *cx, Str log, const struct sent *m) {
    char quoted[64];
    snprintf(quoted, sizeof quoted, "[\"%s\"]", m->address);
    int stored = count_lines(log, "\"stored\"", quoted);
    enum handoff_outcome outcome = m->result.outcome;
    bool maybe = outcome == HANDOFF_SENT || outcome == HANDOFF_AMBIGUOUS;
    bool wrong = stored > 1 || m->tee.called > 1 || (stored && !maybe) ||
                 (outcome == HANDOFF_SENT && !stored && !m->lies) ||
                 (m->tee.called == 0 && (maybe || outcome == HANDOFF_REFUSED)) ||
                 (m->tee.called && m->tee.refuse != (outcome == HANDOFF_REFUSED));
    if (wrong)
        fail_msg("%s: %s, ready called %d times, kept %d: %s", m->address, handoff_outcome_name(outcome), m->tee.called,
                 stored, m->result.reply);
    if (stored) check_stored_bytes(cx, log, quoted, m->body);
}

static void play(const char *const *more, struct smtp_config config) {
    struct ctx cx = test_ctx();
    const char *seed = getenv("ALDIA_SEED");
    struct seeded_random r = {seed ? strtoull(seed, NULL, 10) : 2026};
    struct peer peer = peer_start(&cx, more);
    config.port = peer.port;
    struct sender *senders = ARENA_ARRAY(cx.arena, struct sender, THREADS);
    struct buf script = buf_make(1 << 20);
    pthread_t threads[THREADS];
    for (int t = 0; t < THREADS; t++) {
        senders[t].config = &config;
        for (int i = 0; i < MESSAGES; i++) plan(&cx, &r, &script, &senders[t].sent[i], t, i);
    }
    peer_script(&cx, script.p);
    buf_done(&script);
    for (size_t t = 0; t < THREADS; t++) assert_int_equal(pthread_create(&threads[t], NULL, send_all, &senders[t]), 0);
    for (size_t t = 0; t < THREADS; t++) pthread_join(threads[t], NULL);
    pause_ms(200); /* what the server takes late, it logs late */
    Str log = peer_log(&cx);
    for (size_t t = 0; t < THREADS; t++)
        for (size_t i = 0; i < MESSAGES; i++) check(&cx, log, &senders[t].sent[i]);
    peer_stop(peer);
    test_ctx_done(&cx);
}

static void in_clear(void **state) {
    (void)state;
    play(NULL, (struct smtp_config){.host = "127.0.0.1", .timeout_s = 20});
}

static void within_tls(void **state) {
    (void)state;
    char certs[96], ca[128], certificate[128], key[128];
    peer_certificates(certs, sizeof certs);
    snprintf(ca, sizeof ca, "%s/ca.pem", certs);
    snprintf(certificate, sizeof certificate, "%s/good.pem", certs);
    snprintf(key, sizeof key, "%s/good.key", certs);
    const char *const more[] = {"--tls", "starttls", "--cert",      certificate, "--key",
                                key,     "--auth",   "ana:clave-9", NULL};
    play(more, (struct smtp_config){.host = "127.0.0.1",
                                    .security = SMTP_STARTTLS,
                                    .user = "ana",
                                    .password = "clave-9",
                                    .ca_file = ca,
                                    .timeout_s = 20});
}

static const struct CMUnitTest smtp_mix_tests[] = {
    cmocka_unit_test_setup_teardown(in_clear, peer_folder_make, peer_folder_remove),
    cmocka_unit_test_setup_teardown(within_tls, peer_folder_make, peer_folder_remove),
};

const struct test_suite smtp_mix_suite = {"smtp_mix", smtp_mix_tests, COUNT_OF(smtp_mix_tests)};
