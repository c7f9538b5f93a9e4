/* Shared by pages. */
#include "action/desk.h"

#include "action/app.h"
#include "action/env.h"
#include "base/yaml.h"
#include "company_sql.h"
#include "desk_sql.h"
#include "health_sql.h"
#include "action/tally.h"
#include "portfolio/standing.h"
#include "standing_sql.h"
#include "webhook_sql.h"

#define PATIENCE_MS 100 /* of a page, where older sums would do */
#define CURRENCIES_REMEMBERED 8

static enum rc bring_up(struct ctx *cx, struct app *app) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    TRY(standing_refresh(cx, app_today(cx, app)));
    return tx_commit(scope);
}

enum rc desk_catch_up(struct ctx *cx, struct app *app) {
    enum standing_state state;
    TRY(tx_begin(cx, app->db, TX_READ));
    enum rc rc = app_company(cx, app);
    if (rc == OK) rc = standing_look(cx, app_today(cx, app), &state);
    tx_rollback(cx);
    return rc == OK && state != STANDING_CURRENT ? bring_up(cx, app) : rc;
}

enum rc desk_begin(struct ctx *cx, struct app *app) {
    enum standing_state state;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(standing_look(cx, app_today(cx, app), &state));
    if (state == STANDING_CURRENT) return OK;
    if (state == STANDING_BEHIND && app->catch_up) {
        app->catch_up(app->catch_up_self, cx->company_id);
        return OK;
    }
    TRY(tx_commit(cx));
    struct fault before = cx->fault;
    bool may_wait = state == STANDING_MISSING || !app->catch_up;
    db_set_patience(app->db, may_wait ? 0 : PATIENCE_MS);
    enum rc rc = bring_up(cx, app);
    db_set_patience(app->db, 0);
    if (rc == BUSY && app->catch_up) app->catch_up(app->catch_up_self, cx->company_id);
    if (rc != OK && rc != BUSY) return rc;
    cx->fault = before;
    return tx_begin(cx, app->db, TX_READ);
}

/* ---- what waits ---- */

struct waiting {
    struct desk_counts_row actions;
    struct desk_case_counts_row cases;
    struct desk_dispute_counts_row stopped;
    struct webhook_troubles_row hooks;
};

static enum rc count_waiting(struct ctx *cx, struct app *app, Date today, void *out) {
    (void)app;
    struct waiting *n = out;
    TRY(desk_counts(cx, &n->actions));
    TRY(desk_case_counts(cx, &(struct desk_case_counts_params){.today = today}, &n->cases));
    TRY(webhook_troubles(cx, &n->hooks));
    return desk_dispute_counts(cx, &(struct desk_dispute_counts_params){.today = today}, &n->stopped);
}

static const struct tally_kind waiting_kind = {sizeof(struct waiting), count_waiting};

enum rc desk_put_state(struct ctx *cx, struct app *app, struct json_writer *w) {
    struct waiting waiting;
    Date today = app_today(cx, app);
    struct company_get_row company;
    struct data_source_latest_row data;
    struct strategies_active_row active;
    int64_t hours = setting_int(&app->settings, &stale_data_hours_setting);
    TRY(tally_get(cx, app, &waiting_kind, today, &waiting));
    const struct desk_counts_row n = waiting.actions;
    const struct desk_case_counts_row cases = waiting.cases;
    TRY(company_get(cx, &company));
    TRY(data_source_latest(cx, &data));
    TRY(strategies_active(cx, &active));
    json_object(w);
    json_put_i64(w, "waiting", n.approvals + n.ambiguous + n.tasks + cases.bounced + cases.promises_today + cases.promises_late);
    json_put_i64(w, "approvals", n.approvals);
    json_put_i64(w, "proposals", n.proposals);
    json_put_i64(w, "deciding", n.approvals + n.proposals);
    json_put_i64(w, "ambiguous", n.ambiguous);
    json_put_i64(w, "tasks", n.tasks);
    json_put_i64(w, "bounced", cases.bounced);
    json_put_i64(w, "promises", cases.promises_today + cases.promises_late);
    json_put_i64(w, "disputes", waiting.stopped.disputes);
    json_put_i64(w, "holds", waiting.stopped.holds);
    json_put_i64(w, "planned", n.planned);
    if (actor_may(cx->who, CAP_ADMIN)) json_put_i64(w, "webhooks_off", waiting.hooks.off); /* whoever can mend it is told on every page */
    json_put_bool(w, "sending_on", str_is(company.sending, "on"));
    json_put_bool(w, "active", active.count > 0);
    if (active.count == 0) {
        json_key(w, "start");
        TRY(start_put(cx, w));
    }
    put_local(w, "last_data", app, data.last_at);
    json_put_bool(w, "stale",
                  hours > 0 && !instant_is_none(data.last_at) && cx->now.ms > data.last_at.ms + hours * MS_PER_HOUR);
    json_object_end(w);
    return OK;
}

