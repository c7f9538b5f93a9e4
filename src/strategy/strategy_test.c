/* Strategy files: what is read, what is refused and with which words, the presets, and what changes between versions.
 */
#include "base/file.h"
#include "base/random.h"
#include "strategy/decide_kit.h"

#define HEAD "code: s\nsteps:\n"

static void everything_a_step_may_say_is_read(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct strategy s;
    assert_ok(&cx, strategy_parse(&cx,
                                  S("code: s-1\n"
                                    "name: Prueba\n"
                                    "segments: [a, b]\n"
                                    "silent_before_switch: 2\n"
                                    "defaults: {channel: whatsapp, fallback: [email, sms], mode: confirm}\n"
                                    "steps:\n"
                                    "  - {id: one, message: new_invoice, from: issue, days: 2}\n"
                                    "  - {id: two, message: due_soon, from: previous, days: 3}\n"
                                    "  - id: three\n"
                                    "    name: Tercero\n"
                                    "    message: claim\n"
                                    "    days: +9\n"
                                    "    tone: firm\n"
                                    "    channel: email\n"
                                    "    fallback: letter\n"
                                    "    lateness: 4\n"
                                    "    mode: test\n"
                                    "    repeat_every: 7\n"
                                    "    when:\n"
                                    "      no_reply: true\n"
                                    "      min_amount: 500.00 USD\n"
                                    "      max_amount: 9000 CLP\n"
                                    "      min_days_since_contact: 3\n"
                                    "      min_silent_reminders: 1\n"
                                    "      segments: [x, y]\n"
                                    "      channels: [sms]\n"),
                                  "s.yaml", &s));
    assert_str(s.code, "s-1");
    assert_str(s.segments, "a,b");
    assert_int_equal(s.silent_before_switch, 2);
    assert_true(date_is_none(s.watermark));
    assert_int_equal(s.step_count, 3);
    const struct step *one = &s.steps[0], *two = &s.steps[1], *three = strategy_step(&s, S("three"));
    assert_str(one->name, "one");
    assert_int_equal(one->max_lateness, 6);
    assert_true(one->before_due && !one->has_tone);
    assert_int_equal(one->channel, CHANNEL_WHATSAPP);
    assert_int_equal(one->fallback_count, 2);
    assert_int_equal(one->mode, MODE_CONFIRM);
    assert_true(two->before_due); /* counted from issue through the step above */
    assert_int_equal(two->max_lateness, 6);
    assert_ptr_equal(three, &s.steps[2]);
    assert_int_equal(three->offset, 9);
    assert_int_equal(three->tone, TONE_FIRM);
    assert_int_equal(three->channel, CHANNEL_EMAIL);
    assert_int_equal(three->fallback_count, 1);
    assert_int_equal(three->fallback[0], CHANNEL_LETTER);
    assert_int_equal(three->max_lateness, 4);
    assert_int_equal(three->repeat_every, 7);
    assert_int_equal(three->mode, MODE_TEST);
    assert_int_equal(three->line, 9);
    assert_true(three->when.no_reply && three->when.has_min_amount && three->when.has_max_amount);
    assert_int_equal(three->when.min_amount.minor, 50000);
    assert_int_equal(three->when.max_amount.minor, 9000);
    assert_str(three->when.segments, "x,y");
    assert_str(three->when.channels, "sms");
    test_ctx_done(&cx);
}

static void claims_may_be_late_without_limit(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct strategy s;
    assert_ok(&cx, strategy_parse(&cx,
                                  S(HEAD "  - {id: a, message: due_soon, days: 0, lateness: unlimited}\n"
                                         "  - {id: b, message: claim, days: 1}\n"),
                                  "s.yaml", &s));
    assert_int_equal(s.steps[0].max_lateness, LATENESS_UNLIMITED);
    assert_int_equal(s.steps[1].max_lateness, LATENESS_UNLIMITED);
    test_ctx_done(&cx);
}

