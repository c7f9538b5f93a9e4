/* Changes to many customers, left to the server: begun, looked at, cancelled, and worked through (REQ: E2). */
#include "action/bulk_later.h"

#include <string.h>

#include "account/user.h"
#include "action/arguments.h"
#include "action/bulk.h"
#include "action/desk.h"
#include "action/paging.h"
#include "action/person.h"
#include "action/rows.h"
#include "base/log.h"
#include "bulk_sql.h"

#define KEPT_MS (90 * MS_PER_DAY)

/* ---- beginning ---- */

extern const struct action change_begin_action;

static enum rc count_chosen(struct ctx *cx, const struct call *call, int64_t *out_count) {
    struct bulk_deed deed;
    const int64_t *ids;
    size_t count;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(desk_begin(cx, call->app));
    TRY(bulk_deed_read(cx, call, true, &deed));
    TRY(bulk_matching(cx, call, 0, INT64_MAX, &ids, &count));
    if (count == 0) return fail_field(cx, INVALID, "state", "choose another filter", "the filter shows nobody");
    *out_count = (int64_t)count;
    return tx_commit(scope);
}

/* A form sent twice begins one change. */
static enum rc begin(struct ctx *cx, struct call *call, int64_t customers, int64_t *out_id) {
    struct bulk_same_row same;
    bool found;
    Str arguments = arguments_text(cx, call);
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    TRY(bulk_same(cx, &(struct bulk_same_params){.user_id = cx->who->user_id, .actor = str_from(cx->actor), .arguments = arguments}, &same, &found));
    *out_id = same.id;
    if (found) return tx_commit(scope);
    struct bulk_next_id_row next;
    Instant before = {cx->now.ms - KEPT_MS};
    TRY(bulk_forget_told(cx, &(struct bulk_forget_told_params){.before = before}));
    TRY(bulk_forget(cx, &(struct bulk_forget_params){.before = before}));
    TRY(bulk_next_id(cx, &next));
    TRY(bulk_insert(cx, &(struct bulk_insert_params){.id = next.id,
                                                     .user_id = cx->who->user_id,
                                                     .actor = str_from(cx->actor),
                                                     .arguments = arguments,
                                                     .customers = customers}));
    *out_id = next.id;
    return tx_commit(scope);
}

static enum rc begin_run(struct ctx *cx, struct call *call) {
    int64_t customers = 0, id = 0;
    if (!arg_flag(call, "matching")) return fail_field(cx, INVALID, "matching", "tick the customers in the list first", "no customer was chosen");
    TRY(count_chosen(cx, call, &customers));
    TRY(begin(cx, call, customers, &id));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_str(call->out, "do", arg_text(call, "do"));
    json_put_i64(call->out, "customers", customers);
    json_object_end(call->out);
    return OK;
}

const struct action change_begin_action = {
    .verb = "change begin",
    .path = "POST /customers/changes",
    .summary = "Let a server change everybody a filter shows, without waiting for it",
    .details = "What customers change does, worked through by `aldia serve` in sets: change show tells how far it is, change cancel ends it. It goes "
               "on after the server was ended or killed, each customer changed once. Who it reaches is decided by the filter and by what whoever "
               "began it may do, both as they are when a customer's turn comes.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_NONE,
    .params = PARAMS({"do", P_CHOICE, REQUIRED, "what to do", "hold|resume|assign|strategy"}, BULK_DEED, BULK_FILTER),
    .run = begin_run,
    .then = "/customers/changes/{id}",
    .form = "customers preview",
    .is_slow = true,
};

/* ---- looking ---- */

static const char *const kept_arguments[] = {"do", "sort", "state", "segment", "collector", "currency", "reason", "until", "to", "strategy"};

static int64_t worked(const struct bulk_get_row *b) { return b->changed + b->unchanged + b->refused; }

/* The open object's members; the filter's state is "filter_state", as `state` is the change's own. */
static enum rc put_bulk_change(struct ctx *cx, struct call *call, const struct bulk_get_row *b) {
    struct json_writer *w = call->out;
    struct call asked = {.app = call->app, .action = &change_begin_action};
    TRY(arguments_read(cx, &asked, b->arguments));
    json_put_i64(w, "id", b->id);
    json_put_str(w, "state", b->state);
    json_put_bool(w, "working", str_is(b->state, "working"));
    for (size_t i = 0; i < COUNT_OF(kept_arguments); i++) {
        bool clashes = strcmp(kept_arguments[i], "state") == 0;
        json_put_str(w, clashes ? "filter_state" : kept_arguments[i], arg_text(&asked, kept_arguments[i]));
    }
    json_put_i64(w, "customers", b->customers > worked(b) || str_is(b->state, "cancelled") ? b->customers : worked(b));
    json_put_i64(w, "worked", worked(b));
    json_put_i64(w, "changed", b->changed);
    json_put_i64(w, "unchanged", b->unchanged);
    json_put_i64(w, "refused", b->refused);
    json_put_str(w, "message", b->message);
    put_local(w, "begun_at", call->app, b->begun_at);
    put_local(w, "ended_at", call->app, b->ended_at);
    return put_actor(cx, w, b->actor);
}

