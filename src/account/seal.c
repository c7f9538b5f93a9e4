/* Sealing by libsodium. */
#include "account/seal.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/random.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
_Static_assert(SEAL_MORE == NONCE + TAG, "what sealing adds");
_Static_assert(SEAL_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "size of the key");

static unsigned char the_key[SEAL_KEY];
static bool has_key;

void seal_key_use(const unsigned char key[SEAL_KEY]) {
    has_key = key != NULL;
    if (key) memcpy(the_key, key, sizeof the_key);
}

enum rc seal_key_load(struct ctx *cx, const char *path) {
    Str text;
    unsigned char key[SEAL_KEY];
    if (!file_exists(path)) return OK;
    TRY(file_read(cx, path, 4096, &text));
    text = str_trim(text);
    bool good = text.n == 2 * SEAL_KEY;
    for (size_t i = 0; good && i < SEAL_KEY; i++) {
        int high = hex_digit(text.p[2 * i]), low = hex_digit(text.p[2 * i + 1]);
        good = high >= 0 && low >= 0;
        if (good) key[i] = (unsigned char)(high << 4 | low);
    }
    if (!good)
        return fail_field(cx, INVALID, "secret_key_file", "put the file back from where it was kept", "%s is not a key of aldia", path);
    seal_key_use(key);
    return OK;
}

enum rc seal_key_make(struct ctx *cx, const char *path) {
    unsigned char key[SEAL_KEY];
    AUTO(buf_done) struct buf text = buf_make(200);
    if (file_exists(path)) return seal_key_load(cx, path);
    random_bytes((char *)key, sizeof key);
    buf_add_hex(&text, key, sizeof key);
    buf_add_char(&text, '\n');
    TRY(file_write(cx, path, buf_str(&text), 0600));
    return seal_key_load(cx, path);
}

enum rc seal_close(struct ctx *cx, Str owner, Str plain, Str *out) {
    if (!has_key)
        return fail_field(cx, CONFLICT, NULL, "the operator puts secret.key back, or makes one with aldia migrate",
                          "the file with the installation's key is missing");
    char *sealed = arena_alloc(cx->arena, plain.n + SEAL_MORE);
    random_bytes(sealed, NONCE);
    unsigned long long n = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt((unsigned char *)sealed + NONCE, &n, (const unsigned char *)plain.p, plain.n,
                                               (const unsigned char *)owner.p, owner.n, NULL, (const unsigned char *)sealed, the_key);
    *out = (Str){sealed, plain.n + SEAL_MORE};
    return OK;
}

bool seal_open(struct arena *arena, Str owner, Str sealed, Str *out) {
    if (!has_key || sealed.n < SEAL_MORE) return false;
    char *plain = arena_alloc(arena, sealed.n - SEAL_MORE + 1);
    const unsigned char *bytes = (const unsigned char *)sealed.p;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)plain, NULL, NULL, bytes + NONCE, sealed.n - NONCE,
                                                   (const unsigned char *)owner.p, owner.n, bytes, the_key) != 0)
        return false;
    *out = (Str){plain, sealed.n - SEAL_MORE};
    return true;
}
