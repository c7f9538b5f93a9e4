/* Which step each item takes today: due, late, swallowed, overtaken (domain.md 3.1, REQ: B1 B16).
 *
 * The one idea: a step is due when its scheduled day has come and it was not performed; equality of days is never
 * asked, so a missed day is caught up. Scheduled days come from the debt alone, never from when something ran. The
 * highest due step is taken, what it passes is swallowed, and what is lower than anything performed is overtaken: an
 * edited strategy never steps back. */
#include <stdio.h>
#include <string.h>

#include "strategy/decide_parts.h"

#define SKIPPED_OCCURRENCE 13 /* bytes of "#-2147483648" */

static enum track track_of(const struct step *s) { return s->ladder == LADDER_MESSAGE ? TRACK_MESSAGE : TRACK_WORK; }

static bool has_conditions(const struct step_conditions *c) {
    return c->no_reply || c->has_min_amount || c->has_max_amount || c->min_days_since_contact > 0 ||
           c->min_silent_reminders > 0 || c->segments.n > 0 || c->channels.n > 0;
}

static bool is_notice(const struct rung *r) {
    return r->base == ANCHOR_ISSUE || (r->base == ANCHOR_DUE && r->offset <= 0);
}

static void prepare_rungs(struct planner *p) {
    MUST(p->strategy->step_count <= STRATEGY_STEPS_MAX);
    p->rung_count = (int)p->strategy->step_count;
    p->rungs = ARENA_ARRAY(p->arena, struct rung, p->strategy->step_count);
    p->top[TRACK_MESSAGE] = p->top[TRACK_WORK] = NO_RANK;
    for (int rank = 0; rank < p->rung_count; rank++) {
        const struct step *step = &p->strategy->steps[rank];
        struct rung *r = &p->rungs[rank];
        r->step = step;
        r->track = track_of(step);
        r->base = step->anchor;
        r->offset = step->offset;
        if (step->anchor == ANCHOR_PREVIOUS) {
            r->base = rank ? p->rungs[rank - 1].base : ANCHOR_DUE;
            r->offset += rank ? p->rungs[rank - 1].offset : 0;
        }
        r->notice = is_notice(r);
        r->conditional = has_conditions(&step->when);
        if (r->base == ANCHOR_PROMISE) p->has_promise_steps = true;
        r->below = p->top[r->track];
        r->above = NO_RANK;
        if (r->base != ANCHOR_PROMISE) /* everything below that has no neighbour yet */
            for (int low = r->below; low != NO_RANK && p->rungs[low].above == NO_RANK; low = p->rungs[low].below)
                p->rungs[low].above = rank;
        p->top[r->track] = rank;
    }
}

static enum reason_code block_of(const struct planner *p, const struct item *item) {
    Date today = p->policy->today;
    if (item->open.minor <= 0) return REASON_PAID;
    if (date_compare(item->issue_date, today) > 0) return REASON_NOT_ISSUED;
    if (item->disputed) return REASON_DISPUTE;
    if (!date_is_none(item->promised_until) && date_compare(today, item->promised_until) <= 0) return REASON_PROMISE;
    if (item->held && (date_is_none(item->held_until) || date_compare(today, item->held_until) <= 0))
        return REASON_HOLD;
    return REASON_NOTHING;
}

static bool same(Str a, Str b) { return a.n == b.n && (a.p == b.p || memcmp(a.p, b.p, a.n) == 0); }

/* Progress is mostly in the order of the steps, so the search goes on where the last one ended. */
static int rank_of(const struct planner *p, Str id, int after) {
    for (int i = 0; i < p->rung_count; i++) {
        int rank = after + 1 + i;
        if (rank >= p->rung_count) rank -= p->rung_count;
        if (same(p->rungs[rank].step->id, id)) return rank;
    }
    return NO_RANK;
}

/* "weekly#3" is occurrence 3 of "weekly". */
static Str split_occurrence(Str word, int32_t *occurrence) {
    size_t at = str_index(word, '#');
    int64_t value = 0;
    if (at == word.n || !str_to_i64((Str){word.p + at + 1, word.n - at - 1}, &value)) return word;
    *occurrence = (int32_t)value;
    return (Str){word.p, at};
}

static void read_progress(const struct planner *p, struct standing *st) {
    int rank = NO_RANK;
    for (size_t i = 0; i < st->item->progress_count; i++) {
        const struct progress *done = &st->item->progress[i];
        int32_t occurrence = done->occurrence;
        int found = rank_of(p, done->step, rank);
        if (found == NO_RANK) found = rank_of(p, split_occurrence(done->step, &occurrence), rank);
        if (found == NO_RANK) {
            if (!done->skipped && !str_is(done->step, CONTACT_DATA_STEP))
                st->removed = date_is_none(st->removed) ? done->date : date_max(st->removed, done->date);
            continue;
        }
        rank = found;
        const struct rung *r = &p->rungs[rank];
        st->done[rank / 64] |= UINT64_C(1) << (rank % 64);
        if (r->base != ANCHOR_PROMISE && rank > st->highest[r->track]) st->highest[r->track] = rank;
    }
}

