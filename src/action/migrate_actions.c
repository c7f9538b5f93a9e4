/* `aldia migrate`: brings the database to the schema of this program (INV: I23). */
#include "account/seal.h"
#include "account/totp.h"
#include "action/action.h"
#include "action/app.h"
#include "base/log.h"
#include "store/migrate.h"

/* Second factors that earlier versions kept open are sealed; an installation without a key gets one. */
static enum rc seal_secrets(struct ctx *cx, struct app *app, int64_t *out_sealed) {
    TRY(seal_key_make(cx, app_secret_key_path(cx, app)));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    TRY(totp_seal_old(cx, out_sealed));
    return tx_commit(scope);
}

static enum rc migrate(struct ctx *cx, struct call *call) {
    struct app *app = call->app;
    struct migrate_state state;
    Str *names;
    size_t n;
    int applied = 0;
    int64_t sealed = 0;
    TRY(app_open_database(cx, app));
    TRY(migrate_check(cx, app->db, &state));
    if (state.present == 0)
        return fail_field(cx, NOT_FOUND, NULL, "run aldia init --name \"…\" --country CC --currency CUR",
                          "the database is empty");
    migrate_missing(cx, &state, &names, &n);
    if (n && !arg_flag(call, "dry-run")) TRY(migrate_up(cx, app->db, &applied));
    if (!arg_flag(call, "dry-run")) TRY(seal_secrets(cx, app, &sealed));
    if (applied) log_write(LOG_INFO, "migrated", "from=%d to=%d", state.present, state.wanted);
    json_object(call->out);
    json_put_i64(call->out, "from", state.present);
    json_put_i64(call->out, "to", applied ? state.wanted : state.present);
    json_put_i64(call->out, "applied", applied);
    json_put_i64(call->out, "sealed", sealed);
    json_key(call->out, "missing");
    json_array(call->out);
    for (size_t i = 0; i < n; i++) json_str(call->out, names[i]);
    json_array_end(call->out);
    json_object_end(call->out);
    return OK;
}

const struct action migrate_action = {
    .verb = "migrate",
    .summary = "Bring the database to the schema of this program",
    .details =
        "Applies the missing migrations, each in a transaction of its own: killed anywhere, the old schema or the "
        "new one is there. Make a backup first; there is no way back. A database newer than the program is refused. Second "
        "factors that earlier versions kept open are sealed with the key in secret.key, which is made when it is missing.",
    .needs = CAP_INSTALL,
    .tx = TX_NONE,
    .without_company = true,
    .params = PARAMS({"dry-run", P_FLAG, OPTIONAL, "only show what is missing", NULL}),
    .run = migrate,
};
