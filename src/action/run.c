/* `aldia run`: one round now. */
#include "action/action.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "action/courtesy.h"
#include "action/env.h"
#include "action/sender.h"
#include "action/instance.h"
#include "action_sql.h"
#include "base/log.h"
#include "casework/promise.h"
#include "company_sql.h"
#include "insight/figures.h"
#include "portfolio/standing.h"
#include "run_sql.h"
#include "timeline/timeline.h"

#define MAX_PASSES 3 /* plan and hand over; again for what changed on the way */

static volatile sig_atomic_t signalled;

static void on_signal(int number) {
    (void)number;
    signalled = 1;
}

struct round_counts {
    struct plan_counts plan;
    struct outbox_counts box;
    int64_t held[REASON_COUNT];
    int64_t recovered;
};

static bool stop_asked(const struct call *call) { return call->stop ? *call->stop : signalled; }

struct watch {
    struct call *call;
    int64_t total;
};

static void planned_so_far(void *self, int64_t customers) {
    const struct watch *w = self;
    if (w->call->progress) w->call->progress(w->call->self, "plan", customers % 1000, 1000);
}

static void handed_so_far(void *self, int64_t done, int64_t total) {
    (void)total;
    const struct watch *w = self;
    if (w->call->progress)
        w->call->progress(w->call->self, "send", done < w->total ? done : w->total, w->total ? w->total : 1);
}

/* A clock that went back sends nothing (INV: I13). */
static enum rc check_clock(struct ctx *cx, bool *out_back) {
    struct company_get_row c;
    TRY(company_get(cx, &c));
    *out_back = !instant_is_none(c.last_run_at) && cx->now.ms < c.last_run_at.ms;
    return OK;
}

static enum rc begin_run(struct ctx *cx, struct call *call, struct plan_env *env, bool *out_clock_back,
                         int64_t *out_run) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_WRITE));
    TRY(check_clock(cx, out_clock_back));
    TRY(promise_settle_due(cx, app_today(cx, call->app)));
    TRY(env_build(cx, call->app, env));
    struct run_next_id_row next;
    TRY(run_next_id(cx, &next));
    *out_run = next.id;
    TRY(run_insert(cx, &(struct run_insert_params){.id = next.id, .civil_date = app_today(cx, call->app)}));
    if (!*out_clock_back) TRY(company_set_last_run(cx, &(struct company_set_last_run_params){.last_run_at = cx->now}));
    return tx_commit(scope);
}

/* How many are ready, and whether that is far more than usual (REQ: B10). */
static enum rc check_volume(struct ctx *cx, struct call *call, int64_t *out_ready, bool *out_too_many) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_READ));
    struct actions_ready_count_row ready;
    TRY(actions_ready_count(cx, &(struct actions_ready_count_params){.letters = false}, &ready));
    *out_ready = ready.count;
    struct usual_volume usual;
    TRY(usual_volume_read(cx, call->app, &usual));
    *out_too_many = usual.is_limited && ready.count > usual.most;
    return tx_commit(scope);
}

/* What stops all messages before the first connection is opened. */
static enum rc check_gate(struct ctx *cx, struct call *call, struct mail_setup *mail, bool *out_open,
                          enum reason_code *out_code) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_READ));
    TRY(gate_open(cx, &mail->config, out_open, out_code));
    return tx_commit(scope);
}

