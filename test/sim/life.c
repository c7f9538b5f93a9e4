/* What happens to a company: invoices, money, talks, and the daily run. All from the seed. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/file.h"
#include "sim.h"

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define FAULTLESS_DAYS 75
#define HOUR_S 3600

static const char *amount_text(const struct sim *s, int64_t minor, char *text) {
    if (currency_exponent(s->currency) == 0)
        snprintf(text, 32, "%lld", (long long)minor);
    else
        snprintf(text, 32, "%lld.%02lld", (long long)(minor / 100), (long long)(minor % 100));
    return text;
}

static const char *day_text(int32_t day, char *text) {
    Str t = date_iso((Date){day}, text);
    text[t.n] = '\0';
    return text;
}

static int any_customer(struct sim *s) { return (int)sim_dice(s, s->model.customers.count); }

static int64_t any_amount(struct sim *s) {
    int64_t whole = 1000 + (int64_t)sim_dice(s, 5000000);
    return currency_exponent(s->currency) == 0 ? whole : whole * 100 + (sim_dice(s, 4) ? 0 : (int64_t)sim_dice(s, 100));
}

/* ---- acknowledged, refused, or killed ---- */

/* Runs a command of the people's. True when it was done: acknowledged, or killed and found done afterwards. */
static bool desk_call(struct sim *s, struct told *told, const char *verb, const char *const *arguments) {
    if (s->power_off) return false;
    int64_t before = count_events(s);
    process_start(&s->desk);
    bool armed = !s->quiet && s->nested == 0 && sim_chance(s, 30);
    if (armed) {
        s->desk.owner.dies_at_sync = sim_chance(s, 300);
        if (!s->desk.owner.dies_at_sync) s->desk.owner.ops_left = 1 + (int64_t)sim_dice(s, 40);
        s->loses_power = sim_dice(s, 2) == 0;
    }
    enum rc rc = process_call(&s->desk, told, verb, arguments);
    bool died = s->desk.owner.dead;
    s->desk.owner.ops_left = 0;
    s->desk.owner.dies_at_sync = false;
    if (!died) return rc == OK;
    processes_bury(s);
    if (str_ends(str_from(verb), S("import"))) sim_mark(s, MARK_CRASH_IN_IMPORT);
    bool done = count_events(s) > before;
    if (rc == OK && !done) sim_violation(s, "I4", "%s was acknowledged, and is gone after the crash", verb);
    if (rc != OK) {
        *told = (struct told){0};
        sim_mark(s, done ? MARK_COMMIT_SURVIVED_CRASH : MARK_COMMIT_LOST_IN_CRASH);
    }
    return done;
}

static void write_file(struct sim *s, const char *name, const struct buf *text, char *out_path) {
    struct ctx cx = {.arena = arena_new()};
    snprintf(out_path, 300, "%s/%s", s->data_dir, name);
    MUST(file_write(&cx, out_path, buf_str(text), 0600) == OK);
    arena_free(cx.arena);
}

/* ---- customers ---- */

static void add_customer_line(struct buf *b, const struct m_customer *c) {
    buf_printf(b, "%s,Cliente %s,%s,%s,%s\n", c->code, c->code, c->is_person ? "person" : "company", c->email, c->zone);
}

static bool import_customers(struct sim *s, const struct buf *text) {
    char path[300];
    struct told told;
    write_file(s, "customers.csv", text, path);
    return desk_call(s, &told, "customer import", ARGS("file", path));
}

static void new_address(struct sim *s, struct m_customer *c) {
    snprintf(c->email, sizeof c->email, "%s-%d@cliente.example", c->code, s->next_customer++);
    c->bounced = c->bouncing = false;
}

static void change_address(struct sim *s, int customer) {
    struct m_customer after = s->model.customers.items[customer];
    new_address(s, &after);
    AUTO(buf_done) struct buf b = buf_make(4096);
    buf_add(&b, S("code,name,kind,email,zone\n"));
    add_customer_line(&b, &after);
    if (import_customers(s, &b)) s->model.customers.items[customer] = after;
    sim_log(s, "%s: address is %s", after.code, s->model.customers.items[customer].email);
}

/* ---- invoices and credit notes ---- */

struct new_row {
    int customer, position;
    char number[16], applies_to[16];
    int32_t issue, due;
    int64_t amount;
    bool is_claim;
};

