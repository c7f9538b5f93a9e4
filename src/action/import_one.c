/* A file of one row that nobody had to write. */
#include <string.h>

#include "action/app.h"
#include "action/import.h"

/* A customer is called by their code alone: --customer. */
static Str given(const struct call *call, Str field) {
    const struct param *p = param_find(call->action, str_is(field, "customer_code") ? S("customer") : field);
    return p ? arg_text(call, p->name) : S("");
}

/* Every field a column of its own, in the plain form of parameters. */
static struct mapping plain_mapping(const struct import_kind *kind) {
    struct mapping m = {.kind = kind, .decimal_mark = '.', .decimal_declared = true, .dates = DATE_ISO};
    MUST(kind->field_count <= COUNT_OF(m.column));
    for (size_t i = 0; i < kind->field_count; i++) m.column[i] = (int)i;
    return m;
}

static enum rc judge(struct ctx *cx, const struct row_result *result, const char *exists) {
    if (result->status == ROW_BOOKED) return OK;
    if (result->status == ROW_DUPLICATE) return fail(cx, CONFLICT, "%s", phrase(cx, exists));
    return fail_field(cx, INVALID, result->field, arena_cstr(cx->arena, result->hint), "%.*s", STR_ARG(result->message));
}

enum rc import_one(struct ctx *cx, struct call *call, const struct import_driver *driver, void *own, SAYS const char *exists) {
    const struct import_kind *kind = driver->kind;
    struct import im = {
        .call = call, .kind = kind, .own = own, .today = app_today(cx, call->app), .mapping = plain_mapping(kind)};
    Str *cells = ARENA_ARRAY(cx->arena, Str, kind->field_count);
    bool *typed = arena_calloc(cx->arena, kind->field_count, sizeof *typed);
    for (size_t i = 0; i < kind->field_count; i++) cells[i] = given(call, str_from(kind->fields[i].name));
    struct table_row row = {.line = 1, .cells = cells, .typed = typed};
    struct row_result result = {0};
    void *slot = arena_calloc(cx->arena, 1, driver->row_size);
    int64_t settled;
    TRY(driver->begin(cx, &im));
    enum rc rc = driver->read(cx, &im, &row, slot);
    if (rc == OK) rc = driver->book(cx, &im, slot, 1, &result);
    if (rc == OK) rc = judge(cx, &result, exists);
    if (rc == OK) rc = driver->end(cx, &im, S("\"rows\":1,\"booked\":1"), &settled);
    if (rc == OK && im.booking.problems)
        rc = fail_field(cx, INVALID, "applies-to", "import the invoice first, or leave it out", "that invoice is not known, or is another customer's");
    booking_done(&im.booking);
    return rc;
}
