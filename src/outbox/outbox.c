/* The round: gather what waits, one transaction, one sync, then the answers. */
#include "outbox/outbox.h"

#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "outbox/claim.h"
#include "outbox/desk.h"
#include "outbox/writer.h"
#include "outbox_sql.h"
#include "timeline/timeline.h"

#define RENEW_EVERY_MS 20000
#define ALONE_CLAIMS 4 /* messages claimed ahead when there are no sender threads */
#define CLAIM_AHEAD 32
#define UNREACHABLE_STOPS 4 /* so many in a row, and the channel counts as gone for this round */

static void add_counts(struct outbox_counts *to, const struct outbox_counts *more) {
    to->sent += more->sent;
    to->deferred += more->deferred;
    to->failed += more->failed;
    to->ambiguous += more->ambiguous;
    to->tasks += more->tasks;
    to->again += more->again;
    for (size_t i = 0; i < REASON_COUNT; i++) to->held[i] += more->held[i];
}

struct round {
    struct desk desk;
    struct ctx *cx;
    const struct outbox_config *config;
    struct outbox_counts *total;
    int64_t claimed_up_to, renewed_ms, handled;
    bool exhausted; /* nothing left to claim */
    enum rc rc;     /* first failure of a request served where it was asked */
};

/* Numbers go on from the highest of file and database: the file lacks the lines of a process that died between commit
 * and journal, and of those that are there at this moment. */
static enum rc catch_up(struct ctx *cx, struct journal *journal) {
    struct gate_state_row state;
    if (!journal) return OK;
    TRY(gate_state(cx, &state));
    return journal_refresh(cx, journal, state.journal_seq);
}

/* The commit said "handing" and the journal could not say so: these surely do not leave, and if the database still
 * takes it, it is told so. Else they are ambiguous for whoever recovers. The fault of the journal stays the one
 * reported. */
static void take_back(struct round *r, const struct request *requests) {
    struct ctx *cx = r->cx;
    struct fault why = cx->fault;
    enum rc rc = tx_begin(cx, r->config->db, TX_WRITE);
    for (const struct request *q = requests; q && rc == OK; q = q->next) {
        if (!q->granted) continue;
        rc = action_set_deferred(cx, &(struct action_set_deferred_params){.id = q->message->action_id,
                                                                          .fence = q->message->fence,
                                                                          .reason = S("BACK_OFF"),
                                                                          .reply = S(""),
                                                                          .not_before = cx->now});
    }
    if (rc == OK) rc = tx_commit(cx);
    tx_rollback(cx);
    cx->fault = why;
}

/* Everything one transaction does. The journal is synced after the commit and before any answer: no byte leaves before
 * both (INV: I21). */
static enum rc transact(struct round *r, struct request *requests, size_t room, VecOfOutgoing *claimed,
                        struct arena *keep) {
    struct ctx *cx = r->cx;
    struct journal *journal = r->config->journal;
    struct outbox_counts counts = {0};
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(clock_now(cx, r->config->clock, &cx->now));
    TRY(tx_begin(cx, r->config->db, TX_WRITE));
    TRY(catch_up(cx, journal));
    int64_t seq_before = journal ? journal->seq : 0;
    struct writing w = {
        .cx = cx, .config = r->config, .counts = &counts, .claimed_up_to = r->claimed_up_to, .keep = keep};
    enum rc rc = writer_begin(&w, requests);
    for (struct request *q = requests; q && rc == OK; q = q->next) rc = writer_handle(&w, q);
    if (rc == OK) rc = writer_flush(&w);
    bool more = true;
    if (rc == OK && room) rc = writer_claim(&w, room, claimed, &more);
    if (rc == OK && clock_monotonic_ms() - r->renewed_ms > RENEW_EVERY_MS) {
        rc = action_renew(cx, &(struct action_renew_params){.claimed_by = str_from(r->config->claimer),
                                                            .lease_until = {cx->now.ms + LEASE_MS}});
        r->renewed_ms = clock_monotonic_ms();
    }
    if (rc == OK && journal && journal->seq != seq_before)
        rc = journal_advance(cx, &(struct journal_advance_params){.journal_seq = journal->seq});
    if (rc == OK) rc = tx_commit(scope);
    if (rc != OK) {
        if (journal) journal_forget(journal, seq_before);
        return rc;
    }
    if (journal && journal_sync(cx, journal) != OK) {
        take_back(r, requests);
        return INTERNAL;
    }
    if (room && !more) r->exhausted = true;
    r->claimed_up_to = w.claimed_up_to;
    add_counts(r->total, &counts);
    return OK;
}

static void note_reach(struct desk *d, const struct request *requests) {
    for (const struct request *q = requests; q; q = q->next) {
        if (q->kind != REQUEST_OUTCOME) continue;
        d->unreachable_in_a_row = q->result.unreachable ? d->unreachable_in_a_row + 1 : 0;
    }
}

static int64_t count_done(const struct request *requests) {
    int64_t done = 0;
    for (const struct request *q = requests; q; q = q->next) done += q->kind != REQUEST_T;
    return done;
}

