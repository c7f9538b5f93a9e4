/* Who may decide what about a message in which state, and what is kept of the bytes; on both engines. */
#include "outbox/judge.h"

#include <string.h>
#include <zlib.h>

#include "action_sql.h"
#include "company_sql.h"
#include "message_sql.h"
#include "outbox/kept.h"
#include "outbox_sql.h"
#include "store/db_fixture.h"
#include "store/driver.h"

struct world {
    struct ctx cx;
    struct test_db t;
};

static void open_world(struct world *w, void **state) {
    *w = (struct world){.cx = test_ctx()};
    static const char zeros[32];
    Currency cop;
    assert_true(currency_parse(S("COP"), &cop));
    test_db_migrated(&w->cx, test_engine(state), &w->t);
    assert_ok(&w->cx, tx_begin(&w->cx, w->t.db, TX_WRITE));
    assert_ok(&w->cx, company_insert(&w->cx, &(struct company_insert_params){.id = 1,
                                                                             .code = S("main"),
                                                                             .name = S("A"),
                                                                             .country = S("CO"),
                                                                             .currency = cop,
                                                                             .zone = S("America/Bogota"),
                                                                             .language = S("es"),
                                                                             .event_hash = {zeros, sizeof zeros}}));
    const char *customer = "INSERT INTO customer (id, company_id, code, name, name_folded, created_at, updated_at) "
                           "VALUES (1, 1, 'C1', 'Uno', 'uno', 0, 0)";
    assert_ok(&w->cx, w->t.db->driver->run(&w->cx, w->t.db, customer, "test"));
    assert_ok(&w->cx,
              instance_insert(&w->cx, &(struct instance_insert_params){.uuid = S("u"), .confirmed_at = w->cx.now}));
}

static void close_world(struct world *w) {
    test_db_done(&w->cx, &w->t);
    test_ctx_done(&w->cx);
}

static void add_action(struct world *w, int64_t id, const char *ladder, const char *status) {
    assert_ok(&w->cx, action_insert(&w->cx, &(struct action_insert_params){.id = id,
                                                                           .customer_id = 1,
                                                                           .ladder = str_from(ladder),
                                                                           .step = S("claim-1"),
                                                                           .status = str_from(status),
                                                                           .reason_data = S("{}"),
                                                                           .planned_date = {20000},
                                                                           .not_before = INSTANT_NONE,
                                                                           .address = S("a@b.example")}));
    struct action_item_insert_params item = {
        .action_id = id, .customer_id = 1, .instalment_id = id, .step = S("claim-1"), .skipped = S("")};
    assert_ok(&w->cx, action_item_insert_bulk(&w->cx, &item, 1));
}

static struct message_get_row get(struct world *w, int64_t id) {
    struct message_get_row row;
    bool found;
    assert_ok(&w->cx, message_get(&w->cx, &(struct message_get_params){.id = id}, &row, &found));
    assert_true(found);
    return row;
}

static int count_live(struct world *w, int64_t id) {
    struct action_pairs_cursor cursor;
    int n = 0;
    assert_ok(&w->cx, action_pairs_open(&w->cx, &(struct action_pairs_params){.action_id = id}, &cursor));
    for (bool more = true; more; n += more) {
        struct action_pairs_row row;
        assert_ok(&w->cx, action_pairs_next(&w->cx, &cursor, &row, &more));
    }
    action_pairs_close(&cursor);
    return n;
}

static enum rc judge(struct world *w, const char *verb, int64_t id) {
    Str status;
    if (strcmp(verb, "confirm") == 0) return judge_confirm(&w->cx, id, (Date){20500}, &status);
    if (strcmp(verb, "cancel") == 0) return judge_cancel(&w->cx, id, S("because"), &status);
    if (strcmp(verb, "done") == 0) return judge_task_done(&w->cx, id, S("called"));
    if (strcmp(verb, "sent") == 0) return judge_settle_sent(&w->cx, id);
    return judge_settle_not_sent(&w->cx, id, NULL);
}

struct verdict {
    const char *ladder, *status, *verb, *becomes; /* NULL: refused */
    int live;                                     /* pairs that stay live */
};

static const struct verdict verdicts[] = {
    {"message", "approval", "confirm", "planned", 1},
    {"message", "approval", "cancel", "cancelled", 1},
    {"message", "planned", "cancel", "cancelled", 1},
    {"message", "deferred", "cancel", "cancelled", 1},
    {"message", "ambiguous", "sent", "settled", 1},
    {"message", "ambiguous", "not-sent", "failed", 0},
    {"state", "approval", "confirm", "done", 1},
    {"state", "approval", "cancel", "cancelled", 1},
    {"task", "open", "done", "done", 1},
    {"message", "planned", "confirm", NULL, 1},
    {"message", "sent", "confirm", NULL, 1},
    {"message", "sent", "cancel", NULL, 1},
    {"message", "sent", "sent", NULL, 1},
    {"message", "handing", "cancel", NULL, 1},
    {"message", "handing", "not-sent", NULL, 1},
    {"message", "ambiguous", "cancel", NULL, 1},
    {"message", "settled", "not-sent", NULL, 1},
    {"message", "failed", "sent", NULL, 1},
    {"message", "cancelled", "confirm", NULL, 1},
    {"message", "refused", "cancel", NULL, 1},
    {"message", "planned", "done", NULL, 1},
    {"task", "done", "done", NULL, 1},
    {"task", "open", "cancel", NULL, 1},
    {"state", "approval", "done", NULL, 1},
};

