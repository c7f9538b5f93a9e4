/* The next allowed instant against a plain model: random rules, debtors, pasts and moments, many near changes of the
 * clock. The model only answers "allowed now?", straight from the words of rules.md 1.1, and is asked every five
 * minutes. */
#include <string.h>

#include "base/random.h"
#include "base/test.h"
#include "strategy/contact_rules_pack.h"

#define CASES 2500
#define GRID (5 * MS_PER_MINUTE)
#define PAST_MAX 8
#define RULES 4

struct world {
    struct rule rules[RULES];
    struct rule_cap caps[RULES][2];
    struct rule_gap gaps[RULES][1];
    size_t rule_count;
    struct customer customer;
    struct past_contact past[PAST_MAX];
    struct contact_request request;
    int profile;
    const struct zone *zones[PLACE_ZONES_MAX];
    size_t zone_count;
    const struct calendar *calendar;
};

/* ---- the model ---- */

static bool in_window(const struct rule *rule, struct local_time local) {
    int day = (int)date_weekday(local.date);
    for (int i = rule->window_start[day]; i < rule->window_start[day + 1]; i++)
        if (local.second >= rule->windows[i].from && local.second < rule->windows[i].to) return true;
    return !rule->has_windows;
}

static bool under_cap(const struct world *w, const struct rule_cap *cap, const struct zone *zone, Instant t) {
    ChannelSet used = CHANNEL_BIT(w->request.channel);
    int contacts = 0;
    if (!(cap->channels & used)) return true;
    for (size_t i = 0; i < w->request.past_count; i++) {
        const struct past_contact *past = &w->past[i];
        bool counts =
            (cap->channels & CHANNEL_BIT(past->channel)) && (cap->counts != COUNT_CONVERSATION || past->conversation);
        bool within = cap->period_ms == 0 ? zone_date(zone, past->at).day == zone_date(zone, t).day
                                          : t.ms - past->at.ms < cap->period_ms;
        if (!counts || !within) continue;
        contacts++;
        used |= CHANNEL_BIT(past->channel);
    }
    return cap->n > 0 ? contacts < cap->n : __builtin_popcount(used) <= cap->max_channels;
}

static bool far_enough(const struct world *w, const struct rule_gap *gap, const struct zone *zone, Instant t) {
    if (!(gap->channels & CHANNEL_BIT(w->request.channel))) return true;
    for (size_t i = 0; i < w->request.past_count; i++) {
        if (!(gap->channels & CHANNEL_BIT(w->past[i].channel))) continue;
        Instant at = w->past[i].at;
        if (gap->days > 0 ? date_diff(zone_date(zone, t), zone_date(zone, at)) < gap->days : t.ms - at.ms < gap->ms)
            return false;
    }
    return true;
}

static bool rule_allows(const struct world *w, const struct rule *rule, bool hours_only, const struct zone *zone,
                        Instant t) {
    struct local_time local = zone_local(zone, t);
    if (!(rule->channels & CHANNEL_BIT(w->request.channel))) return true;
    if (rule->blocks_holidays && w->calendar && calendar_is_holiday(w->calendar, local.date)) return false;
    if (!in_window(rule, local)) return false;
    for (size_t i = 0; i < rule->cap_count && !hours_only; i++)
        if (!under_cap(w, &rule->caps[i], zone, t)) return false;
    for (size_t i = 0; i < rule->gap_count && !hours_only; i++)
        if (!far_enough(w, &rule->gaps[i], zone, t)) return false;
    return true;
}

static bool model_allows(const struct world *w, Instant t) {
    for (size_t z = 0; z < w->zone_count; z++) {
        Date today = zone_date(w->zones[z], t);
        bool law = false;
        for (size_t i = 0; i < w->rule_count; i++) {
            const struct rule *rule = &w->rules[i];
            if (rule->country.p[0] == '*' || !rule_in_force(rule, today)) continue;
            law = law || (rule->replaces_house && (rule->channels & CHANNEL_BIT(w->request.channel)));
            if (!rule_allows(w, rule, false, w->zones[z], t)) return false;
        }
        if (w->profile == PROFILE_NONE || (law && w->customer.is_person)) continue;
        for (size_t i = 0; i < w->rule_count; i++)
            if (w->rules[i].country.p[0] == '*' &&
                !rule_allows(w, &w->rules[i], w->profile == PROFILE_HOURS, w->zones[z], t))
                return false;
    }
    return true;
}

/* ---- random worlds ---- */

static int below(struct seeded_random *r, int bound) { return (int)seeded_below(r, (uint64_t)bound); }

