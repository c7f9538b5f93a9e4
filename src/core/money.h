/* Money: an amount in minor units and its currency, as one value.
 *
 * Adding two currencies is impossible: every operation on two amounts checks and stops the program on a mismatch, so
 * callers group by currency first. No floating point. Exponents follow ISO 4217 (CLP 0, COP 2, KWD 3). */
#ifndef CORE_MONEY_H
#define CORE_MONEY_H

#include "base/buf.h"
#include "base/ctx.h"

/* ISO 4217 alphabetic code packed into an integer ('C'<<16|'O'<<8|'P'), so that it is compared and copied for free;
 * 0 = none. */
typedef struct {
    uint32_t packed;
} Currency;

typedef struct {
    int64_t minor;
    Currency currency;
} Money;

/* Known ISO code in capitals; false for anything else. */
bool currency_parse(Str code, Currency *out_currency);
/* The same, and what files write instead of a code where it can mean one currency only: "M.N.", "US$", "S/". Not "$" or "pesos". */
bool currency_written(Str text, Currency *out_currency);
bool currency_equal(Currency a, Currency b);
/* "COP"; `text` must hold 4 bytes. */
Str currency_code(Currency c, char *text);
/* Decimals of the currency: 0, 2, 3 or 4. */
int currency_exponent(Currency c);

Money money_make(int64_t minor, Currency c);
Money money_zero(Currency c);
/* Stop the program on different currencies or overflow. */
Money money_add(Money a, Money b);
Money money_sub(Money a, Money b);
Money money_negate(Money a);
Money money_min(Money a, Money b);
/* <0, 0, >0; same currency required. */
int money_compare(Money a, Money b);
/* a × numerator / denominator in 128 bit, rounded once, half to even. */
Money money_scale(Money a, int64_t numerator, int64_t denominator);

enum money_problem { MONEY_OK, MONEY_EMPTY, MONEY_MALFORMED, MONEY_TOO_MANY_DECIMALS, MONEY_TOO_LARGE };
/* A plain decimal ("1234.5", "-0.01") with `decimal_mark` ('.' or ','), at most the currency's decimals (trailing zeros
 * beyond them are allowed: "10.500" COP is 10.50), at most 15 digits before the mark. `group_mark` (0 = none allowed)
 * may separate thousands, in exact groups of three. */
enum money_problem money_parse(Str text, Currency c, char decimal_mark, char group_mark, Money *out_money);
/* The exact decimal with a point and all the currency's decimals: "1234.50", "-3", as JSON and files have it. */
void money_decimal(Money m, struct buf *out);
#define MONEY_TEXT 32
Str money_text(Money m, char *text); /* the same into MONEY_TEXT bytes */

#endif
