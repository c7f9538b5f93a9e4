/* The readable half of a case file: case.json for programs, summary.pdf for people. */
#include "action/case_file.h"
#include "action/person.h"
#include "case_file_sql.h"
#include "document/pdf.h"
#include "document/report_doc.h"
#include "document/words.h"

typedef VEC_OF(Str) VecOfStr;

struct summary {
    struct case_file *c;
    struct json_writer *w;
    VecOfStr messages, promises, disputes, holds, events; /* cells */
};

static Str copy(struct summary *s, Str text) { return arena_str(s->c->cx->arena, text.p ? text : S("")); }

static void add(struct summary *s, VecOfStr *cells, Str text) { *VEC_PUSH(s->c->cx->arena, cells) = copy(s, text); }

static Str day_text(struct summary *s, Date d) {
    char text[DATE_TEXT];
    return date_is_none(d) ? S("") : copy(s, date_iso(d, text));
}

/* Local day and minute. */
static Str moment_text(struct summary *s, Instant t) {
    char text[INSTANT_TEXT];
    if (instant_is_none(t)) return S("");
    Str iso = instant_format_offset(t, zone_offset(s->c->call->app->company.zone, t) / 60, text);
    return arena_printf(s->c->cx->arena, "%.10s %.5s", iso.p, iso.p + 11);
}

static Str money_cell(struct summary *s, int64_t minor, Currency currency) {
    char text[MONEY_TEXT], code[4];
    Str amount = money_text(money_make(minor, currency), text), unit = currency_code(currency, code);
    return arena_printf(s->c->cx->arena, "%.*s %.*s", STR_ARG(unit), STR_ARG(amount));
}

