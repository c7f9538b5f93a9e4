/* Ways to pay (how they look to the debtor: way_page.c): recorded here, checked by their scheme, told in messages, statements and letters (REQ: D2).
 *
 * A number that cannot receive a transfer is refused; one that merely looks unusual is booked with a warning. */
#include <stdio.h>

#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/ways.h"
#include "base/file.h"
#include "company_sql.h"
#include "core/qr.h"
#include "customer_sql.h"
#include "message/ways.h"
#include "timeline/timeline.h"
#include "way_sql.h"

#define MAX_CODE 32

/* ---- reading ---- */

static Str keep(struct ctx *cx, Str s) { return s.n ? arena_str(cx->arena, s) : S(""); }

static enum rc way_of(struct ctx *cx, const struct way_by_code_row *r, struct message_way *out) {
    struct message_way way = {.code = keep(cx, r->code),
                              .scheme = bank_scheme_parse(r->scheme),
                              .bank = keep(cx, r->bank),
                              .number = keep(cx, r->number),
                              .account_type = keep(cx, r->account_type),
                              .bic = keep(cx, r->bic),
                              .holder = keep(cx, r->holder),
                              .holder_tax_id = keep(cx, r->holder_tax_id),
                              .city = keep(cx, r->city),
                              .note = keep(cx, r->note),
                              .country = keep(cx, r->country),
                              .currency = keep(cx, r->currency)};
    if (way.scheme == BANK_SCHEMES) return fail(cx, INTERNAL, "a way to pay has an unknown scheme");
    *out = way;
    return OK;
}

enum rc ways_load(struct ctx *cx, const struct message_way **out_ways, size_t *out_count) {
    AUTO(way_list_close) struct way_list_cursor cursor;
    TRY(way_list_open(cx, &cursor));
    VEC_OF(struct message_way) list = {0};
    for (;;) {
        struct way_by_code_row r;
        bool more;
        TRY(way_list_next(cx, &cursor, &r, &more));
        if (!more) break;
        TRY(way_of(cx, &r, VEC_PUSH(cx->arena, &list)));
    }
    *out_ways = list.items;
    *out_count = list.count;
    return OK;
}

