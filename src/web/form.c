/* Reading forms out of a page. */
#include "web/form.h"

#include <string.h>

bool form_same_name(Str a, Str b) {
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if ((a.p[i] == '-' ? '_' : a.p[i]) != (b.p[i] == '-' ? '_' : b.p[i])) return false;
    return true;
}

bool control_is_told(const struct control *c) { return c->kind == CONTROL_TYPED || c->kind == CONTROL_CHOSEN || c->kind == CONTROL_TICKED; }

static const struct {
    const char *name;
    uint32_t codepoint;
} entities[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

/* The character an entity stands for; 0: none we write. */
static uint32_t entity(Str name) {
    for (size_t i = 0; i < COUNT_OF(entities); i++)
        if (str_is(name, entities[i].name)) return entities[i].codepoint;
    uint32_t code = 0;
    bool hex = name.n > 2 && name.p[0] == '#' && (name.p[1] | 32) == 'x';
    for (size_t i = hex ? 2 : 1; i < name.n && name.p[0] == '#'; i++) {
        int digit = hex_digit(name.p[i]);
        if (digit < 0 || (!hex && digit > 9) || code > 0x10ffff) return 0;
        code = code * (hex ? 16 : 10) + (uint32_t)digit;
    }
    return code <= 0x10ffff ? code : 0;
}

static Str decoded(struct arena *arena, Str text) {
    if (str_index(text, '&') == text.n) return text;
    struct buf b = buf_make(text.n + 16);
    for (size_t i = 0; i < text.n; i++) {
        Str rest = {text.p + i + 1, text.n - i - 1};
        size_t length = text.p[i] == '&' ? str_index(rest, ';') : rest.n;
        uint32_t code = length < rest.n && length < 10 ? entity((Str){rest.p, length}) : 0;
        if (code) {
            buf_add_codepoint(&b, code);
            i += length + 1;
        } else {
            buf_add_char(&b, text.p[i]);
        }
    }
    Str plain = buf_ok(&b) ? arena_str(arena, buf_str(&b)) : S("");
    buf_done(&b);
    return plain;
}

/* ---- tags of HTML ---- */

struct tag {
    Str name; /* "/form" closes */
    size_t at, end;
};

static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/* The next tag from *at on. */
static bool next_tag(Str page, size_t *at, struct tag *out) {
    while (*at < page.n) {
        const char *less = memchr(page.p + *at, '<', page.n - *at);
        if (!less) return false;
        size_t start = (size_t)(less - page.p), i = start + 1;
        char quote = 0;
        while (i < page.n && (quote || page.p[i] != '>')) {
            if (quote ? page.p[i] == quote : page.p[i] == '"' || page.p[i] == '\'') quote = quote ? 0 : page.p[i];
            i++;
        }
        if (i >= page.n) return false;
        size_t n = start + 1;
        while (n < i && !is_blank(page.p[n]) && (page.p[n] != '/' || n == start + 1)) n++;
        *out = (struct tag){.name = {page.p + start + 1, n - start - 1}, .at = start, .end = i + 1};
        *at = i + 1;
        return true;
    }
    return false;
}

Str form_attribute(struct arena *arena, Str page, size_t tag, size_t tag_end, const char *name, size_t *out_at, size_t *out_n) {
    size_t i = tag + 1, end = tag_end - 1;
    while (i < end && !is_blank(page.p[i])) i++;
    while (i < end) {
        size_t from = i;
        while (i < end && is_blank(page.p[i])) i++;
        size_t start = i;
        while (i < end && !is_blank(page.p[i]) && page.p[i] != '=') i++;
        Str given = {page.p + start, i - start}, value = S("");
        if (i < end && page.p[i] == '=') {
            char quote = i + 1 < end ? page.p[i + 1] : ' ';
            bool quoted = quote == '"' || quote == '\'';
            size_t v = i + (quoted ? 2 : 1);
            for (i = v; i < end && (quoted ? page.p[i] != quote : !is_blank(page.p[i]));) i++;
            value = (Str){page.p + v, i - v};
            if (quoted && i < end) i++;
        }
        if (!str_is(given, name)) continue;
        if (out_at) *out_at = from;
        if (out_n) *out_n = i - from;
        return decoded(arena, value);
    }
    return (Str){NULL, 0};
}

static Str attribute(struct arena *arena, Str page, const struct tag *t, const char *name) {
    return form_attribute(arena, page, t->at, t->end, name, NULL, NULL);
}

static bool closing(Str page, size_t at, Str tag, size_t *out_at, size_t *out_end) {
    const char *found = memmem(page.p + at, page.n - at, tag.p, tag.n);
    if (!found) return false;
    *out_at = (size_t)(found - page.p);
    *out_end = *out_at + tag.n;
    return true;
}

/* ---- controls ---- */

static enum control_kind kind_of(Str type) {
    static const struct {
        const char *type;
        enum control_kind kind;
    } kinds[] = {{"hidden", CONTROL_HIDDEN}, {"checkbox", CONTROL_TICKED}, {"radio", CONTROL_TICKED}, {"password", CONTROL_SECRET}, {"file", CONTROL_FILED}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(type, kinds[i].type)) return kinds[i].kind;
    return CONTROL_TYPED;
}

/* What a browser would send of a select: the option selected, else the first. */
static void read_options(struct arena *arena, Str page, size_t at, struct control *c) {
    struct tag t;
    bool any = false, chosen = false;
    while (next_tag(page, &at, &t) && t.at < c->body_end) {
        if (!str_is(t.name, "option")) continue;
        bool is_chosen = attribute(arena, page, &t, "selected").p;
        if (any && (chosen || !is_chosen)) continue;
        Str value = attribute(arena, page, &t, "value"), label = {page.p + t.end, str_index((Str){page.p + t.end, page.n - t.end}, '<')};
        c->says = decoded(arena, label);
        c->value = value.p ? value : c->says;
        any = true;
        chosen = is_chosen;
    }
}

static void read_control(struct arena *arena, Str page, const struct tag *t, struct control *out) {
    *out = (struct control){.tag = t->at, .tag_end = t->end, .end = t->end, .name = attribute(arena, page, t, "name"), .id = attribute(arena, page, t, "id")};
    bool is_select = str_is(t->name, "select");
    out->is_area = str_is(t->name, "textarea");
    if (is_select || out->is_area) {
        if (!closing(page, t->end, is_select ? S("</select>") : S("</textarea>"), &out->body_end, &out->end)) return;
        out->kind = is_select ? CONTROL_CHOSEN : CONTROL_TYPED;
        if (is_select)
            read_options(arena, page, t->end, out);
        else
            out->says = out->value = decoded(arena, (Str){page.p + t->end, out->body_end - t->end});
        return;
    }
    out->kind = kind_of(attribute(arena, page, t, "type"));
    out->value = attribute(arena, page, t, "value");
    if (out->kind == CONTROL_TICKED) {
        size_t at;
        if (!out->value.p) out->value = S("on");
        out->ticked = attribute(arena, page, t, "checked").p;
        closing(page, t->end, S("</label>"), &at, &out->end);
    } else if (out->kind != CONTROL_HIDDEN) {
        out->says = out->value;
    }
}

bool form_next(struct arena *arena, Str page, size_t *at, struct html_form *out_form) {
    const char *found = *at < page.n ? memmem(page.p + *at, page.n - *at, "<form", 5) : NULL;
    struct tag t;
    if (!found) return false;
    *at = (size_t)(found - page.p);
    if (!next_tag(page, at, &t)) return false;
    Str action = attribute(arena, page, &t, "action");
    *out_form = (struct html_form){.tag = t.at, .tag_end = t.end, .is_get = !str_is(attribute(arena, page, &t, "method"), "post")};
    out_form->action = str_cut(&action, '?');
    return true;
}

void form_read(struct arena *arena, Str page, struct html_form *f) {
    struct tag t;
    size_t at = f->tag_end;
    while (next_tag(page, &at, &t) && !str_is(t.name, "/form")) {
        if (str_is(t.name, "button")) {
            Str other = attribute(arena, page, &t, "formaction");
            if (other.p) *VEC_PUSH(arena, &f->others) = other;
        }
        if (!str_is(t.name, "input") && !str_is(t.name, "select") && !str_is(t.name, "textarea")) continue;
        struct control c;
        read_control(arena, page, &t, &c);
        if (c.name.n) *VEC_PUSH(arena, &f->controls) = c;
        if (c.body_end) at = c.end;
    }
}
