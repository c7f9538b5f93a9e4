/* ZIP by libzip, the manifest by Jansson. */
#include "action/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/buf.h"
#include "base/file.h"

#define MANIFEST "manifest.json"
#define FORMAT "aldia-backup"
#define VERSION 1
#define PIECE ((size_t)256 * 1024)
#define MAX_MANIFEST ((size_t)256 * 1024 * 1024)
#define DAMAGED_HINT "use another backup; nothing was changed"

static void zip_close_quietly(zip_t **zip) {
    if (*zip) zip_discard(*zip);
}

static void part_close(zip_file_t **file) {
    if (*file) zip_fclose(*file);
}

static void close_fd(const int *fd) {
    if (*fd >= 0) close(*fd);
}

static void tell(const struct archive_watch *watch, const char *what, int64_t done, int64_t total) {
    if (watch && watch->progress) watch->progress(watch->self, what, done, total ? total : 1);
}

/* ---- writing ---- */

static enum rc measure(struct ctx *cx, struct archive_part *part) {
    AUTO(close_fd) int fd = open(part->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(cx, INTERNAL, "cannot read %s: %s", part->path, strerror(errno));
    char *piece = arena_alloc(cx->arena, PIECE);
    struct sha256_ctx hash;
    sha256_init(&hash);
    part->size = 0;
    for (;;) {
        ssize_t n = read(fd, piece, PIECE);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(cx, INTERNAL, "cannot read %s: %s", part->path, strerror(errno));
        if (n == 0) break;
        sha256_update(&hash, (size_t)n, (const uint8_t *)piece);
        part->size += n;
    }
    sha256_digest(&hash, sizeof part->sha256, part->sha256);
    return OK;
}

static void write_manifest(const struct archive *a, struct buf *out) {
    char made[INSTANT_TEXT];
    buf_printf(out, "{\"format\":\"" FORMAT "\",\"version\":%d,\"made_at\":\"", VERSION);
    buf_add(out, instant_format(a->made_at, made));
    buf_add(out, S("\",\"program\":\""));
    buf_add_json(out, a->program);
    buf_printf(out, "\",\"schema\":%d,\"parts\":[", a->schema);
    for (size_t i = 0; i < a->count; i++) {
        buf_add(out, i ? S(",\n{\"name\":\"") : S("\n{\"name\":\""));
        buf_add_json(out, a->parts[i].name);
        buf_printf(out, "\",\"size\":%lld,\"sha256\":\"", (long long)a->parts[i].size);
        buf_add_hex(out, a->parts[i].sha256, sizeof a->parts[i].sha256);
        buf_add(out, S("\"}"));
    }
    buf_add(out, S("\n]}\n"));
}

static enum rc zip_fault(struct ctx *cx, zip_t *zip, const char *path) {
    return fail_field(cx, INTERNAL, NULL, "is there room on the disk, and may the folder be written?",
                      "could not write %s: %s", path, zip_strerror(zip));
}

static enum rc add_source(struct ctx *cx, zip_t *zip, const char *path, Str name, zip_source_t *source) {
    if (!source) return zip_fault(cx, zip, path);
    zip_int64_t at = zip_file_add(zip, arena_cstr(cx->arena, name), source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return zip_fault(cx, zip, path);
    }
    if (zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_DEFLATE, 1) != 0) return zip_fault(cx, zip, path);
    return OK;
}

static void on_progress(zip_t *zip, double part, void *self) {
    (void)zip;
    tell(self, "write", (int64_t)(part * 1000), 1000);
}

static enum rc sync_file(struct ctx *cx, const char *path) {
    AUTO(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) return fail(cx, INTERNAL, "could not sync %s: %s", path, strerror(errno));
    return OK;
}

enum rc archive_write(struct ctx *cx, struct archive *a, const char *path, const struct archive_watch *watch) {
    a->bytes = 0;
    for (size_t i = 0; i < a->count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(measure(cx, &a->parts[i]));
        arena_rewind(cx->arena, mark);
        a->bytes += a->parts[i].size;
        tell(watch, "read", (int64_t)i + 1, (int64_t)a->count);
    }
    AUTO(buf_done) struct buf manifest = buf_make(MAX_MANIFEST);
    write_manifest(a, &manifest);
    if (!buf_ok(&manifest)) return fail(cx, INVALID, "there are too many attachments for one backup file");
    int code = 0;
    AUTO(zip_close_quietly) zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code);
    if (!zip) return fail(cx, INTERNAL, "could not create %s (code %d)", path, code);
    for (size_t i = 0; i < a->count; i++)
        TRY(add_source(cx, zip, path, a->parts[i].name, zip_source_file(zip, a->parts[i].path, 0, -1)));
    TRY(add_source(cx, zip, path, S(MANIFEST), zip_source_buffer(zip, manifest.p, manifest.n, 0)));
    struct archive_watch own = watch ? *watch : (struct archive_watch){0};
    zip_register_progress_callback_with_state(zip, 0.001, on_progress, NULL, &own);
    if (zip_close(zip) != 0) return zip_fault(cx, zip, path);
    zip = NULL;
    return sync_file(cx, path);
}

