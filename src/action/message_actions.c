/* Messages: what was, is and will be sent, and what a person decides about it. */
#include "account/actor.h"
#include "action/action.h"
#include "action/app.h"
#include "action/desk.h"
#include "action/env.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/person.h"
#include "base/file.h"
#include "base/yaml.h"
#include "message/mime_read.h"
#include "message_sql.h"
#include "outbox/gate.h"
#include "outbox/judge.h"
#include "outbox/kept.h"

#define STATUSES "planned|approval|deferred|handing|sent|ambiguous|failed|refused|cancelled|settled"

/* ---- list ---- */

static void begin_message(struct json_writer *w, const struct app *app, const struct message_list_row *r) {
    json_object(w);
    json_put_i64(w, "id", r->id);
    json_put_str(w, "customer", r->customer_code);
    json_put_str(w, "contact", r->contact_name);
    json_put_str(w, "channel", r->channel);
    json_put_str(w, "to", r->address);
    json_put_str(w, "status", r->status);
    json_put_str(w, "reason", r->reason);
    json_put_str(w, "step", r->step);
    json_put_str(w, "tone", r->tone);
    json_put_str(w, "template", r->template);
    put_date(w, "date", r->planned_date);
    put_local(w, "not_before", app, r->not_before);
    json_put_str(w, "message_id", r->message_id);
    json_put_str(w, "currency", r->currency);
    put_sum(w, "total", r->total, r->currency);
    json_put_i64(w, "attempts", r->attempts);
    put_local(w, "handed_at", app, r->handed_at);
    put_local(w, "finished_at", app, r->finished_at);
    json_put_str(w, "reply", r->reply);
    json_key(w, "items");
    json_array(w);
}

static void put_item(struct json_writer *w, const struct message_list_row *r) {
    if (r->number.p == NULL) return;
    json_object(w);
    json_put_str(w, "number", r->number);
    json_put_i64(w, "instalment", r->position);
    json_put_str(w, "step", r->item_step);
    json_put_i64(w, "occurrence", r->occurrence);
    put_sum(w, "open", r->open_then, r->item_currency);
    json_object_end(w);
}

static void end_message(struct json_writer *w) {
    json_array_end(w);
    json_object_end(w);
}

static enum rc list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin(cx, call, &page));
    struct message_list_params p = {.status = arg_text(call, "status"),
                                    .after = page.after,
                                    .all_statuses = !arg_has(call, "status"),
                                    .all_customers = !arg_has(call, "customer")};
    if (!p.all_customers) TRY(look_up_customer(cx, call, "customer", &p.customer_id));
    int64_t id = 0;
    AUTO(message_list_close) struct message_list_cursor cursor;
    TRY(message_list_open(cx, &p, &cursor));
    items_begin(w);
    for (;;) {
        struct message_list_row r;
        bool more;
        TRY(message_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        if (r.id != id) {
            if (id) end_message(w);
            id = r.id;
            begin_message(w, call->app, &r);
        }
        put_item(w, &r);
    }
    if (id) end_message(w);
    page_end(w, &page);
    return OK;
}

const struct action message_list_action = {
    .verb = "message list",
    .path = "GET /messages",
    .summary = "List messages and what became of them",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS({"status", P_CHOICE, OPTIONAL, "only in this state", STATUSES},
                     {"customer", P_TEXT, OPTIONAL, "only this customer's", NULL},
                     PAGE_PARAMS),
    .run = list_run,
    .columns = "id customer to status reason step date currency total handed_at",
};

/* ---- show ---- */

