/* The static PIX code, "copia e cola": the EMV merchant-presented payload of Banco Central do Brasil's "Manual de
 * Padrões para Iniciação do Pix", for a key, with or without an amount. */
#ifndef CORE_PIX_QR_H
#define CORE_PIX_QR_H

#include "base/buf.h"
#include "core/money.h"

struct pix_payment {
    Str key;       /* e-mail, phone +55…, CPF, CNPJ or random key: see bank_number.h */
    Str name;      /* of the receiver; accents fall away, 25 characters are kept */
    Str city;      /* the same, 15 */
    Money amount;  /* BRL; zero with any currency: the payer fills it in */
    Str reference; /* txid: letters and digits, up to 25; others fall away; empty: "***", as the manual has it */
};

#define PIX_QR_VERSION 15

/* Appends the payload with its CRC. INVALID with the field at fault. */
MUST_USE enum rc pix_qr_payload(struct ctx *cx, const struct pix_payment *payment, struct buf *out);
/* CRC-16/CCITT-FALSE, the last four hexadecimal digits of every EMV payload. */
uint16_t emv_crc16(Str bytes);

#endif
