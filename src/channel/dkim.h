/* DKIM signatures (RFC 6376; Ed25519 by RFC 8463), relaxed/relaxed, on GnuTLS. */
#ifndef CHANNEL_DKIM_H
#define CHANNEL_DKIM_H

#include "base/buf.h"
#include "base/ctx.h"

struct dkim_key;

/* A PEM private key, RSA (≥ 2048 bits) or Ed25519. INVALID names the file and the remedy. */
MUST_USE enum rc dkim_key_load(struct ctx *cx, const char *path, Str domain, Str selector, struct dkim_key **out_key);
void dkim_key_free(struct dkim_key *key);
/* Appends the DKIM-Signature header line(s) (CRLF-terminated) for a complete message; List-Unsubscribe headers are
 * covered. Thread-safe. */
MUST_USE enum rc dkim_sign(struct ctx *cx, const struct dkim_key *key, Str message, Instant now,
                           struct buf *out_header);

/* What the domain publishes so that others can check: "SELECTOR._domainkey.DOMAIN" and "v=DKIM1; k=rsa; p=…". */
MUST_USE enum rc dkim_record(struct ctx *cx, const struct dkim_key *key, Str *out_name, Str *out_text);

#endif
