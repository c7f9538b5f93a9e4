/* The writers' lock of a SQLite database: one writer at a time across threads and processes.
 *
 * It lies on a file of its own beside the database ("aldia.db-writer"), never on the database: closing any descriptor
 * of that would drop SQLite's own locks. It is an open file description lock, so that two connections of one process
 * exclude each other too, and the kernel frees it when the process dies. */
#ifndef STORE_WRITER_LOCK_H
#define STORE_WRITER_LOCK_H

#include "base/ctx.h"

struct writer_lock {
    int fd;
    bool held;
};

MUST_USE enum rc writer_lock_open(struct ctx *cx, const char *database, struct writer_lock *out_lock);
void writer_lock_close(struct writer_lock *lock);
/* BUSY when others hold it for longer than `wait_ms`. */
MUST_USE enum rc writer_lock_take(struct ctx *cx, struct writer_lock *lock, int wait_ms);
void writer_lock_drop(struct writer_lock *lock);

#endif
