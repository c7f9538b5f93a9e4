/* The simulated disk: a SQLite VFS in memory that keeps unsynced writes apart.
 *
 * Every open file belongs to the simulated process that was current when it was opened. A dead process reads and writes
 * nothing any more: whatever its code still does while it unwinds has no effect, as if it had been killed at that very
 * operation. When the power fails, of what was written since the last sync any part may be lost. */
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include <stdbool.h>

#include "base/random.h"

struct disk_owner {
    bool dead;
    int64_t ops_left; /* writes and syncs until on_last is called; 0 = never */
    bool dies_at_sync; /* on_last is called by the next sync, before it does anything */
    void (*on_last)(void *self);
    void *self;
};

/* Registers the VFS as SQLite's default; `random` feeds torn writes, losses and SQLite's own salts. */
void disk_install(struct seeded_random *random);
/* Files opened from now on belong to this one; the one before is returned. */
struct disk_owner *disk_set_owner(struct disk_owner *owner);
/* Of all files; only while none is open. */
void disk_lose_power(void);
/* Empties the disk, or makes it what it was when it was kept. */
struct disk_image *disk_keep(void);
void disk_restore(const struct disk_image *image);
void disk_image_free(struct disk_image *image);
void disk_clear(void);

#endif
