/* Numbers, money and dates as people of a country write them (CLDR through ICU), in the words of a language.
 *
 * Marks, symbols and the order of day and month are the country's; names of months and weekdays are the language's.
 * Every space in a number is U+00A0; channels that cannot carry it replace it. */
#ifndef CORE_LOCALE_H
#define CORE_LOCALE_H

#include "base/buf.h"
#include "core/date.h"
#include "core/money.h"

struct locale;

/* Language "es" | "en" | "pt", country "CO"…; an unknown country falls back to the language alone. INVALID for another
 * language. Shared, immutable, safe from several threads, lives as long as the process. */
MUST_USE enum rc locale_find(struct ctx *cx, Str language, Str country, const struct locale **out_locale);
/* "$ 29.675.000" (CO), "$ 29,675.00" (MX), "29.675,00 €" (ES), "-$ 5" below zero; the currency's own symbol in its own
 * country, else the ISO code in the symbol's place ("USD 1.234,50" CO, "1.234,50 USD" ES). Decimals are left out where
 * the country does so in practice (COP, besides those that have none) and the amount has none. */
void locale_money(const struct locale *l, Money m, struct buf *out);
void locale_integer(const struct locale *l, int64_t n, struct buf *out);
/* The decimal mark of amounts, '.' or ','. */
char locale_decimal_mark(const struct locale *l);
/* "27 nov 2026"; "Nov 27, 2026" in the English of the United States. Nothing for DATE_NONE, as locale_date_long. */
void locale_date(const struct locale *l, Date d, struct buf *out);
/* The same without the year, "27 nov"; and the month alone, "nov": where a column or an axis tells the rest. */
void locale_day(const struct locale *l, Date d, struct buf *out);
void locale_month(const struct locale *l, Date d, struct buf *out);
/* "viernes 27 de noviembre de 2026", "sexta-feira, 27 de novembro de 2026", "Friday 27 November 2026". */
void locale_date_long(const struct locale *l, Date d, struct buf *out);
/* The plural category of CLDR for n: "one", "many", "other"…, for choosing wording. */
const char *locale_plural(const struct locale *l, int64_t n);

#endif
