/* Conditions, channel, contact rules, contact data, tone, wording and explanations (REQ: B4 B6 B9 B13 D3 D4). */
#include "strategy/decide_kit.h"

static const char conditional[] = "code: c\n"
                                  "steps:\n"
                                  "  - {id: base, message: claim, days: 1}\n"
                                  "  - id: extra\n"
                                  "    message: claim\n"
                                  "    days: 5\n"
                                  "    when: {%s}\n";

static void use_condition(struct kit *k, const char *when) {
    Str before = str_from(conditional);
    size_t at = 0;
    while (!str_starts((Str){before.p + at, before.n - at}, S("%s"))) at++;
    kit_strategy(
        k, arena_cstr(k->cx.arena, arena_printf(k->cx.arena, "%.*s%s%s", (int)at, before.p, when, before.p + at + 2)));
}

/* REQ: B4. "extra" is due; when its condition is not met the lower step goes instead. */
static void conditions_remove_steps(void **state) {
    (void)state;
    static const struct {
        const char *name, *when, *segment;
        int32_t silent, contact_days_ago, reply, last_message; /* days from today; 99: never */
        const char *progress;
        bool met;
    } cases[] = {
        {"segment", "segments: [gold, blue]", "blue", 0, 99, 99, 99, "", true},
        {"other segment", "segments: [gold, blue]", "blu", 0, 99, 99, 99, "", false},
        {"silence", "min_silent_reminders: 2", "", 2, 99, 99, 99, "", true},
        {"less silence", "min_silent_reminders: 2", "", 1, 99, 99, 99, "", false},
        {"no contact yet", "min_days_since_contact: 3", "", 0, 99, 99, 99, "", true},
        {"contact long ago", "min_days_since_contact: 3", "", 0, 3, 99, 99, "", true},
        {"contact lately", "min_days_since_contact: 3", "", 0, 2, 99, 99, "", false},
        {"channel there", "channels: [sms]", "", 0, 99, 99, 99, "", true},
        {"one of two is missing", "channels: [sms, letter]", "", 0, 99, 99, 99, "", false},
        {"enough owed", "min_amount: 200.00 COP", "", 0, 99, 99, 99, "", true},
        {"not enough owed", "min_amount: 200.01 COP", "", 0, 99, 99, 99, "", false},
        {"not too much", "max_amount: 200.00 COP", "", 0, 99, 99, 99, "", true},
        {"too much", "max_amount: 199.99 COP", "", 0, 99, 99, 99, "", false},
        {"amount in another currency", "min_amount: 900.00 USD", "", 0, 99, 99, 99, "", true},
        {"never replied", "no_reply: true", "", 0, 99, 99, -1, "base", true},
        {"replied before the message", "no_reply: true", "", 0, 99, -2, -1, "base", true},
        {"replied after the message", "no_reply: true", "", 0, 99, 0, -1, "base", false},
        {"replied the same day, before it", "no_reply: true", "", 0, 99, -1, -1, "base", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kit k;
        kit_init(&k);
        use_condition(&k, cases[i].when);
        kit_item(&k, 6, cases[i].progress);
        kit_item(&k, 5, cases[i].progress);
        kit_item(&k, 1, "base"); /* not due for the step: its amount does not count */
        k.snapshot.customer.segment = str_from(cases[i].segment);
        k.snapshot.silent_reminders = cases[i].silent;
        if (cases[i].contact_days_ago != 99) {
            k.past[0] = (struct past_contact){.at = kit_noon(-cases[i].contact_days_ago), .channel = CHANNEL_EMAIL};
            k.snapshot.past_count = 1;
        }
        if (cases[i].reply != 99) k.snapshot.last_reply_at = kit_noon(cases[i].reply);
        if (cases[i].last_message != 99) k.snapshot.last_message_at = kit_noon(cases[i].last_message);
        print_message("%s\n", cases[i].name);
        const char *otherwise = cases[i].progress[0] ? "" : "base";
        assert_str(kit_message(kit_decide(&k)), cases[i].met ? "extra" : otherwise);
        kit_done(&k);
    }
}

/* On the day of the message the hour decides; a later message of another step does not make the answer undone. */
static void no_reply_looks_at_the_message_before_the_step(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 15, "claim-1 claim-2");
    struct progress *list = ARENA_ARRAY(k.cx.arena, struct progress, 2);
    list[0] = (struct progress){.step = S("claim-1"), .date = kit_day(-8)};
    list[1] = (struct progress){.step = S("claim-2"), .date = kit_day(-1)};
    k.items[0].progress = list;
    k.snapshot.last_message_at = kit_noon(-1);
    assert_str(kit_work(&k, kit_decide(&k)), "call");
    k.snapshot.last_reply_at = kit_noon(-7); /* answered the first claim: the call after it is not needed any more */
    struct decision_list held = kit_decide(&k);
    assert_str(kit_work(&k, held), "");
    assert_non_null(kit_reason(kit_find(held, VERDICT_NONE), REASON_NO_REPLY_CONDITION));
    k.snapshot.last_reply_at = kit_noon(-9);
    assert_str(kit_work(&k, kit_decide(&k)), "call");
    k.snapshot.last_reply_at = kit_noon(-8); /* the same day, the hour of the claim is not known any more */
    assert_str(kit_work(&k, kit_decide(&k)), "");
    list[1] = list[0];
    list[0] = (struct progress){.step = S("d0"), .date = kit_day(-12)};
    list[1].skipped = true; /* a swallowed claim never went out */
    k.snapshot.last_reply_at = kit_noon(-10);
    assert_str(kit_work(&k, kit_decide(&k)), "");
    list[0] = list[1];
    list[0].skipped = false;
    k.items[0].progress_count = 1;
    list[0].date = kit_day(-1);
    k.snapshot.last_message_at = kit_noon(-1);
    k.snapshot.last_reply_at = (Instant){kit_noon(-1).ms - 1};
    assert_str(kit_work(&k, kit_decide(&k)), "call");
    k.snapshot.last_reply_at = (Instant){kit_noon(-1).ms + 1};
    assert_str(kit_work(&k, kit_decide(&k)), "");
    kit_done(&k);
}

