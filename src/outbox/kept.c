/* Inflating and checking. */
#include "outbox/kept.h"

#include <nettle/sha2.h>
#include <string.h>
#include <zlib.h>

#include "outbox_sql.h"

void kept_hash(Str bytes, unsigned char out[32]) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    if (bytes.n) sha256_update(&sha, bytes.n, (const uint8_t *)bytes.p);
    sha256_digest(&sha, 32, out);
}

/* zlib's input pointer is not const, although it is only read. */
static void set_input(z_stream *z, Str packed) {
    memcpy(&z->next_in, &packed.p, sizeof z->next_in);
    z->avail_in = (uInt)packed.n;
}

enum rc kept_unpack(struct ctx *cx, Str packed, Str *out) {
    z_stream z = {0};
    size_t room = packed.n * (packed.n < 65536 ? 4 : 2) + 4096;
    if (packed.n > KEPT_MAX || inflateInit(&z) != Z_OK) return fail(cx, INTERNAL, "could not unpack a kept message");
    set_input(&z, packed);
    char *bytes = arena_alloc(cx->arena, room);
    size_t n = 0;
    int state = Z_OK;
    while (state == Z_OK && n < KEPT_MAX) {
        if (n == room) {
            char *more = arena_alloc(cx->arena, room * 2);
            memcpy(more, bytes, n);
            bytes = more;
            room *= 2;
        }
        z.next_out = (Bytef *)bytes + n;
        z.avail_out = (uInt)(room - n);
        state = inflate(&z, Z_NO_FLUSH);
        n = room - z.avail_out;
    }
    inflateEnd(&z);
    if (state != Z_STREAM_END || z.avail_in) return fail(cx, INTERNAL, "a kept message is damaged");
    *out = (Str){bytes, n};
    return OK;
}

enum rc kept_load(struct ctx *cx, int64_t action_id, Str body_hash, Str *out) {
    struct message_body_get_row row;
    bool found;
    unsigned char hash[32];
    TRY(message_body_get(cx, &(struct message_body_get_params){.action_id = action_id}, &row, &found));
    if (!found || body_hash.p == NULL)
        return fail_field(cx, NOT_FOUND, "id", "its text is made when it is handed over",
                          "message %lld has not been handed over", (long long)action_id);
    TRY(kept_unpack(cx, row.bytes, out));
    kept_hash(*out, hash);
    if (body_hash.n != sizeof hash || memcmp(hash, body_hash.p, sizeof hash) != 0)
        return fail_field(cx, INTERNAL, "id", "aldia verify names everything that was changed",
                          "the kept bytes of message %lld are not those that were handed over", (long long)action_id);
    return OK;
}