static enum rc hand_over(struct ctx *cx, struct call *call, const struct plan_env *env, struct watch *watch,
                         struct round_counts *n) {
    struct mail_setup mail;
    enum rc rc = mail_open(cx, call->app, env, &mail);
    bool open = false, too_many = false, genuine = false;
    enum reason_code code = REASON_KILL_SWITCH;
    if (rc == OK) rc = data_fresh_until(cx, call->app, &mail.config.data_fresh_until_ms);
    if (rc == OK) rc = check_volume(cx, call, &watch->total, &too_many);
    if (rc == OK) rc = instance_check(cx, call->app, &genuine);
    if (rc == OK) rc = check_gate(cx, call, &mail, &open, &code);
    if (rc == OK && !genuine) {
        open = false;
        code = REASON_INSTANCE_UNCONFIRMED;
    }
    if (rc == OK && open && too_many) {
        char question[160];
        snprintf(question, sizeof question, phrase(cx, "%lld messages are ready, far more than usual. Send them?"),
                 (long long)watch->total);
        if (!call->yes && !(call->confirm && call->confirm(call->self, question))) {
            open = false;
            code = REASON_VOLUME;
        }
    }
    if (rc == OK && !open) n->held[code] += watch->total;
    mail.config.stop = call->stop ? call->stop : &signalled;
    mail.config.progress = handed_so_far;
    mail.config.self = watch;
    struct outbox_counts box = {0};
    if (rc == OK && open && watch->total) {
        int64_t seq_before = mail.journal.seq;
        rc = outbox_run(cx, &mail.config, &box);
        if (mail.journal.seq != seq_before && !call->app->is_relaxed) instance_renew(cx, call->app);
    }
    mail_close(&mail);
    n->box.sent += box.sent;
    n->box.deferred += box.deferred;
    n->box.failed += box.failed;
    n->box.ambiguous += box.ambiguous;
    n->box.tasks += box.tasks;
    n->box.again = box.again + box.failed;
    n->box.unreachable = box.unreachable;
    for (size_t i = 0; i < REASON_COUNT; i++) n->held[i] += box.held[i];
    return rc;
}

static enum rc passes(struct ctx *cx, struct call *call, struct plan_env *env, struct round_counts *n) {
    struct watch watch = {.call = call};
    for (int pass = 0; pass < MAX_PASSES; pass++) {
        struct plan_counts plan;
        TRY(plan_round(cx, call->app->db, env, planned_so_far, &watch, &plan));
        if (pass == 0) n->plan = plan;
        if (pass > 0) n->plan.tasks += plan.tasks;
        n->box.again = 0;
        if (arg_flag(call, "plan-only")) return OK;
        TRY(hand_over(cx, call, env, &watch, n));
        if (n->box.again == 0 || n->box.unreachable || stop_asked(call)) return OK;
    }
    return OK;
}

/* After the reminders, so that they never wait for these. */
static enum rc courtesies(struct ctx *cx, struct call *call, const struct plan_env *env, struct round_counts *n) {
    int64_t sent, ambiguous;
    if (arg_flag(call, "plan-only") || n->box.unreachable || stop_asked(call)) return OK;
    TRY(courtesy_round(cx, call, env, &sent, &ambiguous));
    n->box.sent += sent;
    n->box.ambiguous += ambiguous;
    return OK;
}

static void report(struct json_writer *out, const struct round_counts *n, bool clock_back) {
    json_object(out);
    json_put_i64(out, "planned", n->plan.planned);
    json_put_i64(out, "sent", n->box.sent);
    json_put_i64(out, "deferred", n->plan.deferred + n->box.deferred);
    json_put_i64(out, "failed", n->box.failed);
    json_put_i64(out, "ambiguous", n->box.ambiguous + n->recovered);
    json_put_i64(out, "tasks", n->plan.tasks + n->box.tasks);
    json_key(out, "held");
    json_object(out);
    if (clock_back) json_put_i64(out, reason_code_name(REASON_CLOCK_BACK), 1);
    for (int i = 0; i < REASON_COUNT; i++) {
        int64_t held = n->held[i] + n->plan.held[i];
        if (held) json_put_i64(out, reason_code_name((enum reason_code)i), held);
    }
    json_object_end(out);
    json_object_end(out);
}

static enum rc end_run(struct ctx *cx, struct call *call, int64_t run_id, const struct round_counts *n) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_WRITE));
    Str counts = arena_printf(cx->arena,
                              "{\"planned\":%" PRId64 ",\"sent\":%" PRId64 ",\"deferred\":%" PRId64
                              ",\"failed\":%" PRId64 ",\"ambiguous\":%" PRId64 ",\"tasks\":%" PRId64 "}",
                              n->plan.planned, n->box.sent, n->plan.deferred + n->box.deferred, n->box.failed,
                              n->box.ambiguous, n->plan.tasks);
    TRY(run_finish(cx, &(struct run_finish_params){.id = run_id, .sent = n->box.sent, .counts = counts}));
    return tx_commit(scope);
}