static void add_invoice_line(struct sim *s, struct buf *b, const struct new_row *r) {
    char issue[DATE_TEXT + 1], due[DATE_TEXT + 1], amount[32];
    buf_printf(b, "%s,%s,%s,%s,%s,%s,%s,%d,%s\n", r->number, s->model.customers.items[r->customer].code,
               day_text(r->issue, issue), day_text(r->due, due), s->currency_name, amount_text(s, r->amount, amount),
               r->is_claim ? "invoice" : "credit_note", r->position, r->applies_to);
}

static void book_rows(struct sim *s, const struct new_row *rows, int n) {
    for (int i = 0; i < n; i++)
        model_invoice(&s->model, rows[i].customer, str_from(rows[i].number), rows[i].position, rows[i].issue, rows[i].due,
                      rows[i].amount, rows[i].is_claim);
    for (int i = 0; i < n; i++)
        if (rows[i].applies_to[0]) model_apply_credit(&s->model, str_from(rows[i].number), str_from(rows[i].applies_to));
}

static void import_rows(struct sim *s, const struct new_row *rows, int n) {
    AUTO(buf_done) struct buf b = buf_make(65536);
    buf_add(&b, S("number,customer_code,issue_date,due_date,currency,amount,type,instalment,applies_to\n"));
    for (int i = 0; i < n; i++) add_invoice_line(s, &b, &rows[i]);
    bool bad = !s->quiet && sim_chance(s, 60);
    if (bad) buf_printf(&b, "SIMBAD,nobody,2026-01-01,2026-01-02,%s,1,invoice,1,\n", s->currency_name);
    char path[300];
    struct told told;
    write_file(s, "invoices.csv", &b, path);
    bool done = desk_call(s, &told, "invoice import", ARGS("file", path));
    if (bad) sim_mark(s, MARK_IMPORT_REFUSED);
    if (bad && done) sim_violation(s, "I11", "a file with a bad line was booked");
    if (done) book_rows(s, rows, n);
    sim_log(s, "import of %d rows from %s for %s%s", n, rows[0].number, s->model.customers.items[rows[0].customer].code,
            done ? "" : ": nothing booked");
    if (done && sim_chance(s, 150)) { /* once more: nothing may change */
        sim_mark(s, MARK_IMPORT_REPEATED);
        desk_call(s, &told, "invoice import", ARGS("file", path));
    }
    for (int i = 0; i < n; i++) check_customer(s, rows[i].customer);
}

static void import_invoices(struct sim *s) {
    static const int32_t terms[] = {0, 8, 15, 30, 30, 45};
    struct new_row rows[12];
    int n = 0, invoices = 1 + (int)sim_dice(s, 3);
    for (int i = 0; i < invoices; i++) {
        int customer = any_customer(s), parts = sim_chance(s, 150) ? 2 + (int)sim_dice(s, 2) : 1;
        int32_t issue = sim_today(s).day - (sim_chance(s, 100) ? 25 : (int32_t)sim_dice(s, 3)) + (sim_chance(s, 50) ? 4 : 0);
        int32_t due = issue + terms[sim_dice(s, COUNT_OF(terms))];
        int number = ++s->next_invoice;
        for (int k = 0; k < parts; k++) {
            struct new_row *r = &rows[n++];
            *r = (struct new_row){.customer = customer,
                                  .position = k + 1,
                                  .issue = issue,
                                  .due = due + 20 * k,
                                  .amount = any_amount(s),
                                  .is_claim = true};
            snprintf(r->number, sizeof r->number, "SIM%05d", number);
        }
    }
    import_rows(s, rows, n);
}

/* A document of the customer with something open, -1: none. */
static int open_document(struct sim *s, int customer) {
    int found = -1, seen = 0;
    for (size_t i = 0; i < s->model.documents.count; i++) {
        const struct m_document *d = &s->model.documents.items[i];
        if (d->customer != customer || !d->is_claim || model_document_open(&s->model, (int)i) == 0) continue;
        if (sim_dice(s, (uint64_t)++seen) == 0) found = (int)i;
    }
    return found;
}

static void import_credit(struct sim *s, int customer, int document) {
    struct new_row r = {
        .customer = customer, .position = 1, .issue = sim_today(s).day, .due = sim_today(s).day, .amount = any_amount(s)};
    snprintf(r.number, sizeof r.number, "SIM%05d", ++s->next_invoice);
    if (document >= 0) {
        snprintf(r.applies_to, sizeof r.applies_to, "%s", s->model.documents.items[document].number);
        if (sim_chance(s, 500)) r.amount = model_document_open(&s->model, document);
    }
    import_rows(s, &r, 1);
}

