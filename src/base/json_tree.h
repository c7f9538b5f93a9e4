/* JSON as a tree of values (mustache.h): what a writer wrote, for a page; what a client sent, for reading.
 *
 * Objects, lists and texts are themselves; numbers keep their digits (VALUE_NUMBER), so that money loses nothing; true and
 * false are VALUE_TRUE and VALUE_FALSE, and null is VALUE_MISSING. */
#ifndef BASE_JSON_TREE_H
#define BASE_JSON_TREE_H

#include "base/json.h"
#include "base/mustache.h"

struct json_tree {
    struct json_writer writer;
    struct arena *arena;
    struct value_builder open[JSON_MAX_DEPTH]; /* by depth of the writer */
    const struct value *root;                  /* NULL until something was written */
};
/* Keys and texts are copied into the arena. */
void json_tree_init(struct json_tree *t, struct arena *arena);

/* One RFC 8259 value, all of `text`. INVALID names the offset: malformed, not UTF-8, a key twice in an object, more than 500 members in
 * one, deeper than JSON_MAX_DEPTH. In cx->arena; texts without escapes refer to `text`. */
MUST_USE enum rc json_parse(struct ctx *cx, Str text, const struct value **out_value);

#endif
