/* A chain of chunks, bumped; the newest first. Chunks grow up to a megabyte, larger requests get their own. */
#include "base/arena.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CHUNK ((size_t)8 * 1024)
#define LARGEST_CHUNK ((size_t)1024 * 1024)
#define HEAPS 4 /* as many as ever allocate at the same moment, nearly */
#define ALIGNMENT _Alignof(max_align_t)

struct chunk {
    struct chunk *older;
    size_t size, used;
    max_align_t data[];
};

struct arena {
    struct chunk *newest;
    size_t footprint;
};

static void *or_die(void *block) {
    if (!block) {
        fputs("aldia: out of memory\n", stderr);
        abort();
    }
    return block;
}

void *mem_alloc(size_t size) { return or_die(calloc(1, size ? size : 1)); }
void *mem_resize(void *block, size_t size) { return or_die(realloc(block, size ? size : 1)); }
void mem_free(void *block) { free(block); }

/* Left to itself, glibc gives every thread a heap of its own and raises both thresholds to what was once freed: a server of twenty threads
 * then keeps several times what it uses. */
void mem_be_frugal(void) {
    mallopt(M_ARENA_MAX, HEAPS);
    mallopt(M_MMAP_THRESHOLD, 2 * (int)LARGEST_CHUNK);
    mallopt(M_TRIM_THRESHOLD, 4 * (int)LARGEST_CHUNK);
}

void *mem_unconst(const void *bytes) {
    union {
        const void *in;
        void *out;
    } same = {.in = bytes};
    return same.out;
}

static void add_chunk(struct arena *arena, size_t room) {
    size_t size = arena->newest ? arena->newest->size * 2 : FIRST_CHUNK;
    if (size > LARGEST_CHUNK) size = LARGEST_CHUNK;
    if (size < room) size = room;
    struct chunk *chunk = or_die(malloc(sizeof(struct chunk) + size));
    *chunk = (struct chunk){.older = arena->newest, .size = size};
    arena->newest = chunk;
    arena->footprint += size;
}

struct arena *arena_new(void) {
    struct arena *arena = mem_alloc(sizeof(struct arena));
    add_chunk(arena, FIRST_CHUNK);
    return arena;
}

/* Frees chunks until `keep` is the newest. */
static void drop_until(struct arena *arena, const struct chunk *keep) {
    while (arena->newest != keep) {
        struct chunk *gone = arena->newest;
        arena->newest = gone->older;
        arena->footprint -= gone->size;
        free(gone);
    }
}

void arena_free(struct arena *arena) {
    if (!arena) return;
    drop_until(arena, NULL);
    free(arena);
}

void arena_release(struct arena **arena) { arena_free(*arena); }

/* Its bytes are whatever was there before. */
static void *take(struct arena *arena, size_t size) {
    if (size > SIZE_MAX / 2) or_die(NULL);
    size_t room = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (arena->newest->size - arena->newest->used < room) add_chunk(arena, room);
    struct chunk *chunk = arena->newest;
    void *block = (char *)chunk->data + chunk->used;
    chunk->used += room;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size) { return memset(take(arena, size), 0, size); }

void *arena_calloc(struct arena *arena, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) or_die(NULL);
    return arena_alloc(arena, total);
}

Str arena_str(struct arena *arena, Str s) { return (Str){arena_cstr(arena, s), s.n}; }

char *arena_cstr(struct arena *arena, Str s) {
    char *copy = take(arena, s.n + 1);
    if (s.n) memcpy(copy, s.p, s.n);
    copy[s.n] = 0;
    return copy;
}

Str arena_printf(struct arena *arena, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = arena_alloc(arena, n > 0 ? (size_t)n + 1 : 1);
    if (n > 0) vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return (Str){text, n > 0 ? (size_t)n : 0};
}

struct arena_mark arena_mark(struct arena *arena) {
    return (struct arena_mark){arena->newest, arena->newest->used};
}

void arena_rewind(struct arena *arena, struct arena_mark mark) {
    drop_until(arena, mark.chunk);
    arena->newest->used = mark.used;
}

void arena_reset(struct arena *arena) {
    struct chunk *first = arena->newest;
    while (first->older) first = first->older;
    drop_until(arena, first);
    first->used = 0;
}

size_t arena_footprint(const struct arena *arena) { return arena->footprint; }

void *vec_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity) return items;
    size_t wanted = *capacity ? *capacity * 2 : 8;
    size_t total, used = count * size;
    if (__builtin_mul_overflow(wanted, size, &total)) or_die(NULL);
    char *bigger = take(arena, total);
    if (used) memcpy(bigger, items, used);
    memset(bigger + used, 0, total - used);
    *capacity = wanted;
    return bigger;
}
