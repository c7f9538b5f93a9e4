/* Webhooks as people handle them: made, looked at, changed, switched off and on, given another secret, removed. */
#include "action/action.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "action/webhook_body.h"
#include "account/key.h"
#include "hook/hook_kind.h"
#include "hook/hook_wire.h"

#define NAME_MOST 80
#define SHOWN 20
#define KEEP_HOURS 24
#define KEEP_HOURS_MOST 720

static enum rc check_name(struct ctx *cx, Str name) {
    if (name.n && name.n <= NAME_MOST) return OK;
    return fail_field(cx, INVALID, "name", "say which program it is", "the webhook needs a name of at most %d bytes", NAME_MOST);
}

static enum rc read_kinds(struct ctx *cx, const struct call *call, Str *out_list) {
    Str *words = ARENA_ARRAY(cx->arena, Str, arg_count(call, "kind") + 1);
    for (size_t i = 0; i < arg_count(call, "kind"); i++) words[i] = arg_nth(call, "kind", i);
    return hook_kinds_parse(cx, words, arg_count(call, "kind"), out_list);
}

static enum rc check_url(struct ctx *cx, struct call *call, Str url) {
    struct hook_rules rules;
    TRY(webhook_rules(cx, call->app, &rules));
    return hook_url_check(cx, &rules, arena_cstr(cx->arena, url));
}

/* One word for what people want to know first. */
static const char *state_of(const struct webhook_get_row *h) {
    if (str_is(h->state, "off")) return "off";
    return instant_is_none(h->failing_since) ? "on" : "failing";
}

static void put_kinds(struct json_writer *w, Str list) {
    json_key(w, "kinds");
    json_array(w);
    for (Str rest = list; rest.p;) json_str(w, str_cut(&rest, ' '));
    json_array_end(w);
}

/* Without the braces; never a secret. */
static enum rc put_members(struct ctx *cx, struct json_writer *w, const struct webhook_get_row *h) {
    struct webhook_sums_row sums;
    TRY(webhook_sums(cx, &(struct webhook_sums_params){.webhook_id = h->id}, &sums));
    json_put_i64(w, "id", h->id);
    json_put_str(w, "name", h->name);
    json_put_str(w, "url", h->url);
    put_kinds(w, h->kinds);
    json_put_text(w, "state", state_of(h));
    json_put_str(w, "off_why", h->off_why.n ? h->off_why : (Str){NULL, 0});
    put_instant(w, "off_at", h->off_at);
    put_instant(w, "failing_since", h->failing_since);
    json_put_str(w, "last_error", h->last_error);
    put_instant(w, "delivered_at", h->delivered_at);
    json_put_i64(w, "waiting", sums.waiting);
    json_put_i64(w, "failed", sums.failed);
    put_instant(w, "old_secret_until", h->old_secret.p ? h->old_until : INSTANT_NONE);
    json_put_str(w, "made_by", h->maker_login);
    put_instant(w, "created_at", h->created_at);
    return OK;
}

/* Shown once, and in no log. */
static void put_secret(struct json_writer *w, int64_t id, Str name, Str url, const char *secret, Instant old_until) {
    json_object(w);
    json_put_i64(w, "id", id);
    json_put_str(w, "name", name);
    json_put_str(w, "url", url);
    json_put_text(w, "secret", secret);
    put_instant(w, "old_secret_until", old_until);
    json_object_end(w);
}

static enum rc add_run(struct ctx *cx, struct call *call) {
    char secret[HOOK_SECRET_TEXT];
    struct webhook_next_id_row next;
    struct webhook_head_row head;
    Str name = str_trim(arg_text(call, "name")), url = str_trim(arg_text(call, "url")), kinds;
    TRY(check_name(cx, name));
    TRY(check_url(cx, call, url));
    TRY(read_kinds(cx, call, &kinds));
    TRY(webhook_next_id(cx, &next));
    TRY(webhook_head(cx, &head));
    hook_secret_make(secret);
    uint64_t may = cx->who->capabilities & ~(UINT64_C(1) << CAP_INSTALL | UINT64_C(1) << CAP_PUBLIC | UINT64_C(1) << CAP_SELF);
    Str sealed;
    TRY(hook_secret_seal(cx, next.id, secret, &sealed));
    TRY(webhook_insert(cx, &(struct webhook_insert_params){.id = next.id,
                                                           .name = name,
                                                           .url = url,
                                                           .kinds = kinds,
                                                           .secret = sealed,
                                                           .has_user_id = cx->who->user_id != 0,
                                                           .user_id = cx->who->user_id,
                                                           .capabilities = key_scopes_text(cx->arena, may),
                                                           .cursor_seq = head.events,
                                                           .actor = str_from(cx->actor)}));
    put_secret(call->out, next.id, name, url, secret, INSTANT_NONE);
    return OK;
}

