/* The backup file: a ZIP archive whose last entry, manifest.json, gives size and SHA-256 of every part.
 *
 * Any ZIP program opens it. Parts stream, so memory stays small however large the database is. Reading trusts nothing:
 * an archive that is cut, damaged, or holds more or less than its manifest says is INVALID. */
#ifndef ACTION_ARCHIVE_H
#define ACTION_ARCHIVE_H

#include "base/ctx.h"

#define ARCHIVE_DATABASE "aldia.db"
#define ARCHIVE_CONF "aldia.conf"
#define ARCHIVE_FILES "files/"

struct archive_part {
    Str name;         /* ARCHIVE_DATABASE, ARCHIVE_CONF or below ARCHIVE_FILES */
    const char *path; /* where it lies while writing */
    int64_t size;
    unsigned char sha256[32];
};

struct archive {
    Instant made_at;
    Str program; /* version that wrote it */
    int schema;  /* number of the database's last migration */
    struct archive_part *parts;
    size_t count;
    int64_t bytes; /* of all parts */
};

/* Called with what is being done, and how far it is. */
struct archive_watch {
    void (*progress)(void *self, const char *what, int64_t done, int64_t total); /* may be NULL */
    void *self;
};

/* Measures the parts (size, sha256, bytes are filled in) and writes them to a new file, synced. */
MUST_USE enum rc archive_write(struct ctx *cx, struct archive *archive, const char *path,
                               const struct archive_watch *watch);
/* Reads the manifest and every byte it promises; writes nothing. NOT_FOUND, INVALID. The result is in cx->arena. */
MUST_USE enum rc archive_check(struct ctx *cx, const char *path, const struct archive_watch *watch,
                               struct archive *out_archive);
/* Writes the parts of a checked archive below an existing folder, synced, comparing each once more. */
MUST_USE enum rc archive_unpack(struct ctx *cx, const struct archive *archive, const char *path, const char *folder,
                                const struct archive_watch *watch);

#endif
