/* Passwords: the rules for new ones, hashing and comparing (REQ: L2).
 *
 * argon2id by libsodium with 3 passes over 19 MiB, about 40 ms; two at once at most, so that a crowd of guesses takes
 * neither the memory nor both processors. Never call hash or compare within a transaction. */
#ifndef ACCOUNT_PASSWORD_H
#define ACCOUNT_PASSWORD_H

#include "base/ctx.h"

#define PASSWORD_LEAST 12  /* characters */
#define PASSWORD_MOST 256  /* bytes */
#define PASSWORD_HASH 128  /* bytes of the text, with its end */
#define PASSWORD_MADE 21   /* bytes of a generated one, with its end: 20 letters of 31, 99 bits */

/* INVALID with field "password" and what is wanted: length, not among the common ones, not the person's own login,
 * name or e-mail. No rules of composition (NIST SP 800-63B 5.1.1.2). `own` are texts it must not consist of. */
MUST_USE enum rc password_check(struct ctx *cx, Str password, const Str *own, size_t count);
void password_make(char out[PASSWORD_MADE]);
/* BUSY when too many wait already. */
MUST_USE enum rc password_hash(struct ctx *cx, Str password, char out_hash[PASSWORD_HASH]);
/* Takes as long whether or not it matches; an empty hash matches nothing and takes as long too. */
MUST_USE enum rc password_compare(struct ctx *cx, Str hash, Str password, bool *out_same);

#endif
