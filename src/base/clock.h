/* Instants, and the one place that asks the time.
 *
 * Code that decides takes `now` as an argument (ctx.now); only the outermost layers read a clock. A clock file (see
 * aldia(1), --clock-file) replaces the wall clock for rehearsals and tests. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/rc.h"
#include "base/str.h"

struct ctx;

/* Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. A struct, so that it cannot be mixed up with a
 * count or a duration. */
typedef struct {
    int64_t ms;
} Instant;

#define INSTANT_NONE ((Instant){INT64_MIN})
#define MS_PER_SECOND ((int64_t)1000)
#define MS_PER_MINUTE (60 * MS_PER_SECOND)
#define MS_PER_HOUR (60 * MS_PER_MINUTE)
#define MS_PER_DAY (24 * MS_PER_HOUR)

static inline bool instant_is_none(Instant t) { return t.ms == INT64_MIN; }

struct clock {
    const char *file;  /* NULL: the wall clock */
    int64_t skew_ms;   /* added to what the source says; the demo's "+1 day" moves it */
    const Instant *at; /* not NULL: this instant instead of any source; the simulation moves it */
};

/* The present instant; INVALID when the clock file cannot be read or does not start with an RFC 3339 instant. */
MUST_USE enum rc clock_now(struct ctx *cx, const struct clock *clock, Instant *out_now);

/* A steady counter for measuring durations; unrelated to any date. */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);

/* RFC 3339, any offset, seconds and their fraction optional down to the millisecond. */
bool instant_parse(Str text, Instant *out_instant);
#define INSTANT_TEXT 32
/* "2026-11-21T14:05:00.250Z", the fraction only when not zero; `text` must hold INSTANT_TEXT bytes. */
Str instant_format(Instant t, char *text);
/* The same with the given offset from UTC in minutes: "2026-11-21T09:05:00-05:00". */
Str instant_format_offset(Instant t, int offset_minutes, char *text);

#endif
