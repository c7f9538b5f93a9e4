/* A day at the demo's company, through the same actions everybody uses: its imports are files in DATA/import. */
#include "action/demo.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "demo_sql.h"

#define OPTIONS(...) ((const struct demo_option[]){__VA_ARGS__, {0}})
#define MAX_FILE ((size_t)64 * 1024 * 1024)

struct day {
    struct demo *d;
    Date today;
    struct buf invoices, payments;
    struct demo_items_row *items;
    size_t count;
};

static const struct demo_customer *customer_of(const struct demo *d, Str code) {
    int64_t index;
    if (!str_to_i64((Str){code.p + 1, code.n - 1}, &index)) return NULL;
    return index >= 1 && index <= d->customer_count ? &d->customers[index - 1] : NULL;
}

static void add_money(struct buf *out, int64_t minor, Str currency) {
    Currency c;
    MUST(currency_parse(currency, &c));
    money_decimal(money_make(minor, c), out);
}

static Str currency_of(const struct demo_items_row *item) {
    static char code[4];
    return currency_code(item->currency, code);
}

/* ---- what was sold ---- */

static void add_invoice(struct day *day, const struct demo_customer *c, int64_t number) {
    char issue[DATE_TEXT], due[DATE_TEXT];
    Str goods = demo_goods(day->d->seed, number);
    buf_printf(&day->invoices, "FV-%05lld,%.*s,%.*s,%.*s,%.*s,", (long long)number, STR_ARG(c->code),
               STR_ARG(date_iso(day->today, issue)), STR_ARG(date_iso(date_add(day->today, c->terms_days), due)),
               STR_ARG(c->currency));
    add_money(&day->invoices, demo_amount(c, day->d->seed, number), c->currency);
    buf_printf(&day->invoices, ",invoice,%.*s,\n", STR_ARG(goods));
}

static void sell(struct day *day, int64_t documents) {
    const struct demo *d = day->d;
    for (int i = 0; i < d->customer_count; i++) {
        const struct demo_customer *c = &d->customers[i];
        if (demo_draw(d->seed, "sale", c->code, day->today.day, (uint64_t)c->every_days) == 0)
            add_invoice(day, c, ++documents);
    }
}

/* Goods sent back, and rebates: a few, some days after the invoice. */
static void credit(struct day *day, const struct demo_items_row *item, const char *series, int64_t share,
                   const char *why) {
    char today[DATE_TEXT];
    int64_t part = item->open * share / 100;
    if (part <= 0) return;
    buf_printf(&day->invoices, "%s-%.*s,%.*s,%.*s,%.*s,%.*s,", series, STR_ARG(item->number),
               STR_ARG(item->customer_code), STR_ARG(date_iso(day->today, today)), STR_ARG(date_iso(day->today, today)),
               STR_ARG(currency_of(item)));
    add_money(&day->invoices, part, currency_of(item));
    buf_printf(&day->invoices, ",credit_note,%s,%.*s\n", why, STR_ARG(item->number));
}

/* ---- what was paid ---- */

static void pay(struct day *day, const struct demo_items_row *item) {
    const struct demo *d = day->d;
    char today[DATE_TEXT];
    bool partly = item->open == item->amount && demo_draw(d->seed, "partly", item->number, 0, 16) == 0;
    bool named = demo_draw(d->seed, "named", item->number, 0, 10) != 0;
    int64_t amount = partly ? (item->open * 4 / 10) / 100 * 100 : item->open;
    if (amount <= 0) amount = item->open;
    buf_printf(&day->payments, "%.*s,%.*s,%.*s,", STR_ARG(item->customer_code), STR_ARG(date_iso(day->today, today)),
               STR_ARG(currency_of(item)));
    add_money(&day->payments, amount, currency_of(item));
    buf_printf(&day->payments, ",%.*s,%.*s,TR-%.*s-%d\n", named ? (int)item->number.n : 0, item->number.p,
               STR_ARG(item->number), STR_ARG(item->number), day->today.day);
}

static struct demo_debt debt_of(const struct day *day, const struct demo_items_row *item) {
    const struct zone *zone = day->d->app->company.zone;
    return (struct demo_debt){
        .number = item->number,
        .issue = item->issue_date,
        .due = item->due_date,
        .claims = item->claims,
        .reminded = instant_is_none(item->handed_at) ? DATE_NONE : zone_date(zone, item->handed_at),
        .promised = item->promised,
        .partly =
            item->open<item->amount, .disputed = !instant_is_none(item->disputed_at), .had_dispute = item->disputes> 0};
}

/* ---- what was said ---- */

