/* The planner: one round over every customer with something open, in sets (REQ: B1 B7 B8 B16).
 *
 * What is pending is decided anew each round, so a plan never goes stale: the same decision keeps its row, another one
 * changes it, none cancels it with the reason. Uniqueness of (instalment, step, occurrence) is the database's (INV:
 * I1). */
#ifndef PLAN_PLANNER_H
#define PLAN_PLANNER_H

#include "message/message_types.h"
#include "plan/book.h"
#include "plan/snapshot.h"

/* How much may go with one message. */
struct attach_limits {
    int64_t count, bytes; /* of copies of invoices */
};

/* What surrounds every decision of a round. */
struct plan_env {
    struct snapshot_scope scope;
    struct policy policy;
    struct strategy_book book;
    struct message_company company; /* as messages show it */
    struct attach_limits attach;
};

struct plan_counts {
    int64_t planned; /* messages decided in this round, deferred ones included */
    int64_t deferred;
    int64_t approvals;
    int64_t tasks;              /* tasks and proposals written */
    int64_t held[REASON_COUNT]; /* customers held back, by the first reason */
    int64_t customers, items;
};

/* How a decision stands once it is planned, given what was pending for it (NULL: nothing). */
struct stand {
    enum { STAND_OPEN, STAND_APPROVAL, STAND_DEFERRED, STAND_READY } status; /* OPEN: a task for somebody */
    bool confirmed; /* a person has approved this step */
    bool backs_off; /* deferred because the channel did not take it */
    Instant not_before;
};
struct stand stand_of(const struct decision *decision, const struct pending_action *old, Instant now);
/* The reason that best says why a decision waits: one that names a next moment, else the last; NULL: none. */
const struct reason *waiting_reason(const struct decision *decision);

typedef void plan_progress(void *self, int64_t customers);

/* Decides and writes for all customers, in transactions of its own of a few hundred customers. Killed anywhere, the
 * next round carries on. */
MUST_USE enum rc plan_round(struct ctx *cx, struct db *db, const struct plan_env *env, plan_progress *progress,
                            void *self, struct plan_counts *out_counts);

#endif
