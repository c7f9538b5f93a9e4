/* Daily figures: each thing once and on its own civil day, whoever keeps the sums of what is open; on both engines. */
#include "insight/figures.h"

#include "insight/figure_series.h"
#include "store/db_fixture.h"
#include "store/driver.h"

#define DAY 20000 /* 2024-10-04 */
#define AT(day, minute) (((int64_t)(day) * 1440 + (minute) + 300) * MS_PER_MINUTE) /* of Bogotá, five hours behind */

struct world {
    struct ctx cx;
    struct test_db t;
    const struct zone *zone;
    Currency cop;
};

static void run(struct world *w, const char *sql) {
    assert_ok(&w->cx, w->t.db->driver->run(&w->cx, w->t.db, sql, "test"));
}

static const char *blob(const struct world *w) { return w->t.engine == DB_SQLITE ? "x'00'" : "'\\x00'::bytea"; }

static void event(struct world *w, int seq, int64_t at, const char *kind, int customer, const char *subject, const char *data) {
    run(w, arena_printf(w->cx.arena,
                        "INSERT INTO event (company_id, seq, at, actor, kind, customer_id, subject, data, hash) VALUES "
                        "(1, %d, %lld, 'u', '%s', %d, '%s', '%s', %s); UPDATE company SET events = %d",
                        seq, (long long)at, kind, customer, subject, data, blob(w), seq)
               .p);
}

static void open_world(struct world *w, void **state) {
    *w = (struct world){.cx = test_ctx()};
    assert_true(currency_parse(S("COP"), &w->cop));
    assert_ok(&w->cx, zone_find(&w->cx, S("America/Bogota"), &w->zone));
    test_db_migrated(&w->cx, test_engine(state), &w->t);
    assert_ok(&w->cx, tx_begin(&w->cx, w->t.db, TX_WRITE));
    run(w, arena_printf(w->cx.arena, "INSERT INTO company (id, code, name, country, currency, zone, event_hash, created_at) VALUES "
                                     "(1, 'main', 'A', 'CO', 'COP', 'America/Bogota', %s, 0)", blob(w)).p);
    run(w, "INSERT INTO customer (id, company_id, code, name, name_folded, collector, seller, created_at, updated_at) VALUES "
           "(1, 1, 'C1', 'Uno', 'uno', 'ana', '', 0, 0), (2, 1, 'C2', 'Dos', 'dos', 'luis', 'eva', 0, 0), (3, 1, 'C3', 'Tres', 'tres', '', '', 0, 0)");
    run(w, "INSERT INTO instalment (id, company_id, customer_id, document_id, position, is_claim, issue_date, due_date, currency, "
           "amount, open, seal) VALUES (1, 1, 1, 1, 1, 1, 19900, 20000, 'COP', 100, 100, 0), "
           "(2, 1, 1, 2, 1, 1, 19900, 19999, 'COP', 200, 200, 0), (3, 1, 1, 3, 1, 1, 19900, 19969, 'COP', 400, 400, 0), "
           "(4, 1, 2, 4, 1, 1, 19900, 19909, 'COP', 800, 800, 0), (5, 1, 2, 5, 1, 0, 19900, 19909, 'COP', 50, 50, 0), "
           "(6, 1, 2, 6, 1, 1, 19900, 19910, 'MXN', 70, 70, 0), (7, 1, 3, 7, 1, 1, 19900, 19910, 'COP', 90, 90, 0)");
    w->cx.view.all = true;
}

static void close_world(struct world *w) {
    test_db_done(&w->cx, &w->t);
    test_ctx_done(&w->cx);
}

static void keep(struct world *w, int day, bool standing_is_kept) {
    assert_ok(&w->cx, figures_keep(&w->cx, w->zone, (Date){day}, standing_is_kept));
}

