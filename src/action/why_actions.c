/* `why`: every reason for and against contact, in words (REQ: B13). */
#include "action/action.h"

#include "action/customer_page.h"
#include "action/env.h"
#include "action/instance.h"
#include "action/lookup.h"
#include "company_sql.h"
#include "customer_sql.h"
#include "document_sql.h"
#include "outbox_sql.h"
#include "plan/why.h"
#include "strategy/reason_text.h"

/* What the timeline's events are called. */
static const struct {
    const char *kind, *es, *en, *pt;
} events[] = {
    {"message.handing", "Se empezó a entregar el mensaje", "The message was being handed over",
     "A mensagem começou a ser entregue"},
    {"message.sent", "El mensaje fue aceptado por el canal", "The channel accepted the message",
     "A mensagem foi aceita pelo canal"},
    {"message.deferred", "El canal no aceptó el mensaje; se reintentará",
     "The channel did not take the message; it will be tried again",
     "O canal não aceitou a mensagem; será tentado de novo"},
    {"message.failed", "El mensaje fue rechazado", "The message was rejected", "A mensagem foi rejeitada"},
    {"message.ambiguous", "No se sabe si el mensaje llegó a salir", "It is not known whether the message left",
     "Não se sabe se a mensagem saiu"},
    {"message.cancelled", "Una persona anuló el mensaje", "A person cancelled the message",
     "Uma pessoa cancelou a mensagem"},
    {"message.confirmed", "Una persona aprobó el mensaje", "A person approved the message",
     "Uma pessoa aprovou a mensagem"},
    {"message.settled", "Una persona aclaró qué fue del mensaje", "A person settled what became of the message",
     "Uma pessoa esclareceu o que houve com a mensagem"},
    {"promise.made", "Se registró una promesa de pago", "A promise to pay was recorded",
     "Registrou-se uma promessa de pagamento"},
    {"promise.settled", "Se decidió si la promesa se cumplió", "It was decided whether the promise was kept",
     "Decidiu-se se a promessa foi cumprida"},
    {"dispute.opened", "Se abrió una disputa", "A dispute was opened", "Abriu-se uma disputa"},
    {"dispute.closed", "Se cerró la disputa", "The dispute was closed", "Encerrou-se a disputa"},
    {"customer.held", "Se pusieron en pausa los recordatorios", "Reminders were put on hold",
     "Os lembretes foram postos em pausa"},
    {"customer.resumed", "Se reanudaron los recordatorios", "Reminders were resumed", "Os lembretes foram retomados"},
    {"payment.recorded", "Se registró un pago", "A payment was recorded", "Registrou-se um pagamento"},
    {"payment.reversed", "Se anuló un pago", "A payment was reversed", "Anulou-se um pagamento"},
    {"payment.refunded", "Se reintegró saldo al cliente", "Money was paid back to the customer", "Reembolsou-se saldo ao cliente"},
    {"credit.refunded", "Se reintegró una nota de crédito o un anticipo", "What was left of a credit note or advance was paid back",
     "Reembolsou-se o que restava de uma nota de crédito ou adiantamento"},
    {"strategy.assigned", "Se cambió la estrategia del cliente", "The customer's strategy was changed",
     "Mudou-se a estratégia do cliente"},
    {"task.done", "Se hizo la tarea", "The task was done", "A tarefa foi feita"},
    {"state.approved", "Se aprobó el cambio de estado", "The change of state was approved",
     "Aprovou-se a mudança de estado"},
    {"state.rejected", "Se rechazó el cambio de estado", "The change of state was rejected",
     "Rejeitou-se a mudança de estado"},
};

static Str event_text(const char *lang, Str kind) {
    for (size_t i = 0; i < COUNT_OF(events); i++)
        if (str_is(kind, events[i].kind))
            return str_from(lang[0] == 'e' && lang[1] == 'n' ? events[i].en
                            : lang[0] == 'p'                 ? events[i].pt
                                                             : events[i].es);
    return kind;
}

#define REASONS_OF_PAGE 12 /* beside a customer; all of them are a click away */

/* ---- what it is about ---- */

struct named {
    struct why_subject subject;
    Str name;
    bool also_customer; /* an invoice and a customer have this name: the invoice is meant */
};

