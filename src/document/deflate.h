/* Deflate in one call, for what a document is made of. */
#ifndef DOCUMENT_DEFLATE_H
#define DOCUMENT_DEFLATE_H

#include "base/arena.h"
#include "base/buf.h"

/* RFC 1950 bytes in the arena; level 1 (fast) to 12 (small). */
Str deflate_in(struct arena *arena, Str bytes, int level);
/* The same appended to a buffer. */
void deflate_to(struct buf *out, Str bytes, int level);

#endif