/* ---- money ---- */

static void pay(struct sim *s, int customer, int document, int64_t amount) {
    char external[16], text[32], day[DATE_TEXT + 1];
    const struct m_customer *c = &s->model.customers.items[customer];
    const char *number = document >= 0 ? s->model.documents.items[document].number : "";
    int32_t today = sim_today(s).day;
    snprintf(external, sizeof external, "X%d", ++s->next_payment);
    const char *const named[] = {"customer", c->code,     "date",        day_text(today, day), "currency", s->currency_name,
                                 "amount",   amount_text(s, amount, text), "external-id", external, document >= 0 ? "invoice" : NULL,
                                 number,     NULL};
    struct told told;
    bool done = desk_call(s, &told, "payment record", named);
    if (done) model_pay(&s->model, str_from(external), told.id, customer, document, today, amount, today);
    sim_log(s, "%s pays %lld%s%s%s", c->code, (long long)amount, document >= 0 ? " for " : "", number, done ? "" : ": lost");
    if (done && sim_chance(s, 100)) {
        sim_mark(s, MARK_PAYMENT_REPLAYED);
        if (desk_call(s, &told, "payment record", named) && !told.duplicate && told.id)
            sim_violation(s, "I10", "payment %s was booked twice", external);
    }
    check_customer(s, customer);
}

static void pay_something(struct sim *s, int customer) {
    int document = open_document(s, customer);
    if (document < 0) return;
    int64_t open = model_document_open(&s->model, document);
    switch (sim_dice(s, 8)) {
    case 0: pay(s, customer, document, 1 + (int64_t)sim_dice(s, (uint64_t)open)); break; /* a part */
    case 1: pay(s, customer, document, open + any_amount(s)); break;                      /* too much */
    case 2:
    case 3: pay(s, customer, -1, open); break; /* for whatever is oldest */
    default: pay(s, customer, document, open);
    }
}

static void pay_all(struct sim *s, int customer) {
    int64_t net = model_net(&s->model, customer, sim_today(s).day);
    if (net > 0) pay(s, customer, -1, net);
}

static void reverse_something(struct sim *s) {
    if (s->model.payments.count == 0) return;
    int at = (int)sim_dice(s, s->model.payments.count);
    struct m_payment *p = &s->model.payments.items[at];
    if (p->id == 0 || p->reversed) return;
    char id[24];
    struct told told;
    snprintf(id, sizeof id, "%lld", (long long)p->id);
    if (!desk_call(s, &told, "payment reverse", ARGS("id", id, "reason", "devuelto"))) return;
    model_reverse(&s->model, at);
    sim_mark(s, MARK_PAYMENT_REVERSED);
    sim_log(s, "payment %s is reversed", p->external_id);
    check_customer(s, p->customer);
}

/* ---- talks ---- */

static void hold(struct sim *s, int customer) {
    struct m_customer *c = &s->model.customers.items[customer];
    int32_t today = sim_today(s).day, until = today + (int32_t)sim_dice(s, 12);
    bool open_ended = sim_chance(s, 400);
    char day[DATE_TEXT + 1];
    struct told told;
    const char *const arguments[] = {"code", c->code, "reason", "acuerdo", open_ended ? NULL : "until", day_text(until, day), NULL};
    if (!desk_call(s, &told, "customer hold", arguments)) return;
    int32_t last = open_ended ? INT32_MAX : until;
    if (!c->held || last > c->held_until) c->held_until = last;
    c->held = true;
    sim_log(s, "%s is held%s", c->code, open_ended ? "" : " for some days");
}

static void resume(struct sim *s, int customer) {
    struct m_customer *c = &s->model.customers.items[customer];
    struct told told;
    if (!c->held) return;
    bool done = desk_call(s, &told, "customer resume", ARGS("code", c->code));
    if (done) c->held = false;
    sim_log(s, "%s is resumed%s", c->code, done ? "" : ": lost");
}

static void dispute(struct sim *s, int customer) {
    int document = open_document(s, customer);
    struct told told;
    if (document < 0 || s->model.documents.items[document].dispute != UNDISPUTED) return;
    struct m_document *d = &s->model.documents.items[document];
    if (!desk_call(s, &told, "dispute open", ARGS("invoice", d->number, "reason", "no llegó"))) return;
    d->dispute = DISPUTED;
    sim_log(s, "%s is disputed", d->number);
}