static enum rc put_items(struct ctx *cx, struct json_writer *w, int64_t id) {
    json_key(w, "items");
    json_array(w);
    AUTO(message_items_close) struct message_items_cursor cursor;
    TRY(message_items_open(cx, &(struct message_items_params){.action_id = id}, &cursor));
    for (;;) {
        struct message_items_row r;
        bool more;
        TRY(message_items_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_str(w, "number", r.number);
        json_put_i64(w, "instalment", r.position);
        put_date(w, "due_date", r.due_date);
        json_put_str(w, "step", r.step);
        json_put_i64(w, "occurrence", r.occurrence);
        json_put_str(w, "skipped", r.skipped);
        put_currency(w, "currency", r.currency);
        put_money(w, "open", r.open_then, r.currency);
        json_put_bool(w, "done", r.live);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

/* The members of a flat JSON object, as texts; our own events hold nothing else. */
static void put_members(struct ctx *cx, struct json_writer *w, Str json) {
    const struct yaml_node *root;
    struct fault before = cx->fault;
    json_object(w);
    if (yaml_parse(cx, json, "data", &root) == OK && root->kind == YAML_MAPPING) {
        for (const struct yaml_node *n = root->child; n; n = n->next)
            if (n->kind == YAML_SCALAR) json_put_str(w, arena_cstr(cx->arena, n->key), n->scalar);
    }
    cx->fault = before;
    json_object_end(w);
}

static enum rc put_history(struct ctx *cx, struct json_writer *w, const struct app *app,
                           const struct message_get_row *a) {
    json_key(w, "history");
    json_array(w);
    Str subject = arena_printf(cx->arena, "%lld", (long long)a->id);
    AUTO(message_history_close) struct message_history_cursor cursor;
    TRY(message_history_open(cx, &(struct message_history_params){.customer_id = a->customer_id, .subject = subject},
                             &cursor));
    for (;;) {
        struct message_history_row r;
        bool more;
        TRY(message_history_next(cx, &cursor, &r, &more));
        if (!more) break;
        json_object(w);
        json_put_i64(w, "event", r.seq);
        put_local(w, "at", app, r.at);
        json_put_str(w, "kind", r.kind);
        TRY(put_actor(cx, w, r.actor));
        json_key(w, "data");
        put_members(cx, w, r.data);
        json_object_end(w);
    }
    json_array_end(w);
    return OK;
}

static void put_mail(struct ctx *cx, struct json_writer *w, Str mail) {
    json_key(w, "headers");
    json_array(w);
    Str rest = mail;
    for (struct mime_header h; mime_next_header(cx, &rest, &h);) {
        json_object(w);
        json_put_str(w, "name", h.name);
        json_put_str(w, "value", h.value);
        json_object_end(w);
    }
    json_array_end(w);
    json_put_str(w, "text", mime_plain_text(cx, mail));
    json_put_bool(w, "has_html", mime_html(cx, mail).n > 0);
}

static void put_message(struct ctx *cx, struct json_writer *w, const struct app *app, const struct message_get_row *a) {
    json_put_i64(w, "id", a->id);
    json_put_str(w, "kind", a->ladder);
    json_put_str(w, "customer", a->customer_code);
    json_put_str(w, "name", a->customer_name);
    json_put_str(w, "contact", a->contact_name);
    json_put_str(w, "channel", a->channel);
    json_put_str(w, "to", a->address);
    json_put_str(w, "status", a->status);
    json_put_str(w, "reason", a->reason);
    json_key(w, "reason_data");
    put_members(cx, w, a->reason_data);
    json_put_str(w, "step", a->step);
    json_put_str(w, "tone", a->tone);
    json_put_str(w, "template", a->template);
    json_put_str(w, "variant", a->variant);
    json_put_str(w, "language", a->language);
    put_date(w, "date", a->planned_date);
    put_local(w, "not_before", app, a->not_before);
    json_put_str(w, "message_id", a->message_id);
    json_put_str(w, "thread_id", a->thread_id);
    json_put_str(w, "currency", a->currency);
    put_sum(w, "total", a->total, a->currency);
    json_put_i64(w, "attempts", a->attempts);
    put_local(w, "handed_at", app, a->handed_at);
    put_local(w, "finished_at", app, a->finished_at);
    json_put_str(w, "reply", a->reply);
}

/* Of one that waits: the text as it would be made now. */
static enum rc put_preview(struct ctx *cx, struct call *call, int64_t customer_id) {
    struct plan_env env;
    struct message_text text;
    bool any;
    TRY(env_build(cx, call->app, &env));
    TRY(gate_preview(cx, &env, customer_id, &any, &text));
    json_put_bool(call->out, "preview", any);
    if (!any) return OK;
    json_put_str(call->out, "subject", text.subject);
    json_put_str(call->out, "text", text.text);
    json_put_bool(call->out, "has_html", text.html.n > 0);
    return OK;
}

/* The text that was handed over, or that would be; damaged evidence is told, not hidden. */
static enum rc put_text(struct ctx *cx, struct call *call, const struct message_get_row *a) {
    Str mail;
    bool waits = str_is(a->status, "planned") || str_is(a->status, "deferred") || str_is(a->status, "approval");
    if (a->body_hash.p == NULL)
        return waits && str_is(a->ladder, "message") ? put_preview(cx, call, a->customer_id) : OK;
    struct fault before = cx->fault;
    if (kept_load(cx, a->id, a->body_hash, &mail) == OK) {
        put_mail(cx, call->out, mail);
        return OK;
    }
    json_put_str(call->out, "damage", arena_str(cx->arena, str_from(cx->fault.message)));
    cx->fault = before;
    return OK;
}

static enum rc show_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct message_get_row a;
    bool found;
    int64_t id = arg_int(call, "id", 0);
    TRY(message_get(cx, &(struct message_get_params){.id = id}, &a, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "id", "aldia message list shows the numbers", "there is no message %lld",
                          (long long)id);
    Str mail;
    if (arg_flag(call, "raw")) {
        TRY(kept_load(cx, id, a.body_hash, &mail));
        if (!call->raw) return fail_field(cx, INVALID, "raw", NULL, "raw bytes cannot be shown here");
        call->raw_type = "message/rfc822";
        call->raw_name = arena_printf(cx->arena, "%lld.eml", (long long)id).p;
        call->raw(call->self, mail);
        return OK;
    }
    json_object(w);
    put_message(cx, w, call->app, &a);
    TRY(put_items(cx, w, id));
    TRY(put_text(cx, call, &a));
    TRY(put_history(cx, w, call->app, &a));
    json_object_end(w);
    return OK;
}

const struct action message_show_action = {
    .verb = "message show",
    .path = "GET /messages/{id}",
    .summary = "Show a message: its text, what it asks for, and everything that happened to it",
    .details =
        "The text is that of the bytes that were handed over, checked against the hash taken then; of a message that "
        "waits it is the text as it would be made now. --raw writes the bytes themselves.",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the message", NULL},
                     {"raw", P_FLAG, OPTIONAL, "the bytes as they were handed over", NULL}),
    .run = show_run,
    .exports = "message:{id}",
    .exports_when = "raw",
    .view = "message",
};

/* The mail as its reader's program shows it, for a frame of its own: the page's policy does not hold within it, the frame's does. */
static enum rc html_of(struct ctx *cx, struct call *call, const struct message_get_row *a, Str *out) {
    *out = S("");
    if (a->body_hash.p) {
        Str mail;
        TRY(kept_load(cx, a->id, a->body_hash, &mail));
        *out = mime_html(cx, mail);
        return OK;
    }
    struct plan_env env;
    struct message_text text;
    bool any, waits = str_is(a->status, "planned") || str_is(a->status, "deferred") || str_is(a->status, "approval");
    if (!waits || !str_is(a->ladder, "message")) return OK;
    int64_t customer = a->customer_id;
    TRY(env_build(cx, call->app, &env));
    TRY(gate_preview(cx, &env, customer, &any, &text));
    if (any) *out = text.html;
    return OK;
}

static enum rc html_run(struct ctx *cx, struct call *call) {
    struct message_get_row a;
    bool found;
    Str html = S("");
    TRY(message_get(cx, &(struct message_get_params){.id = arg_int(call, "id", 0)}, &a, &found));
    if (found) TRY(html_of(cx, call, &a, &html));
    if (!html.n)
        return fail_field(cx, NOT_FOUND, "id", "aldia message show has its text", "there is no message %lld with an HTML view",
                          (long long)arg_int(call, "id", 0));
    if (call->raw) {
        call->raw_type = "text/html; charset=utf-8";
        call->raw_name = "message.html";
        call->raw_inline = true;
        call->raw(call->self, html);
        return OK;
    }
    json_object(call->out);
    json_put_str(call->out, "html", html);
    json_object_end(call->out);
    return OK;
}

const struct action message_html_action = {
    .verb = "message html",
    .path = "GET /messages/{id}/html",
    .summary = "Show the HTML of a mail, as its reader sees it",
    .details = "Of the bytes that were handed over; of one that waits, as it would be made now. Browsers get it with a policy that lets nothing run.",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the message", NULL}),
    .run = html_run,
    .exports = EXPORTS_NOBODY, /* within its page */
};

/* ---- deciding ---- */

static enum rc put_result(struct json_writer *w, int64_t id, Str status, const char *reason) {
    json_object(w);
    json_put_i64(w, "id", id);
    json_put_str(w, "status", status);
    if (reason) json_put_text(w, "reason", reason);
    json_object_end(w);
    return OK;
}

/* Whoever may send words may not therefore suspend a service or write off a debt (REQ: B8, INV: I18). */
static enum rc check_may_decide(struct ctx *cx, int64_t id) {
    struct message_get_row a;
    bool found;
    TRY(message_get(cx, &(struct message_get_params){.id = id}, &a, &found));
    if (!found || !str_is(a.ladder, "state") || actor_may(cx->who, CAP_APPROVE)) return OK;
    return fail_field(cx, DENIED, "id", "ask somebody with the capability approve",
                      "a change of state needs somebody who may approve it");
}

static enum rc confirm_run(struct ctx *cx, struct call *call) {
    int64_t id = arg_int(call, "id", 0);
    Str status;
    TRY(check_may_decide(cx, id));
    TRY(judge_confirm(cx, id, app_today(cx, call->app), &status));
    return put_result(call->out, id, status, NULL);
}

const struct action message_confirm_action = {
    .verb = "message confirm",
    .path = "POST /messages/{id}/confirm",
    .summary = "Approve a message or a proposal that waits for it",
    .details = "A message goes out with the next run, checked like every other; a proposed change of state is done.",
    .needs = CAP_MESSAGE_SEND,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the message or proposal", NULL}),
    .run = confirm_run,
    .then = "/messages/{id}",
    .form = "message show",
};

static enum rc cancel_run(struct ctx *cx, struct call *call) {
    int64_t id = arg_int(call, "id", 0);
    Str status;
    TRY(check_may_decide(cx, id));
    TRY(judge_cancel(cx, id, arg_text(call, "reason"), &status));
    return put_result(call->out, id, status, "CANCELLED");
}

const struct action message_cancel_action = {
    .verb = "message cancel",
    .path = "POST /messages/{id}/cancel",
    .summary = "Cancel a message or proposal that has not left yet",
    .details = "Its steps count as done: they are not proposed again for the same documents.",
    .needs = CAP_MESSAGE_SEND,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the message or proposal", NULL},
                     {"reason", P_TEXT, OPTIONAL, "why", NULL}),
    .run = cancel_run,
    .then = "/messages/{id}",
    .form = "message show",
};

/* The journal is beside the database and outside its transaction: opened before, synced after the commit. */
static enum rc settle_not_sent(struct ctx *cx, struct call *call, int64_t id) {
    struct journal journal;
    const char *path = app_path(cx, call->app, "handoff.journal");
    if (!file_exists(path)) /* it was there when the message left; a new one would hide that */
        return fail_field(cx, DENIED, "id", "aldia instance confirm, if this is the live installation",
                          "the hand-off journal %s is gone", path);
    TRY(journal_open(cx, path, &journal));
    enum rc rc = tx_begin(cx, call->app->db, TX_WRITE);
    if (rc == OK) rc = judge_settle_not_sent(cx, id, &journal);
    if (rc == OK) rc = tx_commit(cx);
    if (rc == OK)
        rc = journal_sync(cx, &journal);
    else
        tx_rollback(cx);
    journal_close(&journal);
    return rc;
}

static enum rc settle_in_tx(struct ctx *cx, struct call *call, int64_t id, bool resend) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_WRITE));
    TRY(resend ? judge_settle_resend(cx, id) : judge_settle_sent(cx, id));
    return tx_commit(scope);
}

