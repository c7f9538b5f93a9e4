/* Drafts: nothing is lost between YAML and fields, faults are those of the reader, differences field by field. */
#include "strategy/strategy_draft.h"

#include "base/embed.h"
#include "base/random.h"
#include "base/test.h"

static struct strategy_draft draft_of(struct ctx *cx, Str yaml) {
    struct strategy_draft d;
    assert_ok(cx, strategy_draft_read(cx, yaml, &d));
    return d;
}

static void same_strategy(struct ctx *cx, Str before, Str after) {
    struct strategy a, b;
    Str lines[4];
    assert_ok(cx, strategy_parse(cx, before, "before", &a));
    assert_ok(cx, strategy_parse(cx, after, "after", &b));
    size_t n = strategy_diff(cx->arena, &a, &b, lines, COUNT_OF(lines));
    if (n) fail_msg("%.*s", STR_ARG(lines[0]));
    assert_int_equal(a.step_count, b.step_count);
    assert_true(str_equal(a.description, b.description) && str_equal(a.name, b.name));
}

static void every_preset_means_the_same_after_reading_and_writing(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct strategy_preset presets[40];
    size_t n = strategy_presets(presets, COUNT_OF(presets));
    assert_true(n >= 12);
    for (size_t i = 0; i < n; i++) {
        struct strategy_draft d = draft_of(&cx, presets[i].source);
        Str text = strategy_draft_write(cx.arena, &d);
        same_strategy(&cx, presets[i].source, text);
        struct strategy_draft again = draft_of(&cx, text);
        assert_true(str_equal(text, strategy_draft_write(cx.arena, &again)));
        struct draft_finding found[4];
        assert_int_equal(strategy_lint(&cx, &d, found, 4, NULL), 0);
    }
    test_ctx_done(&cx);
}

static void everything_a_step_may_say_is_kept(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    Str yaml = S("# De prueba.\ncode: s-1\nname: 'Prueba: \"uno\" # no'\ndescription: |\n  Dos\n  lÃ­neas\nsegments: [a, b]\nsilent_before_switch: 2\n"
                 "defaults: {channel: whatsapp, fallback: [email, sms], mode: confirm}\n"
                 "steps:\n"
                 "  - {id: one, message: new_invoice, from: issue, days: 2, fallback: []}\n"
                 "  - {id: two, message: due_soon, from: previous, days: 3, never_after_next: true}\n"
                 "  - id: three\n    name: Tercero\n    message: claim\n    days: +9\n    tone: firm\n    channel: email\n    fallback: letter\n"
                 "    lateness: unlimited\n    mode: test\n    repeat_every: 7\n    attach: [invoice, statement]\n"
                 "    when:\n      no_reply: true\n      min_amount: 500.00 USD\n      max_amount: 9000 CLP\n      min_days_since_contact: 3\n"
                 "      min_silent_reminders: 1\n      segments: [x, y]\n      channels: [sms]\n"
                 "  - {id: four, task: call, days: 20}\n  - {id: five, state: suspend, days: 30}\n");
    struct strategy_draft d = draft_of(&cx, yaml);
    same_strategy(&cx, yaml, strategy_draft_write(cx.arena, &d));
    assert_str(d.comment, "# De prueba.\n");
    assert_str(d.steps[0].field[DRAFT_FALLBACK], DRAFT_NONE);
    assert_str(d.steps[2].field[DRAFT_ATTACH], "invoice,statement");
    assert_str(d.steps[4].field[DRAFT_KIND], "state:suspend");
    test_ctx_done(&cx);
}