/* One transaction with all these requests, and its answers. Called without the lock; leaves it held. */
static enum rc settle(struct round *r, struct request *requests, size_t room) {
    struct desk *d = &r->desk;
    struct arena_mark mark = arena_mark(r->cx->arena);
    struct arena *keep = arena_new();
    VecOfOutgoing claimed = {0};
    enum rc rc = transact(r, requests, room, &claimed, keep);
    r->handled += count_done(requests);
    if (r->config->progress) r->config->progress(r->config->self, r->handled, 0);
    pthread_mutex_lock(&d->lock);
    if (rc == OK) {
        note_reach(d, requests);
        desk_put_work(d, claimed.items, claimed.count);
    } else {
        d->broken = true;
        for (size_t i = 0; i < claimed.count; i++) outgoing_free(claimed.items[i]);
    }
    desk_answer(requests, rc == OK);
    arena_free(keep);
    arena_rewind(r->cx->arena, mark);
    return rc;
}

static bool asks_for(const struct request *requests, int64_t customer_id) {
    for (const struct request *q = requests; q; q = q->next)
        if (q->kind != REQUEST_OUTCOME && q->message->customer_id == customer_id) return true;
    return false;
}

/* Takes what waits, but of each customer one message: what follows must be decided with this one counted (INV: I5). */
static struct request *take_requests(struct desk *d) {
    struct request *taken = NULL, **end = &taken, **at = &d->first;
    d->last = NULL;
    while (*at) {
        struct request *q = *at;
        if (q->kind != REQUEST_OUTCOME && asks_for(taken, q->message->customer_id)) {
            d->last = q;
            at = &q->next;
            continue;
        }
        *at = q->next;
        q->next = NULL;
        *end = q;
        end = &q->next;
    }
    return taken;
}

static void wait_for_requests(struct desk *d) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    pthread_cond_timedwait(&d->to_writer, &d->lock, &until);
}

/* One turn of the writer. Called with the lock held; leaves it held. */
static enum rc turn(struct round *r, bool *out_finished) {
    struct desk *d = &r->desk;
    bool stopping = (r->config->stop && *r->config->stop) || d->unreachable_in_a_row >= UNREACHABLE_STOPS;
    size_t waiting = d->work.count + d->prepared.count;
    size_t room = !stopping && !r->exhausted && waiting < d->ahead ? d->ahead * 2 - waiting : 0;
    if (stopping && !d->stopping) {
        pthread_cond_broadcast(&d->to_senders);
        pthread_cond_broadcast(&d->to_composers);
    }
    d->stopping = stopping;
    if (!d->first && room == 0) {
        *out_finished = (r->exhausted || stopping) && d->busy == 0 && (waiting == 0 || stopping);
        if (!*out_finished) wait_for_requests(d);
        return OK;
    }
    struct request *requests = take_requests(d);
    pthread_mutex_unlock(&d->lock);
    return settle(r, requests, room);
}

/* Those who still wait get their answer: no. */
static void turn_away(struct desk *d) {
    struct request *requests = d->first;
    d->broken = true;
    d->first = d->last = NULL;
    desk_answer(requests, false);
}

/* ---- without threads ---- */

static void serve(void *server) {
    struct round *r = server;
    enum rc rc = OK;
    pthread_mutex_lock(&r->desk.lock);
    while (rc == OK && r->desk.first) {
        struct request *requests = take_requests(&r->desk);
        pthread_mutex_unlock(&r->desk.lock);
        rc = settle(r, requests, 0);
    }
    if (rc != OK) turn_away(&r->desk);
    pthread_mutex_unlock(&r->desk.lock);
    if (rc != OK) r->rc = rc;
}

/* The same turns, each followed by all the work it claimed. */
static enum rc run_alone(struct round *r) {
    struct desk *d = &r->desk;
    d->serve = serve;
    d->server = r;
    d->closed = true;
    for (bool finished = false; r->rc == OK && !finished;) {
        pthread_mutex_lock(&d->lock);
        enum rc rc = turn(r, &finished);
        if (rc != OK) turn_away(d);
        pthread_mutex_unlock(&d->lock);
        TRY(rc);
        sender_work_here(d);
    }
    return r->rc;
}

static int start_threads(pthread_t *threads, int most, void *(*body)(void *), struct desk *d) {
    int started = 0;
    while (started < most && pthread_create(&threads[started], NULL, body, d) == 0) started++;
    return started;
}

static enum rc run_threads(struct round *r) {
    struct desk *d = &r->desk;
    pthread_t senders[MAX_CONNECTIONS], composers[MAX_COMPOSERS];
    int connections = r->config->connections;
    bool finished = false;
    pthread_mutex_lock(&d->lock);
    int composing =
        start_threads(composers, connections < MAX_COMPOSERS ? connections : MAX_COMPOSERS, composer_main, d);
    int sending = start_threads(senders, connections, sender_main, d);
    d->composers = composing;
    enum rc rc = composing && sending ? OK : fail(r->cx, INTERNAL, "could not start a sender thread");
    while (rc == OK && !finished) {
        if (d->composers <= 0) rc = fail(r->cx, INTERNAL, "no sender could open the database");
        if (rc == OK) rc = turn(r, &finished);
    }
    d->closed = true;
    if (rc != OK) turn_away(d);
    pthread_cond_broadcast(&d->to_composers);
    pthread_cond_broadcast(&d->to_senders);
    pthread_mutex_unlock(&d->lock);
    for (int i = 0; i < composing; i++) pthread_join(composers[i], NULL);
    for (int i = 0; i < sending; i++) pthread_join(senders[i], NULL);
    return rc;
}

