/* The engine's inside, shared by decide*.c only: one `struct planner` per call, passed to every part.
 *
 * Ladders: messages are one, tasks and changes of state together the other; each collapses on its own (interfaces.md
 * 7). */
#ifndef STRATEGY_DECIDE_PARTS_H
#define STRATEGY_DECIDE_PARTS_H

#include "strategy/decide.h"
#include "strategy/strategy.h"

enum track { TRACK_MESSAGE, TRACK_WORK, TRACK_COUNT };

#define NO_RANK (-1)
#define REASON_NOTHING REASON_COUNT

/* A step made ready: its anchor resolved, its neighbours known. Rank = index. */
struct rung {
    const struct step *step;
    enum anchor base; /* ISSUE, DUE or PROMISE: chains of PREVIOUS are followed */
    int32_t offset;   /* from the base */
    enum track track;
    int below, above; /* neighbours in the same track, NO_RANK at the ends; `above` skips promise steps */
    bool notice;      /* counted from issue, or on or before D */
    bool conditional; /* has conditions at all */
    /* Conditions on the customer, and on the sum of what is due: looked at once, at the first item that asks. */
    bool customer_judged, amount_judged;
    enum reason_code customer_refusal, amount_refusal;
};

/* The step an item takes in a track today; rank NO_RANK: none. */
struct choice {
    int rank;
    int32_t occurrence;
    Date scheduled;
    int collapsed; /* how many lower steps it swallows */
};

/* How an item stands before today's steps. */
struct standing {
    const struct item *item;
    enum reason_code block;   /* DISPUTE, PROMISE, HOLD, NOT_ISSUED, PAID; REASON_NOTHING: free */
    bool net_credit;          /* nothing is owed in its currency once credits are counted */
    uint64_t done[2];         /* set of ranks: performed or swallowed, at any occurrence */
    int highest[TRACK_COUNT]; /* highest rank performed or swallowed, promise steps apart */
    Date removed;             /* last performance of a step that is in the strategy no more; DATE_NONE */
    struct choice choice[TRACK_COUNT];
    struct {
        enum reason_code code; /* what held back a step that was due; REASON_NOTHING */
        int rank;
    } held[TRACK_COUNT];
};

struct reason_list {
    struct reason *items;
    size_t count, capacity;
};

struct planner {
    struct arena *arena;
    const struct snapshot *snapshot;
    const struct strategy *strategy;
    const struct policy *policy;
    bool explain;
    Date watermark;
    struct rung *rungs;
    int rung_count;
    int top[TRACK_COUNT];
    bool has_promise_steps;
    struct standing *standings;                              /* one an item of the snapshot */
    Date last_message_day, last_reply_day, last_contact_day; /* company's civil days; DATE_NONE */
    struct reason_list told[TRACK_COUNT]; /* what held back, and with explain everything about single steps */
};

/* decide_due.c: which step each item takes. */
void planner_prepare(struct planner *p);
void planner_choose(struct planner *p);
/* The steps swallowed by the choice, as decided_item.skipped has them. */
Str standing_skipped(struct planner *p, const struct standing *st, enum track track);
/* Every step of the item with its state, into p->told. */
void standing_explain(struct planner *p, const struct standing *st);
/* Where a rung stands for an item, conditions left out: DUE, NOT_YET, PERFORMED, OVERTAKEN, BEFORE_ACTIVATION,
 * TOO_LATE, or REASON_NOTHING when it cannot apply (no broken promise). */
enum reason_code rung_timing(const struct planner *p, const struct standing *st, int rank, struct choice *out_choice);

/* decide_condition.c: the first condition of B4 that is not met; REASON_NOTHING when all are. */
enum reason_code rung_refusal(struct planner *p, const struct standing *st, int rank);
bool list_contains(Str list, Str word);

/* decide_channel.c */
struct route {
    enum channel_kind channel;
    const struct contact *contact; /* NULL: nobody can be reached */
    Instant not_before;            /* INSTANT_NONE: now */
    bool forbidden;                /* reachable, but the rules never allow it */
};
/* The way for a message of this rung; why it is this one and not the step's first is appended to `reasons`. */
struct route route_choose(struct planner *p, const struct rung *rung, size_t item_count, struct reason_list *reasons);
bool channel_reaches(const struct planner *p, enum channel_kind channel);
/* The fingerprint of who can be reached where: occurrence of contact_data_step. */
int32_t contact_situation(const struct snapshot *snapshot);
bool contact_situation_known(const struct snapshot *snapshot, int32_t situation);

/* decide_tone.c */
enum tone tone_choose(struct planner *p, const struct rung *rung, const struct decided_item *items, size_t count,
                      struct reason_list *reasons);
/* Sets template_kind and variant. */
void wording_choose(struct planner *p, struct decision *d);

struct reason *reason_add(struct planner *p, struct reason_list *list, enum reason_code code);

#endif
