/* The statement as people get it: head, sums and ageing per currency, open items, movements, how to pay. */
#include "document/sheet.h"
#include "document/statement_doc.h"

#define MARGIN (16 * MM)
#define LOGO_WIDTH (46 * MM)
#define LOGO_HEIGHT (17 * MM)
#define QR_SIDE (30 * MM)

static const PdfColor age_colors[AGE_BANDS] = {0x0A6670U, 0xE3B44FU, 0xD9822BU, 0xC2502DU, 0x8E1B14U};

struct work {
    struct sheet sheet;
    const struct statement_doc *doc;
    double width;
};

enum age_band age_band_of(int32_t days) {
    return days <= 0 ? AGE_NOT_DUE : days <= 30 ? AGE_30 : days <= 60 ? AGE_60 : days <= 90 ? AGE_90 : AGE_OLDER;
}

static Str word(struct work *w, enum word which) { return sheet_word(&w->sheet, which); }

/* A line of text in one element. */
static void put_line(struct work *w, enum pdf_tag tag, enum look look, double x, double width, Str text) {
    if (text.n) sheet_paragraph(&w->sheet, tag, look, x, width, text);
}

/* ---- head ---- */

static void put_creditor(struct work *w) {
    struct sheet *s = &w->sheet;
    const struct message_company *c = &w->doc->company;
    double top = s->y, x = s->left, width = w->width;
    const struct pdf_image *logo = w->doc->logo;
    if (logo) {
        double k = LOGO_WIDTH / logo->width;
        if (logo->height * k > LOGO_HEIGHT) k = LOGO_HEIGHT / logo->height;
        pdf_figure(s->pdf, c->name, s->left, top, logo->width * k, logo->height * k);
        pdf_picture(s->pdf, logo, s->left, top, logo->width * k, logo->height * k);
        pdf_leaf_end(s->pdf);
        x = s->left + w->width / 2;
        width = w->width / 2;
    }
    static const struct pdf_style name = {FACE_BOLD, 12, INK};
    Str line;
    size_t at = 0;
    if (logo) {
        put_line(w, TAG_P, LOOK_STRONG, x, width, c->name);
    } else {
        pdf_leaf(s->pdf, TAG_P);
        for (int n = 0; n < 2 && text_line(pdf_fonts_of(s->pdf), &name, width, c->name, &at, &line); n++) {
            pdf_text(s->pdf, &name, x, s->y + name.size, line);
            s->y += 16;
        }
        pdf_leaf_end(s->pdf);
    }
    if (c->tax_id.n)
        put_line(w, TAG_P, LOOK_SMALL, x, width,
                 arena_printf(s->cx->arena, "%.*s %.*s", STR_ARG(word(w, WORD_TAX_ID)), STR_ARG(c->tax_id)));
    put_line(w, TAG_P, LOOK_SMALL, x, width, c->address);
    if (logo && s->y < top + LOGO_HEIGHT) s->y = top + LOGO_HEIGHT;
    s->y += 14;
}

static void put_customer(struct work *w) {
    struct sheet *s = &w->sheet;
    const struct statement_doc *d = w->doc;
    put_line(w, TAG_H1, LOOK_TITLE, s->left, w->width, word(w, WORD_STATEMENT));
    Str at = arena_printf(s->cx->arena, "%.*s %.*s", STR_ARG(word(w, WORD_AS_OF)), STR_ARG(sheet_date(s, d->at)));
    put_line(w, TAG_P, LOOK_BODY, s->left, w->width, at);
    s->y += 10;
    put_line(w, TAG_P, LOOK_STRONG, s->left, w->width, d->name);
    Str ids = arena_printf(s->cx->arena, "%.*s %.*s%s%.*s%s%.*s", STR_ARG(word(w, WORD_CODE)), STR_ARG(d->code),
                           d->tax_id.n ? " · " : "", STR_ARG(d->tax_id.n ? word(w, WORD_TAX_ID) : S("")),
                           d->tax_id.n ? " " : "", STR_ARG(d->tax_id));
    put_line(w, TAG_P, LOOK_SMALL, s->left, w->width, ids);
    put_line(w, TAG_P, LOOK_SMALL, s->left, w->width, d->address);
    s->y += 12;
}

