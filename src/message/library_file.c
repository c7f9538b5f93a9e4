/* One file of the library to templates.
 *
 *   LANG/NAME.txt                "name: phrase", one a line; below a line [CO], for readers in Colombia only
 *   LANG/KIND/STEM.txt           a wording: a head, then paragraphs; STEM is [FORM-]TONE-VARIANT[.READER]…
 *   styles.txt                   "name: CSS", for the HTML layout
 *   layout.txt, layout.html      the two layouts; other NAME.txt and NAME.html are pieces of theirs, {{>NAME}}
 *
 * Wordings and phrases are plain text for people: their literal text is escaped for HTML here, and *words* become bold
 * there. */
#include <string.h>

#include "message/library.h"

#define COMMENT '#'

static enum rc file_fail(struct ctx *cx, const char *name, int line, SAYS const char *hint,
                         SAYS const char *message, Str detail) {
    return fail_field(cx, INVALID, "template", hint, "%s:%d: %s%.*s", name, line, phrase(cx, message), STR_ARG(detail));
}

/* The position after a tag that starts at `at`. */
static size_t tag_end(Str s, size_t at) {
    while (at + 1 < s.n && !(s.p[at] == '}' && s.p[at + 1] == '}')) at++;
    return at + 2 < s.n ? at + 2 : s.n;
}

static bool at_tag(Str s, size_t i) { return i + 1 < s.n && s.p[i] == '{' && s.p[i + 1] == '{'; }

/* The asterisk that ends the bold words begun at `from`, or s.n. */
static size_t bold_end(Str s, size_t from) {
    size_t i = from;
    while (i < s.n && s.p[i] != '*') i = at_tag(s, i) ? tag_end(s, i) : i + 1;
    return i;
}

/* The source for one escaping: marks of bold resolved and, for HTML, literal text escaped; tags stay as they are. */
static Str prepare(struct ctx *cx, Str source, enum mustache_escape escape) {
    bool html = escape == MUSTACHE_HTML, bold = false;
    struct buf b = buf_make(source.n * 6 + 64);
    for (size_t i = 0; i < source.n;) {
        size_t end = i + 1;
        Str piece = {source.p + i, 1};
        if (at_tag(source, i)) {
            end = tag_end(source, i);
            buf_add(&b, (Str){source.p + i, end - i});
        } else if (source.p[i] == '*' && (bold || bold_end(source, i + 1) < source.n)) {
            bold = !bold;
            if (html) buf_add_cstr(&b, bold ? "<b>" : "</b>");
        } else if (html) {
            buf_add_html(&b, piece);
        } else {
            buf_add(&b, piece);
        }
        i = end;
    }
    Str result = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return result;
}

/* Texts for people hold only tags that cannot put anything unescaped into HTML. */
static enum rc check_tags(struct ctx *cx, const char *name, int line, Str source) {
    for (size_t i = 0; i + 2 < source.n; i++) {
        line += source.p[i] == '\n';
        char sigil = at_tag(source, i) ? source.p[i + 2] : 'x';
        if (sigil == '{' || sigil == '&' || sigil == '=')
            return file_fail(cx, name, line, "write {{name}}", "texts have no tags of this kind: {{",
                             (Str){source.p + i + 2, 1});
    }
    return OK;
}

static enum rc parse_one(struct ctx *cx, const char *name, int line, Str source, enum mustache_escape escape,
                         const struct mustache **out) {
    TRY(check_tags(cx, name, line, source));
    return mustache_parse_at(cx, prepare(cx, source, escape), name, line, out);
}

static enum rc parse_twin(struct ctx *cx, const char *name, int line, Str source, struct twin *out) {
    TRY(parse_one(cx, name, line, source, MUSTACHE_HTML, &out->as[MUSTACHE_HTML]));
    return parse_one(cx, name, line, source, MUSTACHE_PLAIN, &out->as[MUSTACHE_PLAIN]);
}

static struct phrase *phrase_slot(struct ctx *cx, struct library_reading *r, struct phrase_list *list, Str name,
                                  const struct audience *meant_for) {
    struct phrase *phrase = NULL;
    for (size_t i = 0; i < list->count && !phrase; i++)
        if (str_equal(list->items[i].name, name) && audience_equal(&list->items[i].meant_for, meant_for))
            phrase = &list->items[i];
    if (!phrase) phrase = VEC_PUSH(cx->arena, list);
    phrase->name = name;
    phrase->meant_for = *meant_for;
    phrase->layer = r->layer;
    return phrase;
}

