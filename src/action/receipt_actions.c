/* Receipts for payments, and payment agreements (REQ: A4).
 *
 * An agreement is a document from the figures given: payment plans themselves are not kept by aldia yet, so nothing is
 * recorded but that it was written. */
#include "action/action.h"
#include "action/lookup.h"
#include "action/statement_data.h"
#include "base/civil.h"
#include "base/file.h"
#include "core/locale.h"
#include "document/pdf.h"
#include "document/report_doc.h"
#include "document/words.h"
#include "receipt_sql.h"
#include "timeline/timeline.h"

#define MAX_INSTALMENTS 120

struct paper_work {
    struct ctx *cx;
    struct statement_doc parties; /* who and whom, logo, language */
    const struct locale *locale;
};

static enum rc begin(struct ctx *cx, struct call *call, int64_t customer_id, struct paper_work *w) {
    *w = (struct paper_work){.cx = cx};
    TRY(statement_load(cx, call->app, customer_id, app_today(cx, call->app), &w->parties));
    TRY(logo_load(cx, call->app, &w->parties.logo));
    if (arg_has(call, "language")) w->parties.language = arg_text(call, "language");
    return locale_find(cx, w->parties.language, w->parties.company.country, &w->locale);
}

static Str word(const struct paper_work *w, enum word which) { return word_in(w->parties.language, which); }

