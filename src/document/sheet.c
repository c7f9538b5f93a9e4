/* Filling pages. */
#include "document/sheet.h"

#include <string.h>

#define MAX_CELL_LINES 4
#define CELL_LEADING 10.8
#define CELL_PADDING 3.6
#define CELL_GAP 6.0

const struct pdf_style looks[LOOKS] = {
    [LOOK_TITLE] = {FACE_BOLD, 19, INK},        [LOOK_HEADING] = {FACE_BOLD, 10.5, INK},
    [LOOK_BODY] = {FACE_REGULAR, 9.5, INK},     [LOOK_STRONG] = {FACE_BOLD, 9.5, INK},
    [LOOK_SMALL] = {FACE_REGULAR, 8, INK_SOFT}, [LOOK_CELL] = {FACE_REGULAR, 8.5, INK},
    [LOOK_CELL_STRONG] = {FACE_BOLD, 8.5, INK}, [LOOK_CELL_LATE] = {FACE_REGULAR, 8.5, LATE},
    [LOOK_HEAD] = {FACE_BOLD, 7.5, INK_SOFT},
};

double look_leading(enum look look) { return looks[look].size * 1.38; }

struct paper paper_of(Str country) {
    static const char letter[] = "US CA MX CO CL VE GT CR PA DO SV HN NI PR";
    for (size_t i = 0; i + 1 < sizeof letter; i += 3)
        if (country.n == 2 && memcmp(country.p, letter + i, 2) == 0) return (struct paper){612, 792};
    return (struct paper){210 * MM, 297 * MM};
}

/* ---- words and figures ---- */

Str sheet_word(const struct sheet *s, enum word word) { return word_in(s->language, word); }

static Str keep(struct sheet *s, struct buf *b) {
    Str text = arena_str(s->cx->arena, buf_str(b));
    buf_done(b);
    return text;
}

Str sheet_money(struct sheet *s, Money m) {
    struct buf b = buf_make(128);
    locale_money(s->locale, m, &b);
    return keep(s, &b);
}

Str sheet_figure(struct sheet *s, Money m) {
    static const int64_t units[] = {1, 10, 100, 1000, 10000};
    bool negative = m.minor < 0, whole = s->with_decimals && m.minor % units[currency_exponent(m.currency)] == 0;
    int64_t minor = negative ? -m.minor : m.minor;
    Str text = sheet_money(s, money_make(whole ? minor + 1 : minor, m.currency));
    while (text.n && !is_digit(text.p[0])) text = (Str){text.p + 1, text.n - 1};
    while (text.n && !is_digit(text.p[text.n - 1])) text.n--;
    if (whole && text.n) text = arena_printf(s->cx->arena, "%.*s0", (int)text.n - 1, text.p); /* not …,01 */
    return negative ? arena_printf(s->cx->arena, "\u2212%.*s", STR_ARG(text)) : text;
}

Str sheet_date(struct sheet *s, Date d) {
    struct buf b = buf_make(128);
    locale_date(s->locale, d, &b);
    return keep(s, &b);
}

/* ---- text ---- */

static bool is_space(char c) { return c == ' ' || c == '\t'; }

bool text_line(const struct pdf_fonts *fonts, const struct pdf_style *style, double width, Str text, size_t *at,
               Str *out) {
    while (*at < text.n && is_space(text.p[*at])) (*at)++;
    if (*at >= text.n) return false;
    size_t start = *at, fit = start, space = start;
    double used = 0;
    for (size_t i = start; i < text.n && text.p[i] != '\n';) {
        struct pdf_glyph g;
        size_t before = i;
        if (is_space(text.p[i])) space = i;
        if (!pdf_glyph_next(fonts, style->face, text, &i, &g)) break;
        used += g.advance * style->size / 1000;
        if (used > width && !is_space(text.p[before]) && before > start) {
            size_t end = space > start ? space : before;
            *out = (Str){text.p + start, end - start};
            *at = end;
            return true;
        }
        fit = i;
    }
    *out = (Str){text.p + start, fit - start};
    *at = fit < text.n ? fit + 1 : fit;
    return true;
}

double sheet_paragraph_height(const struct sheet *s, enum look look, double width, Str text) {
    double height = 0;
    Str line;
    for (size_t at = 0; text_line(pdf_fonts_of(s->pdf), &looks[look], width, text, &at, &line);)
        height += look_leading(look);
    return height;
}

void sheet_new_page(struct sheet *s) {
    pdf_page(s->pdf);
    s->y = s->top;
}

void sheet_room(struct sheet *s, double height) {
    if (s->y + height > s->bottom) sheet_new_page(s);
}

void sheet_paragraph(struct sheet *s, enum pdf_tag tag, enum look look, double x, double width, Str text) {
    double leading = look_leading(look);
    Str line;
    bool inside = false;
    for (size_t at = 0; text_line(pdf_fonts_of(s->pdf), &looks[look], width, text, &at, &line);) {
        if (s->y + leading > s->bottom) {
            if (inside) pdf_leaf_end(s->pdf);
            inside = false;
            sheet_new_page(s);
        }
        if (!inside) pdf_leaf(s->pdf, tag);
        inside = true;
        pdf_text(s->pdf, &looks[look], x, s->y + looks[look].size, line);
        s->y += leading;
    }
    if (inside) pdf_leaf_end(s->pdf);
}

