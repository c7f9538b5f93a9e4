/* SQLite connections, transactions, checkpoints and backups.
 *
 * Debian 12's SQLite 3.40.1 has a race between a checkpoint and a writer on different connections. It cannot happen
 * here: both run only under the writers' lock, the automatic checkpoint is off, and so is the one SQLite makes when the
 * last connection closes (domain.md 6). */
#include "store/sqlite.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

#define CHECKPOINT_PAGES 4000
#define CHECKPOINT_RETRY_PAGES 1000 /* further pages before another try when readers were in the way */
#define TRUNCATE_BYTES ((int64_t)64 * 1024 * 1024)
#define BACKUP_PAGES 1000
#define CACHE_ORDINARY "PRAGMA cache_size = -16384"
#define CACHE_OF_BULK "PRAGMA cache_size = -65536" /* most of the indexes of a million invoices; a server has no more to give */

const char *sqlite_path(const struct db *db) { return ((const struct sqlite_db *)db)->path; }

sqlite3 *sqlite_handle(struct db *db) { return db->tx.mode == TX_READ ? sqlite_of(db)->reader : sqlite_of(db)->writer; }

enum rc sqlite_fault(struct ctx *cx, struct db *db, sqlite3 *handle, int code, const char *what) {
    const char *message = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return fail(cx, CONFLICT, "%s: %s", what, message);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return fail(cx, BUSY, "%s: the database is locked by another program", what);
    case SQLITE_READONLY: return fail(cx, INTERNAL, "%s: the transaction or the database file is read-only", what);
    case SQLITE_FULL: return fail(cx, INTERNAL, "%s: the disk is full", what);
    case SQLITE_TOOBIG: return fail(cx, INVALID, "%s: a value is larger than the database can hold", what);
    case SQLITE_IOERR:
        db->in_doubt = true;
        return fail(cx, INTERNAL, "%s: I/O error of the disk (%s, code %d)", what, message, code);
    case SQLITE_CORRUPT:
        db->in_doubt = true;
        return fail_field(cx, INTERNAL, NULL, "restore the last backup", "%s: the database file is damaged (%s)", what,
                          message);
    case SQLITE_NOTADB: return fail(cx, INVALID, "%s is not a SQLite database", what);
    default: return fail(cx, INTERNAL, "%s: %s (code %d)", what, message, code);
    }
}

/* ---- opening ---- */

static int note_wal_pages(void *self, sqlite3 *handle, const char *schema, int pages) {
    (void)handle;
    (void)schema;
    ((struct sqlite_db *)self)->wal_pages = pages;
    return SQLITE_OK;
}

static int configure(sqlite3 *handle) {
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
        {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        int code = sqlite3_db_config(handle, options[i].option, options[i].value, NULL);
        if (code != SQLITE_OK) return code;
    }
    sqlite3_busy_timeout(handle, WRITER_WAIT_MS);
    /* recursive_triggers: else REPLACE would delete rows of append-only tables without firing their triggers. */
    return sqlite3_exec(handle,
                        "PRAGMA synchronous = FULL; PRAGMA temp_store = FILE; PRAGMA mmap_size = 0;"
                        "PRAGMA recursive_triggers = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -4096",
                        NULL, NULL, NULL);
}

static enum rc open_handle(struct ctx *cx, struct sqlite_db *db, int flags, sqlite3 **out_handle) {
    sqlite3 *handle = NULL;
    int code = sqlite3_open_v2(db->path, &handle,
                               flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE, NULL);
    if (code == SQLITE_OK) code = configure(handle);
    if (code == SQLITE_OK) code = sqlite_rows_register(handle);
    if (code != SQLITE_OK) {
        enum rc rc = sqlite_fault(cx, &db->base, handle, code, db->path);
        sqlite3_close(handle);
        return rc;
    }
    *out_handle = handle;
    return OK;
}

static int is_wal(void *out_is_wal, int columns, char **values, char **names) {
    (void)columns;
    (void)names;
    *(bool *)out_is_wal = values[0] && strcmp(values[0], "wal") == 0;
    return 0;
}

/* A new file becomes a WAL database; several programs may try at the same time, hence the lock. */
static enum rc enter_wal(struct ctx *cx, struct sqlite_db *db) {
    bool wal = false;
    TRY(writer_lock_take(cx, &db->lock, WRITER_WAIT_MS));
    int code = sqlite3_exec(db->writer, "PRAGMA journal_mode = WAL", is_wal, &wal, NULL);
    writer_lock_drop(&db->lock);
    if (code != SQLITE_OK) return sqlite_fault(cx, &db->base, db->writer, code, db->path);
    return wal ? OK : fail(cx, INTERNAL, "%s cannot be kept in write-ahead mode; is it on a network disk?", db->path);
}

