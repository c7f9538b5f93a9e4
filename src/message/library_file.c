/* One file of the library to templates.
 *
 *   LANG/phrases.txt             "name: phrase", one a line
 *   LANG/KIND/TONE-VARIANT.txt   a wording: subject, title, preview, then paragraphs
 *   styles.txt                   "name: CSS", for the HTML layout
 *   layout.txt, layout.html      the two layouts; other NAME.txt and NAME.html are pieces of theirs, {{>NAME}}
 *
 * Wordings and phrases are plain text for people: their literal text is escaped for HTML here, and *words* become bold
 * there. */
#include <string.h>

#include "message/library.h"

#define COMMENT '#'

static enum rc file_fail(struct ctx *cx, const char *name, int line, const char *hint, const char *message,
                         Str detail) {
    return fail_field(cx, INVALID, "template", hint, "%s:%d: %s%.*s", name, line, message, STR_ARG(detail));
}

/* Cuts the next line; a carriage return at its end goes. */
static Str cut_line(Str *rest) {
    Str line = str_cut(rest, '\n');
    if (line.n && line.p[line.n - 1] == '\r') line.n--;
    return line;
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

static struct phrase *phrase_slot(struct ctx *cx, struct phrase_list *list, Str name) {
    for (size_t i = 0; i < list->count; i++)
        if (str_equal(list->items[i].name, name)) return &list->items[i];
    struct phrase *phrase = VEC_PUSH(cx->arena, list);
    phrase->name = name;
    return phrase;
}

/* "name: value" lines; blank lines and lines that begin with # do not count. */
static enum rc read_phrases(struct ctx *cx, struct phrase_list *list, bool is_css, const char *name, Str text) {
    int line_number = 0;
    for (Str rest = text; rest.p;) {
        Str line = cut_line(&rest);
        line_number++;
        if (str_trim(line).n == 0 || line.p[0] == COMMENT) continue;
        size_t colon = str_index(line, ':');
        Str key = str_trim((Str){line.p, colon < line.n ? colon : 0});
        if (key.n == 0 || str_index(key, ' ') < key.n)
            return file_fail(cx, name, line_number, "write: name: text", "not a phrase: ", line);
        Str value = str_trim((Str){line.p + colon + 1, line.n - colon - 1});
        struct phrase *phrase = phrase_slot(cx, list, key);
        if (is_css)
            TRY(mustache_parse_at(cx, value, name, line_number, &phrase->template.as[MUSTACHE_HTML]));
        else
            TRY(parse_twin(cx, name, line_number, value, &phrase->template));
    }
    return OK;
}

/* ---- wordings ---- */

enum wording_part { PART_SUBJECT, PART_TITLE, PART_PREVIEW, PARTS };

static const char *const part_names[PARTS][3] = {
    {"Asunto", "Subject", "Assunto"}, {"Título", "Title", "Título"}, {"Vista previa", "Preview", "Prévia"}};

static enum wording_part part_named(Str key) {
    int part = 0;
    while (part < PARTS && !str_is(key, part_names[part][0]) && !str_is(key, part_names[part][1]) &&
           !str_is(key, part_names[part][2]))
        part++;
    return (enum wording_part)part;
}

/* The lines before the first blank one. */
static enum rc read_head(struct ctx *cx, struct wording *w, Str *rest, int *line_number) {
    const struct mustache **const parts[PARTS] = {&w->subject, &w->title, &w->preview};
    while (rest->p) {
        Str line = cut_line(rest);
        ++*line_number;
        if (str_trim(line).n == 0) break;
        if (line.p[0] == COMMENT) continue;
        size_t colon = str_index(line, ':');
        enum wording_part part = part_named(str_trim((Str){line.p, colon}));
        if (part == PARTS)
            return file_fail(cx, w->file, *line_number,
                             "the head has Asunto:, Título: and Vista previa:, then an empty line",
                             "not a part of a message: ", line);
        Str value = str_trim((Str){line.p + colon + 1, line.n - colon - 1});
        TRY(parse_one(cx, w->file, *line_number, value, MUSTACHE_PLAIN, parts[part]));
    }
    for (int part = 0; part < PARTS; part++)
        if (!*parts[part]) return file_fail(cx, w->file, 1, NULL, "a part is missing: ", str_from(part_names[part][0]));
    return OK;
}

static enum rc read_paragraphs(struct ctx *cx, struct wording *w, Str rest, int line_number) {
    struct {
        struct twin *items;
        size_t count, capacity;
    } list = {0};
    while (rest.p) {
        const char *start = rest.p;
        int first_line = line_number + 1;
        size_t length = 0;
        while (rest.p) {
            Str line = cut_line(&rest);
            line_number++;
            if (str_trim(line).n == 0) break;
            length = (size_t)(line.p + line.n - start);
        }
        if (length) TRY(parse_twin(cx, w->file, first_line, (Str){start, length}, VEC_PUSH(cx->arena, &list)));
    }
    if (!list.count) return file_fail(cx, w->file, line_number, NULL, "a message has at least one paragraph", S(""));
    w->paragraphs = list.items;
    w->paragraph_count = list.count;
    return OK;
}

static bool tone_parse(Str name, enum tone *out_tone) {
    static const char *const names[] = {[TONE_FRIENDLY] = "friendly", [TONE_CONCERN] = "concern", [TONE_FIRM] = "firm"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!str_is(name, names[i])) continue;
        *out_tone = (enum tone)i;
        return true;
    }
    return false;
}

static enum rc read_wording(struct ctx *cx, struct reading_language *language, Str kind, Str stem, const char *name,
                            Str text) {
    Str variant = stem, tone_text = str_cut(&variant, '-');
    enum tone tone = TONE_FRIENDLY;
    if (!variant.p || !variant.n || !tone_parse(tone_text, &tone))
        return file_fail(cx, name, 1,
                         "call it friendly-a.txt, concern-a.txt or firm-a.txt, with any letter or word at the end",
                         "not the name of a wording", S(""));
    struct wording *w = NULL;
    for (size_t i = 0; i < language->wordings.count && !w; i++) {
        struct wording *known = &language->wordings.items[i];
        if (str_equal(known->kind, kind) && known->tone == tone && str_equal(known->variant, variant)) w = known;
    }
    if (!w) w = VEC_PUSH(cx->arena, &language->wordings);
    *w = (struct wording){.kind = kind, .variant = variant, .tone = tone, .file = name};
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
    if (str_is(file, "styles.txt")) return read_phrases(cx, &r->shared, true, name, text);
    bool html = str_ends(file, S(".html"));
    Str stem = {file.p, file.n - (html ? 5 : 4)};
    struct phrase *phrase = phrase_slot(cx, &r->shared, stem);
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
    if (count == 2 && str_is(parts[1], "phrases.txt"))
        return read_phrases(cx, &language_slot(cx, r, parts[0])->phrases, false, name, text);
    if (count == 3 && !rest.p && !html) {
        Str stem = {parts[2].p, parts[2].n - 4};
        return read_wording(cx, language_slot(cx, r, parts[0]), parts[1], stem, name, text);
    }
    return file_fail(cx, name, 1, "LANGUAGE/phrases.txt or LANGUAGE/KIND/TONE-VARIANT.txt",
                     "not a place of the message library", S(""));
}
