/* Decisions into rows. */
#include "plan/planner.h"

#include <string.h>

#include "action_sql.h"
#include "strategy/decide.h"

#define CHUNK 1000

/* Rows gathered for one chunk of customers. */
struct writer {
    struct ctx *cx;
    const struct plan_env *env;
    struct plan_counts *counts;
    int64_t next_id;
    VEC_OF(struct action_insert_params) actions;
    VEC_OF(struct action_item_insert_params) items;
};

static const char *ladder_name(enum ladder ladder) {
    static const char *const names[] = {"message", "task", "state"};
    return names[ladder];
}

static void currency_text(struct arena *arena, Currency c, Str *out) {
    char code[4];
    *out = arena_str(arena, currency_code(c, code));
}

const struct reason *waiting_reason(const struct decision *d) {
    for (size_t i = 0; i < d->reason_count; i++)
        if (!instant_is_none(d->reasons[i].next_allowed)) return &d->reasons[i];
    return d->reason_count ? &d->reasons[d->reason_count - 1] : NULL;
}

static Str reason_json(struct arena *arena, const struct reason *r) {
    if (!r) return S("{}");
    char date[DATE_TEXT], instant[INSTANT_TEXT];
    Str rule = r->rule.n ? arena_printf(arena, "\"rule\":\"%.*s\",", STR_ARG(r->rule)) : S("");
    Str until =
        !date_is_none(r->date) ? arena_printf(arena, "\"date\":\"%.*s\",", STR_ARG(date_iso(r->date, date))) : S("");
    Str next = !instant_is_none(r->next_allowed) ? arena_printf(arena, "\"next_allowed\":\"%.*s\",",
                                                                STR_ARG(instant_format(r->next_allowed, instant)))
                                                 : S("");
    return arena_printf(arena, "{%.*s%.*s%.*s\"number\":%lld}", STR_ARG(rule), STR_ARG(until), STR_ARG(next),
                        (long long)r->number);
}

static void add_items(struct writer *w, int64_t action_id, int64_t customer_id, const struct decision *d) {
    for (size_t i = 0; i < d->performing_count; i++) { /* what is only listed is written at T */
        const struct decided_item *x = &d->items[i];
        *VEC_PUSH(w->cx->arena, &w->items) = (struct action_item_insert_params){.action_id = action_id,
                                                                                .customer_id = customer_id,
                                                                                .instalment_id = x->item->instalment_id,
                                                                                .step = x->step ? x->step->id : S(""),
                                                                                .occurrence = x->occurrence,
                                                                                .skipped = x->skipped,
                                                                                .open_then = x->item->open.minor};
    }
}

struct stand stand_of(const struct decision *d, const struct pending_action *old, Instant now) {
    bool confirmed = old && str_equal(old->confirmed_step, d->step->id);
    struct stand stand = {.status = STAND_READY, .confirmed = confirmed, .not_before = INSTANT_NONE};
    if (d->verdict == VERDICT_TASK) {
        stand.status = STAND_OPEN;
    } else if (d->needs_approval && !confirmed) {
        stand.status = STAND_APPROVAL;
    } else if (!instant_is_none(d->not_before)) {
        stand.status = STAND_DEFERRED;
        stand.not_before = d->not_before;
    } else if (old && old->attempts > 0 && !instant_is_none(old->not_before) && old->not_before.ms > now.ms) {
        stand.status = STAND_DEFERRED;
        stand.backs_off = true;
        stand.not_before = old->not_before;
    }
    return stand;
}

static void set_status(struct writer *w, const struct decision *d, const struct pending_action *old,
                       struct action_insert_params *p) {
    struct stand stand = stand_of(d, old, w->cx->now);
    const struct reason *why = waiting_reason(d);
    p->not_before = stand.not_before;
    p->reason = S("");
    p->reason_data = S("{}");
    switch (stand.status) {
    case STAND_OPEN: p->status = S("open"); break;
    case STAND_APPROVAL:
        p->status = S("approval");
        p->reason = S("APPROVAL");
        break;
    case STAND_DEFERRED:
        p->status = S("deferred");
        p->reason = stand.backs_off ? old->reason : why ? str_from(reason_code_name(why->code)) : S("");
        if (!stand.backs_off) p->reason_data = reason_json(w->cx->arena, why);
        break;
    case STAND_READY:
        p->status = S("planned");
        if (stand.confirmed) p->reason = S("CONFIRMED");
        if (d->test_only) p->reason = S("TEST_MODE");
    }
}

