/* `aldia demo`: months of an invented company, lived through day by day with the same actions everybody uses.
 *
 * It lies in a folder of its own with a clock of its own; mail stays in the local outbox. Its customers follow from a
 * seed (demo_world.h), so a day more can be added at any time and two demos of the same day are alike. */
#include "account/seal.h"
#include "action/demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "company_sql.h"
#include "demo_sql.h"
#include "health_sql.h"

#define MARK "demo.txt" /* says that the folder is a demo, and which */
#define DEFAULT_CUSTOMERS 300
#define DEFAULT_DAYS 130
#define OPTIONS(...) ((const struct demo_option[]){__VA_ARGS__, {0}})

static void swallow(void *self, Str piece) { (void)self, (void)piece; }

enum rc demo_call(struct demo *d, const char *verb, const struct demo_option *options) {
    struct ctx *cx = d->cx;
    struct json_text text;
    const struct action *action = action_find(str_from(verb));
    MUST(action);
    struct call call = {.app = d->app, .action = action, .yes = true};
    for (const struct demo_option *o = options; o->name; o++) {
        const struct param *p = action->params;
        while (p->name && strcmp(p->name, o->name) != 0) p++;
        MUST(p->name);
        TRY(call_set(cx, &call, p, o->value));
    }
    json_text_init(&text, swallow, NULL);
    call.out = &text.writer;
    enum rc rc = call_run(cx, &call);
    json_text_done(&text);
    return rc;
}

enum rc demo_call_as(struct demo *d, const char *login, const char *verb, const struct demo_option *options) {
    const struct actor *before = d->cx->who;
    struct actor person;
    TRY(demo_person(d, login, &person));
    actor_bind(d->cx, &person);
    enum rc rc = demo_call(d, verb, options);
    actor_bind(d->cx, before);
    return rc;
}

enum rc demo_set_clock(struct demo *d, Date day, int hour, int minute) {
    char text[INSTANT_TEXT];
    const struct zone *zone = d->app->company.zone;
    Instant now = zone_instant(zone, day, hour * 3600 + minute * 60);
    Str line = instant_format_offset(now, zone_offset(zone, now) / 60, text);
    /* Renamed into place: a server may be reading it. */
    struct arena_mark mark = arena_mark(d->cx->arena);
    const char *beside = arena_printf(d->cx->arena, "%s.new", d->clock_file).p;
    FILE *out = fopen(beside, "we");
    if (!out) return fail(d->cx, INTERNAL, "could not write %s: %s", beside, strerror(errno));
    fprintf(out, "%.*s\n", STR_ARG(line));
    if (fclose(out) != 0 || rename(beside, d->clock_file) != 0)
        return fail(d->cx, INTERNAL, "could not write %s: %s", d->clock_file, strerror(errno));
    arena_rewind(d->cx->arena, mark);
    d->cx->now = now;
    return OK;
}

/* ---- making ---- */

static const char *default_folder(struct ctx *cx) {
    const char *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (xdg && *xdg) return arena_cstr(cx->arena, arena_printf(cx->arena, "%s/aldia-demo", xdg));
    return arena_cstr(cx->arena, arena_printf(cx->arena, "%s/.local/share/aldia-demo", home && *home ? home : "."));
}

static void make_customers(struct demo *d) {
    d->customers = ARENA_ARRAY(d->cx->arena, struct demo_customer, (size_t)d->customer_count);
    for (int i = 0; i < d->customer_count; i++) demo_customer(d->cx->arena, d->seed, i, &d->customers[i]);
}

static enum rc import_customers(struct demo *d) {
    struct ctx *cx = d->cx;
    const char *path = app_path(cx, d->app, "import/clientes.csv");
    AUTO(buf_done) struct buf b = buf_make((size_t)16 * 1024 * 1024);
    buf_add(&b, S("code,name,tax_id,country,currency,email,contact_name,payment_terms,zone,collector,language\n"));
    for (int i = 0; i < d->customer_count; i++) {
        const struct demo_customer *c = &d->customers[i];
        buf_printf(&b, "%.*s,%.*s,%.*s,%.*s,%.*s,%.*s,%.*s,%.*s,%.*s,%s,es\n", STR_ARG(c->code), STR_ARG(c->name),
                   STR_ARG(c->tax_id), STR_ARG(c->country), STR_ARG(c->currency), STR_ARG(c->email),
                   STR_ARG(c->contact), STR_ARG(c->payment_terms), STR_ARG(c->zone), demo_collector(i));
    }
    TRY(file_write(cx, path, buf_str(&b), 0600));
    return demo_call(d, "customer import", OPTIONS({"file", str_from(path)}));
}

