/* The parser: source text to a tree of nodes.
 *
 * The one subtle thing is white space: a section, comment, partial or delimiter tag alone on its line takes the whole
 * line with it. Whether it is alone is judged on the source at absolute offsets, so that it does not matter what was
 * parsed before. */
#include "base/mustache.h"

#include <string.h>

#include "base/mustache_tree.h"

struct open_section {
    struct mustache_node *node;
    struct mustache_node **tail;
};

struct parser {
    struct ctx *cx;
    Str source;
    struct mustache *template;
    size_t at;       /* everything before is parsed */
    int line;        /* of `counted` */
    size_t counted;  /* newlines are counted up to here */
    Str open, close; /* delimiters */
    size_t tags;
    struct open_section sections[MUSTACHE_MAX_SECTIONS + 1]; /* [0] is the template itself */
    size_t depth;
};

/* One tag as found in the source. */
struct tag {
    char sigil;        /* # ^ / > ! = & { or 0 for a variable */
    Str content;       /* trimmed */
    size_t start, end; /* in the source, delimiters included */
    int line;
};

static enum rc parse_fail(const struct parser *p, int line, SAYS const char *hint, SAYS const char *message,
                          Str detail) {
    return fail_field(p->cx, INVALID, NULL, hint, "%s:%d: %s%.*s", p->template->name, line, phrase(p->cx, message),
                      STR_ARG(detail));
}

/* Asked with growing offsets only, so that lines are counted in one pass. */
static int line_at(struct parser *p, size_t offset) {
    for (; p->counted < offset; p->counted++)
        if (p->source.p[p->counted] == '\n') p->line++;
    return p->line;
}

static size_t find(Str s, size_t from, Str needle) {
    const char *hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return hit ? (size_t)(hit - s.p) : s.n;
}

static bool at_line_start(const struct parser *p, size_t offset) {
    return offset == 0 || p->source.p[offset - 1] == '\n';
}

static struct mustache_node *add_node(struct parser *p, enum mustache_kind kind, Str text, int line) {
    struct mustache_node *node = ARENA_NEW(p->cx->arena, struct mustache_node);
    node->kind = kind;
    node->text = text;
    node->line = line;
    struct open_section *section = &p->sections[p->depth];
    *section->tail = node;
    section->tail = &node->next;
    return node;
}

static void add_text(struct parser *p, size_t from, size_t to, int line) {
    add_node(p, NODE_TEXT, (Str){p->source.p + from, to - from}, line)->line_start = at_line_start(p, from);
}

static void cut_name(struct parser *p, struct mustache_node *node) {
    if (str_is(node->text, ".")) return;
    size_t count = 1;
    for (size_t i = 0; i < node->text.n; i++) count += node->text.p[i] == '.';
    Str *parts = ARENA_ARRAY(p->cx->arena, Str, count);
    Str rest = node->text;
    for (size_t i = 0; i < count; i++) parts[i] = str_cut(&rest, '.');
    node->parts = parts;
    node->part_count = count;
}

static enum rc read_tag(struct parser *p, size_t start, struct tag *out_tag) {
    struct tag tag = {.start = start, .line = line_at(p, start)};
    size_t at = start + p->open.n;
    char sigil = at < p->source.n ? p->source.p[at] : '\0';
    if (sigil && strchr("#^/>!=&{", sigil)) {
        tag.sigil = sigil;
        at++;
    }
    size_t end = find(p->source, at, p->close);
    if (end < p->source.n && (sigil == '{' || sigil == '=')) {
        /* The closing delimiter must follow the twin of the sigil: {{{x}}}, {{=<% %>=}}. */
        char twin = sigil == '{' ? '}' : '=';
        size_t mark = at;
        while (mark < p->source.n && !(p->source.p[mark] == twin &&
                                       str_starts((Str){p->source.p + mark + 1, p->source.n - mark - 1}, p->close)))
            mark++;
        end = mark < p->source.n ? mark + 1 : p->source.n;
    }
    if (end >= p->source.n)
        return parse_fail(p, tag.line, "close it with the same signs it was opened with", "a tag is never closed",
                          S(""));
    bool has_twin = tag.sigil == '{' || tag.sigil == '=';
    tag.content = str_trim((Str){p->source.p + at, end - at - (has_twin ? 1 : 0)});
    tag.end = end + p->close.n;
    *out_tag = tag;
    return OK;
}

/* Whether the tag is alone on its line; then *out_from is where the line starts and *out_to where the next one does. */
static bool stands_alone(const struct parser *p, const struct tag *tag, size_t *out_from, size_t *out_to) {
    size_t from = tag->start, to = tag->end;
    while (from > 0 && (p->source.p[from - 1] == ' ' || p->source.p[from - 1] == '\t')) from--;
    if (!at_line_start(p, from)) return false;
    while (to < p->source.n && (p->source.p[to] == ' ' || p->source.p[to] == '\t')) to++;
    if (to + 1 < p->source.n && p->source.p[to] == '\r' && p->source.p[to + 1] == '\n') to++;
    if (to < p->source.n && p->source.p[to] != '\n') return false;
    *out_from = from;
    *out_to = to < p->source.n ? to + 1 : to;
    return true;
}

static enum rc check_name(const struct parser *p, const struct tag *tag) {
    if (tag->content.n == 0) return parse_fail(p, tag->line, NULL, "a tag has no name", S(""));
    for (size_t i = 0; i < tag->content.n; i++)
        if ((unsigned char)tag->content.p[i] <= ' ')
            return parse_fail(p, tag->line, "names have no spaces in them", "not a name: ", tag->content);
    return OK;
}

