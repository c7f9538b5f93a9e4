/* One step of a strategy file: its words, its numbers, its conditions, each complaint with the line and the remedy. */
#include "strategy/strategy_step.h"

#include <stdio.h>

#define DAYS_MAX 3650

static const char *const step_keys[] = {
    "id",       "name", "message",          "task",         "state", "from", "days", "tone", "channel", "fallback",
    "lateness", "mode", "never_after_next", "repeat_every", "attach", "when", NULL};
static const char *const when_keys[] = {
    "no_reply", "min_amount", "max_amount", "min_days_since_contact", "min_silent_reminders",
    "segments", "channels",   NULL};

/* Kinds there are, by ladder; what each means stands in docs/ref/strategies.md. */
static const char *const message_kinds[] = {"new_invoice",    "due_soon", "due_today", "claim",
                                            "promise_broken", "campaign", NULL};
static const char *const task_kinds[] = {"call",  "escalate", "review",      "reconcile", "send_copy", "verify_payment",
                                         "visit", "letter",   "third_party", "other",     NULL};
static const char *const state_kinds[] = {"suspend", "agency", "legal", "close_account", "write_off", NULL};

static const struct {
    const char *key;
    const char *const *kinds;
} ladders[] = {[LADDER_MESSAGE] = {"message", message_kinds},
               [LADDER_TASK] = {"task", task_kinds},
               [LADDER_STATE] = {"state", state_kinds}};

static const char *const anchors[] = {
    [ANCHOR_ISSUE] = "issue", [ANCHOR_DUE] = "due", [ANCHOR_PREVIOUS] = "previous", [ANCHOR_PROMISE] = "promise", NULL};
static const char *const modes[] = {
    [MODE_AUTOMATIC] = "automatic", [MODE_CONFIRM] = "confirm", [MODE_TEST] = "test", NULL};
static const char *const tones[] = {
    [TONE_FRIENDLY] = "friendly", [TONE_CONCERN] = "concern", [TONE_FIRM] = "firm", NULL};

static Str join(struct ctx *cx, const char *const *words) {
    struct buf list = buf_make(400);
    for (const char *const *w = words; *w; w++) {
        if (w != words) buf_add_cstr(&list, ", ");
        buf_add_cstr(&list, *w);
    }
    Str text = arena_str(cx->arena, buf_str(&list));
    buf_done(&list);
    return text;
}

/* The position of a node's text among `words`; INVALID lists them. */
static enum rc read_word(struct ctx *cx, const char *name, const struct yaml_node *node, const char *const *words,
                         int *out_index) {
    for (int i = 0; words[i]; i++)
        if (node->kind == YAML_SCALAR && str_is(node->scalar, words[i])) {
            *out_index = i;
            return OK;
        }
    char hint[240];
    snprintf(hint, sizeof hint, phrase(cx, "one of: %.*s"), STR_ARG(join(cx, words)));
    return yaml_fail(cx, name, node, hint, "\"%.*s\" is no known %.*s", STR_ARG(node->scalar), STR_ARG(node->key));
}

static enum rc read_optional_word(struct ctx *cx, const char *name, const struct yaml_node *mapping, const char *key,
                                  const char *const *words, int *index) {
    const struct yaml_node *node = yaml_get(mapping, key);
    return node ? read_word(cx, name, node, words, index) : OK;
}

