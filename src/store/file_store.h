/* Files kept by content: files/ab/abcdef… of the data directory, named by the SHA-256 of their bytes (REQ: A5).
 *
 * Written once and never changed, so that whoever knows the hash gets the very same bytes or is told that they are
 * gone. What a file is for, is the database's knowledge. */
#ifndef STORE_FILE_STORE_H
#define STORE_FILE_STORE_H

#include "base/ctx.h"

#define FILE_HASH_SIZE 32
#define STORED_FILE_MAX ((size_t)20 << 20)

void file_hash(Str bytes, unsigned char out_hash[FILE_HASH_SIZE]);
/* Durable when it returns; the same bytes twice are one file. `folder` is files/. INVALID when empty or over
 * STORED_FILE_MAX. */
MUST_USE enum rc file_store_put(struct ctx *cx, const char *folder, Str bytes, unsigned char out_hash[FILE_HASH_SIZE]);
/* In cx->arena, checked. NOT_FOUND when it is gone, INTERNAL when its bytes are other than they were. `hash` has
 * FILE_HASH_SIZE bytes. */
MUST_USE enum rc file_store_get(struct ctx *cx, const char *folder, Str hash, Str *out_bytes);

/* By its first bytes: "application/pdf", "application/xml", "image/png", "image/jpeg"; NULL for anything else, which is
 * not kept as an attachment. */
const char *media_type_of(Str bytes);

#endif
