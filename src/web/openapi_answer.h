/* What actions answer, as src/web/answers.txt tells it, into JSON Schema.
 *
 *     customer list = {items:[{code:text name:text open:money ?oldest:date}] next:?text}
 *     statement show raw = application/pdf
 *
 * A shape is text, int, number, bool, money, currency, date, instant, any, null; [SHAPE] a list; {NAME:SHAPE …} an object, ?NAME a
 * member that may be missing, * the others ({*:int}); ?SHAPE what may be null; (SHAPE | SHAPE) one of them. A line that begins
 * with a blank goes on. test/openapi.py holds real answers against it and writes it anew. */
#ifndef WEB_OPENAPI_ANSWER_H
#define WEB_OPENAPI_ANSWER_H

#include "base/buf.h"
#include "base/json.h"

/* The shape of a verb's answer; false when none is told. `what` is "" or "raw". */
bool answer_shape(const char *verb, const char *what, struct buf *out_shape);
/* Writes the schema as one value. A shape that cannot be read is a bug and stops the program. */
void answer_schema(struct json_writer *w, Str shape);

#endif
