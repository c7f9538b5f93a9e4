/* By which channel, to whom, and when at the earliest (REQ: B6 B9 C9; domain.md 3.6).
 *
 * The ways are tried in the step's order, channel before contact; silence moves claims on to the next way that reaches.
 * What the contact rules allow later is deferred, what they never allow is no way. */
#include "strategy/company_days.h"
#include "strategy/contact_rules.h"
#include "strategy/decide_parts.h"

/* The third party that sold is no debtor: it is never sent somebody else's debts. */
static bool may_receive(const struct contact *c) { return !str_is(c->role, "seller"); }

static const struct contact *reachable(const struct snapshot *s, enum channel_kind channel) {
    for (size_t i = 0; i < s->contact_count; i++)
        if (s->contacts[i].state[channel] == ADDRESS_OK && may_receive(&s->contacts[i])) return &s->contacts[i];
    return NULL;
}

bool channel_reaches(const struct planner *p, enum channel_kind channel) {
    return p->policy->channel_available[channel] && reachable(p->snapshot, channel);
}

/* Why nobody is reached by this channel; the nearest miss counts. */
static enum reason_code obstacle(const struct planner *p, enum channel_kind channel) {
    enum reason_code code = REASON_NO_ADDRESS;
    if (!p->policy->channel_available[channel]) return REASON_NO_CHANNEL;
    for (size_t i = 0; i < p->snapshot->contact_count; i++) {
        const struct contact *c = &p->snapshot->contacts[i];
        if (!may_receive(c)) continue;
        if (c->state[channel] == ADDRESS_OPTED_OUT) return REASON_OPTED_OUT;
        if (c->state[channel] == ADDRESS_BOUNCED) code = REASON_BOUNCED;
    }
    return code;
}

static struct contact_answer ask_rules(const struct planner *p, enum channel_kind channel,
                                       const struct contact *contact, size_t item_count) {
    const struct contact_request request = {.customer = &p->snapshot->customer,
                                            .hours_from_s = contact->hours_from_s,
                                            .hours_to_s = contact->hours_to_s,
                                            .creditor_country = p->policy->country,
                                            .channel = channel,
                                            .at = p->policy->now,
                                            .past = p->snapshot->past,
                                            .past_count = p->snapshot->past_count,
                                            .item_count = (int32_t)item_count,
                                            .is_reminder = true};
    return contact_check(p->policy, &request);
}

static void tell_rule(struct planner *p, struct reason_list *reasons, const struct contact_answer *answer) {
    struct reason *reason = reason_add(p, reasons, answer->code);
    reason->rule = answer->rule;
    reason->next_allowed = answer->next_allowed;
}

/* The channels of the step that reach somebody, in order; the obstacles of the others are told. */
static size_t usable_channels(struct planner *p, const struct step *step, enum channel_kind *out,
                              struct reason_list *reasons) {
    size_t count = 0;
    for (size_t i = 0; i <= step->fallback_count && i < CHANNEL_COUNT; i++) {
        enum channel_kind channel = i ? step->fallback[i - 1] : step->channel;
        if (channel_reaches(p, channel)) {
            out[count++] = channel;
        } else if (!count) {
            struct reason *reason = reason_add(p, reasons, obstacle(p, channel));
            reason->step = step->id;
        }
    }
    return count;
}

static bool is_preferred(const struct planner *p, enum channel_kind way) {
    const struct contact *contact = reachable(p->snapshot, way);
    return contact && contact->preferred == way;
}

/* The way the person asked for goes first (REQ: A1); the others keep their order. */
static void put_preferred_first(struct planner *p, enum channel_kind *ways, size_t count,
                                struct reason_list *reasons) {
    for (size_t i = 1; i < count; i++) {
        enum channel_kind way = ways[i];
        if (!is_preferred(p, way)) continue;
        for (size_t k = i; k > 0; k--) ways[k] = ways[k - 1];
        ways[0] = way;
        reason_add(p, reasons, REASON_PREFERRED);
        return;
    }
}

/* Claims that stay without an answer climb to the next way after every N of them; the last one stays. */
static size_t first_way(const struct planner *p, const struct rung *rung, size_t count) {
    int32_t every = p->strategy->silent_before_switch;
    if (every <= 0 || rung->notice) return 0;
    size_t moved = (size_t)(p->snapshot->silent_reminders / every);
    return moved < count ? moved : count - 1;
}

struct route route_choose(struct planner *p, const struct rung *rung, size_t item_count, struct reason_list *reasons) {
    enum channel_kind ways[CHANNEL_COUNT];
    size_t count = usable_channels(p, rung->step, ways, reasons);
    struct route route = {.not_before = INSTANT_NONE};
    if (!count) return route;
    if (!is_preferred(p, ways[0])) put_preferred_first(p, ways, count, reasons);
    size_t first = first_way(p, rung, count);
    if (first) reason_add(p, reasons, REASON_CHANNEL_SWITCHED)->number = p->snapshot->silent_reminders;
    MUST(p->policy->check_contact);
    for (size_t i = 0; i < count; i++) { /* from the first way on, then those before it */
        enum channel_kind channel = ways[(first + i) % count];
        const struct contact *contact = reachable(p->snapshot, channel);
        if (!contact) continue;
        struct contact_answer answer = ask_rules(p, channel, contact, item_count);
        if (!answer.allowed) tell_rule(p, reasons, &answer);
        if (!answer.allowed && instant_is_none(answer.next_allowed)) {
            route.forbidden = true;
            continue;
        }
        route = (struct route){.channel = channel,
                               .contact = contact,
                               .not_before = answer.allowed ? INSTANT_NONE : answer.next_allowed};
        if (channel != rung->step->channel) reason_add(p, reasons, REASON_FALLBACK)->step = rung->step->id;
        break;
    }
    return route;
}

/* FNV-1a folded to 31 bit. The value is stored as an occurrence: never change it. Two situations with the same value
 * would cost one task, nothing else. */
static uint32_t mix(uint32_t h, const void *bytes, size_t n) {
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++) h = (h ^ p[i]) * UINT32_C(16777619);
    return h;
}

int32_t contact_situation(const struct snapshot *snapshot) {
    uint32_t h = UINT32_C(2166136261);
    for (size_t i = 0; i < snapshot->contact_count; i++) {
        const struct contact *c = &snapshot->contacts[i];
        for (int channel = CHANNEL_NONE + 1; channel < CHANNEL_COUNT; channel++) {
            unsigned char state = (unsigned char)c->state[channel];
            h = mix(h, &state, 1);
            h = mix(h, c->address[channel].p, c->address[channel].n);
            h = mix(h, "", 1);
        }
    }
    return (int32_t)(h & UINT32_C(0x7fffffff));
}

bool contact_situation_known(const struct snapshot *snapshot, int32_t situation) {
    for (size_t i = 0; i < snapshot->item_count; i++)
        for (size_t j = 0; j < snapshot->items[i].progress_count; j++) {
            const struct progress *done = &snapshot->items[i].progress[j];
            if (done->occurrence == situation && str_is(done->step, CONTACT_DATA_STEP)) return true;
        }
    return false;
}
