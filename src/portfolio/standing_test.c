/* Sums kept from changes are those made anew, and those of the ledger; on both engines. */
#include "portfolio/standing.h"

#include <string.h>

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
    enum standing_state state_now;
    open_world(&w, state);
    assert_ok(&w.cx, standing_look(&w.cx, (Date){DAY}, &state_now));
    assert_int_equal(state_now, STANDING_MISSING);
    assert_ok(&w.cx, standing_keep(&w.cx, (Date){DAY}));
    assert_str(told(&w, "COP"), ""); /* nobody asked yet */
    assert_ok(&w.cx, standing_refresh(&w.cx, (Date){DAY}));
    assert_str(told(&w, "COP"), "C2 800/800-50 C1 700/600-0 | 1500 = 100+200+400+0+800, 4 items of 2, 2 late");
    assert_str(told(&w, "MXN"), "C2 70/70-0 | 70 = 0+0+0+70+0, 1 items of 1, 1 late");
    assert_ok(&w.cx, standing_look(&w.cx, (Date){DAY}, &state_now));
    assert_int_equal(state_now, STANDING_CURRENT);

    /* C1 pays 300, C3 pays 30 in advance; each told by its entry or payment alone. */
    run(&w, "UPDATE instalment SET open = 100 WHERE id = 3");
    run(&w, "INSERT INTO entry (id, company_id, instalment_id, kind, amount, date, event_seq, seal) VALUES "
            "(2, 1, 3, 'payment', -300, 20000, 2, 0)");
    run(&w, "INSERT INTO payment (id, company_id, customer_id, date, currency, amount, unapplied, fingerprint, occurrence, event_seq) "
            "SELECT 1, 1, 3, 20000, 'COP', 30, 30, event_hash, 1, 3 FROM company");
    assert_ok(&w.cx, standing_look(&w.cx, (Date){DAY}, &state_now));
    assert_int_equal(state_now, STANDING_NEARLY);
    /* Among very many it would take long: on another day, not for one payment. */
    run(&w, "UPDATE standing_total SET items = items + 1000000");
    assert_ok(&w.cx, standing_look(&w.cx, (Date){DAY}, &state_now));
    assert_int_equal(state_now, STANDING_NEARLY);
    assert_ok(&w.cx, standing_look(&w.cx, (Date){DAY + 1}, &state_now));
    assert_int_equal(state_now, STANDING_BEHIND);
    run(&w, "UPDATE standing_total SET items = items - 1000000");
    assert_ok(&w.cx, standing_keep(&w.cx, (Date){DAY}));
    Str kept = told(&w, "COP");
    assert_str(kept, "C2 800/800-50 C1 400/300-0 C3 0/0-30 | 1200 = 100+200+100+0+800, 4 items of 2, 2 late");

    /* Made anew it is the same. */
    run(&w, "DELETE FROM standing_head");
    assert_ok(&w.cx, standing_refresh(&w.cx, (Date){DAY}));
    assert_true(str_equal(told(&w, "COP"), kept));
    /* Day by day, whatever comes into another bucket, it is what it would be made anew. */
    for (int32_t day = DAY + 1; day < DAY + 100; day += 1 + day % 5) {
        assert_ok(&w.cx, standing_keep(&w.cx, (Date){day}));
        Str aged = told(&w, "COP"), other = told(&w, "MXN");
        run(&w, "DELETE FROM standing_head");
        assert_ok(&w.cx, standing_refresh(&w.cx, (Date){day}));
        if (!str_equal(told(&w, "COP"), aged) || !str_equal(told(&w, "MXN"), other)) fail_msg("day %d: %.*s", day - DAY, STR_ARG(aged));
    }
    assert_ok(&w.cx, standing_refresh(&w.cx, (Date){DAY}));
    assert_true(str_equal(told(&w, "COP"), kept));
    /* The next day is another: everything is a day older. */
    assert_ok(&w.cx, standing_keep(&w.cx, (Date){DAY + 1}));
    assert_str(told(&w, "COP"), "C2 800/800-50 C1 400/400-0 C3 0/0-30 | 1200 = 0+300+100+0+800, 4 items of 2, 2 late");
    close_world(&w);
}

