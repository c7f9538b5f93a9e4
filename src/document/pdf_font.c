/* Finding, measuring and subsetting (HarfBuzz). */
#include "document/pdf_font.h"

#include <hb-ot.h>
#include <hb-subset.h>
#include <hb.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "document/deflate.h"

#define FONT_FILE_MAX ((size_t)32 << 20)
#define MAX_SOURCES 16
#define BASE_DIRECT 0x250 /* code points below are found by index */
#define MAX_SIGNS 64      /* of the base subset beyond that */

#define TRUETYPE "/usr/share/fonts/truetype/"
const struct font_place font_places[] = {
    {"fonts-liberation2",
     {TRUETYPE "liberation2/LiberationSans-Regular.ttf", TRUETYPE "liberation2/LiberationSans-Bold.ttf"}},
    {"fonts-liberation",
     {TRUETYPE "liberation/LiberationSans-Regular.ttf", TRUETYPE "liberation/LiberationSans-Bold.ttf"}},
    {"liberation-sans-fonts",
     {"/usr/share/fonts/liberation-sans/LiberationSans-Regular.ttf",
      "/usr/share/fonts/liberation-sans/LiberationSans-Bold.ttf"}},
    {"fonts-noto-core", {TRUETYPE "noto/NotoSans-Regular.ttf", TRUETYPE "noto/NotoSans-Bold.ttf"}},
    {"fonts-dejavu-core", {TRUETYPE "dejavu/DejaVuSans.ttf", TRUETYPE "dejavu/DejaVuSans-Bold.ttf"}},
    {"fonts-open-sans", {TRUETYPE "open-sans/OpenSans-Regular.ttf", TRUETYPE "open-sans/OpenSans-Bold.ttf"}},
    {NULL, {NULL, NULL}},
};

/* Beyond ASCII: what the three languages, typography and the currencies of Latin America and Europe need. */
static const char base_signs[] = "ÁÉÍÓÚÜÑáéíóúüñÀÂÃÇÊÔÕàâãçêôõÄÖäöß¡¿ªº°§©®«»·×£¥¢¼½¾²³€₡₲“”‘’–—…•→−";

/* One font file. */
struct source {
    hb_face_t *face;
    hb_font_t *font;
    double to_thousand; /* font units to thousandths */
    char name[64];      /* PostScript name */
};

struct pdf_fonts {
    struct arena *arena;
    struct source sources[MAX_SOURCES];
    size_t source_count;
    struct base_face {
        struct pdf_glyph direct[BASE_DIRECT]; /* id 0: not in the subset */
        struct pdf_glyph signs[MAX_SIGNS];
        size_t sign_count;
        struct pdf_font_parts parts;
    } base[PDF_FACES];
    struct pdf_prefix prefix;
};

/* ---- glyphs ---- */

static bool is_dropped(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

static const struct pdf_glyph *find_in_base(const struct base_face *base, uint32_t c) {
    if (c < BASE_DIRECT) return base->direct[c].id ? &base->direct[c] : NULL;
    for (size_t i = 0; i < base->sign_count; i++)
        if (base->signs[i].codepoint == c) return &base->signs[i];
    return NULL;
}

/* In the whole font first, in its own weight; then in the others of the same weight, then in any. */
static bool find_beyond(const struct pdf_fonts *f, enum pdf_face face, uint32_t c, struct pdf_glyph *out) {
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < f->source_count; i++) {
            hb_codepoint_t id;
            if (round == 0 && i % PDF_FACES != (size_t)face) continue;
            if (!hb_font_get_nominal_glyph(f->sources[i].font, c, &id) || id == 0 || id > UINT16_MAX) continue;
            double advance = hb_font_get_glyph_h_advance(f->sources[i].font, id) * f->sources[i].to_thousand;
            *out = (struct pdf_glyph){c, (uint16_t)id, (uint16_t)(PDF_FACES + i), (int32_t)(advance + 0.5)};
            return true;
        }
    return false;
}

