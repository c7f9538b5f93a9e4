/* Whether a debtor may be contacted at an instant, and if not, when first.
 *
 * Owns the meaning of windows, holidays, caps and gaps. The one idea: every refusal knows the earliest instant at which
 * it may cease, and nothing before that instant can be allowed. The next allowed instant is found by jumping to the
 * latest of these bounds and judging anew, until nothing refuses. RULE: rules.md 1.1; REQ: B9 B10 L7. */
#include "strategy/contact_rules.h"

#include "strategy/contact_rules_pack.h"

#define SEARCH_DAYS 90
#define RULES_MAX (3 * COUNTRY_RULES_MAX) /* the debtor's country, the creditor's, the house */

/* What stays the same while instants are tried. */
struct judge {
    const struct contact_request *request;
    const struct place *place;
    ChannelSet channel;
    bool hours_only;         /* of the house profile */
    bool house_always;       /* companies */
    bool ignores_wish;
    size_t law_count, count; /* laws first, then the house */
    const struct rule *rules[RULES_MAX];
    bool own_country[RULES_MAX];
};

/* An instant as the debtor's clock shows it in one zone. */
struct moment {
    Instant at;
    const struct zone *zone;
    struct local_time local;
};

struct refusal {
    const struct rule *rule; /* NULL: nothing refuses */
    enum reason_code code;
    Instant until;
};

bool rule_applies(const struct rule *rule, const struct customer *customer, bool own_country) {
    enum rule_party party = customer->is_person ? PARTY_B2C : PARTY_B2B;
    if (!rule->binds_creditor || !(rule->party & party)) return false;
    if (rule->region.n == 0) return true;
    Str region = customer->region;
    if (region.n > 3 && region.p[2] == '-') region = (Str){region.p + 3, region.n - 3};
    return own_country && str_equal(region, rule->region);
}

static void add_rules(struct judge *j, struct rule_span span, bool own_country) {
    for (size_t i = 0; i < span.count; i++) {
        const struct rule *rule = span.rules[i];
        if (!((rule->channels | rule->forbidden_channels) & j->channel)) continue;
        if (!rule_applies(rule, j->request->customer, own_country)) continue;
        MUST(j->count < RULES_MAX);
        j->own_country[j->count] = own_country;
        j->rules[j->count++] = rule;
    }
}

static void gather(struct judge *j, const struct rule_pack *pack, int profile) {
    const struct customer *customer = j->request->customer;
    add_rules(j, rule_pack_country(pack, customer->country), true);
    if (!str_equal(customer->country, j->request->creditor_country))
        add_rules(j, rule_pack_country(pack, j->request->creditor_country), false);
    j->law_count = j->count;
    if (profile != PROFILE_NONE) add_rules(j, rule_pack_house(pack), false);
    j->hours_only = profile == PROFILE_HOURS;
    j->house_always = !customer->is_person;
}

/* The instant at which the clock of the zone, going on as it does now, would show `seconds` more; or the change of the
 * clock if there is one before. Until then nothing that depends on the shown time can have come. */
static Instant zone_advance(const struct zone *zone, Instant at, int64_t seconds) {
    int64_t start = at.ms - ((at.ms % MS_PER_SECOND) + MS_PER_SECOND) % MS_PER_SECOND;
    int offset = zone_offset(zone, at);
    int64_t low = 0, high = seconds;
    if (zone_offset(zone, (Instant){start + seconds * MS_PER_SECOND}) == offset)
        return (Instant){start + seconds * MS_PER_SECOND};
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (zone_offset(zone, (Instant){start + middle * MS_PER_SECOND}) == offset)
            low = middle;
        else
            high = middle;
    }
    return (Instant){start + high * MS_PER_SECOND};
}

static Instant start_of_day(const struct moment *m, int32_t days_ahead) {
    return zone_advance(m->zone, m->at, (int64_t)days_ahead * 86400 - m->local.second);
}

/* The longest refusal is the strictest; among equals the first rule, and laws come before the house. */
static void refuse(struct refusal *worst, const struct rule *rule, enum reason_code code, Instant until) {
    if (worst->rule && until.ms <= worst->until.ms) return;
    *worst = (struct refusal){rule, code, until};
}

static void judge_windows(const struct rule *rule, const struct moment *m, struct refusal *worst) {
    int today = (int)date_weekday(m->local.date);
    for (int32_t ahead = 0; ahead <= 7; ahead++) {
        int day = (today + ahead) % 7;
        for (uint8_t i = rule->window_start[day]; i < rule->window_start[day + 1]; i++) {
            const struct rule_window *w = &rule->windows[i];
            int64_t wait = (int64_t)ahead * 86400 + w->from - m->local.second;
            if (ahead == 0 && w->from <= m->local.second && m->local.second < w->to) return;
            if (wait <= 0) continue;
            refuse(worst, rule, REASON_WINDOW, zone_advance(m->zone, m->at, wait));
            return;
        }
    }
}

