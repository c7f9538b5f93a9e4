/* Signatures of ID tokens: only the provider's own key by a pinned algorithm counts. */
#include "account/oidc_token.h"

#include <rhonabwy.h>
#include <string.h>

#include "base/test.h"

#define CLAIMS "{\"iss\":\"https://id.example\",\"sub\":\"7\"}"

struct keys {
    jwk_t *private_key, *public_key, *other_private, *other_public;
    char *set; /* what the provider publishes */
};

static void make_pair(jwk_t **private_key, jwk_t **public_key, int type, unsigned bits, const char *kid) {
    assert_int_equal(r_jwk_init(private_key), RHN_OK);
    assert_int_equal(r_jwk_init(public_key), RHN_OK);
    assert_int_equal(r_jwk_generate_key_pair(*private_key, *public_key, type, bits, kid), RHN_OK);
}

static void open_keys(struct keys *k, int type, unsigned bits) {
    jwks_t *set;
    assert_int_equal(r_global_init(), RHN_OK);
    make_pair(&k->private_key, &k->public_key, type, bits, "one");
    make_pair(&k->other_private, &k->other_public, type, bits, "one");
    assert_int_equal(r_jwks_init(&set), RHN_OK);
    assert_int_equal(r_jwks_append_jwk(set, k->public_key), RHN_OK);
    k->set = r_jwks_export_to_json_str(set, 0);
    assert_non_null(k->set);
    r_jwks_free(set);
}

static void close_keys(struct keys *k) {
    r_free(k->set);
    r_jwk_free(k->private_key);
    r_jwk_free(k->public_key);
    r_jwk_free(k->other_private);
    r_jwk_free(k->other_public);
}

static Str sign(struct ctx *cx, jwk_t *key, jwa_alg alg, const char *kid) {
    jwt_t *jwt;
    assert_int_equal(r_jwt_init(&jwt), RHN_OK);
    assert_int_equal(r_jwt_set_sign_alg(jwt, alg), RHN_OK);
    assert_int_equal(r_jwt_set_full_claims_json_str(jwt, CLAIMS), RHN_OK);
    if (kid) r_jwt_set_header_str_value(jwt, "kid", kid);
    char *text = r_jwt_serialize_signed(jwt, key, 0);
    assert_non_null(text);
    Str kept = arena_str(cx->arena, str_from(text));
    r_free(text);
    r_jwt_free(jwt);
    return kept;
}

static bool good(struct ctx *cx, const struct keys *k, Str token, bool *out_unknown) {
    Str claims;
    assert_ok(cx, oidc_token_verify(cx, str_from(k->set), token, &claims, out_unknown));
    return claims.p != NULL;
}

static void only_the_providers_key_counts(struct ctx *cx, int type, unsigned bits, jwa_alg alg) {
    struct keys k;
    bool unknown;
    open_keys(&k, type, bits);
    Str right = sign(cx, k.private_key, alg, "one");
    assert_true(good(cx, &k, right, &unknown));
    assert_false(good(cx, &k, sign(cx, k.other_private, alg, "one"), &unknown));
    assert_false(unknown);
    assert_false(good(cx, &k, sign(cx, k.private_key, alg, "two"), &unknown));
    assert_true(unknown);
    /* One letter of the payload changed. */
    char *changed = arena_cstr(cx->arena, right);
    char *payload = strchr(changed, '.') + 5;
    *payload = *payload == 'A' ? 'B' : 'A';
    assert_false(good(cx, &k, str_from(changed), &unknown));
    assert_false(good(cx, &k, S(""), &unknown));
    assert_false(good(cx, &k, S("a.b.c"), &unknown));
    close_keys(&k);
}

static void rsa_keys(void **state) {
    (void)state;
    AUTO(test_ctx_done) struct ctx cx = test_ctx();
    only_the_providers_key_counts(&cx, R_KEY_TYPE_RSA, 2048, R_JWA_ALG_RS256);
}

static void elliptic_keys(void **state) {
    (void)state;
    AUTO(test_ctx_done) struct ctx cx = test_ctx();
    only_the_providers_key_counts(&cx, R_KEY_TYPE_EC, 256, R_JWA_ALG_ES256);
}

/* "none", and HMAC keyed with the public key, the two classic forgeries; and good signatures by what is not pinned. */
static void other_algorithms_do_not(void **state) {
    (void)state;
    AUTO(test_ctx_done) struct ctx cx = test_ctx();
    struct keys k;
    bool unknown;
    open_keys(&k, R_KEY_TYPE_RSA, 2048);
    /* {"alg":"none","kid":"one"} . CLAIMS . nothing */
    Str none = S("eyJhbGciOiJub25lIiwia2lkIjoib25lIn0.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJzdWIiOiI3In0.");
    assert_false(good(&cx, &k, none, &unknown));
    jwk_t *mac;
    assert_int_equal(r_jwk_init(&mac), RHN_OK);
    assert_int_equal(r_jwk_import_from_symmetric_key(mac, (const unsigned char *)k.set, strlen(k.set)), RHN_OK);
    assert_false(good(&cx, &k, sign(&cx, mac, R_JWA_ALG_HS256, "one"), &unknown));
    r_jwk_free(mac);
    assert_false(good(&cx, &k, sign(&cx, k.private_key, R_JWA_ALG_RS512, "one"), &unknown));
    assert_false(good(&cx, &k, sign(&cx, k.private_key, R_JWA_ALG_PS256, "one"), &unknown));
    close_keys(&k);
}

static void unreadable_keys_are_told(void **state) {
    (void)state;
    AUTO(test_ctx_done) struct ctx cx = test_ctx();
    Str claims;
    bool unknown;
    assert_rc(&cx, REMOTE, oidc_token_verify(&cx, S("<html>"), S("a.b.c"), &claims, &unknown));
}

static const struct CMUnitTest oidc_token_tests[] = {
    cmocka_unit_test(rsa_keys),
    cmocka_unit_test(elliptic_keys),
    cmocka_unit_test(other_algorithms_do_not),
    cmocka_unit_test(unreadable_keys_are_told),
};
const struct test_suite oidc_token_suite = {"oidc_token", oidc_token_tests, COUNT_OF(oidc_token_tests)};
