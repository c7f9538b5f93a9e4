/* Look-up in the compiled phrases. */
#include "base/phrase.h"

#include <string.h>

#include "base/ctx.h"

/* The column of a language, or -1 for English. */
static int column_of(const char *lang) {
    if (!lang) return -1;
    if (strncmp(lang, "es", 2) == 0) return 0;
    return strncmp(lang, "pt", 2) == 0 ? 1 : -1;
}

const char *phrase_row_find(const struct phrase_row *rows, size_t count, const char *lang, const char *key) {
    int column = column_of(lang);
    size_t low = 0, high = column < 0 ? 0 : count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(key, rows[middle].key);
        if (order == 0) return rows[middle].text[column];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *phrase_in(const char *lang, const char *english) {
    const char *told = phrase_row_find(phrase_rows, phrase_row_count, lang, english);
    return told ? told : english;
}

const char *phrase(const struct ctx *cx, const char *english) {
    return phrase_in(cx->lang_unsaid ? NULL : cx->lang, english);
}
