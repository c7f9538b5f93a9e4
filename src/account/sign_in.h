/* Signing in: password, then a second factor where one is set up (REQ: L2).
 *
 * These open their own transactions, because hashing must not hold one: call them without. Unknown people, wrong
 * passwords, disabled people and people of no company get one answer, after the same work. */
#ifndef ACCOUNT_SIGN_IN_H
#define ACCOUNT_SIGN_IN_H

#include "account/session.h"

struct sign_in_request {
    Str login; /* or e-mail */
    Str password;
    Str address; /* of the network */
    Str agent;
    Str old_token; /* of the session the browser brought, which ends; may be empty */
};

enum sign_in_outcome {
    SIGN_IN_DONE,        /* the token is of an open session */
    SIGN_IN_CODE_WANTED, /* the token is good only for account_second_factor */
    SIGN_IN_REFUSED,     /* wrong, and nothing more is said */
    SIGN_IN_LATER        /* too many attempts: wait_s */
};

struct sign_in_result {
    enum sign_in_outcome outcome;
    char token[TOKEN_TEXT]; /* for the cookie */
    int64_t wait_s;
};

MUST_USE enum rc account_sign_in(struct ctx *cx, struct db *db, const struct session_rules *rules,
                                 const struct sign_in_request *request, struct sign_in_result *out_result);
/* `token` of SIGN_IN_CODE_WANTED, and six digits or a recovery code. A session that is not waiting for a code:
 * SIGN_IN_REFUSED. */
MUST_USE enum rc account_second_factor(struct ctx *cx, struct db *db, const struct session_rules *rules, Str token, Str code,
                                       Str address, Str agent, struct sign_in_result *out_result);
/* Somebody another provider vouches for, by a verified e-mail address; that provider has asked for the second factor.
 * NOT_FOUND-like cases are SIGN_IN_REFUSED. Opens its own transaction. */
MUST_USE enum rc account_sign_in_verified(struct ctx *cx, struct db *db, const struct session_rules *rules, Str email,
                                          Str address, Str agent, struct sign_in_result *out_result);
/* Ends the session of the token, if there is one. */
MUST_USE enum rc account_sign_out(struct ctx *cx, struct db *db, const struct session_rules *rules, Str token);

#endif
