/* The book of strategies: all of a company's, parsed, and which customer follows which. */
#ifndef PLAN_BOOK_H
#define PLAN_BOOK_H

#include "store/db.h"
#include "strategy/strategy_types.h"

struct strategy_book {
    struct strategy *items;
    size_t count;
    size_t default_at;
};

/* Strategies as parsed, found again by their text: for whoever loads the book for every page. Of one thread. */
struct strategy_memo;
struct strategy_memo *strategy_memo_new(void);
void strategy_memo_free(struct strategy_memo *memo); /* may be NULL */

/* In cx->arena, and in the memo until the book is loaded again; NULL: everything is parsed. INTERNAL when a stored strategy no longer parses. Needs a
 * transaction. */
MUST_USE enum rc strategy_book_load(struct ctx *cx, struct strategy_memo *memo, struct strategy_book *out_book);
/* The one assigned by hand, else the first whose segments name the customer's, else the default. */
const struct strategy *strategy_book_for(const struct strategy_book *book, const struct customer *customer,
                                         int64_t assigned_id);
/* The book as it would be with this strategy in force: in the place of the one with its code, with that one's id and watermark;
 * a new one is added, and nobody but its segments follows it. Nothing is stored. */
void strategy_book_with(struct ctx *cx, struct strategy_book *book, const struct strategy *strategy);
/* Stores a strategy, new or as the next version of the one with its code. The YAML is parsed first. *out_version is the
 * version now in force; the same text again changes nothing. `note` tells why; a strategy that was archived is refused. */
struct strategy_text {
    Str yaml;
    const char *name; /* of the file, for messages */
    Str note;
    bool is_default;
};
MUST_USE enum rc strategy_store(struct ctx *cx, const struct strategy_text *text, struct strategy *out_strategy,
                                int64_t *out_version, bool *out_changed);

#endif
