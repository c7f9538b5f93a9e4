/* What other data of the company would do, before they are kept: the same message to a real customer with the one and the other, and the next
 * round at its hour. Nothing is stored. */
#include "action/app.h"
#include "action/company_fields.h"
#include "action/env.h"
#include "action/lookup.h"
#include "action/template_preview.h"
#include "company_preview_sql.h"
#include "company_sql.h"
#include "plan/rehearse.h"

struct field {
    const char *param, *key;
    Str was, *will; /* in what messages are made of */
};

static void looked_at(void *self, int64_t customers) {
    const struct call *call = self;
    if (call->progress) call->progress(call->self, "rounds", customers % 10000, 10000);
}

static enum rc put_round(struct ctx *cx, struct call *call, const struct plan_env *env, const char *key, int64_t minute) {
    struct rehearsal r;
    Date day = first_round_day(cx, env, (int32_t)minute, env->scope.today);
    struct rehearsal_span span = {.from = day, .days = 1, .run_minute = (int32_t)minute};
    TRY(rehearse(cx, env, &span, call->app->data_dir, looked_at, call, &r));
    int64_t waits = 0;
    for (int i = 0; i < REASON_COUNT; i++) waits += r.deferred[i];
    json_key(call->out, key);
    json_object(call->out);
    put_instant(call->out, "at", round_instant(cx, env, (int32_t)minute, day));
    json_put_i64(call->out, "messages", r.messages);
    json_put_i64(call->out, "tasks", r.tasks);
    json_put_i64(call->out, "deferred", waits);
    json_object_end(call->out);
    rehearsal_done(&r);
    return OK;
}

static enum rc put_example(struct ctx *cx, struct call *call, const struct plan_env *was, const struct plan_env *will) {
    struct preview_customer_row c;
    struct message_text before, after;
    bool found;
    TRY(preview_customer(cx, &(struct preview_customer_params){.today = was->scope.today}, &c, &found));
    if (!found) return OK;
    Str code = arena_str(cx->arena, c.code), name = arena_str(cx->arena, c.name);
    TRY(template_preview_claim(cx, call->app, was, code, &before));
    TRY(template_preview_claim(cx, call->app, will, code, &after));
    json_key(call->out, "example");
    json_object(call->out);
    json_put_str(call->out, "customer", code);
    json_put_str(call->out, "name", name);
    json_put_str(call->out, "subject", after.subject);
    json_put_str(call->out, "text_was", before.text);
    json_put_str(call->out, "text_will", after.text);
    json_put_bool(call->out, "differs", !str_equal(before.text, after.text) || !str_equal(before.subject, after.subject));
    json_object_end(call->out);
    return OK;
}

static Str time_text(struct ctx *cx, int64_t minute) {
    return arena_printf(cx->arena, "%02lld:%02lld", (long long)(minute / 60), (long long)(minute % 60));
}

/* Into what messages are made of; *out_changed counts what differs. */
static void put_changes(struct ctx *cx, struct call *call, struct message_company *company, int64_t was_minute, int64_t minute, int64_t *out_changed) {
    struct json_writer *w = call->out;
    struct field fields[] = {{"name", "name", company->name, &company->name},
                             {"tax-id", "tax_id", company->tax_id, &company->tax_id},
                             {"address", "address", company->address, &company->address},
                             {"person-name", "person_name", company->person_name, &company->person_name},
                             {"person-phone", "person_phone", company->person_phone, &company->person_phone},
                             {"person-email", "person_email", company->person_email, &company->person_email},
                             {"person-hours", "person_hours", company->person_hours, &company->person_hours},
                             {"ways-to-pay", "ways_to_pay", company->ways_to_pay, &company->ways_to_pay}};
    json_key(w, "changes");
    json_array(w);
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (!arg_has(call, fields[i].param)) continue;
        *fields[i].will = company_lines(cx->arena, arg_text(call, fields[i].param));
        if (str_equal(fields[i].was, *fields[i].will)) continue;
        put_change(w, fields[i].key, fields[i].was, *fields[i].will);
        ++*out_changed;
    }
    if (minute != was_minute) put_change(w, "run_at", time_text(cx, was_minute), time_text(cx, minute));
    json_array_end(w);
    for (size_t i = 0; i < COUNT_OF(fields); i++) json_put_str(w, fields[i].key, *fields[i].will);
    json_put_str(w, "run_at", time_text(cx, minute));
}

static enum rc preview_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct plan_env was, will;
    struct company_get_row c;
    struct preview_waiting_row waiting;
    int64_t minute, changed = 0;
    TRY(company_get(cx, &c));
    minute = c.run_minute;
    if (arg_has(call, "run-at")) TRY(company_read_run_at(cx, arg_text(call, "run-at"), &minute));
    TRY(env_build(cx, call->app, &was));
    TRY(preview_waiting(cx, &waiting));
    will = was;
    json_object(w);
    put_changes(cx, call, &will.company, c.run_minute, minute, &changed);
    json_put_bool(w, "any", changed > 0 || minute != c.run_minute);
    json_put_i64(w, "waiting", changed ? waiting.waiting : 0);
    if (minute != c.run_minute) {
        TRY(put_round(cx, call, &was, "round_was", c.run_minute));
        TRY(put_round(cx, call, &will, "round_will", minute));
    }
    if (changed) TRY(put_example(cx, call, &was, &will));
    json_object_end(w);
    return OK;
}

const struct action company_preview_action = {
    .verb = "company preview",
    .path = "GET /company/preview",
    .summary = "Show what other data of the company would change, before they are kept",
    .details = "A message to a real customer with the data as they are and as they would be, how many messages that wait would be written anew, and, "
               "when the hour of the daily run changes, the next round at either hour. Nothing is stored.",
    .needs = CAP_ADMIN,
    .tx = TX_READ,
    .params = PARAMS(COMPANY_FIELDS),
    .run = preview_run,
    .view = "company_preview",
    .form = "company show",
    .edits = true,
    .is_slow = true,
    .columns = "changes: field was will",
};
