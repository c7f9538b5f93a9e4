/* Choosing within the limits, and making. */
#include "outbox/enclosure.h"

#include <string.h>

#include "document/letter_doc.h"
#include "document/pdf.h"
#include "document/words.h"
#include "document_file_sql.h"
#include "message/ways.h"
#include "store/file_store.h"

#define MAX_FILES 500

/* ---- choosing ---- */

static bool is_demanded(const struct message_facts *f, Str number) {
    for (size_t i = 0; i < f->item_count; i++)
        if (f->items[i].demanded && str_equal(f->items[i].number, number)) return true;
    return false;
}

/* Invoices stand in the order of their age, longest due first: those go first when not all may. */
static void apply_limits(const struct message_facts *f, const struct attach_limits *limits,
                         struct message_attachment *files, size_t count) {
    int64_t sum = 0, taken = 0;
    for (size_t i = 0; i < count; i++) files[i].is_left_out = true;
    for (size_t k = 0; k < f->item_count; k++)
        for (size_t i = 0; i < count; i++) {
            struct message_attachment *a = &files[i];
            if (!a->is_left_out || !str_equal(a->number, f->items[k].number)) continue;
            if (taken + 1 > limits->count || sum + a->size > limits->bytes) continue;
            a->is_left_out = false;
            taken++;
            sum += a->size;
        }
}

static enum rc choose_files(struct ctx *cx, const struct plan_env *env, const struct planned_customer *c,
                            struct message_facts *f) {
    VEC_OF(struct message_attachment) files = {0};
    AUTO(document_files_open_close) struct document_files_open_cursor cursor;
    struct document_files_open_params p = {.customer_id = c->snapshot.customer.id};
    TRY(document_files_open_open(cx, &p, &cursor));
    for (;;) {
        struct document_files_open_row r;
        bool more;
        TRY(document_files_open_next(cx, &cursor, &r, &more));
        if (!more) break;
        if (!is_demanded(f, r.number) || files.count >= MAX_FILES) continue;
        *VEC_PUSH(cx->arena, &files) = (struct message_attachment){.number = arena_str(cx->arena, r.number),
                                                                   .name = arena_str(cx->arena, r.name),
                                                                   .media_type = arena_str(cx->arena, r.media_type),
                                                                   .hash = arena_str(cx->arena, r.hash),
                                                                   .size = r.size};
    }
    apply_limits(f, &env->attach, files.items, files.count);
    f->attachments = files.items;
    f->attachment_count = files.count;
    return OK;
}

enum rc enclosure_choose(struct ctx *cx, const struct plan_env *env, const struct planned_customer *customer,
                         const struct decision *d, struct message_facts *f) {
    unsigned attach = d->step ? d->step->attach : 0;
    if (d->channel != CHANNEL_EMAIL) return OK;
    f->with_statement = (attach & ATTACH_STATEMENT) != 0;
    return attach & ATTACH_INVOICE ? choose_files(cx, env, customer, f) : OK;
}

/* ---- the statement ---- */

/* The first IBAN among lines "LABEL: VALUE". */
static Str find_iban(Str ways, char *out) {
    while (ways.p) {
        Str line = str_cut(&ways, '\n');
        size_t colon = str_index(line, ':');
        Str value = colon < line.n ? str_trim((Str){line.p + colon + 1, line.n - colon - 1}) : line;
        Str iban = iban_parse(value, out);
        if (iban.n) return iban;
    }
    return S("");
}

/* The amount is told where the scheme knows its currency. */
static bool find_code(struct ctx *cx, struct statement_doc *d, const struct message_way *way) {
    for (size_t i = 0; i < d->sum_count; i++) {
        char code[4];
        Money net = money_make(d->sums[i].balance - d->sums[i].unapplied, d->sums[i].currency);
        Str currency = currency_code(net.currency, code);
        bool fits = way->scheme == BANK_IBAN ? str_is(currency, "EUR") : way->scheme == BANK_PIX && str_is(currency, "BRL");
        if (!fits || net.minor <= 0) continue;
        const struct way_demand demand = {.company = d->company.name, .amount = net, .reference = d->code};
        struct way_code payload = way_code_of(cx, way, &demand);
        struct qr *qr = ARENA_NEW(cx->arena, struct qr);
        struct fault before = cx->fault;
        if (payload.payload.n == 0) continue;
        if (qr_make(cx, payload.payload, payload.max_version, qr) == OK) {
            d->qr = qr;
            d->qr_amount = net;
            return true;
        }
        cx->fault = before;
    }
    return false;
}