static Str money_of(struct paper_work *w, Money m) {
    struct buf b = buf_make(200);
    locale_money(w->locale, m, &b);
    Str text = arena_str(w->cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

static Str day_of(struct paper_work *w, Date d) {
    struct buf b = buf_make(200);
    locale_date(w->locale, d, &b);
    Str text = arena_str(w->cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

/* A sentence with %C customer, %E creditor and %A amount. */
static Str sentence(struct paper_work *w, enum word which, Money amount) {
    struct buf b = buf_make(8192);
    Str text = word(w, which);
    for (size_t i = 0; i < text.n; i++) {
        char next = i + 1 < text.n ? text.p[i + 1] : '\0';
        if (text.p[i] != '%' || (next != 'C' && next != 'E' && next != 'A')) {
            buf_add_char(&b, text.p[i]);
            continue;
        }
        buf_add(&b, next == 'C' ? w->parties.name : next == 'E' ? w->parties.company.name : money_of(w, amount));
        i++;
    }
    Str done = arena_str(w->cx->arena, buf_str(&b));
    buf_done(&b);
    return done;
}

static enum rc write_pdf(struct paper_work *w, const struct report_doc *doc, const char *path) {
    AUTO(buf_done) struct buf pdf = buf_make(PDF_MAX_BYTES);
    TRY(report_pdf(w->cx, doc, &pdf));
    return file_write(w->cx, path, buf_str(&pdf), 0644);
}

static struct report_doc report_of(struct paper_work *w, enum word title, Date at) {
    return (struct report_doc){.company = &w->parties.company,
                               .logo = w->parties.logo,
                               .language = w->parties.language,
                               .title = word(w, title),
                               .subtitle = day_of(w, at),
                               .footer = arena_printf(w->cx->arena, "%.*s · %.*s", STR_ARG(w->parties.company.name),
                                                      STR_ARG(w->parties.code)),
                               .at = at};
}

/* ---- receipts ---- */

static enum rc receipt_table(struct paper_work *w, int64_t payment_id, Currency currency, Str **out_cells, size_t *out_rows) {
    VEC_OF(Str) cells = {0};
    struct ctx *cx = w->cx;
    AUTO(receipt_items_close) struct receipt_items_cursor cursor;
    TRY(receipt_items_open(cx, &(struct receipt_items_params){.payment_id = payment_id}, &cursor));
    for (;;) {
        struct receipt_items_row r;
        bool more;
        TRY(receipt_items_next(cx, &cursor, &r, &more));
        if (!more) break;
        Str name = arena_str(cx->arena, r.number);
        if (r.position > 1)
            name = arena_printf(cx->arena, "%.*s · %.*s %lld", STR_ARG(name), STR_ARG(word(w, WORD_INSTALMENT)), (long long)r.position);
        const Str row[] = {name, day_of(w, r.due_date), money_of(w, money_make(r.amount, currency)),
                           money_of(w, money_make(r.open, currency))};
        for (size_t i = 0; i < COUNT_OF(row); i++) *VEC_PUSH(cx->arena, &cells) = row[i];
    }
    *out_cells = cells.items;
    *out_rows = cells.count / 4;
    return OK;
}

static enum rc receipt_run(struct ctx *cx, struct call *call) {
    struct paper_work w;
    struct receipt_payment_row p;
    bool found;
    int64_t id = arg_int(call, "id", 0);
    TRY(receipt_payment(cx, &(struct receipt_payment_params){.id = id}, &p, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "id", "aldia payment list shows the numbers", "there is no payment %lld", (long long)id);
    Str reference = arena_str(cx->arena, p.reference), method = arena_str(cx->arena, p.method);
    TRY(begin(cx, call, p.customer_id, &w));
    Money amount = money_make(p.amount, p.currency);
    const struct report_column columns[] = {{word(&w, WORD_DOCUMENT), 0.34, false}, {word(&w, WORD_DUE), 0.22, false},
                                            {word(&w, WORD_APPLIED), 0.22, true}, {word(&w, WORD_OPEN), 0.22, true}};
    struct report_table table = {.title = word(&w, WORD_APPLIED_TO), .empty = S(""), .columns = columns, .column_count = 4};
    Str *cells = NULL;
    TRY(receipt_table(&w, id, p.currency, &cells, &table.row_count));
    table.cells = cells;
    const struct report_fact facts[] = {
        {word(&w, WORD_NUMBER), arena_printf(cx->arena, "%lld", (long long)id)},
        {word(&w, WORD_DATE), day_of(&w, p.date)}, {word(&w, WORD_CUSTOMER), w.parties.name}, {word(&w, WORD_TAX_ID), w.parties.tax_id},
        {word(&w, WORD_AMOUNT), money_of(&w, amount)}, {word(&w, WORD_REFERENCE), reference}, {word(&w, WORD_METHOD), method},
        {word(&w, WORD_UNAPPLIED), p.unapplied ? money_of(&w, money_make(p.unapplied, p.currency)) : S("")}};
    const Str paragraphs[] = {date_is_none(p.reversed_on) ? sentence(&w, WORD_RECEIPT_TEXT, amount) : word(&w, WORD_RECEIPT_RETURNED)};
    struct report_doc doc = report_of(&w, WORD_RECEIPT, p.date);
    doc.facts = facts;
    doc.fact_count = COUNT_OF(facts);
    doc.paragraphs = paragraphs;
    doc.paragraph_count = 1;
    doc.tables = &table;
    doc.table_count = 1;
    TRY(write_pdf(&w, &doc, arena_cstr(cx->arena, arg_text(call, "out"))));
    json_object(call->out);
    json_put_i64(call->out, "payment", id);
    json_put_str(call->out, "customer", w.parties.code);
    put_currency(call->out, "currency", p.currency);
    put_money(call->out, "amount", p.amount, p.currency);
    json_put_str(call->out, "file", arg_text(call, "out"));
    json_object_end(call->out);
    return OK;
}

const struct action payment_receipt_action = {
    .verb = "payment receipt",
    .summary = "Write the receipt of a payment as PDF",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the payment", NULL},
                     {"out", P_FILE, REQUIRED | WRITTEN, "the PDF to write", NULL},
                     {"language", P_CHOICE, OPTIONAL, "else the customer's", "es|en|pt"}),
    .run = receipt_run,
    .exports = "receipt:{id}",
};

/* ---- agreements ---- */

/* The same day `months` later, or the last day of a shorter month. */
static Date months_later(Date d, int months) {
    int year, month, day;
    Date later;
    date_civil(d, &year, &month, &day);
    month += months;
    year += (month - 1) / 12;
    month = (month - 1) % 12 + 1;
    int last = civil_month_days(year, month);
    MUST(date_make(year, month, day < last ? day : last, &later));
    return later;
}

/* Equal parts; what does not divide goes to the last. */
static Str *instalment_cells(struct paper_work *w, Money total, int64_t count, Date first) {
    Str *cells = ARENA_ARRAY(w->cx->arena, Str, (size_t)count * 3);
    int64_t part = total.minor / count;
    for (int64_t i = 0; i < count; i++) {
        int64_t minor = i + 1 < count ? part : total.minor - part * (count - 1);
        cells[i * 3] = arena_printf(w->cx->arena, "%lld", (long long)i + 1);
        cells[i * 3 + 1] = day_of(w, months_later(first, (int)i));
        cells[i * 3 + 2] = money_of(w, money_make(minor, total.currency));
    }
    return cells;
}

static enum rc agreement_run(struct ctx *cx, struct call *call) {
    struct paper_work w;
    int64_t customer_id, count = arg_int(call, "instalments", 1);
    Currency currency;
    Money total;
    Date today = app_today(cx, call->app), first = arg_date(call, "first");
    TRY(look_up_customer(cx, call, "code", &customer_id));
    if (!currency_parse(arg_text(call, "currency"), &currency)) return fail_field(cx, INVALID, "currency", NULL, "no such currency");
    TRY(arg_money(cx, call, "total", currency, &total));
    if (total.minor < count || count < 1 || count > MAX_INSTALMENTS)
        return fail_field(cx, INVALID, "instalments", "1 to 120, none of them zero", "the total cannot be paid in %lld instalments",
                          (long long)count);
    if (date_compare(first, today) < 0)
        return fail_field(cx, INVALID, "first", "give a day to come", "the first instalment lies in the past");
    TRY(begin(cx, call, customer_id, &w));
    const struct report_column columns[] = {{word(&w, WORD_NUMBER), 0.2, false}, {word(&w, WORD_DATE), 0.4, false},
                                            {word(&w, WORD_AMOUNT), 0.4, true}};
    const struct report_table table = {.title = word(&w, WORD_INSTALMENTS), .empty = S(""), .columns = columns, .column_count = 3,
                                       .cells = instalment_cells(&w, total, count, first), .row_count = (size_t)count};
    const struct report_fact facts[] = {{word(&w, WORD_CREDITOR), w.parties.company.name}, {word(&w, WORD_DEBTOR), w.parties.name},
                                        {word(&w, WORD_TAX_ID), w.parties.tax_id}, {word(&w, WORD_TOTAL), money_of(&w, total)}};
    const Str paragraphs[] = {sentence(&w, WORD_AGREEMENT_TEXT, total)}, closing[] = {word(&w, WORD_AGREEMENT_BREAK)};
    const Str signatures[] = {w.parties.company.name, w.parties.name};
    struct report_doc doc = report_of(&w, WORD_AGREEMENT, today);
    doc.facts = facts;
    doc.fact_count = COUNT_OF(facts);
    doc.paragraphs = paragraphs;
    doc.paragraph_count = 1;
    doc.tables = &table;
    doc.table_count = 1;
    doc.closing = closing;
    doc.closing_count = 1;
    doc.signatures = signatures;
    doc.signature_count = COUNT_OF(signatures);
    TRY(write_pdf(&w, &doc, arena_cstr(cx->arena, arg_text(call, "out"))));
    char text[MONEY_TEXT], code[4];
    Str data = arena_printf(cx->arena, "{\"total\":\"%.*s\",\"currency\":\"%.*s\",\"instalments\":%lld}",
                            STR_ARG(money_text(total, text)), STR_ARG(currency_code(currency, code)), (long long)count);
    TRY(event_note(cx, "agreement.written", customer_id, w.parties.code, data));
    json_object(call->out);
    json_put_str(call->out, "customer", w.parties.code);
    put_currency(call->out, "currency", currency);
    put_money(call->out, "total", total.minor, currency);
    json_put_i64(call->out, "instalments", count);
    json_put_str(call->out, "file", arg_text(call, "out"));
    json_object_end(call->out);
    return OK;
}

const struct action agreement_print_action = {
    .verb = "agreement print",
    .summary = "Write a payment agreement as PDF, to be signed",
    .details = "Equal monthly instalments from --first; what does not divide goes to the last. The document is made of the figures given; "
               "no plan is kept and nothing about reminders changes: record promises for the instalments until plans are.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     {"total", P_AMOUNT, REQUIRED, "what is to be paid in all", NULL},
                     {"currency", P_CURRENCY, REQUIRED, "its currency", NULL},
                     {"instalments", P_INT, REQUIRED, "how many, one a month", NULL},
                     {"first", P_DATE, REQUIRED, "day of the first", NULL}, {"out", P_FILE, REQUIRED | WRITTEN, "the PDF to write", NULL},
                     {"language", P_CHOICE, OPTIONAL, "else the customer's", "es|en|pt"}),
    .run = agreement_run,
    .exports = "agreement:{code}",
};
