/* What only SQLite has: checkpoints, backups, the writers' lock, and disks that fill up or fail. */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sqlite_test_sql.h"
#include "store/db_fixture.h"
#include "store/driver.h"
#include "store/writer_lock.h"

static void add_table(struct ctx *cx, struct db *db) {
    assert_ok(cx, tx_begin(cx, db, TX_WRITE));
    assert_ok(
        cx, db->driver->run(cx, db, "CREATE TABLE page (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT", "test"));
    assert_ok(cx, tx_commit(cx));
}

static void open_pages(struct ctx *cx, struct test_db *test) {
    *cx = test_ctx();
    test_db_open(cx, DB_SQLITE, test);
    add_table(cx, test->db);
}

static void close_pages(struct ctx *cx, struct test_db *test) {
    test_db_done(cx, test);
    test_ctx_done(cx);
}

static enum rc put(struct ctx *cx, struct db *db, int64_t id, Str bytes) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, db, TX_WRITE));
    TRY(page_put(cx, &(struct page_put_params){.id = id, .bytes = bytes}));
    return tx_commit(cx);
}

static int64_t pages(struct ctx *cx, struct db *db) {
    struct page_count_row row;
    assert_ok(cx, tx_begin(cx, db, TX_READ));
    assert_ok(cx, page_count(cx, &row));
    tx_rollback(cx);
    return row.count;
}

static int64_t wal_size(const struct test_db *test) {
    char path[700];
    struct stat st;
    snprintf(path, sizeof path, "%s-wal", test->url);
    return stat(path, &st) == 0 ? (int64_t)st.st_size : -1;
}

#define BIG ((size_t)18 * 1024 * 1024) /* about 4,600 pages */

static void commits_keep_the_wal_short(void **state) {
    (void)state;
    struct ctx cx;
    struct test_db test;
    open_pages(&cx, &test);
    Str big = {arena_alloc(cx.arena, BIG), BIG};
    for (int i = 0; i < 3; i++) assert_ok(&cx, put(&cx, test.db, 1, big));
    assert_true(wal_size(&test) < (int64_t)BIG * 3 / 2); /* started anew each time */
    close_pages(&cx, &test);
}

/* A long reader stops the checkpoint, but neither the writers nor, later, the shrinking. */
static void a_long_reader_only_delays_the_checkpoint(void **state) {
    (void)state;
    struct ctx cx, reader = test_ctx();
    struct test_db test;
    struct db *other = NULL;
    open_pages(&cx, &test);
    Str big = {arena_alloc(cx.arena, BIG), BIG};
    assert_ok(&reader, db_open(&reader, test.url, false, &other));
    struct page_count_row row;
    assert_ok(&reader, tx_begin(&reader, other, TX_READ));
    assert_ok(&reader, page_count(&reader, &row));
    for (int i = 1; i <= 4; i++) assert_ok(&cx, put(&cx, test.db, i, big));
    assert_true(wal_size(&test) > (int64_t)BIG * 4);
    assert_ok(&reader, page_count(&reader, &row));
    assert_int_equal(row.count, 0);
    tx_rollback(&reader);
    assert_ok(&cx, db_checkpoint(&cx, test.db));
    assert_int_equal(wal_size(&test), 0);
    assert_int_equal(pages(&reader, other), 4);
    db_close(other);
    test_ctx_done(&reader);
    close_pages(&cx, &test);
}

struct meddler {
    struct ctx *cx;
    struct db *db;
    int calls;
};

static void write_meanwhile(void *self, int done, int total) {
    struct meddler *m = self;
    assert_true(done <= total);
    assert_ok(m->cx, put(m->cx, m->db, 1000 + m->calls++, S("written during the backup")));
}

