/* The parts around the sheets: relationships, workbook, styles, shared texts. */
#include "intake/xlsx_book.h"

#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "intake/xlsx_value.h"

#define MAX_PARTS 10000
#define MAX_SHEETS ((size_t)1000)
#define MAX_STYLES ((size_t)65536)
#define MAX_TEXTS ((size_t)20000000)

struct relation {
    Str id, type, target;
};

struct sheet {
    Str name, relation;
    bool is_hidden;
};

struct format {
    int64_t id;
    bool is_date;
};

/* What is gathered on the way. */
struct gather {
    struct xlsx_book *book;
    struct arena *arena;
    VEC_OF(struct relation) relations;
    VEC_OF(struct sheet) sheets;
    VEC_OF(struct format) formats;
    VEC_OF(bool) styles;
    bool in_styles; /* inside cellXfs */
    bool in_text, in_phonetic;
    size_t text_start;
};

static Str keep(struct gather *g, const char *text) { return arena_str(g->arena, str_from(text)); }

static void no_end(void *self, struct xlsx_part *part, Str name) { (void)self, (void)part, (void)name; }

static void relation_start(void *self, struct xlsx_part *part, Str name, const char **attributes) {
    struct gather *g = self;
    const char *id = xlsx_attribute(attributes, "Id"), *type = xlsx_attribute(attributes, "Type"),
               *target = xlsx_attribute(attributes, "Target");
    if (!str_is(name, "Relationship") || !id || !type || !target) return;
    if (g->relations.count == MAX_PARTS)
        xlsx_part_stop(part, fail_field(xlsx_part_ctx(part), INVALID, "file", NULL, "the workbook has too many parts"));
    else
        *VEC_PUSH(g->arena, &g->relations) = (struct relation){keep(g, id), keep(g, type), keep(g, target)};
}
static const struct xlsx_handlers relation_handlers = {relation_start, no_end, NULL};

static bool is_true(const char *value) {
    return value && (str_is(str_from(value), "1") || str_is(str_from(value), "true"));
}

static void workbook_start(void *self, struct xlsx_part *part, Str name, const char **attributes) {
    struct gather *g = self;
    if (str_is(name, "workbookPr")) g->book->is_1904 = is_true(xlsx_attribute(attributes, "date1904"));
    if (!str_is(name, "sheet")) return;
    const char *sheet = xlsx_attribute(attributes, "name"), *relation = xlsx_attribute(attributes, "id"),
               *state = xlsx_attribute(attributes, "state");
    if (!sheet || !relation) return;
    if (g->sheets.count == MAX_SHEETS) {
        xlsx_part_stop(part, fail_field(xlsx_part_ctx(part), INVALID, "file", NULL,
                                        "the workbook has more than %zu sheets", MAX_SHEETS));
        return;
    }
    struct sheet *s = VEC_PUSH(g->arena, &g->sheets);
    *s = (struct sheet){keep(g, sheet), keep(g, relation), state && !str_is(str_from(state), "visible")};
}
static const struct xlsx_handlers workbook_handlers = {workbook_start, no_end, NULL};

static bool format_is_date(const struct gather *g, int64_t id) {
    for (size_t i = 0; i < g->formats.count; i++)
        if (g->formats.items[i].id == id) return g->formats.items[i].is_date;
    return xlsx_format_id_is_date(id);
}

static void styles_start(void *self, struct xlsx_part *part, Str name, const char **attributes) {
    struct gather *g = self;
    const char *id_text = xlsx_attribute(attributes, "numFmtId");
    int64_t id = 0;
    if (id_text && !str_to_i64(str_from(id_text), &id)) id = 0;
    if (str_is(name, "cellXfs")) g->in_styles = true;
    bool is_style = g->in_styles && str_is(name, "xf"), is_format = str_is(name, "numFmt");
    if (g->styles.count >= MAX_STYLES || g->formats.count >= MAX_STYLES / 16) {
        xlsx_part_stop(part,
                       fail_field(xlsx_part_ctx(part), INVALID, "file", NULL, "the workbook has too many cell styles"));
        return;
    }
    if (is_style) *VEC_PUSH(g->arena, &g->styles) = format_is_date(g, id);
    const char *code = xlsx_attribute(attributes, "formatCode");
    if (is_format && code) *VEC_PUSH(g->arena, &g->formats) = (struct format){id, xlsx_format_is_date(str_from(code))};
}

static void styles_end(void *self, struct xlsx_part *part, Str name) {
    (void)part;
    if (str_is(name, "cellXfs")) ((struct gather *)self)->in_styles = false;
}
static const struct xlsx_handlers style_handlers = {styles_start, styles_end, NULL};

static void texts_start(void *self, struct xlsx_part *part, Str name, const char **attributes) {
    (void)part, (void)attributes;
    struct gather *g = self;
    if (str_is(name, "si")) g->text_start = g->book->texts_n;
    if (str_is(name, "rPh")) g->in_phonetic = true;
    g->in_text = str_is(name, "t") && !g->in_phonetic;
}

