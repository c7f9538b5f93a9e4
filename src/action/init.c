/* `aldia init`: a new installation with one company (interfaces.md 3). */
#include <stdio.h>
#include <string.h>

#include "account/password.h"
#include "account/seal.h"
#include "action/action.h"
#include "action/company_new.h"
#include "action/env.h"
#include "action/instance.h"
#include "base/file.h"
#include "company_sql.h"
#include "store/migrate.h"
#include "user_sql.h"

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

static enum rc write_conf(struct ctx *cx, struct call *call) {
    const char *path = app_path(cx, call->app, "aldia.conf");
    if (file_exists(path)) return OK;
    AUTO(buf_done) struct buf b = buf_make((size_t)256 * 1024);
    settings_template(cx, &b);
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
    struct company_new company;
    char password[PASSWORD_MADE], hash[PASSWORD_HASH];
    TRY(company_new_read(cx, call, &company));
    TRY(make_folders(cx, app));
    TRY(seal_key_make(cx, app_secret_key_path(cx, app)));
    TRY(open_empty(cx, app));
    password_make(password);
    TRY(password_hash(cx, str_from(password), hash));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    TRY(company_new_create(cx, &company));
    TRY(add_admin(cx, hash));
    TRY(instance_create(cx, app));
    TRY(tx_commit(scope));
    TRY(write_conf(cx, call));
    json_object(call->out);
    json_put_str(call->out, "company", arg_text(call, "name"));
    json_put_text(call->out, "data", app->data_dir);
    json_put_str(call->out, "country", company.country);
    json_put_str(call->out, "zone", company.zone);
    json_put_str(call->out, "currency", arg_text(call, "currency"));
    json_put_text(call->out, "strategy", COMPANY_STRATEGY);
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
    .params = PARAMS(COMPANY_PARAMS, {"code", P_TEXT, OPTIONAL, "short code for --company", NULL}),
    .run = init,
};
