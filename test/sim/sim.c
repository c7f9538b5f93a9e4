/* aldia-sim: whole companies for simulated years, from one seed (docs/internals/simulation.md).
 *
 *   aldia-sim [--seed N] [--days D] [--companies K] [--jobs J] [--marks] [--stop]
 *
 * Company i of a run has the seed N + i, so that `--seed N+i --companies 1` repeats it alone. --marks: rare situations that
 * never happened are failures; --stop: at the first failure. */
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "action/action.h"
#include "base/buf.h"
#include "base/file.h"
#include "inspect_sql.h"
#include "sim.h"

#define QUIET_DAYS 75
#define EPOCH_DAY 20454 /* 2026-01-01 */

/* ---- reproducible system calls ----
 * The program asks the system for random bytes, and syncs its journal, by these; in this executable they are ours. */

static struct seeded_random system_random;
static struct sim *present;

ssize_t getrandom(void *out, size_t n, unsigned flags);
ssize_t getrandom(void *out, size_t n, unsigned flags) {
    (void)flags;
    for (size_t i = 0; i < n; i++) ((unsigned char *)out)[i] = (unsigned char)seeded_next(&system_random);
    return (ssize_t)n;
}

/* The first password need not be safe here, and takes most of the founding's time. */
int crypto_pwhash_str_alg(char out[crypto_pwhash_STRBYTES], const char *const password, unsigned long long n, unsigned long long ops,
                          size_t memory, int algorithm) {
    (void)password, (void)n, (void)ops, (void)memory, (void)algorithm;
    snprintf(out, crypto_pwhash_STRBYTES, "none");
    return 0;
}

/* The hand-off journal alone is synced by this. */
int fdatasync(int fd) {
    struct stat st;
    struct sim *s = present;
    if (!s) return 0;
    struct process *p = s->handing;
    if (p && p->owner.dead) {
        errno = EIO;
        return -1;
    }
    if (p && !s->quiet && sim_chance(s, 8)) {
        sim_mark(s, MARK_CRASH_BEFORE_JOURNAL);
        process_kill(p, s->nested == 0 && sim_dice(s, 2));
        errno = EIO;
        return -1;
    }
    if (fstat(fd, &st) == 0) s->journal_synced = st.st_size;
    return 0;
}

/* The journal takes back what it could not sync; the dead cannot. */
int ftruncate(int fd, off_t size) {
    if (present && present->handing && present->handing->owner.dead) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_ftruncate, fd, size);
}

/* ---- telling ---- */

void sim_log(struct sim *s, const char *format, ...) {
    char *line = s->log[s->log_count++ % LOG_LINES], date[DATE_TEXT];
    struct local_time t = zone_local(s->zone, s->now);
    int n = snprintf(line, LOG_WIDTH, "%.*s %02d:%02d ", STR_ARG(date_iso(t.date, date)), (int)(t.second / 3600),
                     (int)(t.second / 60 % 60));
    va_list args;
    va_start(args, format);
    vsnprintf(line + n, LOG_WIDTH - (size_t)n, format, args);
    va_end(args);
}

static void tell_story(const struct sim *s) {
    int from = s->log_count > LOG_LINES ? s->log_count - LOG_LINES : 0;
    for (int i = from; i < s->log_count; i++) printf("  %s\n", s->log[i % LOG_LINES]);
    printf("  again: aldia-sim --seed %llu --days %d --companies 1\n", (unsigned long long)s->seed, s->days);
    fflush(stdout);
}

NORETURN void sim_violation(struct sim *s, const char *invariant, const char *format, ...) {
    printf("not ok: %s broken on day %d of seed %llu: ", invariant, s->day, (unsigned long long)s->seed);
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
    tell_story(s);
    _exit(1);
}

static void on_abort(int number) {
    (void)number;
    if (present) {
        printf("not ok: stopped on day %d of seed %llu\n", present->day, (unsigned long long)present->seed);
        tell_story(present);
    }
    _exit(1);
}

uint64_t sim_dice(struct sim *s, uint64_t sides) { return seeded_below(&s->life, sides); }
bool sim_chance(struct sim *s, int in_thousand) { return sim_dice(s, 1000) < (uint64_t)in_thousand; }
Date sim_today(const struct sim *s) { return zone_date(s->zone, s->now); }

/* ---- a company ---- */

struct country {
    const char *code, *zone, *currency;
    struct disk_image *disk;
};

static struct country countries[] = {{"CO", "America/Bogota", "COP", NULL},
                                     {"CL", "America/Santiago", "CLP", NULL},
                                     {"ES", "Europe/Madrid", "EUR", NULL}};

struct setup {
    char data_dir[200];
    struct arena *arena;
    const struct rule_pack *rules;
    const struct message_library *library;
};

static void ignore(void *self, struct json_writer *w, enum json_event event, Str key, Str text) {
    (void)self, (void)w, (void)event, (void)key, (void)text;
}

static const char *path_in(const struct setup *u, const char *name, char *out) {
    snprintf(out, 300, "%s/%s", u->data_dir, name);
    return out;
}

