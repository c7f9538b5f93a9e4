/* Customers in chunks, each through all its days; what comes out goes to the lane of its day. */
#include "plan/rehearse.h"

#include <string.h>

#include "base/buf.h"
#include "plan/ahead.h"
#include "plan/spool.h"

#define CHUNK 400
#define RECORD_MAX ((size_t)64 * 1024 * 1024)

struct rehearsing {
    struct ctx *cx;
    const struct rehearsal_span *span;
    struct plan_env env; /* its book is a copy with the watermarks assumed */
    struct rehearsal *result;
    struct arena *arena, *scratch; /* of the result; of a round */
    Date first; /* of the days lived through; not after `from` */
    Instant *rounds;
    const struct planned_customer *customer;
    bool held[REASON_COUNT]; /* of the customer in hand */
    struct buf record;
    enum rc rc;
};

/* ---- records ---- */

static void put_text(struct buf *b, Str s) {
    uint32_t n = (uint32_t)s.n;
    buf_add(b, (Str){(const char *)&n, sizeof n});
    buf_add(b, s);
}

static void put_number(struct buf *b, int64_t n) { buf_add(b, (Str){(const char *)&n, sizeof n}); }

static Str take(Str *rest, size_t n) {
    MUST(n <= rest->n);
    Str piece = {rest->p, n};
    *rest = (Str){rest->p + n, rest->n - n};
    return piece;
}

static Str take_text(Str *rest) {
    uint32_t n;
    memcpy(&n, take(rest, sizeof n).p, sizeof n);
    return take(rest, n);
}

static int64_t take_number(Str *rest) {
    int64_t n;
    memcpy(&n, take(rest, sizeof n).p, sizeof n);
    return n;
}

static void put_decision(struct buf *b, Date today, const struct customer *customer, const struct decision *d,
                         bool is_message) {
    buf_clear(b);
    put_number(b, today.day);
    put_text(b, customer->code);
    put_text(b, is_message ? d->contact->name : S(""));
    put_text(b, is_message ? str_from(channel_kind_name(d->channel)) : S(""));
    put_text(b, is_message ? d->contact->address[d->channel] : S(""));
    put_text(b, d->step->id);
    put_text(b, is_message ? str_from(tone_name(d->tone)) : S(""));
    put_text(b, is_message ? d->template_kind : d->step->kind);
    put_number(b, d->total.minor);
    put_number(b, d->total.currency.packed);
    put_number(b, (int64_t)d->item_count);
    for (size_t i = 0; i < d->item_count; i++) {
        const struct item *item = d->items[i].item;
        put_text(b, item->number);
        put_number(b, item->position);
        put_number(b, item->open.minor);
        put_number(b, item->open.currency.packed);
        put_number(b, date_diff(today, item->due_date));
    }
}

static Money take_money(Str *rest) {
    int64_t minor = take_number(rest);
    return money_make(minor, (Currency){(uint32_t)take_number(rest)});
}

struct reading {
    rehearsed_visit *visit;
    void *self;
};

static enum rc read_record(struct ctx *cx, void *self, Str rest) {
    const struct reading *r = self;
    struct arena_mark mark = arena_mark(cx->arena);
    struct rehearsed what = {.date = {(int32_t)take_number(&rest)}};
    Str *const texts[] = {&what.customer, &what.contact, &what.channel, &what.address, &what.step, &what.tone, &what.kind};
    for (size_t i = 0; i < COUNT_OF(texts); i++) *texts[i] = take_text(&rest);
    what.total = take_money(&rest);
    what.item_count = (size_t)take_number(&rest);
    struct rehearsed_item *items = ARENA_ARRAY(cx->arena, struct rehearsed_item, what.item_count);
    for (size_t i = 0; i < what.item_count; i++) {
        items[i].number = take_text(&rest);
        items[i].position = (int32_t)take_number(&rest);
        items[i].open = take_money(&rest);
        items[i].days = (int32_t)take_number(&rest);
    }
    what.items = items;
    TRY(r->visit(cx, r->self, &what));
    arena_rewind(cx->arena, mark);
    return OK;
}

