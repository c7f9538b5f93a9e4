/* A new company, as `init` makes the first and `company add` every other. */
#ifndef ACTION_COMPANY_NEW_H
#define ACTION_COMPANY_NEW_H

#include "action/action.h"

#define COMPANY_STRATEGY "recurrente-30" /* the default one of a new company */

struct company_new {
    Str code, name, country, zone, language, tax_id, email;
    Currency currency;
};

/* Of the parameters below and `code`; INVALID names the one at fault. */
#define COMPANY_PARAMS                                                                                                 \
    {"name", P_TEXT, REQUIRED, "name of the company, as debtors know it", NULL},                                       \
        {"country", P_TEXT, REQUIRED, "ISO 3166 code: CO, MX, AR …", NULL},                                            \
        {"currency", P_CURRENCY, REQUIRED, "ISO 4217 code: COP, MXN, ARS …", NULL},                                    \
        {"zone", P_TEXT, OPTIONAL, "IANA time zone; else the most populous of the country", NULL},                     \
        {"language", P_CHOICE, OPTIONAL, "language of its messages", "es|en|pt"},                                      \
        {"tax-id", P_TEXT, OPTIONAL, "tax id, shown in messages", NULL}, {                                             \
        "email", P_TEXT, OPTIONAL, "address debtors may write to", NULL                                                \
    }
MUST_USE enum rc company_new_read(struct ctx *cx, const struct call *call, struct company_new *out_company);
/* With all strategies, none activated; the context is of this company from then on. CONFLICT: the code is taken. */
MUST_USE enum rc company_new_create(struct ctx *cx, const struct company_new *company);

#endif
