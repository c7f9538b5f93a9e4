/* What the call panel shows: whom to call, whether it may be done now, what to say and what was said before (REQ: E3 E4). */
#include "action/call_page.h"

#include "action/collector.h"
#include "action/customer_page.h"
#include "action/desk.h"
#include "action/env.h"
#include "call_sql.h"
#include "customer_sql.h"
#include "plan/facts.h"

#define WEEK_MS (7 * MS_PER_DAY)
#define REST_MS (12 * MS_PER_HOUR) /* who was tried within it is not next */
#define LOOKED_FOR_DAYS 3          /* how long reminders rest while a payment is looked for, unless the person says otherwise */

enum rc call_put_next(struct ctx *cx, struct call *call, int64_t task) {
    struct json_writer *w = call->out;
    struct call_next_row next;
    bool found = false;
    struct queue_span spans[2];
    TRY(queue_spans(cx, call->app, spans));
    for (size_t i = 0; i < COUNT_OF(spans) && !found; i++) {
        struct call_next_params p = {.id = task, .since = {cx->now.ms - REST_MS}, .from_currency = spans[i].from, .to_currency = spans[i].to};
        p.but = spans[i].but;
        TRY(call_next(cx, &p, &next, &found));
    }
    if (!found) return OK;
    json_put_i64(w, "next_task", next.id);
    json_put_str(w, "next_customer", next.customer_code);
    json_put_str(w, "next_name", next.customer_name);
    json_put_str(w, "next_currency", next.currency);
    put_sum(w, "next_total", next.total, next.currency);
    return OK;
}

/* Whether a call may be made at this moment, and what stands against it. */
static void put_permission(struct ctx *cx, struct json_writer *w, const struct plan_env *env, const struct snapshot *s) {
    struct contact_request request = {.customer = &s->customer,
                                      .creditor_country = env->policy.country,
                                      .channel = CHANNEL_CALL,
                                      .at = cx->now,
                                      .past = s->past,
                                      .past_count = s->past_count,
                                      .is_reminder = true};
    struct contact_answer answer = contact_rules_check(env->policy.rules, (int)env->policy.contact_profile, &request);
    int64_t calls = 0;
    for (size_t i = 0; i < s->past_count; i++)
        calls += s->past[i].channel == CHANNEL_CALL && s->past[i].at.ms > cx->now.ms - WEEK_MS;
    json_put_bool(w, "may_call", answer.allowed);
    json_put_i64(w, "calls_week", calls);
    if (answer.allowed) return;
    json_key(w, "why_not");
    json_object(w);
    json_put_text(w, "code", reason_code_name(answer.code));
    json_put_str(w, "rule", answer.rule);
    put_instant(w, "next_allowed", answer.next_allowed);
    json_object_end(w);
}

/* Where the person is told the time: the customer's own zone, when it is another. */
static enum rc put_their_time(struct ctx *cx, struct call *call, const struct customer *c) {
    const struct zone *zone;
    if (!c->zone.n || str_equal(c->zone, call->app->company.zone_name)) return OK;
    TRY(zone_find(cx, c->zone, &zone));
    struct local_time t = zone_local(zone, cx->now);
    json_put_str(call->out, "their_time", arena_printf(cx->arena, "%02d:%02d", t.second / 3600, t.second / 60 % 60));
    return OK;
}

static void put_lines(struct json_writer *w, const struct message_text *m) {
    int64_t steps = 0;
    json_key(w, "script");
    json_array(w);
    for (size_t i = 0; i < m->paragraph_count; i++) {
        const struct message_paragraph *p = &m->paragraphs[i];
        if (p->is_heading || steps == 0) {
            if (steps) {
                json_array_end(w);
                json_object_end(w);
            }
            json_object(w);
            json_put_i64(w, "n", ++steps);
            json_put_bool(w, "is_first", steps == 1);
            json_put_str(w, "title", p->is_heading ? p->text : S(""));
            json_key(w, "lines");
            json_array(w);
            if (p->is_heading) continue;
        }
        json_str(w, p->text);
    }
    if (steps) {
        json_array_end(w);
        json_object_end(w);
    }
    json_array_end(w);
}

/* The tone of the last message; a broken promise is not met with a friendly reminder. */
static enum tone tone_of(const struct snapshot *s) {
    enum tone tone = s->has_last_tone ? s->last_tone : TONE_FRIENDLY;
    return tone == TONE_FRIENDLY && s->broken_promises > 0 ? TONE_CONCERN : tone;
}

/* Without anything overdue there is still a script, for any case; no script at all is no fault of the page. */
static enum rc put_script(struct ctx *cx, struct json_writer *w, const struct plan_env *env, const struct planned_customer *c) {
    struct message_facts facts =
        facts_about(cx->arena, env, c, facts_contact(&c->snapshot, CHANNEL_CALL), S("claim"));
    struct message_text text;
    struct fault before = cx->fault;
    facts.form = FORM_CALL;
    facts.tone = tone_of(&c->snapshot);
    enum rc rc = message_compose(cx, env->policy.library, &facts, &text);
    if (rc == INVALID || rc == NOT_FOUND) {
        facts.kind = S("any");
        rc = message_compose(cx, env->policy.library, &facts, &text);
    }
    if (rc == INVALID || rc == NOT_FOUND) {
        cx->fault = before;
        return OK;
    }
    if (rc != OK) return rc;
    json_put_text(w, "tone", tone_name(facts.tone));
    json_put_str(w, "script_language", text.language);
    put_lines(w, &text);
    return OK;
}

enum rc call_put_page(struct ctx *cx, struct call *call, int64_t customer_id, int64_t task) {
    struct json_writer *w = call->out;
    struct customer_get_row c;
    struct plan_env env;
    struct planned_customer planned;
    struct collectors collectors;
    Date today = app_today(cx, call->app);
    TRY(customer_get(cx, &(struct customer_get_params){.id = customer_id}, &c));
    TRY(collectors_read(cx, &collectors));
    json_object(w);
    json_put_str(w, "code", c.code);
    json_put_str(w, "name", c.name);
    put_collector(w, &collectors, c.collector);
    if (task) json_put_i64(w, "task", task);
    put_date(w, "tomorrow", date_add(today, 1));
    put_date(w, "looked_for_until", date_add(today, LOOKED_FOR_DAYS));
    json_key(w, "contacts");
    TRY(put_contacts(cx, w, customer_id));
    TRY(customer_put_page(cx, call, customer_id));
    TRY(env_build(cx, call->app, &env));
    TRY(snapshot_load_one(cx, &env.scope, customer_id, &planned));
    put_currency(w, "currency",
                 planned.snapshot.item_count ? planned.snapshot.items[0].open.currency : call->app->company.currency);
    put_permission(cx, w, &env, &planned.snapshot);
    TRY(put_their_time(cx, call, &planned.snapshot.customer));
    TRY(put_script(cx, w, &env, &planned));
    TRY(call_put_next(cx, call, task));
    json_object_end(w);
    return OK;
}
