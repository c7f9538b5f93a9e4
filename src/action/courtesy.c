/* Handing courtesies over: prepare, connect, T, body, outcome, one after the other. */
#include "action/courtesy_parts.h"

#include "action/instance.h"
#include "channel/pacing.h"
#include "courtesy_sql.h"
#include "outbox/direct.h"
#include "outbox/gate.h"
#include "outbox/kept.h"
#include "plan/facts.h"
#include "strategy/company_days.h"
#include "timeline/timeline.h"

#define LOST_AFTER_MS ((int64_t)15 * 60 * MS_PER_SECOND)
#define FEWEST_ATTEMPTS 5

struct courtesy {
    struct ctx *cx;
    struct call *call;
    struct plan_env env;
    struct mail_setup *mail;
    struct courtesy_ready_row row;
    enum rc rc; /* of T */
};

/* ---- may it go? ---- */

static struct contact_answer ask_rules(const struct courtesy *c, const struct planned_customer *customer,
                                       const struct contact *contact) {
    const struct policy *p = &c->env.policy;
    const struct contact_request request = {.customer = &customer->snapshot.customer,
                                            .creditor_country = p->country,
                                            .channel = CHANNEL_EMAIL,
                                            .at = p->now,
                                            .past = customer->snapshot.past,
                                            .past_count = customer->snapshot.past_count,
                                            .item_count = 1,
                                            .is_reminder = true, /* the house's caps hold for courtesies as well */
                                            .hours_from_s = contact->hours_from_s,
                                            .hours_to_s = contact->hours_to_s};
    return contact_check(p, &request);
}

static enum rc wait(struct courtesy *c, const char *reason, Instant until) {
    return courtesy_wait(c->cx, &(struct courtesy_wait_params){.id = c->row.id,
                                                               .reason = str_from(reason),
                                                               .not_before = until,
                                                               .attempts = c->row.attempts,
                                                               .reply = S("")});
}

static enum rc refuse(struct courtesy *c, const char *reason) {
    return courtesy_end(c->cx,
                        &(struct courtesy_end_params){
                            .id = c->row.id, .status = S("refused"), .reason = str_from(reason), .reply = S("")});
}

/* A thank-you must still be true, and go to the same person at an allowed hour. Refusing and waiting are recorded. */
static enum rc check_thanks(struct courtesy *c, const struct planned_customer *customer, bool *out_may) {
    struct ctx *cx = c->cx;
    struct thanks_still_true_row still;
    struct thanks_still_true_params p = {.payment_id = c->row.payment_id, .today = c->env.scope.today};
    const struct contact *contact = facts_contact(&customer->snapshot, CHANNEL_EMAIL);
    *out_may = false;
    TRY(thanks_still_true(cx, &p, &still));
    if (!still.holds) return refuse(c, "SUPERSEDED");
    if (customer->snapshot.held) return refuse(c, "HOLD");
    if (!contact || !str_equal(contact->address[CHANNEL_EMAIL], c->row.address)) return refuse(c, "RECIPIENT_CHANGED");
    struct contact_answer answer = ask_rules(c, customer, contact);
    if (!answer.allowed && instant_is_none(answer.next_allowed)) return refuse(c, reason_code_name(answer.code));
    if (!answer.allowed) return wait(c, reason_code_name(answer.code), answer.next_allowed);
    *out_may = true;
    return OK;
}

static enum rc check(struct courtesy *c, bool *out_may) {
    struct ctx *cx = c->cx;
    enum reason_code code;
    *out_may = false;
    TRY(gate_open(cx, &c->mail->config, out_may, &code));
    if (!*out_may || str_is(c->row.kind, "forewarning")) return OK;
    struct planned_customer customer;
    TRY(snapshot_load_one(cx, &c->env.scope, c->row.customer_id, &customer));
    return check_thanks(c, &customer, out_may);
}

/* ---- T ---- */

static enum rc note(struct courtesy *c, const char *what, Str address, Str body) {
    struct ctx *cx = c->cx;
    unsigned char hash[32];
    AUTO(buf_done) struct buf data = buf_make(4096);
    kept_hash(body, hash);
    buf_printf(&data, "{\"courtesy\":%lld,\"to\":\"", (long long)c->row.id);
    buf_add_json(&data, address);
    if (body.n) {
        buf_add(&data, S("\",\"body\":\""));
        buf_add_hex(&data, hash, sizeof hash);
    }
    buf_add(&data, S("\"}"));
    Str kind = arena_printf(cx->arena, "%.*s.%s", STR_ARG(c->row.kind), what);
    return event_note(cx, kind.p, c->row.customer_id, c->row.subject, buf_str(&data));
}

