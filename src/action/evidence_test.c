/* Verify, statements and ageing over a small company, on both engines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action/action.h"
#include "action/app.h"
#include "base/file.h"
#include "base/yaml.h"
#include "company_sql.h"
#include "portfolio/booking.h"
#include "portfolio/ledger.h"
#include "store/db_fixture.h"
#include "store/driver.h"

extern const struct action verify_action, statement_show_action, report_ageing_action, customer_import_action,
    invoice_import_action, payment_import_action;

struct world {
    struct ctx cx;
    struct test_db t;
    struct app app;
};

static Currency currency(const char *code) {
    Currency c;
    assert_true(currency_parse(str_from(code), &c));
    return c;
}

static Date day(const char *text) {
    Date d;
    assert_true(date_parse_iso(str_from(text), &d));
    return d;
}

/* ---- building it ---- */

static void book_customers(struct world *w, size_t n) {
    struct ctx *cx = &w->cx;
    struct booking b;
    int64_t settled;
    struct customer_row *rows = ARENA_ARRAY(cx->arena, struct customer_row, n);
    struct row_result *results = ARENA_ARRAY(cx->arena, struct row_result, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct customer_row){.code = arena_printf(cx->arena, "C%zu", i + 1),
                                        .name = S("Cliente"),
                                        .email = S("a@b.example"),
                                        .custom = S("{}")};
    assert_ok(cx, booking_customers_begin(cx, &b));
    assert_ok(cx, booking_customers(cx, &b, rows, n, results));
    assert_ok(cx, booking_end(cx, &b, S("\"file\":\"c\""), &settled));
    booking_done(&b);
}

static void book_invoices(struct world *w, struct invoice_row *rows, size_t n) {
    struct ctx *cx = &w->cx;
    struct booking b;
    int64_t settled;
    struct row_result *results = ARENA_ARRAY(cx->arena, struct row_result, n);
    assert_ok(cx, booking_invoices_begin(cx, day("2026-11-21"), false, DATE_NONE, &b));
    assert_ok(cx, booking_invoices(cx, &b, rows, n, results));
    for (size_t i = 0; i < n; i++) assert_int_equal(results[i].status, ROW_BOOKED);
    assert_ok(cx, booking_end(cx, &b, S("\"file\":\"i\""), &settled));
    booking_done(&b);
}

static void pay(struct world *w, int64_t customer, const char *date, int64_t minor, const char *reference) {
    struct payment_booked booked;
    struct payment_new p = {.customer_id = customer,
                            .date = day(date),
                            .amount = money_make(minor, currency("COP")),
                            .reference = str_from(reference),
                            .today = day("2026-11-21")};
    assert_ok(&w->cx, payment_record(&w->cx, &p, &booked));
}

static void small_company(struct world *w) {
    struct invoice_row rows[] = {{.number = S("F-1"),
                                  .customer_code = S("C1"),
                                  .issue_date = day("2026-09-01"),
                                  .due_date = day("2026-10-01"),
                                  .amount = 100000},
                                 {.number = S("F-2"),
                                  .customer_code = S("C1"),
                                  .issue_date = day("2026-10-01"),
                                  .due_date = day("2026-11-01"),
                                  .amount = 50000},
                                 {.number = S("F-3"),
                                  .customer_code = S("C2"),
                                  .issue_date = day("2026-10-01"),
                                  .due_date = day("2026-12-01"),
                                  .amount = 70000},
                                 {.number = S("N-1"),
                                  .customer_code = S("C2"),
                                  .type = DOCUMENT_CREDIT_NOTE,
                                  .issue_date = day("2026-10-05"),
                                  .due_date = day("2026-10-05"),
                                  .amount = 900,
                                  .applies_to = S("F-3")}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        rows[i].currency = currency("COP");
        rows[i].open = rows[i].amount;
        rows[i].position = 1;
        rows[i].custom = S("{}");
        rows[i].line = (int64_t)i + 2;
    }
    rows[1].open = 40000;
    book_customers(w, 2);
    book_invoices(w, rows, COUNT_OF(rows));
    pay(w, 1, "2026-10-20", 120000, "R-1");
    pay(w, 2, "2026-10-25", 300, "R-2");
    assert_ok(&w->cx, payment_reverse(&w->cx, 2, S("cheque devuelto"), day("2026-11-10")));
}