static ChannelSet random_channels(struct seeded_random *r) {
    static const ChannelSet sets[] = {CHANNELS_ALL, CHANNELS_WRITTEN, CHANNEL_BIT(CHANNEL_CALL),
                                      CHANNELS_ALL | CHANNELS_VISIT};
    return sets[below(r, (int)COUNT_OF(sets))];
}

static void random_windows(struct seeded_random *r, struct rule *rule) {
    uint8_t at = 0;
    rule->has_windows = below(r, 5) > 0;
    for (int day = 0; rule->has_windows && day < 7; day++) {
        rule->window_start[day] = at;
        int hour = below(r, 10), count = below(r, 4);
        for (int i = 0; i < count && hour < 23; i++) {
            int from = hour * 4 + below(r, 4), to = from + 1 + below(r, 30);
            if (to > 96) to = 96;
            rule->windows[at++] = (struct rule_window){from * 900, to * 900};
            hour = to / 4 + 1;
        }
    }
    rule->window_start[7] = at;
    if (at > 0) return;
    rule->has_windows = false; /* never open is not what a file can say */
    memset(rule->window_start, 0, sizeof rule->window_start);
}

static void random_limits(struct seeded_random *r, struct world *w, size_t index) {
    static const int64_t periods[] = {0, 7 * MS_PER_DAY, 36 * MS_PER_HOUR};
    struct rule *rule = &w->rules[index];
    rule->caps = w->caps[index];
    rule->gaps = w->gaps[index];
    rule->cap_count = (size_t)below(r, 3);
    rule->gap_count = (size_t)below(r, 2);
    for (size_t i = 0; i < rule->cap_count; i++) {
        bool by_channel = below(r, 3) == 0;
        w->caps[index][i] = (struct rule_cap){.channels = random_channels(r),
                                              .n = by_channel ? 0 : 1 + below(r, 3),
                                              .max_channels = by_channel ? 1 + below(r, 2) : 0,
                                              .period_ms = periods[below(r, 3)],
                                              .counts = below(r, 4) ? COUNT_ATTEMPT : COUNT_CONVERSATION};
    }
    for (size_t i = 0; i < rule->gap_count; i++)
        w->gaps[index][i] = below(r, 2) ? (struct rule_gap){.channels = random_channels(r), .days = 1 + below(r, 4)}
                                        : (struct rule_gap){.channels = random_channels(r),
                                                            .ms = (1 + below(r, 60)) * 30 * MS_PER_MINUTE};
}

static Instant random_moment(struct seeded_random *r) {
    static const char *const changes[] = {"2026-03-08T08:00:00Z", "2026-03-29T01:00:00Z", "2026-04-05T03:00:00Z",
                                          "2026-04-04T15:00:00Z", "2026-09-06T04:00:00Z", "2026-10-03T15:30:00Z",
                                          "2026-10-25T01:00:00Z", "2026-11-01T07:00:00Z", "2026-02-15T02:00:00Z"};
    Instant t;
    if (below(r, 2)) {
        assert_true(instant_parse(str_from(changes[below(r, (int)COUNT_OF(changes))]), &t));
        t.ms += (below(r, 2 * 36 * 12) - 30 * 12) * GRID;
    } else {
        assert_true(instant_parse(S("2026-01-01T00:00:00Z"), &t));
        t.ms += below(r, 365 * 288) * GRID;
    }
    return t;
}

