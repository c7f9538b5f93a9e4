/* A ZIP archive that leaves while it is written: nothing of it is kept but its table of contents, some 150 bytes for each file, however large the
 * files are. They are stored as they are: what goes in, PDF, is compressed already. */
#ifndef DOCUMENT_ZIP_OUT_H
#define DOCUMENT_ZIP_OUT_H

#include "base/ctx.h"

struct zip_out; /* of libarchive */
/* Takes the archive's bytes in order; false ends it. */
typedef bool zip_take(void *self, Str bytes);

/* Closes with zip_out_close; zip_out_drop leaves it unfinished, for AUTO. */
MUST_USE enum rc zip_out_open(struct ctx *cx, zip_take *take, void *self, struct zip_out **out);
/* The name is plain ASCII without folders, and no other's. REMOTE when nobody takes the bytes any more. */
MUST_USE enum rc zip_out_add(struct ctx *cx, struct zip_out *zip, const char *name, Instant at, Str content);
MUST_USE enum rc zip_out_close(struct ctx *cx, struct zip_out *zip);
void zip_out_drop(struct zip_out **zip);

#endif
