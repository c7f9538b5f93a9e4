/* One change to many customers (REQ: E2): what it would do, before it is done, and doing it at once. */
#include "action/app.h"
#include "action/bulk.h"
#include "action/lookup.h"
#include "book_sql.h"
#include "bulk_sql.h"
#include "standing_sql.h"

#define EXAMPLES 10 /* of each verdict before it is done */
#define LATER 1000  /* customers from which nobody should wait for it */

/* ---- doing it at once ---- */

static void tell_unknown(struct bulk_report *r, const struct bulk_choice *choice) {
    for (size_t i = 0; i < choice->unknown_count; i++)
        bulk_tell(r, BULK_REFUSED, &(struct bulk_told){.code = choice->unknown[i], .name = S(""), .why = "UNKNOWN", .message = S("")});
}

static enum rc do_all(struct ctx *cx, const struct bulk_doing *d, const struct bulk_choice *choice) {
    for (size_t at = 0; at < choice->count; at += BULK_SET) {
        size_t n = choice->count - at < BULK_SET ? choice->count - at : BULK_SET;
        if (d->call->stop && *d->call->stop) return fail(cx, BUSY, "the program ends; what was done stays done, ask again for the rest");
        AUTO(arena_release) struct arena *own = arena_new();
        struct arena *outer = cx->arena;
        cx->arena = own;
        enum rc rc = bulk_do(cx, d, choice->ids + at, n);
        cx->arena = outer;
        TRY(rc);
        bulk_let_others();
        if (d->call->progress) d->call->progress(d->call->self, "customers", (int64_t)(at + n), (int64_t)choice->count);
    }
    return OK;
}

static enum rc begin_doing(struct ctx *cx, const struct call *call, struct bulk_deed *deed, struct bulk_doing *out) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_READ));
    TRY(bulk_doing_begin(cx, call, deed, out));
    return tx_commit(scope);
}

static enum rc change_run(struct ctx *cx, struct call *call) {
    struct bulk_choice choice;
    struct bulk_deed deed;
    struct bulk_report report = {.arena = cx->arena, .most = BULK_TOLD};
    struct bulk_doing d = {.report = &report};
    TRY(begin_doing(cx, call, &deed, &d));
    TRY(bulk_choose(cx, call, &choice));
    tell_unknown(&report, &choice);
    TRY(do_all(cx, &d, &choice));
    json_object(call->out);
    json_put_str(call->out, "do", deed.what);
    bulk_put_report(call->out, &report, true);
    json_object_end(call->out);
    return OK;
}

const struct action customers_change_action = {
    .verb = "customers change",
    .path = "POST /customers/change",
    .summary = "Hold, resume, assign or give a strategy to many customers at once",
    .details = "Each is told apart: done, unchanged (it was so already) or refused, with the reason; a refused one hinders no other, and the same "
               "call again changes nothing more. Of each outcome 500 are told one by one, all are counted. Whoever does not want to wait for many of "
               "them lets a server work through them: change begin.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_NONE,
    .params = PARAMS({"do", P_CHOICE, REQUIRED, "what to do", "hold|resume|assign|strategy"}, BULK_DEED, BULK_CHOICE),
    .run = change_run,
    .view = "bulk_done",
    .form = "customers preview",
    .is_slow = true,
    .columns = "results: customer name outcome reason",
};

/* ---- before it is done ---- */

struct group { /* who has them now */
    Str code;
    int64_t count;
};
struct sum {
    Currency currency;
    int64_t open;
};
struct foresight {
    struct bulk_report report;
    int64_t waiting, waiting_customers, also_held; /* messages of those it changes */
    VEC_OF(struct group) groups;
    VEC_OF(struct sum) sums;
};

static void add_to_group(struct foresight *f, Str code) {
    for (size_t i = 0; i < f->groups.count; i++) {
        if (!str_equal(f->groups.items[i].code, code)) continue;
        f->groups.items[i].count++;
        return;
    }
    *VEC_PUSH(f->report.arena, &f->groups) = (struct group){arena_str(f->report.arena, code), 1};
}

