/* Tokens. */
#include "account/token.h"

#include <sodium.h>
#include <string.h>

#include "base/random.h"

_Static_assert(TOKEN_HASH == crypto_hash_sha256_BYTES, "SHA-256");

void token_encode(const void *bytes, size_t n, char *out, size_t size) {
    sodium_bin2base64(out, size, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void token_make(char out[TOKEN_TEXT]) {
    unsigned char bytes[32];
    random_bytes(bytes, sizeof bytes);
    token_encode(bytes, sizeof bytes, out, TOKEN_TEXT);
    sodium_memzero(bytes, sizeof bytes);
}

void token_hash(Str text, unsigned char out[TOKEN_HASH]) {
    crypto_hash_sha256(out, (const unsigned char *)text.p, text.n);
}

void token_hash_pair(Str kind, Str a, Str b, unsigned char out[TOKEN_HASH]) {
    crypto_hash_sha256_state state;
    const Str parts[] = {kind, a, b};
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uint64_t n = parts[i].n;
        crypto_hash_sha256_update(&state, (const unsigned char *)&n, sizeof n);
        crypto_hash_sha256_update(&state, (const unsigned char *)parts[i].p, parts[i].n);
    }
    crypto_hash_sha256_final(&state, out);
}

bool token_same(Str a, Str b) { return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0); }

Str token_bytes(const unsigned char hash[TOKEN_HASH]) { return (Str){(const char *)hash, TOKEN_HASH}; }