/* ---- sums ---- */

/* Where amounts go without decimals when they have none (Colombia), a column is either all with or all without. */
static void choose_decimals(struct work *w, Currency currency) {
    static const int64_t units[] = {1, 10, 100, 1000, 10000};
    const struct statement_doc *d = w->doc;
    int64_t unit = units[currency_exponent(currency)];
    bool any = false;
    for (size_t i = 0; i < d->item_count && !any; i++)
        any = currency_equal(d->items[i].open.currency, currency) &&
              (d->items[i].open.minor % unit || d->items[i].amount.minor % unit);
    for (size_t i = 0; i < d->spare_count && !any; i++)
        any = currency_equal(d->spares[i].amount.currency, currency) &&
              (d->spares[i].amount.minor % unit || d->spares[i].unapplied.minor % unit);
    for (size_t i = 0; i < d->move_count && !any && d->with_moves; i++)
        any = currency_equal(d->moves[i].amount.currency, currency) && d->moves[i].amount.minor % unit;
    w->sheet.with_decimals = any && unit > 1;
}

/* A figure with its name above, in one element. */
static void put_figure(struct work *w, double x, Str label, Str figure, PdfColor color) {
    struct sheet *s = &w->sheet;
    const struct pdf_style name = {FACE_REGULAR, 7.5, INK_SOFT}, value = {FACE_BOLD, 11.5, color};
    pdf_leaf(s->pdf, TAG_P);
    pdf_text(s->pdf, &name, x, s->y + 8, label);
    pdf_text(s->pdf, &value, x, s->y + 22, figure);
    pdf_leaf_end(s->pdf);
}

static void put_sums(struct work *w, const struct statement_sum *sum) {
    struct sheet *s = &w->sheet;
    double step = w->width / 4;
    const struct {
        enum word label;
        int64_t minor;
        PdfColor color;
    } figures[] = {{WORD_TO_PAY, sum->balance, INK},
                   {WORD_OVERDUE, sum->overdue, sum->overdue > 0 ? LATE : INK},
                   {WORD_UNAPPLIED, sum->unapplied, INK},
                   {WORD_NET, sum->balance - sum->unapplied, ACCENT}};
    sheet_room(s, 100);
    for (size_t i = 0; i < COUNT_OF(figures); i++)
        put_figure(w, s->left + step * (double)i, word(w, figures[i].label),
                   sheet_money(s, money_make(figures[i].minor, sum->currency)), figures[i].color);
    s->y += 32;
}

static Str age_label(struct work *w, enum age_band band) {
    static const char *const ranges[AGE_BANDS] = {"", "1–30", "31–60", "61–90", "> 90"};
    if (band == AGE_NOT_DUE) return word(w, WORD_NOT_DUE);
    return arena_printf(w->sheet.cx->arena, "%s %.*s", ranges[band], STR_ARG(word(w, WORD_DAYS)));
}

static void draw_age_bar(struct work *w, const struct statement_sum *sum) {
    struct sheet *s = &w->sheet;
    double x = s->left, total = 0;
    for (int i = 0; i < AGE_BANDS; i++) total += (double)sum->ages[i];
    pdf_artifact(s->pdf);
    for (int i = 0; i < AGE_BANDS; i++) {
        double width = w->width * (double)sum->ages[i] / total;
        if (sum->ages[i] > 0) pdf_fill(s->pdf, age_colors[i], x, s->y, width, 5);
        x += width;
    }
    pdf_artifact_end(s->pdf);
    s->y += 9;
}