void sheet_heading(struct sheet *s, Str text) {
    sheet_room(s, 60);
    sheet_paragraph(s, TAG_H2, LOOK_HEADING, s->left, s->right - s->left, text);
    s->y += 2;
}

/* ---- tables ---- */

static void draw_head(struct sheet *s, bool repeated) {
    const struct pdf_style *style = &looks[LOOK_HEAD];
    if (repeated)
        pdf_artifact(s->pdf);
    else
        pdf_open(s->pdf, TAG_TR);
    for (size_t i = 0; i < s->column_count; i++) {
        const struct column *c = &s->columns[i];
        if (!repeated) pdf_leaf(s->pdf, TAG_TH);
        if (c->is_right)
            pdf_text_right(s->pdf, style, s->left + c->x + c->width, s->y + CELL_PADDING + 7, c->head);
        else
            pdf_text(s->pdf, style, s->left + c->x, s->y + CELL_PADDING + 7, c->head);
        if (!repeated) pdf_leaf_end(s->pdf);
    }
    s->y += CELL_LEADING + 2 * CELL_PADDING;
    if (!repeated) {
        pdf_close(s->pdf);
        pdf_artifact(s->pdf);
    }
    pdf_rule(s->pdf, ACCENT, 0.8, s->left, s->y, s->right, s->y);
    pdf_artifact_end(s->pdf);
}

void table_begin(struct sheet *s, const struct column *columns, size_t count) {
    sheet_room(s, 4 * (CELL_LEADING + 2 * CELL_PADDING));
    pdf_open(s->pdf, TAG_TABLE);
    s->columns = columns;
    s->column_count = count;
    draw_head(s, false);
}

static size_t cell_lines(const struct sheet *s, const struct column *c, const struct cell *cell) {
    size_t lines = 0;
    Str line;
    const struct pdf_style *style = &looks[cell->look ? cell->look : LOOK_CELL];
    if (c->is_right) return 1;
    for (size_t at = 0; lines < MAX_CELL_LINES && text_line(pdf_fonts_of(s->pdf), style, c->width - CELL_GAP, cell->text, &at, &line);)
        lines++;
    return lines ? lines : 1;
}

static void draw_cell(struct sheet *s, const struct column *c, const struct cell *cell) {
    const struct pdf_style *style = &looks[cell->look ? cell->look : LOOK_CELL];
    double y = s->y + CELL_PADDING + style->size - 0.6;
    pdf_leaf(s->pdf, TAG_TD);
    if (c->is_right) {
        pdf_text_right(s->pdf, style, s->left + c->x + c->width, y, cell->text);
    } else {
        Str line;
        size_t at = 0;
        for (int n = 0; n < MAX_CELL_LINES && text_line(pdf_fonts_of(s->pdf), style, c->width - CELL_GAP, cell->text, &at, &line); n++) {
            bool is_cut = n == MAX_CELL_LINES - 1 && at < cell->text.n;
            pdf_text(s->pdf, style, s->left + c->x, y, is_cut ? arena_printf(s->cx->arena, "%.*s…", STR_ARG(line)) : line);
            y += CELL_LEADING;
        }
    }
    pdf_leaf_end(s->pdf);
}

static void draw_row(struct sheet *s, const struct cell *cells, PdfColor line, double thickness) {
    size_t lines = 1;
    for (size_t i = 0; i < s->column_count; i++) {
        size_t n = cell_lines(s, &s->columns[i], &cells[i]);
        if (n > lines) lines = n;
    }
    double height = (double)lines * CELL_LEADING + 2 * CELL_PADDING;
    if (s->y + height > s->bottom) {
        sheet_new_page(s);
        draw_head(s, true);
    }
    pdf_open(s->pdf, TAG_TR);
    for (size_t i = 0; i < s->column_count; i++) draw_cell(s, &s->columns[i], &cells[i]);
    pdf_close(s->pdf);
    s->y += height;
    if (thickness <= 0) return;
    pdf_artifact(s->pdf);
    pdf_rule(s->pdf, line, thickness, s->left, s->y, s->right, s->y);
    pdf_artifact_end(s->pdf);
}

void table_row(struct sheet *s, const struct cell *cells) { draw_row(s, cells, LINE, 0.5); }

void table_sum(struct sheet *s, const struct cell *cells) {
    pdf_artifact(s->pdf);
    pdf_rule(s->pdf, INK, 0.8, s->left, s->y, s->right, s->y);
    pdf_artifact_end(s->pdf);
    draw_row(s, cells, LINE, 0);
}

void table_end(struct sheet *s) {
    pdf_close(s->pdf);
    s->columns = NULL;
    s->y += 10;
}

/* ---- footer ---- */

void sheet_furniture(void *self, struct pdf *pdf, int page, int pages) {
    const struct sheet *s = self;
    const struct pdf_style style = {FACE_REGULAR, 7.5, INK_FAINT};
    double y = s->bottom + 20;
    pdf_rule(pdf, LINE, 0.5, s->left, s->bottom + 8, s->right, s->bottom + 8);
    Str number = arena_printf(s->cx->arena, "%.*s %d %.*s %d", STR_ARG(sheet_word(s, WORD_PAGE)), page,
                              STR_ARG(sheet_word(s, WORD_OF)), pages);
    pdf_text_right(pdf, &style, s->right, y, number);
    size_t at = 0;
    Str line;
    if (text_line(pdf_fonts_of(pdf), &style, (s->right - s->left) * 0.8, s->footer, &at, &line))
        pdf_text(pdf, &style, s->left, y, line);
}
