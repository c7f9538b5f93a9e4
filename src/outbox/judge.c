/* Confirm, cancel, settle, done. */
#include "outbox/judge.h"

#include "action_sql.h"
#include "casework/recourse.h"
#include "message_sql.h"
#include "outbox_sql.h"
#include "portfolio/ledger.h"
#include "timeline/timeline.h"

/* What may be done with something in this status, for the hint of a refusal. */
static const char *possible(Str status, Str ladder) {
    if (str_is(status, "approval")) return PHRASE("it waits for approval: confirm or cancel it");
    if (str_is(status, "planned") || str_is(status, "deferred")) return PHRASE("it can still be cancelled");
    if (str_is(status, "ambiguous")) return PHRASE("settle it: --as sent, not-sent or resend");
    if (str_is(status, "open")) return PHRASE("it is a task: aldia task done");
    if (str_is(status, "handing")) return PHRASE("it is being handed over right now; look again in a minute");
    return str_is(ladder, "message") ? PHRASE("it is over; nothing can be changed about it any more") : PHRASE("it is over");
}

/* What a status is called among people. */
static const char *status_said(const struct ctx *cx, Str status) {
    static const char *const known[] = {PHRASE("planned"), PHRASE("approval"), PHRASE("deferred"), PHRASE("handing"), PHRASE("sent"),
                                        PHRASE("ambiguous"), PHRASE("failed"), PHRASE("refused"), PHRASE("cancelled"),
                                        PHRASE("settled"), PHRASE("open"), PHRASE("done")};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_is(status, known[i])) return phrase(cx, known[i]);
    return arena_cstr(cx->arena, status);
}

static enum rc find(struct ctx *cx, int64_t id, struct message_get_row *out) {
    bool found;
    TRY(message_get(cx, &(struct message_get_params){.id = id}, out, &found));
    if (!found)
        return fail_field(cx, NOT_FOUND, "id", "aldia message list and aldia task list show the numbers",
                          "there is no message or task %lld", (long long)id);
    return OK;
}

static enum rc wrong_status(struct ctx *cx, const struct message_get_row *a, SAYS const char *refusal) {
    return fail_field(cx, CONFLICT, "id", possible(a->status, a->ladder), "%s %lld is %s and %s",
                      phrase(cx, str_is(a->ladder, "message") ? "message" : str_is(a->ladder, "task") ? "task" : "change of state"),
                      (long long)a->id, status_said(cx, a->status), phrase(cx, refusal));
}

/* {"action":1,"message_id":…,"to":…,"KEY":TEXT} */
static Str data_of(struct ctx *cx, const struct message_get_row *a, const char *key, Str text) {
    struct buf b = buf_make(65536);
    buf_printf(&b, "{\"action\":%lld,\"step\":\"", (long long)a->id);
    buf_add_json(&b, a->step);
    buf_add(&b, S("\",\"to\":\""));
    buf_add_json(&b, a->address);
    buf_add(&b, S("\""));
    if (a->message_id.n) {
        buf_add(&b, S(",\"message_id\":\""));
        buf_add_json(&b, a->message_id);
        buf_add(&b, S("\""));
    }
    if (key) {
        buf_printf(&b, ",\"%s\":\"", key);
        buf_add_json(&b, text);
        buf_add(&b, S("\""));
    }
    buf_add(&b, S("}"));
    MUST(buf_ok(&b));
    Str data = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return data;
}

static enum rc note(struct ctx *cx, const char *kind, const struct message_get_row *a, const char *key, Str text) {
    return event_note(cx, kind, a->customer_id, arena_printf(cx->arena, "%lld", (long long)a->id),
                      data_of(cx, a, key, text));
}

static Str reason_data(struct ctx *cx, const char *key, Str text) {
    struct buf b = buf_make(65536);
    buf_printf(&b, "{\"%s\":\"", key);
    buf_add_json(&b, text);
    buf_add(&b, S("\",\"actor\":\""));
    buf_add_json(&b, str_from(cx->actor));
    buf_add(&b, S("\"}"));
    MUST(buf_ok(&b));
    Str data = arena_str(cx->arena, buf_str(&b));
    buf_done(&b);
    return data;
}

/* An approved change of state takes place: a recourse of the documents, or a write-off (REQ: B3). */
static enum rc change_state(struct ctx *cx, const struct message_get_row *a, Date today) {
    VEC_OF(struct state_items_row) items = {0};
    {
        AUTO(state_items_close) struct state_items_cursor cursor;
        TRY(state_items_open(cx, &(struct state_items_params){.action_id = a->id}, &cursor));
        for (;;) {
            struct state_items_row row;
            bool more;
            TRY(state_items_next(cx, &cursor, &row, &more));
            if (!more) break;
            row.number = arena_str(cx->arena, row.number);
            *VEC_PUSH(cx->arena, &items) = row;
        }
    }
    bool gives_up = str_is(a->template, "write_off");
    for (size_t i = 0; i < items.count; i++) {
        const struct state_items_row *item = &items.items[i];
        int64_t amount;
        const struct write_off off = {
            .instalment_id = item->instalment_id, .number = item->number, .reason = a->step, .today = today};
        if (gives_up) TRY(debt_write_off(cx, &off, &amount));
        if (gives_up || (i && items.items[i - 1].document_id == item->document_id)) continue;
        TRY(recourse_set(cx, &(struct recourse_new){.customer_id = item->customer_id,
                                                    .document_id = item->document_id,
                                                    .number = item->number,
                                                    .kind = a->template,
                                                    .reason = a->step}));
    }
    return OK;
}