/* The bar for the eye, the figures for everybody: a table of one row, its heads marked with the bar's colours. */
static void put_ageing(struct work *w, const struct statement_sum *sum) {
    struct sheet *s = &w->sheet;
    const struct pdf_style name = {FACE_REGULAR, 7.5, INK_SOFT};
    double step = w->width / AGE_BANDS;
    if (sum->balance <= 0) {
        s->y += 8;
        return;
    }
    draw_age_bar(w, sum);
    pdf_open(s->pdf, TAG_TABLE);
    pdf_open(s->pdf, TAG_TR);
    for (int i = 0; i < AGE_BANDS; i++) {
        double x = s->left + step * i;
        pdf_artifact(s->pdf);
        pdf_fill(s->pdf, age_colors[i], x, s->y + 2.2, 5, 5);
        pdf_artifact_end(s->pdf);
        pdf_leaf(s->pdf, TAG_TH);
        pdf_text(s->pdf, &name, x + 8, s->y + 7.5, age_label(w, (enum age_band)i));
        pdf_leaf_end(s->pdf);
    }
    pdf_close(s->pdf);
    pdf_open(s->pdf, TAG_TR);
    for (int i = 0; i < AGE_BANDS; i++) {
        pdf_leaf(s->pdf, TAG_TD);
        pdf_text(s->pdf, &looks[sum->ages[i] ? LOOK_CELL_STRONG : LOOK_CELL], s->left + step * i + 8, s->y + 19,
                 sheet_figure(s, money_make(sum->ages[i], sum->currency)));
        pdf_leaf_end(s->pdf);
    }
    pdf_close(s->pdf);
    pdf_close(s->pdf);
    s->y += 34;
}

/* ---- tables ---- */

static Str type_word(struct work *w, Str type) {
    static const struct {
        const char *kind;
        enum word word;
    } kinds[] = {{"invoice", WORD_INVOICE},
                 {"debit_note", WORD_DEBIT_NOTE},
                 {"credit_note", WORD_CREDIT_NOTE},
                 {"advance", WORD_ADVANCE},
                 {"payment", WORD_PAYMENT},
                 {"received", WORD_PAYMENT_RECEIVED},
                 {"returned", WORD_PAYMENT_RETURNED},
                 {"refunded", WORD_PAYMENT_REFUNDED},
                 {"allocation", WORD_PAYMENT_APPLIED},
                 {"credit", WORD_CREDIT_APPLIED},
                 {"interest", WORD_INTEREST},
                 {"write_off", WORD_WRITE_OFF},
                 {"settled_before", WORD_SETTLED_BEFORE},
                 {"snapshot", WORD_SNAPSHOT},
                 {"reversal", WORD_REVERSAL}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(type, kinds[i].kind)) return word(w, kinds[i].word);
    return type;
}

static Str item_name(struct work *w, const struct statement_item *i) {
    struct arena *arena = w->sheet.cx->arena;
    Str type = type_word(w, i->type);
    if (i->instalment_count < 2) return arena_printf(arena, "%.*s %.*s", STR_ARG(type), STR_ARG(i->number));
    return arena_printf(arena, "%.*s %.*s · %.*s %d/%d", STR_ARG(type), STR_ARG(i->number),
                        STR_ARG(word(w, WORD_INSTALMENT)), i->position, i->instalment_count);
}

/* "Documentos pendientes (COP)": the currency once, so that columns hold plain figures. */
static void put_table_heading(struct work *w, enum word what, Currency currency) {
    char code[4];
    sheet_heading(&w->sheet, arena_printf(w->sheet.cx->arena, "%.*s · %.*s %.*s", STR_ARG(word(w, what)),
                                          STR_ARG(word(w, WORD_AMOUNTS_IN)), STR_ARG(currency_code(currency, code))));
}

static void put_item_row(struct work *w, const struct statement_item *i, Money running) {
    struct sheet *s = &w->sheet;
    bool late = i->days_overdue > 0;
    Str days = late ? arena_printf(s->cx->arena, "%d", i->days_overdue) : S("–");
    struct cell cells[] = {{item_name(w, i), LOOK_CELL},
                           {sheet_date(s, i->issue_date), LOOK_CELL},
                           {sheet_date(s, i->due_date), LOOK_CELL},
                           {days, late ? LOOK_CELL_LATE : LOOK_CELL},
                           {sheet_figure(s, i->amount), LOOK_CELL},
                           {sheet_figure(s, i->open), LOOK_CELL_STRONG},
                           {sheet_figure(s, running), LOOK_CELL}};
    table_row(s, cells);
}

