/* `aldia migrate`: brings the database to the schema of this program (INV: I23). */
#include "action/action.h"
#include "action/app.h"
#include "base/log.h"
#include "store/migrate.h"

static enum rc migrate(struct ctx *cx, struct call *call) {
    struct app *app = call->app;
    struct migrate_state state;
    Str *names;
    size_t n;
    int applied = 0;
    TRY(app_open_database(cx, app));
    TRY(migrate_check(cx, app->db, &state));
    if (state.present == 0)
        return fail_field(cx, NOT_FOUND, NULL, "run aldia init --name \"…\" --country CC --currency CUR",
                          "the database is empty");
    migrate_missing(cx, &state, &names, &n);
    if (n && !arg_flag(call, "dry-run")) TRY(migrate_up(cx, app->db, &applied));
    if (applied) log_write(LOG_INFO, "migrated", "from=%d to=%d", state.present, state.wanted);
    json_object(call->out);
    json_put_i64(call->out, "from", state.present);
    json_put_i64(call->out, "to", applied ? state.wanted : state.present);
    json_put_i64(call->out, "applied", applied);
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
        "new one is there. Make a backup first; there is no way back. A database newer than the program is refused.",
    .needs = CAP_INSTALL,
    .tx = TX_NONE,
    .without_company = true,
    .params = PARAMS({"dry-run", P_FLAG, OPTIONAL, "only show what is missing", NULL}),
    .run = migrate,
};
