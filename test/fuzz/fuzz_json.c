/* Any bytes as JSON: what is read is sound and bounded, and written again and read again it is the same. */
#include <stddef.h>
#include <stdint.h>

#include "base/json_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MEMBERS_MAX 500

/* Every value within the bounds json_tree.h promises; how many there are. */
static size_t check(const struct value *v, int depth) {
    size_t values = 1, children = 0;
    MUST(depth <= JSON_MAX_DEPTH);
    for (const struct value *child = v->child; child; child = child->next) {
        MUST(v->kind == VALUE_OBJECT || v->kind == VALUE_LIST);
        if (v->kind == VALUE_OBJECT) {
            MUST(str_is_utf8(child->key));
            for (const struct value *other = child->next; other; other = other->next) MUST(!str_equal(child->key, other->key));
        }
        values += check(child, depth + 1);
        children++;
    }
    MUST(v->kind != VALUE_OBJECT || children <= MEMBERS_MAX);
    if (v->kind == VALUE_TEXT) MUST(str_is_utf8(v->text));
    if (v->kind == VALUE_NUMBER) MUST(v->text.n > 0);
    return values;
}

static void write(struct buf *b, const struct value *v);

static void write_children(struct buf *b, const struct value *v) {
    bool is_object = v->kind == VALUE_OBJECT;
    buf_add_char(b, is_object ? '{' : '[');
    for (const struct value *child = v->child; child; child = child->next) {
        if (is_object) {
            buf_add_char(b, '"');
            buf_add_json(b, child->key);
            buf_add(b, S("\":"));
        }
        write(b, child);
        if (child->next) buf_add_char(b, ',');
    }
    buf_add_char(b, is_object ? '}' : ']');
}

static void write(struct buf *b, const struct value *v) {
    switch (v->kind) {
    case VALUE_OBJECT:
    case VALUE_LIST: write_children(b, v); break;
    case VALUE_TEXT:
        buf_add_char(b, '"');
        buf_add_json(b, v->text);
        buf_add_char(b, '"');
        break;
    case VALUE_NUMBER: buf_add(b, v->text); break;
    case VALUE_TRUE: buf_add(b, S("true")); break;
    case VALUE_FALSE: buf_add(b, S("false")); break;
    case VALUE_MISSING: buf_add(b, S("null")); break;
    case VALUE_MARKUP: must_fail(__FILE__, __LINE__, "only views make markup");
    }
}

static bool same(const struct value *a, const struct value *b) {
    if (a->kind != b->kind || !str_equal(a->text, b->text)) return false;
    const struct value *x = a->child, *y = b->child;
    for (; x && y; x = x->next, y = y->next)
        if (!str_equal(x->key, y->key) || !same(x, y)) return false;
    return !x && !y;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 65536) return 0;
    struct ctx cx = {.arena = arena_new()};
    const struct value *v = NULL, *again = NULL;
    enum rc rc = json_parse(&cx, (Str){(const char *)data, size}, &v);
    MUST(rc == OK || (rc == INVALID && cx.fault.message[0]));
    if (rc == OK) {
        AUTO(buf_done) struct buf b = buf_make((size_t)8 * 65536);
        MUST(check(v, 0) <= size);
        write(&b, v);
        MUST(buf_ok(&b) && json_parse(&cx, buf_str(&b), &again) == OK && same(v, again));
    }
    arena_free(cx.arena);
    return 0;
}
