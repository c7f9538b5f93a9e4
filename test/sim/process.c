/* Processes that can be killed at any operation of the disk, and calls of aldia's own actions in them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "action/action.h"
#include "sim.h"

#define PROCESSES 4

static struct process *process_at(struct sim *s, int i) {
    struct process *const all[PROCESSES] = {&s->desk, &s->worker[0], &s->worker[1], &s->inspector};
    return all[i];
}

void process_cut(struct process *p) { p->sim->cuts += p->open + p->left; }

static void die(struct process *p) {
    if (!p->is_open || p->owner.dead) return;
    p->owner.dead = true;
    p->owner.ops_left = 0;
    process_cut(p);
    if (p->open > 1) sim_mark(p->sim, MARK_CRASH_SHARED);
    if (p->left && !p->told) sim_mark(p->sim, MARK_CRASH_LEFT);
}

void process_kill(struct process *p, bool loses_power) {
    struct sim *s = p->sim;
    if (p->owner.dead) return;
    sim_log(s, "%s is killed%s", p->name, loses_power ? " by a power failure" : "");
    die(p);
    if (!loses_power) return;
    s->power_off = true;
    sim_mark(s, MARK_POWER_LOST);
    for (int i = 0; i < PROCESSES; i++) die(process_at(s, i));
}

static void on_last_operation(void *self) {
    struct process *p = self;
    process_kill(p, p->sim->loses_power);
}

static void start(struct process *p) {
    struct sim *s = p->sim;
    p->owner = (struct disk_owner){.on_last = on_last_operation, .self = p};
    p->running = p->told = false;
    p->open = p->left = p->asked = 0;
    p->arena = arena_new();
    p->scratch = arena_new();
    p->is_open = true;
    snprintf(p->claimer, sizeof p->claimer, "simulated:boot:%d:%s", ++s->starts, p->name);
    struct ctx cx = {.arena = p->arena, .now = s->now, .actor = p->name, .lang = "es", .lang_unsaid = true};
    struct disk_owner *before = disk_set_owner(&p->owner);
    enum rc rc = app_prepare(&cx, &(struct app_options){.data_dir = s->data_dir}, &p->app);
    if (rc == OK) {
        p->app.clock.at = &s->now;
        p->app.rules = s->rules;
        p->app.library = s->library;
        p->mail = (struct mail_double){.driver = &sim_driver, .driver_config = p, .claimer = p->claimer,
                                      .at_once = 1 + s->starts % 3};
        p->app.mail_double = &p->mail;
        rc = app_open(&cx, &p->app);
    }
    disk_set_owner(before);
    if (rc != OK) sim_violation(s, "I4", "%s cannot open the database: %s", p->name, cx.fault.message);
}

void process_start(struct process *p) {
    if (!p->is_open) start(p);
}

void process_stop(struct process *p) {
    if (!p->is_open) return;
    MUST(!p->running);
    struct disk_owner *before = disk_set_owner(&p->owner);
    app_close(&p->app);
    disk_set_owner(before);
    p->app = (struct app){0};
    arena_free(p->scratch);
    arena_free(p->arena);
    p->is_open = false;
}

/* Of the journal's last lines, what was not synced may be gone. */
static void tear_journal(struct sim *s) {
    char path[300];
    snprintf(path, sizeof path, "%s/handoff.journal", s->data_dir);
    FILE *f = fopen(path, "r+");
    if (!f) return;
    fseek(f, 0, SEEK_END);
    int64_t size = ftell(f), unsure = size - s->journal_synced;
    if (unsure > 0) {
        s->journal_synced += (int64_t)seeded_below(&s->disk_random, (uint64_t)unsure + 1);
        MUST(ftruncate(fileno(f), s->journal_synced) == 0);
    }
    fclose(f);
}

void processes_bury(struct sim *s) {
    bool any = false, waits = false;
    for (int i = 0; i < PROCESSES; i++) {
        struct process *p = process_at(s, i);
        if (!p->is_open || !p->owner.dead) continue;
        if (p->running) {
            waits = true;
            continue;
        }
        any = true;
        process_stop(p);
    }
    if (any) tear_journal(s);
    if (!s->power_off || waits) return;
    disk_lose_power();
    s->power_off = false;
}

