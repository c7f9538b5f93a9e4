/* The engine's frame: from the steps each item takes to one message, tasks, changes of state, and the reasons.
 *
 * Which step is due stands in decide_due.c, conditions in decide_condition.c, the way and the hour in decide_channel.c,
 * tone and wording in decide_tone.c. Nothing here knows a database, a clock or a file. */
#include "strategy/decide_parts.h"

const struct step contact_data_step = {
    .id = {CONTACT_DATA_STEP, sizeof CONTACT_DATA_STEP - 1},
    .name = {"Completar datos de contacto", sizeof "Completar datos de contacto" - 1},
    .ladder = LADDER_TASK,
    .max_lateness = LATENESS_UNLIMITED,
    .kind = {"contact_data", sizeof "contact_data" - 1},
};

struct reason *reason_add(struct planner *p, struct reason_list *list, enum reason_code code) {
    struct reason *reason = VEC_PUSH(p->arena, list);
    reason->code = code;
    reason->step = reason->rule = S("");
    reason->date = DATE_NONE;
    reason->next_allowed = INSTANT_NONE;
    return reason;
}

/* The answer under construction; `room` is counted before. */
struct answer {
    struct decision *items;
    size_t count;
};

static struct decision *add_decision(struct answer *a, enum verdict verdict, const struct step *step) {
    struct decision *d = &a->items[a->count++];
    d->verdict = verdict;
    d->step = step;
    d->ladder = step ? step->ladder : LADDER_MESSAGE;
    d->scheduled = DATE_NONE;
    d->not_before = INSTANT_NONE;
    d->template_kind = d->variant = S("");
    return d;
}

static void set_reasons(struct decision *d, const struct reason_list *reasons) {
    d->reasons = reasons->items;
    d->reason_count = reasons->count;
}

static bool is_free(const struct standing *st) { return st->block == REASON_NOTHING; }

static bool is_unborn(const struct standing *st) { return st->block == REASON_PAID || st->block == REASON_NOT_ISSUED; }

static bool takes(const struct standing *st, enum track track, int rank) {
    return is_free(st) && st->choice[track].rank != NO_RANK && (rank == NO_RANK || st->choice[track].rank == rank);
}

static struct decided_item performing_item(struct planner *p, const struct standing *st, enum track track) {
    const struct choice *c = &st->choice[track];
    return (struct decided_item){.item = st->item,
                                 .step = p->rungs[c->rank].step,
                                 .occurrence = c->occurrence,
                                 .scheduled = c->scheduled,
                                 .skipped = standing_skipped(p, st, track)};
}

/* Free items that take `rank` (NO_RANK: any step) in this track, the leading one first, then with `list_others` the
 * rest. */
static void set_items(struct planner *p, struct decision *d, enum track track, int rank, const struct standing *leading,
                      bool list_others) {
    struct decided_item *items = ARENA_ARRAY(p->arena, struct decided_item, p->snapshot->item_count);
    size_t n = 0;
    items[n++] = performing_item(p, leading, track);
    for (size_t i = 0; i < p->snapshot->item_count; i++)
        if (&p->standings[i] != leading && takes(&p->standings[i], track, rank))
            items[n++] = performing_item(p, &p->standings[i], track);
    d->performing_count = n;
    for (size_t i = 0; list_others && i < p->snapshot->item_count; i++)
        if (is_free(&p->standings[i]) && !takes(&p->standings[i], track, rank))
            items[n++] = (struct decided_item){.item = p->standings[i].item, .scheduled = DATE_NONE, .skipped = S("")};
    d->items = items;
    d->item_count = n;
    d->scheduled = items[0].scheduled;
    d->total = money_zero(items[0].item->open.currency);
    for (size_t i = 0; i < n; i++)
        if (currency_equal(items[i].item->open.currency, d->total.currency))
            d->total = money_add(d->total, items[i].item->open);
}

static void tell_due(struct planner *p, const struct decision *d, struct reason_list *reasons) {
    struct reason *due = reason_add(p, reasons, REASON_DUE);
    due->instalment_id = d->items[0].item->instalment_id;
    due->step = d->items[0].step->id;
    due->date = d->scheduled;
}

