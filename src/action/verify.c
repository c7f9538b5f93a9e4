/* `aldia verify`: everything that can be recomputed is recomputed, and every difference is named (REQ: L12, INV: I8
 * I9).
 *
 * The one idea: nothing is repaired here. Large tables are streamed; what is wrong is gathered, up to a bound. */
#include "action/verify.h"

#include "action/app.h"
#include "ledger_sql.h"
#include "strategy/strategy.h"
#include "verify_sql.h"

void verify_differs(struct verifier *v, const char *what, Str id, Str expected, Str found) {
    v->count++;
    if (v->list.count >= VERIFY_MOST_DIFFERENCES) return;
    *VEC_PUSH(v->arena, &v->list) =
        (struct difference){what, arena_str(v->arena, id), arena_str(v->arena, expected), arena_str(v->arena, found)};
}

Str verify_hex(const struct verifier *v, const void *bytes, size_t n) {
    struct buf b = buf_make(256);
    buf_add_hex(&b, bytes, n < 64 ? n : 64);
    Str text = arena_str(v->cx->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

void verify_step(struct verifier *v) {
    v->done++;
    if (v->call->progress && v->done % 4096 == 0)
        v->call->progress(v->call->self, "verify", v->done < v->total ? v->done : v->total, v->total);
}

static Str amount(struct verifier *v, int64_t minor) { return arena_printf(v->cx->arena, "%lld", (long long)minor); }

/* ---- balances ---- */

static enum rc check_instalments(struct verifier *v) {
    AUTO(verify_instalments_close) struct verify_instalments_cursor cursor;
    TRY(verify_instalments_open(v->cx, &cursor));
    for (;;) {
        struct verify_instalments_row r;
        bool more;
        TRY(verify_instalments_next(v->cx, &cursor, &r, &more));
        if (!more) return OK;
        Str id = arena_printf(v->cx->arena, "%.*s/%lld", STR_ARG(r.number), (long long)r.position);
        if (r.open != r.ledger)
            verify_differs(v, "instalment", id, amount(v, r.ledger), amount(v, r.open));
        else if (r.document_amount != r.instalments_amount)
            verify_differs(v, "document", r.number, amount(v, r.instalments_amount), amount(v, r.document_amount));
        else
            verify_differs(v, "instalment", id, S("customer and currency of its document"), S("others"));
    }
}

static enum rc check_charges(struct verifier *v) {
    AUTO(verify_charges_close) struct verify_charges_cursor cursor;
    TRY(verify_charges_open(v->cx, &cursor));
    for (;;) {
        struct verify_charges_row r;
        bool more;
        TRY(verify_charges_next(v->cx, &cursor, &r, &more));
        if (!more) return OK;
        Str id = arena_printf(v->cx->arena, "%.*s/%lld", STR_ARG(r.number), (long long)r.position);
        verify_differs(v, "instalment", id, amount(v, r.charged), amount(v, r.amount));
    }
}

static enum rc check_payments(struct verifier *v) {
    AUTO(verify_payments_close) struct verify_payments_cursor cursor;
    TRY(verify_payments_open(v->cx, &cursor));
    for (;;) {
        struct verify_payments_row r;
        bool more;
        TRY(verify_payments_next(v->cx, &cursor, &r, &more));
        if (!more) return OK;
        int64_t left = r.reversed ? 0 : r.amount - r.allocated - r.refunded;
        verify_differs(v, "payment", amount(v, r.id), arena_printf(v->cx->arena, "unapplied %lld", (long long)left),
                       arena_printf(v->cx->arena, "unapplied %lld, allocated %lld, paid back %lld", (long long)r.unapplied,
                                    (long long)r.allocated, (long long)r.refunded));
    }
}

static enum rc check_credits(struct verifier *v) {
    AUTO(verify_credits_close) struct verify_credits_cursor cursor;
    TRY(verify_credits_open(v->cx, &cursor));
    for (;;) {
        struct verify_credits_row r;
        bool more;
        TRY(verify_credits_next(v->cx, &cursor, &r, &more));
        if (!more) return OK;
        verify_differs(v, "credit allocations", r.currency, amount(v, r.taken), amount(v, r.given));
    }
}

static enum rc check_refunds(struct verifier *v) {
    AUTO(verify_refunds_close) struct verify_refunds_cursor cursor;
    TRY(verify_refunds_open(v->cx, &cursor));
    for (;;) {
        struct verify_refunds_row r;
        bool more;
        TRY(verify_refunds_next(v->cx, &cursor, &r, &more));
        if (!more) return OK;
        verify_differs(v, "paid back of", r.number, amount(v, r.refunded), amount(v, r.taken));
    }
}

/* ---- references ---- */

static enum rc check_orphans(struct verifier *v) {
    static const char *const kinds[] = {"document",     "instalment", "payment", "entry",   "contact", "message body",
                                        "message item", "message",    "promise", "dispute", "hold",    "refund"};
    AUTO(verify_orphans_close) struct verify_orphans_cursor cursor;
    TRY(verify_orphans_open(v->cx, &cursor));
    for (;;) {
        struct verify_orphans_row r;
        bool more;
        TRY(verify_orphans_next(v->cx, &cursor, &r, &more));
        if (!more) return OK;
        const char *what = "row";
        for (size_t i = 0; i < COUNT_OF(kinds); i++)
            if (str_is(r.what, kinds[i])) what = kinds[i];
        verify_differs(v, what, r.id, r.expected, S("none"));
    }
}

static enum rc check_pairs(struct verifier *v) {
    AUTO(verify_pairs_close) struct verify_pairs_cursor cursor;
    TRY(verify_pairs_open(v->cx, &cursor));
    for (;;) {
        struct verify_pairs_row r;
        bool more;
        TRY(verify_pairs_next(v->cx, &cursor, &r, &more));
        if (!more) return OK;
        Str id = arena_printf(v->cx->arena, "instalment %lld, step %.*s", (long long)r.instalment_id, STR_ARG(r.step));
        verify_differs(v, "step performed once", id, S("1"), amount(v, r.times));
    }
}

static enum rc check_strategies(struct verifier *v) {
    AUTO(verify_strategies_close) struct verify_strategies_cursor cursor;
    TRY(verify_strategies_open(v->cx, &cursor));
    for (;;) {
        struct verify_strategies_row r;
        struct strategy parsed;
        bool more;
        TRY(verify_strategies_next(v->cx, &cursor, &r, &more));
        if (!more) return OK;
        struct arena_mark mark = arena_mark(v->cx->arena);
        struct fault before = v->cx->fault;
        Str id = arena_printf(v->cx->arena, "%.*s version %lld", STR_ARG(r.code), (long long)r.version);
        v->strategies++;
        if (r.source.p == NULL)
            verify_differs(v, "strategy", id, S("the version in force"), S("none"));
        else if (strategy_parse(v->cx, r.source, "source", &parsed) != OK)
            verify_differs(v, "strategy", id, S("a strategy that can be read"), str_from(v->cx->fault.message));
        v->cx->fault = before;
        arena_rewind(v->cx->arena, mark);
    }
}

/* ---- all of it ---- */

static enum rc check_all(struct verifier *v) {
    struct ctx *cx = v->cx;
    AUTO(tx_end) struct ctx *scope = cx;
    struct verify_counts_row n;
    struct verify_message_count_row messages;
    TRY(tx_begin(cx, v->call->app->db, TX_READ));
    TRY(verify_counts(cx, &n));
    TRY(verify_message_count(cx, &messages));
    v->customers = n.customers;
    v->documents = n.documents;
    v->instalments = n.instalments;
    v->messages = messages.messages;
    v->total = n.events + n.entries + messages.messages;
    TRY(verify_chain(v));
    TRY(verify_messages(v));
    TRY(check_instalments(v));
    TRY(check_charges(v));
    TRY(check_payments(v));
    TRY(check_credits(v));
    TRY(check_refunds(v));
    TRY(check_orphans(v));
    TRY(check_pairs(v));
    TRY(check_strategies(v));
    TRY(verify_files(v));
    return tx_commit(scope);
}

static void report(struct json_writer *w, const struct verifier *v) {
    json_object(w);
    json_put_bool(w, "ok", v->count == 0);
    json_key(w, "checked");
    json_object(w);
    json_put_i64(w, "customers", v->customers);
    json_put_i64(w, "documents", v->documents);
    json_put_i64(w, "instalments", v->instalments);
    json_put_i64(w, "entries", v->entries);
    json_put_i64(w, "payments", v->payments);
    json_put_i64(w, "events", v->events);
    json_put_i64(w, "messages", v->messages);
    json_put_i64(w, "strategies", v->strategies);
    json_put_i64(w, "files", v->files);
    json_object_end(w);
    json_key(w, "differences");
    json_array(w);
    for (size_t i = 0; i < v->list.count; i++) {
        const struct difference *d = &v->list.items[i];
        json_object(w);
        json_put_text(w, "what", d->what);
        json_put_str(w, "id", d->id);
        json_put_str(w, "expected", d->expected);
        json_put_str(w, "found", d->found);
        json_object_end(w);
    }
    json_array_end(w);
    if (v->count > (int64_t)v->list.count) json_put_i64(w, "more", v->count - (int64_t)v->list.count);
    json_object_end(w);
}

static enum rc verify_run(struct ctx *cx, struct call *call) {
    AUTO(arena_release) struct arena *arena = arena_new();
    struct verifier v = {.cx = cx, .call = call, .arena = arena};
    struct fault before = cx->fault;
    if (db_integrity(cx, call->app->db) != OK) {
        verify_differs(&v, "database", S("integrity"), S("ok"), str_from(cx->fault.message));
        cx->fault = before;
    }
    TRY(check_all(&v));
    report(call->out, &v);
    call->exit_status = v.count ? 1 : 0;
    return OK;
}

const struct action verify_action = {
    .verb = "verify",
    .path = "GET /verify",
    .summary = "Recompute balances, the chain of events and the kept messages, and name every difference",
    .details = "Exit status 0 when everything is as it was written, 1 with differences. Nothing is changed. How an "
               "outsider can do the same stands in docs/ref/chain.md.",
    .needs = CAP_ADMIN,
    .tx = TX_NONE,
    .params = NO_PARAMS,
    .run = verify_run,
    .is_slow = true,
};