enum rc word_list_read(struct ctx *cx, const char *name, const struct yaml_node *mapping, const char *key,
                       bool (*known)(Str), Str *out_list) {
    const struct yaml_node *node = yaml_get(mapping, key);
    *out_list = S("");
    if (!node) return OK;
    if (node->kind == YAML_MAPPING) return yaml_fail(cx, name, node, "write [a, b]", "%s must be a list", key);
    struct buf list = buf_make(1000);
    const struct yaml_node *entry = node->kind == YAML_SEQUENCE ? node->child : node;
    enum rc rc = OK;
    for (; entry && rc == OK; entry = entry == node ? NULL : entry->next)
        for (Str rest = entry->scalar; rest.p && rc == OK;) {
            Str word = str_trim(str_cut(&rest, ','));
            if (entry->kind != YAML_SCALAR || (known && word.n && !known(word)))
                rc = yaml_fail(cx, name, entry, NULL, "\"%.*s\" is unknown in %s", STR_ARG(word), key);
            if (rc != OK) snprintf(cx->fault.field, sizeof cx->fault.field, "%s", key);
            if (word.n && list.n) buf_add_char(&list, ',');
            buf_add(&list, word);
        }
    if (rc == OK && !buf_ok(&list)) rc = yaml_fail(cx, name, node, NULL, "%s is too long", key);
    if (rc == OK) *out_list = arena_str(cx->arena, buf_str(&list));
    buf_done(&list);
    return rc;
}

static bool is_channel(Str word) {
    enum channel_kind kind;
    return channel_kind_parse(word, &kind);
}

static enum rc read_channel(struct ctx *cx, const char *name, const struct yaml_node *at, Str word,
                            enum channel_kind *out) {
    const char *hint = PHRASE("one of: email, sms, whatsapp, letter");
    if (str_is(word, "call"))
        return yaml_fail(cx, name, at, "write a step with task: call", "a message cannot go out as a call");
    if (!channel_kind_parse(word, out)) return yaml_fail(cx, name, at, hint, "\"%.*s\" is no channel", STR_ARG(word));
    return OK;
}

enum rc step_defaults_read(struct ctx *cx, const char *name, const struct yaml_node *mapping,
                           struct step_defaults *defaults) {
    int mode = (int)defaults->mode;
    TRY(read_optional_word(cx, name, mapping, "mode", modes, &mode));
    defaults->mode = (enum step_mode)mode;
    const struct yaml_node *channel = yaml_get(mapping, "channel"), *fallback = yaml_get(mapping, "fallback");
    if (channel) TRY(read_channel(cx, name, channel, channel->scalar, &defaults->channel));
    if (!fallback) return OK;
    Str list;
    TRY(word_list_read(cx, name, mapping, "fallback", NULL, &list));
    defaults->fallback_count = 0;
    for (Str rest = list; rest.p;) {
        Str word = str_cut(&rest, ',');
        if (!word.n) continue;
        enum channel_kind kind = CHANNEL_NONE;
        TRY(read_channel(cx, name, fallback, word, &kind));
        for (size_t i = 0; i < defaults->fallback_count; i++)
            if (defaults->fallback[i] == kind)
                return yaml_fail(cx, name, fallback, NULL, "channel \"%.*s\" stands twice in fallback", STR_ARG(word));
        defaults->fallback[defaults->fallback_count++] = kind;
    }
    return OK;
}

/* "500.00 USD" */
static enum rc read_amount(struct ctx *cx, const char *name, const struct yaml_node *mapping, const char *key,
                           bool *has, Money *out) {
    const struct yaml_node *node = yaml_get(mapping, key);
    if (!node) return OK;
    Str rest = str_trim(node->scalar), digits = str_cut(&rest, ' ');
    Currency currency;
    if (node->kind != YAML_SCALAR || !rest.p || !currency_parse(str_trim(rest), &currency))
        return yaml_fail(cx, name, node, "write an amount and a currency, as in 500.00 USD", "%s has no currency", key);
    if (money_parse(digits, currency, '.', 0, out) != MONEY_OK || out->minor < 0)
        return yaml_fail(cx, name, node, "write an amount and a currency, as in 500.00 USD", "\"%.*s\" is no amount",
                         STR_ARG(digits));
    *has = true;
    return OK;
}

