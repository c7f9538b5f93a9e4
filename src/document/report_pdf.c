/* Setting a report. */
#include "document/report_doc.h"

#include "document/sheet.h"

#define MARGIN (18 * MM)
#define MAX_COLUMNS 10

static void put_head(struct sheet *s, const struct report_doc *d) {
    double width = s->right - s->left, top = s->y;
    if (d->logo) {
        double k = 40 * MM / d->logo->width;
        if (d->logo->height * k > 14 * MM) k = 14 * MM / d->logo->height;
        pdf_figure(s->pdf, d->company->name, s->left, top, d->logo->width * k, d->logo->height * k);
        pdf_picture(s->pdf, d->logo, s->left, top, d->logo->width * k, d->logo->height * k);
        pdf_leaf_end(s->pdf);
        s->y = top + 17 * MM;
    }
    sheet_paragraph(s, TAG_P, LOOK_STRONG, s->left, width, d->company->name);
    if (d->company->tax_id.n)
        sheet_paragraph(s, TAG_P, LOOK_SMALL, s->left, width,
                        arena_printf(s->cx->arena, "%.*s %.*s", STR_ARG(sheet_word(s, WORD_TAX_ID)), STR_ARG(d->company->tax_id)));
    if (d->company->address.n) sheet_paragraph(s, TAG_P, LOOK_SMALL, s->left, width, d->company->address);
    s->y += 16;
    sheet_paragraph(s, TAG_H1, LOOK_TITLE, s->left, width, d->title);
    if (d->subtitle.n) sheet_paragraph(s, TAG_P, LOOK_BODY, s->left, width, d->subtitle);
    s->y += 10;
}

/* Label and value on a line, as a table without lines: readers hear them in pairs. */
static void put_facts(struct sheet *s, const struct report_doc *d) {
    double label = 46 * MM, width = s->right - s->left - label;
    for (size_t i = 0; i < d->fact_count; i++) {
        const struct report_fact *f = &d->facts[i];
        if (f->value.n == 0) continue;
        sheet_room(s, 2 * look_leading(LOOK_BODY));
        double y = s->y;
        sheet_paragraph(s, TAG_P, LOOK_SMALL, s->left, label - 6, f->label);
        s->y = y;
        sheet_paragraph(s, TAG_P, LOOK_BODY, s->left + label, width, f->value);
        s->y += 2;
    }
    if (d->fact_count) s->y += 8;
}

static void put_texts(struct sheet *s, const Str *texts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sheet_paragraph(s, TAG_P, LOOK_BODY, s->left, s->right - s->left, texts[i]);
        s->y += 6;
    }
    if (count) s->y += 4;
}

static void put_table(struct sheet *s, const struct report_table *t) {
    struct column columns[MAX_COLUMNS];
    struct cell cells[MAX_COLUMNS];
    double width = s->right - s->left, x = 0;
    MUST(t->column_count <= MAX_COLUMNS);
    if (t->row_count == 0 && t->empty.n == 0) return;
    sheet_heading(s, t->title);
    if (t->row_count == 0) {
        sheet_paragraph(s, TAG_P, LOOK_BODY, s->left, width, t->empty);
        s->y += 10;
        return;
    }
    for (size_t i = 0; i < t->column_count; i++) {
        const struct report_column *c = &t->columns[i];
        columns[i] = (struct column){c->head, x, c->share * width, c->is_right};
        x += c->share * width;
    }
    table_begin(s, columns, t->column_count);
    for (size_t row = 0; row < t->row_count; row++) {
        for (size_t i = 0; i < t->column_count; i++) cells[i] = (struct cell){t->cells[row * t->column_count + i], LOOK_CELL};
        table_row(s, cells);
    }
    table_end(s);
}

static void put_signatures(struct sheet *s, const struct report_doc *d) {
    double width = (s->right - s->left) / 2 - 10;
    for (size_t i = 0; i < d->signature_count; i += 2) {
        sheet_room(s, 70);
        double y = s->y + 44;
        for (size_t k = i; k < d->signature_count && k < i + 2; k++) {
            double x = s->left + (double)(k - i) * (width + 20);
            pdf_artifact(s->pdf);
            pdf_rule(s->pdf, INK_SOFT, 0.6, x, y, x + width, y);
            pdf_artifact_end(s->pdf);
            s->y = y + 3;
            sheet_paragraph(s, TAG_P, LOOK_SMALL, x, width, d->signatures[k]);
        }
        s->y = y + 26;
    }
}

enum rc report_pdf(struct ctx *cx, const struct report_doc *d, struct buf *out) {
    const struct pdf_fonts *fonts;
    const struct locale *locale;
    TRY(pdf_fonts_find(cx, &fonts));
    TRY(locale_find(cx, d->language, d->company->country, &locale));
    struct paper paper = paper_of(d->company->country);
    const struct pdf_info info = {.title = d->title,
                                  .author = d->company->name,
                                  .language = d->language,
                                  .created = {(int64_t)d->at.day * MS_PER_DAY},
                                  .width = paper.width,
                                  .height = paper.height};
    AUTO(pdf_free) struct pdf *pdf = pdf_new(cx, fonts, &info);
    struct sheet s = {.cx = cx,
                      .pdf = pdf,
                      .locale = locale,
                      .language = d->language,
                      .left = MARGIN,
                      .right = paper.width - MARGIN,
                      .top = MARGIN,
                      .bottom = paper.height - 20 * MM,
                      .footer = d->footer};
    sheet_new_page(&s);
    put_head(&s, d);
    put_facts(&s, d);
    put_texts(&s, d->paragraphs, d->paragraph_count);
    for (size_t i = 0; i < d->table_count; i++) put_table(&s, &d->tables[i]);
    put_texts(&s, d->closing, d->closing_count);
    put_signatures(&s, d);
    return pdf_finish(pdf, sheet_furniture, &s, out);
}
