/* Signatures checked by an independent implementation (test/dkim_verify.py), the canonical forms by what may and may
 * not be changed on the way without breaking one. */
#include "base/test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "channel/dkim.h"

static char folder[64];

static int run(const char *script, Str *out_text, struct ctx *cx) {
    FILE *pipe = popen(script, "r");
    static char room[1 << 16];
    size_t n = fread(room, 1, sizeof room, pipe);
    if (out_text) *out_text = arena_str(cx->arena, (Str){room, n});
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int make_keys(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/aldia-dkim-test-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    char script[1024];
    snprintf(script, sizeof script,
             "cd %s && { openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem && "
             "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out short.pem && "
             "openssl rsa -in rsa.pem -traditional -out rsa-pkcs1.pem && "
             "openssl genpkey -algorithm ED25519 -out ed25519.pem && openssl genpkey -algorithm EC "
             "-pkeyopt ec_paramgen_curve:P-256 -out ec.pem && openssl pkey -in rsa.pem -pubout -out public.pem && "
             "openssl pkey -in rsa.pem -aes128 -passout pass:x -out locked.pem && echo none >empty.pem; } 2>/dev/null",
             folder);
    return run(script, NULL, NULL);
}

static int remove_keys(void **state) {
    (void)state;
    char script[128];
    snprintf(script, sizeof script, "rm -rf %s", folder);
    return run(script, NULL, NULL);
}

static char *key_path(char *text, const char *name) {
    snprintf(text, 128, "%s/%s", folder, name);
    return text;
}

#define HEADER                                                                                                         \
    "From: =?utf-8?Q?Cobros_Ferreter=C3=ADa?= <cobros@acreedor.test>\r\nTo: Ana <ana@deudor.test>\r\n"                 \
    "Subject: Recordatorio:\r\n factura 2026-17\r\nDate: Sat, 21 Nov 2026 09:00:00 -0500\r\n"                          \
    "Message-ID: <1.2@acreedor.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain;\tcharset=utf-8\r\n"             \
    "Auto-Submitted: auto-generated\r\nList-Unsubscribe: "                                                             \
    "<https://acreedor.test/u/1>,\r\n\t<mailto:baja@acreedor.test>\r\n"                                                \
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"

struct signed_case {
    const char *name, *message;
    const char *find, *put; /* changed after signing, or NULL */
    bool passes;
};

static const struct signed_case cases[] = {
    {"plain", HEADER "\r\nEstimada Ana:\r\n\r\nDebe 1.234,50 EUR.\r\n", NULL, NULL, true},
    {"empty_body", HEADER "\r\n", NULL, NULL, true},
    {"no_blank_line", HEADER, NULL, NULL, true},
    {"only_blank_lines", HEADER "\r\n\r\n\r\n \t\r\n", NULL, NULL, true},
    {"blank_lines_at_end", HEADER "\r\ntext\r\n\r\n \r\n\t\r\n\r\n", NULL, NULL, true},
    {"blanks_in_lines", HEADER "\r\n  a \t b  \r\n\tc\t\r\n\r\n  \r\nd", NULL, NULL, true},
    {"no_line_end", HEADER "\r\nno line end", NULL, NULL, true},
    {"eight_bit", HEADER "\r\nse\xC3\xB1or \xFF\r\n", NULL, NULL, true},
    {"dots", HEADER "\r\n.\r\n..\r\n", NULL, NULL, true},
    {"odd_header",
     "FROM:  a@acreedor.test \r\nsubject:\r\n\t \tx \r\nX-Empty:\r\n"
     "To:\tb@deudor.test\r\n\r\nx\r\n",
     NULL, NULL, true},
    {"names_twice", "Received: one\r\nTo: a@x.test\r\nTo: b@x.test\r\nFrom: a@acreedor.test\r\n\r\nx\r\n", NULL, NULL,
     true},
    /* What a relay may do. */
    {"refolded", HEADER "\r\ntext\r\n", "Subject: Recordatorio:\r\n factura",
     "Subject:   Recordatorio: \r\n\t\tfactura", true},
    {"lines_added_at_end", HEADER "\r\ntext\r\n", "text\r\n", "text  \r\n\r\n\r\n", true},
    {"trace_added", HEADER "\r\ntext\r\n", "From:", "Received: by x\r\nFrom:", true},
    {"case_of_names", HEADER "\r\ntext\r\n", "Subject:", "SUBJECT:", true},
    /* What nobody may. */
    {"body_changed", HEADER "\r\nDebe 100\r\n", "100", "900", false},
    {"body_longer", HEADER "\r\nDebe 100\r\n", "100\r\n", "100\r\nnow\r\n", false},
    {"blank_line_within", HEADER "\r\na\r\nb\r\n", "a\r\n", "a\r\n\r\n", false},
    {"words_joined", HEADER "\r\na b\r\n", "a b", "ab", false},
    {"subject_changed", HEADER "\r\ntext\r\n", "2026-17", "2026-18", false},
    {"unsubscribe_changed", HEADER "\r\ntext\r\n", "test/u/1", "evil/u/1", false},
    {"one_click_removed", HEADER "\r\ntext\r\n", "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", "", false},
    {"second_from", HEADER "\r\ntext\r\n", "From:", "From: boss@acreedor.test\r\nFrom:", false},
    {"time_changed", HEADER "\r\ntext\r\n", "t=17", "t=16", false},
};

static Str changed(struct ctx *cx, Str text, const char *find, const char *put) {
    const char *at = memmem(text.p, text.n, find, strlen(find));
    if (!at) fail_msg("\"%s\" does not occur", find);
    size_t before = (size_t)(at - text.p), after = before + strlen(find);
    return arena_printf(cx->arena, "%.*s%s%.*s", (int)before, text.p, put, (int)(text.n - after), text.p + after);
}

static struct dkim_key *load(struct ctx *cx, const char *name) {
    char path[128];
    struct dkim_key *key = NULL;
    assert_ok(cx, dkim_key_load(cx, key_path(path, name), S("acreedor.test"), S("s2026"), &key));
    return key;
}

static void check_shape(Str header) {
    assert_true(str_starts(header, S("DKIM-Signature: v=1;")));
    assert_true(str_ends(header, S("\r\n")));
    for (Str rest = {header.p, header.n - 2}; rest.p;) {
        Str line = str_cut(&rest, '\n');
        assert_true(line.n <= 79); /* with its CR */
        assert_false(rest.p && !str_ends(line, S("\r")));
    }
}

/* The verifier refuses a second From by itself, so that the extra "from" in h= is looked for here. */
static void check_from_is_oversigned(struct ctx *cx, Str header) {
    char *flat = arena_alloc(cx->arena, header.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < header.n; i++)
        if (!strchr("\r\n\t", header.p[i])) flat[n++] = header.p[i];
    assert_true(str_contains((Str){flat, n}, S(" h=from:from")));
}

static void sign_and_verify(const char *key_name) {
    struct ctx cx = test_ctx();
    cx.now = (Instant){INT64_C(1700000000000)}; /* never in the verifier's future */
    struct dkim_key *key = load(&cx, key_name);
    struct buf script = buf_make(1 << 16);
    buf_printf(&script, "cd %s && /usr/bin/python3 %s/test/dkim_verify.py %s acreedor.test s2026", folder,
               ALDIA_SOURCE_DIR, key_name);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out = buf_make(1 << 20);
        assert_ok(&cx, dkim_sign(&cx, key, str_from(cases[i].message), cx.now, &out));
        check_shape(buf_str(&out));
        check_from_is_oversigned(&cx, buf_str(&out));
        buf_add_cstr(&out, cases[i].message);
        Str text = arena_str(cx.arena, buf_str(&out));
        buf_done(&out);
        if (cases[i].find) text = changed(&cx, text, cases[i].find, cases[i].put);
        char path[128];
        assert_ok(&cx, file_write(&cx, key_path(path, cases[i].name), text, 0600));
        buf_printf(&script, " %s", cases[i].name);
    }
    buf_add_cstr(&script, " 2>/dev/null");
    Str answer;
    int status = run(script.p, &answer, &cx);
    buf_done(&script);
    dkim_key_free(key);
    if (status == 77) {
        print_message("skipped: python3-dkim and python3-nacl are missing\n");
        test_ctx_done(&cx);
        skip();
    }
    assert_int_equal(status, 0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str line = str_cut(&answer, '\n');
        Str want = arena_printf(cx.arena, "%s %s", cases[i].name, cases[i].passes ? "pass" : "fail");
        if (!str_equal(line, want)) fail_msg("got \"%.*s\", wanted \"%.*s\"", STR_ARG(line), STR_ARG(want));
    }
    test_ctx_done(&cx);
}

