/* Giving an invoice up, by two people (INV: I18), and taking that back. */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "document_sql.h"
#include "portfolio/ledger.h"

/* What is done to each instalment of an invoice. */
typedef enum rc one_instalment(struct ctx *cx, const struct write_off *w, int64_t *out_amount);

static enum rc each_instalment(struct ctx *cx, struct call *call, one_instalment *change, const char *result) {
    struct found_document document;
    int64_t total = 0;
    VEC_OF(int64_t) ids = {0};
    Str number = arg_text(call, "number");
    TRY(look_up_document(cx, number, "number", &document));
    {
        AUTO(instalments_of_document_close) struct instalments_of_document_cursor cursor = {0};
        TRY(instalments_of_document_open(
            cx, &(struct instalments_of_document_params){.document_id = document.id}, &cursor));
        for (;;) {
            struct instalments_of_document_row r;
            bool more;
            TRY(instalments_of_document_next(cx, &cursor, &r, &more));
            if (!more) break;
            if (!r.is_claim) return fail_field(cx, INVALID, "number", NULL, "only what is owed to the company can be given up");
            *VEC_PUSH(cx->arena, &ids) = r.id;
        }
    }
    for (size_t i = 0; i < ids.count; i++) {
        int64_t amount;
        TRY(change(cx,
                   &(struct write_off){.instalment_id = ids.items[i],
                                       .number = number,
                                       .reason = arg_text(call, "reason"),
                                       .today = app_today(cx, call->app)},
                   &amount));
        total += amount;
    }
    if (total == 0)
        return fail_field(cx, CONFLICT, "number", NULL, 
                          change == debt_write_off ? "nothing of invoice %.*s is open" : "nothing of invoice %.*s is written off",
                          STR_ARG(number));
    json_object(call->out);
    json_put_str(call->out, "number", number);
    put_currency(call->out, "currency", document.currency);
    put_money(call->out, result, total, document.currency);
    json_object_end(call->out);
    return OK;
}

static enum rc write_off_run(struct ctx *cx, struct call *call) {
    return each_instalment(cx, call, debt_write_off, "written_off");
}

const struct action invoice_write_off_action = {
    .verb = "invoice write-off",
    .path = "POST /invoices/{number}/write-off",
    .summary = "Give up what is open of an invoice; another person approves it",
    .details = "Waits as a proposal (aldia proposal list) until a second person approves it.",
    .needs = CAP_WRITE_OFF,
    .tx = TX_WRITE,
    .second_person = "*",
    .params = PARAMS({"number", P_TEXT, REQUIRED | POSITIONAL, "number of the invoice", NULL},
                     {"reason", P_TEXT, REQUIRED, "why", NULL}),
    .run = write_off_run,
};

static enum rc reinstate_run(struct ctx *cx, struct call *call) {
    return each_instalment(cx, call, debt_reinstate, "reinstated");
}

const struct action invoice_reinstate_action = {
    .verb = "invoice reinstate",
    .path = "POST /invoices/{number}/reinstate",
    .summary = "Take the write-off of an invoice back",
    .needs = CAP_WRITE_OFF,
    .tx = TX_WRITE,
    .params = PARAMS({"number", P_TEXT, REQUIRED | POSITIONAL, "number of the invoice", NULL},
                     {"reason", P_TEXT, REQUIRED, "why", NULL}),
    .run = reinstate_run,
};
