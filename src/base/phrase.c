/* Look-up in the compiled phrases. */
#include "base/phrase.h"

#include <string.h>

#include "base/ctx.h"

/* The column of a language, or -1 for English. */
static int column(const char *lang) {
    if (!lang) return -1;
    if (strncmp(lang, "es", 2) == 0) return 0;
    return strncmp(lang, "pt", 2) == 0 ? 1 : -1;
}

const char *phrase_in(const char *lang, const char *english) {
    int at = column(lang);
    size_t low = 0, high = at < 0 ? 0 : phrase_row_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(english, phrase_rows[middle].english);
        if (order == 0) return phrase_rows[middle].text[at];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return english;
}

const char *phrase(const struct ctx *cx, const char *english) {
    return phrase_in(cx->lang_unsaid ? NULL : cx->lang, english);
}