static bool cap_counts(const struct rule_cap *cap, const struct past_contact *past) {
    return (cap->channels & CHANNEL_BIT(past->channel)) && (cap->counts != COUNT_CONVERSATION || past->conversation);
}

/* The n-th newest of the counted contacts; INSTANT_NONE when there are fewer. */
static Instant nth_newest(const struct contact_request *request, const struct rule_cap *cap, int32_t n) {
    int64_t newest[CAP_N_MAX];
    int32_t found = 0;
    for (size_t i = 0; i < request->past_count; i++) {
        if (!cap_counts(cap, &request->past[i])) continue;
        int64_t at = request->past[i].at.ms;
        int32_t place;
        if (found < n)
            place = found++;
        else if (newest[n - 1] < at)
            place = n - 1;
        else
            continue;
        while (place > 0 && newest[place - 1] < at) {
            newest[place] = newest[place - 1];
            place--;
        }
        newest[place] = at;
    }
    return found < n ? INSTANT_NONE : (Instant){newest[n - 1]};
}

/* The same for the newest contact of each of the other channels: the n-th newest of these. */
static Instant nth_other_channel(const struct judge *j, const struct rule_cap *cap, int32_t n) {
    Instant latest[CHANNEL_COUNT];
    for (int c = 0; c < CHANNEL_COUNT; c++) latest[c] = INSTANT_NONE;
    for (size_t i = 0; i < j->request->past_count; i++) {
        const struct past_contact *past = &j->request->past[i];
        if (!cap_counts(cap, past) || (CHANNEL_BIT(past->channel) & j->channel)) continue;
        if (past->at.ms > latest[past->channel].ms) latest[past->channel] = past->at;
    }
    Instant nth = INSTANT_NONE;
    for (int32_t round = 0; round < n; round++) {
        size_t best = 0;
        for (size_t c = 1; c < CHANNEL_COUNT; c++)
            if (latest[c].ms > latest[best].ms) best = c;
        nth = latest[best];
        latest[best] = INSTANT_NONE;
    }
    return nth;
}

/* Contacts, or other channels used, on the debtor's civil day. */
static void judge_daily_cap(const struct judge *j, const struct rule *rule, const struct rule_cap *cap,
                            const struct moment *m, struct refusal *worst) {
    int32_t contacts = 0, others = 0;
    ChannelSet seen = j->channel;
    for (size_t i = 0; i < j->request->past_count; i++) {
        const struct past_contact *past = &j->request->past[i];
        if (!cap_counts(cap, past) || date_compare(zone_date(m->zone, past->at), m->local.date) != 0) continue;
        contacts++;
        if (!(seen & CHANNEL_BIT(past->channel))) others++;
        seen |= CHANNEL_BIT(past->channel);
    }
    if (cap->n > 0 ? contacts >= cap->n : others >= cap->max_channels)
        refuse(worst, rule, REASON_CAP, start_of_day(m, 1));
}

/* Caps per debt are judged as if each contact had named the same debt, since past contacts do not say which: never
 * more lenient than the law. A contact exactly one period ago no longer counts. */
static void judge_cap(const struct judge *j, const struct rule *rule, const struct rule_cap *cap,
                      const struct moment *m, struct refusal *worst) {
    if (!(cap->channels & j->channel)) return;
    if (cap->period_ms == 0) {
        judge_daily_cap(j, rule, cap, m, worst);
        return;
    }
    Instant counted = cap->n > 0 ? nth_newest(j->request, cap, cap->n) : nth_other_channel(j, cap, cap->max_channels);
    if (instant_is_none(counted)) return;
    Instant until = {counted.ms + cap->period_ms};
    if (until.ms > m->at.ms) refuse(worst, rule, REASON_CAP, until);
}

static void judge_gap(const struct judge *j, const struct rule *rule, const struct rule_gap *gap,
                      const struct moment *m, struct refusal *worst) {
    if (!(gap->channels & j->channel)) return;
    Instant last = INSTANT_NONE;
    for (size_t i = 0; i < j->request->past_count; i++) {
        const struct past_contact *past = &j->request->past[i];
        if ((gap->channels & CHANNEL_BIT(past->channel)) && past->at.ms > last.ms) last = past->at;
    }
    if (instant_is_none(last)) return;
    if (gap->days > 0) {
        int32_t missing = gap->days - date_diff(m->local.date, zone_date(m->zone, last));
        if (missing > 0) refuse(worst, rule, REASON_GAP, start_of_day(m, missing));
    } else if (last.ms + gap->ms > m->at.ms) {
        refuse(worst, rule, REASON_GAP, (Instant){last.ms + gap->ms});
    }
}