static void put_items(struct work *w, const struct statement_sum *sum) {
    struct sheet *s = &w->sheet;
    const struct statement_doc *d = w->doc;
    double end = w->width, figure = 24 * MM;
    const struct column columns[] = {
        {word(w, WORD_DOCUMENT), 0, end - 3 * figure - 57 * MM, false},
        {word(w, WORD_ISSUED), end - 3 * figure - 57 * MM, 22 * MM, false},
        {word(w, WORD_DUE), end - 3 * figure - 35 * MM, 22 * MM, false},
        {word(w, WORD_LATE), end - 3 * figure - 13 * MM, 13 * MM, true},
        {word(w, WORD_AMOUNT), end - 3 * figure, figure, true},
        {word(w, WORD_OPEN), end - 2 * figure, figure, true},
        {word(w, WORD_RUNNING), end - figure, figure, true},
    };
    Money running = money_zero(sum->currency);
    if (sum->balance == 0) return;
    put_table_heading(w, WORD_OPEN_ITEMS, sum->currency);
    table_begin(s, columns, COUNT_OF(columns));
    for (size_t i = 0; i < d->item_count; i++) {
        if (!currency_equal(d->items[i].open.currency, sum->currency)) continue;
        running = money_add(running, d->items[i].open);
        put_item_row(w, &d->items[i], running);
    }
    struct cell cells[COUNT_OF(columns)] = {{word(w, WORD_TOTAL), LOOK_CELL_STRONG}};
    cells[5] = (struct cell){sheet_figure(s, running), LOOK_CELL_STRONG};
    table_sum(s, cells);
    table_end(s);
}

static void put_spares(struct work *w, const struct statement_sum *sum) {
    struct sheet *s = &w->sheet;
    const struct statement_doc *d = w->doc;
    double end = w->width;
    const struct column columns[] = {{word(w, WORD_DATE), 0, 24 * MM, false},
                                     {word(w, WORD_MOVEMENT), 24 * MM, 40 * MM, false},
                                     {word(w, WORD_REFERENCE), 64 * MM, end - 116 * MM, false},
                                     {word(w, WORD_AMOUNT), end - 52 * MM, 26 * MM, true},
                                     {word(w, WORD_UNAPPLIED_PART), end - 26 * MM, 26 * MM, true}};
    if (sum->unapplied == 0 || d->spare_count == 0) return;
    put_table_heading(w, WORD_UNAPPLIED, sum->currency);
    table_begin(s, columns, COUNT_OF(columns));
    for (size_t i = 0; i < d->spare_count; i++) {
        const struct statement_spare *x = &d->spares[i];
        if (!currency_equal(x->amount.currency, sum->currency)) continue;
        const struct cell cells[] = {{sheet_date(s, x->date), LOOK_CELL},
                                     {type_word(w, x->kind), LOOK_CELL},
                                     {x->number, LOOK_CELL},
                                     {sheet_figure(s, x->amount), LOOK_CELL},
                                     {sheet_figure(s, x->unapplied), LOOK_CELL_STRONG}};
        table_row(s, cells);
    }
    table_end(s);
}