static enum rc measure_day(struct ctx *cx, struct call *call) {
    AUTO(tx_end) struct ctx *scope = cx;
    enum standing_state standing;
    Date today = app_today(cx, call->app);
    TRY(tx_begin(cx, call->app->db, TX_WRITE));
    TRY(standing_look(cx, today, &standing));
    if (standing != STANDING_MISSING) TRY(standing_refresh(cx, today));
    TRY(figures_keep(cx, call->app->company.zone, today, standing != STANDING_MISSING));
    return tx_commit(scope);
}

/* The figures of the day (REQ: K7). Nothing of the round depends on them: where others are writing, the next one catches up. */
static enum rc keep_figures(struct ctx *cx, struct call *call) {
    struct fault before = cx->fault;
    if (arg_flag(call, "plan-only") || stop_asked(call)) return OK;
    enum rc rc = measure_day(cx, call);
    if (rc != BUSY) return rc;
    log_write(LOG_WARN, "figures_wait", "message=\"%s\"", cx->fault.plain);
    cx->fault = before;
    return OK;
}

/* Counts only: no names, no addresses. */
static void log_round(const struct round_counts *n, bool stopped) {
    bool trouble = n->box.failed || n->box.ambiguous || n->recovered || n->box.unreachable;
    log_write(trouble ? LOG_WARN : LOG_INFO, "run_done",
              "planned=%" PRId64 " sent=%" PRId64 " deferred=%" PRId64 " failed=%" PRId64 " ambiguous=%" PRId64
              " tasks=%" PRId64 " unreachable=%d stopped=%d",
              n->plan.planned, n->box.sent, n->plan.deferred + n->box.deferred, n->box.failed,
              n->box.ambiguous + n->recovered, n->plan.tasks, n->box.unreachable, stopped);
}

static enum rc run(struct ctx *cx, struct call *call) {
    struct round_counts n = {0};
    struct plan_env env;
    bool clock_back;
    int64_t run_id;
    if (!call->stop) {
        signal(SIGTERM, on_signal);
        signal(SIGINT, on_signal);
    }
    TRY(begin_run(cx, call, &env, &clock_back, &run_id));
    if (clock_back) {
        log_write(LOG_WARN, "clock_back", "hint=\"the clock lies before the last run: nothing is sent\"");
        report(call->out, &n, true);
        fprintf(stderr, "aldia: %s\n", phrase(cx, "the clock lies before the last run: nothing was sent"));
        return OK;
    }
    TRY(outbox_recover(cx, call->app->db, &n.recovered));
    TRY(passes(cx, call, &env, &n));
    TRY(courtesies(cx, call, &env, &n));
    TRY(end_run(cx, call, run_id, &n));
    TRY(keep_figures(cx, call));
    report(call->out, &n, false);
    log_round(&n, stop_asked(call));
    if (stop_asked(call))
        return fail_field(cx, BUSY, NULL, "the next run goes on where this one ended",
                          "the run was stopped by a signal: what was under way is done, the rest waits");
    bool nothing_through = n.box.unreachable && n.box.sent == 0;
    if (nothing_through)
        return fail_field(cx, REMOTE, "smtp_host",
                          "check smtp_host, smtp_port and the network; nothing is lost, the next run tries again",
                          "the mail server could not be reached");
    return OK;
}

const struct action run_action = {
    .verb = "run",
    .path = "POST /run",
    .summary = "One round now: plan what is due, hand over what may go",
    .details =
        "Prints what was planned, sent, deferred, failed and left ambiguous, the tasks written, and who was "
        "held back for which reason. How often it "
        "is called makes no difference: nothing is ever sent twice. Asked to end by SIGTERM or SIGINT it finishes "
        "what is under way, leaves the rest for the next run and exits with status 75.",
    .needs = CAP_RUN,
    .tx = TX_NONE,
    .params = PARAMS({"plan-only", P_FLAG, OPTIONAL, "decide and write the plan, hand nothing over", NULL}),
    .run = run,
    .is_slow = true,
};
