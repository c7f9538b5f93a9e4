/* Errors, headers, keys, and the delivery of a webhook. */
#include "web/openapi_parts.h"

#include <stdio.h>

#include "web/openapi_answer.h"

const char openapi_introduction[] =
    "Money is a decimal text beside its currency, with as many decimals as that has; dates are ISO 8601, instants RFC 3339. Answers may "
    "get more members at any time; unknown members of a request are refused (422).\n\n"
    "**Keys**: `Authorization: Bearer KEY`, made by `aldia key create` or POST /keys. A key sees the customers its maker sees; what is out "
    "of reach is answered like what does not exist (404).\n\n"
    "**Lists** hold 100 rows unless `limit` says otherwise (500 at most); `after` takes the `next` of the page before.\n\n"
    "**Twice is once**: every POST takes an `Idempotency-Key`; its answer is kept for a day and given again to the same call.\n\n"
    "**Nobody's change is lost**: GET gives an `ETag`; a POST with it in `If-Match` is refused (412) when another changed the thing meanwhile.";

const struct api_error api_errors[] = {
    {"401", "Unauthorized", "no key, or one that is not valid", false},
    {"403", "Forbidden", "the key or role does not include it", false},
    {"404", "NotFound", "no such thing, or not in one's scope", false},
    {"406", "NotAcceptable", "only JSON is given here", false},
    {"409", "Conflict", "contradicts what is recorded, or a call with this Idempotency-Key is under way", false},
    {"412", "PreconditionFailed", "another changed it since If-Match", true},
    {"413", "TooLarge", "the body is larger than this server takes", true},
    {"414", "AddressTooLong", "the address is longer than 4096 bytes", false},
    {"415", "UnsupportedType", "the body is neither JSON nor a form with files", true},
    {"422", "Invalid", "the input is wrong: `field` names the parameter, `hint` the remedy; of a refused file `errors` lists the rows", false},
    {"500", "Internal", "something went wrong on our side; the answer has the number to ask about", false},
    {"502", "Remote", "another server could not be reached", false},
    {"503", "Busy", "may work later: see Retry-After", false},
};
const size_t api_error_count = COUNT_OF(api_errors);

void put_ref(struct json_writer *w, const char *kind, const char *name) {
    char target[200];
    snprintf(target, sizeof target, "#/components/%s/%s", kind, name);
    json_object(w);
    json_put_text(w, "$ref", target);
    json_object_end(w);
}

static void begin(struct json_writer *w, const char *key) {
    json_key(w, key);
    json_object(w);
}

static void put_string_schema(struct json_writer *w, int most) {
    begin(w, "schema");
    json_put_text(w, "type", "string");
    if (most) json_put_i64(w, "maxLength", most);
    json_object_end(w);
}

static void put_header_parameter(struct json_writer *w, const char *key, const char *name, int most, const char *help) {
    begin(w, key);
    json_put_text(w, "name", name);
    json_put_text(w, "in", "header");
    json_put_bool(w, "required", false);
    json_put_text(w, "description", help);
    put_string_schema(w, most);
    json_object_end(w);
}

static void put_header(struct json_writer *w, const char *key, const char *help) {
    begin(w, key);
    json_put_text(w, "description", help);
    put_string_schema(w, 0);
    json_object_end(w);
}

static void put_responses(struct json_writer *w) {
    begin(w, "responses");
    for (size_t i = 0; i < api_error_count; i++) {
        begin(w, api_errors[i].name);
        json_put_text(w, "description", api_errors[i].description);
        begin(w, "headers");
        json_key(w, "X-Request-Id");
        put_ref(w, "headers", "RequestId");
        if (str_is(str_from(api_errors[i].status), "503")) {
            json_key(w, "Retry-After");
            put_ref(w, "headers", "RetryAfter");
        }
        json_object_end(w);
        begin(w, "content");
        begin(w, "application/json");
        json_key(w, "schema");
        put_ref(w, "schemas", "Error");
        json_object_end(w);
        json_object_end(w);
        json_object_end(w);
    }
    begin(w, "NotModified");
    json_put_text(w, "description", "still what If-None-Match names; no body");
    json_object_end(w);
    json_object_end(w);
}