static enum rc put_back_some(struct round *r, struct outgoing_queue *q, enum rc rc) {
    for (size_t i = 0; i < q->count; i++) {
        const struct outgoing *m = q->items[i];
        if (rc == OK)
            rc = action_unclaim(r->cx, &(struct action_unclaim_params){.id = m->action_id, .fence = m->fence});
        outgoing_free(q->items[i]);
    }
    q->count = 0;
    return rc;
}

/* What was claimed and never handed over goes back. */
static enum rc put_back(struct round *r) {
    struct desk *d = &r->desk;
    if (d->work.count + d->prepared.count == 0) return OK;
    enum rc rc = d->broken ? INTERNAL : tx_begin(r->cx, r->config->db, TX_WRITE);
    rc = put_back_some(r, &d->work, rc);
    rc = put_back_some(r, &d->prepared, rc);
    if (rc == OK) return tx_commit(r->cx);
    tx_rollback(r->cx);
    return d->broken ? OK : rc;
}

static size_t claims_ahead(const struct outbox_config *config) {
    if (!config->connections) return ALONE_CLAIMS;
    return config->connections < CLAIM_AHEAD ? CLAIM_AHEAD : (size_t)config->connections;
}

enum rc outbox_run(struct ctx *cx, const struct outbox_config *config, struct outbox_counts *out_counts) {
    MUST(config->connections >= 0 && config->connections <= MAX_CONNECTIONS);
    struct outbox_counts total = {0};
    struct round r = {.cx = cx, .config = config, .total = &total, .renewed_ms = clock_monotonic_ms()};
    desk_open(&r.desk, config);
    r.desk.ahead = claims_ahead(config);
    AUTO(arena_release) struct arena *pace = arena_new();
    bool paced = config->connections && (config->pace.connections || config->pace.per_minute);
    if (paced) r.desk.pacer = pacer_new(pace, config->pace);
    enum rc rc = config->connections ? run_threads(&r) : run_alone(&r);
    enum rc back = put_back(&r);
    desk_close(&r.desk);
    total.unreachable = r.desk.unreachable_in_a_row > 0;
    *out_counts = total;
    return rc != OK ? rc : back;
}

/* ---- recovery ---- */

static enum rc make_ambiguous(struct ctx *cx, Str claimer, int64_t *count) {
    VEC_OF(struct handing_of_claimer_row) rows = {0};
    {
        AUTO(handing_of_claimer_close) struct handing_of_claimer_cursor cursor;
        TRY(handing_of_claimer_open(cx, &(struct handing_of_claimer_params){.claimed_by = claimer}, &cursor));
        for (;;) {
            struct handing_of_claimer_row row;
            bool more;
            TRY(handing_of_claimer_next(cx, &cursor, &row, &more));
            if (!more) break;
            row.message_id = arena_str(cx->arena, row.message_id);
            *VEC_PUSH(cx->arena, &rows) = row;
        }
    }
    for (size_t i = 0; i < rows.count; i++) {
        const struct handing_of_claimer_row *row = &rows.items[i];
        TRY(action_set_outcome(
            cx,
            &(struct action_set_outcome_params){
                .id = row->id, .fence = row->fence, .status = S("ambiguous"), .reason = S("CRASH"), .reply = S("")}));
        Str data = arena_printf(cx->arena, "{\"action\":%lld,\"message_id\":\"%.*s\"}", (long long)row->id,
                                STR_ARG(row->message_id));
        TRY(event_note(cx, "message.ambiguous", row->customer_id, arena_printf(cx->arena, "%lld", (long long)row->id),
                       data));
        (*count)++;
    }
    return OK;
}

enum rc outbox_recover(struct ctx *cx, struct db *db, int64_t *out_ambiguous) {
    int64_t count = 0;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, db, TX_WRITE));
    VEC_OF(Str) gone = {0};
    {
        AUTO(claimers_close) struct claimers_cursor cursor;
        TRY(claimers_open(cx, &cursor));
        for (;;) {
            struct claimers_row row;
            bool more;
            TRY(claimers_next(cx, &cursor, &row, &more));
            if (!more) break;
            Str claimer = arena_str(cx->arena, row.claimed_by);
            if (row.lease_until.ms <= cx->now.ms || claimer_is_dead(cx, claimer)) *VEC_PUSH(cx->arena, &gone) = claimer;
        }
    }
    for (size_t i = 0; i < gone.count; i++) {
        TRY(make_ambiguous(cx, gone.items[i], &count));
        TRY(claims_release(cx, &(struct claims_release_params){.claimed_by = gone.items[i]}));
    }
    *out_ambiguous = count;
    return tx_commit(scope);
}