static enum rc set_profile(struct demo *d) {
    struct ctx *cx = d->cx;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, d->app->db, TX_WRITE));
    TRY(company_set_profile(cx, &(struct company_set_profile_params){
                                    .name = S("Suministros Valle Sereno S.A.S."),
                                    .tax_id = S("900000000-0"),
                                    .address = S("Calle de la Demostración 123, Medellín"),
                                    .person_name = S("Laura Restrepo"),
                                    .person_phone = S("+57 604 000 0000"),
                                    .person_email = S("cartera@valle-sereno.example"),
                                    .person_hours = S("lunes a viernes, 8:00 a 17:00"),
                                    .ways_to_pay = S("Transferencia a Banco Imaginario, cuenta 000-000000-00"),
                                    .run_minute = 540}));
    return tx_commit(scope);
}

static enum rc read_company(struct demo *d) {
    AUTO(tx_end) struct ctx *scope = d->cx;
    TRY(tx_begin(d->cx, d->app->db, TX_READ));
    TRY(app_company(d->cx, d->app));
    return tx_commit(scope);
}

static enum rc write_conf(struct demo *d) {
    struct ctx *cx = d->cx;
    Str text;
    const char *path = app_path(cx, d->app, "aldia.conf");
    TRY(file_read(cx, path, (size_t)1024 * 1024, &text));
    text = arena_printf(cx->arena,
                        "%.*s\nmail_from = Cartera Valle Sereno <cartera@valle-sereno.example>\n"
                        "# Its accounts are kept on working days only.\nstale_data_hours = 144\n"
                        "# No smtp_host: whatever the demo sends stays in its outbox (aldia message list).\n",
                        STR_ARG(text));
    TRY(file_write(cx, path, text, 0600));
    return settings_load(cx, path, &d->app->settings);
}

static enum rc create(struct demo *d, Date first) {
    struct ctx *cx = d->cx;
    char from[DATE_TEXT];
    TRY(dir_make(cx, app_path(cx, d->app, "import"), 0700));
    Str mark = arena_printf(cx->arena, "%llu %d\n", (unsigned long long)d->seed, d->customer_count);
    TRY(file_write(cx, app_path(cx, d->app, MARK), mark, 0600));
    d->app->company.zone = zone_utc(); /* until there is one */
    TRY(demo_set_clock(d, first, 12, 0));
    TRY(demo_call(d, "init",
                  OPTIONS({"name", S("Suministros Valle Sereno S.A.S.")}, {"country", S("CO")}, {"currency", S("COP")},
                          {"language", S("es")}, {"code", S("demo")})));
    TRY(read_company(d));
    TRY(write_conf(d));
    TRY(set_profile(d));
    TRY(demo_people(d));
    TRY(import_customers(d));
    return demo_call(d, "strategy activate", OPTIONS({"from", arena_str(cx->arena, date_iso(first, from))}));
}

static enum rc live_days(struct demo *d, Date first, Date last) {
    for (Date day = first; date_compare(day, last) <= 0; day = date_add(day, 1)) {
        struct arena_mark mark = arena_mark(d->cx->arena);
        TRY(demo_day(d, day));
        arena_rewind(d->cx->arena, mark);
        if (d->call->progress)
            d->call->progress(d->call->self, "demo", date_diff(day, first) + 1, date_diff(last, first) + 1);
    }
    return OK;
}