static enum rc grant(struct courtesy *c, const struct direct_mail *mail, Str body, bool *out_granted) {
    struct ctx *cx = c->cx;
    bool may;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, c->call->app->db, TX_WRITE));
    TRY(check(c, &may));
    if (may) {
        int64_t changed = 0;
        struct courtesy_handing_params p = {.id = c->row.id, .message_id = mail->message_id, .body = body};
        TRY(courtesy_handing_count(cx, &p, &changed));
        may = changed == 1; /* another process may have been there */
        if (may) TRY(note(c, "handing", mail->to_address, body));
    }
    TRY(tx_commit(scope));
    *out_granted = may;
    return OK;
}

static bool ready(void *self, const struct direct_mail *mail, Str body) {
    struct courtesy *c = self;
    bool granted = false;
    c->rc = grant(c, mail, body, &granted);
    return c->rc == OK && granted;
}

/* ---- the text ---- */

static enum rc compose_thanks(struct courtesy *c, const struct planned_customer *customer,
                              const struct contact *contact, struct message_text *out) {
    struct ctx *cx = c->cx;
    struct courtesy_payment_row row;
    bool found;
    TRY(courtesy_payment(cx, &(struct courtesy_payment_params){.payment_id = c->row.payment_id}, &row, &found));
    if (!found) return fail(cx, NOT_FOUND, "payment %lld is gone", (long long)c->row.payment_id);
    struct message_payment payment = {money_make(row.amount, row.currency), row.date, row.reference};
    struct message_facts facts = facts_about(cx->arena, &c->env, customer, contact, S("thanks"));
    facts.payment = &payment;
    facts.variant = c->row.variant;
    return message_compose(cx, c->env.policy.library, &facts, out);
}

static enum rc compose_forewarning(struct courtesy *c, struct message_text *out) {
    struct ctx *cx = c->cx;
    struct sends sends;
    TRY(forewarning_sends(cx, c->call, &c->env, &sends));
    struct message_facts facts = {
        .company = c->env.company,
        .customer = {.code = S(""), .name = S(""), .country = c->env.scope.country, .sector = S(""), .profile = S("")},
        .contact_name = c->env.company.person_name,
        .kind = S("forewarning"),
        .variant = S("a"),
        .page_url = S(""),
        .unsubscribe_url = S(""),
        .language = c->env.scope.language,
        .today = c->env.scope.today,
        .broken_promise = DATE_NONE,
        .pay_by = DATE_NONE,
        .sends = sends.list.items,
        .send_count = sends.list.count,
        .send_day = date_add(c->env.scope.today, 1)};
    return message_compose(cx, c->env.policy.library, &facts, out);
}

/* What to send, read in one transaction; *out_there false: nothing to say any more, which is recorded at T of the next.
 */
static enum rc prepare(struct courtesy *c, struct message_text *out, Str *out_name, bool *out_there) {
    struct ctx *cx = c->cx;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, c->call->app->db, TX_WRITE));
    TRY(check(c, out_there));
    if (*out_there && str_is(c->row.kind, "thanks")) {
        struct planned_customer customer;
        TRY(snapshot_load_one(cx, &c->env.scope, c->row.customer_id, &customer));
        const struct contact *contact = facts_contact(&customer.snapshot, CHANNEL_EMAIL);
        *out_name = contact->name.n ? contact->name : customer.snapshot.customer.name;
        TRY(compose_thanks(c, &customer, contact, out));
    } else if (*out_there) {
        *out_name = c->env.company.person_name;
        enum rc rc = compose_forewarning(c, out);
        if (rc == INVALID) { /* meanwhile nothing is to be sent tomorrow */
            *out_there = false;
            rc = refuse(c, "SUPERSEDED");
        }
        TRY(rc);
    }
    return tx_commit(scope);
}

/* ---- outcome ---- */

