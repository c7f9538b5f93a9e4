/* libyaml's event stream folded into a bounded tree. */
#include "base/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/file.h"

#define MAX_FILE ((size_t)4 * 1024 * 1024)
#define MAX_DEPTH 24
#define MAX_NODES 200000

struct reader {
    struct ctx *cx;
    const char *name;
    yaml_parser_t parser;
    int nodes;
};

static enum rc fail_at(struct reader *r, size_t line, SAYS const char *what) {
    return fail(r->cx, INVALID, "%s:%zu: %s", r->name, line + 1, phrase(r->cx, what));
}

static enum rc next_event(struct reader *r, yaml_event_t *event) {
    if (yaml_parser_parse(&r->parser, event)) return OK;
    return fail_at(r, r->parser.problem_mark.line, r->parser.problem ? r->parser.problem : "this is not YAML");
}

static Str event_scalar(struct reader *r, const yaml_event_t *e) {
    return arena_str(r->cx->arena, (Str){(const char *)e->data.scalar.value, e->data.scalar.length});
}

static enum rc build(struct reader *r, const yaml_event_t *event, int depth, struct yaml_node **out);

/* Reads children up to the end event; in mappings every child is preceded by its scalar key. */
static enum rc build_children(struct reader *r, struct yaml_node *parent, int depth) {
    struct yaml_node **link = &parent->child;
    for (;;) {
        yaml_event_t event;
        TRY(next_event(r, &event));
        AUTO(yaml_event_delete) yaml_event_t held = event;
        if (held.type == YAML_MAPPING_END_EVENT || held.type == YAML_SEQUENCE_END_EVENT) return OK;
        struct yaml_node *child = NULL;
        if (parent->kind == YAML_SEQUENCE) {
            TRY(build(r, &held, depth + 1, &child));
        } else {
            if (held.type != YAML_SCALAR_EVENT) return fail_at(r, held.start_mark.line, "a key must be plain text");
            Str key = event_scalar(r, &held);
            for (const struct yaml_node *other = parent->child; other; other = other->next)
                if (str_equal(other->key, key)) {
                    enum rc rc = fail(r->cx, INVALID, "%s:%zu: key \"%.*s\" stands already at line %d", r->name,
                                      held.start_mark.line + 1, STR_ARG(key), other->key_line);
                    return rc;
                }
            yaml_event_t value;
            TRY(next_event(r, &value));
            AUTO(yaml_event_delete) yaml_event_t held_value = value;
            TRY(build(r, &held_value, depth + 1, &child));
            child->key = key;
            child->key_line = (int)held.start_mark.line + 1;
        }
        *link = child;
        link = &child->next;
        parent->count++;
    }
}

static enum rc build(struct reader *r, const yaml_event_t *event, int depth, struct yaml_node **out) {
    size_t line = event->start_mark.line;
    if (depth > MAX_DEPTH) return fail_at(r, line, "nested too deeply");
    if (++r->nodes > MAX_NODES) return fail_at(r, line, "too many entries");
    struct yaml_node *node = ARENA_NEW(r->cx->arena, struct yaml_node);
    node->line = (int)line + 1;
    node->column = (int)event->start_mark.column + 1;
    node->key = S("");
    node->scalar = S("");
    *out = node;
    if (event->type == YAML_SCALAR_EVENT) {
        if (event->data.scalar.anchor || event->data.scalar.tag)
            return fail_at(r, line, "anchors and tags are not allowed");
        node->kind = YAML_SCALAR;
        node->scalar = event_scalar(r, event);
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        return OK;
    }
    if (event->type == YAML_SEQUENCE_START_EVENT && !event->data.sequence_start.anchor)
        node->kind = YAML_SEQUENCE;
    else if (event->type == YAML_MAPPING_START_EVENT && !event->data.mapping_start.anchor)
        node->kind = YAML_MAPPING;
    else
        return fail_at(r, line, "anchors and aliases are not allowed");
    return build_children(r, node, depth);
}

static enum rc read_document(struct reader *r, struct yaml_node **out) {
    for (;;) {
        yaml_event_t event;
        TRY(next_event(r, &event));
        AUTO(yaml_event_delete) yaml_event_t held = event;
        if (held.type == YAML_STREAM_START_EVENT || held.type == YAML_DOCUMENT_START_EVENT) continue;
        if (held.type == YAML_STREAM_END_EVENT) return fail_at(r, 0, "the file is empty");
        TRY(build(r, &held, 0, out));
        break;
    }
    for (;;) { /* a second document is an error */
        yaml_event_t event;
        TRY(next_event(r, &event));
        AUTO(yaml_event_delete) yaml_event_t held = event;
        if (held.type == YAML_STREAM_END_EVENT) return OK;
        if (held.type == YAML_DOCUMENT_START_EVENT)
            return fail_at(r, held.start_mark.line, "only one document is allowed in a file");
    }
}

