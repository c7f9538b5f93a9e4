/* The statement as a workbook (libxlsxwriter): four sheets, numbers as numbers.
 *
 * Texts are written as strings, never as formulas, whatever they begin with; the file carries no time of making. */
#include <string.h>

#include <xlsxwriter.h>

#include "document/statement_doc.h"
#include "document/words.h"

struct book {
    struct ctx *cx;
    const struct statement_doc *doc;
    lxw_workbook *file;
    lxw_worksheet *sheet;
    lxw_format *head, *date, *amounts[5]; /* by decimals */
    lxw_row_t row;
    lxw_error error; /* the first */
};

static void note(struct book *b, lxw_error error) {
    if (b->error == LXW_NO_ERROR) b->error = error;
}

/* Excel's cells hold 32,767 characters. */
static void put_text(struct book *b, lxw_col_t col, Str text) {
    if (text.n > 32000) text.n = 32000;
    note(b, worksheet_write_string(b->sheet, b->row, col, arena_cstr(b->cx->arena, text), NULL));
}

static void put_date(struct book *b, lxw_col_t col, Date d) {
    int year, month, day;
    date_civil(d, &year, &month, &day);
    lxw_datetime when = {.year = year, .month = month, .day = day};
    note(b, worksheet_write_datetime(b->sheet, b->row, col, &when, b->date));
}

/* Fifteen digits fit a cell exactly; the division is the nearest number there is, shown with the currency's decimals. */
static void put_money(struct book *b, lxw_col_t col, Money m) {
    static const double tens[] = {1, 10, 100, 1000, 10000};
    int decimals = currency_exponent(m.currency);
    note(b, worksheet_write_number(b->sheet, b->row, col, (double)m.minor / tens[decimals], b->amounts[decimals]));
}

static void put_number(struct book *b, lxw_col_t col, int64_t n) {
    note(b, worksheet_write_number(b->sheet, b->row, col, (double)n, NULL));
}

static void put_currency(struct book *b, lxw_col_t col, Currency c) {
    char code[4];
    put_text(b, col, currency_code(c, code));
}

static void begin(struct book *b, enum word title, const enum word *heads, size_t count) {
    char name[40];
    Str text = word_in(b->doc->language, title);
    if (text.n > 31) text.n = 31;
    memcpy(name, text.p, text.n);
    name[text.n] = '\0';
    b->sheet = workbook_add_worksheet(b->file, name);
    b->row = 0;
    for (size_t i = 0; i < count; i++) {
        Str head = word_in(b->doc->language, heads[i]);
        note(b, worksheet_write_string(b->sheet, 0, (lxw_col_t)i, arena_cstr(b->cx->arena, head), b->head));
    }
    worksheet_set_column(b->sheet, 0, (lxw_col_t)(count - 1), 16, NULL);
    worksheet_freeze_panes(b->sheet, 1, 0);
    b->row = 1;
}

static void put_sums(struct book *b) {
    static const enum word heads[] = {WORD_CURRENCY, WORD_TO_PAY, WORD_OVERDUE, WORD_UNAPPLIED, WORD_NET,
                                      WORD_CUSTOMER, WORD_CODE,   WORD_DATE};
    begin(b, WORD_STATEMENT, heads, COUNT_OF(heads));
    for (size_t i = 0; i < b->doc->sum_count; i++, b->row++) {
        const struct statement_sum *s = &b->doc->sums[i];
        put_currency(b, 0, s->currency);
        put_money(b, 1, money_make(s->balance, s->currency));
        put_money(b, 2, money_make(s->overdue, s->currency));
        put_money(b, 3, money_make(s->unapplied, s->currency));
        put_money(b, 4, money_make(s->balance - s->unapplied, s->currency));
        put_text(b, 5, b->doc->name);
        put_text(b, 6, b->doc->code);
        put_date(b, 7, b->doc->at);
    }
}

