/* The one writer: claims, T's and outcomes of all senders, many to a transaction. */
#include "outbox/writer.h"

#include <stdio.h>
#include <string.h>

#include "action_sql.h"
#include "channel/pacing.h"
#include "outbox/kept.h"
#include "outbox_sql.h"
#include "timeline/timeline.h"

/* ---- events ---- */

/* `key` and `text`: one more member, or NULL. */
static enum rc note_with(struct writing *w, const char *kind, const struct outgoing *m, const char *key, Str text) {
    struct ctx *cx = w->cx;
    struct buf data = buf_make(4096);
    buf_printf(&data, "{\"action\":%lld,\"message_id\":\"", (long long)m->action_id);
    buf_add_json(&data, m->message_id);
    buf_add(&data, S("\",\"to\":\""));
    buf_add_json(&data, m->address);
    if (key) {
        buf_printf(&data, "\",\"%s\":\"", key);
        buf_add_json(&data, text);
    }
    buf_add(&data, S("\"}"));
    Str members = arena_str(cx->arena, buf_str(&data));
    buf_done(&data);
    Str subject = arena_printf(cx->arena, "%lld", (long long)m->action_id);
    return event_group_note(cx, &w->events, kind, m->customer_id, subject, members);
}

static enum rc note(struct writing *w, const char *kind, const struct outgoing *m, const char *reply) {
    return note_with(w, kind, m, "reply", str_from(reply));
}

static void add_names(struct buf *b, const char *key, const struct message_facts *f, bool left_out) {
    size_t n = 0;
    for (size_t i = 0; i < f->attachment_count; i++) {
        const struct message_attachment *a = &f->attachments[i];
        if (a->is_left_out != left_out) continue;
        if (n++ == 0) buf_printf(b, ",\"%s\":\"", key);
        buf_add(b, n > 1 ? S(", ") : S(""));
        buf_add_json(b, a->number);
        buf_add_char(b, ' ');
        buf_add_json(b, a->name);
    }
    if (n) buf_add_char(b, '"');
}

/* The hash of what leaves goes into the chain, so that bytes and hash cannot be exchanged together; and which copies went
 * with it or had to stay out. `facts` NULL: a resend, told before. */
static enum rc note_handing(struct writing *w, const struct outgoing *m, Str hash, const struct message_facts *f) {
    struct ctx *cx = w->cx;
    AUTO(buf_done) struct buf b = buf_make(262144);
    buf_printf(&b, "{\"action\":%lld,\"message_id\":\"", (long long)m->action_id);
    buf_add_json(&b, m->message_id);
    buf_add(&b, S("\",\"to\":\""));
    buf_add_json(&b, m->address);
    buf_add(&b, S("\",\"body\":\""));
    buf_add_hex(&b, hash.p, hash.n);
    buf_add_char(&b, '"');
    if (f && f->with_statement) buf_add(&b, S(",\"statement\":\"attached\""));
    if (f) add_names(&b, "attached", f, false);
    if (f) add_names(&b, "left_out", f, true);
    buf_add_char(&b, '}');
    MUST(buf_ok(&b));
    Str subject = arena_printf(cx->arena, "%lld", (long long)m->action_id);
    return event_group_note(cx, &w->events, "message.handing", m->customer_id, subject, arena_str(cx->arena, buf_str(&b)));
}

/* ---- T ---- */

/* One line, or several when the pairs are very many. */
static void write_journal(struct writing *w, const struct outgoing *m, const struct customer *customer,
                          const struct decision *d) {
    if (!w->config->journal) return;
    struct buf line = buf_make(JOURNAL_LINE_MAX);
    for (size_t i = 0; i < d->performing_count; i++) {
        if (line.n == 0) {
            buf_printf(&line, "%lld ", (long long)w->cx->now.ms);
            buf_add_url(&line, w->config->company);
            buf_add_char(&line, '/');
            buf_add_url(&line, customer->code);
            buf_printf(&line, " %.*s", STR_ARG(m->message_id));
        }
        buf_add_char(&line, ' ');
        buf_add_url(&line, d->items[i].item->number);
        buf_printf(&line, ":%d:%.*s:%d", d->items[i].item->position, STR_ARG(d->items[i].step->id),
                   d->items[i].occurrence);
        if (line.n < JOURNAL_LINE_MAX / 2 && i + 1 < d->performing_count) continue;
        MUST(buf_ok(&line));
        journal_add(w->config->journal, "T", buf_str(&line));
        buf_clear(&line);
    }
    buf_done(&line);
}