static void a_backup_is_one_moment(void **state) {
    (void)state;
    struct ctx cx, writer = test_ctx();
    struct test_db test;
    struct meddler meddler = {.cx = &writer};
    struct db *copy = NULL;
    open_pages(&cx, &test);
    Str big = {arena_alloc(cx.arena, BIG), BIG};
    assert_ok(&cx, put(&cx, test.db, 1, big));
    assert_ok(&cx, put(&cx, test.db, 2, S("small")));
    assert_ok(&writer, db_open(&writer, test.url, false, &meddler.db));
    char path[700];
    snprintf(path, sizeof path, "%s-copy", test.url);
    assert_ok(&cx, db_backup(&cx, test.db, path, write_meanwhile, &meddler));
    assert_true(meddler.calls > 2);
    assert_rc(&cx, CONFLICT, db_backup(&cx, test.db, path, NULL, NULL));
    assert_ok(&cx, db_open(&cx, path, false, &copy));
    assert_int_equal(pages(&cx, copy), 2);
    assert_ok(&cx, db_integrity(&cx, copy));
    assert_int_equal(pages(&cx, test.db), 2 + meddler.calls);
    db_close(copy);
    db_close(meddler.db);
    test_ctx_done(&writer);
    close_pages(&cx, &test);
}

static void damage_is_named(void **state) {
    (void)state;
    struct ctx cx;
    struct test_db test;
    open_pages(&cx, &test);
    for (int i = 0; i < 2000; i++) assert_ok(&cx, put(&cx, test.db, i, S("0123456789012345678901234567890123456789")));
    assert_ok(&cx, db_integrity(&cx, test.db));
    assert_ok(&cx, db_checkpoint(&cx, test.db));
    db_close(test.db);
    char wal[700];
    snprintf(wal, sizeof wal, "%s-wal", test.url);
    unlink(wal);                         /* else its copies of the pages would heal the file */
    FILE *file = fopen(test.url, "r+b"); /* nobody has it open now */
    assert_non_null(file);
    fseek(file, 5 * 4096 + 20, SEEK_SET);
    for (int i = 0; i < 200; i++) fputc(0x5a, file);
    fclose(file);
    assert_ok(&cx, db_open(&cx, test.url, false, &test.db));
    assert_rc(&cx, INTERNAL, db_integrity(&cx, test.db));
    assert_non_null(strstr(cx.fault.message, "damaged"));
    close_pages(&cx, &test);
}

static void what_cannot_be_opened_says_why(void **state) {
    (void)state;
    struct ctx cx;
    struct test_db test;
    struct db *db = NULL;
    open_pages(&cx, &test);
    char path[700];
    snprintf(path, sizeof path, "%s-none", test.url);
    assert_rc(&cx, NOT_FOUND, db_open(&cx, path, false, &db));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 300; i++) fputs("this is no database ", file);
    fclose(file);
    assert_rc(&cx, INVALID, db_open(&cx, path, false, &db));
    assert_rc(&cx, INTERNAL, db_open(&cx, "sqlite:/nowhere/at/all.db", true, &db));
    assert_null(db);
    close_pages(&cx, &test);
}

