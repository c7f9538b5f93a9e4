/* An answer of any length that leaves while a worker still makes it (call->pour). What is made goes to a file without a name, from which the network
 * thread sends; what was sent is given back to the disk. So neither memory nor the worker waits for a slow reader, and a reader who goes away ends
 * the making.
 *
 * From the first piece on the network thread has the request: the worker holds it (request_hold) and touches nothing of it but its arena. */
#ifndef WEB_SPOOL_H
#define WEB_SPOOL_H

#include "web/exchange.h"

/* call->pour of pages and API; `self` is the struct raw_answer. */
bool spool_take(void *self, Str bytes);
/* The worker is done: what is there is the whole, or the connection is cut so that nobody takes a part for it. */
void spool_end(struct raw_answer *raw, enum rc rc);

/* For the network thread: the response that reads from it and frees it at its end. */
struct MHD_Response *spool_response(struct spool *spool);

#endif
