/* The payload of the European "scan to pay" code for a SEPA credit transfer: EPC069-12 "Quick Response Code: Guidelines
 * to Enable Data Capture for the Initiation of a SCT", version 002 of the data.
 *
 *     BCD | 002 | 1 (UTF-8) | SCT | BIC | name | IBAN | EUR12.30 | purpose | RF reference | text | note
 *
 * one a line, at most 331 bytes, either a reference or a text; trailing empty lines are left out. */
#ifndef CORE_EPC_QR_H
#define CORE_EPC_QR_H

#include "base/buf.h"
#include "core/money.h"

#define EPC_QR_MAX 331
#define EPC_QR_VERSION                                                                                                 \
    13 /* the largest square the guidelines allow, with error correction M: qr_make's max_version                      \
        */

struct epc_payment {
    Str bic;       /* may be empty within the EEA */
    Str name;      /* beneficiary, up to 70 characters: a longer one is cut */
    Str iban;      /* spaces allowed */
    Money amount;  /* EUR, 0.01 to 999999999.99; zero with any currency: the payer fills it in */
    Str reference; /* ISO 11649, spaces allowed; or empty */
    Str text;      /* up to 140 characters, one line; or empty; never with a reference */
};

/* Appends the payload. INVALID with the field at fault: no SEPA account, wrong check digits, no BIC outside the EEA,
 * another currency, both reference and text, more than EPC_QR_MAX bytes. */
MUST_USE enum rc epc_qr_payload(struct ctx *cx, const struct epc_payment *payment, struct buf *out);

#endif
