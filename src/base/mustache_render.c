/* The renderer: a template's tree and a tree of values to text.
 *
 * Names are looked up from the innermost section outwards; of a dotted name only the first part is, the others must be
 * inside what it gave. A partial alone on its line indents every line of the partial's own text, never the values put
 * into it. */
#include <string.h>

#include "base/mustache_tree.h"

struct mustache_scope {
    const struct value *value;
    const struct mustache_scope *outer;
};

struct rendering {
    struct ctx *cx;
    const struct mustache *template; /* the one whose nodes are being rendered, for messages */
    const struct mustache_options *options;
    struct buf *out;
    int32_t steps_left;
    int depth; /* of partials */
};

static const struct value missing = {.kind = VALUE_MISSING};

static const struct value *member(const struct value *object, Str key) {
    if (object->kind != VALUE_OBJECT) return NULL;
    const struct value *entry = object->child;
    if (key.n == 0) return NULL;
    while (entry && !(entry->key.n == key.n && entry->key.p[0] == key.p[0] && memcmp(entry->key.p, key.p, key.n) == 0)) entry = entry->next;
    return entry;
}

const struct value *mustache_scope_find(const struct mustache_scope *scope, Str name) {
    if (str_is(name, ".")) return scope->value;
    const struct value *found = NULL;
    Str rest = name, part = str_cut(&rest, '.');
    for (; scope && !found; scope = scope->outer) found = member(scope->value, part);
    while (rest.p && found) found = member(found, str_cut(&rest, '.'));
    return found;
}

/* `room` holds what a helper gives. */
static const struct value *look_up(const struct rendering *r, const struct mustache_node *node,
                                   const struct mustache_scope *scope, struct value *room) {
    if (node->part_count == 0) return scope->value;
    const struct mustache_scope *at = scope;
    const struct value *found = NULL;
    for (; at && !found; at = at->outer) found = member(at->value, node->parts[0]);
    for (size_t i = 1; i < node->part_count && found; i++) found = member(found, node->parts[i]);
    if (found) return found;
    const struct mustache_options *o = r->options;
    return o->helper && o->helper(o->self, r->cx, scope, node->text, room) ? room : &missing;
}

static bool is_zero(Str digits) {
    for (size_t i = 0; i < digits.n; i++)
        if (digits.p[i] >= '1' && digits.p[i] <= '9') return false;
    return true;
}

bool value_is_true(const struct value *v) {
    if (!v) return false;
    switch (v->kind) {
    case VALUE_MISSING:
    case VALUE_FALSE: return false;
    case VALUE_NUMBER: return !is_zero(v->text);
    case VALUE_TEXT:
    case VALUE_MARKUP: return v->text.n > 0;
    case VALUE_LIST: return v->child != NULL;
    case VALUE_TRUE:
    case VALUE_OBJECT: return true;
    }
    return false;
}

static void put_text(struct rendering *r, const struct mustache_node *node, Str indent) {
    if (indent.n == 0) {
        buf_add(r->out, node->text);
        return;
    }
    bool line_start = node->line_start;
    size_t at = 0;
    do {
        if (line_start) buf_add(r->out, indent);
        Str rest = {node->text.p + at, node->text.n - at};
        size_t length = str_index(rest, '\n');
        length += length < rest.n;
        buf_add(r->out, (Str){rest.p, length});
        at += length;
        line_start = true;
    } while (at < node->text.n);
}

static enum rc render_nodes(struct rendering *r, const struct mustache_node *node, const struct mustache_scope *scope,
                            Str indent);

static enum rc render_section(struct rendering *r, const struct mustache_node *node, const struct mustache_scope *scope,
                              Str indent) {
    struct value room = {0};
    const struct value *v = look_up(r, node, scope, &room);
    if (node->kind == NODE_INVERTED) return value_is_true(v) ? OK : render_nodes(r, node->child, scope, indent);
    if (!value_is_true(v)) return OK;
    struct mustache_scope inner = {.value = v, .outer = scope};
    if (v->kind != VALUE_LIST) return render_nodes(r, node->child, &inner, indent);
    for (inner.value = v->child; inner.value; inner.value = inner.value->next)
        TRY(render_nodes(r, node->child, &inner, indent));
    return OK;
}

static enum rc render_partial(struct rendering *r, const struct mustache_node *node, const struct mustache_scope *scope,
                              Str indent) {
    const struct mustache *partial = r->options->partial ? r->options->partial(r->options->self, node->text) : NULL;
    if (!partial) return OK;
    if (r->depth == MUSTACHE_MAX_PARTIALS)
        return fail(r->cx, INVALID, "%s:%d: partials call each other too deeply at %.*s", r->template->name, node->line,
                    STR_ARG(node->text));
    if (!node->indent.p)
        indent = S("");
    else if (node->indent.n)
        indent = arena_printf(r->cx->arena, "%.*s%.*s", STR_ARG(indent), STR_ARG(node->indent));
    const struct mustache *caller = r->template;
    r->template = partial;
    r->depth++;
    TRY(render_nodes(r, partial->first, scope, indent));
    r->depth--;
    r->template = caller;
    return OK;
}

static void put_value(struct rendering *r, const struct mustache_node *node, const struct mustache_scope *scope) {
    struct value room = {0};
    const struct value *v = look_up(r, node, scope, &room);
    if (v->kind != VALUE_TEXT && v->kind != VALUE_NUMBER && v->kind != VALUE_MARKUP) return;
    if (node->kind == NODE_VARIABLE && r->options->escape == MUSTACHE_HTML && v->kind != VALUE_MARKUP)
        buf_add_html(r->out, v->text);
    else
        buf_add(r->out, v->text);
}

static enum rc render_nodes(struct rendering *r, const struct mustache_node *node, const struct mustache_scope *scope,
                            Str indent) {
    for (; node; node = node->next) {
        if (--r->steps_left < 0)
            return fail(r->cx, INVALID, "%s:%d: rendering takes too much work", r->template->name, node->line);
        switch (node->kind) {
        case NODE_TEXT: put_text(r, node, indent); break;
        case NODE_VARIABLE:
        case NODE_RAW: put_value(r, node, scope); break;
        case NODE_SECTION:
        case NODE_INVERTED: TRY(render_section(r, node, scope, indent)); break;
        case NODE_PARTIAL: TRY(render_partial(r, node, scope, indent)); break;
        }
        if (r->out->overflow)
            return fail(r->cx, INVALID, "%s: the text is larger than %zu bytes", r->template->name, r->out->max);
    }
    return OK;
}

enum rc mustache_render_with(struct ctx *cx, const struct mustache *t, const struct value *data,
                             const struct mustache_options *options, struct buf *out) {
    struct rendering r = {
        .cx = cx, .template = t, .options = options, .out = out, .steps_left = MUSTACHE_MAX_STEPS};
    struct mustache_scope root = {.value = data};
    return render_nodes(&r, t->first, &root, S(""));
}

enum rc mustache_render(struct ctx *cx, const struct mustache *t, const struct value *data, enum mustache_escape escape,
                        mustache_partial *partial, void *self, struct buf *out) {
    return mustache_render_with(
        cx, t, data, &(struct mustache_options){.escape = escape, .partial = partial, .self = self}, out);
}
