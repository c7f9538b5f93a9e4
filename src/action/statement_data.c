/* Rows into a statement. */
#include "action/statement_data.h"

#include "action/ways.h"
#include "company_sql.h"
#include "customer_sql.h"
#include "document/words.h"
#include "outbox/enclosure.h"
#include "statement_sql.h"

const struct setting logo_setting = {.name = "logo",
                                     .type = SETTING_PATH,
                                     .fallback = "",
                                     .group = "Documents",
                                     .help = "Picture at the head of statements and letters of companies without one of their own: PNG or JPEG, at most 512 kB"};

typedef VEC_OF(struct statement_item) VecOfItem;
typedef VEC_OF(struct statement_move) VecOfMove;
typedef VEC_OF(struct statement_spare) VecOfSpare;
typedef VEC_OF(struct statement_sum) VecOfSum;

struct reading {
    struct ctx *cx;
    int64_t customer_id;
    Date at;
    VecOfItem items;
    VecOfMove moves;
    VecOfSpare spares;
    VecOfSum sums;
};

static struct statement_sum *sum_of(struct reading *r, Currency currency) {
    for (size_t i = 0; i < r->sums.count; i++)
        if (currency_equal(r->sums.items[i].currency, currency)) return &r->sums.items[i];
    struct statement_sum *s = VEC_PUSH(r->cx->arena, &r->sums);
    s->currency = currency;
    return s;
}

/* ---- movements ---- */

/* A charge is told by its document's type, money by whether it came, went, or was put to something. */
static Str kind_of(const struct statement_lines_row *r) {
    if (str_is(r->kind, "charge")) return r->type;
    if (str_is(r->kind, "payment")) return S("allocation");
    return r->kind;
}

static enum rc read_moves(struct reading *r) {
    struct ctx *cx = r->cx;
    AUTO(statement_lines_close) struct statement_lines_cursor cursor;
    struct statement_lines_params p = {.customer_id = r->customer_id, .until = r->at};
    TRY(statement_lines_open(cx, &p, &cursor));
    int64_t balance = 0;
    for (Currency currency = {0};;) {
        struct statement_lines_row row;
        bool more;
        TRY(statement_lines_next(cx, &cursor, &row, &more));
        if (!more) return OK;
        if (!currency_equal(currency, row.currency)) balance = 0;
        currency = row.currency;
        sum_of(r, currency);
        balance += row.change;
        bool is_booking = row.rank == 1;
        *VEC_PUSH(cx->arena, &r->moves) = (struct statement_move){
            .date = row.date,
            .kind = arena_str(cx->arena, kind_of(&row)),
            .number = arena_str(cx->arena, row.number),
            .position = is_booking ? (int32_t)row.position : 0,
            .reference = arena_str(cx->arena, row.other_number.n ? row.other_number : row.reference),
            .payment_id = row.has_payment_id ? row.payment_id : 0,
            .amount = money_make(is_booking && !row.is_claim ? -row.amount : row.amount, currency),
            .change = money_make(row.change, currency),
            .balance = money_make(balance, currency)};
    }
}

/* ---- what was open ---- */

static void add_claim(struct reading *r, const struct statement_open_row *row) {
    struct ctx *cx = r->cx;
    struct statement_sum *sum = sum_of(r, row->currency);
    int32_t days = date_diff(r->at, row->due_date);
    sum->balance += row->open;
    if (days > 0) sum->overdue += row->open;
    sum->ages[age_band_of(days)] += row->open;
    *VEC_PUSH(cx->arena, &r->items) =
        (struct statement_item){.number = arena_str(cx->arena, row->number),
                                .type = arena_str(cx->arena, row->type),
                                .position = (int32_t)row->position,
                                .instalment_count = (int32_t)row->instalment_count,
                                .issue_date = row->issue_date,
                                .due_date = row->due_date,
                                .days_overdue = days > 0 ? days : 0,
                                .amount = money_make(row->amount, row->currency),
                                .open = money_make(row->open, row->currency)};
}

static void add_spare(struct reading *r, Date date, Str kind, Str number, Money amount, int64_t unapplied) {
    struct ctx *cx = r->cx;
    sum_of(r, amount.currency)->unapplied += unapplied;
    *VEC_PUSH(cx->arena, &r->spares) =
        (struct statement_spare){.date = date,
                                 .kind = arena_str(cx->arena, kind),
                                 .number = arena_str(cx->arena, number),
                                 .amount = amount,
                                 .unapplied = money_make(unapplied, amount.currency)};
}

/* Claims, and credit notes and advances not used up. */
static enum rc read_open(struct reading *r) {
    struct ctx *cx = r->cx;
    AUTO(statement_open_close) struct statement_open_cursor cursor;
    TRY(statement_open_open(cx, &(struct statement_open_params){.customer_id = r->customer_id, .at = r->at}, &cursor));
    for (;;) {
        struct statement_open_row row;
        bool more;
        TRY(statement_open_next(cx, &cursor, &row, &more));
        if (!more) return OK;
        if (row.is_claim)
            add_claim(r, &row);
        else
            add_spare(r, row.issue_date, row.type, row.number, money_make(row.amount, row.currency), row.open);
    }
}

static enum rc read_spare_payments(struct reading *r) {
    struct ctx *cx = r->cx;
    AUTO(statement_spare_close) struct statement_spare_cursor cursor;
    struct statement_spare_params p = {.customer_id = r->customer_id, .at = r->at};
    TRY(statement_spare_open(cx, &p, &cursor));
    for (;;) {
        struct statement_spare_row row;
        bool more;
        TRY(statement_spare_next(cx, &cursor, &row, &more));
        if (!more) return OK;
        add_spare(r, row.date, S("payment"), row.reference, money_make(row.amount, row.currency), row.unapplied);
    }
}

/* ---- around it ---- */

static enum rc read_parties(struct ctx *cx, struct app *app, int64_t customer_id, struct statement_doc *d) {
    struct customer_get_row c;
    struct company_get_row o;
    TRY(customer_get(cx, &(struct customer_get_params){.id = customer_id}, &c));
    TRY(company_get(cx, &o));
    d->company = (struct message_company){.name = o.name,
                                          .country = o.country,
                                          .tax_id = o.tax_id,
                                          .address = o.address,
                                          .person_name = o.person_name,
                                          .person_phone = o.person_phone,
                                          .person_email = o.person_email,
                                          .person_hours = o.person_hours,
                                          .ways_to_pay = o.ways_to_pay};
    TRY(ways_load(cx, &d->company.ways, &d->company.way_count));
    d->code = c.code;
    d->name = c.name;
    d->tax_id = c.tax_id;
    d->country = c.country.n ? c.country : o.country;
    d->language = document_language(c.language, app->company.language);
    return OK;
}

enum rc statement_load(struct ctx *cx, struct app *app, int64_t customer_id, Date at, struct statement_doc *out) {
    struct reading r = {.cx = cx, .customer_id = customer_id, .at = at};
    struct statement_doc d = {.at = at};
    TRY(read_parties(cx, app, customer_id, &d));
    TRY(read_moves(&r));
    TRY(read_open(&r));
    TRY(read_spare_payments(&r));
    d.items = r.items.items;
    d.item_count = r.items.count;
    d.moves = r.moves.items;
    d.move_count = r.moves.count;
    d.spares = r.spares.items;
    d.spare_count = r.spares.count;
    d.sums = r.sums.items;
    d.sum_count = r.sums.count;
    statement_ways(cx, &d);
    *out = d;
    return OK;
}