/* Every refusal names file, line and the remedy. */
static void mistakes_are_named_with_line_and_remedy(void **state) {
    (void)state;
    static const struct {
        const char *yaml, *message, *hint;
    } cases[] = {
        {"name: x\nsteps: []\n", "s.yaml:1: \"\" cannot be the code", "code: recurrente-30"},
        {"code: s\nsteps: []\n", "s.yaml:2: no steps", "add steps"},
        {"code: s\n", "no steps", "add steps"},
        {"code: s\nstepps: []\n", "s.yaml:2: unknown key \"stepps\"", "steps"},
        {HEAD "  - {id: a, message: claim, days: 1}\n  - {id: a, message: claim, days: 2}\n",
         "s.yaml:4: step \"a\" stands already at line 3", "an id of its own"},
        {HEAD "  - {id: A, message: claim, days: 1}\n", "s.yaml:3: \"A\" cannot be the id", "small letters"},
        {HEAD "  - {id: contact-data, message: claim, days: 1}\n", "cannot be the id", ""},
        {HEAD "  - {id: 'a,b', message: claim, days: 1}\n", "cannot be the id", ""},
        {HEAD "  - {message: claim, days: 1}\n", "s.yaml:3: \"\" cannot be the id", ""},
        {HEAD "  - {id: a, days: 1}\n", "s.yaml:3: step \"a\" does nothing", "message: claim"},
        {HEAD "  - {id: a, message: claim, task: call, days: 1}\n", "is both message and task", "two steps"},
        {HEAD "  - {id: a, message: reclamo, days: 1}\n", "\"reclamo\" is no known message", "claim"},
        {HEAD "  - {id: a, task: claim, days: 1}\n", "\"claim\" is no known task", "call"},
        {HEAD "  - {id: a, state: claim, days: 1}\n", "\"claim\" is no known state", "suspend"},
        {HEAD "  - {id: a, message: claim}\n", "s.yaml:3: step \"a\" has no days", "negative is before"},
        {HEAD "  - {id: a, message: claim, days: soon}\n", "days is not a whole number", ""},
        {HEAD "  - {id: a, message: claim, days: 9999}\n", "days must lie between", ""},
        {HEAD "  - {id: a, message: claim, days: 1, from: emission}\n", "\"emission\" is no known from", "issue, due"},
        {HEAD "  - {id: a, message: claim, days: 1, from: previous}\n", "the first step has no previous", "due"},
        {HEAD "  - {id: a, message: claim, days: -1, from: issue}\n", "before the invoice is issued", ""},
        {HEAD "  - {id: a, message: claim, days: 0, from: promise}\n", "only after its date", "1 or more"},
        {HEAD "  - {id: a, message: claim, days: 1, from: promise}\n"
              "  - {id: b, message: claim, days: 1, from: previous}\n",
         "s.yaml:4: step \"b\" follows a promise step", ""},
        {HEAD "  - {id: a, message: claim, days: 9}\n  - {id: b, message: claim, days: 2}\n",
         "s.yaml:4: step \"b\" stands after \"a\" (line 3) but comes earlier", "move it above \"a\""},
        {HEAD "  - {id: a, task: call, days: 9}\n  - {id: b, state: suspend, days: 2}\n", "comes earlier", ""},
        {HEAD "  - {id: a, message: claim, days: 1, channel: call}\n", "cannot go out as a call", "task: call"},
        {HEAD "  - {id: a, message: claim, days: 1, channel: fax}\n", "\"fax\" is no channel", "email"},
        {HEAD "  - {id: a, message: claim, days: 1, fallback: [sms, sms]}\n", "stands twice", ""},
        {HEAD "  - {id: a, message: claim, days: 1, mode: manual}\n", "\"manual\" is no known mode", "confirm"},
        {HEAD "  - {id: a, message: claim, days: 1, lateness: never}\n", "lateness is not a whole number", ""},
        {HEAD "  - {id: a, message: claim, days: 1, lateness: -1}\n", "lateness must lie between", ""},
        {HEAD "  - {id: a, message: claim, days: 1, repeat_every: 0}\n", "repeat_every must lie between", ""},
        {HEAD "  - {id: a, message: claim, days: 1, when: {min_amount: 500}}\n", "min_amount has no currency", "USD"},
        {HEAD "  - {id: a, message: claim, days: 1, when: {min_amount: x USD}}\n", "\"x\" is no amount", "USD"},
        {HEAD "  - {id: a, message: claim, days: 1, when: {noreply: true}}\n", "unknown key \"noreply\"", "no_reply"},
        {HEAD "  - {id: a, message: claim, days: 1, when: {channels: [fax]}}\n", "\"fax\" is unknown in channels", ""},
        {HEAD "  - claim\n", "s.yaml:3: a mapping", ""},
        {"code: s\ndefaults: {canal: sms}\nsteps: [{id: a, message: claim, days: 1}]\n",
         "s.yaml:2: unknown key \"canal\"", "channel"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ctx cx = test_ctx();
        struct strategy s;
        assert_rc(&cx, INVALID, strategy_parse(&cx, str_from(cases[i].yaml), "s.yaml", &s));
        if (!str_contains(str_from(cx.fault.message), str_from(cases[i].message)) ||
            !str_starts(str_from(cx.fault.message), S("s.yaml:")) ||
            !str_contains(str_from(cx.fault.hint), str_from(cases[i].hint)))
            fail_msg("%s: \"%s\" (%s)", cases[i].message, cx.fault.message, cx.fault.hint);
        test_ctx_done(&cx);
    }
}

static void a_hundred_steps_are_enough(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct buf yaml = buf_make(100000);
    buf_add_cstr(&yaml, HEAD);
    for (int i = 0; i < STRATEGY_STEPS_MAX; i++) buf_printf(&yaml, "  - {id: s%d, message: claim, days: %d}\n", i, i);
    struct strategy s;
    assert_ok(&cx, strategy_parse(&cx, buf_str(&yaml), "s.yaml", &s));
    assert_int_equal(s.step_count, STRATEGY_STEPS_MAX);
    buf_add_cstr(&yaml, "  - {id: more, message: claim, days: 500}\n");
    assert_rc(&cx, INVALID, strategy_parse(&cx, buf_str(&yaml), "s.yaml", &s));
    assert_true(str_contains(str_from(cx.fault.message), S("101 steps are too many")));
    buf_done(&yaml);
    test_ctx_done(&cx);
}

/* REQ: B2. Each preset is read, bears the name of its file, and one invoice alone keeps to the house profile: written
 * contacts at least 2 days apart and at most 2 in 7 days. */
static void presets_are_sound(void **state) {
    (void)state;
    struct strategy_preset presets[32];
    size_t count = strategy_presets(presets, COUNT_OF(presets));
    assert_true(count >= 12 && count <= COUNT_OF(presets));
    for (size_t i = 0; i < count; i++) {
        struct ctx cx = test_ctx();
        struct strategy s;
        assert_ok(&cx, strategy_parse(&cx, presets[i].source, presets[i].file, &s));
        Str file = arena_printf(cx.arena, "strategies/%.*s.yaml", STR_ARG(s.code));
        assert_str(file, presets[i].file);
        assert_true(s.description.n > 0);
        int32_t last = INT32_MIN, before = INT32_MIN;
        for (size_t j = 0; j < s.step_count; j++) {
            const struct step *step = &s.steps[j];
            if (step->ladder != LADDER_MESSAGE || step->anchor != ANCHOR_DUE) continue;
            if ((last != INT32_MIN && step->offset - last < 2) || (before != INT32_MIN && step->offset - before < 7))
                fail_msg("%s:%d: too close to the messages before", presets[i].file, step->line);
            before = last;
            last = step->offset;
        }
        test_ctx_done(&cx);
    }
}

/* interfaces.md 7, word for word. */
static void the_default_preset_is_as_agreed(void **state) {
    (void)state;
    static const struct {
        const char *id;
        enum ladder ladder;
        const char *kind;
        enum anchor anchor;
        int32_t offset, lateness;
        bool never_after_next, no_reply;
    } steps[] = {
        {"issue", LADDER_MESSAGE, "new_invoice", ANCHOR_ISSUE, 0, 6, false, false},
        {"d-7", LADDER_MESSAGE, "due_soon", ANCHOR_DUE, -7, 6, true, false},
        {"d0", LADDER_MESSAGE, "due_today", ANCHOR_DUE, 0, 6, true, false},
        {"claim-1", LADDER_MESSAGE, "claim", ANCHOR_DUE, 7, LATENESS_UNLIMITED, false, false},
        {"call", LADDER_TASK, "call", ANCHOR_DUE, 10, LATENESS_UNLIMITED, false, true},
        {"claim-2", LADDER_MESSAGE, "claim", ANCHOR_DUE, 14, LATENESS_UNLIMITED, false, false},
        {"claim-3", LADDER_MESSAGE, "claim", ANCHOR_DUE, 21, LATENESS_UNLIMITED, false, false},
        {"suspend", LADDER_STATE, "suspend", ANCHOR_DUE, 30, LATENESS_UNLIMITED, false, false},
        {"escalate", LADDER_TASK, "escalate", ANCHOR_DUE, 37, LATENESS_UNLIMITED, false, false},
    };
    struct kit k;
    kit_init(&k);
    assert_int_equal(k.strategy.step_count, COUNT_OF(steps));
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        const struct step *s = &k.strategy.steps[i];
        assert_str(s->id, steps[i].id);
        assert_int_equal(s->ladder, steps[i].ladder);
        assert_str(s->kind, steps[i].kind);
        assert_int_equal(s->anchor, steps[i].anchor);
        assert_int_equal(s->offset, steps[i].offset);
        assert_int_equal(s->max_lateness, steps[i].lateness);
        assert_int_equal(s->never_after_next, steps[i].never_after_next);
        assert_int_equal(s->when.no_reply, steps[i].no_reply);
        assert_int_equal(s->mode, MODE_AUTOMATIC);
        assert_int_equal(s->channel, CHANNEL_EMAIL);
    }
    kit_done(&k);
}