static void close_dispute(struct sim *s, int document, bool accepted) {
    struct m_document *d = &s->model.documents.items[document];
    struct told told;
    if (!desk_call(s, &told, "dispute close", ARGS("invoice", d->number, "outcome", accepted ? "accepted" : "rejected"))) return;
    d->dispute = accepted ? ACCEPTED : UNDISPUTED;
    sim_log(s, "%s: dispute %s", d->number, accepted ? "accepted" : "rejected");
    if (accepted) import_credit(s, d->customer, document);
}

static void close_some_dispute(struct sim *s) {
    for (size_t i = 0; i < s->model.documents.count; i++)
        if (s->model.documents.items[i].dispute == DISPUTED && sim_chance(s, 300)) {
            close_dispute(s, (int)i, sim_chance(s, 400));
            return;
        }
}

static void promise(struct sim *s, int customer) {
    int document = open_document(s, customer);
    if (document < 0) return;
    int32_t today = sim_today(s).day, date = today + (int32_t)sim_dice(s, 12);
    int64_t amount = model_document_open(&s->model, document);
    if (sim_chance(s, 200)) amount = 1 + amount / 2;
    bool named = sim_chance(s, 600);
    char day[DATE_TEXT + 1], text[32];
    struct told told;
    const char *const arguments[] = {"customer",          s->model.customers.items[customer].code,
                                     "amount",            amount_text(s, amount, text),
                                     "date",              day_text(date, day),
                                     "currency",          s->currency_name,
                                     named ? "invoice" : NULL, s->model.documents.items[document].number,
                                     NULL};
    if (!desk_call(s, &told, "promise add", arguments)) return;
    model_promise(&s->model, customer, amount, date, &document, named, today);
    sim_log(s, "%s promises %lld within %d days", s->model.customers.items[customer].code, (long long)amount, (int)(date - today));
}

static void note_promises(struct sim *s) {
    int32_t today = sim_today(s).day;
    for (size_t i = 0; i < s->model.promises.count; i++) {
        const struct m_promise *p = &s->model.promises.items[i];
        if (p->date != today - 1) continue;
        int64_t left = 0;
        for (int k = 0; k < p->count; k++) left += s->model.instalments.items[p->instalments[k]].open;
        sim_mark(s, left ? MARK_PROMISE_BROKEN : MARK_PROMISE_KEPT);
    }
}

/* The same steps under a new version: nothing may be said again. */
static void apply_strategy(struct sim *s) {
    Str yaml = S("");
    char path[300];
    struct told told;
    AUTO(buf_done) struct buf b = buf_make(65536);
    MUST(embedded_find("strategies/recurrente-30.yaml", &yaml));
    buf_add(&b, yaml);
    buf_printf(&b, "# %d\n", s->day);
    write_file(s, "strategy.yaml", &b, path);
    if (!desk_call(s, &told, "strategy apply", ARGS("file", path))) return;
    sim_mark(s, MARK_STRATEGY_CHANGED);
    sim_log(s, "a new version of the strategy");
}

/* ---- at any moment ---- */

static void something(struct sim *s) {
    uint64_t what = sim_dice(s, 100);
    if (what < 1) {
        apply_strategy(s);
    } else if (what < 34) {
        import_invoices(s);
    } else if (what < 64) {
        pay_something(s, any_customer(s));
    } else if (what < 68) {
        pay_all(s, any_customer(s));
    } else if (what < 71) {
        reverse_something(s);
    } else if (what < 75) {
        int customer = any_customer(s);
        import_credit(s, customer, sim_chance(s, 500) ? open_document(s, customer) : -1);
    } else if (what < 79) {
        hold(s, any_customer(s));
    } else if (what < 84) {
        resume(s, any_customer(s));
    } else if (what < 88) {
        dispute(s, any_customer(s));
    } else if (what < 92) {
        close_some_dispute(s);
    } else if (what < 97) {
        promise(s, any_customer(s));
    } else {
        change_address(s, any_customer(s));
    }
}