static enum rc promise(struct day *day, const struct demo_items_row *item) {
    struct ctx *cx = day->d->cx;
    char date[DATE_TEXT];
    AUTO(buf_done) struct buf amount = buf_make(64);
    int32_t days = 3 + (int32_t)demo_draw(day->d->seed, "when", item->number, 0, 6);
    Date by = date_add(day->today, days);
    if (date_weekday(by) >= SATURDAY) by = date_add(by, 7 - (int32_t)date_weekday(by));
    add_money(&amount, item->open, currency_of(item));
    return demo_call_as(day->d, demo_collector_of(item->customer_code), "promise add",
                        OPTIONS({"customer", item->customer_code}, {"amount", buf_str(&amount)},
                                {"invoice", item->number}, {"date", arena_str(cx->arena, date_iso(by, date))}));
}

static enum rc dispute(struct day *day, const struct demo_items_row *item) {
    static const char *const reasons[] = {"precio distinto del pedido", "mercancía incompleta", "producto averiado",
                                          "no corresponde al pedido"};
    Str reason = str_from(reasons[demo_draw(day->d->seed, "reason", item->number, 0, COUNT_OF(reasons))]);
    return demo_call_as(day->d, demo_collector_of(item->customer_code), "dispute open",
                        OPTIONS({"invoice", item->number}, {"reason", reason}));
}

/* Some weeks later it is settled: two in three were right, and get a credit note. */
static enum rc settle(struct day *day, const struct demo_items_row *item) {
    bool right = demo_draw(day->d->seed, "right", item->number, 0, 3) != 0;
    if (right) credit(day, item, "NC", 30, "Ajuste por reclamo");
    return demo_call_as(day->d, "marta", "dispute close",
                        OPTIONS({"invoice", item->number}, {"outcome", right ? S("accepted") : S("rejected")}));
}

static enum rc hold(struct day *day, const struct demo_items_row *item) {
    struct ctx *cx = day->d->cx;
    char until[DATE_TEXT];
    enum rc rc = demo_call_as(day->d, "marta", "customer hold",
                              OPTIONS({"code", item->customer_code}, {"reason", S("acuerdo de pago en negociación")},
                                      {"until", arena_str(cx->arena, date_iso(date_add(day->today, 20), until))}));
    return rc == CONFLICT ? OK : rc; /* held already, for another invoice */
}

/* The morning after a claim is when people call back. */
static enum rc react(struct day *day, const struct demo_items_row *item, const struct demo_customer *c,
                     const struct demo_debt *debt) {
    uint64_t seed = day->d->seed;
    if (debt->disputed) {
        Date opened = zone_date(day->d->app->company.zone, item->disputed_at);
        int32_t takes = 10 + (int32_t)demo_draw(seed, "takes", item->number, 0, 21);
        return date_diff(day->today, opened) >= takes ? settle(day, item) : OK;
    }
    if (demo_pays(c, seed, debt, day->today)) {
        pay(day, item);
        return OK;
    }
    if (date_diff(day->today, debt->issue) == 6 && demo_draw(seed, "rebate", item->number, 0, 60) == 0)
        credit(day, item, "BO", 10, "Bonificación");
    bool called = debt->claims > 0 && !date_is_none(debt->reminded) && date_diff(day->today, debt->reminded) == 1;
    if (!called || !date_is_none(debt->promised)) return OK;
    bool quarrels = c->habit == DISPUTES || demo_draw(seed, "dispute", item->number, 0, 30) == 0;
    if (quarrels && !debt->had_dispute) return dispute(day, item);
    if (c->habit == HARDLY_PAYS && debt->claims == 2) return hold(day, item);
    if (demo_draw(seed, "promise", item->number, debt->claims, 3) == 0) return promise(day, item);
    return OK;
}

static enum rc load_items(struct day *day) {
    struct ctx *cx = day->d->cx;
    VEC_OF(struct demo_items_row) items = {0};
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, day->d->app->db, TX_READ));
    {
        AUTO(demo_items_close) struct demo_items_cursor cursor = {0};
        TRY(demo_items_open(cx, &cursor));
        for (;;) {
            struct demo_items_row row;
            bool more;
            TRY(demo_items_next(cx, &cursor, &row, &more));
            if (!more) break;
            row.number = arena_str(cx->arena, row.number);
            row.customer_code = arena_str(cx->arena, row.customer_code);
            *VEC_PUSH(cx->arena, &items) = row;
        }
    }
    day->items = items.items;
    day->count = items.count;
    return tx_commit(scope);
}

