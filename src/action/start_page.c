/* The guided start: from an empty company to the first rehearsal, and what is left to do (REQ: L10). */
#include "action/app.h"
#include "action/desk.h"
#include "action/env.h"
#include "desk_sql.h"

enum start_step { STEP_COMPANY, STEP_CUSTOMERS, STEP_INVOICES, STEP_REHEARSAL, STEP_ACTIVATE, STEPS };
static const char *const step_names[STEPS] = {"company", "customers", "invoices", "rehearsal", "activate"};

/* How far a company has come; steps may be passed over and come back to. */
struct way {
    struct desk_start_row row;
    bool done[STEPS];
    int done_count, next; /* next: STEPS when nothing is left */
    const char *lacks;    /* of the company's step: "both", "person" or "ways"; NULL when it is done */
};

static enum rc read_way(struct ctx *cx, struct way *out) {
    struct way way = {.next = STEPS};
    TRY(desk_start(cx, &way.row));
    const struct desk_start_row *r = &way.row;
    bool has_person = r->person_email.n > 0, has_ways = r->ways_to_pay.n > 0 || r->ways > 0;
    way.lacks = has_person ? (has_ways ? NULL : "ways") : (has_ways ? "person" : "both");
    way.done[STEP_COMPANY] = !way.lacks;
    way.done[STEP_CUSTOMERS] = r->customers > 0;
    way.done[STEP_INVOICES] = r->invoices > 0;
    way.done[STEP_REHEARSAL] = (r->rehearsed && r->invoices) || r->active;
    way.done[STEP_ACTIVATE] = r->active > 0;
    for (int i = STEPS - 1; i >= 0; i--) {
        way.done_count += way.done[i];
        if (!way.done[i]) way.next = i;
    }
    *out = way;
    return OK;
}

enum rc start_put(struct ctx *cx, struct json_writer *w) {
    struct way way;
    TRY(read_way(cx, &way));
    json_object(w);
    json_put_i64(w, "done", way.done_count);
    json_put_i64(w, "steps", STEPS);
    json_put_text(w, "step", way.next < STEPS ? step_names[way.next] : NULL);
    json_put_text(w, "lacks", way.lacks);
    json_object_end(w);
    return OK;
}

static enum rc start_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct way way;
    TRY(read_way(cx, &way));
    const struct desk_start_row *r = &way.row;
    json_object(w);
    json_put_i64(w, "customers", r->customers);
    json_put_i64(w, "invoices", r->invoices);
    json_put_i64(w, "contacts", r->contacts);
    json_put_bool(w, "active", r->active > 0);
    json_put_bool(w, "captured", mail_is_captured(call->app));
    json_put_bool(w, "ready", way.done[STEP_COMPANY] && way.done[STEP_CUSTOMERS] && way.done[STEP_INVOICES]);
    json_put_text(w, "lacks", way.lacks);
    json_put_str(w, "strategy", r->strategy);
    json_put_str(w, "strategy_name", r->strategy_name);
    json_key(w, "steps");
    json_array(w);
    for (int i = 0; i < STEPS; i++) {
        json_object(w);
        json_put_text(w, "step", step_names[i]);
        json_put_bool(w, "done", way.done[i]);
        json_put_bool(w, "next", way.next == i);
        json_object_end(w);
    }
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
