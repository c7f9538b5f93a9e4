/* A strategy for the eye: its steps as a table, and where each stands on a line of days drawn to scale. */
#include "action/strategy_page.h"

#include "action/lookup.h"

/* The drawing is 1120 wide: an issue notice stands at the left, what is counted from the due date between 140 and 1060. */
#define LEFT 150
#define RIGHT 1060
#define ISSUE 60
#define NEAR 104 /* closer names would touch: the second moves a line away */

struct scale {
    int32_t from, to;
};

static struct scale scale_of(const struct strategy *s) {
    struct scale scale = {-1, 1};
    for (size_t i = 0; i < s->step_count; i++) {
        if (s->steps[i].anchor != ANCHOR_DUE) continue;
        if (s->steps[i].offset < scale.from) scale.from = s->steps[i].offset;
        if (s->steps[i].offset > scale.to) scale.to = s->steps[i].offset;
    }
    return scale;
}

static int32_t place(const struct scale *scale, int32_t offset) {
    return LEFT + (offset - scale->from) * (RIGHT - LEFT) / (scale->to - scale->from);
}

static const char *const modes[] = {[MODE_AUTOMATIC] = "automatic", [MODE_CONFIRM] = "confirm", [MODE_TEST] = "test"};
static const char *const anchors[] = {[ANCHOR_ISSUE] = "issue", [ANCHOR_DUE] = "due", [ANCHOR_PREVIOUS] = "previous",
                                      [ANCHOR_PROMISE] = "promise"};

static const char *ladder_word(const struct step *s) {
    return s->ladder == LADDER_MESSAGE ? "message" : s->ladder == LADDER_TASK ? "task" : "state";
}

/* "D−7", "D", "D+14". */
static Str offset_text(struct ctx *cx, int32_t offset) {
    if (offset == 0) return S("D");
    return arena_printf(cx->arena, "D%s%d", offset < 0 ? "\xe2\x88\x92" : "+", offset < 0 ? -offset : offset);
}

static void put_step(struct ctx *cx, struct json_writer *w, const struct step *s, int rank, const struct scale *scale,
                     int32_t *last) {
    bool above = s->ladder == LADDER_MESSAGE, on_track = s->anchor == ANCHOR_DUE || s->anchor == ANCHOR_ISSUE;
    int32_t x = s->anchor == ANCHOR_ISSUE ? ISSUE : place(scale, s->offset);
    bool near = on_track && x - last[above] < NEAR;
    if (on_track && !near) last[above] = x;
    json_object(w);
    json_put_i64(w, "rank", rank);
    json_put_str(w, "step", s->id);
    json_put_str(w, "name", s->name.n ? s->name : s->id);
    json_put_text(w, "ladder", ladder_word(s));
    json_put_text(w, "anchor", anchors[s->anchor]);
    json_put_i64(w, "offset", s->offset);
    json_put_str(w, "offset_text", offset_text(cx, s->offset));
    json_put_str(w, "kind", s->kind);
    json_put_text(w, "tone", s->has_tone ? tone_name(s->tone) : NULL);
    json_put_text(w, "channel", above ? channel_kind_name(s->channel) : NULL);
    json_put_text(w, "mode", modes[s->mode]);
    json_put_bool(w, "on_track", on_track);
    json_put_bool(w, "above", above);
    json_put_i64(w, "x", x);
    json_put_i64(w, "icon_x", x - 9);
    json_put_i64(w, "name_y", above ? (near ? 34 : 18) : (near ? 226 : 210));
    json_put_i64(w, "day_y", above ? (near ? 50 : 34) : (near ? 241 : 225));
    json_object_end(w);
}

void strategy_put_steps(struct ctx *cx, struct json_writer *w, const struct strategy *s) {
    struct scale scale = scale_of(s);
    int32_t last[2] = {-1000, -1000};
    json_put_i64(w, "due_x", place(&scale, 0));
    json_put_i64(w, "after_width", 1120 - place(&scale, 0));
    json_key(w, "steps");
    json_array(w);
    for (size_t i = 0; i < s->step_count; i++) put_step(cx, w, &s->steps[i], (int)i + 1, &scale, last);
    json_array_end(w);
}