const struct action webhook_add_action = {
    .verb = "webhook add",
    .path = "POST /webhooks",
    .summary = "Tell another program what happens; its secret is shown once",
    .details = "From now on every event of the chosen kinds is sent to the address by POST, signed with the secret, in the order "
               "of each customer, again until it is taken (docs/ref/webhooks.md). Kinds are those of `webhook kinds`; payment.* is "
               "all of a family, * is everything. It is told of the customers its maker sees, and stops with its maker's account.",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS({"name", P_TEXT, REQUIRED, "which program it is", NULL},
                     {"url", P_TEXT, REQUIRED, "its address: https://…", NULL},
                     {"kind", P_TEXT, REQUIRED | REPEATED, "what it wants to hear: payment.recorded, message.*, *", NULL}),
    .run = add_run,
    .form = "webhook list",
    .view = "webhook_secret",
};

static enum rc list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin(cx, call, &page));
    AUTO(webhook_all_close) struct webhook_all_cursor cursor;
    TRY(webhook_all_open(cx, &cursor));
    items_begin(w);
    for (;;) {
        struct webhook_get_row h;
        bool more;
        TRY(webhook_all_next(cx, &cursor, &h, &more));
        if (more && h.id <= page.after) continue;
        if (!more || !page_takes(&page, h.id)) break;
        hook_keep(cx->arena, &h);
        json_object(w);
        TRY(put_members(cx, w, &h));
        json_object_end(w);
    }
    page_end(w, &page);
    return OK;
}

const struct action webhook_list_action = {
    .verb = "webhook list",
    .path = "GET /webhooks",
    .summary = "List the programs that are told what happens",
    .needs = CAP_ADMIN,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = list_run,
    .view = "webhooks",
    .columns = "id name url state waiting failed delivered_at last_error made_by",
};

static enum rc kinds_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin_named(cx, call, false, &page));
    items_begin(w);
    for (size_t i = 0; i < hook_kind_count; i++) {
        Str kind = str_from(hook_kinds[i].name);
        if (page_skips(&page, kind)) continue;
        if (!page_takes_named(&page, S(""), kind)) break;
        json_object(w);
        json_put_str(w, "kind", kind);
        json_put_text(w, "needs", capability_name(hook_kinds[i].needs));
        json_put_text(w, "summary", phrase(cx, hook_kinds[i].summary));
        json_object_end(w);
    }
    page_end(w, &page);
    return page_met(cx, &page);
}

const struct action webhook_kinds_action = {
    .verb = "webhook kinds",
    .path = "GET /webhooks/kinds",
    .summary = "List what a webhook can be told of",
    .needs = CAP_ADMIN,
    .tx = TX_NONE,
    .params = PARAMS(PAGE_PARAMS_NAMED),
    .run = kinds_run,
    .columns = "kind needs summary",
};

/* ---- one ---- */

static enum rc put_delivery(struct json_writer *w, int64_t hook_id, const struct webhook_deliveries_row *r) {
    char id[HOOK_DELIVERY_TEXT];
    json_object(w);
    json_put_str(w, "id", hook_delivery_text(hook_id, r->event_seq, r->part, id));
    json_put_i64(w, "event", r->event_seq);
    json_put_str(w, "kind", r->kind);
    json_put_bool(w, "test", r->part < 0);
    json_put_str(w, "customer", r->customer_code.n ? r->customer_code : (Str){NULL, 0});
    json_put_str(w, "subject", r->subject);
    json_put_str(w, "state", r->state);
    json_put_i64(w, "attempts", r->attempts);
    json_put_i64(w, "status", r->status);
    json_put_str(w, "answer", r->answer);
    json_put_i64(w, "duration_ms", r->duration_ms);
    put_instant(w, "created_at", r->created_at);
    put_instant(w, "tried_at", r->tried_at);
    put_instant(w, "next_at", r->next_at);
    json_object_end(w);
    return OK;
}

