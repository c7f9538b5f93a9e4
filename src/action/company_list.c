/* Companies of this installation. */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "health_sql.h"

static enum rc company_list(struct ctx *cx, struct call *call) {
    char code[4];
    TRY(app_open_database(cx, call->app));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_READ));
    AUTO(company_all_close) struct company_all_cursor cursor = {0};
    TRY(company_all_open(cx, &cursor));
    items_begin(call->out);
    for (;;) {
        struct company_all_row r;
        bool more;
        TRY(company_all_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(call->out);
        json_put_str(call->out, "code", r.code);
        json_put_str(call->out, "name", r.name);
        json_put_str(call->out, "country", r.country);
        json_put_str(call->out, "currency", currency_code(r.currency, code));
        json_put_str(call->out, "zone", r.zone);
        json_put_str(call->out, "language", r.language);
        json_put_str(call->out, "sending", r.sending);
        put_instant(call->out, "last_run", r.last_run_at);
        json_object_end(call->out);
    }
    items_end(call->out);
    return OK;
}

const struct action company_list_action = {
    .verb = "company list",
    .path = "GET /companies",
    .summary = "List the companies of this installation",
    .details = "Where there are several, every other command wants --company CODE.",
    .needs = CAP_REPORT_READ,
    .tx = TX_NONE,
    .without_company = true, /* it is asked before one is chosen */
    .params = NO_PARAMS,
    .run = company_list,
    .columns = "code name country currency zone language sending last_run",
};
