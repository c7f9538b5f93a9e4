/* A strategy while people change it: every field as its text, right or wrong, so that nobody's half-finished work is lost.
 *
 * Read from YAML and written as YAML; what is not changed means the same afterwards (comments beside the steps go). What is wrong is
 * found by the reader of strategy files itself (strategy_lint), so a draft without findings is a strategy that can be applied. */
#ifndef STRATEGY_STRATEGY_DRAFT_H
#define STRATEGY_STRATEGY_DRAFT_H

#include "strategy/strategy.h"

/* `name` is the word of files, pages and findings. KIND is "message:claim", "task:call", "state:suspend". */
#define DRAFT_FIELDS(X)                                                                                                            \
    X(ID, "id") X(NAME, "name") X(KIND, "kind") X(FROM, "from") X(DAYS, "days") X(LATENESS, "lateness")                            \
    X(NEVER_AFTER_NEXT, "never_after_next") X(REPEAT_EVERY, "repeat_every") X(TONE, "tone") X(CHANNEL, "channel")                  \
    X(FALLBACK, "fallback") X(ATTACH, "attach") X(MODE, "mode") X(NO_REPLY, "no_reply") X(MIN_AMOUNT, "min_amount")                \
    X(MAX_AMOUNT, "max_amount") X(MIN_DAYS_SINCE_CONTACT, "min_days_since_contact")                                                \
    X(MIN_SILENT_REMINDERS, "min_silent_reminders") X(SEGMENTS, "segments") X(CHANNELS, "channels")
enum draft_field {
#define X(field, name) DRAFT_##field,
    DRAFT_FIELDS(X)
#undef X
        DRAFT_FIELD_COUNT
};
const char *draft_field_name(enum draft_field field);

/* Empty: not said, the default holds. Lists are "a,b"; DRAFT_NONE an empty list, which differs from saying nothing. */
#define DRAFT_NONE "none"
struct draft_step {
    Str field[DRAFT_FIELD_COUNT];
};

struct strategy_draft {
    Str comment; /* the lines before everything, each with # */
    Str code, name, description, segments, silent, channel, fallback, mode;
    struct draft_step *steps;
    size_t step_count, step_room;
};

/* INVALID when it is no YAML or not of the shape of a strategy file; values are not judged. In cx->arena. */
MUST_USE enum rc strategy_draft_read(struct ctx *cx, Str yaml, struct strategy_draft *out_draft);
Str strategy_draft_write(struct arena *arena, const struct strategy_draft *draft);
/* One step as it is written; equal texts are equal steps. */
Str draft_step_write(struct arena *arena, const struct draft_step *step);

/* SIZE_MAX: none has that id. */
size_t strategy_draft_find(const struct strategy_draft *draft, Str id);
/* Puts a step at a place (from 0; beyond the end: at the end), in the arena. */
void strategy_draft_insert(struct arena *arena, struct strategy_draft *draft, size_t at, const struct draft_step *step);
void strategy_draft_remove(struct strategy_draft *draft, size_t at);
/* One place up (-1) or down (+1); at the ends nothing happens. */
void strategy_draft_move(struct strategy_draft *draft, size_t at, int by);
/* The place a new step belongs to by its day, so that the order of time is kept; the end when its day is not understood. */
size_t strategy_draft_place(struct ctx *cx, const struct strategy_draft *draft, const struct draft_step *step);
/* An id nobody has yet: the kind with a number, "claim-4". */
Str strategy_draft_new_id(struct arena *arena, const struct strategy_draft *draft, Str kind);

/* What is wrong, in a code the pages have words for (label.finding.CODE) and the field it belongs to. */
struct draft_finding {
    size_t step;             /* SIZE_MAX: the strategy as a whole */
    const char *field;       /* "days"; of the whole: "silent", "steps" … */
    const char *code;        /* "days_missing" */
    Str value, other;        /* as typed; the id of the other step the finding is about */
    Str message, hint;       /* the same for programs, in English */
};
#define DRAFT_FINDINGS_MAX 200
/* Every step is read by itself; what is wrong with it is set aside and it is read again, so that all of its faults are told at
 * once. Returns how many; none means that strategy_parse takes the text. out_readable (may be NULL): the strategy with what is wrong
 * set aside, one step for each of the draft's, to be drawn. */
size_t strategy_lint(struct ctx *cx, const struct strategy_draft *draft, struct draft_finding *out_findings, size_t max,
                     struct strategy *out_readable);

/* What differs, field by field, for people (REQ: B12). Steps are the same by their id; moved: the order among those both have. */
enum draft_change_kind { DRAFT_ADDED, DRAFT_CHANGED, DRAFT_MOVED, DRAFT_REMOVED, DRAFT_HEAD };
struct draft_change {
    enum draft_change_kind kind;
    const struct draft_step *before, *after; /* NULL where there is none */
    const char *field;                       /* of CHANGED and HEAD */
    Str from, to;
};
/* In the order of the newer one, then what was removed. Returns how many there are, also beyond max. */
size_t strategy_draft_diff(const struct strategy_draft *before, const struct strategy_draft *after, struct draft_change *out_changes,
                           size_t max);

#endif
