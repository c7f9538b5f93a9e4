/* Content streams: text, areas, marks. */
#include "document/deflate.h"
#include "document/pdf_parts.h"

#define NO_COLOR 0xFFFFFFFFU
#define MAX_ELEMENTS 400000

const char *const pdf_tag_names[PDF_TAGS] = {"Document", "Sect", "H1", "H2",    "P",
                                             "Table",    "TR",   "TH", "TD", "Figure"};

/* Two decimals, without the locale of the process. */
void number_put(struct buf *b, double value) {
    char digits[24];
    int64_t hundredths = (int64_t)(value * 100 + (value < 0 ? -0.5 : 0.5));
    if (hundredths < 0) {
        buf_add_char(b, '-');
        hundredths = -hundredths;
    }
    int64_t whole = hundredths / 100, rest = hundredths % 100;
    size_t at = sizeof digits;
    if (rest % 10) digits[--at] = (char)('0' + rest % 10);
    if (rest) {
        digits[--at] = (char)('0' + rest / 10);
        digits[--at] = '.';
    }
    do digits[--at] = (char)('0' + whole % 10);
    while ((whole /= 10) > 0);
    buf_add(b, (Str){digits + at, sizeof digits - at});
}

static void numbers_put(struct buf *b, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        number_put(b, values[i]);
        buf_add_char(b, ' ');
    }
}

/* ---- pages ---- */

void page_finish(struct pdf *p) {
    if (p->pages.count == 0 || p->content.n == 0) return;
    MUST(!p->is_inside);
    struct page *page = &p->pages.items[p->pages.count - 1];
    page->leaf_count = p->leaves.count - page->first_leaf;
    if (!buf_ok(&p->content)) p->is_too_long = true;
    struct arena_mark mark = arena_mark(p->cx->arena);
    object_put_stream(p, page->contents, S("/Filter/FlateDecode"), deflate_in(p->cx->arena, buf_str(&p->content), 6));
    arena_rewind(p->cx->arena, mark);
    buf_clear(&p->content);
}

void pdf_page(struct pdf *p) {
    page_finish(p);
    if (p->pages.count >= PDF_MAX_PAGES) p->is_too_long = true;
    int object = object_reserve(p), contents = object_reserve(p);
    *VEC_PUSH(p->cx->arena, &p->pages) = (struct page){object, contents, p->leaves.count, 0};
    p->fill_color = NO_COLOR;
}

int pdf_page_count(const struct pdf *p) { return (int)p->pages.count; }

/* ---- structure ---- */

static int add_element(struct pdf *p, enum pdf_tag tag) {
    int at = (int)p->elements.count;
    if (at >= MAX_ELEMENTS) p->is_too_long = true;
    *VEC_PUSH(p->cx->arena, &p->elements) = (struct element){tag, p->current, -1, -1, -1, -1, 0, -1};
    if (p->current >= 0) {
        struct element *parent = &p->elements.items[p->current];
        if (parent->last >= 0) p->elements.items[parent->last].next = at;
        if (parent->first < 0) parent->first = at;
        parent->last = at;
    }
    return at;
}

void pdf_open(struct pdf *p, enum pdf_tag tag) {
    MUST(!p->is_inside);
    p->current = add_element(p, tag);
}

void pdf_close(struct pdf *p) {
    MUST(!p->is_inside && p->current > 0);
    p->current = p->elements.items[p->current].parent;
}

void pdf_leaf(struct pdf *p, enum pdf_tag tag) {
    MUST(!p->is_inside && p->pages.count);
    int at = add_element(p, tag);
    struct element *e = &p->elements.items[at];
    e->page = (int)p->pages.count - 1;
    e->mark = (int)(p->leaves.count - p->pages.items[e->page].first_leaf);
    *VEC_PUSH(p->cx->arena, &p->leaves) = at;
    buf_add_char(&p->content, '/');
    buf_add_cstr(&p->content, pdf_tag_names[tag]);
    buf_add(&p->content, S("<</MCID "));
    buf_add_i64(&p->content, e->mark);
    buf_add(&p->content, S(">>BDC\n"));
    p->is_inside = true;
}

void pdf_figure(struct pdf *p, Str alternative, double x, double y, double width, double height) {
    pdf_leaf(p, TAG_FIGURE);
    p->elements.items[p->elements.count - 1].alternative = (int)p->figures.count;
    double top = p->info->height - y;
    *VEC_PUSH(p->cx->arena, &p->figures) =
        (struct figure){arena_str(p->cx->arena, alternative), x, top - height, x + width, top};
}

