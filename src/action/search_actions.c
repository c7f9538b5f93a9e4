/* Search from any page: customers by name or code, documents by number, by how they begin. Answered by indexes alone. */
#include "action/app.h"
#include "action/desk.h"
#include "desk_sql.h"

#define FOUND_MAX 20

/* The first text that does not begin with `text`: its last byte raised. */
static Str end_of(struct ctx *cx, Str text) { return arena_printf(cx->arena, "%.*s\xf4\x8f\xbf\xbf", STR_ARG(text)); }

static Str capitals(struct ctx *cx, Str text) {
    char *copy = arena_cstr(cx->arena, text);
    for (char *c = copy; *c; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    return str_from(copy);
}

static void put_customer(struct json_writer *w, const struct desk_find_customers_row *r) {
    json_object(w);
    json_put_str(w, "code", r->code);
    json_put_str(w, "name", r->name);
    json_put_str(w, "tax_id", r->tax_id);
    json_object_end(w);
}

/* "sereno" of "Suministros Valle Sereno": through all names, so only when nothing begins like that. */
static enum rc put_within(struct ctx *cx, struct json_writer *w, Str folded, int64_t *count) {
    AUTO(desk_find_within_close) struct desk_find_within_cursor cursor;
    TRY(desk_find_within_open(cx, &(struct desk_find_within_params){.text = folded, .limit = FOUND_MAX}, &cursor));
    for (;;) {
        struct desk_find_customers_row r;
        bool more;
        TRY(desk_find_within_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        put_customer(w, &r);
        ++*count;
    }
}

static enum rc put_customers(struct ctx *cx, struct json_writer *w, Str text, int64_t *count) {
    Str folded = str_fold(cx->arena, text), code = capitals(cx, text);
    struct desk_find_customers_params p = {.from = folded,
                                           .until = end_of(cx, folded),
                                           .code_from = code,
                                           .code_until = end_of(cx, code),
                                           .limit = FOUND_MAX};
    AUTO(desk_find_customers_close) struct desk_find_customers_cursor cursor;
    TRY(desk_find_customers_open(cx, &p, &cursor));
    json_key(w, "customers");
    json_array(w);
    for (;;) {
        struct desk_find_customers_row r;
        bool more;
        TRY(desk_find_customers_next(cx, &cursor, &r, &more));
        if (!more) break;
        put_customer(w, &r);
        ++*count;
    }
    if (*count == 0 && folded.n >= 3) TRY(put_within(cx, w, folded, count));
    json_array_end(w);
    return OK;
}

static enum rc put_documents(struct ctx *cx, struct json_writer *w, Str text, int64_t *count) {
    Str number = capitals(cx, text);
    AUTO(desk_find_documents_close) struct desk_find_documents_cursor cursor;
    TRY(desk_find_documents_open(
        cx, &(struct desk_find_documents_params){.from = number, .until = end_of(cx, number), .limit = FOUND_MAX}, &cursor));
    json_key(w, "documents");
    json_array(w);
    for (;;) {
        struct desk_find_documents_row r;
        bool more;
        TRY(desk_find_documents_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_str(w, "number", r.number);
        json_put_str(w, "type", r.type);
        json_put_str(w, "reference", r.reference);
        put_currency(w, "currency", r.currency);
        put_money(w, "amount", r.amount, r.currency);
        json_put_str(w, "customer", r.customer_code);
        json_put_str(w, "name", r.customer_name);
        json_object_end(w);
        ++*count;
    }
    json_array_end(w);
    return OK;
}

static enum rc search_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    Str text = str_trim(arg_text(call, "q"));
    int64_t count = 0;
    json_object(w);
    json_put_str(w, "q", text);
    if (text.n) {
        TRY(put_customers(cx, w, text, &count));
        TRY(put_documents(cx, w, text, &count));
    }
    json_put_i64(w, "count", count);
    json_object_end(w);
    return OK;
}

const struct action search_action = {
    .verb = "search",
    .path = "GET /search",
    .summary = "Find customers and documents by how their name, code or number begins",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"q", P_TEXT, OPTIONAL | POSITIONAL, "beginning of a name, code or number", NULL}),
    .run = search_run,
    .view = "search",
    .columns = "customers: code name; documents: number customer name",
};
