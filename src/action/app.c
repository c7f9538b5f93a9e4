/* Opening an installation. */
#include "action/app.h"

#include <stdlib.h>
#include <string.h>

#include "account/seal.h"
#include "action/tally.h"
#include "action/template_store.h"
#include "base/file.h"
#include "channel/smtp.h"
#include "company_sql.h"
#include "plan/book.h"
#include "store/migrate.h"
#include "template_sql.h"

const struct setting smtp_host_setting = {
    .name = "smtp_host",
    .type = SETTING_TEXT,
    .fallback = "",
    .group = "E-mail",
    .help = "Mail server. Empty: messages are composed and kept in the outbox, nothing leaves"};
const struct setting secret_key_file_setting = {
    .name = "secret_key_file",
    .type = SETTING_PATH,
    .fallback = "",
    .group = "Accounts",
    .help = "File with the key that seals second factors; empty: secret.key in the data directory. Backups do not hold it"};

static const char *default_data_dir(struct ctx *cx) {
    const char *own = getenv("ALDIA_DATA");
    if (own && *own) return own;
    const char *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (xdg && *xdg) return arena_cstr(cx->arena, arena_printf(cx->arena, "%s/aldia", xdg));
    return arena_cstr(cx->arena, arena_printf(cx->arena, "%s/.local/share/aldia", home && *home ? home : "."));
}

const char *app_path(struct ctx *cx, const struct app *app, const char *name) {
    return arena_cstr(cx->arena, arena_printf(cx->arena, "%s/%s", app->data_dir, name));
}

enum rc app_prepare(struct ctx *cx, const struct app_options *o, struct app *out) {
    struct app app = {.company_code = o->company_code, .clock = {.file = o->clock_file}, .arena = cx->arena};
    app.data_dir = o->data_dir ? o->data_dir : default_data_dir(cx);
    app.db_url =
        o->db_url ? o->db_url : arena_cstr(cx->arena, arena_printf(cx->arena, "sqlite:%s/aldia.db", app.data_dir));
    app.data_is_given = o->data_dir != NULL;
    app.db_is_given = o->db_url != NULL;
    TRY(settings_load(cx, app_path(cx, &app, "aldia.conf"), &app.settings));
    const char *host = setting_cstr(&app.settings, &smtp_host_setting);
    if (o->clock_file && host && !smtp_is_loopback(host))
        return fail_field(
            cx, DENIED, "clock-file",
            "a clock of your own is for rehearsals and tests: set smtp_host to 127.0.0.1 or leave it empty",
            "the clock file is refused because smtp_host %s is not a loopback address", host);
    TRY(seal_key_load(cx, app_secret_key_path(cx, &app)));
    *out = app;
    return OK;
}

const char *app_secret_key_path(struct ctx *cx, const struct app *app) {
    const char *own = setting_cstr(&app->settings, &secret_key_file_setting);
    return own ? own : app_path(cx, app, "secret.key");
}

