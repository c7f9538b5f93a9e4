/* The movements as lines. */
#include "document/statement_doc.h"

static void add_money(struct buf *csv, Money m, char end) {
    char text[MONEY_TEXT];
    buf_add(csv, money_text(m, text));
    buf_add_char(csv, end);
}

void statement_csv(const struct statement_doc *d, struct buf *csv) {
    buf_add(csv, S("\xef\xbb\xbf" /* spreadsheets take it for Latin-1 otherwise */
                   "date,currency,kind,number,instalment,reference,amount,change,balance\n"));
    for (size_t i = 0; i < d->move_count; i++) {
        const struct statement_move *m = &d->moves[i];
        char date[DATE_TEXT], code[4];
        buf_printf(csv, "%.*s,%.*s,", STR_ARG(date_iso(m->date, date)), STR_ARG(currency_code(m->amount.currency, code)));
        buf_add_csv(csv, m->kind);
        buf_add_char(csv, ',');
        buf_add_csv(csv, m->number);
        buf_printf(csv, ",%d,", m->position);
        buf_add_csv(csv, m->reference);
        buf_add_char(csv, ',');
        add_money(csv, m->amount, ',');
        add_money(csv, m->change, ',');
        add_money(csv, m->balance, '\n');
    }
}