/* At most `limit`; *out_next: the name of the last when there are more. */
static enum rc put_deliveries(struct ctx *cx, struct json_writer *w, const struct webhook_deliveries_params *p, Str *out_next) {
    struct webhook_deliveries_params more_than = *p;
    int64_t seq = 0, part = 0;
    char id[HOOK_DELIVERY_TEXT];
    *out_next = (Str){NULL, 0};
    more_than.limit = p->limit + 1;
    AUTO(webhook_deliveries_close) struct webhook_deliveries_cursor cursor;
    TRY(webhook_deliveries_open(cx, &more_than, &cursor));
    for (int64_t n = 0;; n++) {
        struct webhook_deliveries_row r;
        bool more;
        TRY(webhook_deliveries_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        if (n == p->limit) break;
        TRY(put_delivery(w, p->webhook_id, &r));
        seq = r.event_seq;
        part = r.part;
    }
    *out_next = arena_str(cx->arena, hook_delivery_text(p->webhook_id, seq, part, id));
    return OK;
}

static enum rc show_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct webhook_get_row h;
    Str next;
    TRY(look_up_webhook(cx, call, &h));
    json_object(w);
    TRY(put_members(cx, w, &h));
    json_key(w, "deliveries");
    json_array(w);
    TRY(put_deliveries(cx, w,
                       &(struct webhook_deliveries_params){
                           .webhook_id = h.id, .any_state = true, .state = S(""), .before_seq = INT64_MAX, .limit = SHOWN},
                       &next));
    json_array_end(w);
    json_object_end(w);
    return OK;
}

const struct action webhook_show_action = {
    .verb = "webhook show",
    .path = "GET /webhooks/{id}",
    .summary = "Show a webhook and what it was sent last",
    .needs = CAP_ADMIN,
    .tx = TX_READ,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the webhook", NULL}),
    .run = show_run,
    .view = "webhook",
};

static enum rc deliveries_run(struct ctx *cx, struct call *call) {
    struct webhook_get_row h;
    TRY(look_up_webhook(cx, call, &h));
    struct webhook_deliveries_params p = {.webhook_id = h.id,
                                          .any_state = !arg_has(call, "state"),
                                          .state = arg_text(call, "state"),
                                          .before_seq = INT64_MAX,
                                          .limit = arg_int(call, "limit", INT32_MAX)};
    Str next;
    if (p.limit < 1) return fail_field(cx, INVALID, "limit", NULL, "the limit must be 1 or more");
    if (arg_has(call, "after") && !hook_delivery_parse(arg_text(call, "after"), h.id, &p.before_seq, &p.before_part))
        return fail_field(cx, INVALID, "after", "take the next of the page before", "that is no cursor");
    json_object(call->out);
    json_key(call->out, "items");
    json_array(call->out);
    TRY(put_deliveries(cx, call->out, &p, &next));
    json_array_end(call->out);
    json_put_str(call->out, "next", next);
    json_object_end(call->out);
    return OK;
}

const struct action webhook_deliveries_action = {
    .verb = "webhook deliveries",
    .path = "GET /webhooks/{id}/deliveries",
    .summary = "List what a webhook was sent, and what waits; newest first",
    .details = "Those that arrived or were given up are kept for 30 days.",
    .needs = CAP_ADMIN,
    .tx = TX_READ,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the webhook", NULL},
                     {"state", P_CHOICE, OPTIONAL, "only these: queued behind another of the customer, due, delivered, given up",
                      "queued|due|delivered|failed"},
                     {"limit", P_INT, OPTIONAL, "at most so many", NULL},
                     {"after", P_TEXT, OPTIONAL, "go on after this cursor", NULL}),
    .run = deliveries_run,
    .columns = "id kind customer subject state attempts status tried_at answer",
};

/* ---- changing ---- */

static enum rc forget_missed(struct ctx *cx, int64_t id) {
    struct webhook_head_row head;
    TRY(webhook_head(cx, &head));
    TRY(webhook_skip_open(cx, &(struct webhook_skip_open_params){.webhook_id = id}));
    return webhook_move(cx, &(struct webhook_move_params){.id = id, .cursor_seq = head.events});
}

static enum rc switch_state(struct ctx *cx, const struct call *call, const struct webhook_get_row *h) {
    bool on = str_is(arg_text(call, "state"), "on");
    struct actor actor;
    Str secret, old;
    if (on == str_is(h->state, "on") && str_is(h->off_why, on ? "" : "hand")) return OK;
    if (on && !hook_actor(h, cx->company_id, &actor))
        return fail_field(cx, CONFLICT, "state", "add it anew", "whoever made the webhook may see nothing any more");
    if (on && !hook_secrets(cx->arena, h, cx->now, &secret, &old))
        return fail_field(cx, CONFLICT, "state", "aldia webhook rotate gives it another", "the secret of the webhook cannot be read: the key in secret.key is another");
    TRY(webhook_switch(cx, &(struct webhook_switch_params){.id = h->id,
                                                           .state = on ? S("on") : S("off"),
                                                           .off_why = on ? S("") : S("hand"),
                                                           .off_at = on ? INSTANT_NONE : cx->now}));
    if (on && str_is(arg_text(call, "missed"), "skip")) return forget_missed(cx, h->id);
    return on ? webhook_retry_now(cx, &(struct webhook_retry_now_params){.webhook_id = h->id}) : OK;
}