void life_meanwhile(struct sim *s, int customer) {
    uint64_t what = sim_dice(s, 100);
    if (what < 25) {
        sim_mark(s, MARK_PAID_BEFORE_T);
        pay_something(s, customer);
    } else if (what < 40) {
        sim_mark(s, MARK_SETTLED_BEFORE_T);
        pay_all(s, customer);
    } else if (what < 55) {
        sim_mark(s, MARK_HELD_BEFORE_T);
        hold(s, customer);
    } else if (what < 67) {
        sim_mark(s, MARK_DISPUTED_BEFORE_T);
        dispute(s, customer);
    } else if (what < 80) {
        sim_mark(s, MARK_PROMISED_BEFORE_T);
        promise(s, customer);
    } else if (what < 93) {
        sim_mark(s, MARK_CREDITED_BEFORE_T);
        import_credit(s, customer, open_document(s, customer));
    } else {
        sim_mark(s, MARK_ADDRESS_CHANGED_BEFORE_T);
        change_address(s, customer);
    }
}

/* ---- runs ---- */

static void note_moment(struct sim *s) {
    struct local_time t = zone_local(s->zone, s->now);
    enum weekday day = date_weekday(t.date);
    if (t.second < 7 * HOUR_S || t.second > 21 * HOUR_S) sim_mark(s, MARK_RUN_AT_NIGHT);
    if (day == SATURDAY || day == SUNDAY) sim_mark(s, MARK_RUN_AT_WEEKEND);
}

static void settle_bounces(struct sim *s, bool recorded) {
    for (size_t i = 0; i < s->model.customers.count; i++) {
        struct m_customer *c = &s->model.customers.items[i];
        if (c->bouncing && recorded) c->bounced = true;
        c->bouncing = false;
    }
}

void life_run(struct sim *s, struct process *worker) {
    if (s->power_off || worker->running) return;
    note_moment(s);
    if (sim_chance(s, 20)) process_stop(worker);
    process_start(worker);
    if (!s->quiet && sim_chance(s, 60)) {
        worker->owner.ops_left = 1 + (int64_t)sim_dice(s, sim_dice(s, 2) ? 30 : 200);
        if (s->nested == 0) s->loses_power = sim_dice(s, 2) == 0;
    }
    bool back = s->now.ms < s->highest_run.ms;
    Instant begun = s->now;
    struct told told;
    sim_log(s, "%s: run%s", worker->name, back ? ", the clock was set back" : "");
    enum rc rc = process_call(worker, &told, "run", (const char *const[]){NULL});
    bool died = worker->owner.dead;
    worker->owner.ops_left = 0;
    if (rc != OK && rc != REMOTE && rc != BUSY && !died) sim_violation(s, "run", "it ended with %s", rc_name(rc));
    if (back && rc == OK && !told.clock_back) sim_violation(s, "I13", "a run did not see that the clock was set back");
    if (back) sim_mark(s, MARK_CLOCK_WENT_BACK);
    if (!died && rc == OK && !told.clock_back && begun.ms > s->highest_run.ms) s->highest_run = begun;
    if (died) sim_mark(s, MARK_CRASH_IN_RUN);
    if (told.capped) sim_mark(s, MARK_CAP_DEFERRAL);
    if (told.outside_window) sim_mark(s, MARK_WINDOW_DEFERRAL);
    if (told.bad_address) sim_mark(s, MARK_BOUNCED_SKIPPED);
    sim_log(s, "  %s: %s, sent %lld, ambiguous %lld%s%s", worker->name, died ? "killed" : rc_name(rc), (long long)told.sent,
            (long long)told.ambiguous, told.held[0] ? ", held:" : "", told.held);
    if (s->nested > 0) return;
    settle_bounces(s, !died);
    processes_bury(s);
    check_messages(s);
}

static void run_with_clock_back(struct sim *s) {
    Instant real = s->now;
    s->now.ms -= (1 + (int64_t)sim_dice(s, 40)) * MS_PER_HOUR;
    life_run(s, &s->worker[0]);
    s->now = real;
}

/* ---- days ---- */

static void advance_to(struct sim *s, Date date, int32_t second) {
    Instant t = zone_instant(s->zone, date, second);
    if (t.ms > s->now.ms) s->now = t;
}

static bool owes_without_net(struct sim *s, int customer) {
    for (size_t i = 0; i < s->model.instalments.count; i++) {
        const struct m_instalment *x = &s->model.instalments.items[i];
        if (s->model.documents.items[x->document].customer == customer && x->is_claim && x->open > 0)
            return model_net(&s->model, customer, sim_today(s).day) <= 0;
    }
    return false;
}