/* REQ: B8. What touches the customer's service or goes to others always waits for a person. */
static void set_mode(struct planner *p, struct decision *d, struct reason_list *reasons) {
    for (size_t i = 0; i < d->performing_count; i++)
        if (d->items[i].step->mode == MODE_CONFIRM) d->needs_approval = true;
    if (d->ladder == LADDER_STATE) d->needs_approval = true;
    d->test_only = d->step->mode == MODE_TEST;
    if (d->needs_approval) reason_add(p, reasons, REASON_APPROVAL)->step = d->step->id;
    if (d->test_only) reason_add(p, reasons, REASON_TEST_MODE)->step = d->step->id;
}

/* The message does not go out: what held it back is told, without that it was due. */
static void tell_message_held(struct planner *p, const struct reason_list *reasons) {
    for (size_t i = 0; i < reasons->count; i++)
        if (reasons->items[i].code != REASON_DUE)
            *reason_add(p, &p->told[TRACK_MESSAGE], reasons->items[i].code) = reasons->items[i];
}

static void decide_contact_data(struct planner *p, struct answer *answer, const struct decision *message,
                                struct reason_list *reasons) {
    int32_t situation = contact_situation(p->snapshot);
    if (contact_situation_known(p->snapshot, situation)) { /* somebody has the task already */
        tell_message_held(p, reasons);
        return;
    }
    struct decision *d = add_decision(answer, VERDICT_TASK, &contact_data_step);
    struct decided_item *items = ARENA_ARRAY(p->arena, struct decided_item, message->performing_count);
    for (size_t i = 0; i < message->performing_count; i++)
        items[i] = (struct decided_item){.item = message->items[i].item,
                                         .step = &contact_data_step,
                                         .occurrence = situation,
                                         .scheduled = p->policy->today,
                                         .skipped = S("")};
    d->items = items;
    d->item_count = d->performing_count = message->performing_count;
    d->total = message->total;
    d->scheduled = p->policy->today;
    set_reasons(d, reasons);
}

static const struct standing *find_leading(const struct planner *p) {
    const struct standing *leading = NULL;
    for (size_t i = 0; i < p->snapshot->item_count; i++) {
        const struct standing *st = &p->standings[i];
        if (!takes(st, TRACK_MESSAGE, NO_RANK)) continue;
        if (!leading || st->choice[TRACK_MESSAGE].rank > leading->choice[TRACK_MESSAGE].rank) leading = st;
    }
    return leading;
}

/* INV: I14. A second round of a day may find more to say: it waits for tomorrow. */
static void keep_one_a_day(struct planner *p, struct decision *d, struct reason_list *reasons) {
    Instant last = p->snapshot->last_message_at;
    if (instant_is_none(last) || date_compare(zone_date(p->policy->zone, last), p->policy->today) != 0) return;
    Instant tomorrow = zone_instant(p->policy->zone, date_add(p->policy->today, 1), 0);
    if (d->not_before.ms >= tomorrow.ms) return; /* INSTANT_NONE lies before everything */
    d->not_before = tomorrow;
    reason_add(p, reasons, REASON_ONE_PER_DAY)->next_allowed = d->not_before;
}

/* REQ: B16. The day is the customer's own whatever the others owe, so that a rehearsal foresees it. */
static void keep_ramp(struct planner *p, struct decision *d, struct reason_list *reasons) {
    const struct strategy *s = p->strategy;
    if (s->ramp_days <= 1 || date_is_none(s->ramp_from) || !instant_is_none(p->snapshot->last_message_at)) return;
    int32_t turn = (int32_t)(str_hash(p->snapshot->customer.code) % (uint64_t)s->ramp_days);
    Date first = date_add(s->ramp_from, turn);
    if (date_compare(p->policy->today, first) >= 0) return;
    Instant begins = zone_instant(p->policy->zone, first, 0);
    if (d->not_before.ms >= begins.ms) return;
    d->not_before = begins;
    reason_add(p, reasons, REASON_RAMP_UP)->next_allowed = begins;
}