static enum rc settle_run(struct ctx *cx, struct call *call) {
    int64_t id = arg_int(call, "id", 0);
    Str as = arg_text(call, "as");
    if (str_is(as, "not-sent")) {
        TRY(settle_not_sent(cx, call, id));
        return put_result(call->out, id, S("failed"), "SETTLED_NOT_SENT");
    }
    bool resend = str_is(as, "resend");
    TRY(settle_in_tx(cx, call, id, resend));
    return put_result(call->out, id, resend ? S("planned") : S("settled"), resend ? "RESEND" : "SETTLED_SENT");
}

const struct action message_settle_action = {
    .verb = "message settle",
    .path = "POST /messages/{id}/settle",
    .summary = "Say what became of a message nobody knows about",
    .details = "sent: it arrived, and counts as sent. not-sent: it did not; its steps may be planned again, as a new "
               "message. resend: the next run hands the same bytes over again, if what they say still holds.",
    .needs = CAP_MESSAGE_SEND,
    .tx = TX_NONE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the message", NULL},
                     {"as", P_CHOICE, REQUIRED, "what became of it", "sent|not-sent|resend"}),
    .run = settle_run,
    .then = "/messages/{id}",
    .form = "message show",
};

/* ---- approvals and tasks ---- */

static enum rc approval_list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin(cx, call, &page));
    AUTO(approval_list_close) struct approval_list_cursor cursor;
    TRY(approval_list_open(cx, &(struct approval_list_params){.after = page.after}, &cursor));
    items_begin(w);
    for (;;) {
        struct approval_list_row r;
        bool more;
        TRY(approval_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        json_object(w);
        json_put_i64(w, "id", r.id);
        json_put_str(w, "kind", r.ladder);
        json_put_str(w, "customer", r.customer_code);
        json_put_str(w, "name", r.customer_name);
        json_put_str(w, "step", r.step);
        json_put_str(w, "proposes", r.template);
        json_put_str(w, "to", r.address);
        put_date(w, "date", r.planned_date);
        json_put_str(w, "currency", r.currency);
        put_sum(w, "total", r.total, r.currency);
        json_object_end(w);
    }
    page_end(w, &page);
    return OK;
}