static void put_schemes(struct json_writer *w) {
    begin(w, "securitySchemes");
    begin(w, "key");
    json_put_text(w, "type", "http");
    json_put_text(w, "scheme", "bearer");
    json_put_text(w, "description", "an API key: aldia_PREFIX_SECRET");
    json_object_end(w);
    begin(w, "session");
    json_put_text(w, "type", "apiKey");
    json_put_text(w, "in", "cookie");
    json_put_text(w, "name", "aldia");
    json_put_text(w, "description", "a browser's session (over TLS the cookie is __Host-aldia); a POST carries its token in X-CSRF-Token");
    json_object_end(w);
    json_object_end(w);
}

void openapi_security(struct json_writer *w) {
    static const char *const names[] = {"key", "session"};
    json_key(w, "security");
    json_array(w);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        json_object(w);
        json_key(w, names[i]);
        json_array(w);
        json_array_end(w);
        json_object_end(w);
    }
    json_array_end(w);
}

void openapi_components(struct json_writer *w) {
    begin(w, "parameters");
    put_header_parameter(w, "IfNoneMatch", "If-None-Match", 0, "the ETag of an answer one has: 304 when it is still the same");
    put_header_parameter(w, "IfMatch", "If-Match", 0, "the ETag of the thing the path begins with: 412 when another changed it since");
    put_header_parameter(w, "IdempotencyKey", "Idempotency-Key", 200,
                         "new for every deed: the same key and body give the same answer, done once; another body is 422");
    json_object_end(w);
    begin(w, "headers");
    put_header(w, "ETag", "of this answer, for If-None-Match and If-Match");
    put_header(w, "RequestId", "the number of the request in the server's log");
    put_header(w, "RetryAfter", "seconds");
    put_header(w, "IdempotencyReplayed", "true: it was done before, this is its answer");
    json_object_end(w);
    put_responses(w);
    put_schemes(w);
}

void openapi_error_schema(struct json_writer *w) {
    json_key(w, "Error");
    /* Beside it, of a refused file, what its answer would have told. */
    answer_schema(w, S("{error:{code:text message:text field:text hint:text} ?rows:int ?booked:int ?duplicate:int ?rejected:int ?settled:int "
                       "?errors:[{line:int field:text code:text message:text hint:text}]}"));
}

void openapi_webhook_schema(struct json_writer *w) {
    json_key(w, "WebhookDelivery");
    answer_schema(w, S("{id:text webhook:int company:text event:int at:instant kind:text subject:text actor:text customer:?text "
                       "data:{*:?text} object:?{}}"));
}

static void put_delivery_headers(struct json_writer *w) {
    static const char *const headers[][2] = {
        {"Aldia-Delivery", "the id of the delivery, the same at every attempt"},
        {"Aldia-Event", "the kind of the event"},
        {"Aldia-Signature", "t=SECONDS,v1=HMAC-SHA-256 of t, a point and the body under the secret, in hexadecimal; two v1 while a secret is changed"}};
    json_key(w, "parameters");
    json_array(w);
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        json_object(w);
        json_put_text(w, "name", headers[i][0]);
        json_put_text(w, "in", "header");
        json_put_bool(w, "required", true);
        json_put_text(w, "description", headers[i][1]);
        put_string_schema(w, 0);
        json_object_end(w);
    }
    json_array_end(w);
}

void openapi_webhooks(struct json_writer *w) {
    begin(w, "webhooks");
    begin(w, "delivery");
    begin(w, "post");
    json_put_text(w, "operationId", "webhook_delivery");
    json_put_text(w, "summary", "What a webhook is sent of each event it asked for");
    json_put_text(w, "description",
                  "In the order of each customer, again until it is answered with 2xx (docs/ref/webhooks.md). `object` is what the event is "
                  "about, as the API shows it then: a payment, an invoice, a message or a customer.");
    put_delivery_headers(w);
    begin(w, "requestBody");
    json_put_bool(w, "required", true);
    begin(w, "content");
    begin(w, "application/json");
    json_key(w, "schema");
    put_ref(w, "schemas", "WebhookDelivery");
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
    begin(w, "responses");
    begin(w, "2XX");
    json_put_text(w, "description", "taken; the body does not matter");
    json_object_end(w);
    begin(w, "410");
    json_put_text(w, "description", "no more, please: the webhook is switched off");
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
}
