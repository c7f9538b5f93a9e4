/* An earlier day: the rows that were written then, and a snapshot put together from what was known. */
#include <string.h>

#include "plan/why_parts.h"
#include "strategy/strategy.h"
#include "why_sql.h"

struct day_span {
    Instant first, before; /* the company's civil day */
};

static struct day_span span_of(const struct why *w) {
    const struct zone *zone = w->env->scope.zone;
    return (struct day_span){zone_instant(zone, w->date, 0), zone_instant(zone, date_add(w->date, 1), 0)};
}

/* ---- what was recorded ---- */

static bool reason_parse(Str name, enum reason_code *out_code) {
    for (int i = 0; i < REASON_COUNT; i++)
        if (str_is(name, reason_code_name((enum reason_code)i))) {
            *out_code = (enum reason_code)i;
            return true;
        }
    return false;
}

static enum verdict verdict_of(const struct why_actions_row *r) {
    if (str_is(r->ladder, "task")) return VERDICT_TASK;
    if (str_is(r->ladder, "state")) return VERDICT_STATE;
    return instant_is_none(r->handed_at) && !str_is(r->status, "failed") ? VERDICT_HOLD : VERDICT_SEND;
}

static void tell_action(struct why *w, const struct why_actions_row *r) {
    struct arena *a = w->cx->arena;
    struct why_decision *d = why_add(w, verdict_of(r));
    enum reason_code code;
    d->step = arena_str(a, r->step);
    d->scheduled = w->date;
    d->next_allowed = r->not_before;
    if (!channel_kind_parse(r->channel, &d->channel)) d->channel = CHANNEL_NONE;
    struct reason reason = {.step = d->step, .rule = S(""), .date = w->date, .next_allowed = r->not_before};
    struct why_line line = {.number = S(""), .event = S(""), .at = INSTANT_NONE};
    if (d->verdict != VERDICT_HOLD) {
        reason.code = REASON_PERFORMED;
        line.reason = reason;
        *VEC_PUSH(a, &d->lines) = line;
    }
    if (!reason_parse(r->reason, &code)) return;
    reason.code = code;
    reason.date = DATE_NONE;
    line.reason = reason;
    *VEC_PUSH(a, &d->lines) = line;
}

static enum rc tell_actions(struct why *w, struct day_span span) {
    AUTO(why_actions_close) struct why_actions_cursor cursor;
    TRY(why_actions_open(w->cx,
                         &(struct why_actions_params){.customer_id = w->subject.customer_id,
                                                      .document_id = w->subject.document_id,
                                                      .whole_customer = w->subject.document_id == 0,
                                                      .day = w->date,
                                                      .first = span.first,
                                                      .before = span.before},
                         &cursor));
    for (;;) {
        struct why_actions_row r;
        bool more;
        TRY(why_actions_next(w->cx, &cursor, &r, &more));
        if (!more) return OK;
        tell_action(w, &r);
    }
}

enum rc why_records(struct why *w) {
    struct day_span span = span_of(w);
    TRY(tell_actions(w, span));
    AUTO(why_events_close) struct why_events_cursor cursor;
    struct why_events_params of = {.customer_id = w->subject.customer_id, .first = span.first, .before = span.before};
    TRY(why_events_open(w->cx, &of, &cursor));
    for (;;) {
        struct why_events_row r;
        bool more;
        TRY(why_events_next(w->cx, &cursor, &r, &more));
        if (!more) return OK;
        *VEC_PUSH(w->cx->arena, &w->rest) = (struct why_line){.number = S(""),
                                                              .event = arena_str(w->cx->arena, r.kind),
                                                              .at = r.at,
                                                              .detail = arena_str(w->cx->arena, r.data)};
    }
}

/* ---- how things stood ---- */

struct standing_then {
    struct why *w;
    struct planned_customer *customer;
    struct day_span span;
    VEC_OF(struct item) items;
    VEC_OF(int64_t) documents; /* beside items */
    VEC_OF(struct credit) credits;
    VEC_OF(struct promise_cover) promises;
};

