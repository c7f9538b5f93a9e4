/* Rows of the ledger as their event covers them: read by a query, hashed as ledger and payments hash what they write. */
#include <string.h>

#include "action/verify.h"
#include "verify_sql.h"

static Currency currency_of(Str code) {
    Currency c = {0};
    return currency_parse(code, &c) ? c : (Currency){0};
}

void verify_debt_hash(const struct verify_entries_row *e, unsigned char out[EVENT_HASH_SIZE]) {
    debt_hash(&(struct covered_debt){.instalment_id = e->instalment_id,
                                     .document_id = e->document_id,
                                     .document_event = e->document_event,
                                     .customer_id = e->customer_id,
                                     .position = e->position,
                                     .amount = e->instalment_amount,
                                     .is_claim = e->is_claim,
                                     .issue_date = e->issue_date,
                                     .due_date = e->due_date,
                                     .currency = currency_of(e->currency),
                                     .number = e->number,
                                     .type = e->type,
                                     .reference = e->reference,
                                     .description = e->description,
                                     .applies_to = e->applies_to},
              out);
}

void verify_entry_hash(const struct verify_entries_row *e, const unsigned char debt[EVENT_HASH_SIZE], unsigned char out[EVENT_HASH_SIZE]) {
    char kind[32] = {0};
    memcpy(kind, e->kind.p, e->kind.n < sizeof kind - 1 ? e->kind.n : sizeof kind - 1);
    entry_hash(&(struct covered_entry){.id = e->id,
                                       .instalment_id = e->instalment_id,
                                       .kind = kind,
                                       .amount = e->amount,
                                       .date = e->date,
                                       .payment_id = e->has_payment_id ? e->payment_id : 0,
                                       .other_id = e->has_other_id ? e->other_id : 0,
                                       .reverses_id = e->has_reverses_id ? e->reverses_id : 0,
                                       .debt = str_is(e->kind, "charge") ? debt : NULL},
               out);
}

void verify_payment_hash(const struct verify_payment_rows_row *p, unsigned char out[EVENT_HASH_SIZE]) {
    if (p->sort >= VERIFY_REFUND)
        refund_hash(&(struct covered_refund){.id = p->id,
                                             .payment_id = p->sort == VERIFY_REFUND ? p->occurrence : 0,
                                             .document_id = p->sort == VERIFY_CREDIT_REFUND ? p->occurrence : 0,
                                             .customer_id = p->customer_id,
                                             .date = p->date,
                                             .amount = p->amount,
                                             .reference = p->reference,
                                             .method = p->method,
                                             .external_id = p->external_id},
                    out);
    else if (p->sort == VERIFY_REVERSAL)
        reversal_hash(p->id, p->reversed_on, out);
    else
        payment_hash(&(struct covered_payment){.id = p->id,
                                               .customer_id = p->customer_id,
                                               .amount = p->amount,
                                               .date = p->date,
                                               .currency = currency_of(p->currency),
                                               .reference = p->reference,
                                               .method = p->method,
                                               .bank_account = p->bank_account,
                                               .invoice_number = p->invoice_number,
                                               .external_id = p->external_id,
                                               .fingerprint = p->fingerprint,
                                               .occurrence = p->occurrence},
                     out);
}
