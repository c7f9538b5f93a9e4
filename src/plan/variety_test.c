/* A year of messages to customers who pay nothing: nobody reads the same text twice running, and no tone falls, as the
 * debt only grows older (REQ: D3 D4). */
#include "plan/ahead.h"

#include <stdio.h>

#include "message/compose.h"
#include "plan/facts.h"
#include "strategy/decide_kit.h"

#define DAYS 365

struct reader {
    struct kit kit;
    struct plan_env env;
    struct planned_customer customer;
    struct arena *scratch;
    const struct message_library *library;
    char last[200]; /* wording of the last message */
    enum tone last_tone;
    bool has_last;
    int messages, repeats, drops;
    char fault[300];
};

static void read_message(void *self, Date today, enum ahead_event event, const struct decision *d) {
    struct reader *r = self;
    struct message_text m;
    if (event != AHEAD_SENT) return;
    struct plan_env env = r->env;
    env.scope.today = today;
    struct arena_mark mark = arena_mark(r->kit.cx.arena);
    struct message_facts facts = facts_of(r->kit.cx.arena, &env, &r->customer, d);
    if (message_compose(&r->kit.cx, r->library, &facts, &m) != OK)
        fail_msg("%.*s on day %d: %s", STR_ARG(d->step->id), today.day - KIT_TODAY, r->kit.cx.fault.message);
    bool repeats = r->has_last && str_is(m.wording, r->last), drops = r->has_last && d->tone < r->last_tone;
    if ((repeats || drops) && !r->fault[0])
        snprintf(r->fault, sizeof r->fault, "day %d, step %.*s: %.*s, %s after %s, %s", today.day - KIT_TODAY,
                 STR_ARG(d->step->id), STR_ARG(m.wording), tone_name(d->tone), r->last, tone_name(r->last_tone));
    r->messages++;
    r->repeats += repeats;
    r->drops += drops;
    snprintf(r->last, sizeof r->last, "%.*s", STR_ARG(m.wording));
    r->last_tone = d->tone;
    r->has_last = true;
    arena_rewind(r->kit.cx.arena, mark);
}

static void live_a_year(struct reader *r) {
    struct ahead ahead;
    r->env = (struct plan_env){.scope = {.today = kit_day(0), .zone = zone_utc(), .country = S("CO"), .language = S("es")},
                               .policy = r->kit.policy,
                               .book = {.items = &r->kit.strategy, .count = 1},
                               .company = {.name = S("Casa"),
                                           .country = S("CO"),
                                           .tax_id = S(""),
                                           .address = S(""),
                                           .person_name = S(""),
                                           .person_phone = S("601"),
                                           .person_email = S(""),
                                           .person_hours = S(""),
                                           .ways_to_pay = S("")}};
    r->customer.snapshot = r->kit.snapshot;
    r->customer.items = r->kit.items;
    r->customer.last_payment = DATE_NONE;
    ahead_begin(&ahead, r->kit.cx.arena, r->scratch, &r->env, &r->customer, DAYS, kit_noon(0));
    Date day = kit_day(0);
    while (!date_is_none(day) && day.day < KIT_TODAY + DAYS)
        day = ahead_round(&ahead, kit_noon(day.day - KIT_TODAY), read_message, r);
}

static size_t only_one(const struct message_library *library, const struct wording_query *query, Str *out, size_t max) {
    (void)library, (void)query, (void)max;
    out[0] = S("a");
    return 1;
}

struct world {
    const char *language, *sector, *profile;
    enum channel_kind channel;
};

/* Invoices through the year, `apart` days from one to the next. */
static struct reader *reader_new(const struct message_library *library, Str preset, const struct world *w, int apart,
                                 bool has_variants) {
    struct reader *r = mem_alloc(sizeof *r);
    kit_init(&r->kit);
    assert_ok(&r->kit.cx, strategy_parse(&r->kit.cx, preset, "preset", &r->kit.strategy));
    r->kit.strategy.watermark = kit_day(-1000);
    r->library = library;
    r->scratch = arena_new();
    r->kit.policy.variants = has_variants ? message_variants : only_one;
    r->kit.policy.library = r->library;
    for (int channel = CHANNEL_EMAIL; channel < CHANNEL_COUNT; channel++)
        r->kit.policy.channel_available[channel] = (enum channel_kind)channel == w->channel;
    r->kit.contacts[0].language = str_from(w->language);
    r->kit.contacts[0].address[CHANNEL_WHATSAPP] = S("+573001112233");
    r->kit.contacts[0].state[CHANNEL_WHATSAPP] = ADDRESS_OK;
    r->kit.snapshot.customer.sector = str_from(w->sector);
    r->kit.snapshot.customer.profile = str_from(w->profile);
    for (int i = 0; i < 12; i++) kit_item(&r->kit, 20 - i * apart, "");
    return r;
}

static void reader_free(struct reader *r) {
    arena_free(r->scratch);
    kit_done(&r->kit);
    mem_free(r);
}

static const struct world worlds[] = {{"es", "", "", CHANNEL_EMAIL},
                                      {"es", "Turismo", "nuevo", CHANNEL_EMAIL},
                                      {"en", "construction", "risky", CHANNEL_EMAIL},
                                      {"pt", "seguros", "estratégico", CHANNEL_EMAIL},
                                      {"es", "", "", CHANNEL_WHATSAPP},
                                      {"pt", "", "clave", CHANNEL_SMS}};

static void nobody_reads_the_same_twice_running_and_no_tone_falls(void **state) {
    (void)state;
    static const int gaps[] = {7, 25, 31};
    int messages = 0, lives = 0;
    struct ctx cx = test_ctx();
    const struct message_library *library;
    assert_ok(&cx, message_library_load(&cx, NULL, NULL, 0, &library));
    for (size_t f = 0; f < embedded_file_count; f++) {
        if (!str_starts(str_from(embedded_files[f].name), S("strategies/"))) continue;
        for (size_t i = 0; i < COUNT_OF(worlds) * COUNT_OF(gaps); i++) {
            const struct world *w = &worlds[i % COUNT_OF(worlds)];
            struct reader *r = reader_new(library, embedded_files[f].bytes, w, gaps[i / COUNT_OF(worlds)], true);
            live_a_year(r);
            if (r->repeats || r->drops)
                fail_msg("%s, %s by %s: %d repeats, %d drops of %d: %s", embedded_files[f].name, w->language,
                         channel_kind_name(w->channel), r->repeats, r->drops, r->messages, r->fault);
            messages += r->messages;
            lives++;
            reader_free(r);
        }
    }
    printf("%d messages in %d years\n", messages, lives);
    assert_true(messages > 1000);
    test_ctx_done(&cx);
}

/* The measure itself: with one wording of everything the same text does come twice running. */
static void one_wording_would_be_noticed(void **state) {
    (void)state;
    Str preset = S("");
    assert_true(embedded_find("strategies/recurrente-30.yaml", &preset));
    struct ctx cx = test_ctx();
    const struct message_library *library;
    assert_ok(&cx, message_library_load(&cx, NULL, NULL, 0, &library));
    struct reader *r = reader_new(library, preset, &worlds[0], 7, false);
    live_a_year(r);
    assert_true(r->repeats > 3);
    reader_free(r);
    test_ctx_done(&cx);
}

static const struct CMUnitTest variety_tests[] = {
    cmocka_unit_test(nobody_reads_the_same_twice_running_and_no_tone_falls),
    cmocka_unit_test(one_wording_would_be_noticed),
};
const struct test_suite variety_suite = {"variety", variety_tests, COUNT_OF(variety_tests)};
