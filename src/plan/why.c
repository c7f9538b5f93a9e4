/* Today and later days; from decisions about a customer to what concerns the subject. */
#include "plan/ahead.h"
#include "plan/rehearse.h"
#include "plan/why_parts.h"
#include "why_sql.h"

/* ---- the answer ---- */

bool why_is_own(const struct why *w, int64_t instalment_id) {
    if (!w->subject.document_id) return true;
    for (size_t i = 0; i < w->own.count; i++)
        if (w->own.items[i].id == instalment_id) return true;
    return false;
}

struct why_decision *why_add(struct why *w, enum verdict verdict) {
    struct why_decision *d = VEC_PUSH(w->cx->arena, &w->answer->decisions);
    *d = (struct why_decision){
        .verdict = verdict, .step = S(""), .scheduled = DATE_NONE, .next_allowed = INSTANT_NONE};
    return d;
}

static struct reason reason_make(enum reason_code code, Date date) {
    return (struct reason){
        .code = code, .step = S(""), .rule = S(""), .date = date, .next_allowed = INSTANT_NONE};
}

static bool same_reason(const struct reason *a, const struct reason *b) {
    return a->code == b->code && a->instalment_id == b->instalment_id && str_equal(a->step, b->step) && date_compare(a->date, b->date) == 0;
}

/* Its slot among those told, empty or not. */
static uint32_t *slot_of(const struct why_told *told, const struct reason *r) {
    uint64_t hash = str_hash(r->step) ^ ((uint64_t)r->instalment_id * 0x9E3779B97F4A7C15U + (uint64_t)r->code);
    size_t at = (size_t)(hash ^ hash >> 32) & (told->capacity - 1);
    while (told->slots[at] && !same_reason(&told->of->items[told->slots[at] - 1].reason, r)) at = (at + 1) & (told->capacity - 1);
    return &told->slots[at];
}

/* Room for one more; another list than before begins anew. */
static void make_room(struct why *w, const why_lines *lines) {
    struct why_told *told = &w->told;
    if (told->of == lines && lines->count && lines->count * 2 < told->capacity) return;
    told->of = lines;
    for (told->capacity = 64; told->capacity < lines->count * 4;) told->capacity *= 2;
    told->slots = ARENA_ARRAY(w->cx->arena, uint32_t, told->capacity);
    for (size_t i = 0; i < lines->count; i++) *slot_of(told, &lines->items[i].reason) = (uint32_t)i + 1;
}

static const struct item *item_of(struct why *w, const struct planned_customer *c, int64_t instalment_id) {
    size_t count = c && instalment_id ? c->snapshot.item_count : 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = (w->item + i) % count;
        if (c->snapshot.items[at].instalment_id != instalment_id) continue;
        w->item = at;
        return &c->snapshot.items[at];
    }
    return NULL;
}

static void add_line(struct why *w, why_lines *lines, const struct planned_customer *c, const struct reason *reason) {
    struct arena *a = w->cx->arena;
    make_room(w, lines);
    uint32_t *slot = slot_of(&w->told, reason);
    if (*slot) return; /* what held back is told again among the steps */
    *slot = (uint32_t)lines->count + 1;
    const struct item *item = item_of(w, c, reason->instalment_id);
    struct why_line *line = VEC_PUSH(a, lines);
    *line = (struct why_line){.reason = *reason, .number = S(""), .event = S(""), .at = INSTANT_NONE};
    line->reason.step = arena_str(a, reason->step);
    line->reason.rule = arena_str(a, reason->rule);
    if (!item) return;
    line->number = arena_str(a, item->number);
    line->position = item->position;
    line->instalment_count = item->instalment_count;
}

static bool lists_own(const struct why *w, const struct decision *d) {
    for (size_t i = 0; i < d->item_count; i++)
        if (why_is_own(w, d->items[i].item->instalment_id)) return true;
    return false;
}

static bool holds_back(enum reason_code code) {
    return code == REASON_DISPUTE || code == REASON_PROMISE || code == REASON_HOLD || code == REASON_NET_CREDIT ||
           code == REASON_PLAN;
}

/* Held for everything at T: kill switch, instance, freshness. */
static void close_gate(struct why *w, struct why_decision *out) {
    if (!w->gate || !w->gate->closed) return;
    struct reason reason = reason_make(w->gate->code, DATE_NONE);
    out->verdict = VERDICT_HOLD;
    add_line(w, &out->lines, NULL, &reason);
}

