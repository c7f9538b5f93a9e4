/* Objects, object streams, the cross-reference stream: the file around the pages. */
#include "document/pdf.h"

#include <nettle/sha2.h>
#include <string.h>

#include "document/deflate.h"
#include "document/pdf_parts.h"

#define PACK_AT_ONCE ((int)COUNT_OF(((struct pdf *)0)->packed_first))
#define PRODUCER "aldia"

/* ---- objects ---- */

int object_reserve(struct pdf *p) {
    VEC_PUSH(p->cx->arena, &p->places);
    return (int)p->places.count - 1;
}

void objects_flush(struct pdf *p) {
    if (p->packed_count == 0) return;
    int stream = object_reserve(p);
    size_t first = p->packed_index.n;
    for (int i = 0; i < p->packed_count; i++)
        p->places.items[p->packed_first[i]] = (struct place){true, (size_t)stream, i};
    int count = p->packed_count;
    p->packed_count = 0;
    buf_add(&p->packed_index, buf_str(&p->packed));
    struct arena_mark mark = arena_mark(p->cx->arena);
    Str members = arena_printf(p->cx->arena, "/Type/ObjStm/N %d/First %zu/Filter/FlateDecode", count, first);
    object_put_stream(p, stream, members, deflate_in(p->cx->arena, buf_str(&p->packed_index), 6));
    arena_rewind(p->cx->arena, mark);
    buf_clear(&p->packed);
    buf_clear(&p->packed_index);
}

void object_put(struct pdf *p, int object, Str text) {
    p->packed_first[p->packed_count++] = object;
    buf_add_i64(&p->packed_index, object);
    buf_add_char(&p->packed_index, ' ');
    buf_add_i64(&p->packed_index, (int64_t)p->packed.n);
    buf_add_char(&p->packed_index, ' ');
    buf_add(&p->packed, text);
    buf_add_char(&p->packed, '\n');
    if (p->packed_count == PACK_AT_ONCE) objects_flush(p);
}

void object_put_stream(struct pdf *p, int object, Str members, Str bytes) {
    p->places.items[object] = (struct place){false, p->file.n, 0};
    buf_printf(&p->file, "%d 0 obj\n<<%.*s/Length %zu>>stream\n", object, STR_ARG(members), bytes.n);
    buf_add(&p->file, bytes);
    buf_add(&p->file, S("\nendstream\nendobj\n"));
}

void text_string_put(struct buf *b, Str text) {
    buf_add(b, S("<FEFF"));
    for (size_t at = 0; at < text.n;) {
        uint32_t c = str_next_codepoint(text, &at);
        if (c > 0xFFFF)
            buf_printf(b, "%04X%04X", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + (c & 0x3FF));
        else
            buf_printf(b, "%04X", c);
    }
    buf_add_char(b, '>');
}

/* ---- beginning ---- */

struct pdf *pdf_new(struct ctx *cx, const struct pdf_fonts *fonts, const struct pdf_info *info) {
    struct pdf *p = ARENA_NEW(cx->arena, struct pdf);
    *p = (struct pdf){.cx = cx,
                      .fonts = fonts,
                      .info = info,
                      .file = buf_make(PDF_MAX_BYTES),
                      .content = buf_make(PDF_MAX_BYTES),
                      .packed = buf_make(PDF_MAX_BYTES),
                      .packed_index = buf_make(PDF_MAX_BYTES),
                      .current = -1};
    const struct pdf_prefix *prefix = pdf_fonts_prefix(fonts);
    p->used = ARENA_ARRAY(cx->arena, struct used_glyphs, pdf_font_sources(fonts));
    buf_add(&p->file, prefix->bytes);
    object_reserve(p); /* number 0 is nobody's */
    for (int i = 1; i <= PREFIX_OBJECTS; i++) {
        bool packed = prefix_is_packed(i);
        int object = object_reserve(p);
        p->places.items[object] = packed ? (struct place){true, PREFIX_OBJECTS, (int)prefix->offsets[i]}
                                         : (struct place){false, prefix->offsets[i], 0};
    }
    p->pages_object = object_reserve(p);
    p->resources_object = object_reserve(p);
    pdf_open(p, TAG_DOCUMENT);
    return p;
}

void pdf_free(struct pdf **pdf) {
    struct pdf *p = *pdf;
    if (!p) return;
    buf_done(&p->file);
    buf_done(&p->content);
    buf_done(&p->packed);
    buf_done(&p->packed_index);
}