typedef VEC_OF(struct standing_totals_row) totals_list;

static enum rc read_totals(struct ctx *cx, bool of_all, totals_list *list) {
    AUTO(standing_totals_close) struct standing_totals_cursor cursor = {0};
    TRY(of_all ? standing_totals_open(cx, &cursor) : standing_totals_seen_open(cx, &cursor));
    for (;;) {
        struct standing_totals_row r;
        bool more;
        TRY(standing_totals_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        *VEC_PUSH(cx->arena, list) = r;
    }
}

/* Those of some customers are summed up each time, those of all are kept. */
struct seen_totals {
    size_t count; /* more than there is room for: not all are here */
    struct standing_totals_row rows[CURRENCIES_REMEMBERED];
};

static enum rc count_seen_totals(struct ctx *cx, struct app *app, Date today, void *out) {
    (void)app, (void)today;
    struct seen_totals *totals = out;
    totals_list list = {0};
    TRY(read_totals(cx, false, &list));
    totals->count = list.count;
    for (size_t i = 0; i < list.count && i < CURRENCIES_REMEMBERED; i++) totals->rows[i] = list.items[i];
    return OK;
}

static const struct tally_kind seen_totals_kind = {sizeof(struct seen_totals), count_seen_totals};

enum rc desk_totals(struct ctx *cx, struct app *app, const struct standing_totals_row **out_rows, size_t *out_count) {
    totals_list list = {0};
    struct seen_totals *seen = ARENA_NEW(cx->arena, struct seen_totals);
    if (!cx->view.all) TRY(tally_get(cx, app, &seen_totals_kind, app_today(cx, app), seen));
    bool is_known = !cx->view.all && seen->count <= CURRENCIES_REMEMBERED;
    if (!is_known) TRY(cx->view.all ? read_totals(cx, true, &list) : read_totals(cx, false, &list));
    *out_rows = is_known ? seen->rows : list.items;
    *out_count = is_known ? seen->count : list.count;
    return OK;
}

void put_local(struct json_writer *w, const char *key, const struct app *app, Instant t) {
    char text[INSTANT_TEXT];
    if (instant_is_none(t))
        json_put_null(w, key);
    else
        json_put_str(w, key, instant_format_offset(t, zone_offset(app->company.zone, t) / 60, text));
}

void put_sum(struct json_writer *w, const char *key, int64_t minor, Str currency_text) {
    Currency currency;
    if (currency_parse(currency_text, &currency))
        put_money(w, key, minor, currency);
    else
        json_put_null(w, key);
}

void put_flat(struct ctx *cx, struct json_writer *w, const char *key, Str json) {
    const struct yaml_node *root;
    struct fault before = cx->fault;
    json_key(w, key);
    json_object(w);
    if (yaml_parse(cx, json, "data", &root) == OK && root->kind == YAML_MAPPING) {
        for (const struct yaml_node *n = root->child; n; n = n->next)
            if (n->kind == YAML_SCALAR) json_put_str(w, arena_cstr(cx->arena, n->key), n->scalar);
    }
    cx->fault = before;
    json_object_end(w);
}

/* The second passes the own currency over where it can: among ten thousand tasks that takes longer than the page. */
enum rc queue_spans(struct ctx *cx, const struct app *app, struct queue_span out[2]) {
    char code[4];
    struct desk_queue_ends_row ends;
    Str own = arena_str(cx->arena, currency_code(app->company.currency, code));
    TRY(desk_queue_ends(cx, &ends));
    bool any_before = str_compare(ends.first, own) < 0, any_behind = str_compare(ends.last, own) > 0;
    Str behind = arena_printf(cx->arena, "%.*s~", STR_ARG(own)), before = arena_printf(cx->arena, "%.*s%c~", (int)own.n - 1, own.p, own.p[own.n - 1] - 1);
    out[0] = (struct queue_span){own, own, S("-")};
    out[1] = (struct queue_span){any_before ? S("") : behind, any_behind ? S("ZZZ") : before, own};
    return OK;
}
