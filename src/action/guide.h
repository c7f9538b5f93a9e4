/* The user guide, compiled in from docs/guide by tools/mkguide.py. */
#ifndef ACTION_GUIDE_H
#define ACTION_GUIDE_H

#include "base/str.h"

struct guide_chapter {
    const char *language; /* "es", "en", "pt" */
    const char *name;     /* "cartera", as in its address */
    const char *title;
    const char *views; /* the pages it belongs to, blanks between */
    const char *html;  /* our own text, trusted */
};

/* In order within each language. */
extern const struct guide_chapter guide_chapters[];
extern const size_t guide_chapter_count;

#endif