/* `aldia init`, once for each country; every company starts from a copy. */
static void found(struct setup *u, struct country *c) {
    struct ctx cx = {.arena = u->arena, .lang = "es", .lang_unsaid = true};
    struct actor owner = actor_console("init");
    actor_bind(&cx, &owner);
    cx.actor = "init";
    struct app app;
    Instant begin = {(int64_t)(EPOCH_DAY - 400) * MS_PER_DAY};
    MUST(app_prepare(&cx, &(struct app_options){.data_dir = u->data_dir}, &app) == OK);
    app.clock.at = &begin;
    cx.now = begin;
    struct json_writer json = {.sink = ignore};
    struct call call = {.app = &app, .action = action_find(S("init")), .out = &json, .yes = true};
    const char *const arguments[] = {"name", "Compañía simulada", "country", c->code, "currency", c->currency, "zone", c->zone};
    for (size_t i = 0; i < COUNT_OF(arguments); i += 2) {
        const struct param *p = call.action->params;
        while (strcmp(p->name, arguments[i]) != 0) p++;
        MUST(call_set(&cx, &call, p, str_from(arguments[i + 1])) == OK);
    }
    if (call_run(&cx, &call) != OK) {
        printf("not ok: init: %s\n", cx.fault.message);
        exit(1);
    }
    cx.company_id = 1;
    MUST(tx_begin(&cx, app.db, TX_WRITE) == OK && other_versions_delete(&cx) == OK && other_strategies_delete(&cx) == OK &&
         tx_commit(&cx) == OK);
    if (!u->rules) MUST(app_rules(&cx, &app, &u->rules) == OK && app_library(&cx, &app, &u->library) == OK);
    app_close(&app);
    c->disk = disk_keep();
    disk_clear();
}

static void set_up(struct setup *u) {
    char path[300];
    u->arena = arena_new();
    MUST(mkdir(u->data_dir, 0700) == 0);
    struct ctx cx = {.arena = u->arena};
    /* SQLite's files are in memory; the product looks whether there is one, and at its inode. */
    MUST(file_write(&cx, path_in(u, "aldia.db", path), S("the simulated disk holds it"), 0600) == OK);
    for (size_t i = 0; i < COUNT_OF(countries); i++) found(u, &countries[i]);
}

static void name_folder(struct setup *u, pid_t parent, int job) {
    snprintf(u->data_dir, sizeof u->data_dir, "%s/aldia-sim-%ld-%d", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp",
             (long)parent, job);
}

/* By the parent, also for a job that was ended. */
static void remove_folder(const struct setup *u) {
    static const char *const names[] = {"aldia.conf", "aldia.db", "aldia.db-writer", "instance.id", "handoff.journal", "invoices.csv",
                                        "customers.csv",   "strategy.yaml",   "secret.key"};
    char path[300];
    for (size_t i = 0; i < COUNT_OF(names); i++) unlink(path_in(u, names[i], path));
    rmdir(path_in(u, "files", path));
    rmdir(path_in(u, "backup", path));
    rmdir(u->data_dir);
}

static void take_down(struct setup *u) {
    for (size_t i = 0; i < COUNT_OF(countries); i++) disk_image_free(countries[i].disk);
    disk_clear();
    arena_free(u->arena);
}

static void live(const struct setup *u, struct sim *s) {
    const struct country *c = &countries[sim_dice(s, COUNT_OF(countries))];
    struct ctx cx = {.arena = s->model.arena};
    char path[300];
    s->no_profile = sim_chance(s, 350);
    Str conf = s->no_profile ? S("volume_limit_factor = 0\nstale_data_hours = 0\ncontact_profile = none\n")
                             : S("volume_limit_factor = 0\nstale_data_hours = 0\n");
    MUST(file_write(&cx, path_in(u, "aldia.conf", path), conf, 0600) == OK);
    disk_restore(c->disk);
    unlink(path_in(u, "handoff.journal", path));
    s->data_dir = u->data_dir;
    s->rules = u->rules;
    s->library = u->library;
    s->country = c->code;
    s->currency_name = c->currency;
    MUST(currency_parse(str_from(c->currency), &s->currency));
    MUST(zone_find(&cx, str_from(c->zone), &s->zone) == OK);
    s->first_day = EPOCH_DAY + (int32_t)sim_dice(s, 365);
    s->now = zone_instant(s->zone, (Date){s->first_day}, 6 * 3600);
    s->highest_run = INSTANT_NONE;
    s->desk = (struct process){.sim = s, .name = "desk"};
    s->worker[0] = (struct process){.sim = s, .name = "worker-1"};
    s->worker[1] = (struct process){.sim = s, .name = "worker-2"};
    s->inspector = (struct process){.sim = s, .name = "inspector"};
    life_begin(s);
    int next_full = 30;
    for (; s->day < s->days; s->day++) {
        if (!s->quiet && s->day >= s->days - QUIET_DAYS) life_settle(s);
        life_day(s);
        if (s->day < next_full) continue;
        check_everything(s);
        next_full = s->day + 30;
    }
    check_end(s);
    process_stop(&s->desk);
    process_stop(&s->worker[0]);
    process_stop(&s->worker[1]);
    process_stop(&s->inspector);
    disk_clear();
}

