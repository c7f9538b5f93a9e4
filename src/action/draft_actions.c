/* The draft of a strategy: looked at, its steps added, changed, moved and removed, and discarded (REQ: B1 B3 B4 B12).
 *
 * Nothing here is in force: `strategy publish` makes a version of it. Whatever is typed is kept, right or wrong; what is wrong is told
 * beside its field. */
#include "action/draft_store.h"
#include "action/lookup.h"
#include "action/person.h"
#include "action/strategy_page.h"

#define CODE {"code", P_TEXT, REQUIRED | POSITIONAL, "code of the strategy", NULL}
#define WAS {"was", P_TEXT, OPTIONAL, "what was there when you looked (`was`); refused when it has changed since", NULL}

/* ---- the draft ---- */

static Str head_text(struct arena *arena, const struct strategy_draft *d) {
    struct strategy_draft head = *d;
    head.step_count = 0;
    return strategy_draft_write(arena, &head);
}

static void put_head(struct ctx *cx, struct json_writer *w, const struct strategy_draft *d) {
    json_key(w, "head");
    json_object(w);
    json_put_str(w, "name", d->name);
    json_put_str(w, "description", d->description);
    json_put_str(w, "segments", d->segments);
    json_put_str(w, "silent", d->silent.n ? d->silent : S("3"));
    json_put_str(w, "channel", d->channel.n ? d->channel : S("email"));
    json_put_str(w, "fallback", d->fallback);
    json_put_str(w, "mode", d->mode.n ? d->mode : S("automatic"));
    json_object_end(w);
    json_put_str(w, "was", draft_print(cx->arena, head_text(cx->arena, d)));
}

/* Which steps are not in force as they stand. */
static const bool *unsaved_steps(struct arena *arena, const struct kept_draft *k) {
    bool *unsaved = ARENA_ARRAY(arena, bool, k->draft.step_count);
    for (size_t i = 0; i < k->draft.step_count; i++) {
        size_t at = strategy_draft_find(&k->force, k->draft.steps[i].field[DRAFT_ID]);
        unsaved[i] = at == SIZE_MAX || !str_equal(draft_step_write(arena, &k->draft.steps[i]), draft_step_write(arena, &k->force.steps[at]));
    }
    return unsaved;
}

/* The faults of one step, or (SIZE_MAX) of the whole, each under the name of its field; the first of a field. */
static void put_faults(struct json_writer *w, const struct draft_finding *findings, size_t n, size_t at) {
    int64_t count = 0;
    json_key(w, "faults");
    json_object(w);
    for (size_t i = 0; i < n; i++) {
        bool told = findings[i].step != at;
        for (size_t k = 0; k < i && !told; k++) told = findings[k].step == at && str_is(str_from(findings[k].field), findings[i].field);
        if (told) continue;
        count++;
        json_key(w, findings[i].field);
        strategy_put_finding(w, &findings[i]);
    }
    json_object_end(w);
    json_put_i64(w, "fault_count", count);
}

static void put_whole(struct json_writer *w, const struct draft_finding *findings, size_t n) {
    json_key(w, "findings");
    json_array(w);
    for (size_t i = 0; i < n; i++)
        if (findings[i].step == SIZE_MAX) strategy_put_finding(w, &findings[i]);
    json_array_end(w);
    json_put_i64(w, "finding_count", (int64_t)n);
    put_faults(w, findings, n, SIZE_MAX);
}

