/* Making promises and letting the ledger judge them. */
#include "casework/promise.h"

#include "casework_sql.h"
#include "document_sql.h"
#include "ledger_sql.h"
#include "timeline/timeline.h"

struct covered {
    int64_t id, open;
};
typedef VEC_OF(struct covered) covered_list;

static enum rc cover_documents(struct ctx *cx, const struct promise_new *p, covered_list *out) {
    for (size_t i = 0; i < p->document_count; i++) {
        AUTO(instalments_of_document_close) struct instalments_of_document_cursor cursor;
        TRY(instalments_of_document_open(
            cx, &(struct instalments_of_document_params){.document_id = p->document_ids[i]}, &cursor));
        for (;;) {
            struct instalments_of_document_row r;
            bool more;
            TRY(instalments_of_document_next(cx, &cursor, &r, &more));
            if (!more) break;
            if (r.open > 0 && r.is_claim) *VEC_PUSH(cx->arena, out) = (struct covered){r.id, r.open};
        }
    }
    return OK;
}

static enum rc cover_oldest(struct ctx *cx, const struct promise_new *p, covered_list *out) {
    AUTO(instalments_open_of_customer_close) struct instalments_open_of_customer_cursor cursor;
    struct instalments_open_of_customer_params of = {
        .customer_id = p->customer_id, .currency = p->amount.currency, .today = p->today};
    TRY(instalments_open_of_customer_open(cx, &of, &cursor));
    int64_t sum = 0;
    while (sum < p->amount.minor) {
        struct instalments_open_of_customer_row r;
        bool more;
        TRY(instalments_open_of_customer_next(cx, &cursor, &r, &more));
        if (!more) break;
        *VEC_PUSH(cx->arena, out) = (struct covered){r.id, r.open};
        sum += r.open;
    }
    return OK;
}

enum rc promise_add(struct ctx *cx, const struct promise_new *p, int64_t *out_id) {
    covered_list covered = {0};
    if (p->document_count)
        TRY(cover_documents(cx, p, &covered));
    else
        TRY(cover_oldest(cx, p, &covered));
    if (covered.count == 0)
        return fail_field(cx, INVALID, "invoice", "see aldia invoice list --customer",
                          "nothing open is covered by this promise");
    struct promise_next_id_row next;
    struct paid_by_customer_row paid;
    TRY(promise_next_id(cx, &next));
    TRY(paid_by_customer(
        cx, &(struct paid_by_customer_params){.customer_id = p->customer_id, .currency = p->amount.currency}, &paid));
    TRY(promise_insert(cx, &(struct promise_insert_params){.id = next.id,
                                                           .customer_id = p->customer_id,
                                                           .currency = p->amount.currency,
                                                           .amount = p->amount.minor,
                                                           .paid_before = paid.paid,
                                                           .date = p->date,
                                                           .source = p->source,
                                                           .actor = str_from(cx->actor)}));
    for (size_t i = 0; i < covered.count; i++)
        TRY(promise_item_insert(cx, &(struct promise_item_insert_params){.promise_id = next.id,
                                                                         .instalment_id = covered.items[i].id,
                                                                         .open_then = covered.items[i].open}));
    char day[DATE_TEXT], amount[MONEY_TEXT], code[4];
    Str data = arena_printf(cx->arena, "{\"promise\":%lld,\"date\":\"%.*s\",\"amount\":\"%.*s\",\"currency\":\"%.*s\"}",
                            (long long)next.id, STR_ARG(date_iso(p->date, day)), STR_ARG(money_text(p->amount, amount)),
                            STR_ARG(currency_code(p->amount.currency, code)));
    *out_id = next.id;
    return event_note(cx, "promise.made", p->customer_id, arena_printf(cx->arena, "%lld", (long long)next.id), data);
}

enum rc promise_settle_due(struct ctx *cx, Date today) {
    VEC_OF(struct promises_due_row) due = {0};
    {
        AUTO(promises_due_close) struct promises_due_cursor cursor;
        TRY(promises_due_open(cx, &(struct promises_due_params){.today = today}, &cursor));
        for (;;) {
            struct promises_due_row r;
            bool more;
            TRY(promises_due_next(cx, &cursor, &r, &more));
            if (!more) break;
            *VEC_PUSH(cx->arena, &due) = r;
        }
    }
    for (size_t i = 0; i < due.count; i++) {
        const struct promises_due_row *r = &due.items[i];
        const char *outcome = r->paid >= r->amount || r->left_open == 0 ? "kept" : r->paid > 0 ? "partly" : "broken";
        TRY(promise_settle(cx, &(struct promise_settle_params){.id = r->id, .outcome = str_from(outcome)}));
        Str data = arena_printf(cx->arena, "{\"promise\":%lld,\"outcome\":\"%s\"}", (long long)r->id, outcome);
        TRY(event_note(cx, "promise.settled", r->customer_id, arena_printf(cx->arena, "%lld", (long long)r->id), data));
    }
    return OK;
}