static void open_world(struct world *w, void **state) {
    *w = (struct world){.cx = test_ctx()};
    struct ctx *cx = &w->cx;
    static const char zeros[32];
    test_db_migrated(cx, test_engine(state), &w->t);
    w->app.db = w->t.db;
    w->app.arena = cx->arena;
    assert_ok(cx, tx_begin(cx, w->t.db, TX_WRITE));
    assert_ok(cx, company_insert(cx, &(struct company_insert_params){.id = 1,
                                                                     .code = S("main"),
                                                                     .name = S("Andina"),
                                                                     .country = S("CO"),
                                                                     .currency = currency("COP"),
                                                                     .zone = S("America/Bogota"),
                                                                     .language = S("es"),
                                                                     .event_hash = {zeros, sizeof zeros}}));
    assert_ok(cx, app_company(cx, &w->app));
}

static void close_world(struct world *w) {
    test_db_done(&w->cx, &w->t);
    test_ctx_done(&w->cx);
}

/* ---- asking ---- */

static void gather(void *self, Str piece) { buf_add(self, piece); }

/* Runs an action with up to three parameters by position in its list; its JSON as a tree. */
static const struct yaml_node *ask(struct world *w, const struct action *action, const char *const *values,
                                   int *out_exit) {
    struct ctx *cx = &w->cx;
    struct buf text = buf_make((size_t)64 << 20);
    struct json_text json;
    const struct yaml_node *root;
    json_text_init(&json, gather, &text);
    struct call call = {.app = &w->app, .action = action, .out = &json.writer};
    for (size_t i = 0; values && i < 3; i++)
        if (values[i]) assert_ok(cx, call_set(cx, &call, &action->params[i], str_from(values[i])));
    assert_ok(cx, call_run(cx, &call));
    json_text_done(&json);
    Str kept = arena_str(cx->arena, buf_str(&text));
    buf_done(&text);
    assert_ok(cx, yaml_parse(cx, kept, "json", &root));
    if (out_exit) *out_exit = call.exit_status;
    return root;
}

static Str text_of(const struct yaml_node *n, const char *key) { return yaml_text(n, key); }

static int64_t minor_of(const struct yaml_node *n, const char *key, Currency c) {
    Money m;
    assert_int_equal(money_parse(text_of(n, key), c, '.', 0, &m), MONEY_OK);
    return m.minor;
}

static void run_sql(struct world *w, const char *sql) {
    assert_ok(&w->cx, tx_begin(&w->cx, w->t.db, TX_WRITE));
    assert_ok(&w->cx, w->t.db->driver->run(&w->cx, w->t.db, sql, "test"));
    assert_ok(&w->cx, tx_commit(&w->cx));
}

/* ---- verify ---- */

struct tampering {
    const char *name, *sql, *undo, *what, *id;
};