/* Slots as text: "-" what nobody measured or knows. */
static Str told(struct world *w, int from, int to, const char *collector, const char *currency) {
    struct figure_series s;
    AUTO(buf_done) struct buf out = buf_make(4000);
    struct figure_question q = {.from = {from}, .to = {to}, .today = {to}, .collector = str_from(collector)};
    assert_true(currency_parse(str_from(currency), &q.currency));
    assert_ok(&w->cx, figure_series_read(&w->cx, &q, &s));
    for (size_t i = 0; i < s.count; i++) {
        const struct figure_slot *slot = &s.slots[i];
        const struct figure_done *d = &slot->done;
        if (i) buf_add(&out, S(" | "));
        for (int b = 0; b < FIGURE_BUCKETS && !date_is_none(slot->measured); b++) buf_printf(&out, "%lld/", (long long)slot->open[b]);
        if (!date_is_none(slot->measured))
            buf_printf(&out, "%lld:%lld:%lld", (long long)slot->items, (long long)slot->customers, (long long)slot->customers_overdue);
        else
            buf_add_char(&out, '-');
        if (slot->is_known)
            buf_printf(&out, " $%lldx%lld m%lld.%lld c%lld t%lld p%lld+%lld~%lld-%lld d%lld-%lld", (long long)d->collected.amount,
                       (long long)d->collected.count, (long long)d->messages[FIGURE_EMAIL], (long long)d->messages[FIGURE_SMS],
                       (long long)d->calls, (long long)d->tasks, (long long)d->made.count, (long long)d->kept.count,
                       (long long)d->partly.count, (long long)d->broken.count, (long long)d->opened, (long long)d->closed);
        else
            buf_add(&out, S(" -"));
    }
    return arena_str(w->cx.arena, buf_str(&out));
}

#define NOTHING " $0x0 m0.0 c0 t0 p0+0~0-0 d0-0"

static void open_is_measured_by_age(void **state) {
    struct world w;
    open_world(&w, state);
    assert_str(told(&w, DAY, DAY, "", "COP"), "- -");
    keep(&w, DAY, false);
    assert_str(told(&w, DAY - 1, DAY, "", "COP"), "- - | 100/200/400/90/800/5:3:3" NOTHING);
    assert_str(told(&w, DAY, DAY, "", "MXN"), "0/0/0/70/0/1:1:1" NOTHING);
    assert_str(told(&w, DAY, DAY, "ana", "COP"), "100/200/400/0/0/3:1:1" NOTHING);
    assert_str(told(&w, DAY, DAY, "luis", "COP"), "0/0/0/0/800/1:1:1" NOTHING);
    assert_str(told(&w, DAY, DAY, "eva", "COP"), "- -"); /* a seller's code */
    /* Once more on the day: what is there now, and nobody who owes nothing any more. */
    run(&w, "UPDATE instalment SET open = 0 WHERE customer_id = 2 OR id = 2");
    keep(&w, DAY, false);
    assert_str(told(&w, DAY, DAY, "", "COP"), "100/0/400/90/0/3:2:2" NOTHING);
    assert_str(told(&w, DAY, DAY, "", "MXN"), "0/0/0/0/0/0:0:0" NOTHING);
    keep(&w, DAY + 2, false);
    assert_str(told(&w, DAY, DAY + 2, "ana", "COP"), "100/0/400/0/0/2:1:1" NOTHING " | -" NOTHING " | 0/100/400/0/0/2:1:1" NOTHING);
    close_world(&w);
}

/* Two ways to the same sums: bucket borders come with the second day. */
static void standing_tells_the_same(void **state) {
    struct world w;
    open_world(&w, state);
    run(&w, "INSERT INTO standing (company_id, customer_id, currency, open, overdue, oldest_due, unapplied, not_due, days_30, days_60, days_90, "
            "older, items, collector) VALUES (1, 1, 'COP', 700, 600, 19969, 0, 100, 200, 400, 0, 0, 3, 'ana'), "
            "(1, 2, 'COP', 800, 800, 19909, 50, 0, 0, 0, 0, 800, 1, 'luis'), (1, 2, 'MXN', 70, 70, 19910, 0, 0, 0, 0, 70, 0, 1, 'luis'), "
            "(1, 3, 'COP', 90, 90, 19910, 0, 0, 0, 0, 90, 0, 1, ''), (1, 3, 'USD', 0, 0, NULL, 5, 0, 0, 0, 0, 0, 0, '')");
    run(&w, "INSERT INTO standing_total (company_id, currency, open, overdue, unapplied, not_due, days_30, days_60, days_90, older, items, customers, "
            "customers_overdue) VALUES (1, 'COP', 1590, 1490, 50, 100, 200, 400, 90, 800, 5, 3, 3), (1, 'MXN', 70, 70, 0, 0, 0, 0, 70, 0, 1, 1, 1), "
            "(1, 'USD', 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0)");
    static const char *const collectors[] = {"", "ana", "luis"};
    static const char *const currencies[] = {"COP", "MXN", "USD"};
    for (size_t i = 0; i < COUNT_OF(collectors) * COUNT_OF(currencies); i++) {
        const char *collector = collectors[i / COUNT_OF(currencies)], *currency = currencies[i % COUNT_OF(currencies)];
        keep(&w, DAY, true);
        Str kept = told(&w, DAY, DAY, collector, currency);
        keep(&w, DAY, false);
        assert_str(told(&w, DAY, DAY, collector, currency), arena_cstr(w.cx.arena, kept));
    }
    close_world(&w);
}

