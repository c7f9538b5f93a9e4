/* `aldia restore FILE`: an installation out of a backup (REQ: L12, INV: I15).
 *
 * The archive is read whole before anything is written; then all of it is unpacked beside the data, in DATA/.restore,
 * checked again as a database, and only then moved into place by renaming. Killed anywhere, the old data or the new are
 * there, never a mixture: instance.id goes first, so that nothing is sent whatever happens, and the database last. */
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
#include "outbox_sql.h"
#include "store/migrate.h"

#define WORK ".restore"

struct restoring {
    struct ctx *cx;
    struct call *call;
    const char *database; /* where the database is to lie */
    const char *work;
    struct archive archive;
    int schema;
};

static void close_fd(const int *fd) {
    if (*fd >= 0) close(*fd);
}

static char *join(struct ctx *cx, const char *folder, const char *name) {
    return arena_cstr(cx->arena, arena_printf(cx->arena, "%s/%s", folder, name));
}

static char *beside(struct ctx *cx, const char *path, const char *ending) {
    return arena_cstr(cx->arena, arena_printf(cx->arena, "%s%s", path, ending));
}

static enum rc check_place(struct restoring *r) {
    struct ctx *cx = r->cx;
    const struct app *app = r->call->app;
    Str url = str_from(app->db_url), *names;
    size_t n, used = 0;
    if (str_starts(url, S("postgresql://")) || str_starts(url, S("postgres://")))
        return fail_field(cx, INVALID, "db", "restore it with pg_restore or psql", "aldia restore is for SQLite");
    r->database = str_starts(url, S("sqlite:")) ? app->db_url + S("sqlite:").n : app->db_url;
    enum rc rc = dir_list(cx, app->data_dir, &names, &n);
    if (rc == OK) {
        for (size_t i = 0; i < n; i++) used += !str_is(names[i], WORK);
    } else if (rc != NOT_FOUND) {
        return rc;
    }
    if ((used || file_exists(r->database)) && !arg_flag(r->call, "replace"))
        return fail_field(cx, CONFLICT, "data",
                          "name another --data directory, or say --replace to give up what is there", "%s is not empty",
                          app->data_dir);
    return OK;
}

/* As a database of ours: whole, of a schema this program knows, and from now on unconfirmed. */
static enum rc prepare_database(struct restoring *r, const char *path) {
    struct ctx *cx = r->cx;
    struct migrate_state state;
    {
        AUTO(db_release) struct db *db = NULL;
        TRY(db_open(cx, path, false, &db));
        TRY(db_integrity(cx, db));
        TRY(migrate_check(cx, db, &state));
        if (state.present == 0) return fail(cx, INVALID, "the backup's database is empty");
        r->schema = state.present;
        AUTO(tx_end) struct ctx *scope = cx;
        TRY(tx_begin(cx, db, TX_WRITE));
        TRY(instance_unconfirm(cx));
        TRY(tx_commit(scope));
        TRY(db_checkpoint(cx, db));
    }
    /* All of it is in the database file now. */
    static const char *const endings[] = {"-wal", "-shm", "-writer"};
    for (size_t i = 0; i < COUNT_OF(endings); i++) unlink(beside(cx, path, endings[i]));
    return OK;
}

static enum rc move(struct restoring *r, const char *from, const char *to) {
    if (rename(from, to) == 0 || errno == ENOENT) return OK;
    return fail(r->cx, INTERNAL, "could not move %s to %s: %s", from, to, strerror(errno));
}

/* What is replaced goes into DATA/.restore/old, and with it. The write-ahead log goes before its database is replaced:
 * to the new one it would be poison. */
static enum rc move_in(struct restoring *r) {
    struct ctx *cx = r->cx;
    const struct app *app = r->call->app;
    const char *old = join(cx, r->work, "old");
    TRY(dir_make(cx, old, 0700));
    if (unlink(app_path(cx, app, "instance.id")) != 0 && errno != ENOENT)
        return fail(cx, INTERNAL, "could not remove instance.id: %s", strerror(errno));
    TRY(dir_sync(cx, app->data_dir));
    TRY(move(r, app_path(cx, app, "files"), join(cx, old, "files")));
    TRY(move(r, join(cx, r->work, "files"), app_path(cx, app, "files")));
    if (!file_exists(app_path(cx, app, ARCHIVE_CONF)))
        TRY(move(r, join(cx, r->work, ARCHIVE_CONF), app_path(cx, app, ARCHIVE_CONF)));
    TRY(move(r, beside(cx, r->database, "-wal"), join(cx, old, "aldia.db-wal")));
    TRY(move(r, beside(cx, r->database, "-shm"), join(cx, old, "aldia.db-shm")));
    TRY(move(r, join(cx, r->work, ARCHIVE_DATABASE), r->database));
    return dir_sync(cx, app->data_dir);
}

