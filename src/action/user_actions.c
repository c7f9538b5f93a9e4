/* People: who may work here, what they are and what they may see. */
#include "action/action.h"
#include "action/lookup.h"
#include "user_sql.h"

static enum rc user_list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    AUTO(user_list_close) struct user_list_cursor cursor;
    TRY(user_list_open(cx, &cursor));
    items_begin(w);
    for (;;) {
        struct user_list_row r;
        bool more;
        TRY(user_list_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_str(w, "login", r.login);
        json_put_str(w, "name", r.name);
        json_put_str(w, "email", r.email);
        json_put_str(w, "role", r.role);
        json_put_str(w, "scope", r.scope);
        json_put_str(w, "team", r.team);
        json_put_str(w, "code", r.code);
        json_put_bool(w, "two_factor", r.has_code);
        put_instant(w, "created_at", r.created_at);
        put_instant(w, "last_seen_at", r.last_at);
        json_put_bool(w, "disabled", !instant_is_none(r.disabled_at));
        json_object_end(w);
    }
    items_end(w);
    return OK;
}

const struct action user_list_action = {
    .verb = "user list",
    .path = "GET /users",
    .summary = "List who may work here",
    .needs = CAP_USER_ADMIN,
    .tx = TX_READ,
    .params = NO_PARAMS,
    .run = user_list_run,
    .columns = "login name role scope team code two_factor disabled",
};