static void rsa_signatures_verify(void **state) {
    (void)state;
    sign_and_verify("rsa.pem");
    sign_and_verify("rsa-pkcs1.pem");
}

static void ed25519_signatures_verify(void **state) {
    (void)state;
    sign_and_verify("ed25519.pem");
}

static void unfit_keys_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum rc rc;
    } keys[] = {{"short.pem", INVALID},  {"ec.pem", INVALID},    {"public.pem", INVALID},
                {"locked.pem", INVALID}, {"empty.pem", INVALID}, {"nothing.pem", NOT_FOUND}};
    struct ctx cx = test_ctx();
    char path[128];
    struct dkim_key *key = NULL;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        assert_rc(&cx, keys[i].rc,
                  dkim_key_load(&cx, key_path(path, keys[i].name), S("acreedor.test"), S("s2026"), &key));
        assert_non_null(strstr(cx.fault.message, keys[i].name));
    }
    key_path(path, "rsa.pem");
    assert_rc(&cx, INVALID, dkim_key_load(&cx, path, S("acreedor.test; x=1"), S("s"), &key));
    assert_rc(&cx, INVALID, dkim_key_load(&cx, path, S("acreedor.test"), S("s\r\n"), &key));
    assert_rc(&cx, INVALID, dkim_key_load(&cx, path, S("acreedor.test"), S(""), &key));
    assert_null(key);
    test_ctx_done(&cx);
}