/* The kept bytes leave once more; items, hash and text stand as they did. */
static enum rc grant_resend(struct writing *w, struct outgoing *m, const struct gate_answer *a) {
    unsigned char hash[32];
    MUST(m->is_prepared);
    kept_hash(buf_str(&m->body), hash);
    TRY(action_set_resending(w->cx, &(struct action_set_resending_params){.id = m->action_id, .fence = m->fence}));
    write_journal(w, m, &a->customer->snapshot.customer, a->decision);
    return note_handing(w, m, (Str){(const char *)hash, sizeof hash}, NULL);
}

static enum rc grant(struct writing *w, struct outgoing *m, const struct gate_answer *a) {
    struct ctx *cx = w->cx;
    if (m->resend) return grant_resend(w, m, a);
    const struct decision *d = a->decision;
    unsigned char print[FACTS_PRINT_SIZE], hash[32];
    facts_print(&a->facts, print);
    if (!m->is_prepared ||
        memcmp(print, m->print, sizeof print) != 0) /* something changed since: the text is made anew, here and now */
        TRY(prepare_body(cx, w->config, &a->facts, d->contact->name, m));
    kept_hash(buf_str(&m->body), hash);
    Str kept = arena_str(cx->arena, (Str){(const char *)hash, sizeof hash});
    char code[4];
    *VEC_PUSH(cx->arena, &w->handing) = (struct action_set_handing_params){
        .id = m->action_id,
        .fence = m->fence,
        .message_id = m->message_id,
        .thread_id = m->thread_id.n ? m->thread_id : m->message_id,
        .body_hash = kept,
        .tone = str_from(tone_name(d->tone)),
        .template = d->template_kind,
        .variant = d->variant,
        .language = a->facts.language,
        .currency = arena_str(cx->arena, currency_code(d->total.currency, code)),
        .total = d->total.minor,
        .step = d->step->id,
        .reason = S(""),
    };
    *VEC_PUSH(cx->arena, &w->grants) = (struct grant){m, d};
    *VEC_PUSH(cx->arena, &w->bodies) =
        (struct message_body_put_params){.action_id = m->action_id, .bytes = buf_str(&m->packed)};
    write_journal(w, m, &a->customer->snapshot.customer, d);
    return note_handing(w, m, kept, &a->facts);
}

/* One that should have been resent is ambiguous again: what became of the first time is as unknown as before. */
static enum rc keep_back(struct writing *w, const struct outgoing *m, Str reason, Str reply) {
    TRY(action_set_kept_back(w->cx, &(struct action_set_kept_back_params){
                                        .id = m->action_id, .fence = m->fence, .reason = reason, .reply = reply}));
    return note_with(w, "message.kept_back", m, "reason", reason);
}

static enum rc record_refusal(struct writing *w, const struct outgoing *m, const struct gate_answer *a) {
    w->counts->held[a->code]++;
    if (a->is_final && m->resend) {
        w->counts->again++;
        return keep_back(w, m, str_from(reason_code_name(a->code)), S(""));
    }
    if (a->is_final) {
        w->counts->again++;
        TRY(action_items_release(w->cx, &(struct action_items_release_params){.action_id = m->action_id}));
    }
    bool waits = !instant_is_none(a->not_before);
    if (waits) w->counts->deferred++;
    Str status = a->is_final                  ? S("refused")
                 : waits                      ? S("deferred")
                 : a->code == REASON_APPROVAL ? S("approval")
                                              : S("planned");
    return action_set_refused(w->cx, &(struct action_set_refused_params){.id = m->action_id,
                                                                         .fence = m->fence,
                                                                         .status = status,
                                                                         .reason = str_from(reason_code_name(a->code)),
                                                                         .not_before = a->not_before});
}

/* Is the claim still ours? A stale worker can neither finish nor send (INV: I22). */
static bool claim_holds(const struct writing *w, const struct outgoing *m, const struct planned_customer *customer) {
    for (size_t i = 0; i < customer->pending_count; i++) {
        const struct pending_action *p = &customer->pending[i];
        if (p->id != m->action_id) continue;
        return p->fence == m->fence && (str_is(p->status, "planned") || str_is(p->status, "deferred")) &&
               str_equal(p->claimed_by, str_from(w->config->claimer));
    }
    return false;
}

