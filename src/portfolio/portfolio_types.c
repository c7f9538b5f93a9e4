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

bool channel_listed(Str list, enum channel_kind kind) {
    while (list.n)
        if (str_is(str_trim(str_cut(&list, ',')), channel_names[kind])) return true;
    return false;
}

/* "09:30" as seconds of the day; "24:00" is its end. −1 for anything else. */
static int32_t time_of_day(Str text) {
    int64_t hour, minute;
    if (text.n != 5 || text.p[2] != ':' || text.p[0] == '-' || text.p[3] == '-') return -1;
    if (!str_to_i64((Str){text.p, 2}, &hour) || !str_to_i64((Str){text.p + 3, 2}, &minute)) return -1;
    if (hour > 24 || minute > 59 || (hour == 24 && minute > 0)) return -1;
    return (int32_t)(hour * 3600 + minute * 60);
}

bool contact_hours_parse(Str text, int32_t *out_from_s, int32_t *out_to_s) {
    Str to = text;
    int32_t from_s = 0, to_s = 0;
    if (text.n) {
        from_s = time_of_day(str_trim(str_cut(&to, '-')));
        to_s = to.p ? time_of_day(str_trim(to)) : -1;
        if (from_s < 0 || to_s <= from_s) return false;
    }
    *out_from_s = from_s;
    *out_to_s = to_s;
    return true;
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
