/* Fingerprints of each side, sorted; then each side is read again and asked against the other. */
#include "plan/compare.h"

#include <nettle/sha2.h>
#include <stdlib.h>

typedef VEC_OF(uint64_t) print_list;

static uint64_t first_eight(struct sha256_ctx *hash) {
    unsigned char digest[8];
    uint64_t value = 0;
    sha256_digest(hash, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) value = value << 8 | digest[i];
    return value;
}

static void hash_text(struct sha256_ctx *hash, Str text) {
    uint64_t n = text.n;
    sha256_update(hash, sizeof n, (const uint8_t *)&n);
    if (n) sha256_update(hash, text.n, (const uint8_t *)text.p);
}

static uint64_t print_of(const struct rehearsed *x) {
    struct sha256_ctx hash;
    sha256_init(&hash);
    sha256_update(&hash, sizeof x->date, (const uint8_t *)&x->date);
    hash_text(&hash, x->customer);
    hash_text(&hash, x->channel);
    hash_text(&hash, x->step);
    hash_text(&hash, x->tone);
    hash_text(&hash, x->kind);
    return first_eight(&hash);
}

static uint64_t print_of_customer(const struct rehearsed *x) {
    struct sha256_ctx hash;
    sha256_init(&hash);
    hash_text(&hash, x->customer);
    return first_eight(&hash);
}

static int print_order(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void sort(print_list *prints) {
    if (prints->count) qsort(prints->items, prints->count, sizeof *prints->items, print_order);
}

static bool has(const print_list *prints, uint64_t print) {
    return prints->count && bsearch(&print, prints->items, prints->count, sizeof print, print_order);
}

struct comparing {
    struct arena *arena; /* not the context's, which each record gives back */
    print_list prints[2], customers;
    enum difference side;
    struct comparison *result;
    comparison_visit *visit;
    void *self;
};

static enum rc collect(struct ctx *cx, void *self, const struct rehearsed *x) {
    struct comparing *c = self;
    (void)cx;
    *VEC_PUSH(c->arena, &c->prints[c->side]) = print_of(x);
    return OK;
}

static enum rc judge(struct ctx *cx, void *self, const struct rehearsed *x) {
    struct comparing *c = self;
    const print_list *other = &c->prints[c->side == DIFFERENCE_GONE ? DIFFERENCE_ADDED : DIFFERENCE_GONE];
    if (has(other, print_of(x))) {
        c->result->same += c->side == DIFFERENCE_ADDED;
        return OK;
    }
    if (c->side == DIFFERENCE_GONE)
        c->result->gone++;
    else
        c->result->added++;
    *VEC_PUSH(c->arena, &c->customers) = print_of_customer(x);
    return c->visit(cx, c->self, c->side, x);
}

static enum rc read_both(struct ctx *cx, const struct rehearsal *r, rehearsed_visit *visit, struct comparing *c) {
    TRY(rehearsal_read(cx, r, REHEARSED_MESSAGES, visit, c));
    return rehearsal_read(cx, r, REHEARSED_TASKS, visit, c);
}

static enum rc compare(struct ctx *cx, const struct rehearsal *const sides[2], struct comparing *c) {
    for (int side = DIFFERENCE_GONE; side <= DIFFERENCE_ADDED; side++) {
        c->side = (enum difference)side;
        TRY(read_both(cx, sides[side], collect, c));
        sort(&c->prints[side]);
    }
    for (int side = DIFFERENCE_GONE; side <= DIFFERENCE_ADDED; side++) {
        c->side = (enum difference)side;
        TRY(read_both(cx, sides[side], judge, c));
    }
    sort(&c->customers);
    for (size_t i = 0; i < c->customers.count; i++)
        c->result->customers += i == 0 || c->customers.items[i] != c->customers.items[i - 1];
    return OK;
}

enum rc rehearsals_compare(struct ctx *cx, const struct rehearsal *before, const struct rehearsal *after,
                           comparison_visit *visit, void *self, struct comparison *out_comparison) {
    const struct rehearsal *const sides[2] = {before, after};
    *out_comparison = (struct comparison){0};
    struct comparing c = {.arena = arena_new(), .result = out_comparison, .visit = visit, .self = self};
    enum rc rc = compare(cx, sides, &c);
    arena_free(c.arena);
    return rc;
}
