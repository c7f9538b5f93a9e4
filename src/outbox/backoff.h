/* When a message that was not accepted is tried again (interfaces.md 7): 5, 15, 60 minutes, then every 4 hours, at most
 * 2 days from the first attempt. */
#ifndef OUTBOX_BACKOFF_H
#define OUTBOX_BACKOFF_H

#include "base/clock.h"

/* `attempts` made so far, this one included, the first of them at `first`. INSTANT_NONE: give up, it failed. */
static inline Instant backoff_next(int64_t attempts, Instant first, Instant now) {
    static const int64_t minutes[] = {5, 15, 60, 240};
    int64_t wait = minutes[attempts < 1 ? 0 : attempts > 4 ? 3 : attempts - 1];
    Instant next = {now.ms + wait * MS_PER_MINUTE};
    if (!instant_is_none(first) && next.ms > first.ms + 2 * MS_PER_DAY) return INSTANT_NONE;
    return next;
}

#endif
