/* Mustache (mustache(5)): the one template language, for messages and for pages.
 *
 * A template is parsed once into a tree and rendered many times, from any thread. Values come as a small tree of our own rather than
 * from a particular JSON library. Escaping is by context: HTML for {{x}} when rendering HTML, none for plain text; {{{x}}} and {{&x}}
 * never escape. An empty text and an empty list count as false; a boolean prints nothing. Limits: output by the buffer's maximum, 20,000
 * tags, section depth 32, partial depth 16, ten million steps a rendering. No lambdas. */
#ifndef BASE_MUSTACHE_H
#define BASE_MUSTACHE_H

#include "base/buf.h"
#include "base/ctx.h"

struct mustache;

/* VALUE_NUMBER prints its text and is false when that is zero. VALUE_MARKUP is HTML already and is not escaped: only helpers give it,
 * never data. */
enum value_kind {
    VALUE_MISSING,
    VALUE_FALSE,
    VALUE_TRUE,
    VALUE_TEXT,
    VALUE_NUMBER,
    VALUE_MARKUP,
    VALUE_OBJECT,
    VALUE_LIST
};

/* A value of the data tree; built in an arena by whoever renders. */
struct value {
    enum value_kind kind;
    Str key;                    /* within an object */
    Str text;                   /* VALUE_TEXT, VALUE_NUMBER, VALUE_MARKUP */
    const struct value *child;  /* first of an object's entries or a list's elements */
    const struct value *next;
};
/* Builders: append to an object (key given) or a list (key NULL), in constant time. Texts are kept by reference. */
struct value_builder {
    struct arena *arena;
    struct value *value;
    struct value *last;
};
struct value_builder value_object(struct arena *arena);
void value_add_text(struct value_builder *b, const char *key, Str text);
void value_add_bool(struct value_builder *b, const char *key, bool truth);
struct value_builder value_add_object(struct value_builder *b, const char *key);
struct value_builder value_add_list(struct value_builder *b, const char *key);
/* Any entry, with its key as a Str that must outlive the tree; the caller fills it. */
struct value *value_append(struct value_builder *b, Str key, enum value_kind kind);
/* The same object, list or text a second time, by reference; `value` must be complete. */
void value_add_same(struct value_builder *b, const char *key, const struct value *value);

/* The source and `name` must outlive the template (they are referred to). INVALID "NAME:LINE: …". In cx->arena. */
MUST_USE enum rc mustache_parse(struct ctx *cx, Str source, const char *name, const struct mustache **out_template);
/* The same for a piece of a file that begins at `line`. */
MUST_USE enum rc mustache_parse_at(struct ctx *cx, Str source, const char *name, int line, const struct mustache **out_template);
enum mustache_escape { MUSTACHE_HTML, MUSTACHE_PLAIN };
/* Resolves {{>name}}; NULL for an unknown partial (renders nothing, as the specification says). */
typedef const struct mustache *mustache_partial(void *self, Str name);
/* INVALID when the output is too large, partials call each other too deeply, or the work has no end. */
MUST_USE enum rc mustache_render(struct ctx *cx, const struct mustache *t, const struct value *data, enum mustache_escape escape,
                                 mustache_partial *partial, void *self, struct buf *out);

/* Helpers: what a name means that the data does not answer, as pages use them: {{t.save}}, {{money.open}}, {{#has.items}}. A data value of
 * the same full name goes first. */
struct mustache_scope;
/* The value a dotted name has where the tag stands, NULL when it has none. Never asks helpers. */
const struct value *mustache_scope_find(const struct mustache_scope *scope, Str dotted_name);
/* Whether a section of this value is shown; NULL is not. */
bool value_is_true(const struct value *value);
/* True with *out_value filled (texts in cx->arena or longer-lived) when the helper knows `name`. */
typedef bool mustache_helper(void *self, struct ctx *cx, const struct mustache_scope *scope, Str name,
                             struct value *out_value);
struct mustache_options {
    enum mustache_escape escape;
    mustache_partial *partial; /* may be NULL, as may helper */
    mustache_helper *helper;
    void *self;
};
MUST_USE enum rc mustache_render_with(struct ctx *cx, const struct mustache *t, const struct value *data,
                                      const struct mustache_options *options, struct buf *out);

/* What a template uses, in order, for checks against known names. SECTION (plain or inverted) is followed by what lies inside and by
 * its SECTION_END. `name` is as written, dots and all. */
enum mustache_use { MUSTACHE_VARIABLE, MUSTACHE_SECTION, MUSTACHE_SECTION_END, MUSTACHE_PARTIAL };
typedef void mustache_visit(void *self, enum mustache_use use, Str name, int line);
void mustache_names(const struct mustache *t, mustache_visit *visit, void *self);
/* The name given to mustache_parse. */
const char *mustache_name(const struct mustache *t);

#endif
