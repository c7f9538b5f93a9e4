/* `aldia health`: can this installation do its work, and what waits. Reads only.
 *
 * "ok" is false when something keeps reminders from going out, or will soon, or a webhook gave up; a monitor needs no more than the exit
 * status. Each trouble is a word in `problems`, which stay the same between versions. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "action/action.h"
#include "action/env.h"
#include "action/instance.h"
#include "action/lookup.h"
#include "company_sql.h"
#include "health_sql.h"
#include "outbox/journal.h"
#include "run_sql.h"
#include "store/migrate.h"
#include "webhook_sql.h"

#define LOW_DISK_BYTES ((int64_t)256 * 1024 * 1024)
#define LARGE_WAL_BYTES ((int64_t)1024 * 1024 * 1024)

struct health {
    struct ctx *cx;
    struct call *call;
    Str problems[16];
    size_t problem_count;
    struct migrate_state schema;
    struct company_get_row company;
    struct run_last_row last_run;
    struct message_counts_row counts;
    struct data_source_latest_row data;
    struct webhook_troubles_row hooks;
    int64_t journal_seq, disk_free, wal_bytes;
    bool has_run, active, genuine, is_stale, clock_back;
    const char *channel;
};

static void problem(struct health *h, Str word) { h->problems[h->problem_count++] = word; }

static enum rc read_rows(struct health *h) {
    struct ctx *cx = h->cx;
    struct strategies_active_row active;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, h->call->app->db, TX_READ));
    TRY(app_company(cx, h->call->app));
    TRY(company_get(cx, &h->company));
    h->company.sending = arena_str(cx->arena, h->company.sending);
    TRY(run_last(cx, &h->last_run, &h->has_run));
    TRY(message_counts(cx, &h->counts));
    TRY(data_source_latest(cx, &h->data));
    TRY(strategies_active(cx, &active));
    TRY(webhook_troubles(cx, &h->hooks));
    h->active = active.count > 0;
    return tx_commit(scope);
}

static void check_times(struct health *h) {
    const struct ctx *cx = h->cx;
    int64_t hours = setting_int(&h->call->app->settings, &stale_data_hours_setting);
    h->clock_back = !instant_is_none(h->company.last_run_at) && cx->now.ms < h->company.last_run_at.ms;
    h->is_stale =
        hours > 0 && !instant_is_none(h->data.last_at) && cx->now.ms > h->data.last_at.ms + hours * MS_PER_HOUR;
    if (h->clock_back) problem(h, S("clock_back"));
    if (h->is_stale && h->active) problem(h, S("stale_data"));
    if (!str_is(h->company.sending, "on")) problem(h, S("sending_stopped"));
}

/* As a run would find it, without opening a connection. */
static void check_channel(struct health *h) {
    struct ctx *cx = h->cx;
    struct fault before = cx->fault;
    h->channel = mail_is_captured(h->call->app) ? "captured" : "smtp";
    if (mail_settings_check(cx, h->call->app) != OK) {
        h->channel = "misconfigured";
        problem(h, S("channel"));
    }
    cx->fault = before;
}

static void check_journal(struct health *h) {
    struct ctx *cx = h->cx;
    struct fault before = cx->fault;
    const char *path = app_path(cx, h->call->app, "handoff.journal");
    enum rc rc = journal_peek(cx, path, &h->journal_seq);
    bool writable = access(rc == NOT_FOUND ? h->call->app->data_dir : path, W_OK) == 0;
    if ((rc != OK && rc != NOT_FOUND) || !writable) problem(h, S("journal"));
    cx->fault = before;
}

static void check_disk(struct health *h) {
    struct ctx *cx = h->cx;
    struct statvfs fs;
    struct stat wal;
    h->disk_free = statvfs(h->call->app->data_dir, &fs) == 0 ? (int64_t)fs.f_bavail * (int64_t)fs.f_frsize : -1;
    const char *path = db_path(h->call->app->db);
    if (path && stat(arena_printf(cx->arena, "%s-wal", path).p, &wal) == 0) h->wal_bytes = wal.st_size;
    if (h->disk_free >= 0 && h->disk_free < LOW_DISK_BYTES) problem(h, S("disk_space"));
    if (h->wal_bytes > LARGE_WAL_BYTES) problem(h, S("wal_size"));
}

