/* Open addressing, doubled at two thirds. */
#include "portfolio/booking_seen.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/random.h"

struct slot {
    uint64_t key, value; /* key 0 = empty */
};

struct seen_set {
    struct slot *slots;
    size_t capacity, count;
    unsigned char secret[crypto_shorthash_KEYBYTES];
};

struct seen_set *seen_new(void) {
    struct seen_set *set = mem_alloc(sizeof *set);
    set->capacity = 1024;
    set->slots = mem_alloc(set->capacity * sizeof *set->slots);
    random_bytes(set->secret, sizeof set->secret);
    return set;
}

void seen_free(struct seen_set *set) {
    if (!set) return;
    mem_free(set->slots);
    mem_free(set);
}

static struct slot *find(struct slot *slots, size_t capacity, uint64_t key) {
    size_t at = (size_t)key & (capacity - 1);
    while (slots[at].key && slots[at].key != key) at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static void grow(struct seen_set *set) {
    size_t capacity = set->capacity * 2;
    struct slot *slots = mem_alloc(capacity * sizeof *slots);
    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i].key) *find(slots, capacity, set->slots[i].key) = set->slots[i];
    mem_free(set->slots);
    set->slots = slots;
    set->capacity = capacity;
}

uint64_t seen_put(struct seen_set *set, uint64_t key, uint64_t value, bool *out_new) {
    if (key == 0) key = 1;
    if (set->count * 3 > set->capacity * 2) grow(set);
    struct slot *slot = find(set->slots, set->capacity, key);
    *out_new = slot->key == 0;
    if (*out_new) {
        *slot = (struct slot){key, value};
        set->count++;
    }
    return slot->value;
}

uint64_t seen_hash(const struct seen_set *set, const void *bytes, size_t n, uint64_t seed) {
    uint64_t hash;
    unsigned char out[crypto_shorthash_BYTES];
    crypto_shorthash(out, bytes, n, set->secret);
    memcpy(&hash, out, sizeof hash);
    return hash ^ (seed * 0x9E3779B97F4A7C15U);
}
