/* Rows of figures. One list of columns serves both forms. */
#include "action/figure_rows.h"

#include <stdio.h>
#include <string.h>

#include "base/wide.h"

#define CSV_MAX ((size_t)1024 * 1024)

enum sort { DAY, MONEY, COUNT };
struct cell {
    const char *name;
    enum sort sort;
    bool is_known;
    int64_t value; /* minor units, or a day */
};
#define CELLS_MAX 40
struct cells {
    struct cell items[CELLS_MAX];
    size_t count;
};

static void add(struct cells *c, const char *name, enum sort sort, bool is_known, int64_t value) {
    MUST(c->count < CELLS_MAX);
    c->items[c->count++] = (struct cell){name, sort, is_known, value};
}

static int64_t open_of(const struct figure_slot *slot) {
    int64_t sum = 0;
    for (int i = 0; i < FIGURE_BUCKETS; i++) sum += slot->open[i];
    return sum;
}

static int64_t overdue_of(const struct figure_slot *slot) { return open_of(slot) - slot->open[FIGURE_NOT_DUE]; }

static void add_open(struct cells *c, const struct figure_slot *slot) {
    static const char *const buckets[FIGURE_BUCKETS] = {"not_due", "days_30", "days_60", "days_90", "older"};
    bool known = !date_is_none(slot->measured);
    add(c, "measured_on", DAY, known, slot->measured.day);
    for (int i = 0; i < FIGURE_BUCKETS; i++) add(c, buckets[i], MONEY, known, slot->open[i]);
    add(c, "open", MONEY, known, open_of(slot));
    add(c, "overdue", MONEY, known, overdue_of(slot));
    add(c, "items_open", COUNT, known, slot->items);
    add(c, "customers", COUNT, known, slot->customers);
    add(c, "customers_overdue", COUNT, known, slot->customers_overdue);
}

static void add_done(struct cells *c, const struct figure_done *d, bool known) {
    static const char *const channels[FIGURE_CHANNELS] = {"email", "sms", "whatsapp", "letter", "other"};
    int64_t messages = 0;
    for (int i = 0; i < FIGURE_CHANNELS; i++) messages += d->messages[i];
    add(c, "collected", MONEY, known, d->collected.amount);
    add(c, "payments", COUNT, known, d->collected.count);
    add(c, "messages", COUNT, known, messages);
    for (int i = 0; i < FIGURE_CHANNELS; i++) add(c, channels[i], COUNT, known, d->messages[i]);
    add(c, "calls", COUNT, known, d->calls);
    add(c, "tasks", COUNT, known, d->tasks);
    add(c, "promises_made", COUNT, known, d->made.count);
    add(c, "promised", MONEY, known, d->made.amount);
    add(c, "promises_kept", COUNT, known, d->kept.count);
    add(c, "promises_partly", COUNT, known, d->partly.count);
    add(c, "promises_broken", COUNT, known, d->broken.count);
    add(c, "disputes_opened", COUNT, known, d->opened);
    add(c, "disputes_closed", COUNT, known, d->closed);
}

/* ---- as JSON ---- */

static void put_cells(struct json_writer *w, const struct cells *c, Currency currency) {
    for (size_t i = 0; i < c->count; i++) {
        const struct cell *cell = &c->items[i];
        if (!cell->is_known)
            json_put_null(w, cell->name);
        else if (cell->sort == DAY)
            put_date(w, cell->name, (Date){(int32_t)cell->value});
        else if (cell->sort == MONEY)
            put_money(w, cell->name, cell->value, currency);
        else
            json_put_i64(w, cell->name, cell->value);
    }
}

void put_slot(struct json_writer *w, const struct figure_slot *slot, Currency currency) {
    struct cells c = {0};
    add_open(&c, slot);
    add_done(&c, &slot->done, slot->is_known);
    json_object(w);
    put_date(w, "date", slot->first);
    put_date(w, "last", slot->last);
    json_put_bool(w, "partial", slot->is_partial);
    put_currency(w, "currency", currency);
    put_cells(w, &c, currency);
    json_object_end(w);
}