static void put_counts(struct health *h, struct json_writer *w) {
    json_put_i64(w, "planned", h->counts.planned);
    json_put_i64(w, "approval", h->counts.approval);
    json_put_i64(w, "deferred", h->counts.deferred);
    json_put_i64(w, "handing", h->counts.handing);
    json_put_i64(w, "ambiguous", h->counts.ambiguous);
    json_put_i64(w, "tasks", h->counts.tasks);
}

static void put_problems(const struct health *h, struct json_writer *w) {
    json_key(w, "problems");
    json_array(w);
    for (size_t i = 0; i < h->problem_count; i++) json_str(w, h->problems[i]);
    json_array_end(w);
    json_key(w, "troubles"); /* the same for a page, which says each in words */
    json_array(w);
    for (size_t i = 0; i < h->problem_count; i++) {
        json_object(w);
        json_put_str(w, "problem", h->problems[i]);
        json_object_end(w);
    }
    json_array_end(w);
}

static void put_health(struct health *h, struct json_writer *w) {
    json_object(w);
    json_put_bool(w, "ok", h->problem_count == 0);
    json_put_text(w, "version", ALDIA_VERSION);
    json_put_text(w, "engine", db_engine(h->call->app->db) == DB_SQLITE ? "sqlite" : "postgresql");
    json_put_i64(w, "schema", h->schema.present);
    json_put_text(w, "instance", h->genuine ? "confirmed" : "unconfirmed");
    json_put_bool(w, "active", h->active);
    json_put_str(w, "sending", h->company.sending);
    json_put_text(w, "channel", h->channel);
    json_put_bool(w, "clock_back", h->clock_back);
    put_instant(w, "last_run", h->has_run ? h->last_run.started_at : INSTANT_NONE);
    put_instant(w, "last_run_finished", h->has_run ? h->last_run.finished_at : INSTANT_NONE);
    put_instant(w, "last_data", h->data.last_at);
    json_put_bool(w, "stale_data", h->is_stale);
    put_counts(h, w);
    json_put_i64(w, "webhooks_off", h->hooks.off);
    json_put_i64(w, "webhooks_failing", h->hooks.failing);
    json_put_i64(w, "journal_seq", h->journal_seq);
    json_put_i64(w, "disk_free_bytes", h->disk_free);
    json_put_i64(w, "wal_bytes", h->wal_bytes);
    put_problems(h, w);
    json_object_end(w);
}

static enum rc health(struct ctx *cx, struct call *call) {
    struct health h = {.cx = cx, .call = call};
    TRY(app_open_database(cx, call->app));
    TRY(migrate_check(cx, call->app->db, &h.schema));
    if (h.schema.present < h.schema.wanted) {
        problem(&h, S("schema"));
        call->exit_status = 1;
        json_object(call->out);
        json_put_bool(call->out, "ok", false);
        json_put_i64(call->out, "schema", h.schema.present);
        json_put_i64(call->out, "schema_wanted", h.schema.wanted);
        put_problems(&h, call->out);
        json_object_end(call->out);
        return OK;
    }
    TRY(read_rows(&h));
    check_journal(&h);
    struct fault before = cx->fault;
    if (instance_check(cx, call->app, &h.genuine) != OK) cx->fault = before; /* told as "journal" or "unconfirmed" */
    if (!h.genuine) problem(&h, S("instance_unconfirmed"));
    check_times(&h);
    check_channel(&h);
    check_disk(&h);
    if (h.hooks.off) problem(&h, S("webhook"));
    if (h.problem_count) call->exit_status = 1;
    put_health(&h, call->out);
    return OK;
}

const struct action health_action = {
    .verb = "health",
    .path = "GET /health",
    .summary = "Is everything in order, and what waits",
    .details = "Exit status 0 when reminders can go out, 1 with the troubles named under problems: schema, "
               "instance_unconfirmed, clock_back, stale_data, sending_stopped, channel, journal, disk_space, wal_size, webhook. "
               "Changes nothing, and needs no permission to write.",
    .needs = CAP_REPORT_READ,
    .tx = TX_NONE,
    .without_company = true,
    .params = NO_PARAMS,
    .run = health,
    .view = "health",
};
