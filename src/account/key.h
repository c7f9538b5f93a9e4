/* API keys: programs that act for a company (REQ: L1, L2).
 *
 * "aldia_PREFIX_SECRET": the prefix finds the key, the secret's SHA-256 proves it; the whole is shown once. A key has the
 * capabilities it was given, less those its maker has no more; it sees the customers its maker sees; it dies with its
 * maker's account. Keys made at the console have no maker. */
#ifndef ACCOUNT_KEY_H
#define ACCOUNT_KEY_H

#include "account/actor.h"
#include "account/token.h"
#include "store/db.h"

#define KEY_PREFIX 10
#define KEY_TEXT (6 + KEY_PREFIX + 1 + TOKEN_TEXT) /* with its end */

struct key_new {
    Str name;
    uint64_t capabilities;
    Instant expires_at; /* INSTANT_NONE: never */
};
/* Writing transaction; made by the context's actor. DENIED when it is to have more than its maker. */
MUST_USE enum rc key_create(struct ctx *cx, const struct key_new *key, int64_t *out_id, char out_text[KEY_TEXT]);

struct key_found {
    struct actor actor;
    bool touch_due; /* its last use should be written: key_touch */
    bool log_due;   /* … and told in the access log */
};
/* Of "Authorization: Bearer …", `text` without the word; any transaction. Unknown, wrong, revoked, expired: *out_found
 * false. `address` is the caller's. */
MUST_USE enum rc key_find(struct ctx *cx, Str text, Str address, struct key_found *out_key, bool *out_found);
/* Writing transaction: last use, and a line of the access log when it is the first in an hour or from elsewhere. */
MUST_USE enum rc key_touch(struct ctx *cx, const struct key_found *key);

/* "customer.read money.read" ↔ set; INVALID names the unknown word. CAP_INSTALL and CAP_PUBLIC cannot be given. */
MUST_USE enum rc key_scopes_parse(struct ctx *cx, Str text, uint64_t *out_set);
Str key_scopes_text(struct arena *arena, uint64_t set);

#endif
