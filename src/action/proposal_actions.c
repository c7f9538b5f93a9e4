/* What waits for a second person: listed, approved, rejected, taken back (INV: I18). */
#include "action/action.h"
#include "action/app.h"
#include "action/arguments.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/proposal_effect.h"
#include "base/json_tree.h"
#include "proposal_sql.h"
#include "timeline/timeline.h"

/* ---- list ---- */

/* The arguments as they were given, each by its name; and what they would change while that is still to be decided. */
static enum rc put_arguments(struct ctx *cx, struct json_writer *w, const struct proposal_list_row *r) {
    const struct value *root;
    TRY(json_parse(cx, r->arguments, &root));
    json_key(w, "arguments");
    json_object(w);
    for (const struct value *list = root->child; list; list = list->next) {
        json_key(w, arena_cstr(cx->arena, list->key));
        json_array(w);
        for (const struct value *one = list->child; one; one = one->next) json_str(w, one->text);
        json_array_end(w);
    }
    json_object_end(w);
    for (const struct value *list = root->child; list; list = list->next)
        if (str_is(list->key, "reason") && list->child) json_put_str(w, "reason", list->child->text);
    return str_is(r->status, "open") ? proposal_put_effect(cx, w, r->verb, r->object, root) : OK;
}

static Str underscored(struct arena *arena, Str verb) {
    char *copy = arena_cstr(arena, verb);
    for (char *c = copy; *c; c++)
        if (*c == ' ' || *c == '-') *c = '_';
    return str_from(copy);
}

static enum rc put_proposal(struct ctx *cx, struct json_writer *w, const struct proposal_list_row *r) {
    bool is_open = str_is(r->status, "open"), mine = actor_is_person(cx->who, (enum actor_kind)r->actor_kind, r->user_id);
    const struct action *action = action_find(r->verb);
    json_object(w);
    json_put_i64(w, "id", r->id);
    json_put_str(w, "verb", r->verb);
    json_put_str(w, "what", underscored(cx->arena, r->verb));
    json_put_str(w, "object", r->object);
    json_put_str(w, "customer", r->customer_code);
    json_put_str(w, "name", r->customer_name);
    json_put_str(w, "status", r->status);
    json_put_str(w, "actor", r->actor);
    json_put_str(w, "login", r->login);
    put_instant(w, "created_at", r->created_at);
    json_put_str(w, "decided_by", r->decided_by);
    json_put_str(w, "decided_login", r->decided_login);
    put_instant(w, "decided_at", r->decided_at);
    json_put_str(w, "note", r->note);
    json_put_bool(w, "mine", is_open && mine);
    json_put_bool(w, "may_approve", is_open && !mine && actor_may(cx->who, CAP_APPROVE) && action && actor_may(cx->who, action->needs));
    json_put_bool(w, "may_reject", is_open && actor_may(cx->who, CAP_APPROVE));
    TRY(put_arguments(cx, w, r));
    json_object_end(w);
    return OK;
}

/* Read whole first: what they would change asks other queries. */
static enum rc proposal_list_run(struct ctx *cx, struct call *call) {
    VEC_OF(struct proposal_list_row) rows = {0};
    struct page page;
    TRY(page_begin_named(cx, call, true, &page));
    struct proposal_list_params p = {.all_statuses = arg_flag(call, "all"), .after_rank = page.rest.n ? page.after : -1};
    if (page.rest.n && !str_to_i64(page.rest, &p.before))
        return fail_field(cx, INVALID, "after", "give the \"next\" of the page before", "after is no cursor");
    {
        AUTO(proposal_list_close) struct proposal_list_cursor cursor = {0};
        TRY(proposal_list_open(cx, &p, &cursor));
        for (;;) {
            struct proposal_list_row r;
            bool more;
            TRY(proposal_list_next(cx, &cursor, &r, &more));
            Str rank = str_is(r.status, "open") ? S("0") : S("1");
            if (!more || !page_takes_named(&page, rank, arena_printf(cx->arena, "%lld", (long long)r.id))) break;
            Str *texts[] = {&r.verb, &r.object, &r.arguments, &r.customer_code, &r.customer_name, &r.status,
                            &r.actor, &r.login, &r.decided_by, &r.decided_login, &r.note};
            for (size_t i = 0; i < COUNT_OF(texts); i++) *texts[i] = arena_str(cx->arena, *texts[i]);
            *VEC_PUSH(cx->arena, &rows) = r;
        }
    }
    items_begin(call->out);
    for (size_t i = 0; i < rows.count; i++) TRY(put_proposal(cx, call->out, &rows.items[i]));
    page_end(call->out, &page);
    return OK;
}

const struct action proposal_list_action = {
    .verb = "proposal list",
    .path = "GET /proposals",
    .summary = "List what waits for a second person",
    .details = "Write-offs, refunds and changes of bank data that one person has asked for.",
    .needs = CAP_MONEY_READ,
    .tx = TX_READ,
    .params = PARAMS({"all", P_FLAG, OPTIONAL, "those that are decided too", NULL}, PAGE_PARAMS_NAMED),
    .run = proposal_list_run,
    .view = "proposal_list",
    .columns = "id verb object customer status login actor created_at",
};

