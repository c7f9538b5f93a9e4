/* The company's ways to pay, read for messages and documents. */
#ifndef ACTION_WAYS_H
#define ACTION_WAYS_H

#include "action/action.h"
#include "message/way_types.h"
#include "way_sql.h"

/* All of them in their order, in cx->arena; needs a transaction. */
MUST_USE enum rc ways_load(struct ctx *cx, const struct message_way **out_ways, size_t *out_count);

/* Its members, as they are kept; the number as people read it. */
void way_put_json(struct ctx *cx, struct json_writer *w, const struct message_way *way);

/* A way that is to be added or changed: what there is and what would be. */
struct way_change {
    bool is_known;
    struct way_by_code_row was; /* when it is known */
    struct way_put_params will;
    const char *warning; /* NULL: none */
};
/* What a call of WAY_PARAMS makes of the way with this code: given texts replace what is kept. */
MUST_USE enum rc way_read(struct ctx *cx, const struct call *call, Str code, struct way_change *out_change);
/* Checks and tidies it. INVALID: no money could reach it. */
MUST_USE enum rc way_check(struct ctx *cx, const struct call *call, struct way_change *change);
struct message_way way_will_be(const struct way_change *change);

/* Of an existing one only what is given changes. */
#define WAY_PARAMS \
    {"scheme", P_CHOICE, OPTIONAL, "what kind of number it is", "iban|clabe|cbu|alias|cci|pix|sinpe|bre-b|account|link|text"}, \
    {"number", P_TEXT, OPTIONAL, "account, key, link or words", NULL}, \
    {"bank", P_TEXT, OPTIONAL | CLEARABLE, "name of the bank", NULL}, \
    {"account-type", P_TEXT, OPTIONAL | CLEARABLE, "Corriente, Ahorros …", NULL}, \
    {"bic", P_TEXT, OPTIONAL | CLEARABLE, "BIC of the bank", NULL}, \
    {"holder", P_TEXT, OPTIONAL | CLEARABLE, "when it is not the company's own", NULL}, \
    {"holder-id", P_TEXT, OPTIONAL | CLEARABLE, "tax number of that holder", NULL}, \
    {"city", P_TEXT, OPTIONAL | CLEARABLE, "of the receiver, for a PIX code", NULL}, \
    {"note", P_TEXT, OPTIONAL | CLEARABLE, "a line for the payer", NULL}, \
    {"for-country", P_TEXT, OPTIONAL | CLEARABLE, "only for customers there", NULL}, \
    {"for-currency", P_TEXT, OPTIONAL | CLEARABLE, "only for debts in this currency", NULL}

#endif