static void put_items(struct book *b) {
    static const enum word heads[] = {WORD_DOCUMENT,  WORD_MOVEMENT, WORD_INSTALMENT, WORD_ISSUED, WORD_DUE,
                                      WORD_DAYS_LATE, WORD_CURRENCY, WORD_AMOUNT,     WORD_OPEN};
    begin(b, WORD_OPEN_ITEMS, heads, COUNT_OF(heads));
    for (size_t i = 0; i < b->doc->item_count; i++, b->row++) {
        const struct statement_item *x = &b->doc->items[i];
        put_text(b, 0, x->number);
        put_text(b, 1, x->type);
        put_number(b, 2, x->position);
        put_date(b, 3, x->issue_date);
        put_date(b, 4, x->due_date);
        put_number(b, 5, x->days_overdue);
        put_currency(b, 6, x->open.currency);
        put_money(b, 7, x->amount);
        put_money(b, 8, x->open);
    }
}

static void put_moves(struct book *b) {
    static const enum word heads[] = {WORD_DATE,      WORD_MOVEMENT, WORD_DOCUMENT, WORD_INSTALMENT,
                                      WORD_REFERENCE, WORD_CURRENCY, WORD_AMOUNT,   WORD_CHARGE,
                                      WORD_CREDIT,    WORD_BALANCE};
    begin(b, WORD_MOVEMENTS, heads, COUNT_OF(heads));
    for (size_t i = 0; i < b->doc->move_count; i++, b->row++) {
        const struct statement_move *m = &b->doc->moves[i];
        put_date(b, 0, m->date);
        put_text(b, 1, m->kind);
        put_text(b, 2, m->number);
        put_number(b, 3, m->position);
        put_text(b, 4, m->reference);
        put_currency(b, 5, m->amount.currency);
        put_money(b, 6, m->amount);
        if (m->change.minor > 0) put_money(b, 7, m->change);
        if (m->change.minor < 0) put_money(b, 8, money_negate(m->change));
        put_money(b, 9, m->balance);
    }
}

static void put_spares(struct book *b) {
    static const enum word heads[] = {WORD_DATE,     WORD_MOVEMENT, WORD_REFERENCE,
                                      WORD_CURRENCY, WORD_AMOUNT,   WORD_UNAPPLIED_PART};
    begin(b, WORD_UNAPPLIED, heads, COUNT_OF(heads));
    for (size_t i = 0; i < b->doc->spare_count; i++, b->row++) {
        const struct statement_spare *x = &b->doc->spares[i];
        put_date(b, 0, x->date);
        put_text(b, 1, x->kind);
        put_text(b, 2, x->number);
        put_currency(b, 3, x->amount.currency);
        put_money(b, 4, x->amount);
        put_money(b, 5, x->unapplied);
    }
}

static void add_formats(struct book *b) {
    static const char *const shapes[] = {"#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"};
    b->head = workbook_add_format(b->file);
    format_set_bold(b->head);
    b->date = workbook_add_format(b->file);
    format_set_num_format(b->date, "yyyy-mm-dd");
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        b->amounts[i] = workbook_add_format(b->file);
        format_set_num_format(b->amounts[i], shapes[i]);
    }
}

enum rc statement_xlsx(struct ctx *cx, const struct statement_doc *doc, const char *path) {
    struct book b = {.cx = cx, .doc = doc, .file = workbook_new(path)};
    if (!b.file) return fail(cx, INTERNAL, "could not write %s", path);
    /* Seconds since 1970 of the statement's day; libxlsxwriter would take the clock's otherwise. */
    lxw_doc_properties properties = {.title = arena_cstr(cx->arena, word_in(doc->language, WORD_STATEMENT)),
                                     .created = (time_t)doc->at.day * 86400 + 1};
    workbook_set_properties(b.file, &properties);
    add_formats(&b);
    put_sums(&b);
    put_items(&b);
    put_moves(&b);
    put_spares(&b);
    lxw_error closing = workbook_close(b.file);
    note(&b, closing);
    if (b.error != LXW_NO_ERROR) return fail(cx, INTERNAL, "could not write %s: %s", path, lxw_strerror(b.error));
    return OK;
}
