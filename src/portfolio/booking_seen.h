/* A set of 64-bit hashes with a value each: what a file has said so far. Private to booking. 16 bytes an entry: a
 * million rows fit in 32 MB. */
#ifndef PORTFOLIO_BOOKING_SEEN_H
#define PORTFOLIO_BOOKING_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen_set;
struct seen_set *seen_new(void);
void seen_free(struct seen_set *set);
/* The value kept under the key; adds it with `value` when it is new (*out_new). Keys are keyed hashes (siphash), not
 * for outsiders to steer. */
uint64_t seen_put(struct seen_set *set, uint64_t key, uint64_t value, bool *out_new);
/* SipHash-2-4 under a key drawn at start: an outsider who writes the file cannot make collisions. */
uint64_t seen_hash(const struct seen_set *set, const void *bytes, size_t n, uint64_t seed);

#endif