const struct pdf_fonts *pdf_fonts_of(const struct pdf *p) { return p->fonts; }

/* ---- end ---- */

/* "2026-11-21T00:00:00Z" or, for Info, "D:20261121000000Z". */
static Str stamp(struct ctx *cx, Instant t, bool for_info) {
    char iso[INSTANT_TEXT];
    Str text = instant_format(t, iso);
    if (!for_info) return arena_printf(cx->arena, "%.19sZ", text.p);
    return arena_printf(cx->arena, "D:%.4s%.2s%.2s%.2s%.2s%.2sZ", text.p, text.p + 5, text.p + 8, text.p + 11, text.p + 14,
                        text.p + 17);
}

static int put_metadata(struct pdf *p, struct buf *b) {
    const struct pdf_info *i = p->info;
    int object = object_reserve(p);
    buf_clear(b);
    buf_add(b, S("<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
                 "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
                 "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
                 "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"><dc:format>application/pdf</dc:format><dc:title><rdf:Alt>"
                 "<rdf:li xml:lang=\"x-default\">"));
    buf_add_html(b, i->title);
    buf_add(b, S("</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>"));
    buf_add_html(b, i->author);
    buf_add(b, S("</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>"));
    buf_add_html(b, i->language);
    buf_printf(b, "</rdf:li></rdf:Bag></dc:language><xmp:CreateDate>%.*s</xmp:CreateDate>",
               STR_ARG(stamp(p->cx, i->created, false)));
    buf_add(b, S("<pdf:Producer>" PRODUCER "</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta>\n"
                 "<?xpacket end=\"r\"?>"));
    object_put_stream(p, object, S("/Type/Metadata/Subtype/XML"), buf_str(b));
    return object;
}

static int put_info(struct pdf *p, struct buf *b) {
    int object = object_reserve(p);
    buf_clear(b);
    buf_add(b, S("<</Title"));
    text_string_put(b, p->info->title);
    buf_add(b, S("/Author"));
    text_string_put(b, p->info->author);
    buf_printf(b, "/Producer(" PRODUCER ")/CreationDate(%.*s)>>", STR_ARG(stamp(p->cx, p->info->created, true)));
    object_put(p, object, buf_str(b));
    return object;
}