static const struct tampering tamperings[] = {
    {"due date", "UPDATE instalment SET due_date = due_date + 1 WHERE id = 1",
     "UPDATE instalment SET due_date = due_date - 1 WHERE id = 1", "instalment or document", "F-1/1"},
    {"number", "UPDATE document SET number = 'F-9' WHERE id = 1", "UPDATE document SET number = 'F-1' WHERE id = 1",
     "instalment or document", "F-9/1"},
    {"reference", "UPDATE document SET reference = 'x' WHERE id = 2", "UPDATE document SET reference = '' WHERE id = 2",
     "instalment or document", "F-2/1"},
    {"customer", "UPDATE instalment SET customer_id = 2 WHERE id = 1",
     "UPDATE instalment SET customer_id = 1 WHERE id = 1", "instalment or document", "F-1/1"},
    {"document's customer", "UPDATE document SET customer_id = 2 WHERE id = 1",
     "UPDATE document SET customer_id = 1 WHERE id = 1", "instalment", "F-1/1"},
    {"issue date", "UPDATE document SET issue_date = issue_date - 3 WHERE id = 3",
     "UPDATE document SET issue_date = issue_date + 3 WHERE id = 3", "instalment or document", "F-3/1"},
    {"document amount", "UPDATE document SET amount = amount + 1 WHERE id = 3",
     "UPDATE document SET amount = amount - 1 WHERE id = 3", "document", "F-3"},
    {"balance", "UPDATE instalment SET open = open + 1 WHERE id = 1",
     "UPDATE instalment SET open = open - 1 WHERE id = 1", "instalment", "F-1/1"},
    {"seal of an instalment", "UPDATE instalment SET seal = seal + 1 WHERE id = 1",
     "UPDATE instalment SET seal = seal - 1 WHERE id = 1", "instalment or document", "F-1/1"},
    {"entry date", "UPDATE entry SET date = date - 1 WHERE id = 2", "UPDATE entry SET date = date + 1 WHERE id = 2",
     "entry", "2"},
    {"entry amount", "UPDATE entry SET amount = amount - 5 WHERE id = 1",
     "UPDATE entry SET amount = amount + 5 WHERE id = 1", "entry", "1"},
    {"entry seal", "UPDATE entry SET seal = seal + 1 WHERE id = 3", "UPDATE entry SET seal = seal - 1 WHERE id = 3",
     "entry", "3"},
    {"entry moved to another event", "UPDATE entry SET event_seq = 3 WHERE id = 1",
     "UPDATE entry SET event_seq = 2 WHERE id = 1", "entries of event", "2"},
    {"payment date", "UPDATE payment SET date = date + 1 WHERE id = 1",
     "UPDATE payment SET date = date - 1 WHERE id = 1", "payment", "1"},
    {"payment reference", "UPDATE payment SET reference = 'R-7' WHERE id = 1",
     "UPDATE payment SET reference = 'R-1' WHERE id = 1", "payment", "1"},
    {"payment unapplied", "UPDATE payment SET unapplied = unapplied + 1 WHERE id = 1",
     "UPDATE payment SET unapplied = unapplied - 1 WHERE id = 1", "payment", "1"},
    {"reversal's day", "UPDATE payment SET reversed_on = reversed_on - 1 WHERE id = 2",
     "UPDATE payment SET reversed_on = reversed_on + 1 WHERE id = 2", "payment", "2"},
    {"head", "UPDATE company SET events = events + 1 WHERE id = 1",
     "UPDATE company SET events = events - 1 WHERE id = 1", "event", "head of the timeline"},
    {"event data", "UPDATE event SET data = '{}' WHERE seq = 2", NULL, "event", "2"},
};

static void everything_changed_is_named(void **state) {
    struct world w;
    open_world(&w, state);
    small_company(&w);
    assert_ok(&w.cx, tx_commit(&w.cx));
    run_sql(&w, test_engine(state) == DB_SQLITE
                    ? "DROP TRIGGER entry_no_update; DROP TRIGGER event_no_update"
                    : "ALTER TABLE entry DISABLE TRIGGER USER; ALTER TABLE event DISABLE TRIGGER USER");
    for (size_t i = 0; i <= COUNT_OF(tamperings); i++) {
        int exit_status;
        const struct yaml_node *found = ask(&w, &verify_action, NULL, &exit_status);
        if (exit_status != 0) fail_msg("sound, after %s: not ok", i ? tamperings[i - 1].name : "nothing");
        assert_str(text_of(found, "ok"), "true");
        if (i == COUNT_OF(tamperings)) break;
        const struct tampering *t = &tamperings[i];
        run_sql(&w, t->sql);
        found = ask(&w, &verify_action, NULL, &exit_status);
        bool named = false;
        for (const struct yaml_node *d = yaml_get(found, "differences")->child; d; d = d->next)
            if (str_is(text_of(d, "what"), t->what) && str_is(text_of(d, "id"), t->id)) named = true;
        if (exit_status != 1 || !named) fail_msg("%s: not named %s %s", t->name, t->what, t->id);
        if (!t->undo) break; /* the last that can be undone has been */
        run_sql(&w, t->undo);
    }
    close_world(&w);
}