static void texts_text(void *self, struct xlsx_part *part, Str text) {
    struct gather *g = self;
    struct xlsx_book *b = g->book;
    if (!g->in_text) return;
    if (text.n > XLSX_MAX_SHARED - b->texts_n) {
        xlsx_part_stop(part, fail_field(xlsx_part_ctx(part), INVALID, "file", "save the sheet as CSV and import that",
                                        "the texts of the workbook are larger than %zu MiB", XLSX_MAX_SHARED >> 20));
        return;
    }
    if (b->texts_capacity - b->texts_n < text.n) {
        while (b->texts_capacity - b->texts_n < text.n)
            b->texts_capacity = b->texts_capacity ? b->texts_capacity * 2 : 65536;
        b->texts = mem_resize(b->texts, b->texts_capacity);
    }
    memcpy(b->texts + b->texts_n, text.p, text.n);
    b->texts_n += text.n;
}

static void texts_end(void *self, struct xlsx_part *part, Str name) {
    struct gather *g = self;
    struct xlsx_book *b = g->book;
    g->in_text = false;
    if (str_is(name, "rPh")) g->in_phonetic = false;
    if (!str_is(name, "si")) return;
    if (b->count == MAX_TEXTS) {
        xlsx_part_stop(part, fail_field(xlsx_part_ctx(part), INVALID, "file", "save the sheet as CSV and import that",
                                        "the workbook has more than %zu texts", MAX_TEXTS));
        return;
    }
    if (b->count == b->capacity) {
        b->capacity = b->capacity ? b->capacity * 2 : 1024;
        b->ends = mem_resize(b->ends, b->capacity * sizeof *b->ends);
    }
    if (b->texts_n > g->text_start)
        b->texts_n = g->text_start + xlsx_unescape(b->texts + g->text_start, b->texts_n - g->text_start);
    b->ends[b->count++] = (uint32_t)b->texts_n;
}
static const struct xlsx_handlers text_handlers = {texts_start, texts_end, texts_text};

bool xlsx_book_text(const struct xlsx_book *book, size_t index, Str *out_text) {
    if (index >= book->count) return false;
    uint32_t start = index ? book->ends[index - 1] : 0;
    *out_text = (Str){book->texts ? book->texts + start : "", book->ends[index] - start};
    return true;
}

/* The full name of a part that `source` names relative to itself ("worksheets/sheet1.xml", "/xl/styles.xml",
 * "../x.xml"). */
static const char *part_path(struct arena *arena, Str source, Str target) {
    if (target.n && target.p[0] == '/') return arena_cstr(arena, (Str){target.p + 1, target.n - 1});
    size_t folder = source.n;
    while (folder > 0 && source.p[folder - 1] != '/') folder--;
    while (str_starts(target, S("../")) || str_starts(target, S("./"))) {
        bool up = target.p[1] == '.';
        target = (Str){target.p + (up ? 3 : 2), target.n - (up ? 3 : 2)};
        if (up && folder > 0) folder--;
        while (up && folder > 0 && source.p[folder - 1] != '/') folder--;
    }
    Str path = arena_printf(arena, "%.*s%.*s", (int)folder, source.p, STR_ARG(target));
    return path.p;
}

static const struct relation *relation_of(const struct gather *g, Str id) {
    for (size_t i = 0; i < g->relations.count; i++)
        if (str_equal(g->relations.items[i].id, id)) return &g->relations.items[i];
    return NULL;
}

/* The first relation whose type ends so; transitional and strict files differ in the beginning. */
static const struct relation *relation_typed(const struct gather *g, Str ending) {
    for (size_t i = 0; i < g->relations.count; i++)
        if (str_ends(g->relations.items[i].type, ending)) return &g->relations.items[i];
    return NULL;
}

static enum rc not_a_workbook(struct ctx *cx, const struct xlsx_container *c, const char *path) {
    const char *what = PHRASE("a zip archive, but not a workbook");
    if (xlsx_container_has(c, "xl/workbook.bin")) what = PHRASE("a binary workbook (.xlsb), which cannot be read");
    if (xlsx_container_has(c, "content.xml")) what = PHRASE("an OpenDocument file, which cannot be read");
    if (xlsx_container_has(c, "word/document.xml")) what = PHRASE("a text document");
    return fail_field(cx, INVALID, "file", "save it as XLSX or CSV", "%s is %s", path, phrase(cx, what));
}

