/* Files in memory, locks in memory, and a list of what was not synced yet. */
#include "disk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/ctx.h"

#define MAX_FILES 16
#define SHM_REGIONS 64
#define LOSSES 3 /* none, all, or a part of the unsynced writes */

/* One write or truncation that is not safe yet: what was there before, and what came. */
struct pending {
    sqlite3_int64 at, size_before;
    int n; /* -1: a truncation to `at` */
    unsigned char *before, *after;
};

struct file {
    bool used;
    char name[256];
    unsigned char *bytes;
    sqlite3_int64 size, room;
    struct pending *pending;
    size_t pending_count, pending_room;
    int handles, shared;
    struct handle *reserved, *exclusive;
    void *shm[SHM_REGIONS];
    int shm_users;
    int slot_shared[SQLITE_SHM_NLOCK];
    struct handle *slot_exclusive[SQLITE_SHM_NLOCK];
};

struct handle {
    sqlite3_file base;
    struct file *file;
    struct disk_owner *owner;
    int level;
    bool has_shm, delete_on_close;
    unsigned shared_slots;
};

static struct {
    struct file files[MAX_FILES];
    struct disk_owner *owner;
    struct seeded_random *random;
    int64_t temporary;
} disk;

static struct handle *of(sqlite3_file *f) { return (struct handle *)f; }

/* ---- bytes ---- */

static void grow(struct file *f, sqlite3_int64 size) {
    if (size <= f->room) return;
    sqlite3_int64 room = f->room ? f->room : 65536;
    while (room < size) room *= 2;
    f->bytes = mem_resize(f->bytes, (size_t)room);
    memset(f->bytes + f->room, 0, (size_t)(room - f->room));
    f->room = room;
}

static void forget_pending(struct file *f) {
    for (size_t i = 0; i < f->pending_count; i++) {
        mem_free(f->pending[i].before);
        mem_free(f->pending[i].after);
    }
    f->pending_count = 0;
}

static unsigned char *copy_of(const void *bytes, size_t n) {
    unsigned char *copy = mem_alloc(n ? n : 1);
    if (n) memcpy(copy, bytes, n);
    return copy;
}

static void put(struct file *f, const void *bytes, int n, sqlite3_int64 at) {
    if (n == 0) return;
    grow(f, at + n);
    memcpy(f->bytes + at, bytes, (size_t)n);
    if (at + n > f->size) f->size = at + n;
}

static struct pending *add_pending(struct file *f) {
    if (f->pending_count == f->pending_room) {
        f->pending_room = f->pending_room ? f->pending_room * 2 : 64;
        f->pending = mem_resize(f->pending, f->pending_room * sizeof *f->pending);
    }
    struct pending *p = &f->pending[f->pending_count++];
    *p = (struct pending){.size_before = f->size};
    return p;
}

static void write_pending(struct file *f, const void *bytes, int n, sqlite3_int64 at) {
    grow(f, at + n);
    struct pending *p = add_pending(f);
    p->at = at;
    p->n = n;
    p->before = copy_of(f->bytes + at, (size_t)n);
    p->after = copy_of(bytes, (size_t)n);
    put(f, bytes, n, at);
}

static void set_size(struct file *f, sqlite3_int64 size) {
    grow(f, size);
    if (size < f->size) memset(f->bytes + size, 0, (size_t)(f->size - size));
    f->size = size;
}

static void truncate_pending(struct file *f, sqlite3_int64 size) {
    struct pending *p = add_pending(f);
    p->at = size;
    p->n = -1;
    p->before = copy_of(f->bytes + (size < f->size ? size : f->size), size < f->size ? (size_t)(f->size - size) : 0);
    set_size(f, size);
}

static void undo(struct file *f, const struct pending *p) {
    if (p->n >= 0) {
        memcpy(f->bytes + p->at, p->before, (size_t)p->n);
    } else if (p->at < p->size_before) {
        memcpy(f->bytes + p->at, p->before, (size_t)(p->size_before - p->at));
    }
    set_size(f, p->size_before);
}

static void redo(struct file *f, const struct pending *p) {
    if (p->n >= 0)
        put(f, p->after, p->n, p->at);
    else
        set_size(f, p->at);
}

