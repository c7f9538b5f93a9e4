/* Doing one change to many customers, set by set, each a transaction of its own: a customer is either changed, with an event that tells of it and
 * counted, or untouched, whenever the program ends. One that is refused hinders no other; done twice, the second time changes nothing. */
#include <string.h>
#include <time.h>

#include "action/app.h"
#include "action/bulk.h"
#include "book_sql.h"
#include "customer_sql.h"
#include "portfolio/standing.h"
#include "standing_sql.h"
#include "timeline/timeline.h"

#define PAUSE_NS 8000000L /* who waits for the writers' lock of SQLite looks every 5 ms (store/writer_lock.c) */

/* ---- what became of each ---- */

void bulk_tell(struct bulk_report *r, enum bulk_verdict verdict, const struct bulk_told *one) {
    r->counts[verdict]++;
    if (r->told[verdict].count >= r->most) return;
    *VEC_PUSH(r->arena, &r->told[verdict]) = (struct bulk_told){one->id, arena_str(r->arena, one->code), arena_str(r->arena, one->name), one->why,
                                                                arena_str(r->arena, one->message)};
}

static void tell_all(struct bulk_report *r, const struct bulk_report *more) {
    for (int v = 0; v < BULK_VERDICTS; v++) {
        for (size_t i = 0; i < more->told[v].count; i++) bulk_tell(r, (enum bulk_verdict)v, &more->told[v].items[i]);
        r->counts[v] += more->counts[v] - (int64_t)more->told[v].count;
    }
}

/* Refused first: they are why somebody reads on. */
void bulk_put_report(struct json_writer *w, const struct bulk_report *r, bool is_done) {
    static const enum bulk_verdict order[] = {BULK_REFUSED, BULK_UNCHANGED, BULK_DONE};
    int64_t shown = 0;
    json_put_i64(w, "customers", r->counts[BULK_DONE] + r->counts[BULK_UNCHANGED] + r->counts[BULK_REFUSED]);
    json_put_i64(w, "changed", r->counts[BULK_DONE]);
    json_put_i64(w, "unchanged", r->counts[BULK_UNCHANGED]);
    json_put_i64(w, "refused", r->counts[BULK_REFUSED]);
    json_key(w, "results");
    json_array(w);
    for (size_t v = 0; v < COUNT_OF(order); v++) {
        for (size_t i = 0; i < r->told[order[v]].count; i++) {
            const struct bulk_told *t = &r->told[order[v]].items[i];
            json_object(w);
            json_put_str(w, "customer", t->code);
            json_put_str(w, "name", t->name);
            json_put_text(w, "outcome", order[v] == BULK_DONE && !is_done ? "change" : bulk_verdict_name(order[v]));
            json_put_text(w, "reason", t->why);
            json_put_str(w, "message", t->message);
            json_object_end(w);
            shown++;
        }
    }
    json_array_end(w);
    json_put_i64(w, "more", r->counts[BULK_DONE] + r->counts[BULK_UNCHANGED] + r->counts[BULK_REFUSED] - shown);
}

/* ---- doing it ---- */

static void ignore(void *self, struct json_writer *w, enum json_event event, Str key, Str text) {
    (void)self, (void)w, (void)event, (void)key, (void)text;
}

/* The action for one customer, with those of our arguments it knows. */
static enum rc run_one(struct ctx *cx, const struct call *call, const char *verb, Str code) {
    const struct action *a = action_find(str_from(verb));
    struct json_writer silent = {.sink = ignore};
    struct call one = {.app = call->app, .action = a, .out = &silent};
    for (const struct param *p = a->params; p->name; p++) {
        if (strcmp(p->name, "code") == 0) TRY(call_set(cx, &one, p, code));
        if (strcmp(p->name, "reason") == 0) TRY(call_set(cx, &one, p, str_trim(arg_text(call, "reason"))));
        if (strcmp(p->name, "until") == 0 && arg_has(call, "until")) TRY(call_set(cx, &one, p, arg_text(call, "until")));
    }
    return a->run(cx, &one);
}

