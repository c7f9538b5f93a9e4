/* Every route: its parameters, bodies and errors from the declarations, its answers from src/web/answers.txt, and what webhooks
 * are sent. Members may be added to answers at any time. */
#include "web/openapi.h"

#include <stdio.h>
#include <string.h>

#include "action/action.h"
#include "base/json.h"
#include "web/openapi_answer.h"
#include "web/openapi_parts.h"

static void to_buf(void *self, Str piece) { buf_add(self, piece); }

static Str method_of(const struct action *a) {
    Str rest = str_from(a->path);
    return str_cut(&rest, ' ');
}

static Str path_of(const struct action *a) {
    Str rest = str_from(a->path);
    str_cut(&rest, ' ');
    return rest;
}

/* Names as members spell them; `text` holds 64 bytes. */
static const char *spelled(const char *name, char *text, bool keep) {
    size_t n = strlen(name);
    if (n > 63) n = 63;
    for (size_t i = 0; i < n; i++) text[i] = name[i] == '-' && !keep ? '_' : name[i];
    text[n] = '\0';
    return text;
}

static void put_example(struct json_writer *w, const char *text) {
    json_key(w, "examples");
    json_array(w);
    json_str(w, str_from(text));
    json_array_end(w);
}

static void put_text_scalar(struct json_writer *w, const char *format, const char *pattern, const char *example) {
    json_put_text(w, "type", "string");
    if (format) json_put_text(w, "format", format);
    if (pattern) json_put_text(w, "pattern", pattern);
    if (example) put_example(w, example);
}

/* Pages of lists: as the API bounds them. */
static void put_limit(struct json_writer *w, const struct param *p) {
    if (strcmp(p->name, "limit") != 0) return;
    json_put_i64(w, "minimum", 1);
    json_put_i64(w, "maximum", 500);
    json_put_i64(w, "default", 100);
}

static void put_scalar(struct json_writer *w, const struct param *p) {
    switch (p->type) {
    case P_INT:
        json_put_text(w, "type", "integer");
        put_limit(w, p);
        break;
    case P_FLAG: json_put_text(w, "type", "boolean"); break;
    case P_DATE: put_text_scalar(w, "date", NULL, "2026-11-21"); break;
    case P_AMOUNT: put_text_scalar(w, NULL, "^-?[0-9]+([.][0-9]+)?$", "1234.50"); break;
    case P_CURRENCY: put_text_scalar(w, NULL, "^[A-Z]{3}$", "COP"); break;
    case P_CHOICE:
        json_put_text(w, "type", "string");
        json_key(w, "enum");
        json_array(w);
        for (Str rest = str_from(p->choices); rest.p;) json_str(w, str_cut(&rest, '|'));
        json_array_end(w);
        break;
    case P_TEXT:
        json_put_text(w, "type", "string");
        json_put_i64(w, "maxLength", (int64_t)(p->flags & LONG ? PARAM_LONG : PARAM_TEXT));
        break;
    case P_FILE: json_put_text(w, "type", "string"); break;
    }
}

static void put_schema(struct json_writer *w, const struct param *p) {
    json_object(w);
    if (p->flags & REPEATED) {
        json_put_text(w, "type", "array");
        json_key(w, "items");
        json_object(w);
        put_scalar(w, p);
        json_object_end(w);
    } else {
        put_scalar(w, p);
    }
    json_put_text(w, "description", p->help);
    json_object_end(w);
}

static void put_parameter(struct json_writer *w, const struct param *p, const char *place) {
    char name[64];
    bool is_path = strcmp(place, "path") == 0;
    json_object(w);
    json_put_text(w, "name", spelled(p->name, name, is_path));
    json_put_text(w, "in", place);
    json_put_bool(w, "required", is_path || (p->flags & REQUIRED));
    json_put_text(w, "description", p->help);
    if (p->flags & REPEATED) json_put_bool(w, "explode", true);
    json_key(w, "schema");
    put_schema(w, p);
    json_object_end(w);
}

static void put_parameters(struct json_writer *w, const struct action *a) {
    bool reads = str_is(method_of(a), "GET");
    json_key(w, "parameters");
    json_array(w);
    for (const struct param *p = a->params; p->name; p++) {
        bool is_path = param_in_path(a, p);
        if (is_path || (reads && p->type != P_FILE)) put_parameter(w, p, is_path ? "path" : "query");
    }
    if (reads) {
        put_ref(w, "parameters", "IfNoneMatch");
    } else {
        put_ref(w, "parameters", "IdempotencyKey");
        put_ref(w, "parameters", "IfMatch");
    }
    json_array_end(w);
}

