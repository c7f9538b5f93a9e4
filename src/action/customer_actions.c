/* Customers: list, show, hold, resume. */
#include "action/action.h"
#include "action/app.h"
#include "action/collector.h"
#include "action/customer_page.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/rows.h"
#include "casework_sql.h"
#include "customer_sql.h"
#include "document_sql.h"
#include "timeline/timeline.h"

/* A customer's state in one word: what a person would say first. */
static const char *state_of(const struct customer_balances_row *r) {
    if (r->held) return "suspended";
    if (r->overdue > 0) return "overdue";
    return r->open > 0 ? "open" : "paid";
}

static void put_balance(struct json_writer *w, const struct customer_balances_row *r, Date today, Currency fallback) {
    Currency currency = fallback;
    if (r->currency.n) MUST(currency_parse(r->currency, &currency));
    int32_t oldest = date_is_none(r->oldest_due) ? 0 : date_diff(today, r->oldest_due);
    json_object(w);
    json_put_str(w, "code", r->code);
    json_put_str(w, "name", r->name);
    put_currency(w, "currency", currency);
    put_money(w, "open", r->open, currency);
    put_money(w, "overdue", r->overdue, currency);
    json_put_i64(w, "oldest_days", oldest > 0 ? oldest : 0);
    put_money(w, "unapplied", r->unapplied, currency);
    json_put_text(w, "state", state_of(r));
    json_put_bool(w, "hold", r->held);
    json_object_end(w);
}

static enum rc customer_list(struct ctx *cx, struct call *call) {
    Date today = app_today(cx, call->app);
    int64_t days = arg_int(call, "overdue", 1);
    struct page page;
    TRY(page_begin(cx, call, &page));
    if (days < 1 || days > 100000)
        return fail_field(cx, INVALID, "overdue", NULL, "overdue must lie between 1 and 100000 days");
    AUTO(customer_balances_close) struct customer_balances_cursor cursor;
    struct customer_balances_params p = {.after = page.after,
                                         .today = today,
                                         .only_overdue = arg_has(call, "overdue"),
                                         .min_overdue = date_add(today, -(int32_t)days)};
    TRY(customer_balances_open(cx, &p, &cursor));
    items_begin(call->out);
    for (;;) {
        struct customer_balances_row r;
        bool more;
        TRY(customer_balances_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        put_balance(call->out, &r, today, call->app->company.currency);
    }
    page_end(call->out, &page);
    return OK;
}

const struct action customer_list_action = {
    .verb = "customer list",
    .path = "GET /customers",
    .summary = "List customers by what they owe",
    .details = "One line per customer and currency. open is what the customer owes, unapplied what was paid or "
               "credited and not used yet.",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"overdue", P_INT, OPTIONAL, "only at least this many days late", NULL}, PAGE_PARAMS),
    .run = customer_list,
    .columns = "code name currency open overdue oldest_days unapplied state hold",
};

static void put_credit_limit(struct json_writer *w, const struct customer_get_row *c, Currency fallback) {
    Currency currency;
    if (!currency_parse(c->currency, &currency)) currency = fallback;
    put_currency(w, "currency", currency);
    if (c->has_credit_limit) put_money(w, "credit_limit", c->credit_limit, currency);
}

static enum rc customer_show(struct ctx *cx, struct call *call) {
    int64_t id;
    struct customer_get_row c;
    struct collectors collectors;
    TRY(look_up_customer(cx, call, "code", &id));
    TRY(customer_get(cx, &(struct customer_get_params){.id = id}, &c));
    TRY(collectors_read(cx, &collectors));
    struct json_writer *w = call->out;
    json_object(w);
    json_put_str(w, "code", c.code);
    json_put_str(w, "name", c.name);
    json_put_str(w, "kind", c.kind);
    json_put_str(w, "tax_id", c.tax_id);
    json_put_str(w, "country", c.country);
    json_put_str(w, "language", c.language);
    json_put_str(w, "zone", c.zone);
    json_put_str(w, "segment", c.segment);
    json_put_str(w, "sector", c.sector);
    json_put_str(w, "profile", c.profile);
    json_put_str(w, "payment_terms", c.payment_terms);
    put_collector(w, &collectors, c.collector);
    put_credit_limit(w, &c, call->app->company.currency);
    json_put_str(w, "seller", c.seller);
    TRY(put_row_array(cx, w, "balances", &customer_balance_one_def,
                      &(struct customer_balance_one_params){.id = id, .today = app_today(cx, call->app)},
                      "currency open overdue oldest_due credit"));
    json_key(w, "contacts");
    TRY(put_contacts(cx, w, id));
    TRY(customer_put_page(cx, call, id));
    TRY(customer_put_next(cx, call, id, c.code));
    json_object_end(w);
    return OK;
}

const struct action customer_show_action = {
    .verb = "customer show",
    .path = "GET /customers/{code}",
    .summary = "Show a customer: data, contacts and what is owed",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL}),
    .run = customer_show,
    .view = "customer",
};
