/* Companies of this installation: the console sees all, a person those they work for, a key its own (INV: I16); and going from
 * one to another. */
#include "account/access.h"
#include "account/session.h"
#include "action/account_settings.h"
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/rows.h"
#include "company_sql.h"
#include "health_sql.h"
#include "user_sql.h"

static enum rc may_enter(struct ctx *cx, int64_t company_id, bool *out) {
    struct membership_of_row member;
    *out = company_id == cx->who->company_id;
    if (*out || cx->who->kind != ACTOR_USER) return OK;
    return membership_of(cx, &(struct membership_of_params){.user_id = cx->who->user_id, .company_id = company_id}, &member, out);
}

static enum rc company_list(struct ctx *cx, struct call *call) {
    bool everything = cx->who->kind == ACTOR_CONSOLE || cx->who->kind == ACTOR_SYSTEM;
    struct page page;
    TRY(page_begin_named(cx, call, false, &page));
    TRY(app_open_database(cx, call->app));
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_READ));
    items_begin(call->out);
    TRY(put_page(cx, call->out, &companies_of_def,
                 &(struct companies_of_params){.after = page.rest,
                                               .everything = everything,
                                               .user_id = cx->who->kind == ACTOR_USER ? cx->who->user_id : 0,
                                               .here_id = cx->who->company_id},
                 "code name country currency zone language sending last_run=last_run_at here", &page, "code"));
    page_end(call->out, &page);
    return OK;
}

const struct action company_list_action = {
    .verb = "company list",
    .path = "GET /companies",
    .summary = "List the companies one works for",
    .details = "At the console all of this installation; where there are several, other commands want --company CODE.",
    .needs = CAP_REPORT_READ,
    .tx = TX_NONE,
    .without_company = true, /* it is asked before one is chosen */
    .params = PARAMS(PAGE_PARAMS_NAMED),
    .run = company_list,
    .view = "company_list",
    .columns = "code name country currency zone language sending last_run",
};

/* ---- from one to another ---- */

static enum rc enter(struct ctx *cx, struct call *call, const struct company_by_code_row *company) {
    const struct actor *me = cx->who;
    struct session_rules rules = app_session_rules(call->app);
    int64_t here = cx->company_id;
    TRY(session_begin(cx, &rules,
                      &(struct session_start){.user_id = me->user_id,
                                              .company_id = company->id,
                                              .stage = SESSION_OPEN,
                                              .address = str_from(me->address),
                                              .replaces = me->session_id},
                      call->new_session));
    cx->company_id = company->id; /* it is that company's to know who came in */
    enum rc rc = access_note_actor(cx, "company_entered", S(""));
    cx->company_id = here;
    return rc;
}

static enum rc company_enter(struct ctx *cx, struct call *call) {
    struct company_by_code_row company;
    bool found, mine = false;
    Str code = arg_text(call, "code");
    if (cx->who->kind != ACTOR_USER) return fail(cx, DENIED, "only a person who is signed in goes from one company to another");
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, call->app->db, TX_WRITE));
    TRY(company_by_code(cx, &(struct company_by_code_params){.code = code}, &company, &found));
    if (found) TRY(may_enter(cx, company.id, &mine));
    if (!mine)
        return fail_field(cx, NOT_FOUND, "code", "GET /companies lists them", "you work for no company %.*s",
                          (int)(code.n < 80 ? code.n : 80), code.p);
    TRY(enter(cx, call, &company));
    TRY(tx_commit(cx));
    json_object(call->out);
    json_put_str(call->out, "company", code);
    json_object_end(call->out);
    return OK;
}

const struct action company_enter_action = {
    .verb = "company enter",
    .path = "POST /companies/{code}/enter",
    .summary = "Go on in another company one works for",
    .details = "Begins a new session there and ends the present one.",
    .needs = CAP_SELF,
    .tx = TX_NONE,
    .without_company = true, /* the audit of neither company tells of the other */
    .params = PARAMS({"code", P_TEXT, REQUIRED | POSITIONAL, "code of the company", NULL}),
    .run = company_enter,
    .then = "/today",
    .form = "company list",
};
