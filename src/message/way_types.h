/* A way to pay the company, as plain values: recorded by `aldia company way`, told in messages, statements and letters.
 */
#ifndef MESSAGE_WAY_TYPES_H
#define MESSAGE_WAY_TYPES_H

#include "core/bank_number.h"
#include "core/money.h"

struct message_way {
    Str code;
    enum bank_scheme scheme;
    Str bank, number, account_type, bic;
    Str holder, holder_tax_id; /* empty: the company */
    Str city, note;
    Str country;  /* only for customers there; empty: for all */
    Str currency; /* only for debts in it, ISO code; empty: for all */
};

#endif
