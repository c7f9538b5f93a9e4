/* Merge fields: every name a message template may use, declared once with its meaning (REQ: D2).
 *
 * Fields are grouped by scope, what a section such as {{#items}} opens. The table drives three things: templates that
 * use another name are refused with file and line, docs/ref/merge-fields.md is written from it, and a test holds the
 * values against it. */
#ifndef MESSAGE_MERGE_FIELD_H
#define MESSAGE_MERGE_FIELD_H

#include "base/buf.h"
#include "base/mustache.h"

enum field_scope {
    SCOPE_NONE, /* a text or a truth: opens nothing */
    SCOPE_MESSAGE,
    SCOPE_COMPANY,
    SCOPE_CUSTOMER,
    SCOPE_GROUP,
    SCOPE_ITEM,
    SCOPE_COUNT_OF,
    SCOPE_INSTALMENT,
    SCOPE_AMOUNT,
    SCOPE_WAY,
    SCOPE_PAYMENT,
    SCOPE_PROMISE,
    SCOPE_PLAN,
    SCOPE_DISPUTE,
    SCOPE_DISCOUNT,
    SCOPE_SEND,
    SCOPE_LAST_PROMISE,
    FIELD_SCOPES
};

struct merge_field {
    enum field_scope scope;
    const char *name;
    enum field_scope opens;
    const char *meaning;
    bool is_amount; /* prints money: no text for an SMS or an answering machine may use it */
};

/* Ordered by scope. */
extern const struct merge_field merge_fields[];
extern const size_t merge_field_count;

/* NULL when the scope has no such field. */
const struct merge_field *merge_field_find(enum field_scope scope, Str name);

/* INVALID "FILE:LINE: …" for a name that means nothing where it stands, in the template or in the partials it calls,
 * and for an unknown partial. */
MUST_USE enum rc merge_fields_check(struct ctx *cx, const struct mustache *template, mustache_partial *partial,
                                    void *self);

/* The same for a text that others may see or hear, an SMS or a voicemail: fields that print money are refused. */
MUST_USE enum rc merge_fields_check_public(struct ctx *cx, const struct mustache *template, mustache_partial *partial,
                                           void *self);

/* The reference page, in Markdown. */
void merge_fields_document(struct buf *out);

#endif