bool pdf_glyph_find(const struct pdf_fonts *f, enum pdf_face face, uint32_t c, struct pdf_glyph *out) {
    if (c == 0xA0 || c == 0x202F || c == 0x2009 || c == '\t' || c == '\n' || c == '\r') c = ' ';
    const struct pdf_glyph *base = find_in_base(&f->base[face], c);
    if (!base && is_dropped(c)) return false;
    if (!base && find_beyond(f, face, c, out)) return true;
    if (!base && find_beyond(f, face, 0xFFFD, out)) return true;
    *out = base ? *base : f->base[face].direct['?'];
    return true;
}

bool pdf_glyph_next(const struct pdf_fonts *f, enum pdf_face face, Str text, size_t *at, struct pdf_glyph *out) {
    while (*at < text.n) {
        uint32_t c = str_next_codepoint(text, at);
        for (size_t next = *at; next < text.n && (unsigned char)text.p[next] >= 0xCC; next = *at) {
            hb_codepoint_t composed;
            uint32_t mark = str_next_codepoint(text, &next);
            if (mark < 0x300 || mark > 0x36F ||
                !hb_unicode_compose(hb_unicode_funcs_get_default(), c, mark, &composed))
                break;
            c = composed;
            *at = next;
        }
        if (pdf_glyph_find(f, face, c, out)) return true;
    }
    return false;
}

double pdf_text_width(const struct pdf_fonts *f, enum pdf_face face, double size, Str text) {
    struct pdf_glyph g;
    int64_t sum = 0;
    for (size_t at = 0; pdf_glyph_next(f, face, text, &at, &g);) sum += g.advance;
    return (double)sum * size / 1000;
}

/* ---- subsets ---- */

/* What a viewer does not need when the text is glyph numbers. */
static void drop_tables(hb_subset_input_t *input) {
    static const char tags[][5] = {"GSUB", "GPOS", "GDEF", "kern", "name", "OS/2", "post", "cmap", "DSIG",
                                   "STAT", "gasp", "MATH", "FFTM", "cvt ", "fpgm", "prep", "hdmx", "VDMX",
                                   "LTSH", "PCLT", "meta", "BASE", "JSTF"};
    hb_set_t *set = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) hb_set_add(set, hb_tag_from_string(tags[i], 4));
}

struct metrics {
    int box[4], ascent, descent, cap_height;
};

static struct metrics metrics_of(const struct source *s) {
    hb_font_extents_t extents = {0};
    hb_glyph_extents_t h = {0};
    hb_codepoint_t id = 0;
    hb_font_get_h_extents(s->font, &extents);
    if (hb_font_get_nominal_glyph(s->font, 'H', &id)) hb_font_get_glyph_extents(s->font, id, &h);
    double k = s->to_thousand;
    struct metrics m = {.ascent = (int)(extents.ascender * k),
                        .descent = (int)(extents.descender * k),
                        .cap_height = (int)(h.y_bearing * k)};
    m.box[0] = -200;
    m.box[1] = m.descent;
    m.box[2] = 1300;
    m.box[3] = m.ascent;
    return m;
}

static void write_dictionaries(struct arena *arena, const struct source *s, const char *label, int first, bool bold,
                               Str widths, struct pdf_font_parts *p) {
    struct metrics m = metrics_of(s);
    p->dictionaries[0] = arena_printf(arena,
                                      "<</Type/Font/Subtype/Type0/BaseFont/%s+%s/Encoding/Identity-H"
                                      "/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>",
                                      label, s->name, first + 1, first + 4);
    p->dictionaries[1] =
        arena_printf(arena,
                     "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s+%s/CIDSystemInfo<</Registry(Adobe)"
                     "/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/DW 500/W[%.*s]/CIDToGIDMap/Identity>>",
                     label, s->name, first + 2, STR_ARG(widths));
    p->dictionaries[2] = arena_printf(arena,
                                      "<</Type/FontDescriptor/FontName/%s+%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0"
                                      "/Ascent %d/Descent %d/CapHeight %d/StemV %d/FontFile2 %d 0 R>>",
                                      label, s->name, m.box[0], m.box[1], m.box[2], m.box[3], m.ascent, m.descent,
                                      m.cap_height, bold ? 140 : 80, first + 3);
}

