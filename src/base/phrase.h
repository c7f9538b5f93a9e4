/* Phrases: what the C code says to people, written in English where it is said, told in the reader's language.
 *
 * The English text is the key; texts/phrases.txt has the Spanish and Portuguese, compiled in by tools/mkphrases.py, which finds every
 * text by the marks below and fails (make layers) when one is missing, unused, or has other printf conversions than the English. */
#ifndef BASE_PHRASE_H
#define BASE_PHRASE_H

#include <stddef.h>

struct ctx;

/* Marks a parameter: literals given there are phrases. The function translates them itself, by phrase() or fail(). */
#define SAYS
/* Marks a literal elsewhere: in a table, or before it comes to phrase(). */
#define PHRASE(text) text

/* The text in the language of whoever asks (cx->lang; English when nobody said one); the text itself when it is not in the table. */
const char *phrase(const struct ctx *cx, SAYS const char *english) __attribute__((format_arg(2)));
/* The same in a language given: "es", "pt"; any other is English. */
const char *phrase_in(const char *lang, SAYS const char *english) __attribute__((format_arg(2)));

/* A text in other languages than English. */
struct phrase_row {
    const char *key; /* of a phrase, its English */
    const char *text[2]; /* es, pt */
};
/* What such a table, sorted by the bytes of the keys, holds for a key in a language; NULL where it is English, or nothing. */
const char *phrase_row_find(const struct phrase_row *rows, size_t count, const char *lang, const char *key);

/* The phrases; generated. */
extern const struct phrase_row phrase_rows[];
extern const size_t phrase_row_count;

#endif
