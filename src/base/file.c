/* Whole-file reads and atomic writes. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(const int *fd) {
    if (*fd >= 0) close(*fd);
}

const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

enum rc file_place(struct ctx *cx, const char *field, const char *path) {
    size_t folder_n = (size_t)(file_name(path) - path);
    const char *folder = folder_n ? arena_cstr(cx->arena, (Str){path, folder_n}) : ".";
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) return fail_field(cx, INVALID, field, NULL, "%s is a folder, not a file", path);
    if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
        return fail_field(cx, NOT_FOUND, field, "make it first, or name another", "there is no folder %s", folder);
    if (access(folder, W_OK) != 0) return fail_field(cx, DENIED, field, "name another", "nothing may be written into %s", folder);
    return OK;
}

enum rc file_read(struct ctx *cx, const char *path, size_t max, Str *out_text) {
    AUTO(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(cx, errno == ENOENT ? NOT_FOUND : INTERNAL, "cannot read %s: %s", path, strerror(errno));
    struct stat st;
    if (fstat(fd, &st) != 0) return fail(cx, INTERNAL, "cannot read %s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode)) return fail(cx, INVALID, "%s is a folder, not a file", path);
    size_t capacity = st.st_size > 0 ? (size_t)st.st_size : 4096, n = 0;
    if (capacity > max) return fail(cx, INVALID, "%s is larger than %zu bytes", file_name(path), max);
    char *text = arena_alloc(cx->arena, capacity + 1);
    for (;;) {
        if (n == capacity) {
            char probe;
            ssize_t more = read(fd, &probe, 1);
            if (more == 0) break;
            if (capacity >= max) return fail(cx, INVALID, "%s is larger than %zu bytes", file_name(path), max);
            size_t bigger = capacity * 2 < max ? capacity * 2 : max;
            char *grown = arena_alloc(cx->arena, bigger + 1);
            memcpy(grown, text, n);
            if (more > 0) grown[n++] = probe;
            text = grown;
            capacity = bigger;
            continue;
        }
        ssize_t got = read(fd, text + n, capacity - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(cx, INTERNAL, "cannot read %s: %s", path, strerror(errno));
        if (got == 0) break;
        n += (size_t)got;
    }
    *out_text = (Str){text, n};
    return OK;
}

static enum rc write_all(struct ctx *cx, int fd, Str text, const char *path, bool durable) {
    while (text.n) {
        ssize_t done = write(fd, text.p, text.n);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return fail(cx, INTERNAL, "could not write %s: %s", path, strerror(errno));
        text = (Str){text.p + done, text.n - (size_t)done};
    }
    if (durable && fsync(fd) != 0) return fail(cx, INTERNAL, "could not sync %s: %s", path, strerror(errno));
    return OK;
}

static enum rc write_beside(struct ctx *cx, const char *path, Str text, unsigned mode, bool durable) {
    char *beside = arena_cstr(cx->arena, arena_printf(cx->arena, "%s.%ld.new", path, (long)getpid()));
    {
        AUTO(close_fd) int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
        if (fd < 0) return fail(cx, INTERNAL, "could not create %s: %s", beside, strerror(errno));
        enum rc rc = write_all(cx, fd, text, beside, durable);
        if (rc != OK) {
            unlink(beside);
            return rc;
        }
    }
    if (rename(beside, path) != 0) {
        int reason = errno;
        unlink(beside);
        return fail(cx, INTERNAL, "could not rename %s to %s: %s", beside, path, strerror(reason));
    }
    return OK;
}

enum rc file_write_soon(struct ctx *cx, const char *path, Str text, unsigned mode) {
    return write_beside(cx, path, text, mode, false);
}

enum rc file_write(struct ctx *cx, const char *path, Str text, unsigned mode) {
    TRY(write_beside(cx, path, text, mode, true));
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_cstr(cx->arena, (Str){path, (size_t)(slash - path) + 1}) : ".";
    return dir_sync(cx, folder);
}

enum rc dir_sync(struct ctx *cx, const char *path) {
    AUTO(close_fd) int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0 && fsync(dir) != 0) return fail(cx, INTERNAL, "could not sync %s: %s", path, strerror(errno));
    return OK;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place) {
    (void)st, (void)kind, (void)place;
    return remove(path);
}

enum rc dir_remove(struct ctx *cx, const char *path) {
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT) return OK;
    return fail(cx, INTERNAL, "could not remove %s: %s", path, strerror(errno));
}

enum rc dir_list(struct ctx *cx, const char *path, Str **out_names, size_t *out_count) {
    VEC_OF(Str) names = {0};
    DIR *dir = opendir(path);
    if (!dir)
        return fail(cx, errno == ENOENT ? NOT_FOUND : INTERNAL, "cannot read folder %s: %s", path, strerror(errno));
    errno = 0;
    for (const struct dirent *e; (e = readdir(dir));) {
        Str name = str_from(e->d_name);
        if (!str_is(name, ".") && !str_is(name, "..")) *VEC_PUSH(cx->arena, &names) = arena_str(cx->arena, name);
    }
    int reason = errno;
    closedir(dir);
    if (reason) return fail(cx, INTERNAL, "cannot read folder %s: %s", path, strerror(reason));
    *out_names = names.items;
    *out_count = names.count;
    return OK;
}

bool file_exists(const char *path) { return access(path, F_OK) == 0; }

enum rc dir_make(struct ctx *cx, const char *path, unsigned mode) {
    char part[PATH_MAX];
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof part) return fail(cx, INVALID, "cannot make a folder with this path: %s", path);
    for (size_t i = 1; i <= n; i++) {
        if (i < n && path[i] != '/') continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, mode) != 0 && errno != EEXIST)
            return fail(cx, INTERNAL, "could not make folder %s: %s", part, strerror(errno));
    }
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) return fail(cx, INVALID, "%s is not a folder", path);
    return OK;
}