/* One's own; whoever sees every customer sees, and may end, everybody's: 0. */
static int64_t whose(const struct ctx *cx) { return cx->view.all ? 0 : cx->who->user_id; }

static enum rc find_change(struct ctx *cx, const struct call *call, struct bulk_get_row *out) {
    int64_t id = arg_int(call, "id", 0);
    bool found;
    TRY(bulk_get(cx, &(struct bulk_get_params){.id = id, .user_id = whose(cx)}, out, &found));
    if (!found) return fail_field(cx, NOT_FOUND, "id", "aldia change list shows them", "there is no change %lld", (long long)id);
    return OK;
}

/* Refused first: they are why somebody reads on. */
static enum rc put_told(struct ctx *cx, struct json_writer *w, const struct bulk_get_row *b) {
    static const enum bulk_verdict order[] = {BULK_REFUSED, BULK_UNCHANGED, BULK_DONE};
    int64_t shown = 0;
    json_key(w, "results");
    json_array(w);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        AUTO(bulk_told_list_close) struct bulk_told_list_cursor cursor = {0};
        struct bulk_told_list_params p = {.id = b->id, .outcome = str_from(bulk_verdict_name(order[i]))};
        TRY(bulk_told_list_open(cx, &p, &cursor));
        for (;; shown++) {
            struct bulk_told_list_row r;
            bool more;
            TRY(bulk_told_list_next(cx, &cursor, &r, &more));
            if (!more) break;
            json_object(w);
            put_row(cx, w, &bulk_told_list_def, &r, "customer name outcome reason message");
            json_object_end(w);
        }
    }
    json_array_end(w);
    json_put_i64(w, "more", worked(b) - shown);
    return OK;
}

static enum rc show_run(struct ctx *cx, struct call *call) {
    struct bulk_get_row b;
    TRY(find_change(cx, call, &b));
    json_object(call->out);
    TRY(put_bulk_change(cx, call, &b));
    TRY(put_told(cx, call->out, &b));
    json_object_end(call->out);
    return OK;
}

const struct action change_show_action = {
    .verb = "change show",
    .path = "GET /customers/changes/{id}",
    .summary = "How far a change to many customers is, and what became of each",
    .details = "Of each outcome the first 500 or so are told one by one, all are counted.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_READ,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the change", NULL}),
    .run = show_run,
    .view = "change",
};

static enum rc list_run(struct ctx *cx, struct call *call) {
    struct page page;
    TRY(page_begin_falling(cx, call, &page));
    AUTO(bulk_list_close) struct bulk_list_cursor cursor = {0};
    TRY(bulk_list_open(cx, &(struct bulk_list_params){.before = page.after, .user_id = whose(cx)}, &cursor));
    items_begin(call->out);
    for (;;) {
        struct bulk_get_row b;
        bool more;
        TRY(bulk_list_next(cx, &cursor, &b, &more));
        if (!more || !page_takes(&page, b.id)) break;
        json_object(call->out);
        TRY(put_bulk_change(cx, call, &b));
        json_object_end(call->out);
    }
    page_end(call->out, &page);
    return OK;
}

const struct action change_list_action = {
    .verb = "change list",
    .path = "GET /customers/changes",
    .summary = "Changes to many customers of the last months, the newest first",
    .details = "One's own; who sees every customer sees everybody's.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = list_run,
    .view = "change_list",
    .columns = "id do state customers changed unchanged refused begun_at ended_at",
};

static enum rc cancel_run(struct ctx *cx, struct call *call) {
    struct bulk_get_row b;
    TRY(find_change(cx, call, &b));
    if (!str_is(b.state, "working")) return fail_field(cx, CONFLICT, "id", NULL, "change %lld is over already", (long long)b.id);
    TRY(bulk_end(cx, &(struct bulk_end_params){.id = b.id, .state = S("cancelled"), .message = S("")}));
    TRY(find_change(cx, call, &b));
    json_object(call->out);
    TRY(put_bulk_change(cx, call, &b));
    json_object_end(call->out);
    return OK;
}

const struct action change_cancel_action = {
    .verb = "change cancel",
    .path = "POST /customers/changes/{id}/cancel",
    .summary = "End a change to many customers where it is",
    .details = "Who was changed stays changed, whose turn had not come is left as they were.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the change", NULL}),
    .run = cancel_run,
    .then = "/customers/changes/{id}",
    .form = "change show",
};

/* ---- working ---- */

struct working {
    struct bulk_get_row change;
    struct call call;
    struct bulk_deed deed;
    struct bulk_doing doing;
    const int64_t *ids;
    size_t count;
};

