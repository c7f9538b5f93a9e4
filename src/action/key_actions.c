/* API keys: made, listed, revoked. */
#include "account/key.h"
#include "action/action.h"
#include "action/app.h"
#include "action/lookup.h"
#include "action/paging.h"
#include "key_sql.h"

static enum rc key_create_run(struct ctx *cx, struct call *call) {
    struct key_new key = {.name = arg_text(call, "name"), .expires_at = INSTANT_NONE};
    char text[KEY_TEXT];
    int64_t id;
    for (size_t i = 0; i < arg_count(call, "scope"); i++) {
        uint64_t set;
        TRY(key_scopes_parse(cx, arg_nth(call, "scope", i), &set));
        key.capabilities |= set;
    }
    Date expires = arg_date(call, "expires");
    if (!date_is_none(expires)) key.expires_at = zone_instant(call->app->company.zone, date_add(expires, 1), 0);
    TRY(key_create(cx, &key, &id, text));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_str(call->out, "name", str_trim(key.name));
    json_put_text(call->out, "key", text);
    json_put_str(call->out, "scopes", key_scopes_text(cx->arena, key.capabilities));
    put_date(call->out, "good_until", expires);
    put_instant(call->out, "expires_at", key.expires_at);
    json_object_end(call->out);
    return OK;
}

const struct action key_create_action = {
    .verb = "key create",
    .path = "POST /keys",
    .summary = "Make an API key, shown once",
    .details = "It belongs to this company. Its scopes are capabilities (docs/ref/roles.md), never more than whoever makes it "
               "has; it sees the customers its maker sees and stops when the maker is disabled.",
    .needs = CAP_USER_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS({"name", P_TEXT, REQUIRED, "which program it is for", NULL},
                     {"scope", P_TEXT, REQUIRED | REPEATED, "what it may do: customer.read, money.read …", NULL},
                     {"expires", P_DATE, OPTIONAL, "last day it is good for", NULL}),
    .run = key_create_run,
    .view = "key_made",
    .form = "key list",
};

/* What a key may be given: no more than its maker has, and nothing that belongs to a person or the installation. */
static void put_offered(struct ctx *cx, struct json_writer *w) {
    json_key(w, "offered");
    json_array(w);
    for (int c = CAP_UNDECLARED + 1; c < CAP_COUNT; c++) {
        if (c == CAP_PUBLIC || c == CAP_INSTALL || c == CAP_SELF || !actor_may(cx->who, (enum capability)c)) continue;
        json_object(w);
        json_put_text(w, "capability", capability_name((enum capability)c));
        json_put_text(w, "summary", phrase(cx, capability_summary((enum capability)c)));
        json_object_end(w);
    }
    json_array_end(w);
}

static enum rc key_list_run(struct ctx *cx, struct call *call) {
    struct json_writer *w = call->out;
    struct page page;
    TRY(page_begin(cx, call, &page));
    AUTO(key_list_close) struct key_list_cursor cursor = {0};
    TRY(key_list_open(cx, &(struct key_list_params){.after = page.after}, &cursor));
    items_begin(w);
    for (;;) {
        struct key_list_row r;
        bool more;
        TRY(key_list_next(cx, &cursor, &r, &more));
        if (!more || !page_takes(&page, r.id)) break;
        bool expired = !instant_is_none(r.expires_at) && r.expires_at.ms <= cx->now.ms;
        json_object(w);
        json_put_i64(w, "id", r.id);
        json_put_str(w, "name", r.name);
        json_put_str(w, "prefix", r.prefix);
        json_put_str(w, "scopes", r.capabilities);
        json_put_str(w, "made_by", r.login);
        put_instant(w, "created_at", r.created_at);
        put_instant(w, "expires_at", r.expires_at);
        put_instant(w, "last_used_at", r.last_used_at);
        json_put_str(w, "last_address", r.last_address);
        json_put_text(w, "state", !instant_is_none(r.revoked_at) ? "revoked" : expired ? "expired" : "active");
        json_object_end(w);
    }
    json_array_end(w);
    page_put_next(w, &page);
    put_offered(cx, w);
    json_object_end(w);
    return OK;
}

const struct action key_list_action = {
    .verb = "key list",
    .path = "GET /keys",
    .summary = "List the API keys of the company",
    .needs = CAP_USER_ADMIN,
    .tx = TX_READ,
    .params = PARAMS(PAGE_PARAMS),
    .run = key_list_run,
    .view = "key_list",
    .columns = "id name prefix scopes made_by expires_at last_used_at state",
};

static enum rc key_revoke_run(struct ctx *cx, struct call *call) {
    int64_t id = arg_int(call, "id", 0);
    struct key_get_row key;
    bool found;
    TRY(key_get(cx, &(struct key_get_params){.id = id}, &key, &found));
    if (!found) return fail_field(cx, NOT_FOUND, "id", "aldia key list shows them", "there is no key %lld", (long long)id);
    if (!instant_is_none(key.revoked_at))
        return fail_field(cx, CONFLICT, "id", NULL, "key %lld is revoked already", (long long)id);
    TRY(key_revoke(cx, &(struct key_revoke_params){.id = id}));
    json_object(call->out);
    json_put_i64(call->out, "id", id);
    json_put_str(call->out, "name", key.name);
    json_put_text(call->out, "state", "revoked");
    json_object_end(call->out);
    return OK;
}

const struct action key_revoke_action = {
    .verb = "key revoke",
    .path = "POST /keys/{id}/revoke",
    .summary = "Stop an API key at once",
    .needs = CAP_USER_ADMIN,
    .tx = TX_WRITE,
    .params = PARAMS({"id", P_INT, REQUIRED | POSITIONAL, "number of the key", NULL}),
    .run = key_revoke_run,
    .then = "/keys",
    .form = "key list",
};
