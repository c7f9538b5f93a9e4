/* The conditions a step may carry (REQ: B4). A condition that is not met leaves the step where it is: it is looked at
 * again next day. */
#include "strategy/decide_parts.h"

bool list_contains(Str list, Str word) {
    for (Str rest = list; rest.p;) {
        Str entry = str_trim(str_cut(&rest, ','));
        if (entry.n && str_equal(entry, word)) return true;
    }
    return false;
}

static bool channels_reach(const struct planner *p, Str list) {
    for (Str rest = list; rest.p;) {
        enum channel_kind channel;
        if (!channel_kind_parse(str_trim(str_cut(&rest, ',')), &channel) || !channel_reaches(p, channel)) return false;
    }
    return true;
}

static enum reason_code judge_customer(const struct planner *p, const struct step_conditions *when) {
    if (when->segments.n && !list_contains(when->segments, p->snapshot->customer.segment))
        return REASON_SEGMENT_CONDITION;
    if (when->min_silent_reminders > p->snapshot->silent_reminders) return REASON_SILENCE_CONDITION;
    if (when->min_days_since_contact > 0 && !date_is_none(p->last_contact_day) &&
        date_diff(p->policy->today, p->last_contact_day) < when->min_days_since_contact)
        return REASON_RECENT_CONTACT;
    if (when->channels.n && !channels_reach(p, when->channels)) return REASON_NO_CHANNEL;
    return REASON_NOTHING;
}

/* Σ open in this currency of the free items for which the step's day has come. */
static int64_t sum_due(const struct planner *p, int rank, Currency currency) {
    int64_t sum = 0;
    for (size_t i = 0; i < p->snapshot->item_count; i++) {
        const struct standing *st = &p->standings[i];
        struct choice c;
        if (st->block != REASON_NOTHING || !currency_equal(st->item->open.currency, currency)) continue;
        if (rung_timing(p, st, rank, &c) != REASON_DUE) continue;
        if (__builtin_add_overflow(sum, st->item->open.minor, &sum)) return INT64_MAX;
    }
    return sum;
}

static enum reason_code judge_amount(const struct planner *p, int rank, const struct step_conditions *when) {
    if (when->has_min_amount && sum_due(p, rank, when->min_amount.currency) < when->min_amount.minor)
        return REASON_AMOUNT_CONDITION;
    if (when->has_max_amount && sum_due(p, rank, when->max_amount.currency) > when->max_amount.minor)
        return REASON_AMOUNT_CONDITION;
    return REASON_NOTHING;
}

static bool amount_applies(const struct step_conditions *when, Currency currency) {
    return (when->has_min_amount && currency_equal(when->min_amount.currency, currency)) ||
           (when->has_max_amount && currency_equal(when->max_amount.currency, currency));
}

/* The day the last message step below this one went out for the item; without any, the customer's last message. */
static Date message_before(const struct planner *p, const struct standing *st, int rank) {
    Date day = DATE_NONE;
    int best = NO_RANK;
    for (size_t i = 0; i < st->item->progress_count; i++) {
        const struct progress *done = &st->item->progress[i];
        if (done->skipped) continue;
        for (int r = rank - 1; r > best; r--)
            if (p->rungs[r].track == TRACK_MESSAGE && str_equal(p->rungs[r].step->id, done->step)) {
                best = r;
                day = done->date;
            }
    }
    return best == NO_RANK ? p->last_message_day : day;
}

/* Answered since that message? On the same day the instants decide where they are known, else it counts as answered:
 * rather one call too few. */
static bool has_replied(const struct planner *p, const struct standing *st, int rank) {
    Date reply = p->last_reply_day;
    if (date_is_none(reply)) return false;
    Date message = message_before(p, st, rank);
    if (date_is_none(message)) return true;
    if (date_compare(reply, message) != 0) return date_compare(reply, message) > 0;
    bool known = date_compare(p->last_message_day, message) == 0;
    return !known || p->snapshot->last_reply_at.ms >= p->snapshot->last_message_at.ms;
}

enum reason_code rung_refusal(struct planner *p, const struct standing *st, int rank) {
    struct rung *r = &p->rungs[rank];
    const struct step_conditions *when = &r->step->when;
    if (!r->customer_judged) {
        r->customer_judged = true;
        r->customer_refusal = judge_customer(p, when);
    }
    if (r->customer_refusal != REASON_NOTHING) return r->customer_refusal;
    if (amount_applies(when, st->item->open.currency)) {
        if (!r->amount_judged) {
            r->amount_judged = true;
            r->amount_refusal = judge_amount(p, rank, when);
        }
        if (r->amount_refusal != REASON_NOTHING) return r->amount_refusal;
    }
    if (when->no_reply && has_replied(p, st, rank)) return REASON_NO_REPLY_CONDITION;
    return REASON_NOTHING;
}