static enum rc set_delimiters(struct parser *p, const struct tag *tag) {
    size_t space = 0;
    while (space < tag->content.n && !strchr(" \t\r\n", tag->content.p[space])) space++;
    Str open = {tag->content.p, space};
    Str close = str_trim((Str){tag->content.p + space, tag->content.n - space});
    bool good = open.n && close.n && str_index(open, '=') == open.n && str_index(close, '=') == close.n;
    for (size_t i = 0; i < close.n; i++) good = good && (unsigned char)close.p[i] > ' ';
    if (!good)
        return parse_fail(p, tag->line, "write the opening and the closing sign with a space between",
                          "not delimiters: ", tag->content);
    p->open = open;
    p->close = close;
    return OK;
}

static enum rc open_section(struct parser *p, const struct tag *tag) {
    if (p->depth == MUSTACHE_MAX_SECTIONS)
        return parse_fail(p, tag->line, NULL, "sections are nested too deeply at ", tag->content);
    struct mustache_node *node = add_node(p, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, tag->content, tag->line);
    cut_name(p, node);
    p->depth++;
    p->sections[p->depth] = (struct open_section){.node = node, .tail = &node->child};
    return OK;
}

static enum rc close_section(struct parser *p, const struct tag *tag) {
    const struct mustache_node *node = p->sections[p->depth].node;
    if (!node) return parse_fail(p, tag->line, NULL, "nothing is open that could be closed by /", tag->content);
    if (!str_equal(node->text, tag->content))
        return fail_field(p->cx, INVALID, NULL, "sections close in the reverse order of opening",
                          "%s:%d: /%.*s does not close %.*s of line %d", p->template->name, tag->line,
                          STR_ARG(tag->content), STR_ARG(node->text), node->line);
    p->depth--;
    return OK;
}

static enum rc apply_tag(struct parser *p, const struct tag *tag, Str indent) {
    if (tag->sigil == '!') return OK;
    if (tag->sigil == '=') return set_delimiters(p, tag);
    TRY(check_name(p, tag));
    switch (tag->sigil) {
    case '#':
    case '^': return open_section(p, tag);
    case '/': return close_section(p, tag);
    case '>': add_node(p, NODE_PARTIAL, tag->content, tag->line)->indent = indent; return OK;
    default: break;
    }
    cut_name(p, add_node(p, tag->sigil ? NODE_RAW : NODE_VARIABLE, tag->content, tag->line));
    return OK;
}

static enum rc parse_tag(struct parser *p, size_t start) {
    size_t text_start = p->at, from = start, to = 0;
    int text_line = line_at(p, text_start);
    if (++p->tags > MUSTACHE_MAX_TAGS) return parse_fail(p, line_at(p, start), NULL, "too many tags", S(""));
    struct tag tag = {0};
    TRY(read_tag(p, start, &tag));
    bool is_alone = tag.sigil && strchr("#^/>!=", tag.sigil) && stands_alone(p, &tag, &from, &to);
    if (!is_alone) to = tag.end;
    MUST(from >= text_start);
    if (from > text_start) add_text(p, text_start, from, text_line);
    /* A line that begins with a tag still begins: an empty text marks the place. */
    if (!is_alone && at_line_start(p, start)) add_text(p, start, start, tag.line);
    TRY(apply_tag(p, &tag, is_alone ? (Str){p->source.p + from, start - from} : (Str){NULL, 0}));
    p->at = to;
    return OK;
}

enum rc mustache_parse_at(struct ctx *cx, Str source, const char *name, int line,
                          const struct mustache **out_template) {
    struct mustache *template = ARENA_NEW(cx->arena, struct mustache);
    template->name = name;
    struct mustache_node root = {.kind = NODE_TEXT};
    struct parser p = {
        .cx = cx, .source = source, .template = template, .line = line, .open = S("{{"), .close = S("}}")};
    p.sections[0].tail = &root.child;
    for (;;) {
        size_t start = find(source, p.at, p.open);
        if (start == source.n) break;
        TRY(parse_tag(&p, start));
    }
    if (p.at < source.n) add_text(&p, p.at, source.n, line_at(&p, p.at));
    const struct mustache_node *node = p.sections[p.depth].node;
    if (node) return parse_fail(&p, node->line, "add its closing tag", "a section is never closed: ", node->text);
    template->first = root.child;
    *out_template = template;
    return OK;
}

enum rc mustache_parse(struct ctx *cx, Str source, const char *name, const struct mustache **out_template) {
    return mustache_parse_at(cx, source, name, 1, out_template);
}

static void visit_nodes(const struct mustache_node *node, mustache_visit *visit, void *self) {
    for (; node; node = node->next) {
        switch (node->kind) {
        case NODE_TEXT: break;
        case NODE_VARIABLE:
        case NODE_RAW: visit(self, MUSTACHE_VARIABLE, node->text, node->line); break;
        case NODE_PARTIAL: visit(self, MUSTACHE_PARTIAL, node->text, node->line); break;
        case NODE_SECTION:
        case NODE_INVERTED:
            visit(self, MUSTACHE_SECTION, node->text, node->line);
            visit_nodes(node->child, visit, self);
            visit(self, MUSTACHE_SECTION_END, node->text, node->line);
            break;
        }
    }
}

void mustache_names(const struct mustache *t, mustache_visit *visit, void *self) { visit_nodes(t->first, visit, self); }

const char *mustache_name(const struct mustache *t) { return t->name; }
