/* Word lists of the linter and how they are matched. Private to message/. */
#ifndef MESSAGE_LINTER_WORDS_H
#define MESSAGE_LINTER_WORDS_H

#include "message/linter.h"

enum lint_list {
    LIST_BLOCKED_SUBJECT,
    LIST_COURT,
    LIST_THREAT,
    LIST_BLAME,
    LIST_HARSH,
    LIST_SOFT,
    LIST_ACTION,
    LIST_URGENCY,
    LIST_SITUATION,
    LIST_CONTACT,
    LIST_OPT_OUT,
    LIST_DEBT,
    LIST_CAPITALS_ALLOWED,
    LINT_LISTS
};

/* " orden de embargo ": folded, words apart by one space, a space at both ends but not at an open end. */
struct lint_expressions {
    Str *items;
    size_t count, capacity;
};

struct lint_language {
    Str code;
    struct lint_expressions lists[LINT_LISTS];
    Str found[LINT_CHECKS], remedy[LINT_CHECKS];
};
#define LINT_LANGUAGES 3
struct lint_words {
    struct lint_language languages[LINT_LANGUAGES];
};
/* Spanish for an unknown one. */
const struct lint_language *lint_language(const struct lint_words *words, Str code);

/* A text made ready for matching: `text` has a space at both ends, at[i] is where text.p[i] stands in the original.
 * What stands in {{…}} counts as a space. */
struct lint_plain {
    Str text, original;
    const size_t *at;
};
struct lint_plain lint_plain_of(struct arena *arena, Str original);
/* The place as written, or empty when no expression of the list is in it. */
Str lint_match(const struct lint_plain *plain, const struct lint_expressions *list);
/* The same with one expression, prepared by lint_expression. */
Str lint_match_one(const struct lint_plain *plain, Str expression);
Str lint_expression(struct arena *arena, Str words);

#endif
