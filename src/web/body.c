/* Bodies. An uploaded file goes to disk piece by piece, into a folder of its own under the name it had, cleaned, so that the record of
 * an import names the file a person knows. */
#include "web/body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "web/server.h"

#define SURPLUS ((size_t)1024 * 1024) /* read on so far to be able to say no */
#define PART_MAX ((size_t)256 * 1024)

static bool is_type(const struct request *r, const char *type) {
    Str rest = r->content_type, plain = str_trim(str_cut(&rest, ';'));
    return str_equal_nocase(plain, str_from(type));
}

bool body_is_file(const struct request *r) {
    return request_is_api(r) &&
           (is_type(r, "text/csv") || is_type(r, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
}

static void refuse(struct request *r, SAYS const char *why) {
    if (!r->refusal) r->refusal = why;
}

/* What of a file's name may be kept: no folders, no leading dots, nothing a shell or a terminal would mind. */
static Str clean_name(struct arena *arena, const char *given) {
    const char *slash = strrchr(given, '/'), *back = strrchr(given, '\\');
    const char *name = slash ? slash + 1 : given;
    if (back && back + 1 > name) name = back + 1;
    while (*name == '.' || *name == ' ' || *name == '-') name++;
    Str text = str_from(name);
    if (text.n > 120) text = (Str){text.p + text.n - 120, 120};
    char *copy = arena_cstr(arena, text);
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c < ' ' || strchr("\"'`$&|;<>*?!\\:\x7f", *c)) *c = '_';
    bool usable = text.n > 0 && str_is_utf8(str_from(copy));
    return usable ? str_from(copy) : S("file");
}

static struct upload *open_upload(struct request *r, const char *key, const char *filename) {
    if (r->upload_count == UPLOADS_MAX) {
        refuse(r, "too many files in one form");
        return NULL;
    }
    char *folder = arena_cstr(r->arena, arena_printf(r->arena, "%s/XXXXXX", r->server->upload_folder));
    if (!mkdtemp(folder)) {
        refuse(r, "the file could not be kept");
        return NULL;
    }
    struct upload *u = &r->uploads[r->upload_count++];
    Str name = clean_name(r->arena, filename);
    *u = (struct upload){.name = arena_str(r->arena, str_from(key)), .folder = folder};
    u->path = arena_cstr(r->arena, arena_printf(r->arena, "%s/%.*s", folder, STR_ARG(name)));
    u->fd = open(u->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (u->fd < 0) refuse(r, "the file could not be kept");
    return u;
}

static void write_upload(struct request *r, struct upload *u, const char *data, size_t n) {
    while (n && u->fd >= 0) {
        ssize_t put = write(u->fd, data, n);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) {
            refuse(r, "the file could not be kept");
            return;
        }
        data += put;
        n -= (size_t)put;
    }
}

static void end_part(struct request *r) {
    if (!r->part_name.p) return;
    if (r->part.overflow || !str_is_utf8(buf_str(&r->part)) || memchr(r->part.p ? r->part.p : "", 0, r->part.n))
        refuse(r, "a field of the form is not UTF-8 text or too long");
    else if (r->form.count >= FIELDS_MAX)
        refuse(r, "the form has too many fields");
    else
        fields_add(r->arena, &r->form, r->part_name, arena_str(r->arena, buf_str(&r->part)));
    buf_done(&r->part);
    r->part = buf_make(PART_MAX);
    r->part_name = (Str){NULL, 0};
}

static void hash_head(struct request *r, const char *key, const char *filename) {
    sha256_update(&r->form_hash, 1, (const uint8_t *)"");
    sha256_update(&r->form_hash, strlen(key) + 1, (const uint8_t *)key);
    if (filename) sha256_update(&r->form_hash, strlen(filename) + 1, (const uint8_t *)filename);
}

static enum MHD_Result take_part(void *self, enum MHD_ValueKind kind, const char *key, const char *filename,
                                 const char *type, const char *encoding, const char *data, uint64_t offset, size_t n) {
    (void)kind, (void)type, (void)encoding;
    struct request *r = self;
    if (!key || r->refusal) return MHD_YES;
    if (offset == 0) hash_head(r, key, filename);
    sha256_update(&r->form_hash, n, (const uint8_t *)data);
    if (offset == 0) end_part(r);
    if (!filename || !*filename) {
        /* A file field left empty has a name of no file and no bytes. */
        if (filename && n == 0) return MHD_YES;
        if (offset == 0) r->part_name = arena_str(r->arena, str_from(key));
        buf_add(&r->part, (Str){data, n});
        return MHD_YES;
    }
    struct upload *u = r->upload_count ? &r->uploads[r->upload_count - 1] : NULL;
    if (offset == 0) u = open_upload(r, key, filename);
    if (u) write_upload(r, u, data, n);
    return MHD_YES;
}

/* A proxy before us may believe the other one and take what follows for a request of its own. */
static bool framed_twice(const struct request *r) {
    size_t told = 0;
    for (size_t i = 0; i < r->headers.count; i++)
        told += str_equal_nocase(r->headers.items[i].name, S("Content-Length")) || str_equal_nocase(r->headers.items[i].name, S("Transfer-Encoding"));
    return told > 1;
}

bool body_begin(struct request *r) {
    Str length = fields_header(&r->headers, "Content-Length");
    int64_t bytes = 0;
    if (framed_twice(r)) {
        answer_error(r, 400, "INVALID", "the length of the body is told twice", NULL);
        answer_header(r, "Connection", S("close")); /* where the next request begins is not known */
        return false;
    }
    r->content_type = fields_header(&r->headers, "Content-Type");
    r->allowed = dispatch_body_limit(r);
    r->body = buf_make(r->allowed + 1);
    r->part = buf_make(PART_MAX);
    if (length.p && (!str_to_i64(length, &bytes) || bytes < 0)) {
        answer_error(r, 400, "INVALID", "the length of the body is not a number", NULL);
        return false;
    }
    r->expected = length.p ? (size_t)bytes : r->allowed;
    if ((uint64_t)bytes > r->allowed) {
        answer_error(r, 413, "INVALID", "the body is larger than this server takes", "split the file, or import it with the command line");
        return false;
    }
    sha256_init(&r->form_hash);
    if (body_is_file(r)) {
        open_upload(r, "file", is_type(r, "text/csv") ? "import.csv" : "import.xlsx");
        return true;
    }
    if (!is_type(r, "multipart/form-data")) return true;
    r->post = MHD_create_post_processor(r->connection, 16384, take_part, r);
    if (!r->post) refuse(r, "the form has no boundary");
    return true;
}

bool body_take(struct request *r, const char *data, size_t n) {
    r->received += n;
    if (r->received > r->allowed) {
        r->too_much = true;
        return r->received <= r->allowed + SURPLUS;
    }
    if (body_is_file(r)) {
        sha256_update(&r->form_hash, n, (const uint8_t *)data);
        if (r->upload_count) write_upload(r, &r->uploads[0], data, n);
    } else if (r->post) {
        if (MHD_post_process(r->post, data, n) != MHD_YES) refuse(r, "the form is malformed");
    } else {
        buf_add(&r->body, (Str){data, n});
    }
    return true;
}

void body_end(struct request *r) {
    if (r->post) {
        if (MHD_destroy_post_processor(r->post) != MHD_YES) refuse(r, "the form is cut off");
        r->post = NULL;
        end_part(r);
    }
    for (size_t i = 0; i < r->upload_count; i++) {
        if (r->uploads[i].fd >= 0) close(r->uploads[i].fd);
        r->uploads[i].fd = -1;
    }
    if (!r->refusal && is_type(r, "application/x-www-form-urlencoded")) {
        struct ctx cx = {.arena = r->arena};
        if (fields_parse(&cx, buf_str(&r->body), &r->form) != OK) refuse(r, "the form is not well encoded");
    }
}

void body_done(struct request *r) {
    if (r->post) MHD_destroy_post_processor(r->post);
    for (size_t i = 0; i < r->upload_count; i++) {
        struct ctx cx = {.arena = r->arena};
        if (r->uploads[i].fd >= 0) close(r->uploads[i].fd);
        if (dir_remove(&cx, r->uploads[i].folder) != OK) r->refusal = PHRASE("an uploaded file could not be removed");
    }
    buf_done(&r->body);
    buf_done(&r->part);
}