/* Every day from first to last. What it makes can be made again, so nothing waits for the disk meanwhile. */
static enum rc live(struct demo *d, Date first, Date last) {
    const struct actor aldia = actor_system("demo"), *before = d->cx->who;
    const struct rule_pack *rules;
    const struct message_library *library;
    TRY(app_rules(d->cx, d->app, &rules)); /* kept for all days: loaded before the first mark */
    TRY(app_library(d->cx, d->app, &library));
    TRY(db_relax(d->cx, d->app->db, true));
    d->app->is_relaxed = true;
    actor_bind(d->cx, &aldia);
    enum rc rc = live_days(d, first, last);
    actor_bind(d->cx, before);
    TRY(rc);
    d->app->is_relaxed = false;
    return db_relax(d->cx, d->app->db, false);
}

/* ---- telling ---- */

struct figures {
    struct demo_size_row size;
    struct demo_effect_row effect;
    struct demo_cases_row cases;
    struct message_counts_row waiting;
    struct demo_example_row example;
    bool has_example;
    struct demo_sent_row sent[32];
    size_t sent_count;
    int64_t messages;
    struct demo_money_row money[16];
    size_t money_count;
};

static enum rc read_lists(struct demo *d, struct figures *f) {
    struct ctx *cx = d->cx;
    bool more = true;
    {
        AUTO(demo_sent_close) struct demo_sent_cursor cursor = {0};
        TRY(demo_sent_open(cx, &cursor));
        while (f->sent_count < COUNT_OF(f->sent)) {
            struct demo_sent_row *row = &f->sent[f->sent_count];
            TRY(demo_sent_next(cx, &cursor, row, &more));
            if (!more) break;
            row->template = arena_str(cx->arena, row->template);
            f->messages += row->messages;
            f->sent_count++;
        }
    }
    AUTO(demo_money_close) struct demo_money_cursor cursor = {0};
    TRY(demo_money_open(cx, &(struct demo_money_params){.today = app_today(cx, d->app)}, &cursor));
    while (f->money_count < COUNT_OF(f->money)) {
        TRY(demo_money_next(cx, &cursor, &f->money[f->money_count], &more));
        if (!more) break;
        f->money_count++;
    }
    return OK;
}

static enum rc read_figures(struct demo *d, struct figures *f) {
    struct ctx *cx = d->cx;
    *f = (struct figures){0};
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, d->app->db, TX_READ));
    TRY(demo_size(cx, &f->size));
    TRY(demo_effect(cx, &f->effect));
    TRY(demo_cases(cx, &(struct demo_cases_params){.today = app_today(cx, d->app)}, &f->cases));
    TRY(message_counts(cx, &f->waiting));
    TRY(demo_example(cx, &f->example, &f->has_example));
    f->example.customer_code = arena_str(cx->arena, f->example.customer_code);
    f->example.number = arena_str(cx->arena, f->example.number);
    TRY(read_lists(d, f));
    return tx_commit(scope);
}

static void put_figures(const struct figures *f, struct json_writer *w, const char *folder) {
    json_object(w);
    json_put_text(w, "data", folder);
    json_put_i64(w, "customers", f->size.customers);
    json_put_i64(w, "documents", f->size.documents);
    json_put_i64(w, "payments", f->size.payments);
    json_put_i64(w, "messages", f->messages);
    json_put_i64(w, "claimed", f->effect.reminded);
    json_put_i64(w, "claimed_and_paid", f->effect.paid);
    json_put_i64(w, "paid_within_a_week", f->effect.paid_in_week);
    json_put_i64(w, "planned", f->waiting.planned);
    json_put_i64(w, "deferred", f->waiting.deferred);
    json_put_i64(w, "approvals", f->waiting.approval);
    json_put_i64(w, "tasks", f->waiting.tasks);
    json_put_i64(w, "promises_open", f->cases.promises_open);
    json_put_i64(w, "disputes_open", f->cases.disputes_open);
    json_object_end(w);
}

static const char *what(Str template) {
    static const char *const words[][2] = {{"new_invoice", PHRASE("notice of a new invoice|notices of a new invoice")},
                                           {"due_soon", PHRASE("notice a week before the day|notices a week before the day")},
                                           {"due_today", PHRASE("notice on the day|notices on the day")},
                                           {"claim", PHRASE("claim of what is overdue|claims of what is overdue")},
                                           {"promise_broken", PHRASE("word about a broken promise|words about a broken promise")}};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_is(template, words[i][0])) return words[i][1];
    return PHRASE("other|others");
}

