/* People of an installation and what they are in the context's company (REQ: L2). All want a writing transaction. */
#ifndef ACCOUNT_USER_H
#define ACCOUNT_USER_H

#include "account/actor.h"
#include "store/db.h"

struct user_new {
    Str login; /* small letters, figures, . _ @ -; at most 64 */
    Str name, email, language;
    const char *password_hash; /* password_hash(); "": signs on elsewhere only */
    bool password_is_own;      /* chosen by the person; else it must be changed at the first sign-in */
};

struct member {
    enum role role;
    enum scope scope;
    Str team; /* its name; made when there is none yet; empty: in no team */
    Str code; /* in customer.collector and customer.seller */
};

/* A new person, who belongs to no company yet. INVALID, CONFLICT: the login or the address is taken. */
MUST_USE enum rc user_create(struct ctx *cx, const struct user_new *user, int64_t *out_id);
/* What a person is in the context's company, from now on; their sessions there end. CONFLICT when nobody would be left
 * to administer it. */
MUST_USE enum rc user_place(struct ctx *cx, int64_t id, const struct member *member);
MUST_USE enum rc user_change_profile(struct ctx *cx, int64_t id, Str name, Str email, Str language, Str theme);
/* The person belongs to the context's company no more. */
MUST_USE enum rc user_leave(struct ctx *cx, int64_t id);
/* DENIED unless the context's actor administers every company this person belongs to (or is the console): who resets a
 * password could go in as them. */
MUST_USE enum rc user_check_reach(struct ctx *cx, int64_t id);
/* A new hash; every session of the person ends. */
MUST_USE enum rc user_change_password(struct ctx *cx, int64_t id, const char *hash, bool is_own);
/* Who does what a person began and left to be done: what they may and see in the context's company now. *out_found false: they are disabled,
 * belong to it no more, or have a password somebody else gave. Any transaction will do. */
MUST_USE enum rc user_actor(struct ctx *cx, int64_t id, struct actor *out_actor, bool *out_found);
/* Nobody can sign in as them, their sessions end and their keys rest; or all that again. */
MUST_USE enum rc user_disable(struct ctx *cx, int64_t id, bool disabled);
/* The person's data go: name, address, password, second factor, sessions, access log. What they did stays, as
 * "user:ID" (REQ: L8, INV: I24). */
MUST_USE enum rc user_erase(struct ctx *cx, int64_t id);

#endif
