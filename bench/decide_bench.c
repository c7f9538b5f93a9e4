/* How many open instalments a second decide() plans, on one core (make bench): a fixed portfolio of customers with 1 to
 * 9 items of every age, part of them with progress, on the default strategy. Prints one line a case. */
#include <stdio.h>

#include "base/embed.h"
#include "base/random.h"
#include "strategy/contact_rules.h"
#include "strategy/decide.h"
#include "strategy/strategy.h"

#define CUSTOMERS 20000
#define TODAY 20800

static struct contact_answer allow(const struct rule_pack *pack, int profile, const struct contact_request *request) {
    (void)pack, (void)profile, (void)request;
    return (struct contact_answer){.allowed = true, .next_allowed = INSTANT_NONE};
}

static const int32_t ages_of_steps[] = {-30, -7, 0, 7, 10, 14, 21, 30, 37};

/* Ids lie in memory of their own, as rows read from a database do. */
static void add_progress(struct arena *arena, struct item *item, const struct strategy *s, int32_t age) {
    struct progress *done = ARENA_ARRAY(arena, struct progress, s->step_count);
    for (size_t i = 0; i < s->step_count && i < COUNT_OF(ages_of_steps); i++)
        if (ages_of_steps[i] < age)
            done[item->progress_count++] =
                (struct progress){.step = arena_str(arena, s->steps[i].id), .date = {TODAY - age + ages_of_steps[i]}};
    item->progress = done;
}

static size_t add_customer(struct arena *arena, struct snapshot *snapshot, const struct strategy *s,
                           struct contact *contact, Currency currency, struct seeded_random *r) {
    size_t count = 1 + (size_t)seeded_below(r, 9);
    struct item *items = ARENA_ARRAY(arena, struct item, count);
    for (size_t i = 0; i < count; i++) {
        int32_t age = (int32_t)seeded_below(r, 70) - 30;
        items[i] = (struct item){.instalment_id = (int64_t)i + 1,
                                 .issue_date = {TODAY - age - 30},
                                 .due_date = {TODAY - age},
                                 .amount = money_make(100000, currency),
                                 .open = money_make(100000, currency),
                                 .held_until = DATE_NONE,
                                 .promised_until = DATE_NONE,
                                 .broken_promise = DATE_NONE};
        if (seeded_below(r, 10)) add_progress(arena, &items[i], s, age);
    }
    *snapshot = (struct snapshot){.customer = {.country = S("CO"), .language = S("es")},
                                  .contacts = contact,
                                  .contact_count = 1,
                                  .items = items,
                                  .item_count = count,
                                  .held_until = DATE_NONE,
                                  .last_message_at = INSTANT_NONE,
                                  .last_reply_at = INSTANT_NONE};
    return count;
}

static void measure(const char *name, const struct snapshot *snapshots, size_t items, const struct strategy *strategy,
                    const struct policy *policy, bool explain) {
    struct arena *arena = arena_new();
    size_t decisions = 0, rounds = explain ? 3 : 10;
    int64_t begin = clock_monotonic_ms();
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < CUSTOMERS; i++) {
            arena_reset(arena);
            decisions += decide(arena, &snapshots[i], strategy, policy, explain).count;
        }
    int64_t ms = clock_monotonic_ms() - begin;
    printf("%-10s %10zu items %8zu decisions a round %10.2f million items/s\n", name, items, decisions / rounds,
           (double)(items * rounds) / 1000.0 / (double)(ms ? ms : 1));
    arena_free(arena);
}

int main(void) {
    struct ctx cx = {.arena = arena_new(), .lang = "es"};
    struct strategy strategy;
    Str yaml = S("");
    MUST(embedded_find("strategies/recurrente-30.yaml", &yaml));
    MUST(strategy_parse(&cx, yaml, "recurrente-30.yaml", &strategy) == OK);
    strategy.watermark = (Date){TODAY - 1000};
    Currency currency;
    MUST(currency_parse(S("COP"), &currency));
    struct contact contact = {.id = 1, .language = S("es")};
    contact.state[CHANNEL_EMAIL] = ADDRESS_OK;
    struct policy policy = {.zone = zone_utc(),
                            .now = {(int64_t)TODAY * MS_PER_DAY},
                            .today = {TODAY},
                            .check_contact = allow,
                            .channel_available = {false, true}};
    struct seeded_random r = {42};
    struct snapshot *snapshots = ARENA_ARRAY(cx.arena, struct snapshot, CUSTOMERS);
    size_t items = 0;
    for (size_t i = 0; i < CUSTOMERS; i++)
        items += add_customer(cx.arena, &snapshots[i], &strategy, &contact, currency, &r);
    measure("decide", snapshots, items, &strategy, &policy, false);
    measure("explain", snapshots, items, &strategy, &policy, true);
    arena_free(cx.arena);
    return 0;
}
