/* The company's own texts in the database: versions, the one in force, and the text a path has now (REQ: D6). Needs a
 * transaction. */
#ifndef ACTION_TEMPLATE_STORE_H
#define ACTION_TEMPLATE_STORE_H

#include "action/app.h"
#include "message/compose.h"

/* All in force, in cx->arena. */
MUST_USE enum rc template_texts(struct ctx *cx, const struct library_text **out_texts, size_t *out_count);

enum template_origin { TEMPLATE_SHIPPED, TEMPLATE_FOLDER, TEMPLATE_COMPANY };
const char *template_origin_name(enum template_origin origin); /* "shipped", "folder", "company" */
struct template_text {
    Str text;
    enum template_origin origin;
    int64_t version; /* of the company's; 0: never had one */
};
/* NOT_FOUND names the path. */
MUST_USE enum rc template_text_now(struct ctx *cx, const struct app *app, Str path, struct template_text *out);
/* A new version, or (text.p NULL) the reset to what was there before the company's. Writes the event. */
MUST_USE enum rc template_put(struct ctx *cx, Str path, Str text, int64_t *out_version);

#endif
