/* Bodies are written when they are sent, not when the event happens: a repetition tells the present state. */
#include "action/webhook_body.h"

#include "action/lookup.h"
#include "base/json_tree.h"
#include "hook/hook_kind.h"
#include "hook/hook_wire.h"

#define BODY_MAX ((size_t)4 * 1024 * 1024)

const struct setting webhook_private_setting = {.name = "webhook_private",
                                                .type = SETTING_TEXT,
                                                .fallback = "",
                                                .group = "Webhooks",
                                                .help = "Addresses, networks and host names that webhooks may reach though they are not public, by commas: 10.0.0.0/8, erp.lan"};
const struct setting webhook_plain_http_setting = {.name = "webhook_plain_http",
                                                   .type = SETTING_SWITCH,
                                                   .fallback = "off",
                                                   .group = "Webhooks",
                                                   .help = "Webhooks without TLS too, for a network of your own"};
const struct setting webhook_ca_file_setting = {.name = "webhook_ca_file",
                                                .type = SETTING_PATH,
                                                .fallback = "",
                                                .group = "Webhooks",
                                                .help = "Certificates (PEM) to trust instead of the system's"};
const struct setting webhook_days_setting = {.name = "webhook_days",
                                             .type = SETTING_INT,
                                             .min = 1,
                                             .max = 30,
                                             .fallback = "3",
                                             .group = "Webhooks",
                                             .help = "Days of trying before a delivery is given up, or a webhook that is out of reach switches itself off"};

enum rc webhook_rules(struct ctx *cx, struct app *app, struct hook_rules *out) {
    const struct settings *s = &app->settings;
    *out = (struct hook_rules){.plain = setting_on(s, &webhook_plain_http_setting),
                               .allowed = setting_text(s, &webhook_private_setting),
                               .ca_file = setting_cstr(s, &webhook_ca_file_setting),
                               .only_loopback = app->clock.file != NULL};
    return hook_rules_check(cx, out);
}

int64_t webhook_days(const struct app *app) { return setting_int(&app->settings, &webhook_days_setting); }

enum rc look_up_webhook(struct ctx *cx, const struct call *call, struct webhook_get_row *out) {
    bool found;
    int64_t id = arg_int(call, "id", 0);
    TRY(webhook_get(cx, &(struct webhook_get_params){.id = id}, out, &found));
    if (!found) return fail_field(cx, NOT_FOUND, "id", "aldia webhook list shows them", "there is no webhook %lld", (long long)id);
    hook_keep(cx->arena, out);
    return OK;
}

/* ---- the thing it is about ---- */

static const struct {
    const char *verb, *param;
} readers[] = {[HOOK_NOTHING] = {NULL, NULL},
               [HOOK_CUSTOMER] = {"customer show", "code"},
               [HOOK_INVOICE] = {"invoice show", "number"},
               [HOOK_PAYMENT] = {"payment show", "id"},
               [HOOK_MESSAGE] = {"message show", "id"}};

struct telling {
    struct ctx *cx;
    struct app *app;
    const struct webhook_due_row *delivery;
    const struct hook_kind *kind; /* NULL: a test */
    Str customer;                 /* code; empty without */
    Str data;
};

/* The member "payment" of the event's data. */
static Str payment_of(const struct telling *t) {
    const struct value *root;
    struct fault before = t->cx->fault;
    Str found = S("");
    if (json_parse(t->cx, t->data, &root) == OK && root->kind == VALUE_OBJECT)
        for (const struct value *v = root->child; v; v = v->next)
            if (str_is(v->key, "payment") && v->kind == VALUE_NUMBER) found = v->text;
    t->cx->fault = before;
    return found;
}

static Str name_of(const struct telling *t) {
    switch (t->kind->object) {
    case HOOK_CUSTOMER: return t->customer;
    case HOOK_PAYMENT: return payment_of(t);
    case HOOK_INVOICE:
    case HOOK_MESSAGE: return t->delivery->subject;
    case HOOK_NOTHING: break;
    }
    return S("");
}

static void to_buf(void *self, Str piece) { buf_add(self, piece); }

