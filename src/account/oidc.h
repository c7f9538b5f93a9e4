/* Sign-on by another provider: OpenID Connect, authorization code with PKCE (REQ: L2).
 *
 * We vouch for nobody the provider does not: its answer must belong to a sign-on this browser began (state and cookie), be
 * exchanged with the verifier only we know, and carry an ID token signed by the provider's key, for us, now, with our
 * nonce and a verified e-mail address. The person found by that address must exist already; nobody is made.
 *
 * What is fetched: the provider's configuration and keys (kept for an hour), the token. HTTPS only, but on loopback; ten
 * seconds and 256 KiB at most, no redirects. These functions open their own transactions: call them without one. */
#ifndef ACCOUNT_OIDC_H
#define ACCOUNT_OIDC_H

#include "account/token.h"
#include "store/db.h"

struct oidc_provider {
    Str issuer; /* as the provider spells it, no slash at the end unless it does */
    Str client_id, client_secret; /* the secret may be empty: a public client */
    Str back; /* where the provider sends the browser: https://…/login/oidc/back */
    const char *ca_file; /* NULL: the system's */
};

/* Where to send the browser, and the token for a cookie of its own that it brings back. REMOTE: the provider cannot be
 * reached or is not what it should be. */
MUST_USE enum rc oidc_begin(struct ctx *cx, struct db *db, const struct oidc_provider *provider, Str *out_url,
                            char out_browser[TOKEN_TEXT]);
/* What the provider's answer proves: *out_email, in cx->arena. DENIED with the reason when it proves nothing; the state is
 * used up either way. */
MUST_USE enum rc oidc_finish(struct ctx *cx, struct db *db, const struct oidc_provider *provider, Str state, Str code,
                             Str browser, Str *out_email);

/* The claims of a good ID token: iss, aud (and azp), exp, iat, nonce, verified e-mail. DENIED says which is wrong. */
MUST_USE enum rc oidc_check_claims(struct ctx *cx, const struct oidc_provider *provider, Str claims, Str nonce,
                                   Str *out_email);

#endif
