/* The outbox: hands planned messages over, once, by the protocol of domain.md section 4 (INV: I1 I3 I5 I6 I7).
 *
 * Composers prepare messages ahead, sender threads talk to the channel, each over its own connection. Everything that is
 * written goes through one writer, which takes all that waits into one transaction: many T's share one durable commit,
 * and what was accepted is recorded in the commit of the T's that come next.
 *
 *   composer: read, decide, compose
 *   sender:   connect … 354 → ask for T → bytes leave → tell the outcome
 *   writer:   { claims, T's, outcomes } in one transaction → commit → journal → answer
 */
#ifndef OUTBOX_OUTBOX_H
#define OUTBOX_OUTBOX_H

#include <signal.h>

#include "base/clock.h"
#include "channel/channel.h"
#include "channel/dkim.h"
#include "channel/pacing.h"
#include "message/compose.h"
#include "outbox/journal.h"
#include "plan/planner.h"

#define LEASE_MS (60 * MS_PER_SECOND)

struct pdf_image; /* document/pdf_image.h */

struct outbox_config {
    const char *db_url;
    struct db *db; /* the writing connection */
    const struct channel_driver *driver;
    const void *driver_config;
    bool captures;           /* nothing leaves: messages are kept in the local outbox */
    int connections;         /* sender threads; 0: no threads, all in the caller's (simulation) … */
    int at_once;             /* … which brings so many messages to T at a time */
    struct pace_limits pace; /* per domain of the addresses; zeros: no limit. Not without threads */
    Str from_name, from_address, reply_to;
    const struct dkim_key *dkim; /* NULL: not signed here */
    const struct message_library *library;
    bool letters;                 /* hands over letters; else everything but letters */
    const char *files_folder;     /* copies of invoices, by their content */
    const struct pdf_image *logo; /* of statements; NULL: none */
    const struct clock *clock;
    const struct plan_env *env;  /* now and today are set anew for every T */
    struct journal *journal;     /* NULL on PostgreSQL without a data directory */
    Str company;                 /* code of the company, for the journal's lines */
    int64_t data_fresh_until_ms; /* instant after which the data count as stale; INT64_MAX: never */
    const char *claimer;         /* who claims: machine, boot, process (claim.h) */
    volatile sig_atomic_t *stop; /* set by a signal: finish what is under way, claim no more */
    void (*progress)(void *self, int64_t done, int64_t total);
    void *self;
};

struct outbox_counts {
    int64_t sent, deferred, failed, ambiguous, tasks;
    int64_t held[REASON_COUNT]; /* refused at the gate, by reason */
    int64_t again;              /* ended in a way that calls for another look at the plan */
    bool unreachable;           /* the channel could not be reached; what is left stays planned */
};

/* Everything that is ready now. Returns when nothing is left, or the channel cannot be reached, or *stop is set.
 * INTERNAL when a commit failed: nothing more is handed over. */
MUST_USE enum rc outbox_run(struct ctx *cx, const struct outbox_config *config, struct outbox_counts *out_counts);

/* Takes over from claimers that no longer live: claims are released, what was being handed over becomes ambiguous.
 * *out_ambiguous counts those. */
MUST_USE enum rc outbox_recover(struct ctx *cx, struct db *db, int64_t *out_ambiguous);

#endif