static enum rc draft_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct kept_draft k;
    struct strategy readable;
    TRY(draft_load(cx, arg_text(call, "code"), &k));
    struct draft_finding *findings = ARENA_ARRAY(cx->arena, struct draft_finding, DRAFT_FINDINGS_MAX);
    size_t n = strategy_lint(cx, &k.draft, findings, DRAFT_FINDINGS_MAX, &readable);
    if (n > DRAFT_FINDINGS_MAX) n = DRAFT_FINDINGS_MAX;
    json_object(w);
    json_put_str(w, "code", arg_text(call, "code"));
    json_put_str(w, "name", k.draft.name.n ? k.draft.name : k.draft.code);
    json_put_i64(w, "version", k.strategy.version);
    json_put_bool(w, "is_draft", k.is_draft);
    json_put_bool(w, "is_ready", k.is_draft && n == 0);
    json_put_bool(w, "is_stale", k.base_version != k.strategy.version);
    json_put_i64(w, "base_version", k.base_version);
    if (k.is_draft) TRY(put_actor(cx, w, k.actor));
    put_instant(w, "changed_at", k.changed_at);
    put_head(cx, w, &k.draft);
    put_whole(w, findings, n);
    strategy_put_steps(cx, w, &readable, &(struct step_marks){unsaved_steps(cx->arena, &k), findings, n});
    strategy_put_diff(cx, w, "changes", &k.force, &k.draft);
    json_object_end(w);
    return OK;
}

const struct action strategy_draft_action = {
    .verb = "strategy draft",
    .path = "GET /strategies/{code}/draft",
    .summary = "Show the draft of a strategy, what is wrong with it and what differs from what is in force",
    .details = "Without a draft, the version in force: the first change begins one. People share it.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(CODE),
    .run = draft_run,
    .view = "strategy_draft",
    .columns = "steps: rank step name offset_text ladder kind tone channel mode unsaved; findings: field finding message hint; "
               "changes: change step what",
};

static enum rc put_kept(struct ctx *cx, struct call *call, struct kept_draft *k, Str step) {
    struct draft_finding *findings = ARENA_ARRAY(cx->arena, struct draft_finding, DRAFT_FINDINGS_MAX);
    TRY(draft_keep(cx, k));
    json_object(call->out);
    json_put_str(call->out, "code", arg_text(call, "code"));
    if (step.n) json_put_str(call->out, "step", step);
    json_put_i64(call->out, "finding_count", (int64_t)strategy_lint(cx, &k->draft, findings, DRAFT_FINDINGS_MAX, NULL));
    json_object_end(call->out);
    return OK;
}

/* A list as it is kept: "a, b" and "a,b" are the same. */
static Str plain_list(struct arena *arena, Str list) {
    Str all = S("");
    for (Str rest = list; rest.p;) {
        Str word = str_trim(str_cut(&rest, ','));
        if (word.n) all = arena_printf(arena, "%.*s%s%.*s", STR_ARG(all), all.n ? "," : "", STR_ARG(word));
    }
    return all;
}

static enum rc draft_set_run(struct ctx *cx, struct call *call) {
    struct kept_draft k;
    TRY(draft_load(cx, arg_text(call, "code"), &k));
    TRY(draft_check_was(cx, call, head_text(cx->arena, &k.draft)));
    const struct {
        const char *param;
        Str *field;
    } fields[] = {{"name", &k.draft.name},       {"description", &k.draft.description}, {"segments", &k.draft.segments}, {"silent", &k.draft.silent},
                  {"channel", &k.draft.channel}, {"fallback", &k.draft.fallback},       {"mode", &k.draft.mode}};
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (arg_has(call, fields[i].param)) *fields[i].field = arg_text(call, fields[i].param);
    k.draft.segments = plain_list(cx->arena, k.draft.segments);
    k.draft.fallback = plain_list(cx->arena, k.draft.fallback);
    return put_kept(cx, call, &k, S(""));
}

const struct action strategy_draft_set_action = {
    .verb = "strategy draft-set",
    .path = "POST /strategies/{code}/draft",
    .summary = "Change in the draft what holds for the whole strategy",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS(CODE, WAS, {"name", P_TEXT, CLEARABLE, "for people", NULL},
                     {"description", P_TEXT, CLEARABLE | MULTILINE, "who it is for", NULL},
                     {"segments", P_TEXT, CLEARABLE, "customers of these segments follow it: a, b", NULL},
                     {"silent", P_TEXT, CLEARABLE, "after so many reminders without answer the next channel; 0: never", NULL},
                     {"channel", P_TEXT, CLEARABLE, "of steps that name none: email, sms, whatsapp, letter", NULL},
                     {"fallback", P_TEXT, CLEARABLE, "of steps that name none: channels in order, or none", NULL},
                     {"mode", P_TEXT, CLEARABLE, "of steps that name none: automatic, confirm, test", NULL}),
    .run = draft_set_run,
    .then = "/strategies/{code}/draft",
    .form = "strategy draft",
    .edits = true,
};

