/* A strategy for the eye: its steps as a table, where each stands on a line of days drawn to scale, and what differs between two. */
#include "action/strategy_page.h"

#include "action/lookup.h"
#include "strategy/strategy_step.h"

#define DIFFERENCES_MAX 300

/* The drawing is 1120 wide: an issue notice stands at the left, what is counted from the due date between 140 and 1060. */
#define LEFT 150
#define RIGHT 1060
#define ISSUE 60
#define NEAR 104 /* closer names would touch: the second moves a line away */

struct scale {
    int32_t from, to;
};

/* Where each step stands once chains of "previous" are followed. */
static const struct step_place *places_of(struct arena *arena, const struct strategy *s) {
    struct step_place *places = ARENA_ARRAY(arena, struct step_place, s->step_count);
    for (size_t i = 0; i < s->step_count; i++) places[i] = step_place(&s->steps[i], i ? &places[i - 1] : NULL);
    return places;
}

static struct scale scale_of(const struct strategy *s, const struct step_place *places) {
    struct scale scale = {-1, 1};
    for (size_t i = 0; i < s->step_count; i++) {
        if (places[i].base != ANCHOR_DUE) continue;
        if (places[i].offset < scale.from) scale.from = places[i].offset;
        if (places[i].offset > scale.to) scale.to = places[i].offset;
    }
    return scale;
}

static int32_t place(const struct scale *scale, int32_t offset) {
    int64_t run = (int64_t)(offset - scale->from) * (RIGHT - LEFT);
    return LEFT + (int32_t)(run / (scale->to - scale->from));
}

static const char *const modes[] = {[MODE_AUTOMATIC] = "automatic", [MODE_CONFIRM] = "confirm", [MODE_TEST] = "test"};
static const char *const anchors[] = {[ANCHOR_ISSUE] = "issue", [ANCHOR_DUE] = "due", [ANCHOR_PREVIOUS] = "previous",
                                      [ANCHOR_PROMISE] = "promise"};

static const char *ladder_word(const struct step *s) {
    return s->ladder == LADDER_MESSAGE ? "message" : s->ladder == LADDER_TASK ? "task" : "state";
}

Str strategy_day_text(struct arena *arena, int32_t offset) {
    if (offset == 0) return S("D");
    return arena_printf(arena, "D%s%d", offset < 0 ? "\xe2\x88\x92" : "+", offset < 0 ? -offset : offset);
}

void strategy_put_finding(struct json_writer *w, const struct draft_finding *f) {
    json_object(w);
    json_put_text(w, "field", f->field);
    json_put_text(w, "finding", f->code);
    json_put_str(w, "value", f->value);
    json_put_str(w, "other", f->other);
    json_put_str(w, "message", f->message);
    json_put_str(w, "hint", f->hint);
    json_object_end(w);
}

static void put_marks(struct json_writer *w, const struct step_marks *marks, size_t at) {
    if (!marks->unsaved) return;
    json_put_bool(w, "unsaved", marks->unsaved[at]);
    json_key(w, "findings");
    json_array(w);
    for (size_t i = 0; i < marks->finding_count; i++)
        if (marks->findings[i].step == at) strategy_put_finding(w, &marks->findings[i]);
    json_array_end(w);
}

/* What the drawing remembers from step to step: the last place taken, below and above. */
struct drawing {
    struct scale scale;
    const struct step_place *places;
    int32_t last[2];
};

static void put_place(struct ctx *cx, struct json_writer *w, struct drawing *d, const struct step *s, size_t at) {
    const struct step_place *where = &d->places[at];
    bool above = s->ladder == LADDER_MESSAGE, on_track = where->base != ANCHOR_PROMISE;
    int32_t x = where->base == ANCHOR_ISSUE ? ISSUE : place(&d->scale, where->offset);
    bool near = on_track && x - d->last[above] < NEAR;
    if (on_track && !near) d->last[above] = x;
    json_put_str(w, "offset_text",
                 s->anchor == ANCHOR_DUE || where->base == ANCHOR_DUE ? strategy_day_text(cx->arena, where->offset) : arena_printf(cx->arena, "+%d", s->offset));
    json_put_bool(w, "on_track", on_track);
    json_put_bool(w, "above", above);
    json_put_i64(w, "x", x);
    json_put_i64(w, "icon_x", x - 9);
    json_put_i64(w, "name_y", above ? (near ? 34 : 18) : (near ? 226 : 210));
    json_put_i64(w, "day_y", above ? (near ? 50 : 34) : (near ? 241 : 225));
}

static void put_step(struct ctx *cx, struct json_writer *w, struct drawing *d, const struct step *s, size_t at,
                     const struct step_marks *marks) {
    bool message = s->ladder == LADDER_MESSAGE;
    json_object(w);
    json_put_i64(w, "rank", (int64_t)at + 1);
    json_put_str(w, "step", s->id);
    json_put_str(w, "name", s->name.n ? s->name : s->id);
    json_put_text(w, "ladder", ladder_word(s));
    json_put_text(w, "anchor", anchors[s->anchor]);
    json_put_i64(w, "offset", s->offset);
    json_put_str(w, "kind", s->kind);
    json_put_text(w, "tone", s->has_tone ? tone_name(s->tone) : NULL);
    json_put_text(w, "channel", message ? channel_kind_name(s->channel) : NULL);
    json_put_text(w, "mode", modes[s->mode]);
    json_put_bool(w, "approval", s->mode == MODE_CONFIRM || s->ladder == LADDER_STATE);
    put_place(cx, w, d, s, at);
    put_marks(w, marks, at);
    json_object_end(w);
}

