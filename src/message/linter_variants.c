/* Wordings that take turns must differ: whoever reads two of them running should not feel a machine (REQ: D4).
 *
 * Likeness is the share of runs of three words that two texts have in common (Jaccard), phrases and fields left out. */
#include <stdlib.h>

#include "message/linter_text.h"
#include "message/linter_words.h"

#define RUN 3
#define ALIKE_PERCENT 40

struct shape {
    const struct lint_source *source;
    const struct wording *w;
    Str language;
    uint64_t *runs; /* sorted, each once */
    size_t run_count;
};

static int by_number(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Hashes of all runs of RUN words. */
static void take_runs(struct arena *arena, Str text, struct shape *shape) {
    struct lint_plain plain = lint_plain_of(arena, text);
    size_t starts[RUN] = {0}, words = 0;
    shape->runs = ARENA_ARRAY(arena, uint64_t, plain.text.n + 1);
    for (size_t i = 1; i < plain.text.n; i++) {
        if (plain.text.p[i - 1] == ' ') starts[words++ % RUN] = i;
        if (plain.text.p[i] != ' ' || words < RUN) continue;
        size_t from = starts[words % RUN];
        shape->runs[shape->run_count++] = str_hash((Str){plain.text.p + from, i - from});
    }
    qsort(shape->runs, shape->run_count, sizeof *shape->runs, by_number);
    size_t kept = 0;
    for (size_t i = 0; i < shape->run_count; i++)
        if (kept == 0 || shape->runs[kept - 1] != shape->runs[i]) shape->runs[kept++] = shape->runs[i];
    shape->run_count = kept;
}

static bool shape_of(struct ctx *cx, const struct lint_source *source, struct shape *out) {
    struct library_reading reading = {.layer = LAYER_COMPANY};
    struct fault before = cx->fault;
    enum rc rc = library_read_file(cx, &reading, source->path, source->file, source->text);
    cx->fault = before; /* told by lint_text */
    if (rc != OK || !reading.languages.count || !reading.languages.items[0].wordings.count) return false;
    *out = (struct shape){.source = source,
                          .w = &reading.languages.items[0].wordings.items[0],
                          .language = reading.languages.items[0].code};
    struct lint_lines lines = {0};
    struct buf b = buf_make((size_t)1 << 20);
    lint_lines_of(cx->arena, out->w, source->text, &lines);
    for (size_t i = 0; i < lines.count; i++)
        if (lines.items[i].part == LINT_PART_BODY) {
            buf_add(&b, lines.items[i].text);
            buf_add_char(&b, '\n');
        }
    take_runs(cx->arena, arena_str(cx->arena, buf_str(&b)), out);
    buf_done(&b);
    return true;
}

static bool take_turns(const struct shape *a, const struct shape *b) {
    return str_equal(a->language, b->language) && str_equal(a->w->kind, b->w->kind) && a->w->form == b->w->form &&
           a->w->tone == b->w->tone && audience_equal(&a->w->meant_for, &b->w->meant_for) &&
           !str_equal(a->w->variant, b->w->variant);
}

static bool are_alike(const struct shape *a, const struct shape *b) {
    size_t common = 0, i = 0, k = 0;
    while (i < a->run_count && k < b->run_count) {
        common += a->runs[i] == b->runs[k];
        uint64_t x = a->runs[i], y = b->runs[k];
        i += x <= y;
        k += y <= x;
    }
    size_t all = a->run_count + b->run_count - common;
    return all && common * 100 >= all * ALIKE_PERCENT;
}

void lint_variants(struct ctx *cx, const struct lint_source *sources, size_t count, struct lint_findings *findings) {
    struct shape *shapes = ARENA_ARRAY(cx->arena, struct shape, count + 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) n += shape_of(cx, &sources[i], &shapes[n]);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (take_turns(&shapes[i], &shapes[k]) && are_alike(&shapes[i], &shapes[k])) {
                struct lint_finding *f = VEC_PUSH(cx->arena, findings);
                *f = (struct lint_finding){.check = LINT_VARIANT_ALIKE,
                                           .file = str_from(shapes[i].source->file),
                                           .line = 1,
                                           .quoted = S(""),
                                           .rule = S(""),
                                           .detail = str_from(shapes[k].source->file)};
            }
}