static enum rc import(struct day *day, const char *verb, const char *name, Str text) {
    struct ctx *cx = day->d->cx;
    char date[DATE_TEXT];
    const char *path = app_path(
        cx, day->d->app, arena_printf(cx->arena, "import/%s-%.*s.csv", name, STR_ARG(date_iso(day->today, date))).p);
    FILE *out = fopen(path, "we");
    bool good = out && fwrite(text.p, 1, text.n, out) == text.n;
    if (out && fclose(out) != 0) good = false;
    if (!good) return fail(cx, INTERNAL, "could not write %s: %s", path, strerror(errno));
    return demo_call(day->d, verb, OPTIONS({"file", str_from(path)}));
}

/* The calls the strategy asked for are made, mostly, within a day or two. */
static enum rc close_tasks(struct day *day) {
    enum { NO_ANSWER = 1 };
    static const char *const said[] = {"Se habló con tesorería: programan el pago de esta semana.",
                                       "No contestan; se dejó razón en recepción.",
                                       "Piden de nuevo la factura. Se les reenvió por correo.",
                                       "La persona de pagos vuelve el lunes.",
                                       "Dicen que el pago ya está aprobado y espera la firma de gerencia.",
                                       "Confirmaron que recibieron el estado de cuenta."};
    struct ctx *cx = day->d->cx;
    VEC_OF(struct demo_open_tasks_row) tasks = {0};
    {
        AUTO(tx_end) struct ctx *scope = cx;
        TRY(tx_begin(scope, day->d->app->db, TX_READ));
        AUTO(demo_open_tasks_close) struct demo_open_tasks_cursor cursor = {0};
        TRY(demo_open_tasks_open(cx, &cursor));
        for (;;) {
            struct demo_open_tasks_row row;
            bool more;
            TRY(demo_open_tasks_next(cx, &cursor, &row, &more));
            if (!more) break;
            row.step = arena_str(cx->arena, row.step);
            row.code = arena_str(cx->arena, row.code);
            *VEC_PUSH(cx->arena, &tasks) = row;
        }
    }
    for (size_t i = 0; i < tasks.count; i++) {
        const struct demo_open_tasks_row *t = &tasks.items[i];
        int32_t age = date_diff(day->today, t->planned_date);
        bool call = str_is(t->step, "call"), escalation = str_is(t->step, "escalate");
        if ((!call && !escalation) || age < (call ? 1 : 4)) continue;
        if (demo_draw(day->d->seed, "call", S(""), t->id + age, 3) == 0) continue;
        uint64_t what = demo_draw(day->d->seed, "said", t->code, t->id, COUNT_OF(said));
        if (call)
            TRY(demo_call_as(day->d, demo_collector_of(t->code), "contact record",
                             OPTIONS({"customer", t->code}, {"channel", S("call")}, {"answered", what == NO_ANSWER ? S("0") : S("1")})));
        TRY(demo_call_as(
            day->d, call ? demo_collector_of(t->code) : "marta", "task done",
            OPTIONS({"id", arena_printf(cx->arena, "%lld", (long long)t->id)}, {"note", str_from(said[what])})));
    }
    return OK;
}

static enum rc business(struct day *day) {
    struct ctx *cx = day->d->cx;
    struct demo_size_row size;
    TRY(load_items(day));
    {
        AUTO(tx_end) struct ctx *scope = cx;
        TRY(tx_begin(scope, day->d->app->db, TX_READ));
        TRY(demo_size(cx, &size));
    }
    buf_add(&day->invoices,
            S("number,customer_code,issue_date,due_date,currency,amount,type,description,applies_to\n"));
    buf_add(&day->payments, S("customer_code,date,currency,amount,invoice_number,reference,external_id\n"));
    size_t empty_invoices = day->invoices.n, empty_payments = day->payments.n;
    sell(day, size.documents);
    for (size_t i = 0; i < day->count; i++) {
        const struct demo_items_row *item = &day->items[i];
        const struct demo_customer *c = customer_of(day->d, item->customer_code);
        struct demo_debt debt = debt_of(day, item);
        if (c) TRY(react(day, item, c, &debt));
    }
    if (day->invoices.n > empty_invoices) TRY(import(day, "invoice import", "facturas", buf_str(&day->invoices)));
    if (day->payments.n > empty_payments) TRY(import(day, "payment import", "pagos", buf_str(&day->payments)));
    return close_tasks(day);
}

enum rc demo_day(struct demo *d, Date today) {
    bool weekend = date_weekday(today) == SATURDAY || date_weekday(today) == SUNDAY;
    struct day day = {.d = d, .today = today, .invoices = buf_make(MAX_FILE), .payments = buf_make(MAX_FILE)};
    enum rc rc = demo_set_clock(d, today, 8, 30);
    if (rc == OK && !weekend) rc = business(&day);
    buf_done(&day.invoices);
    buf_done(&day.payments);
    TRY(rc);
    TRY(demo_set_clock(d, today, 9, 0));
    return demo_call(d, "run", OPTIONS({0}));
}
