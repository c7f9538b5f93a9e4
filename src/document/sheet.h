/* A page being filled from top to bottom: paragraphs, tables with repeated heads, page x of y.
 *
 * The house's look in one place: sizes, colours, spacing. A sheet moves `y` down; what does not fit begins a new page. */
#ifndef DOCUMENT_SHEET_H
#define DOCUMENT_SHEET_H

#include "core/locale.h"
#include "document/pdf.h"
#include "document/words.h"

#define INK 0x12201FU
#define INK_SOFT 0x455453U
#define INK_FAINT 0x5D6C6AU
#define LINE 0xDFE6E6U
#define ACCENT 0x0A6670U
#define SOFT 0xE1F0F1U
#define LATE 0xA8231BU

/* Styles by use. */
enum look { LOOK_TITLE, LOOK_HEADING, LOOK_BODY, LOOK_STRONG, LOOK_SMALL, LOOK_CELL, LOOK_CELL_STRONG, LOOK_CELL_LATE, LOOK_HEAD, LOOKS };
extern const struct pdf_style looks[LOOKS];

struct paper {
    double width, height;
};
/* Letter where offices use it (North and most of Central America, Colombia, Chile, Venezuela), else A4. */
struct paper paper_of(Str country);

struct sheet {
    struct ctx *cx;
    struct pdf *pdf;
    const struct locale *locale;
    Str language;
    double left, right, top, bottom; /* of what may be written on, in points */
    double y;                        /* where the next thing begins */
    bool with_decimals;              /* whole amounts show their decimals too, because others in the column have some */
    Str footer;                      /* left of "page x of y" */
    const struct column *columns;    /* of the table at hand; NULL: none */
    size_t column_count;
};

Str sheet_word(const struct sheet *s, enum word word);
/* In the arena. */
Str sheet_money(struct sheet *s, Money m);
/* The same without the currency, for columns that name it once; with_decimals holds for them. */
Str sheet_figure(struct sheet *s, Money m);
Str sheet_date(struct sheet *s, Date d);

/* Starts a new page unless so much still fits. */
void sheet_room(struct sheet *s, double height);
void sheet_new_page(struct sheet *s);

/* The next line of a text that fits a width: cut at spaces, long words anywhere, at a line end always. False at the
 * end. */
bool text_line(const struct pdf_fonts *fonts, const struct pdf_style *style, double width, Str text, size_t *at,
               Str *out_line);
/* As one element, wrapped, at x; moves on by its height. Parts that do not fit go on as another element. */
void sheet_paragraph(struct sheet *s, enum pdf_tag tag, enum look look, double x, double width, Str text);
double sheet_paragraph_height(const struct sheet *s, enum look look, double width, Str text);
/* Height of a line in this look. */
double look_leading(enum look look);
void sheet_heading(struct sheet *s, Str text);

struct column {
    Str head;
    double x, width; /* from the sheet's left edge */
    bool is_right;
};
struct cell {
    Str text;
    enum look look; /* 0: LOOK_CELL */
};
/* The head is repeated on every page the table reaches, there as decoration. */
void table_begin(struct sheet *s, const struct column *columns, size_t count);
/* Cells of a left column wrap (four lines at most), figures do not. */
void table_row(struct sheet *s, const struct cell *cells);
/* A row of sums under a stronger line. */
void table_sum(struct sheet *s, const struct cell *cells);
void table_end(struct sheet *s);

/* Furniture for pdf_finish: the footer. `self` is the sheet. */
void sheet_furniture(void *self, struct pdf *pdf, int page, int pages);

#endif
