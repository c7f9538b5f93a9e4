/* IANA time zones: from instants to civil days and hours, and back.
 *
 * A zone is an immutable table of transitions read once from the system's tz database (Debian's tzdata, which follows
 * every change of law; ICU's own copy is frozen at the release: 2022e still gives Mexico a summer time) and shared by
 * all threads for the life of the process. */
#ifndef CORE_ZONE_H
#define CORE_ZONE_H

#include "base/clock.h"
#include "base/ctx.h"
#include "core/date.h"

struct zone;

/* INVALID when the name is not a canonical or linked IANA name; INTERNAL when the tz database is not installed.
 * The zone lives as long as the process. */
MUST_USE enum rc zone_find(struct ctx *cx, Str name, const struct zone **out_zone);
const struct zone *zone_utc(void);
Str zone_name(const struct zone *z);
/* Offset from UTC in seconds at an instant. */
int zone_offset(const struct zone *z, Instant t);

struct local_time {
    Date date;
    int32_t second; /* of the civil day, 0..86399 */
};
struct local_time zone_local(const struct zone *z, Instant t);
Date zone_date(const struct zone *z, Instant t);
/* The instant of a civil time. In a gap (spring) the first instant after it; in a fold (autumn) the earlier of the two.
 */
Instant zone_instant(const struct zone *z, Date date, int32_t second_of_day);
/* The zones of a country (ISO 3166 alpha-2), for debtors whose own is unknown: those where people live, the most
 * populous one first; of several that have told the same time since 2023 only one. So a country with one time gives one
 * zone. Returns the count, 0 for an unknown country; at most `max` are written. Fast: kept per country. */
size_t zone_candidates(struct ctx *cx, Str country, const struct zone **out_zones, size_t max);

#endif
