/* Where a debtor's country, region and zone lead: zones to judge by and calendar of holidays.
 *
 * Does not judge. A check is made for every customer of every run, and there are few distinct places: they are kept in
 * a table of fixed size that is only ever added to, so that readers need no lock. */
#include "strategy/contact_rules_pack.h"

#include <pthread.h>
#include <stdatomic.h>

#define TABLE_SIZE 512u
#define PROBES 16u
#define KEY_MAX 64u

struct slot {
    atomic_bool filled; /* set last; what stands in a filled slot never changes */
    uint64_t hash;
    size_t key_size;
    char key[KEY_MAX];
    struct place place;
};

struct place_table {
    pthread_mutex_t writing;
    struct slot slots[TABLE_SIZE];
};

struct place_table *place_table_new(struct arena *arena) {
    struct place_table *table = ARENA_NEW(arena, struct place_table);
    /* A default mutex holds nothing that would have to be given back. */
    MUST(pthread_mutex_init(&table->writing, NULL) == 0);
    return table;
}

static const struct calendar *find_calendar(struct ctx *cx, const struct customer *customer) {
    const struct calendar *calendar = NULL;
    if (customer->region.n > 0) {
        bool has_country = customer->region.n > 3 && str_starts(customer->region, customer->country) &&
                           customer->region.p[customer->country.n] == '-';
        Str code = has_country
                       ? customer->region
                       : arena_printf(cx->arena, "%.*s-%.*s", STR_ARG(customer->country), STR_ARG(customer->region));
        if (calendar_find(cx, code, &calendar) == OK) return calendar;
    }
    return calendar_find(cx, customer->country, &calendar) == OK ? calendar : NULL;
}

static void resolve(const struct customer *customer, Str creditor_country, struct place *out) {
    struct arena *arena = arena_new();
    struct ctx cx = {.arena = arena};
    out->calendar = find_calendar(&cx, customer);
    out->zone_count = 0;
    if (customer->zone.n > 0 && zone_find(&cx, customer->zone, &out->zones[0]) == OK) out->zone_count = 1;
    if (out->zone_count == 0) out->zone_count = zone_candidates(&cx, customer->country, out->zones, PLACE_ZONES_MAX);
    if (out->zone_count == 0) out->zone_count = zone_candidates(&cx, creditor_country, out->zones, PLACE_ZONES_MAX);
    if (out->zone_count == 0) {
        out->zones[0] = zone_utc();
        out->zone_count = 1;
    }
    arena_free(arena);
}

static bool key_add(char *key, size_t *size, Str part) {
    if (part.n >= KEY_MAX - *size) return false;
    if (part.n > 0) memcpy(key + *size, part.p, part.n);
    *size += part.n;
    key[(*size)++] = '\n';
    return true;
}

static bool slot_is(const struct slot *slot, uint64_t hash, const char *key, size_t size) {
    return slot->hash == hash && slot->key_size == size && memcmp(slot->key, key, size) == 0;
}

static const struct place *remember(struct place_table *table, uint64_t hash, const char *key, size_t size,
                                    const struct place *place) {
    const struct place *kept = NULL;
    pthread_mutex_lock(&table->writing);
    for (unsigned i = 0; i < PROBES && !kept; i++) {
        struct slot *slot = &table->slots[(hash + i) % TABLE_SIZE];
        if (!atomic_load_explicit(&slot->filled, memory_order_relaxed)) {
            slot->hash = hash;
            slot->key_size = size;
            memcpy(slot->key, key, size);
            slot->place = *place;
            atomic_store_explicit(&slot->filled, true, memory_order_release);
            kept = &slot->place;
        } else if (slot_is(slot, hash, key, size)) {
            kept = &slot->place;
        }
    }
    pthread_mutex_unlock(&table->writing);
    return kept;
}

const struct place *place_find(struct place_table *table, const struct customer *customer, Str creditor_country,
                               struct place *scratch) {
    char key[KEY_MAX];
    size_t size = 0;
    bool fits = key_add(key, &size, customer->country) && key_add(key, &size, customer->region) &&
                key_add(key, &size, customer->zone) && key_add(key, &size, creditor_country);
    if (!fits) {
        resolve(customer, creditor_country, scratch);
        return scratch;
    }
    uint64_t hash = str_hash((Str){key, size});
    for (unsigned i = 0; i < PROBES; i++) {
        const struct slot *slot = &table->slots[(hash + i) % TABLE_SIZE];
        if (!atomic_load_explicit(&slot->filled, memory_order_acquire)) break;
        if (slot_is(slot, hash, key, size)) return &slot->place;
    }
    resolve(customer, creditor_country, scratch);
    const struct place *kept = remember(table, hash, key, size, scratch);
    return kept ? kept : scratch;
}