enum rc rehearsal_read(struct ctx *cx, const struct rehearsal *rehearsal, enum rehearsed_sort sort,
                       rehearsed_visit *visit, void *self) {
    struct reading r = {visit, self};
    size_t days = (size_t)date_diff(rehearsal->to, rehearsal->from) + 1;
    for (size_t day = 0; day < days; day++)
        TRY(spool_read(cx, rehearsal->spool, day * 2 + sort, read_record, &r));
    return OK;
}

/* ---- deciding ---- */

static struct step_count *step_count(struct rehearsing *r, Str step) {
    for (size_t i = 0; i < r->result->by_step.count; i++)
        if (str_equal(r->result->by_step.items[i].step, step)) return &r->result->by_step.items[i];
    struct step_count *more = VEC_PUSH(r->arena, &r->result->by_step);
    more->step = step; /* the book's or the engine's */
    return more;
}

static void keep(struct rehearsing *r, Date today, const struct decision *d, bool is_message) {
    size_t day = (size_t)date_diff(today, r->span->from);
    struct rehearsal *result = r->result;
    struct step_count *step = step_count(r, d->step->id);
    if (is_message) {
        result->messages++;
        result->messages_by_day[day]++;
        result->by_channel[d->channel]++;
        step->messages++;
    } else {
        result->tasks++;
        result->tasks_by_day[day]++;
        step->tasks++;
    }
    put_decision(&r->record, today, &r->customer->snapshot.customer, d, is_message);
    r->rc = buf_ok(&r->record)
                ? spool_add(r->cx, r->result->spool, day * 2 + (is_message ? 0 : 1), buf_str(&r->record))
                : fail(r->cx, INTERNAL, "a message with %zu items is too long to be rehearsed", d->item_count);
}

static void count_rule(struct rehearsing *r, const struct reason *why) {
    struct rehearsal *result = r->result;
    if (why->rule.n == 0) return;
    size_t i = 0;
    while (i < result->by_rule.count && !(result->by_rule.items[i].code == why->code && str_equal(result->by_rule.items[i].rule, why->rule))) i++;
    if (i == result->by_rule.count)
        *VEC_PUSH(r->arena, &result->by_rule) =
            (struct rule_count){.rule = arena_str(r->arena, why->rule), .code = why->code, .next_allowed = INSTANT_NONE};
    struct rule_count *n = &result->by_rule.items[i];
    n->messages++;
    if (instant_is_none(why->next_allowed)) return;
    if (instant_is_none(n->next_allowed) || why->next_allowed.ms < n->next_allowed.ms) n->next_allowed = why->next_allowed;
}

static void happens(void *self, Date today, enum ahead_event event, const struct decision *d) {
    struct rehearsing *r = self;
    if (date_compare(today, r->span->from) < 0 || r->rc != OK) return;
    const struct reason *why = waiting_reason(d);
    switch (event) {
    case AHEAD_SENT: keep(r, today, d, true); break;
    case AHEAD_TASK:
    case AHEAD_PROPOSAL: keep(r, today, d, false); break;
    case AHEAD_APPROVAL: r->result->held[REASON_APPROVAL]++; break;
    case AHEAD_TEST: r->result->held[REASON_TEST_MODE]++; break;
    case AHEAD_DEFERRED:
        if (why) r->result->deferred[why->code]++;
        if (why) count_rule(r, why);
        break;
    case AHEAD_HELD:
        if (!d->reason_count || r->held[d->reasons[0].code]) break;
        r->held[d->reasons[0].code] = true;
        r->result->held[d->reasons[0].code]++;
    }
}

static enum rc rehearse_customer(struct rehearsing *r, struct planned_customer *c) {
    struct ahead ahead;
    struct arena_mark mark = arena_mark(r->cx->arena);
    Date last = r->result->to;
    size_t rounds = (size_t)date_diff(last, r->first) + 1;
    memset(r->held, 0, sizeof r->held);
    r->customer = c;
    r->result->customers += c->snapshot.item_count > 0;
    ahead_begin(&ahead, r->cx->arena, r->scratch, &r->env, c, rounds, r->rounds[0]);
    for (Date day = r->first; !date_is_none(day) && date_compare(day, last) <= 0 && r->rc == OK;)
        day = ahead_round(&ahead, r->rounds[date_diff(day, r->first)], happens, r);
    arena_rewind(r->cx->arena, mark);
    return r->rc;
}