/* Domain 3.6, REQ: B6. */
static void the_channel_is_the_first_that_reaches(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum address_state email, sms;
        bool email_available, sms_available;
        int32_t silent, age;
        enum channel_kind channel;
        enum reason_code reason;
    } cases[] = {
        {"mail", ADDRESS_OK, ADDRESS_OK, true, true, 0, 7, CHANNEL_EMAIL, REASON_DUE},
        {"bounced", ADDRESS_BOUNCED, ADDRESS_OK, true, true, 0, 7, CHANNEL_SMS, REASON_BOUNCED},
        {"opted out", ADDRESS_OPTED_OUT, ADDRESS_OK, true, true, 0, 7, CHANNEL_SMS, REASON_OPTED_OUT},
        {"missing", ADDRESS_MISSING, ADDRESS_OK, true, true, 0, 7, CHANNEL_SMS, REASON_NO_ADDRESS},
        {"not configured", ADDRESS_OK, ADDRESS_OK, false, true, 0, 7, CHANNEL_SMS, REASON_NO_CHANNEL},
        {"two silent", ADDRESS_OK, ADDRESS_OK, true, true, 2, 7, CHANNEL_EMAIL, REASON_DUE},
        {"three silent", ADDRESS_OK, ADDRESS_OK, true, true, 3, 7, CHANNEL_SMS, REASON_CHANNEL_SWITCHED},
        {"six silent: the last way stays", ADDRESS_OK, ADDRESS_OK, true, true, 6, 7, CHANNEL_SMS,
         REASON_CHANNEL_SWITCHED},
        {"no other way", ADDRESS_OK, ADDRESS_OK, true, false, 3, 7, CHANNEL_EMAIL, REASON_DUE},
        {"notices do not switch", ADDRESS_OK, ADDRESS_OK, true, true, 3, 0, CHANNEL_EMAIL, REASON_DUE},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kit k;
        kit_init(&k);
        kit_item(&k, cases[i].age, "");
        k.contacts[0].state[CHANNEL_EMAIL] = cases[i].email;
        k.contacts[0].state[CHANNEL_SMS] = cases[i].sms;
        k.policy.channel_available[CHANNEL_EMAIL] = cases[i].email_available;
        k.policy.channel_available[CHANNEL_SMS] = cases[i].sms_available;
        k.snapshot.silent_reminders = cases[i].silent;
        const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
        print_message("%s\n", cases[i].name);
        assert_non_null(d);
        assert_int_equal(d->channel, cases[i].channel);
        assert_non_null(kit_reason(d, cases[i].reason));
        assert_ptr_equal(d->contact, &k.contacts[0]);
        kit_done(&k);
    }
}