void disk_lose_power(void) {
    for (int i = 0; i < MAX_FILES; i++) {
        struct file *f = &disk.files[i];
        if (!f->used) continue;
        MUST(f->handles == 0);
        uint64_t manner = seeded_below(disk.random, LOSSES);
        for (size_t k = f->pending_count; k-- > 0;) undo(f, &f->pending[k]);
        for (size_t k = 0; k < f->pending_count; k++)
            if (manner == 0 || (manner == 1 && seeded_below(disk.random, 2))) redo(f, &f->pending[k]);
        forget_pending(f);
    }
}

/* ---- life and death ---- */

/* False when the process is dead, or dies of this operation. */
static bool operates(struct handle *h) {
    struct disk_owner *o = h->owner;
    if (!o) return true;
    if (!o->dead && o->ops_left > 0 && --o->ops_left == 0) o->on_last(o->self);
    return !o->dead;
}

static bool is_dead(const struct handle *h) { return h->owner && h->owner->dead; }

/* ---- sqlite3_io_methods ---- */

static void release_slots(struct handle *h) {
    for (int i = 0; i < SQLITE_SHM_NLOCK; i++) {
        if (h->shared_slots >> i & 1U) h->file->slot_shared[i]--;
        if (h->file->slot_exclusive[i] == h) h->file->slot_exclusive[i] = NULL;
    }
    h->shared_slots = 0;
}

static void leave_shm(struct handle *h) {
    if (!h->has_shm) return;
    release_slots(h);
    h->has_shm = false;
    if (--h->file->shm_users > 0) return;
    for (int i = 0; i < SHM_REGIONS; i++) {
        mem_free(h->file->shm[i]);
        h->file->shm[i] = NULL;
    }
}

static void drop_to(struct handle *h, int level) {
    struct file *f = h->file;
    if (level < SQLITE_LOCK_EXCLUSIVE && f->exclusive == h) f->exclusive = NULL;
    if (level < SQLITE_LOCK_RESERVED && f->reserved == h) f->reserved = NULL;
    if (level < SQLITE_LOCK_SHARED && h->level >= SQLITE_LOCK_SHARED) f->shared--;
    if (level < h->level) h->level = level;
}

static void erase(struct file *f) {
    forget_pending(f);
    mem_free(f->pending);
    mem_free(f->bytes);
    *f = (struct file){0};
}

static int sim_close(sqlite3_file *base) {
    struct handle *h = of(base);
    leave_shm(h);
    drop_to(h, SQLITE_LOCK_NONE);
    h->file->handles--;
    if (h->delete_on_close) erase(h->file);
    return SQLITE_OK;
}

static int sim_read(sqlite3_file *base, void *out, int n, sqlite3_int64 at) {
    struct file *f = of(base)->file;
    if (is_dead(of(base))) return SQLITE_IOERR_READ;
    sqlite3_int64 there = at >= f->size ? 0 : f->size - at < n ? f->size - at : n;
    if (there) memcpy(out, f->bytes + at, (size_t)there);
    if (there == n) return SQLITE_OK;
    memset((char *)out + there, 0, (size_t)(n - there));
    return SQLITE_IOERR_SHORT_READ;
}

static int sim_write(sqlite3_file *base, const void *bytes, int n, sqlite3_int64 at) {
    struct handle *h = of(base);
    bool was_dead = is_dead(h);
    if (!operates(h)) {
        int part = was_dead ? 0 : (int)seeded_below(disk.random, (uint64_t)n + 1); /* torn */
        if (part) write_pending(h->file, bytes, part, at);
        return SQLITE_IOERR_WRITE;
    }
    if (h->delete_on_close)
        put(h->file, bytes, n, at);
    else
        write_pending(h->file, bytes, n, at);
    return SQLITE_OK;
}

static int sim_truncate(sqlite3_file *base, sqlite3_int64 size) {
    if (!operates(of(base))) return SQLITE_IOERR_TRUNCATE;
    truncate_pending(of(base)->file, size);
    return SQLITE_OK;
}