/* How far it is goes with what was done: both stand in the database or neither. */
static enum rc keep(struct ctx *cx, void *self, int64_t last_id, const struct bulk_report *of_these) {
    struct working *w = self;
    int64_t kept;
    struct bulk_keep_params p = {.id = w->change.id,
                                 .was_id = w->change.last_customer_id,
                                 .last_customer_id = last_id,
                                 .changed = of_these->counts[BULK_DONE],
                                 .unchanged = of_these->counts[BULK_UNCHANGED],
                                 .refused = of_these->counts[BULK_REFUSED]};
    TRY(bulk_keep_count(cx, &p, &kept));
    if (kept == 0) return fail(cx, BUSY, "the change is over, or another server works on it");
    const int64_t before[BULK_VERDICTS] = {w->change.changed, w->change.unchanged, w->change.refused};
    for (int v = 0; v < BULK_VERDICTS; v++) {
        for (size_t i = 0; before[v] < BULK_TOLD && i < of_these->told[v].count; i++) {
            const struct bulk_told *t = &of_these->told[v].items[i];
            struct bulk_tell_one_params one = {.change_id = w->change.id,
                                               .customer_id = t->id,
                                               .outcome = str_from(bulk_verdict_name((enum bulk_verdict)v)),
                                               .reason = str_from(t->why),
                                               .message = t->message};
            TRY(bulk_tell_one(cx, &one));
        }
    }
    w->change.last_customer_id = last_id;
    w->change.changed += p.changed;
    w->change.unchanged += p.unchanged;
    w->change.refused += p.refused;
    return OK;
}

/* The rights of whoever began it, as they are now; what is told is told under the name it was begun with. */
static enum rc take_rights(struct ctx *cx, const struct bulk_oldest_row *b, struct actor *actor) {
    bool found = true;
    *actor = actor_system("");
    if (b->user_id) TRY(user_actor(cx, b->user_id, actor, &found));
    str_copy(actor->label, sizeof actor->label, b->actor);
    actor_bind(cx, actor);
    if (!found || !actor_may(actor, change_begin_action.needs)) return fail(cx, DENIED, "whoever began this may not do it any more");
    return OK;
}

/* What is to be done next, in a transaction that only reads. */
static enum rc read_next(struct ctx *cx, struct app *app, const struct bulk_oldest_row *b, struct actor *actor, struct working *w) {
    bool found;
    TRY(app_company(cx, app));
    TRY(take_rights(cx, b, actor));
    TRY(bulk_get(cx, &(struct bulk_get_params){.id = b->id, .user_id = b->user_id}, &w->change, &found));
    MUST(found);
    w->call = (struct call){.app = app, .action = &change_begin_action};
    TRY(arguments_read(cx, &w->call, w->change.arguments));
    TRY(bulk_doing_begin(cx, &w->call, &w->deed, &w->doing));
    return bulk_matching(cx, &w->call, w->change.last_customer_id, BULK_SET, &w->ids, &w->count);
}

static enum rc end_change(struct ctx *cx, struct app *app, int64_t id, const char *state, Str message) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, app->db, TX_WRITE));
    TRY(bulk_end(cx, &(struct bulk_end_params){.id = id, .state = str_from(state), .message = message}));
    return tx_commit(scope);
}

static enum rc find_next(struct ctx *cx, struct app *app, struct bulk_oldest_row *oldest, bool *any, struct actor *actor, struct working *w) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, app->db, TX_READ));
    TRY(bulk_oldest(cx, oldest, any));
    if (!*any) return tx_commit(scope);
    cx->company_id = oldest->company_id;
    TRY(read_next(cx, app, oldest, actor, w));
    return tx_commit(scope);
}

enum rc bulk_work(struct ctx *cx, struct app *app, struct bulk_step *out) {
    struct bulk_oldest_row oldest;
    struct bulk_report report = {.arena = cx->arena, .most = 0};
    struct working *w = ARENA_NEW(cx->arena, struct working);
    struct actor *actor = ARENA_NEW(cx->arena, struct actor);
    bool any = false;
    *out = (struct bulk_step){0};
    enum rc rc = find_next(cx, app, &oldest, &any, actor, w);
    if (!any) return rc;
    w->doing.report = &report;
    w->doing.keep = keep;
    w->doing.self = w;
    if (rc == OK && w->count) rc = bulk_do(cx, &w->doing, w->ids, w->count);
    bool goes_on = rc == OK && w->count == BULK_SET;
    *out = (struct bulk_step){true, oldest.company_id, oldest.user_id, worked(&w->change), w->change.customers, rc != BUSY && !goes_on};
    if (goes_on) bulk_let_others();
    if (goes_on || rc == BUSY) return rc;
    if (rc == INTERNAL) log_write(LOG_ERROR, "change_failed", "id=%lld message=\"%s\"", (long long)oldest.id, cx->fault.message);
    Str why = rc == OK ? S("") : rc == INTERNAL ? str_from(phrase(cx, PHRASE("an internal error ended it; the log tells which"))) : str_from(cx->fault.message);
    return end_change(cx, app, oldest.id, rc == OK ? "done" : "failed", arena_str(cx->arena, why));
}
