/* The words of the pages, in Spanish, English and Portuguese. */
#ifndef WEB_TEXT_H
#define WEB_TEXT_H

#include "base/str.h"

/* The text of a key in a language ("es", "en", "pt"; any other counts as Spanish). False for an unknown key. */
bool text_find(Str lang, Str key, Str *out_text);

#endif