static enum rc do_t(struct writing *w, struct request *r) {
    struct ctx *cx = w->cx;
    struct outgoing *m = r->message;
    const struct planned_customer *customer = snapshot_of(&w->customers, m->customer_id);
    if (!customer) return fail(cx, INTERNAL, "customer %lld is gone", (long long)m->customer_id);
    if (!claim_holds(w, m, customer)) return OK;
    struct gate_answer a = {.code = w->closed_by, .not_before = INSTANT_NONE};
    if (w->open) TRY(gate_check(cx, &w->env, customer, m->action_id, m->address, &a));
    if (!a.allowed) return record_refusal(w, m, &a);
    if (r->kind == REQUEST_DROP) { /* it may go after all: another look, another claim */
        w->counts->again++;
        return action_unclaim(cx, &(struct action_unclaim_params){.id = m->action_id, .fence = m->fence});
    }
    TRY(grant(w, m, &a));
    r->granted = true;
    return OK;
}

/* ---- outcomes ---- */

static enum rc not_accepted(struct writing *w, const struct request *r) {
    struct ctx *cx = w->cx;
    const struct outgoing *m = r->message;
    const struct action_standing_row *row = r->standing;
    if (r->after_t && w->config->journal && !m->resend) journal_add(w->config->journal, "U", m->message_id);
    int64_t attempts = row->attempts + (r->after_t ? 0 : 1);
    Instant first = instant_is_none(row->first_attempt_at) ? cx->now : row->first_attempt_at, next;
    bool again = backoff_next(first, (int)attempts, cx->now, &next);
    Str reply = str_from(r->result.reply);
    if (instant_is_none(next) && m->resend) return keep_back(w, m, S("BACK_OFF"), reply);
    if (!again) {
        w->counts->failed++;
        TRY(note(w, "message.failed", m, r->result.reply));
        return action_set_failed(cx,
                                 &(struct action_set_failed_params){
                                     .id = m->action_id, .fence = m->fence, .reason = S("BACK_OFF"), .reply = reply});
    }
    w->counts->deferred++;
    TRY(note(w, "message.deferred", m, r->result.reply));
    return action_set_deferred(
        cx, &(struct action_set_deferred_params){
                .id = m->action_id, .fence = m->fence, .reason = S("BACK_OFF"), .reply = reply, .not_before = next});
}

/* A task for a person: the address, or the message, was refused for good. */
static enum rc add_mend_task(struct writing *w, const struct outgoing *m) {
    struct ctx *cx = w->cx;
    struct action_next_id_row next;
    TRY(action_next_id(cx, &next));
    return action_insert(cx, &(struct action_insert_params){
                                 .id = next.id,
                                 .customer_id = m->customer_id,
                                 .ladder = S("task"),
                                 .step = S("mend-address"),
                                 .status = S("open"),
                                 .reason = S("FAILED"),
                                 .reason_data = arena_printf(cx->arena, "{\"action\":%lld}", (long long)m->action_id),
                                 .planned_date = w->today,
                                 .not_before = INSTANT_NONE,
                                 .template = S("mend_address"),
                                 .thread_id = S("")});
}

static enum rc refused_for_good(struct writing *w, const struct request *r) {
    struct ctx *cx = w->cx;
    const struct outgoing *m = r->message;
    w->counts->failed++;
    if (r->after_t && w->config->journal && !m->resend) journal_add(w->config->journal, "U", m->message_id);
    if (r->result.bad_address && r->standing->has_contact_id)
        TRY(contact_bounced(cx, &(struct contact_bounced_params){.id = r->standing->contact_id}));
    TRY(add_mend_task(w, m));
    w->counts->tasks++;
    if (m->resend)
        return keep_back(w, m, r->result.bad_address ? S("BOUNCED") : S("REJECTED"), str_from(r->result.reply));
    TRY(note(w, "message.failed", m, r->result.reply));
    return action_set_failed(
        cx, &(struct action_set_failed_params){.id = m->action_id,
                                               .fence = m->fence,
                                               .reason = r->result.bad_address ? S("BOUNCED") : S("REJECTED"),
                                               .reply = str_from(r->result.reply)});
}

/* A sender that was thought dead may come late: meanwhile its message was called ambiguous, or claimed anew. Then only
 * "accepted" still tells something, and only as long as nobody claimed it (INV: I3 I22). */
static bool is_told_too_late(const struct request *r) {
    const struct action_standing_row *row = r->standing;
    if (!row) return true;
    bool waiting = str_is(row->status, "planned") || str_is(row->status, "deferred");
    bool ours = row->fence == r->message->fence;
    bool settles = str_is(row->status, "ambiguous") && r->result.outcome == HANDOFF_SENT;
    return !ours || !(waiting || settles || str_is(row->status, "handing"));
}

