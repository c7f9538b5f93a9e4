/* A message of the rehearsal as its reader would see it (REQ: B13). */
#include "action/env.h"
#include "action/lookup.h"
#include "action/rehearsing.h"
#include "outbox/enclosure.h"
#include "plan/facts.h"

#define DAYS_MOST 180

struct wanted {
    Str step; /* empty: any */
    bool found;
    struct message_text text;
    Str name, customer, contact, address, done_step, done_name, tone, channel;
    Currency currency;
    int64_t total;
};

static enum rc take(struct ctx *cx, void *self, const struct plan_env *env, const struct planned_customer *c, const struct decision *d) {
    struct wanted *w = self;
    if (w->found || (w->step.n && !str_equal(w->step, d->step->id))) return OK;
    struct message_facts facts = facts_of(cx->arena, env, c, d);
    TRY(enclosure_choose(cx, env, c, d, &facts));
    TRY(message_compose(cx, env->policy.library, &facts, &w->text));
    w->found = true;
    w->customer = c->snapshot.customer.code;
    w->name = c->snapshot.customer.name;
    w->contact = d->contact ? arena_str(cx->arena, d->contact->name) : S("");
    w->address = d->contact ? arena_str(cx->arena, d->contact->address[d->channel]) : S("");
    w->done_step = arena_str(cx->arena, d->step->id);
    w->done_name = arena_str(cx->arena, d->step->name);
    w->tone = str_from(tone_name(d->tone));
    w->channel = str_from(channel_kind_name(d->channel));
    w->total = d->total.minor;
    w->currency = d->total.currency;
    return OK;
}

static enum rc compose(struct ctx *cx, struct call *call, struct wanted *out) {
    struct plan_env env;
    struct rehearsal_span span;
    int64_t id;
    Date day = arg_date(call, "on");
    TRY(look_up_customer(cx, call, "customer", &id));
    TRY(env_build(cx, call->app, &env));
    TRY(rehearsing_span(cx, call, env.scope.today, DAYS_MOST, DAYS_MOST, &span));
    *out = (struct wanted){.step = arg_text(call, "step")};
    TRY(rehearse_day_of(cx, &env, &span, id, day, take, out));
    if (out->found) return OK;
    return fail_field(cx, NOT_FOUND, "on", "the data may have changed since: open the rehearsal again", "no message goes to this customer on that day");
}

static enum rc message_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct wanted m;
    TRY(compose(cx, call, &m));
    json_object(w);
    json_put_str(w, "customer", m.customer);
    json_put_str(w, "name", m.name);
    put_date(w, "on", arg_date(call, "on"));
    json_put_str(w, "contact", m.contact);
    json_put_str(w, "to", m.address);
    json_put_str(w, "channel", m.channel);
    json_put_str(w, "step", m.done_step);
    json_put_str(w, "step_name", m.done_name);
    json_put_str(w, "tone", m.tone);
    put_currency(w, "currency", m.currency);
    put_money(w, "total", m.total, m.currency);
    json_put_str(w, "language", m.text.language);
    json_put_str(w, "wording", m.text.wording);
    json_put_str(w, "subject", m.text.subject);
    json_put_str(w, "text", m.text.text);
    json_put_bool(w, "has_html", m.text.html.n > 0);
    json_object_end(w);
    return OK;
}

#define MESSAGE_PARAMS                                                                                                             \
    {"customer", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL}, {"on", P_DATE, REQUIRED | POSITIONAL, "the day", NULL}, \
        {"step", P_TEXT, OPTIONAL, "only if it is this step", NULL}, {"days", P_INT, OPTIONAL, "of the rehearsal", NULL}

const struct action rehearsal_message_action = {
    .verb = "rehearsal message",
    .path = "GET /rehearsals/message",
    .summary = "Show a message of the rehearsal as it would be read",
    .details = "Lives through the days up to that one for this customer and composes what would be handed over then. Attachments are not made.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(MESSAGE_PARAMS),
    .run = message_run,
    .view = "rehearsal_message",
};

static enum rc html_run(struct ctx *cx, struct call *call) {
    struct wanted m;
    TRY(compose(cx, call, &m));
    if (!m.text.html.n) return fail_field(cx, NOT_FOUND, "on", NULL, "the message has no HTML view");
    if (call->raw) {
        call->raw_type = "text/html; charset=utf-8";
        call->raw_name = "message.html";
        call->raw_inline = true;
        call->raw(call->self, m.text.html);
        return OK;
    }
    json_object(call->out);
    json_put_str(call->out, "html", m.text.html);
    json_object_end(call->out);
    return OK;
}

const struct action rehearsal_html_action = {
    .verb = "rehearsal html",
    .path = "GET /rehearsals/html",
    .summary = "Show the HTML of a mail of the rehearsal, as its reader would see it",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_READ,
    .params = PARAMS(MESSAGE_PARAMS),
    .run = html_run,
    .exports = EXPORTS_NOBODY, /* within its page */
};