static int sim_sync(sqlite3_file *base, int flags) {
    (void)flags;
    struct disk_owner *o = of(base)->owner;
    if (o && o->dies_at_sync) o->ops_left = 1;
    if (!operates(of(base))) return SQLITE_IOERR_FSYNC;
    forget_pending(of(base)->file);
    return SQLITE_OK;
}

static int sim_size(sqlite3_file *base, sqlite3_int64 *out_size) {
    if (is_dead(of(base))) return SQLITE_IOERR_FSTAT;
    *out_size = of(base)->file->size;
    return SQLITE_OK;
}

static int sim_lock(sqlite3_file *base, int level) {
    struct handle *h = of(base);
    struct file *f = h->file;
    if (is_dead(h)) return SQLITE_IOERR_LOCK;
    if (level <= h->level) return SQLITE_OK;
    if (f->exclusive && f->exclusive != h) return SQLITE_BUSY;
    if (level >= SQLITE_LOCK_RESERVED && f->reserved && f->reserved != h) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_EXCLUSIVE && f->shared > 1) return SQLITE_BUSY;
    if (h->level < SQLITE_LOCK_SHARED) f->shared++;
    if (level >= SQLITE_LOCK_RESERVED) f->reserved = h;
    if (level == SQLITE_LOCK_EXCLUSIVE) f->exclusive = h;
    h->level = level;
    return SQLITE_OK;
}

static int sim_unlock(sqlite3_file *base, int level) {
    drop_to(of(base), level);
    return SQLITE_OK;
}

static int sim_reserved(sqlite3_file *base, int *out_reserved) {
    *out_reserved = of(base)->file->reserved != NULL;
    return SQLITE_OK;
}

static int sim_control(sqlite3_file *base, int op, void *argument) {
    (void)base, (void)op, (void)argument;
    return SQLITE_NOTFOUND;
}

static int sim_sector(sqlite3_file *base) {
    (void)base;
    return 4096;
}

static int sim_traits(sqlite3_file *base) {
    (void)base;
    return 0;
}

static int sim_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out) {
    struct handle *h = of(base);
    *out = NULL;
    if (is_dead(h)) return SQLITE_IOERR_SHMMAP;
    if (region >= SHM_REGIONS) return SQLITE_IOERR_SHMSIZE;
    if (!h->has_shm) {
        h->has_shm = true;
        h->file->shm_users++;
    }
    if (!h->file->shm[region] && extend) {
        h->file->shm[region] = mem_alloc((size_t)size);
        memset(h->file->shm[region], 0, (size_t)size);
    }
    *out = h->file->shm[region];
    return SQLITE_OK;
}

static int sim_shm_lock(sqlite3_file *base, int at, int n, int flags) {
    struct handle *h = of(base);
    struct file *f = h->file;
    bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    if (flags & SQLITE_SHM_UNLOCK) {
        for (int i = at; i < at + n; i++) {
            if (exclusive && f->slot_exclusive[i] == h) f->slot_exclusive[i] = NULL;
            if (!exclusive && h->shared_slots >> i & 1U) {
                f->slot_shared[i]--;
                h->shared_slots &= ~(1U << i);
            }
        }
        return SQLITE_OK;
    }
    if (is_dead(h)) return SQLITE_IOERR_SHMLOCK;
    for (int i = at; i < at + n; i++) {
        if (f->slot_exclusive[i] && f->slot_exclusive[i] != h) return SQLITE_BUSY;
        if (exclusive && f->slot_shared[i] > (int)(h->shared_slots >> i & 1U)) return SQLITE_BUSY;
    }
    for (int i = at; i < at + n; i++) {
        if (exclusive) {
            f->slot_exclusive[i] = h;
        } else if (!(h->shared_slots >> i & 1U)) {
            f->slot_shared[i]++;
            h->shared_slots |= 1U << i;
        }
    }
    return SQLITE_OK;
}

static void sim_shm_barrier(sqlite3_file *base) { (void)base; }

