/* Writing off, and taking it back: entries like any other, so that the chain covers them (domain.md 1, INV: I8 I9). */
#include "ledger_sql.h"
#include "portfolio/ledger.h"

static enum rc close_event(struct ctx *cx, struct event *event, Str reason, int64_t amount, Currency currency) {
    char money[MONEY_TEXT], code[4];
    AUTO(buf_done) struct buf data = buf_make(64 * 1024);
    buf_printf(&data, "{\"amount\":\"%.*s\"", STR_ARG(money_text(money_make(amount, currency), money)));
    buf_printf(&data, ",\"currency\":\"%.*s\",\"reason\":\"", STR_ARG(currency_code(currency, code)));
    buf_add_json(&data, reason);
    buf_add(&data, S("\"}"));
    if (!buf_ok(&data)) return fail_field(cx, INVALID, "reason", "shorten it", "the reason is too long");
    return event_close(cx, event, buf_str(&data));
}

enum rc debt_write_off(struct ctx *cx, const struct write_off *w, int64_t *out_amount) {
    struct instalment_open_row row;
    struct event event;
    TRY(instalment_open(cx, &(struct instalment_open_params){.id = w->instalment_id}, &row));
    MUST(row.is_claim && w->amount >= 0);
    if (w->amount > row.open)
        return fail_field(cx, INVALID, "amount", "leave it out to write off all that is open",
                          "the amount is above what is open of %.*s", STR_ARG(w->number));
    *out_amount = w->amount ? w->amount : row.open;
    if (*out_amount == 0) return OK;
    TRY(event_open(cx, "debt.written_off", row.customer_id, w->number, &event));
    TRY(ledger_post(cx, &event,
                    &(struct ledger_entry){
                        .instalment_id = w->instalment_id, .kind = "write_off", .amount = -*out_amount, .date = w->today}));
    return close_event(cx, &event, w->reason, *out_amount, row.currency);
}

enum rc debt_reinstate(struct ctx *cx, const struct write_off *w, int64_t *out_amount) {
    struct instalment_open_row row;
    struct event event;
    VEC_OF(struct write_offs_of_instalment_row) entries = {0};
    TRY(instalment_open(cx, &(struct instalment_open_params){.id = w->instalment_id}, &row));
    {
        AUTO(write_offs_of_instalment_close) struct write_offs_of_instalment_cursor cursor;
        TRY(write_offs_of_instalment_open(
            cx, &(struct write_offs_of_instalment_params){.instalment_id = w->instalment_id}, &cursor));
        for (;;) {
            struct write_offs_of_instalment_row entry;
            bool more;
            TRY(write_offs_of_instalment_next(cx, &cursor, &entry, &more));
            if (!more) break;
            *VEC_PUSH(cx->arena, &entries) = entry;
        }
    }
    *out_amount = 0;
    if (entries.count == 0) return OK;
    TRY(event_open(cx, "debt.reinstated", row.customer_id, w->number, &event));
    for (size_t i = 0; i < entries.count; i++) {
        *out_amount -= entries.items[i].amount;
        TRY(ledger_post(cx, &event,
                        &(struct ledger_entry){.instalment_id = w->instalment_id,
                                               .kind = "reversal",
                                               .amount = -entries.items[i].amount,
                                               .date = w->today,
                                               .reverses_id = entries.items[i].id}));
    }
    return close_event(cx, &event, w->reason, *out_amount, row.currency);
}