static enum rc open_writer(struct ctx *cx, struct sqlite_db *db, bool create) {
    TRY(open_handle(cx, db, SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), &db->writer));
    int code = sqlite3_exec(db->writer, CACHE_ORDINARY, NULL, NULL, NULL);
    bool wal = false;
    if (code == SQLITE_OK) code = sqlite3_exec(db->writer, "PRAGMA journal_mode", is_wal, &wal, NULL);
    if (code != SQLITE_OK) return sqlite_fault(cx, &db->base, db->writer, code, db->path);
    if (!wal) TRY(enter_wal(cx, db));
    sqlite3_wal_hook(db->writer, note_wal_pages, db);
    return OK;
}

static void sqlite_close(struct db *base) {
    struct sqlite_db *db = sqlite_of(base);
    sqlite3_finalize(db->version);
    sqlite3_close(db->reader);
    sqlite3_close(db->writer);
    writer_lock_close(&db->lock);
    mem_free(db->path);
    mem_free(db);
}

static enum rc refuse_to_write(struct ctx *cx, const struct sqlite_db *db) {
    return fail_field(cx, INTERNAL, NULL,
                      "check the permissions of the data directory and whether its disk is mounted "
                      "read-only",
                      "the database %s can only be read", db->path);
}

/* ---- checkpoints ---- */

