/* The API's description, OpenAPI 3.1, from the declarations. */
#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

#include "base/buf.h"

void openapi_write(struct buf *out);

#endif
