/* Inside finding: cutting folded texts into words. */
#ifndef PORTFOLIO_FINDING_WORDS_H
#define PORTFOLIO_FINDING_WORDS_H

#include "base/arena.h"
#include "base/str.h"

/* The next run of letters and digits at or behind *at; false when there is none. */
bool find_word_next(Str folded, size_t *at, Str *out_word);
/* The next run of digits, without the zeros in front. */
bool find_digits_next(Str folded, size_t *at, Str *out_digits);
/* Letters and digits only. */
Str find_compact(struct arena *arena, Str folded);
/* The digits of a text, the last one first. */
Str find_digits_backwards(struct arena *arena, Str text);
/* At most FIND_WORD_MOST bytes, whole characters. */
Str find_word_cut(Str word);
/* Length of the letter or digit at `at`, 0 for anything else. */
size_t find_letter(Str folded, size_t at);

#endif
