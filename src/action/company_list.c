/* Companies of this installation. */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/rows.h"
#include "health_sql.h"

static enum rc company_list(struct ctx *cx, struct call *call) {
    TRY(app_open_database(cx, call->app));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_READ));
    items_begin(call->out);
    TRY(put_rows(cx, call->out, &company_all_def, NULL, "code name country currency zone language sending last_run=last_run_at"));
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