/* ---- calls ---- */

static void add_held(struct told *t, Str reason) {
    size_t n = strlen(t->held);
    snprintf(t->held + n, sizeof t->held - n, " %.*s", STR_ARG(reason));
}

static void pick(void *self, struct json_writer *w, enum json_event event, Str key, Str text) {
    struct told *t = self;
    (void)w;
    if (event == JSON_NUMBER) {
        int64_t n = 0;
        if (!str_to_i64(text, &n)) return;
        if (key.n && key.p[0] >= 'A' && key.p[0] <= 'Z') add_held(t, key);
        if (str_is(key, "id")) t->id = n;
        if (str_is(key, "sent")) t->sent = n;
        if (str_is(key, "ambiguous")) t->ambiguous = n;
        if (str_is(key, "duplicate")) t->duplicate = n;
        if (str_is(key, "CLOCK_BACK")) t->clock_back = true;
        if (str_is(key, "CAP") || str_is(key, "GAP")) t->capped = true;
        if (str_is(key, "WINDOW") || str_is(key, "HOLIDAY")) t->outside_window = true;
        if (str_is(key, "BOUNCED") || str_is(key, "NO_ADDRESS")) t->bad_address = true;
    }
    size_t n = strlen(t->difference);
    if (event == JSON_STRING) snprintf(t->difference + n, sizeof t->difference - n, "%.*s ", STR_ARG(text));
    if (event == JSON_TRUE && str_is(key, "duplicate")) t->duplicate = 1;
}

enum rc process_call(struct process *p, struct told *out_told, const char *verb, const char *const *arguments) {
    struct sim *s = p->sim;
    *out_told = (struct told){0};
    processes_bury(s);
    if (s->power_off || p->running) return BUSY;
    process_start(p);
    struct disk_owner *before = disk_set_owner(&p->owner);
    struct json_writer json = {.sink = pick, .self = out_told};
    struct ctx cx = {
        .arena = p->scratch, .now = s->now, .lang = "es", .lang_unsaid = true, .company_id = p->app.company.id};
    struct actor owner = actor_console(NULL);
    actor_bind(&cx, &owner);
    cx.actor = p->name;
    struct call call = {.app = &p->app, .action = action_find(str_from(verb)), .out = &json, .yes = true};
    MUST(call.action);
    enum rc rc = OK;
    for (int i = 0; arguments[i] && rc == OK; i += 2) {
        const struct param *q = call.action->params;
        while (q->name && strcmp(q->name, arguments[i]) != 0) q++;
        MUST(q->name);
        rc = call_set(&cx, &call, q, str_from(arguments[i + 1]));
    }
    p->running = true;
    if (rc == OK) rc = call_run(&cx, &call);
    out_told->exit_status = call.exit_status;
    p->running = false;
    p->open = p->left = 0;
    disk_set_owner(before);
    if (rc == INTERNAL && !p->owner.dead) sim_violation(s, "I21", "%s: %s", verb, cx.fault.message);
    if (rc != OK && !p->owner.dead) sim_log(s, "  refused: %s", cx.fault.message);
    arena_reset(p->scratch);
    return p->owner.dead ? INTERNAL : rc;
}

static struct ctx inspecting;

struct ctx *inspect_begin(struct sim *s) {
    struct process *p = &s->inspector;
    MUST(!s->power_off && !inspecting.tx);
    process_start(p);
    arena_reset(p->scratch);
    inspecting = (struct ctx){.arena = p->scratch, .now = s->now, .actor = p->name, .company_id = p->app.company.id};
    struct disk_owner *before = disk_set_owner(&p->owner);
    MUST(tx_begin(&inspecting, p->app.db, TX_READ) == OK);
    disk_set_owner(before);
    return &inspecting;
}

void inspect_end(void) { MUST(tx_commit(&inspecting) == OK); }
