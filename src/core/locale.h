/* Numbers, money and dates as people of a country write them (CLDR through ICU), in the words of a language.
 *
 * Opening formatters is expensive; a `struct locale` is found once and kept per thread inside. Spaces in the output are U+00A0
 * as CLDR has them; channels that cannot carry it replace it. */
#ifndef CORE_LOCALE_H
#define CORE_LOCALE_H

#include "base/buf.h"
#include "core/date.h"
#include "core/money.h"

struct locale;

/* Language "es" | "en" | "pt", country "CO"…; unknown pairs fall back to the language alone. Never fails for known languages:
 * INVALID otherwise. Shared, immutable to the caller, safe from several threads, lives as long as the process. */
MUST_USE enum rc locale_find(struct ctx *cx, Str language, Str country, const struct locale **out_locale);
/* "$ 29.675.000" (CO), "$ 29,675.00" (MX), "29.675,00 €" (ES); the currency's own symbol in its own country, else the ISO code
 * ("USD 1.234,50"). Decimals are left out where the country does so in practice (COP, CLP, PYG) and the amount has none. */
void locale_money(const struct locale *l, Money m, struct buf *out);
void locale_integer(const struct locale *l, int64_t n, struct buf *out);
/* "27 nov 2026". */
void locale_date(const struct locale *l, Date d, struct buf *out);
/* "viernes 27 de noviembre de 2026". */
void locale_date_long(const struct locale *l, Date d, struct buf *out);
/* The plural category of CLDR for n: "one", "many", "other"…, for choosing wording. */
const char *locale_plural(const struct locale *l, int64_t n);

#endif