/* ---- lists ---- */

static const char *const sorts[] = {"overdue", "open", "oldest", "name"};

#define READ_ALL(NAME)                                                                                                 \
    do {                                                                                                               \
        AUTO(standing_##NAME##_close) struct standing_##NAME##_cursor cursor = {0};                                    \
        assert_ok(&w->cx, standing_##NAME##_open(&w->cx, &p, &cursor));                                                \
        for (bool more = true; more;) {                                                                                \
            struct standing_by_overdue_row r;                                                                          \
            assert_ok(&w->cx, standing_##NAME##_next(&w->cx, &cursor, &r, &more));                                     \
            if (more) buf_printf(out, "%.*s%s ", STR_ARG(r.code), r.held ? "!" : "");                                  \
        }                                                                                                              \
    } while (0)

/* The codes in their order, a held one marked; by walking an index. */
static void walk(struct world *w, const char *sort, Str state, struct buf *out) {
#define PARAMS_OF(NAME, AFTER, ID)                                                                                     \
    struct standing_##NAME##_params p = {.currency = w->cop, .today = {DAY}, .min_due = {DAY - 1}, .state = state,     \
                                         .after = AFTER, .after_id = ID, .limit = 100}
    if (strcmp(sort, "overdue") == 0) {
        PARAMS_OF(by_overdue, INT64_MAX, INT64_MAX);
        READ_ALL(by_overdue);
    } else if (strcmp(sort, "open") == 0) {
        PARAMS_OF(by_open, INT64_MAX, INT64_MAX);
        READ_ALL(by_open);
    } else if (strcmp(sort, "oldest") == 0) {
        PARAMS_OF(by_oldest, (Date){-1000000}, 0);
        READ_ALL(by_oldest);
    } else {
        PARAMS_OF(by_name, S(""), 0);
        READ_ALL(by_name);
    }
}

/* The same from the few of one filter, a row at a time as pages would go on. */
static void few(struct world *w, const char *sort, Str by, Str state, struct buf *out) {
    bool falling = strcmp(sort, "overdue") == 0 || strcmp(sort, "open") == 0, by_name = strcmp(sort, "name") == 0;
    struct standing_of_few_params p = {.by = by, .sort = str_from(sort), .currency = w->cop, .today = {DAY}, .min_due = {DAY - 1},
                                       .state = state, .segment = S("vip"), .after_rank = INT64_MIN, .limit = 1};
    if (!str_is(by, "segment")) p.segment = S("");
    for (int pages = 0; pages < 10; pages++) {
        struct standing_of_few_cursor cursor = {0};
        struct standing_by_overdue_row r;
        bool more;
        assert_ok(&w->cx, standing_of_few_open(&w->cx, &p, &cursor));
        assert_ok(&w->cx, standing_of_few_next(&w->cx, &cursor, &r, &more));
        if (more) {
            buf_printf(out, "%.*s%s ", STR_ARG(r.code), r.held ? "!" : "");
            p.after_name = by_name ? str_fold(w->cx.arena, r.name) : S("");
            p.after_rank = by_name ? 0 : strcmp(sort, "open") == 0 ? -r.open : falling ? -r.overdue : r.oldest_due.day;
            p.after_tie = falling ? -r.id : r.id;
        }
        standing_of_few_close(&cursor);
        if (!more) return;
    }
    fail_msg("%s of %.*s does not end", sort, STR_ARG(by));
}

#define READ_ONE(NAME)                                                                                                 \
    do {                                                                                                               \
        AUTO(standing_owned_##NAME##_close) struct standing_owned_##NAME##_cursor cursor = {0};                        \
        assert_ok(&w->cx, standing_owned_##NAME##_open(&w->cx, &p, &cursor));                                          \
        assert_ok(&w->cx, standing_owned_##NAME##_next(&w->cx, &cursor, &r, &more));                                   \
        if (more) r = (struct standing_by_overdue_row){.id = r.id, .code = arena_str(w->cx.arena, r.code), .name = arena_str(w->cx.arena, r.name), \
                                                       .open = r.open, .overdue = r.overdue, .oldest_due = r.oldest_due, .held = r.held}; \
    } while (0)

/* The same, of one code's customers, a row at a time. */
static void owned(struct world *w, const char *sort, Str code, bool sellers, Str state, struct buf *out) {
#define OWNED_PARAMS(NAME, ...)                                                                                        \
    struct standing_owned_##NAME##_params p = {.code = code, .sellers = sellers, .currency = w->cop, .today = {DAY},   \
                                               .min_due = {DAY - 1}, .state = state, .limit = 1, __VA_ARGS__}
    struct standing_by_overdue_row r = {.id = INT64_MAX};
    bool more = true, falling = strcmp(sort, "open") == 0;
    for (int pages = 0; pages < 10 && more; pages++) {
        if (strcmp(sort, "overdue") == 0) {
            OWNED_PARAMS(by_overdue, .after = pages ? r.overdue : INT64_MAX, .after_id = r.id);
            READ_ONE(by_overdue);
        } else if (strcmp(sort, "name") == 0) {
            OWNED_PARAMS(by_name, .after = pages ? str_fold(w->cx.arena, r.name) : S(""), .after_id = pages ? r.id : 0);
            READ_ONE(by_name);
        } else {
            OWNED_PARAMS(by_rank, .sort = str_from(sort), .after_rank = !pages ? INT64_MIN : falling ? -r.open : r.oldest_due.day,
                         .after_tie = falling ? -r.id : r.id);
            READ_ONE(by_rank);
        }
        if (more) buf_printf(out, "%.*s%s ", STR_ARG(r.code), r.held ? "!" : "");
    }
    assert_false(more);
}

static void open_cases(struct world *w, void **state) {
    open_world(w, state);
    run(w, "UPDATE customer SET segment = 'vip' WHERE id = 2");
    run(w, "INSERT INTO document (id, company_id, customer_id, number, type, issue_date, currency, amount, event_seq) VALUES "
           "(1, 1, 1, 'F1', 'invoice', 19900, 'COP', 100, 1), (4, 1, 2, 'F4', 'invoice', 19900, 'COP', 800, 1), "
           "(7, 1, 3, 'F7', 'invoice', 19900, 'COP', 90, 1)");
    run(w, "INSERT INTO promise (id, company_id, customer_id, currency, amount, date, actor, made_at) VALUES "
           "(1, 1, 1, 'COP', 10, 20003, 'u', 0), (2, 1, 1, 'COP', 10, 20004, 'u', 0)");
    run(w, "INSERT INTO dispute (id, company_id, customer_id, document_id, reason, actor, opened_at) VALUES (1, 1, 2, 4, 'x', 'u', 0)");
    assert_ok(&w->cx, standing_refresh(&w->cx, (Date){DAY}));
    w->cx.view.all = true;
}

static Str listed(struct world *w, const char *sort, const char *state) {
    AUTO(buf_done) struct buf out = buf_make(1000);
    walk(w, sort, str_from(state), &out);
    return arena_str(w->cx.arena, buf_str(&out));
}

/* As the engine sees it: by the customer, by a document, by a segment, by whoever collects it now; until its last day. */
static void every_sort_of_hold_is_told(void **state) {
    static const struct {
        const char *name, *sql, *held;
    } cases[] = {
        {"none", NULL, "C2 C1 "},
        {"customer", "INSERT INTO hold (id, company_id, customer_id, reason, actor, since) VALUES (1, 1, 1, 'x', 'u', 0)", "C2 C1! "},
        {"over", "UPDATE hold SET until_date = 19999 WHERE id = 1", "C2 C1 "},
        {"last day", "UPDATE hold SET until_date = 20000 WHERE id = 1", "C2 C1! "},
        {"released", "UPDATE hold SET released_at = 5 WHERE id = 1", "C2 C1 "},
        {"segment", "INSERT INTO hold (id, company_id, segment, reason, actor, since) VALUES (2, 1, 'vip', 'x', 'u', 0)", "C2! C1 "},
        {"ended", "UPDATE hold SET released_at = 5 WHERE id = 2", "C2 C1 "},
        {"suspended only", "INSERT INTO recourse (id, company_id, customer_id, document_id, kind, actor, since) "
                           "VALUES (1, 1, 1, 1, 'suspend', 'u', 0)", "C2 C1 "},
        {"agency", "UPDATE recourse SET kind = 'agency' WHERE id = 1", "C2 C1! "},
        {"back", "UPDATE recourse SET ended_at = 5 WHERE id = 1", "C2 C1 "},
    };
    struct world w;
    open_cases(&w, state);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(buf_done) struct buf only = buf_make(100);
        if (cases[i].sql) run(&w, cases[i].sql);
        Str all = listed(&w, "overdue", "");
        if (!str_is(all, cases[i].held)) fail_msg("%s: %.*s", cases[i].name, STR_ARG(all));
        /* And the filter finds the same. */
        for (Str rest = all; rest.n;) {
            Str one = str_cut(&rest, ' ');
            if (one.n && one.p[one.n - 1] == '!') buf_printf(&only, "%.*s ", STR_ARG(one));
        }
        assert_true(str_equal(listed(&w, "overdue", "held"), buf_str(&only)));
    }
    close_world(&w);
}

static void few_are_those_the_walk_meets(void **state) {
    static const char *const states[] = {"promised", "disputed", "held", "overdue"};
    struct world w;
    open_cases(&w, state);
    run(&w, "INSERT INTO hold (id, company_id, customer_id, segment, reason, actor, since) VALUES "
            "(1, 1, 1, '', 'x', 'u', 0), (2, 1, NULL, 'vip', 'x', 'u', 0)");
    for (size_t i = 0; i < COUNT_OF(states); i++)
        for (size_t k = 0; k < COUNT_OF(sorts); k++) {
            AUTO(buf_done) struct buf found = buf_make(1000);
            few(&w, sorts[k], str_from(states[i]), str_from(states[i]), &found);
            Str walked = listed(&w, sorts[k], states[i]);
            if (!str_equal(walked, buf_str(&found)) || !walked.n)
                fail_msg("%s by %s: %.*s, not %.*s", states[i], sorts[k], STR_ARG(buf_str(&found)), STR_ARG(walked));
        }
    AUTO(buf_done) struct buf of_segment = buf_make(100);
    few(&w, "name", S("segment"), S(""), &of_segment);
    assert_str(buf_str(&of_segment), "C2! ");
    close_world(&w);
}

static Str owned_text(struct world *w, const char *sort, const char *code, bool sellers, const char *state) {
    AUTO(buf_done) struct buf out = buf_make(1000);
    owned(w, sort, str_from(code), sellers, str_from(state), &out);
    return arena_str(w->cx.arena, buf_str(&out));
}

/* What one person's list walks is what everybody's list shows of it, in its order, and follows a customer to another. */
static void own_lists_are_those_the_walk_meets(void **state) {
    static const char *const states[] = {"", "promised", "disputed", "held", "overdue"};
    struct world w;
    open_cases(&w, state);
    run(&w, "INSERT INTO instalment (id, company_id, customer_id, document_id, position, is_claim, issue_date, due_date, currency, "
            "amount, open, seal) VALUES (8, 1, 3, 8, 1, 1, 19900, 19950, 'COP', 700, 700, 0)");
    run(&w, "INSERT INTO hold (id, company_id, customer_id, reason, actor, since) VALUES (1, 1, 1, 'x', 'u', 0)");
    run(&w, "UPDATE customer SET collector = 'A'");
    run(&w, "UPDATE customer SET seller = 'A' WHERE id = 3");
    run(&w, "DELETE FROM standing_head");
    assert_ok(&w.cx, standing_refresh(&w.cx, (Date){DAY}));
    for (size_t i = 0; i < COUNT_OF(states); i++)
        for (size_t k = 0; k < COUNT_OF(sorts); k++)
            for (int sellers = 0; sellers < 2; sellers++) {
                Str own = owned_text(&w, sorts[k], "A", sellers, states[i]), walked = listed(&w, sorts[k], states[i]);
                if (!str_equal(walked, own) || !walked.n) fail_msg("%s by %s: %.*s, not %.*s", states[i], sorts[k], STR_ARG(own), STR_ARG(walked));
            }
    run(&w, "UPDATE customer SET collector = 'B' WHERE id = 1");
    assert_ok(&w.cx, standing_reassign(&w.cx, 1));
    run(&w, "UPDATE customer SET collector = 'B' WHERE id = 3");
    assert_ok(&w.cx, standing_reassign(&w.cx, 3));
    for (size_t k = 0; k < COUNT_OF(sorts); k++) {
        assert_str(owned_text(&w, sorts[k], "A", false, ""), "C2 ");
        assert_str(owned_text(&w, sorts[k], "B", true, "disputed"), "");
        /* C3 is B's to collect and A's to sell to. */
        Str both = owned_text(&w, sorts[k], "A", true, "");
        assert_true(str_is(both, "C2 C3 ") || str_is(both, "C3 C2 "));
        assert_int_equal(owned_text(&w, sorts[k], "B", true, "").n, strlen("C1! C3 "));
    }
    /* Made anew for a change of balance, the rows still say whose they are. */
    run(&w, "INSERT INTO entry (id, company_id, instalment_id, kind, amount, date, event_seq, seal) VALUES (9, 1, 8, 'charge', 100, 19900, 9, 0)");
    assert_ok(&w.cx, standing_keep(&w.cx, (Date){DAY}));
    assert_int_equal(owned_text(&w, "overdue", "B", false, "").n, strlen("C1! C3 "));
    close_world(&w);
}

/* INV: I16: one connection serves all; what it has prepared for who sees all must not answer anybody else. */
static void a_collector_sees_only_their_own(void **state) {
    struct world w;
    open_cases(&w, state);
    run(&w, "INSERT INTO app_user (id, login, password_hash, created_at) VALUES (8, 'ana', '', 0), (9, 'eva', '', 0)");
    run(&w, "INSERT INTO membership (company_id, user_id, role, scope, code, since) VALUES (1, 8, 'collector', 'own', 'A', 0), "
            "(1, 9, 'collector', 'own', '', 0)");
    run(&w, "UPDATE customer SET collector = 'A' WHERE id = 1");
    assert_ok(&w.cx, standing_reassign(&w.cx, 1));
    run(&w, "UPDATE customer SET seller = 'A' WHERE id = 3"); /* who has no sums */
    for (int round = 0; round < 3; round++) {
        static const struct {
            struct view view;
            const char *overdue, *name, *owned;
            int64_t open;
        } cases[] = {{{.all = true}, "C2 C1 ", "C2 C3 C1 ", "C3 C1 ", 1500}, {{.user_id = 8}, "C1 ", "C3 C1 ", "C3 C1 ", 700}, {{.user_id = 9}, "", "", "", 0}};
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            struct standing_totals_cursor totals = {0};
            struct standing_totals_row total = {0};
            bool more;
            AUTO(buf_done) struct buf found = buf_make(100);
            w.cx.view = cases[i].view;
            assert_str(listed(&w, "overdue", ""), cases[i].overdue);
            assert_str(listed(&w, "name", ""), cases[i].name);
            owned(&w, "name", S("A"), true, S(""), &found);
            assert_str(buf_str(&found), cases[i].owned);
            assert_ok(&w.cx, standing_totals_seen_open(&w.cx, &totals));
            assert_ok(&w.cx, standing_totals_next(&w.cx, &totals, &total, &more));
            assert_int_equal(total.open, cases[i].open);
            standing_totals_close(&totals);
        }
    }
    close_world(&w);
}

static const struct CMUnitTest standing_tests[] = {ON_BOTH(sums_are_made_and_kept), ON_BOTH(every_sort_of_hold_is_told),
                                                   ON_BOTH(few_are_those_the_walk_meets),
                                                   ON_BOTH(own_lists_are_those_the_walk_meets), ON_BOTH(a_collector_sees_only_their_own)};
const struct test_suite standing_suite = {"standing", standing_tests, COUNT_OF(standing_tests)};