static enum rc record(struct courtesy *c, const struct handoff_result *r, Str address, int64_t *sent,
                      int64_t *ambiguous) {
    struct ctx *cx = c->cx;
    struct courtesy_end_params end = {.id = c->row.id, .reason = S(""), .reply = str_from(r->reply)};
    AUTO(tx_end) struct ctx *scope = cx;
    if (r->outcome == HANDOFF_REFUSED) return OK;
    TRY(tx_begin(cx, c->call->app->db, TX_WRITE));
    if (r->outcome == HANDOFF_DEFERRED || r->outcome == HANDOFF_NOT_SENT) {
        Instant next;
        bool again =
            c->row.attempts + 1 < FEWEST_ATTEMPTS && backoff_next(cx->now, (int)c->row.attempts + 1, cx->now, &next);
        end.status = S("failed");
        if (again) {
            struct courtesy_wait_params p = {.id = c->row.id,
                                             .reason = S("BACK_OFF"),
                                             .not_before = next,
                                             .attempts = c->row.attempts + 1,
                                             .reply = end.reply};
            TRY(courtesy_wait(cx, &p));
            return tx_commit(scope);
        }
    } else {
        end.status = r->outcome == HANDOFF_SENT        ? S("sent")
                     : r->outcome == HANDOFF_AMBIGUOUS ? S("ambiguous")
                                                       : S("failed");
    }
    TRY(courtesy_end(cx, &end));
    TRY(note(c, arena_cstr(cx->arena, end.status), address, S("")));
    TRY(tx_commit(scope));
    *sent += r->outcome == HANDOFF_SENT;
    *ambiguous += r->outcome == HANDOFF_AMBIGUOUS;
    return OK;
}

static enum rc send_one(struct courtesy *c, int64_t *sent, int64_t *ambiguous, bool *out_unreachable) {
    struct ctx *cx = c->cx;
    struct message_text text;
    struct handoff_result result = {0};
    Str name = S("");
    bool there = false;
    TRY(prepare(c, &text, &name, &there));
    if (!there) return OK;
    struct direct_mail mail = {.text = &text, .to_name = name, .to_address = c->row.address, .ready = ready, .self = c};
    TRY(direct_send(cx, &c->mail->config, &mail, &result));
    TRY(c->rc);
    *out_unreachable = result.unreachable;
    return record(c, &result, mail.to_address, sent, ambiguous);
}

/* ---- the round ---- */

static enum rc plan_all(struct courtesy *c) {
    struct ctx *cx = c->cx;
    const struct settings *s = &c->call->app->settings;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, c->call->app->db, TX_WRITE));
    TRY(courtesy_lost(cx, &(struct courtesy_lost_params){.before = {cx->now.ms - LOST_AFTER_MS}}));
    if (setting_on(s, &mail_thanks_setting)) TRY(thanks_plan(cx, &c->env));
    if (setting_on(s, &mail_forewarning_setting)) TRY(forewarning_plan(cx, c->call, &c->env));
    return tx_commit(scope);
}

static enum rc read_ready(struct courtesy *c, struct courtesy_ready_row **out_rows, size_t *out_count) {
    struct ctx *cx = c->cx;
    VEC_OF(struct courtesy_ready_row) list = {0};
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, c->call->app->db, TX_READ));
    {
        AUTO(courtesy_ready_close) struct courtesy_ready_cursor cursor;
        TRY(courtesy_ready_open(cx, &cursor));
        for (;;) {
            struct courtesy_ready_row row;
            bool more;
            TRY(courtesy_ready_next(cx, &cursor, &row, &more));
            if (!more) break;
            row.kind = arena_str(cx->arena, row.kind);
            row.subject = arena_str(cx->arena, row.subject);
            row.address = arena_str(cx->arena, row.address);
            row.variant = arena_str(cx->arena, row.variant);
            *VEC_PUSH(cx->arena, &list) = row;
        }
    }
    *out_rows = list.items;
    *out_count = list.count;
    return tx_commit(scope);
}

static enum rc send_all(struct courtesy *c, int64_t *sent, int64_t *ambiguous) {
    struct courtesy_ready_row *rows;
    size_t count;
    bool unreachable = false;
    TRY(read_ready(c, &rows, &count));
    for (size_t i = 0; i < count && !unreachable; i++) {
        struct arena_mark mark = arena_mark(c->cx->arena);
        c->row = rows[i];
        TRY(send_one(c, sent, ambiguous, &unreachable));
        arena_rewind(c->cx->arena, mark);
    }
    return OK;
}

enum rc courtesy_round(struct ctx *cx, struct call *call, const struct plan_env *env, int64_t *out_sent,
                       int64_t *out_ambiguous) {
    const struct settings *s = &call->app->settings;
    struct mail_setup mail;
    bool genuine = false;
    *out_sent = *out_ambiguous = 0;
    if (!setting_on(s, &mail_thanks_setting) && !setting_on(s, &mail_forewarning_setting)) return OK;
    struct courtesy c = {.cx = cx, .call = call, .env = env_at(env, cx->now), .mail = &mail};
    enum rc rc = mail_open(cx, call->app, env, &mail);
    if (rc == OK) rc = instance_check(cx, call->app, &genuine);
    if (rc == OK && genuine) rc = plan_all(&c);
    if (rc == OK && genuine) rc = send_all(&c, out_sent, out_ambiguous);
    mail_close(&mail);
    return rc;
}