static enum rc load_items(struct standing_then *t) {
    struct ctx *cx = t->w->cx;
    AUTO(why_items_then_close) struct why_items_then_cursor cursor;
    struct why_items_then_params of = {
        .customer_id = t->w->subject.customer_id, .until = t->w->date, .before = t->span.before};
    TRY(why_items_then_open(cx, &of, &cursor));
    for (;;) {
        struct why_items_then_row r;
        bool more;
        TRY(why_items_then_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        struct item *i = VEC_PUSH(cx->arena, &t->items);
        *VEC_PUSH(cx->arena, &t->documents) = r.document_id;
        *i = (struct item){.instalment_id = r.id,
                           .number = arena_str(cx->arena, r.number),
                           .position = (int32_t)r.position,
                           .instalment_count = (int32_t)r.position,
                           .issue_date = r.issue_date,
                           .due_date = r.due_date,
                           .amount = money_make(r.amount, r.currency),
                           .open = money_make(r.open, r.currency),
                           .reference = arena_str(cx->arena, r.reference),
                           .description = S(""),
                           .held_until = DATE_NONE,
                           .promised_until = DATE_NONE,
                           .broken_promise = DATE_NONE};
        if (!document_type_parse(r.type, &i->type)) return fail(cx, INTERNAL, "unknown document type in the database");
    }
}

static enum rc load_credits(struct standing_then *t) {
    struct ctx *cx = t->w->cx;
    AUTO(why_credits_then_close) struct why_credits_then_cursor cursor;
    struct why_credits_then_params of = {
        .customer_id = t->w->subject.customer_id, .until = t->w->date, .before = t->span.before};
    TRY(why_credits_then_open(cx, &of, &cursor));
    for (;;) {
        struct why_credits_then_row r;
        bool more;
        TRY(why_credits_then_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        VEC_PUSH(cx->arena, &t->credits)->unapplied = money_make(r.unapplied, r.currency);
    }
}

static struct item *find_item(struct standing_then *t, int64_t instalment_id) {
    for (size_t i = 0; i < t->items.count; i++)
        if (t->items.items[i].instalment_id == instalment_id) return &t->items.items[i];
    return NULL;
}

static void add_progress(struct arena *arena, struct item *item, struct progress done) {
    struct progress *grown = ARENA_ARRAY(arena, struct progress, item->progress_count + 1);
    if (item->progress_count) memcpy(grown, item->progress, item->progress_count * sizeof *grown);
    grown[item->progress_count++] = done;
    item->progress = grown;
}

static enum rc load_progress(struct standing_then *t) {
    struct ctx *cx = t->w->cx;
    AUTO(why_progress_then_close) struct why_progress_then_cursor cursor;
    struct why_progress_then_params of = {.customer_id = t->w->subject.customer_id, .day = t->w->date};
    TRY(why_progress_then_open(cx, &of, &cursor));
    for (;;) {
        struct why_progress_then_row r;
        bool more;
        TRY(why_progress_then_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        struct item *item = find_item(t, r.instalment_id);
        if (!item) continue;
        add_progress(cx->arena, item,
                     (struct progress){.step = arena_str(cx->arena, r.step),
                                       .occurrence = (int32_t)r.occurrence,
                                       .date = r.planned_date});
        Str rest = r.skipped.n ? arena_str(cx->arena, r.skipped) : S("");
        while (rest.p && rest.n)
            add_progress(cx->arena, item,
                         (struct progress){.step = str_cut(&rest, ','), .skipped = true, .date = r.planned_date});
    }
}

static enum rc load_holds(struct standing_then *t) {
    struct ctx *cx = t->w->cx;
    struct snapshot *s = &t->customer->snapshot;
    AUTO(why_holds_then_close) struct why_holds_then_cursor cursor;
    TRY(why_holds_then_open(cx,
                            &(struct why_holds_then_params){.customer_id = t->w->subject.customer_id,
                                                            .day = t->w->date,
                                                            .first = t->span.first,
                                                            .before = t->span.before},
                            &cursor));
    s->held = false;
    for (;;) {
        struct why_holds_then_row r;
        bool more;
        TRY(why_holds_then_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        for (size_t i = 0; r.has_document_id && i < t->items.count; i++)
            if (t->documents.items[i] == r.document_id) {
                t->items.items[i].held = true;
                t->items.items[i].held_until = r.until_date;
            }
        if (r.has_document_id) continue;
        s->held = true;
        s->held_until = r.until_date;
        s->hold_reason = arena_str(cx->arena, r.reason);
    }
}

static enum rc load_disputes(struct standing_then *t) {
    AUTO(why_disputes_then_close) struct why_disputes_then_cursor cursor;
    struct why_disputes_then_params of = {
        .customer_id = t->w->subject.customer_id, .first = t->span.first, .before = t->span.before};
    TRY(why_disputes_then_open(t->w->cx, &of, &cursor));
    for (;;) {
        struct why_disputes_then_row r;
        bool more;
        TRY(why_disputes_then_next(t->w->cx, &cursor, &r, &more));
        if (!more) return OK;
        for (size_t i = 0; i < t->items.count; i++)
            if (t->documents.items[i] == r.document_id) t->items.items[i].disputed = true;
    }
}

static enum rc load_promises(struct standing_then *t) {
    struct ctx *cx = t->w->cx;
    AUTO(why_promises_then_close) struct why_promises_then_cursor cursor;
    struct why_promises_then_params of = {
        .customer_id = t->w->subject.customer_id, .first = t->span.first, .before = t->span.before};
    TRY(why_promises_then_open(cx, &of, &cursor));
    for (;;) {
        struct why_promises_then_row r;
        bool more;
        TRY(why_promises_then_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, &t->promises) = (struct promise_cover){
            .promise_id = r.id, .item = find_item(t, r.instalment_id), .date = r.date, .kept = r.kept};
    }
}

/* What was handed over on the day itself is what the decision led to: it is left out. */
static void forget_later(struct standing_then *t) {
    struct snapshot *s = &t->customer->snapshot;
    struct planned_customer *c = t->customer;
    while (s->past_count && s->past[0].at.ms >= t->span.first.ms) {
        s->past++;
        s->past_count--;
    }
    while (c->history_count && c->history[0].at.ms >= t->span.first.ms) {
        c->history++;
        c->history_count--;
    }
}

static enum rc load_standing(struct standing_then *t) {
    TRY(load_items(t));
    TRY(load_credits(t));
    TRY(load_progress(t));
    TRY(load_holds(t));
    TRY(load_disputes(t));
    TRY(load_promises(t));
    forget_later(t);
    struct planned_customer *c = t->customer;
    c->items = t->items.items;
    c->snapshot.items = t->items.items;
    c->snapshot.item_count = t->items.count;
    c->snapshot.credits = t->credits.items;
    c->snapshot.credit_count = t->credits.count;
    c->promises = t->promises.items;
    c->promise_count = t->promises.count;
    c->pending_count = 0;
    return OK;
}

/* Was it done and told already? Then the decision made again adds its reasons only. */
static void merge(struct why *w, size_t recorded) {
    size_t kept = recorded;
    for (size_t i = recorded; i < w->answer->decisions.count; i++) {
        struct why_decision *again = &w->answer->decisions.items[i], *same = NULL;
        for (size_t k = 0; k < recorded && !same; k++) {
            struct why_decision *d = &w->answer->decisions.items[k];
            bool message = again->verdict == VERDICT_SEND && (d->verdict == VERDICT_SEND || d->verdict == VERDICT_HOLD);
            if (str_equal(d->step, again->step) && (message || d->verdict == again->verdict)) same = d;
        }
        if (!same) {
            w->answer->decisions.items[kept++] = *again;
            continue;
        }
        same->scheduled = again->scheduled;
        for (size_t k = 0; k < again->lines.count; k++)
            *VEC_PUSH(w->cx->arena, &same->lines) = again->lines.items[k];
    }
    w->answer->decisions.count = kept;
}

enum rc why_then(struct why *w) {
    struct ctx *cx = w->cx;
    struct planned_customer c;
    struct snapshot_scope scope = w->env->scope;
    struct policy policy = w->env->policy;
    Instant now = cx->now;
    scope.today = policy.today = w->date;
    policy.now = zone_instant(scope.zone, w->date, w->run_minute * 60);
    cx->now = policy.now; /* so that the contacts of the days before are read */
    enum rc rc = snapshot_load_one(cx, &scope, w->subject.customer_id, &c);
    cx->now = now;
    TRY(rc);
    struct standing_then t = {.w = w, .customer = &c, .span = span_of(w)};
    TRY(load_standing(&t));
    snapshot_settle(cx->arena, &scope, policy.now, &c);
    struct strategy s = *strategy_book_for(&w->env->book, &c.snapshot.customer, c.strategy_id);
    struct why_activation_row activation;
    bool found;
    TRY(why_activation(cx, &(struct why_activation_params){.id = s.id}, &activation, &found));
    if (found && !instant_is_none(activation.activated_at) && activation.activated_at.ms >= t.span.before.ms)
        s.watermark = DATE_NONE;
    struct decision_list list = decide(cx->arena, &c.snapshot, &s, &policy, true);
    size_t recorded = w->answer->decisions.count;
    w->gate = NULL;
    why_take(w, &c, &list);
    merge(w, recorded);
    return OK;
}