static void each_state_allows_what_it_should(void **state) {
    struct world w;
    open_world(&w, state);
    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        const struct verdict *v = &verdicts[i];
        int64_t id = (int64_t)i + 1;
        struct company_get_row before, after;
        add_action(&w, id, v->ladder, v->status);
        assert_ok(&w.cx, company_get(&w.cx, &before));
        enum rc rc = judge(&w, v->verb, id);
        assert_ok(&w.cx, company_get(&w.cx, &after));
        struct message_get_row a = get(&w, id);
        if (rc != (v->becomes ? OK : CONFLICT)) fail_msg("%s %s %s: %s", v->verb, v->ladder, v->status, rc_name(rc));
        assert_str(a.status, v->becomes ? v->becomes : v->status);
        assert_int_equal(count_live(&w, id), v->live);
        assert_int_equal(after.events - before.events,
                         v->becomes ? 1 : 0); /* every change, and only a change, is told */
    }
    assert_rc(&w.cx, NOT_FOUND, judge(&w, "cancel", 999));
    close_world(&w);
}

/* ---- resending ---- */

static void hand_over(struct world *w, int64_t id, Str body) {
    unsigned char hash[32];
    char packed[400];
    uLongf n = sizeof packed;
    kept_hash(body, hash);
    assert_int_equal(compress2((Bytef *)packed, &n, (const Bytef *)body.p, body.n, 6), Z_OK);
    assert_ok(&w->cx,
              action_set_handing(&w->cx, &(struct action_set_handing_params){.id = id,
                                                                             .message_id = S("m@x"),
                                                                             .thread_id = S("m@x"),
                                                                             .body_hash = {(const char *)hash, 32},
                                                                             .step = S("claim-1"),
                                                                             .reason = S("")}));
    assert_ok(&w->cx,
              message_body_put(&w->cx, &(struct message_body_put_params){.action_id = id, .bytes = {packed, n}}));
    assert_ok(&w->cx, action_set_outcome(
                          &w->cx, &(struct action_set_outcome_params){
                                      .id = id, .status = S("ambiguous"), .reason = S("NO_ANSWER"), .reply = S("")}));
}

static void a_choice_to_resend_keeps_what_is_known(void **state) {
    struct world w;
    Str status, bytes;
    open_world(&w, state);
    add_action(&w, 1, "message", "planned");
    hand_over(&w, 1, S("the very bytes"));
    assert_ok(&w.cx, judge_settle_resend(&w.cx, 1));
    struct message_get_row a = get(&w, 1);
    assert_str(a.status, "planned");
    assert_str(a.reason, "RESEND");
    assert_true(a.resend);
    assert_str(a.message_id, "m@x");
    assert_ok(&w.cx, kept_load(&w.cx, 1, a.body_hash, &bytes));
    assert_str(bytes, "the very bytes");
    assert_ok(&w.cx, judge_cancel(&w.cx, 1, S("not now"), &status));
    assert_str(status, "ambiguous");
    assert_false(get(&w, 1).resend);
    assert_int_equal(count_live(&w, 1), 1);
    add_action(&w, 2, "message", "ambiguous"); /* known from the journal alone: no bytes */
    assert_rc(&w.cx, CONFLICT, judge_settle_resend(&w.cx, 2));
    close_world(&w);
}

static void other_bytes_are_not_taken_for_evidence(void **state) {
    struct world w;
    Str bytes;
    open_world(&w, state);
    add_action(&w, 1, "message", "planned");
    hand_over(&w, 1, S("the very bytes"));
    Str hash = get(&w, 1).body_hash;
    char packed[400];
    uLongf n = sizeof packed;
    assert_int_equal(compress2((Bytef *)packed, &n, (const Bytef *)"other bytes", 11, 6), Z_OK);
    assert_ok(&w.cx, message_body_put(&w.cx, &(struct message_body_put_params){.action_id = 1, .bytes = {packed, n}}));
    assert_rc(&w.cx, INTERNAL, kept_load(&w.cx, 1, hash, &bytes));
    for (size_t cut = 0; cut < n; cut++) {
        assert_ok(&w.cx,
                  message_body_put(&w.cx, &(struct message_body_put_params){.action_id = 1, .bytes = {packed, cut}}));
        assert_rc(&w.cx, INTERNAL, kept_load(&w.cx, 1, hash, &bytes));
    }
    assert_rc(&w.cx, NOT_FOUND, kept_load(&w.cx, 7, hash, &bytes));
    close_world(&w);
}

static const struct CMUnitTest judge_tests[] = {ON_BOTH(each_state_allows_what_it_should),
                                                ON_BOTH(a_choice_to_resend_keeps_what_is_known),
                                                ON_BOTH(other_bytes_are_not_taken_for_evidence)};
const struct test_suite judge_suite = {"judge", judge_tests, COUNT_OF(judge_tests)};
