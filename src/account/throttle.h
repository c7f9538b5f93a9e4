/* Slowing guesses down, without ever keeping the right person out (REQ: L2).
 *
 * An attempt is counted before the password is compared, so that many at once gain nothing, and taken back when it was
 * right. Three counts: of the login at this address, of the address, of the login from anywhere; each allows some
 * failures, then asks to wait twice as long each time. Attempts while one waits are answered and not counted, so a
 * stream of guesses does not push the end of the wait away. The last two do not hold where this person has signed in
 * before: who floods a login from elsewhere does not lock its owner out. */
#ifndef ACCOUNT_THROTTLE_H
#define ACCOUNT_THROTTLE_H

#include "store/db.h"

struct attempt {
    Str login;       /* as typed, folded; whether there is such a person makes no difference */
    Str address;     /* of the network, as text; IPv6 counts by its /64 */
    int64_t user_id; /* 0: unknown */
};

/* Needs a writing transaction. *out_wait_s is 0 and the attempt counted as a failure, or the seconds to wait. */
MUST_USE enum rc throttle_begin(struct ctx *cx, const struct attempt *attempt, int64_t *out_wait_s);
/* It was right: forgets its failures and remembers the address. */
MUST_USE enum rc throttle_succeeded(struct ctx *cx, const struct attempt *attempt);
/* The same for second factors, of one person only. */
MUST_USE enum rc throttle_begin_code(struct ctx *cx, int64_t user_id, int64_t *out_wait_s);
MUST_USE enum rc throttle_succeeded_code(struct ctx *cx, int64_t user_id);

#endif
