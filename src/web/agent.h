/* What a browser says of itself, as people know it: "Firefox", "Linux". */
#ifndef WEB_AGENT_H
#define WEB_AGENT_H

#include "base/str.h"

struct agent {
    const char *browser, *system; /* NULL: not one we know */
    Str program;                  /* without a browser: what it calls itself, the first word before a slash; empty: it says nothing */
};
/* Of a User-Agent header. Read from the words its makers documented; a name can be lied about, so nothing is decided by it. */
struct agent agent_read(Str header);

#endif