/* "[CO]", "[tourism]", "[energy_b2b risky]": for whom the lines below are; "[]": for all again. */
static enum rc read_readers(struct ctx *cx, const char *name, int line_number, Str line, struct audience *out) {
    *out = (struct audience){0};
    for (Str rest = (Str){line.p + 1, line.n - 2}; rest.p;) {
        Str word = str_trim(str_cut(&rest, ' '));
        if (word.n && !audience_qualify(out, word))
            return file_fail(cx, name, line_number, "a country (CO), a sector (tourism) or a profile (risky)",
                             "no such reader: ", word);
    }
    return OK;
}

/* "name: value" lines; blank lines and lines that begin with # do not count. */
static enum rc read_phrases(struct ctx *cx, struct library_reading *r, struct phrase_list *list, bool is_css,
                            const char *name, Str text) {
    int line_number = 0;
    struct audience meant_for = {0};
    for (Str rest = text; rest.p;) {
        Str line = str_cut_line(&rest);
        line_number++;
        if (str_trim(line).n == 0 || line.p[0] == COMMENT) continue;
        if (line.p[0] == '[' && line.p[line.n - 1] == ']') {
            TRY(read_readers(cx, name, line_number, line, &meant_for));
            continue;
        }
        size_t colon = str_index(line, ':');
        Str key = str_trim((Str){line.p, colon < line.n ? colon : 0});
        if (key.n == 0 || str_index(key, ' ') < key.n)
            return file_fail(cx, name, line_number, "write: name: text", "not a phrase: ", line);
        Str value = str_trim((Str){line.p + colon + 1, line.n - colon - 1});
        struct phrase *phrase = phrase_slot(cx, r, list, key, &meant_for);
        phrase->source = value;
        if (is_css)
            TRY(mustache_parse_at(cx, value, name, line_number, &phrase->template.as[MUSTACHE_HTML]));
        else
            TRY(parse_twin(cx, name, line_number, value, &phrase->template));
    }
    return OK;
}

/* ---- wordings ---- */

enum wording_part { PART_SUBJECT, PART_TITLE, PART_PREVIEW, PART_LAYOUT, PART_TEMPLATE, PARTS };

static const char *const part_names[PARTS][3] = {{"Asunto", "Subject", "Assunto"},
                                                 {"Título", "Title", "Título"},
                                                 {"Vista previa", "Preview", "Prévia"},
                                                 {"Diseño", "Layout", "Modelo"},
                                                 {"Plantilla", "Template", "Template"}};

static enum wording_part part_named(Str key) {
    int part = 0;
    while (part < PARTS && !str_is(key, part_names[part][0]) && !str_is(key, part_names[part][1]) &&
           !str_is(key, part_names[part][2]))
        part++;
    return (enum wording_part)part;
}

/* The parts a form has, and must have unless it is the layout or the template's name. */
static bool has_part(enum message_form form, enum wording_part part) {
    if (form == FORM_WHATSAPP) return part == PART_TEMPLATE;
    if (part == PART_SUBJECT) return form == FORM_EMAIL || form == FORM_LETTER;
    return form == FORM_EMAIL && part != PART_TEMPLATE;
}

static const char *const head_hints[FORM_COUNT] = {
    [FORM_EMAIL] = PHRASE("the head has Asunto:, Título: and Vista previa:, then an empty line"),
    [FORM_SMS] = PHRASE("an SMS has no head: begin with an empty line"),
    [FORM_WHATSAPP] = PHRASE("the head has the parameters 1:, 2: … of the template, then an empty line"),
    [FORM_VOICE] = PHRASE("a spoken text has no head: begin with an empty line"),
    [FORM_VOICEMAIL] = PHRASE("a spoken text has no head: begin with an empty line"),
    [FORM_LETTER] = PHRASE("the head of a letter has Asunto:, then an empty line"),
    [FORM_CALL] = PHRASE("a call script has no head: begin with an empty line")};

/* "1: {{contact_name}}": parameters come in order. */
static enum rc read_parameter(struct ctx *cx, struct wording *w, int line, int64_t number, Str value) {
    if (number != (int64_t)w->parameter_count + 1 || number > MAX_PARAMETERS)
        return file_fail(cx, w->file, line, "number them 1, 2, 3 …, at most 16", "parameters are out of order", S(""));
    return parse_one(cx, w->file, line, value, MUSTACHE_PLAIN, &w->parameters[w->parameter_count++]);
}

static enum rc read_layout_name(struct ctx *cx, struct wording *w, int line, Str value) {
    if (!str_is(value, "layout") && !str_is(value, "note") && !str_is(value, "internal"))
        return file_fail(cx, w->file, line, "layout, note or internal", "no such layout: ", value);
    w->layout = value;
    return OK;
}

