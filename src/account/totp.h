/* The second factor: codes of RFC 6238 (SHA-1, 6 digits, 30 s, one step of drift either way), and recovery codes.
 *
 * A code is taken once: the step it belongs to is kept, and it and all before it are refused from then on. Recovery codes
 * are shown once, kept as hashes and used once. */
#ifndef ACCOUNT_TOTP_H
#define ACCOUNT_TOTP_H

#include "base/buf.h"
#include "store/db.h"

#define TOTP_SECRET 20
#define TOTP_DIGITS 6
#define TOTP_STEP_S 30
#define RECOVERY_CODES 10
#define RECOVERY_TEXT 15 /* "xxxxx-xxxxx" … with its end */

/* The step of a code at this instant that is later than `after`; false when it is none of the previous, present and
 * next. */
bool totp_match(Str secret, Str code, Instant now, int64_t after, int64_t *out_step);
/* The six digits of a step; for tests and the like. */
void totp_code(Str secret, int64_t step, char out[TOTP_DIGITS + 1]);
/* "otpauth://totp/ISSUER:LOGIN?secret=…", as authenticator apps read it from a QR code. */
void totp_uri(Str secret, Str issuer, Str login, struct buf *out);
/* The secret in base32, for typing. */
void totp_secret_text(Str secret, struct buf *out);

/* Begins enrolment: a secret that counts only once a code of it was given. Writing transaction. CONFLICT when there is no key to
 * seal it with. */
MUST_USE enum rc totp_enrol(struct ctx *cx, int64_t user_id, Str *out_secret);
/* The secret of an enrolment that waits for its first code; empty: none does, or the key that opens it is gone. */
MUST_USE enum rc totp_pending(struct ctx *cx, int64_t user_id, Str *out_secret);
/* Proves the pending secret, switches the second factor on and makes recovery codes anew. INVALID: the code is wrong;
 * CONFLICT: nothing is pending. */
MUST_USE enum rc totp_confirm(struct ctx *cx, int64_t user_id, Str code, char out_codes[RECOVERY_CODES][RECOVERY_TEXT]);
/* New recovery codes instead of those there were. Writing transaction. */
MUST_USE enum rc totp_recovery_make(struct ctx *cx, int64_t user_id, char out_codes[RECOVERY_CODES][RECOVERY_TEXT]);
MUST_USE enum rc totp_switch_off(struct ctx *cx, int64_t user_id);
/* A code of the app or a recovery code, used up by this. Writing transaction. With the key gone only recovery codes are good. */
MUST_USE enum rc totp_accept(struct ctx *cx, int64_t user_id, Str code, bool *out_good);
/* Seals the secrets that were kept open by versions before; those sealed already stay. Writing transaction; *out_people were. */
MUST_USE enum rc totp_seal_old(struct ctx *cx, int64_t *out_people);

#endif
