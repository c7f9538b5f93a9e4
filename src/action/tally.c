/* Some hundred figures, the least used of which gives way.
 *
 * SQLite tells each connection that others have written since it last looked, but no two connections the same number. So a thread keeps
 * since when it has seen no change: what was counted from a later snapshot, whoever counted it, is what this thread would count. */
#include "action/tally.h"

#include <pthread.h>
#include <string.h>

#define FIGURES_MAX 256
#define AGE_FACTOR 50
#define AGE_MAX_US 2000000

struct figure {
    const struct tally_kind *kind; /* NULL: free */
    int64_t company_id;
    struct view view;
    Date today;
    bool is_counted; /* it has a value */
    bool is_being_counted;
    uint64_t writes;  /* of this process, which it knows at least */
    int64_t since_us; /* its snapshot is no older */
    const struct tally *by;
    uint64_t version; /* as its counter's connection told it */
    int64_t counted_us, cost_us, used_us;
    Instant at; /* cx->now of the counting */
    _Alignas(max_align_t) char bytes[TALLY_BYTES];
};

struct tally_board {
    pthread_mutex_t lock; /* of everything below */
    pthread_cond_t counted;
    struct arena *arena; /* its own */
    const _Atomic uint64_t *writes;
    struct figure *figures[FIGURES_MAX];
};

struct tally {
    struct tally_board *board;
    uint64_t asked_writes;
    int64_t asked_us;
    uint64_t version; /* of the database as this connection tells it … */
    int64_t same_us;  /* … and since when at least it has been that */
};

struct tally_board *tally_board_new(const _Atomic uint64_t *writes) {
    struct arena *arena = arena_new();
    struct tally_board *board = ARENA_NEW(arena, struct tally_board);
    pthread_mutex_init(&board->lock, NULL);
    pthread_cond_init(&board->counted, NULL);
    board->arena = arena;
    board->writes = writes;
    return board;
}

void tally_board_free(struct tally_board *board) {
    if (board) arena_free(board->arena);
}

struct tally *tally_new(struct arena *arena, struct tally_board *board) {
    struct tally *t = ARENA_NEW(arena, struct tally);
    t->board = board;
    tally_ask(t);
    return t;
}

void tally_ask(struct tally *t) {
    if (!t) return;
    t->asked_us = clock_monotonic_us();
    t->asked_writes = *t->board->writes;
}

/* Those who see all see the same. */
static bool same_view(const struct view *a, const struct view *b) {
    return a->all == b->all && (a->all || (a->user_id == b->user_id && a->team_id == b->team_id));
}

static bool is_of(const struct figure *f, const struct ctx *cx, const struct tally_kind *kind, Date today) {
    return f->kind == kind && f->company_id == cx->company_id && date_compare(f->today, today) == 0 && same_view(&f->view, &cx->view);
}

/* The figure's place, else the one to be given to it; NULL while every one is being counted. */
static struct figure *place_of(const struct ctx *cx, struct tally_board *board, const struct tally_kind *kind, Date today) {
    struct figure *oldest = NULL;
    for (size_t i = 0; i < FIGURES_MAX; i++) {
        struct figure *f = board->figures[i];
        if (!f) {
            oldest = board->figures[i] = ARENA_NEW(board->arena, struct figure);
            break;
        }
        if (is_of(f, cx, kind, today)) return f;
        if (!f->is_being_counted && (!oldest || f->used_us < oldest->used_us)) oldest = f;
    }
    if (!oldest) return NULL;
    oldest->kind = kind;
    oldest->company_id = cx->company_id;
    oldest->view = cx->view;
    oldest->today = today;
    oldest->is_counted = false;
    return oldest;
}

static bool is_good(const struct figure *f, const struct tally *t, Instant now, int64_t now_us) {
    int64_t most = f->cost_us * AGE_FACTOR, lasts = f->kind->lasts_ms;
    if (most > AGE_MAX_US || f->is_being_counted) most = AGE_MAX_US;
    if (!f->is_counted || f->writes < t->asked_writes) return false;
    if (lasts && (now.ms < f->at.ms || now.ms - f->at.ms >= lasts)) return false;
    bool is_exact = f->since_us >= t->same_us || (f->by == t && f->version == t->version);
    return is_exact || now_us - f->counted_us < most;
}

/* Copies the figure, or gives the place of one that the caller is to count; NULL and not *out_have: there is none. */
static struct figure *take(const struct ctx *cx, const struct tally *t, const struct tally_kind *kind, Date today, void *out, bool *out_have) {
    struct tally_board *board = t->board;
    *out_have = false;
    pthread_mutex_lock(&board->lock);
    struct figure *f = place_of(cx, board, kind, today);
    while (f && !(*out_have = is_good(f, t, cx->now, clock_monotonic_us())) && f->is_being_counted) {
        pthread_cond_wait(&board->counted, &board->lock);
        f = place_of(cx, board, kind, today);
    }
    if (f) f->used_us = clock_monotonic_us();
    if (*out_have)
        memcpy(out, f->bytes, kind->size);
    else if (f)
        f->is_being_counted = true;
    pthread_mutex_unlock(&board->lock);
    return *out_have ? NULL : f;
}

/* Should counting have failed, what was known before stays. */
static void keep(const struct ctx *cx, const struct tally *t, struct figure *f, enum rc rc, int64_t begun_us, const void *value) {
    struct tally_board *board = t->board;
    pthread_mutex_lock(&board->lock);
    f->is_being_counted = false;
    if (rc == OK) {
        memcpy(f->bytes, value, f->kind->size);
        f->is_counted = true;
        f->writes = t->asked_writes;
        f->since_us = t->asked_us;
        f->by = t;
        f->version = t->version;
        f->at = cx->now;
        f->counted_us = clock_monotonic_us();
        f->cost_us = f->counted_us - begun_us;
    }
    pthread_cond_broadcast(&board->counted);
    pthread_mutex_unlock(&board->lock);
}

enum rc tally_get(struct ctx *cx, struct app *app, const struct tally_kind *kind, Date today, void *out) {
    struct tally *t = app->tally;
    uint64_t version = 0;
    bool have;
    MUST(kind->size <= TALLY_BYTES);
    if (t) TRY(db_version(cx, &version));
    if (version == 0) return kind->count(cx, app, today, out);
    int64_t begun_us = clock_monotonic_us();
    if (version != t->version) {
        t->version = version;
        t->same_us = begun_us;
    }
    struct figure *f = take(cx, t, kind, today, out, &have);
    if (have) return OK;
    if (f) begun_us = clock_monotonic_us();
    enum rc rc = kind->count(cx, app, today, out);
    if (f) keep(cx, t, f, rc, begun_us, out);
    return rc;
}
