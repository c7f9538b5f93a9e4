/* A document being written. Private to pdf.c, pdf_page.c and pdf_tree.c. */
#ifndef DOCUMENT_PDF_PARTS_H
#define DOCUMENT_PDF_PARTS_H

#include "base/arena.h"
#include "document/pdf.h"

/* An element of the structure; kids are a list through `next`. */
struct element {
    enum pdf_tag tag;
    int parent, first, last, next; /* -1: none */
    int page, mark;                /* of a leaf: where it is drawn; page -1: it holds others */
    int alternative;               /* index into figures, -1 */
};

struct figure {
    Str alternative;
    double left, bottom, right, top;
};

struct page {
    int object, contents;
    size_t first_leaf, leaf_count; /* in leaves: the elements by their marks */
};

/* Where an object stands: in the file at an offset, or in an object stream at a place. */
struct place {
    bool is_packed;
    size_t at; /* offset, or number of the object stream */
    int index;
};

struct used_glyphs {
    VEC_OF(struct pdf_glyph) glyphs;
    int font_object; /* 0: not used */
};

struct pdf {
    struct ctx *cx;
    const struct pdf_fonts *fonts;
    const struct pdf_info *info;
    struct buf file;    /* the finished part */
    struct buf content; /* of the page at hand */
    VEC_OF(struct place) places; /* by object number */
    /* Dictionaries waiting for their object stream. */
    struct buf packed, packed_index;
    int packed_count, packed_first[256];
    VEC_OF(struct element) elements;
    VEC_OF(struct figure) figures;
    VEC_OF(int) leaves;
    VEC_OF(struct page) pages;
    int current; /* element */
    int pages_object, resources_object, image_object;
    const struct pdf_image *image;
    struct used_glyphs *used; /* by source, beyond the base subsets */
    /* What the content stream was told last. */
    PdfColor fill_color;
    bool is_inside; /* a marked piece */
    bool is_too_long;
};

/* pdf.c: objects */
int object_reserve(struct pdf *p);
/* Text of a dictionary for a reserved object, kept in an object stream. */
void object_put(struct pdf *p, int object, Str text);
/* `members` of the dictionary but for Length; written at once. */
void object_put_stream(struct pdf *p, int object, Str members, Str bytes);
/* Packs what waits. */
void objects_flush(struct pdf *p);
void number_put(struct buf *b, double value);
/* A text string: UTF-16 in hexadecimal. */
void text_string_put(struct buf *b, Str text);

/* pdf_page.c */
extern const char *const pdf_tag_names[PDF_TAGS];
void page_finish(struct pdf *p);

/* pdf_tree.c: the structure as objects; returns the root's number. */
int tree_put(struct pdf *p);

#endif
