/* A text while it is linted, between linter.c (the text as a whole) and linter_line.c (each line). Private to message/.
 */
#ifndef MESSAGE_LINTER_PARTS_H
#define MESSAGE_LINTER_PARTS_H

#include "message/kind.h"
#include "message/linter_text.h"
#include "message/linter_words.h"

/* One text while it is looked at. */
struct linting {
    struct ctx *cx;
    const struct lint_language *words;
    const struct lint_source *source;
    const struct wording *w; /* NULL: a file of phrases */
    enum kind_about about;
    bool is_any; /* texts that serve every kind */
    struct phrase_finder finder;
    struct lint_lines lines;
    struct lint_findings *findings;
};

struct lint_finding *lint_add(struct linting *l, enum lint_check check, int line, Str quoted);
/* Texts that anybody may see or hear: for telephones and answering machines. */
bool lint_is_public(const struct wording *w);
/* What must not be said, whatever else the text says. */
void lint_line(struct linting *l, const struct lint_line *line);

#endif