/* REQ: B7. One message a customer and day; the highest step leads. Returns false when it is held back. */
static bool decide_message(struct planner *p, struct answer *answer) {
    const struct standing *leading = find_leading(p);
    if (!leading) return false;
    const struct rung *rung = &p->rungs[leading->choice[TRACK_MESSAGE].rank];
    struct answer draft = {.items = ARENA_NEW(p->arena, struct decision)};
    struct decision *d = add_decision(&draft, VERDICT_SEND, rung->step);
    struct reason_list reasons = {0};
    set_items(p, d, TRACK_MESSAGE, NO_RANK, leading, true);
    tell_due(p, d, &reasons);
    struct route route = route_choose(p, rung, d->item_count, &reasons);
    if (!route.contact) {
        if (route.forbidden)
            tell_message_held(p, &reasons);
        else
            decide_contact_data(p, answer, d, &reasons);
        return false;
    }
    d->channel = route.channel;
    d->contact = route.contact;
    d->not_before = route.not_before;
    keep_one_a_day(p, d, &reasons);
    keep_ramp(p, d, &reasons);
    d->tone = tone_choose(p, rung, d->items, d->item_count, &reasons);
    wording_choose(p, d);
    set_mode(p, d, &reasons);
    set_reasons(d, &reasons);
    answer->items[answer->count++] = *d;
    return true;
}

/* One task or change of state a step, for all items that take it. */
static void decide_work(struct planner *p, struct answer *answer, enum ladder ladder) {
    for (int rank = 0; rank < p->rung_count; rank++) {
        if (p->rungs[rank].step->ladder != ladder) continue;
        const struct standing *leading = NULL;
        for (size_t i = 0; i < p->snapshot->item_count && !leading; i++)
            if (takes(&p->standings[i], TRACK_WORK, rank)) leading = &p->standings[i];
        if (!leading) continue;
        struct decision *d =
            add_decision(answer, ladder == LADDER_TASK ? VERDICT_TASK : VERDICT_STATE, p->rungs[rank].step);
        struct reason_list reasons = {0};
        set_items(p, d, TRACK_WORK, rank, leading, false);
        tell_due(p, d, &reasons);
        set_mode(p, d, &reasons);
        set_reasons(d, &reasons);
    }
}

static Date block_date(const struct item *item, enum reason_code code) {
    if (code == REASON_PROMISE) return item->promised_until;
    if (code == REASON_HOLD) return item->held_until;
    return code == REASON_NOT_ISSUED ? item->issue_date : DATE_NONE;
}

/* What held back a step that was due. Returns whether something did that a person may lift: dispute, promise, hold, net
 * credit. */
static bool tell_held(struct planner *p, const struct standing *st) {
    bool held = false;
    for (int t = 0; t < TRACK_COUNT; t++) {
        const struct choice *chosen = &st->choice[t];
        enum reason_code code = st->held[t].code;
        int rank = st->held[t].rank;
        if (!is_free(st) && (chosen->rank != NO_RANK || code != REASON_NOTHING)) {
            code = st->block;
            if (chosen->rank != NO_RANK) rank = chosen->rank;
        } else if (chosen->rank != NO_RANK || code == REASON_NOTHING) {
            continue;
        }
        struct reason *reason = reason_add(p, &p->told[t], code);
        reason->instalment_id = st->item->instalment_id;
        reason->step = p->rungs[rank].step->id;
        reason->date = block_date(st->item, code);
        held |= code == REASON_NET_CREDIT || !is_free(st);
    }
    return held;
}

/* What holds back stands first; then, with explain, each item's block and each of its steps. */
static bool tell_all(struct planner *p) {
    bool held = false;
    for (size_t i = 0; i < p->snapshot->item_count; i++)
        if (!is_unborn(&p->standings[i])) held |= tell_held(p, &p->standings[i]);
    for (size_t i = 0; p->explain && i < p->snapshot->item_count; i++) {
        const struct standing *st = &p->standings[i];
        if (!is_free(st)) {
            struct reason *reason = reason_add(p, &p->told[TRACK_MESSAGE], st->block);
            reason->instalment_id = st->item->instalment_id;
            reason->date = block_date(st->item, st->block);
        }
        if (!is_unborn(st)) standing_explain(p, st);
    }
    return held;
}

