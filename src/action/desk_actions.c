/* What people do at the desk and nowhere else: notes, one change to many customers, stopping everything, letting a day of the demo pass. */
#include "account/session.h"
#include "action/account_settings.h"
#include "action/app.h"
#include "action/demo.h"
#include "action/desk.h"
#include "base/file.h"
#include "customer_sql.h"
#include "portfolio/finding.h"
#include "portfolio/standing.h"
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

/* ---- one change to many customers ---- */

static void ignore(void *self, struct json_writer *w, enum json_event event, Str key, Str text) {
    (void)self, (void)w, (void)event, (void)key, (void)text;
}

static enum rc change_one(struct ctx *cx, const struct call *call, Str what, Str code, int64_t *changed) {
    struct customer_by_code_row row;
    bool found;
    TRY(customer_seen_by_code(cx, &(struct customer_seen_by_code_params){.code = code}, &row, &found));
    if (!found) return fail_field(cx, NOT_FOUND, "code", NULL, "there is no customer %.*s", STR_ARG(code));
    if (str_is(what, "assign")) {
        Str to = arg_text(call, "to");
        TRY(customer_set_collector(cx, &(struct customer_set_collector_params){.id = row.id, .collector = to}));
        TRY(standing_reassign(cx, row.id));
        ++*changed;
        return event_note(cx, "customer.assigned", row.id, code, json_member(cx, "collector", to));
    }
    const struct action *a = action_find(str_is(what, "hold") ? S("customer hold") : S("customer resume"));
    struct json_writer silent = {.sink = ignore};
    struct call one = {.app = call->app, .action = a, .out = &silent};
    for (const struct param *p = a->params; p->name; p++) {
        if (str_is(str_from(p->name), "code")) TRY(call_set(cx, &one, p, code));
        if (str_is(str_from(p->name), "reason")) TRY(call_set(cx, &one, p, arg_text(call, "reason")));
        if (str_is(str_from(p->name), "until") && arg_has(call, "until"))
            TRY(call_set(cx, &one, p, arg_text(call, "until")));
    }
    enum rc rc = a->run(cx, &one);
    if (rc == CONFLICT) { /* it was not on hold: nothing to resume */
        cx->fault = (struct fault){0};
        return OK;
    }
    *changed += rc == OK;
    return rc;
}

static enum rc customers_change_run(struct ctx *cx, struct call *call) {
    Str what = arg_text(call, "do");
    int64_t changed = 0;
    if (arg_count(call, "code") == 0)
        return fail_field(cx, INVALID, "code", "tick the customers in the list first", "no customer was chosen");
    if (str_is(what, "hold") && str_trim(arg_text(call, "reason")).n == 0)
        return fail_field(cx, INVALID, "reason", "it stays in the history of each", "a hold needs a reason");
    if (str_is(what, "assign") && str_trim(arg_text(call, "to")).n == 0)
        return fail_field(cx, INVALID, "to", "the code of a collector", "whom shall they be assigned to?");
    if (str_is(what, "assign") && !actor_may(cx->who, CAP_CUSTOMER_WRITE))
        return fail_field(cx, DENIED, "do", "a supervisor can", "you may not assign customers");
    for (size_t i = 0; i < arg_count(call, "code"); i++)
        TRY(change_one(cx, call, what, arg_nth(call, "code", i), &changed));
    json_object(call->out);
    json_put_str(call->out, "do", what);
    json_put_i64(call->out, "changed", changed);
    json_object_end(call->out);
    return OK;
}

const struct action customers_change_action = {
    .verb = "customers change",
    .path = "POST /customers/change",
    .summary = "Hold, resume or assign several customers at once",
    .details = "All or none. A customer that is not on hold is passed over by resume.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"code", P_TEXT, REPEATED, "codes of the customers", NULL},
                     {"do", P_CHOICE, REQUIRED, "what to do", "hold|resume|assign"},
                     {"reason", P_TEXT, OPTIONAL, "why; hold needs it", NULL},
                     {"until", P_DATE, OPTIONAL, "last day of the hold", NULL},
                     {"to", P_TEXT, OPTIONAL, "code of the collector", NULL}),
    .run = customers_change_run,
    .then = "/portfolio",
    .form = "portfolio",
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
