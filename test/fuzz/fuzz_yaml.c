/* Any bytes as a YAML file: the tree is sound, bounded, and its lines lie within the text. */
#include <stddef.h>
#include <stdint.h>

#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t check(const struct yaml_node *node, int depth, size_t size) {
    size_t nodes = 1, children = 0;
    MUST(depth < 100 && node->line >= 1 && (size_t)node->line <= size + 1);
    for (const struct yaml_node *child = node->child; child; child = child->next) {
        MUST(node->kind != YAML_SCALAR);
        if (node->kind == YAML_MAPPING) MUST(child->key_line >= 1);
        nodes += check(child, depth + 1, size);
        children++;
    }
    MUST(children == node->count);
    return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const allowed[] = {"a", "b", NULL};
    if (size > 65536) return 0;
    struct ctx cx = {.arena = arena_new()};
    const struct yaml_node *root = NULL;
    enum rc rc = yaml_parse(&cx, (Str){(const char *)data, size}, "fuzz.yaml", &root);
    MUST(rc == OK || (rc == INVALID && cx.fault.message[0]));
    if (rc == OK && root) {
        int64_t number = 0;
        bool flag = false;
        MUST(check(root, 0, size) <= size + 1);
        if (root->kind == YAML_MAPPING) {
            rc = yaml_only(&cx, "fuzz.yaml", root, allowed);
            MUST(rc == OK || rc == INVALID);
            rc = yaml_int(&cx, "fuzz.yaml", root, "a", -5, 5, &number);
            MUST(rc != OK || (number >= -5 && number <= 5));
            rc = yaml_bool(&cx, "fuzz.yaml", root, "b", &flag);
            MUST(rc == OK || rc == INVALID);
        }
    }
    arena_free(cx.arena);
    return 0;
}
