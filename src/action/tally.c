/* A few dozen figures, the least used of which gives way. */
#include "action/tally.h"

#include <string.h>

#define FIGURES_MAX 64
#define AGE_FACTOR 20
#define AGE_MAX_US 1000000

struct figure {
    const struct tally_kind *kind; /* NULL: free */
    int64_t company_id;
    struct view view;
    Date today;
    uint64_t version, writes; /* of the database and of this process, when it was counted */
    int64_t counted_us, cost_us, used_us;
    Instant at; /* cx->now of the counting */
    _Alignas(max_align_t) char bytes[TALLY_BYTES];
};

struct tally {
    struct arena *arena;
    const _Atomic uint64_t *writes;
    struct figure *figures[FIGURES_MAX];
};

struct tally *tally_new(struct arena *arena, const _Atomic uint64_t *writes) {
    struct tally *t = ARENA_NEW(arena, struct tally);
    t->arena = arena;
    t->writes = writes;
    return t;
}

/* Those who see all see the same. */
static bool same_view(const struct view *a, const struct view *b) {
    return a->all == b->all && (a->all || (a->user_id == b->user_id && a->team_id == b->team_id));
}

static bool is_of(const struct figure *f, const struct ctx *cx, const struct tally_kind *kind, Date today) {
    return f->kind == kind && f->company_id == cx->company_id && date_compare(f->today, today) == 0 && same_view(&f->view, &cx->view);
}

/* The figure's place, else the one to be given to it. */
static struct figure *place_of(const struct ctx *cx, struct tally *t, const struct tally_kind *kind, Date today) {
    struct figure *oldest = NULL;
    for (size_t i = 0; i < FIGURES_MAX; i++) {
        struct figure *f = t->figures[i];
        if (!f) {
            t->figures[i] = ARENA_NEW(t->arena, struct figure);
            return t->figures[i];
        }
        if (is_of(f, cx, kind, today)) return f;
        if (!oldest || f->used_us < oldest->used_us) oldest = f;
    }
    oldest->kind = NULL;
    return oldest;
}

static bool is_good(const struct figure *f, uint64_t version, uint64_t writes, Instant now, int64_t now_us) {
    int64_t most = f->cost_us * AGE_FACTOR;
    if (most > AGE_MAX_US) most = AGE_MAX_US;
    if (!f->kind) return false;
    if (f->kind->lasts_ms && (now.ms < f->at.ms || now.ms - f->at.ms >= f->kind->lasts_ms)) return false;
    return f->writes == writes && (f->version == version || now_us - f->counted_us < most);
}

enum rc tally_get(struct ctx *cx, struct app *app, const struct tally_kind *kind, Date today, void *out) {
    uint64_t version = 0;
    MUST(kind->size <= TALLY_BYTES);
    if (app->tally) TRY(db_version(cx, &version));
    if (version == 0) return kind->count(cx, app, today, out);
    uint64_t writes = *app->tally->writes;
    int64_t begun_us = clock_monotonic_us();
    struct figure *f = place_of(cx, app->tally, kind, today);
    if (!is_good(f, version, writes, cx->now, begun_us)) {
        f->kind = NULL; /* should counting fail */
        TRY(kind->count(cx, app, today, f->bytes));
        f->kind = kind;
        f->company_id = cx->company_id;
        f->view = cx->view;
        f->today = today;
        f->version = version;
        f->at = cx->now;
        f->writes = writes;
        f->counted_us = clock_monotonic_us();
        f->cost_us = f->counted_us - begun_us;
    }
    f->used_us = begun_us;
    memcpy(out, f->bytes, kind->size);
    return OK;
}
