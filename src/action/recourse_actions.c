/* What became of an invoice beyond reminders, set by a person (REQ: A3 B3). A strategy's proposals end here too, once
 * approved (outbox/judge.c). */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "casework/recourse.h"

static enum rc invoice_recourse(struct ctx *cx, struct call *call) {
    struct found_document document;
    Str to = arg_text(call, "to");
    TRY(look_up_document(cx, arg_text(call, "number"), "number", &document));
    TRY(recourse_set(cx, &(struct recourse_new){.customer_id = document.customer_id,
                                                .document_id = document.id,
                                                .number = arg_text(call, "number"),
                                                .kind = str_is(to, "normal") ? S("") : to,
                                                .reason = arg_text(call, "reason")}));
    json_object(call->out);
    json_put_str(call->out, "number", arg_text(call, "number"));
    json_put_str(call->out, "recourse", to);
    json_put_str(call->out, "reason", arg_text(call, "reason"));
    json_object_end(call->out);
    return OK;
}

const struct action invoice_recourse_action = {
    .verb = "invoice recourse",
    .path = "POST /invoices/{number}/recourse",
    .summary = "Say that an invoice's service is suspended, or that others collect it",
    .details = "With agency or legal no more reminders name it: whoever collects it now is the only one to speak. With suspend or "
               "close_account reminders go on. normal takes it back, and one message catches up.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"number", P_TEXT, REQUIRED | POSITIONAL, "number of the invoice", NULL},
                     {"to", P_CHOICE, REQUIRED, "what it is from now on", "normal|suspend|agency|legal|close_account"},
                     {"reason", P_TEXT, REQUIRED, "why", NULL}),
    .run = invoice_recourse,
};
