/* Sending by hand: a test at once, and again what arrived or was given up. */
#include "action/action.h"
#include "action/instance.h"
#include "action/lookup.h"
#include "action/webhook_body.h"
#include "hook/hook_kind.h"
#include "hook/hook_wire.h"

#define RESEND_MOST 100000

/* ---- a test ---- */

/* What is sent, read in one transaction. */
struct trial {
    struct webhook_get_row hook;
    struct webhook_due_row delivery;
    struct hook_post post;
};

static enum rc prepare(struct ctx *cx, struct call *call, struct trial *t) {
    char id[HOOK_DELIVERY_TEXT];
    struct webhook_head_row head;
    struct webhook_test_part_row part;
    Str secret, old;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_WRITE));
    TRY(look_up_webhook(cx, call, &t->hook));
    if (!hook_secrets(cx->arena, &t->hook, cx->now, &secret, &old))
        return fail_field(cx, CONFLICT, "id", "aldia webhook rotate gives it another", "the secret of the webhook cannot be read: the key in secret.key is another");
    TRY(webhook_head(cx, &head));
    TRY(webhook_test_part(cx, &(struct webhook_test_part_params){.webhook_id = t->hook.id, .event_seq = head.events}, &part));
    t->delivery = (struct webhook_due_row){.event_seq = head.events, .part = part.part, .kind = S(KIND_TEST), .subject = S("")};
    TRY(webhook_body(cx, call->app, &t->hook, &t->delivery, &t->post.body));
    TRY(webhook_test_insert(cx, &(struct webhook_test_insert_params){
                                    .webhook_id = t->hook.id, .event_seq = head.events, .part = part.part, .kind = S(KIND_TEST)}));
    TRY(tx_commit(scope));
    t->post.url = arena_cstr(cx->arena, t->hook.url);
    t->post.id = arena_cstr(cx->arena, hook_delivery_text(t->hook.id, head.events, part.part, id));
    t->post.event = KIND_TEST;
    t->post.signature = hook_signature(cx->arena, secret, old, cx->now, t->post.body);
    return OK;
}

static enum rc keep_outcome(struct ctx *cx, struct call *call, const struct trial *t, bool good) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_WRITE));
    TRY(webhook_tried(cx, &(struct webhook_tried_params){.webhook_id = t->hook.id,
                                                         .event_seq = t->delivery.event_seq,
                                                         .part = t->delivery.part,
                                                         .state = good ? S("delivered") : S("failed"),
                                                         .next_at = INSTANT_NONE,
                                                         .attempts = 1,
                                                         .tried_from = cx->now,
                                                         .status = t->post.status,
                                                         .answer = str_from(t->post.answer),
                                                         .duration_ms = t->post.duration_ms,
                                                         .closed_at = cx->now}));
    /* It can be reached: what waits for the next attempt need not. */
    if (good) TRY(webhook_retry_now(cx, &(struct webhook_retry_now_params){.webhook_id = t->hook.id}));
    if (good) TRY(webhook_wait_no_more(cx, &(struct webhook_wait_no_more_params){.id = t->hook.id}));
    return tx_commit(scope);
}

static enum rc test_run(struct ctx *cx, struct call *call) {
    struct trial t = {.post = {.status = 0}};
    struct hook_rules rules;
    bool genuine;
    TRY(instance_check(cx, call->app, &genuine));
    if (!genuine)
        return fail_field(cx, CONFLICT, NULL, "aldia instance confirm, if this is the live one", "this installation is a copy or not confirmed: it sends nothing");
    TRY(webhook_rules(cx, call->app, &rules));
    TRY(prepare(cx, call, &t));
    AUTO(hook_wire_release) struct hook_wire *wire = NULL;
    TRY(hook_wire_open(cx, &rules, &wire));
    hook_wire_send(wire, &t.post);
    while (!hook_wire_done(wire)) hook_wire_work(wire, 200);
    bool good = t.post.status >= 200 && t.post.status < 300;
    TRY(keep_outcome(cx, call, &t, good));
    if (!good) call->exit_status = 1;
    json_object(call->out);
    json_put_i64(call->out, "webhook", t.hook.id);
    json_put_text(call->out, "id", t.post.id);
    json_put_bool(call->out, "delivered", good);
    json_put_i64(call->out, "status", t.post.status);
    json_put_text(call->out, "answer", t.post.answer);
    json_put_i64(call->out, "duration_ms", t.post.duration_ms);
    json_object_end(call->out);
    return OK;
}

