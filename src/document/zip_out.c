/* libarchive's writer of ZIP, which never seeks. */
#include "document/zip_out.h"

#include <archive.h>
#include <archive_entry.h>

#include "base/arena.h"

#define BLOCK 65536

struct zip_out {
    struct archive *archive;
    zip_take *take; /* NULL: nobody, what libarchive still writes is dropped */
    void *self;
};

static la_ssize_t take_bytes(struct archive *archive, void *self, const void *bytes, size_t n) {
    (void)archive;
    const struct zip_out *zip = self;
    return !zip->take || zip->take(zip->self, (Str){bytes, n}) ? (la_ssize_t)n : -1;
}

static enum rc failed(struct ctx *cx) { return fail(cx, REMOTE, "the archive was not taken to its end"); }

enum rc zip_out_open(struct ctx *cx, zip_take *take, void *self, struct zip_out **out) {
    struct zip_out *zip = ARENA_NEW(cx->arena, struct zip_out);
    *zip = (struct zip_out){archive_write_new(), take, self};
    *out = zip;
    MUST(zip->archive);
    bool good = archive_write_set_format_zip(zip->archive) == ARCHIVE_OK && archive_write_zip_set_compression_store(zip->archive) == ARCHIVE_OK &&
                archive_write_set_bytes_per_block(zip->archive, BLOCK) == ARCHIVE_OK && archive_write_set_bytes_in_last_block(zip->archive, 1) == ARCHIVE_OK &&
                archive_write_open(zip->archive, zip, NULL, take_bytes, NULL) == ARCHIVE_OK;
    return good ? OK : fail(cx, INTERNAL, "could not begin an archive: %s", archive_error_string(zip->archive));
}

static bool add(struct archive *archive, const char *name, Instant at, Str content) {
    struct archive_entry *entry = archive_entry_new();
    MUST(entry);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)content.n);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, (time_t)(at.ms / 1000), 0);
    bool good = archive_write_header(archive, entry) == ARCHIVE_OK && archive_write_data(archive, content.p, content.n) == (la_ssize_t)content.n;
    archive_entry_free(entry);
    return good;
}

enum rc zip_out_add(struct ctx *cx, struct zip_out *zip, const char *name, Instant at, Str content) {
    return add(zip->archive, name, at, content) ? OK : failed(cx);
}

enum rc zip_out_close(struct ctx *cx, struct zip_out *zip) {
    return archive_write_close(zip->archive) == ARCHIVE_OK ? OK : failed(cx);
}

void zip_out_drop(struct zip_out **zip) {
    if (*zip && (*zip)->archive) {
        (*zip)->take = NULL;
        archive_write_close((*zip)->archive); /* after a failure archive_write_free alone leaks the block */
        archive_write_free((*zip)->archive);
    }
    *zip = NULL;
}
