/* Numbers by which money reaches an account: IBAN, CLABE, CBU, CCI, PIX keys and their like, checked by each scheme's
 * own rule (REQ: D2).
 *
 * Two verdicts besides good: WRONG numbers cannot receive a transfer (length, characters, check digits) and are refused
 * by whoever records them; DOUBTFUL ones look unlike what the scheme publishes, which may be our ignorance: a warning.
 */
#ifndef CORE_BANK_NUMBER_H
#define CORE_BANK_NUMBER_H

#include "base/buf.h"
#include "base/ctx.h"

enum bank_scheme {
    BANK_IBAN,
    BANK_CLABE,
    BANK_CBU,
    BANK_CBU_ALIAS,
    BANK_CCI,
    BANK_PIX,
    BANK_SINPE_MOVIL,
    BANK_BRE_B,
    BANK_PLAIN, /* a bank's own number: every country's rule, where it has one */
    BANK_LINK,
    BANK_TEXT, /* anything else, in words */
    BANK_SCHEMES
};

enum bank_verdict { BANK_GOOD, BANK_DOUBTFUL, BANK_WRONG };

struct bank_scheme_info {
    const char *name;    /* "iban", as commands and the database have it */
    const char *country; /* where it is used; NULL: anywhere */
    const char *label;   /* what people call it: "CLABE" */
    const char *source;  /* of the rule; (K): general knowledge, not looked up */
};
extern const struct bank_scheme_info bank_schemes[BANK_SCHEMES];
/* BANK_SCHEMES for an unknown name. */
enum bank_scheme bank_scheme_parse(Str name);

#define BANK_NUMBER_MAX 200
struct bank_number {
    enum bank_verdict verdict;
    char text[BANK_NUMBER_MAX + 1]; /* as it is kept: without the separators people type */
    const char *problem;            /* a phrase: lower case, no full stop; NULL when good */
};
/* `country` of the account, "CO" or empty, matters to BANK_PLAIN alone. */
struct bank_number bank_number_check(enum bank_scheme scheme, Str country, Str typed);
/* The reference page of the schemes, in Markdown: docs/ref/ways-to-pay.md. */
void bank_schemes_document(struct buf *out);
/* As people read it: an IBAN and a CLABE in groups, others as they are kept. In the arena. */
Str bank_number_print(struct arena *arena, enum bank_scheme scheme, Str kept);

#define IBAN_MAX 34
/* Without separators, in capitals, in `out` (IBAN_MAX + 1 bytes); empty when it is no IBAN: mod 97 and the structure of
 * its country in the registry of ISO 13616. */
Str iban_parse(Str typed, char *out);
#define PIX_KEY_MAX 77
/* The key as it stands in the payload: a CPF or CNPJ in digits, a phone as +55…, an e-mail in lower case, a random key
 * with its dashes. Empty when it is none. `out` holds PIX_KEY_MAX + 1 bytes. */
Str pix_key_parse(Str typed, char *out);
/* ISO 9362: 8 or 11 characters. */
bool bic_valid(Str bic);

#endif
