/* Splitting and expanding texts for the linter, on their sources: it must know places and words, not values. */
#include "message/linter_text.h"

#include <string.h>

#define COMMENT '#'
#define MAX_DEPTH 8

static void add_line(struct arena *arena, struct lint_lines *lines, enum lint_part part, int number, Str text) {
    if (str_trim(text).n) *VEC_PUSH(arena, lines) = (struct lint_line){part, number, text};
}

static enum lint_part head_part(Str key) {
    int64_t number;
    if (str_to_i64(key, &number)) return LINT_PART_PARAMETER;
    if (str_is(key, "Asunto") || str_is(key, "Subject") || str_is(key, "Assunto")) return LINT_PART_SUBJECT;
    bool layout = str_is(key, "Diseño") || str_is(key, "Layout") || str_is(key, "Modelo");
    return layout || str_is(key, "Plantilla") || str_is(key, "Template") ? LINT_PART_LAYOUT : LINT_PART_HEAD;
}

void lint_lines_of(struct arena *arena, const struct wording *w, Str text, struct lint_lines *out_lines) {
    bool has_head = w->form == FORM_EMAIL || w->form == FORM_LETTER || w->form == FORM_WHATSAPP, in_head = has_head;
    int number = 0;
    for (Str rest = text; rest.p;) {
        Str line = str_cut_line(&rest);
        number++;
        bool blank = str_trim(line).n == 0;
        if (in_head && blank) in_head = false;
        if (blank || (line.p[0] == COMMENT && (line.n < 2 || line.p[1] != COMMENT))) continue;
        if (!in_head) {
            add_line(arena, out_lines, LINT_PART_BODY, number, line);
            continue;
        }
        size_t colon = str_index(line, ':');
        if (colon == line.n) continue;
        add_line(arena, out_lines, head_part(str_trim((Str){line.p, colon})), number,
                 str_trim((Str){line.p + colon + 1, line.n - colon - 1}));
    }
}

void lint_phrase_lines_of(struct arena *arena, Str text, struct lint_lines *out_lines) {
    int number = 0;
    for (Str rest = text; rest.p;) {
        Str line = str_cut_line(&rest);
        number++;
        if (line.n == 0 || line.p[0] == COMMENT || line.p[0] == '[') continue;
        size_t colon = str_index(line, ':');
        if (colon < line.n)
            add_line(arena, out_lines, LINT_PART_BODY, number, str_trim((Str){line.p + colon + 1, line.n - colon - 1}));
    }
}

/* ---- tags ---- */

struct tag {
    char sigil; /* 0 for {{name}} */
    Str name;
    size_t end; /* behind it */
};

/* The tag at `at`, if there is one. */
static bool tag_at(Str s, size_t at, struct tag *out) {
    if (at + 3 >= s.n || s.p[at] != '{' || s.p[at + 1] != '{') return false;
    size_t i = at + 2;
    while (i + 1 < s.n && !(s.p[i] == '}' && s.p[i + 1] == '}')) i++;
    if (i + 1 >= s.n) return false;
    Str inside = {s.p + at + 2, i - at - 2};
    char sigil = inside.n && str_index(S("#^/>!"), inside.p[0]) < 5 ? inside.p[0] : '\0';
    if (sigil) inside = (Str){inside.p + 1, inside.n - 1};
    *out = (struct tag){sigil, str_trim(inside), i + 2};
    return true;
}

/* Behind the end of the section that `open` begins; s.n when it has none. */
static size_t section_end(Str s, const struct tag *open) {
    int depth = 1;
    struct tag t;
    for (size_t i = open->end; i < s.n;) {
        if (!tag_at(s, i, &t)) {
            i++;
            continue;
        }
        if ((t.sigil == '#' || t.sigil == '^') && str_equal(t.name, open->name)) depth++;
        if (t.sigil == '/' && str_equal(t.name, open->name) && --depth == 0) return t.end;
        i = t.end;
    }
    return s.n;
}

static void expand(const struct phrase_finder *finder, Str s, const char *without, struct buf *out, int depth) {
    const char *kept = strcmp(without, "one_item") == 0 ? "several" : "one_item";
    struct tag t;
    for (size_t i = 0; i < s.n;) {
        if (!tag_at(s, i, &t)) {
            buf_add_char(out, s.p[i++]);
            continue;
        }
        bool absent = (t.sigil == '#' && str_is(t.name, without)) || (t.sigil == '^' && str_is(t.name, kept));
        if (absent) {
            i = section_end(s, &t);
            continue;
        }
        if (t.sigil == '>' && depth < MAX_DEPTH)
            expand(finder, phrase_source(finder, t.name), without, out, depth + 1);
        else if (t.sigil != '!')
            buf_add(out, (Str){s.p + i, t.end - i});
        i = t.end;
    }
}

void lint_expand(const struct phrase_finder *finder, Str text, const char *without, struct buf *out) {
    expand(finder, text, without, out, 0);
}

static bool is_field(Str name, const char *field) {
    if (str_is(name, field)) return true;
    Str rest = name, first = str_cut(&rest, '.');
    if (rest.p && str_is(first, field)) return true;
    Str suffix = str_from(field);
    bool ends = name.n > suffix.n && str_ends(name, suffix) && name.p[name.n - suffix.n - 1] == '.';
    return ends && str_index(suffix, '.') == suffix.n;
}

bool lint_uses(Str expanded, const char *const *fields) {
    struct tag t;
    for (size_t i = 0; i < expanded.n;) {
        if (!tag_at(expanded, i, &t)) {
            i++;
            continue;
        }
        for (const char *const *f = fields; *f && (t.sigil == 0 || t.sigil == '#'); f++)
            if (is_field(t.name, *f)) return true;
        i = t.end;
    }
    return false;
}

static Str sample_of(Str name) {
    static const struct {
        const char *field, *text;
    } samples[] = {{"company.name", "Insumos Altuvera S.A.S."},
                   {"customer.name", "Textiles Ovaluna S.A."},
                   {"contact_name", "Adriana"},
                   {"page_url", "https://pagos.altuvera.example/p/9QX4"},
                   {"unsubscribe_url", "https://pagos.altuvera.example/baja/9QX4"},
                   {"person_phone", "601 555 01 10"},
                   {"number", "FV-20871"},
                   {"open", "$ 9.280.000"},
                   {"total", "$ 29.675.000"},
                   {"amount", "$ 9.280.000"},
                   {"n", "3"},
                   {"position", "1"},
                   {"count", "3"},
                   {"pay_by_long", "martes 24 de noviembre de 2026"},
                   {"person_name", "Marcela Ríos"},
                   {"person_email", "marcela@altuvera.example"}};
    for (size_t i = 0; i < COUNT_OF(samples); i++)
        if (is_field(name, samples[i].field)) return str_from(samples[i].text);
    return S("24 nov 2026");
}

void lint_sample(Str expanded, struct buf *out) {
    struct tag t;
    for (size_t i = 0; i < expanded.n;) {
        if (!tag_at(expanded, i, &t)) {
            buf_add_char(out, expanded.p[i++]);
            continue;
        }
        /* Counts are of several, and there are no instalments and debit notes: {{^one}} is what is read. */
        bool is_rare = str_is(t.name, "one") || str_is(t.name, "single") || str_is(t.name, "is_debit_note") ||
                       str_is(t.name, "instalment");
        bool absent = (t.sigil == '^' && !is_rare) || (t.sigil == '#' && is_rare);
        if (t.sigil == 0) buf_add(out, str_is(t.name, ".") ? S("24 nov 2026") : sample_of(t.name));
        i = absent ? section_end(expanded, &t) : t.end;
    }
}