void pdf_leaf_end(struct pdf *p) {
    MUST(p->is_inside);
    buf_add(&p->content, S("EMC\n"));
    p->is_inside = false;
}

void pdf_artifact(struct pdf *p) {
    MUST(!p->is_inside);
    buf_add(&p->content, S("/Artifact BMC\n"));
    p->is_inside = true;
}

void pdf_artifact_end(struct pdf *p) { pdf_leaf_end(p); }

/* ---- drawing ---- */

static void set_color(struct pdf *p, PdfColor color) {
    if (p->fill_color == color) return;
    p->fill_color = color;
    for (int shift = 16; shift >= 0; shift -= 8) {
        number_put(&p->content, (double)(color >> shift & 0xFF) / 255);
        buf_add_char(&p->content, ' ');
    }
    buf_add(&p->content, S("rg\n"));
}

/* One byte of a literal string. */
static void put_byte(struct buf *b, unsigned char byte) {
    if (byte == '(' || byte == ')' || byte == '\\') buf_add_char(b, '\\');
    if (byte == '\r')
        buf_add(b, S("\\r"));
    else
        buf_add_char(b, (char)byte);
}

static void note_used(struct pdf *p, const struct pdf_glyph *g) {
    struct used_glyphs *u = &p->used[g->source];
    if (u->font_object == 0)
        for (int i = 0; i < FONT_OBJECTS; i++) {
            int object = object_reserve(p);
            if (i == 0) u->font_object = object;
        }
    for (size_t i = 0; i < u->glyphs.count; i++)
        if (u->glyphs.items[i].id == g->id) return;
    *VEC_PUSH(p->cx->arena, &u->glyphs) = *g;
}

void pdf_text(struct pdf *p, const struct pdf_style *style, double x, double y, Str text) {
    struct buf *b = &p->content;
    struct pdf_glyph g;
    int source = -1;
    MUST(p->is_inside);
    for (size_t at = 0; pdf_glyph_next(p->fonts, style->face, text, &at, &g);) {
        if (source < 0) {
            set_color(p, style->color);
            buf_add(b, S("BT "));
        }
        if (source != g.source) {
            if (source >= 0) buf_add(b, S(")Tj "));
            buf_add(b, S("/F"));
            buf_add_i64(b, g.source);
            buf_add_char(b, ' ');
            number_put(b, style->size);
            buf_add(b, S(" Tf "));
            if (source < 0) {
                numbers_put(b, (double[]){x, p->info->height - y}, 2);
                buf_add(b, S("Td "));
            }
            buf_add_char(b, '(');
            source = g.source;
        }
        if (g.source >= PDF_FACES) note_used(p, &g);
        put_byte(b, (unsigned char)(g.id >> 8));
        put_byte(b, (unsigned char)(g.id & 0xFF));
    }
    if (source >= 0) buf_add(b, S(")Tj ET\n"));
}

double pdf_width(const struct pdf *p, const struct pdf_style *style, Str text) {
    return pdf_text_width(p->fonts, style->face, style->size, text);
}

void pdf_text_right(struct pdf *p, const struct pdf_style *style, double x, double y, Str text) {
    pdf_text(p, style, x - pdf_width(p, style, text), y, text);
}

void pdf_fill(struct pdf *p, PdfColor color, double x, double y, double width, double height) {
    MUST(p->is_inside);
    set_color(p, color);
    numbers_put(&p->content, (double[]){x, p->info->height - y - height, width, height}, 4);
    buf_add(&p->content, S("re f\n"));
}

void pdf_rule(struct pdf *p, PdfColor color, double thickness, double x1, double y1, double x2, double y2) {
    if (y1 == y2)
        pdf_fill(p, color, x1, y1 - thickness / 2, x2 - x1, thickness);
    else
        pdf_fill(p, color, x1 - thickness / 2, y1, thickness, y2 - y1);
}

void pdf_picture(struct pdf *p, const struct pdf_image *image, double x, double y, double width, double height) {
    MUST(p->is_inside && (!p->image || p->image == image));
    if (!p->image) {
        p->image = image;
        p->image_object = object_reserve(p);
        object_put_stream(p, p->image_object, image->dictionary, image->bytes);
    }
    buf_add(&p->content, S("q "));
    numbers_put(&p->content, (double[]){width, 0, 0, height, x, p->info->height - y - height}, 6);
    buf_add(&p->content, S("cm /I Do Q\n"));
}