/* Page after page once more, for what depends on their number; a second, small content stream each. */
static void put_pages(struct pdf *p, struct buf *b, pdf_furniture *furniture, void *self) {
    int pages = (int)p->pages.count;
    for (int i = 0; i < pages; i++) {
        struct page page = p->pages.items[i];
        int more = furniture ? object_reserve(p) : 0;
        if (furniture) {
            p->fill_color = 0xFFFFFFFFU;
            pdf_artifact(p);
            furniture(self, p, i + 1, pages);
            pdf_artifact_end(p);
            struct arena_mark mark = arena_mark(p->cx->arena);
            object_put_stream(p, more, S("/Filter/FlateDecode"), deflate_in(p->cx->arena, buf_str(&p->content), 6));
            arena_rewind(p->cx->arena, mark);
            buf_clear(&p->content);
        }
        buf_clear(b);
        buf_printf(b, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 ", p->pages_object);
        number_put(b, p->info->width);
        buf_add_char(b, ' ');
        number_put(b, p->info->height);
        buf_printf(b, "]/Resources %d 0 R/Contents[%d 0 R", p->resources_object, page.contents);
        if (furniture) buf_printf(b, " %d 0 R", more);
        buf_printf(b, "]/StructParents %d/Tabs/S>>", i);
        object_put(p, page.object, buf_str(b));
    }
    buf_clear(b);
    buf_printf(b, "<</Type/Pages/Count %d/Kids[", pages);
    for (int i = 0; i < pages; i++) buf_printf(b, "%s%d 0 R", i ? " " : "", p->pages.items[i].object);
    buf_add(b, S("]>>"));
    object_put(p, p->pages_object, buf_str(b));
}

/* Subsets of what was used beyond the base. */
static enum rc put_extra_fonts(struct pdf *p) {
    struct ctx *cx = p->cx;
    for (size_t source = PDF_FACES; source < pdf_font_sources(p->fonts); source++) {
        const struct used_glyphs *u = &p->used[source];
        if (u->font_object == 0) continue;
        struct pdf_font_parts parts;
        char label[8] = "ALDIBA";
        label[5] = (char)('A' + source);
        TRY(pdf_font_extra(cx, p->fonts, source, u->glyphs.items, u->glyphs.count, u->font_object, label, &parts));
        for (int i = 0; i < 3; i++) object_put(p, u->font_object + i, parts.dictionaries[i]);
        Str members = arena_printf(cx->arena, "/Filter/FlateDecode/Length1 %zu", parts.file_size);
        object_put_stream(p, u->font_object + 3, members, parts.file);
        object_put_stream(p, u->font_object + 4, S("/Filter/FlateDecode"), parts.to_unicode);
    }
    return OK;
}

static void put_resources(struct pdf *p, struct buf *b) {
    buf_clear(b);
    buf_add(b, S("<</Font<<"));
    for (int face = 0; face < PDF_FACES; face++) buf_printf(b, "/F%d %d 0 R", face, 1 + face * FONT_OBJECTS);
    for (size_t i = PDF_FACES; i < pdf_font_sources(p->fonts); i++)
        if (p->used[i].font_object) buf_printf(b, "/F%zu %d 0 R", i, p->used[i].font_object);
    buf_add(b, S(">>"));
    if (p->image) buf_printf(b, "/XObject<</I %d 0 R>>", p->image_object);
    buf_add(b, S(">>"));
    object_put(p, p->resources_object, buf_str(b));
}

static int put_catalog(struct pdf *p, struct buf *b, int tree, int metadata) {
    int object = object_reserve(p);
    buf_clear(b);
    buf_printf(b, "<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R/MarkInfo<</Marked true>>/Lang",
               p->pages_object, tree, metadata);
    text_string_put(b, p->info->language);
    buf_add(b, S("/ViewerPreferences<</DisplayDocTitle true>>>>"));
    object_put(p, object, buf_str(b));
    return object;
}

/* One row of the cross-reference stream: type, four bytes, two bytes. */
static void put_place(struct buf *b, int type, size_t at, int index) {
    const char row[] = {(char)type,       (char)(at >> 24), (char)(at >> 16),  (char)(at >> 8),
                        (char)(at & 0xFF), (char)(index >> 8), (char)(index & 0xFF)};
    buf_add(b, (Str){row, sizeof row});
}

static void put_cross_reference(struct pdf *p, struct buf *b, int catalog, int info) {
    int object = object_reserve(p);
    size_t start = p->file.n;
    p->places.items[object] = (struct place){false, start, 0};
    struct sha256_ctx sha;
    uint8_t id[16];
    sha256_init(&sha);
    sha256_update(&sha, p->file.n, (const uint8_t *)p->file.p);
    sha256_digest(&sha, sizeof id, id);
    buf_clear(b);
    put_place(b, 0, 0, 0xFFFF);
    for (size_t i = 1; i < p->places.count; i++)
        put_place(b, p->places.items[i].is_packed ? 2 : 1, p->places.items[i].at, p->places.items[i].index);
    Str rows = deflate_in(p->cx->arena, buf_str(b), 6);
    buf_clear(b);
    buf_printf(b, "/Type/XRef/W[1 4 2]/Size %zu/Root %d 0 R/Info %d 0 R/Filter/FlateDecode/ID[", p->places.count, catalog,
               info);
    for (int i = 0; i < 2; i++) {
        buf_add_char(b, '<');
        buf_add_hex(b, id, sizeof id);
        buf_add_char(b, '>');
    }
    buf_add_char(b, ']');
    object_put_stream(p, object, buf_str(b), rows);
    buf_printf(&p->file, "startxref\n%zu\n%%%%EOF\n", start);
}

enum rc pdf_finish(struct pdf *p, pdf_furniture *furniture, void *self, struct buf *out) {
    MUST(p->pages.count && p->current == 0);
    page_finish(p);
    AUTO(buf_done) struct buf b = buf_make(PDF_MAX_BYTES);
    put_pages(p, &b, furniture, self);
    TRY(put_extra_fonts(p));
    put_resources(p, &b);
    int tree = tree_put(p), metadata = put_metadata(p, &b), info = put_info(p, &b);
    int catalog = put_catalog(p, &b, tree, metadata);
    objects_flush(p);
    put_cross_reference(p, &b, catalog, info);
    if (p->is_too_long || !buf_ok(&p->file) || !buf_ok(&b) || !buf_ok(&p->packed))
        return fail_field(p->cx, INVALID, NULL, "choose a shorter period", "the document is too long for one PDF");
    buf_add(out, buf_str(&p->file));
    return buf_ok(out) ? OK : fail(p->cx, INVALID, "the document is larger than %zu bytes", out->max);
}