/* A line of a list; `words` is "one|several". */
static void say_count(struct ctx *cx, struct buf *b, int64_t n, SAYS const char *words) {
    Str several = str_from(phrase(cx, words)), one = str_cut(&several, '|');
    Str chosen = n == 1 ? one : several;
    buf_printf(b, "    %6lld  %.*s\n", (long long)n, STR_ARG(chosen));
}

/* A heading above such lines. */
static void say_head(struct ctx *cx, struct buf *b, SAYS const char *words) { buf_printf(b, "\n  %s\n", phrase(cx, words)); }

/* 12345678 as 12 345 678. */
static void add_number(struct buf *b, int64_t value, int width) {
    char digits[32], grouped[48];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)value), k = 0;
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0) grouped[k++] = ' ';
        grouped[k++] = digits[i];
    }
    grouped[k] = '\0';
    buf_printf(b, "%*s", width, grouped);
}

static void add_column(struct buf *b, const char *title, int width) {
    for (int i = (int)str_codepoints(str_from(title)); i < width; i++) buf_add_char(b, ' ');
    buf_add_cstr(b, title);
}

static void say_money(struct ctx *cx, struct buf *b, const struct figures *f) {
    static const char *const columns[] = {PHRASE("invoiced"), PHRASE("paid so far"), PHRASE("still open"), PHRASE("overdue")};
    const char *head = phrase(cx, "Money");
    buf_printf(b, "\n  %s", head);
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        add_column(b, phrase(cx, columns[i]), i ? 18 : 30 - (int)str_codepoints(str_from(head)));
    buf_add_char(b, '\n');
    for (size_t i = 0; i < f->money_count; i++) {
        const struct demo_money_row *m = &f->money[i];
        int64_t unit = 1;
        char code[4];
        for (int k = 0; k < currency_exponent(m->currency); k++) unit *= 10;
        buf_printf(b, "    %.*s    ", STR_ARG(currency_code(m->currency, code)));
        add_number(b, m->charged / unit, 20);
        add_number(b, m->paid / unit, 18);
        add_number(b, m->open / unit, 18);
        add_number(b, m->overdue / unit, 18);
        buf_add_char(b, '\n');
    }
}

static void say_work(struct ctx *cx, struct buf *b, const struct figures *f) {
    buf_add(b, S("\n  "));
    buf_printf(b, phrase(cx, "%lld messages went to the outbox, none twice, none after payment"), (long long)f->messages);
    buf_add_char(b, '\n');
    for (size_t i = 0; i < f->sent_count; i++) say_count(cx, b, f->sent[i].messages, what(f->sent[i].template));
    int64_t share = f->effect.reminded ? f->effect.paid_in_week * 100 / f->effect.reminded : 0;
    say_head(cx, b, "What they achieved");
    say_count(cx, b, f->effect.reminded, "invoice was claimed at least once|invoices were claimed at least once");
    buf_printf(b, "    %6lld  ", (long long)f->effect.paid_in_week);
    buf_printf(b, phrase(cx, "of them got money within a week of a claim (%lld %%)"), (long long)share);
    buf_add_char(b, '\n');
    say_count(cx, b, f->effect.paid, "is paid by now|are paid by now");
    say_count(cx, b, f->cases.promises_kept, "promise kept|promises kept");
    say_count(cx, b, f->cases.promises_broken, "promise broken|promises broken");
}

static void say_waiting(struct ctx *cx, struct buf *b, const struct figures *f) {
    say_head(cx, b, "What waits today");
    say_count(cx, b, f->waiting.planned + f->waiting.deferred, "message for its hour|messages for their hour");
    say_count(cx, b, f->waiting.approval, "proposal for approval|proposals for approval");
    say_count(cx, b, f->waiting.tasks, "task for a person|tasks for a person");
    say_count(cx, b, f->cases.promises_open, "promise running|promises running");
    say_count(cx, b, f->cases.disputes_open, "dispute open|disputes open");
    say_count(cx, b, f->cases.on_hold, "customer on hold|customers on hold");
}

/* The program as it can be called from anywhere: it may not be installed. */
static const char *own_path(struct ctx *cx) {
    char *path = realpath("/proc/self/exe", NULL);
    const char *kept = path ? arena_cstr(cx->arena, str_from(path)) : "aldia";
    mem_free(path);
    return kept;
}