void statement_ways(struct ctx *cx, struct statement_doc *d) {
    const struct message_company *c = &d->company;
    Currency *currencies = ARENA_ARRAY(cx->arena, Currency, d->sum_count + 1);
    const struct message_way **ways = ARENA_ARRAY(cx->arena, const struct message_way *, c->way_count + 1);
    VEC_OF(struct statement_way) lines = {0};
    for (size_t i = 0; i < d->sum_count; i++) currencies[i] = d->sums[i].currency;
    size_t count = ways_for(c->ways, c->way_count, d->country, currencies, d->sum_count, ways);
    for (size_t i = 0; i < count; i++) {
        *VEC_PUSH(cx->arena, &lines) = (struct statement_way){.label = way_label(ways[i]),
                                                              .value = way_value(cx->arena, ways[i]),
                                                              .holder = ways[i]->holder,
                                                              .note = ways[i]->note};
        if (!d->qr) find_code(cx, d, ways[i]);
    }
    for (Str rest = c->ways_to_pay; rest.p;) {
        Str line = str_trim(str_cut(&rest, '\n'));
        if (line.n) *VEC_PUSH(cx->arena, &lines) = (struct statement_way){.value = line};
    }
    char iban[IBAN_MAX + 1];
    struct message_way typed = {.scheme = BANK_IBAN, .number = find_iban(c->ways_to_pay, iban)};
    if (!d->qr && typed.number.n) find_code(cx, d, &typed);
    d->ways = lines.items;
    d->way_count = lines.count;
}

static struct statement_sum *sum_of(struct statement_sum *sums, size_t *count, Currency currency) {
    for (size_t i = 0; i < *count; i++)
        if (currency_equal(sums[i].currency, currency)) return &sums[i];
    sums[*count] = (struct statement_sum){.currency = currency};
    return &sums[(*count)++];
}

static int by_currency_and_day(const struct message_item *a, const struct message_item *b) {
    if (!currency_equal(a->open.currency, b->open.currency))
        return a->open.currency.packed < b->open.currency.packed ? -1 : 1;
    return date_compare(a->due_date, b->due_date);
}

/* In order, by insertion: items come nearly so. */
static const struct message_item **sorted_items(struct ctx *cx, const struct message_facts *f) {
    const struct message_item **list = ARENA_ARRAY(cx->arena, const struct message_item *, f->item_count + 1);
    for (size_t i = 0; i < f->item_count; i++) {
        size_t at = i;
        for (; at > 0 && by_currency_and_day(list[at - 1], &f->items[i]) > 0; at--) list[at] = list[at - 1];
        list[at] = &f->items[i];
    }
    return list;
}

struct statement_doc statement_of_facts(struct ctx *cx, const struct message_facts *f, const struct pdf_image *logo) {
    struct statement_item *items = ARENA_ARRAY(cx->arena, struct statement_item, f->item_count + 1);
    struct statement_sum *sums = ARENA_ARRAY(cx->arena, struct statement_sum, f->item_count + f->credit_count + 1);
    size_t sum_count = 0;
    const struct message_item **list = sorted_items(cx, f);
    for (size_t i = 0; i < f->item_count; i++) {
        const struct message_item *x = list[i];
        struct statement_sum *sum = sum_of(sums, &sum_count, x->open.currency);
        int32_t late = x->days_overdue > 0 ? x->days_overdue : 0;
        sum->balance += x->open.minor;
        if (late) sum->overdue += x->open.minor;
        sum->ages[age_band_of(late)] += x->open.minor;
        items[i] = (struct statement_item){.number = x->number,
                                           .type = str_from(document_type_name(x->type)),
                                           .position = x->position,
                                           .instalment_count = x->instalment_count,
                                           .issue_date = x->issue_date,
                                           .due_date = x->due_date,
                                           .days_overdue = late,
                                           .amount = x->amount,
                                           .open = x->open};
    }
    for (size_t i = 0; i < f->credit_count; i++)
        sum_of(sums, &sum_count, f->credits[i].unapplied.currency)->unapplied += f->credits[i].unapplied.minor;
    struct statement_doc d = {.company = f->company,
                              .logo = logo,
                              .code = f->customer.code,
                              .name = f->customer.name,
                              .tax_id = f->customer.tax_id,
                              .country = f->customer.country,
                              .language = document_language(f->language, S("es")),
                              .at = f->today,
                              .items = items,
                              .item_count = f->item_count,
                              .sums = sums,
                              .sum_count = sum_count};
    statement_ways(cx, &d);
    return d;
}