static int sim_shm_unmap(sqlite3_file *base, int delete_it) {
    (void)delete_it;
    leave_shm(of(base));
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = sim_close,
    .xRead = sim_read,
    .xWrite = sim_write,
    .xTruncate = sim_truncate,
    .xSync = sim_sync,
    .xFileSize = sim_size,
    .xLock = sim_lock,
    .xUnlock = sim_unlock,
    .xCheckReservedLock = sim_reserved,
    .xFileControl = sim_control,
    .xSectorSize = sim_sector,
    .xDeviceCharacteristics = sim_traits,
    .xShmMap = sim_shm_map,
    .xShmLock = sim_shm_lock,
    .xShmBarrier = sim_shm_barrier,
    .xShmUnmap = sim_shm_unmap,
};

/* ---- sqlite3_vfs ---- */

static struct file *find(const char *name) {
    for (int i = 0; i < MAX_FILES; i++)
        if (disk.files[i].used && strcmp(disk.files[i].name, name) == 0) return &disk.files[i];
    return NULL;
}

static struct file *create(const char *name) {
    for (int i = 0; i < MAX_FILES; i++) {
        struct file *f = &disk.files[i];
        if (f->used) continue;
        *f = (struct file){.used = true};
        snprintf(f->name, sizeof f->name, "%s", name);
        return f;
    }
    must_fail(__FILE__, __LINE__, "room for another file");
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags) {
    (void)vfs;
    struct handle *h = of(base);
    *h = (struct handle){.owner = disk.owner, .delete_on_close = !name || (flags & SQLITE_OPEN_DELETEONCLOSE)};
    if (is_dead(h)) return SQLITE_CANTOPEN;
    char temporary[40];
    snprintf(temporary, sizeof temporary, "temporary-%lld", (long long)disk.temporary++);
    h->file = name ? find(name) : NULL;
    if (!h->file && !(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
    if (!h->file) h->file = create(name ? name : temporary);
    h->file->handles++;
    h->base.pMethods = &methods;
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder) {
    (void)vfs, (void)sync_folder;
    if (disk.owner && disk.owner->dead) return SQLITE_IOERR_DELETE;
    struct file *f = find(name);
    if (f && f->handles == 0) erase(f);
    return f ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out) {
    (void)vfs, (void)flags;
    *out = find(name) != NULL;
    return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int room, char *out) {
    (void)vfs;
    snprintf(out, (size_t)room, "%s", name);
    return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int n, char *out) {
    (void)vfs;
    for (int i = 0; i < n; i++) out[i] = (char)seeded_next(disk.random);
    return n;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, double *out) {
    (void)vfs;
    *out = 2460000.5;
    return SQLITE_OK;
}

void disk_install(struct seeded_random *random) {
    static sqlite3_vfs vfs = {
        .iVersion = 1,
        .szOsFile = (int)sizeof(struct handle),
        .mxPathname = 240,
        .zName = "simulated",
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
    };
    disk.random = random;
    MUST(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}

struct disk_owner *disk_set_owner(struct disk_owner *owner) {
    struct disk_owner *before = disk.owner;
    disk.owner = owner;
    return before;
}

/* ---- whole disks ---- */

struct disk_image {
    struct file files[MAX_FILES];
};

void disk_clear(void) {
    for (int i = 0; i < MAX_FILES; i++) {
        if (!disk.files[i].used) continue;
        MUST(disk.files[i].handles == 0);
        erase(&disk.files[i]);
    }
}

struct disk_image *disk_keep(void) {
    struct disk_image *image = mem_alloc(sizeof *image);
    for (int i = 0; i < MAX_FILES; i++) {
        const struct file *f = &disk.files[i];
        image->files[i] = (struct file){.used = f->used, .size = f->size, .room = f->size};
        snprintf(image->files[i].name, sizeof f->name, "%s", f->name);
        image->files[i].bytes = copy_of(f->bytes, (size_t)f->size);
    }
    return image;
}

void disk_restore(const struct disk_image *image) {
    disk_clear();
    for (int i = 0; i < MAX_FILES; i++) {
        if (!image->files[i].used) continue;
        struct file *f = create(image->files[i].name);
        put(f, image->files[i].bytes, (int)image->files[i].size, 0);
    }
}

void disk_image_free(struct disk_image *image) {
    for (int i = 0; i < MAX_FILES; i++) mem_free(image->files[i].bytes);
    mem_free(image);
}