/* ---- reading ---- */

static enum rc damaged(struct ctx *cx, const char *path, SAYS const char *why) {
    return fail_field(cx, INVALID, "file", DAMAGED_HINT, "%s is not a whole backup: %s", path, phrase(cx, why));
}

static void json_release(json_t **value) { json_decref(*value); }

static bool read_sha256(const char *text, unsigned char *out) {
    if (!text || strlen(text) != 64) return false;
    for (size_t i = 0; i < 32; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

/* Nothing may land anywhere else than a backup of ours would put it. */
static bool name_is_ours(Str name) {
    if (str_is(name, ARCHIVE_DATABASE) || str_is(name, ARCHIVE_CONF)) return true;
    if (!str_starts(name, S(ARCHIVE_FILES)) || name.n > 1024 || str_has_control(name)) return false;
    for (Str rest = name; rest.p;) {
        Str piece = str_cut(&rest, '/');
        if (piece.n == 0 || str_is(piece, ".") || str_is(piece, "..")) return false;
    }
    return true;
}

static enum rc read_parts(struct ctx *cx, const char *path, const json_t *list, struct archive *a) {
    a->count = json_array_size(list);
    a->parts = ARENA_ARRAY(cx->arena, struct archive_part, a->count + 1);
    bool has_database = false;
    for (size_t i = 0; i < a->count; i++) {
        const json_t *item = json_array_get(list, i);
        struct archive_part *part = &a->parts[i];
        part->name = arena_str(cx->arena, str_from(json_string_value(json_object_get(item, "name"))));
        part->size = json_integer_value(json_object_get(item, "size"));
        if (!name_is_ours(part->name) || part->size < 0 ||
            !read_sha256(json_string_value(json_object_get(item, "sha256")), part->sha256))
            return damaged(cx, path, "its manifest names a part that no backup has");
        if (str_is(part->name, ARCHIVE_DATABASE)) has_database = true;
        if (part->size > INT64_MAX - a->bytes) return damaged(cx, path, "its manifest gives impossible sizes");
        a->bytes += part->size;
    }
    return has_database ? OK : damaged(cx, path, "there is no database in it");
}

static enum rc parse_manifest(struct ctx *cx, const char *path, Str text, struct archive *out) {
    json_error_t error;
    AUTO(json_release) json_t *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    const char *format = json_string_value(json_object_get(root, "format"));
    if (!format || strcmp(format, FORMAT) != 0) return damaged(cx, path, "its manifest is not that of a backup");
    if (json_integer_value(json_object_get(root, "version")) != VERSION)
        return fail_field(cx, INVALID, "file", "install the newer version of the program",
                          "%s was written by a newer program", path);
    struct archive a = {
        .program = arena_str(cx->arena, str_from(json_string_value(json_object_get(root, "program")))),
        .schema = (int)json_integer_value(json_object_get(root, "schema")),
    };
    if (!instant_parse(str_from(json_string_value(json_object_get(root, "made_at"))), &a.made_at))
        return damaged(cx, path, "its manifest has no date");
    TRY(read_parts(cx, path, json_object_get(root, "parts"), &a));
    *out = a;
    return OK;
}

static enum rc open_archive(struct ctx *cx, const char *path, zip_t **out) {
    int code = 0;
    *out = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (*out) return OK;
    if (code == ZIP_ER_NOENT) return fail_field(cx, NOT_FOUND, "file", NULL, "there is no file %s", path);
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    enum rc rc = damaged(cx, path, zip_error_strerror(&error));
    zip_error_fini(&error);
    return rc;
}

static enum rc read_manifest(struct ctx *cx, const char *path, zip_t *zip, struct archive *out) {
    zip_stat_t st;
    if (zip_stat(zip, MANIFEST, 0, &st) != 0) return damaged(cx, path, "it has no manifest");
    if (st.size > MAX_MANIFEST) return damaged(cx, path, "its manifest is too large");
    AUTO(part_close) zip_file_t *file = zip_fopen(zip, MANIFEST, 0);
    char *text = arena_alloc(cx->arena, st.size + 1);
    /* One byte more than it should have, so that the checksum is compared as well. */
    zip_int64_t n = file ? zip_fread(file, text, st.size + 1) : -1;
    if (n < 0 || (zip_uint64_t)n != st.size) return damaged(cx, path, "its manifest cannot be read");
    TRY(parse_manifest(cx, path, (Str){text, (size_t)n}, out));
    if ((zip_uint64_t)zip_get_num_entries(zip, 0) != out->count + 1)
        return damaged(cx, path, "it holds other parts than its manifest says");
    return OK;
}

static enum rc write_piece(struct ctx *cx, int fd, Str piece) {
    while (piece.n) {
        ssize_t done = write(fd, piece.p, piece.n);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return fail(cx, INTERNAL, "could not unpack the backup: %s", strerror(errno));
        piece = (Str){piece.p + done, piece.n - (size_t)done};
    }
    return OK;
}

struct copying {
    const char *path, *what;
    int64_t done, total;
    char *piece;
    const struct archive_watch *watch;
};

/* Reads one part to its end, into `fd` unless that is negative, and compares it with the manifest. */
static enum rc read_part(struct ctx *cx, zip_t *zip, const struct archive_part *part, int fd, struct copying *c) {
    AUTO(part_close) zip_file_t *file = zip_fopen(zip, arena_cstr(cx->arena, part->name), 0);
    if (!file) return damaged(cx, c->path, "a part is missing or unreadable");
    struct sha256_ctx hash;
    unsigned char found[SHA256_DIGEST_SIZE];
    sha256_init(&hash);
    int64_t size = 0;
    for (;;) {
        zip_int64_t n = zip_fread(file, c->piece, PIECE);
        if (n < 0) return damaged(cx, c->path, "a part is damaged");
        if (n == 0) break;
        size += n;
        if (size > part->size) return damaged(cx, c->path, "a part is larger than its manifest says");
        sha256_update(&hash, (size_t)n, (const uint8_t *)c->piece);
        if (fd >= 0) TRY(write_piece(cx, fd, (Str){c->piece, (size_t)n}));
        c->done += n;
        tell(c->watch, c->what, c->done, c->total);
    }
    sha256_digest(&hash, sizeof found, found);
    if (size != part->size || memcmp(found, part->sha256, sizeof found) != 0)
        return damaged(cx, c->path, "a part differs from its manifest");
    return OK;
}

enum rc archive_check(struct ctx *cx, const char *path, const struct archive_watch *watch, struct archive *out) {
    AUTO(zip_close_quietly) zip_t *zip = NULL;
    struct archive a;
    TRY(open_archive(cx, path, &zip));
    TRY(read_manifest(cx, path, zip, &a));
    struct copying c = {path, "check", 0, a.bytes, arena_alloc(cx->arena, PIECE), watch};
    for (size_t i = 0; i < a.count; i++) TRY(read_part(cx, zip, &a.parts[i], -1, &c));
    *out = a;
    return OK;
}

static enum rc unpack_part(struct ctx *cx, zip_t *zip, const struct archive_part *part, const char *folder,
                           struct copying *c) {
    char *path = arena_cstr(cx->arena, arena_printf(cx->arena, "%s/%.*s", folder, STR_ARG(part->name)));
    char *slash = strrchr(path, '/');
    *slash = '\0';
    TRY(dir_make(cx, path, 0700));
    *slash = '/';
    AUTO(close_fd) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return fail(cx, INTERNAL, "could not create %s: %s", path, strerror(errno));
    TRY(read_part(cx, zip, part, fd, c));
    if (fsync(fd) != 0) return fail(cx, INTERNAL, "could not sync %s: %s", path, strerror(errno));
    return OK;
}

enum rc archive_unpack(struct ctx *cx, const struct archive *a, const char *path, const char *folder,
                       const struct archive_watch *watch) {
    AUTO(zip_close_quietly) zip_t *zip = NULL;
    TRY(open_archive(cx, path, &zip));
    struct copying c = {path, "unpack", 0, a->bytes, arena_alloc(cx->arena, PIECE), watch};
    for (size_t i = 0; i < a->count; i++) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(unpack_part(cx, zip, &a->parts[i], folder, &c));
        arena_rewind(cx->arena, mark);
    }
    return OK;
}
