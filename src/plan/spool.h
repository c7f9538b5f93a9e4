/* A spool: records appended to many lanes, read back lane by lane; memory stays small however many there are.
 *
 * Blocks of all lanes lie in one temporary file that has no name any more; a lane is the list of its blocks. */
#ifndef PLAN_SPOOL_H
#define PLAN_SPOOL_H

#include "base/ctx.h"

struct spool;

/* The file is made in `folder`, or in the system's temporary folder when that cannot be written to. */
MUST_USE enum rc spool_open(struct ctx *cx, const char *folder, size_t lanes, struct spool **out_spool);
void spool_close(struct spool *spool); /* NULL is fine */
MUST_USE enum rc spool_add(struct ctx *cx, struct spool *spool, size_t lane, Str record);

/* The record is gone after the call. */
typedef enum rc spool_visit(struct ctx *cx, void *self, Str record);
/* Every record of a lane, in the order it was added. */
MUST_USE enum rc spool_read(struct ctx *cx, struct spool *spool, size_t lane, spool_visit *visit, void *self);

#endif
