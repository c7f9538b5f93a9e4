/* Sessions and keys for the faces. */
#include "action/identity.h"

#include "account/access.h"
#include "action/account_settings.h"
#include "base/log.h"

enum rc identity_by_session(struct ctx *cx, struct app *app, Str token, Str address, struct actor *out_actor,
                            struct identity_touch *out_touch, bool *out_found) {
    struct session_rules rules = app_session_rules(app);
    struct session session;
    bool found;
    *out_found = false;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(session_find(cx, &rules, token, address, &session, &found));
    TRY(tx_commit(scope));
    if (!found || session.stage != SESSION_OPEN) return OK;
    *out_found = true;
    *out_actor = session.actor;
    out_touch->is_session = session.touch_due;
    out_touch->session = session;
    return OK;
}

enum rc identity_by_key(struct ctx *cx, struct app *app, Str text, Str address, struct actor *out_actor,
                        struct identity_touch *out_touch, bool *out_found) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(key_find(cx, text, address, &out_touch->key, out_found));
    TRY(tx_commit(scope));
    if (!*out_found) return OK;
    *out_actor = out_touch->key.actor;
    out_touch->is_key = out_touch->key.touch_due;
    return OK;
}

enum rc identity_touch_write(struct ctx *cx, struct app *app, const struct identity_touch *touch) {
    if (!touch->is_session && !touch->is_key) return OK;
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_WRITE));
    if (touch->is_session) TRY(session_touch(cx, &touch->session));
    if (touch->is_key) TRY(key_touch(cx, &touch->key));
    return tx_commit(scope);
}

enum rc identity_company(struct ctx *cx, struct app *app) {
    AUTO(tx_end) struct ctx *scope = cx;
    TRY(tx_begin(cx, app->db, TX_READ));
    TRY(app_company(cx, app));
    return tx_commit(scope);
}

void identity_note_refused(struct ctx *cx, struct app *app, const char *verb) {
    struct fault kept = cx->fault;
    AUTO(tx_end) struct ctx *scope = cx;
    if (!cx->company_id || cx->tx) return;
    enum rc rc = tx_begin(scope, app->db, TX_WRITE);
    if (rc == OK) rc = audit_note(cx, verb, S(""), DENIED);
    if (rc == OK) rc = tx_commit(cx);
    if (rc != OK) log_write(LOG_ERROR, "audit_failed", "verb=\"%s\" code=%s", verb, rc_name(rc));
    cx->fault = kept;
}