static enum rc do_outcome(struct writing *w, const struct request *r) {
    struct ctx *cx = w->cx;
    const struct outgoing *m = r->message;
    if (is_told_too_late(r)) return OK;
    struct action_set_outcome_params p = {
        .id = m->action_id, .fence = m->fence, .reply = str_from(r->result.reply), .reason = S("")};
    switch (r->result.outcome) {
    case HANDOFF_SENT:
        w->counts->sent++;
        p.status = S("sent");
        if (w->config->captures) p.reason = S("CAPTURED");
        *VEC_PUSH(cx->arena, &w->outcomes) = p;
        return note(w, "message.sent", m, r->result.reply);
    case HANDOFF_AMBIGUOUS:
        w->counts->ambiguous++;
        p.status = S("ambiguous");
        p.reason = S("NO_ANSWER");
        *VEC_PUSH(cx->arena, &w->outcomes) = p;
        return note(w, "message.ambiguous", m, r->result.reply);
    case HANDOFF_FAILED: return refused_for_good(w, r);
    case HANDOFF_NOT_SENT:
    case HANDOFF_DEFERRED: return not_accepted(w, r);
    case HANDOFF_REFUSED: break;
    }
    return OK;
}

/* How the messages stand of which the requests tell the outcome. */
static enum rc find_standings(struct writing *w, struct request *requests, size_t room) {
    struct ctx *cx = w->cx;
    struct action_standing_params *keys = ARENA_ARRAY(cx->arena, struct action_standing_params, room + 1);
    struct action_standing_row *rows = ARENA_ARRAY(cx->arena, struct action_standing_row, room + 1);
    bool *found = ARENA_ARRAY(cx->arena, bool, room + 1);
    size_t count = 0, at = 0;
    for (const struct request *q = requests; q; q = q->next)
        if (q->kind == REQUEST_OUTCOME) keys[count++].id = q->message->action_id;
    if (count == 0) return OK;
    TRY(action_standing_lookup(cx, keys, count, rows, found));
    for (struct request *q = requests; q; q = q->next) {
        if (q->kind != REQUEST_OUTCOME) continue;
        q->standing = found[at] ? &rows[at] : NULL;
        at++;
    }
    return OK;
}

enum rc writer_begin(struct writing *w, struct request *requests) {
    size_t count = 0, room = 0;
    for (const struct request *q = requests; q; q = q->next) room++;
    int64_t *ids = ARENA_ARRAY(w->cx->arena, int64_t, room + 1);
    for (const struct request *q = requests; q; q = q->next)
        if (q->kind != REQUEST_OUTCOME) ids[count++] = q->message->customer_id;
    w->env = env_at(w->config->env, w->cx->now);
    w->today = w->env.scope.today;
    TRY(find_standings(w, requests, room));
    if (count == 0) return OK;
    TRY(gate_open(w->cx, w->config, &w->open, &w->closed_by));
    return snapshot_load_set(w->cx, &w->env.scope, ids, count, &w->customers);
}

enum rc writer_handle(struct writing *w, struct request *r) {
    if (r->kind == REQUEST_OUTCOME) return do_outcome(w, r);
    return do_t(w, r);
}

enum rc writer_claim(struct writing *w, size_t room, VecOfOutgoing *out, bool *out_more) {
    struct ctx *cx = w->cx;
    struct action_claim_params claims[64];
    size_t n = 0, most = room < COUNT_OF(claims) ? room : COUNT_OF(claims);
    AUTO(actions_ready_close) struct actions_ready_cursor cursor = {0};
    struct actions_ready_params p = {.limit = (int64_t)most, .after = w->claimed_up_to, .dead_before = cx->now, .letters = w->config->letters};
    TRY(actions_ready_open(cx, &p, &cursor));
    while (n < most) {
        struct actions_ready_row row;
        bool more;
        TRY(actions_ready_next(cx, &cursor, &row, &more));
        if (!more) break;
        w->claimed_up_to = row.id;
        claims[n++] = (struct action_claim_params){.id = row.id,
                                                   .fence = row.fence,
                                                   .claimed_by = str_from(w->config->claimer),
                                                   .lease_until = {cx->now.ms + LEASE_MS}};
        *VEC_PUSH(w->keep, out) = outgoing_new(row.id, row.customer_id, row.fence + 1, row.address, row.resend);
    }
    *out_more = n > 0;
    return action_claim_bulk(cx, claims, n);
}
