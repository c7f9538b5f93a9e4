/* Snapshots: everything decide() must know about customers, read in sets (a range of customers at a time), never one by
 * one.
 *
 * The planner, the rehearsal, why and the gate at T all read through this one door, so they cannot differ. Needs a
 * transaction. */
#ifndef PLAN_SNAPSHOT_H
#define PLAN_SNAPSHOT_H

#include "store/db.h"
#include "strategy/strategy_types.h"

/* A pending action of the customer: planned, deferred or waiting for approval. */
struct pending_action {
    int64_t id;
    enum ladder ladder;
    Str step, status, reason, address, claimed_by;
    Str confirmed_step; /* the step a person approved */
    bool resend;        /* a person chose to hand the kept bytes over again */
    Instant handed_at;  /* of the first time, when it is to be resent */
    int64_t fence;
    int64_t attempts;
    Instant not_before, lease_until;
};

/* A reminder that was handed over. */
struct past_message {
    Instant at;
    enum tone tone;
    bool has_tone;
    Str template, variant;
};

/* One item of a promise that was not cancelled. */
struct promise_cover {
    int64_t promise_id;
    struct item *item; /* NULL: settled by now */
    Date date;         /* last day */
    Money amount;      /* zero: not known */
    bool kept;         /* by the ledger, as of now */
};

/* The snapshot, and beside it what parts of it follow from: snapshot_settle() derives those for another day. */
struct planned_customer {
    struct snapshot snapshot;
    struct item *items; /* the snapshot's, to be written to */
    const struct past_message *history; /* newest first */
    size_t history_count;
    const struct promise_cover *promises; /* oldest first */
    size_t promise_count;
    Date last_payment; /* DATE_NONE */
    int64_t strategy_id; /* assigned by hand; 0 = by segment or the default */
    const struct pending_action *pending;
    size_t pending_count;
    Str thread_id; /* Message-ID that started the conversation; empty = none */
};

struct snapshot_set {
    struct planned_customer *items;
    size_t count;
    int64_t last_id; /* continue after this one; 0 = nothing left */
};

/* What surrounds the customers. */
struct snapshot_scope {
    Date today; /* company's civil day */
    const struct zone *zone;
    bool without_texts;    /* numbers, types and references of documents are not needed: deciding alone is quicker */
    bool with_letters;     /* letters are a way: postal addresses are read too */
    bool for_viewer;       /* snapshot_load: only the customers the context's view reaches (rehearsals for a person) */
    Str country, language; /* of the company, for customers that have none */
};

/* The next `limit` customers after an id who owe something or have something pending, in cx->arena. */
MUST_USE enum rc snapshot_load(struct ctx *cx, const struct snapshot_scope *scope, int64_t after, size_t limit,
                               struct snapshot_set *out_set);
/* Just these customers, whether or not anything is open; those that do not exist are left out. In the order of ids. */
MUST_USE enum rc snapshot_load_set(struct ctx *cx, const struct snapshot_scope *scope, const int64_t *ids, size_t count,
                                   struct snapshot_set *out_set);
/* One of them. NOT_FOUND. */
MUST_USE enum rc snapshot_load_one(struct ctx *cx, const struct snapshot_scope *scope, int64_t customer_id,
                                   struct planned_customer *out_customer);
/* The customer within a set, or NULL. */
const struct planned_customer *snapshot_of(const struct snapshot_set *set, int64_t customer_id);

/* Sets what depends on the day, from the lists beside the snapshot: promises running and broken, silence, tone and
 * wordings of what was sent, and the contacts of the last days. The loaders have done it for their own day. */
void snapshot_settle(struct arena *arena, const struct snapshot_scope *scope, Instant now,
                     struct planned_customer *customer);

#endif