static enum rc find_subject(struct ctx *cx, Str item, struct named *out) {
    struct document_by_number_row document;
    struct customer_by_code_row customer;
    bool is_document, is_customer;
    TRY(document_seen_by_number(cx, &(struct document_seen_by_number_params){.number = item}, &document, &is_document));
    TRY(customer_seen_by_code(cx, &(struct customer_seen_by_code_params){.code = item}, &customer, &is_customer));
    if (!is_document && !is_customer)
        return fail_field(cx, NOT_FOUND, "item", "aldia invoice list and aldia customer list show what there is",
                          "there is no invoice or customer %.*s", (int)(item.n < 80 ? item.n : 80), item.p);
    *out = (struct named){.name = item, .also_customer = is_document && is_customer};
    out->subject.customer_id = is_document ? document.customer_id : customer.id;
    out->subject.document_id = is_document ? document.id : 0;
    return OK;
}

/* ---- what holds for all messages now ---- */

static enum rc ask_gate(struct ctx *cx, struct call *call, bool genuine, struct why_gate *out) {
    struct gate_state_row state;
    struct data_source_latest_row latest;
    int64_t hours = setting_int(&call->app->settings, &stale_data_hours_setting);
    TRY(gate_state(cx, &state));
    TRY(data_source_latest(cx, &latest));
    bool stale = hours && !instant_is_none(latest.last_at) && cx->now.ms > latest.last_at.ms + hours * MS_PER_HOUR;
    out->closed = true;
    if (!genuine)
        out->code = REASON_INSTANCE_UNCONFIRMED;
    else if (!str_is(state.sending, "on"))
        out->code = REASON_KILL_SWITCH;
    else if (stale)
        out->code = REASON_STALE_DATA;
    else
        out->closed = false;
    return OK;
}

/* ---- telling ---- */

struct telling {
    struct ctx *cx;
    struct json_writer *out;
    const struct locale *locale;
    const struct zone *zone;
    const struct rule_pack *rules;
    const struct customer *customer;
    Str country;
    Instant now;
    Str own; /* number of the invoice it is about; empty: a customer */
    const struct strategy *strategy;
    size_t most; /* reasons of a decision told */
    bool for_page; /* without the reasons that only name a step that is done or still far */
};

/* A step as people know it: its name in quotation marks; the id of one that is in the strategy no more. */
static Str step_title(struct telling *t, Str id) {
    for (size_t i = 0; i < t->strategy->step_count; i++) {
        const struct step *step = &t->strategy->steps[i];
        if (!str_equal(step->id, id) || !step->name.n) continue;
        return arena_printf(t->cx->arena, t->cx->lang[0] == 'e' && t->cx->lang[1] == 's' ? "«%.*s»" : "“%.*s”",
                            STR_ARG(step->name));
    }
    return id;
}

/* What the rule allows, in figures. */
static Str rule_says(struct telling *t, Str rule) {
    struct contact_rule_line lines[16];
    size_t n = contact_rules_describe(t->cx->arena, t->cx->lang, t->rules, t->customer, t->country, t->now, lines, COUNT_OF(lines));
    for (size_t i = 0; i < n && i < COUNT_OF(lines); i++)
        if (str_equal(lines[i].id, rule)) return lines[i].text;
    return S("");
}

static void put_data(struct telling *t, const struct why_line *line) {
    const struct reason *r = &line->reason;
    struct json_writer *w = t->out;
    json_key(w, "data");
    json_object(w);
    if (line->number.n) {
        json_put_str(w, "invoice", line->number);
        json_put_i64(w, "instalment", line->position);
    }
    if (r->step.n) json_put_str(w, "step", r->step);
    if (!date_is_none(r->date)) put_date(w, "date", r->date);
    if (r->number) json_put_i64(w, "number", r->number);
    if (r->rule.n) {
        json_put_str(w, "rule", r->rule);
        Str says = rule_says(t, r->rule);
        if (says.n) json_put_str(w, "rule_says", says);
    }
    if (!instant_is_none(r->next_allowed)) put_instant(w, "next_allowed", r->next_allowed);
    json_object_end(w);
}

static Str line_text(struct telling *t, const struct why_line *line) {
    struct reason reason = line->reason;
    reason.step = step_title(t, reason.step);
    if (reason.rule.n) reason.rule = contact_rules_title(t->rules, t->cx->lang, reason.rule);
    Str text = reason_text(t->cx->arena, t->cx->lang, t->locale, t->zone, &reason);
    if (!line->number.n || (str_equal(line->number, t->own) && line->instalment_count < 2)) return text;
    if (line->instalment_count < 2)
        return arena_printf(t->cx->arena, "%.*s: %.*s", STR_ARG(line->number), STR_ARG(text));
    return arena_printf(t->cx->arena, "%.*s/%d: %.*s", STR_ARG(line->number), line->position, STR_ARG(text));
}

