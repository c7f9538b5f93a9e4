/* Deciding anew. */
#include "outbox/gate.h"

#include <string.h>

#include "base/random.h"
#include "document/deflate.h"
#include "message/mime.h"
#include "outbox/enclosure.h"
#include "outbox/kept.h"
#include "outbox_sql.h"
#include "strategy/decide.h"

#define MAX_BODY ((size_t)24 * 1024 * 1024)
#define PACK_LEVEL 1

struct plan_env env_at(const struct plan_env *env, Instant now) {
    struct plan_env e = *env;
    e.policy.now = now;
    e.policy.today = zone_date(env->scope.zone, now);
    e.scope.today = e.policy.today;
    return e;
}

enum rc gate_open(struct ctx *cx, const struct outbox_config *config, bool *out_open, enum reason_code *out_code) {
    struct gate_state_row state;
    TRY(gate_state(cx, &state));
    *out_open = false;
    if (instant_is_none(state.confirmed_at) || (config->journal && config->journal->kept > state.journal_seq))
        *out_code = REASON_INSTANCE_UNCONFIRMED;
    else if (!str_is(state.sending, "on"))
        *out_code = REASON_KILL_SWITCH;
    else if (cx->now.ms > config->data_fresh_until_ms)
        *out_code = REASON_STALE_DATA;
    else
        *out_open = true;
    return OK;
}

static const struct pending_action *pending_of(const struct planned_customer *c, int64_t action_id) {
    for (size_t i = 0; i < c->pending_count; i++)
        if (c->pending[i].id == action_id) return &c->pending[i];
    return NULL;
}

static void refuse(struct gate_answer *a, enum reason_code code, bool is_final, Instant not_before) {
    a->allowed = false;
    a->code = code;
    a->is_final = is_final;
    a->not_before = not_before;
}

/* A decision that is not "send now", as the gate tells it. */
static void refuse_by(struct gate_answer *a, const struct decision_list *list) {
    const struct decision *d = list->count ? &list->items[0] : NULL;
    const struct reason *why = d && d->reason_count ? &d->reasons[0] : NULL;
    enum reason_code code = a->customer->snapshot.item_count == 0 ? REASON_PAID : why ? why->code : REASON_SUPERSEDED;
    if (code == REASON_NOT_YET || code == REASON_PERFORMED || code == REASON_NOTHING_OPEN) code = REASON_PAID;
    refuse(a, code, true, INSTANT_NONE);
}

/* Does the decision say exactly what the kept bytes say? */
static enum rc check_stated(struct ctx *cx, const struct plan_env *env, const struct pending_action *p,
                            struct gate_answer *a) {
    const struct decision *d = a->decision;
    size_t stated = 0, same = 0;
    bool step_differs = !str_equal(d->step->id, p->step);
    AUTO(action_items_stated_close) struct action_items_stated_cursor cursor;
    TRY(action_items_stated_open(cx, &(struct action_items_stated_params){.action_id = p->id}, &cursor));
    for (;;) {
        struct action_items_stated_row r;
        bool more;
        TRY(action_items_stated_next(cx, &cursor, &r, &more));
        if (!more) break;
        stated++;
        for (size_t i = 0; i < d->item_count; i++) {
            const struct decided_item *x = &d->items[i];
            if (x->item->instalment_id != r.instalment_id || x->item->open.minor != r.open_then) continue;
            if (!str_equal(x->step ? x->step->id : S(""), r.step) || (x->step && x->occurrence != r.occurrence))
                step_differs = true;
            same++;
        }
    }
    bool speaks_of_a_day = d->step->before_due && zone_date(env->scope.zone, p->handed_at).day != env->scope.today.day;
    if (stated != d->item_count || same != stated)
        refuse(a, REASON_AMOUNT_CHANGED, true, INSTANT_NONE);
    else if (step_differs || speaks_of_a_day)
        refuse(a, REASON_SUPERSEDED, true, INSTANT_NONE);
    return OK;
}

enum rc gate_check(struct ctx *cx, const struct plan_env *env, const struct planned_customer *customer,
                   int64_t action_id, Str address, struct gate_answer *out) {
    *out = (struct gate_answer){.not_before = INSTANT_NONE, .customer = customer};
    const struct strategy *s = strategy_book_for(&env->book, &customer->snapshot.customer, customer->strategy_id);
    struct decision_list list = decide(cx->arena, &customer->snapshot, s, &env->policy, false);
    const struct decision *d = list.count ? &list.items[0] : NULL;
    const struct pending_action *pending = pending_of(customer, action_id);
    if (!d || d->verdict != VERDICT_SEND || !pending) {
        refuse_by(out, &list);
        return OK;
    }
    out->decision = d;
    bool confirmed = str_equal(pending->confirmed_step, d->step->id);
    if (!str_equal(d->contact->address[d->channel], address))
        refuse(out, REASON_RECIPIENT_CHANGED, true, INSTANT_NONE);
    else if (!instant_is_none(d->not_before))
        refuse(out, d->reason_count ? d->reasons[d->reason_count - 1].code : REASON_WINDOW, false, d->not_before);
    else if (d->needs_approval && !confirmed && !pending->resend)
        refuse(out, REASON_APPROVAL, false, INSTANT_NONE);
    else if (d->test_only)
        refuse(out, REASON_TEST_MODE, false, INSTANT_NONE);
    else
        out->allowed = true;
    if (out->allowed && pending->resend) TRY(check_stated(cx, env, pending, out));
    if (!out->allowed) return OK;
    out->facts = facts_of(cx->arena, env, customer, d);
    return enclosure_choose(cx, env, customer, d, &out->facts);
}

