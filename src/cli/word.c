/* Look-up in the compiled words of commands. */
#include "cli/word.h"

#include <stdio.h>
#include <string.h>

#define KEY_MOST 96 /* no key of the table is longer */

static const char *find_word(const struct word_place *place, const char *key) {
    return phrase_row_find(word_rows, word_row_count, place->lang, key);
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
    Str member = meant(place, key);
    if (value.n == 0 || member.n + value.n + 1 >= sizeof text) return value;
    snprintf(text, sizeof text, "%.*s.%.*s", STR_ARG(member), STR_ARG(value));
    const char *word = find_word(place, text);
    return word ? str_from(word) : value;
}

Str word_of_key(const struct word_place *place, Str key) {
    char text[KEY_MOST];
    Str member = meant(place, key);
    if (member.n == 0 || member.n >= sizeof text) return key;
    snprintf(text, sizeof text, "%.*s", STR_ARG(member));
    const char *word = find_word(place, text);
    return word ? str_from(word) : word_of_value(place, S("reason"), key);
}
