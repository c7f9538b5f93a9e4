/* What a text says to a customer: facts from the database, examples only for what the customer has none of. */
#include "action/template_preview.h"

#include "action/lookup.h"
#include "action/template_lint.h"
#include "action/template_store.h"
#include "base/file.h"
#include "message/kind.h"
#include "message/sms_text.h"
#include "plan/facts.h"
#include "template_sql.h"

#define MAX_FILE ((size_t)1 << 20)

struct case_facts {
    bool is_paid, is_promised, is_disputed; /* the customer's own; else invented */
    struct message_payment payment;
    struct message_promise promise;
    struct message_plan plan;
    struct message_dispute dispute;
    struct message_discount discount;
    struct message_send send;
    Str missing;
};

/* What is open in the currency of the first item; something to show when nothing is. */
static Money open_total(const struct plan_env *env, const struct snapshot *s) {
    Money total = money_zero(s->item_count ? s->items[0].open.currency : env->policy.currency);
    for (size_t i = 0; i < s->item_count; i++)
        if (currency_equal(s->items[i].open.currency, total.currency)) total = money_add(total, s->items[i].open);
    return total.minor ? total : money_make(100000, total.currency);
}

static enum rc read_case(struct ctx *cx, const struct plan_env *env, const struct snapshot *s, struct case_facts *c) {
    Date today = env->scope.today;
    Money total = open_total(env, s), third = money_make(total.minor / 3 ? total.minor / 3 : 1, total.currency);
    int64_t id = s->customer.id;
    struct preview_payment_row payment;
    struct preview_promise_row promise;
    struct preview_dispute_row dispute;
    bool paid, promised, disputed;
    TRY(preview_payment(cx, &(struct preview_payment_params){.customer_id = id}, &payment, &paid));
    TRY(preview_promise(cx, &(struct preview_promise_params){.customer_id = id}, &promise, &promised));
    TRY(preview_dispute(cx, &(struct preview_dispute_params){.customer_id = id}, &dispute, &disputed));
    c->payment = (struct message_payment){total, today, S("")};
    if (paid)
        c->payment = (struct message_payment){money_make(payment.amount, payment.currency), payment.date,
                                              arena_str(cx->arena, payment.reference)};
    c->promise = (struct message_promise){total, date_add(today, 3)};
    if (promised) c->promise = (struct message_promise){money_make(promise.amount, promise.currency), promise.date};
    c->dispute = (struct message_dispute){S("…"), S(""), false, false, today};
    if (disputed)
        c->dispute = (struct message_dispute){arena_str(cx->arena, dispute.reason), S(""),
                                              !instant_is_none(dispute.closed_at), str_is(dispute.outcome, "accepted"),
                                              zone_date(env->scope.zone, dispute.opened_at)};
    c->plan = (struct message_plan){1, 3, third, total, date_add(today, 7)};
    c->discount =
        (struct message_discount){10, money_make(total.minor - total.minor / 10, total.currency), date_add(today, 15)};
    c->send = (struct message_send){s->customer.name, S("email"), S("claim-1"), total};
    c->missing = S("…");
    c->is_paid = paid;
    c->is_promised = promised;
    c->is_disputed = disputed;
    return OK;
}

/* Whether what this kind speaks of is invented. */
static bool is_example(Str kind, const struct case_facts *c) {
    const struct message_kind *k = message_kind_find(kind);
    int invented = NEEDS_PLAN | NEEDS_REPORT | NEEDS_SENDS | (c->is_paid ? 0 : NEEDS_PAYMENT) |
                   (c->is_promised ? 0 : NEEDS_PROMISE) | (c->is_disputed ? 0 : NEEDS_DISPUTE);
    return str_is(kind, "missing_data") || str_is(kind, "campaign") || str_is(kind, "plan_broken") ||
           (k && k->needs & invented);
}

/* The library, with a text that is not stored yet in its place; and what its path says. */
static enum rc take_draft(struct ctx *cx, struct call *call, const struct library_text *own,
                          const struct message_library **library, struct message_facts *facts) {
    const struct library_text *known;
    size_t count;
    TRY(template_texts(cx, &known, &count));
    struct library_text *texts = ARENA_ARRAY(cx->arena, struct library_text, count + 1);
    for (size_t i = 0; i < count; i++) texts[i] = known[i];
    texts[count] = *own;
    const char *folder = app_path(cx, call->app, "messages");
    TRY(message_library_load(cx, file_exists(folder) ? folder : NULL, texts, count + 1, library));
    for (size_t i = 0; i < message_wording_count(*library); i++) {
        struct wording_info info = message_wording_at(*library, i);
        if (!str_equal(info.path, own->path)) continue;
        facts->kind = info.kind;
        facts->form = info.form;
        facts->tone = info.tone;
        facts->variant = info.variant;
        facts->language = info.language;
    }
    return OK;
}

static enum rc take_file(struct ctx *cx, struct call *call, const struct message_library **library,
                         struct message_facts *facts) {
    if (!arg_has(call, "file")) return OK;
    const char *file = arena_cstr(cx->arena, arg_text(call, "file"));
    struct library_text own = {.path = template_place(str_from(file))};
    TRY(file_read(cx, file, MAX_FILE, &own.text));
    return take_draft(cx, call, &own, library, facts);
}