/* REQ: B12. */
static void what_changed_is_said(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct strategy a, b;
    assert_ok(&cx, strategy_parse(&cx,
                                  S(HEAD "  - {id: gone, message: due_soon, days: -7}\n"
                                         "  - {id: x, message: claim, days: 7}\n"
                                         "  - {id: y, task: call, days: 10}\n"),
                                  "a", &a));
    assert_ok(&cx, strategy_parse(&cx,
                                  S(HEAD "  - {id: y, task: call, days: 10, when: {no_reply: true}}\n"
                                         "  - {id: x, message: claim, days: 9, lateness: 30, fallback: sms}\n"
                                         "  - {id: new, message: claim, days: 14}\n"),
                                  "b", &b));
    static const char *const wanted[] = {
        "y: no_reply false -> true",
        "y: place 2 -> 1",
        "x: days 7 -> 9",
        "x: lateness unlimited -> 30",
        "x: fallback none -> sms",
        "x: place 1 -> 2",
        "+ new: message claim, due+14",
        "- gone",
    };
    Str lines[20];
    size_t count = strategy_diff(cx.arena, &a, &b, lines, COUNT_OF(lines));
    for (size_t i = 0; i < count && i < COUNT_OF(wanted); i++) assert_str(lines[i], wanted[i]);
    assert_int_equal(count, COUNT_OF(wanted));
    assert_int_equal(strategy_diff(cx.arena, &a, &a, lines, COUNT_OF(lines)), 0);
    assert_int_equal(strategy_diff(cx.arena, &a, &b, lines, 1), COUNT_OF(wanted)); /* counts what does not fit */
    test_ctx_done(&cx);
}