/* Waits for whoever writes the present database, and keeps them out while it is exchanged. A database too damaged to be
 * opened has no writers. */
static enum rc lock_present(struct restoring *r, struct db **out_db) {
    struct ctx *cx = r->cx;
    struct fault before = cx->fault;
    if (file_exists(r->database) && db_open(cx, r->database, false, out_db) == OK) {
        enum rc rc = tx_begin(cx, *out_db, TX_WRITE);
        if (rc == BUSY) return rc;
    }
    cx->fault = before;
    return OK;
}

static enum rc unpack_and_move(struct restoring *r, const char *file) {
    struct ctx *cx = r->cx;
    struct archive_watch watch = {r->call->progress, r->call->self};
    TRY(archive_unpack(cx, &r->archive, file, r->work, &watch));
    TRY(dir_make(cx, join(cx, r->work, "files"), 0700));
    TRY(prepare_database(r, join(cx, r->work, ARCHIVE_DATABASE)));
    AUTO(db_release) struct db *present = NULL;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(lock_present(r, &present));
    enum rc rc = move_in(r);
    tx_rollback(scope);
    return rc;
}

static enum rc work_in_folder(struct restoring *r, const char *file) {
    struct ctx *cx = r->cx;
    AUTO(close_fd) int fd = -1;
    bool made = !file_exists(r->call->app->data_dir);
    TRY(dir_make(cx, r->call->app->data_dir, 0700));
    fd = open(r->call->app->data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0)
        return fail_field(cx, BUSY, "data", NULL, "another restore into %s is going on", r->call->app->data_dir);
    TRY(dir_remove(cx, r->work));
    TRY(dir_make(cx, r->work, 0700));
    enum rc rc = unpack_and_move(r, file);
    struct fault why = cx->fault;
    enum rc cleared = dir_remove(cx, r->work);
    if (rc == OK) return cleared;
    if (made) rmdir(r->call->app->data_dir);
    cx->fault = why;
    return rc;
}

static enum rc restore(struct ctx *cx, struct call *call) {
    const char *file = arena_cstr(cx->arena, arg_text(call, "file"));
    struct restoring r = {.cx = cx, .call = call, .work = app_path(cx, call->app, WORK)};
    struct archive_watch watch = {call->progress, call->self};
    umask(077);
    TRY(check_place(&r));
    TRY(archive_check(cx, file, &watch, &r.archive));
    enum rc rc = work_in_folder(&r, file);
    if (rc != OK) {
        log_write(LOG_ERROR, "restore_failed", "reason=\"%s\"", cx->fault.plain);
        return rc;
    }
    TRY(dir_make(cx, app_path(cx, call->app, "backup"), 0700));
    bool has_key = file_exists(app_secret_key_path(cx, call->app));
    log_write(LOG_INFO, "restore_done", "parts=%zu schema=%d", r.archive.count, r.schema);
    char made[INSTANT_TEXT];
    json_object(call->out);
    json_put_text(call->out, "data", call->app->data_dir);
    json_put_str(call->out, "made_at", instant_format(r.archive.made_at, made));
    json_put_i64(call->out, "schema", r.schema);
    json_put_text(call->out, "next", "nothing is sent until: aldia instance confirm");
    json_put_text(call->out, "key", has_key ? "present" : "put secret.key back from where it was kept, or run aldia migrate and let people set up their second factors anew");
    json_object_end(call->out);
    return OK;
}

const struct action restore_action = {
    .verb = "restore",
    .summary = "Make an installation out of a backup; it sends nothing until confirmed",
    .details =
        "Into an empty or missing data directory; with --replace over the present data, whose aldia.conf and "
        "hand-off journal stay. A damaged backup is refused and changes nothing. Afterwards nothing is sent until "
        "`aldia instance confirm`, which marks what the journal says was handed over since the backup. Backups do not hold "
        "secret.key: kept apart it opens the second factors again; without it people use a recovery code, or "
        "`aldia user reset-two-factor`.",
    .needs = CAP_INSTALL,
    .tx = TX_NONE,
    .without_company = true,
    .params = PARAMS({"file", P_FILE, REQUIRED | POSITIONAL, "a file written by aldia backup", NULL},
                     {"replace", P_FLAG, OPTIONAL, "give up the present database and attachments", NULL}),
    .run = restore,
};
