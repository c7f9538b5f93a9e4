/* Compiled time zones (TZif, RFC 9636) read into a plain table of transitions. zone.c's helper. */
#ifndef CORE_TZIF_H
#define CORE_TZIF_H

#include "base/ctx.h"

/* From `start` on (seconds since 1970 UTC) local time is UTC + offset; the first one starts at INT64_MIN. */
struct tz_span {
    int64_t start;
    int32_t offset;
};

struct tz_table {
    struct tz_span *items;
    size_t count, capacity;
};

/* All spans until the end of 2200, in cx->arena; the file's closing rule (a POSIX TZ string) is rolled out into them.
 * Neighbours differ, and local time at the ends of spans ascends, so that both directions can be searched by halving.
 * INVALID when `bytes` is no TZif file of version 2 or later. */
MUST_USE enum rc tzif_parse(struct ctx *cx, Str bytes, const char *name, struct tz_table *out_table);

#endif