static void judge_rule(const struct judge *j, const struct rule *rule, bool is_house, const struct moment *m,
                       struct refusal *worst) {
    if (rule->forbidden_channels & j->channel) refuse(worst, rule, REASON_FORBIDDEN, (Instant){INT64_MAX});
    if (!(rule->channels & j->channel)) return;
    if (rule->blocks_holidays && j->place->calendar && calendar_is_holiday(j->place->calendar, m->local.date))
        refuse(worst, rule, REASON_HOLIDAY, start_of_day(m, 1));
    if (rule->has_windows) judge_windows(rule, m, worst);
    if (is_house && j->hours_only) return;
    for (size_t i = 0; i < rule->cap_count; i++) judge_cap(j, rule, &rule->caps[i], m, worst);
    for (size_t i = 0; i < rule->gap_count; i++) judge_gap(j, rule, &rule->gaps[i], m, worst);
}

/* The house profile gives way only to a law of the debtor's own country in force for this channel. */
static bool house_gives_way(const struct judge *j, Date today) {
    for (size_t i = 0; i < j->law_count && !j->house_always; i++) {
        const struct rule *rule = j->rules[i];
        if (j->own_country[i] && rule->replaces_house && (rule->channels & j->channel) && rule_in_force(rule, today))
            return true;
    }
    return false;
}

/* No refusal outlasts the day on which some rule comes into force or ends: from then on it is to be judged anew. */
static Instant rules_change(const struct judge *j, const struct moment *m) {
    int64_t today = m->local.date.day, next = INT64_MAX;
    for (size_t i = 0; i < j->count; i++) {
        int64_t begins = j->rules[i]->first_day, ended = (int64_t)j->rules[i]->last_day + 1;
        if (begins > today && begins < next) next = begins;
        if (ended > today && ended < next) next = ended;
    }
    return next - today > SEARCH_DAYS + 1 ? (Instant){INT64_MAX} : start_of_day(m, (int32_t)(next - today));
}

/* The hours the person asked for; refused like a window, under a name of its own. */
static const struct rule wished_hours = {.id = {"CONTACT-HOURS", sizeof "CONTACT-HOURS" - 1}};

static void judge_wish(const struct judge *j, const struct moment *m, struct refusal *worst) {
    int32_t from = j->request->hours_from_s, to = j->request->hours_to_s;
    if (j->ignores_wish || from == to || (m->local.second >= from && m->local.second < to)) return;
    int64_t wait = from - m->local.second + (m->local.second >= to ? 86400 : 0);
    refuse(worst, &wished_hours, REASON_WINDOW, zone_advance(m->zone, m->at, wait));
}

static struct refusal judge_moment(const struct judge *j, const struct zone *zone, Instant at) {
    struct moment m = {at, zone, zone_local(zone, at)};
    struct refusal worst = {.code = REASON_DUE};
    judge_wish(j, &m, &worst);
    size_t count = house_gives_way(j, m.local.date) ? j->law_count : j->count;
    for (size_t i = 0; i < count; i++)
        if (rule_in_force(j->rules[i], m.local.date)) judge_rule(j, j->rules[i], i >= j->law_count, &m, &worst);
    if (!worst.rule) return worst;
    Instant change = rules_change(j, &m);
    if (change.ms < worst.until.ms) worst.until = change;
    return worst;
}

/* Allowed only if allowed by the clock of every zone the debtor may live in. */
static struct refusal judge_instant(const struct judge *j, Instant at) {
    struct refusal worst = {.code = REASON_DUE};
    for (size_t i = 0; i < j->place->zone_count; i++) {
        struct refusal here = judge_moment(j, j->place->zones[i], at);
        if (here.rule) refuse(&worst, here.rule, here.code, here.until);
    }
    return worst;
}

static Instant search_next(const struct judge *j, Instant from, Instant first_bound) {
    int64_t end = from.ms + SEARCH_DAYS * MS_PER_DAY;
    for (Instant t = first_bound; t.ms <= end;) {
        struct refusal refusal = judge_instant(j, t);
        if (!refusal.rule) return t;
        MUST(refusal.until.ms > t.ms);
        t = refusal.until;
    }
    return INSTANT_NONE;
}

struct contact_answer contact_rules_check(const struct rule_pack *pack, int contact_profile,
                                          const struct contact_request *request) {
    struct contact_answer answer = {.allowed = true, .code = REASON_DUE, .rule = S(""), .next_allowed = request->at};
    if (!request->is_reminder) return answer;
    struct judge j = {.request = request, .channel = CHANNEL_BIT(request->channel)};
    struct place scratch;
    gather(&j, pack, contact_profile);
    j.ignores_wish = request->hours_from_s == request->hours_to_s;
    if (j.count == 0 && j.ignores_wish) return answer;
    j.place = place_find(pack->places, request->customer, request->creditor_country, &scratch);
    for (;;) {
        struct refusal refusal = judge_instant(&j, request->at);
        if (!refusal.rule) return answer;
        answer.allowed = false;
        answer.code = refusal.code;
        answer.rule = refusal.rule->id;
        answer.next_allowed = search_next(&j, request->at, refusal.until);
        if (!instant_is_none(answer.next_allowed) || j.ignores_wish) return answer;
        j.ignores_wish = true; /* a wish is no law: it never silences for good */
        answer = (struct contact_answer){
            .allowed = true, .code = REASON_DUE, .rule = S(""), .next_allowed = request->at};
    }
}