static enum rc find_workbook(struct ctx *cx, const char *path, struct gather *g, Str *out_part) {
    struct xlsx_container *c = &g->book->container;
    *out_part = S("xl/workbook.xml");
    if (xlsx_container_has(c, "_rels/.rels")) {
        TRY(xlsx_part_run(cx, c, "_rels/.rels", &relation_handlers, g));
        const struct relation *r = relation_typed(g, S("/officeDocument"));
        if (r) *out_part = str_from(part_path(g->arena, S(""), r->target));
    }
    bool is_binary = str_ends(*out_part, S(".bin")), is_text = xlsx_container_has(c, "word/document.xml");
    if (is_binary || is_text || !xlsx_container_has(c, out_part->p)) return not_a_workbook(cx, c, path);
    g->relations.count = 0;
    return OK;
}

static const struct sheet *first_visible(const struct gather *g) {
    for (size_t i = 0; i < g->sheets.count; i++)
        if (!g->sheets.items[i].is_hidden) return &g->sheets.items[i];
    return g->sheets.count ? &g->sheets.items[0] : NULL;
}

static const struct sheet *wanted_sheet(struct ctx *cx, const struct gather *g, Str wanted) {
    int64_t number = 0;
    Str folded = str_fold(cx->arena, wanted);
    for (size_t i = 0; i < g->sheets.count; i++)
        if (str_equal(str_fold(cx->arena, g->sheets.items[i].name), folded)) return &g->sheets.items[i];
    if (str_to_i64(wanted, &number) && number >= 1 && (uint64_t)number <= g->sheets.count)
        return &g->sheets.items[number - 1];
    return NULL;
}

static enum rc no_sheet(struct ctx *cx, const struct gather *g, const char *wanted) {
    if (!wanted) return fail_field(cx, INVALID, "file", NULL, "the workbook has no sheets");
    AUTO(buf_done) struct buf names = buf_make(200);
    for (size_t i = 0; i < g->sheets.count; i++)
        buf_printf(&names, "%s\"%.*s\"", i ? ", " : phrase(cx, "it has "), STR_ARG(g->sheets.items[i].name));
    return fail_field(cx, INVALID, "sheet", names.p, "the workbook has no sheet \"%.60s\"", wanted);
}

static enum rc choose_sheet(struct ctx *cx, struct gather *g, Str workbook, const char *wanted) {
    const struct sheet *sheet = wanted ? wanted_sheet(cx, g, str_from(wanted)) : first_visible(g);
    if (!sheet) return no_sheet(cx, g, wanted);
    const struct relation *r = relation_of(g, sheet->relation);
    if (!r || !str_ends(r->type, S("/worksheet")))
        return fail_field(cx, INVALID, "sheet", "choose another with --sheet", "the sheet \"%.*s\" holds no cells",
                          STR_ARG(sheet->name));
    g->book->sheet = sheet->name;
    g->book->part = part_path(g->arena, workbook, r->target);
    return OK;
}

static enum rc read_book(struct ctx *cx, const char *path, const char *sheet, struct gather *g) {
    struct xlsx_container *c = &g->book->container;
    Str workbook;
    TRY(find_workbook(cx, path, g, &workbook));
    size_t folder = workbook.n;
    while (folder > 0 && workbook.p[folder - 1] != '/') folder--;
    Str relations = arena_printf(g->arena, "%.*s_rels/%s.rels", (int)folder, workbook.p, workbook.p + folder);
    TRY(xlsx_part_run(cx, c, relations.p, &relation_handlers, g));
    TRY(xlsx_part_run(cx, c, workbook.p, &workbook_handlers, g));
    TRY(choose_sheet(cx, g, workbook, sheet));
    const struct relation *styles = relation_typed(g, S("/styles")), *texts = relation_typed(g, S("/sharedStrings"));
    if (styles) TRY(xlsx_part_run(cx, c, part_path(g->arena, workbook, styles->target), &style_handlers, g));
    if (texts) TRY(xlsx_part_run(cx, c, part_path(g->arena, workbook, texts->target), &text_handlers, g));
    g->book->is_date = g->styles.items;
    g->book->style_count = g->styles.count;
    return OK;
}

enum rc xlsx_book_open(struct ctx *cx, const char *path, int fd, const char *sheet, struct arena *arena,
                       struct xlsx_book *book) {
    int reason = 0;
    *book = (struct xlsx_book){0};
    book->container.zip = zip_fdopen(fd, 0, &reason);
    if (!book->container.zip) {
        close(fd);
        zip_error_t error;
        zip_error_init_with_code(&error, reason);
        enum rc rc = fail_field(cx, INVALID, "file", "save it again with a spreadsheet program", "%s is damaged: %s",
                                path, zip_error_strerror(&error));
        zip_error_fini(&error);
        return rc;
    }
    if (zip_get_num_entries(book->container.zip, 0) > MAX_PARTS)
        return fail_field(cx, INVALID, "file", NULL, "%s has more than %d parts", path, MAX_PARTS);
    struct gather g = {.book = book, .arena = arena};
    return read_book(cx, path, sheet, &g);
}

void xlsx_book_close(struct xlsx_book *book) {
    if (book->container.zip) zip_discard(book->container.zip);
    mem_free(book->texts);
    mem_free(book->ends);
}
