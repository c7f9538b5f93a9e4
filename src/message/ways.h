/* Ways to pay: which of them a customer is told, how they read, and the code that a banking app scans (REQ: D2). */
#ifndef MESSAGE_WAYS_H
#define MESSAGE_WAYS_H

#include "base/ctx.h"
#include "message/way_types.h"

/* Copies to out_ways (room for `count`) those for a customer in `country` with debts in `currencies` and returns how
 * many, in their order. When none would be left all are told: a wrong way is worse than none, but an empty list makes
 * people look for a number in old mails. */
size_t ways_for(const struct message_way *ways, size_t count, Str country, const Currency *currencies,
                size_t currency_count, const struct message_way **out_ways);

/* "Norandino", "PIX": what stands before the number; empty for words and links without a bank's name. */
Str way_label(const struct message_way *way);
/* "Corriente 000-128843-07", "IBAN ES91 2100 …, BIC CAIXESBB": in the arena. */
Str way_value(struct arena *arena, const struct message_way *way);

/* The text of a payment code (core/epc_qr.h, core/pix_qr.h). */
struct way_code {
    Str payload;     /* empty: this way has no code */
    int max_version; /* for qr_make */
    bool is_typed;   /* people copy it as text, too (PIX "copia e cola") */
};
struct way_demand {
    Str company;   /* the creditor's name, when the way has no holder of its own */
    Money amount;  /* zero: the payer fills it in; so it is for another currency than the scheme's */
    Str reference; /* the customer's code: as RF where the scheme checks it */
};
/* In cx->arena. A way whose data do not make a code (no BIC outside the EEA, no city) has none: never fails. */
struct way_code way_code_of(struct ctx *cx, const struct message_way *way, const struct way_demand *demand);

#endif
