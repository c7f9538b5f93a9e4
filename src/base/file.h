/* Whole files, read and written with bounds and without surprises. Never for the database file (domain.md 6). */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/ctx.h"

/* The whole file into cx->arena, NUL-terminated past the end. NOT_FOUND; INVALID when over `max` bytes. */
MUST_USE enum rc file_read(struct ctx *cx, const char *path, size_t max, Str *out_text);
/* Atomically: written beside, synced, renamed, folder synced. */
MUST_USE enum rc file_write(struct ctx *cx, const char *path, Str text, unsigned mode);
/* The same without waiting for the disk: for what can be made again. */
MUST_USE enum rc file_write_soon(struct ctx *cx, const char *path, Str text, unsigned mode);
/* Whether a file can be made at the path somebody named as `field`: NOT_FOUND without its folder, INVALID when a folder has that name,
 * DENIED where nothing may be written. */
MUST_USE enum rc file_place(struct ctx *cx, const char *field, const char *path);
bool file_exists(const char *path);
/* The name without its folders: what a person calls the file, and all that may be told to somebody elsewhere. Points into `path`. */
const char *file_name(const char *path);
/* Makes the folder and its parents; OK when it is there. */
MUST_USE enum rc dir_make(struct ctx *cx, const char *path, unsigned mode);
/* Removes the folder and all in it, following no symbolic link; OK when it is not there. */
MUST_USE enum rc dir_remove(struct ctx *cx, const char *path);
/* Makes what was renamed in or out of the folder durable. */
MUST_USE enum rc dir_sync(struct ctx *cx, const char *path);
/* The names in a folder, without "." and "..", in no order, in cx->arena. NOT_FOUND. */
MUST_USE enum rc dir_list(struct ctx *cx, const char *path, Str **out_names, size_t *out_count);

#endif