static int64_t add_saturated(int64_t a, int64_t b) {
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) return b > 0 ? INT64_MAX : INT64_MIN;
    return sum;
}

/* What is owed per currency counts everything issued, in dispute or promised too: the exposure stays (domain.md 3.2).
 */
static void find_net_credit(struct planner *p) {
    const struct snapshot *s = p->snapshot;
    for (size_t c = 0; c < s->credit_count; c++) {
        Currency currency = s->credits[c].unapplied.currency;
        int64_t net = 0;
        for (size_t i = 0; i < s->credit_count; i++)
            if (currency_equal(s->credits[i].unapplied.currency, currency))
                net = add_saturated(net, -s->credits[i].unapplied.minor);
        if (net >= 0) continue;
        for (size_t i = 0; i < s->item_count; i++)
            if (currency_equal(s->items[i].open.currency, currency) && p->standings[i].block != REASON_NOT_ISSUED)
                net = add_saturated(net, s->items[i].open.minor);
        if (net > 0) continue;
        for (size_t i = 0; i < s->item_count; i++)
            if (currency_equal(s->items[i].open.currency, currency)) p->standings[i].net_credit = true;
    }
}

static Date day_of(const struct planner *p, Instant t) {
    return instant_is_none(t) ? DATE_NONE : zone_date(p->policy->zone, t);
}

void planner_prepare(struct planner *p) {
    const struct snapshot *s = p->snapshot;
    prepare_rungs(p);
    p->standings = ARENA_ARRAY(p->arena, struct standing, s->item_count);
    for (size_t i = 0; i < s->item_count; i++) {
        struct standing *st = &p->standings[i];
        st->item = &s->items[i];
        st->block = block_of(p, st->item);
        st->highest[TRACK_MESSAGE] = st->highest[TRACK_WORK] = NO_RANK;
        st->removed = DATE_NONE;
        for (int t = 0; t < TRACK_COUNT; t++) {
            st->choice[t].rank = NO_RANK;
            st->held[t].code = REASON_NOTHING;
        }
        read_progress(p, st);
    }
    if (s->credit_count) find_net_credit(p);
    p->last_message_day = p->last_reply_day = p->last_contact_day = DATE_NONE;
    for (int rank = 0; rank < p->rung_count; rank++) {
        if (!p->rungs[rank].conditional) continue;
        p->last_message_day = day_of(p, s->last_message_at);
        p->last_reply_day = day_of(p, s->last_reply_at);
        p->last_contact_day = s->past_count ? day_of(p, s->past[0].at) : p->last_message_day; /* older than `past` */
        break;
    }
}

/* The last occurrence done of a rung, INT32_MIN when none. */
static int32_t last_occurrence(const struct rung *r, const struct item *item) {
    int32_t last = INT32_MIN;
    for (size_t i = 0; i < item->progress_count; i++) {
        int32_t occurrence = item->progress[i].occurrence;
        Str id = item->progress[i].step;
        if (!same(id, r->step->id)) id = split_occurrence(id, &occurrence);
        if (same(id, r->step->id) && occurrence > last) last = occurrence;
    }
    return last;
}

static Date base_date(const struct rung *r, const struct item *item) {
    if (r->base == ANCHOR_ISSUE) return item->issue_date;
    return r->base == ANCHOR_PROMISE ? item->broken_promise : item->due_date;
}

/* Sets occurrence and scheduled day; true when that occurrence is done. */
static bool find_occurrence(const struct planner *p, const struct standing *st, const struct rung *r, bool done,
                            struct choice *c) {
    int32_t repeat = r->step->repeat_every;
    if (r->base == ANCHOR_PROMISE) { /* each broken promise is an occurrence of its own: its day number */
        c->occurrence = st->item->broken_promise.day;
        return done && last_occurrence(r, st->item) >= c->occurrence;
    }
    if (repeat <= 0) return done;
    int32_t passed = date_diff(p->policy->today, c->scheduled);
    int32_t due = passed > 0 ? passed / repeat : 0; /* the latest that has come: missed ones collapse into it */
    int32_t last = done ? last_occurrence(r, st->item) : -1;
    c->occurrence = due > last ? due : last + 1;
    c->scheduled = date_add(c->scheduled, c->occurrence * repeat);
    return false;
}

static bool next_has_come(const struct planner *p, const struct rung *r, const struct item *item) {
    if (r->above == NO_RANK) return false;
    const struct rung *next = &p->rungs[r->above];
    return date_compare(date_add(base_date(next, item), next->offset), p->policy->today) <= 0;
}

