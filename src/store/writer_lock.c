/* See writer_lock.h. Polled, because F_OFD_SETLKW has no deadline and a signal would be no business of a library. */
#include "store/writer_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SHORTEST_SLEEP_NS 50000L /* about a small commit on a fast disk */
#define LONGEST_SLEEP_NS 5000000L

enum rc writer_lock_open(struct ctx *cx, const char *database, struct writer_lock *out_lock) {
    Str path = arena_printf(cx->arena, "%s-writer", database);
    int fd = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
    if (fd < 0) return fail(cx, INTERNAL, "could not open the lock file %s: %s", path.p, strerror(errno));
    *out_lock = (struct writer_lock){.fd = fd};
    return OK;
}

void writer_lock_close(struct writer_lock *lock) {
    if (lock->fd >= 0) close(lock->fd);
    *lock = (struct writer_lock){.fd = -1};
}

static int set_lock(int fd, short type) {
    struct flock whole = {.l_type = type, .l_whence = SEEK_SET};
    return fcntl(fd, F_OFD_SETLK, &whole);
}

enum rc writer_lock_take(struct ctx *cx, struct writer_lock *lock, int wait_ms) {
    int64_t deadline = clock_monotonic_ms() + wait_ms;
    long sleep_ns = SHORTEST_SLEEP_NS;
    while (set_lock(lock->fd, F_WRLCK) != 0) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return fail(cx, INTERNAL, "could not lock the database for writing: %s", strerror(errno));
        if (clock_monotonic_ms() >= deadline)
            return fail_field(cx, BUSY, NULL, "try again when the other import or run is done",
                              "the database is being written by another program for more than %d s", wait_ms / 1000);
        nanosleep(&(struct timespec){.tv_nsec = sleep_ns}, NULL);
        if (sleep_ns < LONGEST_SLEEP_NS) sleep_ns += sleep_ns / 2;
    }
    lock->held = true;
    return OK;
}

void writer_lock_drop(struct writer_lock *lock) {
    if (!lock->held) return;
    set_lock(lock->fd, F_UNLCK);
    lock->held = false;
}
