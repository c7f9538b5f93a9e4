/* Words: what commands call the members of their results, and the few values some take, in the reader's language. English readers see the
 * keys themselves. texts/commands.txt has them; tools/mkwords.py compiles them in and fails (make layers) when one is missing or unused. */
#ifndef CLI_WORD_H
#define CLI_WORD_H

#include "base/phrase.h"
#include "base/str.h"

/* Who reads, and what. */
struct word_place {
    const char *lang; /* "es" or "pt"; any other, and NULL: the keys themselves */
    const char *verb; /* of the command; NULL: any */
};
/* A member's name; also of a reason's code that stands as a name (held: {"WINDOW": 3}). */
Str word_of_key(const struct word_place *place, Str key);
/* A value of a member; the value itself when it is data. */
Str word_of_value(const struct word_place *place, Str key, Str value);

/* By "state" or "state.open"; generated. */
extern const struct phrase_row word_rows[];
extern const size_t word_row_count;

#endif
