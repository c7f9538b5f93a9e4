/* `aldia backup FILE`: one file with all that an installation is made of, except its secrets (REQ: L12).
 *
 * What is being made lies in FILE.part, a folder beside the target, until it has been read back whole; then it is put
 * in place under its name, which nothing may bear yet. The hand-off journal and instance.id stay out on purpose: a
 * restored database must look restored (INV: I15). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "action/action.h"
#include "action/app.h"
#include "action/archive.h"
#include "base/file.h"
#include "base/log.h"
#include "store/migrate.h"

#define MAX_CONF ((size_t)256 * 1024)

struct making {
    struct ctx *cx;
    struct call *call;
    const char *target, *folder;
    VEC_OF(struct archive_part) parts;
};

static void close_fd(const int *fd) {
    if (*fd >= 0) close(*fd);
}

static char *in_folder(struct making *m, const char *name) {
    return arena_cstr(m->cx->arena, arena_printf(m->cx->arena, "%s/%s", m->folder, name));
}

static void add_part(struct making *m, Str name, const char *path) {
    *VEC_PUSH(m->cx->arena, &m->parts) = (struct archive_part){.name = name, .path = path};
}

static void pages_copied(void *self, int done, int total) {
    const struct call *call = self;
    if (call->progress) call->progress(call->self, "copy", done, total ? total : 1);
}

static enum rc add_database(struct making *m) {
    const char *path = in_folder(m, ARCHIVE_DATABASE);
    TRY(db_backup(m->cx, m->call->app->db, path, pages_copied, m->call));
    add_part(m, S(ARCHIVE_DATABASE), path);
    return OK;
}

static enum rc add_conf(struct making *m) {
    Str text;
    enum rc rc = file_read(m->cx, app_path(m->cx, m->call->app, ARCHIVE_CONF), MAX_CONF, &text);
    if (rc == NOT_FOUND) return OK;
    TRY(rc);
    AUTO(buf_done) struct buf kept = buf_make(MAX_CONF * 4);
    settings_without_secrets(text, &kept);
    const char *path = in_folder(m, ARCHIVE_CONF);
    TRY(file_write(m->cx, path, buf_str(&kept), 0600));
    add_part(m, S(ARCHIVE_CONF), path);
    return OK;
}

/* Attachments are named by their content and written once: what is there does not change under us. */
static enum rc add_files(struct making *m, Str name) {
    struct ctx *cx = m->cx;
    const char *path = app_path(cx, m->call->app, arena_cstr(cx->arena, name));
    struct stat st;
    if (lstat(path, &st) != 0) return errno == ENOENT ? OK : fail(cx, INTERNAL, "cannot read %s", path);
    if (S_ISREG(st.st_mode)) add_part(m, name, path);
    if (!S_ISDIR(st.st_mode)) return OK;
    Str *names;
    size_t n;
    TRY(dir_list(cx, path, &names, &n));
    for (size_t i = 0; i < n; i++)
        TRY(add_files(m, arena_printf(cx->arena, "%.*s/%.*s", STR_ARG(name), STR_ARG(names[i]))));
    return OK;
}

/* Under its final name, never over something that bears it already. */
static enum rc put_in_place(struct making *m, const char *made) {
    if (link(made, m->target) == 0) return OK;
    if (errno == EEXIST || access(m->target, F_OK) == 0)
        return fail_field(m->cx, CONFLICT, "file", "choose another name", "%s exists already", m->target);
    if (rename(made, m->target) == 0) return OK; /* a disk without hard links */
    return fail(m->cx, INTERNAL, "could not write %s: %s", m->target, strerror(errno));
}

static const char *folder_of(struct ctx *cx, const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? arena_cstr(cx->arena, (Str){path, (size_t)(slash - path) + 1}) : ".";
}