/* A Message-ID nobody can guess and nobody else uses. */
static Str new_message_id(struct ctx *cx, Str from_address) {
    unsigned char bytes[16];
    random_bytes(bytes, sizeof bytes);
    struct buf b = buf_make(400);
    buf_add_hex(&b, bytes, sizeof bytes);
    Str domain = address_domain(from_address);
    buf_add_char(&b, '@');
    buf_add(&b, domain.n ? domain : S("aldia.invalid"));
    Str id = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return id;
}

/* libdeflate, because packing is a good part of all the work there is per message, and zlib needs three times as long. */
static enum rc pack(struct ctx *cx, Str body, struct buf *out) {
    buf_clear(out);
    deflate_to(out, body, PACK_LEVEL);
    return buf_ok(out) ? OK : fail(cx, INTERNAL, "could not pack a message of %zu bytes", body.n);
}

static enum rc sign(struct ctx *cx, const struct outbox_config *config, struct outgoing *m,
                    const struct buf *unsigned_text) {
    if (config->dkim) TRY(dkim_sign(cx, config->dkim, buf_str(unsigned_text), cx->now, &m->body));
    buf_add(&m->body, buf_str(unsigned_text));
    if (!buf_ok(&m->body)) return fail(cx, INTERNAL, "a message is larger than %zu bytes", MAX_BODY);
    return OK;
}

static enum rc prepare_mail(struct ctx *cx, const struct outbox_config *config, const struct message_facts *facts,
                            struct message_text *text, Str contact_name, struct outgoing *m) {
    TRY(enclosure_make(cx, config, facts, text));
    struct message_envelope envelope = {.from_name = config->from_name,
                                        .from_address = config->from_address,
                                        .reply_to = config->reply_to,
                                        .to_name = contact_name.n ? contact_name : facts->customer.name,
                                        .to_address = m->address,
                                        .message_id = m->message_id,
                                        .thread_id = m->thread_id,
                                        .language = facts->language,
                                        .date = cx->now,
                                        .zone_offset_minutes = zone_offset(config->env->scope.zone, cx->now) / 60,
                                        .unsubscribe_url = facts->unsubscribe_url,
                                        .unsubscribe_mailto = facts->unsubscribe_mailto,
                                        .is_reminder = true};
    AUTO(buf_done) struct buf mime = buf_make(MAX_BODY);
    TRY(mime_build(cx, &envelope, text, &mime));
    return sign(cx, config, m, &mime);
}

enum rc prepare_body(struct ctx *cx, const struct outbox_config *config, const struct message_facts *facts,
                     Str contact_name, struct outgoing *m) {
    struct message_text text;
    TRY(message_compose(cx, config->library, facts, &text));
    if (m->message_id.n == 0) m->message_id = arena_str(m->arena, new_message_id(cx, config->from_address));
    if (m->body.max == 0) m->body = buf_make(MAX_BODY + 65536);
    if (m->packed.max == 0) m->packed = buf_make(MAX_BODY * 2);
    buf_clear(&m->body);
    if (facts->form == FORM_LETTER)
        TRY(enclosure_letter(cx, config, facts, &text, contact_name, m->address, &m->body));
    else
        TRY(prepare_mail(cx, config, facts, &text, contact_name, m));
    TRY(pack(cx, buf_str(&m->body), &m->packed));
    facts_print(facts, m->print);
    m->is_prepared = true;
    return OK;
}

enum rc prepare_kept(struct ctx *cx, struct outgoing *m) {
    struct action_for_hand_over_row row;
    struct message_body_get_row body;
    bool found;
    Str bytes;
    TRY(action_for_hand_over(cx, &(struct action_for_hand_over_params){.id = m->action_id}, &row, &found));
    if (!found) return fail(cx, NOT_FOUND, "there is no message %lld", (long long)m->action_id);
    TRY(kept_load(cx, m->action_id, row.body_hash, &bytes));
    TRY(message_body_get(cx, &(struct message_body_get_params){.action_id = m->action_id}, &body, &found));
    if (m->body.max == 0) m->body = buf_make(KEPT_MAX);
    if (m->packed.max == 0) m->packed = buf_make(KEPT_MAX);
    buf_clear(&m->body);
    buf_clear(&m->packed);
    buf_add(&m->body, bytes);
    buf_add(&m->packed, body.bytes);
    m->message_id = arena_str(m->arena, row.message_id);
    m->is_prepared = true;
    return OK;
}

enum rc gate_preview(struct ctx *cx, const struct plan_env *env, int64_t customer_id, bool *out_any,
                     struct message_text *out) {
    struct planned_customer customer;
    TRY(snapshot_load_one(cx, &env->scope, customer_id, &customer));
    const struct strategy *s = strategy_book_for(&env->book, &customer.snapshot.customer, customer.strategy_id);
    struct decision_list list = decide(cx->arena, &customer.snapshot, s, &env->policy, false);
    *out_any = list.count && list.items[0].verdict == VERDICT_SEND;
    if (!*out_any) return OK;
    struct message_facts facts = facts_of(cx->arena, env, &customer, &list.items[0]);
    TRY(enclosure_choose(cx, env, &customer, &list.items[0], &facts));
    return message_compose(cx, env->policy.library, &facts, out);
}
