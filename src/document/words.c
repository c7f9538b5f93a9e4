/* The table. */
#include "document/words.h"

static const char *const words[3][WORD_COUNT] = {
#define X(name, es, en, pt) es,
    {DOCUMENT_WORDS(X)},
#undef X
#define X(name, es, en, pt) en,
    {DOCUMENT_WORDS(X)},
#undef X
#define X(name, es, en, pt) pt,
    {DOCUMENT_WORDS(X)},
#undef X
};

Str word_in(Str language, enum word word) {
    size_t which = str_is(language, "en") ? 1 : str_is(language, "pt") ? 2 : 0;
    return str_from(words[which][word]);
}

static bool is_known(Str language) { return str_is(language, "es") || str_is(language, "en") || str_is(language, "pt"); }

Str document_language(Str wanted, Str other) { return is_known(wanted) ? wanted : is_known(other) ? other : S("es"); }