enum reason_code rung_timing(const struct planner *p, const struct standing *st, int rank, struct choice *out_choice) {
    const struct rung *r = &p->rungs[rank];
    Date base = base_date(r, st->item), today = p->policy->today;
    *out_choice = (struct choice){.rank = rank, .scheduled = DATE_NONE};
    if (date_is_none(base)) return REASON_NOTHING;
    bool done = st->done[rank / 64] >> (rank % 64) & 1;
    out_choice->scheduled = date_add(base, r->offset);
    if (find_occurrence(p, st, r, done, out_choice)) return REASON_PERFORMED;
    Date scheduled = out_choice->scheduled;
    if (r->base != ANCHOR_PROMISE && rank < st->highest[r->track]) return REASON_OVERTAKEN;
    if (!date_is_none(st->removed) && date_compare(scheduled, st->removed) <= 0) return REASON_OVERTAKEN;
    if (date_compare(scheduled, today) > 0) return REASON_NOT_YET;
    if (date_compare(scheduled, p->watermark) < 0) return REASON_BEFORE_ACTIVATION;
    if (r->step->max_lateness != LATENESS_UNLIMITED && date_diff(today, scheduled) > r->step->max_lateness)
        return REASON_TOO_LATE;
    if (r->step->never_after_next && next_has_come(p, r, st->item)) return REASON_TOO_LATE;
    return REASON_DUE;
}

static void choose_in_track(struct planner *p, struct standing *st, enum track track) {
    struct choice *chosen = &st->choice[track];
    for (int rank = p->top[track]; rank != NO_RANK; rank = p->rungs[rank].below) {
        if (rank < st->highest[track] && !p->has_promise_steps) return;
        struct choice c;
        if (rung_timing(p, st, rank, &c) != REASON_DUE) continue;
        if (chosen->rank != NO_RANK) {
            chosen->collapsed++;
            continue;
        }
        const struct rung *r = &p->rungs[rank];
        enum reason_code refusal = st->net_credit && r->base != ANCHOR_ISSUE ? REASON_NET_CREDIT
                                   : r->conditional                          ? rung_refusal(p, st, rank)
                                                                             : REASON_NOTHING;
        if (refusal == REASON_NOTHING)
            *chosen = c;
        else if (st->held[track].code == REASON_NOTHING) {
            st->held[track].code = refusal;
            st->held[track].rank = rank;
        }
    }
}

void planner_choose(struct planner *p) {
    for (size_t i = 0; i < p->snapshot->item_count; i++) {
        struct standing *st = &p->standings[i];
        if (st->block == REASON_PAID || st->block == REASON_NOT_ISSUED) continue;
        choose_in_track(p, st, TRACK_MESSAGE);
        choose_in_track(p, st, TRACK_WORK);
    }
}

/* "id" or "id#occurrence" at `out`; returns what follows it. */
static char *write_skipped(char *out, Str id, int32_t occurrence) {
    memcpy(out, id.p, id.n);
    out += id.n;
    return occurrence ? out + snprintf(out, SKIPPED_OCCURRENCE, "#%d", (int)occurrence) : out;
}

Str standing_skipped(struct planner *p, const struct standing *st, enum track track) {
    const struct choice *chosen = &st->choice[track];
    if (chosen->rank == NO_RANK || !chosen->collapsed) return S("");
    size_t most = 0;
    for (int rank = 0; rank < chosen->rank; rank++) most += p->rungs[rank].step->id.n + 1 + SKIPPED_OCCURRENCE;
    char *text = arena_alloc(p->arena, most + 1), *end = text;
    for (int rank = 0; rank < chosen->rank; rank++) { /* lowest first */
        struct choice c;
        if (p->rungs[rank].track != track || rung_timing(p, st, rank, &c) != REASON_DUE) continue;
        if (end != text) *end++ = ',';
        end = write_skipped(end, p->rungs[rank].step->id, c.occurrence);
    }
    return (Str){text, (size_t)(end - text)};
}

static const struct progress *find_progress(const struct item *item, Str id, int32_t occurrence) {
    for (size_t i = 0; i < item->progress_count; i++) {
        int32_t of = item->progress[i].occurrence;
        Str step = item->progress[i].step;
        if (!same(step, id)) step = split_occurrence(step, &of);
        if (same(step, id) && of == occurrence) return &item->progress[i];
    }
    return NULL;
}

void standing_explain(struct planner *p, const struct standing *st) {
    for (int rank = 0; rank < p->rung_count; rank++) {
        const struct rung *r = &p->rungs[rank];
        struct choice c;
        enum reason_code code = rung_timing(p, st, rank, &c);
        if (code == REASON_NOTHING) continue;
        Date date = c.scheduled;
        if (code == REASON_PERFORMED) {
            const struct progress *done = find_progress(st->item, r->step->id, c.occurrence);
            if (done) date = done->date;
            if (done && done->skipped) code = REASON_COLLAPSED;
        } else if (code == REASON_DUE) {
            int chosen = st->choice[r->track].rank;
            if (rank < chosen)
                code = REASON_COLLAPSED;
            else if (st->net_credit && r->base != ANCHOR_ISSUE)
                code = REASON_NET_CREDIT;
            else if (r->conditional && rung_refusal(p, st, rank) != REASON_NOTHING)
                code = rung_refusal(p, st, rank);
        }
        struct reason *reason = reason_add(p, &p->told[r->track], code);
        reason->instalment_id = st->item->instalment_id;
        reason->step = r->step->id;
        reason->date = date;
        if (code == REASON_TOO_LATE) reason->number = date_diff(p->policy->today, c.scheduled);
    }
}