/* REQ: A1. */
static void the_preferred_channel_goes_first(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 7, "");
    k.contacts[0].preferred = CHANNEL_SMS;
    const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_int_equal(d->channel, CHANNEL_SMS);
    assert_non_null(kit_reason(d, REASON_PREFERRED));
    k.contacts[0].state[CHANNEL_SMS] = ADDRESS_OPTED_OUT; /* later they asked for no more of it */
    assert_int_equal(kit_find(kit_decide(&k), VERDICT_SEND)->channel, CHANNEL_EMAIL);
    k.contacts[0].preferred = CHANNEL_LETTER; /* the step knows no letters */
    assert_int_equal(kit_find(kit_decide(&k), VERDICT_SEND)->channel, CHANNEL_EMAIL);
    kit_done(&k);
}

/* Peers 25, 29: the seller never gets the customer's reminders; the next contact does. */
static void the_seller_is_not_written_to(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 7, "");
    k.contacts[1] = k.contacts[0];
    k.contacts[1].id = 2;
    k.contacts[0].role = S("seller");
    k.snapshot.contact_count = 2;
    assert_ptr_equal(kit_find(kit_decide(&k), VERDICT_SEND)->contact, &k.contacts[1]);
    k.snapshot.contact_count = 1;
    assert_null(kit_find(kit_decide(&k), VERDICT_SEND));
    kit_done(&k);
}

/* One task a situation, however many days it lasts and whatever falls due meanwhile. */
static void nobody_reachable_gives_one_task(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 7, "");
    kit_item(&k, -20, "issue");
    k.contacts[0].state[CHANNEL_EMAIL] = ADDRESS_BOUNCED;
    k.contacts[0].state[CHANNEL_SMS] = ADDRESS_MISSING;
    struct decision_list list = kit_decide(&k);
    assert_int_equal(list.count, 1);
    const struct decision *d = &list.items[0];
    assert_int_equal(d->verdict, VERDICT_TASK);
    assert_ptr_equal(d->step, &contact_data_step);
    assert_str(d->step->kind, "contact_data");
    assert_non_null(kit_reason(d, REASON_BOUNCED));
    assert_int_equal(d->item_count, 1);
    assert_str(d->items[0].step->id, "contact-data");
    Str done = arena_printf(k.cx.arena, "contact-data:%d", d->items[0].occurrence);
    kit_progress(&k, &k.items[0], arena_cstr(k.cx.arena, done));
    k.policy.today = kit_day(13); /* claim-2 of the first, d-7 of the second have come */
    list = kit_decide(&k);
    assert_int_equal(list.items[list.count - 1].verdict, VERDICT_HOLD);
    assert_int_equal(list.items[list.count - 1].reasons[0].code, REASON_BOUNCED);
    assert_str(kit_work(&k, list), "call");                      /* a call needs no mail address */
    k.contacts[0].address[CHANNEL_EMAIL] = S("new@example.com"); /* bounced too: another situation */
    assert_str(kit_work(&k, kit_decide(&k)), "contact-data call");
    k.contacts[0].state[CHANNEL_EMAIL] = ADDRESS_OK;
    list = kit_decide(&k);
    assert_str(kit_message(list), "claim-2"); /* mended: one catch-up */
    assert_str(kit_work(&k, list), "call");
    kit_done(&k);
}

static enum channel_kind refused_channel;
static struct contact_answer refusal;

static struct contact_answer refuse_one(const struct rule_pack *pack, int profile,
                                        const struct contact_request *request) {
    if (request->channel != refused_channel) return kit_allow(pack, profile, request);
    return refusal;
}

static struct contact_request asked;

static struct contact_answer remember(const struct rule_pack *pack, int profile,
                                      const struct contact_request *request) {
    asked = *request;
    return kit_allow(pack, profile, request);
}

/* Peers 7: the rules see every past contact, whoever made it. */
static void contact_rules_are_asked_with_everything(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 7, "");
    kit_item(&k, 3, "d0");
    k.past[0] = (struct past_contact){.at = kit_noon(-1), .channel = CHANNEL_CALL};
    k.snapshot.past_count = 1;
    k.policy.check_contact = remember;
    assert_non_null(kit_find(kit_decide(&k), VERDICT_SEND));
    assert_ptr_equal(asked.customer, &k.snapshot.customer);
    assert_str(asked.creditor_country, "CO");
    assert_int_equal(asked.channel, CHANNEL_EMAIL);
    assert_int_equal(asked.at.ms, k.policy.now.ms);
    assert_ptr_equal(asked.past, k.past);
    assert_int_equal(asked.past_count, 1);
    assert_int_equal(asked.item_count, 2);
    assert_true(asked.is_reminder);
    kit_done(&k);
}