/* Adobe Technical Note 5411: at most 100 mappings a block. */
static void write_to_unicode(struct buf *b, const struct pdf_glyph *glyphs, size_t count) {
    buf_add(b, S("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) "
                 "/Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                 "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"));
    for (size_t i = 0; i < count; i++) {
        if (i % 100 == 0) buf_printf(b, "%zu beginbfchar\n", count - i < 100 ? count - i : (size_t)100);
        uint32_t c = glyphs[i].codepoint;
        if (c > 0xFFFF)
            buf_printf(b, "<%04X> <%04X%04X>\n", glyphs[i].id, 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + (c & 0x3FF));
        else
            buf_printf(b, "<%04X> <%04X>\n", glyphs[i].id, c);
        if (i % 100 == 99 || i + 1 == count) buf_add(b, S("endbfchar\n"));
    }
    buf_add(b, S("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"));
}

static Str widths_of(struct arena *arena, const struct pdf_glyph *glyphs, size_t count) {
    struct buf b = buf_make((size_t)1 << 20);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || glyphs[i].id != glyphs[i - 1].id + 1) buf_printf(&b, "%s%d[", i ? "]" : "", glyphs[i].id);
        buf_printf(&b, "%d ", glyphs[i].advance);
    }
    buf_add(&b, S("]"));
    Str widths = arena_str(arena, buf_str(&b));
    buf_done(&b);
    return widths;
}

static void sort_by_id(struct pdf_glyph *g, size_t n) {
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && g[k - 1].id > g[k].id; k--) {
            struct pdf_glyph swap = g[k];
            g[k] = g[k - 1];
            g[k - 1] = swap;
        }
}

/* Deflated bytes of a face, in the arena. */
static Str face_bytes(struct arena *arena, hb_face_t *face, int level, size_t *out_size) {
    hb_blob_t *blob = hb_face_reference_blob(face);
    unsigned length;
    const char *data = hb_blob_get_data(blob, &length);
    *out_size = length;
    Str packed = deflate_in(arena, (Str){data, length}, level);
    hb_blob_destroy(blob);
    return packed;
}

static void finish_parts(struct arena *arena, const struct source *s, struct pdf_glyph *glyphs, size_t count, bool bold,
                         const char *label, int first, int level, struct pdf_font_parts *p) {
    sort_by_id(glyphs, count);
    struct buf b = buf_make((size_t)4 << 20);
    write_to_unicode(&b, glyphs, count);
    p->to_unicode_size = b.n;
    p->to_unicode = deflate_in(arena, buf_str(&b), level);
    buf_done(&b);
    write_dictionaries(arena, s, label, first, bold, widths_of(arena, glyphs, count), p);
}

enum rc pdf_font_extra(struct ctx *cx, const struct pdf_fonts *f, size_t source, const struct pdf_glyph *glyphs,
                       size_t count, int first, const char *label, struct pdf_font_parts *out) {
    const struct source *s = &f->sources[source - PDF_FACES];
    struct pdf_glyph *own = ARENA_ARRAY(cx->arena, struct pdf_glyph, count);
    memcpy(own, glyphs, count * sizeof *own);
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    MUST(input);
    drop_tables(input);
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_RETAIN_GIDS);
    for (size_t i = 0; i < count; i++) hb_set_add(hb_subset_input_glyph_set(input), own[i].id);
    hb_face_t *subset = hb_subset_or_fail(s->face, input);
    hb_subset_input_destroy(input);
    if (!subset) return fail(cx, INTERNAL, "could not cut the font %s", s->name);
    out->file = face_bytes(cx->arena, subset, 6, &out->file_size);
    hb_face_destroy(subset);
    finish_parts(cx->arena, s, own, count, source % PDF_FACES == FACE_BOLD, label, first, 6, out);
    return OK;
}

/* ---- loading ---- */

static void add_base_codepoints(const struct source *s, hb_set_t *set) {
    for (hb_codepoint_t c = 0x20; c < 0x7F; c++) hb_set_add(set, c);
    for (size_t at = 0; at < sizeof base_signs - 1;) {
        hb_codepoint_t id, c = str_next_codepoint(S(base_signs), &at);
        if (hb_font_get_nominal_glyph(s->font, c, &id)) hb_set_add(set, c);
    }
}

