/* The access log (who came in, or tried to) and the audit (who did what); REQ: L2, L8.
 *
 * Both want a writing transaction. Entries of people who are nobody yet (a refused sign-in) belong to no company. What a
 * stranger typed is never kept: it may be a password in the wrong field. */
#ifndef ACCOUNT_ACCESS_H
#define ACCOUNT_ACCESS_H

#include "account/actor.h"
#include "store/db.h"

struct access_entry {
    const char *what; /* 'sign_in', 'sign_in_refused', 'key_used', 'export' … */
    int64_t user_id, key_id; /* 0 = none */
    Str who, address, detail;
    bool is_of_no_company;
};
MUST_USE enum rc access_note(struct ctx *cx, const struct access_entry *entry);
/* The same for what the context's actor does: exports, key use. */
MUST_USE enum rc access_note_actor(struct ctx *cx, const char *what, Str detail);

/* Of the context's actor; `outcome` is the name of a code. */
MUST_USE enum rc audit_note(struct ctx *cx, const char *verb, Str object, enum rc outcome);

#endif