static enum rc add_sums(struct ctx *cx, struct foresight *f, int64_t id) {
    AUTO(standing_of_customer_close) struct standing_of_customer_cursor cursor = {0};
    TRY(standing_of_customer_open(cx, &(struct standing_of_customer_params){.id = id}, &cursor));
    for (;;) {
        struct standing_of_customer_row r;
        bool more;
        size_t i = 0;
        TRY(standing_of_customer_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        while (i < f->sums.count && !currency_equal(f->sums.items[i].currency, r.currency)) i++;
        if (i == f->sums.count) *VEC_PUSH(f->report.arena, &f->sums) = (struct sum){r.currency, 0};
        f->sums.items[i].open += r.open;
    }
}

static enum rc foresee(struct ctx *cx, const struct bulk_deed *deed, const struct bulk_choice *choice, Date today, struct foresight *f) {
    bool assigns = str_is(deed->what, "assign");
    for (size_t i = 0; i < choice->count; i++) {
        struct standing_chosen_row c;
        bool found;
        const char *why;
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(standing_chosen(cx, &(struct standing_chosen_params){.id = choice->ids[i], .today = today}, &c, &found));
        if (!found) continue;
        enum bulk_verdict verdict = bulk_judge(deed, &c, &why);
        bulk_tell(&f->report, verdict, &(struct bulk_told){.id = c.id, .code = c.code, .name = c.name, .why = why, .message = S("")});
        if (verdict == BULK_DONE) {
            TRY(add_sums(cx, f, c.id));
            f->waiting += c.waiting;
            f->waiting_customers += c.waiting > 0;
            f->also_held += c.reached;
            if (assigns || str_is(deed->what, "strategy")) add_to_group(f, assigns ? c.collector : c.strategy_code);
        }
        arena_rewind(cx->arena, mark);
    }
    return OK;
}

static void put_sums(struct json_writer *w, const struct foresight *f) {
    json_key(w, "amounts");
    json_array(w);
    for (size_t i = 0; i < f->sums.count; i++) {
        json_object(w);
        put_currency(w, "currency", f->sums.items[i].currency);
        put_money(w, "open", f->sums.items[i].open, f->sums.items[i].currency);
        json_object_end(w);
    }
    json_array_end(w);
}

struct person {
    Str code, name;
    int64_t customers;
};
struct people {
    VEC_OF(struct person) items;
};

static enum rc load_people(struct ctx *cx, struct people *out) {
    AUTO(collector_all_close) struct collector_all_cursor cursor = {0};
    TRY(collector_all_open(cx, &cursor));
    for (;;) {
        struct collector_all_row r;
        bool more;
        TRY(collector_all_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, &out->items) = (struct person){arena_str(cx->arena, r.code), arena_str(cx->arena, r.name), r.customers};
    }
}

static Str name_of(const struct people *p, Str code) {
    for (size_t i = 0; i < p->items.count; i++)
        if (str_equal(p->items.items[i].code, code)) return p->items.items[i].name;
    return S("");
}

static void put_people(struct json_writer *w, const struct people *p, Str chosen) {
    json_key(w, "collectors");
    json_array(w);
    for (size_t i = 0; i < p->items.count; i++) {
        json_object(w);
        json_put_str(w, "code", p->items.items[i].code);
        json_put_str(w, "name", p->items.items[i].name);
        json_put_i64(w, "customers", p->items.items[i].customers);
        json_put_bool(w, "chosen", str_equal(p->items.items[i].code, chosen));
        json_object_end(w);
    }
    json_array_end(w);
}

/* Who has them now, and who no longer sees them afterwards. */
static enum rc put_from(struct ctx *cx, struct json_writer *w, const struct foresight *f, const struct people *p, const struct bulk_deed *deed) {
    bool assigns = str_is(deed->what, "assign");
    json_key(w, "from");
    json_array(w);
    for (size_t i = 0; i < f->groups.count; i++) {
        json_object(w);
        json_put_str(w, "code", f->groups.items[i].code);
        json_put_str(w, "name", assigns ? name_of(p, f->groups.items[i].code) : S(""));
        json_put_i64(w, "count", f->groups.items[i].count);
        json_object_end(w);
    }
    json_array_end(w);
    json_key(w, "lose");
    json_array(w);
    for (size_t i = 0; assigns && deed->is_full && i < f->groups.count; i++) {
        AUTO(collector_lose_close) struct collector_lose_cursor cursor = {0};
        TRY(collector_lose_open(cx, &(struct collector_lose_params){.old_code = f->groups.items[i].code, .new_code = deed->to}, &cursor));
        for (;;) {
            struct collector_lose_row r;
            bool more;
            TRY(collector_lose_next(cx, &cursor, &r, &more));
            if (!more) break;
            json_object(w);
            json_put_str(w, "login", r.login);
            json_put_str(w, "name", r.name);
            json_put_str(w, "scope", r.scope);
            json_put_i64(w, "count", f->groups.items[i].count);
            json_object_end(w);
        }
    }
    json_array_end(w);
    return OK;
}

static enum rc put_strategies(struct ctx *cx, struct json_writer *w, const struct bulk_deed *deed) {
    json_key(w, "strategies");
    json_array(w);
    AUTO(strategy_all_close) struct strategy_all_cursor cursor = {0};
    TRY(strategy_all_open(cx, &cursor));
    for (bool wanted = str_is(deed->what, "strategy"); wanted;) {
        struct strategy_all_row r;
        bool more;
        TRY(strategy_all_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_str(w, "code", r.code);
        json_put_str(w, "name", r.name);
        json_put_bool(w, "chosen", str_equal(r.code, deed->to));
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

/* What was chosen, for the form that does it. */
static void put_choice(struct json_writer *w, const struct call *call) {
    static const char *const names[] = {"sort", "state", "segment", "collector", "currency", "reason", "until", "to", "strategy"};
    json_put_bool(w, "matching", arg_flag(call, "matching"));
    for (size_t i = 0; i < COUNT_OF(names); i++) json_put_str(w, names[i], arg_text(call, names[i]));
    json_key(w, "codes");
    json_array(w);
    for (size_t i = 0; i < arg_count(call, "code") && !arg_flag(call, "matching"); i++) json_str(w, arg_nth(call, "code", i));
    json_array_end(w);
}

static enum rc put_foresight(struct ctx *cx, struct call *call, const struct bulk_deed *deed, const struct foresight *f) {
    struct json_writer *w = call->out;
    struct people people = {0};
    bool assigns = str_is(deed->what, "assign");
    if (assigns) TRY(load_people(cx, &people));
    json_object(w);
    json_put_str(w, "do", deed->what);
    json_put_bool(w, "ready", deed->is_full);
    put_choice(w, call);
    int64_t chosen = f->report.counts[BULK_DONE] + f->report.counts[BULK_UNCHANGED] + f->report.counts[BULK_REFUSED];
    json_put_bool(w, "later", arg_flag(call, "matching") && chosen >= LATER);
    bulk_put_report(w, &f->report, false);
    json_put_i64(w, "waiting", f->waiting);
    json_put_i64(w, "waiting_customers", f->waiting_customers);
    json_put_i64(w, "also_held", f->also_held);
    put_sums(w, f);
    TRY(put_from(cx, w, f, &people, deed));
    json_put_str(w, "to_name", assigns ? name_of(&people, deed->to) : S(""));
    json_put_bool(w, "to_is_nobody", assigns && deed->is_full && name_of(&people, deed->to).n == 0);
    put_people(w, &people, deed->to);
    TRY(put_strategies(cx, w, deed));
    json_object_end(w);
    return OK;
}

static enum rc preview_run(struct ctx *cx, struct call *call) {
    struct bulk_choice choice;
    struct bulk_deed deed;
    TRY(bulk_choose(cx, call, &choice));
    AUTO(arena_release) struct arena *kept = arena_new();
    struct foresight f = {.report = {.arena = kept, .most = EXAMPLES}};
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_READ));
    TRY(bulk_deed_read(cx, call, false, &deed));
    tell_unknown(&f.report, &choice);
    TRY(foresee(cx, &deed, &choice, app_today(cx, call->app), &f));
    TRY(put_foresight(cx, call, &deed, &f));
    return tx_commit(scope);
}

const struct action customers_preview_action = {
    .verb = "customers preview",
    .path = "GET /customers/change",
    .summary = "Show what a change to many customers would do, before it is done",
    .details = "How many it changes and how many not, and why; the messages that wait for them, what they owe, who follows them now and who would "
               "no longer see them. Ten of each are named.",
    .needs = CAP_CASE_WRITE,
    .tx = TX_NONE,
    .params = PARAMS({"do", P_CHOICE, REQUIRED, "what to do", "hold|resume|assign|strategy"}, BULK_DEED, BULK_CHOICE),
    .run = preview_run,
    .view = "bulk",
    .is_slow = true,
    .columns = "results: customer name outcome reason",
};
