/* Strategies and their drafts in the database, for the actions that change them. All need a transaction. */
#ifndef ACTION_DRAFT_STORE_H
#define ACTION_DRAFT_STORE_H

#include "action/action.h"
#include "book_sql.h"
#include "strategy/strategy_draft.h"

/* NOT_FOUND names the remedy. What it gives lies in cx->arena. */
MUST_USE enum rc find_strategy(struct ctx *cx, Str code, struct strategy_by_code_row *out);

/* The strategy in the file `file` of the call: its text, and what it says. INVALID is about a member of it, or about the file. */
MUST_USE enum rc strategy_take_file(struct ctx *cx, const struct call *call, Str *out_yaml, struct strategy *out_strategy);

struct kept_draft {
    struct strategy_by_code_row strategy; /* in force */
    struct strategy_draft force, draft;   /* the same when there is no draft */
    bool is_draft;
    int64_t base_version; /* what the draft was begun from */
    Str actor;            /* who changed it last; of the draft */
    Instant changed_at;
};
MUST_USE enum rc draft_load(struct ctx *cx, Str code, struct kept_draft *out);
/* Keeps it as the draft, or forgets the draft when nothing differs from what is in force. Writes no event: nothing is in force yet. */
MUST_USE enum rc draft_keep(struct ctx *cx, struct kept_draft *kept);

/* A short print of a text, for "was it still this when you changed it". */
Str draft_print(struct arena *arena, Str text);
/* CONFLICT when `was` is given and is not the print of what there is now: another person changed it meanwhile. */
MUST_USE enum rc draft_check_was(struct ctx *cx, const struct call *call, Str now);

#endif
