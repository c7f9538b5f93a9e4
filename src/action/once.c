/* Kept answers. */
#include "action/once.h"

#include <string.h>

#include "once_sql.h"

enum rc once_find(struct ctx *cx, struct app *app, const struct once *once, enum once_state *out_state, Str *out_answer) {
    struct once_get_row row;
    bool found;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, app->db, TX_READ));
    TRY(once_get(cx, &(struct once_get_params){.caller = str_from(cx->actor), .once_key = once->key}, &row, &found));
    *out_state = ONCE_NEW;
    if (found) {
        bool same = row.digest.n == ONCE_DIGEST && memcmp(row.digest.p, once->digest, ONCE_DIGEST) == 0;
        *out_state = same ? ONCE_DONE : ONCE_OTHER;
        *out_answer = arena_str(cx->arena, row.answer);
    }
    return tx_commit(scope);
}

enum rc once_keep(struct ctx *cx, const struct once *once, Str answer) {
    return once_put(cx, &(struct once_put_params){.caller = str_from(cx->actor),
                                                  .once_key = once->key,
                                                  .digest = {(const char *)once->digest, ONCE_DIGEST},
                                                  .answer = answer});
}

enum rc once_keep_after(struct ctx *cx, struct app *app, const struct once *once, Str answer) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, app->db, TX_WRITE));
    TRY(once_keep(cx, once, answer));
    return tx_commit(scope);
}

enum rc once_forget(struct ctx *cx, struct app *app) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(scope, app->db, TX_WRITE));
    TRY(once_delete_old(cx, &(struct once_delete_old_params){.before = (Instant){cx->now.ms - MS_PER_DAY}}));
    return tx_commit(scope);
}