/* ---- statements and ageing ---- */

static void random_life(struct world *w, unsigned seed, size_t customers, size_t invoices) {
    struct ctx *cx = &w->cx;
    book_customers(w, customers);
    struct invoice_row *rows = ARENA_ARRAY(cx->arena, struct invoice_row, invoices);
    srand(seed);
    for (size_t i = 0; i < invoices; i++) {
        Date issued = date_add(day("2026-06-01"), rand() % 150);
        bool credit = rand() % 9 == 0;
        rows[i] = (struct invoice_row){.line = (int64_t)i + 2,
                                       .number = arena_printf(cx->arena, "D-%zu", i),
                                       .customer_code = arena_printf(cx->arena, "C%d", 1 + rand() % (int)customers),
                                       .type = credit ? DOCUMENT_CREDIT_NOTE : DOCUMENT_INVOICE,
                                       .issue_date = issued,
                                       .due_date = date_add(issued, rand() % 60),
                                       .currency = currency(rand() % 5 ? "COP" : "USD"),
                                       .amount = 1 + rand() % 100000,
                                       .position = 1,
                                       .custom = S("{}")};
        rows[i].open = rand() % 6 ? rows[i].amount : rand() % (int)rows[i].amount;
    }
    book_invoices(w, rows, invoices);
    for (size_t i = 0; i < invoices / 2; i++) {
        char date[DATE_TEXT];
        Str d = date_iso(date_add(day("2026-07-01"), rand() % 140), date);
        pay(w, 1 + rand() % (int)customers, arena_cstr(cx->arena, d), 1 + rand() % 150000, "");
        if (rand() % 7 == 0)
            assert_ok(cx, payment_reverse(cx, (int64_t)i + 1, S(""), date_add(day("2026-11-18"), rand() % 4)));
    }
}

/* Σ of what statements say is owed, in one currency. */
static int64_t owed(struct world *w, size_t customers, const char *at, Currency c) {
    int64_t sum = 0;
    char code[4];
    for (size_t i = 1; i <= customers; i++) {
        const char *values[3] = {arena_cstr(w->cx.arena, arena_printf(w->cx.arena, "C%zu", i)), at, NULL};
        const struct yaml_node *s = ask(w, &statement_show_action, values, NULL);
        for (const struct yaml_node *b = yaml_get(s, "balances")->child; b; b = b->next)
            if (str_equal(text_of(b, "currency"), currency_code(c, code))) sum += minor_of(b, "balance", c);
    }
    return sum;
}

static int64_t aged(struct world *w, const char *at, const char *by, const char *bucket, Currency c) {
    const char *values[3] = {at, by, NULL};
    char code[4];
    int64_t sum = 0;
    const struct yaml_node *r = ask(w, &report_ageing_action, values, NULL);
    for (const struct yaml_node *i = yaml_get(r, "items")->child; i; i = i->next) {
        if (!str_equal(text_of(i, "currency"), currency_code(c, code))) continue;
        if (by)
            sum += minor_of(i, bucket, c);
        else if (str_is(text_of(i, "bucket"), bucket))
            sum += minor_of(i, "amount", c);
    }
    return sum;
}