static enum rc rehearse_all(struct rehearsing *r, plan_progress *progress, void *self) {
    struct ctx *cx = r->cx;
    int64_t after = 0, seen = 0;
    do {
        struct snapshot_set set;
        struct arena *chunk = arena_new(), *own = cx->arena;
        cx->arena = chunk;
        enum rc rc = snapshot_load(cx, &r->env.scope, after, CHUNK, &set);
        for (size_t i = 0; rc == OK && i < set.count; i++) rc = rehearse_customer(r, &set.items[i]);
        cx->arena = own;
        arena_free(chunk);
        TRY(rc);
        after = set.last_id;
        seen += (int64_t)set.count;
        if (progress) progress(self, seen);
    } while (after);
    return OK;
}

/* ---- the span ---- */

Instant round_instant(const struct ctx *cx, const struct plan_env *env, int32_t run_minute, Date day) {
    Instant at = zone_instant(env->scope.zone, day, run_minute * 60);
    bool is_today = date_compare(day, zone_date(env->scope.zone, cx->now)) == 0;
    return is_today && at.ms < cx->now.ms ? cx->now : at;
}

Date first_round_day(const struct ctx *cx, const struct plan_env *env, int32_t run_minute, Date from) {
    Date today = env->scope.today;
    if (date_compare(from, today) <= 0) return from;
    bool over = zone_instant(env->scope.zone, today, run_minute * 60).ms < cx->now.ms;
    return over ? date_add(today, 1) : today;
}

Date rehearsal_assume(struct arena *arena, struct strategy_book *book, Date from) {
    struct strategy *copy = ARENA_ARRAY(arena, struct strategy, book->count);
    Date assumed = DATE_NONE;
    memcpy(copy, book->items, book->count * sizeof *copy);
    for (size_t i = 0; i < book->count; i++)
        if (date_is_none(copy[i].watermark)) copy[i].watermark = assumed = from;
    book->items = copy;
    return assumed;
}

static void set_rounds(struct rehearsing *r) {
    size_t count = (size_t)date_diff(r->result->to, r->first) + 1;
    r->rounds = ARENA_ARRAY(r->cx->arena, Instant, count);
    for (size_t i = 0; i < count; i++)
        r->rounds[i] = round_instant(r->cx, &r->env, r->span->run_minute, date_add(r->first, (int32_t)i));
}

static enum rc check_span(struct ctx *cx, const struct plan_env *env, const struct rehearsal_span *span) {
    if (span->days < 1 || span->days > REHEARSAL_DAYS_MAX)
        return fail_field(cx, INVALID, "days", "90 is usual", "days must be from 1 to %d", REHEARSAL_DAYS_MAX);
    int32_t away = date_diff(span->from, env->scope.today);
    if (away > REHEARSAL_DAYS_MAX || away < -REHEARSAL_DAYS_MAX)
        return fail_field(cx, INVALID, "from", "today if not given", "the rehearsal cannot begin more than %d days away",
                          REHEARSAL_DAYS_MAX);
    return OK;
}

enum rc rehearse(struct ctx *cx, const struct plan_env *env, const struct rehearsal_span *span, const char *folder,
                 plan_progress *progress, void *self, struct rehearsal *out) {
    TRY(check_span(cx, env, span));
    struct rehearsal result = {.from = span->from,
                               .to = date_add(span->from, span->days - 1),
                               .assumed_watermark = DATE_NONE,
                               .messages_by_day = ARENA_ARRAY(cx->arena, int64_t, (size_t)span->days),
                               .tasks_by_day = ARENA_ARRAY(cx->arena, int64_t, (size_t)span->days)};
    TRY(spool_open(cx, folder, (size_t)span->days * 2, &result.spool));
    struct rehearsing r = {.cx = cx,
                           .span = span,
                           .env = *env,
                           .result = &result,
                           .arena = cx->arena,
                           .scratch = arena_new(),
                           .first = first_round_day(cx, env, span->run_minute, span->from),
                           .record = buf_make(RECORD_MAX)};
    result.assumed_watermark = rehearsal_assume(cx->arena, &r.env.book, span->from);
    set_rounds(&r);
    enum rc rc = rehearse_all(&r, progress, self);
    buf_done(&r.record);
    arena_free(r.scratch);
    if (rc == OK)
        *out = result;
    else
        rehearsal_done(&result);
    return rc;
}

void rehearsal_done(struct rehearsal *r) {
    spool_close(r->spool);
    r->spool = NULL;
}
