/* The words of the pages, in Spanish, English and Portuguese: texts/LANGUAGE.txt, compiled in by tools/mktexts.py, which sees to it
 * that no language lacks one. */
#ifndef WEB_TEXT_H
#define WEB_TEXT_H

#include "base/buf.h"

/* The text of a key in a language ("es", "en", "pt"; any other counts as Spanish). False for an unknown key. */
bool text_find(Str lang, Str key, Str *out_text);

/* Appends the value of a placeholder, as plain text; nothing when there is none. `name` as written: "n", "money.total". */
typedef void text_value(void *self, Str name, struct buf *out);
/* Appends a text with its placeholders filled: {name}, {name, plural, one {…} other {…}} (# is the number). Plain text:
 * escaping is the caller's. */
void text_fill(Str lang, Str text, text_value *value, void *self, struct buf *out);
/* A key kept in a table and looked up elsewhere: tools/mktexts.py sees by this that it is in use. */
#define TEXT_KEY(key) key
/* Whether a text has placeholders at all. */
bool text_has_places(Str text);

struct text_row {
    const char *key;
    const char *text[3]; /* es, en, pt */
};
/* Sorted by key; generated. */
extern const struct text_row text_rows[];
extern const size_t text_row_count;

#endif