static void say_commands(struct buf *b, struct demo *d, const struct figures *f) {
    const char *own = d->app->data_is_given ? d->app->data_dir : NULL, *program = own_path(d->cx);
    say_head(d->cx, b, "Look around in the browser:");
    buf_printf(b, "    %s --data %s --clock-file %s serve\n", program, d->app->data_dir, d->clock_file);
    demo_say_people(d, b);
    say_head(d->cx, b, "Or here: first");
    buf_printf(b, "    alias demo='%s --data %s --clock-file %s'\n  %s\n", program, d->app->data_dir, d->clock_file, phrase(d->cx, "then"));
    buf_add(b, S("    demo customer list --overdue 30\n    demo task list --open\n    demo approval list\n"));
    if (f->has_example) {
        Str code = f->example.customer_code, number = f->example.number;
        buf_printf(b,
                   "    demo customer show %.*s\n    demo message list --customer %.*s\n    demo message show %lld\n",
                   STR_ARG(code), STR_ARG(code), (long long)f->example.id);
        if (action_find(S("why"))) buf_printf(b, "    demo why %.*s\n", STR_ARG(number));
    }
    if (action_find(S("strategy rehearse"))) buf_add(b, S("    demo strategy rehearse --days 14\n"));
    if (action_find(S("verify"))) buf_add(b, S("    demo verify\n"));
    buf_printf(b, "  %s\n    %s demo%s%s --advance 1\n", phrase(d->cx, "and let time pass:"), program, own ? " --data " : "", own ? own : "");
}

static void say_figures(struct demo *d, const struct figures *f) {
    AUTO(buf_done) struct buf b = buf_make(65536);
    char day[DATE_TEXT];
    buf_add(&b, S("\n  "));
    buf_printf(&b, phrase(d->cx, "Suministros Valle Sereno S.A.S., an invented company, on %.*s"), STR_ARG(date_iso(app_today(d->cx, d->app), day)));
    buf_add(&b, S("\n  "));
    buf_printf(&b, phrase(d->cx, "%lld customers in five countries, %lld documents, %lld payments"), (long long)f->size.customers,
               (long long)f->size.documents, (long long)f->size.payments);
    buf_add_char(&b, '\n');
    say_money(d->cx, &b, f);
    say_work(d->cx, &b, f);
    say_waiting(d->cx, &b, f);
    say_commands(&b, d, f);
    buf_add_char(&b, '\n');
    d->call->say(d->call->self, buf_str(&b));
}

/* ---- the command ---- */

static enum rc read_mark(struct demo *d) {
    Str text, rest;
    int64_t seed, customers;
    TRY(file_read(d->cx, app_path(d->cx, d->app, MARK), 256, &text));
    rest = str_trim(text);
    if (!str_to_i64(str_cut(&rest, ' '), &seed) || !rest.p || !str_to_i64(rest, &customers) || customers < 1 ||
        customers > DEMO_MAX_CUSTOMERS)
        return fail(d->cx, INVALID, "%s/" MARK " is damaged: make the demo anew with --fresh", d->app->data_dir);
    d->seed = (uint64_t)seed;
    d->customer_count = (int)customers;
    return OK;
}

/* A demo that was interrupted while it was made begins again; what is not a demo is left alone. */
static enum rc check_folder(struct demo *d, bool *out_present) {
    struct ctx *cx = d->cx;
    const char *folder = d->app->data_dir;
    bool marked = file_exists(app_path(cx, d->app, MARK)), whole = file_exists(app_path(cx, d->app, "import/ready"));
    *out_present = marked && whole && !arg_flag(d->call, "fresh");
    if (*out_present) return OK;
    Str *names;
    size_t n;
    enum rc rc = dir_list(cx, folder, &names, &n);
    if (rc == NOT_FOUND) return OK;
    TRY(rc);
    if (n && !marked)
        return fail_field(cx, CONFLICT, "data", "name an empty or new folder with --data",
                          "%s is not empty and no demo", folder);
    return dir_remove(cx, folder);
}

