/* The zones in use, found by name, and the arithmetic on their spans. Owns the cache; the file format is tzif.c's.
 *
 * Zones are added under a lock to lists whose heads are atomic and are never changed or removed, so that readers take
 * none. */
#include "core/zone.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/file.h"
#include "core/tzif.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"
#define MAX_FILE ((size_t)256 * 1024)
#define MAX_NAME 64
#define SECONDS_PER_DAY 86400
#define BUCKETS 128

struct zone {
    struct zone *next; /* in its bucket */
    char name[MAX_NAME];
    size_t name_length;
    size_t count;
    struct tz_span spans[];
};

static struct {
    pthread_mutex_t lock;
    _Atomic(struct zone *) buckets[BUCKETS];
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct zone *cache_look(Str name) {
    struct zone *z = atomic_load_explicit(&cache.buckets[str_hash(name) % BUCKETS], memory_order_acquire);
    while (z && !str_equal(zone_name(z), name)) z = z->next;
    return z;
}

/* Keeps a copy of the table unless another thread was faster. */
static struct zone *cache_keep(Str name, const struct tz_table *table) {
    pthread_mutex_lock(&cache.lock);
    struct zone *z = cache_look(name);
    if (!z) {
        _Atomic(struct zone *) *head = &cache.buckets[str_hash(name) % BUCKETS];
        z = mem_alloc(sizeof(*z) + table->count * sizeof(z->spans[0]));
        memcpy(z->name, name.p, name.n);
        z->name[name.n] = '\0';
        z->name_length = name.n;
        z->count = table->count;
        memcpy(z->spans, table->items, table->count * sizeof(z->spans[0]));
        z->next = atomic_load_explicit(head, memory_order_relaxed);
        atomic_store_explicit(head, z, memory_order_release);
    }
    pthread_mutex_unlock(&cache.lock);
    return z;
}

/* The folder also holds right/, posix/, tables and notes: all of them begin with a small letter. */
static bool name_may_be_iana(Str name) {
    if (name.n == 0 || name.n >= MAX_NAME || str_is(name, "Factory")) return false;
    if (name.p[0] < 'A' || name.p[0] > 'Z' || name.p[name.n - 1] == '/') return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && !(c >= '0' && c <= '9') && c != '/' && c != '_' && c != '-' && c != '+') return false;
    }
    return true;
}

static enum rc zone_load(struct ctx *cx, Str name, const struct zone **out_zone) {
    static const char *const hint = PHRASE("write an IANA name such as America/Bogota or Europe/Madrid");
    const char *path = arena_printf(cx->arena, ZONE_FOLDER "/%.*s", STR_ARG(name)).p;
    struct fault before = cx->fault;
    Str bytes;
    enum rc rc = file_read(cx, path, MAX_FILE, &bytes);
    if (rc != OK && !file_exists(ZONE_FOLDER "/tzdata.zi") && !file_exists(ZONE_FOLDER "/UTC"))
        return fail_field(cx, INTERNAL, NULL, "install the package tzdata",
                          "cannot read the time zones in " ZONE_FOLDER);
    if (rc == NOT_FOUND || rc == INVALID) {
        cx->fault = before;
        return fail_field(cx, INVALID, "zone", hint, "there is no time zone \"%.*s\"", STR_ARG(name));
    }
    TRY(rc);
    struct tz_table table;
    TRY(tzif_parse(cx, bytes, path, &table));
    *out_zone = cache_keep(name, &table);
    return OK;
}

enum rc zone_find(struct ctx *cx, Str name, const struct zone **out_zone) {
    const struct zone *known = cache_look(name);
    if (known) {
        *out_zone = known;
        return OK;
    }
    if (!name_may_be_iana(name))
        return fail_field(cx, INVALID, "zone", "write an IANA name such as America/Bogota or Europe/Madrid",
                          "\"%.*s\" is not the name of a time zone", (int)(name.n < MAX_NAME ? name.n : MAX_NAME),
                          name.p);
    struct arena_mark mark = arena_mark(cx->arena);
    enum rc rc = zone_load(cx, name, out_zone);
    arena_rewind(cx->arena, mark);
    return rc;
}

const struct zone *zone_utc(void) {
    const struct zone *z = cache_look(S("UTC"));
    struct tz_span always = {INT64_MIN, 0};
    return z ? z : cache_keep(S("UTC"), &(struct tz_table){&always, 1, 1});
}

Str zone_name(const struct zone *z) { return (Str){z->name, z->name_length}; }

static int64_t floor_seconds(Instant t) { return t.ms / MS_PER_SECOND - (t.ms % MS_PER_SECOND < 0); }

/* The span that holds a second of UTC: the last that starts at or before it. */
static const struct tz_span *span_at(const struct zone *z, int64_t second) {
    size_t low = 0, high = z->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (z->spans[middle].start <= second)
            low = middle;
        else
            high = middle;
    }
    return &z->spans[low];
}

int zone_offset(const struct zone *z, Instant t) { return span_at(z, floor_seconds(t))->offset; }

