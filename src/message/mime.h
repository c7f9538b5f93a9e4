/* RFC 5322 / MIME text of an e-mail: multipart/alternative of text and HTML, CRLF, ASCII only, lines ≤ 998.
 *
 * Deterministic: the same envelope and text give the same bytes (boundaries derive from the Message-ID), so that a hash taken at T
 * identifies them. Headers: From To Reply-To Subject Date Message-ID In-Reply-To References Auto-Submitted (RFC 3834) List-Unsubscribe,
 * List-Unsubscribe-Post (RFC 2369, RFC 8058) Content-Language MIME-Version. A header value never carries CR or LF. */
#ifndef MESSAGE_MIME_H
#define MESSAGE_MIME_H

#include "message/message_types.h"

/* INVALID for an address that is not one mailbox (RFC 5321 subset: no quoted local part, no comments, ≤ 254 bytes). */
MUST_USE enum rc mime_build(struct ctx *cx, const struct message_envelope *envelope, const struct message_text *text, struct buf *out);
bool mime_address_valid(Str address);

#endif