const struct action webhook_test_action = {
    .verb = "webhook test",
    .path = "POST /webhooks/{id}/test",
    .summary = "Send a webhook a test now, and tell its answer",
    .details = "A delivery of the kind webhook.test, signed like every other, outside of their order. Exit status 1 when it did not arrive.",
    .needs = CAP_ADMIN,
    .tx = TX_NONE,
    .is_slow = true,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the webhook", NULL}),
    .run = test_run,
    .then = "/webhooks/{id}",
    .form = "webhook show",
};

/* ---- again ---- */

static enum rc reopen(struct ctx *cx, int64_t hook_id, int64_t seq, int64_t part, int64_t customer_id) {
    TRY(webhook_reopen(cx, &(struct webhook_reopen_params){.webhook_id = hook_id, .event_seq = seq, .part = part}));
    return webhook_promote(cx, &(struct webhook_promote_params){.webhook_id = hook_id, .customer_id = customer_id});
}

static enum rc reopen_one(struct ctx *cx, int64_t hook_id, Str name) {
    struct webhook_delivery_get_row d;
    int64_t seq, part;
    bool found = false;
    if (hook_delivery_parse(name, hook_id, &seq, &part) && part >= 0)
        TRY(webhook_delivery_get(cx, &(struct webhook_delivery_get_params){.webhook_id = hook_id, .event_seq = seq, .part = part}, &d, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "delivery", "aldia webhook deliveries shows them", "there is no delivery \"%.*s\" of this webhook", STR_ARG(name));
    if (str_is(d.state, "due") || str_is(d.state, "queued"))
        return fail_field(cx, CONFLICT, "delivery", NULL, "delivery %.*s waits already", STR_ARG(name));
    return reopen(cx, hook_id, seq, part, d.customer_id);
}

static enum rc reopen_failed(struct ctx *cx, int64_t hook_id, int64_t *out_count) {
    VEC_OF(struct webhook_failed_row) list = {0};
    {
        AUTO(webhook_failed_close) struct webhook_failed_cursor cursor;
        TRY(webhook_failed_open(cx, &(struct webhook_failed_params){.webhook_id = hook_id, .limit = RESEND_MOST}, &cursor));
        for (;;) {
            struct webhook_failed_row row;
            bool more;
            TRY(webhook_failed_next(cx, &cursor, &row, &more));
            if (!more) break;
            *VEC_PUSH(cx->arena, &list) = row;
        }
    }
    for (size_t i = 0; i < list.count; i++) TRY(reopen(cx, hook_id, list.items[i].event_seq, list.items[i].part, list.items[i].customer_id));
    *out_count = (int64_t)list.count;
    return OK;
}

static enum rc resend_run(struct ctx *cx, struct call *call) {
    struct webhook_get_row h;
    int64_t count = 1;
    TRY(look_up_webhook(cx, call, &h));
    TRY(arg_has(call, "delivery") ? reopen_one(cx, h.id, arg_text(call, "delivery")) : reopen_failed(cx, h.id, &count));
    json_object(call->out);
    json_put_i64(call->out, "webhook", h.id);
    json_put_i64(call->out, "waiting", count);
    json_object_end(call->out);
    return OK;
}

const struct action webhook_resend_action = {
    .verb = "webhook resend",
    .path = "POST /webhooks/{id}/resend",
    .summary = "Send again one delivery, or all that were given up",
    .details = "It goes in front of what waits about the same customer, under the same id.",
    .needs = CAP_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the webhook", NULL},
                     {"delivery", P_TEXT, OPTIONAL, "only this one: 3-5821-0", NULL}),
    .run = resend_run,
    .then = "/webhooks/{id}",
    .form = "webhook show",
};
