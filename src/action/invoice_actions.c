/* Invoices: list and show. States are computed here and nowhere stored (REQ: A3). */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/rows.h"
#include "customer_sql.h"
#include "document_sql.h"
#include "ledger_sql.h"
#include "portfolio/portfolio_types.h"

#define DUE_SOON_DAYS 7

static const char *recourse_word(Str recourse) {
    if (str_is(recourse, "agency")) return "agency";
    if (str_is(recourse, "legal")) return "legal";
    return str_is(recourse, "suspend") ? "suspended" : "closed";
}

static const char *state_of(const struct instalment_list_row *r, Date today) {
    if (r->open == 0) return r->written_off > 0 ? "written_off" : "paid";
    if (!r->is_claim) return "open"; /* a credit note is not late: it waits to be used */
    if (r->disputed) return "disputed";
    if (r->promised) return "promised";
    if (r->recourse.n) return recourse_word(r->recourse);
    if (r->held) return "suspended";
    int32_t late = date_diff(today, r->due_date);
    if (late > 0) return "overdue";
    return late >= -DUE_SOON_DAYS ? "due_soon" : "open";
}

static void put_instalment(struct json_writer *w, const struct instalment_list_row *r, Date today) {
    int32_t late = date_diff(today, r->due_date);
    json_object(w);
    json_put_str(w, "number", r->number);
    json_put_i64(w, "instalment", r->position);
    json_put_str(w, "customer", r->customer_code);
    json_put_str(w, "name", r->customer_name);
    json_put_str(w, "type", r->type);
    put_date(w, "issue_date", r->issue_date);
    put_date(w, "due_date", r->due_date);
    put_currency(w, "currency", r->currency);
    put_money(w, "amount", r->amount, r->currency);
    put_money(w, "open", r->open, r->currency);
    json_put_text(w, "state", state_of(r, today));
    json_put_i64(w, "days_overdue", r->is_claim && r->open > 0 && late > 0 ? late : 0);
    json_object_end(w);
}

static enum rc list_all(struct ctx *cx, struct call *call, struct page *page, Date today) {
    AUTO(instalment_list_close) struct instalment_list_cursor cursor;
    struct instalment_list_params p = {.only_open = arg_flag(call, "open"), .after = page->after, .today = today};
    TRY(instalment_list_open(cx, &p, &cursor));
    for (;;) {
        struct instalment_list_row r;
        bool more;
        TRY(instalment_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(page, r.instalment_id)) return OK;
        put_instalment(call->out, &r, today);
    }
}

static enum rc list_of_customer(struct ctx *cx, struct call *call, struct page *page, Date today, int64_t customer_id) {
    AUTO(instalment_list_of_customer_close) struct instalment_list_of_customer_cursor cursor;
    struct instalment_list_of_customer_params p = {
        .customer_id = customer_id, .only_open = arg_flag(call, "open"), .after = page->after, .today = today};
    TRY(instalment_list_of_customer_open(cx, &p, &cursor));
    for (;;) {
        struct instalment_list_row r;
        bool more;
        TRY(instalment_list_of_customer_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(page, r.instalment_id)) return OK;
        put_instalment(call->out, &r, today);
    }
}

static enum rc invoice_list(struct ctx *cx, struct call *call) {
    Date today = app_today(cx, call->app);
    struct page page;
    TRY(page_begin(cx, call, &page));
    int64_t customer_id = 0;
    bool is_all = !arg_has(call, "customer");
    if (!is_all) TRY(look_up_customer(cx, call, "customer", &customer_id));
    items_begin(call->out);
    TRY(is_all ? list_all(cx, call, &page, today) : list_of_customer(cx, call, &page, today, customer_id));
    page_end(call->out, &page);
    return OK;
}

const struct action invoice_list_action = {
    .verb = "invoice list",
    .path = "GET /invoices",
    .summary = "List documents, one line per instalment",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS({"customer", P_TEXT, OPTIONAL, "only this customer's", NULL},
                     {"open", P_FLAG, OPTIONAL, "only what is open", NULL}, PAGE_PARAMS),
    .run = invoice_list,
    .view = "invoice_list",
    .columns = "number instalment customer type issue_date due_date currency amount open state days_overdue",
};

static enum rc put_instalments(struct ctx *cx, struct json_writer *w, int64_t document_id, Currency currency) {
    json_key(w, "instalments");
    json_array(w);
    AUTO(instalments_of_document_close) struct instalments_of_document_cursor cursor;
    TRY(instalments_of_document_open(cx, &(struct instalments_of_document_params){.document_id = document_id},
                                     &cursor));
    for (;;) {
        struct instalments_of_document_row r;
        bool more;
        TRY(instalments_of_document_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_i64(w, "instalment", r.position);
        put_date(w, "due_date", r.due_date);
        put_money(w, "amount", r.amount, currency);
        put_money(w, "open", r.open, currency);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

static bool is_claim(Str type) {
    enum document_type parsed;
    return document_type_parse(type, &parsed) && document_is_claim(parsed);
}

/* Whose it is, what is open of it, and the dispute about it. */
static enum rc put_case(struct ctx *cx, struct json_writer *w, const struct document_get_row *d) {
    struct customer_get_row c;
    struct document_case_row state;
    Str customer_code, customer_name;
    TRY(customer_get(cx, &(struct customer_get_params){.id = d->customer_id}, &c));
    customer_code = arena_str(cx->arena, c.code);
    customer_name = arena_str(cx->arena, c.name);
    TRY(document_case(cx, &(struct document_case_params){.id = d->id}, &state));
    json_put_str(w, "customer", customer_code);
    json_put_str(w, "customer_name", customer_name);
    put_money(w, "open", state.open, d->currency);
    json_put_bool(w, "claim", is_claim(d->type));
    json_put_bool(w, "refundable", !is_claim(d->type) && state.open > 0);
    json_put_bool(w, "disputed", state.dispute_reason.p != NULL);
    json_put_str(w, "dispute_reason", state.dispute_reason);
    return OK;
}

static enum rc invoice_show(struct ctx *cx, struct call *call) {
    struct found_document found;
    struct document_get_row d;
    TRY(look_up_document(cx, arg_text(call, "number"), "number", &found));
    TRY(document_get(cx, &(struct document_get_params){.id = found.id}, &d));
    struct json_writer *w = call->out;
    json_object(w);
    json_put_str(w, "number", d.number);
    json_put_str(w, "type", d.type);
    put_date(w, "issue_date", d.issue_date);
    put_currency(w, "currency", d.currency);
    put_money(w, "amount", d.amount, d.currency);
    json_put_str(w, "reference", d.reference);
    json_put_str(w, "description", d.description);
    TRY(put_case(cx, w, &d));
    TRY(put_instalments(cx, w, d.id, d.currency));
    TRY(put_row_array(cx, w, "movements", &entries_of_document_def, &(struct entries_of_document_params){.document_id = d.id},
                      "date instalment=position kind amount"));
    json_object_end(w);
    return OK;
}

const struct action invoice_show_action = {
    .verb = "invoice show",
    .path = "GET /invoices/{number}",
    .summary = "Show a document, its instalments and every movement",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS({"number", P_TEXT, REQUIRED | POSITIONAL, "number of the document", NULL}),
    .run = invoice_show,
    .view = "invoice",
};