static void what_was_done_counts_once_on_its_day(void **state) {
    struct world w;
    open_world(&w, state);
    run(&w, "INSERT INTO action (id, company_id, customer_id, ladder, strategy_id, strategy_version, step, status, planned_date, channel, created_at) "
            "VALUES (1, 1, 1, 'message', 1, 1, 's', 'sent', 20000, 'email', 0), (2, 1, 2, 'message', 1, 1, 's', 'sent', 20000, 'sms', 0), "
            "(3, 1, 3, 'message', 1, 1, 's', 'settled', 20000, 'email', 0)");
    run(&w, "INSERT INTO promise (id, company_id, customer_id, currency, amount, date, actor, made_at, settled_at, outcome) VALUES "
            "(1, 1, 1, 'COP', 10, 20003, 'u', 0, 5, 'kept'), (2, 1, 1, 'COP', 10, 20003, 'u', 0, 5, 'broken'), "
            "(3, 1, 2, 'MXN', 10, 20003, 'u', 0, 5, 'partly')");
    event(&w, 1, AT(DAY, 0), "message.sent", 1, "1", "{}");            /* the first minute of the day … */
    event(&w, 2, AT(DAY, 1439), "message.sent", 2, "2", "{}");         /* … and the last */
    event(&w, 3, AT(DAY, 1440), "message.handing", 3, "3", "{}");      /* not known to have arrived */
    keep(&w, DAY, false);
    assert_str(told(&w, DAY, DAY + 1, "", "COP"), "100/200/400/90/800/5:3:3 $0x0 m1.1 c0 t0 p0+0~0-0 d0-0 | -" NOTHING);
    event(&w, 4, AT(DAY, 600), "promise.made", 1, "1", "{}");          /* told of late, on its day all the same */
    event(&w, 5, AT(DAY + 1, 600), "promise.settled", 1, "1", "{}");
    event(&w, 6, AT(DAY + 1, 601), "promise.settled", 1, "2", "{}");
    event(&w, 7, AT(DAY + 1, 602), "promise.settled", 2, "3", "{}");   /* in another currency */
    event(&w, 8, AT(DAY + 1, 603), "message.settled", 3, "3", "{\"to\":\"a\",\"as\":\"sent\"}");
    event(&w, 9, AT(DAY + 1, 604), "message.settled", 3, "3", "{\"to\":\"\\\"as\\\":\\\"sent\\\"\",\"as\":\"not-sent\"}");
    event(&w, 10, AT(DAY + 1, 605), "thanks.sent", 1, "9", "{}");
    event(&w, 11, AT(DAY + 1, 606), "task.done", 2, "x", "{}");
    event(&w, 12, AT(DAY + 1, 607), "dispute.opened", 2, "F 1", "{}");
    event(&w, 13, AT(DAY + 1, 608), "dispute.closed", 2, "F 1", "{}");
    run(&w, "INSERT INTO payment (id, company_id, customer_id, date, currency, amount, unapplied, fingerprint, occurrence, event_seq) VALUES "
            "(1, 1, 1, 20000, 'COP', 30, 0, (SELECT hash FROM event WHERE seq = 1), 1, 1), (2, 1, 2, 20001, 'COP', 40, 0, (SELECT hash FROM event WHERE seq = 1), 2, 1), (3, 1, 2, 20001, 'MXN', 7, 0, (SELECT hash FROM event WHERE seq = 1), 3, 1)");
    run(&w, arena_printf(w.cx.arena, "INSERT INTO manual_contact (id, company_id, customer_id, channel, at, actor) VALUES (1, 1, 2, 'call', %lld, 'u'), "
                                     "(2, 1, 2, 'email', %lld, 'u')", (long long)AT(DAY, 900), (long long)AT(DAY, 901)).p);
    for (int again = 0; again < 2; again++) {
        keep(&w, DAY + 1, false);
        assert_str(told(&w, DAY, DAY + 1, "", "COP"), "100/200/400/90/800/5:3:3 $30x1 m1.1 c1 t0 p1+0~0-0 d0-0 | "
                                                      "0/300/400/0/890/5:3:3 $40x1 m2.0 c0 t1 p0+1~0-1 d1-1");
        assert_str(told(&w, DAY + 1, DAY + 1, "luis", "MXN"), "0/0/0/0/70/1:1:1 $7x1 m0.0 c0 t1 p0+0~1-0 d1-1");
    }
    /* Taken back: gone from its day. Recorded and taken back between two rounds: as if it had never been. */
    run(&w, "UPDATE payment SET reversed_seq = 14, reversed_on = 20002 WHERE id = 1; UPDATE company SET events = 15");
    run(&w, "INSERT INTO payment (id, company_id, customer_id, date, currency, amount, unapplied, fingerprint, occurrence, event_seq, reversed_seq) "
            "VALUES (4, 1, 1, 20001, 'COP', 5, 0, (SELECT hash FROM event WHERE seq = 1), 4, 14, 15)");
    keep(&w, DAY + 1, false);
    assert_str(told(&w, DAY, DAY, "ana", "COP"), "100/200/400/0/0/3:1:1 $0x0 m1.0 c0 t0 p1+0~0-0 d0-0");
    assert_str(told(&w, DAY + 1, DAY + 1, "", "COP"), "0/300/400/0/890/5:3:3 $40x1 m2.0 c0 t1 p0+1~0-1 d1-1");
    close_world(&w);
}