/* One fault set into a sound draft, and where it is told. */
static void faults_are_told_at_their_field(void **state) {
    (void)state;
    static const struct {
        size_t step;
        enum draft_field field;
        const char *value, *told_at, *code;
    } cases[] = {
        {3, DRAFT_DAYS, "", "days", "days_missing"},      {3, DRAFT_DAYS, "siete", "days", "days"},      {0, DRAFT_DAYS, "-3", "days", "days_issue"},
        {3, DRAFT_KIND, "", "kind", "kind_missing"},      {3, DRAFT_KIND, "message:x", "kind", "kind"},  {3, DRAFT_KIND, "foo", "kind", "kind"},
        {3, DRAFT_KIND, "evil: 1:x", "kind", "kind"},     {0, DRAFT_FROM, "previous", "from", "from_first"},
        {3, DRAFT_TONE, "loud", "tone", "tone"},          {3, DRAFT_CHANNEL, "call", "channel", "channel"},
        {3, DRAFT_FALLBACK, "fax", "fallback", "fallback"}, {3, DRAFT_LATENESS, "x", "lateness", "lateness"},
        {3, DRAFT_REPEAT_EVERY, "0", "repeat_every", "repeat_every"}, {1, DRAFT_REPEAT_EVERY, "7", "repeat_every", "repeat_clash"},
        {4, DRAFT_ATTACH, "invoice", "attach", "attach_task"}, {3, DRAFT_ATTACH, "photo", "attach", "attach"},
        {3, DRAFT_MIN_AMOUNT, "500", "min_amount", "min_amount"}, {3, DRAFT_CHANNELS, "fax", "channels", "channels"},
        {3, DRAFT_NO_REPLY, "maybe", "no_reply", "no_reply"}, {3, DRAFT_MIN_DAYS_SINCE_CONTACT, "900", "min_days_since_contact", "min_days_since_contact"},
        {3, DRAFT_ID, "Uno dos", "id", "id"},             {5, DRAFT_ID, "claim-1", "id", "id_twice"},    {5, DRAFT_DAYS, "2", "days", "order"},
    };
    struct ctx cx = test_ctx();
    Str preset;
    assert_true(embedded_find("strategies/recurrente-30.yaml", &preset));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct strategy_draft d = draft_of(&cx, preset);
        struct draft_finding found[20];
        struct strategy whole;
        d.steps[cases[i].step].field[cases[i].field] = str_from(cases[i].value);
        size_t n = strategy_lint(&cx, &d, found, COUNT_OF(found), NULL);
        bool told = false;
        for (size_t k = 0; k < n; k++)
            told = told || (found[k].step == cases[i].step && str_is(str_from(found[k].field), cases[i].told_at) && str_is(str_from(found[k].code), cases[i].code));
        if (!told) fail_msg("case %zu (%s): %zu findings, first %s %s: %.*s", i, cases[i].code, n, n ? found[0].field : "", n ? found[0].code : "",
                            n ? (int)found[0].message.n : 0, n ? found[0].message.p : "");
        assert_rc(&cx, INVALID, strategy_parse(&cx, strategy_draft_write(cx.arena, &d), "x", &whole));
    }
    test_ctx_done(&cx);
}

static void all_faults_of_a_step_are_told_at_once(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    Str preset;
    assert_true(embedded_find("strategies/recurrente-30.yaml", &preset));
    struct strategy_draft d = draft_of(&cx, preset);
    struct draft_finding found[20];
    struct strategy readable;
    d.steps[3].field[DRAFT_DAYS] = S("x");
    d.steps[3].field[DRAFT_TONE] = S("x");
    d.steps[3].field[DRAFT_MODE] = S("x");
    d.steps[5].field[DRAFT_LATENESS] = S("x");
    d.silent = S("many");
    d.mode = S("x");
    assert_int_equal(strategy_lint(&cx, &d, found, COUNT_OF(found), &readable), 6);
    assert_int_equal(readable.step_count, d.step_count);
    assert_str(readable.steps[3].id, "claim-1");
    test_ctx_done(&cx);
}