static void put_event(struct telling *t, const struct why_line *line) {
    struct json_writer *w = t->out;
    struct local_time at = zone_local(t->zone, line->at);
    Str text = event_text(t->cx->lang, line->event);
    json_put_text(w, "code", "EVENT");
    json_put_str(w, "text",
                 arena_printf(t->cx->arena, "%02d:%02d %.*s", at.second / 3600, at.second / 60 % 60, STR_ARG(text)));
    json_key(w, "data");
    json_object(w);
    json_put_str(w, "event", line->event);
    put_instant(w, "at", line->at);
    json_put_str(w, "detail", line->detail);
    json_object_end(w);
}

/* Steps that are done or whose day has not come: true, but not why anything happens today. */
static bool is_minor(enum reason_code code) {
    return code == REASON_NOT_YET || code == REASON_PERFORMED || code == REASON_COLLAPSED || code == REASON_OVERTAKEN ||
           code == REASON_BEFORE_ACTIVATION || code == REASON_TOO_LATE;
}

static void put_decision(struct telling *t, const struct why_decision *d) {
    struct json_writer *w = t->out;
    json_object(w);
    json_put_text(w, "verdict", verdict_name(d->verdict));
    json_put_str(w, "step", d->step.n ? d->step : (Str){NULL, 0});
    put_date(w, "scheduled", d->scheduled);
    json_put_text(w, "channel", d->channel == CHANNEL_NONE ? NULL : channel_kind_name(d->channel));
    json_key(w, "reasons");
    json_array(w);
    size_t told = 0;
    for (size_t i = 0; i < d->lines.count && told < t->most; i++) {
        const struct why_line *line = &d->lines.items[i];
        if (t->for_page && !line->event.n && is_minor(line->reason.code)) continue;
        told++;
        json_object(w);
        if (line->event.n) {
            put_event(t, line);
        } else {
            json_put_text(w, "code", reason_code_name(line->reason.code));
            json_put_str(w, "text", line_text(t, line));
            put_data(t, line);
        }
        json_object_end(w);
    }
    json_array_end(w);
    if (told < d->lines.count) json_put_i64(w, "more", (int64_t)(d->lines.count - told));
    put_instant(w, "next_allowed", d->next_allowed);
    json_object_end(w);
}

/* Until when nothing goes to the customer at all, DATE_NONE when nothing holds it; false: without end. */
static bool held_until(const struct why_answer *answer, Date *out) {
    *out = DATE_NONE;
    for (size_t i = 0; i < answer->decisions.count; i++) {
        const struct why_decision *d = &answer->decisions.items[i];
        for (size_t k = 0; d->verdict == VERDICT_HOLD && k < d->lines.count; k++) {
            const struct reason *r = &d->lines.items[k].reason;
            if (d->lines.items[k].event.n || r->code != REASON_HOLD) continue;
            if (date_is_none(r->date)) return false;
            if (date_is_none(*out) || date_compare(r->date, *out) > 0) *out = r->date;
        }
    }
    return true;
}

/* The first step whose day is still to come, and not before what holds the customer back ends. */
static void put_coming(struct telling *t, const struct why_answer *answer) {
    const struct why_line *first = NULL;
    Date held;
    if (!held_until(answer, &held)) return;
    for (size_t i = 0; i < answer->decisions.count; i++)
        for (size_t k = 0; k < answer->decisions.items[i].lines.count; k++) {
            const struct why_line *line = &answer->decisions.items[i].lines.items[k];
            if (line->event.n || line->reason.code != REASON_NOT_YET || date_is_none(line->reason.date)) continue;
            if (!date_is_none(held) && date_compare(line->reason.date, held) <= 0) continue;
            if (!first || date_compare(line->reason.date, first->reason.date) < 0) first = line;
        }
    if (!first) return;
    json_key(t->out, "coming");
    json_object(t->out);
    json_put_str(t->out, "name", step_title(t, first->reason.step));
    put_date(t->out, "date", first->reason.date);
    json_object_end(t->out);
}

