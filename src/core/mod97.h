/* The check of ISO 7064 MOD 97-10 that IBANs and creditor references share: letters count as 10 to 35. */
#ifndef CORE_MOD97_H
#define CORE_MOD97_H

#include "base/str.h"

/* Remainder of `head` followed by `tail`, both of digits and capital letters; -1 when another character is among
 * them. */
int mod97(Str head, Str tail);
/* Removes spaces, dots and dashes and capitalises ASCII letters: how people type such numbers. Returns the length, or 0
 * when it does not fit `size`. */
size_t mod97_clean(Str typed, char *out, size_t size);

#endif
