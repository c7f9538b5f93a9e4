/* System randomness and splitmix64. */
#include "base/random.h"

#include <sys/random.h>

#include "base/ctx.h"
#include "base/wide.h"

void random_bytes(void *out, size_t n) {
    unsigned char *p = out;
    while (n) {
        ssize_t got = getrandom(p, n < 256 ? n : 256, 0);
        MUST(got > 0);
        p += got;
        n -= (size_t)got;
    }
}

uint64_t seeded_next(struct seeded_random *r) {
    uint64_t z = (r->state += 0x9E3779B97F4A7C15U);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

uint64_t seeded_below(struct seeded_random *r, uint64_t bound) {
    MUST(bound > 0);
    return (uint64_t)((UWide)seeded_next(r) * bound >> 64);
}