/* What the jobs have in common. */
struct totals {
    int64_t marks[MARK_COUNT], companies, days, messages;
};

static void simulate(const struct setup *u, uint64_t seed, int days, struct totals *t) {
    struct sim *s = mem_alloc(sizeof *s);
    *s = (struct sim){.seed = seed, .days = days, .marks = t->marks};
    s->life.state = seed * 2654435761U + 1;
    s->disk_random.state = seed ^ 0x5eed;
    system_random.state = seed ^ 0xfeed;
    s->model.arena = arena_new();
    disk_install(&s->disk_random);
    present = s;
    live(u, s);
    present = NULL;
    t->companies++;
    t->days += s->day;
    t->messages += s->delivered;
    arena_free(s->model.arena);
    mem_free(s);
}

static int job(uint64_t seed, int days, int companies, int at, int jobs, struct totals *t) {
    static struct seeded_random founding = {42};
    struct setup u = {0};
    name_folder(&u, getppid(), at);
    FILE *quiet = fopen("/dev/null", "w"); /* warnings of the program, thousands of them */
    MUST(quiet);
    stderr = quiet;
    signal(SIGABRT, on_abort);
    disk_install(&founding);
    set_up(&u);
    for (int i = at; i < companies; i += jobs) simulate(&u, seed + (uint64_t)i, days, t);
    take_down(&u);
    fclose(quiet);
    return 0;
}

static const char *const mark_texts[] = {
#define X(name, text) text,
    MARK_LIST(X)
#undef X
};

static int report(const struct totals *totals, int jobs, int64_t ms, bool marks_wanted, int failed) {
    struct totals t = {0};
    for (int j = 0; j < jobs; j++) {
        t.companies += totals[j].companies;
        t.days += totals[j].days;
        t.messages += totals[j].messages;
        for (int i = 0; i < MARK_COUNT; i++) t.marks[i] += totals[j].marks[i];
    }
    int missing = 0;
    for (int i = 0; i < MARK_COUNT; i++) {
        if (marks_wanted && t.marks[i] == 0) printf("not ok: never happened: %s\n", mark_texts[i]);
        if (marks_wanted && t.marks[i]) printf("%8lld %s\n", (long long)t.marks[i], mark_texts[i]);
        missing += marks_wanted && t.marks[i] == 0;
    }
    printf("%lld companies, %lld days, %lld messages in %.1f s: %.0f days a minute\n", (long long)t.companies, (long long)t.days,
           (long long)t.messages, (double)ms / 1000.0, (double)t.days * 60000.0 / (double)(ms ? ms : 1));
    int good = (int)t.companies + (marks_wanted ? MARK_COUNT - missing : 0);
    printf("%d passed, %d failed\n", good, failed + missing);
    return failed + missing ? 1 : 0;
}

int main(int argc, char **argv) {
    int64_t seed = 1, days = 365, companies = 4, jobs = 2;
    bool marks = false, stop = false;
    const struct {
        const char *name;
        int64_t *value;
    } options[] = {{"--seed", &seed}, {"--days", &days}, {"--companies", &companies}, {"--jobs", &jobs}};
    for (int i = 1; i < argc; i++) {
        bool known = false;
        if (strcmp(argv[i], "--marks") == 0) marks = known = true;
        if (strcmp(argv[i], "--stop") == 0) stop = known = true;
        for (size_t k = 0; k < COUNT_OF(options) && i + 1 < argc; k++)
            if (strcmp(argv[i], options[k].name) == 0 && str_to_i64(str_from(argv[i + 1]), options[k].value)) {
                known = true;
                i++;
                break;
            }
        if (!known || days < QUIET_DAYS + 10 || companies < 1 || jobs < 1 || jobs > 64) {
            fprintf(stderr, "usage: aldia-sim [--seed N] [--days D] [--companies K] [--jobs J] [--marks] [--stop]\n");
            return 64;
        }
    }
    if (jobs > companies) jobs = companies;
    struct totals *totals = mmap(NULL, sizeof *totals * (size_t)jobs, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    MUST(totals != MAP_FAILED);
    int64_t begun = clock_monotonic_ms();
    int failed = 0;
    fflush(stdout);
    pid_t children[64];
    for (int j = 0; j < jobs; j++)
        if ((children[j] = fork()) == 0) exit(job((uint64_t)seed, (int)days, (int)companies, j, (int)jobs, &totals[j]));
    for (int j = 0; j < jobs; j++) {
        int status = 0;
        pid_t who = wait(&status);
        failed += status != 0;
        for (int k = 0; k < jobs; k++) {
            if (children[k] == who) children[k] = 0;
            if (status && stop && children[k]) kill(children[k], SIGKILL);
        }
    }
    for (int j = 0; j < jobs; j++) {
        struct setup u = {0};
        name_folder(&u, getpid(), j);
        remove_folder(&u);
    }
    return report(totals, (int)jobs, clock_monotonic_ms() - begun, marks, failed);
}