static void put_body_schema(struct json_writer *w, const struct action *a) {
    char name[64];
    json_object(w);
    json_put_text(w, "type", "object");
    json_put_bool(w, "additionalProperties", false);
    json_key(w, "properties");
    json_object(w);
    for (const struct param *p = a->params; p->name; p++) {
        if (param_in_path(a, p)) continue;
        json_key(w, spelled(p->name, name, false));
        put_schema(w, p);
    }
    json_object_end(w);
    json_key(w, "required");
    json_array(w);
    for (const struct param *p = a->params; p->name; p++)
        if ((p->flags & REQUIRED) && !param_in_path(a, p)) json_str(w, str_from(spelled(p->name, name, false)));
    json_array_end(w);
    json_object_end(w);
}

/* The file as the whole body; the other parameters are then in the query. */
static void put_plain_file(struct json_writer *w) {
    json_key(w, "text/csv");
    json_object(w);
    json_key(w, "schema");
    json_object(w);
    json_put_text(w, "type", "string");
    json_object_end(w);
    json_object_end(w);
}

static void put_body(struct json_writer *w, const struct action *a) {
    bool has_file = false, has_any = false;
    for (const struct param *p = a->params; p->name; p++) {
        has_file = has_file || p->type == P_FILE;
        has_any = has_any || !param_in_path(a, p);
    }
    if (!has_any) return;
    json_key(w, "requestBody");
    json_object(w);
    json_key(w, "content");
    json_object(w);
    static const char *const types[] = {"application/json", "multipart/form-data"};
    for (size_t i = 0; i < (has_file ? 2u : 1u); i++) {
        json_key(w, types[i]);
        json_object(w);
        json_key(w, "schema");
        put_body_schema(w, a);
        json_object_end(w);
    }
    if (has_file && param_find(a, S("file"))) put_plain_file(w);
    json_object_end(w);
    json_object_end(w);
}

/* "customer show" → "CustomerShow"; `text` holds 80 bytes. */
static const char *schema_name(const struct action *a, char *text) {
    size_t n = 0;
    bool upper = true;
    for (const char *c = a->verb; *c && n < 79; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
        if (letter) text[n++] = upper && *c >= 'a' ? (char)(*c - 32) : *c;
        upper = !letter;
    }
    text[n] = '\0';
    return text;
}

static void put_content(struct json_writer *w, const struct action *a) {
    char name[80];
    AUTO(buf_done) struct buf shape = buf_make(65536);
    AUTO(buf_done) struct buf raw = buf_make(1000);
    json_key(w, "content");
    json_object(w);
    if (answer_shape(a->verb, "", &shape)) {
        json_key(w, "application/json");
        json_object(w);
        json_key(w, "schema");
        put_ref(w, "schemas", schema_name(a, name));
        json_object_end(w);
    }
    if (answer_shape(a->verb, "raw", &raw)) {
        char type[100];
        snprintf(type, sizeof type, "%.*s", STR_ARG(buf_str(&raw)));
        json_key(w, type);
        json_object(w);
        json_object_end(w);
    }
    json_object_end(w);
}

static void put_good_answer(struct json_writer *w, const struct action *a) {
    bool reads = str_is(method_of(a), "GET");
    json_key(w, "200");
    json_object(w);
    json_put_text(w, "description", a->summary);
    json_key(w, "headers");
    json_object(w);
    json_key(w, "X-Request-Id");
    put_ref(w, "headers", "RequestId");
    json_key(w, reads ? "ETag" : "Idempotency-Replayed");
    put_ref(w, "headers", reads ? "ETag" : "IdempotencyReplayed");
    json_object_end(w);
    put_content(w, a);
    json_object_end(w);
    if (!reads) return;
    json_key(w, "304");
    put_ref(w, "responses", "NotModified");
}

static void put_answers(struct json_writer *w, const struct action *a) {
    bool reads = str_is(method_of(a), "GET");
    json_key(w, "responses");
    json_object(w);
    put_good_answer(w, a);
    for (size_t i = 0; i < api_error_count; i++) {
        if (reads && api_errors[i].only_writing) continue;
        json_key(w, api_errors[i].status);
        put_ref(w, "responses", api_errors[i].name);
    }
    json_object_end(w);
}

static void put_description(struct json_writer *w, const struct action *a) {
    AUTO(buf_done) struct buf b = buf_make(65536);
    bool pages = param_find(a, S("limit")) && param_find(a, S("after"));
    if (a->details) buf_add_cstr(&b, a->details);
    if (pages) buf_printf(&b, "%sA page holds `limit` rows; `after` takes the `next` of the page before, null at the end.", b.n ? "\n\n" : "");
    if (a->second_person)
        buf_printf(&b, "%sA second person must approve it: the answer is then the proposal that waits.", b.n ? "\n\n" : "");
    buf_printf(&b, "%sNeeds the scope `%s`.", b.n ? "\n\n" : "", capability_name(a->needs));
    json_put_str(w, "description", buf_str(&b));
}