/* REQ: B9. A refused moment defers and never drops; what is never allowed is no way. */
static void contact_rules_defer(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 7, "");
    k.policy.check_contact = refuse_one;
    refused_channel = CHANNEL_EMAIL;
    refusal = (struct contact_answer){.code = REASON_WINDOW, .rule = S("CO-2300"), .next_allowed = kit_noon(2)};
    const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_int_equal(d->channel, CHANNEL_EMAIL); /* another channel is no way around the law */
    assert_int_equal(d->not_before.ms, kit_noon(2).ms);
    const struct reason *reason = kit_reason(d, REASON_WINDOW);
    assert_str(reason->rule, "CO-2300");
    assert_int_equal(reason->next_allowed.ms, kit_noon(2).ms);
    refusal = (struct contact_answer){.code = REASON_CONSENT, .rule = S("X"), .next_allowed = INSTANT_NONE};
    d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_int_equal(d->channel, CHANNEL_SMS);
    assert_true(instant_is_none(d->not_before));
    k.contacts[0].state[CHANNEL_SMS] = ADDRESS_MISSING;
    struct decision_list list = kit_decide(&k);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].verdict, VERDICT_HOLD);
    assert_int_equal(list.items[0].reasons[0].code, REASON_CONSENT);
    kit_progress(&k, &k.items[0], "claim-1"); /* calls are judged when they are made, not when planned */
    k.policy.today = kit_day(3);
    refused_channel = CHANNEL_CALL;
    assert_str(kit_work(&k, kit_decide(&k)), "call");
    kit_done(&k);
}

/* INV: I14. What falls due after today's message waits for tomorrow, whatever the contact rules allow. */
static void a_second_message_of_a_day_waits(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 7, "claim-1");
    kit_item(&k, -30, "");
    k.snapshot.last_message_at = (Instant){kit_noon(0).ms - MS_PER_HOUR};
    const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_int_equal(d->not_before.ms, kit_noon(0).ms + 12 * MS_PER_HOUR);
    assert_non_null(kit_reason(d, REASON_ONE_PER_DAY));
    k.snapshot.last_message_at = kit_noon(-1);
    assert_true(instant_is_none(kit_find(kit_decide(&k), VERDICT_SEND)->not_before));
    k.policy.check_contact = refuse_one; /* the later of the two moments stands */
    refused_channel = CHANNEL_EMAIL;
    refusal = (struct contact_answer){.code = REASON_GAP, .rule = S("house"), .next_allowed = kit_noon(2)};
    k.snapshot.last_message_at = kit_noon(0);
    assert_int_equal(kit_find(kit_decide(&k), VERDICT_SEND)->not_before.ms, kit_noon(2).ms);
    refusal.next_allowed = (Instant){kit_noon(0).ms + 1};
    assert_int_equal(kit_find(kit_decide(&k), VERDICT_SEND)->not_before.ms, kit_noon(0).ms + 12 * MS_PER_HOUR);
    kit_done(&k);
}

/* The real rules, house profile: a claim of a Saturday goes on Monday at 8 of the debtor's time. */
static void the_house_profile_moves_a_saturday_to_monday(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    assert_ok(&k.cx, rule_pack_load(&k.cx, NULL, &k.policy.rules));
    k.policy.check_contact = contact_rules_check;
    k.policy.today = kit_day(-1); /* Saturday 12 December 2026 */
    k.policy.now = kit_noon(-1);
    k.snapshot.customer.country = k.policy.country = S("DE"); /* no law on file */
    k.snapshot.customer.zone = S("Europe/Berlin");
    kit_item(&k, 8, "");
    const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_non_null(d);
    assert_str(d->step->id, "claim-1");
    assert_int_equal(d->not_before.ms, kit_noon(1).ms - 5 * MS_PER_HOUR); /* 07:00 UTC */
    k.policy.today = kit_day(1);
    k.policy.now = d->not_before;
    d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_true(instant_is_none(d->not_before));
    kit_done(&k);
}

