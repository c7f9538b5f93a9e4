/* What must be read again but not by whoever gets hold of the database: sealed with a key that lies in a file beside it.
 *
 * XChaCha20-Poly1305 of libsodium under the installation's 256-bit key; what it belongs to is bound in, so that a sealed value
 * put into another row does not open. One key a process: an installation has one. */
#ifndef ACCOUNT_SEAL_H
#define ACCOUNT_SEAL_H

#include "base/ctx.h"

#define SEAL_KEY 32
/* What sealing adds: a nonce of 24 bytes before, a tag of 16 behind. */
#define SEAL_MORE 40

/* Reads the key of this process from a file of 64 hexadecimal digits; without the file there is none. INVALID: it holds something
 * else. Before threads begin. */
MUST_USE enum rc seal_key_load(struct ctx *cx, const char *path);
/* Makes the file with a new key, readable by its owner alone, and uses it; a file that is there is read instead. */
MUST_USE enum rc seal_key_make(struct ctx *cx, const char *path);
/* This key from now on; NULL: none. */
void seal_key_use(const unsigned char key[SEAL_KEY]);

/* `plain` sealed for `owner` ("totp:7"), in cx->arena. CONFLICT without a key. */
MUST_USE enum rc seal_close(struct ctx *cx, Str owner, Str plain, Str *out_sealed);
/* False when there is no key or it is another one, when it was changed, or sealed for somebody else. In `arena`. */
bool seal_open(struct arena *arena, Str owner, Str sealed, Str *out_plain);

#endif