static void unfit_messages_are_refused(void **state) {
    (void)state;
    static const char *const messages[] = {"",
                                           "To: a@b.test\r\n\r\nx\r\n",
                                           "From: a@b.test\r\nFrom: c@b.test\r\n\r\nx\r\n",
                                           "From: a@b.test\n\nx\n",
                                           "From: a@b.test\r\n\r\nx\ny\r\n",
                                           "From: a@b.test\r\nno name\r\n\r\n"};
    struct ctx cx = test_ctx();
    struct dkim_key *key = load(&cx, "ed25519.pem");
    struct buf out = buf_make(1 << 16);
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        assert_rc(&cx, INVALID, dkim_sign(&cx, key, str_from(messages[i]), cx.now, &out));
        assert_int_equal(out.n, 0);
    }
    buf_done(&out);
    dkim_key_free(key);
    test_ctx_done(&cx);
}

struct signer {
    const struct dkim_key *key;
    Str first;
    bool differs;
};

static void *sign_many(void *self) {
    struct signer *s = self;
    for (int i = 0; i < 30; i++) {
        struct ctx cx = test_ctx();
        struct buf out = buf_make(1 << 16);
        if (dkim_sign(&cx, s->key, str_from(cases[0].message), cx.now, &out) != OK ||
            !str_equal(buf_str(&out), s->first))
            s->differs = true;
        buf_done(&out);
        test_ctx_done(&cx);
    }
    return NULL;
}

static void one_key_serves_many_threads(void **state) {
    (void)state;
    static const char *const names[] = {"rsa.pem", "ed25519.pem"};
    for (size_t k = 0; k < COUNT_OF(names); k++) {
        struct ctx cx = test_ctx();
        struct dkim_key *key = load(&cx, names[k]);
        struct buf first = buf_make(1 << 16);
        assert_ok(&cx, dkim_sign(&cx, key, str_from(cases[0].message), cx.now, &first));
        struct signer signers[4];
        pthread_t threads[COUNT_OF(signers)];
        for (size_t i = 0; i < COUNT_OF(signers); i++) {
            signers[i] = (struct signer){key, buf_str(&first), false};
            assert_int_equal(pthread_create(&threads[i], NULL, sign_many, &signers[i]), 0);
        }
        for (size_t i = 0; i < COUNT_OF(signers); i++) {
            pthread_join(threads[i], NULL);
            assert_false(signers[i].differs);
        }
        buf_done(&first);
        dkim_key_free(key);
        test_ctx_done(&cx);
    }
}

static const struct CMUnitTest dkim_tests[] = {
    cmocka_unit_test_setup_teardown(rsa_signatures_verify, make_keys, remove_keys),
    cmocka_unit_test_setup_teardown(ed25519_signatures_verify, make_keys, remove_keys),
    cmocka_unit_test_setup_teardown(unfit_keys_are_refused, make_keys, remove_keys),
    cmocka_unit_test_setup_teardown(unfit_messages_are_refused, make_keys, remove_keys),
    cmocka_unit_test_setup_teardown(one_key_serves_many_threads, make_keys, remove_keys),
};

const struct test_suite dkim_suite = {"dkim", dkim_tests, COUNT_OF(dkim_tests)};