static void the_lock_waits_and_dies_with_its_holder(void **state) {
    (void)state;
    struct ctx cx;
    struct test_db test;
    open_pages(&cx, &test);
    int told[2];
    char byte;
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    if (child == 0) {
        struct ctx own = test_ctx();
        struct db *db = NULL;
        if (db_open(&own, test.url, false, &db) != OK || tx_begin(&own, db, TX_WRITE) != OK) _exit(1);
        if (page_put(&own, &(struct page_put_params){.id = 1, .bytes = S("x")}) != OK || write(told[1], "x", 1) != 1)
            _exit(1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(told[0], &byte, 1), 1);
    struct writer_lock lock = {-1, false};
    assert_ok(&cx, writer_lock_open(&cx, test.url, &lock));
    assert_rc(&cx, BUSY, writer_lock_take(&cx, &lock, 50));
    assert_int_equal(pages(&cx, test.db), 0); /* readers do not wait */
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_ok(&cx, writer_lock_take(&cx, &lock, 50));
    writer_lock_drop(&lock);
    writer_lock_close(&lock);
    assert_ok(&cx, put(&cx, test.db, 2, S("y")));
    assert_int_equal(pages(&cx, test.db), 1);
    close(told[0]);
    close(told[1]);
    close_pages(&cx, &test);
}

/* ---- a disk that fails: a VFS over the real one ---- */

struct bad_file {
    sqlite3_file base;
    bool is_wal;
    sqlite3_file *real; /* behind this struct */
};

static struct {
    sqlite3_vfs vfs, *real;
    sqlite3_io_methods methods;
    int writes_left; /* into the WAL until they fail; 0 = they never do */
    int syncs_left;
    int code;
} bad;

static sqlite3_file *real_of(sqlite3_file *file) { return ((struct bad_file *)file)->real; }

static int bad_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 offset) {
    if (((struct bad_file *)file)->is_wal && bad.writes_left > 0 && --bad.writes_left == 0) {
        bad.writes_left = 1; /* and all that follow */
        return bad.code;
    }
    return real_of(file)->pMethods->xWrite(real_of(file), bytes, n, offset);
}

static int bad_sync(sqlite3_file *file, int flags) {
    if (((struct bad_file *)file)->is_wal && bad.syncs_left > 0 && --bad.syncs_left == 0) return SQLITE_IOERR_FSYNC;
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int bad_close(sqlite3_file *f) { return real_of(f)->pMethods->xClose(real_of(f)); }
static int bad_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at) {
    return real_of(f)->pMethods->xRead(real_of(f), p, n, at);
}
static int bad_truncate(sqlite3_file *f, sqlite3_int64 n) { return real_of(f)->pMethods->xTruncate(real_of(f), n); }
static int bad_size(sqlite3_file *f, sqlite3_int64 *n) { return real_of(f)->pMethods->xFileSize(real_of(f), n); }
static int bad_lock(sqlite3_file *f, int k) { return real_of(f)->pMethods->xLock(real_of(f), k); }
static int bad_unlock(sqlite3_file *f, int k) { return real_of(f)->pMethods->xUnlock(real_of(f), k); }
static int bad_reserved(sqlite3_file *f, int *r) { return real_of(f)->pMethods->xCheckReservedLock(real_of(f), r); }
static int bad_control(sqlite3_file *f, int o, void *p) { return real_of(f)->pMethods->xFileControl(real_of(f), o, p); }
static int bad_sector(sqlite3_file *f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); }
static int bad_traits(sqlite3_file *f) { return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)); }
static int bad_map(sqlite3_file *f, int i, int n, int w, void volatile **p) {
    return real_of(f)->pMethods->xShmMap(real_of(f), i, n, w, p);
}
static int bad_shm_lock(sqlite3_file *f, int at, int n, int k) {
    return real_of(f)->pMethods->xShmLock(real_of(f), at, n, k);
}
static void bad_barrier(sqlite3_file *f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); }
static int bad_unmap(sqlite3_file *f, int d) { return real_of(f)->pMethods->xShmUnmap(real_of(f), d); }

static int bad_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
    (void)vfs;
    struct bad_file *f = (struct bad_file *)file;
    *f = (struct bad_file){.is_wal = (flags & SQLITE_OPEN_WAL) != 0, .real = (sqlite3_file *)(f + 1)};
    int code = bad.real->xOpen(bad.real, name, f->real, flags, out_flags);
    f->base.pMethods = f->real->pMethods ? &bad.methods : NULL;
    return code;
}

