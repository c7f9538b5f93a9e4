/* The call panel: one customer with everything a call needs, and how the call ended in one key (REQ: E1 E3).
 *
 * An outcome is no data of its own: it is the contact, and with it the promise, the dispute, the hold or the closed task that
 * other actions record, all in one transaction. Who did not answer stays in the queue, for later. */
#include "action/call_page.h"
#include "call_sql.h"

#define DAY_ENDS_S (17 * 3600)   /* a call nobody answered is tried again today before, tomorrow after */
#define DAY_BEGINS_S (9 * 3600)
#define AGAIN_AFTER_MS (3 * MS_PER_HOUR)

static enum rc call_show_run(struct ctx *cx, struct call *call) {
    int64_t id, task = arg_int(call, "task", 0);
    TRY(look_up_customer(cx, call, "code", &id));
    if (task) {
        struct call_task_row t;
        bool found;
        TRY(call_task(cx, &(struct call_task_params){.id = task}, &t, &found));
        if (!found || t.customer_id != id)
            return fail_field(cx, NOT_FOUND, "task", NULL, "customer %.*s has no task %lld", STR_ARG(arg_text(call, "code")), (long long)task);
    } else {
        struct call_open_task_row open;
        bool found;
        TRY(call_open_task(cx, &(struct call_open_task_params){.customer_id = id}, &open, &found));
        if (found) task = open.id;
    }
    return call_put_page(cx, call, id, task);
}

const struct action call_show_action = {
    .verb = "call show",
    .path = "GET /customers/{code}/call",
    .summary = "Everything for a call: whom, whether it may be made now, what to say, and which call comes next",
    .details = "The script is the one of the library, made for this customer, in the tone of the last message. Contact law and house "
               "rules are asked for a call at this moment.",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     {"task", P_INT, OPTIONAL, "the task it is made for; the customer's open call if not given", NULL}),
    .run = call_show_run,
    .view = "call",
};

/* ---- how it ended ---- */

struct given {
    const char *name;
    Str value; /* empty: not given */
};

static void ignore(void *self, struct json_writer *w, enum json_event event, Str key, Str text) {
    (void)self, (void)w, (void)event, (void)key, (void)text;
}

/* What another action does, within this transaction. The list ends with a NULL name. */
static enum rc also(struct ctx *cx, const struct call *call, const char *verb, const struct given *given) {
    const struct action *a = action_find(str_from(verb));
    struct json_writer silent = {.sink = ignore};
    struct call one = {.app = call->app, .action = a, .out = &silent};
    MUST(a && a->needs == CAP_CASE_WRITE && a->tx == TX_WRITE && !a->second_person);
    for (; given->name; given++)
        for (const struct param *p = a->params; p->name; p++)
            if (given->value.n && str_is(str_from(p->name), given->name)) TRY(call_set(cx, &one, p, given->value));
    return a->run(cx, &one);
}

static bool lacks(const struct call *call, const char *field) { return !str_trim(arg_text(call, field)).n; }

/* The fields an outcome cannot do without. */
static enum rc check_fields(struct ctx *cx, const struct call *call, Str outcome) {
    bool promised = str_is(outcome, "promised"), disputed = str_is(outcome, "disputed");
    if (promised && lacks(call, "amount")) return fail_field(cx, INVALID, "amount", NULL, "the promised amount is missing");
    if (promised && lacks(call, "date")) return fail_field(cx, INVALID, "date", NULL, "the promised day is missing");
    if (disputed && lacks(call, "invoice")) return fail_field(cx, INVALID, "invoice", NULL, "which invoice is disputed is missing");
    if (disputed && lacks(call, "reason"))
        return fail_field(cx, INVALID, "reason", "it stays with the dispute", "what the customer says is missing");
    if (str_is(outcome, "later") && lacks(call, "again"))
        return fail_field(cx, INVALID, "again", NULL, "the day to call again is missing");
    return OK;
}

static enum rc note_contact(struct ctx *cx, const struct call *call, Str outcome) {
    bool spoke = !str_is(outcome, "no-answer") && !str_is(outcome, "wrong-number");
    return also(cx, call, "contact record",
                (const struct given[]){{"customer", arg_text(call, "code")},
                                       {"channel", S("call")},
                                       {"answered", spoke ? S("1") : S("")},
                                       {"outcome", outcome},
                                       {"note", arg_text(call, "note")},
                                       {0}});
}

static enum rc settle(struct ctx *cx, const struct call *call, Str outcome) {
    Str code = arg_text(call, "code");
    if (str_is(outcome, "promised"))
        return also(cx, call, "promise add",
                    (const struct given[]){{"customer", code},
                                           {"amount", arg_text(call, "amount")},
                                           {"currency", arg_text(call, "currency")},
                                           {"date", arg_text(call, "date")},
                                           {0}});
    if (str_is(outcome, "disputed"))
        return also(cx, call, "dispute open",
                    (const struct given[]){{"invoice", arg_text(call, "invoice")}, {"reason", arg_text(call, "reason")}, {0}});
    if (str_is(outcome, "paid") && arg_has(call, "until")) {
        Str said = str_trim(arg_text(call, "note"));
        return also(cx, call, "customer hold",
                    (const struct given[]){{"code", code},
                                           {"reason", said.n ? said : S("dice que ya pagó")},
                                           {"until", arg_text(call, "until")},
                                           {0}});
    }
    return OK;
}