static enum rc put_answer(struct telling *t, const struct named *named, const struct why_answer *answer) {
    struct json_writer *w = t->out;
    json_object(w);
    json_put_str(w, "subject", named->name);
    json_put_text(w, "kind", named->subject.document_id ? "invoice" : "customer");
    if (named->also_customer) json_put_bool(w, "also_customer", true);
    put_date(w, "date", answer->date);
    json_key(w, "decisions");
    json_array(w);
    for (size_t i = 0; i < answer->decisions.count; i++) put_decision(t, &answer->decisions.items[i]);
    json_array_end(w);
    if (answer->decisions.count) { /* what comes of it, in one place */
        json_key(w, "first");
        json_object(w);
        json_put_text(w, "verdict", verdict_name(answer->decisions.items[0].verdict));
        put_instant(w, "next_allowed", answer->decisions.items[0].next_allowed);
        json_object_end(w);
    }
    put_coming(t, answer);
    json_object_end(w);
    return OK;
}

static enum rc tell(struct ctx *cx, struct call *call, const struct plan_env *env, const struct named *named,
                    const struct why_answer *answer, size_t most) {
    struct planned_customer c = answer->customer;
    struct telling t = {.cx = cx,
                        .out = call->out,
                        .most = most,
                        .rules = env->policy.rules,
                        .country = env->policy.country,
                        .now = cx->now,
                        .for_page = most == REASONS_OF_PAGE,
                        .zone = env->scope.zone,
                        .own = named->subject.document_id ? named->name : S("")};
    if (!answer->is_of_now) TRY(snapshot_load_one(cx, &env->scope, named->subject.customer_id, &c));
    t.customer = &c.snapshot.customer;
    t.strategy = strategy_book_for(&env->book, t.customer, c.strategy_id);
    if (t.customer->zone.n) TRY(zone_find(cx, t.customer->zone, &t.zone));
    TRY(locale_find(cx, str_from(cx->lang), env->policy.country, &t.locale));
    return put_answer(&t, named, answer);
}

enum rc customer_put_next(struct ctx *cx, struct call *call, int64_t id, Str code) {
    struct named named = {.subject = {.customer_id = id}, .name = code};
    struct plan_env env;
    struct why_gate gate;
    struct why_answer answer;
    TRY(env_build(cx, call->app, &env));
    TRY(ask_gate(cx, call, true, &gate));
    TRY(why_explain(cx, &env, &named.subject, env.scope.today, call->app->company.run_minute, &gate, &answer));
    json_key(call->out, "next");
    return tell(cx, call, &env, &named, &answer, REASONS_OF_PAGE);
}

static enum rc why_run(struct ctx *cx, struct call *call) {
    bool genuine;
    int64_t most = arg_int(call, "limit", INT32_MAX);
    if (most < 1) return fail_field(cx, INVALID, "limit", NULL, "limit must be 1 or more");
    TRY(instance_check(cx, call->app, &genuine));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_READ));
    struct named named;
    struct plan_env env;
    struct why_gate gate;
    struct why_answer answer;
    TRY(find_subject(cx, arg_text(call, "item"), &named));
    TRY(env_build(cx, call->app, &env));
    TRY(ask_gate(cx, call, genuine, &gate));
    Date on = arg_has(call, "on") ? arg_date(call, "on") : env.scope.today;
    TRY(why_explain(cx, &env, &named.subject, on, call->app->company.run_minute, &gate, &answer));
    TRY(tell(cx, call, &env, &named, &answer, (size_t)most));
    return tx_commit(scope);
}

const struct action why_action = {
    .verb = "why",
    .path = "GET /why/{item}",
    .summary = "Every reason for and against contact about an invoice or a customer on a day",
    .details =
        "Today is decided as a run now would. A day to come is what the rounds until then lead to if nothing else "
        "happens. A day gone by shows what was done and recorded, and the decision made again from what was "
        "known then. A name that an invoice and a customer share means the invoice.",
    .needs = CAP_STRATEGY_READ,
    .tx = TX_NONE,
    .params = PARAMS({"item", P_TEXT, REQUIRED | POSITIONAL, "number of an invoice or code of a customer", NULL},
                     {"on", P_DATE, OPTIONAL, "the day; today if not given", NULL},
                     {"limit", P_INT, OPTIONAL, "at most so many reasons of a decision; more says how many are left out", NULL}),
    .run = why_run,
    .view = "why",
    .columns = "reasons: code text",
};