static enum rc make(struct making *m, struct archive *out) {
    struct ctx *cx = m->cx;
    struct migrate_state state;
    TRY(migrate_check(cx, m->call->app->db, &state));
    TRY(add_database(m));
    TRY(add_conf(m));
    TRY(add_files(m, S("files")));
    struct archive a = {.made_at = cx->now,
                        .program = S(ALDIA_VERSION),
                        .schema = state.present,
                        .parts = m->parts.items,
                        .count = m->parts.count};
    struct archive_watch watch = {m->call->progress, m->call->self};
    const char *made = in_folder(m, "archive");
    TRY(archive_write(cx, &a, made, &watch));
    struct archive again;
    TRY(archive_check(cx, made, &watch, &again));
    TRY(put_in_place(m, made));
    *out = a;
    return dir_sync(cx, folder_of(cx, m->target));
}

/* The folder beside the target; a crashed backup's is used again, a living one's is not touched. */
static enum rc take_folder(struct making *m, int *out_fd) {
    struct ctx *cx = m->cx;
    if (mkdir(m->folder, 0700) != 0 && errno != EEXIST)
        return fail_field(cx, INTERNAL, "file", NULL, "could not make %s: %s", m->folder, strerror(errno));
    *out_fd = open(m->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (*out_fd < 0) return fail(cx, INTERNAL, "could not open %s: %s", m->folder, strerror(errno));
    if (flock(*out_fd, LOCK_EX | LOCK_NB) != 0)
        return fail_field(cx, BUSY, "file", NULL, "another backup to %s is being written", m->target);
    Str *names;
    size_t n;
    TRY(dir_list(cx, m->folder, &names, &n));
    for (size_t i = 0; i < n; i++) TRY(dir_remove(cx, in_folder(m, arena_cstr(cx->arena, names[i]))));
    return OK;
}

static enum rc backup(struct ctx *cx, struct call *call) {
    const char *target = arena_cstr(cx->arena, arg_text(call, "file"));
    if (db_engine(call->app->db) == DB_POSTGRES)
        return fail_field(cx, INVALID, "db", "back it up with pg_dump, and keep aldia.conf, files/ and handoff.journal",
                          "the data are in PostgreSQL: aldia backup is for SQLite");
    if (file_exists(target))
        return fail_field(cx, CONFLICT, "file", "choose another name", "%s exists already", target);
    struct making m = {.cx = cx,
                       .call = call,
                       .target = target,
                       .folder = arena_cstr(cx->arena, arena_printf(cx->arena, "%s.part", target))};
    struct archive a;
    umask(077); /* everybody's names and debts: for the owner alone */
    {
        AUTO(close_fd) int fd = -1;
        TRY(take_folder(&m, &fd));
        enum rc rc = make(&m, &a);
        struct fault why = cx->fault;
        enum rc cleared = dir_remove(cx, m.folder);
        if (rc != OK) {
            cx->fault = why;
            log_write(LOG_ERROR, "backup_failed", "reason=\"%s\"", why.message);
            return rc;
        }
        TRY(cleared);
    }
    log_write(LOG_INFO, "backup_made", "parts=%zu bytes=%lld schema=%d", a.count, (long long)a.bytes, a.schema);
    json_object(call->out);
    json_put_text(call->out, "file", target);
    json_put_i64(call->out, "parts", (int64_t)a.count);
    json_put_i64(call->out, "bytes", a.bytes);
    json_put_i64(call->out, "schema", a.schema);
    json_object_end(call->out);
    return OK;
}

const struct action backup_action = {
    .verb = "backup",
    .summary = "Write everything into one file",
    .details =
        "The database, the attachments and aldia.conf without its secrets, in a ZIP archive with checksums. Work "
        "goes on meanwhile. The file is complete or not there; nothing is ever written over. For PostgreSQL use "
        "pg_dump.",
    .needs = CAP_INSTALL,
    .tx = TX_NONE,
    .of_installation = true,
    .params = PARAMS({"file", P_FILE, REQUIRED | POSITIONAL | WRITTEN, "the file to write", NULL}),
    .run = backup,
    .exports = EXPORTS_NOBODY, /* of all companies: the operator's, sealed */
};
