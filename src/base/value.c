/* The data tree a template is rendered from (mustache.h): built front to back, never changed afterwards. */
#include "base/mustache.h"

struct value_builder value_object(struct arena *arena) {
    struct value *value = ARENA_NEW(arena, struct value);
    value->kind = VALUE_OBJECT;
    return (struct value_builder){.arena = arena, .value = value};
}

struct value *value_append(struct value_builder *b, Str key, enum value_kind kind) {
    struct value *value = ARENA_NEW(b->arena, struct value);
    value->kind = kind;
    value->key = key;
    if (b->last)
        b->last->next = value;
    else
        b->value->child = value;
    b->last = value;
    return value;
}

static struct value *append(struct value_builder *b, const char *key, enum value_kind kind) {
    return value_append(b, str_from(key), kind);
}

void value_add_text(struct value_builder *b, const char *key, Str text) { append(b, key, VALUE_TEXT)->text = text; }

void value_add_bool(struct value_builder *b, const char *key, bool truth) {
    append(b, key, truth ? VALUE_TRUE : VALUE_FALSE);
}

struct value_builder value_add_object(struct value_builder *b, const char *key) {
    return (struct value_builder){.arena = b->arena, .value = append(b, key, VALUE_OBJECT)};
}

struct value_builder value_add_list(struct value_builder *b, const char *key) {
    return (struct value_builder){.arena = b->arena, .value = append(b, key, VALUE_LIST)};
}

void value_add_same(struct value_builder *b, const char *key, const struct value *value) {
    struct value *copy = append(b, key, value->kind);
    copy->text = value->text;
    copy->child = value->child;
}
