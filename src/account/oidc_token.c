/* Verifying the signature of ID tokens. */
#include "account/oidc_token.h"

#include <pthread.h>
#include <rhonabwy.h>
#include <string.h>

#define TOKEN_MOST ((size_t)16 * 1024)
#define FLAGS R_FLAG_IGNORE_REMOTE

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_ready;
static void prepare(void) { is_ready = r_global_init() == RHN_OK; }

static void jwks_release(jwks_t **jwks) { r_jwks_free(*jwks); }
static void jwk_release(jwk_t **jwk) { r_jwk_free(*jwk); }
static void jwt_release(jwt_t **jwt) { r_jwt_free(*jwt); }

static bool is_public(jwk_t *jwk) {
    unsigned bits;
    int type = r_jwk_key_type(jwk, &bits, FLAGS);
    return (type & R_KEY_TYPE_PUBLIC) && ((type & R_KEY_TYPE_RSA) || (type & R_KEY_TYPE_EC)) && bits >= 256;
}

/* The key of the token's kid; without a kid the only one there is. */
static jwk_t *find_key(jwks_t *jwks, jwt_t *jwt) {
    const char *kid = r_jwt_get_header_str_value(jwt, "kid");
    if (kid) return r_jwks_get_by_kid(jwks, kid);
    return r_jwks_size(jwks) == 1 ? r_jwks_get_at(jwks, 0) : NULL;
}

enum rc oidc_token_verify(struct ctx *cx, Str keys, Str token, Str *out_claims, bool *out_key_unknown) {
    AUTO(jwks_release) jwks_t *jwks = NULL;
    AUTO(jwt_release) jwt_t *jwt = NULL;
    *out_claims = (Str){0};
    *out_key_unknown = false;
    pthread_once(&once, prepare);
    if (!is_ready || r_jwks_init(&jwks) != RHN_OK || r_jwt_init(&jwt) != RHN_OK)
        return fail(cx, INTERNAL, "could not prepare the check of a sign-on");
    (void)r_jwks_import_from_json_str(jwks, arena_cstr(cx->arena, keys)); /* keys of kinds it does not know are left out */
    if (r_jwks_size(jwks) == 0)
        return fail(cx, REMOTE, "the sign-on provider's keys cannot be read");
    if (token.n > TOKEN_MOST || r_jwt_parse(jwt, arena_cstr(cx->arena, token), FLAGS) != RHN_OK) return OK;
    jwa_alg alg = r_jwt_get_sign_alg(jwt); /* pinned before any key is looked at */
    if (alg != R_JWA_ALG_RS256 && alg != R_JWA_ALG_ES256) return OK;
    AUTO(jwk_release) jwk_t *jwk = find_key(jwks, jwt);
    *out_key_unknown = jwk == NULL;
    if (!jwk || !is_public(jwk) || r_jwt_verify_signature(jwt, jwk, FLAGS) != RHN_OK) return OK;
    char *claims = r_jwt_get_full_claims_str(jwt);
    if (claims) *out_claims = arena_str(cx->arena, str_from(claims));
    r_free(claims);
    return OK;
}