static struct action_insert_params action_of(struct writer *w, const struct planned_customer *c,
                                             const struct strategy *s, const struct decision *d,
                                             const struct pending_action *old) {
    struct action_insert_params p = {.customer_id = c->snapshot.customer.id,
                                     .ladder = str_from(ladder_name(d->ladder)),
                                     .strategy_id = s->id,
                                     .strategy_version = s->version,
                                     .step = d->step->id,
                                     .planned_date = w->env->scope.today,
                                     .template = d->template_kind.n ? d->template_kind : d->step->kind,
                                     .variant = d->variant,
                                     .language = c->snapshot.customer.language,
                                     .total = d->total.minor,
                                     .thread_id = c->thread_id};
    if (d->verdict == VERDICT_SEND) {
        p.tone = str_from(tone_name(d->tone));
        p.channel = str_from(channel_kind_name(d->channel));
        p.has_contact_id = d->contact != NULL;
        p.contact_id = d->contact ? d->contact->id : 0;
        p.address = d->contact ? d->contact->address[d->channel] : S("");
        if (d->contact && d->contact->language.n) p.language = d->contact->language;
    }
    if (d->total.currency.packed) currency_text(w->cx->arena, d->total.currency, &p.currency);
    set_status(w, d, old, &p);
    return p;
}

static const struct pending_action *find_pending(const struct planned_customer *c, const struct decision *d) {
    for (size_t i = 0; i < c->pending_count; i++) {
        const struct pending_action *p = &c->pending[i];
        if (p->ladder != d->ladder) continue;
        if (d->ladder == LADDER_MESSAGE || str_equal(p->step, d->step->id)) return p;
    }
    return NULL;
}

static bool is_claimed(const struct writer *w, const struct pending_action *p) {
    return !instant_is_none(p->lease_until) && p->lease_until.ms > w->cx->now.ms;
}

static enum rc replan(struct writer *w, const struct pending_action *old, const struct action_insert_params *p,
                      const struct decision *d) {
    TRY(action_items_delete(w->cx, &(struct action_items_delete_params){.action_id = old->id}));
    add_items(w, old->id, p->customer_id, d);
    return action_replan(w->cx, &(struct action_replan_params){.id = old->id,
                                                               .strategy_id = p->strategy_id,
                                                               .strategy_version = p->strategy_version,
                                                               .step = p->step,
                                                               .status = p->status,
                                                               .reason = p->reason,
                                                               .reason_data = p->reason_data,
                                                               .planned_date = p->planned_date,
                                                               .not_before = p->not_before,
                                                               .tone = p->tone,
                                                               .template = p->template,
                                                               .variant = p->variant,
                                                               .language = p->language,
                                                               .channel = p->channel,
                                                               .has_contact_id = p->has_contact_id,
                                                               .contact_id = p->contact_id,
                                                               .address = p->address,
                                                               .currency = p->currency,
                                                               .total = p->total});
}

static void count(struct writer *w, const struct decision *d, const struct action_insert_params *p) {
    struct plan_counts *n = w->counts;
    if (d->verdict != VERDICT_SEND) {
        n->tasks++;
        return;
    }
    n->planned++;
    if (str_is(p->status, "approval")) {
        n->approvals++;
        n->held[REASON_APPROVAL]++;
    }
    if (!str_is(p->status, "deferred")) return;
    n->deferred++;
    const struct reason *why = waiting_reason(d);
    if (why && !instant_is_none(d->not_before)) n->held[why->code]++;
}

