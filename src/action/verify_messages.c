/* The evidence of what was handed over: the bytes against their hash, the hash against the timeline. */
#include <string.h>

#include "action/verify.h"
#include "outbox/kept.h"
#include "verify_sql.h"

static enum rc check_bytes(struct verifier *v, const struct verify_handed_row *r, Str id) {
    struct ctx *cx = v->cx;
    Str bytes;
    unsigned char hash[32];
    if (r->bytes.p == NULL) {
        verify_differs(v, "message", id, S("the bytes handed over"), S("none"));
        return OK;
    }
    struct fault before = cx->fault;
    if (kept_unpack(cx, r->bytes, &bytes) != OK) {
        cx->fault = before;
        verify_differs(v, "message", id, S("the bytes handed over"), S("damaged bytes"));
        return OK;
    }
    kept_hash(bytes, hash);
    if (r->body_hash.n != sizeof hash || memcmp(r->body_hash.p, hash, sizeof hash) != 0)
        verify_differs(v, "message", id, verify_hex(v, r->body_hash.p, r->body_hash.n), verify_hex(v, hash, sizeof hash));
    return OK;
}

/* What the timeline last said must be what the row says. */
static bool status_agrees(Str status, Str kind) {
    if (str_is(status, "sent")) return str_is(kind, "message.sent");
    if (str_is(status, "handing")) return str_is(kind, "message.handing");
    if (str_is(status, "settled")) return str_is(kind, "message.settled");
    if (str_is(status, "ambiguous")) return str_is(kind, "message.ambiguous") || str_is(kind, "message.kept_back");
    return true;
}

static enum rc check_events(struct verifier *v, const struct verify_handed_row *r, Str id) {
    struct ctx *cx = v->cx;
    struct verify_last_event_row event;
    struct verify_last_event_params p = {.customer_id = r->customer_id, .subject = id, .handing = true};
    bool found;
    TRY(verify_last_event(cx, &p, &event, &found));
    Str hash = verify_hex(v, r->body_hash.p, r->body_hash.n);
    Str body = arena_printf(cx->arena, "\"body\":\"%.*s\"", STR_ARG(hash));
    if (!found)
        verify_differs(v, "message", id, S("an event of its being handed over"), S("none"));
    else if (!str_contains(event.data, body))
        verify_differs(v, "message", id, event.data, body);
    p.handing = false;
    TRY(verify_last_event(cx, &p, &event, &found));
    if (found && !status_agrees(r->status, event.kind)) verify_differs(v, "message", id, event.kind, r->status);
    return OK;
}

enum rc verify_messages(struct verifier *v) {
    struct ctx *cx = v->cx;
    AUTO(verify_handed_close) struct verify_handed_cursor cursor;
    TRY(verify_handed_open(cx, &cursor));
    for (;;) {
        struct verify_handed_row r;
        bool more;
        TRY(verify_handed_next(cx, &cursor, &r, &more));
        if (!more) return OK;
        struct arena_mark mark = arena_mark(cx->arena);
        Str id = arena_printf(cx->arena, "%lld", (long long)r.id);
        TRY(check_bytes(v, &r, id));
        TRY(check_events(v, &r, id));
        verify_step(v);
        arena_rewind(cx->arena, mark);
    }
}
