/* Setting a letter. */
#include "document/letter_doc.h"

#include "document/sheet.h"

#define ADDRESS_LINES 6
#define QR_SIDE (28 * MM)

/* Millimetres from the top left corner. */
struct layout {
    double return_line, address, subject; /* baselines of the first line */
    double left, right_margin;
    double folds[2], hole; /* marks at the left edge; 0: none */
};
/* DIN 5008:2020 form B: address zone from 62.7 mm, folds at 105 and 210. */
static const struct layout din = {50, 66, 107, 25, 20, {105, 210}, 148.5};
/* Letter folded in three (93.1 mm) for a number 10 window. */
static const struct layout latin_american = {46, 54, 100, 22, 22, {93.1, 186.3}, 0};

struct setting {
    struct sheet sheet;
    const struct letter_doc *doc;
    const struct layout *layout;
    double width;
};

static void draw_marks(struct setting *w) {
    const double at[] = {w->layout->folds[0], w->layout->folds[1], w->layout->hole};
    pdf_artifact(w->sheet.pdf);
    for (size_t i = 0; i < COUNT_OF(at); i++)
        if (at[i] > 0) pdf_rule(w->sheet.pdf, INK_FAINT, 0.4, 4 * MM, at[i] * MM, (i == 2 ? 9 : 7) * MM, at[i] * MM);
    pdf_artifact_end(w->sheet.pdf);
}

static void put_letterhead(struct setting *w) {
    struct sheet *s = &w->sheet;
    const struct statement_doc *d = w->doc->statement;
    const struct pdf_image *logo = d->logo;
    s->y = 14 * MM;
    if (logo) {
        double k = 46 * MM / logo->width;
        if (logo->height * k > 15 * MM) k = 15 * MM / logo->height;
        pdf_figure(s->pdf, d->company.name, s->left, s->y, logo->width * k, logo->height * k);
        pdf_picture(s->pdf, logo, s->left, s->y, logo->width * k, logo->height * k);
        pdf_leaf_end(s->pdf);
    }
    double x = logo ? s->left + w->width / 2 : s->left, width = logo ? w->width / 2 : w->width;
    sheet_paragraph(s, TAG_P, LOOK_STRONG, x, width, d->company.name);
    if (d->company.tax_id.n)
        sheet_paragraph(s, TAG_P, LOOK_SMALL, x, width,
                        arena_printf(s->cx->arena, "%.*s %.*s", STR_ARG(sheet_word(s, WORD_TAX_ID)), STR_ARG(d->company.tax_id)));
}

/* One line of what an address has on several. */
static Str in_one_line(struct ctx *cx, Str text) {
    struct buf b = buf_make(4096);
    for (Str rest = text; rest.p;) {
        Str line = str_trim(str_cut(&rest, '\n'));
        if (line.n && b.n) buf_add(&b, S(" · "));
        buf_add(&b, line);
    }
    Str line = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return line;
}

/* The sender above the address, small, as the window shows it; then the address. A long line is cut, not wrapped: what
 * stands below the window's edge is not seen. */
static void put_address(struct setting *w) {
    struct sheet *s = &w->sheet;
    const struct statement_doc *d = w->doc->statement;
    static const struct pdf_style sender = {FACE_REGULAR, 6.5, INK_SOFT}, line_style = {FACE_REGULAR, 10.5, INK};
    Str from = in_one_line(s->cx, arena_printf(s->cx->arena, "%.*s\n%.*s", STR_ARG(d->company.name), STR_ARG(d->company.address)));
    Str line;
    size_t at = 0;
    double x = w->layout->left * MM, width = 82 * MM;
    pdf_leaf(s->pdf, TAG_P);
    for (int n = 0; n < 2 && text_line(pdf_fonts_of(s->pdf), &sender, width, from, &at, &line); n++)
        pdf_text(s->pdf, &sender, x, (w->layout->return_line + 2.8 * n) * MM, line);
    pdf_leaf_end(s->pdf);
    pdf_leaf(s->pdf, TAG_P);
    for (size_t i = 0, n = 0; i < w->doc->address_count && n < ADDRESS_LINES; i++)
        for (at = 0; n < ADDRESS_LINES && text_line(pdf_fonts_of(s->pdf), &line_style, width, w->doc->address[i], &at, &line); n++)
            pdf_text(s->pdf, &line_style, x, (w->layout->address + 4.6 * (double)n) * MM, line);
    pdf_leaf_end(s->pdf);
}