static enum rc write_decision(struct writer *w, const struct planned_customer *c, const struct strategy *s,
                              const struct decision *d, bool *kept) {
    const struct pending_action *old = find_pending(c, d);
    if (old) kept[old - c->pending] = true;
    if (old && is_claimed(w, old)) return OK; /* someone is handing it over: the gate there decides */
    if (old && old->resend) {                 /* its bytes are fixed: the gate says whether they still hold */
        w->counts->planned++;
        return OK;
    }
    struct action_insert_params p = action_of(w, c, s, d, old);
    if (!old || d->verdict == VERDICT_SEND) count(w, d, &p); /* a task or proposal is counted when it is written */
    if (old) return replan(w, old, &p, d);
    p.id = w->next_id++;
    *VEC_PUSH(w->cx->arena, &w->actions) = p;
    add_items(w, p.id, p.customer_id, d);
    return OK;
}

/* What was pending and is no longer wanted ends with the reason. */
static enum rc cancel_rest(struct writer *w, const struct planned_customer *c, const struct decision *because,
                           const bool *kept) {
    for (size_t i = 0; i < c->pending_count; i++) {
        if (kept[i] || is_claimed(w, &c->pending[i]) || c->pending[i].resend) continue;
        const struct reason *why = because && because->reason_count ? &because->reasons[0] : NULL;
        Str code = c->snapshot.item_count == 0 ? S("PAID")
                   : why                       ? str_from(reason_code_name(why->code))
                                               : S("SUPERSEDED");
        TRY(action_end(w->cx, &(struct action_end_params){.id = c->pending[i].id,
                                                          .status = S("cancelled"),
                                                          .reason = code,
                                                          .reason_data = reason_json(w->cx->arena, why)}));
        TRY(action_items_release(w->cx, &(struct action_items_release_params){.action_id = c->pending[i].id}));
    }
    return OK;
}

static enum rc plan_customer(struct writer *w, const struct planned_customer *c) {
    const struct strategy *s = strategy_book_for(&w->env->book, &c->snapshot.customer, c->strategy_id);
    struct decision_list list = decide(w->cx->arena, &c->snapshot, s, &w->env->policy, false);
    bool *kept = ARENA_ARRAY(w->cx->arena, bool, c->pending_count + 1);
    const struct decision *last = NULL;
    w->counts->customers++;
    w->counts->items += (int64_t)c->snapshot.item_count;
    for (size_t i = 0; i < list.count; i++) {
        const struct decision *d = &list.items[i];
        last = d;
        if (d->verdict == VERDICT_HOLD && d->reason_count) w->counts->held[d->reasons[0].code]++;
        if (d->verdict == VERDICT_HOLD || d->verdict == VERDICT_NONE) continue;
        TRY(write_decision(w, c, s, d, kept));
    }
    return cancel_rest(w, c, last, kept);
}

static enum rc plan_chunk(struct ctx *cx, const struct plan_env *env, struct plan_counts *counts, int64_t *after) {
    struct action_next_id_row next;
    TRY(action_next_id(cx, &next));
    struct writer w = {.cx = cx, .env = env, .counts = counts, .next_id = next.id};
    struct snapshot_set set;
    struct snapshot_scope lean = env->scope;
    lean.without_texts = true;
    TRY(snapshot_load(cx, &lean, *after, CHUNK, &set));
    for (size_t i = 0; i < set.count; i++) TRY(plan_customer(&w, &set.items[i]));
    TRY(action_insert_bulk(cx, w.actions.items, w.actions.count));
    TRY(action_item_insert_bulk(cx, w.items.items, w.items.count));
    *after = set.last_id;
    return OK;
}

static enum rc plan_next(struct ctx *cx, struct db *db, const struct plan_env *env, struct plan_counts *counts,
                         int64_t *after) {
    struct arena_mark mark = arena_mark(cx->arena);
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, db, TX_WRITE));
    TRY(plan_chunk(cx, env, counts, after));
    TRY(tx_commit(scope));
    arena_rewind(cx->arena, mark);
    return OK;
}

enum rc plan_round(struct ctx *cx, struct db *db, const struct plan_env *env, plan_progress *progress, void *self,
                   struct plan_counts *out_counts) {
    struct plan_counts counts = {0};
    int64_t after = 0;
    enum rc rc = OK;
    db_expect_bulk(db, true);
    do {
        rc = plan_next(cx, db, env, &counts, &after);
        if (rc == OK && progress) progress(self, counts.customers);
    } while (rc == OK && after);
    db_expect_bulk(db, false);
    *out_counts = counts;
    return rc;
}
