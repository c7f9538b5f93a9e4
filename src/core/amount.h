/* Amounts as people type them: "9.280.000" in Bogota, "9,280,000.00" in Mexico, both meaning what they say there.
 *
 * Programs give plain decimals with a point; people do not. A text is read by the marks of the company's country. Where that gives no
 * number, the other mark may be the decimal one, but only if no other reading is possible ("9280.5" in Bogota; never "1234.500").
 * Nothing is guessed: what could mean two amounts means the one of the country, or nothing. */
#ifndef CORE_AMOUNT_H
#define CORE_AMOUNT_H

#include "core/locale.h"

/* The plain decimal ("9280000.5") in `arena`. Blanks, a sign of money or an ISO code at either end are passed over. False: no
 * amount. */
bool amount_typed(const struct locale *l, Str typed, struct arena *arena, Str *out_plain);

#endif