static enum rc read_messages(struct summary *s) {
    struct ctx *cx = s->c->cx;
    AUTO(case_messages_close) struct case_messages_cursor cursor;
    TRY(case_messages_open(cx, &(struct case_messages_params){.customer_id = s->c->customer_id}, &cursor));
    json_key(s->w, "messages");
    json_array(s->w);
    for (;;) {
        struct case_messages_row r;
        bool more;
        TRY(case_messages_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(s->w);
        json_put_i64(s->w, "id", r.id);
        json_put_str(s->w, "channel", r.channel);
        json_put_str(s->w, "to", r.address);
        json_put_str(s->w, "status", r.status);
        json_put_str(s->w, "step", r.step);
        json_put_str(s->w, "tone", r.tone);
        put_date(s->w, "planned", r.planned_date);
        put_instant(s->w, "handed_at", r.handed_at);
        json_put_str(s->w, "message_id", r.message_id);
        json_object_end(s->w);
        const Str cells[] = {arena_printf(cx->arena, "%lld", (long long)r.id),
                             instant_is_none(r.handed_at) ? day_text(s, r.planned_date) : moment_text(s, r.handed_at),
                             r.channel, r.address, r.step, r.status};
        for (size_t i = 0; i < COUNT_OF(cells); i++) add(s, &s->messages, cells[i]);
    }
    json_array_end(s->w);
    return OK;
}

static enum rc read_promises(struct summary *s) {
    struct ctx *cx = s->c->cx;
    AUTO(case_promises_close) struct case_promises_cursor cursor;
    TRY(case_promises_open(cx, &(struct case_promises_params){.customer_id = s->c->customer_id}, &cursor));
    json_key(s->w, "promises");
    json_array(s->w);
    for (;;) {
        struct case_promises_row r;
        bool more;
        TRY(case_promises_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(s->w);
        put_currency(s->w, "currency", r.currency);
        put_money(s->w, "amount", r.amount, r.currency);
        put_date(s->w, "date", r.date);
        json_put_str(s->w, "source", r.source);
        json_put_str(s->w, "actor", r.actor);
        put_instant(s->w, "made_at", r.made_at);
        put_instant(s->w, "cancelled_at", r.cancelled_at);
        json_put_str(s->w, "outcome", r.outcome);
        json_object_end(s->w);
        Str outcome = r.outcome.p ? r.outcome : instant_is_none(r.cancelled_at) ? S("open") : S("cancelled");
        Str who;
        TRY(actor_text(cx, r.actor, &who));
        const Str cells[] = {moment_text(s, r.made_at), money_cell(s, r.amount, r.currency), day_text(s, r.date), outcome, who};
        for (size_t i = 0; i < COUNT_OF(cells); i++) add(s, &s->promises, cells[i]);
    }
    json_array_end(s->w);
    return OK;
}

static enum rc read_disputes(struct summary *s) {
    struct ctx *cx = s->c->cx;
    AUTO(case_disputes_close) struct case_disputes_cursor cursor;
    TRY(case_disputes_open(cx, &(struct case_disputes_params){.customer_id = s->c->customer_id}, &cursor));
    json_key(s->w, "disputes");
    json_array(s->w);
    for (;;) {
        struct case_disputes_row r;
        bool more;
        TRY(case_disputes_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(s->w);
        json_put_str(s->w, "number", r.number);
        json_put_str(s->w, "reason", r.reason);
        json_put_str(s->w, "actor", r.actor);
        put_instant(s->w, "opened_at", r.opened_at);
        put_instant(s->w, "closed_at", r.closed_at);
        json_put_str(s->w, "outcome", r.outcome);
        json_object_end(s->w);
        Str who;
        TRY(actor_text(cx, r.actor, &who));
        const Str cells[] = {moment_text(s, r.opened_at), r.number, r.reason, r.outcome.p ? r.outcome : S("open"), who};
        for (size_t i = 0; i < COUNT_OF(cells); i++) add(s, &s->disputes, cells[i]);
    }
    json_array_end(s->w);
    return OK;
}

static enum rc read_holds(struct summary *s) {
    struct ctx *cx = s->c->cx;
    AUTO(case_holds_close) struct case_holds_cursor cursor;
    TRY(case_holds_open(cx, &(struct case_holds_params){.customer_id = s->c->customer_id}, &cursor));
    json_key(s->w, "holds");
    json_array(s->w);
    for (;;) {
        struct case_holds_row r;
        bool more;
        TRY(case_holds_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(s->w);
        json_put_str(s->w, "number", r.number);
        json_put_str(s->w, "reason", r.reason);
        json_put_str(s->w, "actor", r.actor);
        put_instant(s->w, "since", r.since);
        put_date(s->w, "until", r.until_date);
        put_instant(s->w, "released_at", r.released_at);
        json_object_end(s->w);
        Str who;
        TRY(actor_text(cx, r.actor, &who));
        const Str cells[] = {moment_text(s, r.since), r.number, r.reason,
                             instant_is_none(r.released_at) ? day_text(s, r.until_date) : moment_text(s, r.released_at), who};
        for (size_t i = 0; i < COUNT_OF(cells); i++) add(s, &s->holds, cells[i]);
    }
    json_array_end(s->w);
    return OK;
}

static enum rc list_events(struct summary *s) {
    for (size_t i = 0; i < s->c->events.count; i++) {
        const struct case_event *e = &s->c->events.items[i];
        Str who;
        TRY(actor_text(s->c->cx, e->actor, &who));
        const Str cells[] = {arena_printf(s->c->cx->arena, "%lld", (long long)e->seq), moment_text(s, e->at), e->kind, e->subject,
                             who};
        for (size_t k = 0; k < COUNT_OF(cells); k++) add(s, &s->events, cells[k]);
    }
    return OK;
}

/* ---- the PDF ---- */

static enum rc write_pdf(struct summary *s) {
    struct case_file *c = s->c;
    struct ctx *cx = c->cx;
    const struct statement_doc *d = &c->statement;
#define W(name) word_in(d->language, WORD_##name)
    const struct report_column messages[] = {{W(CODE), 0.08, false}, {W(DATE), 0.17, false}, {W(CHANNEL), 0.11, false},
                                             {W(ADDRESSEE), 0.34, false}, {W(STEP), 0.15, false}, {W(STATE), 0.15, false}};
    const struct report_column promises[] = {{W(DATE), 0.2, false}, {W(AMOUNT), 0.25, false}, {W(DUE), 0.2, false},
                                             {W(STATE), 0.15, false}, {W(ACTOR), 0.2, false}};
    const struct report_column disputes[] = {{W(DATE), 0.2, false}, {W(DOCUMENT), 0.2, false}, {W(REASON), 0.3, false},
                                             {W(STATE), 0.12, false}, {W(ACTOR), 0.18, false}};
    const struct report_column holds[] = {{W(DATE), 0.2, false}, {W(DOCUMENT), 0.17, false}, {W(REASON), 0.28, false},
                                          {W(UNTIL), 0.17, false}, {W(ACTOR), 0.18, false}};
    const struct report_column events[] = {{W(CODE), 0.09, false}, {W(DATE), 0.19, false}, {W(EVENT), 0.26, false},
                                           {W(REFERENCE), 0.26, false}, {W(ACTOR), 0.2, false}};
    const struct report_table tables[] = {
        {W(MESSAGES), S(""), messages, 6, s->messages.items, s->messages.count / 6},
        {W(PROMISES), S(""), promises, 5, s->promises.items, s->promises.count / 5},
        {W(DISPUTES), S(""), disputes, 5, s->disputes.items, s->disputes.count / 5},
        {W(HOLDS), S(""), holds, 5, s->holds.items, s->holds.count / 5},
        {W(EVENTS), S(""), events, 5, s->events.items, s->events.count / 5}};
    Str owed = S("");
    for (size_t i = 0; i < d->sum_count; i++)
        owed = arena_printf(cx->arena, "%.*s%s%.*s", STR_ARG(owed), i ? " · " : "",
                            STR_ARG(money_cell(s, d->sums[i].balance, d->sums[i].currency)));
    const struct report_fact facts[] = {
        {W(CUSTOMER), d->name}, {W(CODE), d->code}, {W(TAX_ID), d->tax_id}, {W(TO_PAY), owed},
        {W(CHAIN_HEAD), arena_printf(cx->arena, "%lld · %.*s", (long long)c->head_seq, STR_ARG(c->head_hash))}};
    const Str paragraphs[] = {W(CASE_INTRO)};
#undef W
    const struct report_doc doc = {.company = &d->company,
                                   .logo = d->logo,
                                   .language = d->language,
                                   .title = word_in(d->language, WORD_CASE_FILE),
                                   .subtitle = day_text(s, c->today),
                                   .footer = arena_printf(cx->arena, "%.*s · %.*s", STR_ARG(d->company.name), STR_ARG(d->code)),
                                   .at = c->today,
                                   .facts = facts,
                                   .fact_count = COUNT_OF(facts),
                                   .paragraphs = paragraphs,
                                   .paragraph_count = 1,
                                   .tables = tables,
                                   .table_count = COUNT_OF(tables)};
    AUTO(buf_done) struct buf pdf = buf_make(PDF_MAX_BYTES);
    TRY(report_pdf(cx, &doc, &pdf));
    case_add(c, S("summary.pdf"), arena_str(cx->arena, buf_str(&pdf)));
    return OK;
}

enum rc case_summary(struct case_file *c) {
    struct case_json j;
    struct summary s = {.c = c, .w = case_json_begin(&j)};
    json_object(s.w);
    json_put_str(s.w, "customer", c->statement.code);
    json_put_str(s.w, "name", c->statement.name);
    json_put_str(s.w, "tax_id", c->statement.tax_id);
    put_date(s.w, "at", c->today);
    enum rc rc = read_messages(&s);
    if (rc == OK) rc = read_promises(&s);
    if (rc == OK) rc = read_disputes(&s);
    if (rc == OK) rc = read_holds(&s);
    if (rc != OK) {
        case_json_drop(&j);
        return rc;
    }
    json_object_end(s.w);
    TRY(case_json_end(c, &j, "case.json"));
    TRY(list_events(&s));
    return write_pdf(&s);
}
