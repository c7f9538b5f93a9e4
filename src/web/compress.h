/* Answers made small on the wire (gzip). Cookies are SameSite, so that no other site can make a browser fetch pages with a session and
 * measure their length. */
#ifndef WEB_COMPRESS_H
#define WEB_COMPRESS_H

#include "web/server.h"

/* The body of an answer of text, when the client takes gzip and it gains anything. */
void compress_answer(struct worker *w, struct request *r);
void compress_done(struct worker *w);

#endif
