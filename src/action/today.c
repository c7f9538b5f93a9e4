/* The page a person begins the day with: key figures, and what only a person can decide, in the order it is worth it (REQ: E1).
 *
 * First what may already have gone wrong (messages nobody knows about), then approvals, promises whose day has come, tasks by what they are
 * about, last addresses that do not work. Within each the company's currency first, then one currency after another, and in each the largest
 * sums first: 9,000 yen are not more than 500 euros. */
#include "action/app.h"
#include "action/desk.h"
#include "action/tally.h"
#include "desk_sql.h"
#include "import_log_sql.h"
#include "standing_sql.h"

#define QUEUE_MAX 40
#define APPROVALS_SHOWN 8 /* where all sorts are */
#define TASKS_SHOWN 20

static void put_days_since(struct json_writer *w, const char *key, Date today, Date since) {
    int32_t days = date_is_none(since) ? 0 : date_diff(today, since);
    json_put_i64(w, key, days > 0 ? days : 0);
}

static void put_action(struct json_writer *w, const struct app *app, Instant now, const struct desk_approvals_row *r,
                       const char *kind) {
    Date today = zone_date(app->company.zone, now);
    json_object(w);
    json_put_text(w, "kind", kind);
    json_put_i64(w, "id", r->id);
    json_put_str(w, "what", r->ladder);
    json_put_str(w, "customer", r->customer_code);
    json_put_str(w, "name", r->customer_name);
    json_put_str(w, "contact", r->contact_name);
    json_put_str(w, "phone", r->phone);
    json_put_str(w, "step", r->step);
    json_put_str(w, "action", r->template);
    json_put_str(w, "to", r->address);
    json_put_str(w, "currency", r->currency);
    put_sum(w, "amount", r->total, r->currency);
    put_date(w, "date", r->planned_date);
    put_days_since(w, "days_overdue", today, r->oldest_due);
    if (!instant_is_none(r->not_before) && r->not_before.ms > now.ms) put_local(w, "again_at", app, r->not_before);
    put_local(w, "handed_at", app, r->handed_at);
    put_local(w, "last_sent", app, r->last_sent);
    json_put_i64(w, "broken", r->broken);
    json_put_bool(w, "held", r->held);
    json_object_end(w);
}

/* ---- the first actions of who sees some customers: found among everybody's, hence remembered; what is shown of them is read anew ---- */

struct first_actions {
    struct {
        size_t approvals, tasks;
        int64_t approval[APPROVALS_SHOWN], task[TASKS_SHOWN];
    } of[2]; /* the company's currency, the others */
};

typedef enum rc ids_open(struct ctx *cx, const struct desk_approval_ids_params *p, struct desk_approval_ids_cursor *out_cursor);

static enum rc find_ids(struct ctx *cx, ids_open *open, const struct queue_span *s, int64_t most, int64_t *ids, size_t *n) {
    AUTO(desk_approval_ids_close) struct desk_approval_ids_cursor cursor = {0};
    TRY(open(cx, &(struct desk_approval_ids_params){.from_currency = s->from, .to_currency = s->to, .but = s->but, .limit = most}, &cursor));
    for (bool more = true; more && (int64_t)*n < most;) {
        struct desk_approval_ids_row r;
        TRY(desk_approval_ids_next(cx, &cursor, &r, &more));
        if (more) ids[(*n)++] = r.id;
    }
    return OK;
}

static enum rc find_first_actions(struct ctx *cx, struct app *app, Date today, void *out) {
    struct first_actions *first = out;
    struct queue_span spans[2];
    (void)today;
    *first = (struct first_actions){0};
    TRY(queue_spans(cx, app, spans));
    for (size_t i = 0; i < COUNT_OF(spans); i++) {
        TRY(find_ids(cx, desk_approval_ids_open, &spans[i], APPROVALS_SHOWN, first->of[i].approval, &first->of[i].approvals));
        TRY(find_ids(cx, desk_task_ids_open, &spans[i], TASKS_SHOWN, first->of[i].task, &first->of[i].tasks));
    }
    return OK;
}

static const struct tally_kind first_actions_kind = {sizeof(struct first_actions), find_first_actions, 10 * MS_PER_SECOND};