static void sort_seconds(int32_t *at, int n) {
    for (int i = 1; i < n; i++)
        for (int k = i; k > 0 && at[k] < at[k - 1]; k--) {
            int32_t x = at[k];
            at[k] = at[k - 1];
            at[k - 1] = x;
        }
}

void life_day(struct sim *s) {
    Date date = {s->first_day + s->day};
    if (zone_offset(s->zone, zone_instant(s->zone, date, 0)) != zone_offset(s->zone, zone_instant(s->zone, date_add(date, 1), 0)))
        sim_mark(s, MARK_DST);
    advance_to(s, date, 0);
    note_promises(s);
    if (s->quiet) {
        static const int32_t hours[] = {1, 9, 16}; /* in each customer's zone one of them is by day */
        for (size_t i = 0; i < COUNT_OF(hours); i++) {
            advance_to(s, date, hours[i] * HOUR_S + 1800);
            life_run(s, &s->worker[0]);
        }
        return;
    }
    int32_t at[4];
    int n = (int)sim_dice(s, 3);
    for (int i = 0; i < n; i++) at[i] = (int32_t)sim_dice(s, 86400);
    sort_seconds(at, n);
    int next = 0;
    int32_t run_at = 9 * HOUR_S + (int32_t)sim_dice(s, 1800);
    for (; next < n && at[next] < run_at; next++) {
        advance_to(s, date, at[next]);
        something(s);
    }
    advance_to(s, date, run_at);
    if (sim_chance(s, 950)) life_run(s, &s->worker[sim_chance(s, 100)]);
    for (; next < n; next++) {
        advance_to(s, date, at[next]);
        something(s);
    }
    if (sim_chance(s, s->no_profile ? 500 : 150)) {
        advance_to(s, date, at[0] > run_at && n ? at[0] : 10 * HOUR_S + (int32_t)sim_dice(s, 14 * HOUR_S));
        sim_mark(s, MARK_SECOND_RUN);
        life_run(s, &s->worker[sim_chance(s, 300)]);
    }
    if (sim_chance(s, 15)) run_with_clock_back(s);
    int customer = any_customer(s);
    if (owes_without_net(s, customer)) sim_mark(s, MARK_NET_CREDIT);
    if (s->model.customers.items[customer].bounced && sim_chance(s, 200)) change_address(s, customer);
    if (sim_chance(s, 10)) {
        int32_t leap = 2 + (int32_t)sim_dice(s, 8);
        sim_log(s, "the clock leaps over %d days", (int)leap);
        s->day += leap;
        sim_mark(s, MARK_CLOCK_LEAPT);
    }
}

/* ---- beginning and end ---- */

static void set_zone(struct sim *s, struct m_customer *c) {
    static const char *const zones[] = {"", "", "", "America/Bogota", "Europe/Madrid", "America/Santiago", "Australia/Lord_Howe"};
    snprintf(c->zone, sizeof c->zone, "%s", zones[sim_dice(s, COUNT_OF(zones))]);
}

void life_begin(struct sim *s) {
    AUTO(buf_done) struct buf b = buf_make(65536);
    buf_add(&b, S("code,name,kind,email,zone\n"));
    s->quiet = true; /* the first steps succeed */
    int count = 4 + (int)sim_dice(s, 7);
    for (int i = 0; i < count; i++) {
        struct m_customer *c = VEC_PUSH(s->model.arena, &s->model.customers);
        snprintf(c->code, sizeof c->code, "C%02d", i);
        c->is_person = sim_chance(s, 250);
        set_zone(s, c);
        new_address(s, c);
        add_customer_line(&b, c);
    }
    MUST(import_customers(s, &b));
    char day[DATE_TEXT + 1];
    struct told told;
    MUST(desk_call(s, &told, "instance confirm", (const char *const[]){NULL})); /* the disk is a copy */
    MUST(desk_call(s, &told, "strategy activate", ARGS("from", day_text(s->first_day, day))));
    for (size_t i = 0; i < s->model.customers.count; i++) check_customer(s, (int)i);
    s->quiet = false;
}

void life_settle(struct sim *s) {
    s->quiet = true;
    sim_log(s, "faults stop");
    for (size_t i = 0; i < s->model.customers.count; i++) {
        resume(s, (int)i);
        change_address(s, (int)i); /* it may have bounced without our knowing, the run having been killed */
    }
    for (size_t i = 0; i < s->model.documents.count; i++)
        if (s->model.documents.items[i].dispute == DISPUTED) close_dispute(s, (int)i, false);
}