/* A time of the day as forms give it, "09:30". */
static bool parse_clock(Str text, int32_t *out_second) {
    int64_t hour, minute;
    if (text.n != 5 || text.p[2] != ':') return false;
    if (!str_to_i64((Str){text.p, 2}, &hour) || !str_to_i64((Str){text.p + 3, 2}, &minute)) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
    *out_second = (int32_t)(hour * 3600 + minute * 60);
    return true;
}

/* When the task comes back; untouched: not by itself. */
static enum rc when_again(struct ctx *cx, const struct call *call, Str outcome, Instant *out) {
    const struct zone *zone = call->app->company.zone;
    int32_t second = DAY_BEGINS_S;
    if (str_is(outcome, "later")) {
        if (arg_has(call, "again-at") && !parse_clock(arg_text(call, "again-at"), &second))
            return fail_field(cx, INVALID, "again-at", "write it as 09:30", "\"%.*s\" is no time of the day",
                              (int)(arg_text(call, "again-at").n < 40 ? arg_text(call, "again-at").n : 40), arg_text(call, "again-at").p);
        *out = zone_instant(zone, arg_date(call, "again"), second);
        if (out->ms > cx->now.ms) return OK;
        return fail_field(cx, INVALID, "again", "give a moment to come", "that moment is over already");
    }
    if (!str_is(outcome, "no-answer")) return OK;
    *out = (Instant){cx->now.ms + AGAIN_AFTER_MS};
    struct local_time then = zone_local(zone, *out);
    if (then.second > DAY_ENDS_S || date_compare(then.date, zone_date(zone, cx->now)) != 0)
        *out = zone_instant(zone, date_add(zone_date(zone, cx->now), 1), DAY_BEGINS_S);
    return OK;
}

/* The task it was made for: over when somebody was spoken to about the debt, else for later. */
static enum rc settle_task(struct ctx *cx, const struct call *call, int64_t customer_id, Str outcome, Instant again) {
    struct call_task_row t;
    bool found, over = str_is(outcome, "promised") || str_is(outcome, "paid") || str_is(outcome, "disputed");
    int64_t task = arg_int(call, "task", 0);
    if (!task) return OK;
    TRY(call_task(cx, &(struct call_task_params){.id = task}, &t, &found));
    if (!found || t.customer_id != customer_id)
        return fail_field(cx, NOT_FOUND, "task", NULL, "there is no task %lld of this customer", (long long)task);
    if (!str_is(t.status, "open")) return OK; /* somebody closed it meanwhile */
    if (over)
        return also(cx, call, "task done",
                    (const struct given[]){{"id", arg_text(call, "task")}, {"note", str_trim(arg_text(call, "note"))}, {0}});
    if (instant_is_none(again)) return OK; /* stays, until somebody has found the right number */
    return call_again(cx, &(struct call_again_params){.id = task, .not_before = again});
}

static enum rc call_record_run(struct ctx *cx, struct call *call) {
    int64_t id;
    Instant again = INSTANT_NONE;
    Str outcome = arg_text(call, "outcome");
    TRY(look_up_customer(cx, call, "code", &id));
    TRY(check_fields(cx, call, outcome));
    TRY(when_again(cx, call, outcome, &again));
    TRY(note_contact(cx, call, outcome));
    TRY(settle(cx, call, outcome));
    TRY(settle_task(cx, call, id, outcome, again));
    json_object(call->out);
    json_put_str(call->out, "customer", arg_text(call, "code"));
    json_put_str(call->out, "outcome", outcome);
    TRY(call_put_next(cx, call, arg_int(call, "task", 0)));
    json_object_end(call->out);
    return OK;
}

const struct action call_record_action = {
    .verb = "call record",
    .path = "POST /customers/{code}/call",
    .summary = "Record how a call ended",
    .details = "promised records the promise, disputed opens the dispute, paid holds reminders through --until while somebody looks for the "
               "money; each closes the task. With no-answer the task comes back some hours later, with later when it was asked for; "
               "with wrong-number it stays. The contact counts towards the limits of law and house.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the customer", NULL},
                     {"outcome", P_CHOICE, REQUIRED, "how it ended", "promised|paid|disputed|no-answer|later|wrong-number"},
                     {"task", P_INT, OPTIONAL, "the task it was made for", NULL},
                     {"note", P_TEXT, OPTIONAL | MULTILINE, "who said what", NULL},
                     {"amount", P_AMOUNT, OPTIONAL, "promised", NULL}, {"currency", P_CURRENCY, OPTIONAL, "of the amount", NULL},
                     {"date", P_DATE, OPTIONAL, "last day of the promise", NULL},
                     {"invoice", P_TEXT, OPTIONAL, "disputed", NULL}, {"reason", P_TEXT, OPTIONAL, "of the dispute", NULL},
                     {"until", P_DATE, OPTIONAL, "paid: last day without reminders", NULL},
                     {"again", P_DATE, OPTIONAL, "later: the day to call again", NULL},
                     {"again-at", P_TEXT, OPTIONAL, "later: the time, 09:30", NULL}),
    .run = call_record_run,
    .then = "/customers/{next_customer}/call?task={next_task}",
    .form = "call show",
};
