/* Encodings of RFC 2045 and RFC 2047 for mime.c: header values and bodies as ASCII lines that fit. */
#ifndef MESSAGE_MIME_ENCODE_H
#define MESSAGE_MIME_ENCODE_H

#include "base/buf.h"
#include "base/ctx.h"

/* "Name: value\r\n" of free text (Subject), folded to 76 columns; RFC 2047 encoded words where it is not plain ASCII.
 */
void mime_add_unstructured(struct ctx *cx, struct buf *out, const char *header, Str value);
/* "Name: phrase <address>\r\n"; the address alone when the display name is empty. */
void mime_add_mailbox(struct ctx *cx, struct buf *out, const char *header, Str display_name, Str address);
/* Content-Transfer-Encoding, the empty line and the body, ending in CRLF: quoted-printable, or base64 where that is
 * shorter. Every kind of line end in `text` becomes CRLF. */
void mime_add_body(struct buf *out, Str text);
/* The same of bytes that are no text: always base64, untouched. */
void mime_add_bytes(struct buf *out, Str bytes);

#endif