static enum rc find_company(struct ctx *cx, const struct app *app, int64_t *out_id) {
    bool found;
    if (cx->company_id) {
        *out_id = cx->company_id;
        return OK;
    }
    if (app->company_code) {
        struct company_by_code_row row;
        TRY(company_by_code(cx, &(struct company_by_code_params){.code = str_from(app->company_code)}, &row, &found));
        if (!found) return fail_field(cx, NOT_FOUND, "company", NULL, "there is no company %s", app->company_code);
        *out_id = row.id;
        return OK;
    }
    struct company_first_row row;
    TRY(company_first(cx, &row, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, NULL, "run aldia init --name \"…\" --country CC --currency CUR",
                          "the database has no company yet");
    if (row.companies > 1 && app->of_installation) {
        *out_id = 0;
        return OK;
    }
    if (row.companies > 1)
        return fail_field(cx, INVALID, "company", "say which with --company CODE", "the database holds %lld companies",
                          (long long)row.companies);
    *out_id = row.id;
    return OK;
}

enum rc app_company(struct ctx *cx, struct app *app) {
    TRY(find_company(cx, app, &cx->company_id));
    if (!cx->company_id) {
        app->company = (struct company){.code = S(""), .name = S(""), .country = S(""), .language = S("es"), .zone = zone_utc()};
        return OK;
    }
    struct company_get_row c;
    TRY(company_get(cx, &c));
    struct arena *keep = app->arena;
    app->company = (struct company){.id = cx->company_id,
                                    .code = arena_str(keep, c.code),
                                    .name = arena_str(keep, c.name),
                                    .country = arena_str(keep, c.country),
                                    .zone_name = arena_str(keep, c.zone),
                                    .language = arena_str(keep, c.language),
                                    .currency = c.currency,
                                    .run_minute = (int32_t)c.run_minute};
    return zone_find(cx, c.zone, &app->company.zone);
}

enum rc app_open_database(struct ctx *cx, struct app *app) {
    if (app->db) return OK;
    enum rc rc = db_open(cx, app->db_url, false, &app->db);
    if (rc == NOT_FOUND)
        return fail_field(cx, NOT_FOUND, NULL, "run aldia init --name \"…\" --country CC --currency CUR first",
                          "there is no aldia installation in %s", app->data_dir);
    return rc;
}

enum rc app_open(struct ctx *cx, struct app *app) {
    struct migrate_state state;
    TRY(app_open_database(cx, app));
    TRY(migrate_check(cx, app->db, &state));
    if (state.present == 0)
        return fail_field(cx, NOT_FOUND, NULL, "run aldia init --name \"…\" --country CC --currency CUR first",
                          "the database is empty");
    if (state.present < state.wanted)
        return fail_field(cx, CONFLICT, NULL, "make a backup, then run aldia migrate",
                          "the database has schema %d, this program needs %d", state.present, state.wanted);
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(app_company(cx, app));
    return tx_commit(scope);
}

void app_close(struct app *app) {
    strategy_memo_free(app->strategies);
    app->strategies = NULL;
    db_close(app->db);
}

void app_remember(struct app *app, struct tally_board *board) {
    app->strategies = strategy_memo_new();
    app->tally = board ? tally_new(app->arena, board) : NULL;
}

enum rc app_rules(struct ctx *cx, struct app *app, const struct rule_pack **out_rules) {
    if (!app->rules) {
        struct ctx own = *cx;
        own.arena = app->arena; /* kept as long as the app */
        const char *folder = app_path(&own, app, "rules");
        enum rc rc = rule_pack_load(&own, file_exists(folder) ? folder : NULL, &app->rules);
        cx->fault = own.fault;
        TRY(rc);
    }
    *out_rules = app->rules;
    return OK;
}

static enum rc read_library(struct ctx *cx, struct app *app) {
    struct message_override_latest_row now;
    TRY(message_override_latest(cx, &now));
    if (app->library && app->library_of == now.latest) return OK;
    struct ctx own = *cx; /* what is read outlives the request */
    own.arena = app->arena;
    const char *folder = app_path(&own, app, "messages");
    const struct library_text *texts;
    size_t count;
    enum rc rc = template_texts(&own, &texts, &count);
    if (rc == OK) rc = message_library_load(&own, file_exists(folder) ? folder : NULL, texts, count, &app->library);
    cx->fault = own.fault;
    TRY(rc);
    app->library_of = now.latest;
    return OK;
}

enum rc app_library(struct ctx *cx, struct app *app, const struct message_library **out_library) {
    if (cx->tx) {
        TRY(read_library(cx, app));
    } else {
        AUTO(tx_end) struct ctx *scope = cx;
        TRY(tx_begin(cx, app->db, TX_READ));
        TRY(read_library(cx, app));
        TRY(tx_commit(scope));
    }
    *out_library = app->library;
    return OK;
}

Date app_today(const struct ctx *cx, const struct app *app) { return zone_date(app->company.zone, cx->now); }
