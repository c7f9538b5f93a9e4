/* Putting and getting. */
#include "store/file_store.h"

#include <nettle/sha2.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

void file_hash(Str bytes, unsigned char out[FILE_HASH_SIZE]) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    if (bytes.n) sha256_update(&sha, bytes.n, (const uint8_t *)bytes.p);
    sha256_digest(&sha, FILE_HASH_SIZE, out);
}

/* The path below `folder`; *out_parent is the folder it lies in. */
static const char *path_of(struct ctx *cx, const char *folder, const unsigned char *hash, const char **out_parent) {
    struct buf hex = buf_make(2 * FILE_HASH_SIZE);
    buf_add_hex(&hex, hash, FILE_HASH_SIZE);
    *out_parent = arena_printf(cx->arena, "%s/%.2s", folder, hex.p).p;
    const char *path = arena_printf(cx->arena, "%s/%.2s/%s", folder, hex.p, hex.p).p;
    buf_done(&hex);
    return path;
}

enum rc file_store_put(struct ctx *cx, const char *folder, Str bytes, unsigned char out_hash[FILE_HASH_SIZE]) {
    unsigned char hash[FILE_HASH_SIZE];
    const char *parent;
    if (bytes.n == 0) return fail_field(cx, INVALID, "file", NULL, "the file is empty");
    if (bytes.n > STORED_FILE_MAX)
        return fail_field(cx, INVALID, "file", "make it smaller", "the file is larger than %zu MB", STORED_FILE_MAX >> 20);
    file_hash(bytes, hash);
    const char *path = path_of(cx, folder, hash, &parent);
    Str there;
    struct fault before = cx->fault;
    /* What lies there by this name, whole, is these bytes; a damaged one is put right. */
    if (file_store_get(cx, folder, (Str){(const char *)hash, sizeof hash}, &there) != OK) {
        cx->fault = before;
        TRY(dir_make(cx, parent, 0700));
        TRY(file_write(cx, path, bytes, 0600));
    }
    memcpy(out_hash, hash, sizeof hash);
    return OK;
}

enum rc file_store_get(struct ctx *cx, const char *folder, Str hash, Str *out) {
    unsigned char found[FILE_HASH_SIZE];
    const char *parent;
    Str bytes;
    MUST(hash.n == FILE_HASH_SIZE);
    const char *path = path_of(cx, folder, (const unsigned char *)hash.p, &parent);
    enum rc rc = file_read(cx, path, STORED_FILE_MAX, &bytes);
    if (rc == NOT_FOUND)
        return fail_field(cx, NOT_FOUND, "file", "restore files/ from a backup", "a kept file is gone: %s", path);
    TRY(rc);
    file_hash(bytes, found);
    if (memcmp(found, hash.p, sizeof found) != 0)
        return fail_field(cx, INTERNAL, "file", "restore files/ from a backup", "a kept file was changed: %s", path);
    *out = bytes;
    return OK;
}

static bool is_xml(Str bytes) {
    if (str_starts(bytes, S("\xEF\xBB\xBF"))) bytes = (Str){bytes.p + 3, bytes.n - 3};
    Str text = str_trim(bytes);
    return text.n > 1 && text.p[0] == '<' && (text.p[1] == '?' || (text.p[1] >= 'A' && text.p[1] <= 'z')) &&
           !str_contains((Str){text.p, text.n < 2000 ? text.n : 2000}, S("<html")) &&
           !str_contains((Str){text.p, text.n < 2000 ? text.n : 2000}, S("<HTML")) && str_is_utf8(text);
}

const char *media_type_of(Str bytes) {
    if (str_starts(bytes, S("%PDF-"))) return "application/pdf";
    if (str_starts(bytes, S("\x89PNG\r\n\x1A\n"))) return "image/png";
    if (str_starts(bytes, S("\xFF\xD8\xFF"))) return "image/jpeg";
    return is_xml(bytes) ? "application/xml" : NULL;
}
