/* What differs between two versions, in the words of the file, one line each (REQ: B12):
 *
 *     + claim-4: message claim, due+28        - d-7        claim-1: days 7 -> 10        claim-1: place 4 -> 5 */
#include "strategy/strategy.h"

static const char *const anchors[] = {
    [ANCHOR_ISSUE] = "issue", [ANCHOR_DUE] = "due", [ANCHOR_PREVIOUS] = "previous", [ANCHOR_PROMISE] = "promise"};
static const char *const modes[] = {[MODE_AUTOMATIC] = "automatic", [MODE_CONFIRM] = "confirm", [MODE_TEST] = "test"};
static const char *const ladders[] = {[LADDER_MESSAGE] = "message", [LADDER_TASK] = "task", [LADDER_STATE] = "state"};

struct report {
    struct arena *arena;
    Str *lines;
    size_t count, max;
};

static void add_line(struct report *r, Str line) {
    if (r->count < r->max) r->lines[r->count] = line;
    r->count++;
}

static void compare(struct report *r, const struct step *s, const char *what, Str before, Str after) {
    if (str_equal(before, after)) return;
    add_line(r, arena_printf(r->arena, "%.*s: %s %.*s -> %.*s", STR_ARG(s->id), what, STR_ARG(before), STR_ARG(after)));
}

static Str number(struct arena *arena, int32_t value) {
    return value == LATENESS_UNLIMITED ? S("unlimited") : arena_printf(arena, "%d", value);
}

static Str tone_text(const struct step *s) { return s->has_tone ? str_from(tone_name(s->tone)) : S("by age"); }

static Str fallback_text(struct arena *arena, const struct step *s) {
    Str text = S("");
    for (size_t i = 0; i < s->fallback_count; i++)
        text = arena_printf(arena, "%.*s%s%s", STR_ARG(text), i ? "," : "", channel_kind_name(s->fallback[i]));
    return text.n ? text : S("none");
}

static Str amount_text(struct arena *arena, bool has, Money amount) {
    char digits[MONEY_TEXT], code[4];
    if (!has) return S("none");
    Str value = money_text(amount, digits), currency = currency_code(amount.currency, code);
    return arena_printf(arena, "%.*s %.*s", STR_ARG(value), STR_ARG(currency));
}

static Str attach_text(unsigned attach) {
    static const char *const texts[] = {"none", "invoice", "statement", "invoice,statement"};
    return str_from(texts[attach & (ATTACH_INVOICE | ATTACH_STATEMENT)]);
}

static Str or_none(Str text) { return text.n ? text : S("none"); }

static void compare_conditions(struct report *r, const struct step *s, const struct step_conditions *a,
                               const struct step_conditions *b) {
    compare(r, s, "no_reply", a->no_reply ? S("true") : S("false"), b->no_reply ? S("true") : S("false"));
    compare(r, s, "min_amount", amount_text(r->arena, a->has_min_amount, a->min_amount),
            amount_text(r->arena, b->has_min_amount, b->min_amount));
    compare(r, s, "max_amount", amount_text(r->arena, a->has_max_amount, a->max_amount),
            amount_text(r->arena, b->has_max_amount, b->max_amount));
    compare(r, s, "min_days_since_contact", number(r->arena, a->min_days_since_contact),
            number(r->arena, b->min_days_since_contact));
    compare(r, s, "min_silent_reminders", number(r->arena, a->min_silent_reminders),
            number(r->arena, b->min_silent_reminders));
    compare(r, s, "segments", or_none(a->segments), or_none(b->segments));
    compare(r, s, "channels", or_none(a->channels), or_none(b->channels));
}

static void compare_steps(struct report *r, const struct step *a, const struct step *b) {
    compare(r, a, "name", a->name, b->name);
    compare(r, a, "ladder", str_from(ladders[a->ladder]), str_from(ladders[b->ladder]));
    compare(r, a, "kind", a->kind, b->kind);
    compare(r, a, "from", str_from(anchors[a->anchor]), str_from(anchors[b->anchor]));
    compare(r, a, "days", number(r->arena, a->offset), number(r->arena, b->offset));
    compare(r, a, "lateness", number(r->arena, a->max_lateness), number(r->arena, b->max_lateness));
    compare(r, a, "never_after_next", a->never_after_next ? S("true") : S("false"),
            b->never_after_next ? S("true") : S("false"));
    compare(r, a, "repeat_every", number(r->arena, a->repeat_every), number(r->arena, b->repeat_every));
    compare(r, a, "tone", tone_text(a), tone_text(b));
    compare(r, a, "channel", str_from(channel_kind_name(a->channel)), str_from(channel_kind_name(b->channel)));
    compare(r, a, "fallback", fallback_text(r->arena, a), fallback_text(r->arena, b));
    compare(r, a, "attach", attach_text(a->attach), attach_text(b->attach));
    compare(r, a, "mode", str_from(modes[a->mode]), str_from(modes[b->mode]));
    compare_conditions(r, a, &a->when, &b->when);
}

/* How many of the steps before this one both versions have: a place changes only by moving, not by others coming or
 * going. */
static int32_t common_place(const struct strategy *in, const struct strategy *other, const struct step *s) {
    int32_t place = 1;
    for (const struct step *before = in->steps; before < s; before++)
        if (strategy_step(other, before->id)) place++;
    return place;
}

size_t strategy_diff(struct arena *arena, const struct strategy *before, const struct strategy *after, Str *out_lines,
                     size_t max) {
    struct report r = {arena, out_lines, 0, max};
    for (size_t i = 0; i < after->step_count; i++) {
        const struct step *b = &after->steps[i], *a = strategy_step(before, b->id);
        if (!a) {
            add_line(&r, arena_printf(arena, "+ %.*s: %s %.*s, %s%+d", STR_ARG(b->id), ladders[b->ladder],
                                      STR_ARG(b->kind), anchors[b->anchor], b->offset));
            continue;
        }
        compare_steps(&r, a, b);
        compare(&r, b, "place", number(arena, common_place(before, after, a)),
                number(arena, common_place(after, before, b)));
    }
    for (size_t i = 0; i < before->step_count; i++)
        if (!strategy_step(after, before->steps[i].id))
            add_line(&r, arena_printf(arena, "- %.*s", STR_ARG(before->steps[i].id)));
    if (before->silent_before_switch != after->silent_before_switch)
        add_line(&r, arena_printf(arena, "silent_before_switch %d -> %d", before->silent_before_switch,
                                  after->silent_before_switch));
    if (!str_equal(before->segments, after->segments))
        add_line(&r, arena_printf(arena, "segments %.*s -> %.*s", STR_ARG(or_none(before->segments)),
                                  STR_ARG(or_none(after->segments))));
    return r.count;
}