void strategy_put_steps(struct ctx *cx, struct json_writer *w, const struct strategy *s, const struct step_marks *marks) {
    struct drawing d = {.places = places_of(cx->arena, s), .last = {-1000, -1000}};
    d.scale = scale_of(s, d.places);
    json_put_i64(w, "due_x", place(&d.scale, 0));
    json_put_i64(w, "after_width", 1120 - place(&d.scale, 0));
    json_key(w, "steps");
    json_array(w);
    for (size_t i = 0; i < s->step_count; i++) put_step(cx, w, &d, &s->steps[i], i, marks);
    json_array_end(w);
}

/* ---- what differs ---- */

void strategy_put_fields(struct json_writer *w, const struct draft_step *step) {
    for (int f = 0; f < DRAFT_FIELD_COUNT; f++) json_put_str(w, draft_field_name((enum draft_field)f), step->field[f].p ? step->field[f] : S(""));
}

/* The name the words of a kind are found by. */
static const char *kind_key(Str ladder) { return str_is(ladder, "message") ? "template" : "action"; }

/* The names a value may stand under; a side says of every other that it is not there, for views look outwards. */
static const char *const side_names[] = {"nothing", "text", "flag", "tone", "channel", "mode", "from", "attach", "template", "action"};

static const char *side_name(const char *field, Str value) {
    static const char *const worded[] = {"tone", "channel", "mode", "from", "attach"};
    Str ladder = value;
    if (!value.n) return "nothing";
    if (str_is(value, "true") || str_is(value, "false")) return "flag";
    if (str_is(str_from(field), "kind")) return kind_key(str_cut(&ladder, ':'));
    for (size_t i = 0; i < COUNT_OF(worded); i++)
        if (str_is(str_from(field), worded[i])) return worded[i];
    return "text";
}

/* A value under the name its words are found by: {"tone":"firm"}, {"text":"D+14"}. */
static void put_side(struct ctx *cx, struct json_writer *w, const char *key, const char *field, Str value) {
    int64_t days = 0;
    const char *name = side_name(field, value);
    bool is_day = str_is(str_from(field), "days") && str_to_i64(value, &days) && days > -10000 && days < 10000;
    if (str_is(str_from(field), "kind")) str_cut(&value, ':');
    json_key(w, key);
    json_object(w);
    for (size_t i = 0; i < COUNT_OF(side_names); i++) {
        if (!str_is(str_from(name), side_names[i]))
            json_put_bool(w, side_names[i], false);
        else if (i == 0)
            json_put_bool(w, "nothing", true);
        else
            json_put_str(w, name, is_day ? strategy_day_text(cx->arena, (int32_t)days) : value);
    }
    json_object_end(w);
}

static const char *const change_names[] = {
    [DRAFT_ADDED] = "added", [DRAFT_CHANGED] = "changed", [DRAFT_MOVED] = "moved", [DRAFT_REMOVED] = "removed", [DRAFT_HEAD] = "head"};

static void put_draft_change(struct ctx *cx, struct json_writer *w, const struct draft_change *c) {
    const struct draft_step *s = c->after ? c->after : c->before;
    int64_t days = 0;
    json_object(w);
    json_put_text(w, "change", change_names[c->kind]);
    if (s) {
        Str kind = s->field[DRAFT_KIND], name = s->field[DRAFT_NAME];
        bool due = !s->field[DRAFT_FROM].n || str_is(s->field[DRAFT_FROM], "due");
        json_put_str(w, "step", s->field[DRAFT_ID]);
        json_put_str(w, "name", name.n ? name : s->field[DRAFT_ID]);
        if (due && str_to_i64(s->field[DRAFT_DAYS], &days) && days > -10000 && days < 10000)
            json_put_str(w, "day", strategy_day_text(cx->arena, (int32_t)days));
        Str ladder = str_cut(&kind, ':');
        json_put_str(w, "ladder", ladder);
        json_put_str(w, kind_key(ladder), kind.p ? kind : S(""));
    }
    if (c->field) {
        json_put_text(w, "what", c->field);
        put_side(cx, w, "before", c->field, c->from);
        put_side(cx, w, "after", c->field, c->to);
    }
    json_object_end(w);
}

void strategy_put_diff(struct ctx *cx, struct json_writer *w, const char *key, const struct strategy_draft *before,
                       const struct strategy_draft *after) {
    struct draft_change *changes = ARENA_ARRAY(cx->arena, struct draft_change, DIFFERENCES_MAX);
    size_t n = strategy_draft_diff(before, after, changes, DIFFERENCES_MAX);
    json_key(w, key);
    json_array(w);
    for (size_t i = 0; i < n && i < DIFFERENCES_MAX; i++) put_draft_change(cx, w, &changes[i]);
    json_array_end(w);
}