/* ---- a step ---- */

#define FIELD(name, help) {name, P_TEXT, CLEARABLE, help, NULL}
#define STEP_FIELDS                                                                                             \
    FIELD("name", PHRASE("for people")),                                                                        \
    FIELD("kind", PHRASE("message:claim, task:call, state:suspend …")),                                         \
    FIELD("from", PHRASE("what days are counted from: due, issue, previous, promise")),                         \
    FIELD("days", PHRASE("negative is before")),                                                                \
    FIELD("lateness", PHRASE("how many days late it may still go, or unlimited")),                              \
    FIELD("never-after-next", PHRASE("true: not sent once the next step's day has come")),                      \
    FIELD("repeat-every", PHRASE("comes again every so many days")),                                            \
    FIELD("tone", PHRASE("the least: friendly, concern, firm")),                                                \
    FIELD("channel", PHRASE("email, sms, whatsapp, letter")),                                                   \
    FIELD("fallback", PHRASE("channels in order, or none")),                                                    \
    FIELD("attach", PHRASE("invoice, statement")),                                                              \
    FIELD("mode", PHRASE("automatic, confirm, test")),                                                          \
    FIELD("no-reply", PHRASE("true: only while nobody answered")),                                              \
    FIELD("min-amount", PHRASE("500.00 USD")),                                                                  \
    FIELD("max-amount", PHRASE("500.00 USD")),                                                                  \
    FIELD("min-days-since-contact", PHRASE("no contact in the last so many days")),                             \
    FIELD("min-silent-reminders", PHRASE("at least so many without answer")),                                   \
    FIELD("segments", PHRASE("only customers of these")),                                                       \
    FIELD("channels", PHRASE("only when all of these reach the customer"))

static const char *param_of(struct arena *arena, enum draft_field f) {
    char *name = arena_cstr(arena, str_from(draft_field_name(f)));
    for (char *c = name; *c; c++)
        if (*c == '_') *c = '-';
    return name;
}

/* What the call gives, over what there is. Returns whether it gives anything. */
static bool take_fields(struct arena *arena, const struct call *call, struct draft_step *s) {
    bool any = false;
    for (int f = DRAFT_NAME; f < DRAFT_FIELD_COUNT; f++) {
        const char *param = param_of(arena, (enum draft_field)f);
        bool list = f == DRAFT_FALLBACK || f == DRAFT_ATTACH || f == DRAFT_SEGMENTS || f == DRAFT_CHANNELS;
        if (!arg_has(call, param)) continue;
        Str text = str_trim(arg_text(call, param));
        if ((f == DRAFT_FROM && str_is(text, "due")) || ((f == DRAFT_NO_REPLY || f == DRAFT_NEVER_AFTER_NEXT) && str_is(text, "false")))
            text = S(""); /* what holds without saying so */
        s->field[f] = list ? plain_list(arena, text) : text;
        any = true;
    }
    return any;
}

/* A value the form's list of choices does not have is offered as it is. */
static void put_other(struct json_writer *w, const char *key, Str value, const char *known) {
    for (Str rest = str_from(known); rest.p;)
        if (str_equal(str_cut(&rest, '|'), value)) return;
    json_put_str(w, key, value);
}

static void put_others(struct json_writer *w, const struct draft_step *s) {
    bool any = false;
    put_other(w, "other_fallback", s->field[DRAFT_FALLBACK], "|none|whatsapp|sms|email|letter|whatsapp,sms|sms,whatsapp|email,whatsapp|email,sms");
    put_other(w, "other_attach", s->field[DRAFT_ATTACH], "|invoice|statement|invoice,statement");
    put_other(w, "other_channels", s->field[DRAFT_CHANNELS], "|email|whatsapp|sms|letter|call");
    for (int f = DRAFT_NO_REPLY; f < DRAFT_FIELD_COUNT; f++) any = any || s->field[f].n;
    json_put_bool(w, "has_conditions", any);
}