static void append_reasons(struct planner *p, struct decision *d, const struct reason_list *more) {
    if (!more->count) return;
    struct reason *all = ARENA_ARRAY(p->arena, struct reason, d->reason_count + more->count);
    for (size_t i = 0; i < d->reason_count; i++) all[i] = d->reasons[i];
    for (size_t i = 0; i < more->count; i++) all[d->reason_count + i] = more->items[i];
    d->reasons = all;
    d->reason_count += more->count;
}

/* Each track's reasons go to its first decision, else to the last there is. */
static void attach_told(struct planner *p, struct answer *a) {
    for (int t = 0; t < TRACK_COUNT; t++) {
        size_t at = a->count - 1;
        for (size_t i = a->count; i-- > 0;) {
            enum verdict v = a->items[i].verdict;
            bool quiet = v == VERDICT_HOLD || v == VERDICT_NONE;
            if (t == TRACK_MESSAGE ? quiet || v == VERDICT_SEND : v == VERDICT_TASK || v == VERDICT_STATE) at = i;
        }
        append_reasons(p, &a->items[at], &p->told[t]);
    }
}

static struct answer new_answer(struct planner *p) {
    uint64_t taken[2] = {0, 0};
    size_t room = 3; /* message, contact data, the closing one */
    for (size_t i = 0; i < p->snapshot->item_count; i++) {
        int rank = p->standings[i].choice[TRACK_WORK].rank;
        if (!takes(&p->standings[i], TRACK_WORK, NO_RANK) || taken[rank / 64] >> (rank % 64) & 1) continue;
        taken[rank / 64] |= UINT64_C(1) << (rank % 64);
        room++;
    }
    return (struct answer){.items = ARENA_ARRAY(p->arena, struct decision, room)};
}

static struct decision_list decide_plain(struct planner *p, enum verdict verdict, enum reason_code code, Date date) {
    struct answer a = {.items = ARENA_NEW(p->arena, struct decision)};
    struct reason_list reasons = {0};
    reason_add(p, &reasons, code)->date = date;
    set_reasons(add_decision(&a, verdict, NULL), &reasons);
    if (p->explain && p->snapshot->item_count) {
        planner_prepare(p);
        planner_choose(p);
        tell_all(p);
        attach_told(p, &a);
    }
    return (struct decision_list){a.items, a.count};
}

static bool customer_held(const struct snapshot *s, Date today) {
    return s->held && (date_is_none(s->held_until) || date_compare(today, s->held_until) <= 0);
}

struct decision_list decide(struct arena *arena, const struct snapshot *snapshot, const struct strategy *strategy,
                            const struct policy *policy, bool explain) {
    struct planner p = {
        .arena = arena, .snapshot = snapshot, .strategy = strategy, .policy = policy, .explain = explain};
    p.watermark = policy->ignore_watermark ? policy->watermark : strategy->watermark;
    if (!snapshot->item_count) return decide_plain(&p, VERDICT_NONE, REASON_NOTHING_OPEN, DATE_NONE);
    if (date_is_none(p.watermark)) return decide_plain(&p, VERDICT_NONE, REASON_NOT_ACTIVATED, DATE_NONE);
    if (customer_held(snapshot, policy->today))
        return decide_plain(&p, VERDICT_HOLD, REASON_HOLD, snapshot->held_until);
    planner_prepare(&p);
    planner_choose(&p);
    struct answer answer = new_answer(&p);
    bool sends = decide_message(&p, &answer);
    size_t told_before = p.told[TRACK_MESSAGE].count; /* why a message that was due does not go out */
    decide_work(&p, &answer, LADDER_TASK);
    decide_work(&p, &answer, LADDER_STATE);
    bool held = tell_all(&p) || told_before > 0;
    if (!sends && held)
        add_decision(&answer, VERDICT_HOLD, NULL);
    else if (!answer.count)
        add_decision(&answer, VERDICT_NONE, NULL);
    attach_told(&p, &answer);
    return (struct decision_list){answer.items, answer.count};
}
