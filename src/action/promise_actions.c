/* Taking a promise back that was recorded by mistake. Whether a promise was kept is the ledger's to say, never this. */
#include "action/action.h"
#include "call_sql.h"
#include "timeline/timeline.h"

static enum rc promise_cancel_run(struct ctx *cx, struct call *call) {
    struct promise_to_cancel_row p;
    bool found;
    int64_t id = arg_int(call, "id", 0);
    TRY(promise_to_cancel(cx, &(struct promise_to_cancel_params){.id = id}, &p, &found));
    if (!found) return fail_field(cx, NOT_FOUND, "id", "aldia promise list shows them", "there is no promise %lld", (long long)id);
    if (!instant_is_none(p.settled_at) || !instant_is_none(p.cancelled_at))
        return fail_field(cx, CONFLICT, "id", "its outcome stays as it is", "promise %lld is decided already", (long long)id);
    TRY(promise_cancel(cx, &(struct promise_cancel_params){.id = id}));
    TRY(event_note(cx, "promise.cancelled", p.customer_id, arena_printf(cx->arena, "%lld", (long long)id), S("{}")));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_str(call->out, "customer", p.customer_code);
    json_put_text(call->out, "state", "cancelled");
    json_object_end(call->out);
    return OK;
}

const struct action promise_cancel_action = {
    .verb = "promise cancel",
    .path = "POST /promises/{id}/cancel",
    .summary = "Take back a promise that was recorded by mistake",
    .details = "Reminders go on as if it had never been made; it counts neither as kept nor as broken. The history keeps both.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the promise", NULL}),
    .run = promise_cancel_run,
    .then = "/customers/{customer}",
};