static enum rc read_head_line(struct ctx *cx, struct wording *w, int line_number, Str line) {
    const struct mustache **const parts[] = {&w->subject, &w->title, &w->preview};
    size_t colon = str_index(line, ':');
    Str key = str_trim((Str){line.p, colon}), value = S("");
    if (colon < line.n) value = str_trim((Str){line.p + colon + 1, line.n - colon - 1});
    int64_t number;
    if (w->form == FORM_WHATSAPP && str_to_i64(key, &number)) return read_parameter(cx, w, line_number, number, value);
    enum wording_part part = part_named(key);
    if (part == PARTS || !has_part(w->form, part))
        return file_fail(cx, w->file, line_number, head_hints[w->form], "not a part of a message: ", line);
    if (part == PART_LAYOUT) return read_layout_name(cx, w, line_number, value);
    if (part != PART_TEMPLATE) return parse_one(cx, w->file, line_number, value, MUSTACHE_PLAIN, parts[part]);
    w->template_name = value;
    return OK;
}

/* The lines before the first blank one; notes do not count. A form without a head begins at once. */
static enum rc read_head(struct ctx *cx, struct wording *w, Str *rest, int *line_number) {
    const struct mustache **const parts[] = {&w->subject, &w->title, &w->preview};
    bool has_head = w->form == FORM_EMAIL || w->form == FORM_LETTER || w->form == FORM_WHATSAPP;
    while (rest->p) {
        Str ahead = *rest, line = str_cut_line(&ahead);
        if (!has_head && str_trim(line).n && line.p[0] != COMMENT) break;
        if (!has_head && line.n > 1 && line.p[1] == COMMENT) break; /* "## Apertura" */
        *rest = ahead;
        ++*line_number;
        if (str_trim(line).n == 0 && has_head) break;
        if (str_trim(line).n == 0 || line.p[0] == COMMENT) continue;
        TRY(read_head_line(cx, w, *line_number, line));
    }
    for (int part = 0; part < PART_LAYOUT; part++)
        if (has_part(w->form, (enum wording_part)part) && !*parts[part])
            return file_fail(cx, w->file, 1, NULL, "a part is missing: ", str_from(part_names[part][0]));
    return OK;
}

/* A template as it is approved: literal text and numbers of parameters, each used, none at either end. */
static enum rc check_template(struct ctx *cx, const struct wording *w, int line) {
    bool used[MAX_PARAMETERS] = {false};
    size_t length = 0;
    for (size_t p = 0; p < w->paragraph_count; p++) {
        Str text = w->sources[p];
        length += str_codepoints(text) + 2;
        for (size_t i = 0; i < text.n; i++) {
            if (!at_tag(text, i)) continue;
            size_t end = tag_end(text, i);
            int64_t number = 0;
            if (end < i + 5 || !str_to_i64((Str){text.p + i + 2, end - i - 4}, &number) || number < 1 ||
                number > (int64_t)w->parameter_count)
                return file_fail(cx, w->file, line, "write {{1}} and give 1: in the head",
                                 "a WhatsApp text holds numbered parameters only: ", (Str){text.p + i, end - i});
            used[number - 1] = true;
            if ((p == 0 && i == 0) || (p + 1 == w->paragraph_count && end == text.n))
                return file_fail(cx, w->file, line, "put words before and after it",
                                 "a WhatsApp text cannot begin or end with a parameter", S(""));
        }
    }
    for (size_t i = 0; i < w->parameter_count; i++)
        if (!used[i]) return file_fail(cx, w->file, line, NULL, "a parameter is never used", S(""));
    if (length > 1026)
        return file_fail(cx, w->file, line, "WhatsApp allows 1,024 characters", "the text is too long", S(""));
    return OK;
}

static enum rc add_paragraph(struct ctx *cx, struct wording *w, int line, Str source, size_t *capacity) {
    if (w->paragraph_count == *capacity) {
        size_t room = *capacity ? *capacity * 2 : 8;
        struct twin *paragraphs = ARENA_ARRAY(cx->arena, struct twin, room);
        Str *sources = ARENA_ARRAY(cx->arena, Str, room);
        for (size_t i = 0; i < w->paragraph_count; i++) paragraphs[i] = w->paragraphs[i], sources[i] = w->sources[i];
        w->paragraphs = paragraphs;
        w->sources = sources;
        *capacity = room;
    }
    w->sources[w->paragraph_count] = source;
    struct twin *paragraph = &w->paragraphs[w->paragraph_count++];
    return w->form == FORM_WHATSAPP ? OK : parse_twin(cx, w->file, line, source, paragraph);
}

static enum rc read_paragraphs(struct ctx *cx, struct wording *w, Str rest, int line_number) {
    size_t capacity = 0;
    int body_line = line_number + 1;
    while (rest.p) {
        const char *start = rest.p;
        int first_line = line_number + 1;
        size_t length = 0;
        while (rest.p) {
            Str line = str_cut_line(&rest);
            line_number++;
            if (str_trim(line).n == 0) break;
            length = (size_t)(line.p + line.n - start);
            if (str_starts(line, S("## "))) break; /* the name of a part stands alone */
        }
        if (length) TRY(add_paragraph(cx, w, first_line, (Str){start, length}, &capacity));
    }
    if (!w->paragraph_count)
        return file_fail(cx, w->file, line_number, NULL, "a message has at least one paragraph", S(""));
    return w->form == FORM_WHATSAPP ? check_template(cx, w, body_line) : OK;
}

