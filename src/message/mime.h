/* RFC 5322 / MIME text of an e-mail: multipart/alternative of text and HTML (text alone when there is no HTML), within
 * multipart/mixed when something is attached, CRLF,
 * ASCII only, every line ≤ 78 but for a URL or address that cannot be folded (≤ 998).
 *
 * Deterministic: the same envelope and text give the same bytes (boundaries derive from the Message-ID), so that a hash
 * taken at T identifies them. Headers: Date From To Reply-To Subject Message-ID In-Reply-To References Auto-Submitted
 * (RFC 3834) List-Unsubscribe, List-Unsubscribe-Post (RFC 2369, RFC 8058; reminders only) Content-Language
 * MIME-Version. A header value never carries CR or LF: control and bidirectional-override characters in names and
 * subject become spaces, what is longer than 128 (names) or 400 (subject) characters is cut. */
#ifndef MESSAGE_MIME_H
#define MESSAGE_MIME_H

#include "message/message_types.h"

/* INVALID for an address that is not one mailbox (RFC 5321 subset: no quoted local part, no comments, no domain
 * literal, ASCII, ≤ 254 bytes), a Message-ID, URL or language tag that would not be one, or when the message outgrows
 * the buffer. The unsubscribe address may be given with or without "mailto:". */
MUST_USE enum rc mime_build(struct ctx *cx, const struct message_envelope *envelope, const struct message_text *text,
                            struct buf *out);
bool mime_address_valid(Str address);

#endif