/* Files come from users: whatever the bytes, an answer and no harm (run under ASan and UBSan). */
static void damaged_files_do_no_harm(void **state) {
    (void)state;
    struct strategy_preset presets[32];
    size_t count = strategy_presets(presets, COUNT_OF(presets)), refused = 0;
    struct seeded_random r = {7};
    static const char odd[] = "-:[]{},#'\"\n 09\x01\xc3";
    for (int round = 0; round < 3000; round++) {
        struct ctx cx = test_ctx();
        Str source = presets[seeded_below(&r, count)].source;
        char *yaml = arena_cstr(cx.arena, source);
        for (uint64_t n = 1 + seeded_below(&r, 4); n > 0; n--)
            yaml[seeded_below(&r, source.n)] = odd[seeded_below(&r, sizeof odd - 1)];
        struct strategy s;
        enum rc rc = strategy_parse(&cx, (Str){yaml, source.n - seeded_below(&r, 40)}, "s.yaml", &s);
        assert_true(rc == OK || rc == INVALID);
        assert_true(rc == OK || str_starts(str_from(cx.fault.message), S("s.yaml:")));
        refused += rc != OK;
        test_ctx_done(&cx);
    }
    assert_true(refused > 1000);
}

/* The example of docs/ref/strategies.md cannot rot. */
static void the_documented_example_is_read(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    Str page = S("");
    assert_ok(&cx, file_read(&cx, ALDIA_SOURCE_DIR "/docs/ref/strategies.md", 1 << 20, &page));
    while (page.n && !str_starts(page, S("```yaml\n"))) page = (Str){page.p + 1, page.n - 1};
    Str yaml = {page.p + 8, 0};
    while (yaml.n < page.n - 8 && !str_ends((Str){yaml.p, yaml.n}, S("\n```"))) yaml.n++;
    yaml.n -= 3;
    struct strategy s;
    assert_ok(&cx, strategy_parse(&cx, yaml, "strategies.md", &s));
    assert_int_equal(s.step_count, 3);
    assert_true(s.steps[2].when.no_reply);
    test_ctx_done(&cx);
}

static const struct CMUnitTest strategy_tests[] = {
    cmocka_unit_test(everything_a_step_may_say_is_read),
    cmocka_unit_test(claims_may_be_late_without_limit),
    cmocka_unit_test(mistakes_are_named_with_line_and_remedy),
    cmocka_unit_test(a_hundred_steps_are_enough),
    cmocka_unit_test(presets_are_sound),
    cmocka_unit_test(the_default_preset_is_as_agreed),
    cmocka_unit_test(what_changed_is_said),
    cmocka_unit_test(damaged_files_do_no_harm),
    cmocka_unit_test(the_documented_example_is_read),
};
const struct test_suite strategy_suite = {"strategy", strategy_tests, COUNT_OF(strategy_tests)};