static const struct pending_action *pending_message(const struct planned_customer *c) {
    for (size_t i = 0; i < c->pending_count; i++)
        if (c->pending[i].ladder == LADDER_MESSAGE) return &c->pending[i];
    return NULL;
}

static void take_decision(struct why *w, const struct planned_customer *c, const struct decision *d) {
    struct why_decision *out = why_add(w, d->verdict);
    const struct pending_action *old = d->verdict == VERDICT_SEND ? pending_message(c) : NULL;
    struct stand stand = {.not_before = INSTANT_NONE};
    out->scheduled = d->scheduled;
    out->channel = d->channel;
    out->next_allowed = d->not_before;
    if (d->step) out->step = arena_str(w->cx->arena, d->step->id);
    if (d->step) stand = stand_of(d, old, w->env->policy.now);
    for (size_t i = 0; i < d->reason_count; i++) {
        const struct reason *r = &d->reasons[i];
        if (r->instalment_id && !why_is_own(w, r->instalment_id) && r->code != REASON_DUE) continue;
        if (r->code == REASON_APPROVAL && stand.confirmed) continue;
        add_line(w, &out->lines, c, r);
    }
    if (stand.backs_off) {
        struct reason reason = reason_make(REASON_BACK_OFF, DATE_NONE);
        reason.next_allowed = out->next_allowed = stand.not_before;
        add_line(w, &out->lines, c, &reason);
    }
    if (d->verdict == VERDICT_SEND) close_gate(w, out);
}

/* What is told about the document beside decisions that are not about it. */
static void take_rest(struct why *w, const struct planned_customer *c, const struct decision_list *list) {
    struct why_decision rest = {
        .verdict = VERDICT_NONE, .step = S(""), .scheduled = DATE_NONE, .next_allowed = INSTANT_NONE};
    for (size_t i = 0; i < list->count; i++) {
        const struct decision *d = &list->items[i];
        bool quiet = d->verdict == VERDICT_HOLD || d->verdict == VERDICT_NONE;
        if (!quiet && lists_own(w, d)) continue;
        for (size_t k = 0; k < d->reason_count; k++) {
            const struct reason *r = &d->reasons[k];
            if (r->instalment_id ? !why_is_own(w, r->instalment_id) : !quiet) continue;
            if (holds_back(r->code) || (!r->instalment_id && d->verdict == VERDICT_HOLD)) rest.verdict = VERDICT_HOLD;
            add_line(w, &rest.lines, c, r);
        }
    }
    if (rest.lines.count || !w->answer->decisions.count) *why_add(w, VERDICT_NONE) = rest;
}

void why_take(struct why *w, const struct planned_customer *c, const struct decision_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        const struct decision *d = &list->items[i];
        bool quiet = d->verdict == VERDICT_HOLD || d->verdict == VERDICT_NONE;
        if (!w->subject.document_id || (!quiet && lists_own(w, d))) take_decision(w, c, d);
    }
    if (w->subject.document_id) take_rest(w, c, list);
}

/* ---- documents ---- */

static enum rc load_own(struct why *w) {
    if (!w->subject.document_id) return OK;
    AUTO(why_instalments_close) struct why_instalments_cursor cursor;
    Date until = date_compare(w->date, w->env->scope.today) < 0 ? w->date : date_max(w->date, w->env->scope.today);
    TRY(why_instalments_open(
        w->cx, &(struct why_instalments_params){.document_id = w->subject.document_id, .until = until}, &cursor));
    for (;;) {
        struct why_instalments_row r;
        bool more;
        TRY(why_instalments_next(w->cx, &cursor, &r, &more));
        if (!more) break;
        *VEC_PUSH(w->cx->arena, &w->own) = (struct why_instalment){.id = r.id,
                                                                   .number = arena_str(w->cx->arena, r.number),
                                                                   .position = (int32_t)r.position,
                                                                   .is_claim = r.is_claim,
                                                                   .open = r.open,
                                                                   .settled = r.open == 0 ? r.last_date : DATE_NONE};
    }
    for (size_t i = 0; i < w->own.count; i++) w->own.items[i].count = (int32_t)w->own.count;
    return OK;
}

