/* The guided start: from an empty company to the first rehearsal, and what is left to do (REQ: L10). */
#include "action/app.h"
#include "action/desk.h"
#include "action/env.h"
#include "desk_sql.h"

static void put_step(struct json_writer *w, const char *step, bool done, bool *next) {
    json_object(w);
    json_put_text(w, "step", step);
    json_put_bool(w, "done", done);
    json_put_bool(w, "next", !done && *next);
    json_object_end(w);
    if (!done) *next = false;
}

static enum rc start_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct desk_start_row r;
    bool next = true;
    TRY(desk_start(cx, &r));
    bool told = r.person_email.n && r.ways_to_pay.n;
    json_object(w);
    json_put_i64(w, "customers", r.customers);
    json_put_i64(w, "invoices", r.invoices);
    json_put_i64(w, "contacts", r.contacts);
    json_put_bool(w, "active", r.active > 0);
    json_put_bool(w, "captured", mail_is_captured(call->app));
    json_put_bool(w, "ready", told && r.customers && r.invoices);
    json_key(w, "steps");
    json_array(w);
    put_step(w, "company", told, &next);
    put_step(w, "customers", r.customers > 0, &next);
    put_step(w, "invoices", r.invoices > 0, &next);
    put_step(w, "rehearsal", r.active > 0, &next);
    put_step(w, "activate", r.active > 0, &next);
    json_array_end(w);
    json_object_end(w);
    return OK;
}

const struct action start_action = {
    .verb = "start",
    .path = "GET /start",
    .summary = "What is left to do before the first reminder",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = NO_PARAMS,
    .run = start_run,
    .view = "start",
    .columns = "steps: step done",
};

/* On a telephone: what does not fit into the bar at the foot. */
static enum rc more_run(struct ctx *cx, struct call *call) {
    (void)cx;
    json_object(call->out);
    json_object_end(call->out);
    return OK;
}

const struct action more_action = {
    .verb = "more",
    .path = "GET /more",
    .summary = "Every place there is to go",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_NONE,
    .params = NO_PARAMS,
    .run = more_run,
    .view = "more",
};