static enum rc find_way(struct ctx *cx, const struct call *call, struct way_by_code_row *out_row) {
    bool found = false;
    Str code = arg_text(call, "code");
    TRY(way_by_code(cx, &(struct way_by_code_params){.code = code}, out_row, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "code", "aldia company way list shows them", "no such way to pay: %.*s",
                          STR_ARG(code));
    return OK;
}

void way_put_json(struct ctx *cx, struct json_writer *w, const struct message_way *way) {
    json_put_str(w, "code", way->code);
    json_put_str(w, "scheme", str_from(bank_schemes[way->scheme].name));
    json_put_str(w, "bank", way->bank);
    json_put_str(w, "number", bank_number_print(cx->arena, way->scheme, way->number));
    json_put_str(w, "account_type", way->account_type);
    json_put_str(w, "bic", way->bic);
    json_put_str(w, "holder", way->holder);
    json_put_str(w, "holder_tax_id", way->holder_tax_id);
    json_put_str(w, "city", way->city);
    json_put_str(w, "note", way->note);
    json_put_str(w, "country", way->country);
    json_put_str(w, "currency", way->currency);
}

/* ---- recording ---- */

static bool is_code(Str code) {
    bool good = code.n > 0 && code.n <= MAX_CODE;
    for (size_t i = 0; i < code.n; i++)
        good = good &&
               ((code.p[i] >= 'a' && code.p[i] <= 'z') || (code.p[i] >= '0' && code.p[i] <= '9') || code.p[i] == '-');
    return good;
}

static bool is_country(Str s) { return s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z'; }

/* Given texts replace what is kept; what is not given stays. */
static void take_texts(const struct call *call, struct way_put_params *p) {
    const struct {
        const char *param;
        Str *value;
    } texts[] = {{"scheme", &p->scheme},
                 {"bank", &p->bank},
                 {"number", &p->number},
                 {"account-type", &p->account_type},
                 {"bic", &p->bic},
                 {"holder", &p->holder},
                 {"holder-id", &p->holder_tax_id},
                 {"city", &p->city},
                 {"note", &p->note},
                 {"for-country", &p->country},
                 {"for-currency", &p->currency}};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (arg_has(call, texts[i].param)) *texts[i].value = arg_text(call, texts[i].param);
}

static enum rc check_way(struct ctx *cx, struct way_put_params *p, Str company_country, const char **out_warning) {
    enum bank_scheme scheme = bank_scheme_parse(p->scheme);
    MUST(scheme < BANK_SCHEMES); /* the parameter is a closed list */
    if (!is_code(p->code))
        return fail_field(cx, INVALID, "code", "up to 32 small letters, digits and dashes, like norandino",
                          "\"%.*s\" is no code for a way to pay", STR_ARG(p->code));
    Currency currency;
    if (p->currency.n && !currency_parse(p->currency, &currency))
        return fail_field(cx, INVALID, "for-currency", "use the three capitals of ISO 4217",
                          "\"%.*s\" is not a currency", STR_ARG(p->currency));
    if (p->country.n && !is_country(p->country))
        return fail_field(cx, INVALID, "for-country", "use the two capitals of ISO 3166", "\"%.*s\" is not a country",
                          STR_ARG(p->country));
    if (p->bic.n && !bic_valid(p->bic))
        return fail_field(cx, INVALID, "bic", "8 or 11 letters and digits", "not a BIC: %.*s", STR_ARG(p->bic));
    struct bank_number number = bank_number_check(scheme, p->country.n ? p->country : company_country, p->number);
    if (number.verdict == BANK_WRONG)
        return fail_field(cx, INVALID, "number", bank_schemes[scheme].source, "%s", phrase(cx, number.problem));
    *out_warning = number.problem ? phrase(cx, number.problem) : NULL;
    p->number = arena_str(cx->arena, str_from(number.text));
    return OK;
}

/* What it was and what it is now, for the timeline: whoever changes where money goes leaves a trace. */
static enum rc note_change(struct ctx *cx, const char *kind, const struct way_by_code_row *old,
                           const struct way_put_params *now) {
    AUTO(buf_done) struct buf data = buf_make(65536);
    buf_add_char(&data, '{');
    if (old) {
        buf_add_cstr(&data, "\"was\":\"");
        buf_add_json(&data, arena_printf(cx->arena, "%.*s %.*s %.*s", STR_ARG(old->scheme), STR_ARG(old->bank),
                                         STR_ARG(old->number)));
        buf_add_cstr(&data, now ? "\"," : "\"");
    }
    if (now) {
        buf_add_cstr(&data, "\"is\":\"");
        buf_add_json(&data, arena_printf(cx->arena, "%.*s %.*s %.*s", STR_ARG(now->scheme), STR_ARG(now->bank),
                                         STR_ARG(now->number)));
        buf_add_char(&data, '"');
    }
    buf_add_char(&data, '}');
    MUST(buf_ok(&data));
    return event_note(cx, kind, 0, now ? now->code : old->code, buf_str(&data));
}

enum rc way_read(struct ctx *cx, const struct call *call, Str code, struct way_change *out) {
    struct way_by_code_row *old = &out->was;
    bool known = false;
    TRY(way_by_code(cx, &(struct way_by_code_params){.code = code}, old, &known));
    struct way_put_params p = {.code = code, .actor = str_from(cx->actor)};
    if (known) {
        struct message_way way;
        TRY(way_of(cx, old, &way));
        p = (struct way_put_params){.id = old->id,
                                    .code = way.code,
                                    .position = old->position,
                                    .scheme = str_from(bank_schemes[way.scheme].name),
                                    .bank = way.bank,
                                    .number = way.number,
                                    .account_type = way.account_type,
                                    .bic = way.bic,
                                    .holder = way.holder,
                                    .holder_tax_id = way.holder_tax_id,
                                    .city = way.city,
                                    .note = way.note,
                                    .country = way.country,
                                    .currency = way.currency,
                                    .actor = p.actor};
        old->scheme = p.scheme; /* the row's texts live no longer than the query */
        old->bank = way.bank;
        old->number = way.number;
        old->code = way.code;
    } else {
        struct way_next_id_row next;
        struct way_last_row last;
        TRY(way_next_id(cx, &next));
        TRY(way_last(cx, &last));
        p.id = next.id;
        p.position = last.position + 1;
    }
    take_texts(call, &p);
    *out = (struct way_change){.is_known = known, .was = *old, .will = p};
    return OK;
}

enum rc way_check(struct ctx *cx, const struct call *call, struct way_change *change) {
    const struct way_put_params *p = &change->will;
    if (p->scheme.n == 0 || p->number.n == 0)
        return fail_field(cx, INVALID, p->scheme.n ? "number" : "scheme", "aldia help company way set lists the schemes",
                          "a new way to pay needs --scheme and --number");
    return check_way(cx, &change->will, call->app->company.country, &change->warning);
}

struct message_way way_will_be(const struct way_change *change) {
    const struct way_put_params *p = &change->will;
    return (struct message_way){.code = p->code,
                                .scheme = bank_scheme_parse(p->scheme),
                                .bank = p->bank,
                                .number = p->number,
                                .account_type = p->account_type,
                                .bic = p->bic,
                                .holder = p->holder,
                                .holder_tax_id = p->holder_tax_id,
                                .city = p->city,
                                .note = p->note,
                                .country = p->country,
                                .currency = p->currency};
}

static enum rc set_run(struct ctx *cx, struct call *call) {
    struct way_change change;
    TRY(way_read(cx, call, arg_text(call, "code"), &change));
    TRY(way_check(cx, call, &change));
    change.will.position = arg_int(call, "position", change.will.position);
    TRY(way_put(cx, &change.will));
    TRY(note_change(cx, change.is_known ? "company.way_changed" : "company.way_added", change.is_known ? &change.was : NULL, &change.will));
    struct way_by_code_row row;
    struct message_way way;
    TRY(find_way(cx, call, &row));
    TRY(way_of(cx, &row, &way));
    json_object(call->out);
    way_put_json(cx, call->out, &way);
    json_put_str(call->out, "warning", change.warning ? str_from(change.warning) : S(""));
    json_object_end(call->out);
    return OK;
}

const struct action company_way_set_action = {
    .verb = "company way set",
    .path = "POST /company/ways/{code}",
    .summary = "Add or change a way to pay",
    .details =
        "Schemes: iban, clabe (MX), cbu and alias (AR), cci (PE), pix (BR), sinpe (CR), bre-b (CO), account (a bank's "
        "own number), link (https://…), text (in words). Check digits are checked where the scheme has them, and a "
        "number that cannot receive money is refused. An IBAN of the SEPA area and a PIX key with --city make a code "
        "to scan (aldia company way code). Of an existing one, only what is given changes; an empty value clears.",
    .needs = CAP_BANK_WRITE,
    .tx = TX_WRITE,
    .second_person = "*",
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "what you call it: norandino", NULL},
                     WAY_PARAMS,
                     {"position", P_INT, OPTIONAL, "place in the list", NULL}),
    .run = set_run,
    .then = "/company/ways",
    .form = "company way preview",
    .edits = true,
};

