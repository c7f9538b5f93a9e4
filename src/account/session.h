/* Sessions: from the cookie a browser brings to the actor it stands for (REQ: L2).
 *
 * The cookie holds 256 random bits; the database their SHA-256. A session ends by itself when it was not used for a while
 * and, however much it is used, after a day's work; when its person is disabled, leaves the company or changes role or
 * password; and by hand. Every step up (sign-in, second factor, password, other company) makes a new session with a new
 * token and ends the one before, so a token known from before is worth nothing after. */
#ifndef ACCOUNT_SESSION_H
#define ACCOUNT_SESSION_H

#include "account/actor.h"
#include "account/token.h"
#include "store/db.h"

struct session_rules {
    int64_t idle_ms, most_ms;
};

enum session_stage {
    SESSION_CODE, /* the password was right, the second factor is missing: worth nothing but giving it */
    SESSION_OPEN
};

struct session {
    int64_t id, user_id, company_id;
    char login[80];
    enum session_stage stage;
    struct actor actor; /* of an open one; nobody while the code is missing */
    bool touch_due;     /* its time of last use should be written: session_touch */
};

/* Of the token a browser brought from `address`; any transaction. Unknown, ended, expired and those of disabled people look alike:
 * *out_found false. */
MUST_USE enum rc session_find(struct ctx *cx, const struct session_rules *rules, Str token, Str address,
                              struct session *out_session, bool *out_found);
/* The same by the token's hash: for what outlives the request that brought the token. */
MUST_USE enum rc session_find_hashed(struct ctx *cx, const struct session_rules *rules, const unsigned char hash[TOKEN_HASH],
                                     struct session *out_session, bool *out_found);
/* Writing transaction; only when touch_due, which is once a minute at most. */
MUST_USE enum rc session_touch(struct ctx *cx, const struct session *session);

struct session_start {
    int64_t user_id, company_id;
    enum session_stage stage;
    Str address, agent; /* the agent is cut to what a list shows */
    int64_t replaces;   /* ends that session; 0 = none */
};
/* Writing transaction. `out_token` goes into the cookie and is not kept. */
MUST_USE enum rc session_begin(struct ctx *cx, const struct session_rules *rules, const struct session_start *start,
                               char out_token[TOKEN_TEXT]);
/* The same with a new token and everything else as it is: after a change of password or of second factor, whose other
 * sessions end too. */
MUST_USE enum rc session_rotate(struct ctx *cx, const struct session_rules *rules, const struct actor *actor, Str agent,
                                char out_token[TOKEN_TEXT]);
MUST_USE enum rc session_end(struct ctx *cx, int64_t id, int64_t user_id);

#endif
