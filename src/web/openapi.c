/* Every route, its parameters and errors. What an answer holds is described as far as the declaration knows it: the columns of lists;
 * more members may come. */
#include "web/openapi.h"

#include <string.h>

#include "action/action.h"
#include "base/json.h"

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

static bool in_path(const struct action *a, const char *param) {
    Str rest = path_of(a);
    while (rest.p) {
        str_cut(&rest, '{');
        if (rest.p && str_is(str_cut(&rest, '}'), param)) return true;
    }
    return false;
}

/* Names as members spell them; `text` holds 64 bytes. */
static const char *spelled(const char *name, char *text, bool keep) {
    size_t n = strlen(name);
    if (n > 63) n = 63;
    for (size_t i = 0; i < n; i++) text[i] = name[i] == '-' && !keep ? '_' : name[i];
    text[n] = '\0';
    return text;
}

static void put_scalar(struct json_writer *w, const struct param *p) {
    switch (p->type) {
    case P_INT: json_put_text(w, "type", "integer"); break;
    case P_FLAG: json_put_text(w, "type", "boolean"); break;
    case P_DATE:
        json_put_text(w, "type", "string");
        json_put_text(w, "format", "date");
        break;
    case P_AMOUNT:
        json_put_text(w, "type", "string");
        json_put_text(w, "pattern", "^-?[0-9]+(\\.[0-9]+)?$");
        break;
    case P_CURRENCY:
        json_put_text(w, "type", "string");
        json_put_text(w, "pattern", "^[A-Z]{3}$");
        break;
    case P_CHOICE:
        json_put_text(w, "type", "string");
        json_key(w, "enum");
        json_array(w);
        for (Str rest = str_from(p->choices); rest.p;) json_str(w, str_cut(&rest, '|'));
        json_array_end(w);
        break;
    case P_TEXT:
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
    json_key(w, "schema");
    put_schema(w, p);
    json_object_end(w);
}

static void put_header(struct json_writer *w, const char *name, const char *help) {
    json_object(w);
    json_put_text(w, "name", name);
    json_put_text(w, "in", "header");
    json_put_bool(w, "required", false);
    json_put_text(w, "description", help);
    json_key(w, "schema");
    json_object(w);
    json_put_text(w, "type", "string");
    json_object_end(w);
    json_object_end(w);
}

static void put_parameters(struct json_writer *w, const struct action *a) {
    bool reads = str_is(method_of(a), "GET");
    json_key(w, "parameters");
    json_array(w);
    for (const struct param *p = a->params; p->name; p++) {
        bool is_path = in_path(a, p->name);
        if (is_path || (reads && p->type != P_FILE)) put_parameter(w, p, is_path ? "path" : "query");
    }
    if (reads) {
        put_header(w, "If-None-Match", "the ETag of an answer one has: 304 when it is still the same");
    } else {
        put_header(w, "Idempotency-Key", "the same key and body give the same answer, done once");
        put_header(w, "If-Match", "the ETag of what is changed: 412 when another changed it meanwhile");
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
        if (in_path(a, p->name)) continue;
        json_key(w, spelled(p->name, name, false));
        put_schema(w, p);
    }
    json_object_end(w);
    json_key(w, "required");
    json_array(w);
    for (const struct param *p = a->params; p->name; p++)
        if ((p->flags & REQUIRED) && !in_path(a, p->name)) json_str(w, str_from(spelled(p->name, name, false)));
    json_array_end(w);
    json_object_end(w);
}

static bool has_param(const struct action *a, const char *name) {
    const struct param *p = a->params;
    while (p->name && strcmp(p->name, name) != 0) p++;
    return p->name != NULL;
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
        has_any = has_any || !in_path(a, p->name);
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
    if (has_file && has_param(a, "file")) put_plain_file(w);
    json_object_end(w);
    json_object_end(w);
}

static void put_columns(struct json_writer *w, const struct action *a) {
    Str columns = str_from(a->columns);
    json_key(w, "items");
    json_object(w);
    json_put_text(w, "type", "array");
    json_key(w, "items");
    json_object(w);
    json_put_text(w, "type", "object");
    json_key(w, "properties");
    json_object(w);
    while (columns.p) {
        char name[64];
        Str one = str_cut(&columns, ' ');
        if (one.n == 0 || one.n > 63) continue;
        memcpy(name, one.p, one.n);
        name[one.n] = '\0';
        json_key(w, name);
        json_object(w);
        json_object_end(w);
    }
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
    json_key(w, "next");
    json_object(w);
    json_put_text(w, "description", "the cursor of the next page, for \"after\"; null at the end");
    json_key(w, "type");
    json_array(w);
    json_str(w, S("string"));
    json_str(w, S("null"));
    json_array_end(w);
    json_object_end(w);
}

static void put_good_answer(struct json_writer *w, const struct action *a) {
    bool is_list = a->columns && str_index(str_from(a->columns), ':') == strlen(a->columns);
    json_key(w, "200");
    json_object(w);
    json_put_text(w, "description", a->summary);
    json_key(w, "content");
    json_object(w);
    json_key(w, "application/json");
    json_object(w);
    json_key(w, "schema");
    json_object(w);
    json_put_text(w, "type", "object");
    if (is_list) {
        json_key(w, "properties");
        json_object(w);
        put_columns(w, a);
        json_object_end(w);
    }
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
}

static void put_answers(struct json_writer *w, const struct action *a) {
    static const char *const errors[][2] = {{"401", "no key, or one that is not valid"},
                                            {"403", "the key or role does not include it"},
                                            {"404", "no such thing, or not in one's scope"},
                                            {"409", "contradicts what is recorded"},
                                            {"422", "the input is wrong"},
                                            {"503", "may work later: see Retry-After"}};
    json_key(w, "responses");
    json_object(w);
    put_good_answer(w, a);
    for (size_t i = 0; i < COUNT_OF(errors); i++) {
        json_key(w, errors[i][0]);
        json_object(w);
        json_put_text(w, "description", errors[i][1]);
        json_key(w, "content");
        json_object(w);
        json_key(w, "application/json");
        json_object(w);
        json_key(w, "schema");
        json_object(w);
        json_put_text(w, "$ref", "#/components/schemas/Error");
        json_object_end(w);
        json_object_end(w);
        json_object_end(w);
        json_object_end(w);
    }
    json_object_end(w);
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
    if (a->details) json_put_text(w, "description", a->details);
    Str noun = str_from(a->verb);
    json_key(w, "tags");
    json_array(w);
    json_str(w, str_cut(&noun, ' '));
    json_array_end(w);
    json_put_text(w, "x-capability", capability_name(a->needs));
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

static void put_error_schema(struct json_writer *w) {
    static const char *const members[] = {"code", "message", "field", "hint"};
    json_key(w, "Error");
    json_object(w);
    json_put_text(w, "type", "object");
    json_key(w, "properties");
    json_object(w);
    json_key(w, "error");
    json_object(w);
    json_put_text(w, "type", "object");
    json_key(w, "properties");
    json_object(w);
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        json_key(w, members[i]);
        json_object(w);
        json_put_text(w, "type", "string");
        json_object_end(w);
    }
    json_object_end(w);
    json_key(w, "required");
    json_array(w);
    for (size_t i = 0; i < COUNT_OF(members); i++) json_str(w, str_from(members[i]));
    json_array_end(w);
    json_object_end(w);
    json_object_end(w);
    json_key(w, "required");
    json_array(w);
    json_str(w, S("error"));
    json_array_end(w);
    json_object_end(w);
}

static void put_components(struct json_writer *w) {
    json_key(w, "components");
    json_object(w);
    json_key(w, "schemas");
    json_object(w);
    put_error_schema(w);
    json_object_end(w);
    json_key(w, "securitySchemes");
    json_object(w);
    json_key(w, "key");
    json_object(w);
    json_put_text(w, "type", "http");
    json_put_text(w, "scheme", "bearer");
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
    json_key(w, "security");
    json_array(w);
    json_object(w);
    json_key(w, "key");
    json_array(w);
    json_array_end(w);
    json_object_end(w);
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
    json_put_text(w, "description",
                  "Collections: customers, invoices, payments, cases, strategies and messages. Money is a decimal text beside its currency; dates are ISO 8601, instants RFC 3339.");
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
    put_paths(w);
    put_components(w);
    json_object_end(w);
    json_text_done(&text);
}