/* REQ: D3. The table of docs/ref/strategies.md. */
static void the_tone_follows_age_profile_and_history(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int32_t age;
        const char *profile, *progress;
        int last;                              /* -1: none */
        int32_t broken_days_ago, broken_count; /* 0: none */
        const char *message;
        enum tone tone;
    } cases[] = {
        {"first claim", 7, "", "", -1, 0, 0, "claim-1", TONE_FRIENDLY},
        {"second claim", 14, "", "claim-1", TONE_FRIENDLY, 0, 0, "claim-2", TONE_CONCERN},
        {"third claim", 21, "", "claim-2", TONE_CONCERN, 0, 0, "claim-3", TONE_FIRM},
        {"one level at a time", 21, "", "", TONE_FRIENDLY, 0, 0, "claim-3", TONE_CONCERN},
        {"the first message is not firm", 90, "", "", -1, 0, 0, "claim-3", TONE_CONCERN},
        {"unless a promise was broken", 21, "", "claim-2", TONE_FRIENDLY, 3, 1, "claim-3", TONE_FIRM},
        {"a broken promise adds a level", 7, "", "", TONE_FRIENDLY, 3, 1, "claim-1", TONE_CONCERN},
        {"promises broken on other items twice", 7, "", "", TONE_FRIENDLY, 0, 2, "claim-1", TONE_CONCERN},
        {"risky, earlier", 7, "risky", "", TONE_FRIENDLY, 0, 0, "claim-1", TONE_CONCERN},
        {"strategic, later", 7, "strategic", "", TONE_FRIENDLY, 0, 0, "claim-1", TONE_FRIENDLY},
        {"a notice while nothing is late", 0, "risky", "", TONE_FRIENDLY, 0, 0, "d0", TONE_FRIENDLY},
        {"broken promises weigh on what is late only", 0, "", "", TONE_FRIENDLY, 0, 2, "d0", TONE_FRIENDLY},
        {"falls when the debt is another", 0, "", "", TONE_FIRM, 0, 0, "d0", TONE_FRIENDLY},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kit k;
        kit_init(&k);
        struct item *item = kit_item(&k, cases[i].age, cases[i].progress);
        k.snapshot.customer.profile = str_from(cases[i].profile);
        k.snapshot.has_last_tone = cases[i].last >= 0;
        if (cases[i].last >= 0) k.snapshot.last_tone = (enum tone)cases[i].last;
        if (cases[i].broken_days_ago) item->broken_promise = kit_day(-cases[i].broken_days_ago);
        k.snapshot.broken_promises = cases[i].broken_count;
        const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
        print_message("%s\n", cases[i].name);
        assert_str(d->step->id, cases[i].message);
        assert_int_equal(d->tone, cases[i].tone);
        kit_done(&k);
    }
}

/* A young item's notice does not soften what an old one has reached. */
static void the_tone_never_falls_while_the_debt_stays(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 22, "claim-3 call"); /* firm by its step, not yet by its age */
    kit_item(&k, -7, "issue");
    k.snapshot.has_last_tone = true;
    k.snapshot.last_tone = TONE_FIRM;
    const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
    assert_str(d->step->id, "d-7");
    assert_int_equal(d->tone, TONE_FIRM);
    k.items[0].disputed = true; /* the debt changed */
    assert_int_equal(kit_find(kit_decide(&k), VERDICT_SEND)->tone, TONE_FRIENDLY);
    kit_done(&k);
}

static size_t three_wordings(const struct message_library *library, const struct wording_query *query, Str *out,
                             size_t max) {
    (void)library;
    if (!str_is(query->language, "es") || !str_is(query->kind, "claim") || max < 3) return 0;
    out[0] = S("a"), out[1] = S("b"), out[2] = S("c");
    return 3;
}