/* INV: I16. Nobody, a seller and a collector without figures have none; a team has those of its codes. */
static void who_sees_some_has_their_own(void **state) {
    struct world w;
    open_world(&w, state);
    keep(&w, DAY, false);
    run(&w, "INSERT INTO app_user (id, login, name, password_hash, created_at) VALUES (1, 'ana', 'A', '', 0), (2, 'eva', 'E', '', 0), "
            "(3, 'luis', 'L', '', 0)");
    run(&w, "INSERT INTO team (id, company_id, name) VALUES (5, 1, 'T')");
    run(&w, "INSERT INTO membership (company_id, user_id, role, scope, team_id, code, since) VALUES (1, 1, 'collector', 'own', NULL, 'ana', 0), "
            "(1, 2, 'seller', 'own', NULL, 'eva', 0), (1, 3, 'supervisor', 'team', 5, 'luis', 0)");
    static const struct {
        const char *name;
        struct view view;
        const char *collector, *told;
    } cases[] = {
        {"nobody", {0}, "", "- -"},
        {"nobody, asking for ana", {0}, "ana", "- -"},
        {"the company", {.all = true}, "", "100/200/400/90/800/5:3:3" NOTHING},
        {"ana", {.user_id = 1}, "", "100/200/400/0/0/3:1:1" NOTHING},
        {"ana, asking for another", {.user_id = 1}, "luis", "- -"},
        {"a seller", {.user_id = 2}, "", "- -"},
        {"a team", {.user_id = 9, .team_id = 5}, "", "0/0/0/0/800/1:1:1" NOTHING},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        print_message("%s\n", cases[i].name);
        w.cx.view = cases[i].view;
        assert_str(told(&w, DAY, DAY, cases[i].collector, "COP"), cases[i].told);
    }
    close_world(&w);
}

static void periods_begin_where_they_should(void **state) {
    (void)state;
    static const struct {
        const char *day;
        enum figure_step by;
        const char *begin, *next;
    } cases[] = {
        {"2026-02-18", FIGURE_DAY, "2026-02-18", "2026-02-19"},    {"2026-02-18", FIGURE_WEEK, "2026-02-16", "2026-02-23"},
        {"2026-02-16", FIGURE_WEEK, "2026-02-16", "2026-02-23"},   {"2026-03-01", FIGURE_WEEK, "2026-02-23", "2026-03-02"},
        {"2026-02-18", FIGURE_MONTH, "2026-02-01", "2026-03-01"},  {"2026-01-31", FIGURE_MONTH, "2026-01-01", "2026-02-01"},
        {"2026-12-01", FIGURE_MONTH, "2026-12-01", "2027-01-01"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Date day;
        char begin[DATE_TEXT], next[DATE_TEXT];
        assert_true(date_parse_iso(str_from(cases[i].day), &day));
        assert_str(date_iso(figure_step_begin(cases[i].by, day), begin), cases[i].begin);
        assert_str(date_iso(figure_step_next(cases[i].by, figure_step_begin(cases[i].by, day)), next), cases[i].next);
    }
}

static const struct CMUnitTest figures_tests[] = {
    ON_BOTH(open_is_measured_by_age),          ON_BOTH(standing_tells_the_same), ON_BOTH(what_was_done_counts_once_on_its_day),
    ON_BOTH(who_sees_some_has_their_own),      cmocka_unit_test(periods_begin_where_they_should),
};
const struct test_suite figures_suite = {"figures", figures_tests, COUNT_OF(figures_tests)};