/* Index of the base subset: code points to its glyph numbers. Returns how many. */
static size_t index_base(struct base_face *base, const struct source *s, enum pdf_face face, hb_set_t *codepoints,
                         const hb_map_t *new_ids, struct pdf_glyph *out_all) {
    size_t n = 0;
    for (hb_codepoint_t c = HB_SET_VALUE_INVALID; hb_set_next(codepoints, &c);) {
        hb_codepoint_t id;
        if (!hb_font_get_nominal_glyph(s->font, c, &id)) continue;
        double advance = hb_font_get_glyph_h_advance(s->font, id) * s->to_thousand;
        struct pdf_glyph g = {c, (uint16_t)hb_map_get(new_ids, id), (uint16_t)face, (int32_t)(advance + 0.5)};
        if (c < BASE_DIRECT) base->direct[c] = g;
        if (c >= BASE_DIRECT && base->sign_count < MAX_SIGNS) base->signs[base->sign_count++] = g;
        out_all[n++] = g;
    }
    return n;
}

static enum rc make_base(struct ctx *cx, struct pdf_fonts *f, enum pdf_face face) {
    static const char *const labels[PDF_FACES] = {"ALDIAA", "ALDIAB"};
    const struct source *s = &f->sources[face];
    struct pdf_font_parts *p = &f->base[face].parts;
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    MUST(input);
    drop_tables(input);
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_NOTDEF_OUTLINE);
    hb_set_t *codepoints = hb_set_create();
    add_base_codepoints(s, codepoints);
    hb_set_set(hb_subset_input_unicode_set(input), codepoints);
    hb_subset_plan_t *plan = hb_subset_plan_create_or_fail(s->face, input);
    hb_face_t *subset = plan ? hb_subset_plan_execute_or_fail(plan) : NULL;
    if (subset) {
        struct pdf_glyph *all = ARENA_ARRAY(f->arena, struct pdf_glyph, hb_set_get_population(codepoints));
        size_t n = index_base(&f->base[face], s, face, codepoints, hb_subset_plan_old_to_new_glyph_mapping(plan), all);
        p->file = face_bytes(f->arena, subset, 12, &p->file_size);
        finish_parts(f->arena, s, all, n, face == FACE_BOLD, labels[face], 1 + (int)face * FONT_OBJECTS, 12, p);
        hb_face_destroy(subset);
    }
    if (plan) hb_subset_plan_destroy(plan);
    hb_set_destroy(codepoints);
    hb_subset_input_destroy(input);
    return subset ? OK : fail(cx, INTERNAL, "could not cut the font %s", s->name);
}

/* The PostScript name, of letters, digits and hyphens only. */
static void read_name(struct source *s) {
    char raw[64] = "";
    unsigned room = sizeof raw, n = 0;
    hb_ot_name_get_utf8(s->face, HB_OT_NAME_ID_POSTSCRIPT_NAME, hb_language_from_string("en", -1), &room, raw);
    for (const char *p = raw; *p; p++)
        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '-')
            s->name[n++] = *p;
    s->name[n] = '\0';
    if (n == 0) memcpy(s->name, "Sans", 5);
}

/* False when it is no TrueType font. */
static bool open_source(const char *path, struct source *out) {
    hb_blob_t *blob = hb_blob_create_from_file_or_fail(path);
    if (!blob) return false;
    hb_face_t *face = hb_blob_get_length(blob) <= FONT_FILE_MAX ? hb_face_create(blob, 0) : hb_face_get_empty();
    hb_blob_destroy(blob);
    hb_blob_t *outlines = hb_face_reference_table(face, HB_TAG('g', 'l', 'y', 'f'));
    bool good = hb_face_get_glyph_count(face) > 0 && hb_blob_get_length(outlines) > 0;
    hb_blob_destroy(outlines);
    if (!good) {
        hb_face_destroy(face);
        return false;
    }
    *out = (struct source){.face = face, .font = hb_font_create(face), .to_thousand = 1000.0 / hb_face_get_upem(face)};
    read_name(out);
    hb_font_make_immutable(out->font);
    hb_face_make_immutable(face);
    return true;
}

static void close_source(struct source *s) {
    hb_font_destroy(s->font);
    hb_face_destroy(s->face);
}

