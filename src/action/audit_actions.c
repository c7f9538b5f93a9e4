/* Who came in, and who did what. */
#include "access_sql.h"
#include "action/action.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/person.h"
#include "action/rows.h"
#include "base/phrase.h"
#include "user_sql.h"

static enum rc audit_list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct audit_list_params p = {.verb = arg_text(call, "verb"), .any_verb = !arg_has(call, "verb"), .any_user = !arg_has(call, "user")};
    struct page page;
    TRY(page_begin_falling(cx, call, &page));
    p.before = page.after;
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
        if (!more || !page_takes(&page, r.id)) break;
        json_object(w);
        const struct action *deed = action_find(r.verb);
        put_row(cx, w, &audit_list_def, &r, "id at name verb object outcome");
        TRY(put_actor(cx, w, r.actor));
        json_put_str(w, "what", deed ? str_from(phrase(cx, deed->summary)) : r.verb);
        json_object_end(w);
    }
    page_end(w, &page);
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
                     PAGE_PARAMS),
    .run = audit_list_run,
    .columns = "at actor name verb what object outcome",
};

static enum rc access_list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct access_list_params p = {.what = arg_text(call, "what"),
                                   .any_what = !arg_has(call, "what"),
                                   .login = arg_text(call, "user"),
                                   .any_login = !arg_has(call, "user")};
    struct page page;
    TRY(page_begin_falling(cx, call, &page));
    p.before = page.after;
    AUTO(access_list_close) struct access_list_cursor cursor = {0};
    TRY(access_list_open(cx, &p, &cursor));
    items_begin(w);
    for (;;) {
        struct access_list_row r;
        bool more;
        TRY(access_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        json_object(w);
        put_row(cx, w, &access_list_def, &r, "id at what who address detail");
        json_object_end(w);
    }
    page_end(w, &page);
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
                     PAGE_PARAMS),
    .run = access_list_run,
    .columns = "at what who address detail",
};
