/* Who came in, and who did what. */
#include "access_sql.h"
#include "action/action.h"
#include "action/lookup.h"
#include "action/rows.h"
#include "user_sql.h"

#define FEW 100

static enum rc read_page(struct ctx *cx, struct call *call, int64_t *out_before, int64_t *out_limit) {
    *out_before = arg_int(call, "before", INT64_MAX);
    *out_limit = arg_int(call, "limit", FEW);
    if (*out_limit >= 1 && *out_before >= 1) return OK;
    return fail_field(cx, INVALID, "limit", "give numbers from 1", "limit and before must be positive");
}

static void end_page(struct json_writer *w, int64_t shown, int64_t limit, int64_t last) {
    char cursor[24];
    json_array_end(w);
    snprintf(cursor, sizeof cursor, "%lld", (long long)last);
    json_put_text(w, "next", shown > limit ? cursor : NULL);
    json_object_end(w);
}

static enum rc audit_list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct audit_list_params p = {.verb = arg_text(call, "verb"), .any_verb = !arg_has(call, "verb"), .any_user = !arg_has(call, "user")};
    int64_t limit, shown = 0, last = 0;
    TRY(read_page(cx, call, &p.before, &limit));
    if (!p.any_user) {
        struct user_by_login_row u;
        bool found;
        TRY(user_by_login(cx, &(struct user_by_login_params){.login = arg_text(call, "user")}, &u, &found));
        if (!found) return fail_field(cx, NOT_FOUND, "user", "aldia user list shows them", "there is no such user");
        p.user_id = u.id;
    }
    AUTO(audit_list_close) struct audit_list_cursor cursor = {0};
    TRY(audit_list_open(cx, &p, &cursor));
    items_begin(w);
    for (;;) {
        struct audit_list_row r;
        bool more;
        TRY(audit_list_next(cx, &cursor, &r, &more));
        if (!more || ++shown > limit) break;
        last = r.id;
        json_object(w);
        put_row(cx, w, &audit_list_def, &r, "id at actor name verb object outcome");
        json_object_end(w);
    }
    end_page(w, shown, limit, last);
    return OK;
}

const struct action audit_list_action = {
    .verb = "audit list",
    .path = "GET /audit",
    .view = "audit_list",
    .summary = "List who did what, the newest first",
    .details = "Every action that changes something, and those that were refused for want of permission.",
    .needs = CAP_AUDIT_READ,
    .tx = TX_READ,
    .params = PARAMS({"verb", P_TEXT, OPTIONAL, "only this action: \"customer hold\"", NULL},
                     {"user", P_TEXT, OPTIONAL, "only this person's, by login", NULL},
                     {"limit", P_INT, OPTIONAL, "at most so many (100)", NULL},
                     {"before", P_INT, OPTIONAL, "go on before this number", NULL}),
    .run = audit_list_run,
    .columns = "at actor name verb object outcome",
};

static enum rc access_list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct access_list_params p = {.what = arg_text(call, "what"),
                                   .any_what = !arg_has(call, "what"),
                                   .login = arg_text(call, "user"),
                                   .any_login = !arg_has(call, "user")};
    int64_t limit, shown = 0, last = 0;
    TRY(read_page(cx, call, &p.before, &limit));
    AUTO(access_list_close) struct access_list_cursor cursor = {0};
    TRY(access_list_open(cx, &p, &cursor));
    items_begin(w);
    for (;;) {
        struct access_list_row r;
        bool more;
        TRY(access_list_next(cx, &cursor, &r, &more));
        if (!more || ++shown > limit) break;
        last = r.id;
        json_object(w);
        put_row(cx, w, &access_list_def, &r, "id at what who address detail");
        json_object_end(w);
    }
    end_page(w, shown, limit, last);
    return OK;
}

const struct action access_list_action = {
    .verb = "access list",
    .path = "GET /access",
    .summary = "List who came in or tried to, the newest first",
    .details = "Sign-ins, refusals, second factors, use of keys, exports: who, when, from where.",
    .needs = CAP_AUDIT_READ,
    .tx = TX_READ,
    .params = PARAMS({"what", P_TEXT, OPTIONAL, "only these: sign_in, sign_in_refused, key_used …", NULL},
                     {"user", P_TEXT, OPTIONAL, "only this login's", NULL},
                     {"limit", P_INT, OPTIONAL, "at most so many (100)", NULL},
                     {"before", P_INT, OPTIONAL, "go on before this number", NULL}),
    .run = access_list_run,
    .columns = "at what who address detail",
};
