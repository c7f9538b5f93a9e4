/* The signature of an ID token (RFC 7515, 7519), by librhonabwy; what its claims mean stands in oidc.c.
 *
 * Apart from oidc.c because the library's header brings jansson, whose names clash with base/json.h. */
#ifndef ACCOUNT_OIDC_TOKEN_H
#define ACCOUNT_OIDC_TOKEN_H

#include "base/ctx.h"

/* Only RS256 and ES256, by a public key of `jwks` (a JSON text) with the token's kid; keys named or carried by the token
 * itself are never looked at. *out_claims: the payload's JSON, in cx->arena; p NULL when the signature is not good.
 * *out_key_unknown: the set lacks the key; fetching it anew may help. */
MUST_USE enum rc oidc_token_verify(struct ctx *cx, Str jwks, Str token, Str *out_claims, bool *out_key_unknown);

#endif