static void put_move_row(struct work *w, const struct statement_move *m) {
    struct sheet *s = &w->sheet;
    Str number = m->number;
    if (m->position > 1)
        number = arena_printf(s->cx->arena, "%.*s · %.*s %d", STR_ARG(number), STR_ARG(word(w, WORD_INSTALMENT)), m->position);
    Str what = type_word(w, m->kind);
    if (m->change.minor == 0) /* money that came or went: what it did to invoices stands in lines of its own */
        what = arena_printf(s->cx->arena, "%.*s (%.*s)", STR_ARG(what),
                            STR_ARG(sheet_figure(s, m->amount.minor < 0 ? money_negate(m->amount) : m->amount)));
    Str charge = m->change.minor > 0 ? sheet_figure(s, m->change) : S("");
    Str credit = m->change.minor < 0 ? sheet_figure(s, money_negate(m->change)) : S("");
    const struct cell cells[] = {{sheet_date(s, m->date), LOOK_CELL}, {what, LOOK_CELL},
                                 {number, LOOK_CELL},                 {m->reference, LOOK_CELL},
                                 {charge, LOOK_CELL},                 {credit, LOOK_CELL},
                                 {sheet_figure(s, m->balance), LOOK_CELL_STRONG}};
    table_row(s, cells);
}

static void put_moves(struct work *w, const struct statement_sum *sum) {
    struct sheet *s = &w->sheet;
    const struct statement_doc *d = w->doc;
    double end = w->width, figure = 23 * MM;
    const struct column columns[] = {{word(w, WORD_DATE), 0, 21 * MM, false},
                                     {word(w, WORD_MOVEMENT), 21 * MM, end - 3 * figure - 83 * MM, false},
                                     {word(w, WORD_DOCUMENT), end - 3 * figure - 62 * MM, 34 * MM, false},
                                     {word(w, WORD_REFERENCE), end - 3 * figure - 28 * MM, 28 * MM, false},
                                     {word(w, WORD_CHARGE), end - 3 * figure, figure, true},
                                     {word(w, WORD_CREDIT), end - 2 * figure, figure, true},
                                     {word(w, WORD_BALANCE), end - figure, figure, true}};
    put_table_heading(w, WORD_MOVEMENTS, sum->currency);
    table_begin(s, columns, COUNT_OF(columns));
    for (size_t i = 0; i < d->move_count; i++)
        if (currency_equal(d->moves[i].amount.currency, sum->currency)) put_move_row(w, &d->moves[i]);
    table_end(s);
}

/* ---- ways to pay ---- */

static void draw_qr(struct work *w, double x, double y) {
    struct sheet *s = &w->sheet;
    const struct statement_doc *d = w->doc;
    const struct qr *qr = d->qr;
    double module = QR_SIDE / qr->width;
    pdf_figure(s->pdf, word(w, WORD_SCAN_TO_PAY), x, y, QR_SIDE, QR_SIDE);
    for (int row = 0; row < qr->width; row++)
        for (int col = 0, end; col < qr->width; col = end) { /* neighbours in one area: no seams */
            bool dark = qr_dark(qr, col, row);
            for (end = col + 1; end < qr->width && qr_dark(qr, end, row) == dark;) end++;
            if (dark) pdf_fill(s->pdf, 0, x + col * module, y + row * module, (end - col) * module, module);
        }
    pdf_leaf_end(s->pdf);
    pdf_leaf(s->pdf, TAG_P);
    pdf_text(s->pdf, &looks[LOOK_SMALL], x, y + QR_SIDE + 15, word(w, WORD_SCAN_TO_PAY));
    if (d->qr_amount.minor)
        pdf_text(s->pdf, &looks[LOOK_SMALL], x, y + QR_SIDE + 26, sheet_money(s, d->qr_amount));
    pdf_leaf_end(s->pdf);
}

