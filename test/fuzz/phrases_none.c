/* For fuzzing faults stay in English: no table of phrases. */
#include "base/phrase.h"

const struct phrase_row phrase_rows[1];
const size_t phrase_row_count = 0;
