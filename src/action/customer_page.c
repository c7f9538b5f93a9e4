/* What a person looking at a customer sees beyond the customer's data: debt by lateness, what is open, what waits, what was agreed, what
 * happened, and what comes next and why (REQ: E2). Read from the ledger itself, never from kept sums. */
#include "action/customer_page.h"

#include "action/app.h"
#include "action/desk.h"
#include "action/person.h"
#include "action/rows.h"
#include "base/yaml.h"
#include "call_sql.h"
#include "desk_sql.h"
#include "timeline_sql.h"

#define ITEMS_MAX 100
#define EVENTS_MAX 30
#define EVENTS_READ 90 /* some are passed over */
#define DUE_SOON_DAYS 7

static enum rc put_sums(struct ctx *cx, struct json_writer *w, int64_t id, Date today) {
    json_key(w, "sums");
    json_array(w);
    AUTO(desk_customer_ageing_close) struct desk_customer_ageing_cursor cursor;
    TRY(desk_customer_ageing_open(cx, &(struct desk_customer_ageing_params){.customer_id = id, .today = today},
                                  &cursor));
    for (;;) {
        struct desk_customer_ageing_row r;
        bool more;
        TRY(desk_customer_ageing_next(cx, &cursor, &r, &more));
        if (!more) break;
        const int64_t amounts[5] = {r.not_due, r.days_30, r.days_60, r.days_90, r.older};
        int32_t days = date_is_none(r.oldest_due) ? 0 : date_diff(today, r.oldest_due);
        json_object(w);
        put_currency(w, "currency", r.currency);
        put_money(w, "open", r.open, r.currency);
        put_money(w, "overdue", r.overdue, r.currency);
        json_put_bool(w, "is_overdue", r.overdue > 0);
        json_put_bool(w, "any_disputed", r.disputed > 0);
        put_money(w, "disputed", r.disputed, r.currency);
        json_put_bool(w, "any_credit", r.credit > 0);
        put_money(w, "credit", r.credit, r.currency);
        json_put_i64(w, "items", r.items);
        json_put_i64(w, "oldest_days", days > 0 ? days : 0);
        put_ageing(w, amounts, r.currency);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

static const char *item_state(const struct desk_items_row *r, Date today) {
    int32_t late = date_diff(today, r->due_date);
    if (!r->is_claim) return "credit";
    if (r->disputed) return "disputed";
    if (!date_is_none(r->promise_date)) return date_compare(r->promise_date, today) < 0 ? "broken" : "promised";
    if (r->held) return "suspended";
    if (late > 0) return "overdue";
    if (late == 0) return "due_today";
    return late >= -DUE_SOON_DAYS ? "due_soon" : "open";
}

static void put_item(struct json_writer *w, const struct desk_items_row *r, Date today) {
    int32_t late = date_diff(today, r->due_date);
    json_object(w);
    json_put_str(w, "number", r->number);
    json_put_i64(w, "instalment", r->position);
    json_put_str(w, "type", r->type);
    put_date(w, "issue_date", r->issue_date);
    put_date(w, "due_date", r->due_date);
    put_currency(w, "currency", r->currency);
    put_money(w, "amount", r->amount, r->currency);
    put_money(w, "open", r->open, r->currency);
    json_put_bool(w, "is_claim", r->is_claim);
    json_put_bool(w, "disputed", r->disputed);
    json_put_i64(w, "days_overdue", r->is_claim && late > 0 ? late : 0);
    json_put_i64(w, "days_to_due", r->is_claim && late < 0 ? -late : 0);
    json_put_text(w, "state", item_state(r, today));
    put_date(w, "promise_date", r->promise_date);
    json_put_str(w, "next_step", r->next_step);
    put_date(w, "next_date", r->next_date);
    json_put_str(w, "last_step", r->last_step);
    json_object_end(w);
}

static enum rc put_items(struct ctx *cx, struct json_writer *w, int64_t id, Date today) {
    json_key(w, "items");
    json_array(w);
    AUTO(desk_items_close) struct desk_items_cursor cursor;
    TRY(desk_items_open(cx, &(struct desk_items_params){.customer_id = id, .today = today, .limit = ITEMS_MAX},
                        &cursor));
    for (;;) {
        struct desk_items_row r;
        bool more;
        TRY(desk_items_next(cx, &cursor, &r, &more));
        if (!more) break;
        put_item(w, &r, today);
    }
    json_array_end(w);
    return OK;
}

static enum rc put_promises(struct ctx *cx, struct json_writer *w, int64_t id, Date today) {
    struct desk_promise_record_row record;
    Instant since = {cx->now.ms - 365 * MS_PER_DAY};
    TRY(desk_promise_record(cx, &(struct desk_promise_record_params){.customer_id = id, .since = since}, &record));
    json_put_i64(w, "promises_settled", record.settled);
    json_put_i64(w, "promises_kept", record.kept);
    json_key(w, "promises");
    json_array(w);
    AUTO(desk_customer_promises_close) struct desk_customer_promises_cursor cursor;
    TRY(desk_customer_promises_open(cx, &(struct desk_customer_promises_params){.customer_id = id, .limit = 8},
                                    &cursor));
    for (;;) {
        struct desk_customer_promises_row r;
        bool more;
        TRY(desk_customer_promises_next(cx, &cursor, &r, &more));
        if (!more) break;
        bool open = r.outcome.n == 0 && instant_is_none(r.cancelled_at);
        json_object(w);
        json_put_i64(w, "id", r.id);
        put_date(w, "date", r.date);
        put_currency(w, "currency", r.currency);
        put_money(w, "amount", r.amount, r.currency);
        put_money(w, "paid", r.paid, r.currency);
        json_put_str(w, "state",
                     !instant_is_none(r.cancelled_at)                   ? S("cancelled")
                     : !open                                            ? r.outcome
                     : date_compare(r.date, today) < 0                  ? S("late")
                                                                        : S("waiting"));
        TRY(put_actor(cx, w, r.actor));
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

static enum rc put_disputes(struct ctx *cx, const struct app *app, struct json_writer *w, int64_t id) {
    json_key(w, "disputes");
    json_array(w);
    AUTO(desk_customer_disputes_close) struct desk_customer_disputes_cursor cursor;
    TRY(desk_customer_disputes_open(cx, &(struct desk_customer_disputes_params){.customer_id = id}, &cursor));
    for (;;) {
        struct desk_customer_disputes_row r;
        bool more;
        TRY(desk_customer_disputes_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_i64(w, "id", r.id);
        json_put_str(w, "invoice", r.number);
        json_put_str(w, "reason", r.reason);
        TRY(put_actor(cx, w, r.actor));
        put_local(w, "opened_at", app, r.opened_at);
        put_currency(w, "currency", r.currency);
        put_money(w, "open", r.open, r.currency);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

static enum rc put_holds(struct ctx *cx, const struct app *app, struct json_writer *w, int64_t id, Date today) {
    json_key(w, "holds");
    json_array(w);
    AUTO(desk_customer_holds_close) struct desk_customer_holds_cursor cursor;
    TRY(desk_customer_holds_open(cx, &(struct desk_customer_holds_params){.customer_id = id, .today = today}, &cursor));
    for (;;) {
        struct desk_customer_holds_row r;
        bool more;
        TRY(desk_customer_holds_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_i64(w, "id", r.id);
        json_put_str(w, "invoice", r.number);
        json_put_str(w, "reason", r.reason);
        TRY(put_actor(cx, w, r.actor));
        put_local(w, "since", app, r.since);
        put_date(w, "until", r.until_date);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

static enum rc put_waiting(struct ctx *cx, const struct app *app, struct json_writer *w, int64_t id) {
    json_key(w, "waiting");
    json_array(w);
    AUTO(desk_customer_waiting_close) struct desk_customer_waiting_cursor cursor;
    TRY(desk_customer_waiting_open(cx, &(struct desk_customer_waiting_params){.customer_id = id}, &cursor));
    for (;;) {
        struct desk_customer_waiting_row r;
        bool more;
        TRY(desk_customer_waiting_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_i64(w, "id", r.id);
        json_put_str(w, "kind", r.ladder);
        json_put_str(w, "status", r.status);
        json_put_str(w, "reason", r.reason);
        json_put_str(w, "step", r.step);
        json_put_str(w, "action", r.template);
        put_date(w, "date", r.planned_date);
        put_local(w, "not_before", app, r.not_before);
        json_put_str(w, "currency", r.currency);
        put_sum(w, "total", r.total, r.currency);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

/* What sort of thing an event is, for its sign. */
static const char *mark_of(Str kind) {
    static const struct {
        const char *start, *mark;
    } marks[] = {{"message.failed", "trouble"}, {"message.ambiguous", "trouble"}, {"message.", "mail"},     {"contact.made", "call"},
                 {"payment.", "payment"},       {"promise.", "promise"},          {"dispute.", "dispute"},
                 {"customer.held", "hold"},     {"customer.resumed", "hold"},     {"hold.", "hold"},
                 {"note.", "note"},             {"task.", "task"},                {"state.", "task"}};
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (str_starts(kind, str_from(marks[i].start))) return marks[i].mark;
    return "other";
}

/* What an event says, under names of their own: a view looks outwards for a name that is missing, and would find the customer's. */
static void put_said(struct ctx *cx, struct json_writer *w, Str json) {
    static const struct {
        const char *from, *to;
    } names[] = {{"text", "said"},         {"reason", "said"},      {"note", "said"},           {"amount", "said_amount"},
                 {"currency", "currency"}, {"outcome", "said_outcome"}, {"to", "said_to"},      {"date", "said_date"},
                 {"collector", "said_collector"}, {"reference", "said_reference"}};
    const struct yaml_node *root;
    struct fault before = cx->fault;
    bool said = false;
    if (yaml_parse(cx, json, "data", &root) == OK && root->kind == YAML_MAPPING)
        for (const struct yaml_node *n = root->child; n; n = n->next)
            for (size_t i = 0; i < COUNT_OF(names) && n->kind == YAML_SCALAR && n->scalar.n; i++) {
                if (!str_is(n->key, names[i].from) || (i < 3 && said)) continue;
                json_put_str(w, names[i].to, n->scalar);
                said = said || i < 3;
            }
    cx->fault = before;
}

struct said_step {
    int64_t id;
    Str step;
};
typedef VEC_OF(struct said_step) step_list;

static enum rc read_steps(struct ctx *cx, int64_t id, step_list *list) {
    AUTO(customer_steps_said_close) struct customer_steps_said_cursor cursor;
    TRY(customer_steps_said_open(cx, &(struct customer_steps_said_params){.customer_id = id, .limit = EVENTS_READ}, &cursor));
    for (;;) {
        struct customer_steps_said_row r;
        bool more;
        TRY(customer_steps_said_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, list) = (struct said_step){r.id, arena_str(cx->arena, r.step)};
    }
}

/* The step a message's event is about, by the message's number. */
static void put_step(struct json_writer *w, const step_list *steps, Str kind, Str subject) {
    int64_t id;
    if (!str_starts(kind, S("message.")) || !str_to_i64(subject, &id)) return;
    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i].id == id) json_put_str(w, "said_step", steps->items[i].step);
}

static enum rc put_timeline(struct ctx *cx, const struct app *app, struct json_writer *w, int64_t id) {
    step_list steps = {0};
    TRY(read_steps(cx, id, &steps));
    json_key(w, "timeline");
    json_array(w);
    AUTO(event_by_customer_close) struct event_by_customer_cursor cursor;
    TRY(event_by_customer_open(
        cx, &(struct event_by_customer_params){.customer_id = id, .before = INT64_MAX, .limit = EVENTS_READ}, &cursor));
    for (int shown = 0; shown < EVENTS_MAX;) {
        struct event_by_customer_row r;
        bool more;
        TRY(event_by_customer_next(cx, &cursor, &r, &more));
        if (!more) break;
        if (str_is(r.kind, "message.handing")) continue; /* what came of it follows */
        shown++;
        json_object(w);
        json_put_i64(w, "event", r.seq);
        put_local(w, "at", app, r.at);
        json_put_str(w, "kind", r.kind);
        json_put_text(w, "mark", mark_of(r.kind));
        json_put_str(w, "subject", r.subject);
        TRY(put_actor(cx, w, r.actor));
        put_step(w, &steps, r.kind, r.subject);
        put_said(cx, w, r.data);
        put_flat(cx, w, "data", r.data);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

static enum rc put_strategies(struct ctx *cx, struct json_writer *w) {
    json_key(w, "strategies");
    json_array(w);
    AUTO(strategy_choices_close) struct strategy_choices_cursor cursor;
    TRY(strategy_choices_open(cx, &cursor));
    for (;;) {
        struct strategy_choices_row r;
        bool more;
        TRY(strategy_choices_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_str(w, "strategy", r.code);
        json_put_str(w, "title", r.name);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

enum rc customer_put_page(struct ctx *cx, struct call *call, int64_t id) {
    struct json_writer *w = call->out;
    Date today = app_today(cx, call->app);
    TRY(put_sums(cx, w, id, today));
    TRY(put_row_array(cx, w, "unapplied", &desk_spare_money_def, &(struct desk_spare_money_params){.customer_id = id},
                      "currency amount=unapplied"));
    TRY(put_items(cx, w, id, today));
    TRY(put_promises(cx, w, id, today));
    TRY(put_disputes(cx, call->app, w, id));
    TRY(put_holds(cx, call->app, w, id, today));
    TRY(put_waiting(cx, call->app, w, id));
    TRY(put_strategies(cx, w));
    return put_timeline(cx, call->app, w, id);
}
