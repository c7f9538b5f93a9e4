/* Look-up in the compiled words of commands. */
#include "cli/word.h"

#include <stdio.h>
#include <string.h>

#define KEY_MOST 96 /* no key of the table is longer */

static const char *find_word(int column, const char *key) {
    size_t low = 0, high = word_row_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(key, word_rows[middle].key);
        if (order == 0) return word_rows[middle].text[column];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static int column_of(const char *lang) {
    if (!lang) return -1;
    if (strncmp(lang, "es", 2) == 0) return 0;
    return strncmp(lang, "pt", 2) == 0 ? 1 : -1;
}

/* Where a member is called like another of a different meaning. */
static Str meant(const struct word_place *place, Str key) {
    static const struct {
        const char *verb, *key, *meant;
    } others[] = {{"why", "code", "reason"}, {"rules ", "code", "reason"}, {"calendar ", "open", "may_leave"}};
    for (size_t i = 0; place->verb && i < sizeof others / sizeof *others; i++)
        if (strncmp(place->verb, others[i].verb, strlen(others[i].verb)) == 0 && str_is(key, others[i].key)) return str_from(others[i].meant);
    return key;
}

Str word_of_value(const struct word_place *place, Str key, Str value) {
    char text[KEY_MOST];
    int column = column_of(place->lang);
    Str member = meant(place, key);
    if (column < 0 || value.n == 0 || member.n + value.n + 1 >= sizeof text) return value;
    snprintf(text, sizeof text, "%.*s.%.*s", STR_ARG(member), STR_ARG(value));
    const char *word = find_word(column, text);
    return word ? str_from(word) : value;
}

Str word_of_key(const struct word_place *place, Str key) {
    char text[KEY_MOST];
    int column = column_of(place->lang);
    Str member = meant(place, key);
    if (column < 0 || member.n == 0 || member.n >= sizeof text) return key;
    snprintf(text, sizeof text, "%.*s", STR_ARG(member));
    const char *word = find_word(column, text);
    return word ? str_from(word) : word_of_value(place, S("reason"), key);
}
