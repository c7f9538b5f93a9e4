/* Figures counted over many rows, remembered on a board that all who answer pages share.
 *
 * A figure is exact as long as nobody writes. While others write all the time, as a round does, counting anew for every page would cost
 * more than the page: then a figure may be as old as fifty times what counting it took, two seconds at most; while it is being counted
 * again, others take the one before, of two seconds at most too. It is never older than the last write of this process that was answered
 * before the page was asked for, so what a person does shows on their next page. Whom it was counted for is part of what it is found by:
 * what one person may see never answers another (INV: I16). On PostgreSQL, which tells no version of its data, nothing is remembered. */
#ifndef ACTION_TALLY_H
#define ACTION_TALLY_H

#include "action/app.h"

#define TALLY_BYTES 2048 /* the largest figure */

struct tally_board; /* of several threads of the same priority: one may wait for what another counts */
struct tally;       /* one thread's way to it */

struct tally_kind {
    size_t size; /* of what `count` writes: plain values, no pointers */
    /* For the context's company and viewer, of the day. Needs a transaction. Asks for no other figure. */
    enum rc (*count)(struct ctx *cx, struct app *app, Date today, void *out);
    int64_t lasts_ms; /* of cx->now, where time alone changes it; 0: as long as nobody writes */
};

/* `writes` grows with every write of this process. */
struct tally_board *tally_board_new(const _Atomic uint64_t *writes);
/* After its threads have ended. NULL: nothing happens. */
void tally_board_free(struct tally_board *board);
struct tally *tally_new(struct arena *arena, struct tally_board *board);
/* A page begins, nothing of which was read yet: its figures know every write until now. NULL: nothing happens. */
void tally_ask(struct tally *t);
/* The figure, remembered or counted; counted where app->tally is NULL. Needs a reading transaction, begun since tally_ask, to be remembered. */
MUST_USE enum rc tally_get(struct ctx *cx, struct app *app, const struct tally_kind *kind, Date today, void *out);

#endif
