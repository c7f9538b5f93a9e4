/* Ways to pay as a debtor reads them: the list with its codes to scan and whom each is told, and a change seen before it is asked for. */
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/proposal.h"
#include "action/ways.h"
#include "core/qr.h"
#include "message/ways.h"
#include "proposal_sql.h"

/* ---- who reads it ---- */

struct readers {
    VEC_OF(struct way_readers_row) groups;
};

static enum rc load_readers(struct ctx *cx, struct readers *out) {
    AUTO(way_readers_close) struct way_readers_cursor cursor = {0};
    TRY(way_readers_open(cx, &cursor));
    for (;;) {
        struct way_readers_row r;
        bool more;
        TRY(way_readers_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        r.country = arena_str(cx->arena, r.country);
        r.currency = arena_str(cx->arena, r.currency);
        *VEC_PUSH(cx->arena, &out->groups) = r;
    }
}

/* Debts of customers this way would be told for; one with debts in two currencies counts for each. */
static int64_t count_readers(const struct readers *readers, const struct message_way *way) {
    int64_t n = 0;
    for (size_t i = 0; i < readers->groups.count; i++) {
        const struct way_readers_row *g = &readers->groups.items[i];
        bool fits = (way->country.n == 0 || str_equal(way->country, g->country)) &&
                    (way->currency.n == 0 || str_equal(way->currency, g->currency));
        if (fits) n += g->customers;
    }
    return n;
}

/* ---- as the debtor sees it ---- */

/* The lines of a message, and the code with a reference for an example. */
static enum rc put_shown(struct ctx *cx, struct call *call, const struct message_way *way) {
    struct json_writer *w = call->out;
    struct way_demand demand = {.company = call->app->company.name, .reference = S("C001")};
    struct way_code code = way_code_of(cx, way, &demand);
    Str id = way->holder_tax_id;
    json_key(w, "shown");
    json_object(w);
    json_put_str(w, "label", way_label(way));
    json_put_str(w, "value", way_value(cx->arena, way));
    json_put_str(w, "holder", way->holder.n ? arena_printf(cx->arena, "%.*s%s%.*s", STR_ARG(way->holder), id.n ? ", " : "", STR_ARG(id))
                                            : call->app->company.name);
    json_put_str(w, "note", way->note);
    json_put_str(w, "url", way->scheme == BANK_LINK ? way->number : S(""));
    json_put_str(w, "copy_code", code.is_typed ? code.payload : S(""));
    if (code.payload.n) {
        struct qr qr;
        AUTO(buf_done) struct buf svg = buf_make((size_t)256 * 1024);
        TRY(qr_make(cx, code.payload, code.max_version, &qr));
        qr_svg(&qr, S("QR"), &svg);
        MUST(buf_ok(&svg));
        json_put_str(w, "svg", buf_str(&svg));
    }
    json_object_end(w);
    return OK;
}

/* ---- the list ---- */

/* How many proposals about this way wait for a second person. */
static enum rc load_waiting(struct ctx *cx, const struct message_way *ways, size_t count, int64_t *waiting, int64_t *out_new) {
    AUTO(proposal_list_close) struct proposal_list_cursor cursor = {0};
    TRY(proposal_list_open(cx, &(struct proposal_list_params){.all_statuses = false, .after_rank = -1}, &cursor));
    for (;;) {
        struct proposal_list_row r;
        bool more, found = false;
        TRY(proposal_list_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        if (!str_starts(r.verb, S("company way "))) continue;
        for (size_t i = 0; i < count && !found; i++) {
            found = str_equal(ways[i].code, r.object);
            if (found) waiting[i]++;
        }
        if (!found) ++*out_new;
    }
}

static enum rc list_run(struct ctx *cx, struct call *call) {
    const struct message_way *ways;
    struct readers readers = {0};
    size_t count;
    int64_t fresh = 0;
    struct page page;
    TRY(page_begin_named(cx, call, false, &page));
    TRY(ways_load(cx, &ways, &count));
    TRY(load_readers(cx, &readers));
    int64_t *waiting = ARENA_ARRAY(cx->arena, int64_t, count + 1);
    TRY(load_waiting(cx, ways, count, waiting, &fresh));
    items_begin(call->out);
    for (size_t i = 0; i < count; i++) {
        if (page_skips(&page, ways[i].code)) continue;
        if (!page_takes_named(&page, S(""), ways[i].code)) break;
        json_object(call->out);
        way_put_json(cx, call->out, &ways[i]);
        json_put_i64(call->out, "customers", count_readers(&readers, &ways[i]));
        json_put_i64(call->out, "waiting", waiting[i]);
        TRY(put_shown(cx, call, &ways[i]));
        json_object_end(call->out);
    }
    json_array_end(call->out);
    page_put_next(call->out, &page);
    json_put_i64(call->out, "waiting_new", fresh);
    json_object_end(call->out);
    return page_met(cx, &page);
}

const struct action company_way_list_action = {
    .verb = "company way list",
    .path = "GET /company/ways",
    .summary = "List the ways to pay that debtors are told",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS_NAMED),
    .run = list_run,
    .view = "ways",
    .columns = "code scheme bank number country currency customers waiting",
};

/* ---- a change before it is made ---- */

/* "Banco Norandino" gives "banco-norandino". */
static Str code_from(struct ctx *cx, Str name) {
    Str folded = str_fold(cx->arena, name);
    char *out = arena_alloc(cx->arena, 33);
    size_t n = 0;
    for (size_t i = 0; i < folded.n && n < 32; i++) {
        char c = folded.p[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (good)
            out[n++] = c;
        else if (n && out[n - 1] != '-')
            out[n++] = '-';
    }
    while (n && out[n - 1] == '-') n--;
    return (Str){out, n};
}

/* Of a new one the code is made from what is known of it, and is free. */
static enum rc free_code(struct ctx *cx, const struct call *call, Str *out) {
    Str base = code_from(cx, arg_text(call, "bank"));
    if (base.n == 0) base = code_from(cx, arg_text(call, "scheme"));
    if (base.n == 0) base = S("pago");
    Str code = base;
    for (int i = 2; i < 100; i++) {
        struct way_by_code_row row;
        bool taken;
        TRY(way_by_code(cx, &(struct way_by_code_params){.code = code}, &row, &taken));
        if (!taken) break;
        code = arena_printf(cx->arena, "%.*s-%d", (int)(base.n < 28 ? base.n : 28), base.p, i);
    }
    *out = code;
    return OK;
}

/* The fields of the form again, each as it would be kept. */
static void put_fields(struct json_writer *w, const struct way_put_params *p) {
    json_put_str(w, "code", p->code);
    json_put_str(w, "scheme", p->scheme);
    json_put_str(w, "number", p->number);
    json_put_str(w, "bank", p->bank);
    json_put_str(w, "account_type", p->account_type);
    json_put_str(w, "bic", p->bic);
    json_put_str(w, "holder", p->holder);
    json_put_str(w, "holder_tax_id", p->holder_tax_id);
    json_put_str(w, "city", p->city);
    json_put_str(w, "note", p->note);
    json_put_str(w, "country", p->country);
    json_put_str(w, "currency", p->currency);
}

/* What a company of its country is most likely paid by. */
static const char *usual_scheme(const struct company *company) {
    static const enum bank_scheme of_countries[] = {BANK_CLABE, BANK_CBU, BANK_CCI, BANK_PIX};
    for (size_t i = 0; i < COUNT_OF(of_countries); i++)
        if (str_is(company->country, bank_schemes[of_countries[i]].country)) return bank_schemes[of_countries[i]].name;
    char code[4];
    bool is_euro = str_is(currency_code(company->currency, code), "EUR");
    return bank_schemes[is_euro ? BANK_IBAN : BANK_PLAIN].name;
}

static void put_schemes(struct json_writer *w, Str chosen) {
    json_key(w, "schemes");
    json_array(w);
    for (int i = 0; i < BANK_SCHEMES; i++) {
        json_object(w);
        json_put_text(w, "scheme", bank_schemes[i].name);
        json_put_text(w, "of", bank_schemes[i].country ? bank_schemes[i].country : "");
        json_put_bool(w, "chosen", str_is(chosen, bank_schemes[i].name));
        json_object_end(w);
    }
    json_array_end(w);
}

static enum rc put_judged(struct ctx *cx, struct call *call, struct way_change *change) {
    struct readers readers = {0};
    struct json_writer *w = call->out;
    struct fault before = cx->fault;
    enum rc rc = way_check(cx, call, change);
    struct fault why = cx->fault;
    if (rc != OK && rc != INVALID) return rc;
    cx->fault = before;
    put_fields(w, &change->will);
    json_put_bool(w, "good", rc == OK);
    if (rc == INVALID) {
        json_put_text(w, "problem", why.message);
        json_put_text(w, "problem_field", why.field);
        return OK;
    }
    struct message_way way = way_will_be(change);
    TRY(load_readers(cx, &readers));
    json_put_text(w, "warning", change->warning ? change->warning : "");
    json_put_i64(w, "customers", count_readers(&readers, &way));
    return put_shown(cx, call, &way);
}

static enum rc preview_run(struct ctx *cx, struct call *call) {
    struct way_change change;
    bool waits;
    Str code = str_trim(arg_text(call, "code"));
    bool is_asked = arg_has(call, "scheme") || arg_has(call, "number");
    if (code.n == 0) TRY(free_code(cx, call, &code));
    TRY(way_read(cx, call, code, &change));
    TRY(proposals_apply(cx, call->app, &waits));
    json_object(call->out);
    json_put_bool(call->out, "known", change.is_known);
    json_put_bool(call->out, "given", arg_has(call, "code"));
    json_put_bool(call->out, "waits", waits);
    put_schemes(call->out, change.will.scheme.n ? change.will.scheme : str_from(usual_scheme(&call->app->company)));
    if (is_asked || change.is_known)
        TRY(put_judged(cx, call, &change));
    else
        put_fields(call->out, &change.will);
    json_object_end(call->out);
    return OK;
}

const struct action company_way_preview_action = {
    .verb = "company way preview",
    .path = "GET /company/ways/preview",
    .summary = "Show a way to pay as the debtor would see it, before it is added or changed",
    .details = "Takes what company way set takes, checks it and stores nothing. Without a code one is made from the bank's name.",
    .needs = CAP_BANK_WRITE,
    .tx = TX_READ,
    .params = PARAMS({"code", P_TEXT, OPTIONAL, "which one, or a new one's", NULL}, WAY_PARAMS),
    .run = preview_run,
    .view = "way_preview",
    .form = "company way preview",
    .edits = true,
};
