/* A test mail: a text as it would be, to an address of one's own, marked and never counted as a contact (REQ: D6). */
#include "action/action.h"
#include "action/env.h"
#include "action/sender.h"
#include "action/template_preview.h"
#include "message/mime.h"
#include "outbox/direct.h"
#include "timeline/timeline.h"

static enum rc compose_test(struct ctx *cx, struct call *call, struct plan_env *env, struct message_text *out) {
    bool example;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_READ));
    TRY(env_build(cx, call->app, env));
    TRY(template_preview(cx, call, env, out, &example));
    out->subject = arena_printf(cx->arena, "[PRUEBA] %.*s", STR_ARG(out->subject));
    return tx_commit(scope);
}

static enum rc note(struct ctx *cx, struct call *call, Str to, const struct message_text *m, const char *outcome) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, call->app->db, TX_WRITE));
    struct buf data = buf_make(4096);
    buf_add(&data, S("{\"to\":\""));
    buf_add_json(&data, to);
    buf_printf(&data, "\",\"outcome\":\"%s\"}", outcome);
    enum rc rc = event_note(cx, "template.tested", 0, m->wording, arena_str(cx->arena, buf_str(&data)));
    buf_done(&data);
    return rc == OK ? tx_commit(scope) : rc;
}

static enum rc send(struct ctx *cx, struct call *call, const struct plan_env *env, struct mail_setup *mail,
                    const struct message_text *m) {
    struct direct_mail direct = {.text = m, .to_address = arg_text(call, "to")};
    struct handoff_result result = {0};
    TRY(mail_open(cx, call->app, env, mail));
    TRY(mail_may_leave(cx, call->app, mail));
    TRY(direct_send(cx, &mail->config, &direct, &result));
    const char *outcome =
        mail->config.captures && result.outcome == HANDOFF_SENT ? "captured" : handoff_outcome_name(result.outcome);
    TRY(note(cx, call, direct.to_address, m, outcome));
    if (result.outcome != HANDOFF_SENT)
        return fail(cx, REMOTE, "the test was not accepted (%s): %s", outcome, result.reply);
    json_object(call->out);
    json_put_str(call->out, "to", direct.to_address);
    json_put_str(call->out, "outcome", str_from(outcome));
    json_put_str(call->out, "subject", m->subject);
    json_put_str(call->out, "message_id", direct.message_id);
    json_object_end(call->out);
    return OK;
}

static enum rc test_send_run(struct ctx *cx, struct call *call) {
    struct plan_env env;
    struct message_text m;
    struct mail_setup mail = {0};
    if (!mime_address_valid(arg_text(call, "to")))
        return fail_field(cx, INVALID, "to", NULL, "\"%.*s\" is not an e-mail address", STR_ARG(arg_text(call, "to")));
    if (arg_has(call, "form") && !str_is(arg_text(call, "form"), "email"))
        return fail_field(cx, INVALID, "form", "template preview shows the other forms",
                          "only e-mails can be sent as a test");
    TRY(compose_test(cx, call, &env, &m));
    if (!m.html.n) return fail_field(cx, INVALID, "file", NULL, "only e-mails can be sent as a test");
    enum rc rc = send(cx, call, &env, &mail, &m);
    mail_close(&mail);
    return rc;
}

const struct action template_test_send_action = {
    .verb = "template test-send",
    .path = "POST /templates/test-send",
    .summary = "Send a text to an address of your own, marked [PRUEBA]",
    .details =
        "Made for a real customer as template preview makes it. It is no contact with the customer and in no count.",
    .needs = CAP_MESSAGE_SEND,
    .tx = TX_NONE,
    .params = PARAMS({"to", P_TEXT, REQUIRED, "where it goes", NULL}, PREVIEW_PARAMS),
    .run = test_send_run,
};
