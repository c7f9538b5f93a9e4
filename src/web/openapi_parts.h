/* What every route of the API shares, and what webhooks are sent: the parts of the description that no declaration tells. */
#ifndef WEB_OPENAPI_PARTS_H
#define WEB_OPENAPI_PARTS_H

#include "base/json.h"

extern const char openapi_introduction[]; /* CommonMark */

struct api_error {
    const char *status, *name, *description;
    bool only_writing;
};
extern const struct api_error api_errors[];
extern const size_t api_error_count;

/* {"$ref":"#/components/KIND/NAME"} as one value. */
void put_ref(struct json_writer *w, const char *kind, const char *name);

/* Members of the document: security; webhooks. */
void openapi_security(struct json_writer *w);
void openapi_webhooks(struct json_writer *w);
/* Members of components: parameters, headers, responses, securitySchemes. */
void openapi_components(struct json_writer *w);
/* Members of components.schemas: Error; WebhookDelivery. */
void openapi_error_schema(struct json_writer *w);
void openapi_webhook_schema(struct json_writer *w);

#endif