/* ---- deciding ---- */

static enum rc find_open(struct ctx *cx, struct call *call, struct proposal_get_row *out) {
    int64_t id = arg_int(call, "id", 0);
    bool found;
    TRY(proposal_get(cx, &(struct proposal_get_params){.id = id}, out, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "id", "aldia proposal list shows them", "there is no proposal %lld", (long long)id);
    if (!str_is(out->status, "open"))
        return fail_field(cx, CONFLICT, "id", NULL,
                          str_is(out->status, "approved")   ? "proposal %lld is approved already"
                          : str_is(out->status, "rejected") ? "proposal %lld is rejected already"
                                                            : "proposal %lld is withdrawn already",
                          (long long)id);
    return OK;
}

static enum rc decide(struct ctx *cx, const struct proposal_get_row *p, const char *status, const char *kind, Str note) {
    Str data = arena_printf(cx->arena, "{\"proposal\":%lld,\"verb\":\"%.*s\",\"proposed_by\":\"%.*s\"}", (long long)p->id,
                            STR_ARG(p->verb), STR_ARG(p->actor));
    TRY(proposal_decide(cx, &(struct proposal_decide_params){
                                .id = p->id, .status = str_from(status), .decided_by = str_from(cx->actor), .note = note}));
    return event_note(cx, kind, p->has_customer_id ? p->customer_id : 0, p->object, data);
}

static enum rc approve_run(struct ctx *cx, struct call *call) {
    struct proposal_get_row p;
    TRY(find_open(cx, call, &p));
    if (actor_is_person(cx->who, (enum actor_kind)p.actor_kind, p.user_id))
        return fail_field(cx, DENIED, "id", "ask somebody else who may approve", "nobody approves what they proposed themselves");
    const struct action *action = action_find(p.verb);
    if (!action || !action->second_person)
        return fail(cx, INTERNAL, "proposal %lld is of an action this program does not know", (long long)p.id);
    if (!actor_may(cx->who, action->needs))
        return fail_field(cx, DENIED, "id", "ask somebody who may do it", "you may not do this yourself: %s", action->verb);
    struct call inner = *call;
    inner.action = action;
    for (size_t i = 0; i < MAX_PARAMS; i++) inner.counts[i] = 0;
    TRY(arguments_read(cx, &inner, p.arguments));
    TRY(decide(cx, &p, "approved", "proposal.approved", S("")));
    return action->run(cx, &inner);
}

const struct action proposal_approve_action = {
    .verb = "proposal approve",
    .path = "POST /proposals/{id}/approve",
    .summary = "Approve as the second person, and do it",
    .details = "It is done as it was asked for, if it is still possible. Nobody approves what they proposed themselves; the "
               "console is one person.",
    .needs = CAP_APPROVE,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the proposal", NULL}),
    .run = approve_run,
    .then = "/proposals",
    .form = "proposal list",
};

static enum rc put_decided(struct json_writer *w, const struct proposal_get_row *p, const char *status) {
    json_object(w);
    json_put_i64(w, "proposal", p->id);
    json_put_str(w, "verb", p->verb);
    json_put_str(w, "object", p->object);
    json_put_text(w, "status", status);
    json_object_end(w);
    return OK;
}

static enum rc reject_run(struct ctx *cx, struct call *call) {
    struct proposal_get_row p;
    TRY(find_open(cx, call, &p));
    TRY(decide(cx, &p, "rejected", "proposal.rejected", arg_text(call, "reason")));
    return put_decided(call->out, &p, "rejected");
}

const struct action proposal_reject_action = {
    .verb = "proposal reject",
    .path = "POST /proposals/{id}/reject",
    .summary = "Refuse what another person proposed",
    .needs = CAP_APPROVE,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the proposal", NULL},
                     {"reason", P_TEXT, REQUIRED, "why", NULL}),
    .run = reject_run,
    .then = "/proposals",
    .form = "proposal list",
};

static enum rc withdraw_run(struct ctx *cx, struct call *call) {
    struct proposal_get_row p;
    TRY(find_open(cx, call, &p));
    if (!actor_is_person(cx->who, (enum actor_kind)p.actor_kind, p.user_id))
        return fail_field(cx, DENIED, "id", "who may approve can reject it", "only who proposed it can take it back");
    TRY(decide(cx, &p, "withdrawn", "proposal.withdrawn", S("")));
    return put_decided(call->out, &p, "withdrawn");
}

const struct action proposal_withdraw_action = {
    .verb = "proposal withdraw",
    .path = "POST /proposals/{id}/withdraw",
    .summary = "Take back what one proposed oneself",
    .needs = CAP_MONEY_READ,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the proposal", NULL}),
    .run = withdraw_run,
    .then = "/proposals",
    .form = "proposal list",
};
