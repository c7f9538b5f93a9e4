/* When a deferred message is tried again, and how fast one receiving domain is written to.
 *
 * Pure: back-off is counted by the program's clock (interfaces.md section 7), the rate by the steady counter of
 * clock_monotonic_ms(), because it spares a server in real time, also when a clock file stands still. */
#ifndef CHANNEL_PACING_H
#define CHANNEL_PACING_H

#include "base/arena.h"
#include "base/clock.h"

/* After the `attempts`-th attempt (from 1) was deferred at `now`: true and the next attempt's time; false when that
 * would lie more than 2 days after the first attempt: the message has failed. 5, 15, 60 minutes, then every 4 hours. */
bool backoff_next(Instant first_attempt, int attempts, Instant now, Instant *out_next);

struct pace_limits {
    int connections; /* at once to one domain; 0: no limit */
    int per_minute;  /* messages to one domain, evenly spaced; 0: no limit */
};

/* What is known of each domain; not thread-safe. */
struct pacer;
/* In the arena, as everything it grows to. */
struct pacer *pacer_new(struct arena *arena, struct pace_limits limits);
/* The part of an address after the last @; the whole when there is none. */
Str address_domain(Str address);
/* Asks to send one message to the domain (ASCII case does not count). True: it counts as sent, and a connection as in
 * use until pacer_done. False: *out_wait_ms is the earliest time to ask again, at least 1; when only connections are
 * lacking, 0: a pacer_done must come first. */
bool pacer_take(struct pacer *p, Str domain, int64_t steady_ms, int64_t *out_wait_ms);
void pacer_done(struct pacer *p, Str domain);

#endif