/* Under the writers' lock. Readers in the way are no failure: the rest follows later. */
static int checkpoint_locked(struct sqlite_db *db) {
    int pages = 0, moved = 0;
    sqlite3_busy_timeout(db->writer, 0);
    int code = sqlite3_wal_checkpoint_v2(db->writer, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &moved);
    sqlite3_int64 page_size = 4096;
    if (code == SQLITE_OK && pages == moved && pages * page_size > TRUNCATE_BYTES)
        code = sqlite3_wal_checkpoint_v2(db->writer, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(db->writer, WRITER_WAIT_MS);
    db->checkpoint_from = pages == moved ? CHECKPOINT_PAGES : pages + CHECKPOINT_RETRY_PAGES;
    return (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED ? SQLITE_OK : code;
}

static enum rc sqlite_checkpoint(struct ctx *cx, struct db *base) {
    struct sqlite_db *db = sqlite_of(base);
    if (!db->writer) return refuse_to_write(cx, db);
    TRY(writer_lock_take(cx, &db->lock, WRITER_WAIT_MS));
    int code = checkpoint_locked(db);
    writer_lock_drop(&db->lock);
    return code == SQLITE_OK ? OK : sqlite_fault(cx, base, db->writer, code, "checkpoint");
}

/* A checkpoint under FULL syncs what relaxed commits left to the system. */
static enum rc sqlite_relax(struct ctx *cx, struct db *base, bool relaxed) {
    struct sqlite_db *db = sqlite_of(base);
    if (!db->writer) return refuse_to_write(cx, db);
    const char *sql = relaxed ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL";
    int code = sqlite3_exec(db->writer, sql, NULL, NULL, NULL);
    if (code != SQLITE_OK) return sqlite_fault(cx, base, db->writer, code, "durability");
    return relaxed ? OK : sqlite_checkpoint(cx, base);
}

static void sqlite_expect_bulk(struct db *base, bool expected) {
    struct sqlite_db *db = sqlite_of(base);
    if (!db->writer) return;
    sqlite3_exec(db->writer, expected ? CACHE_OF_BULK : CACHE_ORDINARY, NULL, NULL, NULL);
    if (expected) return;
    sqlite3_db_release_memory(db->writer);
    malloc_trim(0); /* else the process keeps it for good */
}

/* ---- transactions ---- */

/* On a read-only disk without a log there is nobody who could write: the engine may take the file as it is. */
static enum rc open_reader(struct ctx *cx, struct sqlite_db *db) {
    Str log = arena_printf(cx->arena, "%s-wal", db->path);
    if (db->writer || access(log.p, F_OK) == 0) return open_handle(cx, db, SQLITE_OPEN_READONLY, &db->reader);
    AUTO(buf_done) struct buf uri = buf_make(3 * 4096 + 64);
    buf_add(&uri, S("file:"));
    for (Str rest = str_from(db->path); rest.p;) {
        buf_add_url(&uri, str_cut(&rest, '/'));
        if (rest.p) buf_add_char(&uri, '/');
    }
    buf_add(&uri, S("?immutable=1"));
    char *path = db->path;
    db->path = uri.p;
    enum rc rc = open_handle(cx, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, &db->reader);
    db->path = path;
    return rc;
}

static enum rc begin_read(struct ctx *cx, struct sqlite_db *db) {
    if (!db->reader) TRY(open_reader(cx, db));
    int code = sqlite3_exec(db->reader, "BEGIN", NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : sqlite_fault(cx, &db->base, db->reader, code, "begin");
}

static enum rc sqlite_begin(struct ctx *cx, struct db *base, enum tx_mode mode) {
    struct sqlite_db *db = sqlite_of(base);
    if (mode == TX_READ) return begin_read(cx, db);
    if (!db->writer) return refuse_to_write(cx, db);
    TRY(writer_lock_take(cx, &db->lock, base->wait_ms ? base->wait_ms : WRITER_WAIT_MS));
    int code = sqlite3_exec(db->writer, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK) return OK;
    writer_lock_drop(&db->lock);
    return sqlite_fault(cx, base, db->writer, code, "begin");
}

static void sqlite_rollback(struct db *base) {
    struct sqlite_db *db = sqlite_of(base);
    sqlite3 *handle = sqlite_handle(base);
    if (!sqlite3_get_autocommit(handle)) sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
    writer_lock_drop(&db->lock);
}

/* An I/O error leaves open what is on the disk; a full disk does not: without its commit record, which is written last,
 * nothing of a transaction counts. */
static enum rc commit_fault(struct ctx *cx, struct db *base, int code) {
    if ((code & 0xff) == SQLITE_FULL)
        return fail(cx, INTERNAL, "disk full while committing: nothing of this transaction was kept");
    if ((code & 0xff) == SQLITE_IOERR) {
        base->in_doubt = true;
        return fail_field(cx, INTERNAL, NULL, "check the disk, then start the program again",
                          "I/O error while committing (code %d): whether the transaction was kept is not known", code);
    }
    return sqlite_fault(cx, base, sqlite_of(base)->writer, code, "commit");
}

static enum rc sqlite_commit(struct ctx *cx, struct db *base) {
    struct sqlite_db *db = sqlite_of(base);
    sqlite3 *handle = sqlite_handle(base);
    bool writing = base->tx.mode == TX_WRITE;
    db->wal_pages = 0;
    int code = sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        enum rc rc = commit_fault(cx, base, code);
        sqlite_rollback(base);
        return rc;
    }
    /* The transaction is durable already: a failing checkpoint cannot fail it, but ends the work on this connection. */
    if (writing && db->wal_pages > db->checkpoint_from && checkpoint_locked(db) != SQLITE_OK) base->in_doubt = true;
    writer_lock_drop(&db->lock);
    return OK;
}

static enum rc sqlite_run(struct ctx *cx, struct db *base, const char *sql, const char *what) {
    sqlite3 *handle = sqlite_handle(base);
    int code = sqlite3_exec(handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : sqlite_fault(cx, base, handle, code, what);
}

/* It begins the snapshot where nothing was read yet. */
static enum rc sqlite_version(struct ctx *cx, struct db *base, uint64_t *out_version) {
    struct sqlite_db *db = sqlite_of(base);
    int code = db->version ? SQLITE_OK : sqlite3_prepare_v3(db->reader, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT, &db->version, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(db->version);
    if (code == SQLITE_ROW) *out_version = (uint64_t)sqlite3_column_int64(db->version, 0);
    sqlite3_reset(db->version);
    return code == SQLITE_ROW ? OK : sqlite_fault(cx, base, db->reader, code, "data version");
}

/* ---- whole-database work ---- */

static int first_line(void *self, int columns, char **values, char **names) {
    (void)columns;
    (void)names;
    struct buf *out = self;
    if (out->n == 0) buf_add_cstr(out, values[0] ? values[0] : "?");
    return 0;
}

static enum rc sqlite_integrity(struct ctx *cx, struct db *base) {
    struct sqlite_db *db = sqlite_of(base);
    TRY(begin_read(cx, db));
    AUTO(buf_done) struct buf found = buf_make(200), broken_key = buf_make(200);
    int code = sqlite3_exec(db->reader, "PRAGMA integrity_check(1)", first_line, &found, NULL);
    if (code == SQLITE_OK) code = sqlite3_exec(db->reader, "PRAGMA foreign_key_check", first_line, &broken_key, NULL);
    enum rc rc = code == SQLITE_OK ? OK : sqlite_fault(cx, base, db->reader, code, "integrity check");
    sqlite3_exec(db->reader, "ROLLBACK", NULL, NULL, NULL);
    TRY(rc);
    if (!str_is(buf_str(&found), "ok"))
        return fail_field(cx, INTERNAL, NULL, "restore the last backup", "the database file is damaged: %.*s",
                          STR_ARG(buf_str(&found)));
    if (broken_key.n)
        return fail(cx, INTERNAL, "a row of %.*s refers to one that does not exist", STR_ARG(buf_str(&broken_key)));
    return OK;
}

static int backup_steps(sqlite3_backup *backup, void (*progress)(void *self, int done, int total), void *self) {
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(backup, BACKUP_PAGES);
        int total = sqlite3_backup_pagecount(backup);
        if (progress) progress(self, total - sqlite3_backup_remaining(backup), total);
    }
    return code;
}

static enum rc backup_into(struct ctx *cx, struct sqlite_db *db, sqlite3 *target, const char *path,
                           void (*progress)(void *self, int done, int total), void *self) {
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", db->reader, "main");
    if (!backup) return sqlite_fault(cx, &db->base, target, sqlite3_errcode(target), "backup");
    int code = backup_steps(backup, progress, self);
    sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE) return OK;
    /* A disk that fails under the copy says nothing about the original. */
    bool doubt = db->base.in_doubt;
    enum rc rc = sqlite_fault(cx, &db->base, NULL, code, path);
    db->base.in_doubt = doubt;
    return rc;
}

enum rc sqlite_backup(struct ctx *cx, struct db *base, const char *path,
                      void (*progress)(void *self, int done, int total), void *self) {
    struct sqlite_db *db = sqlite_of(base);
    if (access(path, F_OK) == 0) return fail(cx, CONFLICT, "%s exists already", path);
    sqlite3 *target = NULL;
    int code = sqlite3_open_v2(
        path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code != SQLITE_OK) {
        sqlite3_close(target);
        return fail(cx, INTERNAL, "could not create %s: %s", path, sqlite3_errstr(code));
    }
    /* The copy is made inside one read transaction: without it every commit elsewhere would start it again. */
    enum rc rc = begin_read(cx, db);
    if (rc == OK) {
        code = sqlite3_exec(db->reader, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
        rc = code == SQLITE_OK ? backup_into(cx, db, target, path, progress, self)
                               : sqlite_fault(cx, base, db->reader, code, "backup");
        sqlite3_exec(db->reader, "ROLLBACK", NULL, NULL, NULL);
    }
    sqlite3_close(target);
    if (rc != OK) unlink(path);
    return rc;
}

static const struct driver sqlite_driver = {
    .close = sqlite_close,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .run = sqlite_run,
    .version = sqlite_version,
    .checkpoint = sqlite_checkpoint,
    .relax = sqlite_relax,
    .expect_bulk = sqlite_expect_bulk,
    .integrity = sqlite_integrity,
    .prepare = sqlite_prepare,
    .discard = sqlite_discard,
    .execute = sqlite_execute,
    .step = sqlite_step,
    .column = sqlite_column,
    .changes = sqlite_changes,
    .finish = sqlite_finish,
    .bulk = sqlite_bulk,
    .check = sqlite_check,
};

enum rc sqlite_open(struct ctx *cx, const char *path, bool create, struct db **out_db) {
    if (!create && access(path, F_OK) != 0) return fail(cx, NOT_FOUND, "there is no database %s", path);
    /* Counting every allocation under a lock is work for nobody; the first connection of the program decides. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    size_t length = strlen(path);
    struct sqlite_db *db = mem_alloc(sizeof *db);
    db->base = (struct db){.driver = &sqlite_driver, .engine = DB_SQLITE};
    db->path = mem_alloc(length + 1);
    memcpy(db->path, path, length + 1);
    db->lock.fd = -1;
    db->checkpoint_from = CHECKPOINT_PAGES;
    /* Reading must be possible without the right to write. */
    bool read_only = !create && access(path, W_OK) != 0 && (errno == EROFS || errno == EACCES);
    enum rc rc = read_only ? OK : writer_lock_open(cx, path, &db->lock);
    if (rc == OK && !read_only) rc = open_writer(cx, db, create);
    if (rc != OK) {
        sqlite_close(&db->base);
        return rc;
    }
    *out_db = &db->base;
    return OK;
}