static void put_fraction(struct json_writer *w, const char *key, int64_t part, int64_t whole) {
    int64_t thousandths = whole > 0 ? (int64_t)(((Wide)part * 1000 + whole / 2) / whole) : 0;
    char text[32];
    snprintf(text, sizeof text, "%d.%03d", (int)(thousandths / 1000), (int)(thousandths % 1000));
    json_put_text(w, key, text);
}

void put_sums(struct json_writer *w, const char *key, const struct figure_done *d, Currency currency) {
    struct cells c = {0};
    int64_t decided = d->kept.count + d->partly.count + d->broken.count;
    add_done(&c, d, true);
    json_key(w, key);
    json_object(w);
    put_currency(w, "currency", currency);
    put_cells(w, &c, currency);
    json_put_i64(w, "promises_decided", decided);
    if (decided) put_fraction(w, "kept_share", d->kept.count, decided);
    json_object_end(w);
}

void put_move(struct json_writer *w, const struct figure_series *s) {
    const struct figure_slot *first = NULL, *last = NULL;
    for (size_t i = 0; i < s->count; i++) {
        if (date_is_none(s->slots[i].measured)) continue;
        if (!first) first = &s->slots[i];
        last = &s->slots[i];
    }
    if (!first || first == last) return;
    int64_t a = open_of(first), b = open_of(last);
    int64_t was = a ? (int64_t)(((Wide)overdue_of(first) * 100 + a / 2) / a) : 0, is = b ? (int64_t)(((Wide)overdue_of(last) * 100 + b / 2) / b) : 0;
    json_key(w, "move");
    json_object(w);
    put_date(w, "from", first->measured);
    put_date(w, "to", last->measured);
    put_fraction(w, "was", was, 100);
    put_fraction(w, "now", is, 100);
    json_put_text(w, "way", is < was ? "down" : is > was ? "up" : "same");
    json_object_end(w);
}

/* ---- as CSV ---- */

static void add_cell(struct buf *b, const struct cell *cell, Currency currency) {
    char text[MONEY_TEXT > DATE_TEXT ? MONEY_TEXT : DATE_TEXT];
    buf_add_char(b, ',');
    if (!cell->is_known) return;
    if (cell->sort == COUNT)
        buf_add_i64(b, cell->value);
    else
        buf_add(b, cell->sort == MONEY ? money_text(money_make(cell->value, currency), text) : date_iso((Date){(int32_t)cell->value}, text));
}

static void add_line(struct buf *b, const struct figure_slot *slot, Currency currency) {
    struct cells c = {0};
    char date[DATE_TEXT], code[4];
    add_open(&c, slot);
    add_done(&c, &slot->done, slot->is_known);
    buf_add(b, date_iso(slot->first, date));
    buf_add_char(b, ',');
    buf_add(b, date_iso(slot->last, date));
    buf_add_char(b, ',');
    buf_add(b, currency_code(currency, code));
    for (size_t i = 0; i < c.count; i++) add_cell(b, &c.items[i], currency);
    buf_add_char(b, '\n');
}

static void add_head(struct buf *b) {
    struct cells c = {0};
    static const struct figure_slot none = {.measured = {INT32_MIN}};
    add_open(&c, &none);
    add_done(&c, &none.done, false);
    buf_add(b, S("date,last,currency"));
    for (size_t i = 0; i < c.count; i++) buf_printf(b, ",%s", c.items[i].name);
    buf_add_char(b, '\n');
}

enum rc figure_csv(struct ctx *cx, struct call *call, const struct figure_question *q, const struct figure_series *s) {
    char from[DATE_TEXT], to[DATE_TEXT], code[4];
    if (!call->raw) return fail_field(cx, INVALID, "csv", NULL, "raw bytes cannot be shown here");
    AUTO(buf_done) struct buf b = buf_make(CSV_MAX);
    add_head(&b);
    for (size_t i = 0; i < s->count; i++) add_line(&b, &s->slots[i], q->currency);
    MUST(buf_ok(&b)); /* FIGURE_SLOTS_MAX lines of numbers */
    call->raw_type = "text/csv; charset=utf-8";
    call->raw_name = arena_printf(cx->arena, "figures-%.*s-%.*s-%.*s.csv", STR_ARG(currency_code(q->currency, code)),
                                  STR_ARG(date_iso(q->from, from)), STR_ARG(date_iso(q->to, to))).p;
    call->raw(call->self, buf_str(&b));
    return OK;
}
