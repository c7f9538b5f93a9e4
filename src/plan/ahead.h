/* One customer, round by round into the future (REQ: B13).
 *
 * Each round decides as `aldia run` would and then leaves the customer as that run would leave it when nothing else
 * happens: what is handed over, written or proposed is remembered in an overlay over the snapshot, nothing is stored. */
#ifndef PLAN_AHEAD_H
#define PLAN_AHEAD_H

#include "plan/planner.h"
#include "strategy/decide.h"

enum ahead_event {
    AHEAD_SENT,
    AHEAD_TASK,     /* written for a person */
    AHEAD_PROPOSAL, /* a change of state that waits for approval */
    AHEAD_APPROVAL, /* a message that waits for approval */
    AHEAD_TEST,     /* a message of a step in test mode: composed and kept */
    AHEAD_DEFERRED, /* waits for a later day */
    AHEAD_HELD
};

/* `today` is the company's civil day of the round. Waiting is told when it begins, not again each round. */
typedef void ahead_visit(void *self, Date today, enum ahead_event event, const struct decision *decision);

struct ahead {
    struct arena *arena, *scratch; /* what is kept; what lasts a round */
    struct snapshot_scope scope;
    struct policy policy;
    const struct strategy *strategy;
    struct planned_customer *customer;
    struct {
        struct progress *list;
        size_t room;
    } *progress; /* one an item, once it grew here */
    struct past_contact *past;
    struct past_message *history;
    size_t past_room, history_room; /* free places in front of the newest */
    struct pending_action message;  /* the one that waits */
    bool has_message;
    enum ahead_event waits; /* what it was told to wait for; AHEAD_SENT: nothing */
    VEC_OF(Str) proposals;  /* steps of the changes of state that wait */
};

/* So many days with a round may come at most, from `first` on. Writes to the customer; `scratch` is reset at every round. */
void ahead_begin(struct ahead *ahead, struct arena *arena, struct arena *scratch, const struct plan_env *env,
                 struct planned_customer *customer, size_t rounds, Instant first);
/* What there is to decide at an instant; valid until the next call. */
struct decision_list ahead_decide(struct ahead *ahead, Instant now, bool explain);
/* The day's round, and those that follow it the same day when what waits for its hour may leave, as a serving process and the timer make
 * them (work/scheduler.h). Returns the first later day on which something may be decided otherwise; DATE_NONE: never again. */
Date ahead_round(struct ahead *ahead, Instant now, ahead_visit *visit, void *self);

#endif