const struct action approval_list_action = {
    .verb = "approval list",
    .path = "GET /approvals",
    .summary = "List the messages and proposals that wait for approval",
    .needs = CAP_MESSAGE_READ,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = approval_list_run,
    .view = "approval_list",
    .columns = "id kind customer name step proposes to date currency total",
};

static enum rc task_list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin(cx, call, &page));
    struct task_list_params p = {.after = page.after, .only_open = arg_flag(call, "open"), .all_customers = !arg_has(call, "customer")};
    if (!p.all_customers) TRY(look_up_customer(cx, call, "customer", &p.customer_id));
    AUTO(task_list_close) struct task_list_cursor cursor;
    TRY(task_list_open(cx, &p, &cursor));
    items_begin(w);
    for (;;) {
        struct task_list_row r;
        bool more;
        TRY(task_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        json_object(w);
        json_put_i64(w, "id", r.id);
        json_put_str(w, "customer", r.customer_code);
        json_put_str(w, "name", r.customer_name);
        json_put_str(w, "step", r.step);
        json_put_str(w, "kind", r.template);
        json_put_str(w, "status", r.status);
        json_put_str(w, "reason", r.reason);
        put_date(w, "date", r.planned_date);
        json_put_str(w, "currency", r.currency);
        put_sum(w, "total", r.total, r.currency);
        put_local(w, "finished_at", call->app, r.finished_at);
        json_object_end(w);
    }
    page_end(w, &page);
    return OK;
}

const struct action task_list_action = {
    .verb = "task list",
    .path = "GET /tasks",
    .summary = "List the tasks the strategies wrote",
    .needs = CAP_CUSTOMER_READ,
    .tx = TX_READ,
    .params = PARAMS({"open", P_FLAG, OPTIONAL, "only those that are open", NULL},
                     {"customer", P_TEXT, OPTIONAL, "only this customer's", NULL}, PAGE_PARAMS),
    .run = task_list_run,
    .columns = "id customer name step kind status date currency total",
};

static enum rc task_done_run(struct ctx *cx, struct call *call) {
    int64_t id = arg_int(call, "id", 0);
    TRY(judge_task_done(cx, id, arg_text(call, "note")));
    return put_result(call->out, id, S("done"), NULL);
}

const struct action task_done_action = {
    .verb = "task done",
    .path = "POST /tasks/{id}/done",
    .summary = "Close a task",
    .needs = CAP_CASE_WRITE,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the task", NULL},
                     {"note", P_TEXT, OPTIONAL, "what came of it", NULL}),
    .run = task_done_run,
    .then = "/today",
};