static void random_world(struct ctx *cx, struct seeded_random *r, struct world *w) {
    static const struct {
        const char *country, *zone;
    } places[] = {{"CO", "America/Bogota"},
                  {"CL", "America/Santiago"},
                  {"ES", "Europe/Madrid"},
                  {"AU", "Australia/Lord_Howe"},
                  {"US", "America/New_York"},
                  {"MA", "Africa/Casablanca"},
                  {"CL", ""},
                  {"ES", ""},
                  {"MX", ""},
                  {"US", ""}};
    static const enum channel_kind channels[] = {CHANNEL_EMAIL, CHANNEL_SMS, CHANNEL_CALL, CHANNEL_LETTER};
    size_t place = (size_t)below(r, (int)COUNT_OF(places));
    *w = (struct world){.rule_count = 1 + (size_t)below(r, RULES), .profile = below(r, 3)};
    w->customer = (struct customer){.country = str_from(places[place].country),
                                    .region = S(""),
                                    .zone = str_from(places[place].zone),
                                    .is_person = below(r, 3) > 0};
    w->request = (struct contact_request){.customer = &w->customer,
                                          .creditor_country = w->customer.country,
                                          .channel = channels[below(r, 4)],
                                          .at = random_moment(r),
                                          .past = w->past,
                                          .past_count = (size_t)below(r, PAST_MAX + 1),
                                          .is_reminder = true};
    for (size_t i = 0; i < w->request.past_count; i++)
        w->past[i] = (struct past_contact){.at = {w->request.at.ms + (below(r, 11 * 288) - 10 * 288) * GRID},
                                           .channel = (enum channel_kind)below(r, CHANNEL_COUNT),
                                           .conversation = below(r, 2) == 0};
    for (size_t i = 0; i < w->rule_count; i++) {
        struct rule *rule = &w->rules[i];
        *rule = (struct rule){.id = arena_printf(cx->arena, "R%zu", i),
                              .country = i == 0 ? S("*") : w->customer.country,
                              .region = S(""),
                              .first_day = INT32_MIN,
                              .last_day = INT32_MAX,
                              .party = PARTY_ALL,
                              .binds_creditor = true,
                              .replaces_house = below(r, 2) == 0,
                              .blocks_holidays = below(r, 2) == 0,
                              .channels = random_channels(r)};
        int32_t day = (int32_t)(w->request.at.ms / MS_PER_DAY);
        if (i > 0 && below(r, 4) == 0) rule->first_day = day + below(r, 6) - 2;
        if (i > 0 && below(r, 4) == 0) rule->last_day = day + 4 + below(r, 6);
        random_windows(r, rule);
        random_limits(r, w, i);
    }
    if (w->customer.zone.n > 0) {
        assert_ok(cx, zone_find(cx, w->customer.zone, &w->zones[0]));
        w->zone_count = 1;
    } else {
        w->zone_count = zone_candidates(cx, w->customer.country, w->zones, PLACE_ZONES_MAX);
    }
    if (calendar_find(cx, w->customer.country, &w->calendar) != OK) w->calendar = NULL;
}

static void fail_world(const struct world *w, int index, const char *what, Instant t) {
    char at[INSTANT_TEXT], when[INSTANT_TEXT];
    Str a = instant_format(w->request.at, at), b = instant_format(t, when);
    fail_msg("case %d: %s: asked at %.*s, at fault %.*s (zone %.*s, %zu zones)", index, what, STR_ARG(a), STR_ARG(b),
             STR_ARG(w->customer.zone), w->zone_count);
}

static void next_allowed_is_the_first(void **state) {
    (void)state;
    struct seeded_random r = {20261121};
    int refused = 0, later_days = 0, never = 0;
    for (int i = 0; i < CASES; i++) {
        struct ctx cx = test_ctx();
        struct world w;
        random_world(&cx, &r, &w);
        RuleVec rules = {0};
        for (size_t k = 0; k < w.rule_count; k++) *VEC_PUSH(cx.arena, &rules) = &w.rules[k];
        const struct rule_pack *pack = NULL;
        assert_ok(&cx, rule_pack_make(&cx, &rules, &pack));
        struct contact_answer a = contact_rules_check(pack, w.profile, &w.request);
        if (a.allowed != model_allows(&w, w.request.at)) fail_world(&w, i, "the model says otherwise", w.request.at);
        bool none = instant_is_none(a.next_allowed);
        int64_t end = none ? w.request.at.ms + 90 * MS_PER_DAY : a.next_allowed.ms - 1;
        for (int64_t t = w.request.at.ms; t <= end; t += GRID)
            if (model_allows(&w, (Instant){t})) fail_world(&w, i, "an earlier moment is allowed", (Instant){t});
        if (!none && !model_allows(&w, a.next_allowed)) fail_world(&w, i, "the answer is refused", a.next_allowed);
        if (!none && !a.allowed && model_allows(&w, (Instant){end}))
            fail_world(&w, i, "the millisecond before is allowed", (Instant){end});
        refused += !a.allowed;
        never += none;
        later_days += !none && a.next_allowed.ms - w.request.at.ms > MS_PER_DAY;
        test_ctx_done(&cx);
    }
    /* The rare situations were visited. */
    assert_true(refused > CASES / 3);
    assert_true(later_days > CASES / 20);
    assert_true(never > 0);
}

static const struct CMUnitTest contact_rules_next_tests[] = {
    cmocka_unit_test(next_allowed_is_the_first),
};
const struct test_suite contact_rules_next_suite = {"contact_rules_next", contact_rules_next_tests,
                                                    COUNT_OF(contact_rules_next_tests)};
