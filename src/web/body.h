/* The body of a request: kept, taken apart when it is a multipart form, or refused. */
#ifndef WEB_BODY_H
#define WEB_BODY_H

#include "web/request.h"

/* Decides by the headers; call once they are known. False: refused, the answer stands. */
bool body_begin(struct request *r);
/* Takes a piece. False: far more than allowed, end the connection. */
bool body_take(struct request *r, const char *data, size_t n);
/* All of it is there: closes files. */
void body_end(struct request *r);
/* Whether the body is a file on its own, the API's short way to import one; it becomes the parameter `file`. Needs content_type. */
bool body_is_file(const struct request *r);
/* Removes uploaded files. */
void body_done(struct request *r);

#endif
