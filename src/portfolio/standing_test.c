/* Sums kept from changes are those made anew, and those of the ledger; on both engines. */
#include "portfolio/standing.h"

#include "company_sql.h"
#include "standing_sql.h"
#include "store/db_fixture.h"
#include "store/driver.h"

struct world {
    struct ctx cx;
    struct test_db t;
    Currency cop;
};

static void run(struct world *w, const char *sql) {
    assert_ok(&w->cx, w->t.db->driver->run(&w->cx, w->t.db, sql, "test"));
}

#define DAY 20000

static void open_world(struct world *w, void **state) {
    *w = (struct world){.cx = test_ctx()};
    static const char zeros[32];
    assert_true(currency_parse(S("COP"), &w->cop));
    test_db_migrated(&w->cx, test_engine(state), &w->t);
    assert_ok(&w->cx, tx_begin(&w->cx, w->t.db, TX_WRITE));
    assert_ok(&w->cx, company_insert(&w->cx, &(struct company_insert_params){.id = 1,
                                                                             .code = S("main"),
                                                                             .name = S("A"),
                                                                             .country = S("CO"),
                                                                             .currency = w->cop,
                                                                             .zone = S("America/Bogota"),
                                                                             .language = S("es"),
                                                                             .event_hash = {zeros, sizeof zeros}}));
    run(w, "INSERT INTO customer (id, company_id, code, name, name_folded, created_at, updated_at) VALUES "
           "(1, 1, 'C1', 'Uno', 'uno', 0, 0), (2, 1, 'C2', 'Dos', 'dos', 0, 0), (3, 1, 'C3', 'Tres', 'tres', 0, 0)");
    /* id, customer, claim, due, open: one of each age, a credit note, something in another currency, something paid. */
    run(w, "INSERT INTO instalment (id, company_id, customer_id, document_id, position, is_claim, issue_date, due_date, currency, "
           "amount, open, seal) VALUES (1, 1, 1, 1, 1, 1, 19900, 20000, 'COP', 100, 100, 0), "
           "(2, 1, 1, 2, 1, 1, 19900, 19999, 'COP', 200, 200, 0), (3, 1, 1, 3, 1, 1, 19900, 19969, 'COP', 400, 400, 0), "
           "(4, 1, 2, 4, 1, 1, 19900, 19909, 'COP', 800, 800, 0), (5, 1, 2, 5, 1, 0, 19900, 19909, 'COP', 50, 50, 0), "
           "(6, 1, 2, 6, 1, 1, 19900, 19910, 'MXN', 70, 70, 0), (7, 1, 3, 7, 1, 1, 19900, 19910, 'COP', 90, 0, 0)");
    run(w, "INSERT INTO entry (id, company_id, instalment_id, kind, amount, date, event_seq, seal) VALUES "
           "(1, 1, 1, 'charge', 100, 19900, 1, 0)");
}

static void close_world(struct world *w) {
    test_db_done(&w->cx, &w->t);
    test_ctx_done(&w->cx);
}

static void put_row(struct buf *out, const struct standing_by_overdue_row *r) {
    buf_printf(out, "%.*s %lld/%lld-%lld ", STR_ARG(r->code), (long long)r->open, (long long)r->overdue,
               (long long)r->unapplied);
}

/* Everything there is in one currency, as text. */
static Str told(struct world *w, const char *currency) {
    struct buf out = buf_make(4000);
    struct standing_by_overdue_params p = {.after = INT64_MAX, .after_id = INT64_MAX, .today = {DAY}, .limit = 100};
    assert_true(currency_parse(str_from(currency), &p.currency));
    w->cx.view.all = true;
    struct standing_by_overdue_cursor rows = {0};
    assert_ok(&w->cx, standing_by_overdue_open(&w->cx, &p, &rows));
    for (bool more = true; more;) {
        struct standing_by_overdue_row r;
        assert_ok(&w->cx, standing_by_overdue_next(&w->cx, &rows, &r, &more));
        if (more) put_row(&out, &r);
    }
    standing_by_overdue_close(&rows);
    struct standing_totals_cursor totals = {0};
    assert_ok(&w->cx, standing_totals_open(&w->cx, &totals));
    for (bool more = true; more;) {
        struct standing_totals_row r;
        assert_ok(&w->cx, standing_totals_next(&w->cx, &totals, &r, &more));
        if (more && currency_equal(r.currency, p.currency))
            buf_printf(&out, "| %lld = %lld+%lld+%lld+%lld+%lld, %lld items of %lld, %lld late",
                       (long long)r.open, (long long)r.not_due, (long long)r.days_30, (long long)r.days_60,
                       (long long)r.days_90, (long long)r.older, (long long)r.items, (long long)r.customers,
                       (long long)r.customers_overdue);
    }
    standing_totals_close(&totals);
    Str text = arena_str(w->cx.arena, buf_str(&out));
    buf_done(&out);
    return text;
}

static void sums_are_made_and_kept(void **state) {
    struct world w;
    bool current;
    open_world(&w, state);
    assert_ok(&w.cx, standing_keep(&w.cx, (Date){DAY}));
    assert_str(told(&w, "COP"), ""); /* nobody asked yet */
    assert_ok(&w.cx, standing_refresh(&w.cx, (Date){DAY}));
    assert_str(told(&w, "COP"), "C2 800/800-50 C1 700/600-0 | 1500 = 100+200+400+0+800, 4 items of 2, 2 late");
    assert_str(told(&w, "MXN"), "C2 70/70-0 | 70 = 0+0+0+70+0, 1 items of 1, 1 late");
    assert_ok(&w.cx, standing_is_current(&w.cx, (Date){DAY}, &current));
    assert_true(current);

    /* C1 pays 300, C3 pays 30 in advance; each told by its entry or payment alone. */
    run(&w, "UPDATE instalment SET open = 100 WHERE id = 3");
    run(&w, "INSERT INTO entry (id, company_id, instalment_id, kind, amount, date, event_seq, seal) VALUES "
            "(2, 1, 3, 'payment', -300, 20000, 2, 0)");
    run(&w, "INSERT INTO payment (id, company_id, customer_id, date, currency, amount, unapplied, fingerprint, occurrence, event_seq) "
            "SELECT 1, 1, 3, 20000, 'COP', 30, 30, event_hash, 1, 3 FROM company");
    assert_ok(&w.cx, standing_is_current(&w.cx, (Date){DAY}, &current));
    assert_false(current);
    assert_ok(&w.cx, standing_keep(&w.cx, (Date){DAY}));
    Str kept = told(&w, "COP");
    assert_str(kept, "C2 800/800-50 C1 400/300-0 C3 0/0-30 | 1200 = 100+200+100+0+800, 4 items of 2, 2 late");

    /* Made anew it is the same. */
    run(&w, "DELETE FROM standing_head");
    assert_ok(&w.cx, standing_refresh(&w.cx, (Date){DAY}));
    assert_true(str_equal(told(&w, "COP"), kept));
    /* The next day is another: everything is a day older. */
    assert_ok(&w.cx, standing_keep(&w.cx, (Date){DAY + 1}));
    assert_str(told(&w, "COP"), "C2 800/800-50 C1 400/400-0 C3 0/0-30 | 1200 = 0+300+100+0+800, 4 items of 2, 2 late");
    close_world(&w);
}

static const struct CMUnitTest standing_tests[] = {ON_BOTH(sums_are_made_and_kept)};
const struct test_suite standing_suite = {"standing", standing_tests, COUNT_OF(standing_tests)};
