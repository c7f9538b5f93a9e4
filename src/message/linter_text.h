/* A text to be linted as lines with their places, and what it becomes when its phrases are put in. Private to message/.
 */
#ifndef MESSAGE_LINTER_TEXT_H
#define MESSAGE_LINTER_TEXT_H

#include "message/library.h"

enum lint_part { LINT_PART_SUBJECT, LINT_PART_HEAD, LINT_PART_LAYOUT, LINT_PART_PARAMETER, LINT_PART_BODY };

struct lint_line {
    enum lint_part part;
    int number;
    Str text; /* the value of a head line, a line of the body */
};
struct lint_lines {
    struct lint_line *items;
    size_t count, capacity;
};
/* The lines that somebody reads: comments and empty ones are left out. */
void lint_lines_of(struct arena *arena, const struct wording *w, Str text, struct lint_lines *out_lines);
/* Of a file of phrases: the values. */
void lint_phrase_lines_of(struct arena *arena, Str text, struct lint_lines *out_lines);

/* Appends the text with phrases put in. A message is about one item or several: of these two sections the one called
 * `without` is left out, so that what must be said is looked for in each view. */
void lint_expand(const struct phrase_finder *finder, Str text, const char *without, struct buf *out);
/* Whether an expanded text prints or opens one of these fields ("open", "company.name"); ends with NULL. A name without
 * dots is found at either end of a dotted one, too. */
bool lint_uses(Str expanded, const char *const *fields);
/* As it will roughly read: fields become samples of the usual length, what is only there without a field is left out.
 */
void lint_sample(Str expanded, struct buf *out);

#endif