static enum rc read_when(struct ctx *cx, const char *name, const struct yaml_node *step, struct step_conditions *out) {
    const struct yaml_node *when = yaml_get(step, "when");
    out->segments = out->channels = S("");
    if (!when) return OK;
    TRY(yaml_only(cx, name, when, when_keys));
    int64_t days = 0, silent = 0;
    TRY(yaml_bool(cx, name, when, "no_reply", &out->no_reply));
    TRY(read_amount(cx, name, when, "min_amount", &out->has_min_amount, &out->min_amount));
    TRY(read_amount(cx, name, when, "max_amount", &out->has_max_amount, &out->max_amount));
    TRY(yaml_int(cx, name, when, "min_days_since_contact", 0, 365, &days));
    TRY(yaml_int(cx, name, when, "min_silent_reminders", 0, 100, &silent));
    TRY(word_list_read(cx, name, when, "segments", NULL, &out->segments));
    TRY(word_list_read(cx, name, when, "channels", is_channel, &out->channels));
    out->min_days_since_contact = (int32_t)days;
    out->min_silent_reminders = (int32_t)silent;
    return OK;
}

static bool is_id(Str id) {
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && (i == 0 || (c != '-' && c != '_'))) return false;
    }
    return id.n > 0 && id.n <= 40 && !str_is(id, "contact-data");
}

static enum rc read_kind(struct ctx *cx, const char *name, const struct yaml_node *node, struct step *out) {
    const struct yaml_node *found = NULL;
    for (size_t i = 0; i < COUNT_OF(ladders); i++) {
        const struct yaml_node *kind = yaml_get(node, ladders[i].key);
        if (kind && found)
            return yaml_fail(cx, name, kind, "make two steps of it", "step \"%.*s\" is both %.*s and %s",
                             STR_ARG(out->id), STR_ARG(found->key), ladders[i].key);
        if (!kind) continue;
        found = kind;
        out->ladder = (enum ladder)i;
        int index = 0;
        TRY(read_word(cx, name, kind, ladders[i].kinds, &index));
        out->kind = str_from(ladders[i].kinds[index]);
    }
    if (found) return OK;
    return yaml_fail(cx, name, node, "add message:, task: or state: with a kind, as in message: claim",
                     "step \"%.*s\" does nothing", STR_ARG(out->id));
}

static enum rc check_anchor(struct ctx *cx, const char *name, const struct yaml_node *node,
                            const struct step_place *above, const struct step *s) {
    const struct yaml_node *days = yaml_get(node, "days");
    const struct yaml_node *from = yaml_get(node, "from");
    if (!days)
        return yaml_fail(cx, name, node, "add days: with a number; negative is before, as in days: -7",
                         "step \"%.*s\" has no days", STR_ARG(s->id));
    if (s->anchor == ANCHOR_PREVIOUS && !above)
        return yaml_fail(cx, name, from, "count it from due or issue", "the first step has no previous one");
    if (s->anchor == ANCHOR_PREVIOUS && above->base == ANCHOR_PROMISE)
        return yaml_fail(cx, name, from, "count it from promise or due",
                         "step \"%.*s\" follows a promise step, which most items never have", STR_ARG(s->id));
    if (s->anchor == ANCHOR_ISSUE && s->offset < 0)
        return yaml_fail(cx, name, days, "use 0 or more", "nothing can be said before the invoice is issued");
    if (s->anchor == ANCHOR_PROMISE && s->offset < 1)
        return yaml_fail(cx, name, days, "use 1 or more",
                         "a promise is broken only after its date; while it runs the item is left in peace");
    if (s->anchor == ANCHOR_PREVIOUS && s->offset < 0)
        return yaml_fail(cx, name, days, "move the step up instead", "a step cannot come before its previous one");
    if (s->repeat_every && (s->anchor == ANCHOR_PROMISE || s->never_after_next))
        return yaml_fail(cx, name, yaml_get(node, "repeat_every"), NULL,
                         "repeat_every does not go with from: promise or never_after_next");
    return OK;
}

struct step_place step_place(const struct step *s, const struct step_place *above) {
    if (s->anchor != ANCHOR_PREVIOUS || !above) return (struct step_place){s->anchor, s->offset};
    return (struct step_place){above->base, above->offset + s->offset};
}

