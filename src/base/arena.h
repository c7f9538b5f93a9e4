/* Arena: memory for one request or job, released all at once.
 *
 * Allocation never fails: running out of memory ends the process, which is safe because everything that matters is
 * in a transaction. Not thread-safe: one arena belongs to one thread at a time. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/rc.h"
#include "base/str.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);
/* For AUTO(arena_release). */
void arena_release(struct arena **arena);

/* Zeroed, aligned for any object; lives until the arena is freed, reset or rewound past it. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));
/* Overflow in count × size ends the process. */
void *arena_calloc(struct arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_calloc((arena), (count), sizeof(type)))

Str arena_str(struct arena *arena, Str s);
/* A NUL-terminated copy. */
char *arena_cstr(struct arena *arena, Str s);
Str arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* Forget everything allocated since the mark; loops over many rows use it to stay within bounds. */
struct arena_mark {
    void *chunk;
    size_t used;
};
struct arena_mark arena_mark(struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);
/* Forget everything, keep the first chunk. */
void arena_reset(struct arena *arena);
/* Bytes held from the system, for memory gauges and tests. */
size_t arena_footprint(const struct arena *arena);

/* The only door to the heap outside base (banned.h): abort when memory is out. */
void *mem_alloc(size_t size) __attribute__((returns_nonnull));
void *mem_resize(void *block, size_t size) __attribute__((returns_nonnull));
void mem_free(void *block);
/* For a process of many threads that lives for months: few heaps, and what is freed goes back to the system. Called before the threads begin. */
void mem_be_frugal(void);
/* For libraries that forgot a const in their headers: the bytes must not be written to. */
void *mem_unconst(const void *bytes);

/* A growable array in an arena: `items` doubles by copying; the old block stays until the arena goes.
 * VEC_PUSH yields a pointer to the new, zeroed element. */
#define VEC_OF(type)                                                                                                   \
    struct {                                                                                                           \
        type *items;                                                                                                   \
        size_t count, capacity;                                                                                        \
    }
#define VEC_PUSH(arena, vec)                                                                                           \
    ((vec)->items = vec_grow((arena), (vec)->items, (vec)->count, &(vec)->capacity, sizeof(*(vec)->items)),            \
     &(vec)->items[(vec)->count++])
void *vec_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
    __attribute__((returns_nonnull));

#endif
