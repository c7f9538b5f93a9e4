/* See pacing.h. A domain's rate is one number: the earliest moment of its next message. */
#include "channel/pacing.h"

#include <string.h>

#include "base/ctx.h"

/* RULE: interfaces.md 7, "Back-off". */
bool backoff_next(Instant first_attempt, int attempts, Instant now, Instant *out_next) {
    static const int64_t minutes[] = {5, 15, 60, 240};
    MUST(attempts >= 1);
    size_t step = (size_t)attempts - 1;
    if (step >= COUNT_OF(minutes)) step = COUNT_OF(minutes) - 1;
    Instant next = {now.ms + minutes[step] * MS_PER_MINUTE};
    if (next.ms - first_attempt.ms > 2 * MS_PER_DAY) return false;
    *out_next = next;
    return true;
}

struct domain_pace {
    Str domain; /* lower case */
    int open;
    bool sent;       /* next_ms means something */
    int64_t next_ms; /* not before */
};

/* Sorted by domain: names come from outside, so that a hash could be made to collide. */
struct pacer {
    struct arena *arena;
    struct pace_limits limits;
    VEC_OF(struct domain_pace) domains;
};

struct pacer *pacer_new(struct arena *arena, struct pace_limits limits) {
    struct pacer *p = ARENA_NEW(arena, struct pacer);
    p->arena = arena;
    p->limits = limits;
    return p;
}

Str address_domain(Str address) {
    for (size_t i = address.n; i-- > 0;)
        if (address.p[i] == '@') return (Str){address.p + i + 1, address.n - i - 1};
    return address;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static int compare(Str known, Str domain) {
    size_t n = known.n < domain.n ? known.n : domain.n;
    for (size_t i = 0; i < n; i++) {
        unsigned char a = (unsigned char)known.p[i], b = (unsigned char)lower(domain.p[i]);
        if (a != b) return a < b ? -1 : 1;
    }
    return (known.n > domain.n) - (known.n < domain.n);
}

/* The first that is not less than `domain`. */
static size_t lower_bound(const struct pacer *p, Str domain) {
    size_t low = 0, high = p->domains.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(p->domains.items[middle].domain, domain) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct domain_pace *find(const struct pacer *p, Str domain) {
    size_t at = lower_bound(p, domain);
    bool known = at < p->domains.count && compare(p->domains.items[at].domain, domain) == 0;
    return known ? &p->domains.items[at] : NULL;
}

static struct domain_pace *add(struct pacer *p, Str domain) {
    size_t at = lower_bound(p, domain);
    char *name = arena_alloc(p->arena, domain.n + 1);
    for (size_t i = 0; i < domain.n; i++) name[i] = lower(domain.p[i]);
    (void)VEC_PUSH(p->arena, &p->domains);
    struct domain_pace *d = p->domains.items + at;
    memmove(d + 1, d, (p->domains.count - 1 - at) * sizeof *d);
    *d = (struct domain_pace){.domain = {name, domain.n}};
    return d;
}

bool pacer_take(struct pacer *p, Str domain, int64_t steady_ms, int64_t *out_wait_ms) {
    struct domain_pace *d = find(p, domain);
    if (!d) d = add(p, domain);
    if (p->limits.connections > 0 && d->open >= p->limits.connections) {
        *out_wait_ms = 0;
        return false;
    }
    if (p->limits.per_minute > 0) {
        int64_t spacing = (MS_PER_MINUTE + p->limits.per_minute - 1) / p->limits.per_minute;
        if (d->sent && steady_ms < d->next_ms) {
            *out_wait_ms = d->next_ms - steady_ms;
            return false;
        }
        d->next_ms = steady_ms + spacing;
        d->sent = true;
    }
    d->open++;
    return true;
}

void pacer_done(struct pacer *p, Str domain) {
    struct domain_pace *d = find(p, domain);
    MUST(d && d->open > 0);
    d->open--;
}