static void put_ways(struct work *w) {
    struct sheet *s = &w->sheet;
    const struct statement_doc *d = w->doc;
    double width = d->qr ? w->width - QR_SIDE - 8 * MM : w->width;
    double height = 30 + (double)d->way_count * 2 * look_leading(LOOK_BODY);
    if (d->way_count == 0 && !d->qr) return;
    if (d->qr && height < QR_SIDE + 36) height = QR_SIDE + 36;
    sheet_room(s, height < s->bottom - s->top ? height : 60);
    double top = s->y;
    sheet_heading(s, word(w, WORD_WAYS_TO_PAY));
    for (size_t i = 0; i < d->way_count; i++) {
        const struct statement_way *way = &d->ways[i];
        Str line = arena_printf(s->cx->arena, "%.*s%s%.*s%s%.*s%s", STR_ARG(way->label), way->label.n ? ": " : "",
                                STR_ARG(way->value), way->holder.n ? " (" : "", STR_ARG(way->holder),
                                way->holder.n ? ")" : "");
        put_line(w, TAG_P, LOOK_BODY, s->left, width, line);
        put_line(w, TAG_P, LOOK_SMALL, s->left, width, way->note);
    }
    if (d->qr) draw_qr(w, s->right - QR_SIDE, top);
    if (d->qr && s->y < top + QR_SIDE + 36) s->y = top + QR_SIDE + 36;
    s->y += 10;
}

static void put_contact(struct work *w) {
    struct sheet *s = &w->sheet;
    const struct message_company *c = &w->doc->company;
    const Str parts[] = {c->person_name, c->person_phone, c->person_email, c->person_hours};
    struct buf line = buf_make(4096);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i].n == 0) continue;
        if (line.n) buf_add(&line, S(" · "));
        buf_add(&line, parts[i]);
    }
    if (line.n) {
        sheet_room(s, 44);
        sheet_heading(s, word(w, WORD_QUESTIONS));
        put_line(w, TAG_P, LOOK_BODY, s->left, w->width, buf_str(&line));
    }
    buf_done(&line);
}

/* ---- the whole ---- */

static void put_all(struct work *w) {
    const struct statement_doc *d = w->doc;
    put_creditor(w);
    put_customer(w);
    for (size_t i = 0; i < d->sum_count; i++) {
        choose_decimals(w, d->sums[i].currency);
        put_sums(w, &d->sums[i]);
        put_ageing(w, &d->sums[i]);
    }
    if (d->item_count == 0) {
        put_line(w, TAG_P, LOOK_BODY, w->sheet.left, w->width, word(w, WORD_NOTHING_OPEN));
        w->sheet.y += 10;
    }
    for (size_t i = 0; i < d->sum_count; i++) {
        choose_decimals(w, d->sums[i].currency);
        put_items(w, &d->sums[i]);
        put_spares(w, &d->sums[i]);
        if (d->with_moves) put_moves(w, &d->sums[i]);
    }
    put_ways(w);
    put_contact(w);
}

enum rc statement_pdf(struct ctx *cx, const struct statement_doc *d, struct buf *out) {
    const struct pdf_fonts *fonts;
    const struct locale *locale;
    TRY(pdf_fonts_find(cx, &fonts));
    TRY(locale_find(cx, d->language, d->company.country, &locale));
    struct paper paper = paper_of(d->company.country);
    char date[DATE_TEXT];
    const struct pdf_info info = {
        .title = arena_printf(cx->arena, "%.*s %.*s, %.*s", STR_ARG(word_in(d->language, WORD_STATEMENT)),
                              STR_ARG(d->code), STR_ARG(date_iso(d->at, date))),
        .author = d->company.name,
        .language = d->language,
        .created = {(int64_t)d->at.day * MS_PER_DAY},
        .width = paper.width,
        .height = paper.height};
    AUTO(pdf_free) struct pdf *pdf = pdf_new(cx, fonts, &info);
    struct work w = {.doc = d, .width = paper.width - 2 * MARGIN};
    w.sheet = (struct sheet){.cx = cx,
                             .pdf = pdf,
                             .locale = locale,
                             .language = d->language,
                             .left = MARGIN,
                             .right = paper.width - MARGIN,
                             .top = MARGIN,
                             .bottom = paper.height - 20 * MM,
                             .footer = arena_printf(cx->arena, "%.*s · %.*s · %.*s", STR_ARG(d->company.name),
                                                    STR_ARG(d->code), STR_ARG(date_iso(d->at, date)))};
    sheet_new_page(&w.sheet);
    put_all(&w);
    return pdf_finish(pdf, sheet_furniture, &w.sheet, out);
}