/* True when nothing of it is owed: then that is the whole answer. */
static bool tell_settled(struct why *w) {
    bool owed = false;
    struct why_decision settled = {
        .verdict = VERDICT_NONE, .step = S(""), .scheduled = DATE_NONE, .next_allowed = INSTANT_NONE};
    for (size_t i = 0; i < w->own.count; i++) {
        const struct why_instalment *own = &w->own.items[i];
        owed |= own->is_claim && own->open > 0;
        if (date_is_none(own->settled)) continue;
        struct reason paid = reason_make(REASON_PAID, own->settled);
        paid.instalment_id = own->id;
        add_line(w, &settled.lines, NULL, &paid);
        struct why_line *line = &settled.lines.items[settled.lines.count - 1];
        line->number = own->number;
        line->position = own->position;
        line->instalment_count = own->count;
    }
    if (!owed) {
        struct reason nothing = reason_make(REASON_NOTHING_OPEN, DATE_NONE);
        add_line(w, &settled.lines, NULL, &nothing);
    }
    if (settled.lines.count) *why_add(w, VERDICT_NONE) = settled;
    return !owed;
}

/* ---- today and later ---- */

static void ignore(void *self, Date today, enum ahead_event event, const struct decision *decision) {
    (void)self, (void)today, (void)event, (void)decision;
}

static enum rc why_now(struct why *w) {
    struct planned_customer *c = &w->answer->customer;
    TRY(snapshot_load_one(w->cx, &w->env->scope, w->subject.customer_id, c));
    w->answer->is_of_now = true;
    const struct strategy *s = strategy_book_for(&w->env->book, &c->snapshot.customer, c->strategy_id);
    struct decision_list list = decide(w->cx->arena, &c->snapshot, s, &w->env->policy, true);
    why_take(w, c, &list);
    return OK;
}

static enum rc why_later(struct why *w) {
    struct ctx *cx = w->cx;
    struct planned_customer c;
    struct ahead ahead;
    TRY(snapshot_load_one(cx, &w->env->scope, w->subject.customer_id, &c));
    Date today = w->env->scope.today, day = first_round_day(cx, w->env, w->run_minute, w->date);
    AUTO(arena_release) struct arena *scratch = arena_new();
    size_t rounds = (size_t)date_diff(w->date, today) + 1;
    ahead_begin(&ahead, cx->arena, scratch, w->env, &c, rounds, round_instant(cx, w->env, w->run_minute, day));
    while (!date_is_none(day) && date_compare(day, w->date) < 0)
        day = ahead_round(&ahead, round_instant(cx, w->env, w->run_minute, day), ignore, NULL);
    struct decision_list list = ahead_decide(&ahead, round_instant(cx, w->env, w->run_minute, w->date), true);
    w->gate = NULL;
    c.pending_count = 0;
    why_take(w, &c, &list);
    return OK;
}

/* The day's events go with the last decision. */
static void tell_events(struct why *w) {
    if (!w->rest.count) return;
    struct why_decision *last =
        w->answer->decisions.count ? &w->answer->decisions.items[w->answer->decisions.count - 1] : why_add(w, VERDICT_NONE);
    for (size_t i = 0; i < w->rest.count; i++) *VEC_PUSH(w->cx->arena, &last->lines) = w->rest.items[i];
}

enum rc why_explain(struct ctx *cx, const struct plan_env *env, const struct why_subject *subject, Date date,
                    int32_t run_minute, const struct why_gate *gate, struct why_answer *out) {
    struct why_answer answer = {.date = date};
    struct why w = {.cx = cx,
                    .env = env,
                    .subject = *subject,
                    .date = date,
                    .run_minute = run_minute,
                    .gate = gate,
                    .answer = &answer};
    int32_t away = date_diff(date, env->scope.today);
    if (away > REHEARSAL_DAYS_MAX)
        return fail_field(cx, INVALID, "on", NULL, "the day cannot be more than %d days away", REHEARSAL_DAYS_MAX);
    TRY(load_own(&w));
    if (away < 0) TRY(why_records(&w));
    bool settled = subject->document_id && tell_settled(&w);
    if (!settled) TRY(away == 0 ? why_now(&w) : away > 0 ? why_later(&w) : why_then(&w));
    tell_events(&w);
    *out = answer;
    return OK;
}