static void put_choices(struct json_writer *w, const struct kept_draft *k, size_t at) {
    json_put_str(w, "default_channel", k->draft.channel.n ? k->draft.channel : S("email"));
    json_put_str(w, "default_mode", k->draft.mode.n ? k->draft.mode : S("automatic"));
    json_put_bool(w, "is_new", at == SIZE_MAX);
    json_put_bool(w, "in_force", at != SIZE_MAX && strategy_draft_find(&k->force, k->draft.steps[at].field[DRAFT_ID]) != SIZE_MAX);
}

static enum rc step_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct kept_draft k;
    struct draft_step s = {.field = {[DRAFT_ID] = S("")}};
    TRY(draft_load(cx, arg_text(call, "code"), &k));
    size_t at = arg_has(call, "step") ? strategy_draft_find(&k.draft, arg_text(call, "step")) : SIZE_MAX;
    if (at != SIZE_MAX) s = k.draft.steps[at];
    Str was = at == SIZE_MAX ? S("") : draft_step_write(cx->arena, &s);
    bool tried = take_fields(cx->arena, call, &s), fresh = at == SIZE_MAX && !tried;
    struct strategy_draft with = k.draft;
    if (at == SIZE_MAX) {
        s.field[DRAFT_ID] = arg_has(call, "step") ? arg_text(call, "step") : strategy_draft_new_id(cx->arena, &with, s.field[DRAFT_KIND]);
        at = strategy_draft_place(cx, &with, &s);
        strategy_draft_insert(cx->arena, &with, at, &s);
        json_object(w);
        put_choices(w, &k, SIZE_MAX);
    } else {
        json_object(w);
        put_choices(w, &k, at);
        with.steps = ARENA_ARRAY(cx->arena, struct draft_step, with.step_count);
        for (size_t i = 0; i < with.step_count; i++) with.steps[i] = k.draft.steps[i];
        with.steps[at] = s;
    }
    struct draft_finding *findings = ARENA_ARRAY(cx->arena, struct draft_finding, DRAFT_FINDINGS_MAX);
    size_t n = strategy_lint(cx, &with, findings, DRAFT_FINDINGS_MAX, NULL);
    json_put_str(w, "code", arg_text(call, "code"));
    json_put_str(w, "strategy", k.draft.name.n ? k.draft.name : k.draft.code);
    json_put_str(w, "step", arg_has(call, "step") ? arg_text(call, "step") : S(""));
    json_put_str(w, "was", was.n ? draft_print(cx->arena, was) : S(""));
    if (k.is_draft) TRY(put_actor(cx, w, k.actor));
    strategy_put_fields(w, &s);
    put_others(w, &s);
    put_faults(w, findings, fresh ? 0 : n < DRAFT_FINDINGS_MAX ? n : DRAFT_FINDINGS_MAX, at);
    json_object_end(w);
    return OK;
}

const struct action strategy_step_action = {
    .verb = "strategy step",
    .path = "GET /strategies/{code}/draft/step",
    .summary = "Show a step of the draft, field by field, with what is wrong",
    .details = "With fields given it is shown as it would be with them; nothing is kept. Without --step, a new one.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(CODE, {"step", P_TEXT, POSITIONAL, "id of the step", NULL}, STEP_FIELDS),
    .run = step_run,
    .view = "strategy_step",
};

static enum rc step_set_run(struct ctx *cx, struct call *call) {
    struct kept_draft k;
    struct draft_step s = {.field = {[DRAFT_ID] = S("")}};
    TRY(draft_load(cx, arg_text(call, "code"), &k));
    size_t at = arg_has(call, "step") ? strategy_draft_find(&k.draft, arg_text(call, "step")) : SIZE_MAX;
    if (at != SIZE_MAX) {
        TRY(draft_check_was(cx, call, draft_step_write(cx->arena, &k.draft.steps[at])));
        s = k.draft.steps[at];
    }
    if (!take_fields(cx->arena, call, &s)) return fail_field(cx, INVALID, "kind", "name the fields to change", "nothing is given for the step");
    if (at == SIZE_MAX) {
        s.field[DRAFT_ID] = arg_has(call, "step") ? arg_text(call, "step") : strategy_draft_new_id(cx->arena, &k.draft, s.field[DRAFT_KIND]);
        strategy_draft_insert(cx->arena, &k.draft, strategy_draft_place(cx, &k.draft, &s), &s);
    } else {
        k.draft.steps[at] = s;
    }
    return put_kept(cx, call, &k, s.field[DRAFT_ID]);
}

