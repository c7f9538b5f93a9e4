/* What every page shows around its own matter: how much waits, whether messages go out, how fresh the data are. */
#include "action/desk.h"

static enum rc shell_run(struct ctx *cx, struct call *call) { return desk_put_state(cx, call->app, call->out); }

const struct action shell_action = {
    .verb = "shell",
    .path = "GET /shell",
    .summary = "How much waits, whether messages go out, how fresh the data are",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = NO_PARAMS,
    .run = shell_run,
};