/* "firm-a", "sms-firm-a", "firm-a.tourism", "letter-concern-b.MX.risky". */
static bool read_stem(Str stem, struct wording *w) {
    Str readers = stem, name = str_cut(&readers, '.'), rest = name, first = str_cut(&rest, '-');
    if (message_form_parse(first, &w->form)) {
        if (w->form == FORM_EMAIL || !rest.p) return false; /* an e-mail is what needs no word */
        first = str_cut(&rest, '-');
    }
    if (!rest.p || !rest.n || !tone_parse(first, &w->tone)) return false;
    w->variant = rest;
    while (readers.p)
        if (!audience_qualify(&w->meant_for, str_cut(&readers, '.'))) return false;
    return true;
}

static enum rc read_wording(struct ctx *cx, struct library_reading *r, struct reading_language *language, Str kind,
                            Str stem, Str path, const char *name, Str text) {
    struct wording fresh = {
        .kind = kind, .path = path, .file = name, .layer = r->layer, .layout = S("layout"), .template_name = S("")};
    if (!read_stem(stem, &fresh))
        return file_fail(
            cx, name, 1,
            "firm-a.txt for an e-mail, sms-firm-a.txt, firm-a.tourism.txt or firm-a.MX.txt: tone, any letter "
            "or word, then country, sector or profile",
            "not the name of a wording", S(""));
    struct wording *w = NULL;
    bool may_be_known = r->layer != LAYER_SHIPPED; /* the shipped ones come once each */
    for (size_t i = 0; may_be_known && i < language->wordings.count && !w; i++)
        if (str_equal(language->wordings.items[i].path, path)) w = &language->wordings.items[i];
    if (!w) w = VEC_PUSH(cx->arena, &language->wordings);
    *w = fresh;
    int line_number = 0;
    Str rest = text;
    TRY(read_head(cx, w, &rest, &line_number));
    return read_paragraphs(cx, w, rest, line_number);
}

static struct reading_language *language_slot(struct ctx *cx, struct library_reading *r, Str code) {
    for (size_t i = 0; i < r->languages.count; i++)
        if (str_equal(r->languages.items[i].code, code)) return &r->languages.items[i];
    struct reading_language *language = VEC_PUSH(cx->arena, &r->languages);
    language->code = code;
    return language;
}

static enum rc read_shared(struct ctx *cx, struct library_reading *r, Str file, const char *name, Str text) {
    if (str_is(file, "styles.txt")) return read_phrases(cx, r, &r->shared, true, name, text);
    bool html = str_ends(file, S(".html"));
    Str stem = {file.p, file.n - (html ? 5 : 4)};
    struct phrase *phrase = phrase_slot(cx, r, &r->shared, stem, &(struct audience){0});
    if (!html || phrase->source.n == 0) phrase->source = text; /* a piece of the HTML layouts alone has no other */
    return mustache_parse(cx, text, name, &phrase->template.as[html ? MUSTACHE_HTML : MUSTACHE_PLAIN]);
}

enum rc library_read_file(struct ctx *cx, struct library_reading *r, Str path, const char *name, Str text) {
    if (!str_is_utf8(text)) return file_fail(cx, name, 1, "save it as UTF-8", "the file is not UTF-8 text", S(""));
    if (str_starts(text, S("\xEF\xBB\xBF"))) text = (Str){text.p + 3, text.n - 3};
    bool html = str_ends(path, S(".html"));
    if (!html && !str_ends(path, S(".txt")))
        return file_fail(cx, name, 1, "the library has .txt and .html files", "not a file of the message library",
                         S(""));
    Str parts[3] = {{0}}, rest = path;
    size_t count = 0;
    while (rest.p && count < COUNT_OF(parts)) parts[count++] = str_cut(&rest, '/');
    if (count == 1) return read_shared(cx, r, parts[0], name, text);
    if (count == 2 && !html) return read_phrases(cx, r, &language_slot(cx, r, parts[0])->phrases, false, name, text);
    if (count == 3 && !rest.p && !html) {
        Str stem = {parts[2].p, parts[2].n - 4};
        return read_wording(cx, r, language_slot(cx, r, parts[0]), parts[1], stem, path, name, text);
    }
    return file_fail(cx, name, 1,
                     "LANGUAGE/phrases.txt or LANGUAGE/KIND/TONE-VARIANT.txt, as docs/ref/messages.md says",
                     "not a place of the message library", S(""));
}
