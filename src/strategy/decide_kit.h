/* For the engine's tests: a customer built line by line, a strategy from YAML, contact rules that answer as told. */
#ifndef STRATEGY_DECIDE_KIT_H
#define STRATEGY_DECIDE_KIT_H

#include "base/embed.h"
#include "base/test.h"
#include "strategy/contact_rules.h"
#include "strategy/decide.h"
#include "strategy/strategy.h"

#define KIT_ITEMS 16
#define KIT_TODAY 20800 /* 2026-12-13; dates in the tests are days from it */

struct kit {
    struct ctx cx;
    struct strategy strategy;
    struct policy policy;
    struct snapshot snapshot;
    struct item items[KIT_ITEMS];
    struct contact contacts[2];
    struct credit credits[3];
    struct past_contact past[1];
};

static inline Date kit_day(int32_t from_today) { return (Date){KIT_TODAY + from_today}; }

static inline Instant kit_noon(int32_t from_today) {
    return (Instant){(int64_t)(KIT_TODAY + from_today) * MS_PER_DAY + 12 * MS_PER_HOUR};
}

static inline struct contact_answer kit_allow(const struct rule_pack *pack, int profile,
                                              const struct contact_request *request) {
    (void)pack, (void)profile, (void)request;
    return (struct contact_answer){.allowed = true, .next_allowed = INSTANT_NONE};
}

static inline Money kit_money(int64_t minor, const char *currency) {
    Currency c = {0};
    MUST(currency_parse(str_from(currency), &c));
    return money_make(minor, c);
}

static inline void kit_strategy(struct kit *k, const char *yaml) {
    assert_ok(&k->cx, strategy_parse(&k->cx, str_from(yaml), "test.yaml", &k->strategy));
    k->strategy.watermark = kit_day(-1000);
}

/* The default strategy, a contact with mail, phone and WhatsApp, everything allowed, no items. */
static inline void kit_init(struct kit *k) {
    *k = (struct kit){.cx = test_ctx()};
    Str preset = S("");
    assert_true(embedded_find("strategies/recurrente-30.yaml", &preset));
    assert_ok(&k->cx, strategy_parse(&k->cx, preset, "recurrente-30.yaml", &k->strategy));
    k->strategy.watermark = kit_day(-1000);
    k->policy = (struct policy){.company_id = 1,
                                .country = S("CO"),
                                .zone = zone_utc(),
                                .currency = kit_money(0, "COP").currency,
                                .now = kit_noon(0),
                                .today = kit_day(0),
                                .check_contact = kit_allow,
                                .channel_available = {false, true, true, true, true, true}};
    k->contacts[0] = (struct contact){.id = 1, .name = S("Ana"), .role = S("payables"), .language = S("es")};
    k->contacts[0].address[CHANNEL_EMAIL] = S("ana@example.com");
    k->contacts[0].address[CHANNEL_SMS] = S("+573001112233");
    k->contacts[0].state[CHANNEL_EMAIL] = k->contacts[0].state[CHANNEL_SMS] = ADDRESS_OK;
    k->snapshot = (struct snapshot){
        .customer = {.id = 1, .code = S("C1"), .name = S("Cliente"), .country = S("CO"), .language = S("es")},
        .contacts = k->contacts,
        .contact_count = 1,
        .items = k->items,
        .credits = k->credits,
        .hold_reason = S(""),
        .held_until = DATE_NONE,
        .past = k->past,
        .last_message_at = INSTANT_NONE,
        .last_reply_at = INSTANT_NONE,
        .used_variants = S("")};
}

static inline void kit_done(struct kit *k) { test_ctx_done(&k->cx); }

/* "issue claim-1 ~d0": performed the day before today, ~ swallowed; "weekly:3" is occurrence 3. */
static inline void kit_progress(struct kit *k, struct item *item, const char *words) {
    struct progress *list = ARENA_ARRAY(k->cx.arena, struct progress, 32);
    item->progress_count = 0;
    for (Str rest = str_from(words); rest.p;) {
        Str word = str_cut(&rest, ' ');
        if (!word.n) continue;
        struct progress *p = &list[item->progress_count++];
        if (word.p[0] == '~') {
            p->skipped = true;
            word = (Str){word.p + 1, word.n - 1};
        }
        Str number = word;
        p->step = str_cut(&number, ':');
        int64_t occurrence = 0;
        if (number.p) MUST(str_to_i64(number, &occurrence));
        p->occurrence = (int32_t)occurrence;
        p->date = kit_day(-1);
    }
    item->progress = list;
}

/* An invoice of 100.00 COP, `age` days overdue (negative: to go), issued 30 days before D. */
static inline struct item *kit_item(struct kit *k, int32_t age, const char *progress) {
    MUST(k->snapshot.item_count < KIT_ITEMS);
    struct item *item = &k->items[k->snapshot.item_count++];
    *item = (struct item){.instalment_id = (int64_t)k->snapshot.item_count,
                          .number = arena_printf(k->cx.arena, "F-%zu", k->snapshot.item_count),
                          .position = 1,
                          .instalment_count = 1,
                          .issue_date = kit_day(-age - 30),
                          .due_date = kit_day(-age),
                          .amount = kit_money(10000, "COP"),
                          .open = kit_money(10000, "COP"),
                          .held_until = DATE_NONE,
                          .promised_until = DATE_NONE,
                          .broken_promise = DATE_NONE};
    kit_progress(k, item, progress);
    return item;
}

static inline struct decision_list kit_decide(struct kit *k) {
    return decide(k->cx.arena, &k->snapshot, &k->strategy, &k->policy, false);
}

static inline const struct decision *kit_find(struct decision_list list, enum verdict verdict) {
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].verdict == verdict) return &list.items[i];
    return NULL;
}

static inline const struct reason *kit_reason(const struct decision *d, enum reason_code code) {
    for (size_t i = 0; d && i < d->reason_count; i++)
        if (d->reasons[i].code == code) return &d->reasons[i];
    return NULL;
}

/* The message's step, "" when none goes out. */
static inline Str kit_message(struct decision_list list) {
    const struct decision *d = kit_find(list, VERDICT_SEND);
    return d ? d->step->id : S("");
}

/* Steps of tasks and states, joined by blanks. */
static inline Str kit_work(struct kit *k, struct decision_list list) {
    Str text = S("");
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].verdict == VERDICT_TASK || list.items[i].verdict == VERDICT_STATE)
            text = arena_printf(k->cx.arena, "%.*s%s%.*s", STR_ARG(text), text.n ? " " : "",
                                STR_ARG(list.items[i].step->id));
    return text;
}

#endif