/* Pairs only, so that the face is the source's number modulo two. */
static void open_sources(struct pdf_fonts *f, const struct font_place *places) {
    for (; places->package && f->source_count + PDF_FACES <= MAX_SOURCES; places++) {
        struct source pair[PDF_FACES];
        if (access(places->files[FACE_REGULAR], R_OK) != 0 || !open_source(places->files[FACE_REGULAR], &pair[0]))
            continue;
        if (!open_source(places->files[FACE_BOLD], &pair[1])) {
            close_source(&pair[0]);
            continue;
        }
        f->sources[f->source_count++] = pair[0];
        f->sources[f->source_count++] = pair[1];
    }
}

static void add_stream(struct buf *b, struct pdf_prefix *p, int object, const char *more, Str packed) {
    p->offsets[object] = b->n;
    buf_printf(b, "%d 0 obj\n<</Filter/FlateDecode/Length %zu%s>>stream\n", object, packed.n, more);
    buf_add(b, packed);
    buf_add(b, S("\nendstream\nendobj\n"));
}

/* The dictionaries of both faces in one object stream (ISO 32000-1, 7.5.7). */
static void add_dictionaries(struct pdf_fonts *f, struct buf *b) {
    struct buf index = buf_make(4096), text = buf_make((size_t)1 << 20);
    int n = 0;
    for (int face = 0; face < PDF_FACES; face++)
        for (int i = 0; i < 3; i++) {
            int object = 1 + face * FONT_OBJECTS + i;
            f->prefix.offsets[object] = (size_t)n++;
            buf_printf(&index, "%d %zu ", object, text.n);
            buf_add(&text, f->base[face].parts.dictionaries[i]);
            buf_add_char(&text, '\n');
        }
    Str more = arena_printf(f->arena, "/Type/ObjStm/N %d/First %zu", n, index.n);
    buf_add(&index, buf_str(&text));
    add_stream(b, &f->prefix, PREFIX_OBJECTS, more.p, deflate_in(f->arena, buf_str(&index), 12));
    buf_done(&index);
    buf_done(&text);
}

static void make_prefix(struct pdf_fonts *f) {
    struct buf b = buf_make((size_t)1 << 20);
    buf_add(&b, S("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"));
    for (int face = 0; face < PDF_FACES; face++) {
        const struct pdf_font_parts *p = &f->base[face].parts;
        int first = 1 + face * FONT_OBJECTS;
        add_stream(&b, &f->prefix, first + 3, arena_printf(f->arena, "/Length1 %zu", p->file_size).p, p->file);
        add_stream(&b, &f->prefix, first + 4, "", p->to_unicode);
    }
    add_dictionaries(f, &b);
    MUST(buf_ok(&b));
    f->prefix.bytes = arena_str(f->arena, buf_str(&b));
    buf_done(&b);
}

enum rc pdf_fonts_load(struct ctx *cx, const struct font_place *places, struct pdf_fonts **out) {
    struct arena *arena = arena_new();
    struct pdf_fonts *f = ARENA_NEW(arena, struct pdf_fonts);
    f->arena = arena;
    open_sources(f, places);
    enum rc rc = OK;
    if (f->source_count == 0)
        rc = fail_field(cx, NOT_FOUND, NULL, "apt install fonts-liberation2",
                        "no font for documents was found on this machine");
    for (int face = 0; face < PDF_FACES && rc == OK; face++) rc = make_base(cx, f, (enum pdf_face)face);
    if (rc != OK) {
        pdf_fonts_free(f);
        return rc;
    }
    make_prefix(f);
    *out = f;
    return OK;
}

void pdf_fonts_free(struct pdf_fonts *f) {
    for (size_t i = 0; i < f->source_count; i++) close_source(&f->sources[i]);
    arena_free(f->arena);
}

enum rc pdf_fonts_find(struct ctx *cx, const struct pdf_fonts **out) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct pdf_fonts *shared; /* lives as long as the process */
    pthread_mutex_lock(&lock);
    enum rc rc = shared ? OK : pdf_fonts_load(cx, font_places, &shared);
    pthread_mutex_unlock(&lock);
    if (rc == OK) *out = shared;
    return rc;
}

const struct pdf_prefix *pdf_fonts_prefix(const struct pdf_fonts *f) { return &f->prefix; }

size_t pdf_font_sources(const struct pdf_fonts *f) { return PDF_FACES + f->source_count; }