struct local_time zone_local(const struct zone *z, Instant t) {
    int64_t utc = floor_seconds(t);
    int64_t local = utc + span_at(z, utc)->offset;
    int64_t day = local / SECONDS_PER_DAY - (local % SECONDS_PER_DAY < 0);
    return (struct local_time){{(int32_t)day}, (int32_t)(local - day * SECONDS_PER_DAY)};
}

Date zone_date(const struct zone *z, Instant t) { return zone_local(z, t).date; }

Instant zone_instant(const struct zone *z, Date date, int32_t second_of_day) {
    int64_t local = (int64_t)date.day * SECONDS_PER_DAY + second_of_day;
    /* The first span whose end, read on its own clock, lies after the wanted time: in a fold that is the earlier one.
     */
    size_t low = 0, high = z->count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (z->spans[middle + 1].start + z->spans[middle].offset > local)
            high = middle;
        else
            low = middle + 1;
    }
    const struct tz_span *span = &z->spans[low];
    int64_t utc = local - span->offset;
    /* Before its own start: the clocks jumped over the wanted time. */
    return (Instant){(low > 0 && utc < span->start ? span->start : utc) * MS_PER_SECOND};
}

/* Which zones a country has. */

#define COMPARE_FROM INT64_C(1672531200) /* 2023-01-01 */
#define MAX_COUNTRY_ZONES 32

struct country_zones {
    size_t count;
    const struct zone *zones[];
};

static _Atomic(struct country_zones *) countries[26 * 26];

/* Where the table of the tz database does not begin with the zone of most people. */
static const struct {
    const char *country, *zone;
} principals[] = {
    {"AU", "Australia/Sydney"}, {"BR", "America/Sao_Paulo"}, {"CA", "America/Toronto"},
    {"CD", "Africa/Kinshasa"},  {"KZ", "Asia/Almaty"},       {"RU", "Europe/Moscow"},
};

/* Whether both have told the same time since 2023 and will. */
static bool zones_are_alike(const struct zone *a, const struct zone *b) {
    const struct tz_span *x = span_at(a, COMPARE_FROM), *y = span_at(b, COMPARE_FROM);
    const struct tz_span *x_end = a->spans + a->count, *y_end = b->spans + b->count;
    if (x->offset != y->offset) return false;
    for (x++, y++; x < x_end && y < y_end; x++, y++)
        if (x->start != y->start || x->offset != y->offset) return false;
    return x == x_end && y == y_end;
}

static bool add_zone(struct ctx *cx, struct country_zones *list, Str name) {
    const struct zone *z;
    if (list->count == MAX_COUNTRY_ZONES || zone_find(cx, name, &z) != OK) return false;
    for (size_t i = 0; i < list->count; i++)
        if (zones_are_alike(list->zones[i], z)) return true;
    list->zones[list->count++] = z;
    return true;
}

/* zone.tab: country, coordinates and zone, tab between; comments begin with '#'. False when something cannot be read.
 */
static bool read_country(struct ctx *cx, Str country, struct country_zones *list) {
    Str rest;
    if (file_read(cx, ZONE_FOLDER "/zone.tab", MAX_FILE, &rest) != OK) return false;
    for (size_t i = 0; i < COUNT_OF(principals); i++)
        if (str_is(country, principals[i].country) && !add_zone(cx, list, str_from(principals[i].zone))) return false;
    while (rest.p) {
        Str line = str_cut(&rest, '\n');
        if (!str_equal(str_cut(&line, '\t'), country) || !line.p) continue;
        (void)str_cut(&line, '\t');
        if (!line.p) continue;
        Str name = str_cut(&line, '\t');
        /* Research stations count as their country's (Macquarie Island is Australia's), but nobody owes money there. */
        if (str_starts(name, S("Antarctica/"))) continue;
        if (!add_zone(cx, list, name)) return false;
    }
    return true;
}

static struct country_zones *country_load(struct ctx *cx, Str country, _Atomic(struct country_zones *) *slot) {
    struct arena_mark mark = arena_mark(cx->arena);
    size_t size = sizeof(struct country_zones) + MAX_COUNTRY_ZONES * sizeof(struct zone *);
    struct country_zones *found = arena_alloc(cx->arena, size), *kept = NULL;
    if (read_country(cx, country, found)) {
        size = sizeof(*found) + found->count * sizeof(found->zones[0]);
        struct country_zones *copy = mem_alloc(size);
        memcpy(copy, found, size);
        if (atomic_compare_exchange_strong(slot, &kept, copy))
            kept = copy;
        else
            mem_free(copy);
    }
    arena_rewind(cx->arena, mark);
    return kept;
}

size_t zone_candidates(struct ctx *cx, Str country, const struct zone **out_zones, size_t max) {
    if (country.n != 2) return 0;
    for (size_t i = 0; i < 2; i++)
        if (country.p[i] < 'A' || country.p[i] > 'Z') return 0;
    _Atomic(struct country_zones *) *slot = &countries[(country.p[0] - 'A') * 26 + (country.p[1] - 'A')];
    const struct country_zones *list = atomic_load_explicit(slot, memory_order_acquire);
    if (!list) list = country_load(cx, country, slot);
    if (!list) return 0;
    for (size_t i = 0; i < list->count && i < max; i++) out_zones[i] = list->zones[i];
    return list->count;
}