static void put_operation(struct json_writer *w, const struct action *a) {
    char id[80], method[8];
    snprintf(id, sizeof id, "%s", a->verb);
    for (char *c = id; *c; c++)
        if (*c == ' ') *c = '_';
    Str name = method_of(a);
    size_t n = name.n < sizeof method - 1 ? name.n : sizeof method - 1;
    for (size_t i = 0; i < n; i++) method[i] = (char)(name.p[i] | 32);
    method[n] = '\0';
    json_key(w, method);
    json_object(w);
    json_put_text(w, "operationId", id);
    json_put_text(w, "summary", a->summary);
    put_description(w, a);
    Str noun = str_from(a->verb);
    json_key(w, "tags");
    json_array(w);
    json_str(w, str_cut(&noun, ' '));
    json_array_end(w);
    json_put_text(w, "x-capability", capability_name(a->needs));
    if (a->needs == CAP_PUBLIC) {
        json_key(w, "security");
        json_array(w);
        json_array_end(w);
    }
    put_parameters(w, a);
    if (strcmp(method, "get") != 0) put_body(w, a);
    put_answers(w, a);
    json_object_end(w);
}

static void put_paths(struct json_writer *w) {
    json_key(w, "paths");
    json_object(w);
    for (size_t i = 0; i < action_index_count; i++) {
        const struct action *a = action_index[i];
        bool seen = !a->path;
        for (size_t k = 0; k < i && !seen; k++) seen = action_index[k]->path && str_equal(path_of(action_index[k]), path_of(a));
        if (seen) continue;
        json_key(w, path_of(a).p); /* the end of a literal */
        json_object(w);
        for (size_t k = i; k < action_index_count; k++)
            if (action_index[k]->path && str_equal(path_of(action_index[k]), path_of(a))) put_operation(w, action_index[k]);
        json_object_end(w);
    }
    json_object_end(w);
}

/* Each kind of answer once. */
static void put_schemas(struct json_writer *w) {
    json_key(w, "schemas");
    json_object(w);
    openapi_error_schema(w);
    for (size_t i = 0; i < action_index_count; i++) {
        char name[80];
        const struct action *a = action_index[i];
        AUTO(buf_done) struct buf shape = buf_make(65536);
        if (!a->path || !answer_shape(a->verb, "", &shape)) continue;
        json_key(w, schema_name(a, name));
        answer_schema(w, buf_str(&shape));
    }
    openapi_webhook_schema(w);
    json_object_end(w);
}

static void put_tags(struct json_writer *w) {
    json_key(w, "tags");
    json_array(w);
    for (size_t i = 0; i < action_index_count; i++) {
        Str rest = str_from(action_index[i]->verb), noun = str_cut(&rest, ' ');
        bool seen = !action_index[i]->path;
        for (size_t k = 0; k < i && !seen; k++) {
            Str other = str_from(action_index[k]->verb);
            seen = action_index[k]->path && str_equal(str_cut(&other, ' '), noun);
        }
        if (seen) continue;
        json_object(w);
        json_put_str(w, "name", noun);
        json_object_end(w);
    }
    json_array_end(w);
}

void openapi_write(struct buf *out) {
    struct json_text text;
    json_text_init(&text, to_buf, out);
    struct json_writer *w = &text.writer;
    json_object(w);
    json_put_text(w, "openapi", "3.1.0");
    json_key(w, "info");
    json_object(w);
    json_put_text(w, "title", "aldia");
    json_put_text(w, "version", ALDIA_VERSION);
    json_put_text(w, "summary", "Collections: customers, invoices, payments, cases, strategies and messages");
    json_put_text(w, "description", openapi_introduction);
    json_key(w, "license");
    json_object(w);
    json_put_text(w, "name", "Apache-2.0");
    json_put_text(w, "identifier", "Apache-2.0");
    json_object_end(w);
    json_object_end(w);
    json_key(w, "servers");
    json_array(w);
    json_object(w);
    json_put_text(w, "url", "/api/v1");
    json_object_end(w);
    json_array_end(w);
    openapi_security(w);
    put_tags(w);
    put_paths(w);
    openapi_webhooks(w);
    json_key(w, "components");
    json_object(w);
    put_schemas(w);
    openapi_components(w);
    json_object_end(w);
    json_object_end(w);
    json_text_done(&text);
}
