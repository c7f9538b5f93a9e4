/* Keeping calls for a second person. */
#include "action/proposal.h"

#include <string.h>

#include "action/account_settings.h"
#include "action/app.h"
#include "action/arguments.h"
#include "action/lookup.h"
#include "document_sql.h"
#include "ledger_sql.h"
#include "proposal_sql.h"
#include "timeline/timeline.h"

enum rc proposals_apply(struct ctx *cx, const struct app *app, bool *out) {
    struct proposal_is_live_row row;
    *out = false;
    if (!setting_on(&app->settings, &four_eyes_setting)) return OK;
    TRY(proposal_is_live(cx, &row));
    *out = row.strategies > 0;
    return OK;
}

enum rc proposal_wanted(struct ctx *cx, const struct call *call, bool *out) {
    const char *when = call->action->second_person;
    *out = false;
    if (!when || (strcmp(when, "*") != 0 && !action_names_one(call, when))) return OK;
    return proposals_apply(cx, call->app, out);
}

static void ignore(void *self, struct json_writer *w, enum json_event event, Str key, Str text) {
    (void)self, (void)w, (void)event, (void)key, (void)text;
}

/* As it would be run later, to tell its faults now. */
static enum rc try_and_undo(struct ctx *cx, const struct call *call) {
    struct json_writer silent = {.sink = ignore};
    struct call attempt = *call;
    attempt.out = &silent;
    TRY(tx_savepoint(cx));
    enum rc rc = call->action->run(cx, &attempt);
    struct fault kept = cx->fault;
    TRY(tx_savepoint_rollback(cx));
    cx->fault = kept;
    return rc;
}

/* Of the payment a refund is of. */
static enum rc customer_of_payment(struct ctx *cx, const struct call *call, Str object, int64_t *out) {
    struct payment_get_row payment;
    int64_t id;
    bool found;
    if (strcmp(call->action->verb, "payment refund") != 0 || !str_to_i64(object, &id)) return OK;
    TRY(payment_get(cx, &(struct payment_get_params){.id = id}, &payment, &found));
    if (found) *out = payment.customer_id;
    return OK;
}

/* Of the invoice or payment it names, so that only those who may see the customer see the proposal. */
static enum rc customer_of(struct ctx *cx, const struct call *call, Str object, int64_t *out) {
    struct document_by_number_row document;
    bool found = false;
    *out = 0;
    for (const struct param *p = call->action->params; p->name; p++)
        if (strcmp(p->name, "number") == 0 && (p->flags & POSITIONAL))
            TRY(document_seen_by_number(cx, &(struct document_seen_by_number_params){.number = object}, &document, &found));
    if (found) *out = document.customer_id;
    return found ? OK : customer_of_payment(cx, call, object, out);
}

/* A form sent twice must not become two deeds. */
static enum rc refuse_same(struct ctx *cx, const struct call *call, Str object, Str arguments) {
    struct proposal_same_row same;
    bool found;
    struct proposal_same_params wanted = {.verb = str_from(call->action->verb), .object = object, .arguments = arguments};
    TRY(proposal_same(cx, &wanted, &same, &found));
    if (!found) return OK;
    return fail_field(cx, CONFLICT, NULL, "approve it or withdraw it first; if it is something else, say so in the reason",
                      "proposal %lld asks for exactly this already", (long long)same.id);
}

enum rc proposal_make(struct ctx *cx, struct call *call, Str object) {
    struct proposal_next_id_row next;
    int64_t customer_id;
    TRY(try_and_undo(cx, call));
    TRY(customer_of(cx, call, object, &customer_id));
    Str arguments = arguments_text(cx, call);
    TRY(refuse_same(cx, call, object, arguments));
    TRY(proposal_next_id(cx, &next));
    TRY(proposal_insert(cx, &(struct proposal_insert_params){.id = next.id,
                                                             .verb = str_from(call->action->verb),
                                                             .object = object,
                                                             .arguments = arguments,
                                                             .has_customer_id = customer_id != 0,
                                                             .customer_id = customer_id,
                                                             .actor = str_from(cx->actor),
                                                             .actor_kind = cx->who->kind,
                                                             .user_id = cx->who->user_id}));
    Str data = arena_printf(cx->arena, "{\"proposal\":%lld,\"verb\":\"%s\"}", (long long)next.id, call->action->verb);
    TRY(event_note(cx, "proposal.made", customer_id, object, data));
    call->proposal = next.id;
    json_object(call->out);
    json_put_i64(call->out, "proposal", next.id);
    json_put_text(call->out, "status", "open");
    json_put_text(call->out, "verb", call->action->verb);
    json_put_str(call->out, "object", object);
    json_object_end(call->out);
    return OK;
}
