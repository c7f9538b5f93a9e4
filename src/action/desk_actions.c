/* What people do at the desk and nowhere else: notes, one change to many customers, stopping everything, letting a day of the demo pass. */
#include "account/session.h"
#include "action/account_settings.h"
#include "action/app.h"
#include "action/demo.h"
#include "action/desk.h"
#include "base/file.h"
#include "portfolio/finding.h"
#include "timeline/timeline.h"

/* ---- notes ---- */

static Str json_member(struct ctx *cx, const char *key, Str value) {
    struct buf b = buf_make(65536);
    buf_printf(&b, "{\"%s\":\"", key);
    buf_add_json(&b, value);
    buf_add(&b, S("\"}"));
    Str text = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

static enum rc note_add_run(struct ctx *cx, struct call *call) {
    int64_t id;
    Str text = str_trim(arg_text(call, "text"));
    TRY(look_up_customer(cx, call, "code", &id));
    if (text.n < 3)
        return fail_field(cx, INVALID, "text", "say who, what was said and what was agreed", "the note says nothing");
    TRY(find_note(cx, "note.added", id, arg_text(call, "code"), json_member(cx, "text", text), text));
    json_object(call->out);
    json_put_str(call->out, "customer", arg_text(call, "code"));
    json_put_str(call->out, "text", text);
    json_object_end(call->out);
    return OK;
}

const struct action note_add_action = {
    .verb = "note add",
    .path = "POST /customers/{code}/notes",
    .summary = "Write a note into a customer's history",
    .details = "Who said what, and what was agreed. Nobody can change it afterwards.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     {"text", P_TEXT, REQUIRED | MULTILINE, "the note", NULL}),
    .run = note_add_run,
    .then = "/customers/{code}",
    .form = "customer show",
};

/* ---- stopping everything ---- */

static enum rc sending_show_run(struct ctx *cx, struct call *call) { return desk_put_state(cx, call->app, call->out); }

const struct action sending_show_action = {
    .verb = "sending show",
    .path = "GET /sending",
    .summary = "Whether messages go out, and what waits to",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = NO_PARAMS,
    .run = sending_show_run,
    .view = "sending",
};

/* ---- the demo's clock ---- */

/* Whoever let the day pass was here all along: their session begins anew on it, instead of ending for want of use. */
static enum rc keep_session(struct ctx *cx, struct call *call) {
    const struct actor *me = cx->who;
    struct session_rules rules = app_session_rules(call->app);
    if (me->kind != ACTOR_USER) return OK;
    TRY(clock_now(cx, &call->app->clock, &cx->now));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    TRY(session_begin(cx, &rules,
                      &(struct session_start){.user_id = me->user_id,
                                              .company_id = me->company_id,
                                              .stage = SESSION_OPEN,
                                              .address = str_from(me->address),
                                              .replaces = me->session_id},
                      call->new_session));
    return tx_commit(scope);
}

static enum rc demo_advance_run(struct ctx *cx, struct call *call) {
    int64_t days = arg_int(call, "days", 1);
    if (days < 1 || days > 31) return fail_field(cx, INVALID, "days", NULL, "days must lie between 1 and 31");
    if (!file_exists(app_path(cx, call->app, "demo.txt")))
        return fail_field(cx, DENIED, NULL, "only time itself moves a real company on", "this is not the demo");
    Date day;
    TRY(demo_advance(cx, call->app, (int)days, &day));
    TRY(keep_session(cx, call));
    json_object(call->out);
    put_date(call->out, "date", day);
    json_object_end(call->out);
    return OK;
}

const struct action demo_advance_action = {
    .verb = "demo advance",
    .path = "POST /demo/advance",
    .summary = "Let days of the demo pass",
    .details = "What was sold, paid, promised and disputed in them is invented; what aldia does is real, into the local outbox.",
    .needs = CAP_RUN,
    .tx = TX_NONE,
    .params = PARAMS({"days", P_INT, OPTIONAL, "how many; one if not given", NULL}),
    .run = demo_advance_run,
    .then = "/today",
    .form = "today",
    .is_slow = true,
};