static enum rc put_those(struct ctx *cx, struct call *call, const int64_t *ids, size_t n, Str status, const char *kind) {
    AUTO(buf_done) struct buf list = buf_make(n * 24 + 1);
    for (size_t i = 0; i < n; i++) {
        if (i) buf_add_char(&list, ',');
        buf_add_i64(&list, ids[i]);
    }
    if (n == 0) return OK;
    const struct desk_waiting_of_params p = {.ids = buf_str(&list), .status = status, .today = app_today(cx, call->app)};
    AUTO(desk_waiting_of_close) struct desk_waiting_of_cursor cursor = {0};
    TRY(desk_waiting_of_open(cx, &p, &cursor));
    for (;;) {
        struct desk_approvals_row r;
        bool more;
        TRY(desk_waiting_of_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        put_action(call->out, call->app, cx->now, &r, kind);
    }
}

typedef enum rc waiting_open(struct ctx *cx, const struct desk_approvals_params *p, struct desk_approvals_cursor *out_cursor);

static enum rc put_waiting(struct ctx *cx, struct call *call, waiting_open *open, int64_t limit, const char *kind) {
    struct queue_span spans[2];
    TRY(queue_spans(cx, call->app, spans));
    for (size_t i = 0; i < COUNT_OF(spans); i++) {
        const struct desk_approvals_params p = {.today = app_today(cx, call->app),
                                                .from_currency = spans[i].from,
                                                .to_currency = spans[i].to,
                                                .but = spans[i].but,
                                                .limit = limit};
        AUTO(desk_approvals_close) struct desk_approvals_cursor cursor = {0};
        TRY(open(cx, &p, &cursor));
        for (bool more = true; more;) {
            struct desk_approvals_row r;
            TRY(desk_approvals_next(cx, &cursor, &r, &more));
            if (more) put_action(call->out, call->app, cx->now, &r, kind);
        }
    }
    return OK;
}

static enum rc put_promises(struct ctx *cx, struct call *call, int64_t limit) {
    struct json_writer *w = call->out;
    Date today = app_today(cx, call->app);
    AUTO(desk_promises_close) struct desk_promises_cursor cursor;
    TRY(desk_promises_open(cx, &(struct desk_promises_params){.today = today, .currency = call->app->company.currency, .limit = limit}, &cursor));
    for (;;) {
        struct desk_promises_row r;
        bool more;
        TRY(desk_promises_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        json_object(w);
        json_put_text(w, "kind", "promise");
        json_put_i64(w, "id", r.id);
        json_put_str(w, "customer", r.customer_code);
        json_put_str(w, "name", r.customer_name);
        put_currency(w, "currency", r.currency);
        put_money(w, "amount", r.amount, r.currency);
        put_money(w, "paid", r.paid, r.currency);
        json_put_bool(w, "some_paid", r.paid > 0);
        put_date(w, "date", r.date);
        put_days_since(w, "late_days", today, r.date);
        json_object_end(w);
    }
}

static enum rc put_bounced(struct ctx *cx, struct call *call, int64_t limit) {
    struct json_writer *w = call->out;
    AUTO(desk_bounced_close) struct desk_bounced_cursor cursor;
    TRY(desk_bounced_open(cx, &(struct desk_bounced_params){.currency = call->app->company.currency, .limit = limit}, &cursor));
    for (;;) {
        struct desk_bounced_row r;
        bool more;
        TRY(desk_bounced_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        json_object(w);
        json_put_text(w, "kind", "address");
        json_put_str(w, "customer", r.customer_code);
        json_put_str(w, "name", r.customer_name);
        json_put_str(w, "contact", r.contact_name);
        json_put_str(w, "to", r.email);
        json_put_str(w, "phone", r.phone);
        json_put_str(w, "currency", r.currency);
        put_sum(w, "amount", r.has_open ? r.open : 0, r.currency);
        json_object_end(w);
    }
}

/* Files that were refused, or booked in part: nobody may believe that they are in. For who can bring them again. */
static enum rc put_failed_imports(struct ctx *cx, struct call *call, int64_t limit) {
    struct json_writer *w = call->out;
    if (!actor_may(cx->who, CAP_MONEY_WRITE)) return OK;
    AUTO(import_log_failed_close) struct import_log_failed_cursor cursor = {0};
    TRY(import_log_failed_open(cx, &(struct import_log_failed_params){.limit = limit}, &cursor));
    for (;;) {
        struct import_log_list_row r;
        bool more;
        TRY(import_log_failed_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        json_object(w);
        json_put_text(w, "kind", "import");
        json_put_i64(w, "id", r.id);
        json_put_str(w, "name", r.file);
        json_put_str(w, "import", r.kind);
        json_put_str(w, "upload", r.upload);
        json_put_str(w, "outcome", r.state);
        json_put_i64(w, "rejected", r.rejected);
        json_put_str(w, "reason", r.reason);
        json_object_end(w);
    }
}

static enum rc put_queue(struct ctx *cx, struct call *call) {
    Str kind = arg_text(call, "kind");
    bool all = kind.n == 0;
    int64_t limit = arg_int(call, "limit", QUEUE_MAX);
    if (limit < 1 || limit > 500) return fail_field(cx, INVALID, "limit", NULL, "limit must lie between 1 and 500");
    json_key(call->out, "queue");
    json_array(call->out);
    if (all || str_is(kind, "import")) TRY(put_failed_imports(cx, call, all ? 5 : limit));
    if (all || str_is(kind, "unknown")) TRY(put_waiting(cx, call, desk_unknown_open, limit, "unknown"));
    struct first_actions first;
    bool is_remembered = all && !cx->view.all;
    if (is_remembered) TRY(tally_get(cx, call->app, &first_actions_kind, app_today(cx, call->app), &first));
    for (size_t i = 0; is_remembered && i < COUNT_OF(first.of); i++)
        TRY(put_those(cx, call, first.of[i].approval, first.of[i].approvals, S("approval"), "approval"));
    if (!is_remembered && (all || str_is(kind, "approval")))
        TRY(put_waiting(cx, call, desk_approvals_open, all ? APPROVALS_SHOWN : limit, "approval"));
    if (all || str_is(kind, "promise")) TRY(put_promises(cx, call, all ? 8 : limit));
    for (size_t i = 0; is_remembered && i < COUNT_OF(first.of); i++)
        TRY(put_those(cx, call, first.of[i].task, first.of[i].tasks, S("open"), "task"));
    if (!is_remembered && (all || str_is(kind, "task")))
        TRY(all ? put_waiting(cx, call, desk_tasks_due_open, TASKS_SHOWN, "task") : put_waiting(cx, call, desk_tasks_open, limit, "task"));
    if (all || str_is(kind, "address")) TRY(put_bounced(cx, call, all ? 5 : limit));
    json_array_end(call->out);
    return OK;
}

/* In the company's currency: promised for today, collected since the first of the month. */
struct money_in {
    int64_t promised, collected;
};

static enum rc count_money_in(struct ctx *cx, struct app *app, Date today, void *out) {
    struct money_in *in = out;
    struct desk_promised_row promised;
    struct desk_collected_row collected;
    Currency currency = app->company.currency;
    int year, month, day;
    date_civil(today, &year, &month, &day);
    TRY(desk_promised(cx, &(struct desk_promised_params){.currency = currency, .today = today}, &promised));
    TRY(desk_collected(
        cx, &(struct desk_collected_params){.currency = currency, .since = date_add(today, 1 - day)}, &collected));
    *in = (struct money_in){promised.amount, collected.amount};
    return OK;
}

static const struct tally_kind money_in_kind = {sizeof(struct money_in), count_money_in};

static enum rc put_figures(struct ctx *cx, struct call *call, Date today) {
    struct json_writer *w = call->out;
    Currency currency = call->app->company.currency;
    struct standing_totals_row total = {.currency = currency};
    struct money_in in;
    const struct standing_totals_row *rows;
    size_t count;
    TRY(desk_totals(cx, call->app, &rows, &count));
    for (size_t i = 0; i < count; i++)
        if (currency_equal(rows[i].currency, currency)) total = rows[i];
    TRY(tally_get(cx, call->app, &money_in_kind, today, &in));
    put_currency(w, "currency", currency);
    put_money(w, "open", total.open, currency);
    put_money(w, "overdue", total.overdue, currency);
    json_put_i64(w, "customers", total.customers);
    json_put_i64(w, "customers_overdue", total.customers_overdue);
    put_money(w, "promised", in.promised, currency);
    put_money(w, "collected", in.collected, currency);
    return OK;
}

static enum rc today_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(desk_begin(cx, call->app));
    Date today = app_today(cx, call->app);
    json_object(w);
    put_date(w, "date", today);
    json_put_str(w, "kind", arg_text(call, "kind"));
    TRY(put_figures(cx, call, today));
    json_key(w, "waiting");
    TRY(desk_put_state(cx, call->app, w));
    TRY(put_queue(cx, call));
    json_object_end(w);
    return tx_commit(scope);
}

const struct action today_action = {
    .verb = "today",
    .path = "GET /today",
    .summary = "What waits for a person today, the most pressing first",
    .details = "Messages whose fate nobody knows, approvals, promises whose day has come, tasks by the sums they are "
               "about, and addresses that do not work.",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_NONE,
    .params = PARAMS({"kind", P_CHOICE, OPTIONAL, "only this sort", "import|unknown|approval|promise|task|address"},
                     {"limit", P_INT, OPTIONAL, "at most so many of a sort in the company's currency, and as many in others", NULL}),
    .run = today_run,
    .view = "today",
    .columns = "queue: kind customer name step currency amount date",
};
