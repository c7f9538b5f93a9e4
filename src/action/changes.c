/* Reading the timeline forwards. */
#include "action/changes.h"

#include "account/session.h"
#include "action/account_settings.h"
#include "changes_sql.h"

static enum rc read_changes(struct ctx *cx, int64_t after, int limit, struct changes *out) {
    VEC_OF(struct change) list = {0};
    AUTO(changes_after_close) struct changes_after_cursor cursor;
    TRY(changes_after_open(cx, &(struct changes_after_params){.after = after, .limit = limit}, &cursor));
    for (;;) {
        struct changes_after_row r;
        bool more;
        TRY(changes_after_next(cx, &cursor, &r, &more));
        if (!more) break;
        *VEC_PUSH(cx->arena, &list) = (struct change){.seq = r.seq,
                                                      .customer_id = r.customer_id,
                                                      .at = r.at,
                                                      .kind = arena_str(cx->arena, r.kind),
                                                      .actor = arena_str(cx->arena, r.actor),
                                                      .subject = arena_str(cx->arena, r.subject),
                                                      .data = arena_str(cx->arena, r.data),
                                                      .customer_code = arena_str(cx->arena, r.customer_code)};
    }
    out->items = list.items;
    out->count = list.count;
    return OK;
}

enum rc changes_since(struct ctx *cx, struct app *app, int64_t after, int limit, struct changes *out) {
    struct changes_head_row head;
    struct changes found = {0};
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(changes_head(cx, &head));
    found.latest = head.events;
    if (head.events > after) TRY(read_changes(cx, after, limit, &found));
    *out = found;
    return tx_commit(scope);
}

enum rc changes_customer(struct ctx *cx, struct app *app, Str code, int64_t *out_id) {
    struct changes_customer_seen_row row;
    bool found;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(changes_customer_seen(cx, &(struct changes_customer_seen_params){.code = code}, &row, &found));
    if (!found) return fail_field(cx, NOT_FOUND, "customer", NULL, "there is no such customer");
    *out_id = row.id;
    return tx_commit(scope);
}

enum rc changes_may_listen(struct ctx *cx, struct app *app, const unsigned char session_hash[TOKEN_HASH], int64_t customer_id,
                           bool *out_may) {
    struct session_rules rules = app_session_rules(app);
    struct session *session = ARENA_NEW(cx->arena, struct session);
    struct changes_customer_still_row row;
    bool found;
    *out_may = false;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(session_find_hashed(cx, &rules, session_hash, session, &found));
    found = found && session->stage == SESSION_OPEN && actor_may(&session->actor, CAP_CUSTOMER_READ);
    if (found) actor_bind(cx, &session->actor);
    if (found && customer_id) TRY(changes_customer_still(cx, &(struct changes_customer_still_params){.id = customer_id}, &row, &found));
    *out_may = found;
    return tx_commit(scope);
}