static enum rc change_run(struct ctx *cx, struct call *call) {
    struct webhook_get_row h;
    TRY(look_up_webhook(cx, call, &h));
    struct webhook_set_params p = {.id = h.id, .name = h.name, .url = h.url, .kinds = h.kinds};
    if (arg_has(call, "name")) p.name = str_trim(arg_text(call, "name"));
    if (arg_has(call, "url")) p.url = str_trim(arg_text(call, "url"));
    if (arg_has(call, "kind")) TRY(read_kinds(cx, call, &p.kinds));
    TRY(check_name(cx, p.name));
    if (arg_has(call, "url")) TRY(check_url(cx, call, p.url));
    TRY(webhook_set(cx, &p));
    if (arg_has(call, "state")) TRY(switch_state(cx, call, &h));
    TRY(look_up_webhook(cx, call, &h));
    json_object(call->out);
    TRY(put_members(cx, call->out, &h));
    json_object_end(call->out);
    return OK;
}

const struct action webhook_change_action = {
    .verb = "webhook change",
    .path = "POST /webhooks/{id}",
    .summary = "Change a webhook, or switch it off and on",
    .details = "Switched on again it is sent what happened meanwhile, unless --missed skip. Kinds replace those it had.",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the webhook", NULL}, {"name", P_TEXT, OPTIONAL, "which program it is", NULL},
                     {"url", P_TEXT, OPTIONAL, "its address: https://…", NULL},
                     {"kind", P_TEXT, REPEATED, "what it wants to hear", NULL}, {"state", P_CHOICE, OPTIONAL, "whether it is told anything", "on|off"},
                     {"missed", P_CHOICE, OPTIONAL, "what happened while it was off: send (if not given) or skip", "send|skip"}),
    .run = change_run,
    .then = "/webhooks/{id}",
    .form = "webhook show",
    .edits = true,
};

static enum rc rotate_run(struct ctx *cx, struct call *call) {
    char secret[HOOK_SECRET_TEXT];
    struct webhook_get_row h;
    int64_t hours = arg_int(call, "keep-hours", KEEP_HOURS);
    TRY(look_up_webhook(cx, call, &h));
    if (hours < 0 || hours > KEEP_HOURS_MOST)
        return fail_field(cx, INVALID, "keep-hours", "0 to 720", "the old secret cannot stay for %lld hours", (long long)hours);
    hook_secret_make(secret);
    Str sealed;
    TRY(hook_secret_seal(cx, h.id, secret, &sealed));
    Instant until = {cx->now.ms + hours * MS_PER_HOUR};
    TRY(webhook_set_secret(cx, &(struct webhook_set_secret_params){.id = h.id,
                                                                   .secret = sealed,
                                                                   .old_secret = hours ? h.secret : (Str){NULL, 0},
                                                                   .old_until = hours ? until : INSTANT_NONE}));
    put_secret(call->out, h.id, h.name, h.url, secret, hours ? until : INSTANT_NONE);
    return OK;
}

const struct action webhook_rotate_action = {
    .verb = "webhook rotate",
    .path = "POST /webhooks/{id}/rotate",
    .summary = "Give a webhook another secret, shown once",
    .details = "For a day, or --keep-hours, deliveries carry a signature by each of the two, so that the receiver can change over in peace.",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the webhook", NULL},
                     {"keep-hours", P_INT, OPTIONAL, "how long the old one signs too; 24 if not given", NULL}),
    .run = rotate_run,
    .form = "webhook show",
    .view = "webhook_secret",
};

static enum rc remove_run(struct ctx *cx, struct call *call) {
    struct webhook_get_row h;
    TRY(look_up_webhook(cx, call, &h));
    TRY(webhook_forget_all(cx, &(struct webhook_forget_all_params){.webhook_id = h.id}));
    TRY(webhook_remove(cx, &(struct webhook_remove_params){.id = h.id, .nothing = S("")}));
    json_object(call->out);
    json_put_i64(call->out, "id", h.id);
    json_put_str(call->out, "name", h.name);
    json_put_text(call->out, "state", "removed");
    json_object_end(call->out);
    return OK;
}

const struct action webhook_remove_action = {
    .verb = "webhook remove",
    .path = "POST /webhooks/{id}/remove",
    .summary = "Remove a webhook and all that waits for it",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the webhook", NULL}),
    .run = remove_run,
    .then = "/webhooks",
    .form = "webhook list",
};
