/* Random bytes: from the system, or from a seed in the simulation. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Cryptographically strong; cannot fail (the process ends if the system has none). */
void random_bytes(void *out, size_t n);

/* A small, fast, repeatable generator (splitmix64, Steele et al. 2014) for simulation, demo data and tests only. */
struct seeded_random {
    uint64_t state;
};
uint64_t seeded_next(struct seeded_random *r);
/* Uniform in [0, bound); bound > 0. */
uint64_t seeded_below(struct seeded_random *r, uint64_t bound);

#endif
