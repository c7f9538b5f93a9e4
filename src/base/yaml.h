/* YAML read into a small tree that remembers line numbers, so that every complaint can name its line.
 *
 * Only what our data files need: mappings, sequences and scalars. Anchors, aliases and tags are refused, duplicate keys too;
 * size, depth and node count are bounded, because strategy files come from users. Parsing is libyaml's. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/ctx.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    int line, column;      /* from 1 */
    Str key;               /* in a mapping: this entry's key; else empty */
    int key_line;          /* where the key stands */
    Str scalar;            /* text of a scalar */
    bool quoted;           /* a quoted scalar is always text */
    struct yaml_node *child, *next; /* first child; next sibling */
    size_t count;          /* children */
};

/* `name` (a file name) is used in messages. The tree lies in cx->arena. INVALID with "NAME:LINE: …". */
MUST_USE enum rc yaml_parse(struct ctx *cx, Str text, const char *name, const struct yaml_node **out_root);
/* Reads the file first (at most 4 MiB). NOT_FOUND when there is none. */
MUST_USE enum rc yaml_load(struct ctx *cx, const char *path, const struct yaml_node **out_root);

/* The entry of a mapping, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);
/* The scalar under a key as text; empty when missing. */
Str yaml_text(const struct yaml_node *mapping, const char *key);

/* Checked reads; a missing key leaves *out untouched and is OK; a wrong type is INVALID and names `name`, line and key. */
MUST_USE enum rc yaml_int(struct ctx *cx, const char *name, const struct yaml_node *mapping, const char *key,
                          int64_t min, int64_t max, int64_t *out);
MUST_USE enum rc yaml_bool(struct ctx *cx, const char *name, const struct yaml_node *mapping, const char *key, bool *out);
/* INVALID naming the first key that is not among `allowed` (NULL-terminated) and, if there is one, the closest allowed name. */
MUST_USE enum rc yaml_only(struct ctx *cx, const char *name, const struct yaml_node *mapping,
                           const char *const *allowed);
/* INVALID "NAME:LINE: …" at a node. */
enum rc yaml_fail(struct ctx *cx, const char *name, const struct yaml_node *at, SAYS const char *hint, SAYS const char *format,
                  ...) PRINTF_LIKE(5, 6);

#endif