enum rc yaml_parse(struct ctx *cx, Str text, const char *name, const struct yaml_node **out_root) {
    if (!str_is_utf8(text)) return fail(cx, INVALID, "%s: the file is not UTF-8", name);
    struct reader r = {.cx = cx, .name = name};
    MUST(yaml_parser_initialize(&r.parser));
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.p, text.n);
    struct yaml_node *root = NULL;
    enum rc rc = read_document(&r, &root);
    yaml_parser_delete(&r.parser);
    TRY(rc);
    *out_root = root;
    return OK;
}

enum rc yaml_load(struct ctx *cx, const char *path, const struct yaml_node **out_root) {
    Str text;
    TRY(file_read(cx, path, MAX_FILE, &text));
    return yaml_parse(cx, text, path, out_root);
}

const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key) {
    if (!mapping || mapping->kind != YAML_MAPPING) return NULL;
    for (const struct yaml_node *entry = mapping->child; entry; entry = entry->next)
        if (str_is(entry->key, key)) return entry;
    return NULL;
}

Str yaml_text(const struct yaml_node *mapping, const char *key) {
    const struct yaml_node *entry = yaml_get(mapping, key);
    return entry && entry->kind == YAML_SCALAR ? entry->scalar : S("");
}

enum rc yaml_fail(struct ctx *cx, const char *name, const struct yaml_node *at, const char *hint, const char *format,
                  ...) {
    char message[300];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, phrase(cx, format), args);
    va_end(args);
    char field[64];
    snprintf(field, sizeof field, "%.*s", (int)(at->key.n < 63 ? at->key.n : 63), at->key.p);
    return fail_field(cx, INVALID, field, hint, "%s:%d: %s", name, at->line, message);
}

enum rc yaml_int(struct ctx *cx, const char *name, const struct yaml_node *mapping, const char *key, int64_t min,
                 int64_t max, int64_t *out) {
    const struct yaml_node *entry = yaml_get(mapping, key);
    if (!entry) return OK;
    int64_t value;
    Str digits = entry->scalar;
    if (digits.n > 1 && digits.p[0] == '+') digits = (Str){digits.p + 1, digits.n - 1};
    if (entry->kind != YAML_SCALAR || !str_to_i64(digits, &value))
        return yaml_fail(cx, name, entry, "write a whole number", "%s is not a whole number", key);
    if (value < min || value > max)
        return yaml_fail(cx, name, entry, NULL, "%s must lie between %lld and %lld", key, (long long)min,
                         (long long)max);
    *out = value;
    return OK;
}

enum rc yaml_bool(struct ctx *cx, const char *name, const struct yaml_node *mapping, const char *key, bool *out) {
    const struct yaml_node *entry = yaml_get(mapping, key);
    if (!entry) return OK;
    if (entry->kind == YAML_SCALAR && str_is(entry->scalar, "true"))
        *out = true;
    else if (entry->kind == YAML_SCALAR && str_is(entry->scalar, "false"))
        *out = false;
    else
        return yaml_fail(cx, name, entry, "write true or false", "%s is neither true nor false", key);
    return OK;
}

/* Letters to insert, delete or change to get from a to b; at most 31 letters are looked at. */
static size_t edit_distance(Str a, Str b) {
    size_t row[32];
    size_t an = a.n < 31 ? a.n : 31, bn = b.n < 31 ? b.n : 31;
    for (size_t j = 0; j <= bn; j++) row[j] = j;
    for (size_t i = 1; i <= an; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= bn; j++) {
            size_t change = diagonal + (a.p[i - 1] != b.p[j - 1]);
            diagonal = row[j];
            size_t best = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
            row[j] = change < best ? change : best;
        }
    }
    return row[bn];
}

enum rc yaml_only(struct ctx *cx, const char *name, const struct yaml_node *mapping, const char *const *allowed) {
    if (mapping->kind != YAML_MAPPING)
        return yaml_fail(cx, name, mapping, NULL, "a mapping of names and values is expected here");
    for (const struct yaml_node *entry = mapping->child; entry; entry = entry->next) {
        const char *closest = NULL;
        size_t closest_distance = 4;
        bool known = false;
        for (const char *const *a = allowed; *a && !known; a++) {
            known = str_is(entry->key, *a);
            size_t distance = edit_distance(entry->key, str_from(*a));
            if (distance < closest_distance) {
                closest_distance = distance;
                closest = *a;
            }
        }
        if (known) continue;
        char hint[120] = "";
        if (closest) snprintf(hint, sizeof hint, phrase(cx, "did you mean \"%s\"?"), closest);
        return yaml_fail(cx, name, entry, hint, "unknown key \"%.*s\"", STR_ARG(entry->key));
    }
    return OK;
}
