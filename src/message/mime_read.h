/* Reading back the mails we made ourselves (mime.h), to show them to people: headers unfolded and decoded, the text
 * part decoded. Not a general MIME parser: what came from outside is the inbox's. Harmless on any bytes. */
#ifndef MESSAGE_MIME_READ_H
#define MESSAGE_MIME_READ_H

#include "base/ctx.h"

struct mime_header {
    Str name, value; /* unfolded, encoded words decoded */
};

/* The next header of *rest, in cx->arena; false at the empty line, with *rest behind it. */
bool mime_next_header(struct ctx *cx, Str *rest, struct mime_header *out_header);
/* The first text/plain part, decoded, with LF line ends; empty when there is none. */
Str mime_plain_text(struct ctx *cx, Str mail);
/* The same of the text/html part. */
Str mime_html(struct ctx *cx, Str mail);

#endif