static void put_text(struct setting *w) {
    struct sheet *s = &w->sheet;
    struct buf date = buf_make(200);
    locale_date_long(s->locale, w->doc->statement->at, &date);
    s->y = (w->layout->subject - 10) * MM;
    Str day = arena_str(s->cx->arena, buf_str(&date));
    buf_done(&date);
    pdf_leaf(s->pdf, TAG_P);
    pdf_text_right(s->pdf, &looks[LOOK_BODY], s->right, s->y, day);
    pdf_leaf_end(s->pdf);
    s->y = w->layout->subject * MM;
    sheet_paragraph(s, TAG_H1, LOOK_HEADING, s->left, w->width, w->doc->subject);
    s->y += 10;
    for (size_t i = 0; i < w->doc->paragraph_count; i++) {
        sheet_paragraph(s, TAG_P, LOOK_BODY, s->left, w->width, w->doc->paragraphs[i]);
        s->y += 6;
    }
    s->y += 4;
}

static void put_total(struct setting *w, enum word word, int64_t minor, Currency currency) {
    struct sheet *s = &w->sheet;
    const struct cell cells[] = {{sheet_word(s, word), LOOK_CELL_STRONG},
                                 {S(""), LOOK_CELL},
                                 {S(""), LOOK_CELL},
                                 {sheet_money(s, money_make(minor, currency)), LOOK_CELL_STRONG}};
    table_sum(s, cells);
}

/* What is overdue is told apart from what is not yet due, and what we owe from both. */
static void put_totals(struct setting *w, const struct statement_sum *sum) {
    bool parts = sum->overdue > 0 && sum->overdue != sum->balance;
    if (parts) put_total(w, WORD_OVERDUE, sum->overdue, sum->currency);
    put_total(w, parts ? WORD_TO_PAY : WORD_TOTAL, sum->balance, sum->currency);
    if (sum->unapplied > 0) put_total(w, WORD_UNAPPLIED, sum->unapplied, sum->currency);
}

static void put_items(struct setting *w, const struct statement_sum *sum) {
    struct sheet *s = &w->sheet;
    const struct statement_doc *d = w->doc->statement;
    const struct column columns[] = {{sheet_word(s, WORD_DOCUMENT), 0, w->width * 0.4, false},
                                     {sheet_word(s, WORD_DUE), w->width * 0.4, w->width * 0.2, false},
                                     {sheet_word(s, WORD_DAYS_LATE), w->width * 0.58, w->width * 0.17, true},
                                     {sheet_word(s, WORD_OPEN), w->width * 0.75, w->width * 0.25, true}};
    if (sum->balance == 0) return;
    table_begin(s, columns, COUNT_OF(columns));
    for (size_t i = 0; i < d->item_count; i++) {
        const struct statement_item *x = &d->items[i];
        if (!currency_equal(x->open.currency, sum->currency)) continue;
        Str name = x->number;
        if (x->instalment_count > 1)
            name = arena_printf(s->cx->arena, "%.*s · %.*s %d/%d", STR_ARG(x->number), STR_ARG(sheet_word(s, WORD_INSTALMENT)),
                                x->position, x->instalment_count);
        const struct cell cells[] = {{name, LOOK_CELL},
                                     {sheet_date(s, x->due_date), LOOK_CELL},
                                     {x->days_overdue ? arena_printf(s->cx->arena, "%d", x->days_overdue) : S("–"), LOOK_CELL},
                                     {sheet_money(s, x->open), LOOK_CELL_STRONG}};
        table_row(s, cells);
    }
    put_totals(w, sum);
    table_end(s);
}

static void draw_qr(struct setting *w, double x, double y) {
    struct sheet *s = &w->sheet;
    const struct qr *qr = w->doc->statement->qr;
    double module = QR_SIDE / qr->width;
    pdf_figure(s->pdf, sheet_word(s, WORD_SCAN_TO_PAY), x, y, QR_SIDE, QR_SIDE);
    for (int row = 0; row < qr->width; row++)
        for (int col = 0, end; col < qr->width; col = end) {
            bool dark = qr_dark(qr, col, row);
            for (end = col + 1; end < qr->width && qr_dark(qr, end, row) == dark;) end++;
            if (dark) pdf_fill(s->pdf, 0, x + col * module, y + row * module, (end - col) * module, module);
        }
    pdf_leaf_end(s->pdf);
}