static enum rc remove_run(struct ctx *cx, struct call *call) {
    struct way_by_code_row row;
    TRY(find_way(cx, call, &row));
    row.code = keep(cx, row.code);
    row.scheme = keep(cx, row.scheme);
    row.bank = keep(cx, row.bank);
    row.number = keep(cx, row.number);
    TRY(way_delete(cx, &(struct way_delete_params){.id = row.id}));
    TRY(note_change(cx, "company.way_removed", &row, NULL));
    json_object(call->out);
    json_put_str(call->out, "removed", row.code);
    json_object_end(call->out);
    return OK;
}

const struct action company_way_remove_action = {
    .verb = "company way remove",
    .path = "POST /company/ways/{code}/remove",
    .summary = "Tell debtors no longer of a way to pay",
    .needs = CAP_BANK_WRITE,
    .tx = TX_WRITE,
    .second_person = "*",
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "which one", NULL}),
    .run = remove_run,
    .then = "/company/ways",
    .form = "company way list",
};

/* ---- the code to scan ---- */

static enum rc write_picture(struct ctx *cx, const struct call *call, const struct way_code *code) {
    struct qr qr;
    TRY(qr_make(cx, code->payload, code->max_version, &qr));
    AUTO(buf_done) struct buf b = buf_make(1 << 20);
    Str format = arg_text(call, "format");
    if (str_is(format, "png"))
        qr_png(&qr, 8, &b);
    else if (str_is(format, "svg"))
        qr_svg(&qr, S("QR"), &b);
    else
        qr_text(&qr, &b);
    MUST(buf_ok(&b));
    return file_write(cx, arena_cstr(cx->arena, arg_text(call, "file")), buf_str(&b), 0644);
}

static enum rc code_run(struct ctx *cx, struct call *call) {
    struct way_by_code_row row;
    struct message_way way;
    TRY(find_way(cx, call, &row));
    TRY(way_of(cx, &row, &way));
    struct way_demand demand = {.company = call->app->company.name, .reference = arg_text(call, "reference")};
    Currency currency = call->app->company.currency;
    if (arg_has(call, "currency")) MUST(currency_parse(arg_text(call, "currency"), &currency));
    if (arg_has(call, "amount")) TRY(arg_money(cx, call, "amount", currency, &demand.amount));
    struct way_code code = way_code_of(cx, &way, &demand);
    if (code.payload.n == 0)
        return fail_field(cx, INVALID, "code",
                          "an IBAN of the SEPA area has one (outside the EEA with --bic), and a PIX key with --city",
                          "the way to pay %.*s has no code to scan", STR_ARG(way.code));
    if (arg_has(call, "file")) TRY(write_picture(cx, call, &code));
    json_object(call->out);
    json_put_str(call->out, "code", way.code);
    json_put_str(call->out, "payload", code.payload);
    json_object_end(call->out);
    return OK;
}

const struct action company_way_code_action = {
    .verb = "company way code",
    .path = "GET /company/ways/{code}/code",
    .summary = "Show the code by which a banking app pays this way (EPC QR, PIX)",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "which way to pay", NULL},
                     {"amount", P_AMOUNT, OPTIONAL, "filled in for the payer", NULL},
                     {"currency", P_CURRENCY, OPTIONAL, "of the amount", NULL},
                     {"reference", P_TEXT, OPTIONAL, "customer's code or invoice number", NULL},
                     {"format", P_CHOICE, OPTIONAL, "of the picture (text)", "text|svg|png"},
                     {"file", P_FILE, OPTIONAL | WRITTEN, "where to put the picture", NULL}),
    .run = code_run,
    .exports = EXPORTS_NOBODY,
};
