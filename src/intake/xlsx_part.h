/* One XML part of a workbook's container, inflated and parsed as it is read, within limits.
 *
 * Names come without their namespace prefix; a document type is refused, and with it entities. */
#ifndef INTAKE_XLSX_PART_H
#define INTAKE_XLSX_PART_H

#include <zip.h>

#include "base/ctx.h"

#define XLSX_MAX_INFLATED ((int64_t)512 * 1024 * 1024) /* all parts together */
#define XLSX_MAX_RATIO 250                             /* inflated to packed, beyond the first 16 MiB */
#define XLSX_MAX_DEPTH 64

/* The container: what all parts share. */
struct xlsx_container {
    zip_t *zip;
    int64_t inflated;
};

struct xlsx_part;

/* `attributes` as expat gives them: name, value, …, NULL. A handler that fails passes its rc to xlsx_part_stop. */
struct xlsx_handlers {
    void (*start)(void *self, struct xlsx_part *part, Str name, const char **attributes);
    void (*end)(void *self, struct xlsx_part *part, Str name);
    void (*text)(void *self, struct xlsx_part *part, Str text); /* in pieces; may be NULL */
};

bool xlsx_container_has(const struct xlsx_container *c, const char *name);
/* INVALID when it is missing, encrypted or damaged. `c` and `self` must outlive the part. */
MUST_USE enum rc xlsx_part_open(struct ctx *cx, struct xlsx_container *c, const char *name,
                                const struct xlsx_handlers *handlers, void *self, struct xlsx_part **out_part);
void xlsx_part_close(struct xlsx_part **part); /* for AUTO */
/* Reads on until a handler pauses or the part ends. */
MUST_USE enum rc xlsx_part_read(struct ctx *cx, struct xlsx_part *part, bool *out_paused);
/* All of it in one go. */
MUST_USE enum rc xlsx_part_run(struct ctx *cx, struct xlsx_container *c, const char *name,
                               const struct xlsx_handlers *handlers, void *self);

/* For handlers: the context of the read going on; stop at once with a failure recorded there; stop after this event, to
 * go on later. */
struct ctx *xlsx_part_ctx(struct xlsx_part *part);
void xlsx_part_stop(struct xlsx_part *part, enum rc rc);
void xlsx_part_pause(struct xlsx_part *part);
/* Share read, 0..1000. */
int xlsx_part_progress(const struct xlsx_part *part);

/* The value of an attribute without its prefix, or NULL. */
const char *xlsx_attribute(const char **attributes, const char *name);

#endif