/* Whatever is typed: no finding if and only if the whole is a strategy. */
static void no_finding_means_a_strategy(void **state) {
    (void)state;
    static const char *const words[] = {"",      "7",    "-7",    "promise", "previous", "issue",      "firm",  "true", "false", "sms",  "none", "unlimited",
                                        "400 USD", "test", "a, b", "x: y",    "#",        "message:claim", "task:call", "\"q\"", "[", "- a", "call", "statement"};
    struct ctx cx = test_ctx();
    struct seeded_random luck = {20261122};
    Str preset;
    assert_true(embedded_find("strategies/recurrente-30.yaml", &preset));
    int sound = 0;
    for (int round = 0; round < 3000; round++) {
        struct arena_mark mark = arena_mark(cx.arena);
        struct strategy_draft d = draft_of(&cx, preset);
        struct draft_finding found[DRAFT_FINDINGS_MAX];
        struct strategy whole;
        int changes = 1 + (int)seeded_below(&luck, 3);
        for (int c = 0; c < changes; c++)
            d.steps[seeded_below(&luck, d.step_count)].field[1 + seeded_below(&luck, DRAFT_FIELD_COUNT - 1)] =
                str_from(words[seeded_below(&luck, COUNT_OF(words))]);
        if (seeded_below(&luck, 3) == 0) strategy_draft_move(&d, seeded_below(&luck, d.step_count), seeded_below(&luck, 2) ? 1 : -1);
        size_t n = strategy_lint(&cx, &d, found, COUNT_OF(found), NULL);
        Str text = strategy_draft_write(cx.arena, &d);
        enum rc rc = strategy_parse(&cx, text, "x", &whole);
        if ((n == 0) != (rc == OK)) fail_msg("round %d: %zu findings, %s: %s\n%.*s", round, n, rc_name(rc), cx.fault.message, STR_ARG(text));
        if (rc == OK) {
            struct strategy_draft again = draft_of(&cx, text);
            assert_true(str_equal(text, strategy_draft_write(cx.arena, &again)));
            sound++;
        }
        arena_rewind(cx.arena, mark);
    }
    assert_true(sound > 100);
    test_ctx_done(&cx);
}

static void steps_come_go_and_move(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    Str preset;
    assert_true(embedded_find("strategies/recurrente-30.yaml", &preset));
    struct strategy_draft before = draft_of(&cx, preset), after = draft_of(&cx, preset);
    struct draft_step task = {.field = {[DRAFT_KIND] = S("task:visit"), [DRAFT_DAYS] = S("12")}};
    task.field[DRAFT_ID] = strategy_draft_new_id(cx.arena, &after, task.field[DRAFT_KIND]);
    assert_str(task.field[DRAFT_ID], "visit-1");
    size_t at = strategy_draft_place(&cx, &after, &task);
    assert_int_equal(at, 5); /* after D+10, before D+14 */
    strategy_draft_insert(cx.arena, &after, at, &task);
    after.steps[strategy_draft_find(&after, S("claim-3"))].field[DRAFT_TONE] = S("concern");
    strategy_draft_remove(&after, strategy_draft_find(&after, S("d-7")));
    strategy_draft_move(&after, strategy_draft_find(&after, S("escalate")), -1);
    strategy_draft_move(&after, 0, -1); /* nothing above */
    after.silent = S("5");
    struct draft_change changes[20];
    size_t n = strategy_draft_diff(&before, &after, changes, COUNT_OF(changes));
    assert_int_equal(n, 6);
    assert_int_equal(changes[0].kind, DRAFT_HEAD);
    assert_str(changes[0].from, "3");
    assert_int_equal(changes[1].kind, DRAFT_ADDED);
    assert_int_equal(changes[2].kind, DRAFT_CHANGED);
    assert_str(changes[2].from, "firm");
    assert_int_equal(changes[3].kind, DRAFT_MOVED);
    assert_int_equal(changes[4].kind, DRAFT_MOVED);
    assert_int_equal(changes[5].kind, DRAFT_REMOVED);
    assert_str(changes[5].before->field[DRAFT_ID], "d-7");
    assert_int_equal(strategy_draft_diff(&before, &before, changes, COUNT_OF(changes)), 0);
    test_ctx_done(&cx);
}

static const struct CMUnitTest strategy_draft_tests[] = {
    cmocka_unit_test(every_preset_means_the_same_after_reading_and_writing),
    cmocka_unit_test(everything_a_step_may_say_is_kept),
    cmocka_unit_test(faults_are_told_at_their_field),
    cmocka_unit_test(all_faults_of_a_step_are_told_at_once),
    cmocka_unit_test(no_finding_means_a_strategy),
    cmocka_unit_test(steps_come_go_and_move),
};
const struct test_suite strategy_draft_suite = {"strategy_draft", strategy_draft_tests, COUNT_OF(strategy_draft_tests)};
