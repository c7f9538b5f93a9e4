/* Rows of a query as JSON. */
#include "action/rows.h"

#include "base/buf.h"
#include "base/test.h"
#include "core/date.h"
#include "core/money.h"

struct sample_row {
    int64_t id, open;
    bool has_limit;
    int64_t limit;
    bool is_late;
    Date due;
    Instant at;
    Str name;
    Currency currency;
};

static const struct sql_value columns[] = {
    {"id", SQL_INT, false, offsetof(struct sample_row, id), SQL_NO_FLAG, false},
    {"open", SQL_INT, false, offsetof(struct sample_row, open), SQL_NO_FLAG, true},
    {"limit", SQL_INT, true, offsetof(struct sample_row, limit), offsetof(struct sample_row, has_limit), true},
    {"is_late", SQL_BOOL, false, offsetof(struct sample_row, is_late), SQL_NO_FLAG, false},
    {"due", SQL_DATE, true, offsetof(struct sample_row, due), SQL_NO_FLAG, false},
    {"at", SQL_STAMP, true, offsetof(struct sample_row, at), SQL_NO_FLAG, false},
    {"name", SQL_TEXT, true, offsetof(struct sample_row, name), SQL_NO_FLAG, false},
    {"currency", SQL_CURRENCY, false, offsetof(struct sample_row, currency), SQL_NO_FLAG, false},
};
static const struct stmt_def sample = {
    .name = "sample", .columns = columns, .column_count = COUNT_OF(columns), .row_size = sizeof(struct sample_row)};

static void keep(void *self, Str piece) { buf_add(self, piece); }

static void expect(struct ctx *cx, const struct sample_row *row, const char *members, const char *json) {
    AUTO(buf_done) struct buf written = buf_make(1000);
    struct json_text text;
    json_text_init(&text, keep, &written);
    json_object(&text.writer);
    put_row(cx, &text.writer, &sample, row, members);
    json_object_end(&text.writer);
    json_text_done(&text);
    assert_str(buf_str(&written), json);
}

static void each_kind_has_its_form(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    Currency peso = {0}, yen = {0};
    assert_true(currency_parse(S("COP"), &peso) && currency_parse(S("JPY"), &yen));
    Date due = DATE_NONE;
    assert_true(date_make(2026, 11, 27, &due));
    struct sample_row full = {7, 928050, true, 100, true, due, {INT64_C(1795874400000)}, S("Ovaluna \"2\""), peso};
    struct sample_row none = {.due = DATE_NONE, .at = INSTANT_NONE, .open = 15, .currency = yen};
    expect(&cx, &full, "id open limit is_late due at name currency",
           "{\"id\":7,\"open\":\"9280.50\",\"limit\":\"1.00\",\"is_late\":true,\"due\":\"2026-11-27\","
           "\"at\":\"2026-11-28T14:00:00Z\",\"name\":\"Ovaluna \\\"2\\\"\",\"currency\":\"COP\"}");
    expect(&cx, &none, "limit due at name open", "{\"limit\":null,\"due\":null,\"at\":null,\"name\":null,\"open\":\"15\"}");
    test_ctx_done(&cx);
}

static void members_are_chosen_and_named(void **state) {
    (void)state;
    struct ctx cx = test_ctx();
    struct sample_row row = {.id = 3, .name = S("A")};
    expect(&cx, &row, "customer=name number=id", "{\"customer\":\"A\",\"number\":3}");
    expect(&cx, &row, "", "{}");
    test_ctx_done(&cx);
}

static const struct CMUnitTest rows_tests[] = {cmocka_unit_test(each_kind_has_its_form), cmocka_unit_test(members_are_chosen_and_named)};
const struct test_suite rows_suite = {"rows", rows_tests, COUNT_OF(rows_tests)};