static enum rc number_in(struct ctx *cx, const struct call *call, const char *name, int64_t fallback, int64_t least,
                         int64_t most, int *out) {
    int64_t value = arg_int(call, name, fallback);
    if (value < least || value > most)
        return fail_field(cx, INVALID, name, NULL, "%s must lie between %lld and %lld", name, (long long)least,
                          (long long)most);
    *out = (int)value;
    return OK;
}

static enum rc make(struct demo *d, int days) {
    struct ctx *cx = d->cx;
    Date today = zone_date(zone_utc(), cx->now), first = date_add(today, -days + 1);
    d->seed = (uint64_t)arg_int(d->call, "seed", 1);
    TRY(dir_make(cx, d->app->data_dir, 0700));
    TRY(seal_key_make(cx, app_secret_key_path(cx, d->app)));
    make_customers(d);
    TRY(create(d, first));
    TRY(live(d, first, today));
    return file_write(cx, app_path(cx, d->app, "import/ready"), S("\n"), 0600);
}

static enum rc reopen(struct demo *d, int advance) {
    struct ctx *cx = d->cx;
    TRY(read_mark(d));
    TRY(settings_load(cx, app_path(cx, d->app, "aldia.conf"), &d->app->settings));
    TRY(clock_now(cx, &d->app->clock, &cx->now));
    TRY(app_open(cx, d->app));
    make_customers(d);
    Date today = app_today(cx, d->app);
    return live(d, date_add(today, 1), date_add(today, advance));
}

enum rc demo_advance(struct ctx *cx, struct app *app, int days, Date *out_day) {
    const struct actor system = actor_system("demo");
    struct call silent = {.app = app};
    struct ctx own = *cx;
    struct demo d = {.cx = &own, .call = &silent, .app = app};
    actor_bind(&own, &system);
    d.clock_file = app_path(&own, app, "clock");
    enum rc rc = read_mark(&d);
    Date today = app_today(&own, app);
    *out_day = date_add(today, days);
    if (rc == OK) {
        make_customers(&d);
        rc = live(&d, date_add(today, 1), *out_day);
    }
    cx->fault = own.fault;
    return rc;
}

static enum rc demo_run(struct ctx *cx, struct call *call) {
    struct app *app = call->app;
    struct demo d = {.cx = cx, .call = call, .app = app};
    struct figures f;
    bool present;
    int days = 0, advance = 0;
    TRY(number_in(cx, call, "customers", DEFAULT_CUSTOMERS, 1, DEMO_MAX_CUSTOMERS, &d.customer_count));
    TRY(number_in(cx, call, "days", DEFAULT_DAYS, 1, 3650, &days));
    TRY(number_in(cx, call, "advance", 0, 0, 3650, &advance));
    if (!app->data_is_given) app->data_dir = default_folder(cx);
    if (!app->db_is_given)
        app->db_url = arena_cstr(cx->arena, arena_printf(cx->arena, "sqlite:%s/aldia.db", app->data_dir));
    d.clock_file = app_path(cx, app, "clock");
    app->clock.file = d.clock_file;
    TRY(check_folder(&d, &present));
    TRY(present ? reopen(&d, advance) : make(&d, days));
    TRY(read_figures(&d, &f));
    if (call->say)
        say_figures(&d, &f);
    else
        put_figures(&f, call->out, app->data_dir);
    return OK;
}

const struct action demo_action = {
    .verb = "demo",
    .summary = "An invented company with months of history, to look around in",
    .details =
        "Makes it in a folder of its own ($XDG_DATA_HOME/aldia-demo if --data names no other), with a clock of its "
        "own; every message stays in the local outbox. Called again it tells how things stand; --advance lets days "
        "pass. Then says where to look.",
    .needs = CAP_INSTALL,
    .tx = TX_NONE,
    .without_company = true,
    .params = PARAMS({"customers", P_INT, OPTIONAL, "how many customers (300)", NULL},
                     {"days", P_INT, OPTIONAL, "days of history (130)", NULL},
                     {"advance", P_INT, OPTIONAL, "let so many days pass", NULL},
                     {"seed", P_INT, OPTIONAL, "another seed makes another world", NULL},
                     {"fresh", P_FLAG, OPTIONAL, "throw the present demo away and make it anew", NULL}),
    .run = demo_run,
};