/* ---- parts ---- */

static enum rc add_statement(struct ctx *cx, const struct outbox_config *config, const struct message_facts *f,
                             struct message_part *out) {
    AUTO(buf_done) struct buf b = buf_make(PDF_MAX_BYTES);
    struct statement_doc doc = statement_of_facts(cx, f, config->logo);
    char date[DATE_TEXT];
    TRY(statement_pdf(cx, &doc, &b));
    Str name = word_in(doc.language, WORD_STATEMENT);
    *out = (struct message_part){.name = arena_printf(cx->arena, "%.*s %.*s.pdf", STR_ARG(name),
                                                      STR_ARG(date_iso(f->today, date))),
                                 .media_type = S("application/pdf"),
                                 .bytes = arena_str(cx->arena, buf_str(&b))};
    return OK;
}

enum rc enclosure_make(struct ctx *cx, const struct outbox_config *config, const struct message_facts *f,
                       struct message_text *text) {
    size_t n = 0;
    if (!f->with_statement && f->attachment_count == 0) return OK;
    struct message_part *parts = ARENA_ARRAY(cx->arena, struct message_part, f->attachment_count + 1);
    if (f->with_statement) TRY(add_statement(cx, config, f, &parts[n++]));
    for (size_t i = 0; i < f->attachment_count; i++) {
        const struct message_attachment *a = &f->attachments[i];
        if (a->is_left_out) continue;
        struct message_part *part = &parts[n++];
        *part = (struct message_part){.name = a->name, .media_type = a->media_type};
        TRY(file_store_get(cx, config->files_folder, a->hash, &part->bytes));
    }
    text->parts = parts;
    text->part_count = n;
    return OK;
}

/* ---- letters ---- */

/* What is in dispute or promised is in no letter's list: the list is what is asked for. */
static struct message_facts without_apart(struct ctx *cx, const struct message_facts *f) {
    struct message_facts asked = *f;
    struct message_item *items = ARENA_ARRAY(cx->arena, struct message_item, f->item_count + 1);
    asked.item_count = 0;
    for (size_t i = 0; i < f->item_count; i++) {
        const struct message_item *x = &f->items[i];
        bool promised = !date_is_none(x->promised_until) && date_compare(x->promised_until, f->today) >= 0;
        if (!x->disputed && !promised) items[asked.item_count++] = *x;
    }
    asked.items = items;
    return asked;
}

enum rc enclosure_letter(struct ctx *cx, const struct outbox_config *config, const struct message_facts *f,
                         const struct message_text *text, Str name, Str address, struct buf *out) {
    VEC_OF(Str) lines = {0};
    struct message_facts asked = without_apart(cx, f);
    struct statement_doc statement = statement_of_facts(cx, &asked, config->logo);
    Str *paragraphs = ARENA_ARRAY(cx->arena, Str, text->paragraph_count + 1);
    statement.language = document_language(text->language, f->language);
    *VEC_PUSH(cx->arena, &lines) = f->customer.name;
    if (name.n && !str_equal(name, f->customer.name)) *VEC_PUSH(cx->arena, &lines) = name;
    for (Str rest = address; rest.p;) *VEC_PUSH(cx->arena, &lines) = str_trim(str_cut(&rest, '\n'));
    for (size_t i = 0; i < text->paragraph_count; i++) paragraphs[i] = text->paragraphs[i].text;
    const struct letter_doc doc = {.statement = &statement,
                                   .address = lines.items,
                                   .address_count = lines.count,
                                   .subject = text->subject,
                                   .paragraphs = paragraphs,
                                   .paragraph_count = text->paragraph_count};
    return letter_pdf(cx, &doc, out);
}