/* False when there is none, it is gone, or not for this actor. */
static bool put_object(const struct telling *t, struct buf *out) {
    const struct action *a = t->kind && readers[t->kind->object].verb ? action_find(str_from(readers[t->kind->object].verb)) : NULL;
    Str name = a ? name_of(t) : S("");
    if (name.n == 0 || !actor_may(t->cx->who, a->needs)) return false;
    struct json_text text;
    struct call call = {.app = t->app, .action = a, .out = &text.writer};
    struct fault before = t->cx->fault;
    enum rc rc = OK;
    json_text_init(&text, to_buf, out);
    for (const struct param *p = a->params; p->name && rc == OK; p++)
        if (str_is(str_from(p->name), readers[t->kind->object].param)) rc = call_set(t->cx, &call, p, name);
    if (rc == OK) rc = a->run(t->cx, &call);
    json_text_done(&text);
    t->cx->fault = before;
    return rc == OK && out->n > 0 && buf_ok(out);
}

/* ---- the event ---- */

static enum rc put_event(const struct telling *t, const struct webhook_get_row *hook, const struct webhook_event_row *e, struct buf *out) {
    struct ctx *cx = t->cx;
    char id[HOOK_DELIVERY_TEXT], at[INSTANT_TEXT];
    struct json_text text;
    struct json_writer *w = &text.writer;
    const struct webhook_due_row *d = t->delivery;
    Instant when = e ? e->at : cx->now;
    json_text_init(&text, to_buf, out);
    json_object(w);
    json_put_str(w, "id", hook_delivery_text(hook->id, d->event_seq, d->part, id));
    json_put_i64(w, "webhook", hook->id);
    json_put_str(w, "company", t->app->company.code);
    json_put_i64(w, "event", d->event_seq);
    json_put_str(w, "at", instant_format_offset(when, zone_offset(t->app->company.zone, when) / 60, at));
    json_put_str(w, "kind", d->kind);
    json_put_str(w, "subject", d->subject);
    json_put_str(w, "actor", e ? e->actor : str_from(cx->actor));
    json_put_str(w, "customer", t->customer.n ? t->customer : (Str){NULL, 0});
    put_event_data(cx, w, t->data);
    json_object_end(w);
    json_text_done(&text);
    return buf_ok(out) ? OK : fail(cx, INTERNAL, "the event is too large");
}

static enum rc write_body(const struct telling *t, const struct webhook_get_row *hook, const struct webhook_event_row *e, Str *out) {
    AUTO(buf_done) struct buf body = buf_make(BODY_MAX);
    AUTO(buf_done) struct buf object = buf_make(BODY_MAX / 2);
    TRY(put_event(t, hook, e, &body));
    body.n--; /* its closing brace: the object is one member more */
    buf_add(&body, S(",\"object\":"));
    buf_add(&body, put_object(t, &object) ? buf_str(&object) : S("null"));
    buf_add(&body, S("}\n"));
    if (!buf_ok(&body)) return fail(t->cx, INTERNAL, "the delivery is too large");
    *out = arena_str(t->cx->arena, buf_str(&body));
    return OK;
}

/* The invoice's own view of an import: nothing of the others'. */
static Str data_of(const struct webhook_due_row *d, const struct webhook_event_row *e) {
    return str_is(d->kind, KIND_INVOICE_BOOKED) ? S("{}") : e->data;
}

enum rc webhook_body(struct ctx *cx, struct app *app, const struct webhook_get_row *hook, const struct webhook_due_row *d, Str *out) {
    struct telling t = {.cx = cx, .app = app, .delivery = d, .kind = hook_kind_find(d->kind), .data = S("{}")};
    struct webhook_event_row event;
    struct webhook_customer_row customer;
    bool found = false, known = false;
    struct actor actor;
    if (!hook_actor(hook, cx->company_id, &actor)) return fail(cx, DENIED, "whoever made the webhook may see nothing any more");
    struct ctx as = *cx;
    actor_bind(&as, &actor);
    t.cx = &as;
    if (d->part >= 0) TRY(webhook_event(cx, &(struct webhook_event_params){.seq = d->event_seq}, &event, &found));
    if (found) {
        event.actor = arena_str(cx->arena, event.actor);
        event.data = arena_str(cx->arena, event.data);
        t.data = data_of(d, &event);
    }
    if (d->customer_id) TRY(webhook_customer(cx, &(struct webhook_customer_params){.id = d->customer_id}, &customer, &known));
    if (known) t.customer = arena_str(cx->arena, customer.code);
    enum rc rc = write_body(&t, hook, found ? &event : NULL, out);
    cx->fault = as.fault;
    return rc;
}