static void take_params(const struct call *call, struct message_facts *facts) {
    if (arg_has(call, "form")) message_form_parse(arg_text(call, "form"), &facts->form);
    if (arg_has(call, "language")) facts->language = arg_text(call, "language");
    if (arg_has(call, "variant")) facts->variant = arg_text(call, "variant");
    if (arg_has(call, "tone")) tone_parse(arg_text(call, "tone"), &facts->tone);
}

static enum rc compose_for(struct ctx *cx, struct call *call, const struct plan_env *env, const struct library_text *draft,
                           struct message_text *out_text, bool *out_example) {
    struct planned_customer customer;
    struct case_facts *c = ARENA_NEW(cx->arena, struct case_facts);
    const struct message_library *library = env->policy.library;
    int64_t id;
    TRY(look_up_customer(cx, call, "customer", &id));
    TRY(snapshot_load_one(cx, &env->scope, id, &customer));
    TRY(read_case(cx, env, &customer.snapshot, c));
    Str kind = !draft && arg_has(call, "kind") ? arg_text(call, "kind") : S("claim");
    struct message_facts facts =
        facts_about(cx->arena, env, &customer, facts_contact(&customer.snapshot, CHANNEL_EMAIL), kind);
    if (draft) {
        TRY(take_draft(cx, call, draft, &library, &facts));
    } else {
        take_params(call, &facts);
        TRY(take_file(cx, call, &library, &facts));
    }
    facts.payment = facts.reported = &c->payment;
    facts.promise = &c->promise;
    facts.plan = &c->plan;
    facts.dispute = &c->dispute;
    facts.discount = &c->discount;
    facts.sends = &c->send;
    facts.send_count = 1;
    facts.send_day = date_add(env->scope.today, 1);
    facts.missing = &c->missing;
    facts.missing_count = 1;
    *out_example = is_example(facts.kind, c);
    return message_compose(cx, library, &facts, out_text);
}

enum rc template_preview(struct ctx *cx, struct call *call, const struct plan_env *env, struct message_text *out_text,
                         bool *out_example) {
    return compose_for(cx, call, env, NULL, out_text, out_example);
}

enum rc template_preview_claim(struct ctx *cx, struct app *app, const struct plan_env *env, Str customer, struct message_text *out_text) {
    struct call call = {.app = app, .action = action_find(S("template preview"))};
    bool is_example;
    TRY(call_set(cx, &call, param_find(call.action, S("customer")), customer));
    return template_preview(cx, &call, env, out_text, &is_example);
}

enum rc template_preview_draft(struct ctx *cx, struct call *call, const struct plan_env *env, Str path, Str draft,
                               struct message_text *out_text, bool *out_example) {
    struct library_text own = {.path = path, .text = draft};
    return compose_for(cx, call, env, &own, out_text, out_example);
}

static void put_form(struct json_writer *w, const struct message_text *m, bool is_sms) {
    if (m->template_name.n) {
        json_put_str(w, "template_name", m->template_name);
        json_put_str(w, "template_body", m->template_body);
        json_key(w, "parameters");
        json_array(w);
        for (size_t i = 0; i < m->parameter_count; i++) json_str(w, m->parameters[i]);
        json_array_end(w);
    }
    if (is_sms) {
        struct sms_size size = sms_measure(m->text);
        json_put_str(w, "alphabet", size.is_gsm7 ? S("GSM-7") : S("UCS-2"));
        json_put_i64(w, "units", (int64_t)size.units);
        json_put_i64(w, "parts", (int64_t)size.parts);
    }
}

static enum rc preview_run(struct ctx *cx, struct call *call) {
    struct plan_env env;
    struct message_text m;
    bool example;
    TRY(env_build(cx, call->app, &env));
    TRY(template_preview(cx, call, &env, &m, &example));
    if (call->say) {
        if (m.subject.n) call->say(call->self, arena_printf(cx->arena, "%.*s\n\n", STR_ARG(m.subject)));
        call->say(call->self, arena_printf(cx->arena, "%.*s\n", STR_ARG(m.text)));
        return OK;
    }
    json_object(call->out);
    json_put_str(call->out, "wording", m.wording);
    json_put_str(call->out, "language", m.language);
    json_put_bool(call->out, "example", example);
    json_put_str(call->out, "subject", m.subject);
    json_put_str(call->out, "text", m.text);
    json_put_str(call->out, "html", m.html);
    Str name = m.wording; /* es/due_soon/sms-friendly-a.txt */
    str_cut(&name, '/');
    str_cut(&name, '/');
    put_form(call->out, &m, str_starts(name, S("sms-")));
    json_object_end(call->out);
    return OK;
}

const struct action template_preview_action = {
    .verb = "template preview",
    .path = "GET /templates/preview",
    .summary = "Show what a text says to a customer, from the data as they are now",
    .details = "In any kind, form, language, tone and variant; with --file a text that is not stored yet. `example` is "
               "true when the "
               "kind speaks of something the customer does not have (a plan, a promise), which is then invented.",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS(PREVIEW_PARAMS),
    .run = preview_run,
    .view = "template_preview",
};