static void put_ways(struct setting *w) {
    struct sheet *s = &w->sheet;
    const struct statement_doc *d = w->doc->statement;
    double width = d->qr ? w->width - QR_SIDE - 8 * MM : w->width;
    if (d->way_count == 0) return;
    sheet_room(s, d->qr ? QR_SIDE + 30 : 50);
    double top = s->y;
    sheet_heading(s, sheet_word(s, WORD_WAYS_TO_PAY));
    for (size_t i = 0; i < d->way_count; i++) {
        const struct statement_way *way = &d->ways[i];
        sheet_paragraph(s, TAG_P, LOOK_BODY, s->left, width,
                        arena_printf(s->cx->arena, "%.*s%s%.*s", STR_ARG(way->label), way->label.n ? ": " : "", STR_ARG(way->value)));
        if (way->note.n) sheet_paragraph(s, TAG_P, LOOK_SMALL, s->left, width, way->note);
    }
    sheet_paragraph(s, TAG_P, LOOK_BODY, s->left, width,
                    arena_printf(s->cx->arena, "%.*s: %.*s", STR_ARG(sheet_word(s, WORD_REFERENCE)), STR_ARG(d->code)));
    if (d->qr) draw_qr(w, s->right - QR_SIDE, top);
    if (d->qr && s->y < top + QR_SIDE + 14) s->y = top + QR_SIDE + 14;
    s->y += 10;
}

static void put_signature(struct setting *w) {
    struct sheet *s = &w->sheet;
    const struct message_company *c = &w->doc->statement->company;
    const Str lines[] = {c->person_phone, c->person_email, c->person_hours};
    sheet_room(s, 80);
    s->y += 18;
    sheet_paragraph(s, TAG_P, LOOK_STRONG, s->left, w->width, c->person_name.n ? c->person_name : c->name);
    if (c->person_name.n) sheet_paragraph(s, TAG_P, LOOK_BODY, s->left, w->width, c->name);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        if (lines[i].n) sheet_paragraph(s, TAG_P, LOOK_SMALL, s->left, w->width, lines[i]);
}

enum rc letter_pdf(struct ctx *cx, const struct letter_doc *doc, struct buf *out) {
    const struct statement_doc *d = doc->statement;
    const struct pdf_fonts *fonts;
    const struct locale *locale;
    TRY(pdf_fonts_find(cx, &fonts));
    TRY(locale_find(cx, d->language, d->company.country, &locale));
    struct paper paper = paper_of(d->company.country);
    const struct layout *layout = paper.width < 600 ? &din : &latin_american;
    const struct pdf_info info = {.title = doc->subject,
                                  .author = d->company.name,
                                  .language = d->language,
                                  .created = {(int64_t)d->at.day * MS_PER_DAY},
                                  .width = paper.width,
                                  .height = paper.height};
    AUTO(pdf_free) struct pdf *pdf = pdf_new(cx, fonts, &info);
    struct setting w = {.doc = doc, .layout = layout};
    w.sheet = (struct sheet){.cx = cx,
                             .pdf = pdf,
                             .locale = locale,
                             .language = d->language,
                             .left = layout->left * MM,
                             .right = paper.width - layout->right_margin * MM,
                             .top = 22 * MM,
                             .bottom = paper.height - 22 * MM,
                             .footer = arena_printf(cx->arena, "%.*s · %.*s", STR_ARG(d->company.name), STR_ARG(d->code))};
    w.width = w.sheet.right - w.sheet.left;
    sheet_new_page(&w.sheet);
    draw_marks(&w);
    put_letterhead(&w);
    put_address(&w);
    put_text(&w);
    for (size_t i = 0; i < d->sum_count; i++) put_items(&w, &d->sums[i]);
    put_ways(&w);
    put_signature(&w);
    return pdf_finish(pdf, sheet_furniture, &w.sheet, out);
}