static void statements_add_up_to_ageing(void **state) {
    static const char *const days[] = {"2026-06-15", "2026-08-01", "2026-10-10", "2026-11-19", "2026-11-30"};
    static const char *const buckets[] = {"not_due", "1-30", "31-60", "61-90", "91-120", "over_120"};
    for (unsigned seed = 1; seed <= 3; seed++) {
        struct world w;
        open_world(&w, state);
        random_life(&w, seed, 4, 40);
        assert_ok(&w.cx, tx_commit(&w.cx));
        int exit_status;
        ask(&w, &verify_action, NULL, &exit_status);
        assert_int_equal(exit_status, 0);
        for (size_t d = 0; d < COUNT_OF(days) * 2; d++) {
            const char *at = days[d / 2];
            Currency c = currency(d % 2 ? "USD" : "COP");
            int64_t statements = owed(&w, 4, at, c), sum = 0;
            assert_int_equal(aged(&w, at, NULL, "total", c), statements);
            assert_int_equal(aged(&w, at, "customer", "total", c), statements);
            for (size_t b = 0; b < COUNT_OF(buckets); b++) {
                int64_t one = aged(&w, at, NULL, buckets[b], c);
                assert_int_equal(aged(&w, at, "customer", buckets[b], c), one);
                sum += one;
            }
            assert_int_equal(sum, statements);
        }
        assert_int_equal(aged(&w, NULL, NULL, "total", currency("COP")), owed(&w, 4, "2026-11-30", currency("COP")));
        assert_int_equal(aged(&w, NULL, "customer", "1-30", currency("COP")),
                         aged(&w, NULL, NULL, "1-30", currency("COP")));
        close_world(&w);
    }
}

/* ---- a real portfolio, with figures computed by others ---- */

static const char *samples_folder(void) {
    static char path[600];
    const char *shared = getenv("ALDIA_SHARED");
    snprintf(path, sizeof path, "%s/samples/portfolio-ibm", shared ? shared : ALDIA_SOURCE_DIR "/../shared");
    if (file_exists(path)) return path;
    print_message("skipped: no sample portfolio at %s\n", path);
    return NULL;
}

static void import(struct world *w, const struct action *action, const char *folder, const char *file) {
    char path[700];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    const char *values[3] = {path, NULL, NULL};
    assert_str(text_of(ask(w, action, values, NULL), "rejected"), "0");
}

static void check_known_ages(struct world *w, const struct yaml_node *known) {
    static const char *const buckets[] = {"not_due", "1-30", "31-60", "61-90", "total"};
    Currency usd = currency("USD");
    const char *at = arena_cstr(w->cx.arena, known->key);
    for (size_t b = 0; b < COUNT_OF(buckets); b++)
        assert_int_equal(aged(w, at, NULL, buckets[b], usd), minor_of(yaml_get(known, buckets[b]), "amount", usd));
    int64_t older = aged(w, at, NULL, "91-120", usd) + aged(w, at, NULL, "over_120", usd);
    assert_int_equal(older, minor_of(yaml_get(known, "over_90"), "amount", usd));
}

static void a_known_portfolio_ages_as_known(void **state) {
    struct world w;
    char path[700];
    const struct yaml_node *totals;
    const char *folder = samples_folder();
    if (!folder) skip();
    open_world(&w, state);
    assert_ok(&w.cx, tx_commit(&w.cx));
    import(&w, &customer_import_action, folder, "customers.csv");
    import(&w, &invoice_import_action, folder, "invoices.csv");
    import(&w, &payment_import_action, folder, "payments.csv");
    snprintf(path, sizeof path, "%s/totals.json", folder);
    assert_ok(&w.cx, yaml_load(&w.cx, path, &totals));
    const struct yaml_node *ageing = yaml_get(totals, "ageing");
    assert_true(ageing->count > 1);
    for (const struct yaml_node *known = ageing->child; known; known = known->next) check_known_ages(&w, known);
    int exit_status;
    ask(&w, &verify_action, NULL, &exit_status);
    assert_int_equal(exit_status, 0);
    close_world(&w);
}

static const struct CMUnitTest evidence_tests[] = {ON_BOTH(everything_changed_is_named),
                                                   ON_BOTH(statements_add_up_to_ageing),
                                                   ON_BOTH(a_known_portfolio_ages_as_known)};
const struct test_suite evidence_suite = {"evidence", evidence_tests, COUNT_OF(evidence_tests)};