enum rc judge_confirm(struct ctx *cx, int64_t id, Date today, Str *out_status) {
    struct message_get_row a;
    TRY(find(cx, id, &a));
    if (!str_is(a.status, "approval")) return wrong_status(cx, &a, "cannot be confirmed");
    if (str_is(a.ladder, "message")) {
        TRY(message_confirm(cx, &(struct message_confirm_params){.id = id}));
        *out_status = S("planned");
        return note(cx, "message.confirmed", &a, NULL, S(""));
    }
    Str data = reason_data(cx, "note", S(""));
    TRY(action_done(cx, &(struct action_done_params){.id = id, .reason_data = data}));
    *out_status = S("done");
    if (str_is(a.ladder, "state")) TRY(change_state(cx, &a, today));
    return note(cx, str_is(a.ladder, "state") ? "state.approved" : "task.approved", &a, "kind", a.template);
}

/* A choice to resend taken back: what became of the first time is as unknown as before. */
static enum rc take_back_resend(struct ctx *cx, const struct message_get_row *a, Str reason) {
    TRY(action_set_kept_back(cx, &(struct action_set_kept_back_params){
                                     .id = a->id, .fence = a->fence, .reason = S("CANCELLED"), .reply = a->reply}));
    return note(cx, "message.kept_back", a, "reason", reason);
}

enum rc judge_cancel(struct ctx *cx, int64_t id, Str reason, Str *out_status) {
    struct message_get_row a;
    int64_t changed;
    TRY(find(cx, id, &a));
    *out_status = S("ambiguous");
    if (a.resend && !str_is(a.status, "handing")) return take_back_resend(cx, &a, reason);
    *out_status = S("cancelled");
    TRY(message_cancel_count(
        cx, &(struct message_cancel_params){.id = id, .reason_data = reason_data(cx, "reason", reason)}, &changed));
    if (changed == 0) return wrong_status(cx, &a, "cannot be cancelled");
    return note(cx, str_is(a.ladder, "message") ? "message.cancelled" : "state.rejected", &a, "reason", reason);
}

enum rc judge_task_done(struct ctx *cx, int64_t id, Str text) {
    struct message_get_row a;
    TRY(find(cx, id, &a));
    if (!str_is(a.ladder, "task") || !str_is(a.status, "open"))
        return fail_field(cx, CONFLICT, "id", "aldia task list --open shows the tasks that are open",
                          "%.*s %lld is not an open task", STR_ARG(a.ladder), (long long)id);
    TRY(action_done(cx, &(struct action_done_params){.id = id, .reason_data = reason_data(cx, "note", text)}));
    return note(cx, "task.done", &a, "note", text);
}

static enum rc find_ambiguous(struct ctx *cx, int64_t id, struct message_get_row *out) {
    TRY(find(cx, id, out));
    return str_is(out->status, "ambiguous") ? OK : wrong_status(cx, out, "cannot be settled");
}

enum rc judge_settle_sent(struct ctx *cx, int64_t id) {
    struct message_get_row a;
    TRY(find_ambiguous(cx, id, &a));
    TRY(message_settle_sent(cx, &(struct message_settle_sent_params){.id = id}));
    return note(cx, "message.settled", &a, "as", S("sent"));
}

enum rc judge_settle_not_sent(struct ctx *cx, int64_t id, struct journal *journal) {
    struct message_get_row a;
    TRY(find_ambiguous(cx, id, &a));
    TRY(action_items_release(cx, &(struct action_items_release_params){.action_id = id}));
    TRY(message_settle_not_sent(cx, &(struct message_settle_not_sent_params){.id = id}));
    if (journal) {
        struct gate_state_row state;
        TRY(gate_state(cx, &state));
        TRY(journal_refresh(cx, journal, state.journal_seq));
        if (journal->kept > state.journal_seq)
            return fail_field(cx, DENIED, "id", "aldia instance confirm, if this is the live installation",
                              "this installation is a restored or copied one and not confirmed");
        journal_add(journal, "U", a.message_id);
        TRY(journal_advance(cx, &(struct journal_advance_params){.journal_seq = journal->seq}));
    }
    return note(cx, "message.settled", &a, "as", S("not-sent"));
}

enum rc judge_settle_resend(struct ctx *cx, int64_t id) {
    struct message_get_row a;
    TRY(find_ambiguous(cx, id, &a));
    if (a.body_hash.p == NULL)
        return fail_field(cx, CONFLICT, "id", "settle it as sent or as not-sent",
                          "the bytes of message %lld are not kept here", (long long)id);
    TRY(message_settle_resend(cx, &(struct message_settle_resend_params){.id = id}));
    return note(cx, "message.settled", &a, "as", S("resend"));
}
