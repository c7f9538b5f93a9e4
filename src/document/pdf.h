/* PDF documents, tagged for screen readers, small and fast (REQ: A4 C6 L6).
 *
 * A writer for what this program's documents are: text, rules, filled areas, one picture. Everything drawn belongs to an
 * element of the structure (pdf_leaf) or is decoration (pdf_artifact): readers hear the elements in the order in which
 * they are made. Equal calls give equal bytes: nothing but the arguments is read.
 *
 * Measures are points (1/72 inch) from the top left corner of the page; a text's y is its baseline. */
#ifndef DOCUMENT_PDF_H
#define DOCUMENT_PDF_H

#include "base/clock.h"
#include "document/pdf_font.h"
#include "document/pdf_image.h"

#define MM (72.0 / 25.4)
#define PDF_MAX_BYTES ((size_t)64 << 20)
#define PDF_MAX_PAGES 5000

/* Standard structure types (ISO 32000-1, 14.8.4). */
enum pdf_tag {
    TAG_DOCUMENT,
    TAG_SECT,
    TAG_H1,
    TAG_H2,
    TAG_P,
    TAG_TABLE,
    TAG_TR,
    TAG_TH, /* heads a column */
    TAG_TD,
    TAG_FIGURE,
    PDF_TAGS
};

/* 0xRRGGBB */
typedef uint32_t PdfColor;

struct pdf_style {
    enum pdf_face face;
    double size;
    PdfColor color;
};

struct pdf_info {
    Str title, author, language;
    Instant created; /* as of when; never the clock's by itself */
    double width, height;
};

struct pdf;

/* In cx->arena, with buffers of its own: pdf_free. The info must outlive it. */
struct pdf *pdf_new(struct ctx *cx, const struct pdf_fonts *fonts, const struct pdf_info *info);
void pdf_free(struct pdf **pdf); /* for AUTO(pdf_free) */
const struct pdf_fonts *pdf_fonts_of(const struct pdf *pdf);

/* Starts a page; the one before is finished and packed. */
void pdf_page(struct pdf *pdf);
int pdf_page_count(const struct pdf *pdf);

/* An element that holds others. */
void pdf_open(struct pdf *pdf, enum pdf_tag tag);
void pdf_close(struct pdf *pdf);
/* An element that holds what is drawn until pdf_leaf_end, on this page. A figure has a place and words that are said
 * instead. */
void pdf_leaf(struct pdf *pdf, enum pdf_tag tag);
void pdf_figure(struct pdf *pdf, Str alternative, double x, double y, double width, double height);
void pdf_leaf_end(struct pdf *pdf);
/* Drawn, never read out. */
void pdf_artifact(struct pdf *pdf);
void pdf_artifact_end(struct pdf *pdf);

void pdf_text(struct pdf *pdf, const struct pdf_style *style, double x, double y, Str text);
/* The same, ending at x. */
void pdf_text_right(struct pdf *pdf, const struct pdf_style *style, double x, double y, Str text);
double pdf_width(const struct pdf *pdf, const struct pdf_style *style, Str text);
void pdf_fill(struct pdf *pdf, PdfColor color, double x, double y, double width, double height);
/* A horizontal or vertical hairline or rule. */
void pdf_rule(struct pdf *pdf, PdfColor color, double thickness, double x1, double y1, double x2, double y2);
void pdf_picture(struct pdf *pdf, const struct pdf_image *image, double x, double y, double width, double height);

/* Called for every page when their number is known: page x of y, as an artifact. */
typedef void pdf_furniture(void *self, struct pdf *pdf, int page, int pages);
/* The whole file, appended to `out`. INVALID when the document outgrew its bounds; INTERNAL for a font that cannot be
 * cut. */
MUST_USE enum rc pdf_finish(struct pdf *pdf, pdf_furniture *furniture, void *self, struct buf *out);

#endif
