/* Who follows customers: their books name a collector by a code, people know them by name. */
#ifndef ACTION_COLLECTOR_H
#define ACTION_COLLECTOR_H

#include "base/ctx.h"
#include "base/json.h"

struct collector_name {
    Str code, name;
};
struct collectors {
    VEC_OF(struct collector_name) list;
};
/* Everybody of the company with a code of their own, in the context's arena. Needs a transaction. */
MUST_USE enum rc collectors_read(struct ctx *cx, struct collectors *out_collectors);
/* "collectors":[{"code":CODE,"name":NAME,"chosen":B}], for a choice; by name. */
void put_collectors(struct json_writer *w, const struct collectors *collectors, Str chosen);
/* "collector":CODE,"collector_name":NAME; a code that is nobody's stands for itself. */
void put_collector(struct json_writer *w, const struct collectors *collectors, Str code);

#endif
