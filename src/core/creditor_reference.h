/* The creditor reference of ISO 11649, "RF18 5390 0754 7034": what the payer's bank checks and carries through
 * unchanged, so that a transfer finds its customer by itself. */
#ifndef CORE_CREDITOR_REFERENCE_H
#define CORE_CREDITOR_REFERENCE_H

#include "base/ctx.h"

#define CREDITOR_REFERENCE_MAX 25 /* RF, two check digits, up to 21 letters and digits */

typedef struct {
    char text[CREDITOR_REFERENCE_MAX + 1];
} CreditorReference;

/* Makes one of a customer's code or a document's number: its letters and digits, capitalised; other characters fall
 * away. False when none is left, when more than 21 are, or when it has a letter beyond A to Z. */
bool creditor_reference_make(Str code, CreditorReference *out);
/* Reads one as people type it, with or without spaces; false when it is none or its check digits are wrong. */
bool creditor_reference_parse(Str typed, CreditorReference *out);
/* The code it was made of, without RF and check digits. */
Str creditor_reference_code(const CreditorReference *r);
/* As people read it: in fours. */
#define CREDITOR_REFERENCE_PRINTED 32
Str creditor_reference_print(const CreditorReference *r, char *out);

#endif