/* REQ: D4. */
static void the_wording_is_the_least_recently_used(void **state) {
    (void)state;
    static const struct {
        const char *used, *variant;
    } cases[] = {
        {"", "a"},
        {"claim:a", "b"},
        {"claim:b,claim:a", "c"},
        {"claim:c,claim:b,claim:a", "a"},
        {"claim:a,claim:c,claim:b,claim:a", "b"},
        {"due_soon:a,claim:b", "a"},
        {"claim:z", "a"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kit k;
        kit_init(&k);
        kit_item(&k, 7, "");
        k.policy.variants = three_wordings;
        k.snapshot.used_variants = str_from(cases[i].used);
        const struct decision *d = kit_find(kit_decide(&k), VERDICT_SEND);
        assert_str(d->variant, cases[i].variant);
        assert_str(d->template_kind, "claim");
        kit_done(&k);
    }
}

static void an_unknown_kind_falls_back_to_a_known_one(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_strategy(&k, "code: f\nsteps:\n  - {id: again, message: campaign, days: 7}\n");
    kit_item(&k, 7, "");
    k.policy.variants = three_wordings;
    assert_str(kit_find(kit_decide(&k), VERDICT_SEND)->template_kind, "claim");
    kit_done(&k);
}

static const struct reason *reason_of(const struct decision *d, int64_t instalment, const char *step) {
    for (size_t i = 0; i < d->reason_count; i++)
        if (d->reasons[i].instalment_id == instalment && str_is(d->reasons[i].step, step) &&
            d->reasons[i].code != REASON_DUE)
            return &d->reasons[i];
    return NULL;
}

/* REQ: B13. Every step of every item has its reason and its day. */
static void explain_says_why_and_why_not(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    k.strategy.watermark = kit_day(-9);
    kit_item(&k, 15, "call");
    kit_item(&k, 5, "d0");
    struct decision_list list = decide(k.cx.arena, &k.snapshot, &k.strategy, &k.policy, true);
    assert_int_equal(list.count, 1);
    const struct decision *d = &list.items[0];
    assert_int_equal(d->verdict, VERDICT_SEND);
    static const struct {
        int64_t instalment;
        const char *step;
        enum reason_code code;
        int32_t date;
    } wanted[] = {
        {1, "issue", REASON_BEFORE_ACTIVATION, -45}, {1, "claim-1", REASON_COLLAPSED, -8},
        {1, "claim-3", REASON_NOT_YET, 6},           {1, "call", REASON_PERFORMED, -1},
        {1, "suspend", REASON_NOT_YET, 15},          {2, "d0", REASON_PERFORMED, -1},
        {2, "d-7", REASON_OVERTAKEN, -12},           {2, "claim-1", REASON_NOT_YET, 2},
    };
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        const struct reason *reason = reason_of(d, wanted[i].instalment, wanted[i].step);
        if (!reason) fail_msg("nothing about %s", wanted[i].step);
        assert_string_equal(reason_code_name(reason->code), reason_code_name(wanted[i].code));
        assert_int_equal(reason->date.day, kit_day(wanted[i].date).day);
    }
    kit_done(&k);
}

static void explain_of_silence(void **state) {
    (void)state;
    struct kit k;
    kit_init(&k);
    kit_item(&k, 8, "claim-1");
    kit_item(&k, 9, "")->promised_until = kit_day(4);
    kit_item(&k, -40, "");
    struct decision_list list = decide(k.cx.arena, &k.snapshot, &k.strategy, &k.policy, true);
    assert_int_equal(list.count, 1);
    const struct decision *d = &list.items[0];
    assert_int_equal(d->verdict, VERDICT_HOLD);
    assert_int_equal(d->reasons[0].code, REASON_PROMISE);
    assert_int_equal(d->reasons[0].date.day, kit_day(4).day);
    assert_str(d->reasons[0].step, "claim-1");
    assert_int_equal(reason_of(d, 1, "claim-2")->code, REASON_NOT_YET);
    assert_int_equal(kit_reason(d, REASON_NOT_ISSUED)->date.day, kit_day(10).day);
    k.snapshot.held = true;
    list = decide(k.cx.arena, &k.snapshot, &k.strategy, &k.policy, true);
    assert_int_equal(list.items[0].reasons[0].code, REASON_HOLD);
    assert_int_equal(reason_of(&list.items[0], 1, "claim-2")->code, REASON_NOT_YET);
    kit_done(&k);
}

static const struct CMUnitTest decide_choice_tests[] = {
    cmocka_unit_test(conditions_remove_steps),
    cmocka_unit_test(no_reply_looks_at_the_message_before_the_step),
    cmocka_unit_test(the_channel_is_the_first_that_reaches),
    cmocka_unit_test(the_preferred_channel_goes_first),
    cmocka_unit_test(the_seller_is_not_written_to),
    cmocka_unit_test(nobody_reachable_gives_one_task),
    cmocka_unit_test(contact_rules_are_asked_with_everything),
    cmocka_unit_test(contact_rules_defer),
    cmocka_unit_test(a_second_message_of_a_day_waits),
    cmocka_unit_test(the_house_profile_moves_a_saturday_to_monday),
    cmocka_unit_test(the_tone_follows_age_profile_and_history),
    cmocka_unit_test(the_tone_never_falls_while_the_debt_stays),
    cmocka_unit_test(the_wording_is_the_least_recently_used),
    cmocka_unit_test(an_unknown_kind_falls_back_to_a_known_one),
    cmocka_unit_test(explain_says_why_and_why_not),
    cmocka_unit_test(explain_of_silence),
};
const struct test_suite decide_choice_suite = {"decide_choice", decide_choice_tests, COUNT_OF(decide_choice_tests)};
