/* TLS, STARTTLS and AUTH against the scriptable server: nothing secret in clear, no certificate taken that should not
 * be. */
#include "channel/smtp_peer_test.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "channel/smtp_check.h"

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

/* What a check says of a server and what a message then meets are the same. */
static void check_before(const struct smtp_config *config, const struct tls_case *t) {
    struct smtp_check check;
    smtp_check_run(config, S("a@b.test"), 5, &check);
    bool wanted = t->outcome != HANDOFF_DEFERRED; /* what goes wrong at the body is beyond a check */
    if (check.good != wanted) fail_msg("%s: good %d at %s: %s", t->name, check.good, check.stage, check.reply);
    if (check.good && t->user) assert_true(check.authenticated);
    if (check.good) assert_int_equal(check.encrypted, t->security != SMTP_PLAIN);
    if (!check.good) assert_true(check.reply[0]);
    if (t->password && (strstr(check.reply, t->password) || strstr(check.reply, "AGFuYQBjbGF2ZS05")))
        fail_msg("%s: a secret in \"%s\"", t->name, check.reply);
}

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
    peer_script(cx, t->script);
    struct smtp_config config = {.host = t->host,
                                 .port = peer.port,
                                 .security = t->security,
                                 .user = t->user,
                                 .password = t->password,
                                 .ca_file = t->ca ? ca : NULL,
                                 .timeout_s = 3};
    struct channel_connection *c = smtp_driver.open(&config);
    check_before(&config, t);
    Str before = peer_log(cx);
    int connected = count_lines(before, "\"connected\"", ""), signed_in = count_lines(before, "\"auth\"", "\"ok\": true");
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
    Str log = peer_log(cx);
    assert_int_equal(count_lines(log, "\"stored\"", "") > 0,
                     t->outcome == HANDOFF_SENT || t->outcome == HANDOFF_AMBIGUOUS);
    if (t->outcome == HANDOFF_SENT) {
        assert_int_equal(count_lines(log, "\"connected\"", ""), connected + 1);
        if (t->user) assert_int_equal(count_lines(log, "\"auth\"", "\"ok\": true"), signed_in + 1);
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
    peer_certificates(certs, sizeof certs);
    for (size_t i = 0; i < COUNT_OF(tls_cases); i++) run_tls_case(&cx, certs, &tls_cases[i]);
    test_ctx_done(&cx);
}

/* The dot is kept back when the server has gone meanwhile, so that nothing is left in doubt. */
static void server_leaves_during_t(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    char certs[96], ca[128], certificate[128], key[128];
    peer_certificates(certs, sizeof certs);
    snprintf(ca, sizeof ca, "%s/ca.pem", certs);
    snprintf(certificate, sizeof certificate, "%s/good.pem", certs);
    snprintf(key, sizeof key, "%s/good.key", certs);
    static const char *const leaves[] = {"drop", "reset"};
    for (size_t i = 0; i < 4; i++) {
        bool tls = i >= 2;
        const char *const more[] = {"--tls", "tls", "--cert", certificate, "--key", key, NULL};
        struct peer peer = peer_start(&cx, tls ? more : NULL);
        struct buf script = buf_make(256);
        buf_printf(&script, "{\"at\":\"data\",\"do\":\"reply\",\"code\":354,\"then\":\"%s\"}", leaves[i % 2]);
        peer_script(&cx, script.p);
        buf_done(&script);
        struct smtp_config config = {.host = "127.0.0.1",
                                     .port = peer.port,
                                     .security = tls ? SMTP_TLS : SMTP_PLAIN,
                                     .ca_file = tls ? ca : NULL,
                                     .timeout_s = 5};
        struct channel_connection *c = smtp_driver.open(&config);
        struct tee tee = {.body = SMALL, .takes_ms = 200};
        struct handoff_result got = send_one(c, &tee, S("a@b.test"), S("c@d.test"));
        if (got.outcome != HANDOFF_NOT_SENT || tee.called > 1)
            fail_msg("%s, TLS %d: %s: %s", leaves[i % 2], tls, handoff_outcome_name(got.outcome), got.reply);
        smtp_driver.close(c);
        peer_stop(peer);
    }
    test_ctx_done(&cx);
}

static const struct CMUnitTest smtp_tls_tests[] = {
    cmocka_unit_test_setup_teardown(encryption_and_passwords, peer_folder_make, peer_folder_remove),
    cmocka_unit_test_setup_teardown(server_leaves_during_t, peer_folder_make, peer_folder_remove),
};

const struct test_suite smtp_tls_suite = {"smtp_tls", smtp_tls_tests, COUNT_OF(smtp_tls_tests)};