/* A whole number of days, or "unlimited". Notices may be 6 days late, the rest any time. */
static enum rc read_lateness(struct ctx *cx, const char *name, const struct yaml_node *node, struct step *s) {
    int64_t days = 6;
    if (str_is(yaml_text(node, "lateness"), "unlimited")) {
        s->max_lateness = LATENESS_UNLIMITED;
        return OK;
    }
    TRY(yaml_int(cx, name, node, "lateness", 0, DAYS_MAX, &days));
    bool unlimited = !yaml_get(node, "lateness") && !s->before_due;
    s->max_lateness = unlimited ? LATENESS_UNLIMITED : (int32_t)days;
    return OK;
}

static enum rc read_timing(struct ctx *cx, const char *name, const struct yaml_node *node,
                           const struct step_place *above, struct step *s) {
    int anchor = ANCHOR_DUE;
    int64_t days = 0, repeat = 0;
    TRY(read_optional_word(cx, name, node, "from", anchors, &anchor));
    TRY(yaml_int(cx, name, node, "days", -DAYS_MAX, DAYS_MAX, &days));
    TRY(yaml_int(cx, name, node, "repeat_every", 1, DAYS_MAX, &repeat));
    TRY(yaml_bool(cx, name, node, "never_after_next", &s->never_after_next));
    s->anchor = (enum anchor)anchor;
    s->offset = (int32_t)days;
    s->repeat_every = (int32_t)repeat;
    TRY(check_anchor(cx, name, node, above, s));
    struct step_place place = step_place(s, above);
    s->before_due = place.base == ANCHOR_ISSUE || (place.base == ANCHOR_DUE && place.offset <= 0);
    return read_lateness(cx, name, node, s);
}

static bool is_attachment(Str word) { return str_is(word, "invoice") || str_is(word, "statement"); }

static enum rc read_attach(struct ctx *cx, const char *name, const struct yaml_node *node, struct step *s) {
    Str list;
    TRY(word_list_read(cx, name, node, "attach", is_attachment, &list));
    if (list.n && s->ladder != LADDER_MESSAGE)
        return yaml_fail(cx, name, yaml_get(node, "attach"), "leave it out, or make the step a message",
                         "nothing can be attached to step \"%.*s\": it is no message", STR_ARG(s->id));
    for (Str rest = list; rest.p;) {
        Str word = str_cut(&rest, ',');
        if (word.n) s->attach |= str_is(word, "invoice") ? ATTACH_INVOICE : ATTACH_STATEMENT;
    }
    return OK;
}

enum rc step_read(struct ctx *cx, const char *name, const struct yaml_node *node, const struct step_defaults *defaults,
                  const struct step_place *above, struct step *out_step) {
    TRY(yaml_only(cx, name, node, step_keys));
    struct step s = {.id = yaml_text(node, "id"), .name = yaml_text(node, "name"), .line = node->line};
    if (!is_id(s.id))
        return yaml_fail(cx, name, yaml_get(node, "id") ? yaml_get(node, "id") : node,
                         "up to 40 small letters, digits, - and _, as in claim-1; it stays for life",
                         "\"%.*s\" cannot be the id of a step", STR_ARG(s.id));
    if (!s.name.n) s.name = s.id;
    TRY(read_kind(cx, name, node, &s));
    TRY(read_timing(cx, name, node, above, &s));
    struct step_defaults way = *defaults;
    TRY(step_defaults_read(cx, name, node, &way));
    s.mode = way.mode;
    s.channel = way.channel;
    for (size_t i = 0; i < way.fallback_count; i++)
        if (way.fallback[i] != way.channel) s.fallback[s.fallback_count++] = way.fallback[i];
    int tone = TONE_FRIENDLY;
    TRY(read_optional_word(cx, name, node, "tone", tones, &tone));
    s.tone = (enum tone)tone;
    s.has_tone = yaml_get(node, "tone") != NULL;
    TRY(read_attach(cx, name, node, &s));
    TRY(read_when(cx, name, node, &s.when));
    *out_step = s;
    return OK;
}
