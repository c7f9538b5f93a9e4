/* A reader of shapes that writes as it reads. */
#include "web/openapi_answer.h"

#include <string.h>

#include "base/ctx.h"
#include "base/embed.h"

#define DEPTH_MAX 12

bool answer_shape(const char *verb, const char *what, struct buf *out) {
    Str text, wanted = str_from(verb);
    bool inside = false;
    MUST(embedded_find("src/web/answers.txt", &text));
    for (Str rest = text; rest.p;) {
        Str line = str_cut(&rest, '\n');
        if (line.n && line.p[0] == ' ') {
            if (inside) buf_add(out, line);
            continue;
        }
        Str shape = line, name = str_trim(str_cut(&shape, '='));
        bool is_kind = str_ends(name, str_from(what));
        if (is_kind) name = str_trim((Str){name.p, name.n - strlen(what)});
        inside = is_kind && shape.p && str_equal(name, wanted);
        if (inside) buf_add(out, str_trim(shape));
    }
    return out->n > 0;
}

struct shape_reader {
    struct json_writer *w;
    Str rest;
    int depth;
};

static char peek(struct shape_reader *r) {
    while (r->rest.n && r->rest.p[0] == ' ') r->rest = (Str){r->rest.p + 1, r->rest.n - 1};
    return r->rest.n ? r->rest.p[0] : '\0';
}

static bool take(struct shape_reader *r, char c) {
    if (peek(r) != c) return false;
    r->rest = (Str){r->rest.p + 1, r->rest.n - 1};
    return true;
}

static Str word(struct shape_reader *r) {
    size_t n = 0;
    peek(r);
    while (n < r->rest.n && !strchr(" :{}[]()|?", r->rest.p[n])) n++;
    Str found = {r->rest.p, n};
    r->rest = (Str){r->rest.p + n, r->rest.n - n};
    MUST(n > 0);
    return found;
}

static void put_type(struct json_writer *w, const char *type, bool nullable) {
    if (!nullable) {
        json_put_text(w, "type", type);
        return;
    }
    json_key(w, "type");
    json_array(w);
    json_str(w, str_from(type));
    json_str(w, S("null"));
    json_array_end(w);
}

static void put_example(struct json_writer *w, const char *text) {
    json_key(w, "examples");
    json_array(w);
    json_str(w, str_from(text));
    json_array_end(w);
}

static const struct {
    const char *word, *type, *format, *pattern, *example, *description;
} scalars[] = {
    {"text", "string", NULL, NULL, NULL, NULL},
    {"int", "integer", NULL, NULL, NULL, NULL},
    {"number", "number", NULL, NULL, NULL, NULL},
    {"bool", "boolean", NULL, NULL, NULL, NULL},
    {"null", "null", NULL, NULL, NULL, NULL},
    {"money", "string", NULL, "^-?[0-9]+([.][0-9]+)?$", "1234.50", "in the currency beside it, with as many decimals as that has"},
    {"currency", "string", NULL, "^[A-Z]{3}$", "COP", "ISO 4217"},
    {"date", "string", "date", NULL, "2026-11-21", NULL},
    {"instant", "string", "date-time", NULL, "2026-11-21T09:00:00-05:00", NULL},
};

static void put_scalar(struct shape_reader *r, bool nullable) {
    Str name = word(r);
    if (str_is(name, "any")) return;
    for (size_t i = 0; i < COUNT_OF(scalars); i++) {
        if (!str_is(name, scalars[i].word)) continue;
        put_type(r->w, scalars[i].type, nullable);
        if (scalars[i].format) json_put_text(r->w, "format", scalars[i].format);
        if (scalars[i].pattern) json_put_text(r->w, "pattern", scalars[i].pattern);
        if (scalars[i].description) json_put_text(r->w, "description", scalars[i].description);
        if (scalars[i].example) put_example(r->w, scalars[i].example);
        return;
    }
    must_fail("src/web/answers.txt", 0, "every word of a shape is known");
}

static void put_shape(struct shape_reader *r);

#define MEMBERS_MAX 80

static void put_required(struct json_writer *w, const Str *names, size_t n) {
    if (n == 0) return;
    json_key(w, "required");
    json_array(w);
    for (size_t i = 0; i < n; i++) json_str(w, names[i]);
    json_array_end(w);
}

static void put_object(struct shape_reader *r, bool nullable) {
    struct json_writer *w = r->w;
    Str required[MEMBERS_MAX], name = S("");
    size_t n = 0;
    bool others = false;
    put_type(w, "object", nullable);
    json_key(w, "properties");
    json_object(w);
    while (!others && !take(r, '}')) {
        char key[64];
        bool optional = take(r, '?');
        name = word(r);
        MUST(take(r, ':') && name.n < sizeof key && n < MEMBERS_MAX);
        others = str_is(name, "*");
        if (others) break;
        memcpy(key, name.p, name.n);
        key[name.n] = '\0';
        json_key(w, key);
        put_shape(r);
        if (!optional) required[n++] = name;
    }
    json_object_end(w);
    put_required(w, required, n);
    if (!others) return;
    json_key(w, "additionalProperties");
    put_shape(r);
    MUST(take(r, '}'));
}

static void put_choices(struct shape_reader *r, bool nullable) {
    json_key(r->w, "anyOf");
    json_array(r->w);
    do put_shape(r);
    while (take(r, '|'));
    MUST(take(r, ')'));
    if (nullable) {
        json_object(r->w);
        json_put_text(r->w, "type", "null");
        json_object_end(r->w);
    }
    json_array_end(r->w);
}

static void put_shape(struct shape_reader *r) {
    struct json_writer *w = r->w;
    MUST(++r->depth < DEPTH_MAX);
    json_object(w);
    bool nullable = take(r, '?');
    if (take(r, '{')) {
        put_object(r, nullable);
    } else if (take(r, '(')) {
        put_choices(r, nullable);
    } else if (take(r, '[')) {
        put_type(w, "array", nullable);
        json_key(w, "items");
        put_shape(r);
        MUST(take(r, ']'));
    } else {
        put_scalar(r, nullable);
    }
    json_object_end(w);
    r->depth--;
}

void answer_schema(struct json_writer *w, Str shape) {
    struct shape_reader r = {.w = w, .rest = shape};
    put_shape(&r);
    MUST(peek(&r) == '\0');
}