const struct action strategy_step_set_action = {
    .verb = "strategy step-set",
    .path = "POST /strategies/{code}/draft/step",
    .summary = "Change a step of the draft, or add one",
    .details = "Fields that are not given stay as they are; an empty one goes back to its default. A new step goes where its day belongs.",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS(CODE, {"step", P_TEXT, POSITIONAL, "id of the step; a new one if there is none", NULL}, WAS, STEP_FIELDS),
    .run = step_set_run,
    .then = "/strategies/{code}/draft",
    .form = "strategy step",
};

static enum rc find_step(struct ctx *cx, const struct call *call, const struct kept_draft *k, size_t *out_at) {
    *out_at = strategy_draft_find(&k->draft, arg_text(call, "step"));
    if (*out_at != SIZE_MAX) return OK;
    return fail_field(cx, NOT_FOUND, "step", "aldia strategy draft lists them", "the draft has no such step");
}

static enum rc step_move_run(struct ctx *cx, struct call *call) {
    struct kept_draft k;
    size_t at;
    TRY(draft_load(cx, arg_text(call, "code"), &k));
    TRY(find_step(cx, call, &k, &at));
    strategy_draft_move(&k.draft, at, str_is(arg_text(call, "to"), "up") ? -1 : 1);
    return put_kept(cx, call, &k, arg_text(call, "step"));
}

const struct action strategy_step_move_action = {
    .verb = "strategy step-move",
    .path = "POST /strategies/{code}/draft/move",
    .summary = "Move a step of the draft one place up or down",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS(CODE, {"step", P_TEXT, REQUIRED | POSITIONAL, "id of the step", NULL}, {"to", P_CHOICE, REQUIRED | POSITIONAL, "where to", "up|down"}),
    .run = step_move_run,
    .then = "/strategies/{code}/draft",
    .form = "strategy draft",
};

static enum rc step_remove_run(struct ctx *cx, struct call *call) {
    struct kept_draft k;
    size_t at;
    TRY(draft_load(cx, arg_text(call, "code"), &k));
    TRY(find_step(cx, call, &k, &at));
    TRY(draft_check_was(cx, call, draft_step_write(cx->arena, &k.draft.steps[at])));
    strategy_draft_remove(&k.draft, at);
    return put_kept(cx, call, &k, arg_text(call, "step"));
}

const struct action strategy_step_remove_action = {
    .verb = "strategy step-remove",
    .path = "POST /strategies/{code}/draft/remove",
    .summary = "Take a step out of the draft",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS(CODE, {"step", P_TEXT, REQUIRED | POSITIONAL, "id of the step", NULL}, WAS),
    .run = step_remove_run,
    .then = "/strategies/{code}/draft",
    .form = "strategy draft",
};

static enum rc discard_run(struct ctx *cx, struct call *call) {
    struct strategy_by_code_row s;
    TRY(find_strategy(cx, arg_text(call, "code"), &s));
    TRY(strategy_draft_drop(cx, &(struct strategy_draft_drop_params){.id = s.id}));
    json_object(call->out);
    json_put_str(call->out, "code", arg_text(call, "code"));
    json_object_end(call->out);
    return OK;
}

const struct action strategy_draft_discard_action = {
    .verb = "strategy draft-discard",
    .path = "POST /strategies/{code}/draft/discard",
    .summary = "Forget the draft; what is in force stays",
    .needs = CAP_STRATEGY_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS(CODE),
    .run = discard_run,
    .then = "/strategies/{code}/draft",
    .form = "strategy draft",
};
