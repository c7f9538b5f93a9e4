/* `aldia init`: a new installation with one company (interfaces.md 3). */
#include <stdio.h>
#include <string.h>

#include "account/password.h"
#include "action/action.h"
#include "action/env.h"
#include "action/instance.h"
#include "base/file.h"
#include "company_sql.h"
#include "plan/book.h"
#include "store/migrate.h"
#include "strategy/strategy.h"
#include "timeline/timeline.h"
#include "user_sql.h"

#define DEFAULT_STRATEGY "recurrente-30"

static enum rc read_country(struct ctx *cx, struct call *call, Str *out) {
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

static enum rc read_zone(struct ctx *cx, struct call *call, Str country, Str *out) {
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

static enum rc add_admin(struct ctx *cx, const char *hash) {
    struct user_next_id_row next;
    TRY(user_next_id(cx, &next));
    TRY(user_insert(cx, &(struct user_insert_params){.id = next.id,
                                                     .login = S("admin"),
                                                     .password_hash = str_from(hash),
                                                     .password_at = cx->now}));
    return membership_put(cx, &(struct membership_put_params){
                                  .user_id = next.id, .role = S("admin"), .scope = S("all")});
}

static enum rc add_strategies(struct ctx *cx) {
    struct strategy_preset presets[64];
    size_t n = strategy_presets(presets, COUNT_OF(presets));
    for (size_t i = 0; i < n; i++) {
        struct strategy s;
        int64_t version;
        bool changed, is_default = str_is(str_from(presets[i].file), "strategies/" DEFAULT_STRATEGY ".yaml");
        TRY(strategy_store(cx, presets[i].source, presets[i].file, is_default, &s, &version, &changed));
    }
    return OK;
}

static enum rc create_company(struct ctx *cx, struct call *call, Str country, Str zone, Currency currency) {
    static const char zeros[EVENT_HASH_SIZE];
    Str code = arg_has(call, "code") ? arg_text(call, "code") : S("main");
    TRY(company_insert(cx, &(struct company_insert_params){
                               .id = 1,
                               .code = code,
                               .name = arg_text(call, "name"),
                               .country = country,
                               .currency = currency,
                               .zone = zone,
                               .language = arg_has(call, "language") ? arg_text(call, "language") : S("es"),
                               .tax_id = arg_text(call, "tax-id"),
                               .person_email = arg_text(call, "email"),
                               .event_hash = {zeros, sizeof zeros}}));
    cx->company_id = 1;
    TRY(event_note(cx, "company.created", 0, code, S("{}")));
    return add_strategies(cx);
}

static enum rc write_conf(struct ctx *cx, struct call *call) {
    const char *path = app_path(cx, call->app, "aldia.conf");
    if (file_exists(path)) return OK;
    AUTO(buf_done) struct buf b = buf_make((size_t)256 * 1024);
    settings_template(&b);
    return file_write(cx, path, buf_str(&b), 0600);
}

static enum rc make_folders(struct ctx *cx, struct app *app) {
    TRY(dir_make(cx, app->data_dir, 0700));
    TRY(dir_make(cx, app_path(cx, app, "files"), 0700));
    return dir_make(cx, app_path(cx, app, "backup"), 0700);
}

static enum rc open_empty(struct ctx *cx, struct app *app) {
    struct migrate_state state;
    int applied;
    TRY(db_open(cx, app->db_url, true, &app->db));
    TRY(migrate_check(cx, app->db, &state));
    if (state.present > 0) {
        AUTO(tx_end) struct ctx *scope = cx;
        struct company_first_row first;
        bool found;
        TRY(tx_begin(cx, app->db, TX_READ));
        TRY(company_first(cx, &first, &found));
        TRY(tx_commit(scope));
        if (found)
            return fail_field(cx, CONFLICT, "data", "give another --data directory, or use this one",
                              "there is an installation in %s already", app->data_dir);
    }
    return migrate_up(cx, app->db, &applied);
}

static enum rc init(struct ctx *cx, struct call *call) {
    struct app *app = call->app;
    Str country, zone;
    Currency currency;
    char password[PASSWORD_MADE], hash[PASSWORD_HASH];
    if (str_trim(arg_text(call, "name")).n == 0)
        return fail_field(cx, INVALID, "name", NULL, "the company needs a name");
    TRY(read_country(cx, call, &country));
    TRY(read_zone(cx, call, country, &zone));
    MUST(currency_parse(arg_text(call, "currency"), &currency));
    TRY(make_folders(cx, app));
    TRY(open_empty(cx, app));
    password_make(password);
    TRY(password_hash(cx, str_from(password), hash));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    TRY(create_company(cx, call, country, zone, currency));
    TRY(add_admin(cx, hash));
    TRY(instance_create(cx, app));
    TRY(tx_commit(scope));
    TRY(write_conf(cx, call));
    json_object(call->out);
    json_put_str(call->out, "company", arg_text(call, "name"));
    json_put_text(call->out, "data", app->data_dir);
    json_put_str(call->out, "country", country);
    json_put_str(call->out, "zone", zone);
    json_put_str(call->out, "currency", arg_text(call, "currency"));
    json_put_text(call->out, "strategy", DEFAULT_STRATEGY);
    json_put_text(call->out, "user", "admin");
    json_put_text(call->out, "password", password);
    json_object_end(call->out);
    return OK;
}

const struct action init_action = {
    .verb = "init",
    .summary = "Make a new installation with one company",
    .details = "Writes the data directory with an empty database, a commented aldia.conf and the default strategy "
               "recurrente-30. Nothing is ever sent before "
               "`aldia strategy activate`. The administrator's password is shown once.",
    .needs = CAP_INSTALL,
    .tx = TX_NONE,
    .without_company = true,
    .params = PARAMS({"name", P_TEXT, REQUIRED, "name of the company, as debtors know it", NULL},
                     {"country", P_TEXT, REQUIRED, "ISO 3166 code: CO, MX, AR …", NULL},
                     {"currency", P_CURRENCY, REQUIRED, "ISO 4217 code: COP, MXN, ARS …", NULL},
                     {"zone", P_TEXT, OPTIONAL, "IANA time zone; else the most populous of the country", NULL},
                     {"language", P_CHOICE, OPTIONAL, "language of its messages", "es|en|pt"},
                     {"code", P_TEXT, OPTIONAL, "short code for --company", NULL},
                     {"tax-id", P_TEXT, OPTIONAL, "tax id, shown in messages", NULL},
                     {"email", P_TEXT, OPTIONAL, "address debtors may write to", NULL}),
    .run = init,
};
