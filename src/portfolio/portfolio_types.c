/* The words for the portfolio's closed lists, as they stand in files, in the database and in JSON. */
#include "portfolio/portfolio_types.h"

static const char *const channel_names[CHANNEL_COUNT] = {
    [CHANNEL_NONE] = "",     [CHANNEL_EMAIL] = "email",   [CHANNEL_SMS] = "sms", [CHANNEL_WHATSAPP] = "whatsapp",
    [CHANNEL_CALL] = "call", [CHANNEL_LETTER] = "letter",
};

static const char *const document_names[] = {
    [DOCUMENT_INVOICE] = "invoice",
    [DOCUMENT_DEBIT_NOTE] = "debit_note",
    [DOCUMENT_CREDIT_NOTE] = "credit_note",
    [DOCUMENT_ADVANCE] = "advance",
};

const char *channel_kind_name(enum channel_kind kind) { return kind < CHANNEL_COUNT ? channel_names[kind] : ""; }

bool channel_kind_parse(Str name, enum channel_kind *out_kind) {
    for (int kind = CHANNEL_NONE + 1; kind < CHANNEL_COUNT; kind++)
        if (str_is(name, channel_names[kind])) {
            *out_kind = (enum channel_kind)kind;
            return true;
        }
    return false;
}

bool channel_is_written(enum channel_kind kind) { return kind != CHANNEL_NONE && kind != CHANNEL_CALL; }

const char *document_type_name(enum document_type type) {
    return (size_t)type < COUNT_OF(document_names) ? document_names[type] : "";
}

bool document_type_parse(Str name, enum document_type *out_type) {
    for (size_t type = 0; type < COUNT_OF(document_names); type++)
        if (str_is(name, document_names[type])) {
            *out_type = (enum document_type)type;
            return true;
        }
    return false;
}

bool document_is_claim(enum document_type type) { return type == DOCUMENT_INVOICE || type == DOCUMENT_DEBIT_NOTE; }