static void fit_bad_disk(void) {
    bad.real = sqlite3_vfs_find(NULL);
    bad.vfs = *bad.real;
    bad.vfs.zName = "bad";
    bad.vfs.szOsFile += (int)sizeof(struct bad_file);
    bad.vfs.xOpen = bad_open;
    bad.methods = (sqlite3_io_methods){2,           bad_close,  bad_read,   bad_write,  bad_truncate,
                                       bad_sync,    bad_size,   bad_lock,   bad_unlock, bad_reserved,
                                       bad_control, bad_sector, bad_traits, bad_map,    bad_shm_lock,
                                       bad_barrier, bad_unmap,  NULL,       NULL};
    bad.writes_left = bad.syncs_left = 0;
    assert_int_equal(sqlite3_vfs_register(&bad.vfs, 1), SQLITE_OK);
}

static void take_bad_disk_out(void) { sqlite3_vfs_unregister(&bad.vfs); }

/* Wherever the disk fills up, nothing of the transaction is kept, and afterwards all goes on. INV: I21 */
static void a_full_disk_keeps_nothing(void **state) {
    (void)state;
    bool finished = false;
    for (int n = 1; !finished; n++) {
        assert_true(n < 200);
        fit_bad_disk();
        struct ctx cx;
        struct test_db test;
        open_pages(&cx, &test);
        assert_ok(&cx, put(&cx, test.db, 1, S("before")));
        Str some = {arena_alloc(cx.arena, 30000), 30000};
        bad.code = SQLITE_FULL;
        bad.writes_left = n;
        enum rc rc = put(&cx, test.db, 2, some);
        finished = rc == OK;
        bad.writes_left = 0;
        if (!finished) {
            assert_int_equal(rc, INTERNAL);
            assert_non_null(
                strstr(cx.fault.message, "disk full while committing: nothing of this transaction was kept"));
            assert_false(db_in_doubt(test.db));
            assert_int_equal(pages(&cx, test.db), 1);
            assert_ok(&cx, put(&cx, test.db, 3, some));
        }
        db_close(test.db);
        take_bad_disk_out();
        assert_ok(&cx, db_open(&cx, test.url, false, &test.db));
        assert_int_equal(pages(&cx, test.db), 2);
        assert_ok(&cx, db_integrity(&cx, test.db));
        close_pages(&cx, &test);
    }
}

/* After an I/O error nothing more is done on the connection; a new start finds one of the two states. INV: I21 */
static void a_failing_disk_stops_the_work(void **state) {
    (void)state;
    for (int by_sync = 0; by_sync <= 1; by_sync++) {
        fit_bad_disk();
        struct ctx cx;
        struct test_db test;
        open_pages(&cx, &test);
        assert_ok(&cx, put(&cx, test.db, 1, S("before")));
        bad.code = SQLITE_IOERR_WRITE;
        bad.writes_left = !by_sync;
        bad.syncs_left = by_sync;
        assert_rc(&cx, INTERNAL, put(&cx, test.db, 2, S("lost or not")));
        assert_non_null(strstr(cx.fault.message, "whether the transaction was kept is not known"));
        assert_true(db_in_doubt(test.db));
        bad.writes_left = bad.syncs_left = 0;
        assert_rc(&cx, INTERNAL, put(&cx, test.db, 3, S("refused")));
        db_close(test.db);
        take_bad_disk_out();
        assert_ok(&cx, db_open(&cx, test.url, false, &test.db));
        int64_t found = pages(&cx, test.db);
        assert_true(found == 1 || found == 2);
        close_pages(&cx, &test);
    }
}

static const struct CMUnitTest sqlite_tests[] = {
    cmocka_unit_test(commits_keep_the_wal_short),     cmocka_unit_test(a_long_reader_only_delays_the_checkpoint),
    cmocka_unit_test(a_backup_is_one_moment),         cmocka_unit_test(damage_is_named),
    cmocka_unit_test(what_cannot_be_opened_says_why), cmocka_unit_test(the_lock_waits_and_dies_with_its_holder),
    cmocka_unit_test(a_full_disk_keeps_nothing),      cmocka_unit_test(a_failing_disk_stops_the_work),
};
const struct test_suite sqlite_suite = {"sqlite", sqlite_tests, COUNT_OF(sqlite_tests)};
