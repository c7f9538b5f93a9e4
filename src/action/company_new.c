/* Making companies: `company add`, and what `init` shares with it. */
#include "action/company_new.h"

#include "account/user.h"
#include "action/app.h"
#include "company_sql.h"
#include "core/zone.h"
#include "plan/book.h"
#include "portfolio/finding.h"
#include "strategy/strategy.h"
#include "timeline/timeline.h"
#include "user_sql.h"

#define CODE_MOST 40

static enum rc read_country(struct ctx *cx, const struct call *call, Str *out) {
    Str country = arg_text(call, "country");
    bool good =
        country.n == 2 && country.p[0] >= 'A' && country.p[0] <= 'Z' && country.p[1] >= 'A' && country.p[1] <= 'Z';
    const struct zone *zones[32];
    if (good && zone_candidates(cx, country, zones, COUNT_OF(zones)) > 0) {
        *out = country;
        return OK;
    }
    return fail_field(cx, INVALID, "country", "use the two capitals of ISO 3166, such as CO or MX",
                      "\"%.*s\" is not a country code", (int)(country.n < 40 ? country.n : 40), country.p);
}

static enum rc read_zone(struct ctx *cx, const struct call *call, Str country, Str *out) {
    const struct zone *zone, *zones[32];
    if (arg_has(call, "zone")) {
        *out = arg_text(call, "zone");
        if (zone_find(cx, *out, &zone) == OK) return OK;
        return fail_field(cx, INVALID, "zone", "use an IANA name such as America/Bogota", "\"%.*s\" is not a time zone",
                          (int)(out->n < 60 ? out->n : 60), out->p);
    }
    size_t n = zone_candidates(cx, country, zones, COUNT_OF(zones));
    if (n == 0) return fail_field(cx, INVALID, "zone", NULL, "the time zone of the country is not known");
    *out = zone_name(zones[0]);
    return OK;
}

enum rc company_new_read(struct ctx *cx, const struct call *call, struct company_new *out) {
    struct company_new c = {.code = arg_has(call, "code") ? arg_text(call, "code") : S("main"),
                            .name = arg_text(call, "name"),
                            .language = arg_has(call, "language") ? arg_text(call, "language") : S("es"),
                            .tax_id = arg_text(call, "tax-id"),
                            .email = arg_text(call, "email")};
    if (str_trim(c.name).n == 0) return fail_field(cx, INVALID, "name", NULL, "the company needs a name");
    if (c.code.n == 0 || c.code.n > CODE_MOST)
        return fail_field(cx, INVALID, "code", NULL, "the code must have 1 to %d bytes", CODE_MOST);
    TRY(read_country(cx, call, &c.country));
    TRY(read_zone(cx, call, c.country, &c.zone));
    MUST(currency_parse(arg_text(call, "currency"), &c.currency));
    *out = c;
    return OK;
}

static enum rc add_strategies(struct ctx *cx) {
    struct strategy_preset presets[64];
    size_t n = strategy_presets(presets, COUNT_OF(presets));
    for (size_t i = 0; i < n; i++) {
        struct strategy s;
        int64_t version;
        bool changed, is_default = str_is(str_from(presets[i].file), "strategies/" COMPANY_STRATEGY ".yaml");
        TRY(strategy_store(cx, &(struct strategy_text){presets[i].source, presets[i].file, S(""), is_default}, &s, &version,
                           &changed));
    }
    return OK;
}

enum rc company_new_create(struct ctx *cx, const struct company_new *c) {
    static const char zeros[EVENT_HASH_SIZE];
    struct company_next_id_row next;
    struct company_by_code_row known;
    bool found;
    TRY(company_by_code(cx, &(struct company_by_code_params){.code = c->code}, &known, &found));
    if (found) return fail_field(cx, CONFLICT, "code", NULL, "there is a company %.*s already", STR_ARG(c->code));
    TRY(company_next_id(cx, &next));
    TRY(company_insert(cx, &(struct company_insert_params){.id = next.id,
                                                           .code = c->code,
                                                           .name = c->name,
                                                           .country = c->country,
                                                           .currency = c->currency,
                                                           .zone = c->zone,
                                                           .language = c->language,
                                                           .tax_id = c->tax_id,
                                                           .person_email = c->email,
                                                           .event_hash = {zeros, sizeof zeros}}));
    cx->company_id = next.id;
    TRY(event_note(cx, "company.created", 0, c->code, S("{}")));
    TRY(find_make(cx)); /* there is nothing yet: from now on whoever writes a row writes its words */
    return add_strategies(cx);
}

/* ---- company add ---- */

/* Whoever is to administer it; the owner at the console can let others in later. */
static enum rc add_admin(struct ctx *cx, Str login) {
    struct user_anywhere_row user;
    bool found;
    TRY(user_anywhere(cx, &(struct user_anywhere_params){.login = login}, &user, &found));
    if (!found || !instant_is_none(user.erased_at))
        return fail_field(cx, NOT_FOUND, "admin", "aldia user add makes one", "there is no user %.*s", (int)(login.n < 80 ? login.n : 80),
                          login.p);
    return user_place(cx, user.id, &(struct member){.role = ROLE_ADMIN, .scope = SCOPE_ALL});
}

static enum rc company_add(struct ctx *cx, struct call *call) {
    struct company_new company;
    TRY(company_new_read(cx, call, &company));
    TRY(app_open_database(cx, call->app));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    TRY(company_new_create(cx, &company));
    if (arg_has(call, "admin")) TRY(add_admin(cx, arg_text(call, "admin")));
    TRY(tx_commit(cx));
    json_object(call->out);
    json_put_str(call->out, "code", company.code);
    json_put_str(call->out, "name", company.name);
    json_put_str(call->out, "country", company.country);
    json_put_str(call->out, "zone", company.zone);
    json_put_str(call->out, "currency", arg_text(call, "currency"));
    json_object_end(call->out);
    return OK;
}

const struct action company_add_action = {
    .verb = "company add",
    .summary = "Add another company to this installation",
    .details = "It has its own customers, strategies, users' roles and settings; from then on every command wants --company CODE. "
               "Nothing of it is sent before `aldia strategy activate`.",
    .needs = CAP_INSTALL,
    .tx = TX_NONE,
    .without_company = true, /* which one is asked for is not of those there are */
    .params = PARAMS(COMPANY_PARAMS, {"code", P_TEXT, REQUIRED, "short code for --company", NULL},
                     {"admin", P_TEXT, OPTIONAL, "login of a user who shall administer it", NULL}),
    .run = company_add,
};