static Str collector_json(struct ctx *cx, Str code) {
    struct buf b = buf_make(65536);
    buf_add(&b, S("{\"collector\":\""));
    buf_add_json(&b, code);
    buf_add(&b, S("\"}"));
    Str text = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

static enum rc do_one(struct ctx *cx, const struct call *call, const struct bulk_deed *deed, int64_t strategy_id, const struct standing_chosen_row *c) {
    if (str_is(deed->what, "hold")) return run_one(cx, call, "customer hold", c->code);
    if (str_is(deed->what, "resume")) return run_one(cx, call, "customer resume", c->code);
    if (str_is(deed->what, "assign")) {
        TRY(customer_set_collector(cx, &(struct customer_set_collector_params){.id = c->id, .collector = deed->to}));
        TRY(standing_reassign(cx, c->id));
        return event_note(cx, "customer.assigned", c->id, c->code, collector_json(cx, deed->to));
    }
    TRY(customer_set_strategy(
        cx, &(struct customer_set_strategy_params){.id = c->id, .has_strategy_id = strategy_id != 0, .strategy_id = strategy_id}));
    return event_note(cx, "strategy.assigned", c->id, deed->to, S("{}"));
}

static enum rc do_each(struct ctx *cx, const struct bulk_doing *d, const int64_t *ids, size_t count, struct bulk_report *r) {
    for (size_t i = 0; i < count; i++) {
        struct standing_chosen_row c;
        bool found;
        struct bulk_told one = {.id = ids[i]};
        TRY(standing_chosen(cx, &(struct standing_chosen_params){.id = ids[i], .today = d->today}, &c, &found));
        if (!found) continue; /* gone out of sight since it was chosen */
        enum bulk_verdict verdict = bulk_judge(d->deed, &c, &one.why);
        if (verdict == BULK_DONE) TRY(do_one(cx, d->call, d->deed, d->strategy_id, &c));
        one.code = c.code;
        one.name = c.name;
        bulk_tell(r, verdict, &one);
    }
    return OK;
}

static bool is_of_one(enum rc rc) { return rc == INVALID || rc == CONFLICT || rc == NOT_FOUND || rc == DENIED; }

/* What was told within the transaction counts when it is committed. */
static enum rc close_set(struct ctx *cx, const struct bulk_doing *d, int64_t last_id, const struct bulk_report *own) {
    if (d->keep) TRY(d->keep(cx, d->self, last_id, own));
    TRY(tx_commit(cx));
    tell_all(d->report, own);
    return OK;
}

static enum rc name_refused(struct ctx *cx, const struct bulk_doing *d, int64_t id) {
    struct standing_chosen_row c;
    struct bulk_report own = {.arena = cx->arena, .most = 1};
    bool found;
    struct bulk_told one = {.id = id, .why = "OTHER", .message = arena_str(cx->arena, str_from(cx->fault.message))};
    cx->fault = (struct fault){0};
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, d->call->app->db, d->keep ? TX_WRITE : TX_READ));
    TRY(standing_chosen(cx, &(struct standing_chosen_params){.id = id, .today = d->today}, &c, &found));
    one.code = found ? c.code : S("");
    one.name = found ? c.name : S("");
    if (found) bulk_tell(&own, BULK_REFUSED, &one);
    return close_set(scope, d, id, &own);
}

static enum rc try_set(struct ctx *cx, const struct bulk_doing *d, const int64_t *ids, size_t count) {
    struct bulk_report own = {.arena = cx->arena, .most = count};
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, d->call->app->db, TX_WRITE));
    TRY(do_each(cx, d, ids, count, &own));
    return close_set(scope, d, ids[count - 1], &own);
}

/* When one of the set is refused, each by itself. */
enum rc bulk_do(struct ctx *cx, const struct bulk_doing *d, const int64_t *ids, size_t count) {
    enum rc rc = try_set(cx, d, ids, count);
    if (!is_of_one(rc)) return rc;
    if (count == 1) return name_refused(cx, d, ids[0]);
    cx->fault = (struct fault){0};
    for (size_t i = 0; i < count; i++) TRY(bulk_do(cx, d, &ids[i], 1));
    return OK;
}

void bulk_let_others(void) { nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL); }

enum rc bulk_doing_begin(struct ctx *cx, const struct call *call, struct bulk_deed *deed, struct bulk_doing *out) {
    struct strategy_by_code_row s;
    bool found;
    TRY(bulk_deed_read(cx, call, true, deed));
    out->call = call;
    out->deed = deed;
    out->today = app_today(cx, call->app);
    if (!str_is(deed->what, "strategy") || deed->to.n == 0) return OK;
    TRY(strategy_by_code(cx, &(struct strategy_by_code_params){.code = deed->to}, &s, &found));
    MUST(found);
    out->strategy_id = s.id;
    return OK;
}
