/* The parsed form of a template, between mustache.c (parser) and mustache_render.c. Private to these two. */
#ifndef BASE_MUSTACHE_TREE_H
#define BASE_MUSTACHE_TREE_H

#include "base/mustache.h"

#define MUSTACHE_MAX_TAGS 20000
#define MUSTACHE_MAX_SECTIONS 32
#define MUSTACHE_MAX_PARTIALS 16
#define MUSTACHE_MAX_STEPS 10000000

enum mustache_kind { NODE_TEXT, NODE_VARIABLE, NODE_RAW, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL };

struct mustache_node {
    enum mustache_kind kind;
    bool line_start; /* TEXT: begins a line of the template, where a partial's indentation goes */
    int line;
    Str text;         /* TEXT: as is; else the name as written */
    Str indent;       /* PARTIAL alone on its line: the white space before it; p == NULL: not alone */
    const Str *parts; /* the name cut at its dots; none for the implicit iterator "." */
    size_t part_count;
    struct mustache_node *child, *next;
};

struct mustache {
    const char *name;
    const struct mustache_node *first;
};

#endif
